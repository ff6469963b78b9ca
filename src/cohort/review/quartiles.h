/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_QUARTILES_H
#define STRATA_COHORT_REVIEW_QUARTILES_H

/* The accounts of a cohort that did best beside those that did worst, by how
 * their ARR changed from the first day to one month of life: what was different on day 90?
 * Among accounts that were customers then. Features of ARR are left out: the
 * quartiles are made of it. */

#include "cohort/review/early.h"

typedef struct quartile_trait {
    size_t slot;
    size_t n_top, n_bottom; /* whose value is known */
    double top, bottom;     /* medians */
    test_figure test;       /* Mann-Whitney; Holm over all values */
} quartile_trait;

typedef struct review_quartiles {
    const char *why; /* not NULL: there are no quartiles, and why */
    int months;
    size_t accounts; /* ranked */
    size_t gone;     /* not ranked: left before day 90 */
    size_t n_top, n_bottom;
    double growth_top, growth_bottom; /* ARR over opening ARR less 1, all of the quartile together
                                       */
    double cut_top, cut_bottom;       /* growth from which on, up to which */
    size_t lost_bottom;               /* of the bottom, gone by that month */
    size_t tested;
    const quartile_trait *traits; /* strongest first; all that were tested */
} review_quartiles;

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_quartiles_make(const review_subject *s, const early_view *v,
                                                      arena *a, review_quartiles *out,
                                                      strata_error *err);

#endif
