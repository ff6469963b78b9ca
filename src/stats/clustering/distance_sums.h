/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_DISTANCE_SUMS_H
#define STRATA_STATS_CLUSTERING_DISTANCE_SUMS_H

#include <stdint.h>

#include <strata/error.h>

#include "base/context.h"
#include "stats/clustering/points.h"

/* Euclidean distances of every point to all points of every cluster, added up: sums[i * k + c].
 * Each of the n (n - 1) / 2 distances is computed once, tile by tile of points that are sorted by
 * cluster and coordinates, so that the sums depend neither on threads nor on the order of points
 * nor on how clusters are numbered. Checked points; labels under k.
 * STRATA_E_NUMERIC: a sum beyond the range of numbers. */
STRATA_MUST_CHECK strata_status distance_sums(const context *cx, const points *p,
                                              const uint32_t *label, size_t k, double *sums,
                                              strata_error *err);

#endif
