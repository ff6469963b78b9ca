/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_PLAN_WORK_H
#define STRATA_REPORT_PLAN_PLAN_WORK_H

/* The hours that a changed model would move, and the plays that would begin. */

#include "document/document.h"
#include "plan/work/model_work.h"

enum { PLAN_REPLAYS = 4 }; /* the quarter ends up to the as-of date */

typedef struct plan_replay {
    day day;
    int64_t before, after; /* minutes a year, as of that day; -1: cannot be said */
} plan_replay;

typedef struct plan_work_input {
    const portfolio *p;
    const csm_list *csms;
    const char *currency;
    const model_work *before, *after;
    bool replayed; /* else no quarters and no plays */
    plan_replay quarters[PLAN_REPLAYS];
    const model_plays *plays_before, *plays_after;
} plan_work_input;

/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_plan_work(document *d, doc_section *parent,
                                                 const plan_work_input *in, strata_error *err);

#endif
