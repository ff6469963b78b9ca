/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_CHURN_TREND_H
#define STRATA_COHORT_CHURN_TREND_H

/* Is churn getting better from cohort to cohort? Of each group, the share of
 * accounts that churned within so many months of their first ARR, among those
 * that were followed that long or churned before; and a test of the trend over
 * groups in order (Cochran-Armitage; stats/inference/trend.h). */

#include <strata/error.h>

#include "analysis/figure.h"
#include "base/arena.h"
#include "cohort/book.h"
#include "cohort/groups/groups.h"
#include "stats/inference/trend.h"

typedef struct churn_trend_group {
    size_t accounts;      /* started */
    size_t followed;      /* long enough to count */
    share_figure churned; /* within the months, of those followed; stated only of enough */
    int64_t lost_minor;   /* ARR that those had before they left */
} churn_trend_group;

typedef struct churn_trend {
    const groups *groups;
    int months;
    const churn_trend_group *by_group;
    share_figure all;
    bool ordered;     /* groups are start periods: a trend means something */
    size_t n_counted; /* groups with enough accounts: what the test is of */
    trend trend;      /* over those, in their order; slope per group; not defined unless ordered */
} churn_trend;

typedef struct churn_trend_request {
    const arr_book *book;
    const groups *groups;
    day as_of;
    int months;
    size_t minimum_accounts;
} churn_trend_request;

/* An account counts once it could have been followed for so many months, whether it left or not, so
 * that a young cohort's quick leavers are not set against all of an older one. Allocated in `a`. */
STRATA_MUST_CHECK strata_status churn_trend_compute(const churn_trend_request *request, arena *a,
                                                    churn_trend *out, strata_error *err);

#endif
