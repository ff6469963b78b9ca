/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/changes.h"

#include <math.h>
#include <stdlib.h>

const char *change_cause_name(change_cause cause)
{
    switch (cause) {
    case CHANGE_NEW:
        return "new";
    case CHANGE_LEFT:
        return "left";
    case CHANGE_RETURNED:
        return "returned";
    case CHANGE_RULE:
        return "rule";
    case CHANGE_WAITED:
        return "waited";
    case CHANGE_PINNED:
        return "pinned";
    case CHANGE_UNPINNED:
        return "unpinned";
    case CHANGE_DEFINITION:
        return "definition";
    }
    return "rule";
}

/* The clauses of a rule judged at both dates. */
typedef struct clause_pair {
    const rule *r;
    const rule_clause *before, *after;
    size_t n;
} clause_pair;

static strata_status judge_both(const change_block *c, const rule *r, size_t i, arena *a,
                                clause_pair *out, strata_error *err)
{
    size_t n_before = 0;
    size_t n_after = 0;
    out->r = r;
    STRATA_TRY(rule_judge(r, &c->before, i, a, &out->before, &n_before, err));
    STRATA_TRY(rule_judge(r, &c->after, i, a, &out->after, &n_after, err));
    out->n = n_before < n_after ? n_before : n_after;
    return STRATA_OK;
}

/* The deepest-listed clause on one value that changed its verdict; with several, the first;
 * SIZE_MAX: none did. */
static size_t turned(const clause_pair *pair)
{
    for (size_t k = 0; k < pair->n; k++) {
        if (pair->after[k].slot != SIZE_MAX && pair->before[k].verdict != pair->after[k].verdict) {
            return k;
        }
    }
    return SIZE_MAX;
}

/* Writes what a clause saw at both dates. */
static strata_status note_clause(const change_block *c, const clause_pair *pair, size_t clause,
                                 size_t i, arena *a, membership_change *change, strata_error *err)
{
    rule_clause before;
    rule_clause after;
    STRATA_TRY(rule_explain_clause(pair->r, &c->before, i, clause, a, &before, err));
    STRATA_TRY(rule_explain_clause(pair->r, &c->after, i, clause, a, &after, err));
    change->slot = after.slot;
    change->clause = after.text;
    change->before = before.observed;
    change->after = after.observed;
    change->said = after.said;
    return STRATA_OK;
}

/* Two segments of a tiers dimension, in order of time. */
typedef struct tier_step {
    segment_code from, to;
} tier_step;

/* The first clause that holds (or, for `wanted` RULE_NO, does not hold) now; SIZE_MAX: none. */
static size_t standing(const clause_pair *pair, int wanted)
{
    for (size_t k = 0; k < pair->n; k++) {
        bool holds = pair->after[k].verdict == RULE_YES;
        if (pair->after[k].slot != SIZE_MAX && holds == (wanted == RULE_YES)) {
            return k;
        }
    }
    return SIZE_MAX;
}

/* Nothing turned between the two dates, the wait was over: what has been holding since, the
 * better rule's clause on the way up, the clause that fails on the way down. */
static strata_status explain_wait(const change_block *c, const bound_def *def, size_t i, arena *a,
                                  membership_change *change, strata_error *err)
{
    bool up = change->to < change->from;
    segment_code tier = up ? change->to : change->from;
    const rule *r = tier < def->n_rules ? def->rules[tier] : NULL;
    clause_pair pair;
    if (r == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(judge_both(c, r, i, a, &pair, err));
    size_t k = standing(&pair, up ? RULE_YES : RULE_NO);
    return k == SIZE_MAX ? STRATA_OK : note_clause(c, &pair, k, i, a, change, err);
}

/* The tier rules that decided: the one that let the account in on the way up, the
 * one that let it go on the way down; the other one if that did not turn. */
static strata_status explain_tiers(const change_block *c, const bound_def *def, size_t i,
                                   tier_step step, arena *a, membership_change *change,
                                   strata_error *err)
{
    segment_code first = step.to < step.from ? step.to : step.from;
    segment_code second = step.to < step.from ? step.from : step.to;
    const segment_code tries[] = {first, second};
    for (size_t k = 0; k < 2; k++) {
        const rule *r = tries[k] < def->n_rules ? def->rules[tries[k]] : NULL;
        if (r == NULL) {
            continue;
        }
        clause_pair pair;
        STRATA_TRY(judge_both(c, r, i, a, &pair, err));
        size_t clause = turned(&pair);
        if (clause != SIZE_MAX) {
            return note_clause(c, &pair, clause, i, a, change, err);
        }
    }
    return STRATA_OK;
}

/* Bands and attributes: the value itself moved. */
static strata_status explain_value(const change_block *c, const bound_def *def, size_t i, arena *a,
                                   membership_change *change, strata_error *err)
{
    size_t n = 0;
    const size_t *slots = rule_slots(def->rules[0], &n);
    change->slot = n == 1 ? slots[0] : SIZE_MAX;
    change->clause = rule_text(def->rules[0]);
    STRATA_TRY(rule_observed(def->rules[0], &c->before, i, NULL, a, &change->before, err));
    STRATA_TRY(rule_observed(def->rules[0], &c->after, i, NULL, a, &change->after, err));
    return rule_said(def->rules[0], &c->after, i, NULL, a, &change->said, err);
}

static const bound_def *dimension_at(const change_block *c, size_t slot)
{
    for (size_t k = 0; k < c->slots->n_defs; k++) {
        const bound_def *def = c->slots->defs[k];
        if (def->slot == slot && def->kind == DEF_DIMENSION) {
            return def;
        }
    }
    return NULL;
}

static const char *joined(arena *a, const char *first, const char *second)
{
    const char *both =
        first != NULL && second != NULL ? arena_printf(a, "%s (%s)", first, second) : first;
    return both != NULL ? both : first;
}

/* "health_band is Red" tells little: says also what made the dimension turn, one
 * step down: "health_band is Red (health is 58)". */
static strata_status explain_deeper(const change_block *c, size_t i, arena *a,
                                    membership_change *change, strata_error *err)
{
    const bound_def *def = change->slot != SIZE_MAX ? dimension_at(c, change->slot) : NULL;
    if (def == NULL) {
        return STRATA_OK;
    }
    size_t d = (size_t)(def - c->b->defs);
    segment_code from = c->raw_before[d][i];
    segment_code to = c->raw_after[d][i];
    membership_change inner = {.slot = SIZE_MAX};
    if (from == to || from >= SEGMENTS_MAX || to >= SEGMENTS_MAX) {
        return STRATA_OK;
    }
    STRATA_TRY(c->b->model->dimensions[def->index].kind == DIMENSION_TIERS
                   ? explain_tiers(c, def, i, (tier_step){from, to}, a, &inner, err)
                   : explain_value(c, def, i, a, &inner, err));
    change->before = joined(a, change->before, inner.before);
    change->after = joined(a, change->after, inner.after);
    return STRATA_OK;
}

static strata_status explain_rules(const change_block *c, const bound_def *def, size_t i, arena *a,
                                   membership_change *change, strata_error *err)
{
    size_t d = (size_t)(def - c->b->defs);
    segment_code raw_from = c->raw_before[d][i];
    segment_code raw_to = c->raw_after[d][i];
    bool turned_now = raw_from != raw_to;
    change->cause = turned_now ? CHANGE_RULE : CHANGE_WAITED;
    if (c->b->model->dimensions[def->index].kind != DIMENSION_TIERS) {
        return explain_value(c, def, i, a, change, err);
    }
    tier_step step =
        turned_now ? (tier_step){raw_from, raw_to} : (tier_step){change->from, change->to};
    STRATA_TRY(explain_tiers(c, def, i, step, a, change, err));
    if (!turned_now && change->clause == NULL) {
        STRATA_TRY(explain_wait(c, def, i, a, change, err));
    }
    return explain_deeper(c, i, a, change, err);
}

static bool pinned(const change_block *c, const bound_def *def, uint32_t account, day d)
{
    return c->overrides != NULL && override_find(c->overrides, def->index, account, d) != NULL;
}

static strata_status find_cause(const change_block *c, const bound_def *def, size_t i, arena *a,
                                membership_change *change, strata_error *err)
{
    bool was = pinned(c, def, change->account, c->before.now.as_of);
    bool is = pinned(c, def, change->account, c->after.now.as_of);
    if (change->from == SEGMENT_ABSENT) {
        change->cause = CHANGE_NEW;
    } else if (change->to >= SEGMENTS_MAX) {
        change->cause = CHANGE_LEFT;
    } else if (change->from >= SEGMENTS_MAX) {
        change->cause = CHANGE_RETURNED;
    } else if (is) {
        change->cause = CHANGE_PINNED;
    } else if (was) {
        change->cause = CHANGE_UNPINNED;
    } else {
        return explain_rules(c, def, i, a, change, err);
    }
    return STRATA_OK;
}

strata_status changes_find(const change_block *c, arena *a, change_vec *out, strata_error *err)
{
    for (size_t k = 0; k < c->slots->n_defs; k++) {
        const bound_def *def = c->slots->defs[k];
        size_t d = (size_t)(def - c->b->defs);
        if (def->kind != DEF_DIMENSION) {
            continue;
        }
        for (uint32_t i = 0; i < c->n_accounts; i++) {
            segment_code from = c->codes_before[d][i];
            segment_code to = c->codes_after[d][i];
            if (from == to) {
                continue;
            }
            membership_change change = {.account = c->first + i,
                                        .def = (uint32_t)d,
                                        .date = c->date,
                                        .from = from,
                                        .to = to,
                                        .slot = SIZE_MAX};
            STRATA_TRY(find_cause(c, def, i, a, &change, err));
            if (!vec_push(out, change)) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu changes", out->n);
            }
        }
    }
    return STRATA_OK;
}

static int by_place(const void *a, const void *b)
{
    const membership_change *x = a;
    const membership_change *y = b;
    if (x->date != y->date) {
        return x->date < y->date ? -1 : 1;
    }
    if (x->def != y->def) {
        return x->def < y->def ? -1 : 1;
    }
    return (x->account > y->account) - (x->account < y->account);
}

void changes_sort(change_vec *changes)
{
    if (changes->n > 1) {
        qsort(changes->data, changes->n, sizeof *changes->data, by_place);
    }
}
