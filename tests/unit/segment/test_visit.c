/* SPDX-License-Identifier: Apache-2.0 */
/* Values handed on for many dates are those that each date alone would give. */
#include "strata_test.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "segment/fixture.h"
#include "segment/view.h"
#include "segment/visit.h"
#include "support/failing_alloc.h"

enum { N = 600, D0 = 20000, SLOTS = 4 };

#define MODEL(rule_of_top)                                                                         \
    "strata: 1\n"                                                                                  \
    "population: {when: arr > 0, outside: Gone}\n"                                                 \
    "bins:\n"                                                                                      \
    "  fifth: {of: arr, quantiles: 5}\n"                                                           \
    "scores:\n"                                                                                    \
    "  health:\n"                                                                                  \
    "    missing: redistribute\n"                                                                  \
    "    factors:\n"                                                                               \
    "      - {feature: fifth, weight: 60%, scale: {1: 0, 5: 100}}\n"                               \
    "      - {feature: arr, weight: 40%, scale: {0: 0, 100k: 100}}\n"                              \
    "dimensions:\n"                                                                                \
    "  value:\n"                                                                                   \
    "    ordered: true\n"                                                                          \
    "    tiers:\n"                                                                                 \
    "      - {name: High, when: arr >= 50k}\n"                                                     \
    "      - {name: Low, otherwise: true}\n"                                                       \
    "    hold: {enter_after: 30 days, leave_after: 60 days, margin: 5%}\n"                         \
    "segments:\n"                                                                                  \
    "  - {name: Top, when: " rule_of_top "}\n"                                                     \
    "  - {name: Rest, otherwise: true}\n"

static const char plain[] = MODEL("value = High and fifth = 5");
static const char looking_back[] = MODEL("value = High and arr >= 40k for 30 days");

static const day dates[] = {D0 - 400, D0 - 371, D0 - 33, D0 - 30, D0 - 2, D0};
static arr_fact arr[2 * N];
static day starts[N];

static ledger_facts draw_facts(void)
{
    for (int32_t i = 0; i < N; i++) {
        rng r;
        rng_init(&r, 7, (uint64_t)i);
        starts[i] = D0 - 700 + (day)rng_below(&r, 720);
        double size = rng_gamma(&r, 0.7, 8e6);
        double later = rng_gamma(&r, 0.7, 8e6);
        arr[2 * i] = (arr_fact){.account = i, .day = starts[i], .arr_after = 1 + (int64_t)size};
        arr[2 * i + 1] = (arr_fact){.account = i,
                                    .day = starts[i] + 10 + (day)rng_below(&r, 300),
                                    .arr_after = (int64_t)later,
                                    .kind = ARR_CONTRACTION};
    }
    return (ledger_facts){.n_accounts = N, .started_on = starts, .arr = arr, .n_arr = COUNT(arr)};
}

/* What was handed on: by date and account; untouched cells keep their mark. */
typedef struct taken {
    size_t slots[SLOTS];
    double numbers[COUNT(dates)][N][SLOTS];
    segment_code segments[COUNT(dates)][N];
    uint8_t times[COUNT(dates)][N];
} taken;

static bool wants_all_blocks(void *self, size_t date, size_t first, size_t n)
{
    (void)self;
    return n > 0 && first < N && date < COUNT(dates);
}

static strata_status take(void *self, const dated_block *block, strata_error *err)
{
    taken *t = self;
    (void)err;
    for (size_t i = 0; i < block->n; i++) {
        size_t account = block->first + i;
        for (size_t k = 0; k + 1 < SLOTS; k++) {
            t->numbers[block->date][account][k] = block->columns[t->slots[k]].num[i];
        }
        t->segments[block->date][account] = block->codes[t->slots[SLOTS - 1]][i];
        t->times[block->date][account]++;
    }
    return STRATA_OK;
}

static strata_status give_up(void *self, const dated_block *block, strata_error *err)
{
    (void)self;
    (void)block;
    return strata_fail(err, STRATA_E_USAGE, "enough seen");
}

static taken *taken_new(const fixture *f)
{
    taken *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->slots[0] = FEATURE_ARR_3M_AGO;
    t->slots[1] = bound_find(f->bound, "fifth")->slot;
    t->slots[2] = bound_find(f->bound, "health")->slot;
    t->slots[3] = fixture_dimension(f, "segment")->slot;
    return t;
}

static segmentation_visit visit_of(taken *t)
{
    return (segmentation_visit){.dates = dates,
                                .n_dates = COUNT(dates),
                                .slots = t->slots,
                                .n_slots = SLOTS,
                                .wants = wants_all_blocks,
                                .take = take,
                                .self = t};
}

static void assert_as_alone(const fixture *f, const taken *t, size_t date)
{
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = &dates[date], .n_dates = 1, .keep_slots = t->slots,
                             .n_keep_slots = SLOTS);
    request.keep_date = 0;
    segmentation *s = fixture_run(f, NULL, &request);
    const segment_code *codes = segmentation_codes(s, fixture_dimension(f, "segment"), 0);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(t->times[date][i], 1);
        assert_int_equal(t->segments[date][i], codes[i]);
        for (size_t k = 0; k + 1 < SLOTS; k++) {
            const double *alone = segmentation_column(s, t->slots[k]).num;
            assert_memory_equal(&t->numbers[date][i][k], &alone[i], sizeof(double));
        }
    }
    segmentation_free(s);
}

static void check_model(const char *yaml)
{
    ledger_facts facts = draw_facts();
    fixture f;
    fixture_make(&f, &facts, yaml);
    for (int threads = 1; threads <= 3; threads += 2) {
        taken *t = taken_new(&f);
        f.cx.threads = threads;
        segmentation_visit v = visit_of(t);
        strata_error err = {0};
        assert_ok(visit_dates(&f.cx, &f.portfolio, f.bound, NULL, &v, &err), &err);
        for (size_t d = 0; d < COUNT(dates); d++) {
            assert_as_alone(&f, t, d);
        }
        free(t);
    }
    fixture_done(&f);
}

static void many_dates_give_what_each_gives_alone(void **state)
{
    (void)state;
    check_model(plain);
}

static void a_model_that_looks_back_gives_the_same_as_well(void **state)
{
    (void)state;
    check_model(looking_back);
}

/* A source that counts how often the first account is read. */
typedef struct counting {
    ledger_source source;
    const ledger_source *inner;
    atomic_int sweeps;
} counting;

static const ledger_info *counted_info(void *self)
{
    const counting *c = self;
    return c->inner->info(c->inner->self);
}

static strata_status counted_open(void *self, int32_t begin, int32_t end, uint32_t wanted,
                                  day until, ledger_cursor **out, strata_error *err)
{
    counting *c = self;
    atomic_fetch_add(&c->sweeps, begin == 0 ? 1 : 0);
    return c->inner->open(c->inner->self, begin, end, wanted, until, out, err);
}

static strata_status count_days(void *self, const dated_block *block, strata_error *err)
{
    uint8_t *days = self;
    (void)err;
    for (size_t i = 0; i < block->n; i++) {
        days[block->first + i]++;
    }
    return STRATA_OK;
}

/* Each sweep reads all ledgers: with a million accounts it must not be one for every few days. */
static void days_of_many_accounts_take_few_sweeps(void **state)
{
    (void)state;
    enum { MANY = 250000, DAYS = 60 };
    day *started = malloc(MANY * sizeof *started);
    uint8_t *days = calloc(MANY, 1);
    day list[DAYS];
    assert_true(started != NULL && days != NULL);
    for (size_t i = 0; i < MANY; i++) {
        started[i] = D0 - (day)(i % 700);
    }
    for (size_t d = 0; d < DAYS; d++) {
        list[d] = D0 - DAYS + (day)d;
    }
    fixture f;
    ledger_facts facts = {.n_accounts = MANY, .started_on = started};
    fixture_make(&f, &facts, "strata: 1\n");
    counting c = {.inner = f.portfolio.ledgers};
    c.source = *c.inner;
    c.source.info = counted_info;
    c.source.open = counted_open;
    c.source.self = &c;
    portfolio_attach(&f.portfolio, &c.source);
    const size_t slot = FEATURE_TENURE;
    segmentation_visit v = {.dates = list,
                            .n_dates = DAYS,
                            .slots = &slot,
                            .n_slots = 1,
                            .take = count_days,
                            .self = days};
    strata_error err = {0};
    assert_ok(visit_dates(&f.cx, &f.portfolio, f.bound, NULL, &v, &err), &err);
    assert_int_equal(atomic_load(&c.sweeps), 1);
    for (size_t i = 0; i < MANY; i += 999) {
        assert_int_equal(days[i], DAYS);
    }
    portfolio_attach(&f.portfolio, c.inner);
    fixture_done(&f);
    free(started);
    free(days);
}

/* --- one account alone --- */

static segmentation *run_watched(const fixture *f, const taken *t, size_t watch, bool alone)
{
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = dates, .n_dates = COUNT(dates), .keep_slots = t->slots,
                             .n_keep_slots = SLOTS);
    request.keep_date = COUNT(dates) - 1;
    request.watch = watch;
    request.watched_alone = alone;
    return fixture_run(f, NULL, &request);
}

static void assert_same_account(const fixture *f, const taken *t, size_t i)
{
    segmentation *among = run_watched(f, t, i, false);
    segmentation *alone = run_watched(f, t, i, true);
    for (size_t d = 0; d < COUNT(dates); d++) {
        for (size_t k = 0; k < f->bound->n_defs; k++) {
            const bound_def *def = &f->bound->defs[k];
            if (def->kind == DEF_DIMENSION) {
                assert_int_equal(segmentation_codes(among, def, d)[i],
                                 segmentation_codes(alone, def, d)[i]);
                assert_int_equal(segmentation_raw_codes(among, def, d)[i],
                                 segmentation_raw_codes(alone, def, d)[i]);
            }
        }
    }
    const rule_input *x = segmentation_watched(among);
    const rule_input *y = segmentation_watched(alone);
    for (size_t k = 0; k + 1 < SLOTS; k++) {
        assert_memory_equal(&segmentation_column(among, t->slots[k]).num[i],
                            &segmentation_column(alone, t->slots[k]).num[i], sizeof(double));
        assert_memory_equal(x->now.columns[t->slots[k]].num, y->now.columns[t->slots[k]].num,
                            sizeof(double));
    }
    segmentation_free(among);
    segmentation_free(alone);
}

static void an_account_alone_is_where_it_is_among_all(void **state)
{
    (void)state;
    static const char *const models[] = {plain, looking_back};
    ledger_facts facts = draw_facts();
    for (size_t m = 0; m < COUNT(models); m++) {
        fixture f;
        fixture_make(&f, &facts, models[m]);
        taken *t = taken_new(&f);
        segmentation_visit v = visit_of(t);
        strata_error err = {0};
        v.wants = NULL;
        v.one = true;
        v.only = 77;
        assert_ok(visit_dates(&f.cx, &f.portfolio, f.bound, NULL, &v, &err), &err);
        taken *all = taken_new(&f);
        v = visit_of(all);
        assert_ok(visit_dates(&f.cx, &f.portfolio, f.bound, NULL, &v, &err), &err);
        for (size_t d = 0; d < COUNT(dates); d++) {
            assert_memory_equal(t->numbers[d][77], all->numbers[d][77], sizeof t->numbers[d][77]);
            assert_int_equal(t->segments[d][77], all->segments[d][77]);
        }
        assert_same_account(&f, t, 0);
        assert_same_account(&f, t, 299);
        assert_same_account(&f, t, N - 1);
        free(all);
        free(t);
        fixture_done(&f);
    }
}

static void totals_are_those_of_the_view(void **state)
{
    (void)state;
    ledger_facts facts = draw_facts();
    fixture f;
    fixture_make(&f, &facts, plain);
    for (size_t d = 0; d < COUNT(dates); d++) {
        strata_error err = {0};
        STRATA_AUTO(view_free) view *v = NULL;
        const view_options options = {.as_of = dates[d], .since = DAY_MISSING, .watch = SIZE_MAX};
        int64_t n = -1;
        int64_t minor = -1;
        int64_t wanted = 0;
        int64_t wanted_minor = 0;
        assert_ok(view_new(&f.cx, &f.portfolio, f.bound, NULL, &options, &v, &err), &err);
        const segment_code *codes = segmentation_codes(v->s, view_primary(v), v->now_at);
        for (size_t i = 0; i < N; i++) {
            wanted += codes[i] < SEGMENTS_MAX ? 1 : 0;
            wanted_minor += codes[i] < SEGMENTS_MAX ? view_value_minor(v, i) : 0;
        }
        assert_ok(view_totals(&f.cx, &f.portfolio, f.bound, dates[d], &n, &minor, &err), &err);
        assert_int_equal(n, wanted);
        assert_int_equal(minor, wanted_minor);
        assert_true(d + 1 < COUNT(dates) || n > 0);
    }
    fixture_done(&f);
}

static strata_status take_nothing(void *job, const panel_block *block, strata_error *err)
{
    (void)job;
    (void)block;
    (void)err;
    return STRATA_OK;
}

static void accounts_that_are_not_there_are_refused(void **state)
{
    (void)state;
    ledger_facts facts = draw_facts();
    fixture f;
    fixture_make(&f, &facts, plain);
    const feature_id tenure = FEATURE_TENURE;
    const panel_request r = {&tenure, 1, dates, 1, N, 1};
    strata_error err = {0};
    assert_int_equal(panel_sweep_some(&f.cx, f.portfolio.ledgers, &r, take_nothing, NULL, &err),
                     STRATA_E_USAGE);
    assert_string_equal(err.message, "there is no account 600");
    fixture_done(&f);
}

static bool only_the_last_date(void *self, size_t date, size_t first, size_t n)
{
    (void)self;
    (void)first;
    (void)n;
    return date + 1 == COUNT(dates);
}

static void dates_that_nobody_wants_are_not_handed_on(void **state)
{
    (void)state;
    ledger_facts facts = draw_facts();
    fixture f;
    fixture_make(&f, &facts, plain);
    taken *t = taken_new(&f);
    segmentation_visit v = visit_of(t);
    v.wants = only_the_last_date;
    strata_error err = {0};
    assert_ok(visit_dates(&f.cx, &f.portfolio, f.bound, NULL, &v, &err), &err);
    assert_as_alone(&f, t, COUNT(dates) - 1);
    for (size_t d = 0; d + 1 < COUNT(dates); d++) {
        assert_int_equal(t->times[d][0] + t->times[d][N - 1], 0);
    }
    v.take = give_up;
    assert_int_equal(visit_dates(&f.cx, &f.portfolio, f.bound, NULL, &v, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "enough seen");
    free(t);
    fixture_done(&f);
}

static void visits_survive_every_failure(void **state)
{
    (void)state;
    static const char *const models[] = {plain, looking_back};
    ledger_facts facts = draw_facts();
    for (size_t m = 0; m < COUNT(models); m++) {
        fixture f;
        fixture_make(&f, &facts, models[m]);
        f.cx.threads = 1;
        taken *t = taken_new(&f);
        segmentation_visit v = visit_of(t);
        v.wants = NULL;
        v.n_dates = 2;
        int n = 0;
        FAILURE_LOOP(n, {
            strata_error err = {0};
            strata_status st = visit_dates(&f.cx, &f.portfolio, f.bound, NULL, &v, &err);
            bool hit = fail_alloc_pause();
            assert_true(st == STRATA_OK || (hit && st == STRATA_E_NOMEM));
        });
        assert_true(n > 20);
        free(t);
        fixture_done(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_dates_give_what_each_gives_alone),
        cmocka_unit_test(a_model_that_looks_back_gives_the_same_as_well),
        cmocka_unit_test(days_of_many_accounts_take_few_sweeps),
        cmocka_unit_test(an_account_alone_is_where_it_is_among_all),
        cmocka_unit_test(totals_are_those_of_the_view),
        cmocka_unit_test(accounts_that_are_not_there_are_refused),
        cmocka_unit_test(dates_that_nobody_wants_are_not_handed_on),
        cmocka_unit_test(visits_survive_every_failure),
    };
    return cmocka_run_group_tests_name("segment visit", tests, NULL, NULL);
}
