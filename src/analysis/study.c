/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/study.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/read.h"
#include "panel/panel.h"

/* Computed features that analyses read, in the order in which profiles show them. */
static const feature_id read_features[] = {
    FEATURE_TENURE,
    FEATURE_HEALTH_SUPPLIED,
    FEATURE_ADOPTION,
    FEATURE_ACTIVE_DAYS_30D,
    FEATURE_EVENTS_30D,
    FEATURE_EVENTS_90D,
    FEATURE_USAGE_TREND_30D,
    FEATURE_ACTIVE_USERS_30D,
    FEATURE_FEATURES_USED_90D,
    FEATURE_SEEN,
    FEATURE_LAST_SEEN,
    FEATURE_TICKETS_90D,
    FEATURE_TICKETS_HIGH_90D,
    FEATURE_OPEN_TICKETS,
    FEATURE_OLDEST_OPEN_TICKET,
    FEATURE_CSAT_90D,
    FEATURE_NPS_LAST,
    FEATURE_CONTACTS,
    FEATURE_HAS_CHAMPION,
    FEATURE_HAS_ECONOMIC_BUYER,
    FEATURE_SINGLE_THREADED,
    FEATURE_TOUCHES_90D,
    FEATURE_TOUCH_MINUTES_90D,
    FEATURE_LAST_TOUCH,
    FEATURE_ORDERS_365D,
    FEATURE_AVERAGE_ORDER,
    FEATURE_DAYS_BETWEEN_ORDERS,
    FEATURE_LAST_ORDER,
    FEATURE_DAYS_SINCE_CHURN,
    FEATURE_CONTRACTION_12M,
    FEATURE_RENEWAL_IN,
    FEATURE_OPEN_EXPANSION,
    FEATURE_OPEN_EXPANSIONS,
};
enum { N_READ = sizeof read_features / sizeof read_features[0] };

void study_free(study *s)
{
    if (s != NULL) {
        segmentation_free(s->year_ago);
        arena *a = s->arena;
        arena_free(a); /* holds `s` itself */
    }
}

/* --- what to keep --- */

static void mark(uint8_t *wanted, const rule *r)
{
    size_t n = 0;
    const size_t *slots = r != NULL ? rule_slots(r, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        wanted[slots[i]] = 1;
    }
}

strata_status study_slots(const portfolio *p, const bound_model *b, arena *a, const size_t **slots,
                          size_t *n, strata_error *err)
{
    uint8_t *wanted = ARENA_NEW(a, b->scope.n_symbols, uint8_t);
    size_t *list = ARENA_NEW(a, b->scope.n_symbols, size_t);
    if (wanted == NULL || list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory listing features");
    }
    for (size_t i = 0; i < N_READ; i++) {
        wanted[read_features[i]] = p->symbols[read_features[i]].missing_because == NULL;
    }
    for (size_t i = 0; i < b->model->n_hypotheses; i++) {
        mark(wanted, b->hypotheses[i].where);
        mark(wanted, b->hypotheses[i].against);
        mark(wanted, b->hypotheses[i].compare);
    }
    for (size_t i = 0; i < b->model->personas.n_buyers; i++) {
        mark(wanted, b->buyers[i]);
    }
    size_t count = 0;
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        if (wanted[slot]) {
            list[count++] = slot;
        }
    }
    *slots = list;
    *n = count;
    return STRATA_OK;
}

/* --- what accounts were worth --- */

static strata_status no_memory(const study *s, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory analysing %zu accounts", s->n);
}

static int64_t *to_minor(study *s, const double *major)
{
    int64_t *minor = ARENA_NEW(s->arena, s->n, int64_t);
    for (size_t i = 0; minor != NULL && i < s->n; i++) {
        minor[i] = money_minor(major[i]);
    }
    return minor;
}

typedef struct trend_job {
    int64_t *values[VIEW_TREND + 1];
    size_t at[VIEW_TREND + 1]; /* which of the swept dates */
} trend_job;

static strata_status take_values(void *payload, const panel_block *block, strata_error *err)
{
    trend_job *job = payload;
    (void)err;
    for (size_t k = 0; k < VIEW_TREND + 1; k++) {
        const double *from = block->values + job->at[k] * block->n_features * block->n_accounts;
        for (size_t i = 0; i < block->n_accounts; i++) {
            job->values[k][(size_t)block->first + i] = money_minor(from[i]);
        }
    }
    return STRATA_OK;
}

/* The trend dates and the last review, ascending and each once; at[k] finds trend date k,
 * at[VIEW_TREND] the review. */
static size_t merge_days(const study *s, day days[VIEW_TREND + 1], size_t at[VIEW_TREND + 1])
{
    size_t n = 0;
    for (size_t k = 0; k < VIEW_TREND + 1; k++) {
        day d = k < VIEW_TREND ? s->trend_days[k] : s->v->since;
        size_t place = 0;
        while (place < n && days[place] < d) {
            place++;
        }
        if (place < n && days[place] == d) {
            continue;
        }
        for (size_t j = n; j > place; j--) {
            days[j] = days[j - 1];
        }
        days[place] = d;
        n++;
    }
    for (size_t k = 0; k < VIEW_TREND + 1; k++) {
        day d = k < VIEW_TREND ? s->trend_days[k] : s->v->since;
        for (size_t j = 0; j < n; j++) {
            at[k] = days[j] == d ? j : at[k];
        }
    }
    return n;
}

static strata_status add_trend(study *s, strata_error *err)
{
    trend_job job = {0};
    day days[VIEW_TREND + 1];
    size_t n_days = merge_days(s, days, job.at);
    for (size_t k = 0; k < VIEW_TREND + 1; k++) {
        job.values[k] = ARENA_NEW(s->arena, s->n, int64_t);
        if (job.values[k] == NULL) {
            return no_memory(s, err);
        }
    }
    feature_id f = s->v->has_arr ? FEATURE_ARR : FEATURE_SPEND_365D;
    STRATA_TRY(panel_sweep(s->cx, s->v->p->ledgers, &f, 1, days, n_days, take_values, &job, err));
    for (size_t k = 0; k < VIEW_TREND; k++) {
        s->trend[k] = job.values[k];
    }
    s->value_since = job.values[VIEW_TREND];
    return STRATA_OK;
}

static strata_status add_outcomes(study *s, strata_error *err)
{
    uint8_t *outcomes = ARENA_NEW(s->arena, s->n, uint8_t);
    double *followed = ARENA_NEW(s->arena, s->n, double);
    if (outcomes == NULL || followed == NULL) {
        return no_memory(s, err);
    }
    double year = (double)(s->v->as_of - s->v->year_ago);
    const double *since_churn = study_numbers(s, "days_since_churn");
    for (size_t i = 0; i < s->n; i++) {
        followed[i] = year;
        if (s->value_year_ago[i] <= 0) {
            outcomes[i] = OUTCOME_NONE;
        } else if (s->value[i] > 0) {
            outcomes[i] = OUTCOME_RETAINED;
        } else {
            outcomes[i] = OUTCOME_CHURNED;
            double ago = since_churn != NULL ? since_churn[i] : 0.0;
            followed[i] = fmax(year - (isnan(ago) ? 0.0 : ago), 0.0);
        }
    }
    s->outcome = outcomes;
    s->followed_days = followed;
    return STRATA_OK;
}

static strata_status add_year_ago(study *s, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(study_slots(s->v->p, s->v->b, s->arena, &slots, &n, err));
    segmentation_request request = SEGMENTATION_REQUEST(.dates = &s->v->year_ago, .n_dates = 1,
                                                        .keep_slots = slots, .n_keep_slots = n);
    request.keep_date = 0;
    return segmentation_run(s->cx, s->v->p, s->v->b, s->v->overrides, &request, &s->year_ago, err);
}

strata_status study_new(const context *cx, const view *v, unsigned parts, study **out,
                        strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    study *made = ARENA_NEW(a, 1, study);
    if (made == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for an analysis");
    }
    *made = (study){.arena = a,
                    .cx = cx,
                    .v = v,
                    .n = v->p->n_accounts,
                    .minimum_accounts = v->b->model->quality.minimum_accounts};
    (void)strata_steal(&a);
    STRATA_AUTO(study_free) study *s = made;
    s->trend_days[VIEW_TREND - 1] = v->as_of;
    for (size_t k = VIEW_TREND - 1; k-- > 0;) {
        s->trend_days[k] = day_month_start(s->trend_days[k + 1]) - 1;
    }
    if (v->value != NULL) {
        s->value = to_minor(s, v->value);
        s->value_year_ago = to_minor(s, v->value_year_ago);
        if (s->value == NULL || s->value_year_ago == NULL) {
            return no_memory(s, err);
        }
        if ((parts & STUDY_TREND) != 0) {
            STRATA_TRY(add_trend(s, err));
        }
    }
    if (v->has_arr) {
        STRATA_TRY(add_outcomes(s, err));
        if ((parts & STUDY_YEAR_AGO) != 0) {
            STRATA_TRY(add_year_ago(s, err));
        }
    }
    *out = strata_steal(&s);
    return STRATA_OK;
}

const segment_code *study_codes_now(const study *s, const bound_def *def)
{
    return segmentation_codes(s->v->s, def, s->v->now_at);
}

const segment_code *study_codes_since(const study *s, const bound_def *def)
{
    return segmentation_codes(s->v->s, def, s->v->since_at);
}

const segment_code *study_codes_year_ago(const study *s, const bound_def *def)
{
    return segmentation_codes(s->v->s, def, s->v->year_ago_at);
}
