/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/node.h"

#include <math.h>
#include <string.h>

#include "rule/source.h"

node *node_new(arena *a, node_kind kind, size_t at, size_t end)
{
    node *n = ARENA_NEW(a, 1, node);
    if (n != NULL) {
        n->kind = kind;
        n->at = at;
        n->end = end;
        n->height = 1;
    }
    return n;
}

static void append(node *parent, node *kid)
{
    if (parent->last == NULL) {
        parent->kids = kid;
    } else {
        parent->last->next = kid;
    }
    parent->last = kid;
    kid->next = NULL;
    parent->n_kids++;
    if (kid->height >= parent->height) {
        parent->height = kid->height + 1;
    }
    if (kid->at < parent->at) {
        parent->at = kid->at;
    }
    if (kid->end > parent->end) {
        parent->end = kid->end;
    }
}

void node_add(node *parent, node *kid)
{
    if ((parent->kind != NODE_AND && parent->kind != NODE_OR) || kid->kind != parent->kind) {
        append(parent, kid);
        return;
    }
    for (node *grandkid = kid->kids; grandkid != NULL;) {
        node *next = grandkid->next;
        append(parent, grandkid);
        grandkid = next;
    }
}

static bool same_number(double a, double b)
{
    return !(a < b) && !(a > b) && isnan(a) == isnan(b) && signbit(a) == signbit(b);
}

static bool same_head(const node *a, const node *b)
{
    if (a->kind != b->kind || a->type != b->type || a->negated != b->negated ||
        a->n_kids != b->n_kids) {
        return false;
    }
    switch ((int)a->kind) {
    case NODE_NUMBER:
        return a->unit == b->unit && same_number(a->number, b->number);
    case NODE_BOOL:
        return same_number(a->number, b->number);
    case NODE_TEXT:
    case NODE_NAME:
        return strcmp(a->text, b->text) == 0;
    case NODE_CALL:
        return a->function == b->function;
    case NODE_COMPARE:
        return a->op == b->op;
    default:
        return true;
    }
}

bool node_equal(const node *a, const node *b)
{
    if (!same_head(a, b)) {
        return false;
    }
    for (const node *x = a->kids, *y = b->kids; x != NULL && y != NULL; x = x->next, y = y->next) {
        if (!node_equal(x, y)) {
            return false;
        }
    }
    return true;
}

node *node_copy(arena *a, const node *n)
{
    node *copy = node_new(a, n->kind, n->at, n->end);
    if (copy != NULL) {
        *copy = *n;
        copy->kids = copy->last = copy->next = NULL;
        copy->n_kids = 0;
    }
    return copy;
}

static bool is_fixed(const node *n)
{
    return n->constant || n->kind == NODE_TEXT;
}

const node *node_clause_name(const node *n)
{
    bool relation = n->kind == NODE_COMPARE || n->kind == NODE_BETWEEN || n->kind == NODE_IN ||
                    n->kind == NODE_MISSING;
    if (n->kind == NODE_NAME) {
        return n;
    }
    if (!relation) {
        return NULL;
    }
    const node *name = n->kids;
    if (n->kind == NODE_COMPARE && is_fixed(name)) {
        name = name->next;
    }
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        if (kid != name && !is_fixed(kid)) {
            return NULL;
        }
    }
    return name != NULL && name->kind == NODE_NAME ? name : NULL;
}

bool node_is_binary(const node *n)
{
    return n->kind >= NODE_ADD && n->kind <= NODE_DIVIDE;
}

const char *compare_text(compare_op op)
{
    static const char *const texts[COMPARE_COUNT] = {"=", "!=", "<", "<=", ">", ">="};
    return texts[op];
}

compare_op compare_mirrored(compare_op op)
{
    static const compare_op mirrored[COMPARE_COUNT] = {COMPARE_EQ, COMPARE_NE, COMPARE_GT,
                                                       COMPARE_GE, COMPARE_LT, COMPARE_LE};
    return mirrored[op];
}

const char *function_name(rule_function function)
{
    static const char *const names[FUNCTION_COUNT] = {"min", "max", "abs", "coalesce", "log"};
    return names[function];
}

double unit_days(number_unit unit)
{
    switch (unit) {
    case UNIT_DAYS:
        return 1.0;
    case UNIT_WEEKS:
        return 7.0;
    case UNIT_MONTHS:
        return DAYS_PER_MONTH;
    case UNIT_YEARS:
        return DAYS_PER_YEAR;
    case UNIT_NONE:
    case UNIT_PERCENT:
    case UNIT_DATE:
        break;
    }
    return 0.0;
}

const char *unit_name(number_unit unit)
{
    static const char *const names[] = {"", "%", "days", "weeks", "months", "years", ""};
    return names[unit];
}
