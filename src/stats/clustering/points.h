/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_POINTS_H
#define STRATA_STATS_CLUSTERING_POINTS_H

#include <stddef.h>

#include <strata/error.h>

/* n points of d coordinates, row by row: coordinate j of point i is x[i * d + j]. No value is
 * missing or infinite; callers fill in or drop what is missing first. */
typedef struct points {
    const double *x;
    size_t n, d;
} points;

/* STRATA_E_DATA: no points, or a value that is not finite (says which). STRATA_E_USAGE: no
 * coordinates. */
STRATA_MUST_CHECK strata_status points_check(const points *p, strata_error *err);

#endif
