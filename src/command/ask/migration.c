/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/migration.h"

#include "command/review.h"
#include "segment/plan.h"

void migration_ask_done(migration_ask *m)
{
    segmentation_free(m->between);
    arr_book_free(m->book);
}

/* --since, else the recorded review before, else the end of the period before. */
static strata_status find_dates(look *l, strata_error *err)
{
    const model_migration *m = &l->bound->model->migration;
    STRATA_TRY(look_dates(l, NULL, err));
    if (l->since == DAY_MISSING) {
        STRATA_TRY(review_before(l->project, l->as_of, l->c->arena, &l->since, err));
    }
    if (l->since == DAY_MISSING && m->has_review) {
        l->since = review_period_before(m->review, l->as_of);
    }
    return STRATA_OK;
}

static strata_status find_moves(look *l, migration_ask *m, strata_error *err)
{
    const day dates[] = {l->view->since, l->as_of};
    STRATA_TRY(movement_make(l->view, m->paths.def, l->c->arena, &m->in.moves, err));
    if (!(m->in.parts & MIGRATION_PART_MOVES)) {
        return STRATA_OK;
    }
    STRATA_TRY(review_segment(l->project, dates, 2, &m->between, err));
    return review_with_record(l->c, l->project, m->between, m->paths.def, dates, &m->in.changes,
                              err);
}

/* Managers, and what was done for accounts; once. */
static strata_status read_store(look *l, migration_ask *m, strata_error *err)
{
    if (m->has_read) {
        return STRATA_OK;
    }
    STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
    STRATA_TRY(store_connect(l->project->store, &l->c->cx, &conn, err));
    STRATA_TRY(csms_load(conn, l->c->arena, &m->csms, err));
    STRATA_TRY(intervention_log_load(conn, l->as_of, l->c->arena, &m->log, err));
    m->has_read = true;
    return STRATA_OK;
}

static strata_status find_pathways(look *l, migration_ask *m, strata_error *err)
{
    bool any = l->bound->model->migration.n_pathways > 0;
    STRATA_TRY(read_store(l, m, err));
    if (any && l->view->has_arr) {
        STRATA_TRY(
            arr_book_load(&l->c->cx, l->project->portfolio->ledgers, l->as_of, &m->book, err));
    }
    const pathway_request r = {.v = l->view,
                               .paths = &m->paths,
                               .candidates = &m->candidates,
                               .log = &m->log,
                               .book = m->book,
                               .csms = &m->csms};
    return migration_pathways_measure(&l->c->cx, &r, l->c->arena, &m->in.pathways, err);
}

/* How segments are looked after, where the model says or the data propose it. */
static strata_status find_engagement(look *l, migration_ask *m, const engagement **out,
                                     strata_error *err)
{
    strata_error why = {0};
    strata_status st = engagement_resolve(l->view, &m->csms, l->c->arena, &m->engagement, &why);
    *out = st == STRATA_OK ? &m->engagement : NULL;
    return st == STRATA_OK || st == STRATA_E_MODEL || st == STRATA_E_DATA
               ? STRATA_OK
               : strata_fail(err, st, "%s", why.message);
}

strata_status migration_ask_tiers(look *l, migration_ask *m, tier_change_request *out,
                                  strata_error *err)
{
    arena *a = l->c->arena;
    tier_change_request r = {.v = l->view,
                             .paths = &m->paths,
                             .candidates = &m->candidates,
                             .held = m->candidates.held,
                             .changes = m->in.changes,
                             .csms = &m->csms};
    STRATA_TRY(read_store(l, m, err));
    STRATA_TRY(find_engagement(l, m, &r.engagement, err));
    STRATA_TRY(csms_of_accounts(l->project->portfolio, &m->csms, a, &r.csm_of, err));
    *out = r;
    return STRATA_OK;
}

static strata_status compute(look *l, migration_ask *m, strata_error *err)
{
    const context *cx = &l->c->cx;
    arena *a = l->c->arena;
    migration_input *in = &m->in;
    STRATA_TRY(migration_paths_follow(cx, l->view, a, &m->paths, err));
    STRATA_TRY(find_moves(l, m, err));
    STRATA_TRY(migration_candidates_find(cx, l->view, &m->paths, a, &m->candidates, err));
    if (in->parts & MIGRATION_PART_CANDIDATES) {
        STRATA_TRY(migration_hits_count(cx, l->view, &m->paths, a, &m->hits, err));
    }
    if (in->parts & MIGRATION_PART_FORECAST) {
        STRATA_TRY(migration_forecast(cx, &m->paths, a, &m->mix, err));
    }
    if (in->parts & MIGRATION_PART_PATHWAYS) {
        STRATA_TRY(find_pathways(l, m, err));
    }
    STRATA_TRY(migration_goals(l->view, &m->paths, a, &in->goals, err));
    return migration_stays(&m->paths, a, &in->stays, err);
}

strata_status migration_ask_open(look *l, unsigned parts, migration_ask *m, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(find_dates(l, err));
    STRATA_TRY(migration_slots(l->bound, l->c->arena, &slots, &n, err));
    STRATA_TRY(look_view(l, slots, n, err));
    m->in = (migration_input){.v = l->view,
                              .a = l->c->arena,
                              .paths = &m->paths,
                              .candidates = &m->candidates,
                              .hits = &m->hits,
                              .mix = &m->mix,
                              .parts = parts};
    STRATA_TRY(compute(l, m, err));
    l->def = m->paths.def;
    return STRATA_OK;
}
