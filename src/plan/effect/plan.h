/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_EFFECT_PLAN_H
#define STRATA_PLAN_EFFECT_PLAN_H

/* The plan whose effect is simulated: better coverage, and the actions of the model file (key
 * `effect`). Each part with whom it is for, the hours it takes, and what it does: as measured on
 * this portfolio where that can be told from nothing, else as the model file assumes, each with its
 * source in words. */

#include "plan/coverage/coverage.h"
#include "plan/effect/intervention_effect.h"
#include "plan/effect/outlook.h"
#include "plan/effect/touch_effect.h"

/* One part of the plan. */
typedef struct plan_part {
    const char *name;          /* "Coverage", or the action's */
    const char *what;          /* whom it is for and what it is, in words */
    const char *source;        /* of what it keeps: "measured: ..."; "assumed (strata.yaml:14)" */
    const char *growth_source; /* the same of what it grows; NULL: growth does not count */
    size_t accounts;           /* that get it */
    double hours;              /* a year more; below 0: fewer. NaN: not known */
    const sim_effect *effect;  /* keeps counts where keeps_known, grows where growth_source is */
    bool keeps_known;          /* else it keeps nothing that is known */
} plan_part;

typedef struct effect_plan {
    sim_effect effects[SIMULATION_EFFECTS_MAX];
    size_t n_effects;
    plan_part parts[SIMULATION_EFFECTS_MAX + 1]; /* coverage first */
    size_t n_parts;
    const uint8_t *first, *second; /* by account, as outlook_request has them */
    double hours, plan_hours;      /* a year, of all managers, today and with the plan */
    double cost;                   /* of the plan's further hours, minor units; NaN: not known */
} effect_plan;

/* How well a part is known: over which months, from how many matched accounts. */
typedef struct plan_measured {
    sim_part part;
    size_t n;
    int months;
} plan_measured;
/* What an intervention does, over the longest months that are stated. OUTCOME_KEPT: of those that
 * would leave, the share kept: the difference over the share of the others that left. OUTCOME_GAIN:
 * how much more is gained: the difference over the others' gain. False: not stated, or too few of
 * the others left or grew to say a share of them: a limit beyond 1000 %, which is as much as a
 * model may assume. `x` may be NULL. */
bool effect_plan_measure(const intervention_effect *x, effect_outcome of, plan_measured *out);

typedef struct effect_plan_request {
    const view *v; /* must have kept effect_plan_slots() */
    const csm_list *csms;
    const capacity *capacity;
    const coverage *coverage;
    const touch_effect *touch, *growth; /* on staying and on growth */
    const intervention_effects *interventions;
} effect_plan_request;

/* What coverage needs, and what the actions look at. Allocated in `a`. STRATA_E_MODEL: an action
 * that looks back. */
STRATA_MUST_CHECK strata_status effect_plan_slots(const portfolio *p, const bound_model *b,
                                                  arena *a, const size_t **slots, size_t *n,
                                                  strata_error *err);
/* *out points into itself: do not copy it. Allocated in `a`. */
STRATA_MUST_CHECK strata_status effect_plan_make(const effect_plan_request *q, arena *a,
                                                 effect_plan *out, strata_error *err);

#endif
