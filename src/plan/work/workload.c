/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/work/workload.h"

#include <math.h>

static const feature_id wanted[] = {FEATURE_TENURE, FEATURE_RENEWAL_IN, FEATURE_TICKETS_365D};
enum { N_WANTED = sizeof wanted / sizeof wanted[0], YEAR_DAYS = 365 };
static const double HOURS_MOST = 100000.0;

strata_status workload_slots(const portfolio *p, arena *a, const size_t **slots, size_t *n,
                             strata_error *err)
{
    size_t *list = ARENA_NEW(a, N_WANTED + 1, size_t);
    size_t complexity = portfolio_slot(p, "complexity");
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < N_WANTED; i++) {
        list[i] = (size_t)wanted[i];
    }
    list[N_WANTED] = complexity;
    *slots = list;
    *n = N_WANTED + (complexity != SIZE_MAX);
    return STRATA_OK;
}

/* Complexity over its mean among accounts in segments. */
static void put_weights(const view *v, workload *w, double *weight)
{
    const double *x = view_column(v, "complexity").num;
    double sum = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        bool counts = x != NULL && w->codes[i] < SEGMENTS_MAX && x[i] > 0.0;
        sum += counts ? x[i] : 0.0;
        n += counts;
    }
    for (size_t i = 0; i < w->n; i++) {
        weight[i] = n > 0 && x[i] > 0.0 ? x[i] / (sum / (double)n) : 1.0;
    }
    w->weight = weight;
    w->complexity_missing = n == 0;
}

/* What is known of one account. */
typedef struct account_facts {
    double tenure, renewal_in, tickets; /* NaN: missing */
    double weight;
} account_facts;

static double hours_of(const workload *w, const engagement *e, const engaged_segment *s,
                       work_kind kind, const account_facts *f)
{
    double ahead = 0.0;
    switch (kind) {
    case WORK_TOUCHPOINT:
        return f->weight * s->touches_per_year * e->hours[kind];
    case WORK_REVIEW:
        return f->weight * s->reviews_per_year * e->hours[kind];
    case WORK_ONBOARDING:
        if (f->tenure >= 0.0 && f->tenure < s->programme.onboarding_days) {
            ahead = 1.0 - f->tenure / s->programme.onboarding_days;
        }
        return f->weight * ahead * e->hours[kind];
    case WORK_RENEWAL:
        return w->renewals_assumed || f->renewal_in <= YEAR_DAYS ? f->weight * e->hours[kind] : 0.0;
    case WORK_TICKET:
        return f->tickets > 0.0 ? f->tickets * e->hours[kind] : 0.0;
    case WORK_KINDS:
        break;
    }
    return 0.0;
}

static strata_status fill(const view *v, const engagement *e, workload *w,
                          int32_t *minutes[WORK_KINDS], int32_t *total, strata_error *err)
{
    const double *tenure = segmentation_column(v->s, FEATURE_TENURE).num;
    const double *renewal = segmentation_column(v->s, FEATURE_RENEWAL_IN).num;
    const double *tickets = segmentation_column(v->s, FEATURE_TICKETS_365D).num;
    for (size_t i = 0; i < w->n; i++) {
        const account_facts f = {.tenure = tenure != NULL ? tenure[i] : (double)NAN,
                                 .renewal_in = renewal != NULL ? renewal[i] : (double)NAN,
                                 .tickets = tickets != NULL ? tickets[i] : (double)NAN,
                                 .weight = w->weight[i]};
        if (w->codes[i] >= SEGMENTS_MAX) {
            continue;
        }
        const engaged_segment *s = &e->segments[w->codes[i]];
        for (size_t k = 0; k < WORK_KINDS && s->touch != TOUCH_DIGITAL; k++) {
            double hours = hours_of(w, e, s, (work_kind)k, &f);
            if (hours > HOURS_MOST) {
                return strata_fail(err, STRATA_E_DATA,
                                   "account '%s' would take %.0f hours a year for one activity; "
                                   "look at its complexity and tickets",
                                   v->p->ids[i], hours);
            }
            minutes[k][i] = (int32_t)lround(hours * MINUTES_PER_HOUR);
            total[i] += minutes[k][i];
        }
        w->n_accounts++;
        w->total_minutes += total[i];
    }
    return STRATA_OK;
}

strata_status workload_compute(const view *v, const engagement *e, const csm_list *csms, arena *a,
                               workload *out, strata_error *err)
{
    const symbol *symbols = v->p->symbols;
    size_t n = v->p->n_accounts;
    workload w = {.n = n,
                  .codes = segmentation_codes(v->s, e->def, v->now_at),
                  .renewals_assumed = symbols[FEATURE_RENEWAL_IN].missing_because != NULL,
                  .tickets_missing = symbols[FEATURE_TICKETS_365D].missing_because != NULL};
    int32_t *minutes[WORK_KINDS] = {NULL};
    double *weight = ARENA_NEW(a, n + 1, double);
    int32_t *total = ARENA_NEW(a, n + 1, int32_t);
    bool there = weight != NULL && total != NULL;
    for (size_t k = 0; k < WORK_KINDS; k++) {
        minutes[k] = ARENA_NEW(a, n + 1, int32_t);
        there = there && minutes[k] != NULL;
        w.minutes[k] = minutes[k];
    }
    if (!there) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the work of %zu accounts", n);
    }
    STRATA_TRY(csms_of_accounts(v->p, csms, a, &w.csm, err));
    put_weights(v, &w, weight);
    w.total = total;
    STRATA_TRY(fill(v, e, &w, minutes, total, err));
    *out = w;
    return STRATA_OK;
}
