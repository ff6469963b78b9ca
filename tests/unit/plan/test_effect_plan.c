/* SPDX-License-Identifier: Apache-2.0 */
/* What of a measured intervention goes into a simulated plan. */
#include "strata_test.h"

#include "plan/effect/plan.h"

static intervention_effect with(const ratio_difference *three, const ratio_difference *twelve,
                                effect_outcome of)
{
    intervention_effect x = {.name = "call"};
    x.after[0].n_matched = 200;
    x.after[0].of[of] = *three;
    x.after[2].n_matched = 90;
    x.after[2].of[of] = *twelve;
    return x;
}

static const ratio_difference three = {.defined = true,
                                       .second = 0.9,
                                       .difference = 0.05,
                                       .of_second = {true, 0.06, 0.01, 0.12},
                                       .of_rest = {true, 0.5, 0.1, 0.7}};

static void the_longest_months_that_are_stated_count(void **state)
{
    (void)state;
    const ratio_difference twelve = {.defined = true,
                                     .second = 0.7,
                                     .difference = 0.1,
                                     .of_second = {true, 1.0 / 7.0, 0.0, 0.3},
                                     .of_rest = {true, 1.0 / 3.0, 0.0, 0.6}};
    plan_measured m = {.n = 0};
    intervention_effect x = with(&three, &twelve, OUTCOME_KEPT);
    assert_true(effect_plan_measure(&x, OUTCOME_KEPT, &m));
    assert_int_equal(m.months, 12);
    assert_int_equal(m.n, 90);
    assert_true(m.part.measured);
    assert_close(m.part.likely, 1.0 / 3.0, 1e-12);
    assert_close(m.part.high, 0.6, 1e-12);
    x = with(&three, &twelve, OUTCOME_GAIN);
    assert_true(effect_plan_measure(&x, OUTCOME_GAIN, &m));
    assert_close(m.part.likely, 1.0 / 7.0, 1e-12);
    assert_false(effect_plan_measure(&x, OUTCOME_KEPT, &m));
    assert_false(effect_plan_measure(NULL, OUTCOME_KEPT, &m));
}

/* Hardly any of the others grew: the difference over next to nothing is no share to plan with. */
static void a_base_of_next_to_nothing_is_not_divided_by(void **state)
{
    (void)state;
    const ratio_difference cases[] = {
        {.defined = true, .second = 0.0001, .difference = 0.05, .low = 0.01, .high = 0.09},
        {.defined = true,
         .second = 0.0001,
         .difference = 0.05,
         .low = 0.01,
         .high = 0.09,
         .of_second = {true, 500.0, 100.0, 900.0}},
        {.defined = true, .of_second = {true, -2.0, -11.0, 1.0}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        plan_measured m = {.n = 0};
        intervention_effect x = with(&three, &cases[i], OUTCOME_GAIN);
        assert_true(effect_plan_measure(&x, OUTCOME_GAIN, &m));
        assert_int_equal(m.months, 3);
        assert_close(m.part.likely, 0.06, 1e-12);
        x = with(&cases[i], &cases[i], OUTCOME_GAIN);
        assert_false(effect_plan_measure(&x, OUTCOME_GAIN, &m));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_months_that_are_stated_count),
        cmocka_unit_test(a_base_of_next_to_nothing_is_not_divided_by),
    };
    return cmocka_run_group_tests_name("effect_plan", tests, NULL, NULL);
}
