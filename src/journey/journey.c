/* SPDX-License-Identifier: Apache-2.0 */
#include "journey/journey.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/make_figure.h"
#include "base/auto.h"

static const double MOST_ARE_THROUGH = 0.8;

typedef struct measuring {
    const journey_request *r;
    const journey_paths *p;
    double minimum;
    uint8_t *in; /* accounts of the present group */
    double *time;
    uint8_t *event;
} measuring;

static strata_status no_memory(const measuring *m, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory following %zu accounts", m->p->n);
}

static void measuring_done(measuring *m)
{
    free(m->in);
    free(m->time);
    free(m->event);
}

/* --- times --- */

/* When an account is lost from sight. */
static day seen_to(const measuring *m, size_t i)
{
    day left = m->p->left[i];
    return left != DAY_MISSING ? left : m->r->as_of;
}

/* Adds one account on the way from one day to another, which may not have come. */
static void add_time(const measuring *m, journey_time *t, size_t i, day from, day to)
{
    day end = to != DAY_MISSING ? to : seen_to(m, i);
    m->time[t->n] = end > from ? (double)(end - from) : 0.0;
    m->event[t->n] = to != DAY_MISSING;
    t->n++;
    t->done += to != DAY_MISSING;
    t->left += to == DAY_MISSING && m->p->left[i] != DAY_MISSING;
    t->waiting += to == DAY_MISSING && m->p->left[i] == DAY_MISSING;
}

static void fill_months(const km_curve *curve, journey_step *step)
{
    for (size_t k = 0; k < JOURNEY_AGES; k++) {
        km_at at = km_survival_at(curve, (double)k * DAYS_PER_MONTH);
        step->by_month_known[k] = at.known;
        step->by_month[k] = at.known ? 1.0 - at.share.survival : 0.0;
    }
}

static strata_status finish_time(const measuring *m, journey_time *t, journey_step *step,
                                 strata_error *err)
{
    const follow_up life = {.n = t->n, .time = m->time, .event = m->event};
    STRATA_AUTO(km_curve_free) km_curve *curve = NULL;
    STRATA_TRY(km_curve_new(&life, &curve, err));
    t->stated = t->n > 0 && (double)t->n >= m->minimum;
    t->median = km_median_of(curve);
    for (size_t k = 0; k < curve->n_steps && !t->p80_known; k++) {
        t->p80_known = curve->steps[k].share.survival <= 1.0 - MOST_ARE_THROUGH + 1e-12;
        t->p80 = t->p80_known ? curve->steps[k].time : 0.0;
    }
    if (step != NULL && t->stated) {
        fill_months(curve, step);
    }
    return STRATA_OK;
}

static strata_status time_from_start(const measuring *m, size_t stage, journey_step *step,
                                     strata_error *err)
{
    const journey_paths *p = m->p;
    for (size_t i = 0; i < p->n; i++) {
        if (m->in[i]) {
            add_time(m, &step->from_start, i, p->start[i], p->entered[stage][i]);
        }
    }
    return finish_time(m, &step->from_start, step, err);
}

/* Whoever got to a later stage first was never in this one. */
static strata_status time_onto_next(const measuring *m, size_t stage, journey_step *step,
                                    strata_error *err)
{
    const journey_paths *p = m->p;
    if (stage + 1 == p->n_stages) {
        return STRATA_OK;
    }
    for (size_t i = 0; i < p->n; i++) {
        day from = p->entered[stage][i];
        if (m->in[i] && from != DAY_MISSING && p->reached[stage][i] == from) {
            add_time(m, &step->onto_next, i, from, p->entered[stage + 1][i]);
        }
    }
    return finish_time(m, &step->onto_next, NULL, err);
}

/* --- the funnel --- */

static void count_stage(const measuring *m, size_t stage, journey_step *step)
{
    const journey_paths *p = m->p;
    for (size_t i = 0; i < p->n; i++) {
        if (!m->in[i] || p->entered[stage][i] == DAY_MISSING) {
            continue;
        }
        step->got++;
        step->skipped += p->reached[stage][i] == DAY_MISSING;
        if (p->now[i] != stage) {
            continue;
        }
        if (p->left[i] != DAY_MISSING) {
            step->gone++;
            continue;
        }
        step->here++;
        step->slipped += stage > 0 && p->holds[stage][i] == RULE_NO;
        step->here_minor += m->r->worth != NULL ? m->r->worth[i] : 0;
    }
}

static strata_status make_group(const measuring *m, const char *label, arena *a, journey_group *out,
                                strata_error *err)
{
    size_t n = m->p->n_stages;
    journey_step *steps = ARENA_NEW(a, n, journey_step);
    if (steps == NULL) {
        return no_memory(m, err);
    }
    for (size_t s = 0; s < n; s++) {
        count_stage(m, s, &steps[s]);
        size_t before = steps[s > 0 ? s - 1 : 0].got;
        steps[s].share = share_figure_of(steps[s].got, steps[0].got, m->minimum);
        steps[s].onward = share_figure_of(steps[s].got, before, m->minimum);
        STRATA_TRY(time_from_start(m, s, &steps[s], err));
        STRATA_TRY(time_onto_next(m, s, &steps[s], err));
    }
    *out = (journey_group){.label = label, .followed = steps[0].got, .steps = steps};
    return STRATA_OK;
}

static strata_status make_groups(const measuring *m, const groups *g, arena *a, journey *out,
                                 strata_error *err)
{
    for (size_t i = 0; i < m->p->n; i++) {
        m->in[i] = m->p->start[i] != DAY_MISSING;
    }
    STRATA_TRY(make_group(m, "All", a, &out->all, err));
    if (g == NULL) {
        return STRATA_OK;
    }
    journey_group *all = ARENA_NEW(a, g->n + 1, journey_group);
    if (all == NULL) {
        return no_memory(m, err);
    }
    out->ungrouped = out->all.followed;
    for (size_t k = 0; k < g->n; k++) {
        for (size_t i = 0; i < m->p->n; i++) {
            m->in[i] = m->p->start[i] != DAY_MISSING && g->code[i] == k;
        }
        STRATA_TRY(make_group(m, g->labels[k], a, &all[k], err));
        out->ungrouped -= all[k].followed;
    }
    out->groups = all;
    out->n_groups = g->n;
    out->grouped_by = g->name;
    return STRATA_OK;
}

/* --- who is stuck --- */

static strata_status find_limits(const measuring *m, arena *a, journey *out, strata_error *err)
{
    size_t n = m->p->n_stages;
    int *limit = ARENA_NEW(a, n, int);
    bool *by_model = ARENA_NEW(a, n, bool);
    if (limit == NULL || by_model == NULL) {
        return no_memory(m, err);
    }
    for (size_t s = 0; s + 1 < n; s++) {
        const journey_time *t = &out->all.steps[s].onto_next;
        int expected = m->p->stages[s + 1].expected_days;
        by_model[s] = expected > 0;
        limit[s] = expected > 0 ? expected : t->stated && t->p80_known ? (int)t->p80 : 0;
    }
    out->limit = limit;
    out->limit_by_model = by_model;
    return STRATA_OK;
}

static int by_worth(const void *a, const void *b)
{
    const journey_stuck *x = a;
    const journey_stuck *y = b;
    if (x->worth_minor != y->worth_minor) {
        return x->worth_minor < y->worth_minor ? 1 : -1;
    }
    if (x->days != y->days) {
        return x->days < y->days ? 1 : -1;
    }
    return (x->account > y->account) - (x->account < y->account);
}

static strata_status find_stuck(const measuring *m, arena *a, journey *out, strata_error *err)
{
    const journey_paths *p = m->p;
    journey_stuck *all = ARENA_NEW(a, p->n + 1, journey_stuck);
    if (all == NULL) {
        return no_memory(m, err);
    }
    for (size_t i = 0; i < p->n; i++) {
        size_t stage = p->now[i];
        if (!journey_is_here(p, i) || out->limit[stage] == 0) {
            continue;
        }
        int days = m->r->as_of - p->entered[stage][i];
        if (days > out->limit[stage]) {
            int64_t worth = m->r->worth != NULL ? m->r->worth[i] : 0;
            all[out->n_stuck++] = (journey_stuck){.account = i,
                                                  .stage = stage,
                                                  .since = p->entered[stage][i],
                                                  .days = days,
                                                  .limit = out->limit[stage],
                                                  .by_model = out->limit_by_model[stage],
                                                  .worth_minor = worth};
            out->stuck_minor += worth;
        }
    }
    if (out->n_stuck > 0) {
        qsort(all, out->n_stuck, sizeof *all, by_worth);
    }
    out->stuck = all;
    return STRATA_OK;
}

strata_status journey_make(const context *cx, const journey_request *r, const groups *g, arena *a,
                           journey *out, strata_error *err)
{
    journey made = {.minimum_accounts = r->b->model->quality.minimum_accounts};
    STRATA_TRY(journey_paths_make(cx, r, a, &made.paths, err));
    size_t n = made.paths.n;
    STRATA_CLEANUP(measuring_done)
    measuring m = {.r = r,
                   .p = &made.paths,
                   .minimum = made.minimum_accounts,
                   .in = STRATA_NEW_ARRAY(n, uint8_t),
                   .time = STRATA_NEW_ARRAY(n, double),
                   .event = STRATA_NEW_ARRAY(n, uint8_t)};
    if (m.in == NULL || m.time == NULL || m.event == NULL) {
        return no_memory(&m, err);
    }
    STRATA_TRY(make_groups(&m, g, a, &made, err));
    STRATA_TRY(find_limits(&m, a, &made, err));
    STRATA_TRY(find_stuck(&m, a, &made, err));
    *out = made;
    return STRATA_OK;
}
