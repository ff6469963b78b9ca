/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_JOURNEY_ACTIVATION_H
#define STRATA_JOURNEY_ACTIVATION_H

/* Which early milestones go with staying. Of the accounts that were customers at a landmark age
 * (day 90, say) and were followed to a later month: does having reached a stage or a milestone by
 * the landmark, or a value on that day, go with still being there at the later month? Only what was
 * known at the landmark counts, and only accounts that were still there then, so that leaving early
 * cannot pass for not having reached (landmark analysis, Anderson, Cain & Gelber 1983, Journal of
 * Clinical Oncology 1:710). Stages and milestones are tested as they
 * stand on one half of the accounts, corrected for their number (Holm), and must point the same way
 * in the other; values are sought at every cut point on that other half and confirmed on the first
 * (stats/learning/pattern.h). */

#include "journey/paths.h"
#include "stats/learning/pattern.h"

typedef enum activation_kind {
    ACTIVATION_STAGE,     /* reached by the landmark */
    ACTIVATION_MILESTONE, /* the same */
    ACTIVATION_VALUE      /* at least, or under, a threshold that the search found */
} activation_kind;

typedef struct activation_sign {
    activation_kind kind;
    const char *name; /* of the stage or milestone; the feature's label */
    size_t slot;      /* of a value */
    bool cut;         /* false: (nearly) all or none have it, nothing to compare */
    bool at_least;    /* of a value; stages and milestones are always "reached" */
    double threshold; /* of a value */
    size_t have, of;  /* accounts with it, both halves */
    pattern_state state;
    double p_search;                 /* of a value */
    double p_confirm;                /* corrected for the number of tests */
    pattern_effect found, confirmed; /* `confirmed` is of the half that was not searched */
} activation_sign;

typedef struct activation {
    const char *why; /* not NULL: nothing was searched, and why */
    int landmark_days;
    int months;  /* of the outcome, from the account's start */
    bool orders; /* staying is an order after the landmark; else ARR at that month */
    size_t accounts, kept;
    size_t left_before;           /* followed that long, but gone at the landmark */
    const activation_sign *signs; /* confirmed first, then found, then the rest; by effect */
    size_t n;
    size_t n_confirmed, n_found;
} activation;

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status activation_make(const context *cx, const journey_request *r,
                                                const journey_paths *p, arena *a, activation *out,
                                                strata_error *err);

#endif
