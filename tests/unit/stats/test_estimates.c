/* SPDX-License-Identifier: Apache-2.0 */
/* Quantiles, concentration, bootstrap intervals. */
#include "strata_test.h"

#include "exactly.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/inference/bootstrap.h"
#include "stats/inference/concentration.h"
#include "stats/inference/quantile.h"

/* quantile(c(9, 1, 5, 3, 7, 20), c(0, .1, .25, .5, .75, .9, 1)) in R 4.2.2 */
static void quantiles_match_r_type_7(void **state)
{
    (void)state;
    double x[] = {9, 1, 5, 3, 7, 20};
    static const double q[] = {0, .1, .25, .5, .75, .9, 1};
    static const double want[] = {1.0, 2.0, 3.5, 6.0, 8.5, 14.5, 20.0};
    sort_values(x, COUNT(x));
    for (size_t i = 0; i < COUNT(q); i++) {
        assert_close(quantile_sorted(x, COUNT(x), q[i]), want[i], 1e-14);
    }
    assert_true(exactly(quantile_sorted(x, 1, 0.5), 1.0));
}

/* max(which(pbinom(seq_len(n) - 1, n, .5) <= .025)) in R: 1, 2, 40, 470 */
static void median_interval_takes_the_ranks_r_gives(void **state)
{
    (void)state;
    static const struct {
        size_t n, k;
    } rows[] = {{6, 1}, {11, 2}, {100, 40}, {1001, 470}};
    double x[1001];
    for (size_t i = 0; i < COUNT(x); i++) {
        x[i] = (double)(i + 1);
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        interval m = {0};
        assert_true(median_interval_sorted(x, rows[i].n, &m));
        assert_true(exactly(m.low, (double)rows[i].k) &&
                    exactly(m.high, (double)(rows[i].n + 1 - rows[i].k)));
    }
    interval untouched = {-7.0, -7.0};
    assert_false(median_interval_sorted(x, 5, &untouched) ||
                 median_interval_sorted(x, 0, &untouched));
    assert_true(exactly(untouched.low, -7.0));
}

/* The example of R's ineq::Gini: 0.4620911. */
static void gini_matches_ineq(void **state)
{
    (void)state;
    static const double x[] = {541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261};
    static const double even[] = {3, 3, 3, 3};
    static const double one[] = {0, 0, 0, 8};
    static const double nothing[] = {0, 0};
    assert_close(gini_sorted(x, COUNT(x)), 0.46209113026762383, 1e-14);
    assert_true(exactly(gini_sorted(even, 4), 0.0) && exactly(gini_sorted(one, 4), 0.75));
    assert_true(exactly(gini_sorted(nothing, 2), 0.0) && exactly(gini_sorted(NULL, 0), 0.0));
    assert_close(top_share_sorted(x, COUNT(x), 2), 34165.0 / 66586.0, 1e-15);
    assert_true(exactly(top_share_sorted(x, COUNT(x), 99), 1.0) &&
                exactly(top_share_sorted(nothing, 2, 1), 0.0));
}

/* Its area gives the Gini coefficient back. */
static void lorenz_curve_is_below_the_diagonal(void **state)
{
    (void)state;
    static const double x[] = {541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261};
    double curve[11];
    double area = 0.0;
    lorenz_sorted(x, COUNT(x), 10, curve);
    assert_true(exactly(curve[0], 0.0));
    assert_close(curve[10], 1.0, 1e-15);
    assert_close(curve[8], 1.0 - 34165.0 / 66586.0, 1e-14);
    for (size_t k = 0; k < 10; k++) {
        area += (curve[k] + curve[k + 1]) / 20.0;
        assert_true(curve[k] <= (double)k / 10.0 + 1e-15);
    }
    assert_close(1.0 - 2.0 * area, gini_sorted(x, COUNT(x)), 1e-13);
    lorenz_sorted(x, 3, 6, curve); /* between values: half of the smallest */
    assert_close(curve[1], 541.0 / 2.0 / 4449.0, 1e-14);
}

enum { N = 300 };

static void make_accounts(int64_t base[N], int64_t part[N])
{
    rng r;
    rng_init(&r, 11, 0);
    for (size_t i = 0; i < N; i++) {
        base[i] = 100 + (int64_t)rng_below(&r, 10000);
        part[i] = rng_uniform(&r) < 0.1 ? 0 : base[i] + (int64_t)rng_below(&r, 500);
    }
}

static void ratio_interval_is_the_same_for_any_threads(void **state)
{
    (void)state;
    int64_t base[N];
    int64_t part[N];
    make_accounts(base, part);
    ratio_sample sample = {.n = N, .base = base, .parts = {part, base}, .n_parts = 2};
    strata_error err = {0};
    interval first[2] = {0};
    for (int threads = 1; threads <= 7; threads += 3) {
        context cx = {.threads = threads, .seed = 5};
        interval got[2];
        assert_ok(bootstrap_ratios(&cx, 3, &sample, got, &err), &err);
        if (threads > 1) {
            assert_memory_equal(first, got, sizeof got);
        }
        memcpy(first, got, sizeof got);
    }
    assert_true(exactly(first[1].low, 1.0) && exactly(first[1].high, 1.0));
}

/* The linearised standard error and the bootstrap agree for well-behaved ratios. */
static void ratio_interval_agrees_with_the_linearised_error(void **state)
{
    (void)state;
    int64_t base[N];
    int64_t part[N];
    make_accounts(base, part);
    ratio_sample sample = {.n = N, .base = base, .parts = {part}, .n_parts = 1};
    context cx = {.threads = 1, .seed = 5};
    strata_error err = {0};
    interval got;
    assert_ok(bootstrap_ratios(&cx, 0, &sample, &got, &err), &err);
    double sum_base = 0.0;
    double sum_part = 0.0;
    double squares = 0.0;
    for (size_t i = 0; i < N; i++) {
        sum_base += (double)base[i];
        sum_part += (double)part[i];
    }
    double ratio = sum_part / sum_base;
    for (size_t i = 0; i < N; i++) {
        squares += pow((double)part[i] - ratio * (double)base[i], 2.0);
    }
    double half = 1.96 * sqrt(squares * N / (N - 1.0)) / sum_base;
    assert_true(got.low < ratio && ratio < got.high);
    assert_close(got.high - got.low, 2.0 * half, 0.08);
}

static void large_portfolios_use_the_linearised_error(void **state)
{
    (void)state;
    enum { MANY = BOOTSTRAP_ACCOUNTS_MAX + 1 };
    static int64_t base[MANY];
    static int64_t part[MANY];
    for (size_t i = 0; i < MANY; i++) {
        base[i] = 100;
        part[i] = i % 2 == 0 ? 0 : 200;
    }
    ratio_sample sample = {.n = MANY, .base = base, .parts = {part}, .n_parts = 1};
    context cx = {.threads = 2, .seed = 5};
    strata_error err = {0};
    interval got;
    assert_ok(bootstrap_ratios(&cx, 0, &sample, &got, &err), &err);
    assert_close(got.high - got.low, 2.0 * 1.959964 / sqrt(MANY), 1e-3); /* standard deviation 1 */
    sample.n = 0;
    assert_int_equal(bootstrap_ratios(&cx, 0, &sample, &got, &err), STRATA_E_USAGE);
}

/* All 6^6 (5^5) samples with replacement of a few values, their medians' 2.5 % and 97.5 % points.
 */
static void exact_median_interval(const double *x, size_t n, double *low, double *high)
{
    static double medians[46656];
    size_t total = 1;
    for (size_t i = 0; i < n; i++) {
        total *= n;
    }
    for (size_t code = 0; code < total; code++) {
        double drawn[6];
        size_t rest = code;
        for (size_t i = 0; i < n; i++, rest /= n) {
            drawn[i] = x[rest % n];
        }
        sort_values(drawn, n);
        medians[code] = quantile_sorted(drawn, n, 0.5);
    }
    sort_values(medians, total);
    *low = quantile_sorted(medians, total, 0.025);
    *high = quantile_sorted(medians, total, 0.975);
}

static void median_difference_agrees_with_all_samples(void **state)
{
    (void)state;
    static const double x[] = {0, 1, 3, 4, 8, 20};
    static const double zero[] = {0};
    context cx = {.threads = 1, .seed = 1};
    strata_error err = {0};
    for (size_t n = 5; n <= 6; n++) {
        double low;
        double high;
        interval got;
        exact_median_interval(x, n, &low, &high);
        assert_ok(bootstrap_median_difference(&cx, 0, (sorted_sample){x, n},
                                              (sorted_sample){zero, 1}, &got, &err),
                  &err);
        assert_true(fabs(got.low - low) <= 0.5 && fabs(got.high - high) <= 0.5);
        assert_ok(bootstrap_median_difference(&cx, 0, (sorted_sample){zero, 1},
                                              (sorted_sample){x, n}, &got, &err),
                  &err);
        assert_true(fabs(got.low + high) <= 0.5 && fabs(got.high + low) <= 0.5);
    }
    interval got;
    assert_int_equal(bootstrap_median_difference(&cx, 0, (sorted_sample){x, 0},
                                                 (sorted_sample){zero, 1}, &got, &err),
                     STRATA_E_USAGE);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const int64_t base[] = {100, 200};
    static const double x[] = {1, 2};
    ratio_sample sample = {.n = 2, .base = base, .parts = {base}, .n_parts = 1};
    context cx = {.threads = 1, .seed = 1};
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        interval got = {-1.0, -1.0};
        strata_status st = bootstrap_ratios(&cx, 0, &sample, &got, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(got.low, -1.0));
    });
    FAILURE_LOOP(failures, {
        interval got = {-1.0, -1.0};
        strata_status st = bootstrap_median_difference(&cx, 0, (sorted_sample){x, 2},
                                                       (sorted_sample){x, 2}, &got, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(got.low, -1.0));
    });
    assert_true(failures >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_match_r_type_7),
        cmocka_unit_test(median_interval_takes_the_ranks_r_gives),
        cmocka_unit_test(gini_matches_ineq),
        cmocka_unit_test(lorenz_curve_is_below_the_diagonal),
        cmocka_unit_test(ratio_interval_is_the_same_for_any_threads),
        cmocka_unit_test(ratio_interval_agrees_with_the_linearised_error),
        cmocka_unit_test(large_portfolios_use_the_linearised_error),
        cmocka_unit_test(median_difference_agrees_with_all_samples),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("estimates", tests, NULL, NULL);
}
