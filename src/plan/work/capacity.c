/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/work/capacity.h"

#include <math.h>

double capacity_people(const capacity *c, int64_t minutes)
{
    return c->person > 0 ? (double)minutes / (double)c->person : (double)NAN;
}

static void add_account(work_sum *sum, const view *v, const workload *w, size_t i)
{
    sum->n_accounts++;
    sum->n_nobody += w->csm[i] == CSM_NOBODY;
    sum->n_unknown += w->csm[i] == CSM_UNKNOWN;
    sum->value_minor += view_value_minor(v, i);
    sum->total += w->total[i];
    for (size_t k = 0; k < WORK_KINDS; k++) {
        sum->minutes[k] += w->minutes[k][i];
    }
}

static work_sum *book_of(capacity *c, work_sum *by_csm, int32_t csm)
{
    if (csm >= 0) {
        return &by_csm[csm];
    }
    return csm == CSM_NOBODY ? &c->nobody : &c->unknown;
}

static void count_hours(capacity *c, const engagement *e, const csm_list *csms, int64_t *available)
{
    size_t n_with = 0;
    for (size_t i = 0; i < csms->n; i++) {
        available[i] = csm_minutes_a_year(&csms->items[i], e->month_hours);
        bool assumed = isnan(csms->items[i].capacity_hours);
        c->n_unsaid += available[i] < 0;
        c->n_assumed += assumed && available[i] >= 0;
        c->available_total += available[i] > 0 ? available[i] : 0;
        n_with += available[i] > 0;
    }
    const manager typical = {.capacity_hours = NAN};
    c->person = n_with > 0 ? c->available_total / (int64_t)n_with
                           : csm_minutes_a_year(&typical, e->month_hours);
}

/* People of a segment: of each manager, the segment's share of the book. */
static void put_ratios(const capacity *c, const workload *w, double *people, segment_ratio *ratios)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->codes[i] < SEGMENTS_MAX && w->csm[i] >= 0 && c->by_csm[w->csm[i]].total > 0) {
            people[w->codes[i]] += (double)w->total[i] / (double)c->by_csm[w->csm[i]].total;
        }
    }
    for (size_t s = 0; s < c->n_segments; s++) {
        const work_sum *sum = &c->by_segment[s];
        double booked = (double)(sum->n_accounts - sum->n_nobody - sum->n_unknown);
        double busy = capacity_people(c, sum->total);
        ratios[s].by_hours = busy > 0.0 ? (double)sum->n_accounts / busy : (double)NAN;
        ratios[s].actual = people[s] > 0.0 ? booked / people[s] : (double)NAN;
    }
}

strata_status capacity_add_up(const view *v, const engagement *e, const csm_list *csms,
                              const workload *w, arena *a, capacity *out, strata_error *err)
{
    capacity c = {.n_segments = e->n_segments, .n_csms = csms->n};
    work_sum *by_segment = ARENA_NEW(a, c.n_segments + 1, work_sum);
    work_sum *by_csm = ARENA_NEW(a, c.n_csms + 1, work_sum);
    int64_t *available = ARENA_NEW(a, c.n_csms + 1, int64_t);
    double *people = ARENA_NEW(a, c.n_segments + 1, double);
    segment_ratio *ratios = ARENA_NEW(a, c.n_segments + 1, segment_ratio);
    if (by_segment == NULL || by_csm == NULL || available == NULL || people == NULL ||
        ratios == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory adding up the hours");
    }
    for (size_t i = 0; i < w->n; i++) {
        if (w->codes[i] < SEGMENTS_MAX) {
            add_account(&by_segment[w->codes[i]], v, w, i);
            add_account(book_of(&c, by_csm, w->csm[i]), v, w, i);
            add_account(&c.all, v, w, i);
        }
    }
    c.by_segment = by_segment;
    c.by_csm = by_csm;
    c.available = available;
    c.ratios = ratios;
    count_hours(&c, e, csms, available);
    put_ratios(&c, w, people, ratios);
    *out = c;
    return STRATA_OK;
}
