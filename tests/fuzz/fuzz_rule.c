/* SPDX-License-Identifier: Apache-2.0 */
/* Any text compiles or fails with a message. What compiles can be evaluated, explained, inverted
 * and reasoned about without a crash, and its printed form compiles to the same. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rule/cover.h"
#include "rule/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { ACCOUNTS = 3, SYMBOLS = 8 };

static const char *const levels[] = {"green", "yellow", "red"};
static const char *const industries[] = {"EdTech", "Fin Tech", "it's"};

static const symbol symbols[SYMBOLS] = {
    {.name = "arr", .type = VALUE_MONEY, .never_negative = true},
    {.name = "n", .type = VALUE_NUMBER},
    {.name = "share", .type = VALUE_SHARE},
    {.name = "seen", .type = VALUE_DURATION},
    {.name = "on", .type = VALUE_DATE},
    {.name = "flag", .type = VALUE_BOOL},
    {.name = "health", .type = VALUE_TEXT, .levels = levels, .n_levels = 3},
    {.name = "industry",
     .type = VALUE_TEXT,
     .levels = industries,
     .n_levels = 3,
     .open_levels = true},
};
static const rule_scope scope = {symbols, SYMBOLS};

static const double nums[6][ACCOUNTS] = {{18900, NAN, 0}, {40, -1, NAN},     {0.7, 0, NAN},
                                         {12, 400, NAN},  {20543, NAN, -10}, {1, 0, NAN}};
static const int32_t codes[2][ACCOUNTS] = {{0, 2, CODE_MISSING}, {2, CODE_MISSING, 1}};

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void evaluate(const rule *r, const rule_input *in)
{
    union {
        double num[ACCOUNTS];
        int32_t code[ACCOUNTS];
        uint8_t verdict[ACCOUNTS];
    } out;
    void *scratch = malloc(rule_scratch_bytes(r));
    check(scratch != NULL);
    if (rule_type(r) == VALUE_TEXT) {
        rule_eval_text(r, in, ACCOUNTS, out.code, scratch);
        size_t n = 0;
        (void)rule_levels(r, &n);
        for (size_t i = 0; i < ACCOUNTS; i++) {
            check(out.code[i] == CODE_MISSING || (size_t)out.code[i] < n);
        }
    } else {
        rule_eval_number(r, in, ACCOUNTS, out.num, scratch);
        for (size_t i = 0; i < ACCOUNTS; i++) {
            check(!isinf(out.num[i]));
        }
    }
    if (rule_type(r) == VALUE_BOOL) {
        rule_eval_condition(r, in, ACCOUNTS, out.verdict, scratch);
        for (size_t i = 0; i < ACCOUNTS; i++) {
            check(out.verdict[i] <= RULE_UNKNOWN);
        }
    }
    free(scratch);
}

static void reason(const rule *r, const rule_input *in, arena *a)
{
    strata_error err = {0};
    const rule_clause *clauses = NULL;
    const rule_change *changes = NULL;
    const cover_finding *found = NULL;
    const rule *moved = NULL;
    size_t n = 0;
    check(rule_explain(r, in, 0, "USD", a, &clauses, &n, &err) == STRATA_OK);
    check(rule_invert(r, in, 0, "USD", a, &changes, &n, &err) == STRATA_OK);
    check(rule_with_margin(a, r, 0.05, true, &moved, &err) == STRATA_OK);
    const rule *const both[] = {r, moved};
    check(rule_cover(both, 2, "USD", a, &found, &n, &err) == STRATA_OK);
}

static void exercise(const rule *r, arena *a)
{
    strata_error err = {0};
    column columns[SYMBOLS] = {{0}};
    const char *text = NULL;
    const rule *back = NULL;
    for (size_t k = 0; k < 6; k++) {
        columns[k].num = nums[k];
    }
    columns[6].code = codes[0];
    columns[7].code = codes[1];
    const rule_frame past[] = {{columns, 20500}};
    const rule_input in = {.now = {columns, 20600}, .previous = past, .past = past, .n_past = 1};
    evaluate(r, &in);
    check(rule_words(r, "USD", a, &text, &err) == STRATA_OK);
    check(rule_observed(r, &in, 1, "USD", a, &text, &err) == STRATA_OK);
    if (rule_type(r) == VALUE_BOOL) {
        reason(r, &in, a);
    }
    check(rule_print(r, a, &text, &err) == STRATA_OK);
    /* The canonical text may be longer than the most that compiles. */
    if (strlen(text) < 60000) {
        check(rule_compile_value(a, text, NULL, &scope, &back, &err) == STRATA_OK);
        check(rule_equal(r, back));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    strata_error err = {0};
    arena *a = NULL;
    const rule *r = NULL;
    const char *const *names = NULL;
    size_t n = 0;
    check(arena_new(&a, &err) == STRATA_OK);
    char *text = arena_strndup(a, (const char *)bytes, len);
    check(text != NULL);
    const rule_place place = {"fuzz.yaml", 1, 1, "a rule"};
    strata_status parsed = rule_names(a, text, &place, &names, &n, &err);
    strata_status st = rule_compile_value(a, text, &place, &scope, &r, &err);
    check(st == STRATA_OK ? parsed == STRATA_OK : err.message[0] != '\0');
    if (st == STRATA_OK) {
        exercise(r, a);
    }
    arena_free(a);
    return 0;
}
