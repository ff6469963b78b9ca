/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/strategy.h"

#include <string.h>

#include "command/ask/territories.h"
#include "persona/names_read.h"
#include "plan/effect/plan.h"
#include "plan/migration/migration.h"

typedef struct slot_list {
    size_t *items;
    size_t n;
} slot_list;

static strata_status add_slots(arena *a, slot_list *all, const size_t *slots, size_t n,
                               strata_error *err)
{
    size_t *items = ARENA_NEW(a, all->n + n + 1, size_t);
    if (items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (all->n > 0) {
        memcpy(items, all->items, all->n * sizeof *items);
    }
    if (n > 0) {
        memcpy(items + all->n, slots, n * sizeof *items);
    }
    *all = (slot_list){items, all->n + n};
    return STRATA_OK;
}

static strata_status open_view(look *l, strata_error *err)
{
    const portfolio *p = l->project->portfolio;
    arena *a = l->c->arena;
    slot_list all = {0};
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(study_slots(p, l->bound, a, &slots, &n, err));
    STRATA_TRY(add_slots(a, &all, slots, n, err));
    STRATA_TRY(workload_slots(p, a, &slots, &n, err));
    STRATA_TRY(add_slots(a, &all, slots, n, err));
    STRATA_TRY(effect_plan_slots(p, l->bound, a, &slots, &n, err));
    STRATA_TRY(add_slots(a, &all, slots, n, err));
    STRATA_TRY(offer_slots(p, l->bound, a, &slots, &n, err));
    STRATA_TRY(add_slots(a, &all, slots, n, err));
    STRATA_TRY(territory_slots(p, a, &slots, &n, err));
    STRATA_TRY(add_slots(a, &all, slots, n, err));
    STRATA_TRY(migration_slots(l->bound, a, &slots, &n, err));
    STRATA_TRY(add_slots(a, &all, slots, n, err));
    static const size_t interventions = FEATURE_INTERVENTIONS_90D;
    bool recorded = p->symbols[interventions].missing_because == NULL;
    STRATA_TRY(add_slots(a, &all, &interventions, recorded ? 1 : 0, err));
    return look_view(l, all.items, all.n, err);
}

static strata_status add_work(look *l, strategy *s, strata_error *err)
{
    const context *cx = &l->c->cx;
    const view *v = l->view;
    arena *a = l->c->arena;
    STRATA_TRY(workload_compute(v, &s->engagement, &s->csms, a, &s->work, err));
    STRATA_TRY(capacity_add_up(v, &s->engagement, &s->csms, &s->work, a, &s->capacity, err));
    STRATA_TRY(stakes_compute(cx, v, &s->engagement, a, &s->stakes, err));
    STRATA_TRY(coverage_compute(v, &s->engagement, &s->work, &s->stakes, a, &s->coverage, err));
    s->effect = touch_effect_find(v, &s->engagement, &s->stakes);
    s->growth = touch_growth_find(v, &s->engagement, &s->stakes);
    bool known = s->effect.source != EFFECT_NONE || s->growth.source != EFFECT_NONE;
    if (!known || !s->stakes.known || s->capacity.available_total <= 0) {
        return STRATA_OK;
    }
    split *best = ARENA_NEW(a, 1, split);
    if (best == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    const split_input in = {.e = &s->engagement,
                            .w = &s->work,
                            .s = &s->stakes,
                            .effect = &s->effect,
                            .growth = &s->growth,
                            .minutes = s->capacity.available_total};
    STRATA_TRY(split_best(cx, &in, a, best, err));
    s->split = best;
    return STRATA_OK;
}

static strata_status make_strategy(look *l, strategy *out, strata_error *err)
{
    strategy s = {.view = l->view};
    strata_error why = {0};
    STRATA_TRY(csms_load(store_main(l->project->store), l->c->arena, &s.csms, err));
    strata_status st = engagement_resolve(l->view, &s.csms, l->c->arena, &s.engagement, &why);
    if (st == STRATA_E_MODEL || st == STRATA_E_DATA) {
        s.no_work = arena_strdup(l->c->arena, why.message);
        *out = s;
        return s.no_work != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (st != STRATA_OK) {
        return strata_fail(err, st, "%s", why.message);
    }
    STRATA_TRY(add_work(l, &s, err));
    *out = s;
    return STRATA_OK;
}

strata_status strategy_open(look *l, strategy *out, strata_error *err)
{
    STRATA_TRY(open_view(l, err));
    STRATA_TRY(study_new(&l->c->cx, l->view, STUDY_ALL, &l->study, err));
    return make_strategy(l, out, err);
}

strata_status strategy_beside(look *l, view **own, strategy *out, strata_error *err)
{
    view *kept = l->view;
    bool changes = l->changes;
    l->view = NULL;
    l->changes = false;
    strata_status st = open_view(l, err);
    st = st == STRATA_OK ? make_strategy(l, out, err) : st;
    *own = l->view;
    l->view = kept;
    l->changes = changes;
    return st;
}

strata_status offer_ask(look *l, const strategy *s, int months, const profile *p, offer *out,
                        strata_error *err)
{
    VOICE_CORPORA_AUTO voice_corpora said = {0};
    HIDDEN_NAMES_AUTO hidden_names names = {0};
    voice heard = {0};
    leans use = {0};
    arena *a = l->c->arena;
    store_conn *conn = store_main(l->project->store);
    const segment_code *codes = study_codes_now(l->study, p->def);
    size_t n = p->def->n_segments;
    STRATA_TRY(names_read(conn, l->project->portfolio, l->view->as_of, &names, err));
    STRATA_TRY(voice_read(l->study, conn, day_add_months(l->view->as_of, -months) + 1, &names,
                          &said, err));
    STRATA_TRY(voice_compare(l->study, &said, codes, n, a, &heard, err));
    STRATA_TRY(leans_make(l->study, conn, codes, n, a, &use, err));
    bool work = s->no_work == NULL;
    const offer_input in = {.study = l->study,
                            .profile = p,
                            .conn = conn,
                            .said = &said,
                            .voice = &heard,
                            .leans = &use,
                            .months = months,
                            .e = work ? &s->engagement : NULL,
                            .w = work ? &s->work : NULL,
                            .s = work ? &s->stakes : NULL,
                            .c = work ? &s->coverage : NULL,
                            .no_service = s->no_work};
    return offer_make(&in, a, out, err);
}

strata_status books_ask(look *l, const strategy *s, territory_request *request,
                        const territory **out, const char **why_not, strata_error *err)
{
    arena *a = l->c->arena;
    strata_error why = {0};
    territory *t = ARENA_NEW(a, 1, territory);
    if (t == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    const territory_ground ground = {
        .v = l->view, .w = &s->work, .csms = &s->csms, .month_hours = s->engagement.month_hours};
    territories_usual(l, request);
    strata_status st = territory_managers(&s->csms, &why);
    if (st == STRATA_OK) {
        st = territory_plan(&l->c->cx, &ground, request, a, t, &why);
    }
    if (st != STRATA_OK && st != STRATA_E_DATA) {
        return strata_fail(err, st, "%s", why.message);
    }
    if (st == STRATA_OK && t->conflict == NULL) {
        *out = t;
        return STRATA_OK;
    }
    *why_not = st == STRATA_OK ? t->conflict : arena_strdup(a, why.message);
    return *why_not != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}
