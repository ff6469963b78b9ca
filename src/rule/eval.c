/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/eval.h"

#include <math.h>
#include <string.h>

/* Every level of the walk has a frame of its own: two blocks of doubles (or
 * codes, or truths). Only what is used is touched, so the caches do not mind. */
enum { FRAME_BYTES = 2 * KERNEL_BLOCK * 8 };

static double *first_doubles(unsigned char *mem)
{
    return (double *)(void *)mem;
}

static double *second_doubles(unsigned char *mem)
{
    return (double *)(void *)(mem + FRAME_BYTES / 2);
}

static int32_t *codes_in(unsigned char *mem)
{
    return (int32_t *)(void *)mem;
}

size_t eval_scratch_bytes(const node *n)
{
    return ((size_t)n->height + 1) * FRAME_BYTES;
}

static void fill(double *buffer, double x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buffer[i] = x;
    }
}

static const double *name_amount(const node *n, const eval_block *b, double *buffer)
{
    const double *num = n->sym->missing_because == NULL ? b->frame->columns[n->slot].num : NULL;
    if (num != NULL) {
        return num + b->start;
    }
    fill(buffer, NAN, b->n);
    return buffer;
}

/* Conditions as 1, 0 and missing. */
static void truth_amount(const node *n, const eval_block *b, double *buffer, unsigned char *mem)
{
    truth *truths = mem;
    eval_truth(n, b, truths, mem + FRAME_BYTES);
    for (size_t i = 0; i < b->n; i++) {
        buffer[i] = truths[i] == TRUTH_UNKNOWN ? NAN : (double)truths[i] / TRUTH_YES;
    }
}

static void call_amount(const node *n, const eval_block *b, double *buffer, unsigned char *mem)
{
    const node *kid = n->kids;
    double *other = first_doubles(mem);
    const double *x = eval_amount(kid, b, buffer, mem + FRAME_BYTES);
    if (x != buffer) {
        memcpy(buffer, x, b->n * sizeof *buffer);
    }
    if (kid->next == NULL) {
        kernel_function(buffer, n->function, buffer, b->n);
    }
    for (kid = kid->next; kid != NULL; kid = kid->next) {
        kernel_function(buffer, n->function, eval_amount(kid, b, other, mem + FRAME_BYTES), b->n);
    }
}

const double *eval_amount(const node *n, const eval_block *b, double *buffer, unsigned char *mem)
{
    if (n->constant) {
        fill(buffer, n->number, b->n);
        return buffer;
    }
    if (n->type == VALUE_BOOL) {
        truth_amount(n, b, buffer, mem);
        return buffer;
    }
    if (n->kind == NODE_NAME) {
        return name_amount(n, b, buffer);
    }
    if (n->kind == NODE_TODAY) {
        fill(buffer, b->frame->as_of, b->n);
    } else if (n->kind == NODE_NEGATE) {
        const double *x = eval_amount(n->kids, b, buffer, mem + FRAME_BYTES);
        for (size_t i = 0; i < b->n; i++) {
            buffer[i] = -x[i];
        }
    } else if (n->kind == NODE_CALL) {
        call_amount(n, b, buffer, mem);
    } else {
        const double *x = eval_amount(n->kids, b, buffer, mem + FRAME_BYTES);
        const double *y = eval_amount(n->kids->next, b, first_doubles(mem), mem + FRAME_BYTES);
        kernel_arithmetic(x, n->kind, y, b->n, buffer);
    }
    return buffer;
}

const int32_t *eval_code(const node *n, const eval_block *b, int32_t *buffer, unsigned char *mem)
{
    if (n->kind == NODE_CALL) { /* coalesce(text, 'literal') */
        const int32_t *code = eval_code(n->kids, b, buffer, mem);
        for (size_t i = 0; i < b->n; i++) {
            buffer[i] = code[i] < 0 ? n->code : code[i];
        }
        return buffer;
    }
    int32_t same = n->code; /* NODE_TEXT */
    if (n->kind == NODE_NAME) {
        const int32_t *code = b->frame->columns[n->slot].code;
        if (code != NULL && n->sym->missing_because == NULL) {
            return code + b->start;
        }
        same = CODE_MISSING;
    }
    for (size_t i = 0; i < b->n; i++) {
        buffer[i] = same;
    }
    return buffer;
}

/* Is the text of `subject` one of those that `n` names? */
static void text_truth(const node *n, const node *subject, const eval_block *b, truth *out,
                       unsigned char *mem)
{
    const int32_t *code = eval_code(subject, b, codes_in(mem), mem + FRAME_BYTES);
    if (n->n_codes == 1) {
        kernel_code_is(code, n->code, b->n, out);
    } else {
        kernel_code_in(code, n->table, n->n_levels, b->n, out);
    }
}

static void compare_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    const node *left = n->kids;
    const node *right = left->next;
    unsigned char *deeper = mem + FRAME_BYTES;
    if (left->type == VALUE_TEXT) {
        const node *subject = left->kind == NODE_TEXT ? right : left;
        text_truth(n, subject, b, out, mem);
    } else if (left->type == VALUE_BOOL) {
        eval_truth(left, b, out, deeper);
        eval_truth(right, b, mem, deeper);
        kernel_same(out, mem, b->n);
    } else if (right->constant || left->constant) {
        const node *subject = right->constant ? left : right;
        compare_op op = right->constant ? n->op : compare_mirrored(n->op);
        double c = right->constant ? right->number : left->number;
        const double *x = eval_amount(subject, b, first_doubles(mem), deeper);
        kernel_compare_constant(x, op, c, b->n, out);
        return;
    } else {
        const double *x = eval_amount(left, b, first_doubles(mem), deeper);
        const double *y = eval_amount(right, b, second_doubles(mem), deeper);
        kernel_compare(x, n->op, y, b->n, out);
        return;
    }
    if (n->op == COMPARE_NE) {
        kernel_not(out, b->n);
    }
}

static void between_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    const node *low = n->kids->next;
    const node *high = low->next;
    unsigned char *deeper = mem + FRAME_BYTES;
    const double *x = eval_amount(n->kids, b, first_doubles(mem), deeper);
    bool known = low->constant && high->constant && !isnan(low->number) && !isnan(high->number);
    if (known) {
        kernel_between(x, low->number, high->number, b->n, out);
        return;
    }
    const double *bound = eval_amount(low, b, second_doubles(mem), deeper);
    kernel_compare(x, COMPARE_GE, bound, b->n, out);
    /* The bound is read by now: its place serves the other bound, then its truths. */
    bound = eval_amount(high, b, second_doubles(mem), deeper);
    kernel_compare(x, COMPARE_LE, bound, b->n, deeper);
    kernel_and(out, deeper, b->n);
}

static void in_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    if (n->kids->type == VALUE_TEXT) {
        text_truth(n, n->kids, b, out, mem);
        return;
    }
    const double *x = eval_amount(n->kids, b, first_doubles(mem), mem + FRAME_BYTES);
    kernel_in(x, n->numbers, n->n_numbers, b->n, out);
}

static void missing_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    const node *subject = n->kids;
    unsigned char *deeper = mem + FRAME_BYTES;
    if (subject->type == VALUE_TEXT) {
        kernel_code_is_missing(eval_code(subject, b, codes_in(mem), deeper), b->n, out);
    } else {
        kernel_is_missing(eval_amount(subject, b, first_doubles(mem), deeper), b->n, out);
    }
}

/* It is that level now and was another one, a known one, at the previous review. */
static void turned_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    text_truth(n, n->kids, b, out, mem);
    if (b->in->previous == NULL) {
        memset(mem, TRUTH_UNKNOWN, b->n);
    } else {
        eval_block before = *b;
        before.frame = b->in->previous;
        unsigned char *deeper = mem + FRAME_BYTES;
        text_truth(n, n->kids, &before, mem, deeper);
        kernel_not(mem, b->n);
    }
    kernel_and(out, mem, b->n);
}

/* Held now, at every earlier date within the time, and at the first one before
 * it; when no date is that early, nobody knows. */
static void for_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    const node *condition = n->kids;
    double days = condition->next->number;
    eval_truth(condition, b, out, mem + FRAME_BYTES);
    for (size_t k = 0; k < b->in->n_past; k++) {
        eval_block before = *b;
        before.frame = &b->in->past[k];
        eval_truth(condition, &before, mem, mem + FRAME_BYTES);
        kernel_and(out, mem, b->n);
        if ((double)b->in->now.as_of - (double)before.frame->as_of >= days) {
            return;
        }
    }
    memset(mem, TRUTH_UNKNOWN, b->n);
    kernel_and(out, mem, b->n);
}

static void logic_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    eval_truth(n->kids, b, out, mem + FRAME_BYTES);
    for (const node *kid = n->kids->next; kid != NULL; kid = kid->next) {
        eval_truth(kid, b, mem, mem + FRAME_BYTES);
        if (n->kind == NODE_AND) {
            kernel_and(out, mem, b->n);
        } else {
            kernel_or(out, mem, b->n);
        }
    }
}

static void coalesce_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    eval_truth(n->kids, b, out, mem + FRAME_BYTES);
    for (const node *kid = n->kids->next; kid != NULL; kid = kid->next) {
        eval_truth(kid, b, mem, mem + FRAME_BYTES);
        kernel_coalesce(out, mem, b->n);
    }
}

static void leaf_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    if (n->kind == NODE_NAME) {
        kernel_flag(name_amount(n, b, first_doubles(mem)), b->n, out);
    } else if (n->kind == NODE_BOOL) {
        memset(out, n->number > 0 ? TRUTH_YES : TRUTH_NO, b->n);
    } else {
        memset(out, TRUTH_UNKNOWN, b->n);
    }
}

void eval_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem)
{
    switch ((int)n->kind) {
    case NODE_COMPARE:
        compare_truth(n, b, out, mem);
        break;
    case NODE_BETWEEN:
        between_truth(n, b, out, mem);
        break;
    case NODE_IN:
        in_truth(n, b, out, mem);
        break;
    case NODE_MISSING:
        missing_truth(n, b, out, mem);
        break;
    case NODE_TURNED:
        turned_truth(n, b, out, mem);
        break;
    case NODE_FOR:
        for_truth(n, b, out, mem);
        break;
    case NODE_NOT:
        eval_truth(n->kids, b, out, mem);
        kernel_not(out, b->n);
        break;
    case NODE_AND:
    case NODE_OR:
        logic_truth(n, b, out, mem);
        break;
    case NODE_CALL:
        coalesce_truth(n, b, out, mem);
        break;
    default:
        leaf_truth(n, b, out, mem);
        break;
    }
    if (n->negated) {
        kernel_not(out, b->n);
    }
}
