/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/migration/pathways.h"

#include <math.h>
#include <string.h>

#include "panel/dates.h"

double migration_hour_cost(const model *m, const csm_list *csms)
{
    return isnan(m->migration.cost_per_hour) ? csms_hour_cost(csms)
                                             : m->migration.cost_per_hour * 100.0;
}

static void count_now(const pathway_request *r, const uint8_t *trigger, migration_pathway *p)
{
    size_t today = r->paths->n_dates - 1;
    for (size_t i = 0; i < r->paths->n_accounts; i++) {
        if (trigger[i] == RULE_YES && migration_state(r->paths, today, i) == p->from) {
            p->n_now++;
            p->value_minor += view_value_minor(r->v, i);
        }
    }
}

/* Where the account was on the last of the dates before day d; n_segments: nowhere. */
static size_t state_before(const migration_paths *p, uint32_t account, day d)
{
    size_t date = p->n_dates;
    while (date > 0 && p->dates[date - 1] >= d) {
        date--;
    }
    return date > 0 ? migration_state(p, date - 1, account) : p->n_segments;
}

/* Accounts that had it while in the segment, in 12 months, each once; the mean of its minutes. */
static void count_done(const pathway_request *r, const uint8_t *measure, migration_pathway *p)
{
    day from = months_before(r->v->as_of, 12);
    double minutes = 0.0;
    size_t n_minutes = 0;
    uint32_t last = UINT32_MAX;
    for (size_t k = 0; k < r->log->n; k++) {
        const logged_intervention *x = &r->log->items[k];
        bool other = strcmp(r->log->names[x->name], p->path->intervention) != 0;
        if (other || x->day <= from || x->day > r->v->as_of ||
            state_before(r->paths, x->account, x->day) != p->from) {
            continue;
        }
        minutes += isnan(x->minutes) ? 0.0 : x->minutes;
        n_minutes += isnan(x->minutes) ? 0 : 1;
        if (x->account != last) {
            bool judged = p->path->measure.text != NULL && measure[x->account] != RULE_UNKNOWN;
            p->n_12m++;
            p->n_measured += judged;
            p->n_met += judged && measure[x->account] == RULE_YES;
            last = x->account;
        }
    }
    if (isnan(p->minutes) && n_minutes > 0) {
        p->minutes = minutes / (double)n_minutes;
    }
}

static void put_return(const pathway_request *r, migration_pathway *p)
{
    double hour = migration_hour_cost(r->v->b->model, r->csms);
    double work = isnan(p->minutes) ? (double)NAN : p->minutes / MINUTES_PER_HOUR * hour;
    double money = isnan(p->path->cost) ? 0.0 : p->path->cost * 100.0;
    p->cost = work + money;
    p->back = p->back_low = p->back_high = NAN;
    if (p->effect == NULL || p->horizon == EFFECT_HORIZONS || !(p->cost > 0.0)) {
        return;
    }
    const effect_after *after = &p->effect->after[p->horizon];
    double spent = p->cost * (double)after->n_matched;
    if (after->of[OUTCOME_ARR].defined && spent > 0.0) {
        p->back = after->arr / spent;
        p->back_low = after->arr_low / spent;
        p->back_high = after->arr_high / spent;
    }
}

/* Those of accounts in the segment of pathway k; found once for each segment. */
static strata_status find_effects(const context *cx, const pathway_request *r,
                                  const effect_ground *g, arena *a, migration_pathway *all,
                                  size_t k, strata_error *err)
{
    for (size_t i = 0; i < k; i++) {
        if (all[i].from == all[k].from) {
            all[k].effects = all[i].effects;
            return STRATA_OK;
        }
    }
    intervention_effects *found = ARENA_NEW(a, 1, intervention_effects);
    if (found == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for pathways");
    }
    all[k].effects = found;
    return intervention_effects_of(cx, g, r->book, (segment_code)all[k].from, a, found, err);
}

/* What is known of all accounts is looked at once, for whatever segment. */
static strata_status look_at_accounts(const context *cx, const pathway_request *r, arena *a,
                                      effect_ground *out, strata_error *err)
{
    const effect_panel_request q = {.p = r->v->p,
                                    .b = r->v->b,
                                    .overrides = r->v->overrides,
                                    .log = r->log,
                                    .dimension = r->paths->def,
                                    .as_of = r->v->as_of};
    return effect_ground_make(cx, &q, a, out, err);
}

static void pick_effect(migration_pathway *p)
{
    for (size_t i = 1; p->effects != NULL && i < p->effects->n; i++) {
        const intervention_effect *x = &p->effects->items[i];
        p->effect = strcmp(x->name, p->path->intervention) == 0 ? x : p->effect;
    }
    for (size_t h = 0; p->effect != NULL && h < EFFECT_HORIZONS; h++) {
        p->horizon = p->effect->after[h].stated ? h : p->horizon;
    }
}

strata_status migration_pathways_measure(const context *cx, const pathway_request *r, arena *a,
                                         const migration_pathway **out, strata_error *err)
{
    const model_migration *m = &r->v->b->model->migration;
    const bound_migration *b = &r->v->b->migration;
    migration_pathway *all = ARENA_NEW(a, m->n_pathways + 1, migration_pathway);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for pathways");
    }
    effect_ground ground = {0};
    if (m->n_pathways > 0 && r->book != NULL) {
        STRATA_TRY(look_at_accounts(cx, r, a, &ground, err));
    }
    for (size_t k = 0; k < m->n_pathways; k++) {
        migration_pathway *p = &all[k];
        *p = (migration_pathway){.path = &m->pathways[k],
                                 .from = bound_segment(r->paths->def, m->pathways[k].from),
                                 .to = bound_segment(r->paths->def, m->pathways[k].to),
                                 .lacks = migration_rule_lacks(r->v->b, b->triggers[k]),
                                 .horizon = EFFECT_HORIZONS,
                                 .minutes = m->pathways[k].minutes};
        count_now(r, r->candidates->triggers[k], p);
        count_done(r, r->candidates->measures[k], p);
        if (r->book != NULL && p->from != SIZE_MAX) {
            STRATA_TRY(find_effects(cx, r, &ground, a, all, k, err));
            pick_effect(p);
        }
        put_return(r, p);
    }
    *out = all;
    return STRATA_OK;
}
