/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "cohort/ages.h"
#include "cohort/drawn_ledger.h"
#include "cohort/triangle/triangle.h"

static const context cx = {.threads = 2};

/* --- the naive reference: every account, every age, day by day --- */

static int64_t arr_on(const arr_book *b, size_t i, day d)
{
    int64_t state = 0;
    for (uint32_t k = b->start[i]; k < b->start[i + 1]; k++) {
        state = b->day[k] <= d ? b->after[k] : state;
    }
    return state;
}

/* First day with ARR; DAY_MAX: none. */
static day first_arr(const arr_book *b, size_t i, day as_of)
{
    for (uint32_t k = b->start[i]; k < b->start[i + 1]; k++) {
        if (b->after[k] > 0 && b->day[k] <= as_of) {
            return b->day[k];
        }
    }
    return DAY_MAX;
}

static long double naive_revenue(const triangle_input *in, size_t i, day from, day to)
{
    long double sum = 0;
    for (day d = from; d <= to; d++) {
        civil at = day_to_civil(d);
        long double days = in->clock.by_days ? 365.25L : 12.0L * days_in_month(at.year, at.month);
        int64_t arr = arr_on(in->arr, i, d);
        sum += (long double)arr / days;
    }
    return sum;
}

static day naive_start(const age_clock *c, day origin, int age)
{
    if (!c->by_days) {
        return calendar_start(c->calendar, calendar_period(c->calendar, origin) + age);
    }
    day d = origin;
    while ((double)(d - origin) < (double)age * 30.4375) {
        d++;
    }
    return d;
}

static void naive_arr(const triangle_input *in, size_t i, int age, bool running, triangle_sums *s,
                      long double *revenue)
{
    day from = naive_start(&in->clock, in->origin[i], 0);
    day end = running ? in->clock.as_of : naive_start(&in->clock, in->origin[i], age + 1) - 1;
    day first = first_arr(in->arr, i, in->clock.as_of);
    if (first > end) {
        return;
    }
    int64_t base = arr_on(in->arr, i, first);
    int64_t now = arr_on(in->arr, i, end);
    int64_t before =
        age == 0 ? base : arr_on(in->arr, i, naive_start(&in->clock, in->origin[i], age) - 1);
    s->accounts++;
    s->base += base;
    s->active += now > 0;
    s->amount += now;
    s->kept += now < base ? now : base;
    s->before += before > 0;
    s->before_amount += before;
    s->stayed += before > 0 && now > 0;
    s->stayed_amount += before > 0 ? now : 0;
    s->stayed_kept += now < before ? now : before;
    *revenue += naive_revenue(in, i, from, end);
}

/* Present in [from, end]? And how much of what. */
static bool naive_present(const triangle_input *in, size_t i, day from, day end, int64_t *orders)
{
    bool present = false;
    for (uint32_t k = in->orders->start[i]; k < in->orders->start[i + 1]; k++) {
        bool there = in->orders->day[k] >= from && in->orders->day[k] <= end;
        *orders += there ? in->orders->orders[k] : 0;
        present |= in->presence == PRESENCE_ORDERS && there && in->orders->orders[k] > 0;
    }
    for (uint32_t k = in->usage->start[i]; k < in->usage->start[i + 1]; k++) {
        present |=
            in->presence == PRESENCE_USAGE && in->usage->day[k] >= from && in->usage->day[k] <= end;
    }
    return present;
}

static bool naive_present_arr(const triangle_input *in, size_t i, int age, int to_age)
{
    bool present = false;
    for (int k = age; k <= to_age; k++) {
        day start = naive_start(&in->clock, in->origin[i], k);
        day end = naive_start(&in->clock, in->origin[i], k + 1) - 1;
        end = end < in->clock.as_of ? end : in->clock.as_of;
        present |= start <= in->clock.as_of && arr_on(in->arr, i, end) > 0;
    }
    return present;
}

static bool equal(const triangle_sums *a, const triangle_sums *b)
{
    return a->time == b->time && a->accounts == b->accounts && a->active == b->active &&
           a->base == b->base && a->amount == b->amount && a->kept == b->kept &&
           a->before == b->before && a->before_amount == b->before_amount &&
           a->stayed == b->stayed && a->stayed_amount == b->stayed_amount &&
           a->stayed_kept == b->stayed_kept;
}

/* Every cell of an ARR triangle against the reference; revenue to half a cent. */
static void check_arr(const triangle_input *in, const triangle *t)
{
    for (size_t at = 0; at < t->n_groups * t->n_ages; at++) {
        int age = (int)(at % t->n_ages);
        triangle_sums sums[2] = {0};
        long double revenue[2] = {0};
        bool any[2] = {false};
        for (size_t i = 0; i < DRAWN_ACCOUNTS; i++) {
            day start = in->groups->code[i] == at / t->n_ages
                            ? naive_start(&in->clock, in->origin[i], age)
                            : DAY_MAX;
            if (start > in->clock.as_of) {
                continue;
            }
            bool running = naive_start(&in->clock, in->origin[i], age + 1) - 1 > in->clock.as_of;
            any[running] = true;
            naive_arr(in, i, age, running, &sums[running], &revenue[running]);
        }
        triangle_sums want = any[0] ? sums[0] : sums[1];
        want.time = any[0] ? TRIANGLE_OVER : any[1] ? TRIANGLE_RUNNING : TRIANGLE_AHEAD;
        assert_true(equal(&want, &t->cells[at]));
        long double off = revenue[any[0] ? 0 : 1] - (long double)t->cells[at].revenue;
        assert_true(off < 0.51L && off > -0.51L);
    }
}

typedef struct case_input {
    drawn_ledger *l;
    arena *a;
    day origin[DRAWN_ACCOUNTS];
    triangle_input in;
} case_input;

static void case_done(case_input *c)
{
    drawn_ledger_free(c->l);
    arena_free(c->a);
}

/* A quarter of the seeds each: starts or three groups, first ARR (order) or started. */
static void case_make(case_input *c, uint64_t seed, day as_of, bool orders)
{
    strata_error err = {0};
    *c = (case_input){.l = drawn_ledger_new(seed, as_of)};
    assert_ok(arena_new(&c->a, &err), &err);
    calendar cal = {(period_unit)(seed % 3), seed % 5 == 0 ? 4 : 1};
    for (size_t i = 0; i < DRAWN_ACCOUNTS; i++) {
        day first = orders ? c->l->order_book->first[i] : c->l->arr_book->first[i];
        c->origin[i] = seed % 2 == 0 ? first : c->l->started[i];
        c->origin[i] = c->origin[i] > as_of ? DAY_MISSING : c->origin[i];
    }
    groups *g = NULL;
    assert_ok(groups_by_start(c->a, c->origin, DRAWN_ACCOUNTS, cal, as_of, &g, &err), &err);
    c->in = (triangle_input){.groups = g,
                             .origin = c->origin,
                             .arr = c->l->arr_book,
                             .orders = c->l->order_book,
                             .usage = c->l->usage_book,
                             .clock = {.by_days = seed % 7 == 0, .calendar = cal, .as_of = as_of}};
    if (seed % 4 >= 2) {
        assert_ok(groups_of_all(c->a, c->origin, DRAWN_ACCOUNTS, as_of, "All", &g, &err), &err);
        c->in.groups = g;
    }
}

static day day_of(uint64_t seed)
{
    day d = day_from_civil(2024, 1, 1) + (day)(seed * 37 % 600);
    return seed % 3 == 0 ? day_month_end(d) : d;
}

static void every_arr_cell_is_that_of_the_naive_count(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        STRATA_CLEANUP(case_done) case_input c;
        strata_error err = {0};
        triangle *t = NULL;
        case_make(&c, seed, day_of(seed), false);
        assert_ok(triangle_arr(&cx, c.a, &c.in, &t, &err), &err);
        check_arr(&c.in, t);
    }
}

/* Presence in a column of an account: the naive count. */
static bool naive_column(const triangle_input *in, size_t i, int k, int64_t *orders)
{
    bool bracket = in->kind == RETENTION_BRACKET;
    bool last = bracket && (size_t)k + 1 == in->n_brackets;
    int from = bracket ? in->brackets[k] : k;
    int to = in->kind == RETENTION_OR_LATER || last ? 1000 : bracket ? in->brackets[k + 1] - 1 : k;
    day end = to == 1000 ? in->clock.as_of : naive_start(&in->clock, in->origin[i], to + 1) - 1;
    end = end < in->clock.as_of ? end : in->clock.as_of;
    int to_begun = to == 1000 ? 60 : to;
    bool other = naive_present(in, i, naive_start(&in->clock, in->origin[i], from), end, orders);
    return in->presence == PRESENCE_ARR ? naive_present_arr(in, i, from, to_begun) : other;
}

static day naive_first(const triangle_input *in, size_t i)
{
    if (in->presence == PRESENCE_ARR) {
        return first_arr(in->arr, i, in->clock.as_of);
    }
    day first = in->presence == PRESENCE_ORDERS ? in->orders->first[i] : in->origin[i];
    return first == DAY_MISSING ? DAY_MAX : first;
}

/* The first day of the month of the first use of anyone: of what began before, nothing is known. */
static day naive_seen_from(const triangle_input *in)
{
    day first = DAY_MAX;
    for (size_t k = 0; k < in->usage->n_rows; k++) {
        first = in->usage->day[k] < first ? in->usage->day[k] : first;
    }
    civil at = day_to_civil(first);
    return in->presence == PRESENCE_USAGE ? day_from_civil(at.year, at.month, 1) : INT32_MIN;
}

static void check_presence(const triangle_input *in, const triangle *t)
{
    for (size_t at = 0; at < t->n_groups * t->n_ages; at++) {
        int k = (int)(at % t->n_ages);
        bool bracket = in->kind == RETENTION_BRACKET;
        bool last = bracket && (size_t)k + 1 == in->n_brackets;
        int from = bracket ? in->brackets[k] : k;
        int over_at = last || !bracket ? from : in->brackets[k + 1] - 1;
        int64_t sums[2][3] = {{0}};
        bool any[2] = {false};
        for (size_t i = 0; i < DRAWN_ACCOUNTS; i++) {
            if (in->groups->code[i] != at / t->n_ages ||
                naive_start(&in->clock, in->origin[i], from) > in->clock.as_of) {
                continue;
            }
            day begin = naive_start(&in->clock, in->origin[i], from);
            begin = begin < in->origin[i] ? in->origin[i] : begin;
            if (begin < naive_seen_from(in)) {
                continue;
            }
            day end = naive_start(&in->clock, in->origin[i], over_at + 1) - 1;
            bool running = end > in->clock.as_of;
            end = last || end > in->clock.as_of ? in->clock.as_of : end;
            any[running] = true;
            int64_t orders = 0;
            bool there = naive_column(in, i, k, &orders);
            bool counts = in->kind == RETENTION_OR_LATER
                              ? naive_first(in, i) < naive_start(&in->clock, in->origin[i], k + 1)
                              : naive_first(in, i) <= end;
            sums[running][0] += counts;
            sums[running][1] += counts && there;
            sums[running][2] += counts ? orders : 0;
        }
        const int64_t *want = any[0] ? sums[0] : sums[1];
        triangle_time time = any[0] ? TRIANGLE_OVER : any[1] ? TRIANGLE_RUNNING : TRIANGLE_AHEAD;
        assert_int_equal(t->cells[at].time, time);
        assert_int_equal(t->cells[at].accounts, want[0]);
        assert_int_equal(t->cells[at].active, want[1]);
        if (in->kind == RETENTION_EXACTLY && in->presence == PRESENCE_ORDERS) {
            assert_int_equal(t->cells[at].amount, want[2]);
        }
    }
}

static void every_presence_cell_is_that_of_the_naive_count(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 36; seed++) {
        STRATA_CLEANUP(case_done) case_input c;
        strata_error err = {0};
        triangle *t = NULL;
        case_make(&c, seed, day_of(seed), seed % 3 == 1);
        c.in.presence = seed % 3 == 1   ? PRESENCE_ORDERS
                        : seed % 3 == 2 ? PRESENCE_USAGE
                                        : PRESENCE_ARR;
        c.in.kind = (retention_kind)(seed / 3 % 3);
        memcpy(c.in.brackets, (int[]){0, 1, 3, 6, 12}, 5 * sizeof(int));
        c.in.n_brackets = 5;
        assert_ok(triangle_presence(&cx, c.a, &c.in, &t, &err), &err);
        check_presence(&c.in, t);
    }
}

/* Usage that is recorded late: nobody is taken to have done nothing before. */
static void what_lies_before_the_first_usage_is_not_known(void **state)
{
    (void)state;
    bool hidden = false;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        STRATA_CLEANUP(case_done) case_input c;
        strata_error err = {0};
        triangle *t = NULL;
        case_make(&c, seed, day_of(seed), false);
        usage_book *u = c.l->usage_book;
        day late = c.in.clock.as_of - 200;
        size_t n = 0;
        for (size_t i = 0, k = 0; i < u->n_accounts; i++) {
            for (; k < u->start[i + 1]; k++) {
                if (u->day[k] >= late) {
                    u->day[n++] = u->day[k];
                }
            }
            u->start[i + 1] = (uint32_t)n;
        }
        u->n_rows = n;
        if (n == 0) {
            continue;
        }
        u->begins = u->day[0];
        for (size_t k = 0; k < n; k++) {
            u->begins = u->day[k] < u->begins ? u->day[k] : u->begins;
        }
        c.in.presence = PRESENCE_USAGE;
        c.in.kind = (retention_kind)(seed % 3);
        memcpy(c.in.brackets, (int[]){0, 1, 3, 6, 12}, 5 * sizeof(int));
        c.in.n_brackets = 5;
        assert_ok(triangle_presence(&cx, c.a, &c.in, &t, &err), &err);
        check_presence(&c.in, t);
        for (size_t k = 0; k < t->n_groups * t->n_ages; k++) {
            cell_place place = {false, k / t->n_ages, 1, k % t->n_ages, t->cells[k].time};
            triangle_members m = {0};
            assert_ok(triangle_list(c.a, &c.in, place, &m, &err), &err);
            assert_int_equal(m.n, t->cells[k].time == TRIANGLE_AHEAD ? 0 : t->cells[k].accounts);
        }
        hidden |= c.origin[0] != DAY_MISSING && triangle_seen(&c.in, c.origin[0]) > 0;
    }
    assert_true(hidden);
}

/* Field by field: what lies between the time and the sums is anything. */
static void assert_same_cells(const triangle *a, const triangle *b)
{
    const size_t from = offsetof(triangle_sums, accounts);
    assert_int_equal(a->n_groups, b->n_groups);
    assert_int_equal(a->n_ages, b->n_ages);
    for (size_t i = 0; i < a->n_groups * a->n_ages; i++) {
        assert_int_equal(a->cells[i].time, b->cells[i].time);
        assert_memory_equal((const char *)&a->cells[i] + from, (const char *)&b->cells[i] + from,
                            sizeof(triangle_sums) - from);
    }
}

static void threads_change_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        STRATA_CLEANUP(case_done) case_input c;
        strata_error err = {0};
        case_make(&c, seed, day_of(seed), false);
        triangle *t[3] = {NULL};
        const context how[3] = {{.threads = 1}, {.threads = 2}, {.threads = 7}};
        for (size_t k = 0; k < 3; k++) {
            assert_ok(triangle_arr(&how[k], c.a, &c.in, &t[k], &err), &err);
            assert_same_cells(t[0], t[k]);
        }
    }
}

static void facts_after_the_date_change_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 2; seed <= 12; seed += 2) {
        STRATA_CLEANUP(case_done) case_input c;
        STRATA_AUTO(drawn_ledger_free) drawn_ledger *later = NULL;
        strata_error err = {0};
        triangle *now = NULL;
        triangle *then = NULL;
        case_make(&c, seed, day_of(seed), false);
        later = drawn_ledger_new(seed, DAY_MAX);
        assert_ok(triangle_arr(&cx, c.a, &c.in, &now, &err), &err);
        c.in.arr = later->arr_book;
        assert_ok(triangle_arr(&cx, c.a, &c.in, &then, &err), &err);
        assert_same_cells(now, then);
    }
}

/* Cohorts by start together are the portfolio, and no account is counted twice. */
static void cohorts_add_up_to_the_portfolio(void **state)
{
    (void)state;
    for (uint64_t seed = 4; seed <= 24; seed += 4) { /* by first ARR, groups by start */
        STRATA_CLEANUP(case_done) case_input c;
        strata_error err = {0};
        triangle *t = NULL;
        case_make(&c, seed, day_of(seed), false);
        c.in.clock.by_days = false;
        assert_ok(triangle_arr(&cx, c.a, &c.in, &t, &err), &err);
        int64_t arr = 0;
        int64_t now = 0;
        for (size_t g = 0; g < t->n_groups; g++) {
            const triangle_sums *row = &t->cells[g * t->n_ages];
            size_t last = 0;
            for (size_t k = 0; k < t->n_ages && row[k].time != TRIANGLE_AHEAD; k++) {
                last = k;
                assert_int_equal(row[k].accounts, c.in.groups->accounts[g]);
                assert_true(row[k].active <= row[k].accounts && row[k].stayed <= row[k].before);
                assert_true(row[k].kept <= row[k].base && row[k].kept <= row[k].amount);
                assert_true(k == 0 || row[k].before == row[k - 1].active);
            }
            arr += row[last].amount;
        }
        for (size_t i = 0; i < DRAWN_ACCOUNTS; i++) {
            now += arr_book_at(c.in.arr, i, c.in.clock.as_of);
        }
        assert_int_equal(arr, now);
    }
}

static void the_accounts_of_a_cell_add_up_to_it(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 14; seed++) {
        STRATA_CLEANUP(case_done) case_input c;
        strata_error err = {0};
        triangle *t = NULL;
        bool by_arr = seed % 2 == 0;
        case_make(&c, seed, day_of(seed), seed % 2 != 0);
        c.in.presence = PRESENCE_ORDERS;
        assert_ok(by_arr ? triangle_arr(&cx, c.a, &c.in, &t, &err)
                         : triangle_presence(&cx, c.a, &c.in, &t, &err),
                  &err);
        for (size_t at = 0; at < t->n_groups * t->n_ages; at++) {
            triangle_members m = {0};
            triangle_sums sum = {.time = t->cells[at].time};
            cell_place place = {by_arr, at / t->n_ages, 1, at % t->n_ages, sum.time};
            assert_ok(triangle_list(c.a, &c.in, place, &m, &err), &err);
            for (size_t i = 0; i < m.n; i++) {
                const triangle_sums *s = &m.items[i].sums;
                sum.accounts += s->accounts;
                sum.active += s->active;
                sum.base += s->base;
                sum.amount += s->amount;
                sum.kept += s->kept;
                sum.revenue += s->revenue;
                sum.before += s->before;
                sum.before_amount += s->before_amount;
                sum.stayed += s->stayed;
                sum.stayed_amount += s->stayed_amount;
                sum.stayed_kept += s->stayed_kept;
            }
            assert_true(sum.time == TRIANGLE_AHEAD || equal(&sum, &t->cells[at]));
            /* each account's revenue is rounded on its own */
            int64_t off = sum.revenue - t->cells[at].revenue;
            assert_true(sum.time == TRIANGLE_AHEAD ||
                        (off <= DRAWN_ACCOUNTS && off >= -DRAWN_ACCOUNTS));
        }
    }
}

/* $1,200 a year from 1 January is $100.00 after January and $1,200.00 after December, leap year or
 * not: a month is a twelfth. */
static void a_month_of_arr_earns_a_twelfth(void **state)
{
    (void)state;
    const arr_fact fact = {0, day_from_civil(2024, 1, 1), 120000, ARR_NEW};
    const ledger_facts facts = {.n_accounts = 1, .arr = &fact, .n_arr = 1};
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    STRATA_AUTO(arr_book_free) arr_book *b = NULL;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    day as_of = day_from_civil(2025, 1, 10);
    groups *g = NULL;
    triangle *t = NULL;
    assert_ok(ledger_memory_new(&facts, &m, &err), &err);
    assert_ok(arr_book_load(&cx, ledger_memory_source(m), as_of, &b, &err), &err);
    assert_ok(arena_new(&a, &err), &err);
    calendar cal = {PERIOD_MONTH, 1};
    assert_ok(groups_by_start(a, b->first, 1, cal, as_of, &g, &err), &err);
    triangle_input in = {.groups = g, .origin = b->first, .arr = b, .clock = {false, cal, as_of}};
    assert_ok(triangle_arr(&cx, a, &in, &t, &err), &err);
    assert_int_equal(t->n_ages, 13);
    assert_int_equal(t->cells[0].revenue, 10000);
    assert_int_equal(t->cells[1].revenue, 20000);
    assert_int_equal(t->cells[11].revenue, 120000);
    assert_int_equal(t->cells[12].time, TRIANGLE_RUNNING);
    assert_int_equal(t->cells[12].revenue, 120000 + 3226); /* 10 of 31 days */
    in.clock.by_days = true;                               /* 365.25 days */
    assert_ok(triangle_arr(&cx, a, &in, &t, &err), &err);
    assert_int_equal(t->cells[0].revenue, 10185);   /* 31 days */
    assert_int_equal(t->cells[11].revenue, 120246); /* 366 days */
}

static void nobody_makes_an_empty_triangle(void **state)
{
    (void)state;
    STRATA_CLEANUP(case_done) case_input c;
    strata_error err = {0};
    triangle *t = NULL;
    case_make(&c, 4, day_from_civil(2020, 1, 1), false);
    assert_ok(triangle_arr(&cx, c.a, &c.in, &t, &err), &err);
    assert_int_equal(t->n_groups * t->n_ages, 0);
    assert_ok(triangle_presence(&cx, c.a, &c.in, &t, &err), &err);
    assert_int_equal(t->n_groups * t->n_ages, 0);
}

static void a_start_in_another_age_of_the_world_is_refused(void **state)
{
    (void)state;
    STRATA_CLEANUP(case_done) case_input c;
    strata_error err = {0};
    triangle *t = NULL;
    case_make(&c, 4, day_from_civil(2024, 6, 1), false);
    calendar cal = {PERIOD_MONTH, 1};
    for (size_t i = 0; i < 50; i++) {
        c.origin[i] = day_from_civil(2 + 40 * (int)i, 1, 1);
    }
    groups *g = NULL;
    assert_ok(groups_by_start(c.a, c.origin, DRAWN_ACCOUNTS, cal, c.in.clock.as_of, &g, &err),
              &err);
    c.in.groups = g;
    c.in.clock.calendar = cal;
    assert_int_equal(triangle_arr(&cx, c.a, &c.in, &t, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "start date far off"));
    assert_int_equal(triangle_presence(&cx, c.a, &c.in, &t, &err), STRATA_E_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_arr_cell_is_that_of_the_naive_count),
        cmocka_unit_test(every_presence_cell_is_that_of_the_naive_count),
        cmocka_unit_test(what_lies_before_the_first_usage_is_not_known),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(facts_after_the_date_change_nothing),
        cmocka_unit_test(cohorts_add_up_to_the_portfolio),
        cmocka_unit_test(the_accounts_of_a_cell_add_up_to_it),
        cmocka_unit_test(a_month_of_arr_earns_a_twelfth),
        cmocka_unit_test(nobody_makes_an_empty_triangle),
        cmocka_unit_test(a_start_in_another_age_of_the_world_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
