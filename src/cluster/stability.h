/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_STABILITY_H
#define STRATA_CLUSTER_STABILITY_H

/* Do the clusters come again when accounts are drawn anew? */

#include "cluster/fit.h"
#include "stats/clustering/partition.h"

enum { CLUSTER_REPLICATES = 50, CLUSTER_REPLICATES_MIXTURE = 20 };

typedef struct cluster_stability {
    const partition_stability *of; /* by cluster */
    size_t replicates, draws;      /* accounts drawn per replicate */
} cluster_stability;

/* Clusters accounts drawn with replacement by the same method and k. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_stability_make(const context *cx, const points *p,
                                                       cluster_method method,
                                                       const cluster_fit *fit, arena *a,
                                                       cluster_stability *out, strata_error *err);

/* A cluster that comes again: Jaccard over 0.75. */
extern const double CLUSTER_STABLE;

/* "stable", "a pattern, its edges unsure", "not stable" (Hennig 2008). */
const char *cluster_stability_words(double jaccard);

#endif
