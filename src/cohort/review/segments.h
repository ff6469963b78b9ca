/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_SEGMENTS_H
#define STRATA_COHORT_REVIEW_SEGMENTS_H

/* Segments inside a cohort: the model's main dimension as it was on day 90 of each
 * account's life, and what became of them by a later month. */

#include "cohort/review/early.h"

typedef struct cohort_segment {
    const char *label;
    size_t accounts;       /* on day 90 */
    int64_t opening_minor; /* of the first days */
    size_t followed;       /* up to the month */
    share_figure logos;    /* still customers then */
    ratio_figure nrr;      /* without an interval: low = high = ratio */
} cohort_segment;

typedef struct review_segments {
    const char *why; /* not NULL: none, and why */
    const bound_def *dimension;
    int months;
    const cohort_segment *items; /* those with accounts; the last: those in no segment on day 90 */
    size_t n;
    size_t too_young; /* day 90 has not come */
} review_segments;

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_segments_make(const review_subject *s, const early_view *v,
                                                     arena *a, review_segments *out,
                                                     strata_error *err);

#endif
