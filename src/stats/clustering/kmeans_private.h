/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_KMEANS_PRIVATE_H
#define STRATA_STATS_CLUSTERING_KMEANS_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/context.h"
#include "base/rng.h"
#include "stats/clustering/kmeans.h"
#include "stats/clustering/points.h"

__extension__ typedef __int128 kmeans_sum;

/* The points and what is needed to measure them. |x| is below 2^400 and the extent above 2^-400. */
typedef struct kmeans_space {
    const double *x;
    size_t n, d, k;
    double *to_whole;   /* [d] power of two: x times it is below 2^62 */
    double extent2;     /* squared diagonal of the box around the points; > 0 unless all are one */
    double negligible2; /* squared distance below which points count as one */
    double margin;      /* of bounds, in extents: more than rounding can matter */
} kmeans_space;

/* One start on its way. Bounds are in units of the extent. */
typedef struct kmeans_start {
    double *centres;  /* [k * d] */
    double *previous; /* [k * d] the centres before the last update */
    kmeans_sum *sum;  /* [k * d] exact sums of the points by label, times to_whole */
    int64_t *size;    /* [k] */
    double *moved;    /* [k] since the start, by which bounds of a cluster's points have shrunk */
    float *limit;     /* [k] moved, rounded up: a point whose slack is not above it is looked at */
    uint32_t *label;  /* [n] UINT32_MAX: none yet */
    float *slack;     /* [n] second nearest less nearest, plus moved at that time */
    size_t iterations, changed;
    uint64_t looks; /* at points, in all iterations */
    double inertia;
    bool labelled, done, converged;
} kmeans_start;

/* When a start is done. */
typedef struct kmeans_until {
    size_t changed; /* points that changed in an iteration, at most */
    size_t iterations;
    bool plain;
} kmeans_until;

/* Draws k centres from points (row by row, in `centres`). STRATA_E_DATA: fewer than k different
 * points. */
STRATA_MUST_CHECK strata_status kmeans_seed(const kmeans_space *s, rng *r, double *centres,
                                            strata_error *err);

/* Iterates all starts, side by side over each stretch of points, to their ends. */
STRATA_MUST_CHECK strata_status kmeans_iterate(const context *cx, const kmeans_space *s,
                                               const kmeans_until *until, kmeans_start *starts,
                                               size_t n_starts, strata_error *err);

#endif
