/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

#include "rule/cover.h"
#include "rule/rule_fixture.h"

/* Findings as "kind first second [missing] example", one a line. */
static void say_findings(const cover_finding *found, size_t n, char *out, size_t cap)
{
    static const char *const kinds[] = {"unreachable", "overlap", "gap", "undecided"};
    size_t at = 0;
    out[0] = '\0';
    for (size_t k = 0; k < n; k++) {
        at += (size_t)snprintf(out + at, cap - at, "%s %d %d%s: %s\n", kinds[found[k].kind],
                               (int)found[k].first, (int)found[k].second,
                               found[k].missing ? " missing" : "",
                               found[k].example != NULL ? found[k].example : "-");
    }
}

typedef struct cover_case {
    const char *rules[5], *want;
} cover_case;

static void check_cover(const cover_case *c)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const rule *rules[5];
    size_t n_rules = 0;
    assert_ok(arena_new(&a, &err), &err);
    for (; n_rules < 5 && c->rules[n_rules] != NULL; n_rules++) {
        assert_ok(rule_compile_condition(a, c->rules[n_rules], NULL, &fixture_scope,
                                         &rules[n_rules], &err),
                  &err);
    }
    const cover_finding *found = NULL;
    size_t n = 0;
    char got[2048];
    assert_ok(rule_cover(rules, n_rules, "USD", a, &found, &n, &err), &err);
    say_findings(found, n, got, sizeof got);
    assert_string_equal(got, c->want);
}

static void tiers_with_natural_shadowing_are_fine(void **state)
{
    (void)state;
    check_cover(&(cover_case){{"arr > 75k", "arr >= 25k", "arr >= 10k", "true"}, ""});
}

static void gaps_between_and_below_are_found(void **state)
{
    (void)state;
    static const cover_case cases[] = {
        {{"arr > 75k", "arr >= 25k"},
         "gap -1 -1: arr = $22,500\ngap -1 -1 missing: arr is missing\n"},
        {{"arr > 10k", "arr < 10k"},
         "gap -1 -1: arr = $10,000\ngap -1 -1 missing: arr is missing\n"},
        {{"arr >= 10k", "arr < 10k", "arr is missing"}, ""},
        {{"seats < 0", "seats > 10 and seats < 20", "seats > 30 or seats is missing"},
         "gap -1 -1: seats = 0\ngap -1 -1: seats = 20\n"},
        {{"strategic", "health in (red, green)",
          "arr is missing or health is missing or strategic "
          "is missing"},
         "overlap 0 1: strategic = yes, health = green\n"
         "overlap 0 2: arr is missing, strategic = yes, health = green\n"
         "overlap 1 2: arr is missing, strategic = no, health = green\n"
         "gap -1 -1: strategic = no, health = yellow\n"},
        {{"industry = EdTech", "industry is missing"}, "gap -1 -1: industry = Health\n"},
        {{"health = green", "health = yellow", "health = red", "health is missing"}, ""},
        {{"health != green", "health = green"}, "gap -1 -1 missing: health is missing\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_cover(&cases[i]);
    }
}

static void conditions_that_never_match_are_found(void **state)
{
    (void)state;
    static const cover_case cases[] = {
        {{"arr >= 10k", "arr > 75k", "true"}, "unreachable 1 0: arr = $82,500\n"},
        {{"arr >= 10k", "arr < 10k", "arr between 5k and 20k", "true"},
         "unreachable 2 -1: arr = $5,000\n"},
        {{"arr > 10k and arr < 5k", "true"}, "unreachable 0 0: -\n"},
        {{"health = red and health = green", "true"}, "unreachable 0 0: -\n"},
        {{"usage_depth > 5", "true"}, ""},
        {{"true", "arr > 5"}, "unreachable 1 0: arr = $5.50\n"},
        {{"renewal > 2026-03-31 and renewal < 2026-04-01", "true"}, "unreachable 0 0: -\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_cover(&cases[i]);
    }
}

static void what_cannot_be_reasoned_about_is_said(void **state)
{
    (void)state;
    static const cover_case cases[] = {
        {{"arr / seats > 10", "arr >= 10k"}, "undecided 0 0: -\n"},
        {{"health turned red and arr >= 10k", "arr >= 20k"},
         "undecided 0 0: -\ngap -1 -1: arr = $9,000\n"},
        {{"strategic for 30 days", "true"}, "undecided 0 0: -\n"},
        {{"industry = Retail", "true"}, "undecided 0 0: -\n"},
        {{"(-arr > 1) != false", "true"}, "undecided 0 0: -\n"},
        {{"strategic = (arr / seats > 10)", "true"}, "undecided 0 0: -\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_cover(&cases[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiers_with_natural_shadowing_are_fine),
        cmocka_unit_test(gaps_between_and_below_are_found),
        cmocka_unit_test(conditions_that_never_match_are_found),
        cmocka_unit_test(what_cannot_be_reasoned_about_is_said),
    };
    return cmocka_run_group_tests_name("cover", tests, NULL, NULL);
}
