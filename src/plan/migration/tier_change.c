/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/migration/tier_change.h"

enum { TOLD_BEFORE = 14, MONTH = 30, QUARTER = 90 };

static day working_day_before(day d)
{
    do {
        d--;
    } while (day_is_weekend(d));
    return d;
}

tier_dates tier_dates_of(day as_of, int notice_days)
{
    tier_dates t = {.decide = day_monday_from(as_of + 1),
                    .effective = day_monday_from(as_of + notice_days)};
    t.effective = t.effective < t.decide ? t.decide : t.effective;
    day two_weeks = t.effective - TOLD_BEFORE;
    t.tell = two_weeks > t.decide ? two_weeks : t.decide;
    day before = working_day_before(t.tell);
    t.announce = before > t.decide ? before : t.decide;
    t.first_month = day_working_from(t.effective + MONTH);
    t.first_quarter = day_working_from(t.effective + QUARTER);
    return t;
}

static tier_change change_for(const tier_change_request *r, uint32_t account, size_t from,
                              size_t to)
{
    const engagement *e = r->engagement;
    bool says = e != NULL && e->def == r->paths->def;
    int32_t csm = r->csm_of[account];
    const manager *m = csm >= 0 ? &r->csms->items[csm] : NULL;
    return (tier_change){.account = account,
                         .from = from,
                         .to = to,
                         .up = migration_is_up(r->paths, from, to),
                         .held = r->held[account],
                         .dates =
                             tier_dates_of(r->v->as_of, r->v->b->model->tier_change.notice_days),
                         .now = says ? &e->segments[from] : NULL,
                         .then = says ? &e->segments[to] : NULL,
                         .csm = m == NULL         ? NULL
                                : m->name != NULL ? m->name
                                                  : m->id};
}

tier_change tier_change_of(const tier_change_request *r, const migration_candidate *c)
{
    tier_change t = change_for(r, c->account, c->from, c->to);
    t.clause = c->clause;
    t.said = c->said;
    t.held_said = c->held_said;
    return t;
}

bool tier_change_find(const tier_change_request *r, uint32_t account, tier_change *out)
{
    for (size_t i = 0; i < r->candidates->n; i++) {
        if (r->candidates->items[i].account == account) {
            *out = tier_change_of(r, &r->candidates->items[i]);
            return true;
        }
    }
    for (size_t i = 0; i < r->changes.n; i++) {
        const membership_change *c = &r->changes.items[i];
        bool between = c->from < r->paths->n_segments && c->to < r->paths->n_segments;
        if (c->account == account && between && c->from != c->to) {
            *out = change_for(r, account, c->from, c->to);
            out->happened = true;
            out->clause = c->clause;
            out->said = c->said;
            return true;
        }
    }
    return false;
}
