/* SPDX-License-Identifier: Apache-2.0 */
/* Reference values: SciPy 1.10.1 and R 4.2.2, tests/data/stats. */
#include "strata_test.h"

#include "exactly.h"

#include "support/failing_alloc.h"

#include "stats/inference/contingency.h"
#include "stats/inference/holm.h"
#include "stats/inference/proportion.h"
#include "stats/inference/rank.h"
#include "stats/survival/logrank.h"

/* Newcombe 1998, Statistics in Medicine 17:857, table I, method 3. */
static void wilson_matches_newcombe(void **state)
{
    (void)state;
    static const struct {
        size_t hits, n;
        double low, high;
    } rows[] = {{81, 263, .2553, .3662},
                {15, 148, .0624, .1605},
                {0, 20, .0, .1611},
                {1, 29, .0061, .1718}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        interval w = wilson_interval(rows[i].hits, rows[i].n);
        assert_true(fabs(w.low - rows[i].low) < 5.1e-5 && fabs(w.high - rows[i].high) < 5.1e-5);
    }
    assert_true(exactly(wilson_interval(0, 20).low, 0.0) &&
                exactly(wilson_interval(7, 7).high, 1.0));
    assert_true(exactly(wilson_interval(0, 0).low, 0.0) &&
                exactly(wilson_interval(0, 0).high, 1.0));
}

/* Newcombe 1998, Statistics in Medicine 17:873, table II, method 10, contrasts (a), (b), (f), (h).
 */
static void difference_interval_matches_newcombe(void **state)
{
    (void)state;
    static const struct {
        size_t hits_a, n_a, hits_b, n_b;
        double low, high;
    } rows[] = {{56, 70, 48, 80, .0524, .3339},
                {9, 10, 3, 10, .1705, .8090},
                {10, 10, 0, 20, .6791, 1.0},
                {0, 10, 0, 20, -.1611, .2775}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        interval d = newcombe_interval(rows[i].hits_a, rows[i].n_a, rows[i].hits_b, rows[i].n_b);
        assert_true(fabs(d.low - rows[i].low) < 5.1e-5 && fabs(d.high - rows[i].high) < 5.1e-5);
    }
    assert_true(exactly(newcombe_interval(0, 0, 1, 2).low, -1.0));
}

/* scipy.stats.chi2_contingency(..., correction=False) */
static void chi_square_matches_scipy(void **state)
{
    (void)state;
    static const size_t table[] = {12, 5, 8, 7, 14, 3, 20, 22, 31};
    strata_error err = {0};
    stat_test t;
    double least = 0.0;
    assert_ok(chi_square_independence(table, 3, 3, &t, &least, &err), &err);
    assert_true(t.defined && exactly(t.df, 4.0));
    assert_close(t.statistic, 13.31606281771835, 1e-13);
    assert_close(t.p, 0.009830392130990911, 1e-12);
    assert_close(t.effect, 0.2336108472256129, 1e-13);
    assert_close(least, 7.672131147540983, 1e-13);

    stat_test two = two_proportions(56, 70, 48, 80);
    assert_close(two.statistic, 7.023411371237456, 1e-12);
    assert_close(two.p, 0.008045081368196585, 1e-12);
    assert_close(two.effect, 0.2, 1e-13);
}

static void empty_rows_and_columns_do_not_count(void **state)
{
    (void)state;
    static const size_t small[] = {56, 14, 48, 32};
    static const size_t wide[] = {56, 0, 14, 0, 0, 0, 48, 0, 32};
    static const size_t one_row[] = {5, 7, 0, 0};
    strata_error err = {0};
    stat_test a;
    stat_test b;
    assert_ok(chi_square_independence(small, 2, 2, &a, NULL, &err), &err);
    assert_ok(chi_square_independence(wide, 3, 3, &b, NULL, &err), &err);
    assert_true(exactly(a.df, b.df));
    assert_close(a.statistic, b.statistic, 1e-14);
    assert_ok(chi_square_independence(one_row, 2, 2, &b, NULL, &err), &err);
    assert_false(b.defined);
    assert_false(two_proportions(0, 5, 0, 9).defined || two_proportions(1, 1, 0, 0).defined);
}

/* scipy.stats.mannwhitneyu(a, b, method="asymptotic"); wilcox.test(exact = FALSE) in R. */
static void mann_whitney_matches_scipy_and_r(void **state)
{
    (void)state;
    static const double a[] = {3.1, 4.7, 4.7, 5.0, 8.8, 9.9, 2.0};
    static const double b[] = {1.0, 2.0, 2.5, 3.1, 4.7, 0.5, 1.5, 2.2};
    strata_error err = {0};
    stat_test t;
    assert_ok(mann_whitney(a, COUNT(a), b, COUNT(b), &t, &err), &err);
    assert_true(t.defined && exactly(t.statistic, 49.0));
    assert_close(t.p, 0.017068612702191517, 1e-12);
    assert_close(t.effect, 49.0 / 56.0, 1e-15);
    stat_test other;
    assert_ok(mann_whitney(b, COUNT(b), a, COUNT(a), &other, &err), &err);
    assert_close(other.p, t.p, 1e-14);
    assert_close(other.effect, 1.0 - t.effect, 1e-14);

    static const double same[] = {2.0, 2.0, 2.0};
    assert_ok(mann_whitney(same, 2, same, 3, &t, &err), &err);
    assert_false(t.defined);
    assert_ok(mann_whitney(a, 3, NULL, 0, &t, &err), &err);
    assert_false(t.defined);
}

/* scipy.stats.kruskal; the groups are those of R's ?kruskal.test with a third enlarged. */
static void kruskal_wallis_matches_scipy(void **state)
{
    (void)state;
    static const double x[] = {2.9, 3.0, 2.5, 2.6, 3.2, 3.8, 2.7, 4.0,
                               2.4, 2.8, 3.4, 3.7, 2.2, 2.0, 3.0};
    static const uint16_t group[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3};
    strata_error err = {0};
    stat_test t;
    assert_ok(kruskal_wallis(x, group, COUNT(x), 4, &t, &err), &err);
    assert_true(t.defined && exactly(t.df, 2.0));
    assert_close(t.statistic, 0.615682766845567, 1e-12);
    assert_close(t.p, 0.7350318970067917, 1e-12);
    assert_close(t.effect, 0.615682766845567 / 14.0, 1e-12);
    static const uint16_t one[COUNT(x)] = {0};
    assert_ok(kruskal_wallis(x, one, COUNT(x), 4, &t, &err), &err);
    assert_false(t.defined);
}

static void ranks_order_signs_zeros_and_ties(void **state)
{
    (void)state;
    static const double x[] = {3.5, -2.0, 0.0, 1e300, -0.0, -1e-300, 3.5, -1e300};
    static const double want[] = {6.5, 2.0, 4.5, 8.0, 4.5, 3.0, 6.5, 1.0};
    static const uint32_t ascending[] = {7, 1, 5, 2, 4, 0, 6, 3};
    double rank[COUNT(x)];
    uint32_t order[COUNT(x)];
    double ties = 0.0;
    strata_error err = {0};
    assert_ok(rank_values(x, COUNT(x), rank, &ties, order, &err), &err);
    for (size_t i = 0; i < COUNT(x); i++) {
        assert_true(exactly(rank[i], want[i]));
        assert_int_equal(order[i], ascending[i]);
    }
    assert_true(exactly(ties, 12.0)); /* two pairs */
}

static void values_that_are_not_finite_are_refused(void **state)
{
    (void)state;
    const double x[] = {1.0, NAN};
    double rank[2];
    double ties;
    strata_error err = {0};
    assert_int_equal(rank_values(x, 2, rank, &ties, NULL, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "value 1 is nan; missing values must be dropped first");
}

/* The ovarian data of R's package survival: 26 women, futime, fustat. */
static const double futime[] = {59,   115,  156,  421, 431, 448, 464, 475,  477,
                                563,  638,  744,  769, 770, 803, 855, 1040, 1106,
                                1129, 1206, 1227, 268, 329, 353, 365, 377};
static const uint8_t fustat[] = {1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0,
                                 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0};
static const uint16_t rx[] = {1, 1, 1, 2, 1, 1, 2, 2, 1, 2, 1, 2, 2,
                              2, 1, 1, 1, 1, 2, 2, 2, 1, 1, 2, 2, 2};
static const uint16_t four[] = {2, 2, 3, 2, 2, 1, 3, 3, 2, 1, 1, 0, 3,
                                2, 0, 1, 3, 0, 0, 2, 1, 3, 2, 1, 2, 0};

/* survdiff(Surv(futime, fustat) ~ rx): 1.06274 (analytics.md: 1.0627); by four groups: 4.99338. */
static void log_rank_matches_survdiff(void **state)
{
    (void)state;
    strata_error err = {0};
    stat_test t;
    assert_ok(log_rank(futime, fustat, rx, COUNT(futime), 3, &t, &err), &err);
    assert_true(t.defined && exactly(t.df, 1.0));
    assert_close(t.statistic, 1.0627398612914141, 1e-12);
    assert_close(t.p, 0.30259, 1e-4);
    assert_ok(log_rank(futime, fustat, four, COUNT(futime), 4, &t, &err), &err);
    assert_true(exactly(t.df, 3.0));
    assert_close(t.statistic, 4.9933788231175873, 1e-11);
}

static void log_rank_needs_groups_and_events(void **state)
{
    (void)state;
    strata_error err = {0};
    stat_test t = {0};
    static const uint8_t none[COUNT(futime)] = {0};
    static const uint16_t one[COUNT(futime)] = {0};
    assert_ok(log_rank(futime, none, rx, COUNT(futime), 3, &t, &err), &err);
    assert_false(t.defined);
    assert_ok(log_rank(futime, fustat, one, COUNT(futime), 1, &t, &err), &err);
    assert_false(t.defined);
    assert_int_equal(log_rank(futime, fustat, rx, COUNT(futime), 1001, &t, &err), STRATA_E_USAGE);
}

/* p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.2, 0.03), "holm") */
static void holm_matches_r(void **state)
{
    (void)state;
    static const double p[] = {0.01, 0.04, 0.03, 0.005, 0.2, 0.03};
    static const double want[] = {0.05, 0.12, 0.12, 0.03, 0.2, 0.12};
    double got[COUNT(p)];
    strata_error err = {0};
    assert_ok(holm(p, COUNT(p), got, &err), &err);
    for (size_t i = 0; i < COUNT(p); i++) {
        assert_close(got[i], want[i], 1e-14);
    }
    assert_ok(holm(p, 0, got, &err), &err);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const size_t table[] = {12, 5, 8, 7};
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        stat_test t = {.statistic = -1.0};
        strata_status st = log_rank(futime, fustat, rx, COUNT(futime), 3, &t, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(t.statistic, -1.0));
    });
    FAILURE_LOOP(failures, {
        stat_test t = {.statistic = -1.0};
        strata_status st = mann_whitney(futime, 10, futime + 10, 10, &t, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(t.statistic, -1.0));
    });
    FAILURE_LOOP(failures, {
        stat_test t = {.statistic = -1.0};
        strata_status st = kruskal_wallis(futime, rx, COUNT(futime), 3, &t, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(t.statistic, -1.0));
    });
    FAILURE_LOOP(failures, {
        stat_test t = {.statistic = -1.0};
        strata_status st = chi_square_independence(table, 2, 2, &t, NULL, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(t.statistic, -1.0));
    });
    FAILURE_LOOP(failures, {
        double adjusted[2] = {-1.0, -1.0};
        strata_status st = holm((const double[]){0.1, 0.2}, 2, adjusted, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(adjusted[0], -1.0));
    });
    assert_int_equal(failures, 4 + 4 + 5 + 2 + 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_matches_newcombe),
        cmocka_unit_test(difference_interval_matches_newcombe),
        cmocka_unit_test(chi_square_matches_scipy),
        cmocka_unit_test(empty_rows_and_columns_do_not_count),
        cmocka_unit_test(mann_whitney_matches_scipy_and_r),
        cmocka_unit_test(kruskal_wallis_matches_scipy),
        cmocka_unit_test(ranks_order_signs_zeros_and_ties),
        cmocka_unit_test(values_that_are_not_finite_are_refused),
        cmocka_unit_test(log_rank_matches_survdiff),
        cmocka_unit_test(log_rank_needs_groups_and_events),
        cmocka_unit_test(holm_matches_r),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("hypothesis_tests", tests, NULL, NULL);
}
