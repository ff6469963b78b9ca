/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <math.h>

#include "base/rng.h"
#include "stats/ratio_difference.h"

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
        cmocka_unit_test(threads_and_the_order_of_rows_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
