/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/dated_rules.h"

#include "base/auto.h"
#include "panel/panel.h"
#include "segment/block.h"

/* A thread holds that many values of 8 bytes for each of a block's accounts at most. */
enum { VALUES_AT_ONCE = 2048 };

typedef struct judging {
    const dated_rules *q;
    dated_wants_fn *wants;
    dated_rules_fn *fn;
    void *job;
    slot_plan slots;
    const quantile_cuts **cuts; /* by definition; all NULL */
    size_t scratch_bytes;
    size_t first_date; /* of the present sweep */
} judging;

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory judging conditions on many dates");
}

/* --- what can be judged --- */

static const char *why_not_def(const bound_model *b, const bound_def *def)
{
    if (def->kind == DEF_DIMENSION) {
        return "reads segments, which are not kept for every date";
    }
    if (def->kind == DEF_BIN && b->model->bins[def->index].quantiles > 0) {
        return "reads quantiles of all accounts, which are not kept for every date";
    }
    for (size_t r = 0; r < def->n_rules; r++) {
        if (def->rules[r] != NULL &&
            (rule_looks_at_previous(def->rules[r]) || rule_lookback_days(def->rules[r]) > 0)) {
            return "'turned' and 'for' look back, which cannot be judged here";
        }
    }
    return NULL;
}

static void mark_rule(const rule *r, uint8_t *read)
{
    size_t n = 0;
    const size_t *slots = r != NULL ? rule_slots(r, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        read[slots[i]] = 1;
    }
}

static const char *why_not(const bound_model *b, const rule *r, uint8_t *read)
{
    if (rule_looks_at_previous(r) || rule_lookback_days(r) > 0) {
        return "'turned' and 'for' look back, which cannot be judged here";
    }
    mark_rule(r, read);
    size_t n = 0;
    const size_t *slots = rule_slots(r, &n);
    for (size_t i = 0; i < n; i++) {
        if (b->scope.symbols[slots[i]].missing_because != NULL) {
            return b->scope.symbols[slots[i]].missing_because;
        }
    }
    for (size_t i = b->n_defs; i-- > 0;) {
        const bound_def *def = &b->defs[i];
        const char *why = read[def->slot] ? why_not_def(b, def) : NULL;
        if (why != NULL) {
            return why;
        }
        for (size_t k = 0; read[def->slot] && k < def->n_rules; k++) {
            mark_rule(def->rules[k], read);
        }
    }
    return NULL;
}

strata_status dated_rule_lacks(const bound_model *b, const rule *r, const char **out,
                               strata_error *err)
{
    STRATA_AUTO_FREE uint8_t *read = STRATA_NEW_ARRAY(b->scope.n_symbols, uint8_t);
    if (read == NULL) {
        return no_memory(err);
    }
    *out = why_not(b, r, read);
    return STRATA_OK;
}

/* --- the sweep --- */

static strata_status judge_block(void *payload, const panel_block *block, strata_error *err)
{
    const judging *x = payload;
    const dated_rules *q = x->q;
    STRATA_AUTO(block_eval_free) block_eval *e = NULL;
    STRATA_AUTO_FREE uint8_t *verdicts = STRATA_NEW_ARRAY(q->n_rules * block->n_accounts, uint8_t);
    STRATA_AUTO_FREE void *scratch = STRATA_NEW_ARRAY(x->scratch_bytes, unsigned char);
    if (verdicts == NULL || scratch == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(block_eval_new(q->p, q->b, &x->slots, NULL, 1, &e, err));
    for (size_t k = 0; k < block->n_dates; k++) {
        size_t date = x->first_date + k;
        if (x->wants != NULL && !x->wants(x->job, date, (size_t)block->first, block->n_accounts)) {
            continue;
        }
        block_step step = {.block = block, .date = k, .as_of = q->dates[date], .cuts = x->cuts};
        block_eval_run(e, &step);
        const block_frame *frame = block_eval_frame(e, 0);
        rule_input in = {.now = {.columns = frame->columns, .as_of = q->dates[date]}};
        for (size_t r = 0; r < q->n_rules; r++) {
            if (q->rules[r] != NULL) {
                rule_eval_condition(q->rules[r], &in, block->n_accounts,
                                    verdicts + r * block->n_accounts, scratch);
            }
        }
        const dated_block told = {.date = date,
                                  .day = q->dates[date],
                                  .first = (size_t)block->first,
                                  .n = block->n_accounts,
                                  .verdicts = verdicts,
                                  .columns = frame->columns};
        x->fn(x->job, &told);
    }
    return STRATA_OK;
}

static strata_status plan(judging *x, arena *a, strata_error *err)
{
    const dated_rules *q = x->q;
    const bound_model *b = q->b;
    uint8_t *wanted = ARENA_NEW(a, b->scope.n_symbols, uint8_t);
    size_t *roots = ARENA_NEW(a, b->scope.n_symbols, size_t);
    x->cuts = ARENA_NEW(a, b->n_defs, const quantile_cuts *);
    if (wanted == NULL || roots == NULL || x->cuts == NULL) {
        return no_memory(err);
    }
    wanted[FEATURE_TENURE] = 1; /* a sweep needs something to compute */
    x->scratch_bytes = 1;
    for (size_t r = 0; r < q->n_rules; r++) {
        size_t bytes = q->rules[r] != NULL ? rule_scratch_bytes(q->rules[r]) : 0;
        x->scratch_bytes = bytes > x->scratch_bytes ? bytes : x->scratch_bytes;
        mark_rule(q->rules[r], wanted);
    }
    for (size_t k = 0; k < q->n_slots; k++) {
        wanted[q->slots[k]] = 1;
    }
    size_t n = 0;
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        if (wanted[slot]) {
            roots[n++] = slot;
        }
    }
    return slot_plan_make(b, roots, n, a, &x->slots, err);
}

strata_status dated_rules_judge(const context *cx, const dated_rules *q, dated_wants_fn *wants,
                                dated_rules_fn *fn, void *job, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    judging x = {.q = q, .wants = wants, .fn = fn, .job = job};
    STRATA_TRY(plan(&x, a, err));
    size_t most = VALUES_AT_ONCE / x.slots.n_features;
    most = most > 0 ? most : 1;
    for (size_t from = 0; from < q->n_dates; from += most) {
        size_t n = q->n_dates - from < most ? q->n_dates - from : most;
        x.first_date = from;
        STRATA_TRY(panel_sweep(cx, q->p->ledgers, x.slots.features, x.slots.n_features,
                               q->dates + from, n, judge_block, &x, err));
    }
    return STRATA_OK;
}
