/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "base/rng.h"
#include "base/vec.h"
#include "cohort/churn_trend.h"
#include "cohort/ltv/ltv.h"
#include "cohort/tenure.h"
#include "panel/ledger_memory.h"

static const context cx = {.threads = 2, .seed = 1};

typedef VEC(arr_fact) arr_facts;

typedef struct world {
    arena *a;
    ledger_memory *ledger;
    arr_book *book;
    groups *by_month;
    day as_of;
} world;

static void world_done(world *w)
{
    arr_book_free(w->book);
    ledger_memory_free(w->ledger);
    arena_free(w->a);
}
#define WORLD_AUTO STRATA_CLEANUP(world_done)

static void push(arr_facts *out, int32_t account, day d, int64_t after, arr_kind kind)
{
    assert_true(vec_push(
        out, (arr_fact){.account = account, .day = d, .arr_after = after, .kind = (uint8_t)kind}));
}

/* `per_month` accounts of 1,200.00 a year start on the 1st of each month; each leaves at the end of
 * a month of its own with the chance of its cohort, first for the oldest and last for the newest.
 */
static world make_world(int months, int per_month, double first, double last)
{
    world w = {.as_of = day_from_civil(2020, 1, 1)};
    strata_error err = {0};
    arr_facts facts = {0};
    int32_t account = 0;
    w.as_of = day_add_months(w.as_of, months) - 1;
    for (int born = 0; born < months; born++) {
        double churn = first + (last - first) * born / months;
        for (int k = 0; k < per_month; k++, account++) {
            rng r;
            rng_init(&r, 5, (uint64_t)account);
            push(&facts, account, day_add_months(day_from_civil(2020, 1, 1), born), 120000,
                 ARR_NEW);
            for (int m = born + 1; m < months; m++) {
                if (rng_uniform(&r) < churn) {
                    push(&facts, account, day_add_months(day_from_civil(2020, 1, 1), m), 0,
                         ARR_CHURN);
                    break;
                }
            }
        }
    }
    ledger_facts all = {.n_accounts = (size_t)account, .arr = facts.data, .n_arr = facts.n};
    assert_ok(arena_new(&w.a, &err), &err);
    assert_ok(ledger_memory_new(&all, &w.ledger, &err), &err);
    assert_ok(arr_book_load(&cx, ledger_memory_source(w.ledger), w.as_of, &w.book, &err), &err);
    assert_ok(groups_by_start(w.a, w.book->first, w.book->n_accounts, (calendar){PERIOD_QUARTER, 1},
                              w.as_of, &w.by_month, &err),
              &err);
    vec_free(&facts);
    return w;
}

static ltv *compute(const world *w, double margin, double discount)
{
    ltv *out = ARENA_NEW(w->a, 1, ltv);
    strata_error err = {0};
    ltv_request q = {.arr = w->book,
                     .groups = w->by_month,
                     .as_of = w->as_of,
                     .margin = margin,
                     .discount = discount,
                     .minimum_accounts = 30};
    assert_ok(ltv_compute(&cx, &q, w->a, out, &err), &err);
    return out;
}

/* --- lifetime value --- */

static void constant_churn_has_a_value_in_closed_form(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(48, 100, 0.03, 0.03);
    const ltv *v = compute(&w, 0.8, 0.10);
    /* A customer of 100.00 a month who leaves with chance c at the end of each: sum over t = 0..59
     * of .8 x 100 x (1 - c)^t x 1.1^(-t/12). */
    double want = 0.0;
    for (int t = 0; t < 60; t++) {
        want += 8000.0 * pow(0.97, t) * pow(1.1, -t / 12.0);
    }
    assert_true(v->all.known);
    assert_true(fabs(v->all.value - want) < 0.04 * want);
    assert_true(v->all.low < want && want < v->all.high);
    assert_true(v->all.low < v->all.value && v->all.value < v->all.high);
}

/* Constant churn knows no age: the same months to come of everybody, each renewal r to the power of
 * its number and discounted from the next one on. */
static void what_is_left_of_customers_is_discounted_months_of_their_arr(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(36, 60, 0.04, 0.04);
    const ltv *v = compute(&w, 0.8, 0.10);
    static lifetimes seen;
    memset(&seen, 0, sizeof seen);
    tenure_count(w.book, NULL, 0, w.as_of, LIFETIME_PERIODS_MAX, &seen);
    double stays = 1.0 - seen.losses / seen.renewals;
    double months = 0.0;
    for (int t = 0; t < 60; t++) {
        months += pow(stays, t + 1) * pow(1.1, -t / 12.0);
    }
    assert_true(v->all.known && v->all.left.known);
    assert_int_equal(v->all.model, CHURN_CONSTANT);
    assert_int_equal(v->all.left.customers, v->all.customers);
    assert_close(v->all.left.mean, months, 1e-9);
    assert_close(v->all.left.minor, 0.8 * 10000.0 * (double)v->all.customers * months, 1e-9);
}

/* Started on 20 November: on 31 December one month is over for each, and who has left in the second
 * is no more known to be lost in it than the others are known to stay. */
static void a_month_that_is_not_over_counts_for_nobody(void **state)
{
    (void)state;
    arr_facts facts = {0};
    strata_error err = {0};
    enum { ACCOUNTS = 20 };
    for (int32_t i = 0; i < ACCOUNTS; i++) {
        push(&facts, i, day_from_civil(2023, 11, 20), 120000, ARR_NEW);
        if (i < 3) { /* within the first month, on its last day, within the second */
            push(&facts, i, day_from_civil(2023, 12, (int[]){5, 20, 27}[i]), 0, ARR_CHURN);
        }
    }
    ledger_facts all = {.n_accounts = ACCOUNTS, .arr = facts.data, .n_arr = facts.n};
    STRATA_AUTO(ledger_memory_free) ledger_memory *ledger = NULL;
    assert_ok(ledger_memory_new(&all, &ledger, &err), &err);
    for (int month = 0; month < 2; month++) {
        STRATA_AUTO(arr_book_free) arr_book *book = NULL;
        static lifetimes seen;
        memset(&seen, 0, sizeof seen);
        day as_of = day_from_civil(month == 0 ? 2023 : 2024, month == 0 ? 12 : 1, 31);
        assert_ok(arr_book_load(&cx, ledger_memory_source(ledger), as_of, &book, &err), &err);
        tenure_count(book, NULL, 0, as_of, LIFETIME_PERIODS_MAX, &seen);
        assert_int_equal(seen.n_periods, month + 1);
        assert_close(seen.at_risk[0], ACCOUNTS, 0.0);
        assert_close(seen.lost[0], 2.0, 0.0);
        assert_close(seen.at_risk[1], month == 0 ? 0.0 : ACCOUNTS - 2, 0.0);
        assert_close(seen.lost[1], month == 0 ? 0.0 : 1.0, 0.0);
        assert_close(seen.losses, month == 0 ? 2.0 : 3.0, 0.0);
    }
    vec_free(&facts);
}

/* Who starts and leaves on any day: churn of a month of age is that of the rate, also of the months
 * that few have come to. */
static void churn_by_age_is_that_of_who_could_be_followed(void **state)
{
    (void)state;
    enum { ACCOUNTS = 60000, DAYS = 365 };
    const double rate = 0.002; /* a day */
    const day start = day_from_civil(2022, 1, 1);
    arr_facts facts = {0};
    strata_error err = {0};
    for (int32_t i = 0; i < ACCOUNTS; i++) {
        rng r;
        rng_init(&r, 3, (uint64_t)i);
        int first = (int)(rng_uniform(&r) * DAYS);
        double stays = fmin(rng_exponential(&r, rate), DAYS);
        int gone = first + 1 + (int)stays;
        push(&facts, i, start + first, 120000, ARR_NEW);
        if (gone < DAYS) {
            push(&facts, i, start + gone, 0, ARR_CHURN);
        }
    }
    ledger_facts all = {.n_accounts = ACCOUNTS, .arr = facts.data, .n_arr = facts.n};
    STRATA_AUTO(ledger_memory_free) ledger_memory *ledger = NULL;
    STRATA_AUTO(arr_book_free) arr_book *book = NULL;
    static lifetimes seen;
    memset(&seen, 0, sizeof seen);
    assert_ok(ledger_memory_new(&all, &ledger, &err), &err);
    assert_ok(arr_book_load(&cx, ledger_memory_source(ledger), start + DAYS - 1, &book, &err),
              &err);
    tenure_count(book, NULL, 0, start + DAYS - 1, LIFETIME_PERIODS_MAX, &seen);
    double want = 1.0 - exp(-rate * DAYS / 12.0);
    for (size_t t = 0; t < 10; t++) {
        double n = seen.at_risk[t];
        assert_true(n > 1000.0);
        assert_true(fabs(seen.lost[t] / n - want) < 3.0 * sqrt(want * (1.0 - want) / n) + 0.001);
    }
    vec_free(&facts);
}

/* Both see the same customers, so their sum is that of all; without a discount purchases without
 * end have no sum. */
static void what_is_left_of_a_shop_is_stated_for_each_group(void **state)
{
    (void)state;
    enum { CUSTOMERS = 400 };
    const day start = day_from_civil(2020, 1, 1);
    VEC(order_fact) orders = {0};
    for (int32_t i = 0; i < CUSTOMERS; i++) {
        rng r;
        rng_init(&r, 11, (uint64_t)i);
        double rate = rng_gamma(&r, 0.9, 1.0 / 60.0);
        double at = start + rng_uniform(&r) * 90.0;
        double leaves = at + rng_exponential(&r, rng_gamma(&r, 1.0, 1.0 / 200.0));
        double size = rng_gamma(&r, 6.0, 700.0);
        do {
            double amount = rng_gamma(&r, 5.0, size / 5.0);
            assert_true(vec_push(&orders, (order_fact){.account = i,
                                                       .day = (day)at,
                                                       .amount = 1 + (int64_t)amount,
                                                       .orders = 1}));
            at += rng_exponential(&r, rate);
        } while (at < leaves && at < start + 700.0);
    }
    world w = {.as_of = start + 600};
    order_book *book = NULL;
    strata_error err = {0};
    ledger_facts all = {.n_accounts = CUSTOMERS, .orders = orders.data, .n_orders = orders.n};
    assert_ok(arena_new(&w.a, &err), &err);
    assert_ok(ledger_memory_new(&all, &w.ledger, &err), &err);
    assert_ok(order_book_load(&cx, ledger_memory_source(w.ledger), w.as_of, &book, &err), &err);
    assert_ok(groups_by_start(w.a, book->first, CUSTOMERS, (calendar){PERIOD_MONTH, 1}, w.as_of,
                              &w.by_month, &err),
              &err);
    ltv v;
    ltv_request q = {.orders = book,
                     .groups = w.by_month,
                     .as_of = w.as_of,
                     .margin = 0.5,
                     .discount = 0.1,
                     .minimum_accounts = 30};
    assert_ok(ltv_compute(&cx, &q, w.a, &v, &err), &err);
    assert_true(v.all.left.known && v.all.left.mean > 0.0);
    assert_int_equal(v.all.left.customers, CUSTOMERS);
    double minor = 0.0;
    for (size_t g = 0; g < w.by_month->n; g++) {
        minor += v.by_group[g].left.minor;
    }
    assert_close(minor, v.all.left.minor, 1e-9);
    q.discount = 0.0;
    assert_ok(ltv_compute(&cx, &q, w.a, &v, &err), &err);
    assert_false(v.all.left.known);
    assert_non_null(strstr(v.all.left.why, "discount above 0"));
    vec_free(&orders);
    order_book_free(book);
    world_done(&w);
}

static void paid_so_far_is_arr_run_through_time(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(14, 40, 0.0, 0.0);
    const ltv *v = compute(&w, 1.0, 0.0);
    const ltv_point *year = &v->all.realised[12];
    assert_true(year->known);
    /* 365 days (12 x 30.4375 = 365.25, rounded) of 1,200.00 a year of 365.25 days */
    assert_close(year->minor, 120000.0 * 365.0 / 365.25, 1e-9);
    assert_int_equal(year->accounts, 80); /* two months of cohorts were followed for a year */
    assert_false(v->all.realised[14].known);
    assert_int_equal(v->all.realised[14].accounts, 0);
    /* Nobody has left: no model of churn, and no value made up. */
    assert_false(v->all.known);
    assert_non_null(v->all.why);
}

static void a_cohort_of_few_is_not_stated(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(24, 3, 0.05, 0.05);
    const ltv *v = compute(&w, 1.0, 0.1);
    for (size_t k = 0; k < w.by_month->n; k++) {
        assert_false(v->by_group[k].known);
        assert_false(v->by_group[k].realised[3].known);
        assert_non_null(v->by_group[k].why);
    }
}

static void groups_add_up_to_all(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(30, 40, 0.02, 0.06);
    const ltv *v = compute(&w, 1.0, 0.1);
    size_t accounts = 0;
    size_t customers = 0;
    int64_t paid = 0;
    for (size_t k = 0; k < w.by_month->n; k++) {
        accounts += v->by_group[k].accounts;
        customers += v->by_group[k].customers;
        paid += v->by_group[k].paid_minor;
    }
    assert_int_equal(accounts, v->all.accounts);
    assert_int_equal(customers, v->all.customers);
    assert_true(llabs(paid - v->all.paid_minor) <= (int64_t)w.by_month->n);
}

/* --- trend --- */

static churn_trend trend_within(const world *w, int months)
{
    churn_trend out = {0};
    strata_error err = {0};
    churn_trend_request q = {.book = w->book,
                             .groups = w->by_month,
                             .as_of = w->as_of,
                             .months = months,
                             .minimum_accounts = 30};
    assert_ok(churn_trend_compute(&q, w->a, &out, &err), &err);
    return out;
}

static void churn_that_falls_is_seen_to_fall(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(36, 100, 0.06, 0.01);
    churn_trend c = trend_within(&w, 6);
    assert_true(c.ordered && c.trend.test.defined);
    assert_true(c.trend.test.p < 0.001);
    assert_true(c.trend.slope < 0.0);
    /* 36 months are 12 quarters; of the last two not all were followed for six months */
    assert_int_equal(c.n_counted, 11);
    assert_int_equal(c.by_group[11].followed, 0);
    assert_false(c.by_group[11].churned.stated);
}

static void steady_churn_shows_no_trend(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(36, 100, 0.03, 0.03);
    churn_trend c = trend_within(&w, 6);
    assert_true(c.trend.test.defined);
    assert_true(c.trend.test.p > 0.05);
    double want = 1.0 - pow(0.97, 6);
    assert_true(c.all.low < want && want < c.all.high);
}

static void no_churn_at_all_is_no_trend(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(12, 40, 0.0, 0.0);
    churn_trend c = trend_within(&w, 3);
    assert_false(c.trend.test.defined);
    assert_int_equal(c.all.hits, 0);
    assert_true(c.all.stated && c.all.high > 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_churn_has_a_value_in_closed_form),
        cmocka_unit_test(what_is_left_of_customers_is_discounted_months_of_their_arr),
        cmocka_unit_test(a_month_that_is_not_over_counts_for_nobody),
        cmocka_unit_test(churn_by_age_is_that_of_who_could_be_followed),
        cmocka_unit_test(what_is_left_of_a_shop_is_stated_for_each_group),
        cmocka_unit_test(paid_so_far_is_arr_run_through_time),
        cmocka_unit_test(a_cohort_of_few_is_not_stated),
        cmocka_unit_test(groups_add_up_to_all),
        cmocka_unit_test(churn_that_falls_is_seen_to_fall),
        cmocka_unit_test(steady_churn_shows_no_trend),
        cmocka_unit_test(no_churn_at_all_is_no_trend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
