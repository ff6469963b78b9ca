/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_WORK_SPLIT_H
#define STRATA_PLAN_WORK_SPLIT_H

/* The hours that there are, split over segments so that the most ARR is protected and grown, as a
 * linear programme. Onboarding, renewals and tickets are done first; what is left goes to
 * touchpoints and reviews. The accounts of a segment are taken in order of what an hour of their
 * programme brings, in up to ten pieces: so every further hour of a segment brings less than the
 * one before. An hour brings the ARR at stake it covers times the effect of touch on staying, and
 * the ARR that it may gain times the effect on growth. Whole minutes and minor units: sums by
 * segment are those of all. */

#include "plan/effect/touch_effect.h"
#include "plan/work/capacity.h"

/* Minor units a year. */
typedef struct split_worth {
    int64_t protects, grows; /* likely */
    int64_t low, high;       /* of both together: 0 stands for what has no effect */
} split_worth;

/* Minor units a year that an hour brings. */
typedef struct split_price {
    double likely, low, high;
} split_price;

typedef struct split_segment {
    int64_t committed; /* minutes a year of onboarding, renewals and tickets */
    int64_t planned;   /* of touchpoints and reviews */
    int64_t given;     /* of these, by the best split */
    split_worth worth; /* of the given */
    split_price next;  /* one more hour; 0 when all is given */
    /* SPLIT_TEN_HOURS more in a year, or as many as its plan still lacks: together, minor units.
     * Less than as many times `next`, where they reach into the next piece. */
    split_price ten_more;
    double ten_hours; /* how many of them its plan still lacks */
    double ten_less;  /* likely, lost with as many fewer; NaN when fewer are given */
} split_segment;
enum { SPLIT_TEN_HOURS = 120 }; /* a year: ten a month */

typedef struct split {
    bool possible;
    const size_t *conflict; /* not possible: segments whose committed work does not fit */
    size_t n_conflict;
    split_segment *segments; /* by code */
    size_t n_segments;
    int64_t minutes; /* there are */
    /* Sums; next: one more hour in all, where it brings most. (The price of the programme's row is
     * the same, but where the hours end just with a piece: there it may be that of the hour
     * before.)
     */
    split_segment all;
    int64_t evenly; /* likely, when every segment gets the same share of its plan */
    double best;    /* objective of the programme: likely, before rounding to minor units */
} split;

typedef struct split_input {
    const engagement *e;
    const workload *w;
    const stakes *s;
    const touch_effect *effect; /* on staying; without a source it counts nothing */
    const touch_effect *growth; /* on growth; the same. One of the two has a source */
    int64_t minutes;            /* there are in 12 months */
} split_input;

/* Allocated in `a`. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status split_best(const context *cx, const split_input *in, arena *a,
                                           split *out, strata_error *err);

#endif
