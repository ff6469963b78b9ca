/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "buyers_expected.h"

#include "stats/numeric/hyp2f1.h"

static void hypergeometric_function_matches_mpmath(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hyp2f1_rows); i++) {
        double scale;
        double f = hyp2f1_scaled(hyp2f1_rows[i].a, hyp2f1_rows[i].b, hyp2f1_rows[i].c,
                                 hyp2f1_rows[i].z, &scale);
        double error = log(fabs(f)) + scale - hyp2f1_rows[i].log_size;
        if (!(fabs(error) < 1e-10 && f * hyp2f1_rows[i].sign > 0.0)) {
            fail_msg("2F1(%g, %g; %g; %g) is off by %g", hyp2f1_rows[i].a, hyp2f1_rows[i].b,
                     hyp2f1_rows[i].c, hyp2f1_rows[i].z, error);
        }
    }
}

/* Abramowitz & Stegun 15.1.3, 15.1.8. */
static void special_cases_come_out(void **state)
{
    (void)state;
    assert_close(hyp2f1(1.0, 1.0, 2.0, 0.5), 2.0 * log(2.0), 1e-15);
    assert_close(hyp2f1(3.5, 7.0, 7.0, 0.75), 128.0, 1e-14);
    assert_close(hyp2f1(2.0, 3.0, 4.0, 0.0), 1.0, 1e-16);
    assert_close(hyp2f1(0.0, 3.0, 4.0, 0.99), 1.0, 1e-16);
}

static void arguments_outside_the_range_give_nan(void **state)
{
    (void)state;
    assert_true(isnan(hyp2f1(1.0, 1.0, 2.0, 1.0)));
    assert_true(isnan(hyp2f1(1.0, 1.0, 2.0, -0.1)));
    assert_true(isnan(hyp2f1(1.0, 1.0, 0.0, 0.5)));
    assert_true(isnan(hyp2f1(NAN, 1.0, 2.0, 0.5)));
    assert_true(isnan(hyp2f1(1.0, INFINITY, 2.0, 0.5)));
    assert_true(isinf(hyp2f1(2000.0, 2000.0, 1.0, 0.9)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hypergeometric_function_matches_mpmath),
        cmocka_unit_test(special_cases_come_out),
        cmocka_unit_test(arguments_outside_the_range_give_nan),
    };
    return cmocka_run_group_tests_name("hyp2f1", tests, NULL, NULL);
}
