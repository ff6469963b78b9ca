/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_JOURNEY_PATHS_H
#define STRATA_JOURNEY_PATHS_H

/* When each account first reached each stage of the model's journey, and its milestones: found by
 * looking at all accounts on the days of a grid, each time with what was known then. A stage
 * is reached for good on the first such day, from the account's start on, on which its condition
 * holds; the day found is `step` - 1 days late at most. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "cohort/book.h"
#include "model/bind.h"
#include "segment/portfolio.h"

enum { JOURNEY_WEEK = 7, JOURNEY_MONTH = 31 };

/* Stage 0 is the start, which has no condition. */
typedef struct journey_stage {
    const char *name, *when, *description; /* when: NULL of stage 0; description may be NULL */
    const rule *rule;                      /* NULL: of stage 0 */
    int expected_days;                     /* from the stage before; 0: not given */
    const char *why;                       /* not NULL: cannot be judged, and why ("needs usage") */
} journey_stage;

typedef struct journey_request {
    const portfolio *p;
    const bound_model *b;
    const arr_book *arr;      /* as of as_of; empty where there is no ARR */
    const order_book *orders; /* likewise */
    bool has_arr;
    const int64_t *worth; /* by account, minor units: what it is worth on as_of; NULL: not known */
    day as_of;
    day since;         /* accounts that started before are left out; DAY_MISSING: before the data of
                          what the stages read */
    int landmark_days; /* age at which activation is judged */
} journey_request;

typedef struct journey_paths {
    size_t n; /* accounts of the portfolio */
    /* Stages that can be judged, the start first; those that cannot apart. */
    const journey_stage *stages;
    size_t n_stages;
    const journey_stage *left_out;
    size_t n_left_out;
    /* Milestones of the model that can be judged. */
    const journey_stage *milestones;
    size_t n_milestones;
    int step;       /* JOURNEY_WEEK or JOURNEY_MONTH */
    size_t n_dates; /* days looked at */
    day since;      /* accounts that started from here on are followed */
    bool since_given;
    size_t n_followed, n_older, n_unstarted; /* older: started before; unstarted: no start known */
    /* By account; `start` DAY_MISSING: not followed, and nothing else is to be read. */
    const day *start;
    const day *left;             /* ARR ended for good; DAY_MISSING: has not */
    const uint8_t *now;          /* furthest stage */
    const day *const *reached;   /* [stage][account]: its own condition; DAY_MISSING: never */
    const day *const *entered;   /* [stage][account]: it or a later one, whichever came first */
    const uint8_t *const *holds; /* [stage][account]: RULE_ verdict on as_of */
    const day *const *met;       /* [milestone][account] */
    /* On the first day looked at that is landmark_days after the start or later: the computed
     * features that stages and milestones read. landmark: DAY_MISSING: not come yet. */
    const day *landmark;
    const size_t *slots;
    size_t n_slots;
    const double *const *values; /* [slot][account]; NaN: missing */
} journey_paths;

/* Allocated in `a`. STRATA_E_DATA when the model has no journey or none of its stages can be
 * judged, saying what is missing. */
STRATA_MUST_CHECK strata_status journey_paths_make(const context *cx, const journey_request *r,
                                                   arena *a, journey_paths *out, strata_error *err);

#endif
