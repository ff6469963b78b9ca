/* SPDX-License-Identifier: Apache-2.0 */
/* Calibration and measures of probabilities: against scikit-learn 1.2.1 and R 4.2.2, whose figures
 * tests/data/stats/make_predictions.py and predictions.R print. */
#include "strata_test.h"

#include "exactly.h"
#include "prediction_sample.h"

#include "support/failing_alloc.h"

#include "stats/learning/calibration.h"

static int with_arena(void **state)
{
    strata_error err = {0};
    arena *a = NULL;
    assert_ok(arena_new(&a, &err), &err);
    *state = a;
    return 0;
}

static int without_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static calibration platt_of(const scored *s)
{
    calibration c = {0};
    strata_error err = {0};
    assert_ok(calibration_platt(s, &c, &err), &err);
    return c;
}

static calibration isotonic_of(const scored *s, arena *a)
{
    calibration c = {0};
    strata_error err = {0};
    assert_ok(calibration_isotonic(s, a, &c, &err), &err);
    return c;
}

static void platts_curve_is_that_of_glm_on_his_targets(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    calibration c = platt_of(&(scored){SAMPLE_N, x.a, x.y});
    assert_false(c.flat);
    assert_close(c.intercept, -0.608664397014543, 1e-9);
    assert_close(c.slope, 2.168646819379212, 1e-9);
    assert_close(calibration_apply(&c, 0.3), 1.0 / (1.0 + exp(-(c.intercept + 0.3 * c.slope))),
                 1e-14);
}

static void isotonic_curve_is_that_of_sklearn(void **state)
{
    prediction_sample x;
    make_sample(&x);
    calibration c = isotonic_of(&(scored){SAMPLE_N, x.b, x.y}, *state);
    const double at[] = {-2, -0.95, -0.5, -0.05, 0.0, 0.33, 0.6, 0.97, 2};
    const double want[] = {0.5 / 201,         0.03125,           0.246153846153846,
                           0.37817896389325,  0.510204081632653, 0.510204081632653,
                           0.666666666666667, 0.740740740740741, 0.740740740740741};
    for (size_t i = 0; i < COUNT(at); i++) {
        assert_close(calibration_apply(&c, at[i]), want[i], 1e-13);
    }
    assert_true(exactly(c.knot_share[0], 0.0));
}

/* Never falling, and strictly between 0 and 1, from far under to far above the scores seen. */
static void assert_rising(const calibration *c)
{
    double before = 0.0;
    for (int i = -3000; i <= 3000; i++) {
        double p = calibration_apply(c, (double)i / 1000.0);
        assert_true(p >= before && p > 0.0 && p < 1.0);
        before = p;
    }
    const double far[] = {-INFINITY, -1e300, 1e300, INFINITY};
    for (size_t i = 0; i < COUNT(far); i++) {
        double p = calibration_apply(c, far[i]);
        assert_true(p > 0.0 && p < 1.0);
    }
    assert_true(isnan(calibration_apply(c, (double)NAN)));
}

static void curves_rise_and_stay_within_bounds(void **state)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        double score[60];
        uint8_t outcome[60];
        rng r;
        rng_init(&r, seed, 0);
        for (size_t i = 0; i < 60; i++) {
            score[i] = floor(rng_normal(&r) * 10.0) / 10.0;
            outcome[i] = i < 2 ? i == 1 : rng_uniform(&r) < 0.5 + 0.3 * score[i];
        }
        scored s = {60, score, outcome};
        calibration c = platt_of(&s);
        assert_rising(&c);
        c = isotonic_of(&s, *state);
        assert_rising(&c);
    }
}

static void isotonic_fits_each_level_by_its_share(void **state)
{
    prediction_sample x;
    make_sample(&x);
    calibration c = isotonic_of(&(scored){SAMPLE_N, x.a, x.y}, *state);
    /* The mean of the fit is the share of positives, and fitting the fit changes nothing. */
    double fitted[SAMPLE_N];
    double sum = 0.0;
    for (size_t i = 0; i < SAMPLE_N; i++) {
        fitted[i] = calibration_apply(&c, x.a[i]);
        bool at_edge = fitted[i] <= c.margin || fitted[i] >= 1.0 - c.margin;
        sum += at_edge ? round(fitted[i]) : fitted[i];
    }
    assert_close(sum, 77.0, 1e-12);
    calibration again = isotonic_of(&(scored){SAMPLE_N, fitted, x.y}, *state);
    for (size_t i = 0; i < SAMPLE_N; i++) {
        assert_close(calibration_apply(&again, fitted[i]), fitted[i], 1e-12);
    }
}

static void useless_scores_get_one_chance(void **state)
{
    const double score[] = {1, 2, 3, 4, 5, 6};
    const uint8_t outcome[] = {1, 1, 0, 1, 0, 0};
    scored s = {6, score, outcome};
    calibration c = platt_of(&s);
    assert_true(c.flat && exactly(c.slope, 0.0));
    assert_close(calibration_apply(&c, 9.0), 0.5, 1e-14);
    c = isotonic_of(&s, *state);
    assert_true(c.flat);
    assert_close(calibration_apply(&c, 9.0), 0.5, 1e-14);
    const double same[] = {3, 3, 3, 3};
    const uint8_t one[] = {0, 0, 1, 0};
    scored t = {4, same, one};
    c = platt_of(&t);
    assert_true(c.flat);
    assert_close(calibration_apply(&c, 3.0), (2.0 / 3.0 + 3.0 * 1.0 / 5.0) / 4.0, 1e-14);
    c = isotonic_of(&t, *state);
    assert_true(c.flat && c.n_knots == 1);
    assert_close(calibration_apply(&c, 8.0), 0.25, 1e-14);
}

static void a_perfect_order_stays_short_of_certainty(void **state)
{
    const double score[] = {1, 2, 3, 4, 5, 6};
    const uint8_t outcome[] = {0, 0, 0, 1, 1, 1};
    scored s = {6, score, outcome};
    calibration c = platt_of(&s);
    assert_true(!c.flat && calibration_apply(&c, 6.0) < 0.95);
    c = isotonic_of(&s, *state);
    assert_close(calibration_apply(&c, 6.0), 1.0 - 0.5 / 7.0, 1e-14);
    assert_close(calibration_apply(&c, 3.5), 0.5, 1e-14);
}

static void curves_refuse_one_outcome_and_missing_scores(void **state)
{
    const double score[] = {1, 2, NAN};
    const uint8_t none[] = {0, 0, 0};
    calibration c = {.n = 4711};
    strata_error err = {0};
    assert_int_equal(calibration_platt(&(scored){2, score, none}, &c, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "all 2 outcomes are 0; rows of both outcomes are needed");
    assert_int_equal(calibration_isotonic(&(scored){2, score, none}, *state, &c, &err),
                     STRATA_E_DATA);
    assert_int_equal(calibration_isotonic(&(scored){0, score, none}, *state, &c, &err),
                     STRATA_E_DATA);
    assert_int_equal(calibration_platt(&(scored){3, score, none}, &c, &err), STRATA_E_DATA);
    assert_string_equal(err.message,
                        "the score of row 2 is nan; missing values must be dropped first");
    assert_int_equal(c.n, 4711);
}

static void losses_are_those_of_sklearn(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    scored s = {SAMPLE_N, x.p, x.y};
    double loss = 0.0;
    strata_error err = {0};
    assert_ok(brier_score(&s, &loss, &err), &err);
    assert_close(loss, 0.182861204243331, 1e-13);
    assert_ok(log_loss(&s, &loss, &err), &err);
    assert_close(loss, 0.541413606102088, 1e-13);
    const double sure[] = {0.0, 1.0};
    const uint8_t wrong[] = {1, 0};
    assert_ok(log_loss(&(scored){2, sure, wrong}, &loss, &err), &err);
    assert_close(loss, -log(2.220446049250313e-16), 1e-12);
    assert_int_equal(log_loss(&(scored){0, sure, wrong}, &loss, &err), STRATA_E_DATA);
    const double beyond[] = {0.5, 1.5};
    assert_int_equal(brier_score(&(scored){2, beyond, wrong}, &loss, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "the probability of row 1 is 1.5; it must be from 0 to 1");
}

static void bins_hold_equal_numbers_and_never_part_ties(void **state)
{
    (void)state;
    const double p[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.9};
    const uint8_t y[] = {0, 0, 1, 0, 0, 0, 1, 0, 1, 1};
    scored s = {10, p, y};
    reliability_bin bins[10];
    size_t used = 0;
    strata_error err = {0};
    assert_ok(reliability_bins(&s, 5, bins, &used, &err), &err);
    assert_int_equal(used, 4);
    assert_true(bins[0].n == 5 && bins[0].hits == 1 && exactly(bins[0].mean_predicted, 0.1));
    assert_true(bins[1].n == 2 && exactly(bins[1].low, 0.2) && exactly(bins[1].high, 0.3));
    assert_true(bins[2].n == 2 && bins[3].n == 1);
    assert_close(bins[0].share_95.low, 0.0362, 1e-2); /* Newcombe 1998: 1 of 5 by Wilson */
    assert_close(bins[0].share_95.high, 0.6245, 1e-3);
    assert_ok(reliability_bins(&s, 1, bins, &used, &err), &err);
    assert_true(used == 1 && bins[0].n == 10);
    assert_ok(reliability_bins(&s, 10, bins, &used, &err), &err);
    assert_int_equal(used, 6);
    assert_ok(reliability_bins(&(scored){0, p, y}, 10, bins, &used, &err), &err);
    assert_int_equal(used, 0);
    assert_int_equal(reliability_bins(&s, 0, bins, &used, &err), STRATA_E_USAGE);
}

static void the_brier_score_comes_apart_and_together(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    scored s = {SAMPLE_N, x.p, x.y};
    brier_parts b = {0};
    strata_error err = {0};
    assert_ok(brier_split(&s, 10, &b, &err), &err);
    assert_close(b.brier, 0.182861204243331, 1e-13);
    assert_close(b.reliability - b.resolution + b.uncertainty + b.within, b.brier, 1e-14);
    assert_close(b.uncertainty, 0.385 * 0.615, 1e-14);
    assert_true(b.resolution > 0.0 && b.reliability > 0.0 && b.skill > 0.0);
    /* Murphy's own case: few distinct probabilities, each a bin, leave nothing within. */
    double rounded[SAMPLE_N];
    for (size_t i = 0; i < SAMPLE_N; i++) {
        rounded[i] = floor(x.p[i] * 10.0) / 10.0;
    }
    assert_ok(brier_split(&(scored){SAMPLE_N, rounded, x.y}, SAMPLE_N, &b, &err), &err);
    assert_close_at(b.within, 0.0, 0.0, 1e-15, __FILE__, __LINE__);
    const uint8_t none[] = {0, 0};
    assert_ok(brier_split(&(scored){2, rounded, none}, 5, &b, &err), &err);
    assert_true(exactly(b.skill, 0.0) && exactly(b.uncertainty, 0.0));
    assert_int_equal(brier_split(&s, 0, &b, &err), STRATA_E_USAGE);
}

static void slope_and_level_are_those_of_glm(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    calibration_check c = {0};
    strata_error err = {0};
    assert_ok(calibration_check_run(&(scored){SAMPLE_N, x.p, x.y}, &c, &err), &err);
    assert_true(c.defined && c.sloped && c.test.defined);
    assert_close(c.in_the_large, 0.465638971552709, 1e-9);
    assert_close(c.in_the_large_se, 0.158960615177958, 1e-8);
    assert_close(c.intercept, 0.876588498671584, 1e-9);
    assert_close(c.slope, 1.494892430547050, 1e-9);
    assert_close(c.slope_se, 0.223333660367682, 1e-8);
    assert_close(c.test.statistic, 13.9092862086326, 1e-10);
    assert_close(c.test.p, 0.000954194428028297, 1e-9);
    double sum = 0.0;
    for (size_t i = 0; i < SAMPLE_N; i++) {
        sum += x.p[i];
    }
    assert_close(c.expected, sum, 1e-13);
}

static void a_check_says_when_it_cannot_tell(void **state)
{
    (void)state;
    const double p[] = {0.1, 0.2, 0.8, 0.9};
    const double same[] = {0.5, 0.5, 0.5, 0.5};
    const double sure[] = {0.0, 0.0, 1.0, 1.0};
    const uint8_t parted[] = {0, 0, 1, 1};
    const uint8_t none[] = {0, 0, 0, 0};
    calibration_check c = {0};
    strata_error err = {0};
    assert_ok(calibration_check_run(&(scored){4, p, parted}, &c, &err), &err);
    assert_true(c.defined && !c.sloped && !c.test.defined);
    assert_ok(calibration_check_run(&(scored){4, same, parted}, &c, &err), &err);
    assert_true(c.defined && !c.sloped);
    assert_close_at(c.in_the_large, 0.0, 0.0, 1e-12, __FILE__, __LINE__);
    assert_ok(calibration_check_run(&(scored){4, p, none}, &c, &err), &err);
    assert_true(!c.defined && !c.sloped && exactly(c.slope, 0.0));
    assert_close(c.expected, 2.0, 1e-14);
    assert_ok(calibration_check_run(&(scored){0, p, none}, &c, &err), &err);
    assert_false(c.defined);
    assert_ok(calibration_check_run(&(scored){4, sure, parted}, &c, &err), &err);
    assert_true(isfinite(c.in_the_large) && !c.sloped);
}

static void the_order_of_rows_changes_nothing(void **state)
{
    prediction_sample x;
    make_sample(&x);
    scored s = {SAMPLE_N, x.p, x.y};
    scored tied = {SAMPLE_N, x.b, x.y};
    strata_error err = {0};
    calibration platt = platt_of(&tied);
    calibration isotonic = isotonic_of(&tied, *state);
    calibration_check check = {0};
    assert_ok(calibration_check_run(&s, &check, &err), &err);
    brier_parts parts = {0};
    assert_ok(brier_split(&s, 10, &parts, &err), &err);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        uint32_t order[SAMPLE_N];
        double score[SAMPLE_N];
        uint8_t outcome[SAMPLE_N];
        scored moved = {SAMPLE_N, score, outcome};
        shuffle_scored(&tied, seed, order, score, outcome);
        calibration c = platt_of(&moved);
        assert_true(exactly(c.slope, platt.slope) && exactly(c.intercept, platt.intercept));
        c = isotonic_of(&moved, *state);
        assert_int_equal(c.n_knots, isotonic.n_knots);
        assert_memory_equal(c.knot_share, isotonic.knot_share, c.n_knots * sizeof(double));
        shuffle_scored(&s, seed, order, score, outcome);
        calibration_check k = {0};
        assert_ok(calibration_check_run(&moved, &k, &err), &err);
        assert_true(exactly(k.slope, check.slope) && exactly(k.expected, check.expected));
        brier_parts b = {0};
        assert_ok(brier_split(&moved, 10, &b, &err), &err);
        assert_true(exactly(b.brier, parts.brier) && exactly(b.within, parts.within));
    }
}

static void calibrated_probabilities_are_calibrated(void **state)
{
    enum { N = 4000 };
    static double score[2][N];
    static uint8_t outcome[2][N];
    rng r;
    rng_init(&r, 3, 0);
    for (size_t half = 0; half < 2; half++) {
        for (size_t i = 0; i < N; i++) {
            score[half][i] = rng_normal(&r);
            /* Their true chance is a logistic curve of three times the score less two. */
            outcome[half][i] = rng_uniform(&r) < 1.0 / (1.0 + exp(2.0 - 3.0 * score[half][i]));
        }
    }
    scored learn = {N, score[0], outcome[0]};
    const calibration curves[] = {platt_of(&learn), isotonic_of(&learn, *state)};
    for (size_t k = 0; k < 2; k++) {
        static double p[N];
        for (size_t i = 0; i < N; i++) {
            p[i] = calibration_apply(&curves[k], score[1][i]);
        }
        calibration_check c = {0};
        strata_error err = {0};
        assert_ok(calibration_check_run(&(scored){N, p, outcome[1]}, &c, &err), &err);
        assert_true(fabs(c.slope - 1.0) < 0.1 && fabs(c.in_the_large) < 0.15);
    }
}

static void running_out_of_memory_is_reported(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    scored s = {SAMPLE_N, x.p, x.y};
    int n = 0;
    FAILURE_LOOP(n, {
        calibration c = {0};
        strata_error err = {0};
        strata_status st = calibration_platt(&s, &c, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, c.n == 0);
    });
    FAILURE_LOOP(n, {
        calibration c = {0};
        strata_error err = {0};
        arena *a = NULL;
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            st = calibration_isotonic(&s, a, &c, &err);
        }
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, c.n == 0);
        arena_free(a);
    });
    FAILURE_LOOP(n, {
        calibration_check c = {0};
        strata_error err = {0};
        strata_status st = calibration_check_run(&s, &c, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, c.n == 0);
    });
    FAILURE_LOOP(n, {
        brier_parts b = {0};
        strata_error err = {0};
        strata_status st = brier_split(&s, 10, &b, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(b.brier, 0.0));
    });
    assert_true(n > 15);
}

int main(void)
{
#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, with_arena, without_arena)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(platts_curve_is_that_of_glm_on_his_targets),
        IN_ARENA(isotonic_curve_is_that_of_sklearn),
        IN_ARENA(curves_rise_and_stay_within_bounds),
        IN_ARENA(isotonic_fits_each_level_by_its_share),
        IN_ARENA(useless_scores_get_one_chance),
        IN_ARENA(a_perfect_order_stays_short_of_certainty),
        IN_ARENA(curves_refuse_one_outcome_and_missing_scores),
        cmocka_unit_test(losses_are_those_of_sklearn),
        cmocka_unit_test(bins_hold_equal_numbers_and_never_part_ties),
        cmocka_unit_test(the_brier_score_comes_apart_and_together),
        cmocka_unit_test(slope_and_level_are_those_of_glm),
        cmocka_unit_test(a_check_says_when_it_cannot_tell),
        IN_ARENA(the_order_of_rows_changes_nothing),
        IN_ARENA(calibrated_probabilities_are_calibrated),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
