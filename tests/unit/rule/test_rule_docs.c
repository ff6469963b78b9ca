/* SPDX-License-Identifier: Apache-2.0 */
/* Every block tagged ```rule in docs/rule-language.md compiles, and its words are not empty. */

#include "strata_test.h"

#include <stdlib.h>

#include "base/file.h"
#include "rule/rule.h"

static const char *const healths[] = {"green", "yellow", "red"};
static const char *const values[] = {"Strategic", "Growth", "Core", "Nurture"};
static const char *const segments[] = {"Champions", "Save plays"};
static const char *const industries[] = {"EdTech", "Fin Tech"};

static const symbol symbols[] = {
    {.name = "arr", .type = VALUE_MONEY},
    {.name = "potential_arr", .type = VALUE_MONEY},
    {.name = "health_score", .type = VALUE_NUMBER},
    {.name = "nps_last", .type = VALUE_NUMBER},
    {.name = "seats", .type = VALUE_NUMBER},
    {.name = "active_users_30d", .type = VALUE_NUMBER},
    {.name = "adoption", .type = VALUE_SHARE},
    {.name = "last_seen", .type = VALUE_DURATION},
    {.name = "renewal", .type = VALUE_DATE},
    {.name = "contract_start", .type = VALUE_DATE},
    {.name = "strategic", .type = VALUE_BOOL},
    {.name = "health", .type = VALUE_TEXT, .levels = healths, .n_levels = 3},
    {.name = "value", .type = VALUE_TEXT, .levels = values, .n_levels = 4},
    {.name = "segment", .type = VALUE_TEXT, .levels = segments, .n_levels = 2},
    {.name = "industry",
     .type = VALUE_TEXT,
     .levels = industries,
     .n_levels = 2,
     .open_levels = true},
};
static const rule_scope scope = {symbols, COUNT(symbols)};

static void check_example(const char *text)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const rule *r = NULL;
    const char *words = NULL;
    assert_ok(arena_new(&a, &err), &err);
    if (rule_compile_value(a, text, NULL, &scope, &r, &err) != STRATA_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    assert_ok(rule_words(r, "USD", a, &words, &err), &err);
    assert_true(words[0] != '\0');
}

static void every_example_in_the_manual_compiles(void **state)
{
    (void)state;
    static const char opening[] = "\n```rule\n";
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    strata_error err = {0};
    assert_ok(file_read(RULE_MANUAL, 1 << 20, &text, &len, &err), &err);
    size_t examples = 0;
    for (char *at = strstr(text, opening); at != NULL; at = strstr(at, opening)) {
        at += strlen(opening);
        char *end = strstr(at, "\n```");
        assert_non_null(end);
        *end = '\0';
        check_example(at);
        *end = '\n';
        at = end;
        examples++;
    }
    assert_true(examples > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_in_the_manual_compiles),
    };
    return cmocka_run_group_tests_name("rule_docs", tests, NULL, NULL);
}
