/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "rule/cover.h"
#include "rule/rule_fixture.h"
#include "support/failing_alloc.h"

/* Each message in full but for the place, which is strata.yaml:14:23 plus the offset. */
static void every_mistake_has_its_message(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int column;
        const char *want;
    } cases[] = {
        {"", 23, "expression is empty"},
        {"  \n", -1, "expression is empty"},
        {"arr >", 28, "expected a name, number or text, but the expression ends"},
        {"arr > 5k and", 35, "expected a name, number or text, but the expression ends"},
        {"arr > and", 29, "expected a name, number or text, found 'and'"},
        {"(arr > 5", 31, "expected ')', but the expression ends"},
        {"arr > 5)", 30, "expected 'and', 'or' or the end, found ')'"},
        {"arr 5", 27, "expected 'and', 'or' or the end, found '5'"},
        {"arr is 5", 30, "expected 'missing' or 'not missing' (write = for equal), found '5'"},
        {"arr is not 5", 34, "expected 'missing' (write != for unequal), found '5'"},
        {"arr between 5", 36,
         "expected 'and' and the upper end of between, but the expression ends"},
        {"arr between 5 and 4", 35,
         "the ends of 'between' are the wrong way round (the lower one comes first)"},
        {"arr in 5", 30, "expected '(' and the list, found '5'"},
        {"arr in (5", 32, "expected ')' or ',', but the expression ends"},
        {"arr not > 5", 31, "expected 'between' or 'in' after 'not', found '>'"},
        {"1 < arr < 5", 31,
         "two comparisons in a row (write 'x between a and b', or two comparisons joined by "
         "'and')"},
        {"value = Save plays", 31,
         "'Save' is followed by 'plays' (a text of several words needs quotes)"},
        {"arr > $5", 29,
         "'$' is not part of the rule language (write the number alone: the currency is the "
         "model's)"},
        {"arr > 5 && arr < 6", 31, "'&' is not part of the rule language (write and)"},
        {"!strategic", 23, "'!' is not a word here (write not, or != for unequal)"},
        {"arr > 5\x01", 30, "byte 0x01 is not part of the rule language"},
        {"arr > 5x", 30, "unknown unit 'x' after 5 (write k, M, %, days, weeks, months or years)"},
        {"last_seen > 5d", 36,
         "unknown unit 'd' after 5 (write k, M, %, days, weeks, months or years)"},
        {"arr > 1e999", 29, "number 1e999 is too long or too large"},
        {"renewal > 2026-02-30", 33, "2026-02-30 is not a day of the calendar"},
        {"renewal > 'soon'", 33, "'soon' is not a date (write it as 2026-03-31)"},
        {"health = 'red", 32,
         "text starts here and does not end (close it with the quote it starts with)"},
        {"sum(arr, 5) > 5", 23,
         "unknown function 'sum' (there are min, max, abs, coalesce and log)"},
        {"abs(arr, 5) > 5", 23, "abs takes one value, not 2"},
        {"min(arr) > 5", 23, "min takes two values or more"},
        {"log(renewal) > 5", 27, "log takes a number, but 'renewal' is a date"},
        {"max(arr, last_seen) > 5", 32,
         "'arr' is money and 'last_seen' is a duration: they cannot be mixed in one function"},
        {"min(strategic, true)", 27,
         "'strategic' is yes or no and 'strategic' is yes or no: they cannot be mixed in one "
         "function"},
        {"coalesce(health, value) = red", 23,
         "coalesce over texts takes one feature and one text in quotes (as in coalesce(industry, "
         "'unknown'))"},
        {"helth = red", 23, "unknown feature 'helth' (did you mean 'health'?)"},
        {"zzzzzzzz > 5", 23, "unknown feature 'zzzzzzzz'"},
        {"health = purple", 32, "health has no level 'purple' (it has green, yellow, red)"},
        {"health in (gren, red)", 34, "health has no level 'gren' (did you mean 'green'?)"},
        {"health turned gren", 37, "health has no level 'gren' (did you mean 'green'?)"},
        {"health > red", 23,
         "texts have no order, so '>' cannot compare them (list the levels: in (.., ..))"},
        {"health = value", 32, "health has no level 'value' (it has green, yellow, red)"},
        {"health = 5", 32,
         "'health' is a text and '5' is a number: they cannot be compared (only a feature with "
         "levels or texts goes with a text)"},
        {"health in (red, 5)", 39,
         "'health' is a text and cannot be compared with '5' (write the level or text itself)"},
        {"arr = 'much'", 29,
         "'arr' is money and ''much'' is a text: they cannot be compared (only a feature with "
         "levels or texts goes with a text)"},
        {"'a' = 'b'", 29,
         "a text can only be compared with a text written out (write the level or "
         "text itself)"},
        {"arr = last_seen", 29,
         "'arr' is money and 'last_seen' is a duration: they cannot be compared"},
        {"arr > 20%", 29, "'arr' is money and '20%' is a share: they cannot be compared"},
        {"renewal > 30", 33,
         "'renewal' is a date and '30' is a number: they cannot be compared (write a date such as "
         "2026-03-31, or count from today as in today - 30 days)"},
        {"adoption > 1.2", 34,
         "'adoption' is a share, where 1 is 100%, and is compared with 1.2 "
         "(write 120% or 1.2%)"},
        {"adoption between 10 and 70%", 40,
         "'adoption' is a share, where 1 is 100%, and is compared with 10 (did you mean 10%?)"},
        {"70 < adoption", 23,
         "'adoption' is a share, where 1 is 100%, and is compared with 70 (did you mean 70%?)"},
        {"arr + last_seen > 5", 29,
         "'arr' is money and 'last_seen' is a duration: they cannot be added"},
        {"arr * arr > 5", 29, "'arr' is money and 'arr' is money: they cannot be multiplied"},
        {"renewal + renewal > 5", 33,
         "'renewal' is a date and 'renewal' is a date: they cannot be added (write a date such as "
         "2026-03-31, or count from today as in today - 30 days)"},
        {"-strategic", 24, "'strategic' is yes or no and has no negative"},
        {"arr", 23, "'arr' is money where a condition is expected (compare it with something)"},
        {"arr and strategic", 23,
         "'arr' is money where a condition is expected (compare it with something)"},
        {"not health", 27,
         "'health' is a text where a condition is expected (compare it with something)"},
        {"strategic > false", 23,
         "yes and no have no order, so '>' cannot compare them (write = or !=)"},
        {"strategic in (true)", 23,
         "'strategic' is yes or no and needs no list (use it alone or with 'not')"},
        {"health between red and green", 23,
         "'health' is a text, which has no order for 'between' (list the levels: in (.., ..))"},
        {"strategic between false and true", 23,
         "'strategic' is yes or no, which has no order for 'between'"},
        {"arr in (seats, 5)", 31,
         "'seats' in a list is not written out (join comparisons by 'or' "
         "instead)"},
        {"arr turned red", 23, "'arr' is money; only a feature with levels can turn into one"},
        {"health turned", 36, "expected the level that it turned into, but the expression ends"},
        {"strategic for ever", 37,
         "expected a duration such as '30 days' after 'for', found 'ever'"},
        {"strategic for 30", 37, "expected a duration such as '30 days' after 'for', found '30'"},
        {"strategic for 0 days", 37, "'for' takes from 1 day to 100 years, not 0 days"},
        {"strategic for 200 years", 37, "'for' takes from 1 day to 100 years, not 73050 days"},
        {"(strategic for 5 days) for 5 days", 38, "'for' cannot stand under another 'for'"},
        {"(health turned red) for 5 days", 23, "'turned' cannot stand under 'for'"},
        {"not strategic for 5 days", 23,
         "'not' and 'for' without parentheses can be read in two ways (write '(not ..) for ..' or "
         "'not (.. for ..)')"},
        {"today > 5", 31,
         "'today' is a date and '5' is a number: they cannot be compared (write a date such as "
         "2026-03-31, or count from today as in today - 30 days)"},
    };
    const rule_place place = {"strata.yaml", 14, 23, NULL};
    for (size_t i = 0; i < COUNT(cases); i++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        const rule *r = NULL;
        char want[512];
        assert_ok(arena_new(&a, &err), &err);
        strata_status st =
            rule_compile_condition(a, cases[i].text, &place, &fixture_scope, &r, &err);
        assert_int_equal(st, STRATA_E_MODEL);
        assert_null(r);
        (void)snprintf(want, sizeof want, "strata.yaml:14:%d: %s", cases[i].column, cases[i].want);
        if (cases[i].column < 0) {
            (void)snprintf(want, sizeof want, "strata.yaml:14:23: %s", cases[i].want);
        }
        if (strcmp(err.message, want) != 0) {
            fail_msg("%s\n got %s\nwant %s", cases[i].text, err.message, want);
        }
    }
}

static char *repeated(const char *piece, size_t n, const char *end)
{
    size_t len = strlen(piece);
    char *text = malloc(n * len + strlen(end) + 1);
    assert_non_null(text);
    for (size_t i = 0; i < n; i++) {
        memcpy(text + i * len, piece, len);
    }
    memcpy(text + n * len, end, strlen(end) + 1);
    return text;
}

static void limits_are_errors_not_crashes(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t n;
        const char *end, *want;
    } cases[] = {
        {"(", 100000, "", "expression is 100000 bytes long, the most is 65536"},
        {"(", 60000, "", "nested more than 200 deep"},
        {"-", 60000, "1", "nested more than 200 deep"},
        {"not ", 15000, "true", "nested more than 200 deep"},
        {"1+", 30000, "1", "nested more than 200 deep"},
        {"abs(", 15000, "1", "nested more than 200 deep"},
        {"arr=1 or ", 7000, "true", "more than 5000 numbers and texts"},
        {"1", 1000, " > arr", "is too long or too large"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        STRATA_AUTO_FREE char *text = repeated(cases[i].piece, cases[i].n, cases[i].end);
        strata_error err = {0};
        const rule *r = NULL;
        assert_ok(arena_new(&a, &err), &err);
        assert_int_equal(rule_compile_condition(a, text, NULL, &fixture_scope, &r, &err),
                         STRATA_E_MODEL);
        if (strstr(err.message, cases[i].want) == NULL) {
            fail_msg("%s", err.message);
        }
    }
}

static void a_long_flat_rule_is_fine(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_AUTO_FREE char *text = repeated("arr = 1 or ", 4000, "true");
    strata_error err = {0};
    const rule *r = NULL;
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(rule_compile_condition(a, text, NULL, &fixture_scope, &r, &err), &err);
    assert_true(rule_scratch_bytes(r) < 1 << 20);
}

static void texts_that_nobody_has_are_noted(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const rule *r = NULL;
    size_t n = 0;
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(rule_compile_condition(a, "industry in (EdTec, 'Fin Tech', Retail)", &fixture_place,
                                     &fixture_scope, &r, &err),
              &err);
    const char *const *notes = rule_notes(r, &n);
    assert_int_equal(n, 2);
    assert_string_equal(
        notes[0], "strata.yaml:14:36: no account has industry 'EdTec' (did you mean 'EdTech'?)");
    assert_string_equal(notes[1], "strata.yaml:14:55: no account has industry 'Retail'");
}

static void names_are_listed_without_a_scope(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const char *const *names = NULL;
    size_t n = 0;
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(rule_names(a,
                         "seat_fill > 50% and min(b, a) > a and x in (L) and y turned M "
                         "and today > 2026-01-01 and z = 'T'",
                         NULL, &names, &n, &err),
              &err);
    static const char *const want[] = {"a", "b", "seat_fill", "x", "y", "z"};
    assert_int_equal(n, COUNT(want));
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(names[i], want[i]);
    }
    assert_int_equal(rule_names(a, "a >", &fixture_place, &names, &n, &err), STRATA_E_MODEL);
}

static void slots_and_lookback_are_told(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const rule *r = NULL;
    size_t n = 0;
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(rule_compile_condition(a,
                                     "seats > 5 for 30 days or health = red for 2 months or arr "
                                     "> 5 and seats > 1 or value turned Core",
                                     NULL, &fixture_scope, &r, &err),
              &err);
    const size_t *slots = rule_slots(r, &n);
    assert_int_equal(n, 4);
    assert_int_equal(slots[0], SLOT_ARR);
    assert_int_equal(slots[1], SLOT_HEALTH);
    assert_int_equal(slots[2], SLOT_VALUE);
    assert_int_equal(slots[3], SLOT_SEATS);
    assert_int_equal(rule_lookback_days(r), 61); /* 60.875 */
    assert_true(rule_looks_at_previous(r));
}

static void columns_and_lines_count_characters(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const rule *r = NULL;
    assert_ok(arena_new(&a, &err), &err);
    assert_int_equal(rule_compile_condition(a, "industry = 'Caf\xc3\xa9'\n or \xc3\xa9 or x > 1",
                                            &fixture_place, &fixture_scope, &r, &err),
                     STRATA_E_MODEL);
    assert_string_equal(err.message,
                        "strata.yaml:15:5: unknown feature '\xc3\xa9' in tier 'Growth'");
    assert_int_equal(rule_compile_condition(a, "x > 1", NULL, &fixture_scope, &r, &err),
                     STRATA_E_MODEL);
    assert_string_equal(err.message, "1:1: unknown feature 'x'");
}

/* Everything that allocates, once. */
static strata_status whole_life(const rule **out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    const rule *rules[2] = {NULL, NULL};
    const rule *moved = NULL;
    const char *text = NULL;
    const rule_clause *clauses = NULL;
    const rule_change *changes = NULL;
    const cover_finding *findings = NULL;
    const char *const *names = NULL;
    size_t n = 0;
    column columns[SLOT_COUNT];
    account_columns(&fixture_account, columns);
    const rule_frame past[] = {{columns, 20500}};
    rule_input in = {.now = {columns, 20600}, .previous = past, .past = past, .n_past = 1};
    static const char condition[] =
        "arr between 25k and 75k and (health in (red, green) or seats in (1, 2) or "
        "coalesce(industry, 'none') = none) and industry != Retail and not (seats < 50)";
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(
        rule_compile_condition(a, condition, &fixture_place, &fixture_scope, &rules[0], err));
    STRATA_TRY(rule_compile_condition(a, "arr > 30k or health turned red", &fixture_place,
                                      &fixture_scope, &rules[1], err));
    STRATA_TRY(rule_names(a, condition, NULL, &names, &n, err));
    STRATA_TRY(rule_print(rules[0], a, &text, err));
    STRATA_TRY(rule_words(rules[0], "USD", a, &text, err));
    STRATA_TRY(rule_observed(rules[0], &in, 0, "USD", a, &text, err));
    STRATA_TRY(rule_explain(rules[0], &in, 0, "USD", a, &clauses, &n, err));
    STRATA_TRY(rule_invert(rules[0], &in, 0, "USD", a, &changes, &n, err));
    STRATA_TRY(rule_leave(rules[0], &in, 0, "USD", a, &changes, &n, err));
    STRATA_TRY(rule_with_margin(a, rules[0], 0.05, true, &moved, err));
    STRATA_TRY(rule_cover(rules, 2, "USD", a, &findings, &n, err));
    *out = rules[0];
    return STRATA_OK;
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    long failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        const rule *out = NULL;
        strata_status st = whole_life(&out, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, out == NULL);
    });
    assert_true(failures > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_has_its_message),
        cmocka_unit_test(limits_are_errors_not_crashes),
        cmocka_unit_test(a_long_flat_rule_is_fine),
        cmocka_unit_test(texts_that_nobody_has_are_noted),
        cmocka_unit_test(names_are_listed_without_a_scope),
        cmocka_unit_test(slots_and_lookback_are_told),
        cmocka_unit_test(columns_and_lines_count_characters),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests_name("rule_errors", tests, NULL, NULL);
}
