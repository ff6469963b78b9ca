/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/plan_moves.h"

#include <stdlib.h>
#include <string.h>

#include "history/history.h"
#include "segment/view.h"

const bound_def *plan_dimension(const bound_model *b, const char *name)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        const bound_def *def = &b->defs[i];
        if (def->kind == DEF_DIMENSION &&
            strcmp(b->model->dimensions[def->index].name, name) == 0) {
            return def;
        }
    }
    return NULL;
}

bool plan_same_segment(const plan_input *in, const plan_moves *m, segment_code before,
                       segment_code after)
{
    if (before >= SEGMENTS_MAX || after >= SEGMENTS_MAX) {
        return before == after;
    }
    const char *old = history_segment_key(in->before.b, m->before, before);
    const char *new = history_segment_key(in->after.b, m->after, after);
    return old != NULL && new != NULL &&strcmp(old, new) == 0;
}

static int by_worth(const void *a, const void *b)
{
    const plan_move *x = a;
    const plan_move *y = b;
    if (x->value_minor != y->value_minor) {
        return x->value_minor > y->value_minor ? -1 : 1;
    }
    return (x->account > y->account) - (x->account < y->account);
}

strata_status plan_moves_find(const plan_input *in, const bound_def *before, const bound_def *after,
                              arena *a, plan_moves *out, strata_error *err)
{
    const segment_code *old = segmentation_codes(in->before.s, before, PLAN_DATES - 1);
    const segment_code *new = segmentation_codes(in->after.s, after, PLAN_DATES - 1);
    plan_move *items = ARENA_NEW(a, in->p->n_accounts + 1, plan_move);
    if (items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing two models");
    }
    *out = (plan_moves){.before = before, .after = after, .items = items};
    for (size_t i = 0; i < in->p->n_accounts; i++) {
        out->n_accounts += old[i] != SEGMENT_ABSENT;
        if (plan_same_segment(in, out, old[i], new[i])) {
            continue;
        }
        int64_t value = in->value != NULL ? money_minor(in->value[i]) : 0;
        items[out->n++] = (plan_move){(uint32_t)i, old[i], new[i], value};
        out->value_minor += value;
    }
    qsort(items, out->n, sizeof *items, by_worth);
    return STRATA_OK;
}

/* --- why --- */

/* One account, as the rules of the model after see it. */
typedef struct seen {
    const bound_model *b;
    rule_input at;
    size_t account;
    const char *currency;
    arena *arena;
} seen;

/* The first clause that holds, or that does not; NULL when there is none. */
static strata_status find_clause(const seen *x, const rule *r, bool holds, const rule_clause **out,
                                 strata_error *err)
{
    const rule_clause *clauses = NULL;
    size_t n = 0;
    STRATA_TRY(rule_explain(r, &x->at, x->account, x->currency, x->arena, &clauses, &n, err));
    *out = NULL;
    for (size_t k = 0; k < n && *out == NULL; k++) {
        bool leaf = clauses[k].observed != NULL && clauses[k].observed[0] != '\0';
        *out = leaf && (clauses[k].verdict == RULE_YES) == holds ? &clauses[k] : NULL;
    }
    return STRATA_OK;
}

static const bound_def *dimension_at(const bound_model *b, size_t slot)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].slot == slot && b->defs[i].kind == DEF_DIMENSION) {
            return &b->defs[i];
        }
    }
    return NULL;
}

/* What an account was seen to be that put it where a dimension has it: the value that is banded,
 * or that of the tier's first clause (of the one that the tier before it lacks, for an otherwise).
 */
static strata_status inner_reason(const seen *x, const bound_def *def, const char **out,
                                  strata_error *err)
{
    const int32_t *codes = x->at.now.columns[def->slot].code;
    if (x->b->model->dimensions[def->index].kind != DIMENSION_TIERS) {
        return rule_observed(def->rules[0], &x->at, x->account, x->currency, x->arena, out, err);
    }
    size_t tier = codes != NULL && codes[x->account] >= 0 ? (size_t)codes[x->account] : SIZE_MAX;
    if (tier >= def->n_rules) {
        return STRATA_OK;
    }
    bool holds = def->rules[tier] != NULL;
    const rule *r = holds ? def->rules[tier] : tier > 0 ? def->rules[tier - 1] : NULL;
    const rule_clause *clause = NULL;
    if (r != NULL) {
        STRATA_TRY(find_clause(x, r, holds, &clause, err));
    }
    *out = clause != NULL ? clause->observed : NULL;
    return STRATA_OK;
}

/* The first clause that holds, or that does not; out is untouched when there is none. "value is
 * Strategic" tells little: says also, one step down, what made it so. */
static strata_status first_clause(const seen *x, const rule *r, bool holds, plan_reason *out,
                                  strata_error *err)
{
    const rule_clause *clause = NULL;
    const char *inner = NULL;
    STRATA_TRY(find_clause(x, r, holds, &clause, err));
    if (clause == NULL) {
        return STRATA_OK;
    }
    const bound_def *def = dimension_at(x->b, clause->slot);
    if (def != NULL) {
        STRATA_TRY(inner_reason(x, def, &inner, err));
    }
    const char *observed = inner != NULL
                               ? arena_printf(x->arena, "%s (%s)", clause->observed, inner)
                               : clause->observed;
    if (observed == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *out = (plan_reason){clause->text, observed};
    return STRATA_OK;
}

/* Why the segment it comes from, tried before the new one, does not take it any more. */
static strata_status why_not(const seen *x, const rule *r, plan_reason *out, strata_error *err)
{
    STRATA_TRY(first_clause(x, r, false, out, err));
    if (out->clause != NULL) {
        return STRATA_OK;
    }
    /* Its rule holds, but the account was elsewhere and is held back. */
    STRATA_TRY(first_clause(x, r, true, out, err));
    if (out->clause == NULL) {
        return STRATA_OK;
    }
    out->observed = arena_printf(x->arena, "%s: not yet far or long enough", out->observed);
    return out->observed != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* The tier of the model after that stands for where the account came from; n_rules: none. */
static size_t former_tier(const plan_input *in, const plan_moves *m, segment_code from)
{
    size_t tier = 0;
    while (tier < m->after->n_rules && !plan_same_segment(in, m, from, (segment_code)tier)) {
        tier++;
    }
    return tier;
}

strata_status plan_move_reason(const plan_input *in, const plan_moves *m, const plan_move *move,
                               const column *columns, arena *a, plan_reason *out, strata_error *err)
{
    const seen x = {.b = in->after.b,
                    .at = {.now = {.columns = columns, .as_of = in->as_of}},
                    .account = move->account,
                    .currency = in->p->currency,
                    .arena = a};
    const rule *const *rules = m->after->rules;
    *out = (plan_reason){0};
    if (move->to >= SEGMENTS_MAX || move->from >= SEGMENTS_MAX) {
        return STRATA_OK;
    }
    if (in->after.b->model->dimensions[m->after->index].kind != DIMENSION_TIERS) {
        out->clause = rule_text(rules[0]);
        return rule_observed(rules[0], &x.at, x.account, x.currency, a, &out->observed, err);
    }
    size_t former = former_tier(in, m, move->from);
    if (former < move->to && rules[former] != NULL) {
        STRATA_TRY(why_not(&x, rules[former], out, err));
    }
    bool ruled = move->to < m->after->n_rules && rules[move->to] != NULL;
    return out->clause == NULL && ruled ? first_clause(&x, rules[move->to], true, out, err)
                                        : STRATA_OK;
}

/* --- calm --- */

plan_calm plan_calm_of(const plan_input *in, const plan_side *side, const bound_def *def)
{
    const segment_code *codes[PLAN_DATES];
    plan_calm calm = {0};
    for (size_t d = 0; d < PLAN_DATES; d++) {
        codes[d] = segmentation_codes(side->s, def, d);
    }
    for (size_t i = 0; i < in->p->n_accounts; i++) {
        size_t moves = 0;
        bool flapped = false;
        for (size_t d = 1; d < PLAN_DATES; d++) {
            segment_code was = codes[d - 1][i];
            segment_code is = codes[d][i];
            bool moved = was != is && was < SEGMENTS_MAX && is < SEGMENTS_MAX;
            moves += moved;
            for (size_t e = 0; moved && e + 1 < d; e++) {
                flapped = flapped || codes[e][i] == is;
            }
        }
        calm.n_moves += moves;
        calm.n_moved += moves > 0;
        calm.n_flapped += flapped;
    }
    return calm;
}
