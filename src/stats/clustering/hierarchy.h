/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_HIERARCHY_H
#define STRATA_STATS_CLUSTERING_HIERARCHY_H

/* Agglomerative clustering: the two nearest clusters become one until one is left. By the
 * nearest-neighbour chain (Murtagh 1983; Muellner 2011), which finds the same tree as looking for
 * the nearest pair every time. */

#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "stats/clustering/points.h"

/* How far apart two clusters are, by Euclidean distances. */
typedef enum linkage {
    LINKAGE_WARD,    /* sqrt(2 |a| |b| / (|a| + |b|)) times the distance of their means (Ward 1963):
                        its square is twice what merging them adds to the sum of squares */
    LINKAGE_AVERAGE, /* mean distance of a point of one and a point of the other */
    LINKAGE_COMPLETE /* the greatest such distance */
} linkage;

/* Numbered and measured as SciPy's linkage() does: cluster i < n is point i, n + m the one that
 * merge m made. Heights never fall. */
typedef struct merge {
    uint32_t a, b; /* a < b */
    double height;
    uint32_t size; /* points in the new cluster */
} merge;

typedef struct hierarchy {
    size_t n;
    merge *merges; /* [n - 1] */
} hierarchy;

/* Average and complete linkage keep the distances of all pairs of different points: 1.6 GB for as
 * many as this, and no more than this are taken. Ward keeps n d numbers. */
enum { HIERARCHY_PAIRED_POINTS = 20000 };

/* Builds the tree, allocated in `a`; time grows with n squared times d. Depends on the order of
 * points in numbering only, also where distances are equal. One point: no merges.
 * STRATA_E_DATA: bad points, too many different ones; STRATA_E_NUMERIC: distances beyond the range
 * of numbers. */
STRATA_MUST_CHECK strata_status hierarchy_run(const context *cx, const points *p, linkage l,
                                              arena *a, hierarchy *out, strata_error *err);

/* The k clusters that are left before the last k - 1 merges: label[n], larger clusters first, of
 * equally large ones that with the first point. STRATA_E_USAGE: k outside 1 .. n. */
STRATA_MUST_CHECK strata_status hierarchy_cut(const hierarchy *h, size_t k, uint32_t *label,
                                              strata_error *err);

#endif
