/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_NEAREST_CENTRE_H
#define STRATA_STATS_CLUSTERING_NEAREST_CENTRE_H

#include <stddef.h>
#include <stdint.h>

#include "stats/numeric/lanes.h"

/* n blocks of LANES points of d coordinates: x[(block * d + j) * LANES + lane], where lanes may
 * start (lanes_room). */
typedef struct point_blocks {
    const double *x;
    size_t n, d;
} point_blocks;

/* What is found of a block's points. Distances are squares added up coordinate by coordinate. */
typedef struct nearest_centre {
    lanes_int label; /* of the nearest; the first of several equally near */
    /* By how much the second nearest is farther, in units, rounded down by as much as a float may
     * be wrong; infinite for a single centre. Below 1e-22 units anything may come out as 0. */
    lanes_float slack;
} nearest_centre;

#define NEAREST_ROUNDING 0x1p-22F /* more than a float loses in a few operations */

/* blocks: room for points at[0 .. n - 1] of x (row by row, d coordinates), the last block filled up
 * with the first of them. */
void point_blocks_fill(const double *x, size_t d, const uint32_t *at, size_t n, double *blocks);

/* out[block]: the nearest of k centres (centres[c * d + j]); slack in units of the square root of
 * `unit2`. */
void nearest_centres(const point_blocks *b, const double *centres, size_t k, double unit2,
                     nearest_centre *out);

/* after[i] = the smaller of before[i] and the squared distance to the centre (0 where that is at
 * most `negligible`), all by blocks. Returns the sum of after, lane by lane and then over the
 * lanes. */
double nearest_so_far(const point_blocks *b, const double *centre, double negligible,
                      const double *before, double *after);

#endif
