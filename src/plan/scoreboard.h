/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_SCOREBOARD_H
#define STRATA_PLAN_SCOREBOARD_H

/* Targets of the model file against what is: per segment, today and on the same day of the four
 * quarters before, so that a trend shows. Each figure of a day knows only what was known then.
 *
 *   nrr, grr         of the accounts that were in the segment 12 months before and had ARR: their
 *                    ARR over that of then; the same without what accounts grew by
 *   churn            share of these that have none
 *   expansion        share of these that have more
 *   nps              of members that are customers and answered in 12 months: share of 9 and 10
 * less share of 0 to 6 among last scores, times 100 cost_to_serve    minutes of touchpoints
 * recorded in 90 days, for a year, at the hourly cost of the account's manager (else the mean of
 * all), over ARR; of members with ARR whose minutes are known
 *
 * 95 % intervals: shares Wilson's, ratios from the linearised standard error (Cochran 1977, section
 * 6.4), NPS from the variance of its two shares. */

#include "cohort/book.h"
#include "plan/work/csms.h"
#include "segment/view.h"

enum { SCOREBOARD_DATES = 5 };

typedef struct score_value {
    size_t n;    /* accounts */
    bool stated; /* enough of them */
    double x, low, high;
} score_value;

typedef enum score_verdict {
    SCORE_NO_TARGET,
    SCORE_NO_DATA,
    SCORE_TOO_FEW,
    SCORE_BEHIND,      /* and the interval does not reach the target */
    SCORE_NOT_CERTAIN, /* behind, but the interval holds the target */
    SCORE_ON_TRACK
} score_verdict;
extern const char *const score_verdict_names[]; /* "no target", ... */

typedef struct score_cell {
    score_value at[SCOREBOARD_DATES]; /* oldest first; the last one is the as-of date's */
    double target;                    /* NaN: none */
    const char *owner, *source;       /* NULL: not said */
    score_verdict verdict;
} score_cell;

typedef struct scoreboard {
    const bound_def *def;
    size_t n_segments; /* cells of index n_segments are of all together */
    day dates[SCOREBOARD_DATES];
    const score_cell *cells; /* [segment * TARGET_MEASURES + measure] */
    size_t n_targets, n_on_track, n_behind;
    bool has_arr, has_nps, has_cost;
} scoreboard;

static inline const score_cell *score_at(const scoreboard *s, size_t segment, target_measure m)
{
    return &s->cells[segment * TARGET_MEASURES + m];
}

/* Whether more is better. */
bool target_rises(target_measure m);

typedef struct scoreboard_request {
    const view *v;
    const arr_book *book; /* until the as-of date or later */
    const csm_list *csms;
    const int32_t *csm; /* by account */
} scoreboard_request;

/* By the dimension that `targets` names, else the primary one. Allocated in `a`. */
STRATA_MUST_CHECK strata_status scoreboard_make(const context *cx, const scoreboard_request *q,
                                                arena *a, scoreboard *out, strata_error *err);

#endif
