/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/parse.h"

#include <assert.h>
#include <string.h>

#include "rule/lex.h"

/* Grammar, loosest first; words in any case:
 *   or         = and { "or" and }
 *   and        = not { "and" not }
 *   not        = "not" not | held
 *   held       = comparison [ "for" duration ]
 *   comparison = sum [ op sum | ["not"] "between" sum "and" sum
 *                    | ["not"] "in" "(" sum { "," sum } ")"
 *                    | "is" ["not"] "missing" | "turned" (word | text) ]
 *   sum        = product { ("+" | "-") product }
 *   product    = factor { ("*" | "/") factor }
 *   factor     = "-" factor | primary
 *   primary    = number | text | "true" | "false" | "today" | word
 *              | word "(" or { "," or } ")" | "(" or ")" */

typedef struct parser {
    arena *a;
    const source *s;
    token now;
    int depth; /* of recursion */
    int literals;
} parser;

static strata_status parse_or(parser *p, node **out, strata_error *err);
static strata_status parse_not(parser *p, node **out, strata_error *err);
static strata_status parse_factor(parser *p, node **out, strata_error *err);

static strata_status advance(parser *p, strata_error *err)
{
    return lex_token(p->s, p->now.end, &p->now, err);
}

static bool at_word(const parser *p, const char *keyword)
{
    return token_is(p->s, &p->now, keyword);
}

/* Steps over the keyword when it stands here. */
static strata_status accept_word(parser *p, const char *keyword, bool *found, strata_error *err)
{
    *found = at_word(p, keyword);
    return *found ? advance(p, err) : STRATA_OK;
}

static strata_status fail_expected(const parser *p, const char *expected, strata_error *err)
{
    if (p->now.kind == TOKEN_END) {
        return source_fail(p->s, p->now.at, NULL, err, "expected %s, but the expression ends",
                           expected);
    }
    size_t len = p->now.end - p->now.at;
    return source_fail(p->s, p->now.at, NULL, err, "expected %s, found '%.*s'%s", expected,
                       len < 40 ? (int)len : 40, p->s->text + p->now.at, len < 40 ? "" : "...");
}

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static strata_status expect(parser *p, token_kind kind, const char *name, strata_error *err)
{
    if (p->now.kind != kind) {
        return fail_expected(p, name, err);
    }
    return advance(p, err);
}

static strata_status check_height(const parser *p, const node *n, strata_error *err)
{
    if (n->height > RULE_MAX_HEIGHT) {
        return source_fail(p->s, n->at, "split it into features of their own", err,
                           "expression is nested more than %d deep", RULE_MAX_HEIGHT);
    }
    return STRATA_OK;
}

/* A node over `first` and `second` (which may be NULL). */
static strata_status make(parser *p, node_kind kind, node *first, node *second, node **out,
                          strata_error *err)
{
    assert(first != NULL);
    node *n = node_new(p->a, kind, first->at, first->end);
    if (n == NULL) {
        return fail_nomem(err);
    }
    node_add(n, first);
    if (second != NULL) {
        node_add(n, second);
    }
    STRATA_TRY(check_height(p, n, err));
    *out = n;
    return STRATA_OK;
}

static strata_status leaf(parser *p, node_kind kind, node **out, strata_error *err)
{
    node *n = node_new(p->a, kind, p->now.at, p->now.end);
    if (n == NULL) {
        return fail_nomem(err);
    }
    if (kind != NODE_NAME && ++p->literals > RULE_MAX_LITERALS) {
        return source_fail(p->s, p->now.at, NULL, err, "more than %d numbers and texts",
                           RULE_MAX_LITERALS);
    }
    STRATA_TRY(advance(p, err));
    *out = n;
    return STRATA_OK;
}

static strata_status parse_number(parser *p, node **out, strata_error *err)
{
    token t = p->now;
    node *n = NULL;
    STRATA_TRY(leaf(p, NODE_NUMBER, &n, err));
    n->number = t.number;
    n->count = t.count;
    n->unit = t.unit;
    *out = n;
    return STRATA_OK;
}

static strata_status parse_text(parser *p, node **out, strata_error *err)
{
    token t = p->now;
    node *n = NULL;
    STRATA_TRY(leaf(p, NODE_TEXT, &n, err));
    char *text = arena_alloc(p->a, t.end - t.at, 1);
    if (text == NULL) {
        return fail_nomem(err);
    }
    size_t len = 0;
    for (size_t i = t.at + 1; i + 1 < t.end; i++) {
        text[len++] = p->s->text[i];
        i += p->s->text[i] == p->s->text[t.at]; /* a doubled quote */
    }
    n->text = text;
    *out = n;
    return STRATA_OK;
}

static strata_status parse_name(parser *p, node **out, strata_error *err)
{
    token t = p->now;
    node *n = NULL;
    STRATA_TRY(leaf(p, NODE_NAME, &n, err));
    n->text = arena_strndup(p->a, p->s->text + t.at, t.end - t.at);
    if (n->text == NULL) {
        return fail_nomem(err);
    }
    *out = n;
    return STRATA_OK;
}

/* The arguments and the closing parenthesis. */
static strata_status parse_arguments(parser *p, node *call, strata_error *err)
{
    for (;;) {
        node *argument = NULL;
        STRATA_TRY(parse_or(p, &argument, err));
        node_add(call, argument);
        if (p->now.kind != TOKEN_COMMA) {
            break;
        }
        STRATA_TRY(advance(p, err));
    }
    call->end = p->now.end;
    STRATA_TRY(check_height(p, call, err));
    return expect(p, TOKEN_CLOSE, "')' or ','", err);
}

static strata_status parse_call(parser *p, node *name, node **out, strata_error *err)
{
    rule_function f = 0;
    while (f < FUNCTION_COUNT && !text_equal_folded(name->text, function_name(f))) {
        f++;
    }
    if (f == FUNCTION_COUNT) {
        return source_fail(p->s, name->at, "there are min, max, abs, coalesce and log", err,
                           "unknown function '%.60s'", name->text);
    }
    node *call = node_new(p->a, NODE_CALL, name->at, name->end);
    if (call == NULL) {
        return fail_nomem(err);
    }
    call->function = f;
    STRATA_TRY(advance(p, err));
    STRATA_TRY(parse_arguments(p, call, err));
    *out = call;
    return STRATA_OK;
}

static strata_status parse_group(parser *p, node **out, strata_error *err)
{
    size_t at = p->now.at;
    node *n = NULL;
    STRATA_TRY(advance(p, err));
    STRATA_TRY(parse_or(p, &n, err));
    n->at = at;
    n->end = p->now.end;
    n->grouped = true;
    STRATA_TRY(expect(p, TOKEN_CLOSE, "')'", err));
    *out = n;
    return STRATA_OK;
}

static strata_status parse_word(parser *p, node **out, strata_error *err)
{
    bool yes = at_word(p, "true");
    if (yes || at_word(p, "false")) {
        STRATA_TRY(leaf(p, NODE_BOOL, out, err));
        (*out)->number = yes;
        return STRATA_OK;
    }
    if (at_word(p, "today")) {
        return leaf(p, NODE_TODAY, out, err);
    }
    if (token_is_reserved(p->s, &p->now)) {
        return fail_expected(p, "a name, number or text", err);
    }
    node *name = NULL;
    STRATA_TRY(parse_name(p, &name, err));
    if (p->now.kind == TOKEN_OPEN) {
        return parse_call(p, name, out, err);
    }
    *out = name;
    return STRATA_OK;
}

static strata_status parse_primary(parser *p, node **out, strata_error *err)
{
    switch (p->now.kind) {
    case TOKEN_NUMBER:
        return parse_number(p, out, err);
    case TOKEN_TEXT:
        return parse_text(p, out, err);
    case TOKEN_OPEN:
        return parse_group(p, out, err);
    case TOKEN_WORD:
        return parse_word(p, out, err);
    case TOKEN_END:
    case TOKEN_COMPARE:
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_TIMES:
    case TOKEN_OVER:
    case TOKEN_CLOSE:
    case TOKEN_COMMA:
        break;
    }
    return fail_expected(p, "a name, number or text", err);
}

static strata_status parse_factor(parser *p, node **out, strata_error *err)
{
    if (++p->depth > RULE_MAX_HEIGHT) {
        return source_fail(p->s, p->now.at, "split it into features of their own", err,
                           "expression is nested more than %d deep", RULE_MAX_HEIGHT);
    }
    if (p->now.kind == TOKEN_MINUS) {
        size_t at = p->now.at;
        node *operand = NULL;
        STRATA_TRY(advance(p, err));
        STRATA_TRY(parse_factor(p, &operand, err));
        STRATA_TRY(make(p, NODE_NEGATE, operand, NULL, out, err));
        (*out)->at = at;
    } else {
        STRATA_TRY(parse_primary(p, out, err));
    }
    p->depth--;
    return STRATA_OK;
}

static strata_status parse_product(parser *p, node **out, strata_error *err)
{
    STRATA_TRY(parse_factor(p, out, err));
    while (p->now.kind == TOKEN_TIMES || p->now.kind == TOKEN_OVER) {
        node_kind kind = p->now.kind == TOKEN_TIMES ? NODE_MULTIPLY : NODE_DIVIDE;
        node *right = NULL;
        STRATA_TRY(advance(p, err));
        STRATA_TRY(parse_factor(p, &right, err));
        STRATA_TRY(make(p, kind, *out, right, out, err));
    }
    return STRATA_OK;
}

static strata_status parse_sum(parser *p, node **out, strata_error *err)
{
    STRATA_TRY(parse_product(p, out, err));
    while (p->now.kind == TOKEN_PLUS || p->now.kind == TOKEN_MINUS) {
        node_kind kind = p->now.kind == TOKEN_PLUS ? NODE_ADD : NODE_SUBTRACT;
        node *right = NULL;
        STRATA_TRY(advance(p, err));
        STRATA_TRY(parse_product(p, &right, err));
        STRATA_TRY(make(p, kind, *out, right, out, err));
    }
    return STRATA_OK;
}

static strata_status parse_between(parser *p, node *subject, node **out, strata_error *err)
{
    node *low = NULL;
    node *high = NULL;
    bool found;
    STRATA_TRY(advance(p, err));
    STRATA_TRY(parse_sum(p, &low, err));
    STRATA_TRY(accept_word(p, "and", &found, err));
    if (!found) {
        return fail_expected(p, "'and' and the upper end of between", err);
    }
    STRATA_TRY(parse_sum(p, &high, err));
    STRATA_TRY(make(p, NODE_BETWEEN, subject, low, out, err));
    node_add(*out, high);
    return check_height(p, *out, err);
}

static strata_status parse_in(parser *p, node *subject, node **out, strata_error *err)
{
    STRATA_TRY(advance(p, err));
    STRATA_TRY(expect(p, TOKEN_OPEN, "'(' and the list", err));
    STRATA_TRY(make(p, NODE_IN, subject, NULL, out, err));
    for (;;) {
        node *item = NULL;
        STRATA_TRY(parse_sum(p, &item, err));
        node_add(*out, item);
        if (p->now.kind != TOKEN_COMMA) {
            break;
        }
        STRATA_TRY(advance(p, err));
    }
    (*out)->end = p->now.end;
    STRATA_TRY(check_height(p, *out, err));
    return expect(p, TOKEN_CLOSE, "')' or ','", err);
}

static strata_status parse_missing(parser *p, node *subject, node **out, strata_error *err)
{
    bool negated;
    STRATA_TRY(advance(p, err));
    STRATA_TRY(accept_word(p, "not", &negated, err));
    if (!at_word(p, "missing")) {
        return fail_expected(p,
                             negated ? "'missing' (write != for unequal)"
                                     : "'missing' or 'not missing' (write = for equal)",
                             err);
    }
    size_t end = p->now.end;
    STRATA_TRY(advance(p, err));
    STRATA_TRY(make(p, NODE_MISSING, subject, NULL, out, err));
    (*out)->negated = negated;
    (*out)->end = end;
    return STRATA_OK;
}

static strata_status parse_turned(parser *p, node *subject, node **out, strata_error *err)
{
    node *level = NULL;
    STRATA_TRY(advance(p, err));
    if (p->now.kind == TOKEN_TEXT) {
        STRATA_TRY(parse_text(p, &level, err));
    } else if (p->now.kind == TOKEN_WORD && !token_is_reserved(p->s, &p->now)) {
        STRATA_TRY(parse_name(p, &level, err));
    } else {
        return fail_expected(p, "the level that it turned into", err);
    }
    return make(p, NODE_TURNED, subject, level, out, err);
}

static strata_status parse_relation(parser *p, node *subject, node **out, strata_error *err)
{
    compare_op op = p->now.op;
    node *right = NULL;
    STRATA_TRY(advance(p, err));
    STRATA_TRY(parse_sum(p, &right, err));
    STRATA_TRY(make(p, NODE_COMPARE, subject, right, out, err));
    (*out)->op = op;
    if (p->now.kind == TOKEN_COMPARE) {
        return source_fail(p->s, p->now.at,
                           "write 'x between a and b', or two comparisons joined by 'and'", err,
                           "two comparisons in a row");
    }
    if (p->now.kind == TOKEN_WORD && right->kind == NODE_NAME && !right->grouped &&
        !token_is_reserved(p->s, &p->now)) {
        return source_fail(p->s, right->at, "a text of several words needs quotes", err,
                           "'%.60s' is followed by '%.*s'", right->text,
                           p->now.end - p->now.at < 60 ? (int)(p->now.end - p->now.at) : 60,
                           p->s->text + p->now.at);
    }
    return STRATA_OK;
}

static strata_status parse_comparison(parser *p, node **out, strata_error *err)
{
    node *subject = NULL;
    bool negated;
    STRATA_TRY(parse_sum(p, &subject, err));
    STRATA_TRY(accept_word(p, "not", &negated, err));
    if (at_word(p, "between")) {
        STRATA_TRY(parse_between(p, subject, out, err));
    } else if (at_word(p, "in")) {
        STRATA_TRY(parse_in(p, subject, out, err));
    } else if (negated) {
        return fail_expected(p, "'between' or 'in' after 'not'", err);
    } else if (p->now.kind == TOKEN_COMPARE) {
        return parse_relation(p, subject, out, err);
    } else if (at_word(p, "is")) {
        return parse_missing(p, subject, out, err);
    } else if (at_word(p, "turned")) {
        return parse_turned(p, subject, out, err);
    } else {
        *out = subject;
        return STRATA_OK;
    }
    (*out)->negated = negated;
    return STRATA_OK;
}

static strata_status parse_held(parser *p, node **out, strata_error *err)
{
    STRATA_TRY(parse_comparison(p, out, err));
    if (!at_word(p, "for")) {
        return STRATA_OK;
    }
    STRATA_TRY(advance(p, err));
    if (p->now.kind != TOKEN_NUMBER || unit_days(p->now.unit) <= 0) {
        return fail_expected(p, "a duration such as '30 days' after 'for'", err);
    }
    node *duration = NULL;
    STRATA_TRY(parse_number(p, &duration, err));
    return make(p, NODE_FOR, *out, duration, out, err);
}

/* `not a for 30 days` could be read both ways, so it must be written out. */
static strata_status parse_not(parser *p, node **out, strata_error *err)
{
    if (!at_word(p, "not")) {
        return parse_held(p, out, err);
    }
    if (++p->depth > RULE_MAX_HEIGHT) {
        return source_fail(p->s, p->now.at, NULL, err, "expression is nested more than %d deep",
                           RULE_MAX_HEIGHT);
    }
    size_t at = p->now.at;
    node *operand = NULL;
    STRATA_TRY(advance(p, err));
    STRATA_TRY(parse_not(p, &operand, err));
    if (operand->kind == NODE_FOR && !operand->grouped) {
        return source_fail(p->s, at, "write '(not ..) for ..' or 'not (.. for ..)'", err,
                           "'not' and 'for' without parentheses can be read in two ways");
    }
    STRATA_TRY(make(p, NODE_NOT, operand, NULL, out, err));
    (*out)->at = at;
    p->depth--;
    return STRATA_OK;
}

static strata_status parse_and(parser *p, node **out, strata_error *err)
{
    STRATA_TRY(parse_not(p, out, err));
    if (!at_word(p, "and")) {
        return STRATA_OK;
    }
    node *all = NULL;
    STRATA_TRY(make(p, NODE_AND, *out, NULL, &all, err));
    while (at_word(p, "and")) {
        node *next = NULL;
        STRATA_TRY(advance(p, err));
        STRATA_TRY(parse_not(p, &next, err));
        node_add(all, next);
    }
    *out = all;
    return check_height(p, all, err);
}

static strata_status parse_or(parser *p, node **out, strata_error *err)
{
    STRATA_TRY(parse_and(p, out, err));
    if (!at_word(p, "or")) {
        return STRATA_OK;
    }
    node *any = NULL;
    STRATA_TRY(make(p, NODE_OR, *out, NULL, &any, err));
    while (at_word(p, "or")) {
        node *next = NULL;
        STRATA_TRY(advance(p, err));
        STRATA_TRY(parse_and(p, &next, err));
        node_add(any, next);
    }
    *out = any;
    return check_height(p, any, err);
}

strata_status parse_expression(arena *a, const source *s, node **out, strata_error *err)
{
    if (s->len > RULE_MAX_TEXT) {
        return source_fail(s, 0, NULL, err, "expression is %zu bytes long, the most is %d", s->len,
                           RULE_MAX_TEXT);
    }
    parser p = {.a = a, .s = s};
    node *root = NULL;
    STRATA_TRY(advance(&p, err));
    if (p.now.kind == TOKEN_END) {
        return source_fail(s, 0, NULL, err, "expression is empty");
    }
    STRATA_TRY(parse_or(&p, &root, err));
    if (p.now.kind != TOKEN_END) {
        return fail_expected(&p, "'and', 'or' or the end", err);
    }
    *out = root;
    return STRATA_OK;
}
