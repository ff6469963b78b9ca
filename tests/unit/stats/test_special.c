/* SPDX-License-Identifier: Apache-2.0 */
/* Reference values: SciPy 1.10.1, tests/data/stats/make.py. */
#include "strata_test.h"

#include "exactly.h"

#include "stats/numeric/special.h"

typedef struct row2 {
    double a, x, want;
} row2;

static void log_gamma_matches_scipy(void **state)
{
    (void)state;
    static const row2 rows[] = {
        {0, 0.1, 2.252712651734206},  {0, 0.5, 0.5723649429247},     {0, 1.5, -0.12078223763524526},
        {0, 3.0, 0.6931471805599453}, {0, 10.0, 12.801827480081469}, {0, 171.5, 709.1431630309283},
        {0, 1e5, 1051287.7089736569},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_close(log_gamma(rows[i].x), rows[i].want, 1e-13);
    }
    assert_true(fabs(log_gamma(1.0)) < 1e-14 && fabs(log_gamma(2.0)) < 1e-14);
}

static void incomplete_gamma_matches_scipy(void **state)
{
    (void)state;
    static const row2 lower[] = {
        {0.5, 0.1, 0.34527915398142317},        {0.5, 2.0, 0.9544997361036415},
        {1.0, 1.0, 0.6321205588285577},         {2.5, 1.0, 0.15085496391539038},
        {2.5, 10.0, 0.9987502694369687},        {100.0, 90.0, 0.15822098918643007},
        {32500.0, 32600.0, 0.7108880168025993},
    };
    static const row2 upper[] = {
        {0.5, 0.1, 0.6547208460185768},           {0.5, 20.0, 2.5396285894708634e-10},
        {3.0, 25.0, 4.701068998290324e-09},       {100.0, 130.0, 0.002750408367306518},
        {50000.0, 50500.0, 0.012868840377233648},
    };
    for (size_t i = 0; i < COUNT(lower); i++) {
        assert_close(gamma_p(lower[i].a, lower[i].x), lower[i].want, 1e-10);
    }
    for (size_t i = 0; i < COUNT(upper); i++) {
        assert_close(gamma_q(upper[i].a, upper[i].x), upper[i].want, 1e-10);
    }
}

static void incomplete_beta_matches_scipy(void **state)
{
    (void)state;
    static const struct {
        double a, b, x, want;
    } rows[] = {
        {0.5, 0.5, 0.3, 0.3690101195655454},           {2.0, 3.0, 0.4, 0.5248},
        {10.0, 1.5, 0.9, 0.5401970065018544},          {500.0, 501.0, 0.48, 0.10858106325444698},
        {50000.0, 50001.0, 0.501, 0.7374879418520695},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_close(beta_i(rows[i].a, rows[i].b, rows[i].x), rows[i].want, 1e-9);
        assert_close(beta_i(rows[i].b, rows[i].a, 1.0 - rows[i].x), 1.0 - rows[i].want, 1e-9);
    }
}

static void tails_match_scipy(void **state)
{
    (void)state;
    assert_close(chi_square_sf(3.841458820694124, 1), 0.05, 1e-12);
    assert_close(chi_square_sf(0.3, 2), 0.8607079764250578, 1e-12);
    assert_close(chi_square_sf(45.0, 10), 2.1747272576671776e-06, 1e-11);
    assert_close(chi_square_sf(700.0, 5), 4.911986103573117e-149, 1e-10);
    assert_close(binomial_cdf(0, 6, 0.5), 0.015625, 1e-12);
    assert_close(binomial_cdf(3, 10, 0.5), 0.171875, 1e-12);
    assert_close(binomial_cdf(480, 1000, 0.5), 0.10872414660207046, 1e-9);
    assert_close(binomial_cdf(499000, 1000000, 0.5), 0.022804149932694757, 1e-6);
    assert_close(2.0 * normal_sf(STATS_Z95), 0.05, 1e-13);
    assert_true(exactly(binomial_cdf(-1, 5, 0.5), 0.0) && exactly(binomial_cdf(5, 5, 0.5), 1.0));
}

static void ends_are_exact_and_bad_arguments_are_nan(void **state)
{
    (void)state;
    assert_true(exactly(gamma_p(2.0, 0.0), 0.0) && exactly(gamma_q(2.0, 0.0), 1.0));
    assert_true(exactly(gamma_q(2.0, INFINITY), 0.0));
    assert_true(exactly(beta_i(2.0, 3.0, 0.0), 0.0) && exactly(beta_i(2.0, 3.0, 1.0), 1.0));
    assert_true(isnan(gamma_p(0.0, 1.0)) && isnan(gamma_q(1.0, -1.0)));
    assert_true(isnan(beta_i(1.0, 1.0, 1.5)) && isnan(beta_i(0.0, 1.0, 0.5)));
    assert_true(isnan(log_gamma(0.0)) && isnan(log_gamma(NAN)));
}

static void digamma_and_trigamma_match_scipy(void **state)
{
    (void)state;
    static const struct {
        double x, digamma, trigamma;
    } rows[] = {
        {1e-05, -100000.57719921567, 10000000001.644913},
        {0.1, -10.423754940411076, 101.43329915079275},
        {0.5, -1.9635100260214235, 4.93480220054468},
        {1.0, -0.5772156649015329, 1.6449340668482266},
        {2.5, 0.7031566406452432, 0.4903577561002349},
        {9.999, 2.251647417205735, 0.10517738667672885},
        {10.0, 2.251752589066721, 0.10516633568168576},
        {37.5, 3.6109483445963386, 0.027025382266785015},
        {10000.0, 9.21029037114285, 0.00010000500016666666},
        {100000000.0, 18.420680738952367, 1.000000005e-08},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_close(digamma(rows[i].x), rows[i].digamma, 1e-13);
        assert_close(trigamma(rows[i].x), rows[i].trigamma, 1e-13);
    }
    assert_true(fabs(digamma(1.4616321449683622)) < 1e-14);
    assert_true(isnan(digamma(0.0)) && isnan(trigamma(-1.0)) && isnan(digamma(NAN)));
}

static void log_beta_matches_scipy(void **state)
{
    (void)state;
    static const row2 rows[] = {
        {0.1, 0.2, 2.680978479346915},         {0.668, 3.806, -0.5628010678759974},
        {0.3, 500.0, -0.7683744067380758},     {12.0, 11.0, -15.864460932885823},
        {2.5, 10000000.0, -40.01055644442287}, {100000.0, 1000000.0, -335104.4969524313},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_close(log_beta(rows[i].a, rows[i].x), rows[i].want, 1e-13);
        assert_close(log_beta(rows[i].x, rows[i].a), rows[i].want, 1e-13);
    }
    assert_true(fabs(log_beta(1.0, 1.0)) < 1e-14);
    assert_true(isnan(log_beta(0.0, 1.0)) && isnan(log_beta(1.0, NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digamma_and_trigamma_match_scipy),
        cmocka_unit_test(log_beta_matches_scipy),
        cmocka_unit_test(log_gamma_matches_scipy),
        cmocka_unit_test(incomplete_gamma_matches_scipy),
        cmocka_unit_test(incomplete_beta_matches_scipy),
        cmocka_unit_test(tails_match_scipy),
        cmocka_unit_test(ends_are_exact_and_bad_arguments_are_nan),
    };
    return cmocka_run_group_tests_name("special", tests, NULL, NULL);
}
