/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_PATTERNS_H
#define STRATA_COHORT_REVIEW_PATTERNS_H

/* Which early signs go with staying. Of the accounts that were customers on day
 * 90: is a value known on day 30, 60 or 90 followed by still being a customer at a later month? One
 * search over all values of all three days, corrected for itself, found on one half of the accounts
 * and confirmed on the other (stats/learning/pattern.h). Cohort and peers are searched together:
 * one cohort alone is seldom large enough; the cohort's own figures stand beside. */

#include "cohort/review/early.h"
#include "stats/learning/pattern.h"

enum { REVIEW_PATTERNS_MAX = 8 };

typedef struct review_pattern {
    size_t slot;
    size_t day; /* index into early_days */
    pattern p;
    pattern_effect cohort; /* in this cohort alone */
} review_pattern;

typedef struct review_patterns {
    const char *why;       /* not NULL: no search, and why */
    int months;            /* of the outcome */
    size_t accounts, kept; /* searched; still customers then */
    size_t of_cohort;      /* of the accounts, this cohort's */
    size_t tried;          /* values times days with a cut */
    size_t found, confirmed;
    /* Those found, one per value (of its days the one that was confirmed, else the earliest), and
     * one of those that say the same of the same accounts:
     * confirmed first, by the difference where they were confirmed. */
    const review_pattern *items;
    size_t n;
} review_patterns;

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_patterns_make(const context *cx, const review_subject *s,
                                                     const early_view *v, arena *a,
                                                     review_patterns *out, strata_error *err);

#endif
