/* SPDX-License-Identifier: Apache-2.0 */
/* How long accounts stay in a segment, and whether goals of moving are met. */
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "plan/migration/migration.h"

enum { YEAR = 12 };

/* --- goals --- */

static goal_verdict judge(const migration_goal *g)
{
    if (g->accounts == 0) {
        return GOAL_NOBODY;
    }
    return g->low >= g->goal->share ? GOAL_MET : g->high < g->goal->share ? GOAL_MISSED : GOAL_OPEN;
}

static void count_goal(const migration_paths *p, migration_goal *g)
{
    size_t last = p->n_dates - 1;
    size_t first = last > YEAR ? last - YEAR : 0;
    size_t months = 0; /* spent in `from` */
    for (size_t i = 0; i < p->n_accounts; i++) {
        size_t before = months;
        for (size_t d = first; d < last; d++) {
            if (migration_state(p, d, i) == g->from) {
                size_t next = migration_state(p, d + 1, i);
                months++;
                g->moves += next < p->n_segments && next != g->from &&
                            migration_reaches(p, g->from, g->to, next);
            }
        }
        g->accounts += months > before;
    }
    g->months = last - first;
    g->exposure = (double)months / g->goal->months;
    if (months > 0) {
        interval within = poisson_interval(g->moves);
        g->rate = (double)g->moves / g->exposure;
        g->low = within.low / g->exposure;
        g->high = within.high / g->exposure;
    }
    g->wanted = g->goal->share * g->exposure;
}

strata_status migration_goals(const view *v, const migration_paths *p, arena *a,
                              const migration_goal **out, strata_error *err)
{
    const model_migration *m = &v->b->model->migration;
    migration_goal *goals = ARENA_NEW(a, m->n_goals + 1, migration_goal);
    if (goals == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for goals");
    }
    for (size_t k = 0; k < m->n_goals; k++) {
        migration_goal *g = &goals[k];
        g->goal = &m->goals[k];
        g->from = bound_segment(p->def, g->goal->from);
        g->to = bound_segment(p->def, g->goal->to);
        if (g->from != SIZE_MAX && g->to != SIZE_MAX) {
            count_goal(p, g);
        }
        g->verdict = judge(g);
    }
    *out = goals;
    return STRATA_OK;
}

/* --- stays --- */

/* One stay: from the first date in the segment to the first date elsewhere, or the last. */
typedef struct stay {
    size_t segment, begin, end;
    size_t next; /* where to; the segment itself: still there */
} stay;

/* The stay that begins at `date`, which is not the first date. */
static stay stay_from(const migration_paths *p, size_t account, size_t date)
{
    stay s = {.segment = migration_state(p, date, account), .begin = date, .end = date};
    s.next = s.segment;
    while (s.end + 1 < p->n_dates && s.next == s.segment) {
        s.end++;
        s.next = migration_state(p, s.end, account);
    }
    return s;
}

typedef struct lifetimes {
    double *time;
    uint8_t *event;
    size_t n;
} lifetimes;

static void lifetimes_done(lifetimes *l)
{
    free(l->time);
    free(l->event);
}

/* Stays in one segment of all accounts. */
static void collect(const migration_paths *p, size_t segment, migration_stay *out, lifetimes *l)
{
    for (size_t i = 0; i < p->n_accounts; i++) {
        for (size_t d = 1; d < p->n_dates; d++) {
            if (migration_state(p, d, i) != segment || migration_state(p, d - 1, i) == segment) {
                continue;
            }
            stay s = stay_from(p, i, d);
            bool moved = s.next != segment && s.next < p->n_segments;
            if (l->time != NULL) {
                l->time[l->n] = (double)(s.end - s.begin);
                l->event[l->n] = moved;
            }
            l->n++;
            out->stays++;
            out->moves += moved;
            out->up += moved && migration_is_up(p, segment, s.next);
            out->down += moved && migration_is_down(p, segment, s.next);
        }
    }
}

static strata_status measure(const migration_paths *p, size_t segment, migration_stay *out,
                             strata_error *err)
{
    STRATA_CLEANUP(lifetimes_done) lifetimes l = {0};
    STRATA_AUTO(km_curve_free) km_curve *curve = NULL;
    collect(p, segment, out, &l);
    l.time = STRATA_NEW_ARRAY(l.n + 1, double);
    l.event = STRATA_NEW_ARRAY(l.n + 1, uint8_t);
    if (l.time == NULL || l.event == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu stays", l.n);
    }
    *out = (migration_stay){0};
    l.n = 0;
    collect(p, segment, out, &l);
    const follow_up life = {.n = l.n, .time = l.time, .event = l.event};
    STRATA_TRY(km_curve_new(&life, &curve, err));
    out->median = km_median_of(curve);
    out->year = km_survival_at(curve, YEAR);
    return STRATA_OK;
}

strata_status migration_stays(const migration_paths *p, arena *a, const migration_stay **out,
                              strata_error *err)
{
    migration_stay *stays = ARENA_NEW(a, p->n_segments + 1, migration_stay);
    if (stays == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for stays");
    }
    for (size_t s = 0; s < p->n_segments; s++) {
        STRATA_TRY(measure(p, s, &stays[s], err));
    }
    *out = stays;
    return STRATA_OK;
}
