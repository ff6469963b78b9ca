/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SURVIVAL_SURVIVAL_H
#define STRATA_COHORT_SURVIVAL_SURVIVAL_H

/* How long accounts stay customers, group by group: from the first day with ARR to the first day
 * without, as tenure.h has it. Whoever still is a customer on the as-of date is censored there.
 * Times are days of age. */

#include <strata/error.h>

#include "base/auto.h"
#include "cohort/book.h"
#include "cohort/tenure.h"
#include "segment/code.h"
#include "stats/inference/test.h"
#include "stats/survival/kaplan_meier.h"

enum { SURVIVAL_AGES = 4, SURVIVAL_PAIRED_MAX = 12 };

/* Months at which survival is stated: 3, 6, 12, 24. */
int survival_age(size_t i);

typedef struct survival_request {
    const arr_book *book;
    const day *exists_from; /* by account: later than as_of does not count at all; NULL: all do */
    const segment_code *codes; /* by account; SEGMENT_ABSENT: not compared */
    size_t n_groups;
    day as_of;
    /* Accounts are followed from the end of this day on: who was a customer then enters at the age
     * it had (delayed entry), who had left is out. DAY_MISSING: from their start. */
    day since;
} survival_request;

typedef struct survival_group {
    km_curve *curve;  /* of nobody: no steps */
    km_median median; /* days */
    km_at at[SURVIVAL_AGES];
} survival_group;

/* Two groups that are compared; p_holm is corrected over all pairs. */
typedef struct survival_pair {
    size_t a, b;
    stat_test test;
    double p_holm; /* 0 where the test is not defined */
} survival_pair;

typedef struct survival {
    size_t n_groups;
    survival_group *groups;
    stat_test test;       /* log-rank: do all groups stay alike? */
    survival_pair *pairs; /* of groups that have accounts; none with two groups or
                           more than SURVIVAL_PAIRED_MAX */
    size_t n_pairs;
    size_t n, n_churned;                  /* followed */
    size_t without_arr, ungrouped, ended; /* left out: never a customer, in no group, gone before
                                             `since` */
} survival;

STRATA_MUST_CHECK strata_status survival_make(const survival_request *r, survival **out,
                                              strata_error *err);
void survival_free(survival *s);
STRATA_DEFINE_AUTO(survival, survival_free)

#endif
