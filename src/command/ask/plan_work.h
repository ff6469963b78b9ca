/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_PLAN_WORK_H
#define STRATA_COMMAND_ASK_PLAN_WORK_H

/* Hours and plays of two models over one project. */

#include "command/session.h"
#include "report/plan/plan_work.h"

typedef struct plan_work_ask {
    csm_list csms;
    model_work before, after;
    model_plays plays_before, plays_after;
    plan_work_input input;
} plan_work_ask;

void plan_work_ask_done(plan_work_ask *w);
#define PLAN_WORK_ASK_AUTO STRATA_CLEANUP(plan_work_ask_done)

typedef struct plan_work_request {
    const project *p;
    const bound_model *before, *after;
    const override_set *pins_before, *pins_after;
    day as_of;
    bool replay; /* the last year too: hours at quarter ends, plays day by day */
} plan_work_request;

STRATA_MUST_CHECK strata_status plan_work_ask_open(call *c, const plan_work_request *r,
                                                   plan_work_ask *w, strata_error *err);

#endif
