/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

enum { LONGEST_FOR = 36525 }; /* days */

const symbol *check_find(const checker *c, const char *name)
{
    const symbol *folded = NULL;
    for (size_t i = 0; i < c->scope->n_symbols; i++) {
        const symbol *sym = &c->scope->symbols[i];
        if (strcmp(sym->name, name) == 0) {
            return sym;
        }
        if (folded == NULL && text_equal_folded(sym->name, name)) {
            folded = sym;
        }
    }
    return folded;
}

static strata_status fail_unknown_name(const checker *c, const node *n, strata_error *err)
{
    char hint[128] = "";
    size_t count = c->scope->n_symbols;
    STRATA_AUTO_FREE const char **names = STRATA_NEW_ARRAY(count, const char *);
    for (size_t i = 0; names != NULL && i < count; i++) {
        names[i] = c->scope->symbols[i].name;
    }
    const char *near = names != NULL ? nearest_name(n->text, names, count) : NULL;
    if (near != NULL) {
        (void)snprintf(hint, sizeof hint, "did you mean '%.64s'?", near);
    }
    return source_fail(c->s, n->at, near != NULL ? hint : NULL, err, "unknown feature '%.80s'",
                       n->text);
}

static strata_status check_name(checker *c, node *n, strata_error *err)
{
    const symbol *sym = check_find(c, n->text);
    if (sym == NULL) {
        return fail_unknown_name(c, n, err);
    }
    symbol *copy = ARENA_NEW(c->a, 1, symbol);
    if (copy == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *copy = *sym;
    n->sym = copy;
    n->slot = (size_t)(sym - c->scope->symbols);
    n->text = sym->name;
    n->type = sym->type;
    n->levels = sym->levels;
    n->n_levels = sym->n_levels;
    n->open = sym->open_levels;
    return STRATA_OK;
}

bool check_is_text_symbol(const checker *c, const node *n)
{
    const symbol *sym = n->kind == NODE_NAME ? check_find(c, n->text) : NULL;
    return sym != NULL && sym->type == VALUE_TEXT;
}

const char *check_type_phrase(value_type type)
{
    static const char *const phrases[VALUE_TYPE_COUNT] = {
        [VALUE_NUMBER] = "a number",     [VALUE_MONEY] = "money", [VALUE_SHARE] = "a share",
        [VALUE_DURATION] = "a duration", [VALUE_DATE] = "a date", [VALUE_BOOL] = "yes or no",
        [VALUE_TEXT] = "a text"};
    return phrases[type];
}

strata_status check_condition(const checker *c, const node *n, strata_error *err)
{
    char slice[SLICE_TEXT];
    if (n->type == VALUE_BOOL) {
        return STRATA_OK;
    }
    return source_fail(c->s, n->at, "compare it with something", err,
                       "'%s' is %s where a condition is expected", source_slice(c->s, n, slice),
                       check_type_phrase(n->type));
}

static strata_status check_kids(checker *c, node *n, strata_error *err)
{
    for (node *kid = n->kids; kid != NULL; kid = kid->next) {
        STRATA_TRY(check_node(c, kid, err));
    }
    return STRATA_OK;
}

static strata_status check_logic(checker *c, node *n, strata_error *err)
{
    STRATA_TRY(check_kids(c, n, err));
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        STRATA_TRY(check_condition(c, kid, err));
    }
    return STRATA_OK;
}

static bool is_word_or_text(const node *n)
{
    return n->kind == NODE_TEXT || (n->kind == NODE_NAME && !n->grouped);
}

/* `Strategic = value` reads as `value = Strategic`: the subject of a comparison
 * with a text is the side that is a text feature. */
static bool subject_is_right(const checker *c, const node *left, const node *right)
{
    return is_word_or_text(left) && !check_is_text_symbol(c, left) &&
           (left->kind == NODE_TEXT || check_find(c, left->text) == NULL) &&
           check_is_text_symbol(c, right);
}

static strata_status date_from_text(const checker *c, node *n, strata_error *err)
{
    day d;
    if (!day_parse_iso(n->text, strlen(n->text), &d)) {
        return source_fail(c->s, n->at, "write it as 2026-03-31", err, "'%.40s' is not a date",
                           n->text);
    }
    n->kind = NODE_NUMBER;
    n->unit = UNIT_DATE;
    n->number = d;
    return STRATA_OK;
}

/* A quoted date beside a date is a date. */
static strata_status check_operands(checker *c, node *left, node *right, strata_error *err)
{
    node *first = left->kind == NODE_TEXT ? right : left;
    node *second = first == left ? right : left;
    STRATA_TRY(check_node(c, first, err));
    if (first->type == VALUE_DATE && second->kind == NODE_TEXT) {
        STRATA_TRY(date_from_text(c, second, err));
    }
    return check_node(c, second, err);
}

static strata_status check_compare(checker *c, node *n, strata_error *err)
{
    node *left = n->kids;
    node *right = left->next;
    node *subject = subject_is_right(c, left, right) ? right : left;
    node *other = subject == left ? right : left;
    if (is_word_or_text(other) && subject->kind != NODE_TEXT) {
        STRATA_TRY(check_node(c, subject, err));
        if (subject->type == VALUE_TEXT) {
            if (n->op != COMPARE_EQ && n->op != COMPARE_NE) {
                return source_fail(c->s, n->at, "list the levels: in (.., ..)", err,
                                   "texts have no order, so '%s' cannot compare them",
                                   compare_text(n->op));
            }
            return check_against_texts(c, n, subject, other, err);
        }
    }
    STRATA_TRY(check_operands(c, left, right, err));
    STRATA_TRY(check_comparable(c, left, right, err));
    if (left->type == VALUE_BOOL && n->op != COMPARE_EQ && n->op != COMPARE_NE) {
        return source_fail(c->s, n->at, "write = or !=", err,
                           "yes and no have no order, so '%s' cannot compare them",
                           compare_text(n->op));
    }
    return STRATA_OK;
}

/* A further value beside a subject that is checked already. */
static strata_status check_beside(checker *c, node *subject, node *n, strata_error *err)
{
    if (subject->type == VALUE_DATE && n->kind == NODE_TEXT) {
        STRATA_TRY(date_from_text(c, n, err));
    }
    STRATA_TRY(check_node(c, n, err));
    return check_comparable(c, subject, n, err);
}

static strata_status check_between(checker *c, node *n, strata_error *err)
{
    node *subject = n->kids;
    node *low = subject->next;
    node *high = low->next;
    if (check_is_text_symbol(c, subject)) {
        return source_fail(c->s, subject->at, "list the levels: in (.., ..)", err,
                           "'%s' is a text, which has no order for 'between'", subject->text);
    }
    STRATA_TRY(check_operands(c, subject, low, err));
    STRATA_TRY(check_comparable(c, subject, low, err));
    STRATA_TRY(check_beside(c, subject, high, err));
    if (subject->type == VALUE_BOOL || subject->type == VALUE_TEXT) {
        char slice[SLICE_TEXT];
        return source_fail(c->s, subject->at, NULL, err,
                           "'%s' is %s, which has no order for 'between'",
                           source_slice(c->s, subject, slice), check_type_phrase(subject->type));
    }
    if (low->constant && high->constant && low->number > high->number) {
        return source_fail(c->s, low->at, "the lower one comes first", err,
                           "the ends of 'between' are the wrong way round");
    }
    return STRATA_OK;
}

static strata_status check_in(checker *c, node *n, strata_error *err)
{
    char slice[SLICE_TEXT];
    node *subject = n->kids;
    STRATA_TRY(check_node(c, subject, err));
    if (subject->type == VALUE_TEXT) {
        return check_against_texts(c, n, subject, subject->next, err);
    }
    if (subject->type == VALUE_BOOL) {
        return source_fail(c->s, subject->at, "use it alone or with 'not'", err,
                           "'%s' is yes or no and needs no list",
                           source_slice(c->s, subject, slice));
    }
    for (node *item = subject->next; item != NULL; item = item->next) {
        STRATA_TRY(check_beside(c, subject, item, err));
    }
    return check_in_numbers(c, n, err);
}

static strata_status check_turned(checker *c, node *n, strata_error *err)
{
    char slice[SLICE_TEXT];
    node *subject = n->kids;
    STRATA_TRY(check_node(c, subject, err));
    if (subject->type != VALUE_TEXT || subject->kind != NODE_NAME) {
        return source_fail(c->s, subject->at, NULL, err,
                           "'%s' is %s; only a feature with levels can turn into one",
                           source_slice(c->s, subject, slice), check_type_phrase(subject->type));
    }
    if (c->inside_for) {
        return source_fail(c->s, n->at, NULL, err, "'turned' cannot stand under 'for'");
    }
    c->looks_at_previous = true;
    return check_against_texts(c, n, subject, subject->next, err);
}

static strata_status check_for(checker *c, node *n, strata_error *err)
{
    node *condition = n->kids;
    node *duration = condition->next;
    if (c->inside_for) {
        return source_fail(c->s, duration->at, NULL, err, "'for' cannot stand under another 'for'");
    }
    c->inside_for = true;
    strata_status st = check_node(c, condition, err);
    c->inside_for = false;
    STRATA_TRY(st);
    STRATA_TRY(check_condition(c, condition, err));
    STRATA_TRY(check_node(c, duration, err));
    if (duration->number < 1.0 || duration->number > LONGEST_FOR) {
        return source_fail(c->s, duration->at, NULL, err,
                           "'for' takes from 1 day to 100 years, not %.6g days", duration->number);
    }
    double whole = ceil(duration->number);
    int days = (int)whole;
    if (days > c->lookback_days) {
        c->lookback_days = days;
    }
    return STRATA_OK;
}

static void check_number(node *n)
{
    static const value_type types[] = {
        [UNIT_NONE] = VALUE_NUMBER,     [UNIT_PERCENT] = VALUE_SHARE,
        [UNIT_DAYS] = VALUE_DURATION,   [UNIT_WEEKS] = VALUE_DURATION,
        [UNIT_MONTHS] = VALUE_DURATION, [UNIT_YEARS] = VALUE_DURATION,
        [UNIT_DATE] = VALUE_DATE};
    n->type = types[n->unit];
    n->constant = true;
}

static strata_status check_text_literal(checker *c, node *n, strata_error *err)
{
    const char **levels = ARENA_NEW(c->a, 1, const char *);
    if (levels == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    levels[0] = n->text;
    n->type = VALUE_TEXT;
    n->levels = levels;
    n->n_levels = 1;
    n->code = 0;
    return STRATA_OK;
}

static strata_status check_leaf(checker *c, node *n, strata_error *err)
{
    switch ((int)n->kind) {
    case NODE_NUMBER:
        check_number(n);
        return STRATA_OK;
    case NODE_TEXT:
        return check_text_literal(c, n, err);
    case NODE_NAME:
        return check_name(c, n, err);
    case NODE_TODAY:
        n->type = VALUE_DATE;
        return STRATA_OK;
    default: /* NODE_BOOL, NODE_UNKNOWN */
        n->type = VALUE_BOOL;
        return STRATA_OK;
    }
}

strata_status check_node(checker *c, node *n, strata_error *err)
{
    n->type = VALUE_BOOL; /* of all conditions; the others set theirs */
    switch ((int)n->kind) {
    case NODE_NUMBER:
    case NODE_BOOL:
    case NODE_TEXT:
    case NODE_NAME:
    case NODE_TODAY:
    case NODE_UNKNOWN:
        return check_leaf(c, n, err);
    case NODE_NEGATE:
    case NODE_ADD:
    case NODE_SUBTRACT:
    case NODE_MULTIPLY:
    case NODE_DIVIDE:
        STRATA_TRY(check_kids(c, n, err));
        return check_arithmetic(c, n, err);
    case NODE_CALL:
        STRATA_TRY(check_kids(c, n, err));
        return check_call(c, n, err);
    case NODE_COMPARE:
        return check_compare(c, n, err);
    case NODE_BETWEEN:
        return check_between(c, n, err);
    case NODE_IN:
        return check_in(c, n, err);
    case NODE_MISSING:
        return check_kids(c, n, err);
    case NODE_TURNED:
        return check_turned(c, n, err);
    case NODE_FOR:
        return check_for(c, n, err);
    case NODE_NOT:
    case NODE_AND:
    case NODE_OR:
        return check_logic(c, n, err);
    }
    return strata_fail(err, STRATA_E_INTERNAL, "node of kind %d", (int)n->kind);
}
