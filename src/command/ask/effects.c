/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/effects.h"

void effects_ask_done(effects_ask *e)
{
    arr_book_free(e->book);
}

static const bound_def *ladder_of(const bound_model *b)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        const bound_def *def = &b->defs[i];
        if (def->kind == DEF_DIMENSION && b->model->dimensions[def->index].ordered &&
            b->model->dimensions[def->index].kind == DIMENSION_TIERS) {
            return def;
        }
    }
    return NULL;
}

static strata_status load_log(look *l, effects_ask *e, strata_error *err)
{
    STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
    STRATA_TRY(store_connect(l->project->store, &l->c->cx, &conn, err));
    return intervention_log_load(conn, l->as_of, l->c->arena, &e->log, err);
}

strata_status effects_ask_book(look *l, effects_ask *e, strata_error *err)
{
    return arr_book_load(&l->c->cx, l->project->portfolio->ledgers, l->as_of, &e->book, err);
}

strata_status effects_ask_find(look *l, effects_ask *e, strata_error *err)
{
    const portfolio *p = l->project->portfolio;
    STRATA_TRY(effects_ask_book(l, e, err));
    STRATA_TRY(load_log(l, e, err));
    const effect_panel_request q = {.p = p,
                                    .b = l->bound,
                                    .overrides = l->overrides,
                                    .log = &e->log,
                                    .dimension = ladder_of(l->bound),
                                    .as_of = l->as_of};
    effect_ground ground;
    STRATA_TRY(effect_ground_make(&l->c->cx, &q, l->c->arena, &ground, err));
    STRATA_TRY(intervention_effects_of(&l->c->cx, &ground, e->book, SEGMENT_ABSENT, l->c->arena,
                                       &e->effects, err));
    e->input =
        (interventions_input){.b = l->bound, .effects = &e->effects, .dimension = q.dimension};
    return STRATA_OK;
}
