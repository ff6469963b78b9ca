/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_EFFECTS_PLAN_H
#define STRATA_COMMAND_EFFECTS_PLAN_H

/* The plan whose effect is simulated: better coverage, and the actions of the model file. */

#include "command/effects_ask.h"
#include "command/work_ask.h"
#include "plan/coverage.h"
#include "plan/touch_effect.h"
#include "report/effect.h"

typedef struct effects_plan {
    work_ask work;
    effects_ask interventions; /* only when the model has actions that name one; its book always */
    stakes stakes;
    touch_effect touch;
    coverage coverage;
    sim_effect effects[SIMULATION_EFFECTS_MAX];
    size_t n_effects;
    plan_part parts[SIMULATION_EFFECTS_MAX + 1];
    size_t n_parts;
    uint8_t *first, *second; /* by account */
    outlook outlook;
    outlook_trial trials[OUTLOOK_TRIALS];
    size_t n_trials;
    effect_input input;
} effects_plan;

void effects_plan_done(effects_plan *p);
#define EFFECTS_PLAN_AUTO STRATA_CLEANUP(effects_plan_done)

STRATA_MUST_CHECK strata_status effects_plan_open(call *c, effects_plan *p, strata_error *err);

#endif
