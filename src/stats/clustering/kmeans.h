/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_KMEANS_H
#define STRATA_STATS_CLUSTERING_KMEANS_H

/* k-means: k centres such that the squared distances of the points to the nearest of them have a
 * small sum. Starts by greedy k-means++ (Arthur & Vassilvitskii 2007, with 2 + ln k candidates per
 * centre; above KMEANS_SEED_POINTS points, on as many drawn by chance); Lloyd's iterations (1982)
 * until no point changes its cluster; the best of several starts.
 *
 * An iteration looks only at points that may have changed: each knows by how much its second
 * nearest centre was farther than its own, and how far the centres have moved since (bounds after
 * Hamerly 2010, as one number per point and one per cluster, so that nothing needs to be updated
 * per point). Sums are kept exactly, in whole numbers, so that a partition depends neither on
 * threads nor on the order of changes; it is that of plain Lloyd iterations, bit by bit. */

#include <stdbool.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "stats/clustering/points.h"

enum {
    KMEANS_SEED_POINTS = 65536, /* starts are drawn among as many points at most */
    KMEANS_STARTS = 10,         /* good numbers of starts and iterations */
    KMEANS_ITERATIONS = 1000
};

typedef struct kmeans_options {
    size_t k, n_starts, max_iterations; /* all >= 1 */
    uint64_t stream;                    /* tells fits apart that use one seed (cx->seed) */
    bool plain;                         /* look at every point in every iteration, for comparison */
} kmeans_options;

typedef struct kmeans_fit {
    size_t k, d, n;
    double *centres;   /* centres[c * d + j]: means of the clusters' points */
    uint32_t *label;   /* [n] 0 .. k-1, nearest centre; clusters with more points come first, equal
                          ones by their centres' coordinates */
    size_t *size;      /* [k] at least 1 each */
    double inertia;    /* sum of squared distances to the own centre; infinite beyond doubles */
    size_t iterations; /* of the best start: updates of the centres */
    bool converged;    /* no point changes any more; else the centres may lag behind the labels */
    uint64_t looks;    /* points compared with all centres, over all starts and iterations */
} kmeans_fit;

/* Fits k clusters; *out is allocated in `a`. The same for any number of threads. A cluster that
 * loses its last point takes the point farthest from its own centre.
 * STRATA_E_DATA: no points, values that are not finite, k over the number of different points
 * (says how many there are; points closer than 2^-48 of the extent count as one);
 * STRATA_E_USAGE: options below 1; STRATA_E_NOMEM; STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status kmeans_run(const context *cx, const points *p,
                                           const kmeans_options *o, arena *a, kmeans_fit *out,
                                           strata_error *err);

#endif
