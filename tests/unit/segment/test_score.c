/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "segment/score.h"

static const model_point adoption_points[] = {{0.0, 0}, {0.3, 40}, {0.7, 100}};
static const model_point nps_points[] = {{-100, 0}, {0, 50}, {50, 100}};
static const model_factor factors[] = {
    {.weight = 0.6, .points = adoption_points, .n_points = 3},
    {.weight = 0.4, .points = nps_points, .n_points = 3},
};

static model_score score_with(missing_policy policy, double minimum_weight)
{
    return (model_score){.missing = policy,
                         .minimum_weight = minimum_weight,
                         .factors = factors,
                         .n_factors = COUNT(factors)};
}

static double split(const model_score *score, double adoption, double nps, double *part)
{
    double values[] = {adoption, nps};
    double weight[2];
    double scaled[2];
    return score_split(score, values, part, weight, scaled);
}

static void scales_are_straight_between_points_and_flat_outside(void **state)
{
    (void)state;
    assert_close(score_scale(adoption_points, 3, -1), 0, 0);
    assert_close(score_scale(adoption_points, 3, 0.15), 20, 1e-12);
    assert_close(score_scale(adoption_points, 3, 0.3), 40, 1e-12);
    assert_close(score_scale(adoption_points, 3, 0.5), 70, 1e-12);
    assert_close(score_scale(adoption_points, 3, 2), 100, 0);
    assert_true(isnan(score_scale(adoption_points, 3, NAN)) != 0);
}

/* 0.6 x 70 + 0.4 x 75 = 72. */
static void parts_add_up_to_the_score(void **state)
{
    (void)state;
    model_score score = score_with(MISSING_REDISTRIBUTE, 0);
    double part[2];
    double total = split(&score, 0.5, 25, part);
    assert_close(total, 72, 1e-12);
    assert_close(part[0], 42, 1e-12);
    assert_close(part[1], 30, 1e-12);
}

static void each_missing_policy_does_what_it_says(void **state)
{
    (void)state;
    static const struct {
        missing_policy policy;
        double want; /* adoption 0.5 scales to 70, NPS is missing */
    } cases[] = {{MISSING_REDISTRIBUTE, 70}, {MISSING_NEUTRAL, 62}, {MISSING_WORST, 42}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        model_score score = score_with(cases[i].policy, 0);
        double part[2];
        double total = split(&score, 0.5, NAN, part);
        assert_close(total, cases[i].want, 1e-12);
        assert_close(part[0] + part[1], total, 1e-12);
    }
    model_score strict = score_with(MISSING_EXCLUDE, 0);
    double part[2];
    assert_true(isnan(split(&strict, 0.5, NAN, part)) != 0);
}

static void too_little_known_weight_is_no_score(void **state)
{
    (void)state;
    double part[2];
    model_score half = score_with(MISSING_REDISTRIBUTE, 0.5);
    assert_close(split(&half, 0.5, NAN, part), 70, 1e-12);
    assert_true(isnan(split(&half, NAN, 25, part)) != 0);
    model_score neutral = score_with(MISSING_NEUTRAL, 0);
    assert_true(isnan(split(&neutral, NAN, NAN, part)) != 0);
}

static void columns_agree_with_single_accounts(void **state)
{
    (void)state;
    model_score score = score_with(MISSING_NEUTRAL, 0);
    double adoption[] = {0.1, NAN, 0.9};
    double nps[] = {-20, 30, NAN};
    const double *columns[] = {adoption, nps};
    double out[3];
    score_eval(&score, columns, 3, out);
    for (size_t i = 0; i < 3; i++) {
        double part[2];
        assert_close(out[i], split(&score, adoption[i], nps[i], part), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scales_are_straight_between_points_and_flat_outside),
        cmocka_unit_test(parts_add_up_to_the_score),
        cmocka_unit_test(each_missing_policy_does_what_it_says),
        cmocka_unit_test(too_little_known_weight_is_no_score),
        cmocka_unit_test(columns_agree_with_single_accounts),
    };
    return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
