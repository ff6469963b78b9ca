/* SPDX-License-Identifier: Apache-2.0 */
#include "command/effects_plan.h"

void effects_plan_done(effects_plan *p)
{
    effects_ask_done(&p->interventions);
}

/* Matching the interventions of a year takes as long as all the rest. */
static bool names_interventions(const model *m)
{
    for (size_t i = 0; i < m->n_actions; i++) {
        if (m->actions[i].intervention != NULL) {
            return true;
        }
    }
    return false;
}

strata_status effects_plan_open(look *l, const effect_plan_request *q, const bound_def *strata,
                                effects_plan *p, strata_error *err)
{
    const context *cx = &l->c->cx;
    arena *a = l->c->arena;
    if (!q->v->has_arr) {
        return strata_fail(err, STRATA_E_DATA, "the effect of a plan needs ARR of two years");
    }
    STRATA_TRY((names_interventions(l->bound->model) ? effects_ask_find : effects_ask_book)(
        l, &p->interventions, err));
    effect_plan_request request = *q;
    request.interventions = &p->interventions.effects;
    STRATA_TRY(effect_plan_make(&request, a, &p->plan, err));
    const outlook_request ahead = {.v = q->v,
                                   .book = p->interventions.book,
                                   .def = strata,
                                   .first = p->plan.first,
                                   .second = p->plan.second,
                                   .effects = p->plan.effects,
                                   .n_effects = p->plan.n_effects};
    STRATA_TRY(outlook_make(cx, &ahead, q->v->as_of, a, &p->outlook, err));
    STRATA_TRY(outlook_try(cx, &ahead, a, p->trials, &p->n_trials, err));
    p->input = (effect_input){.v = q->v,
                              .plan = &p->plan,
                              .o = &p->outlook,
                              .trials = p->trials,
                              .n_trials = p->n_trials};
    return STRATA_OK;
}
