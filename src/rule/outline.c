/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/outline.h"

#include <math.h>

#include "base/vec.h"
#include "rule/node.h"

typedef struct drawing {
    arena *a;
    VEC(rule_part) parts;
    bool full; /* memory ran out */
} drawing;

static void put(drawing *d, rule_part p)
{
    d->full = d->full || !vec_push(&d->parts, p);
}

static void put_operation(drawing *d, const char *operation, value_type type, size_t n_kids)
{
    put(d, (rule_part){.kind = PART_OPERATION,
                       .operation = operation,
                       .type = type,
                       .slot = SIZE_MAX,
                       .n_kids = n_kids});
}

static void put_other(drawing *d, const node *n)
{
    put(d, (rule_part){
               .kind = PART_OTHER, .type = n->type, .slot = SIZE_MAX, .at = n->at, .end = n->end});
}

static void put_node(drawing *d, const node *n);

static void put_kids(drawing *d, const char *operation, const node *n)
{
    put_operation(d, operation, n->type, n->n_kids);
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        put_node(d, kid);
    }
}

/* The codes of a text compared with texts written out. */
static void put_codes(drawing *d, const node *n, const node *subject)
{
    if (subject->kind != NODE_NAME) {
        put_other(d, n);
        return;
    }
    int32_t *codes = ARENA_NEW(d->a, n->n_codes + 1, int32_t);
    size_t found = 0;
    if (codes == NULL) {
        d->full = true;
        return;
    }
    if (n->n_codes == 1) {
        codes[found++] = n->code;
    }
    for (size_t i = 0; n->n_codes > 1 && n->table != NULL && i < n->n_levels; i++) {
        if (n->table[i] != 0 && found < n->n_codes) {
            codes[found++] = (int32_t)i;
        }
    }
    put(d, (rule_part){.kind = PART_CODES,
                       .type = VALUE_BOOL,
                       .slot = subject->slot,
                       .codes = codes,
                       .n_codes = found});
}

static void put_compare(drawing *d, const node *n)
{
    const node *left = n->kids;
    if (left->type != VALUE_TEXT) {
        put_kids(d, compare_text(n->op), n);
        return;
    }
    if (n->op == COMPARE_NE) {
        put_operation(d, "not", VALUE_BOOL, 1);
    }
    put_codes(d, n, left->kind == NODE_TEXT ? left->next : left);
}

static void put_in(drawing *d, const node *n)
{
    if (n->kids->type == VALUE_TEXT) {
        put_codes(d, n, n->kids);
        return;
    }
    put_operation(d, "in", VALUE_BOOL, n->n_numbers + 1);
    put_node(d, n->kids);
    for (size_t i = 0; i < n->n_numbers; i++) {
        put(d, (rule_part){.kind = PART_NUMBER,
                           .type = n->kids->type,
                           .slot = SIZE_MAX,
                           .number = n->numbers[i]});
    }
}

static const char *arithmetic(node_kind kind)
{
    switch ((int)kind) {
    case NODE_ADD:
        return "+";
    case NODE_SUBTRACT:
        return "-";
    case NODE_MULTIPLY:
        return "*";
    case NODE_DIVIDE:
        return "/";
    case NODE_NEGATE:
        return "negate";
    case NODE_NOT:
        return "not";
    case NODE_AND:
        return "and";
    case NODE_OR:
        return "or";
    case NODE_BETWEEN:
        return "between";
    case NODE_MISSING:
        return "is missing";
    default:
        return NULL;
    }
}

static void put_tree(drawing *d, const node *n)
{
    const char *operation = arithmetic(n->kind);
    if (n->kind == NODE_COMPARE) {
        put_compare(d, n);
    } else if (n->kind == NODE_IN) {
        put_in(d, n);
    } else if (n->kind == NODE_NAME) {
        put(d, (rule_part){.kind = PART_NAME, .type = n->type, .slot = n->slot});
    } else if (n->kind == NODE_BOOL) {
        put(d, (rule_part){
                   .kind = PART_NUMBER, .type = VALUE_BOOL, .slot = SIZE_MAX, .number = n->number});
    } else if (operation != NULL) {
        put_kids(d, operation, n);
    } else if (n->kind == NODE_CALL && n->type != VALUE_TEXT) {
        put_kids(d, function_name(n->function), n);
    } else {
        put_other(d, n);
    }
}

static void put_node(drawing *d, const node *n)
{
    if (n->constant) {
        put(d, (rule_part){
                   .kind = PART_NUMBER, .type = n->type, .slot = SIZE_MAX, .number = n->number});
        return;
    }
    if (n->negated) {
        put_operation(d, "not", VALUE_BOOL, 1);
    }
    put_tree(d, n);
}

strata_status rule_outline(const rule *r, arena *a, const rule_part **out, size_t *n,
                           strata_error *err)
{
    drawing d = {.a = a};
    put_node(&d, r->root);
    rule_part *parts = d.full ? NULL : ARENA_NEW(a, d.parts.n + 1, rule_part);
    size_t count = d.parts.n;
    for (size_t i = 0; parts != NULL && i < count; i++) {
        parts[i] = d.parts.data[i];
    }
    vec_free(&d.parts);
    if (parts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *out = parts;
    *n = count;
    return STRATA_OK;
}
