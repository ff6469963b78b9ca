/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/cut_points.h"

#include "base/rng.h"
#include "strata_test.h"

enum { MOST = 40, DRAWS = 200 };

static size_t by_looking(const double *sum, size_t n, double u)
{
    size_t at = 0;
    while (at + 1 < n && sum[at] <= u * sum[n - 1]) {
        at++;
    }
    return at;
}

/* Weights of 0 too, weights far apart, and draws on the very edges. */
static void every_draw_is_where_looking_from_the_start_finds_it(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 5, 0);
    for (int round = 0; round < 500; round++) {
        double sum[MOST];
        uint32_t cut[MOST];
        const size_t n = 1 + (size_t)rng_below(&r, MOST);
        double total = 0.0;
        for (size_t k = 0; k < n; k++) {
            const double x = rng_uniform(&r);
            total += rng_below(&r, 4) == 0 && k + 1 < n ? 0.0 : x * x * x * x * x * x + 1e-9;
            sum[k] = total;
        }
        cut_points_make(sum, n, cut);
        for (size_t d = 0; d < DRAWS; d++) {
            const double u = d < n ? sum[d] / total * (1.0 - 0x1p-53) : rng_uniform(&r);
            assert_int_equal(cut_points_find(sum, n, cut, u), by_looking(sum, n, u));
        }
        assert_int_equal(cut_points_find(sum, n, cut, 0.0), by_looking(sum, n, 0.0));
        assert_int_equal(cut_points_find(sum, n, cut, 1.0 - 0x1p-53),
                         by_looking(sum, n, 1.0 - 0x1p-53));
    }
}

static void draws_are_as_often_as_their_weights(void **state)
{
    (void)state;
    const double sum[] = {1.0, 1.0, 4.0, 10.0};
    const double share[] = {0.1, 0.0, 0.3, 0.6};
    uint32_t cut[4];
    int times[4] = {0};
    rng r;
    rng_init(&r, 9, 0);
    cut_points_make(sum, 4, cut);
    for (int k = 0; k < 100000; k++) {
        times[cut_points_find(sum, 4, cut, rng_uniform(&r))]++;
    }
    for (size_t k = 0; k < 4; k++) { /* five standard errors */
        assert_true(fabs(times[k] / 1e5 - share[k]) < 5.0 * 0.0016);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_draw_is_where_looking_from_the_start_finds_it),
        cmocka_unit_test(draws_are_as_often_as_their_weights),
    };
    return cmocka_run_group_tests_name("cut_points", tests, NULL, NULL);
}
