/* SPDX-License-Identifier: Apache-2.0 */
/* The expansion score tried on the past. */
#include "plan/growth/growth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/make_figure.h"
#include "base/auto.h"
#include "segment/score.h"
#include "segment/visit.h"

enum { DATES_MOST = 2 * GROWTH_TRIALS };

typedef struct trial {
    const growth_model *m;
    size_t n;                     /* accounts */
    size_t scored_at[DATES_MOST]; /* trial number of a date; SIZE_MAX: not scored on */
    size_t judged_at[DATES_MOST]; /* trial whose outcome the date tells; SIZE_MAX: none */
    double *score;                /* [trial * n + account]; NaN: no customer, or not known */
    uint8_t *expanded;            /* the same */
    segment_code *tier;           /* at the last trial */
    const model_score *model;
    double *factor; /* scaled, at the last trial: [factor * n + account] */
    size_t scratch_bytes;
    size_t last;
} trial;

static strata_status put_factors(const trial *t, const dated_block *block, strata_error *err)
{
    const rule_input in = {.now = {.columns = block->columns, .as_of = block->as_of}};
    STRATA_AUTO_FREE void *scratch = STRATA_NEW_ARRAY(t->scratch_bytes + 1, unsigned char);
    if (scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory trying the score");
    }
    for (size_t f = 0; f < t->model->n_factors; f++) {
        double *out = t->factor + f * t->n + block->first;
        const model_factor *m = &t->model->factors[f];
        rule_eval_number(t->m->score->rules[f], &in, block->n, out, scratch);
        for (size_t i = 0; i < block->n; i++) {
            out[i] = score_scale(m->points, m->n_points, out[i]);
        }
    }
    return STRATA_OK;
}

static strata_status take(void *self, const dated_block *block, strata_error *err)
{
    trial *t = self;
    size_t now = t->scored_at[block->date];
    size_t judged = t->judged_at[block->date];
    const double *score = block->columns[t->m->score->slot].num;
    const double *arr = block->columns[FEATURE_ARR].num;
    const double *expansion = block->columns[FEATURE_EXPANSION_12M].num;
    const segment_code *codes = block->codes[t->m->tier->slot];
    for (size_t i = 0; i < block->n; i++) {
        size_t account = block->first + i;
        if (now != SIZE_MAX) {
            bool customer = arr != NULL && arr[i] > 0.0;
            t->score[now * t->n + account] = customer && score != NULL ? score[i] : (double)NAN;
        }
        if (now == t->last) {
            t->tier[account] = codes[i];
        }
        if (judged != SIZE_MAX) {
            t->expanded[judged * t->n + account] = expansion != NULL && expansion[i] > 0.0;
        }
    }
    return now == t->last ? put_factors(t, block, err) : STRATA_OK;
}

/* Dates of all trials that the data reach back to, ascending and once each. */
static size_t put_dates(const view *v, trial *t, day *dates, day *first, size_t *n_trials)
{
    size_t n = 0;
    *n_trials = 0;
    for (int k = 2 * GROWTH_TRIALS - 1; k >= 0; k--) {
        day d = day_add_months(v->as_of, -GROWTH_STEP_MONTHS * k);
        int back = k - GROWTH_TRIAL_MONTHS / GROWTH_STEP_MONTHS; /* steps before the last trial */
        bool is_scored = back >= 0 && back < GROWTH_TRIALS && d > v->p->info->first_day;
        int judged = k;
        day began = day_add_months(v->as_of, -GROWTH_STEP_MONTHS * judged - GROWTH_TRIAL_MONTHS);
        bool is_judged = judged < GROWTH_TRIALS && began > v->p->info->first_day;
        if (!is_scored && !is_judged) {
            continue;
        }
        t->scored_at[n] = is_scored ? (size_t)(GROWTH_TRIALS - 1 - back) : SIZE_MAX;
        t->judged_at[n] = is_judged ? (size_t)(GROWTH_TRIALS - 1 - judged) : SIZE_MAX;
        *first = is_scored && *n_trials == 0 ? d : *first;
        *n_trials += is_scored;
        dates[n++] = d;
    }
    return n;
}

/* The customers of all trials as rows of a score and an outcome. */
typedef struct rows {
    double *score;
    uint8_t *outcome;
    uint32_t *account;
    size_t n, accounts;
} rows;

static void rows_done(rows *r)
{
    free(r->score);
    free(r->outcome);
    free(r->account);
}

static strata_status collect(const trial *t, rows *out, strata_error *err)
{
    size_t most = GROWTH_TRIALS * t->n;
    out->score = STRATA_NEW_ARRAY(most + 1, double);
    out->outcome = STRATA_NEW_ARRAY(most + 1, uint8_t);
    out->account = STRATA_NEW_ARRAY(most + 1, uint32_t);
    if (out->score == NULL || out->outcome == NULL || out->account == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory trying the score");
    }
    for (size_t i = 0; i < t->n; i++) {
        bool any = false;
        for (size_t k = 0; k < GROWTH_TRIALS; k++) {
            double score = t->score[k * t->n + i];
            if (!isnan(score)) {
                out->score[out->n] = score;
                out->outcome[out->n] = t->expanded[k * t->n + i];
                out->account[out->n++] = (uint32_t)out->accounts;
                any = true;
            }
        }
        out->accounts += any;
    }
    return STRATA_OK;
}

/* Each factor alone, at the last trial. */
static strata_status judge_factors(const trial *t, arena *a, growth_trial *out, strata_error *err)
{
    STRATA_AUTO_FREE double *x = STRATA_NEW_ARRAY(t->n + 1, double);
    STRATA_AUTO_FREE uint8_t *expanded = STRATA_NEW_ARRAY(t->n + 1, uint8_t);
    out->factors = ARENA_NEW(a, t->model->n_factors + 1, auc_result);
    if (x == NULL || expanded == NULL || out->factors == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory trying the score");
    }
    for (size_t f = 0; f < t->model->n_factors; f++) {
        scored s = {.score = x, .outcome = expanded};
        for (size_t i = 0; i < t->n; i++) {
            double value = t->factor[f * t->n + i];
            if (!isnan(t->score[t->last * t->n + i]) && !isnan(value)) {
                x[s.n] = value;
                expanded[s.n++] = t->expanded[t->last * t->n + i];
            }
        }
        STRATA_TRY(auc_compute(&s, NULL, &out->factors[f], err));
    }
    out->n_factors = t->model->n_factors;
    return STRATA_OK;
}

static strata_status judge(const view *v, const trial *t, arena *a, growth_trial *out,
                           strata_error *err)
{
    STRATA_CLEANUP(rows_done) rows r = {0};
    STRATA_TRY(collect(t, &r, err));
    const scored s = {.n = r.n, .score = r.score, .outcome = r.outcome};
    const scored_clusters clusters = {.cluster = r.account, .n_clusters = r.accounts};
    double minimum = v->b->model->quality.minimum_accounts;
    out->rows = r.n;
    out->accounts = r.accounts;
    out->expanded = scored_positives(&s);
    if ((double)r.accounts < minimum || out->expanded == 0 || out->expanded == r.n) {
        out->why = out->expanded == 0 ? "no account expanded after it was scored"
                                      : "too few accounts were customers a year ago";
        return STRATA_OK;
    }
    STRATA_TRY(auc_compute(&s, &clusters, &out->auc, err));
    STRATA_TRY(lift_at(&s, 0.1, &out->lift, err));
    out->tiers = ARENA_NEW(a, t->m->tier->n_segments + 1, share_figure);
    size_t *hits = ARENA_NEW(a, t->m->tier->n_segments + 1, size_t);
    size_t *of = ARENA_NEW(a, t->m->tier->n_segments + 1, size_t);
    if (out->tiers == NULL || hits == NULL || of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory trying the score");
    }
    for (size_t i = 0; i < t->n; i++) {
        bool counts = t->tier[i] < SEGMENTS_MAX && !isnan(t->score[t->last * t->n + i]);
        hits[counts ? t->tier[i] : t->m->tier->n_segments] +=
            counts && t->expanded[t->last * t->n + i];
        of[counts ? t->tier[i] : t->m->tier->n_segments] += counts;
    }
    for (size_t c = 0; c < t->m->tier->n_segments; c++) {
        out->tiers[c] = share_figure_of(hits[c], of[c], minimum);
    }
    out->done = true;
    return judge_factors(t, a, out, err);
}

static bool reads_attributes(const bound_model *b, const rule *r)
{
    size_t n = 0;
    const size_t *slots = rule_slots(r, &n);
    for (size_t i = 0; i < n; i++) {
        if (slots[i] >= FEATURE_COUNT && slots[i] < b->n_base) {
            return true;
        }
        for (size_t d = 0; slots[i] >= b->n_base && d < b->n_defs; d++) {
            const bound_def *def = &b->defs[d];
            for (size_t k = 0; def->slot == slots[i] && k < def->n_rules; k++) {
                if (def->rules[k] != NULL && reads_attributes(b, def->rules[k])) {
                    return true;
                }
            }
        }
    }
    return false;
}

static strata_status trial_slots(const growth_model *m, arena *a, const size_t **slots, size_t *n,
                                 strata_error *err)
{
    const size_t more[] = {m->tier->slot, FEATURE_ARR, FEATURE_EXPANSION_12M};
    const size_t *read = NULL;
    size_t n_read = 0;
    STRATA_TRY(growth_slots(m, a, &read, &n_read, err));
    size_t *list = ARENA_NEW(a, n_read + 3, size_t);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory trying the score");
    }
    memcpy(list, read, n_read * sizeof *list);
    memcpy(list + n_read, more, sizeof more);
    *slots = list;
    *n = n_read + 3;
    return STRATA_OK;
}

strata_status growth_try(const context *cx, const view *v, const growth_model *m, arena *a,
                         growth_trial *out, strata_error *err)
{
    day dates[DATES_MOST];
    growth_trial result = {0};
    size_t n = v->p->n_accounts;
    trial t = {.m = m,
               .n = n,
               .last = GROWTH_TRIALS - 1,
               .score = ARENA_NEW(a, GROWTH_TRIALS * n + 1, double),
               .expanded = ARENA_NEW(a, GROWTH_TRIALS * n + 1, uint8_t),
               .tier = ARENA_NEW(a, n + 1, segment_code),
               .model = &v->b->model->scores[m->score->index]};
    t.factor = ARENA_NEW(a, t.model->n_factors * n + 1, double);
    if (t.score == NULL || t.expanded == NULL || t.tier == NULL || t.factor == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory trying the score");
    }
    for (size_t i = 0; i < GROWTH_TRIALS * n; i++) {
        t.score[i] = NAN;
    }
    const size_t *slots = NULL;
    size_t n_slots = 0;
    STRATA_TRY(trial_slots(m, a, &slots, &n_slots, err));
    for (size_t f = 0; f < m->score->n_rules; f++) {
        size_t bytes = rule_scratch_bytes(m->score->rules[f]);
        t.scratch_bytes = bytes > t.scratch_bytes ? bytes : t.scratch_bytes;
        result.reads_attributes |= reads_attributes(v->b, m->score->rules[f]);
    }
    size_t n_dates = put_dates(v, &t, dates, &result.first, &result.n_dates);
    result.last = day_add_months(v->as_of, -GROWTH_TRIAL_MONTHS);
    if (!v->has_arr || result.n_dates == 0) {
        result.why = v->has_arr ? "the data do not reach back a year" : "there is no ARR";
        *out = result;
        return STRATA_OK;
    }
    const segmentation_visit visit = {.dates = dates,
                                      .n_dates = n_dates,
                                      .slots = slots,
                                      .n_slots = n_slots,
                                      .take = take,
                                      .self = &t};
    STRATA_TRY(visit_dates(cx, v->p, v->b, v->overrides, &visit, err));
    STRATA_TRY(judge(v, &t, a, &result, err));
    *out = result;
    return STRATA_OK;
}
