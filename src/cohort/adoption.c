/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/adoption.h"

#include <stdlib.h>

#include "base/auto.h"
#include "cohort/tenure.h"
#include "stats/survival/kaplan_meier.h"

enum { MONTH_OF_ORDER = 3 };

/* Accounts of one feature and group, as they are followed. */
typedef struct followed {
    double *time;
    uint8_t *event;
    size_t n;
} followed;

/* The last day on which the account was seen. */
static day last_seen(const adoption_request *q, size_t account)
{
    if (q->arr == NULL) {
        return q->as_of;
    }
    tenure t = tenure_of(q->arr, account, q->as_of);
    return t.from != DAY_MISSING ? t.to : q->as_of;
}

static bool is_left_out(const adoption_request *q, size_t account)
{
    return q->origin[account] < q->use->recorded_from;
}

static void follow(const adoption_request *q, size_t account, size_t feature, followed *out)
{
    const first_use *u = q->use;
    day appeared = u->first_seen[feature];
    day from = q->origin[account] > appeared ? q->origin[account] : appeared;
    day used = u->day[account * u->n_features + feature];
    day end = last_seen(q, account);
    bool event = used != DAY_MISSING && used <= end;
    day to = event ? used : end;
    if (appeared == DAY_MISSING || from > end) {
        return; /* the feature was not there while the account was */
    }
    out->time[out->n] = to > from ? (double)(to - from) / DAYS_PER_MONTH : 0.0;
    out->event[out->n++] = event;
}

/* --- one curve --- */

static adoption_point point_at(const km_curve *c, double age, size_t minimum)
{
    km_at at = km_survival_at(c, age);
    adoption_point p = {0};
    if (at.known && (at.at_risk >= minimum || at.share.survival <= 0.0)) {
        p.known = true;
        p.share = 1.0 - at.share.survival;
        p.within = (interval){1.0 - at.share.within.high, 1.0 - at.share.within.low};
    }
    return p;
}

static strata_status make_curve(const followed *f, size_t minimum, adoption_curve *out,
                                strata_error *err)
{
    STRATA_AUTO(km_curve_free) km_curve *c = NULL;
    follow_up seen = {.n = f->n, .time = f->time, .event = f->event};
    STRATA_TRY(km_curve_new(&seen, &c, err));
    out->accounts = f->n;
    out->adopted = c->n_events;
    out->stated = f->n > 0 && f->n >= minimum;
    if (!out->stated) {
        return STRATA_OK;
    }
    for (size_t m = 0; m < ADOPTION_AGES; m++) {
        /* A handful under observation still makes a curve, once enough were followed at all. */
        out->by[m] = point_at(c, (double)m, minimum / 3 + 1);
    }
    km_median m = km_median_of(c);
    out->median_known = m.reached;
    out->low_known = m.low_reached;
    out->high_known = m.high_reached;
    out->median = m.age;
    out->low = m.low;
    out->high = m.high;
    return STRATA_OK;
}

static strata_status make_curves(const adoption_request *q, size_t feature, followed *scratch,
                                 adoption_curve *curves, strata_error *err)
{
    const groups *g = q->groups;
    for (size_t k = 0; k <= g->n; k++) {
        scratch->n = 0;
        for (size_t i = 0; i < q->use->n_accounts; i++) {
            bool started = q->origin[i] != DAY_MISSING && q->origin[i] <= q->as_of;
            bool in = k == g->n || g->code[i] == k;
            if (started && in && !is_left_out(q, i)) {
                follow(q, i, feature, scratch);
            }
        }
        STRATA_TRY(
            make_curve(scratch, q->minimum_accounts, &curves[feature * (g->n + 1) + k], err));
    }
    return STRATA_OK;
}

/* --- */

static double reach(const adoption *a, size_t feature)
{
    const adoption_curve *c = adoption_of(a, feature, a->groups->n);
    return c->by[MONTH_OF_ORDER].known ? c->by[MONTH_OF_ORDER].share : -1.0;
}

/* Insertion: there are few features. Of equals the first by code. */
static void sort_features(const adoption *a, size_t *order)
{
    for (size_t i = 0; i < a->use->n_features; i++) {
        size_t at = i;
        while (at > 0 && reach(a, order[at - 1]) < reach(a, i)) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

static size_t count_left_out(const adoption_request *q)
{
    size_t n = 0;
    for (size_t i = 0; i < q->use->n_accounts; i++) {
        n += q->origin[i] != DAY_MISSING && q->origin[i] <= q->as_of && is_left_out(q, i);
    }
    return n;
}

static void followed_done(followed *f)
{
    free(f->time);
    free(f->event);
}

strata_status adoption_compute(const context *cx, const adoption_request *q, arena *a,
                               adoption *out, strata_error *err)
{
    size_t n = q->use->n_features;
    adoption_curve *curves = ARENA_NEW(a, n * (q->groups->n + 1), adoption_curve);
    size_t *order = ARENA_NEW(a, n + 1, size_t);
    STRATA_CLEANUP(followed_done)
    followed scratch = {.time = STRATA_NEW_ARRAY(q->use->n_accounts, double),
                        .event = STRATA_NEW_ARRAY(q->use->n_accounts, uint8_t)};
    if (!curves || !order || !scratch.time || !scratch.event) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the adoption of %zu features",
                           n);
    }
    for (size_t f = 0; f < n; f++) {
        STRATA_TRY(context_check(cx, err));
        STRATA_TRY(make_curves(q, f, &scratch, curves, err));
    }
    adoption result = {.use = q->use,
                       .groups = q->groups,
                       .curves = curves,
                       .left_out = count_left_out(q),
                       .order = order};
    sort_features(&result, order);
    *out = result;
    return STRATA_OK;
}
