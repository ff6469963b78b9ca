/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_EVIDENCE_DATA_H
#define STRATA_ANALYSIS_EVIDENCE_DATA_H

/* Inside the evidence: who was in which segment at the reviews, and ARR then and later. */

#include "analysis/evidence.h"

typedef struct evidence_data {
    const context *cx;
    const portfolio *p;
    const bound_model *b;
    double minimum_accounts;
    arena *arena; /* of the results */
    size_t n;     /* accounts */
    const day *reviews;
    size_t n_reviews;
    const segmentation *s;
    const int64_t *const *before;                   /* [review][account], minor units */
    const int64_t *const *after[EVIDENCE_HORIZONS]; /* the same; NULL: not over yet */
} evidence_data;

/* One account at one review, and so many months later. */
typedef struct evidence_seen {
    int64_t before, after;
} evidence_seen;

/* false: no ARR at the review, or not followed that long. */
static inline bool evidence_see(const evidence_data *x, size_t horizon, size_t review, size_t i,
                                evidence_seen *out)
{
    const int64_t *after = x->after[horizon][review];
    if (after == NULL || x->before[review][i] <= 0) {
        return false;
    }
    *out = (evidence_seen){x->before[review][i], after[i]};
    return true;
}
static inline bool evidence_had(evidence_seen s, evidence_outcome o)
{
    return o == EVIDENCE_CHURN ? s.after <= 0 : s.after > s.before;
}

/* So many months later; from a month's last day to a month's last day, as reviews go. */
static inline day evidence_end(day d, int months)
{
    return d == day_month_end(d) ? day_month_end(day_add_months(day_month_start(d), months))
                                 : day_add_months(d, months);
}

/* Fills h->segments and h->all for the dimension (evidence_after.c). */
STRATA_MUST_CHECK strata_status evidence_follow(const evidence_data *x, const bound_def *def,
                                                size_t horizon, evidence_horizon *h,
                                                strata_error *err);
/* Fills the ranking (evidence_rank.c). */
STRATA_MUST_CHECK strata_status evidence_rank(const evidence_data *x, int months, evidence *out,
                                              strata_error *err);

#endif
