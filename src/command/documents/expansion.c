/* SPDX-License-Identifier: Apache-2.0 */
#include "command/documents/kinds.h"
#include "report/plan/expansion_brief.h"

/* What the project's own model gives: its segments, and the hours its managers have. */
typedef struct own_side {
    csm_list csms;
    const int32_t *csm;
    const growth_people *people;
    engagement e;
    workload w;
    capacity capacity;
    const char *why; /* no hours: the reason */
} own_side;

static strata_status add_up(const look *l, own_side *own, strata_error *err)
{
    arena *a = l->c->arena;
    strata_error why = {0};
    strata_status st = engagement_resolve(l->view, &own->csms, a, &own->e, &why);
    st = st == STRATA_OK ? workload_compute(l->view, &own->e, &own->csms, a, &own->w, &why) : st;
    if (st == STRATA_E_MODEL || st == STRATA_E_DATA) {
        own->why = arena_strdup(a, why.message);
        return own->why != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (st != STRATA_OK) {
        return strata_fail(err, st, "%s", why.message);
    }
    return capacity_add_up(l->view, &own->e, &own->csms, &own->w, a, &own->capacity, err);
}

static strata_status open_own(look *l, own_side *own, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(workload_slots(l->project->portfolio, l->c->arena, &slots, &n, err));
    STRATA_TRY(look_view(l, slots, n, err));
    {
        STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
        STRATA_TRY(store_connect(l->project->store, &l->c->cx, &conn, err));
        STRATA_TRY(csms_load(conn, l->c->arena, &own->csms, err));
        STRATA_TRY(growth_people_read(conn, l->project->portfolio, l->as_of, l->c->arena,
                                      &own->people, err));
    }
    STRATA_TRY(csms_of_accounts(l->project->portfolio, &own->csms, l->c->arena, &own->csm, err));
    own->why = own->csms.n == 0 ? "nobody's hours are known; add a source `csms`" : NULL;
    return own->why == NULL ? add_up(l, own, err) : STRATA_OK;
}

/* The project is the first look's: only the second one's own parts are let go. */
static void borrowed_done(look *g)
{
    g->project = NULL;
    look_done(g);
}

static strata_status rank(look *g, growth *found, growth_trial *trial, strata_error *err)
{
    growth_model m = {0};
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(look_approach(g, "expansion", err));
    STRATA_TRY(growth_model_find(g->bound, &m, err));
    STRATA_TRY(growth_slots(&m, g->c->arena, &slots, &n, err));
    STRATA_TRY(look_view(g, slots, n, err));
    STRATA_TRY(growth_rank(g->view, &m, g->c->arena, found, err));
    return growth_try(&g->c->cx, g->view, &m, g->c->arena, trial, err);
}

strata_status tell_expansion(look *l, size_t most, document **out, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    arena *a = l->c->arena;
    own_side own = {0};
    growth found = {0};
    growth_trial trial = {0};
    growth_sequence sequence = {0};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(open_own(l, &own, err));
    STRATA_CLEANUP(borrowed_done)
    look g = {.c = l->c,
              .project = l->project,
              .bound = l->project->bound,
              .overrides = &l->project->overrides,
              .def = l->def,
              .as_of = l->as_of,
              .since = l->since};
    STRATA_TRY(rank(&g, &found, &trial, err));
    expansion_brief_input in = {.growth = {.v = g.view,
                                           .growth = &found,
                                           .trial = &trial,
                                           .limit = most,
                                           .own = l->project->model,
                                           .csms = &own.csms,
                                           .csm = own.csm,
                                           .people = own.people},
                                .own = l->view,
                                .by = l->def,
                                .csms = &own.csms,
                                .csm = own.csm,
                                .no_sequence = own.why};
    STRATA_TRY(growth_rooms(l->view, l->def, g.view, &found, a, &in.rooms, err));
    if (own.why == NULL) {
        const growth_hands hands = {.v = g.view,
                                    .growth = &found,
                                    .engagement = &own.e,
                                    .capacity = &own.capacity,
                                    .csm = own.csm};
        STRATA_TRY(growth_sequence_make(&hands, a, &sequence, err));
        in.sequence = &sequence;
    }
    report_growth_title(&title, &in.growth);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(l, "expansion brief", strbuf_text(&title), &d, err));
    STRATA_TRY(report_expansion_brief(d, &in, err));
    if (found.n_ready > 0) {
        doc_next_step(d,
                      arena_printf(a, "strata brief %s", l->view->p->ids[found.ready[0].account]));
    }
    doc_next_step(d, "strata capacity");
    *out = strata_steal(&d);
    return STRATA_OK;
}
