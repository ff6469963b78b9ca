/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_SPLIT_H
#define STRATA_PLAN_SPLIT_H

/* The hours that there are, split over segments so that the most ARR is protected, as a linear
 * programme. Onboarding, renewals and tickets are done first; what is left goes to touchpoints and
 * reviews. The accounts of a segment are taken in order of the ARR at stake for each hour of their
 * programme, in up to ten pieces: so every further hour of a segment protects less than the one
 * before. An hour protects the ARR at stake it covers times the effect of touch. */

#include "plan/capacity.h"
#include "plan/touch_effect.h"

typedef struct split_segment {
    double committed;         /* hours a year of onboarding, renewals and tickets */
    double planned;           /* of touchpoints and reviews */
    double given;             /* of these, by the best split */
    double likely, low, high; /* minor units a year that the given hours protect */
    double next; /* minor units that one more hour would protect; 0 when all is given */
    double last; /* that the last of the given hours protects; NaN when none is given */
} split_segment;

typedef struct split {
    bool possible;
    const size_t *conflict; /* not possible: segments whose committed work does not fit */
    size_t n_conflict;
    split_segment *segments; /* by code */
    size_t n_segments;
    double hours;      /* there are */
    split_segment all; /* sums; next: what one more hour in all would protect (shadow price) */
    double evenly;     /* protected when every segment gets the same share of its plan */
} split;

typedef struct split_input {
    const engagement *e;
    const workload *w;
    const stakes *s;
    const touch_effect *effect; /* has a source */
    int64_t minutes;            /* there are in 12 months */
} split_input;

/* Allocated in `a`. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status split_best(const context *cx, const split_input *in, arena *a,
                                           split *out, strata_error *err);

#endif
