/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_TARGETS_H
#define STRATA_COMMAND_ASK_TARGETS_H

/* The scoreboard, for the commands that show it. */

#include "command/look.h"
#include "report/plan/targets.h"

typedef struct targets_ask {
    look look;
    arr_book *book; /* owned: up to the as-of date */
    csm_list csms;
    scoreboard board;
    targets_input input;
} targets_ask;

void targets_ask_done(targets_ask *t);
#define TARGETS_ASK_AUTO STRATA_CLEANUP(targets_ask_done)

STRATA_MUST_CHECK strata_status targets_ask_open(call *c, targets_ask *t, strata_error *err);
/* Into t of a look that has its view already. */
STRATA_MUST_CHECK strata_status targets_ask_find(look *l, targets_ask *t, strata_error *err);

#endif
