/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_GAP_H
#define STRATA_STATS_CLUSTERING_GAP_H

#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "stats/clustering/points.h"

/* The gap statistic (Tibshirani, Walther & Hastie 2001): how much better k clusters fit the points
 * than they fit points without any, spread evenly over the box of the principal axes. */
typedef struct gap_step {
    size_t k;
    double log_w;          /* logarithm of the sum of squares within k-means clusters */
    double expected_log_w; /* mean of the same over the references */
    double gap;            /* expected_log_w - log_w */
    double
        s; /* of the gap: standard deviation over the references times sqrt(1 + 1 / references) */
} gap_step;

enum {
    GAP_REFERENCES = 50, /* a good number */
    GAP_STARTS = 10      /* of every k-means fit */
};

typedef struct gap_options {
    size_t k_max, n_references; /* both at least 1 */
    uint64_t stream;            /* tells computations apart that use one seed (cx->seed) */
} gap_options;

/* steps[k - 1] for k = 1 .. k_max. *chosen: the smallest k with gap(k) >= gap(k + 1) - s(k + 1),
 * k_max when there is none (then it may be too small). Room is taken from `a`. Neither threads nor
 * the order of points change anything. Time: (references + 1) k_max k-means fits of as many points.
 * STRATA_E_USAGE: k_max or n_references 0; STRATA_E_DATA: bad points, or not more different ones
 * than k_max (says how many there are). */
STRATA_MUST_CHECK strata_status gap_compute(const context *cx, const points *p,
                                            const gap_options *o, arena *a, gap_step *steps,
                                            size_t *chosen, strata_error *err);

#endif
