/* SPDX-License-Identifier: Apache-2.0 */
/* Random conditions over random accounts: the evaluator by blocks against a
 * one-account interpreter written here, the printer against the parser, inverting
 * against evaluating, covering against sampling. */

#include "strata_test.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "base/strbuf.h"
#include "rule/cover.h"
#include "rule/node.h"
#include "rule/rule_fixture.h"

enum { ACCOUNTS = 1500 }; /* more than one block */

typedef struct table {
    double num[SLOT_COUNT][ACCOUNTS];
    int32_t code[SLOT_COUNT][ACCOUNTS];
    column columns[SLOT_COUNT];
} table;

/* Numbers from a small set, so that equalities happen. */
static double pick_number(rng *r)
{
    static const double values[] = {NAN, 0, 1, -1, 5, 10, 10.5, 100, 5000, 25000, 0.7, 0.3};
    return values[rng_below(r, COUNT(values))];
}

static void fill_table(table *t, rng *r)
{
    for (size_t slot = 0; slot < SLOT_COUNT; slot++) {
        const symbol *sym = &fixture_symbols[slot];
        for (size_t i = 0; i < ACCOUNTS; i++) {
            t->code[slot][i] = (int32_t)rng_below(r, sym->n_levels + 1) - 1;
            double x = pick_number(r);
            t->num[slot][i] = sym->type == VALUE_DATE   ? 20540 + round(fmin(x, 10))
                              : sym->type == VALUE_BOOL ? (isnan(x) ? x : x > 1)
                              : sym->never_negative     ? fabs(x)
                                                        : x;
        }
        bool text = sym->type == VALUE_TEXT;
        t->columns[slot] = (column){text ? NULL : t->num[slot], text ? t->code[slot] : NULL};
    }
}

/* Writers of random expressions; every name is typed, so what they write compiles. */

static void write_amount(strbuf *b, rng *r, int depth)
{
    static const char *const leaves[] = {"seats", "health_score", "usage_depth", "0",  "1",
                                         "5",     "10",           "100",         "5k", "0.5"};
    static const char *const calls[] = {"min", "max", "coalesce"};
    static const char signs[] = "+-*/";
    uint64_t kind = depth <= 0 ? 0 : rng_below(r, 6);
    if (kind < 3) {
        strbuf_add(b, leaves[rng_below(r, COUNT(leaves))]);
    } else if (kind == 3) {
        strbuf_add(b, rng_below(r, 2) == 0 ? "-" : "abs(");
        bool call = b->text[b->len - 1] == '(';
        strbuf_add(b, call ? "" : "(");
        write_amount(b, r, depth - 1);
        strbuf_add_char(b, ')');
    } else if (kind == 4) {
        strbuf_printf(b, "%s(", calls[rng_below(r, COUNT(calls))]);
        write_amount(b, r, depth - 1);
        strbuf_add(b, ", ");
        write_amount(b, r, depth - 1);
        strbuf_add_char(b, ')');
    } else {
        strbuf_add_char(b, '(');
        write_amount(b, r, depth - 1);
        strbuf_printf(b, " %c ", signs[rng_below(r, 4)]);
        write_amount(b, r, depth - 1);
        strbuf_add_char(b, ')');
    }
}

static void write_op(strbuf *b, rng *r)
{
    static const char *const ops[] = {" = ", " != ", " < ", " <= ", " > ", " >= "};
    strbuf_add(b, ops[rng_below(r, COUNT(ops))]);
}

/* A clause over one feature and constants. */
static void write_clause(strbuf *b, rng *r)
{
    static const char *const amounts[] = {"arr", "seats", "health_score", "last_seen"};
    static const char *const numbers[] = {"-1", "0", "1", "5", "10", "10.5", "100", "5k", "25k"};
    static const char *const fixed[] = {"strategic",
                                        "health = red",
                                        "health in (green, yellow)",
                                        "value != Growth",
                                        "value not in (Core, 'Save plays')",
                                        "industry = edtech",
                                        "arr is missing",
                                        "health is not missing",
                                        "strategic = false",
                                        "adoption > 30%",
                                        "adoption <= 70%",
                                        "renewal > 2026-03-30",
                                        "last_seen >= 1 week"};
    const char *name = amounts[rng_below(r, COUNT(amounts))];
    uint64_t kind = rng_below(r, 4);
    if (kind == 0) {
        strbuf_add(b, fixed[rng_below(r, COUNT(fixed))]);
    } else if (kind == 1) {
        strbuf_printf(b, "%s%s between %s and 5k", name, rng_below(r, 2) == 0 ? " not" : "",
                      numbers[rng_below(r, 7)]);
    } else if (kind == 2) {
        strbuf_printf(b, "%s%s in (%s, %s)", name, rng_below(r, 2) == 0 ? " not" : "",
                      numbers[rng_below(r, COUNT(numbers))], numbers[rng_below(r, COUNT(numbers))]);
    } else {
        strbuf_add(b, name);
        write_op(b, r);
        strbuf_add(b, numbers[rng_below(r, COUNT(numbers))]);
    }
}

static void write_condition(strbuf *b, rng *r, int depth, bool clauses_only)
{
    uint64_t kind = depth <= 0 ? 0 : rng_below(r, 8);
    if (kind < 3) {
        write_clause(b, r);
    } else if (kind == 3 && !clauses_only) {
        write_amount(b, r, 2);
        write_op(b, r);
        write_amount(b, r, 2);
    } else if (kind == 4) {
        strbuf_add(b, "not (");
        write_condition(b, r, depth - 1, clauses_only);
        strbuf_add_char(b, ')');
    } else {
        strbuf_add_char(b, '(');
        write_condition(b, r, depth - 1, clauses_only);
        strbuf_add(b, kind % 2 == 0 ? ") and (" : ") or (");
        write_condition(b, r, depth - 1, clauses_only);
        strbuf_add_char(b, ')');
    }
}

/* The interpreter: one account, one node at a time, straight from the definitions. */

static double naive_amount(const node *n, const table *t, size_t i);

static double finite(double x)
{
    return isfinite(x) ? x : NAN;
}

static double naive_call(const node *n, const table *t, size_t i)
{
    double a = naive_amount(n->kids, t, i);
    double b = n->kids->next != NULL ? naive_amount(n->kids->next, t, i) : NAN;
    switch (n->function) {
    case FUNCTION_ABS:
        return fabs(a);
    case FUNCTION_MIN:
        return isnan(a) || isnan(b) ? NAN : a < b ? a : b;
    case FUNCTION_MAX:
        return isnan(a) || isnan(b) ? NAN : a > b ? a : b;
    case FUNCTION_COALESCE:
        return isnan(a) ? b : a;
    case FUNCTION_LOG:
    case FUNCTION_COUNT:
        break;
    }
    return finite(log(a));
}

static double naive_amount(const node *n, const table *t, size_t i)
{
    switch ((int)n->kind) {
    case NODE_NUMBER:
        return n->number;
    case NODE_NAME:
        return n->sym->missing_because != NULL ? NAN : t->num[n->slot][i];
    case NODE_NEGATE:
        return -naive_amount(n->kids, t, i);
    case NODE_CALL:
        return naive_call(n, t, i);
    default:
        break;
    }
    double a = naive_amount(n->kids, t, i);
    double b = naive_amount(n->kids->next, t, i);
    double sums[] = {a + b, a - b, a * b, a / b};
    return finite(sums[n->kind - NODE_ADD]);
}

static int naive_not(int verdict)
{
    return verdict == RULE_UNKNOWN ? RULE_UNKNOWN : verdict == RULE_YES ? RULE_NO : RULE_YES;
}

static int naive_and(int a, int b)
{
    if (a == RULE_NO || b == RULE_NO) {
        return RULE_NO;
    }
    return a == RULE_YES && b == RULE_YES ? RULE_YES : RULE_UNKNOWN;
}

static bool same_folded(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        int x = *a >= 'A' && *a <= 'Z' ? *a + 32 : *a;
        int y = *b >= 'A' && *b <= 'Z' ? *b + 32 : *b;
        if (x != y) {
            return false;
        }
    }
    return *a == *b;
}

static int naive_text(const node *n, const table *t, size_t i)
{
    int32_t code = t->code[n->kids->slot][i];
    if (code < 0) {
        return RULE_UNKNOWN;
    }
    for (const node *word = n->kids->next; word != NULL; word = word->next) {
        if (same_folded(fixture_symbols[n->kids->slot].levels[code], word->text)) {
            return RULE_YES;
        }
    }
    return RULE_NO;
}

static int naive_number(compare_op op, double a, double b)
{
    if (isnan(a) || isnan(b)) {
        return RULE_UNKNOWN;
    }
    int order = (a > b) - (a < b);
    bool holds[COMPARE_COUNT] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};
    return holds[op] ? RULE_YES : RULE_NO;
}

static int naive(const node *n, const table *t, size_t i);

static int naive_relation(const node *n, const table *t, size_t i)
{
    const node *left = n->kids;
    if (left->type == VALUE_TEXT) {
        return naive_text(n, t, i);
    }
    if (left->type == VALUE_BOOL) { /* strategic = false */
        int a = naive(left, t, i);
        int b = naive(left->next, t, i);
        return a == RULE_UNKNOWN || b == RULE_UNKNOWN ? RULE_UNKNOWN : a == b ? RULE_YES : RULE_NO;
    }
    double x = naive_amount(left, t, i);
    if (n->kind == NODE_BETWEEN) {
        return naive_and(naive_number(COMPARE_GE, x, naive_amount(left->next, t, i)),
                         naive_number(COMPARE_LE, x, naive_amount(left->next->next, t, i)));
    }
    int verdict = RULE_NO;
    for (const node *other = left->next; other != NULL; other = other->next) {
        compare_op op = n->kind == NODE_IN ? COMPARE_EQ : n->op;
        int one = naive_number(op, x, naive_amount(other, t, i));
        verdict = naive_not(naive_and(naive_not(verdict), naive_not(one)));
    }
    return verdict;
}

static int naive_missing(const node *n, const table *t, size_t i)
{
    const node *kid = n->kids;
    bool missing =
        kid->type == VALUE_TEXT ? t->code[kid->slot][i] < 0 : isnan(naive_amount(kid, t, i));
    return missing ? RULE_YES : RULE_NO;
}

static int naive_logic(const node *n, const table *t, size_t i)
{
    bool any = n->kind == NODE_OR;
    int verdict = RULE_YES;
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        int one = naive(kid, t, i);
        verdict = naive_and(verdict, any ? naive_not(one) : one);
    }
    return any ? naive_not(verdict) : verdict;
}

static int naive(const node *n, const table *t, size_t i)
{
    int verdict = RULE_UNKNOWN;
    if (n->kind == NODE_AND || n->kind == NODE_OR) {
        return naive_logic(n, t, i);
    }
    if (n->kind == NODE_NOT) {
        return naive_not(naive(n->kids, t, i));
    }
    if (n->kind == NODE_BOOL) {
        return n->number > 0 ? RULE_YES : RULE_NO;
    }
    if (n->kind == NODE_NAME) {
        double x = naive_amount(n, t, i);
        return isnan(x) ? RULE_UNKNOWN : x > 0 ? RULE_YES : RULE_NO;
    }
    if (n->kind == NODE_MISSING) {
        verdict = naive_missing(n, t, i);
    } else {
        verdict = naive_relation(n, t, i);
        if (n->kind == NODE_COMPARE && n->op == COMPARE_NE && n->kids->type <= VALUE_TEXT &&
            (n->kids->type == VALUE_TEXT || n->kids->type == VALUE_BOOL)) {
            verdict = naive_not(verdict);
        }
    }
    return n->negated ? naive_not(verdict) : verdict;
}

/* A rule whose text is random; the arena owns it. */
static const rule *random_rule(arena *a, rng *r, int depth, bool clauses_only)
{
    STRBUF_AUTO strbuf b;
    strata_error err = {0};
    const rule *out = NULL;
    strbuf_init(&b, 0);
    write_condition(&b, r, depth, clauses_only);
    assert_ok(
        rule_compile_condition(a, strbuf_text(&b), &fixture_place, &fixture_scope, &out, &err),
        &err);
    return out;
}

static void blocks_agree_with_the_interpreter(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 1, 0);
    table *t = calloc(1, sizeof *t);
    assert_non_null(t);
    fill_table(t, &r);
    uint8_t out[ACCOUNTS];
    const rule_input in = {.now = {t->columns, 20600}};
    for (int round = 0; round < 400; round++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        assert_ok(arena_new(&a, &err), &err);
        const rule *x = random_rule(a, &r, 4, false);
        void *scratch = malloc(rule_scratch_bytes(x));
        size_t n = 1 + (size_t)rng_below(&r, ACCOUNTS);
        rule_eval_condition(x, &in, n, out, scratch);
        free(scratch);
        for (size_t i = 0; i < n; i++) {
            if (out[i] != naive(x->root, t, i)) {
                fail_msg("%s: account %zu is %d, not %d", rule_text(x), i, out[i],
                         naive(x->root, t, i));
            }
        }
    }
    free(t);
}

static void what_is_printed_parses_to_the_same(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 2, 0);
    for (int round = 0; round < 2000; round++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        const rule *back = NULL;
        const char *text = NULL;
        assert_ok(arena_new(&a, &err), &err);
        const rule *x = random_rule(a, &r, 4, false);
        if (round % 3 == 0) {
            assert_ok(rule_with_margin(a, x, rng_uniform(&r), round % 2 == 0, &x, &err), &err);
        }
        assert_ok(rule_print(x, a, &text, &err), &err);
        assert_ok(rule_compile_condition(a, text, &fixture_place, &fixture_scope, &back, &err),
                  &err);
        if (!rule_equal(x, back)) {
            fail_msg("%s became %s", rule_text(x), text);
        }
    }
}

static void every_share_and_duration_survives_printing(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 3, 0);
    for (int round = 0; round < 20000; round++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        const rule *x = NULL, *back = NULL;
        const char *text = NULL;
        char written[64];
        static const char *const units[] = {"%", " days", " weeks", " months", " years", "", "k"};
        double size = pow(10, rng_uniform(&r) * 30 - 15);
        (void)snprintf(written, sizeof written, "%.*g%s", (int)rng_below(&r, 17) + 1, size,
                       units[rng_below(&r, COUNT(units))]);
        assert_ok(arena_new(&a, &err), &err);
        assert_ok(rule_compile_value(a, written, NULL, &fixture_scope, &x, &err), &err);
        assert_ok(rule_print(x, a, &text, &err), &err);
        assert_ok(rule_compile_value(a, text, NULL, &fixture_scope, &back, &err), &err);
        if (!rule_equal(x, back)) {
            fail_msg("%s became %s", written, text);
        }
    }
}

/* Applies the changes to one account and asks again. */
static int verdict_after(const rule *x, const table *t, size_t i, const rule_change *changes,
                         size_t n)
{
    double num[SLOT_COUNT];
    int32_t code[SLOT_COUNT];
    column columns[SLOT_COUNT];
    uint8_t out;
    for (size_t slot = 0; slot < SLOT_COUNT; slot++) {
        num[slot] = t->num[slot][i];
        code[slot] = t->code[slot][i];
        bool text = fixture_symbols[slot].type == VALUE_TEXT;
        columns[slot] = (column){text ? NULL : &num[slot], text ? &code[slot] : NULL};
    }
    for (size_t k = 0; k < n; k++) {
        bool text = fixture_symbols[changes[k].slot].type == VALUE_TEXT;
        assert_false(text ? code[changes[k].slot] < 0 : isnan(num[changes[k].slot]));
        num[changes[k].slot] = changes[k].to;
        code[changes[k].slot] = text ? changes[k].to_code : code[changes[k].slot];
    }
    const rule_input in = {.now = {columns, 20600}};
    void *scratch = malloc(rule_scratch_bytes(x));
    rule_eval_condition(x, &in, 1, &out, scratch);
    free(scratch);
    return out;
}

static void inverting_satisfies_the_condition(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 4, 0);
    table *t = calloc(1, sizeof *t);
    assert_non_null(t);
    fill_table(t, &r);
    const rule_input in = {.now = {t->columns, 20600}};
    size_t reached = 0;
    size_t left = 0;
    for (int round = 0; round < 600; round++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        const rule_change *changes = NULL;
        size_t n = 0;
        assert_ok(arena_new(&a, &err), &err);
        const rule *x = random_rule(a, &r, 3, false);
        size_t i = (size_t)rng_below(&r, ACCOUNTS);
        assert_ok(rule_invert(x, &in, i, "USD", a, &changes, &n, &err), &err);
        if (n > 0) {
            reached++;
            assert_int_not_equal(naive(x->root, t, i), RULE_YES);
            if (verdict_after(x, t, i, changes, n) != RULE_YES) {
                fail_msg("%s: %s ... does not satisfy it", rule_text(x), changes[0].words);
            }
        }
        assert_ok(rule_leave(x, &in, i, "USD", a, &changes, &n, &err), &err);
        if (n > 0) {
            left++;
            assert_int_not_equal(naive(x->root, t, i), RULE_NO);
            if (verdict_after(x, t, i, changes, n) != RULE_NO) {
                fail_msg("%s: %s ... does not leave it", rule_text(x), changes[0].words);
            }
        }
    }
    assert_true(reached > 100);
    assert_true(left > 100);
    free(t);
}

/* What sampling sees must be among the findings, and what is found must be so. */
static void check_cover(arena *a, const table *t, const rule *const *rules, size_t n_rules)
{
    strata_error err = {0};
    const cover_finding *found = NULL;
    size_t n = 0;
    assert_ok(rule_cover(rules, n_rules, "USD", a, &found, &n, &err), &err);
    bool unreachable[8] = {false};
    bool overlap[8][8] = {{false}};
    bool gap = false;
    for (size_t k = 0; k < n; k++) {
        assert_int_not_equal(found[k].kind, COVER_UNDECIDED);
        unreachable[found[k].first % 8] |= found[k].kind == COVER_UNREACHABLE;
        if (found[k].kind == COVER_OVERLAP) {
            overlap[found[k].first][found[k].second] = true;
        }
        gap |= found[k].kind == COVER_GAP;
    }
    bool both[8][8] = {{false}};
    bool only[8][8] = {{false}};
    for (size_t i = 0; i < ACCOUNTS; i++) {
        size_t first = n_rules;
        bool yes[8] = {false};
        for (size_t k = n_rules; k-- > 0;) {
            yes[k] = naive(rules[k]->root, t, i) == RULE_YES;
            first = yes[k] ? k : first;
        }
        assert_true(first < n_rules || gap);
        assert_false(first < n_rules && unreachable[first]);
        for (size_t x = 0; x < n_rules; x++) {
            for (size_t y = 0; y < n_rules; y++) {
                both[x][y] |= yes[x] && yes[y];
                only[x][y] |= yes[x] && !yes[y];
            }
        }
    }
    for (size_t x = 0; x < n_rules; x++) {
        for (size_t y = x + 1; y < n_rules; y++) {
            bool seen = both[x][y] && only[x][y] && only[y][x];
            assert_true(!seen || overlap[x][y] || unreachable[x] || unreachable[y]);
        }
    }
}

static void covering_agrees_with_sampling(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 5, 0);
    table *t = calloc(1, sizeof *t);
    assert_non_null(t);
    for (int round = 0; round < 150; round++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        const rule *rules[4];
        fill_table(t, &r);
        assert_ok(arena_new(&a, &err), &err);
        for (size_t k = 0; k < COUNT(rules); k++) {
            rules[k] = random_rule(a, &r, 1, true);
        }
        check_cover(a, t, rules, COUNT(rules));
    }
    free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_agree_with_the_interpreter),
        cmocka_unit_test(what_is_printed_parses_to_the_same),
        cmocka_unit_test(every_share_and_duration_survives_printing),
        cmocka_unit_test(inverting_satisfies_the_condition),
        cmocka_unit_test(covering_agrees_with_sampling),
    };
    return cmocka_run_group_tests_name("rule_property", tests, NULL, NULL);
}
