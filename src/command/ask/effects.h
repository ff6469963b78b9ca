/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_EFFECTS_H
#define STRATA_COMMAND_ASK_EFFECTS_H

/* The measured effect of interventions, for the commands that show it. */

#include "command/look.h"
#include "report/plan/interventions.h"

typedef struct effects_ask {
    arr_book *book; /* owned: up to the as-of date */
    intervention_log log;
    intervention_effects effects;
    interventions_input input;
} effects_ask;

void effects_ask_done(effects_ask *e);
#define EFFECTS_ASK_AUTO STRATA_CLEANUP(effects_ask_done)

/* The ARR alone, for who asks for no intervention. */
STRATA_MUST_CHECK strata_status effects_ask_book(look *l, effects_ask *e, strata_error *err);
/* With the ARR. Within the segments of the model's first ordered dimension by tiers. Call after
 * look_view(). */
STRATA_MUST_CHECK strata_status effects_ask_find(look *l, effects_ask *e, strata_error *err);

#endif
