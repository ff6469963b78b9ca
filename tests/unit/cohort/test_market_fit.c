/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "base/rng.h"
#include "base/vec.h"
#include "cohort/market_fit.h"
#include "panel/ledger_memory.h"

static const context cx = {.threads = 2, .seed = 1};
enum { MONTHS = 48, PER_MONTH = 60 };

typedef VEC(arr_fact) arr_facts;

typedef struct world {
    arena *a;
    ledger_memory *ledger;
    arr_book *book;
    groups *quarters;
    day as_of;
} world;

static void world_done(world *w)
{
    arr_book_free(w->book);
    ledger_memory_free(w->ledger);
    arena_free(w->a);
}
#define WORLD_AUTO STRATA_CLEANUP(world_done)

/* Of every cohort `loyal` of three accounts leave with a chance of .2 % a month, the others with
 * `fickle`: loyal = 0 is constant churn, 1 flattens. */
static world make_world(int loyal, int per_month, double fickle)
{
    world w = {.as_of = day_add_months(day_from_civil(2020, 1, 1), MONTHS) - 1};
    strata_error err = {0};
    arr_facts facts = {0};
    int32_t account = 0;
    for (int born = 0; born < MONTHS; born++) {
        for (int k = 0; k < per_month; k++, account++) {
            double churn = account % 3 < loyal ? 0.002 : fickle;
            rng r;
            rng_init(&r, 11, (uint64_t)account);
            for (int m = born; m < MONTHS; m++) {
                bool gone = m > born && rng_uniform(&r) < churn;
                if (m == born || gone) {
                    arr_fact f = {.account = account,
                                  .day = day_add_months(day_from_civil(2020, 1, 1), m),
                                  .arr_after = gone ? 0 : 120000,
                                  .kind = gone ? ARR_CHURN : ARR_NEW};
                    assert_true(vec_push(&facts, f));
                }
                if (gone) {
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
                              w.as_of, &w.quarters, &err),
              &err);
    vec_free(&facts);
    return w;
}

static market_fit *judge_by(const world *w, const double *survey, double top)
{
    market_fit *out = ARENA_NEW(w->a, 1, market_fit);
    strata_error err = {0};
    market_fit_request q = {.book = w->book,
                            .as_of = w->as_of,
                            .quarters = w->quarters,
                            .survey = survey,
                            .top = top,
                            .minimum_accounts = 30};
    assert_ok(market_fit_judge(&cx, &q, w->a, out, &err), &err);
    return out;
}

static market_fit *judge(const world *w, const double *survey)
{
    return judge_by(w, survey, NAN);
}

static void customers_that_differ_make_a_curve_that_flattens(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(1, PER_MONTH, 0.08);
    const market_fit *m = judge(&w, NULL);
    assert_int_equal(m->flattens, FIT_FOR);
    assert_true(m->has_model && m->models.best != CHURN_CONSTANT);
    assert_true(m->spans[0].churn > 1.5 * m->spans[4].churn);
    /* What is left after 24 months: a third at .998^24 and two thirds at .92^24. */
    double want = (pow(0.998, 24) + 2.0 * pow(0.92, 24)) / 3.0;
    assert_true(fabs(m->observed[24] - want) < 0.04);
    assert_int_equal(m->cohorts, FIT_FOR); /* all cohorts are alike */
    assert_int_equal(m->survey, FIT_UNKNOWN);
    assert_int_equal(m->level.from, 0); /* churn still falls in the third year */
}

/* Of two thirds 30 % leave a month: after a year hardly any but the loyal are left. */
static void a_curve_is_flat_at_the_share_that_stays(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(1, PER_MONTH, 0.3);
    const market_fit *m = judge(&w, NULL);
    assert_int_equal(m->flattens, FIT_FOR);
    int before = m->level.from - 1;
    assert_true(before == 12 || before == 24);
    double there = (pow(0.998, before) + 2.0 * pow(0.7, before)) / 3.0;
    assert_true(m->level.left.within.low < there && there < m->level.left.within.high);
    assert_close(m->level.left.survival, m->observed[before], 1e-12);
    assert_true(m->level.churn_95.low < m->level.churn && m->level.churn < m->level.churn_95.high);
    assert_true(m->level.churn > 0.0005 && m->level.churn < 0.006);
}

static void constant_churn_does_not_flatten(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(0, PER_MONTH, 0.08);
    const market_fit *m = judge(&w, NULL);
    assert_int_equal(m->flattens, FIT_AGAINST);
    assert_int_equal(m->models.best, CHURN_CONSTANT);
    assert_true(fabs(m->observed[12] - pow(0.92, 12)) < 0.03);
    assert_int_equal(m->level.from, 0);
}

static void a_handful_of_customers_tells_nothing(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(3, 1, 0.08);
    const market_fit *m = judge(&w, NULL);
    assert_int_equal(m->flattens, FIT_UNKNOWN); /* neither for nor against */
    assert_int_equal(m->models.shape, CHURN_UNKNOWN);
    assert_non_null(strstr(m->models.reason, "too few customers left"));
    assert_int_equal(m->cohorts, FIT_UNKNOWN);
}

static void the_top_of_the_scale_is_given_or_seen(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(1, PER_MONTH, 0.08);
    double *survey = ARENA_NEW(w.a, w.book->n_accounts, double);
    for (size_t i = 0; i < w.book->n_accounts; i++) {
        survey[i] = i >= 100 ? (double)NAN : 2.0;
    }
    /* All answered 2, of 2 or of 3? */
    const market_fit *m = judge(&w, survey);
    assert_true(m->one_answer);
    assert_int_equal(m->survey, FIT_UNKNOWN);
    assert_int_equal(judge_by(&w, survey, 2.0)->survey, FIT_FOR);
    m = judge_by(&w, survey, 3.0);
    assert_int_equal(m->survey, FIT_AGAINST);
    assert_int_equal(m->top_answers.hits, 0);
    assert_close(m->top_of_scale, 3.0, 0.0);
    for (size_t i = 0; i < w.book->n_accounts; i++) {
        survey[i] = (double)NAN;
    }
    m = judge(&w, survey);
    assert_int_equal(m->survey, FIT_UNKNOWN);
    assert_int_equal(m->top_answers.of, 0);
    assert_close(m->top_of_scale, 0.0, 0.0);
}

static void forty_of_a_hundred_at_the_top_of_the_scale_is_the_bar(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(1, PER_MONTH, 0.08);
    double *survey = ARENA_NEW(w.a, w.book->n_accounts, double);
    for (size_t i = 0; i < w.book->n_accounts; i++) {
        survey[i] = i >= 100 ? (double)NAN : i < 40 ? 3.0 : 1.0;
    }
    const market_fit *m = judge(&w, survey);
    assert_int_equal(m->survey, FIT_FOR);
    assert_int_equal(m->top_answers.hits, 40);
    assert_int_equal(m->top_answers.of, 100);
    assert_close(m->top_of_scale, 3.0, 0.0);
    survey[0] = 1.0;
    assert_int_equal(judge(&w, survey)->survey, FIT_AGAINST);
    for (size_t i = 20; i < 100; i++) {
        survey[i] = (double)NAN;
    }
    assert_int_equal(judge(&w, survey)->survey, FIT_UNKNOWN); /* 20 answers */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customers_that_differ_make_a_curve_that_flattens),
        cmocka_unit_test(a_curve_is_flat_at_the_share_that_stays),
        cmocka_unit_test(constant_churn_does_not_flatten),
        cmocka_unit_test(a_handful_of_customers_tells_nothing),
        cmocka_unit_test(the_top_of_the_scale_is_given_or_seen),
        cmocka_unit_test(forty_of_a_hundred_at_the_top_of_the_scale_is_the_bar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
