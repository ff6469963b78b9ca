/* SPDX-License-Identifier: Apache-2.0 */
/* Eight numbers at a time: exp and log against the C library, the same bits at every width. */
#include "strata_test.h"

#include "base/rng.h"
#include "stats/numeric/lanes_math.h"

LANES_DEFINE(exp_of, (const lanes *x, lanes *out), lanes_exp(x, out))
LANES_DEFINE(log_of, (const lanes *x, lanes *out), lanes_log(x, out))

/* Rounding of one operation at the size of x. */
static double unit(double x)
{
    return fmax(fabs(x), 0x1p-1000) * 0x1p-52;
}

static void fill(rng *r, double low, double high, lanes *x)
{
    for (size_t lane = 0; lane < LANES; lane++) {
        (*x)[lane] = low + (high - low) * rng_uniform(r);
    }
}

static void exponentials_are_within_two_units(void **state)
{
    rng r;
    (void)state;
    rng_init(&r, 1, 0);
    for (int i = 0; i < 20000; i++) {
        lanes x;
        lanes y;
        fill(&r, i % 2 == 0 ? -700.0 : -2.0, i % 2 == 0 ? 700.0 : 2.0, &x);
        LANES_RUN(exp_of, (&x, &y));
        for (size_t lane = 0; lane < LANES; lane++) {
            double want = exp(x[lane]);
            assert_true(fabs(y[lane] - want) <= 2.0 * unit(want));
        }
    }
}

static void exponentials_of_the_ends_are_exact(void **state)
{
    lanes x = {0.0, -0.0, -701.0, -1e300, -INFINITY, -750.0, 0.0, -0x1p-60};
    lanes y;
    static const double want[] = {1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0};
    (void)state;
    LANES_RUN(exp_of, (&x, &y));
    for (size_t lane = 0; lane < LANES; lane++) {
        assert_true(y[lane] <= want[lane] && y[lane] >= want[lane]);
    }
}

static void logarithms_are_within_two_units(void **state)
{
    rng r;
    (void)state;
    rng_init(&r, 2, 0);
    for (int i = 0; i < 20000; i++) {
        lanes x;
        lanes y;
        fill(&r, 0.5, 2.0, &x);
        if (i % 2 == 0) {
            x *= ldexp(1.0, (int)rng_below(&r, 2000) - 1000);
        }
        LANES_RUN(log_of, (&x, &y));
        for (size_t lane = 0; lane < LANES; lane++) {
            double want = log(x[lane]);
            assert_true(fabs(y[lane] - want) <= 2.0 * unit(fmax(1.0, fabs(want))));
        }
    }
    lanes one = (lanes){0} + 1.0;
    lanes zero;
    LANES_RUN(log_of, (&one, &zero));
    assert_true(zero[0] <= 0.0 && zero[0] >= 0.0);
}

static void every_width_gives_the_same_bits(void **state)
{
#if defined(__x86_64__)
    rng r;
    (void)state;
    rng_init(&r, 3, 0);
    for (int i = 0; i < 5000; i++) {
        lanes x;
        lanes any;
        lanes wide;
        fill(&r, -720.0, 700.0, &x);
        exp_of_any(&x, &any);
        if (__builtin_cpu_supports("avx2")) {
            exp_of_256(&x, &wide);
            assert_memory_equal(&any, &wide, sizeof any);
        }
        if (__builtin_cpu_supports("avx512f")) {
            exp_of_512(&x, &wide);
            assert_memory_equal(&any, &wide, sizeof any);
        }
        fill(&r, 1e-300, 1e300, &x);
        log_of_any(&x, &any);
        if (__builtin_cpu_supports("avx2")) {
            log_of_256(&x, &wide);
            assert_memory_equal(&any, &wide, sizeof any);
        }
        if (__builtin_cpu_supports("avx512f")) {
            log_of_512(&x, &wide);
            assert_memory_equal(&any, &wide, sizeof any);
        }
    }
#else
    (void)state;
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exponentials_are_within_two_units),
        cmocka_unit_test(exponentials_of_the_ends_are_exact),
        cmocka_unit_test(logarithms_are_within_two_units),
        cmocka_unit_test(every_width_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
