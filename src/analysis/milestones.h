/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_MILESTONES_H
#define STRATA_ANALYSIS_MILESTONES_H

/* Milestones of the lifecycle: how many accounts had reached each by their 90th
 * day. Each account is judged with what was known at the end of that day. */

#include "analysis/figure.h"
#include "analysis/study.h"

typedef struct milestone_result {
    const char *name, *when;
    bool measured; /* false: `why` says what is missing */
    const char *why;
    share_figure share; /* reached among accounts old enough for which it is known */
    size_t unknown;     /* old enough, but the condition met a missing value */
} milestone_result;

typedef struct milestones {
    const milestone_result *items;
    size_t n;
    day from, to; /* 90th days between these are judged, both in: the 12 months to the as-of date */
    size_t eligible;  /* accounts whose 90th day lies there */
    size_t too_young; /* started, 90th day still to come */
} milestones;

/* One sweep when the model has milestones. Allocated in `a`. */
STRATA_MUST_CHECK strata_status milestones_measure(const study *s, arena *a, const milestones **out,
                                                   strata_error *err);

#endif
