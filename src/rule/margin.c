/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "rule/check.h"

typedef struct mover {
    arena *a;
    double margin; /* above 0: harder to meet, below 0: easier */
} mover;

/* A constant of the same type, moved up (+1) or down (-1) by the margin of its size. */
static node *moved_constant(const mover *m, const node *n, double direction)
{
    node *moved = node_new(m->a, NODE_NUMBER, n->at, n->end);
    if (moved == NULL) {
        return NULL;
    }
    moved->type = n->type;
    moved->constant = true;
    moved->unit = n->type == VALUE_SHARE      ? UNIT_PERCENT
                  : n->type == VALUE_DURATION ? UNIT_DAYS
                  : n->type == VALUE_DATE     ? UNIT_DATE
                                              : UNIT_NONE;
    moved->number = n->number;
    if (n->type != VALUE_DATE) { /* 5 % of a date means nothing */
        moved->number += direction * m->margin * fabs(n->number);
    }
    if (moved->number < 0) { /* a leaf holds no sign */
        node *negated = node_new(m->a, NODE_NEGATE, n->at, n->end);
        if (negated == NULL) {
            return NULL;
        }
        moved->number = -moved->number;
        moved->count = moved->number;
        node_add(negated, moved);
        negated->type = n->type;
        negated->constant = true;
        negated->number = -moved->number;
        return negated;
    }
    moved->count = moved->number;
    return moved;
}

static node *moved_tree(const mover *m, const node *n);

/* Which way `kid` of `n` moves when the condition shall be harder to meet; 0 when it stays. */
static double direction_of(const node *n, const node *kid)
{
    if (!kid->constant || isnan(kid->number)) {
        return 0;
    }
    if (n->kind == NODE_BETWEEN && kid != n->kids) {
        double sign = n->negated ? -1 : 1;
        return kid == n->kids->next ? sign : -sign;
    }
    bool ordered = n->kind == NODE_COMPARE && n->op != COMPARE_EQ && n->op != COMPARE_NE;
    if (!ordered || (n->kids->constant && n->kids->next->constant)) {
        return 0;
    }
    bool above = n->op == COMPARE_GT || n->op == COMPARE_GE;
    bool right = kid == n->kids->next;
    return above == right ? 1 : -1;
}

/* Does a kid that is easier to meet make `n` easier (or harder) to meet? */
static bool passes_on(const node *n)
{
    return n->kind == NODE_AND || n->kind == NODE_OR || n->kind == NODE_FOR ||
           n->kind == NODE_NOT || n->kind == NODE_CALL;
}

static node *moved_kid(const mover *m, const node *n, const node *kid)
{
    double direction = direction_of(n, kid);
    if (direction > 0 || direction < 0) {
        return moved_constant(m, kid, direction);
    }
    mover inner = *m;
    if (!passes_on(n) || kid->type != VALUE_BOOL) {
        inner.margin = 0;
    } else if (n->kind == NODE_NOT) {
        inner.margin = -m->margin;
    }
    return moved_tree(&inner, kid);
}

static node *moved_tree(const mover *m, const node *n)
{
    node *copy = node_copy(m->a, n);
    for (const node *kid = n->kids; copy != NULL && kid != NULL; kid = kid->next) {
        node *moved = moved_kid(m, n, kid);
        if (moved == NULL) {
            return NULL;
        }
        node_add(copy, moved);
    }
    return copy;
}

strata_status rule_with_margin(arena *a, const rule *r, double margin, bool tighten,
                               const rule **out, strata_error *err)
{
    if (!(margin >= 0 && margin < 1)) {
        return strata_fail(err, STRATA_E_USAGE, "margin is %g, must be from 0 to under 1", margin);
    }
    mover m = {.a = a, .margin = tighten ? margin : -margin};
    rule *copy = ARENA_NEW(a, 1, rule);
    node *root = moved_tree(&m, r->root);
    if (copy == NULL || root == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *copy = *r;
    copy->root = root;
    STRATA_TRY(rule_print(copy, a, &copy->text, err));
    *out = copy;
    return STRATA_OK;
}
