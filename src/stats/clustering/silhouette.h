/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_SILHOUETTE_H
#define STRATA_STATS_CLUSTERING_SILHOUETTE_H

#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "stats/clustering/points.h"

/* How well points lie in their clusters (Rousseeuw 1987), by Euclidean distances: with a the mean
 * distance of a point to the others of its cluster and b the mean distance to the cluster that is
 * nearest by that measure of all others, (b - a) / max(a, b): near 1 well inside, near 0 between
 * two, below 0 nearer to another. 0 for a cluster of one point and where a = b = 0. */
typedef struct silhouette {
    double mean;        /* of all points */
    double *by_cluster; /* [k] means; NaN for a cluster without points */
    double *by_point;   /* [n] */
} silhouette;

/* Every distance is computed: n (n - 1) / 2 of them. The same to the bit for any number of threads,
 * and, where equal points share a cluster, for any order of points and any names of clusters.
 * Labels under k. Results in `a`. STRATA_E_DATA: bad points, a label of k or more, points in fewer
 * than two clusters; STRATA_E_NUMERIC: distances beyond the range of numbers. Memory: n * (k + 64 +
 * 2 d) numbers. */
STRATA_MUST_CHECK strata_status silhouette_compute(const context *cx, const points *p,
                                                   const uint32_t *label, size_t k, arena *a,
                                                   silhouette *out, strata_error *err);

#endif
