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

/* Three dates: now (2026-05-30), 30 days ago, 60 days ago. */
typedef struct history {
    account at[3];
    column columns[3][SLOT_COUNT];
    rule_frame past[2];
    rule_input in;
} history;

static void make_history(history *h)
{
    for (size_t k = 0; k < 3; k++) {
        h->at[k] = fixture_account;
        account_columns(&h->at[k], h->columns[k]);
    }
    h->past[0] = (rule_frame){h->columns[1], 20573};
    h->past[1] = (rule_frame){h->columns[2], 20543};
    h->in = (rule_input){
        .now = {h->columns[0], 20603}, .previous = &h->past[0], .past = h->past, .n_past = 2};
}

static void turned_needs_another_known_level_before(void **state)
{
    (void)state;
    static const struct {
        int32_t now, before;
        int want;
    } cases[] = {
        {2, 1, RULE_YES},
        {2, 2, RULE_NO},
        {1, 2, RULE_NO},
        {2, CODE_MISSING, RULE_UNKNOWN},
        {1, CODE_MISSING, RULE_NO},
        {CODE_MISSING, 1, RULE_UNKNOWN},
        {CODE_MISSING, 2, RULE_NO},
    };
    history h;
    make_history(&h);
    for (size_t i = 0; i < COUNT(cases); i++) {
        h.at[0].health = cases[i].now;
        h.at[1].health = cases[i].before;
        assert_int_equal(verdict_of("health turned red", &h.in), cases[i].want);
    }
    h.at[0].health = 2;
    h.in.previous = NULL;
    assert_int_equal(verdict_of("health turned red", &h.in), RULE_UNKNOWN);
}

static void for_needs_every_date_and_one_early_enough(void **state)
{
    (void)state;
    static const struct {
        double seats[3];
        const char *text;
        int want;
    } cases[] = {
        {{10, 10, 10}, "seats > 5 for 30 days", RULE_YES},
        {{10, 10, 10}, "seats > 5 for 31 days", RULE_YES},
        {{10, 10, 10}, "seats > 5 for 60 days", RULE_YES},
        {{10, 10, 10}, "seats > 5 for 61 days", RULE_UNKNOWN},
        {{1, 10, 10}, "seats > 5 for 30 days", RULE_NO},
        {{10, 1, 10}, "seats > 5 for 30 days", RULE_NO},
        {{10, 10, 1}, "seats > 5 for 30 days", RULE_YES}, /* before the window */
        {{10, 10, 1}, "seats > 5 for 31 days", RULE_NO},
        {{10, 10, 1}, "seats > 5 for 90 days", RULE_NO},
        {{10, NAN, 10}, "seats > 5 for 30 days", RULE_UNKNOWN},
        {{10, NAN, 1}, "seats > 5 for 60 days", RULE_NO},
        {{10, 10, 10}, "(seats > 5 and strategic) for 30 days", RULE_YES},
        {{10, 10, 10}, "not (seats > 5 for 30 days)", RULE_NO},
        {{1, 1, 1}, "(not seats > 5) for 30 days", RULE_YES},
        {{10, 10, 10}, "(today >= 2026-05-30 or seats > 5) for 30 days", RULE_YES},
        {{1, 1, 1}, "(today >= 2026-05-30) for 30 days", RULE_NO},
    };
    history h;
    make_history(&h);
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t k = 0; k < 3; k++) {
            h.at[k].seats = cases[i].seats[k];
        }
        if (verdict_of(cases[i].text, &h.in) != cases[i].want) {
            fail_msg("%s, row %zu", cases[i].text, i);
        }
    }
    h.in.n_past = 0;
    assert_int_equal(verdict_of("seats > 5 for 1 day", &h.in), RULE_NO);
    h.at[0].seats = 10;
    assert_int_equal(verdict_of("seats > 5 for 1 day", &h.in), RULE_UNKNOWN);
}

static void texts_are_values_with_levels(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n_levels;
        const char *want; /* of the account; NULL: missing */
    } cases[] = {
        {"health", 3, "yellow"},
        {"industry", 4, "EdTech"},
        {"coalesce(industry, 'none')", 5, "EdTech"},
        {"coalesce(value, 'growth')", 5, "Growth"},
        {"'fixed'", 1, "fixed"},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    column columns[SLOT_COUNT];
    account_columns(&fixture_account, columns);
    rule_input in = {.now = {columns, 20600}};
    assert_ok(arena_new(&a, &err), &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const rule *r = NULL;
        size_t n = 0;
        int32_t code = 99;
        assert_ok(rule_compile_value(a, cases[i].text, NULL, &fixture_scope, &r, &err), &err);
        STRATA_AUTO_FREE void *scratch = malloc(rule_scratch_bytes(r));
        rule_eval_text(r, &in, 1, &code, scratch);
        const char *const *levels = rule_levels(r, &n);
        assert_int_equal(rule_type(r), VALUE_TEXT);
        assert_int_equal(n, cases[i].n_levels);
        assert_string_equal(levels[code], cases[i].want);
    }
}

/* The type of a computed feature follows from its parts. */
static void types_follow_from_the_parts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        value_type want;
    } cases[] = {
        {"arr / seats", VALUE_MONEY},
        {"arr / potential_arr", VALUE_NUMBER},
        {"seats / health_score", VALUE_NUMBER},
        {"arr * 20%", VALUE_MONEY},
        {"20% * arr", VALUE_MONEY},
        {"2 * arr", VALUE_MONEY},
        {"adoption * 100", VALUE_NUMBER},
        {"adoption / 2", VALUE_SHARE},
        {"adoption * adoption", VALUE_SHARE},
        {"1 - adoption", VALUE_SHARE},
        {"arr + 5", VALUE_MONEY},
        {"renewal - today", VALUE_DURATION},
        {"renewal + 30 days", VALUE_DATE},
        {"30 + renewal", VALUE_DATE},
        {"renewal - 30", VALUE_DATE},
        {"last_seen / 7", VALUE_DURATION},
        {"-arr", VALUE_MONEY},
        {"abs(arr)", VALUE_MONEY},
        {"log(arr)", VALUE_NUMBER},
        {"min(5, arr)", VALUE_MONEY},
        {"max(renewal, today)", VALUE_DATE},
        {"arr > 5", VALUE_BOOL},
        {"strategic", VALUE_BOOL},
        {"2 weeks", VALUE_DURATION},
        {"5%", VALUE_SHARE},
        {"2026-03-31", VALUE_DATE},
        {"health", VALUE_TEXT},
        {"coalesce(arr, 0)", VALUE_MONEY},
        {"100 / last_seen", VALUE_NUMBER},
        {"arr / last_seen", VALUE_NUMBER},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const rule *r = NULL;
        assert_ok(rule_compile_value(a, cases[i].text, NULL, &fixture_scope, &r, &err), &err);
        if (rule_type(r) != cases[i].want) {
            fail_msg("%s is a %s", cases[i].text, value_type_name(rule_type(r)));
        }
    }
}

/* 2,500 accounts are two whole blocks and a part of one; columns may be absent. */
static void many_accounts_are_evaluated_in_blocks(void **state)
{
    (void)state;
    enum { N = 2500 };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const rule *r = NULL;
    column columns[SLOT_COUNT] = {{0}};
    assert_ok(arena_new(&a, &err), &err);
    double *arr = ARENA_NEW(a, N, double);
    uint8_t *out = ARENA_NEW(a, N + 1, uint8_t);
    for (size_t i = 0; i < N; i++) {
        arr[i] = (double)i;
    }
    columns[SLOT_ARR].num = arr;
    out[N] = 77;
    assert_ok(
        rule_compile_condition(a, "arr >= 2k or health = red", NULL, &fixture_scope, &r, &err),
        &err);
    STRATA_AUTO_FREE void *scratch = malloc(rule_scratch_bytes(r));
    const rule_input in = {.now = {columns, 20600}};
    rule_eval_condition(r, &in, N, out, scratch);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(out[i], i >= 2000 ? RULE_YES : RULE_UNKNOWN);
    }
    assert_int_equal(out[N], 77);
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
        cmocka_unit_test(turned_needs_another_known_level_before),
        cmocka_unit_test(for_needs_every_date_and_one_early_enough),
        cmocka_unit_test(texts_are_values_with_levels),
        cmocka_unit_test(types_follow_from_the_parts),
        cmocka_unit_test(many_accounts_are_evaluated_in_blocks),
        cmocka_unit_test(mistakes_are_named_with_their_place),
    };
    return cmocka_run_group_tests_name("rule", tests, NULL, NULL);
}
