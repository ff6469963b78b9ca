/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/growth/sequence.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for the sequence of growth");
}

/* --- room --- */

static void add_room(segment_room *r, const view *own, size_t i, double gap, bool ready)
{
    int64_t room = gap > 0.0 ? money_minor(gap) : 0;
    r->accounts++;
    r->known += isnan(gap) ? 0 : 1;
    r->value_minor += view_value_minor(own, i);
    r->room_minor += room;
    r->ready += ready;
    r->ready_room_minor += ready ? room : 0;
}

strata_status growth_rooms(const view *own, const bound_def *by, const view *g_view,
                           const growth *g, arena *a, const segment_room **out, strata_error *err)
{
    segment_room *rooms = ARENA_NEW(a, by->n_segments + 1, segment_room);
    const segment_code *codes = segmentation_codes(own->s, by, own->now_at);
    const segment_code *tiers = segmentation_codes(g_view->s, g->model.tier, g_view->now_at);
    const double *gap = g->model.gap_slot != SIZE_MAX
                            ? segmentation_column(g_view->s, g->model.gap_slot).num
                            : NULL;
    if (rooms == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < own->p->n_accounts; i++) {
        if (codes[i] < by->n_segments) {
            double x = gap != NULL ? gap[i] : (double)NAN;
            bool ready = tiers[i] == g->model.ready;
            add_room(&rooms[codes[i]], own, i, x, ready);
            add_room(&rooms[by->n_segments], own, i, x, ready);
        }
    }
    *out = rooms;
    return STRATA_OK;
}

/* --- when --- */

static int64_t minutes_of(double hours)
{
    return (int64_t)llround(hours * MINUTES_PER_HOUR);
}

/* Minutes a month that each manager has left; 0 or less: none; -1: nobody says. */
static int64_t *free_a_month(const capacity *c, arena *a, growth_sequence *out)
{
    int64_t *left = ARENA_NEW(a, c->n_csms + 1, int64_t);
    for (size_t m = 0; left != NULL && m < c->n_csms; m++) {
        int64_t year = c->available[m] - c->by_csm[m].total;
        left[m] = c->available[m] < 0 ? -1 : year > 0 ? year / MONTHS_PER_YEAR : 0;
        out->free_minutes += c->available[m] >= 0 && year > 0 ? year : 0;
        out->n_managers_free += left[m] > 0;
    }
    return left;
}

/* The account's cost goes behind what the manager has promised already; it begins in the month
 * whose hours cover the end of it. */
static sequence_slot place(int64_t a_month, int64_t *promised, int64_t cost)
{
    if (a_month < 0) {
        return (sequence_slot){SEQUENCE_NOBODY, 0};
    }
    if (a_month == 0) {
        return (sequence_slot){SEQUENCE_NONE, 0};
    }
    *promised += cost;
    int64_t month = (*promised + a_month - 1) / a_month;
    return month <= SEQUENCE_MONTHS ? (sequence_slot){SEQUENCE_MONTH, month < 1 ? 1 : (int)month}
                                    : (sequence_slot){SEQUENCE_LATER, 0};
}

/* The lead called "Sales"; SEGMENT_ABSENT: there is none. */
static segment_code sales_lead(const growth_model *m)
{
    for (size_t k = 0; m->lead != NULL && k < m->lead->n_segments; k++) {
        if (strcmp(m->lead->keys[k], "Sales") == 0) {
            return (segment_code)k;
        }
    }
    return SEGMENT_ABSENT;
}

strata_status growth_sequence_make(const growth_hands *in, arena *a, growth_sequence *out,
                                   strata_error *err)
{
    const growth *g = in->growth;
    const engagement *e = in->engagement;
    const capacity *c = in->capacity;
    const int32_t *csm = in->csm;
    growth_sequence s = {.talk_minutes =
                             minutes_of(e->hours[WORK_REVIEW] + 2.0 * e->hours[WORK_TOUCHPOINT]),
                         .door_minutes = minutes_of(e->hours[WORK_TOUCHPOINT])};
    const segment_code *leads =
        g->model.lead != NULL ? segmentation_codes(in->v->s, g->model.lead, in->v->now_at) : NULL;
    const segment_code sales = sales_lead(&g->model);
    sequence_slot *slots = ARENA_NEW(a, g->n_ready + 1, sequence_slot);
    int64_t *left = free_a_month(c, a, &s);
    STRATA_AUTO_FREE int64_t *promised = STRATA_NEW_ARRAY(c->n_csms + 1, int64_t);
    if (slots == NULL || left == NULL || promised == NULL) {
        return no_memory(err);
    }
    for (size_t k = 0; k < g->n_ready; k++) {
        uint32_t i = g->ready[k].account;
        bool by_sales = leads != NULL && sales != SEGMENT_ABSENT && leads[i] == sales;
        int64_t cost = by_sales ? s.door_minutes : s.talk_minutes;
        slots[k] = csm[i] >= 0 ? place(left[csm[i]], &promised[csm[i]], cost)
                               : (sequence_slot){SEQUENCE_NOBODY, 0};
    }
    s.slots = slots;
    *out = s;
    return STRATA_OK;
}
