/* SPDX-License-Identifier: Apache-2.0 */
/* Reference values: R 4.2.2 and SciPy 1.10.1, tests/data/stats. */
#include "strata_test.h"

#include "exactly.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/inference/trend.h"

/* prop.trend.test(x, n): the smokers of its help page, and uneven places, one of them
 * without members, which changes nothing. */
static void trend_of_shares_matches_r(void **state)
{
    (void)state;
    static const size_t hits[] = {83, 90, 129, 70};
    static const size_t n[] = {86, 93, 136, 82};
    static const size_t hits2[] = {12, 9, 7, 0, 0, 3};
    static const size_t n2[] = {40, 38, 41, 0, 12, 39};
    static const double place[] = {1, 2, 4, 5, 7, 9};
    trend t = trend_of_shares(hits, n, NULL, 4);
    assert_true(t.test.defined && exactly(t.test.df, 1.0));
    assert_close(t.test.statistic, 8.2249222851977102, 1e-13);
    assert_close(t.test.p, 0.004131897477641487, 1e-12);
    /* coef(lm(hits / n ~ place, weights = n)) */
    assert_close(t.slope, -0.033415626412601436, 1e-12);
    assert_true(t.slope_95.low < t.slope && t.slope < t.slope_95.high && t.slope_95.high < 0.0);
    assert_true(exactly(t.test.effect, t.slope));

    t = trend_of_shares(hits2, n2, place, 6);
    assert_close(t.test.statistic, 8.6996379287861174, 1e-13);
    assert_close(t.test.p, 0.003182732634564762, 1e-12);
}

static void shares_that_tell_nothing_have_no_trend(void **state)
{
    (void)state;
    static const size_t none[] = {0, 0};
    static const size_t n[] = {5, 7};
    static const size_t some[] = {2, 0};
    static const size_t one[] = {5, 0};
    static const double same[] = {3, 3};
    assert_false(trend_of_shares(none, n, NULL, 2).test.defined);
    assert_false(trend_of_shares(n, n, NULL, 2).test.defined);
    assert_false(trend_of_shares(some, one, NULL, 2).test.defined);
    assert_false(trend_of_shares(some, n, same, 2).test.defined);
    assert_false(trend_of_shares(NULL, NULL, NULL, 0).test.defined);
    assert_true(exactly(trend_of_shares(none, n, NULL, 2).slope, 0.0));
}

/* A slope of -2 points per group is covered 95 % of the time. */
static void interval_of_the_slope_covers_it(void **state)
{
    (void)state;
    enum { RUNS = 1000, GROUPS = 8 };
    int covered = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        size_t hits[GROUPS] = {0};
        size_t n[GROUPS];
        rng r;
        rng_init(&r, 17, run);
        for (size_t g = 0; g < GROUPS; g++) {
            n[g] = 40 + (size_t)rng_below(&r, 100);
            for (size_t i = 0; i < n[g]; i++) {
                hits[g] += rng_uniform(&r) < 0.3 - 0.02 * (double)g;
            }
        }
        trend t = trend_of_shares(hits, n, NULL, GROUPS);
        covered += t.slope_95.low <= -0.02 && -0.02 <= t.slope_95.high;
    }
    assert_in_range(covered, 930, 970);
}

static void check_values(const double *y, const double *x, size_t n, const double *want)
{
    trend t;
    strata_error err = {0};
    assert_ok(trend_of_values(y, x, n, &t, &err), &err);
    assert_true(t.test.defined && exactly(t.test.statistic, want[0]));
    assert_close(t.test.p, want[1], 1e-12);
    assert_close(t.test.effect, want[2], 1e-13);
}

/* cor.test(seq_along(y), y, method = "kendall"), whose T counts rising pairs: S = 2 T - pairs. */
static void trend_of_values_matches_r(void **state)
{
    (void)state;
    static const double falling[] = {5.1, 4.8, 4.9, 4.2, 4.4, 3.9, 3.7, 4.0, 3.1, 3.3};
    static const double tied[] = {3, 3, 1, 4, 4, 5, 9, 2, 6, 5, 3};
    static const double three[] = {2, 9, 4};
    double fifty[50];
    double sixty[60];
    for (size_t i = 0; i < 60; i++) {
        double k = (double)i + 1.0;
        sixty[i] = fmod(k * 37.0, 61.0);
        if (i < 50) {
            fifty[i] = sixty[i] + 0.25 * k;
        }
    }
    check_values(falling, NULL, 10, (double[]){-35, 0.00094631834215167551, -0.77777777777777779});
    check_values(tied, NULL, 11, (double[]){16, 0.23470247795516064, 0.30510802855858954});
    check_values(three, NULL, 3, (double[]){1, 1.0, 1.0 / 3.0});
    check_values(fifty, NULL, 50, (double[]){141, 0.24295396887717247, 0.11510204081632654});
    check_values(sixty, NULL, 60, (double[]){96, 0.54457905834883691, 0.054237288135593219});
}

/* scipy.stats.theilslopes(y, x): slope and interval */
static void sens_slope_matches_scipy(void **state)
{
    (void)state;
    static const double falling[] = {5.1, 4.8, 4.9, 4.2, 4.4, 3.9, 3.7, 4.0, 3.1, 3.3};
    static const double tied[] = {3, 3, 1, 4, 4, 5, 9, 2, 6, 5, 3};
    static const double uneven[] = {2, 1, 5, 4, 8, 7.5};
    static const double at[] = {1, 2, 4, 8, 9, 12};
    trend t;
    strata_error err = {0};
    assert_ok(trend_of_values(falling, NULL, COUNT(falling), &t, &err), &err);
    assert_close(t.slope, -0.22, 1e-12);
    assert_close(t.slope_95.low, -0.3, 1e-12);
    assert_close(t.slope_95.high, -0.15, 1e-12);
    assert_ok(trend_of_values(tied, NULL, COUNT(tied), &t, &err), &err);
    assert_close(t.slope, 0.25, 1e-12);
    assert_close(t.slope_95.low, -1.0 / 6.0, 1e-12);
    assert_close(t.slope_95.high, 0.5, 1e-12);
    assert_ok(trend_of_values(uneven, at, COUNT(uneven), &t, &err), &err);
    assert_close(t.slope, 0.6, 1e-12);
    assert_close(t.slope_95.low, -0.25, 1e-12);
    assert_close(t.slope_95.high, 2.0, 1e-12);
}

static void values_that_tell_nothing_have_no_trend(void **state)
{
    (void)state;
    static const double same[] = {4, 4, 4, 4};
    trend t = {.slope = 9.0};
    strata_error err = {0};
    assert_ok(trend_of_values(same, NULL, 4, &t, &err), &err);
    assert_true(!t.test.defined && exactly(t.slope, 0.0));
    assert_ok(trend_of_values(same, NULL, 2, &t, &err), &err);
    assert_false(t.test.defined);
    assert_ok(trend_of_values(NULL, NULL, 0, &t, &err), &err);
    assert_false(t.test.defined);
}

static void bad_values_are_refused(void **state)
{
    (void)state;
    static const double y[] = {1, NAN, 2};
    static const double x[] = {1, 3, 3};
    static const double good[] = {1, 5, 2};
    trend t = {.slope = 9.0};
    strata_error err = {0};
    assert_int_equal(trend_of_values(y, NULL, 3, &t, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "value 1 of a trend is not a finite number");
    assert_int_equal(trend_of_values(good, y, 3, &t, &err), STRATA_E_USAGE);
    assert_int_equal(trend_of_values(good, x, 3, &t, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "places of a trend must rise; place 2 is 3");
    assert_int_equal(trend_of_values(good, NULL, TREND_VALUES_MAX + 1, &t, &err), STRATA_E_USAGE);
    assert_true(exactly(t.slope, 9.0));
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const double y[] = {1, 5, 2};
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        trend t = {.slope = 9.0};
        strata_status st = trend_of_values(y, NULL, 3, &t, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(t.slope, 9.0));
    });
    assert_int_equal(failures, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trend_of_shares_matches_r),
        cmocka_unit_test(shares_that_tell_nothing_have_no_trend),
        cmocka_unit_test(interval_of_the_slope_covers_it),
        cmocka_unit_test(trend_of_values_matches_r),
        cmocka_unit_test(sens_slope_matches_scipy),
        cmocka_unit_test(values_that_tell_nothing_have_no_trend),
        cmocka_unit_test(bad_values_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("trend", tests, NULL, NULL);
}
