/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdlib.h>

#include "rule/rule_fixture.h"

static int verdict_of(const char *text, const rule_input *in)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const rule *r = NULL;
    uint8_t out = 99;
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(rule_compile_condition(a, text, &fixture_place, &fixture_scope, &r, &err), &err);
    STRATA_AUTO_FREE void *scratch = malloc(rule_scratch_bytes(r));
    rule_eval_condition(r, in, 1, &out, scratch);
    return out;
}

static double number_of(const char *text, const rule_input *in)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const rule *r = NULL;
    double out = 99;
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(rule_compile_value(a, text, &fixture_place, &fixture_scope, &r, &err), &err);
    STRATA_AUTO_FREE void *scratch = malloc(rule_scratch_bytes(r));
    rule_eval_number(r, in, 1, &out, scratch);
    return out;
}

typedef struct verdict_case {
    const char *text;
    int want;
} verdict_case;

static void check_verdicts(const verdict_case *cases, size_t n)
{
    column columns[SLOT_COUNT];
    account_columns(&fixture_account, columns);
    rule_input in = {.now = {columns, 20600}};
    for (size_t i = 0; i < n; i++) {
        int got = verdict_of(cases[i].text, &in);
        if (got != cases[i].want) {
            fail_msg("%s: got %d, want %d", cases[i].text, got, cases[i].want);
        }
    }
}

static void conditions_hold_or_not(void **state)
{
    (void)state;
    static const verdict_case cases[] = {
        {"arr >= 15k and arr < 25k", RULE_YES},
        {"arr = 18900", RULE_YES},
        {"arr == 18.9k", RULE_YES},
        {"arr != 18900", RULE_NO},
        {"arr <> 5", RULE_YES},
        {"18900 <= arr", RULE_YES},
        {"18900 < arr", RULE_NO},
        {"ARR > 0.01M", RULE_YES},
        {"adoption >= 70%", RULE_YES},
        {"adoption > 70 %", RULE_NO},
        {"adoption > 0.5", RULE_YES},
        {"last_seen > 1 week", RULE_YES},
        {"last_seen > 2 weeks", RULE_NO},
        {"last_seen > 10", RULE_YES},
        {"last_seen < 1 month and last_seen < 1 year", RULE_YES},
        {"renewal = 2026-03-31", RULE_YES},
        {"renewal = '2026-03-31'", RULE_YES},
        {"'2026-03-01' < renewal", RULE_YES},
        {"renewal between '2026-03-31' and 2026-04-30", RULE_YES},
        {"renewal in ('2026-03-31', 2026-04-01)", RULE_YES},
        {"today - renewal = 57 days", RULE_YES},
        {"renewal < today - 2 months", RULE_NO},
        {"strategic", RULE_YES},
        {"not strategic", RULE_NO},
        {"strategic = true and strategic != false", RULE_YES},
        {"strategic and arr > 5k", RULE_YES},
        {"health = Yellow", RULE_YES},
        {"yellow = health", RULE_YES},
        {"health != yellow", RULE_NO},
        {"health in (red, YELLOW)", RULE_YES},
        {"health not in (red, green)", RULE_YES},
        {"value = 'save PLAYS' or value = growth", RULE_YES},
        {"industry = EDTECH", RULE_YES},
        {"industry in (Retail, 'fin tech')", RULE_NO},
        {"arr between 18.9k and 20k", RULE_YES},
        {"arr between 10k and 18900", RULE_YES},
        {"arr not between 10k and 18900", RULE_NO},
        {"arr between health_score and 20k", RULE_YES},
        {"seats in (1, 40, 7)", RULE_YES},
        {"seats not in (1, 7)", RULE_YES},
        {"arr / seats > 470", RULE_YES},
        {"min(arr, 5k) = 5000 and max(arr, 5k) = 18900", RULE_YES},
        {"abs(-seats) = 40 and -seats < -39", RULE_YES},
        {"coalesce(potential_arr, arr) = 18900", RULE_YES},
        {"coalesce(industry, 'unknown') = edtech", RULE_YES},
        {"log(seats) > 3.68 and log(seats) < 3.69", RULE_YES},
        {"not (arr > 5k and not strategic)", RULE_YES},
        {"arr > 5k\n and\tseats > 1", RULE_YES},
    };
    check_verdicts(cases, COUNT(cases));
}

static void missing_is_unknown_and_follows_kleene(void **state)
{
    (void)state;
    static const verdict_case cases[] = {
        {"potential_arr > 5k", RULE_UNKNOWN},
        {"potential_arr != 5k", RULE_UNKNOWN},
        {"not potential_arr > 5k", RULE_UNKNOWN},
        {"potential_arr > 5k or strategic", RULE_YES},
        {"potential_arr > 5k and strategic", RULE_UNKNOWN},
        {"potential_arr > 5k and not strategic", RULE_NO},
        {"potential_arr > 5k or not strategic", RULE_UNKNOWN},
        {"potential_arr is missing", RULE_YES},
        {"potential_arr is not missing", RULE_NO},
        {"arr is missing", RULE_NO},
        {"potential_arr between 1 and 2", RULE_UNKNOWN},
        {"arr between potential_arr and 2", RULE_NO},
        {"arr between 1 and potential_arr", RULE_UNKNOWN},
        {"potential_arr in (1, 2)", RULE_UNKNOWN},
        {"potential_arr + arr > 1", RULE_UNKNOWN},
        {"min(arr, potential_arr) > 1", RULE_UNKNOWN},
        {"max(potential_arr, arr) > 1", RULE_UNKNOWN},
        {"arr / (seats - 40) > 1", RULE_UNKNOWN},
        {"arr / (seats - 40) is missing", RULE_YES},
        {"log(seats - 40) is missing", RULE_YES},
        {"log(seats - 50) is missing", RULE_YES},
        {"usage_depth > 1", RULE_UNKNOWN},
        {"usage_depth is missing", RULE_YES},
        {"(potential_arr > 1) = strategic", RULE_UNKNOWN},
        {"coalesce(potential_arr > 1, strategic)", RULE_YES},
        {"(potential_arr > 1) is missing", RULE_YES},
    };
    check_verdicts(cases, COUNT(cases));
}

static void values_are_computed(void **state)
{
    (void)state;
    column columns[SLOT_COUNT];
    account_columns(&fixture_account, columns);
    rule_input in = {.now = {columns, 20600}};
    assert_close(number_of("arr / seats", &in), 472.5, 1e-15);
    assert_close(number_of("0.1%", &in), 0.001, 1e-18);
    assert_close(number_of("2 years - 1 month", &in), 2 * 365.25 - 30.4375, 1e-15);
    assert_close(number_of("renewal + 30 days", &in), 20573, 1e-15);
    assert_close(number_of("1 + 2 * 3 - 8 / 4 / 2", &in), 6, 1e-15);
    assert_close(number_of("strategic", &in), 1, 1e-15);
    assert_true(isnan(number_of("1 / 0", &in)));
    assert_true(isnan(number_of("potential_arr * 2", &in)));
    assert_true(isnan(number_of("arr * 1e300 * 1e300", &in)));
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"helth_score > 5", "strata.yaml:14:23: unknown feature 'helth_score' in tier 'Growth' "
                            "(did you mean 'health_score'?)"},
        {"arr > 5k and\n  helth_score > 5", "strata.yaml:15:3: unknown feature 'helth_score' in "
                                            "tier 'Growth' (did you mean 'health_score'?)"},
        {"health = gren",
         "strata.yaml:14:32: health has no level 'gren' in tier 'Growth' (did you mean 'green'?)"},
        {"arr > 30 days", "strata.yaml:14:29: 'arr' is money and '30 days' is a duration: they "
                          "cannot be compared in tier 'Growth'"},
        {"adoption > 70", "strata.yaml:14:34: 'adoption' is a share, where 1 is 100%, and is "
                          "compared with 70 in tier 'Growth' (did you mean 70%?)"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        const rule *r = NULL;
        assert_ok(arena_new(&a, &err), &err);
        assert_int_equal(
            rule_compile_condition(a, cases[i].text, &fixture_place, &fixture_scope, &r, &err),
            STRATA_E_MODEL);
        assert_null(r);
        assert_string_equal(err.message, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_hold_or_not),
        cmocka_unit_test(missing_is_unknown_and_follows_kleene),
        cmocka_unit_test(values_are_computed),
        cmocka_unit_test(mistakes_are_named_with_their_place),
    };
    return cmocka_run_group_tests_name("rule", tests, NULL, NULL);
}
