/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_PROFILE_H
#define STRATA_COHORT_REVIEW_PROFILE_H

/* Who started: how many, with how much, and of what kind, against the peers. */

#include "cohort/review/levels.h"
#include "cohort/review/review.h"

typedef struct deal_figures {
    size_t accounts;
    int64_t opening_minor; /* ARR of the first days together */
    double mean, median;   /* minor units; 0 without accounts */
} deal_figures;

typedef struct review_profile {
    deal_figures cohort, earlier;
    deal_figures peers[REVIEW_PEERS_MAX];
    int64_t arr_now_minor;
    size_t customers_now;
    test_figure deal_size; /* Mann-Whitney, cohort against peers */
    level_list mix;        /* cohort against peers together */
} review_profile;

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_profile_make(const review_subject *s, arena *a,
                                                    review_profile *out, strata_error *err);

#endif
