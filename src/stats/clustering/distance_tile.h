/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_DISTANCE_TILE_H
#define STRATA_STATS_CLUSTERING_DISTANCE_TILE_H

#include "stats/numeric/lanes.h"

/* Two sets of points: rows one by one, columns LANES at a time. */
typedef struct tile_pair {
    const double *rows; /* rows[row * d + j] */
    size_t n_rows;
    const lanes *blocks; /* blocks[block * d + j]; the last block is filled up with any numbers */
    size_t n_columns;
    size_t d;
    double *row_sums;   /* of every row: the sum of its distances to all columns */
    lanes *column_sums; /* of every column over all rows; NULL: not wanted */
} tile_pair;

/* Euclidean distances of all rows and columns, added up. The same to the bit on any processor. */
void distance_tile(const tile_pair *t);

#endif
