/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_GOALS_H
#define STRATA_COHORT_REVIEW_GOALS_H

/* A cohort against the benchmarks and targets of the model file, and what reaching
 * a target would have meant. Arithmetic on the cohort's own figures. */

#include "cohort/review/retention.h"

typedef struct review_goal {
    size_t measure; /* goal_measure */
    int months;
    bool is_target; /* else a benchmark */
    double goal;
    review_rate actual; /* not stated: not reached, or too few */
    size_t reached;
    bool below, above; /* the whole interval of the actual is */
    /* What the gap is worth at that age, of the accounts that reached it: customers for logo
     * retention, else ARR in minor units; from the ends of the interval. 0 where it is above the
     * goal. */
    double worth, worth_low, worth_high;
} review_goal;

enum { REVIEW_GOALS_MAX = 2 * GOAL_MEASURES * GOAL_AGES };
typedef struct review_goals {
    review_goal items[REVIEW_GOALS_MAX]; /* by measure, then age; benchmark before target */
    size_t n;
    bool any_benchmark, any_target;
} review_goals;

void review_goals_make(const model *m, const review_retention *r, review_goals *out);

#endif
