/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_EARLY_H
#define STRATA_COHORT_REVIEW_EARLY_H

/* What was known of each account on day 30, 60 and 90 of its life, from facts up to
 * that day only: computed features, and the model's own features and scores. Attributes are left
 * out, since they carry no date.
 *
 * The portfolio is evaluated on all these days in one sweep. Where the accounts' days are many, the
 * days of a grid serve (every 7 or 28 days): the values are then those of the first day of the grid
 * on or after the account's own, `late` days later at most. */

#include "cohort/review/review.h"
#include "segment/code.h"

enum { EARLY_DAYS = 3 };
extern const int early_days[EARLY_DAYS]; /* 30, 60, 90 */

typedef struct early_view {
    account_set accounts; /* those whose last day (90) has come; ascending */
    size_t n_slots;
    const size_t *slots;                     /* of the bound model's scope */
    const double *const *values[EARLY_DAYS]; /* [day][slot][place in accounts]; NaN: missing */
    const day *evaluated;                    /* by place: the day that served for day 90 */
    /* The model's main dimension on that day, by place; NULL: the model has none. */
    const segment_code *segments;
    const bound_def *dimension;
    int late;    /* 0, 6 or 27 */
    size_t days; /* calendar days that were evaluated */
} early_view;

/* Of the cohort and its peers together. Allocated in `a`. */
STRATA_MUST_CHECK strata_status early_view_make(const context *cx, const review_subject *s,
                                                arena *a, early_view *out, strata_error *err);
/* Place of an account; SIZE_MAX when it is not there. */
size_t early_place(const early_view *v, size_t account);
/* Label of a slot: "Events in 30 days". */
const char *early_label(const review_subject *s, size_t slot);

#endif
