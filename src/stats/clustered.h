/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERED_H
#define STRATA_STATS_CLUSTERED_H

/* Areas under the ROC curve from observations that come several to an account: an account looked at
 * on many dates says much less than as many accounts looked at once. Accounts (clusters) are taken
 * as independent, whatever their observations do together. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/proportion.h"

/* How well ordered levels tell an event: the chance that a random observation with the event is in
 * a higher class than one without it, ties counting half (the area under the ROC curve). */
typedef struct ranked_observations {
    size_t n, n_clusters, n_levels;
    const uint32_t *cluster; /* below n_clusters */
    const uint16_t *level;   /* below n_levels, by rising risk */
    const uint8_t *event;    /* 0 or 1 */
} ranked_observations;

typedef struct clustered_auc {
    bool defined; /* false: all observations have the event, or none; the rest is 0 */
    double auc, se;
    interval within; /* 95 %, on the logit scale; auc alone where it is 0 or 1 */
    size_t events, others, clusters;
} clustered_auc;

/* The variance adds up what each cluster contributes (DeLong, DeLong & Clarke-Pearson 1988,
 * Biometrics 44:837, placement values; summed by cluster as in Obuchowski 1997, Biometrics 53:567,
 * with one factor K / (K - 1) for K clusters). `influence` (n_clusters; may be NULL) is that
 * contribution: the variance of a difference of two areas over the same clusters is
 * K / (K - 1) times the sum of the squares of the differences of their influences.
 * STRATA_E_USAGE for a level, cluster or event out of range; STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status clustered_auc_of(const ranked_observations *o, double *influence,
                                                 clustered_auc *out, strata_error *err);

/* The areas' difference a - b with its interval, from their influences over the same clusters. */
typedef struct clustered_difference {
    double difference, se, p; /* p two-sided, normal; 1 when nothing varies */
    interval within;
} clustered_difference;
clustered_difference clustered_auc_difference(const clustered_auc *a, const double *influence_a,
                                              const clustered_auc *b, const double *influence_b,
                                              size_t n_clusters);

#endif
