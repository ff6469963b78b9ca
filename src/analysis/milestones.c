/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/milestones.h"

#include <stdlib.h>

#include "analysis/make_figure.h"
#include "base/auto.h"
#include "rule/rule.h"
#include "segment/block.h"

enum { DAY_90 = 89 }; /* days after the start, which is day 1 */

/* Everything that the blocks of the sweep share. */
typedef struct milestone_job {
    const study *s;
    slot_plan slots;
    const quantile_cuts **cuts; /* by definition; all NULL */
    const rule **rules;         /* by milestone; NULL: not measured */
    size_t n_rules;
    const day *due; /* by account; DAY_MISSING: not judged */
    day *dates;     /* different ones, ascending */
    size_t n_dates;
    uint8_t *verdicts; /* [milestone][account] */
} milestone_job;

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory measuring milestones");
}

/* --- what can be measured --- */

/* Why a definition cannot be known for one account's 90th day; NULL when it can. */
static const char *why_not_def(const bound_model *b, const bound_def *def)
{
    if (def->kind == DEF_DIMENSION) {
        return "reads segments, which are not kept for every account's 90th day";
    }
    if (def->kind == DEF_BIN && b->model->bins[def->index].quantiles > 0) {
        return "reads quantiles of all accounts, which are not kept for every account's 90th day";
    }
    for (size_t r = 0; r < def->n_rules; r++) {
        if (def->rules[r] != NULL &&
            (rule_looks_at_previous(def->rules[r]) || rule_lookback_days(def->rules[r]) > 0)) {
            return "'turned' and 'for' look back, which milestones cannot";
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

/* NULL when the condition can be judged. */
static const char *why_not(const bound_model *b, const rule *r, uint8_t *read)
{
    for (size_t i = 0; i < b->scope.n_symbols; i++) {
        read[i] = 0;
    }
    if (rule_looks_at_previous(r) || rule_lookback_days(r) > 0) {
        return "'turned' and 'for' look back, which milestones cannot";
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

/* --- who is judged when --- */

static int by_day(const void *a, const void *b)
{
    day x = *(const day *)a;
    day y = *(const day *)b;
    return (x > y) - (x < y);
}

static strata_status find_due(const study *s, arena *a, milestone_job *job, milestones *out,
                              strata_error *err)
{
    day *due = ARENA_NEW(a, s->n, day);
    day *dates = ARENA_NEW(a, s->n, day);
    if (due == NULL || dates == NULL) {
        return no_memory(err);
    }
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        day start = s->v->p->exists_from[i];
        day d = start > DAY_MIN && start <= s->v->as_of ? start + DAY_90 : DAY_MISSING;
        bool judged = d != DAY_MISSING && d >= out->from && d <= out->to;
        out->too_young += d > out->to;
        due[i] = judged ? d : DAY_MISSING;
        if (judged) {
            dates[n++] = d;
        }
    }
    out->eligible = n;
    if (n > 0) {
        qsort(dates, n, sizeof *dates, by_day);
    }
    size_t distinct = 0;
    for (size_t i = 0; i < n; i++) {
        if (distinct == 0 || dates[i] != dates[distinct - 1]) {
            dates[distinct++] = dates[i];
        }
    }
    job->due = due;
    job->dates = dates;
    job->n_dates = distinct;
    return STRATA_OK;
}

/* --- the sweep --- */

static void judge_date(const milestone_job *job, const panel_block *block, day d,
                       const block_frame *frame, uint8_t *mask, void *scratch)
{
    size_t first = (size_t)block->first;
    rule_input in = {.now = {.columns = frame->columns, .as_of = d}};
    for (size_t m = 0; m < job->n_rules; m++) {
        if (job->rules[m] == NULL) {
            continue;
        }
        rule_eval_condition(job->rules[m], &in, block->n_accounts, mask, scratch);
        for (size_t i = 0; i < block->n_accounts; i++) {
            if (job->due[first + i] == d) {
                job->verdicts[m * job->s->n + first + i] = mask[i];
            }
        }
    }
}

static bool anyone_due(const milestone_job *job, const panel_block *block, day d)
{
    for (size_t i = 0; i < block->n_accounts; i++) {
        if (job->due[(size_t)block->first + i] == d) {
            return true;
        }
    }
    return false;
}

static size_t widest_scratch(const milestone_job *job)
{
    size_t most = 1;
    for (size_t m = 0; m < job->n_rules; m++) {
        size_t bytes = job->rules[m] != NULL ? rule_scratch_bytes(job->rules[m]) : 0;
        most = bytes > most ? bytes : most;
    }
    return most;
}

static strata_status judge_block(void *payload, const panel_block *block, strata_error *err)
{
    const milestone_job *job = payload;
    STRATA_AUTO(block_eval_free) block_eval *e = NULL;
    STRATA_AUTO_FREE uint8_t *mask = STRATA_NEW_ARRAY(block->n_accounts, uint8_t);
    STRATA_AUTO_FREE void *scratch = STRATA_NEW_ARRAY(widest_scratch(job), unsigned char);
    if (mask == NULL || scratch == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(block_eval_new(job->s->v->p, job->s->v->b, &job->slots, NULL, 1, &e, err));
    for (size_t d = 0; d < job->n_dates; d++) {
        if (anyone_due(job, block, job->dates[d])) {
            block_step step = {
                .block = block, .date = d, .as_of = job->dates[d], .cuts = job->cuts};
            block_eval_run(e, &step);
            judge_date(job, block, job->dates[d], block_eval_frame(e, 0), mask, scratch);
        }
    }
    return STRATA_OK;
}

/* --- results --- */

static strata_status plan_job(const study *s, arena *a, milestone_job *job, milestone_result *items,
                              strata_error *err)
{
    const bound_model *b = s->v->b;
    size_t n = b->model->n_milestones;
    uint8_t *read = ARENA_NEW(a, b->scope.n_symbols, uint8_t);
    size_t *roots = ARENA_NEW(a, b->scope.n_symbols, size_t);
    uint8_t *wanted = ARENA_NEW(a, b->scope.n_symbols, uint8_t);
    job->rules = ARENA_NEW(a, n, const rule *);
    job->cuts = ARENA_NEW(a, b->n_defs, const quantile_cuts *);
    job->verdicts = ARENA_NEW(a, n * s->n, uint8_t);
    if (read == NULL || roots == NULL || wanted == NULL || job->rules == NULL ||
        job->cuts == NULL || job->verdicts == NULL) {
        return no_memory(err);
    }
    wanted[FEATURE_TENURE] = 1; /* a sweep needs something to compute */
    for (size_t m = 0; m < n; m++) {
        items[m].name = b->model->milestones[m].name;
        items[m].when = b->model->milestones[m].when.text;
        items[m].why = why_not(b, b->milestones[m], read);
        items[m].measured = items[m].why == NULL;
        job->rules[m] = items[m].measured ? b->milestones[m] : NULL;
        mark_rule(job->rules[m], wanted);
    }
    size_t n_roots = 0;
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        if (wanted[slot]) {
            roots[n_roots++] = slot;
        }
    }
    job->n_rules = n;
    return slot_plan_make(b, roots, n_roots, a, &job->slots, err);
}

static void tally(const milestone_job *job, milestone_result *items)
{
    for (size_t m = 0; m < job->n_rules; m++) {
        size_t of = 0;
        size_t hits = 0;
        const uint8_t *verdicts = job->verdicts + m * job->s->n;
        for (size_t i = 0; items[m].measured && i < job->s->n; i++) {
            if (job->due[i] == DAY_MISSING) {
                continue;
            }
            hits += verdicts[i] == RULE_YES;
            of += verdicts[i] != RULE_UNKNOWN;
            items[m].unknown += verdicts[i] == RULE_UNKNOWN;
        }
        items[m].share = share_of(job->s, hits, of);
    }
}

strata_status milestones_measure(const study *s, arena *a, const milestones **out,
                                 strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    STRATA_TRY(arena_new(&scratch, err));
    size_t n = s->v->b->model->n_milestones;
    milestones *made = ARENA_NEW(a, 1, milestones);
    milestone_result *items = ARENA_NEW(a, n, milestone_result);
    if (made == NULL || items == NULL) {
        return no_memory(err);
    }
    *made = (milestones){.items = items, .n = n, .from = s->v->year_ago + 1, .to = s->v->as_of};
    milestone_job job = {.s = s};
    STRATA_TRY(find_due(s, scratch, &job, made, err));
    STRATA_TRY(plan_job(s, scratch, &job, items, err));
    if (n > 0 && job.n_dates > 0) {
        STRATA_TRY(panel_sweep(s->cx, s->v->p->ledgers, job.slots.features, job.slots.n_features,
                               job.dates, job.n_dates, judge_block, &job, err));
    }
    tally(&job, items);
    *out = made;
    return STRATA_OK;
}
