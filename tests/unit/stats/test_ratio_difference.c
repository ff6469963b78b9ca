/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <math.h>

#include "base/rng.h"
#include "stats/inference/ratio_difference.h"

static ratio_difference find(const ratio_row *rows, size_t n, size_t clusters, int threads)
{
    const context cx = {.threads = threads, .seed = 1};
    const ratio_rows in = {rows, n, clusters};
    strata_error err = {0};
    ratio_difference out = {0};
    assert_ok(ratio_difference_find(&cx, 7, &in, &out, &err), &err);
    return out;
}

static void it_is_the_difference_of_two_ratios_of_sums(void **state)
{
    (void)state;
    const ratio_row rows[] = {
        {0, true, 3.0, 4.0}, {1, true, 1.0, 4.0}, {1, false, 1.0, 3.0}, {2, false, 2.0, 7.0}};
    ratio_difference x = find(rows, 4, 3, 1);
    assert_true(x.defined);
    assert_close(x.first, 0.5, 1e-12);
    assert_close(x.second, 0.3, 1e-12);
    assert_close(x.difference, 0.2, 1e-12);
    assert_true(x.low <= 0.2 && x.high >= 0.2);
}

static void a_lot_without_rows_gives_none(void **state)
{
    (void)state;
    const ratio_row rows[] = {{0, true, 3.0, 4.0}};
    assert_false(find(rows, 1, 1, 1).defined);
    assert_false(find(rows, 0, 0, 1).defined);
}

enum { N = 400 };
static void fill(ratio_row *rows)
{
    rng r;
    rng_init(&r, 5, 0);
    for (uint32_t i = 0; i < N; i++) {
        bool first = i % 2 == 0;
        double hit = rng_uniform(&r) < (first ? 0.6 : 0.5) ? 1.0 : 0.0;
        rows[i] = (ratio_row){i, first, hit, 1.0};
    }
}

/* Clusters of one row each: the interval is that of two independent shares, 1.96 standard errors
 * to both sides (Wald), but for the noise of a thousand draws. */
static void with_one_row_each_it_is_about_the_normal_interval(void **state)
{
    (void)state;
    ratio_row rows[N];
    fill(rows);
    ratio_difference x = find(rows, N, N, 1);
    double se =
        sqrt(x.first * (1.0 - x.first) / (N / 2.0) + x.second * (1.0 - x.second) / (N / 2.0));
    assert_true(fabs(x.high - x.low - 2.0 * 1.96 * se) < 0.1 * 2.0 * 1.96 * se);
    assert_true(fabs((x.high + x.low) / 2.0 - x.difference) < 0.1 * se);
}

/* The ratio of two independent shares less 1: Katz's interval of its logarithm (1978, Biometrics
 * 34:469); and of the shares that lack it, 1 less their ratio. */
static void over_the_second_it_has_the_interval_of_a_ratio(void **state)
{
    (void)state;
    ratio_row rows[N];
    fill(rows);
    ratio_difference x = find(rows, N, N, 1);
    const double n = N / 2.0;
    const struct {
        ratio_relative r;
        double first, second, side;
    } cases[] = {{x.of_second, x.first, x.second, 1.0},
                 {x.of_rest, 1.0 - x.first, 1.0 - x.second, -1.0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        double ratio = cases[i].first / cases[i].second;
        double error = sqrt((1.0 / cases[i].first - 1.0) / n + (1.0 / cases[i].second - 1.0) / n);
        double ends[2] = {cases[i].side * (ratio * exp(-1.96 * error) - 1.0),
                          cases[i].side * (ratio * exp(1.96 * error) - 1.0)};
        double width = fabs(ends[1] - ends[0]);
        assert_true(cases[i].r.stated);
        assert_close(cases[i].r.value, cases[i].side * (ratio - 1.0), 1e-12);
        assert_true(fabs(cases[i].r.low - fmin(ends[0], ends[1])) < 0.1 * width);
        assert_true(fabs(cases[i].r.high - fmax(ends[0], ends[1])) < 0.1 * width);
    }
}

/* Two of two hundred had it: some draws have nobody. */
static void over_almost_nothing_it_is_not_stated(void **state)
{
    (void)state;
    ratio_row rows[N];
    fill(rows);
    for (size_t i = 1; i < N; i += 2) {
        rows[i].part = i < 4 ? 1.0 : 0.0;
    }
    ratio_difference x = find(rows, N, N, 1);
    assert_true(x.defined && !x.of_second.stated && x.of_rest.stated);
    for (size_t i = 1; i < N; i += 2) {
        rows[i].part = 1.0; /* nobody lacks it */
    }
    x = find(rows, N, N, 1);
    assert_true(x.defined && x.of_second.stated && !x.of_rest.stated);
}

static void threads_and_the_order_of_rows_do_not_matter(void **state)
{
    (void)state;
    ratio_row rows[N];
    ratio_row back[N];
    fill(rows);
    for (size_t i = 0; i < N; i++) {
        back[i] = rows[N - 1 - i];
    }
    ratio_difference a = find(rows, N, N, 1);
    ratio_difference b = find(back, N, N, 3);
    assert_memory_equal(&a, &b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_difference_of_two_ratios_of_sums),
        cmocka_unit_test(a_lot_without_rows_gives_none),
        cmocka_unit_test(with_one_row_each_it_is_about_the_normal_interval),
        cmocka_unit_test(over_the_second_it_has_the_interval_of_a_ratio),
        cmocka_unit_test(over_almost_nothing_it_is_not_stated),
        cmocka_unit_test(threads_and_the_order_of_rows_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
