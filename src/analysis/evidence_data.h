/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_EVIDENCE_DATA_H
#define STRATA_ANALYSIS_EVIDENCE_DATA_H

/* Inside the evidence: who was in which segment at the reviews, and ARR (shops: orders) then and
 * later. */

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
    bool shop;
    /* ARR, or spend so far: [review][account], minor units. */
    const int64_t *const *before;
    const int64_t *const *after[EVIDENCE_HORIZONS]; /* the same; NULL: not over yet */
    /* Shops: orders so far; NULL otherwise. */
    const int64_t *const *orders_before;
    const int64_t *const *orders_after[EVIDENCE_HORIZONS];
    /* Shops: [review] the median spent by those who bought again; they spent much who spent more.
     */
    const int64_t *much[EVIDENCE_HORIZONS];
} evidence_data;

/* One account at one review, and so many months later. */
typedef struct evidence_seen {
    int64_t before, after; /* ARR; shops: 0, and what was spent in these months */
    bool had[EVIDENCE_OUTCOMES];
} evidence_seen;

static inline bool evidence_see_order(const evidence_data *x, size_t horizon, size_t review,
                                      size_t i, evidence_seen *out)
{
    int64_t orders = x->orders_before[review][i];
    if (orders <= 0) {
        return false;
    }
    int64_t spent = x->after[horizon][review][i] - x->before[review][i];
    bool again = x->orders_after[horizon][review][i] > orders;
    *out =
        (evidence_seen){.after = spent,
                        .had = {[EVIDENCE_CHURN] = again,
                                [EVIDENCE_EXPANSION] = again && spent > x->much[horizon][review]}};
    return true;
}

/* false: no ARR at the review (shops: no order until then), or not followed that long. */
static inline bool evidence_see(const evidence_data *x, size_t horizon, size_t review, size_t i,
                                evidence_seen *out)
{
    const int64_t *after = x->after[horizon][review];
    if (after == NULL) {
        return false;
    }
    if (x->shop) {
        return evidence_see_order(x, horizon, review, i, out);
    }
    int64_t before = x->before[review][i];
    if (before <= 0) {
        return false;
    }
    *out = (evidence_seen){
        .before = before,
        .after = after[i],
        .had = {[EVIDENCE_CHURN] = after[i] <= 0, [EVIDENCE_EXPANSION] = after[i] > before}};
    return true;
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
/* Fills x->much, in `a`: shops only (evidence_after.c). */
STRATA_MUST_CHECK strata_status evidence_spent_much(evidence_data *x, arena *a, strata_error *err);
/* Fills the ranking (evidence_rank.c). */
STRATA_MUST_CHECK strata_status evidence_rank(const evidence_data *x, int months, evidence *out,
                                              strata_error *err);

#endif
