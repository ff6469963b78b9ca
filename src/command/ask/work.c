/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/work.h"

#include <string.h>

void work_ask_done(work_ask *w)
{
    look_done(&w->look);
}

static strata_status read_csms(const look *l, arena *a, csm_list *out, strata_error *err)
{
    STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
    STRATA_TRY(store_connect(l->project->store, &l->c->cx, &conn, err));
    return csms_load(conn, a, out, err);
}

strata_status work_ask_read(look *l, const size_t *slots, size_t n, work_ask *w, strata_error *err)
{
    arena *a = l->c->arena;
    STRATA_TRY(look_view(l, slots, n, err));
    STRATA_TRY(read_csms(l, a, &w->csms, err));
    STRATA_TRY(engagement_resolve(l->view, &w->csms, a, &w->engagement, err));
    l->def = w->engagement.def;
    STRATA_TRY(workload_compute(l->view, &w->engagement, &w->csms, a, &w->work, err));
    return capacity_add_up(l->view, &w->engagement, &w->csms, &w->work, a, &w->capacity, err);
}

strata_status work_ask_open(call *c, work_slots_fn *wanted, work_ask *w, strata_error *err)
{
    look *l = &w->look;
    const size_t *own = NULL;
    const size_t *keep = NULL;
    size_t n_own = 0;
    size_t n_keep = 0;
    STRATA_TRY(look_open(c, l, err));
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(workload_slots(l->project->portfolio, c->arena, &own, &n_own, err));
    if (wanted != NULL) {
        STRATA_TRY(wanted(l->project->portfolio, l->bound, c->arena, &keep, &n_keep, err));
    }
    size_t *slots = ARENA_NEW(c->arena, n_own + n_keep + 1, size_t);
    if (slots == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    memcpy(slots, own, n_own * sizeof *slots);
    if (n_keep > 0) {
        memcpy(slots + n_own, keep, n_keep * sizeof *slots);
    }
    return work_ask_read(l, slots, n_own + n_keep, w, err);
}

void coverage_ask_done(coverage_ask *x)
{
    work_ask_done(&x->work);
}

strata_status coverage_ask_open(call *c, work_slots_fn *wanted, coverage_ask *x, strata_error *err)
{
    work_ask *w = &x->work;
    STRATA_TRY(work_ask_open(c, wanted, w, err));
    const view *v = w->look.view;
    STRATA_TRY(stakes_compute(&c->cx, v, &w->engagement, c->arena, &x->stakes, err));
    x->effect = touch_effect_find(v, &w->engagement, &x->stakes);
    x->growth = touch_growth_find(v, &w->engagement, &x->stakes);
    return coverage_compute(v, &w->engagement, &w->work, &x->stakes, c->arena, &x->coverage, err);
}
