/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_ADOPTION_H
#define STRATA_COHORT_ADOPTION_H

/* How soon accounts take up each feature: the share that has used it by an age,
 * and the time until the first use, with accounts that have not used it yet (or
 * left before) counted as long as they were seen (Kaplan-Meier; stats/survival/kaplan_meier.h).
 *
 * The clock starts on the account's first day, or when the feature first appeared if that is later.
 * Accounts that started before usage was recorded are left out: what they used before is not known.
 */

#include <strata/error.h>

#include "base/arena.h"
#include "cohort/book.h"
#include "cohort/first_use.h"
#include "cohort/groups/groups.h"
#include "stats/inference/proportion.h"

enum { ADOPTION_AGES = 13 }; /* by 0 .. 12 months of age */

typedef struct adoption_request {
    const first_use *use;
    const arr_book *arr; /* accounts that churn are seen no longer; NULL: nobody does */
    const day *origin;   /* by account; DAY_MISSING: not started */
    const groups *groups;
    day as_of;
    size_t minimum_accounts;
} adoption_request;

typedef struct adoption_point {
    bool known; /* enough accounts were seen that long */
    double share;
    interval within; /* 95 % */
} adoption_point;

typedef struct adoption_curve {
    size_t accounts, adopted; /* followed; of these, have used it so far */
    bool stated;              /* enough accounts */
    adoption_point by[ADOPTION_AGES];
    bool median_known, low_known, high_known;
    double median, low, high; /* months until half have; 95 % */
} adoption_curve;

typedef struct adoption {
    const first_use *use;
    const groups *groups;
    const adoption_curve *curves; /* [feature * (groups->n + 1) + group]; the last group is all */
    size_t left_out;              /* accounts that started before usage was recorded */
    const size_t *order;          /* features, most adopted by 3 months first */
} adoption;

static inline const adoption_curve *adoption_of(const adoption *a, size_t feature, size_t group)
{
    return &a->curves[feature * (a->groups->n + 1) + group];
}

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status adoption_compute(const context *cx, const adoption_request *request,
                                                 arena *a, adoption *out, strata_error *err);

#endif
