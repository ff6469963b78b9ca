/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rule/check.h"
#include "rule/eval.h"
#include "rule/parse.h"

enum { SCRATCH_ALIGN = 64 };

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* Writes the nodes that are names to `out` unless that is NULL; how many there are. */
static size_t collect_names(const node *n, const node **out, size_t count)
{
    if (n->kind == NODE_NAME) {
        if (out != NULL) {
            out[count] = n;
        }
        return count + 1;
    }
    bool subject_only = n->kind == NODE_IN || n->kind == NODE_TURNED;
    for (const node *kid = n->kids; kid != NULL; kid = subject_only ? NULL : kid->next) {
        count = collect_names(kid, out, count);
    }
    return count;
}

static int by_slot(const void *a, const void *b)
{
    const node *x = *(const node *const *)a;
    const node *y = *(const node *const *)b;
    return (x->slot > y->slot) - (x->slot < y->slot);
}

static int by_text(const void *a, const void *b)
{
    return strcmp((*(const node *const *)a)->text, (*(const node *const *)b)->text);
}

static strata_status list_slots(arena *a, rule *r, strata_error *err)
{
    size_t count = collect_names(r->root, NULL, 0);
    const node **names = ARENA_NEW(a, count, const node *);
    size_t *slots = ARENA_NEW(a, count, size_t);
    symbol *symbols = ARENA_NEW(a, count, symbol);
    if (names == NULL || slots == NULL || symbols == NULL) {
        return fail_nomem(err);
    }
    (void)collect_names(r->root, names, 0);
    // NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what is sorted
    qsort(names, count, sizeof *names, by_slot);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || names[i]->slot != names[i - 1]->slot) {
            symbols[r->n_slots] = *names[i]->sym;
            slots[r->n_slots++] = names[i]->slot;
        }
    }
    r->slots = slots;
    r->symbols = symbols;
    return STRATA_OK;
}

static strata_status list_notes(arena *a, rule *r, const checker *c, strata_error *err)
{
    const char **notes = ARENA_NEW(a, c->n_notes, const char *);
    if (notes == NULL) {
        return fail_nomem(err);
    }
    for (const check_note *note = c->notes; note != NULL; note = note->next) {
        notes[r->n_notes++] = note->text;
    }
    r->notes = notes;
    return STRATA_OK;
}

static strata_status compile(arena *a, const char *text, const rule_place *place,
                             const rule_scope *scope, bool condition, const rule **out,
                             strata_error *err)
{
    rule *r = ARENA_NEW(a, 1, rule);
    if (r == NULL || (r->text = arena_strdup(a, text)) == NULL) {
        return fail_nomem(err);
    }
    const source s = {.text = r->text, .len = strlen(text), .place = place};
    checker c = {.a = a, .s = &s, .scope = scope};
    STRATA_TRY(parse_expression(a, &s, &r->root, err));
    STRATA_TRY(check_node(&c, r->root, err));
    if (condition) {
        STRATA_TRY(check_condition(&c, r->root, err));
    }
    STRATA_TRY(list_slots(a, r, err));
    STRATA_TRY(list_notes(a, r, &c, err));
    r->lookback_days = c.lookback_days;
    r->looks_at_previous = c.looks_at_previous;
    *out = r;
    return STRATA_OK;
}

strata_status rule_compile_condition(arena *a, const char *text, const rule_place *place,
                                     const rule_scope *scope, const rule **out, strata_error *err)
{
    return compile(a, text, place, scope, true, out, err);
}

strata_status rule_compile_value(arena *a, const char *text, const rule_place *place,
                                 const rule_scope *scope, const rule **out, strata_error *err)
{
    return compile(a, text, place, scope, false, out, err);
}

value_type rule_type(const rule *r)
{
    return r->root->type;
}

const char *rule_text(const rule *r)
{
    return r->text;
}

const size_t *rule_slots(const rule *r, size_t *n)
{
    *n = r->n_slots;
    return r->slots;
}

int rule_lookback_days(const rule *r)
{
    return r->lookback_days;
}

bool rule_looks_at_previous(const rule *r)
{
    return r->looks_at_previous;
}

const char *const *rule_notes(const rule *r, size_t *n)
{
    *n = r->n_notes;
    return r->notes;
}

bool rule_equal(const rule *a, const rule *b)
{
    return node_equal(a->root, b->root);
}

strata_status rule_names(arena *a, const char *text, const rule_place *place,
                         const char *const **names, size_t *n, strata_error *err)
{
    const source s = {.text = text, .len = strlen(text), .place = place};
    node *root = NULL;
    STRATA_TRY(parse_expression(a, &s, &root, err));
    size_t count = collect_names(root, NULL, 0);
    const node **nodes = ARENA_NEW(a, count, const node *);
    const char **texts = ARENA_NEW(a, count, const char *);
    if (nodes == NULL || texts == NULL) {
        return fail_nomem(err);
    }
    (void)collect_names(root, nodes, 0);
    // NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what is sorted
    qsort(nodes, count, sizeof *nodes, by_text);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(nodes[i]->text, texts[kept - 1]) != 0) {
            texts[kept++] = nodes[i]->text;
        }
    }
    *names = texts;
    *n = kept;
    return STRATA_OK;
}

size_t rule_scratch_bytes(const rule *r)
{
    return eval_scratch_bytes(r->root) + KERNEL_BLOCK * sizeof(double) + SCRATCH_ALIGN;
}

static unsigned char *aligned(void *scratch)
{
    unsigned char *mem = scratch;
    size_t past = (uintptr_t)mem % SCRATCH_ALIGN;
    return past == 0 ? mem : mem + (SCRATCH_ALIGN - past);
}

static size_t block_size(size_t start, size_t n)
{
    return n - start < KERNEL_BLOCK ? n - start : KERNEL_BLOCK;
}

void rule_eval_condition(const rule *r, const rule_input *in, size_t n, uint8_t *out, void *scratch)
{
    unsigned char *mem = aligned(scratch);
    for (size_t start = 0; start < n; start += KERNEL_BLOCK) {
        eval_block b = {.in = in, .frame = &in->now, .start = start, .n = block_size(start, n)};
        eval_truth(r->root, &b, out + start, mem);
        kernel_verdicts(out + start, b.n);
    }
}

void rule_eval_number(const rule *r, const rule_input *in, size_t n, double *out, void *scratch)
{
    unsigned char *mem = aligned(scratch);
    for (size_t start = 0; start < n; start += KERNEL_BLOCK) {
        eval_block b = {.in = in, .frame = &in->now, .start = start, .n = block_size(start, n)};
        kernel_settle(out + start, eval_amount(r->root, &b, out + start, mem), b.n);
    }
}

void rule_eval_text(const rule *r, const rule_input *in, size_t n, int32_t *out, void *scratch)
{
    unsigned char *mem = aligned(scratch);
    for (size_t start = 0; start < n; start += KERNEL_BLOCK) {
        eval_block b = {.in = in, .frame = &in->now, .start = start, .n = block_size(start, n)};
        const int32_t *code = eval_code(r->root, &b, out + start, mem);
        if (code != out + start) {
            memcpy(out + start, code, b.n * sizeof *out);
        }
    }
}

const char *const *rule_levels(const rule *r, size_t *n)
{
    *n = r->root->n_levels;
    return r->root->levels;
}
