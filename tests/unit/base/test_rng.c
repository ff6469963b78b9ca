/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/rng.h"

/* The first numbers of xoshiro256++ from state 1, 2, 3, 4: Blackman & Vigna's xoshiro256plusplus.c,
 * the same that the crate rand_xoshiro tests against. */
static void the_generator_is_xoshiro256_plus_plus(void **state)
{
    (void)state;
    static const uint64_t want[] = {41943041U,
                                    58720359U,
                                    3588806011781223U,
                                    3591011842654386U,
                                    9228616714210784205U,
                                    9973669472204895162U,
                                    14011001112246962877U,
                                    12406186145184390807U,
                                    15849039046786891736U,
                                    10450023813501588000U};
    rng r = {{1, 2, 3, 4}};
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_true(rng_u64(&r) == want[i]);
    }
}

/* SplitMix64 from seed 1234567 gives 6457827717110365317, 3203168211198807973, ... (Rosetta Code,
 * "Pseudo-random numbers/Splitmix64"); from 0 its first number is 0xe220a8397b1dcdaf, which the
 * stream's number 0 mixes into the seed. */
static void the_state_is_seeded_by_splitmix64(void **state)
{
    (void)state;
    static const uint64_t want[] = {6457827717110365317U, 3203168211198807973U,
                                    9817491932198370423U, 4593380528125082431U};
    rng r;
    rng_init(&r, 0xe220a8397b1dcdafU ^ 1234567U, 0);
    for (size_t i = 0; i < 4; i++) {
        assert_true(r.s[i] == want[i]);
    }
}

static void equal_seeds_give_equal_numbers_and_others_do_not(void **state)
{
    (void)state;
    rng a;
    rng b;
    rng other_seed;
    rng other_stream;
    rng_init(&a, 42, 7);
    rng_init(&b, 42, 7);
    rng_init(&other_seed, 43, 7);
    rng_init(&other_stream, 42, 8);
    for (int i = 0; i < 1000; i++) {
        uint64_t x = rng_u64(&a);
        assert_true(x == rng_u64(&b));
        assert_true(x != rng_u64(&other_seed));
        assert_true(x != rng_u64(&other_stream));
    }
}

enum { N = 20000 };
static const double KS_1_PERCENT = 1.628; /* times 1/sqrt(n): critical value of D for large n */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov-Smirnov distance between a sample and a distribution function. */
static double ks_distance(double *sample, size_t n, double (*cdf)(double))
{
    qsort(sample, n, sizeof *sample, by_value);
    double d = 0;
    for (size_t i = 0; i < n; i++) {
        double f = cdf(sample[i]);
        d = fmax(d, fmax(f - (double)i / (double)n, (double)(i + 1) / (double)n - f));
    }
    return d;
}

static double uniform_cdf(double x)
{
    return x;
}
static double normal_cdf(double x)
{
    return 0.5 * erfc(-x / sqrt(2.0));
}
static double exponential_cdf(double x) /* rate 2 */
{
    return 1.0 - exp(-2.0 * x);
}
static double gamma_half_cdf(double x) /* shape 1/2, scale 3 */
{
    return erf(sqrt(x / 3.0));
}
static double gamma_two_cdf(double x) /* shape 2, scale 1 */
{
    return 1.0 - exp(-x) * (1.0 + x);
}
static double beta_cdf(double x) /* a 2, b 3 */
{
    return x * x * (6.0 - 8.0 * x + 3.0 * x * x);
}

static double draw_exponential(rng *r)
{
    return rng_exponential(r, 2.0);
}
static double draw_gamma_half(rng *r)
{
    return rng_gamma(r, 0.5, 3.0);
}
static double draw_gamma_two(rng *r)
{
    return rng_gamma(r, 2.0, 1.0);
}
static double draw_beta(rng *r)
{
    return rng_beta(r, 2.0, 3.0);
}

/* Seeds are fixed, so this cannot fail by chance; at 1 % one case in a hundred seeds would. */
static void samples_follow_their_distribution(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double (*draw)(rng *);
        double (*cdf)(double);
    } cases[] = {{"uniform", rng_uniform, uniform_cdf},
                 {"normal", rng_normal, normal_cdf},
                 {"exponential", draw_exponential, exponential_cdf},
                 {"gamma 1/2", draw_gamma_half, gamma_half_cdf},
                 {"gamma 2", draw_gamma_two, gamma_two_cdf},
                 {"beta", draw_beta, beta_cdf}};
    STRATA_AUTO_FREE double *sample = STRATA_NEW_ARRAY(N, double);
    assert_non_null(sample);
    for (size_t c = 0; c < COUNT(cases); c++) {
        rng r;
        rng_init(&r, 2026, c);
        for (size_t i = 0; i < N; i++) {
            sample[i] = cases[c].draw(&r);
        }
        double d = ks_distance(sample, N, cases[c].cdf);
        if (d > KS_1_PERCENT / sqrt((double)N)) {
            fail_msg("%s: D = %g", cases[c].name, d);
        }
    }
}

static void uniforms_stay_below_one(void **state)
{
    (void)state;
    rng r = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
    for (int i = 0; i < 100000; i++) {
        double u = rng_uniform(&r);
        assert_true(u >= 0.0 && u < 1.0);
    }
}

/* Chi-square with 6 degrees of freedom: 16.81 at 1 %. */
static void below_reaches_every_value_evenly(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 1, 1);
    size_t seen[7] = {0};
    for (int i = 0; i < 70000; i++) {
        seen[rng_below(&r, 7)]++;
    }
    double chi = 0;
    for (size_t i = 0; i < 7; i++) {
        chi += pow((double)seen[i] - 10000.0, 2.0) / 10000.0;
    }
    assert_true(chi < 16.81);
    assert_true(rng_below(&r, 1) == 0);
}

/* Taking u64 modulo n would put two thirds of the numbers into the lower half here. */
static void below_has_no_bias_for_large_ranges(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 1, 2);
    uint64_t n = 3U * ((uint64_t)1 << 62);
    int low = 0;
    for (int i = 0; i < N; i++) {
        uint64_t x = rng_below(&r, n);
        assert_true(x < n);
        low += x < n / 2;
    }
    assert_true(fabs(low / (double)N - 0.5) < 2.58 * 0.5 / sqrt((double)N));
}

/* Mean and variance are both the mean; bounds of 2.58 standard errors (1 %). */
static void poisson_counts_have_the_right_mean_and_spread(void **state)
{
    (void)state;
    static const double means[] = {0.3, 4.0, 30.0, 30.5, 250.0};
    for (size_t c = 0; c < COUNT(means); c++) {
        rng r;
        rng_init(&r, 9, c);
        double m = means[c];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < N; i++) {
            uint64_t count = rng_poisson(&r, m);
            double x = (double)count;
            sum += x - m;
            squares += (x - m) * (x - m);
        }
        assert_true(fabs(sum / N) < 2.58 * sqrt(m / N));
        assert_true(fabs(squares / N - m) < 2.58 * sqrt((m + 2 * m * m) / N));
    }
    rng r;
    rng_init(&r, 9, 99);
    assert_true(rng_poisson(&r, 0.0) == 0);
}

static void a_shuffle_keeps_every_item(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 3, 3);
    uint32_t items[100];
    for (uint32_t i = 0; i < COUNT(items); i++) {
        items[i] = i;
    }
    rng_shuffle(&r, items, COUNT(items));
    bool seen[COUNT(items)] = {false};
    int moved = 0;
    for (uint32_t i = 0; i < COUNT(items); i++) {
        assert_false(seen[items[i]]);
        seen[items[i]] = true;
        moved += items[i] != i;
    }
    assert_true(moved > 80);
    rng_shuffle(&r, items, 0);
    rng_shuffle(&r, items, 1);
}

/* All 24 orders of four items; chi-square with 23 degrees of freedom: 41.64 at 1 %. */
static void every_order_is_as_likely(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 3, 4);
    size_t seen[256] = {0};
    for (int i = 0; i < 24000; i++) {
        uint32_t items[] = {0, 1, 2, 3};
        rng_shuffle(&r, items, 4);
        seen[items[0] * 64 + items[1] * 16 + items[2] * 4 + items[3]]++;
    }
    double chi = 0;
    int orders = 0;
    for (size_t i = 0; i < COUNT(seen); i++) {
        if (seen[i] > 0) {
            orders++;
            chi += pow((double)seen[i] - 1000.0, 2.0) / 1000.0;
        }
    }
    assert_int_equal(orders, 24);
    assert_true(chi < 41.64);
}

/* Neighbouring streams of one seed: correlation within 2.58 / sqrt(n). */
static void neighbouring_streams_are_not_correlated(void **state)
{
    (void)state;
    for (uint64_t stream = 0; stream < 5; stream++) {
        rng a;
        rng b;
        rng_init(&a, 11, stream);
        rng_init(&b, 11, stream + 1);
        double products = 0;
        for (int i = 0; i < N; i++) {
            products += (rng_uniform(&a) - 0.5) * (rng_uniform(&b) - 0.5) * 12.0;
        }
        assert_true(fabs(products / N) < 2.58 / sqrt((double)N));
    }
    /* And across streams: the first number of each, as a sample. */
    STRATA_AUTO_FREE double *firsts = STRATA_NEW_ARRAY(N, double);
    assert_non_null(firsts);
    for (uint64_t stream = 0; stream < N; stream++) {
        rng r;
        rng_init(&r, 11, stream);
        firsts[stream] = rng_uniform(&r);
    }
    assert_true(ks_distance(firsts, N, uniform_cdf) < KS_1_PERCENT / sqrt((double)N));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_generator_is_xoshiro256_plus_plus),
        cmocka_unit_test(the_state_is_seeded_by_splitmix64),
        cmocka_unit_test(equal_seeds_give_equal_numbers_and_others_do_not),
        cmocka_unit_test(samples_follow_their_distribution),
        cmocka_unit_test(uniforms_stay_below_one),
        cmocka_unit_test(below_reaches_every_value_evenly),
        cmocka_unit_test(below_has_no_bias_for_large_ranges),
        cmocka_unit_test(poisson_counts_have_the_right_mean_and_spread),
        cmocka_unit_test(a_shuffle_keeps_every_item),
        cmocka_unit_test(every_order_is_as_likely),
        cmocka_unit_test(neighbouring_streams_are_not_correlated),
    };
    return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
