/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_WORK_MODEL_WORK_H
#define STRATA_PLAN_WORK_MODEL_WORK_H

/* What a model asks of people: the hours that its segments take by its engagement, as of a day, and
 * the plays that its playbooks began in the year before. For comparing two models before one is
 * applied. */

#include "plan/plays/plays.h"
#include "plan/work/workload.h"

/* A model over a portfolio. */
typedef struct model_side {
    const portfolio *p;
    const bound_model *b;
    const override_set *overrides;
    const csm_list *csms;
} model_side;

typedef struct model_work {
    view *view; /* owned by whoever asked; the workload reads it */
    engagement e;
    workload w;
    const char *why; /* hours cannot be said: the reason, in `a`; NULL: they are there */
} model_work;

/* A model that cannot carry hours gives `why` and no failure. Allocated in `a`. */
STRATA_MUST_CHECK strata_status model_work_make(const context *cx, const model_side *side,
                                                day as_of, arena *a, model_work *out,
                                                strata_error *err);
void model_work_done(model_work *m);

typedef struct model_plays {
    playbook_list list;
    bound_playbooks books;
    plays plays;
    const char *why; /* as above */
} model_plays;
STRATA_MUST_CHECK strata_status model_plays_follow(const context *cx, const model_side *side,
                                                   day as_of, arena *a, model_plays *out,
                                                   strata_error *err);

/* Hours that differ between two models, added up over accounts. */
typedef struct work_shift {
    size_t n_more, n_less;          /* accounts that get more, less */
    int64_t more, less;             /* minutes a year, both 0 or above; net is more - less */
    int64_t value_more, value_less; /* what these accounts are worth, minor units */
} work_shift;
/* Of accounts whose manager is `csm` (CSM_NOBODY and CSM_UNKNOWN are such too), or of all:
 * WORK_OF_ALL. Both workloads must be there. */
enum { WORK_OF_ALL = INT32_MIN };
work_shift model_work_shift(const model_work *before, const model_work *after, int32_t csm);

#endif
