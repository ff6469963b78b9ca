/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_EFFECTS_PLAN_H
#define STRATA_COMMAND_EFFECTS_PLAN_H

/* The 12 months ahead with and without the plan, for the commands that show them. */

#include "command/ask/effects.h"
#include "plan/effect/plan.h"
#include "report/plan/effect.h"

typedef struct effects_plan {
    effects_ask interventions;
    effect_plan plan;
    outlook outlook;
    outlook_trial trials[OUTLOOK_TRIALS];
    size_t n_trials;
    effect_input input;
} effects_plan;

void effects_plan_done(effects_plan *p);
#define EFFECTS_PLAN_AUTO STRATA_CLEANUP(effects_plan_done)

/* `q` without its interventions, which are found here; its view is of l's portfolio and date.
 * STRATA_E_DATA: there is no ARR of two years, or no account to draw from. `p` stays where it is.
 */
STRATA_MUST_CHECK strata_status effects_plan_open(look *l, const effect_plan_request *q,
                                                  const bound_def *strata, effects_plan *p,
                                                  strata_error *err);

#endif
