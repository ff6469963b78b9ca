/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/check.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool check_is_amount(value_type type)
{
    return type == VALUE_NUMBER || type == VALUE_MONEY || type == VALUE_SHARE ||
           type == VALUE_DURATION;
}

/* A plain number goes with every amount. */
static bool fits(value_type a, value_type b)
{
    return a == b || (check_is_amount(a) && b == VALUE_NUMBER) ||
           (check_is_amount(b) && a == VALUE_NUMBER);
}

static strata_status fail_mix(const checker *c, const node *left, const node *right,
                              const char *cannot, strata_error *err)
{
    char slices[2][SLICE_TEXT];
    const char *hint = NULL;
    if (left->type == VALUE_DATE || right->type == VALUE_DATE) {
        hint = "write a date such as 2026-03-31, or count from today as in today - 30 days";
    } else if (left->type == VALUE_TEXT || right->type == VALUE_TEXT) {
        hint = "only a feature with levels or texts goes with a text";
    }
    return source_fail(c->s, right->at, hint, err, "'%s' is %s and '%s' is %s: they cannot be %s",
                       source_slice(c->s, left, slices[0]), check_type_phrase(left->type),
                       source_slice(c->s, right, slices[1]), check_type_phrase(right->type),
                       cannot);
}

/* `adoption > 70` was meant as 70 %: a share above 1 would never match. */
static strata_status check_share(const checker *c, const node *share, const node *number,
                                 strata_error *err)
{
    char hint[96];
    if (share->type != VALUE_SHARE || share->constant || number->type != VALUE_NUMBER ||
        !number->constant || !(fabs(number->number) > 1.0)) {
        return STRATA_OK;
    }
    if (fabs(number->number) <= 5.0) {
        (void)snprintf(hint, sizeof hint, "write %.6g%% or %.6g%%", number->number * 100.0,
                       number->number);
    } else {
        (void)snprintf(hint, sizeof hint, "did you mean %.6g%%?", number->number);
    }
    char slices[2][SLICE_TEXT];
    return source_fail(c->s, number->at, hint, err,
                       "'%s' is a share, where 1 is 100%%, and is compared with %s",
                       source_slice(c->s, share, slices[0]), source_slice(c->s, number, slices[1]));
}

strata_status check_comparable(checker *c, node *left, node *right, strata_error *err)
{
    if (!fits(left->type, right->type)) {
        return fail_mix(c, left, right, "compared", err);
    }
    if (left->type == VALUE_TEXT) {
        return source_fail(c->s, right->at, "write the level or text itself", err,
                           "a text can only be compared with a text written out");
    }
    STRATA_TRY(check_share(c, left, right, err));
    return check_share(c, right, left, err);
}

/* The type of left + right; VALUE_TYPE_COUNT when there is none. */
static value_type sum_type(node_kind kind, value_type left, value_type right)
{
    if (left == VALUE_DATE && right == VALUE_DATE) {
        return kind == NODE_SUBTRACT ? VALUE_DURATION : VALUE_TYPE_COUNT;
    }
    bool days = right == VALUE_DURATION || right == VALUE_NUMBER;
    if (left == VALUE_DATE && days) {
        return VALUE_DATE;
    }
    if (right == VALUE_DATE && kind == NODE_ADD &&
        (left == VALUE_DURATION || left == VALUE_NUMBER)) {
        return VALUE_DATE;
    }
    if (!check_is_amount(left) || !fits(left, right)) {
        return VALUE_TYPE_COUNT;
    }
    return left == VALUE_NUMBER ? right : left;
}

static value_type product_type(node_kind kind, value_type left, value_type right)
{
    if (!check_is_amount(left) || !check_is_amount(right)) {
        return VALUE_TYPE_COUNT;
    }
    if (right == VALUE_NUMBER || right == VALUE_SHARE) {
        /* adoption * 100 is a number of points, not a share of 7,000 % */
        bool points = left == VALUE_SHARE && right == VALUE_NUMBER && kind == NODE_MULTIPLY;
        return points ? VALUE_NUMBER : left;
    }
    if (kind == NODE_DIVIDE) {
        return VALUE_NUMBER;
    }
    if (left == VALUE_NUMBER || left == VALUE_SHARE) {
        return left == VALUE_NUMBER && right == VALUE_SHARE ? VALUE_NUMBER : right;
    }
    return VALUE_TYPE_COUNT;
}

/* Division by zero and overflow are missing. */
static double finite_or_missing(double x)
{
    return fabs(x) <= DBL_MAX ? x : NAN;
}

static double apply(node_kind kind, double x, double y)
{
    switch ((int)kind) {
    case NODE_ADD:
        return x + y;
    case NODE_SUBTRACT:
        return x - y;
    case NODE_MULTIPLY:
        return x * y;
    case NODE_DIVIDE:
        return x / y;
    default:
        return NAN;
    }
}

static strata_status check_negate(checker *c, node *n, strata_error *err)
{
    const node *kid = n->kids;
    char slice[SLICE_TEXT];
    if (!check_is_amount(kid->type)) {
        return source_fail(c->s, kid->at, NULL, err, "'%s' is %s and has no negative",
                           source_slice(c->s, kid, slice), check_type_phrase(kid->type));
    }
    n->type = kid->type;
    n->constant = kid->constant;
    n->number = -kid->number;
    return STRATA_OK;
}

strata_status check_arithmetic(checker *c, node *n, strata_error *err)
{
    static const char *const verbs[] = {"added", "subtracted", "multiplied", "divided"};
    if (n->kind == NODE_NEGATE) {
        return check_negate(c, n, err);
    }
    const node *left = n->kids;
    const node *right = left->next;
    bool sum = n->kind == NODE_ADD || n->kind == NODE_SUBTRACT;
    value_type type = sum ? sum_type(n->kind, left->type, right->type)
                          : product_type(n->kind, left->type, right->type);
    if (type == VALUE_TYPE_COUNT) {
        return fail_mix(c, left, right, verbs[n->kind - NODE_ADD], err);
    }
    n->type = type;
    n->constant = left->constant && right->constant;
    if (n->constant) {
        n->number = finite_or_missing(apply(n->kind, left->number, right->number));
    }
    return STRATA_OK;
}

static strata_status check_one_argument(checker *c, node *n, strata_error *err)
{
    char slice[SLICE_TEXT];
    const node *kid = n->kids;
    if (n->n_kids != 1) {
        return source_fail(c->s, n->at, NULL, err, "%s takes one value, not %zu",
                           function_name(n->function), n->n_kids);
    }
    if (!check_is_amount(kid->type)) {
        return source_fail(c->s, kid->at, NULL, err, "%s takes a number, but '%s' is %s",
                           function_name(n->function), source_slice(c->s, kid, slice),
                           check_type_phrase(kid->type));
    }
    n->type = n->function == FUNCTION_LOG ? VALUE_NUMBER : kid->type;
    return STRATA_OK;
}

strata_status check_call(checker *c, node *n, strata_error *err)
{
    node *first = n->kids;
    if (n->function == FUNCTION_ABS || n->function == FUNCTION_LOG) {
        return check_one_argument(c, n, err);
    }
    if (n->n_kids < 2) {
        return source_fail(c->s, n->at, NULL, err, "%s takes two values or more",
                           function_name(n->function));
    }
    if (first->type == VALUE_TEXT && n->function == FUNCTION_COALESCE) {
        return check_coalesce_text(c, n, err);
    }
    n->type = first->type;
    for (node *kid = first; kid != NULL; kid = kid->next) {
        bool orderless = kid->type == VALUE_BOOL && n->function != FUNCTION_COALESCE;
        if (!fits(first->type, kid->type) || !fits(n->type, kid->type) || orderless ||
            kid->type == VALUE_TEXT) {
            return fail_mix(c, first, kid, "mixed in one function", err);
        }
        n->type = n->type == VALUE_NUMBER ? kid->type : n->type;
    }
    return STRATA_OK;
}

static int by_number(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

strata_status check_in_numbers(checker *c, node *n, strata_error *err)
{
    char slice[SLICE_TEXT];
    double *numbers = ARENA_NEW(c->a, n->n_kids, double);
    if (numbers == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t count = 0;
    for (const node *item = n->kids->next; item != NULL; item = item->next) {
        if (!item->constant) {
            return source_fail(c->s, item->at, "join comparisons by 'or' instead", err,
                               "'%s' in a list is not written out",
                               source_slice(c->s, item, slice));
        }
        if (!isnan(item->number)) {
            numbers[count++] = item->number;
        }
    }
    qsort(numbers, count, sizeof *numbers, by_number);
    n->numbers = numbers;
    n->n_numbers = count;
    return STRATA_OK;
}
