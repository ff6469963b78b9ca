/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_SAMPLE_H
#define STRATA_CLUSTER_SAMPLE_H

/* Inside the module: some of the points, and the nearest of some centres. */

#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "stats/clustering/points.h"

/* Streams of random numbers, apart for each purpose. */
enum {
    CLUSTER_STREAM_FIT = 4100,
    CLUSTER_STREAM_SAMPLE = 4200,
    CLUSTER_STREAM_COMPARE = 4300,
    CLUSTER_STREAM_GAP = 4400,
    CLUSTER_STREAM_BIC = 4500,
    CLUSTER_STREAM_MAP = 4600,
    CLUSTER_STREAM_FOLDS = 4700,
    CLUSTER_STREAM_TREE = 4800,
    CLUSTER_STREAM_BOOTSTRAP = 5000
};

/* At most m of n rows, each with the same chance, ascending; *n_rows of them. In `a`. */
STRATA_MUST_CHECK strata_status sample_rows(uint64_t seed, uint64_t stream, size_t n, size_t m,
                                            arena *a, uint32_t **rows, size_t *n_rows,
                                            strata_error *err);
/* Copies of these points, in `a`. */
STRATA_MUST_CHECK strata_status sample_points(const points *p, const uint32_t *rows, size_t n_rows,
                                              arena *a, points *out, strata_error *err);

/* The centre nearest to a point; the first of equally near ones. *squared: the distance. */
size_t centre_nearest_to(const double *x, const double *centres, size_t k, size_t d,
                         double *squared);

#endif
