/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MOVEMENTS_SPLIT_H
#define STRATA_COHORT_MOVEMENTS_SPLIT_H

/* Why NRR differs between two cohorts or periods: split exactly by movement kind,
 * and by segment into mix and rate. Parts add up to the whole by construction.
 *
 * With w the segment's share of the base, r its NRR, R the whole's, for before (1) and after (2):
 *   rate  (w1 + w2) / 2 x (r2 - r1)
 *   mix   (w2 - w1) x ((r1 + r2) / 2 - (R1 + R2) / 2)
 * the symmetric form (Marshall 1923, Edgeworth 1925): neither side's weights are preferred, and
 * swapping the sides turns every sign. The weights' changes add up to 0, so taking the whole's NRR
 * off leaves the sum as it is and lets a growing segment count for good only where it is better
 * than the whole. A segment without a base on one side has no NRR there: that of the other side is
 * taken, and its part is mix alone. */

#include <strata/error.h>

#include "base/arena.h"
#include "cohort/book.h"
#include "cohort/groups/groups.h"

typedef enum split_kind {
    SPLIT_EXPANSION,
    SPLIT_REACTIVATION,
    SPLIT_CONTRACTION,
    SPLIT_CHURN,
    SPLIT_KIND_COUNT
} split_kind;
const char *split_kind_name(split_kind k); /* "expansion" */

/* NRR = 1 + (expansion + reactivation - contraction - churn) / base. Minor units, none below 0. */
typedef struct nrr_flow {
    int64_t base;
    int64_t minor[SPLIT_KIND_COUNT];
} nrr_flow;

/* NRR of a flow; 0 where the base is 0. */
double nrr_of_flow(const nrr_flow *f);

typedef struct nrr_split_part {
    double weight[2]; /* share of the base, before and after */
    double nrr[2];
    double mix, rate;
    double kinds[SPLIT_KIND_COUNT]; /* of `rate`; contraction and churn count against it */
} nrr_split_part;

typedef struct nrr_split {
    double nrr[2];
    double change;                  /* nrr[1] - nrr[0] = sum of kinds = sum of mix and rate */
    double kinds[SPLIT_KIND_COUNT]; /* of the whole, without segments */
    size_t n_segments;
    nrr_split_part *segments;
} nrr_split;

/* From flows by segment on both sides. STRATA_E_DATA when a side's base is 0: then NRR is not
 * defined. Allocated in `a`. */
STRATA_MUST_CHECK strata_status nrr_split_make(arena *a, const nrr_flow *before,
                                               const nrr_flow *after, size_t n_segments,
                                               nrr_split **out, strata_error *err);

/* Point to point between the ends of two days, by group: an account of the base that pays more
 * expands, less contracts, nothing churns; with `reactivation`, one that paid before `from`, not
 * on it, and pays on `to` adds what it pays. flows: g->n + 1, the last for those in no group. */
void nrr_flows(const arr_book *book, const groups *g, day from, day to, bool reactivation,
               nrr_flow *flows);

#endif
