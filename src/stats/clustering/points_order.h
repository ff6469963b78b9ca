/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_POINTS_ORDER_H
#define STRATA_STATS_CLUSTERING_POINTS_ORDER_H

#include <stdint.h>

#include <strata/error.h>

#include "stats/clustering/points.h"

/* order[n]: the points sorted by their first coordinate, then the second and so on, equal points by
 * their place. What goes through points in this order does not depend on the order they came in.
 * At most UINT32_MAX points, all finite. */
STRATA_MUST_CHECK strata_status points_order(const points *p, uint32_t *order, strata_error *err);

#endif
