/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/milestones.h"

#include <stdlib.h>

#include "analysis/dated_rules.h"
#include "analysis/make_figure.h"
#include "base/auto.h"

enum { DAY_90 = 89 }; /* days after the start, which is day 1 */

/* Everything that the blocks of the sweep share. */
typedef struct milestone_job {
    const study *s;
    const rule **rules; /* by milestone; NULL: not measured */
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

static bool anyone_due(void *payload, size_t date, size_t first, size_t n)
{
    const milestone_job *job = payload;
    for (size_t i = 0; i < n; i++) {
        if (job->due[first + i] == job->dates[date]) {
            return true;
        }
    }
    return false;
}

static void take_verdicts(void *payload, const dated_block *block)
{
    const milestone_job *job = payload;
    for (size_t m = 0; m < job->n_rules; m++) {
        for (size_t i = 0; job->rules[m] != NULL && i < block->n; i++) {
            if (job->due[block->first + i] == block->day) {
                job->verdicts[m * job->s->n + block->first + i] = block->verdicts[m * block->n + i];
            }
        }
    }
}

/* --- results --- */

static strata_status plan_job(const study *s, arena *a, milestone_job *job, milestone_result *items,
                              strata_error *err)
{
    const bound_model *b = s->v->b;
    size_t n = b->model->n_milestones;
    job->rules = ARENA_NEW(a, n, const rule *);
    job->verdicts = ARENA_NEW(a, n * s->n, uint8_t);
    if (job->rules == NULL || job->verdicts == NULL) {
        return no_memory(err);
    }
    for (size_t m = 0; m < n; m++) {
        items[m].name = b->model->milestones[m].name;
        items[m].when = b->model->milestones[m].when.text;
        STRATA_TRY(dated_rule_lacks(b, b->milestones[m], &items[m].why, err));
        items[m].measured = items[m].why == NULL;
        job->rules[m] = items[m].measured ? b->milestones[m] : NULL;
    }
    job->n_rules = n;
    return STRATA_OK;
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
        const dated_rules q = {.p = s->v->p,
                               .b = s->v->b,
                               .rules = job.rules,
                               .n_rules = job.n_rules,
                               .dates = job.dates,
                               .n_dates = job.n_dates};
        STRATA_TRY(dated_rules_judge(s->cx, &q, anyone_due, take_verdicts, &job, err));
    }
    tally(&job, items);
    *out = made;
    return STRATA_OK;
}
