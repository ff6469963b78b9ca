/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_NRR_H
#define STRATA_COHORT_REVIEW_NRR_H

/* Why a cohort's NRR is not that of the cohort before: exact parts by movement
 * kind, and by segment into mix and rate (split.h). Point to point from the first day
 * of each account to the end of one month of its life. */

#include "cohort/movements/split.h"
#include "cohort/review/review.h"

typedef struct review_nrr {
    const char *why; /* not NULL: there is nothing to compare, and why; the rest is 0 then */
    int months;
    const char *against;   /* "2024-Q4", "the 4 cohorts before" */
    size_t accounts[2];    /* before, after */
    const char *attribute; /* label of what segments are: "Plan" */
    const char *const *labels;
    const nrr_split *split; /* before: the other one; after: this cohort */
} review_nrr;

/* At the last mark that enough accounts of the cohort reached, against the cohort right before, or
 * against all peers where that one has too few. Segments are the levels of the attribute that comes
 * first (levels.h); without attributes all accounts are one. Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_nrr_make(const review_subject *s, arena *a, review_nrr *out,
                                                strata_error *err);
/* What became of the set's opening ARR by the end of month m, by level of an attribute (SIZE_MAX:
 * of none, all at 0), the last of n_levels + 1 flows for accounts without. Of accounts followed so
 * long. */
size_t review_flows(const review_subject *s, const account_set *set, int months, size_t slot,
                    size_t n_levels, nrr_flow *flows);

#endif
