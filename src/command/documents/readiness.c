/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/readiness.h"
#include "base/arena.h"
#include "command/ask/roadmap.h"
#include "command/documents/kinds.h"
#include "report/plan/roadmap.h"

/* *known: the model divides something, so that there is a roadmap; else there is a view alone. */
static strata_status open_plans(look *l, strategy *out, bool *known, strata_error *err)
{
    strata_error why = {0};
    strata_status st = strategy_open(l, out, &why);
    *known = st == STRATA_OK;
    if (st == STRATA_OK || (st != STRATA_E_MODEL && st != STRATA_E_DATA)) {
        *err = why;
        return st;
    }
    return l->view != NULL ? STRATA_OK : look_view(l, NULL, 0, err);
}

/* What to do first, sized on this data. */
static strata_status add_roadmap(look *l, const strategy *s, document *d, strata_error *err)
{
    roadmap made = {0};
    STRATA_TRY(roadmap_ask_without_books(l, s, &made, err));
    doc_section *first = document_section(d, NULL, "roadmap", "What to do first");
    report_roadmap_phases(d, first, &made, l->bound);
    report_roadmap_phase(d, first, &made, PHASE_FOUNDATION);
    return STRATA_OK;
}

strata_status tell_readiness(look *l, size_t most, document **out, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    const call *c = l->c;
    const readiness_gap *gaps = NULL;
    readiness_report r = {0};
    strategy plans = {0};
    bool known = false;
    size_t n_gaps = 0;
    (void)most;
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(open_plans(l, &plans, &known, err));
    STRATA_TRY(readiness(l->project->store, l->project->model, c->arena, &r, err));
    STRATA_TRY(readiness_gaps(c, l->project, &gaps, &n_gaps, err));
    const char *title = arena_printf(
        c->arena, "What this data can carry: %zu of %zu analyses%s%s", r.n_running, r.n_analyses,
        r.n_inputs > 0 ? "; most would come with " : "", r.n_inputs > 0 ? r.inputs[0].input : "");
    if (title == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(look_document(l, "readiness", title, &d, err));
    report_readiness(d, NULL, &r, gaps, n_gaps);
    if (known) {
        STRATA_TRY(add_roadmap(l, &plans, d, err));
    }
    report_readiness_method(d);
    doc_next_step(d, "strata report roadmap");
    doc_next_step(d, "strata quality");
    *out = strata_steal(&d);
    return STRATA_OK;
}
