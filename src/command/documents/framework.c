/* SPDX-License-Identifier: Apache-2.0 */
#include "report/framework/framework.h"
#include "command/ask/roadmap.h"
#include "command/ask/targets.h"
#include "command/documents/kinds.h"
#include "command/effects_plan.h"
#include "command/review.h"

/* What the store says about the files that were read. */
static strata_status read_ingest(const call *c, const look *l, ingest_summary *out,
                                 strata_error *err)
{
    return ingest_status(l->project->store, l->project->model, c->arena, out, err);
}

static strata_status read_last_run(const call *c, const look *l, day *out, strata_error *err)
{
    history_run last = {0};
    STRATA_TRY(history_before(store_main(l->project->store), l->as_of + 1, c->arena, &last, err));
    *out = last.run_id != 0 ? last.as_of : DAY_MISSING;
    return STRATA_OK;
}

/* The 12 months ahead; *why_not says why they cannot be simulated. */
static strata_status look_ahead(look *l, const view *own, const strategy *plans, effects_plan *out,
                                const char **why_not, strata_error *err)
{
    const effect_plan_request q = {.v = own,
                                   .csms = &plans->csms,
                                   .capacity = &plans->capacity,
                                   .coverage = &plans->coverage,
                                   .touch = &plans->effect,
                                   .growth = &plans->growth};
    strata_error why = {0};
    strata_status st = effects_plan_open(l, &q, plans->engagement.def, out, &why);
    if (st == STRATA_OK) {
        return STRATA_OK;
    }
    if (st != STRATA_E_DATA) {
        *err = why;
        return st;
    }
    *why_not = arena_strdup(l->c->arena, why.message);
    return *why_not != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

strata_status tell_framework(look *l, size_t most, document **out, strata_error *err)
{
    const call *c = l->c;
    STRATA_AUTO(document_free) document *d = NULL;
    ingest_summary ingest = {0};
    STRATA_TRY(look_dates(l, NULL, err));
    if (l->since == DAY_MISSING) {
        STRATA_TRY(review_before(l->project, l->as_of, c->arena, &l->since, err));
    }
    l->changes = true;
    strategy plans = {0};
    offer made = {0};
    roadmap phases = {0};
    const profile *p = NULL;
    STRATA_AUTO(view_free) view *own = NULL;
    STRATA_TRY(look_study(l, STUDY_ALL, err));
    context_progress(&c->cx, "working out what to do", 2, REPORT_STEPS);
    STRATA_TRY(strategy_beside(l, &own, &plans, err));
    STRATA_TRY(profile_make(l->study, l->def, c->arena, &p, err));
    STRATA_TRY(offer_ask(l, &plans, OFFER_MONTHS, p, &made, err));
    STRATA_TRY(roadmap_ask_without_books(l, &plans, &phases, err));
    TARGETS_ASK_AUTO targets_ask goals = {0};
    STRATA_TRY(targets_ask_find(l, &goals, err));
    EFFECTS_PLAN_AUTO effects_plan ahead = {0};
    const char *no_effect = plans.no_work;
    if (no_effect == NULL) {
        STRATA_TRY(look_ahead(l, own, &plans, &ahead, &no_effect, err));
    }
    const operating_input operating = {
        .v = own, .e = &plans.engagement, .c = &plans.capacity, .s = &plans.stakes};
    framework_input in = {.study = l->study,
                          .def = l->def,
                          .ingest = &ingest,
                          .rejects_path = l->project->rejects_path,
                          .most = most,
                          .operating = plans.no_work == NULL ? &operating : NULL,
                          .no_operating = plans.no_work,
                          .offer = &made,
                          .roadmap = &phases,
                          .targets = &goals.input,
                          .effect = no_effect == NULL ? &ahead.input : NULL,
                          .no_effect = no_effect};
    STRATA_TRY(read_ingest(c, l, &ingest, err));
    STRATA_TRY(read_last_run(c, l, &in.last_run, err));
    STRATA_TRY(model_check(l->template_bound != NULL ? l->template_bound : l->project->bound,
                           &in.warnings, &in.n_warnings, err));
    STRATA_TRY(look_document(l, "framework", "Segmentation framework", &d, err));
    context_progress(&c->cx, "finding what stands out", 3, REPORT_STEPS);
    STRATA_TRY(report_framework(d, &in, err));
    doc_next_step(d, "strata explain ACCOUNT");
    doc_next_step(d, "strata plan NEW.yaml");
    *out = strata_steal(&d);
    return STRATA_OK;
}
