/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_COHORT_REVIEW_H
#define STRATA_COHORT_REVIEW_COHORT_REVIEW_H

/* All parts of one cohort's review. */

#include "cohort/review/actions.h"
#include "cohort/review/churn.h"
#include "cohort/review/early.h"
#include "cohort/review/forecast.h"
#include "cohort/review/goals.h"
#include "cohort/review/growth.h"
#include "cohort/review/nrr.h"
#include "cohort/review/patterns.h"
#include "cohort/review/profile.h"
#include "cohort/review/quartiles.h"
#include "cohort/review/retention.h"
#include "cohort/review/segments.h"

typedef struct cohort_review {
    review_subject s;
    const char *where; /* lists the cohort's accounts; NULL: no expression does */
    review_profile profile;
    review_retention retention;
    review_goals goals;
    review_churn churn;
    review_nrr nrr;
    review_growth growth;
    early_view early;
    review_patterns patterns;
    review_quartiles quartiles;
    review_segments segments;
    review_actions actions;
    review_forecast forecast;
} cohort_review;

/* `words` may be NULL. Allocated in `a`; the request's parts must outlive it. STRATA_E_DATA when
 * no account of the cohort ever had ARR. The same for any number of threads. */
STRATA_MUST_CHECK strata_status cohort_review_make(const context *cx, const review_request *q,
                                                   const arr_words *words, arena *a,
                                                   cohort_review **out, strata_error *err);

#endif
