/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_MAP_H
#define STRATA_CLUSTER_MAP_H

/* The points in the plane: their first two principal components. */

#include "base/context.h"
#include "cluster/fit.h"

enum { CLUSTER_MAP_MOST = 1500, CLUSTER_MAP_LOADINGS = 3 };

typedef struct cluster_map {
    size_t n; /* points shown, of n_all; drawn by chance when there are fewer */
    size_t n_all;
    const double *x, *y;               /* n */
    const uint32_t *label;             /* n */
    const double *centre_x, *centre_y; /* by cluster */
    double share[2];                   /* of the spread (variance), by component; 0 for d = 1 */
    const double *loading[2];          /* d */
} cluster_map;

/* Signs are such that the largest loading is above 0. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_map_make(const context *cx, const points *p,
                                                 const cluster_fit *fit, arena *a, cluster_map *out,
                                                 strata_error *err);

#endif
