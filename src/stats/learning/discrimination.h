/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_DISCRIMINATION_H
#define STRATA_STATS_LEARNING_DISCRIMINATION_H

/* Does a score put those to whom it happened above the rest, and by how much? Everything here
 * depends on the order of the scores alone and not on the order of the rows; equal scores are never
 * told apart. O(n log n). For how good the probabilities themselves are see calibration.h. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/inference/proportion.h"
#include "stats/inference/test.h"
#include "stats/learning/scored.h"

/* Rows that are not independent of each other: the same account on several dates. Borrowed. */
typedef struct scored_clusters {
    const uint32_t *cluster; /* of n, in 0 .. n_clusters - 1; NULL: each row is on its own */
    size_t n_clusters;
} scored_clusters;

/* Area under the ROC curve: the chance that a random positive has a higher score than a random
 * negative, equal scores counting half. Zeros when not defined. */
typedef struct auc_result {
    bool defined; /* both outcomes occur */
    size_t n_positive, n_negative;
    double auc;
    bool bounded; /* there is an interval: two rows (or clusters) or more of either outcome, and the
                   * data show some spread. Not so when the order is perfect: auc is 1 and nothing
                   * says how far below the truth may lie. */
    double se;
    interval interval_95; /* auc -+ 1.96 se, within 0..1 */
} auc_result;

/* Variance: DeLong, DeLong & Clarke-Pearson 1988 (Biometrics 44:837; R: pROC::ci.auc), by ranks as
 * Sun & Xu 2014; with clusters, Obuchowski 1997 (Biometrics 53:567), which is the same when each
 * row is its own cluster. One outcome only: STRATA_OK, not defined. Fails as scored_check(); a
 * cluster out of range is STRATA_E_USAGE. */
STRATA_MUST_CHECK strata_status auc_compute(const scored *s, const scored_clusters *clusters,
                                            auc_result *out, strata_error *err);

/* Two scores of the same rows. */
typedef struct auc_difference {
    auc_result a, b;
    double difference; /* a - b */
    double se;
    interval interval_95; /* of the difference */
    stat_test test;       /* are they equal? Statistic: z; effect: the difference. Not defined when
                           * one is not, and when the scores order the rows alike (se 0). */
} auc_difference;

/* DeLong's test for paired curves (R: pROC::roc.test(paired = TRUE)); with clusters, Obuchowski's.
 * score_b: of s->n, finite. Fails as auc_compute(). */
STRATA_MUST_CHECK strata_status auc_compare(const scored *s, const double *score_b,
                                            const scored_clusters *clusters, auc_difference *out,
                                            strata_error *err);

/* Area under the precision-recall curve as average precision: sum over the distinct scores, from
 * the highest down, of (recall gained there) x (precision among those at or above it). Steps, no
 * straight lines between them (Davis & Goadrich 2006; sklearn: average_precision_score). A score
 * that says nothing has about the share of positives. *defined is false, *out 0 without a positive.
 */
STRATA_MUST_CHECK strata_status average_precision(const scored *s, double *out, bool *defined,
                                                  strata_error *err);

/* What is found when only the highest scores are looked at. */
typedef struct lift_result {
    bool defined; /* something happened at all */
    double share; /* as asked for */
    size_t taken; /* rows looked at: share x n, rounded up, at least 1 */
    double hits;  /* positives among them; of those tied at the edge, the share that fits in */
    size_t tied;  /* rows with the score at the edge, when not all of them fit in; else 0 */
    double rate;  /* hits / taken */
    double base;  /* positives / n */
    double lift;  /* rate / base */
    double found; /* hits / positives */
} lift_result;

/* share in 0..1, above 0 (else STRATA_E_USAGE). Where the edge cuts through equal scores, as many
 * positives are counted as a random choice among them has on average. Not defined for n = 0 and
 * without a positive. Fails as scored_check(). */
STRATA_MUST_CHECK strata_status lift_at(const scored *s, double share, lift_result *out,
                                        strata_error *err);

#endif
