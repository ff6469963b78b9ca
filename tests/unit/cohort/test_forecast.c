/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "base/rng.h"
#include "base/vec.h"
#include "cohort/forecast/backtest.h"
#include "cohort/forecast/rates.h"
#include "panel/ledger_memory.h"

/* A portfolio whose true monthly rates are known: churn, expansion and contraction happen on their
 * own each month with a fixed chance. */
typedef struct truth {
    double churn, expansion, contraction; /* chance a month */
    double up, down;                      /* by which ARR then changes */
    int per_month;                        /* new customers, of 1,000.00 a year each */
    int months;
} truth;

typedef VEC(arr_fact) arr_facts;

typedef struct world {
    day end; /* last day of the last month */
    ledger_memory *ledger;
    arr_book *book;
} world;

static const context one_thread = {.threads = 1, .seed = 7};
static const context two_threads = {.threads = 2, .seed = 7};
static const truth steady = {.churn = 0.02,
                             .expansion = 0.03,
                             .contraction = 0.01,
                             .up = 1.2,
                             .down = 0.8,
                             .per_month = 60,
                             .months = 36};

static day month_day(int month)
{
    return day_add_months(day_from_civil(2022, 1, 15), month);
}

static void push(arr_facts *out, int32_t account, int month, int64_t after, arr_kind kind)
{
    assert_true(vec_push(out, (arr_fact){.account = account,
                                         .day = month_day(month),
                                         .arr_after = after,
                                         .kind = (uint8_t)kind}));
}

static void live(const truth *t, rng *r, int32_t account, int born, arr_facts *out)
{
    int64_t arr = 100000;
    push(out, account, born, arr, ARR_NEW);
    for (int m = born + 1; m < t->months; m++) {
        double u = rng_uniform(r);
        if (u < t->churn) {
            push(out, account, m, 0, ARR_CHURN);
            return;
        }
        u -= t->churn;
        if (u >= 0 && u < t->expansion) {
            arr = (int64_t)((double)arr * t->up);
            push(out, account, m, arr, ARR_EXPANSION);
        } else if (u >= t->expansion && u < t->expansion + t->contraction) {
            arr = (int64_t)((double)arr * t->down);
            push(out, account, m, arr, ARR_CONTRACTION);
        }
    }
}

/* Frees the facts. */
static world world_of(arr_facts *facts, size_t n_accounts, int months)
{
    strata_error err = {0};
    world w = {.end = day_month_end(month_day(months - 1))};
    ledger_facts all = {.n_accounts = n_accounts, .arr = facts->data, .n_arr = facts->n};
    assert_ok(ledger_memory_new(&all, &w.ledger, &err), &err);
    assert_ok(arr_book_load(&two_threads, ledger_memory_source(w.ledger), w.end, &w.book, &err),
              &err);
    vec_free(facts);
    return w;
}

static world make_world(const truth *t, uint64_t seed)
{
    arr_facts facts = {0};
    int32_t account = 0;
    for (int born = 0; born < t->months; born++) {
        for (int k = 0; k < t->per_month; k++, account++) {
            rng r;
            rng_init(&r, seed, (uint64_t)account);
            live(t, &r, account, born, &facts);
        }
    }
    return world_of(&facts, (size_t)account, t->months);
}

static void world_done(world *w)
{
    arr_book_free(w->book);
    ledger_memory_free(w->ledger);
}
#define WORLD_AUTO STRATA_CLEANUP(world_done)

static forecast make_forecast(const context *cx, const world *w, forecast_method method, day as_of,
                              arena *a)
{
    forecast f = {0};
    strata_error err = {0};
    forecast_request request = {.book = w->book, .as_of = as_of, .horizon = 12};
    assert_ok(forecast_make(cx, &request, method, a, &f, &err), &err);
    return f;
}

static arena *make_arena(void)
{
    arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    return a;
}

/* --- rates --- */

static void rates_of_the_window_are_what_they_were_made_with(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(&steady, 1);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    forecast f = make_forecast(&two_threads, &w, FORECAST_RATES, w.end, a);
    assert_null(f.why);
    /* 12 months of 2 % churn keep .98^12 = 78.5 %; net ARR growth a month is -.02 + .03 x .2 - .01
     * x .2 of those who stay: NRR (1 - .02 + .006 - .002)^12 = 82.5 %. */
    double kept = f.logos.mid[12] / (double)f.logos_now;
    assert_true(fabs(kept - 0.7847) < 0.03);
    assert_true(fabs(f.nrr.mid[12] - 0.8248) < 0.035);
    assert_true(f.logos.low[12] < 0.7847 * (double)f.logos_now);
    assert_true(f.logos.high[12] > 0.7847 * (double)f.logos_now);
    /* and 60 newcomers a month besides */
    double newcomers = f.all_logos.mid[1] - f.logos.mid[1];
    assert_true(fabs(newcomers - 60.0) < 1.0);
}

static void without_movements_nothing_moves(void **state)
{
    (void)state;
    truth still = {.per_month = 30, .months = 24};
    WORLD_AUTO world w = make_world(&still, 1);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    for (int m = FORECAST_NO_CHANGE; m <= FORECAST_RATES_AGE; m++) {
        forecast f = make_forecast(&two_threads, &w, (forecast_method)m, w.end, a);
        assert_null(f.why);
        assert_close(f.logos.mid[12], (double)f.logos_now, 1e-12);
        assert_close(f.nrr.mid[12], 1.0, 1e-12);
    }
}

/* That nobody left does not say that nobody will: the low end is that of the churn c with which
 * (1 - c)^months, the chance to see nobody leave, is 1 in 10. */
static void nobody_lost_so_far_is_no_promise(void **state)
{
    (void)state;
    truth still = {.per_month = 5, .months = 24};
    WORLD_AUTO world w = make_world(&still, 1);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    for (int m = FORECAST_RATES; m <= FORECAST_KAPLAN_MEIER; m++) {
        forecast f = make_forecast(&two_threads, &w, (forecast_method)m, w.end, a);
        if (m == FORECAST_RATES_SEGMENT) {
            continue; /* there are none */
        }
        assert_null(f.why);
        /* The last 12 months, the oldest of which began with 60 accounts; or all months of all. */
        double months = 0.0;
        for (int k = m == FORECAST_KAPLAN_MEIER ? 1 : 12; k < 24; k++) {
            months += 5.0 * k;
        }
        assert_close(f.unseen, months, 1e-12);
        double kept = pow(0.1, 12.0 / months);
        double now = (double)f.logos_now;
        assert_close(f.logos.mid[12], now, 1e-12);
        assert_close(f.logos.low[12], kept * now, 1e-9);
        assert_true(f.logos.low[6] > f.logos.low[12]);
        if (f.has_arr) {
            assert_close(f.nrr.low[12], kept, 1e-9);
            assert_true(f.all_arr.low[12] <=
                        f.all_arr.mid[12] - (1.0 - kept) * f.arr.mid[12] + 1e-6);
        }
    }
    forecast f = make_forecast(&two_threads, &w, FORECAST_NO_CHANGE, w.end, a);
    assert_close(f.logos.low[12], (double)f.logos_now, 0.0);
}

static void everyone_gone_is_said_and_not_forecast(void **state)
{
    (void)state;
    truth doomed = {.churn = 1.0, .per_month = 10, .months = 20};
    WORLD_AUTO world w = make_world(&doomed, 1);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    day later = day_add_months(w.end, 3);
    forecast f = make_forecast(&two_threads, &w, FORECAST_RATES_AGE, w.end, a);
    assert_true(f.why != NULL || f.logos.mid[12] < 0.001 * (double)f.logos_now);
    /* the book ends with customers of the last month; nobody is left without them */
    w.book->until = later;
    for (size_t i = 0; i < w.book->n_rows; i++) {
        w.book->after[i] = 0;
    }
    f = make_forecast(&two_threads, &w, FORECAST_RATES_AGE, later, a);
    assert_string_equal(f.why, "nobody is a customer on that day");
}

static void a_handful_of_accounts_makes_no_rate(void **state)
{
    (void)state;
    truth few = {.per_month = 1, .months = 6};
    WORLD_AUTO world w = make_world(&few, 1);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    forecast f = make_forecast(&two_threads, &w, FORECAST_RATES_AGE, w.end, a);
    assert_non_null(f.why);
    f = make_forecast(&two_threads, &w, FORECAST_RATES_SEGMENT, w.end, a);
    assert_string_equal(f.why, "needs a grouping into segments");
}

static void a_segment_keeps_its_own_rate(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(&steady, 1);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    size_t n = w.book->n_accounts;
    segment_code *codes = ARENA_NEW(a, n, segment_code);
    /* Two segments by what is to come: those who churn in the window, and the rest. */
    for (size_t i = 0; i < n; i++) {
        uint32_t last = w.book->start[i + 1] - 1;
        codes[i] = w.book->after[last] == 0;
    }
    forecast f = {0};
    strata_error err = {0};
    forecast_request request = {.book = w.book,
                                .as_of = w.end,
                                .horizon = 12,
                                .now = codes,
                                .then = codes,
                                .n_segments = 2};
    assert_ok(forecast_make(&two_threads, &request, FORECAST_RATES_SEGMENT, a, &f, &err), &err);
    /* All of today's customers are of the segment that never churns: nearly all are kept,
     * though rates of few account-months are drawn towards those of all. */
    assert_true(f.logos.mid[12] > 0.94 * (double)f.logos_now);
}

static void threads_do_not_change_a_forecast(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(&steady, 3);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    forecast one = make_forecast(&one_thread, &w, FORECAST_RATES_AGE, w.end, a);
    forecast two = make_forecast(&two_threads, &w, FORECAST_RATES_AGE, w.end, a);
    assert_memory_equal(one.arr.low, two.arr.low, 13 * sizeof(double));
    assert_memory_equal(one.all_arr.high, two.all_arr.high, 13 * sizeof(double));
}

static void what_comes_later_changes_nothing(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(&steady, 4);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    strata_error err = {0};
    day then = day_add_months(w.end, -9);
    STRATA_AUTO(arr_book_free) arr_book *known = NULL;
    assert_ok(arr_book_load(&two_threads, ledger_memory_source(w.ledger), then, &known, &err),
              &err);
    world past = {.end = then, .ledger = w.ledger, .book = known};
    for (int m = 0; m < FORECAST_METHODS; m++) {
        if (m == FORECAST_RATES_SEGMENT) {
            continue;
        }
        forecast f = make_forecast(&two_threads, &w, (forecast_method)m, then, a);
        forecast g = make_forecast(&two_threads, &past, (forecast_method)m, then, a);
        assert_memory_equal(f.logos.mid, g.logos.mid, 13 * sizeof(double));
        assert_memory_equal(f.logos.high, g.logos.high, 13 * sizeof(double));
    }
}

static void a_horizon_out_of_range_is_refused(void **state)
{
    (void)state;
    truth few = {.per_month = 1, .months = 6};
    WORLD_AUTO world w = make_world(&few, 1);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    forecast f = {0};
    strata_error err = {0};
    forecast_request request = {.book = w.book, .as_of = w.end, .horizon = 37};
    assert_int_equal(forecast_make(&two_threads, &request, FORECAST_RATES, a, &f, &err),
                     STRATA_E_USAGE);
    assert_string_equal(err.message, "a forecast goes 1 to 36 months ahead, not 37");
}

/* --- survival --- */

static void survival_forecasts_constant_churn_alike(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(&steady, 5);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    forecast f = make_forecast(&two_threads, &w, FORECAST_KAPLAN_MEIER, w.end, a);
    assert_null(f.why);
    double kept = f.logos.mid[12] / (double)f.logos_now;
    assert_true(fabs(kept - 0.7847) < 0.02);
    assert_true(f.logos.low[12] < f.logos.mid[12] && f.logos.mid[12] < f.logos.high[12]);
    /* Customers leave on their own, so a good part of the range is chance: sqrt(n p (1 - p)). */
    double chance = 1.2816 * sqrt((double)f.logos_now * 0.7847 * 0.2153);
    assert_true(f.logos.high[12] - f.logos.mid[12] > chance);
    assert_true(f.logos.high[12] - f.logos.mid[12] < 2.0 * chance);
}

/* --- back-test --- */

static backtest make_backtest(const world *w, arena *a)
{
    backtest b = {0};
    strata_error err = {0};
    backtest_request request = {.book = w->book, .as_of = w->end, .horizon = 12};
    assert_ok(backtest_run(&two_threads, &request, a, &b, &err), &err);
    return b;
}

static void ranges_hold_the_outcome_about_as_often_as_they_say(void **state)
{
    (void)state;
    size_t covered[BACKTEST_QUANTITIES] = {0};
    size_t n = 0;
    truth t = steady;
    t.per_month = 20;
    t.months = 30;
    for (uint64_t seed = 0; seed < 12; seed++) {
        WORLD_AUTO world w = make_world(&t, 100 + seed);
        STRATA_AUTO(arena_free) arena *a = make_arena();
        backtest b = make_backtest(&w, a);
        assert_int_equal(b.n_origins, 5);
        for (int q = 0; q < BACKTEST_QUANTITIES; q++) {
            covered[q] += b.scores[FORECAST_RATES][q].covered;
        }
        n += b.scores[FORECAST_RATES][BACKTEST_LOGOS].n;
    }
    /* 12 portfolios of 5 x (1..3) cases each; cases of one portfolio hang together, so the band
     * around 80 % is wide. */
    for (int q = 0; q < BACKTEST_QUANTITIES; q++) {
        double share = (double)covered[q] / (double)n;
        if (share < 0.68 || share > 0.92) {
            fail_msg("quantity %d: %.3f of %zu ranges held the outcome", q, share, n);
        }
    }
}

static void a_method_that_learns_beats_no_change(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(&steady, 6);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    backtest b = make_backtest(&w, a);
    assert_null(b.why);
    assert_int_equal(b.n_origins, 6);
    const backtest_score *none = &b.scores[FORECAST_NO_CHANGE][BACKTEST_LOGOS];
    const backtest_score *best = &b.scores[b.best[BACKTEST_LOGOS]][BACKTEST_LOGOS];
    assert_true(best->error < 0.5 * none->error);
    assert_true(none->bias > 0.05);
    assert_int_equal(none->n, 6 + 5 + 3); /* 3, 6 and 12 months ahead */
    assert_string_equal(b.scores[FORECAST_KAPLAN_MEIER][BACKTEST_ARR].why,
                        "forecasts customers only");
    assert_true(forecast_method_has_arr(b.best[BACKTEST_ARR]));
}

/* One old customer makes days to try; those who make a forecast came in the last months. */
static void what_could_not_be_tried_is_not_called_best(void **state)
{
    (void)state;
    arr_facts facts = {0};
    push(&facts, 0, 0, 100000, ARR_NEW);
    for (int32_t account = 1; account <= 60; account++) {
        push(&facts, account, 33, 100000, ARR_NEW);
    }
    WORLD_AUTO world w = world_of(&facts, 61, 36);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    backtest b = make_backtest(&w, a);
    assert_int_equal(b.n_origins, 6);
    for (int q = 0; q < BACKTEST_QUANTITIES; q++) {
        forecast f = {0};
        strata_error err = {0};
        forecast_request request = {.book = w.book, .as_of = w.end, .horizon = 12};
        assert_ok(backtest_forecast(&two_threads, &b, (backtest_quantity)q, &request, a, &f, &err),
                  &err);
        assert_null(f.why);
        assert_int_equal(f.method, FORECAST_RATES_AGE);
        assert_false(backtest_compares(&b, (backtest_quantity)q, f.method));
    }
    WORLD_AUTO world known = make_world(&steady, 6);
    b = make_backtest(&known, a);
    assert_true(backtest_compares(&b, BACKTEST_ARR, b.best[BACKTEST_ARR]));
    assert_false(backtest_compares(&b, BACKTEST_ARR, FORECAST_NO_CHANGE)); /* no range */
    assert_false(backtest_compares(&b, BACKTEST_ARR, FORECAST_SBG));
}

static void a_short_history_has_no_back_test(void **state)
{
    (void)state;
    truth young = steady;
    young.months = 13;
    WORLD_AUTO world w = make_world(&young, 1);
    STRATA_AUTO(arena_free) arena *a = make_arena();
    backtest b = make_backtest(&w, a);
    assert_int_equal(b.n_origins, 0);
    assert_non_null(b.why);
    assert_int_equal(b.best[BACKTEST_LOGOS], FORECAST_RATES_AGE);
    assert_false(backtest_compares(&b, BACKTEST_LOGOS, FORECAST_RATES_AGE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_of_the_window_are_what_they_were_made_with),
        cmocka_unit_test(without_movements_nothing_moves),
        cmocka_unit_test(nobody_lost_so_far_is_no_promise),
        cmocka_unit_test(everyone_gone_is_said_and_not_forecast),
        cmocka_unit_test(a_handful_of_accounts_makes_no_rate),
        cmocka_unit_test(a_segment_keeps_its_own_rate),
        cmocka_unit_test(threads_do_not_change_a_forecast),
        cmocka_unit_test(what_comes_later_changes_nothing),
        cmocka_unit_test(a_horizon_out_of_range_is_refused),
        cmocka_unit_test(survival_forecasts_constant_churn_alike),
        cmocka_unit_test(ranges_hold_the_outcome_about_as_often_as_they_say),
        cmocka_unit_test(a_method_that_learns_beats_no_change),
        cmocka_unit_test(what_could_not_be_tried_is_not_called_best),
        cmocka_unit_test(a_short_history_has_no_back_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
