/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NEAREST_CENTRE_H
#define STRATA_STATS_NEAREST_CENTRE_H

#include <stddef.h>
#include <stdint.h>

#include "stats/lanes.h"

/* n blocks of LANES points of d coordinates: x[(block * d + j) * LANES + lane], where lanes may
 * start (lanes_room). */
typedef struct point_blocks {
    const double *x;
    size_t n, d;
} point_blocks;

/* Squared distances, added up coordinate by coordinate, of a block's points. */
typedef struct nearest_centre {
    lanes best, second; /* second: infinite for a single centre */
    lanes_int label;    /* of the nearest; the first of several equally near */
} nearest_centre;

/* out[block]: nearest and second nearest of k centres (centres[c * d + j]). */
void nearest_centres(const point_blocks *b, const double *centres, size_t k, nearest_centre *out);

/* after[i] = the smaller of before[i] and the squared distance to the centre (0 where that is at
 * most `negligible`), all by blocks. Returns the sum of after, lane by lane and then over the
 * lanes. */
double nearest_so_far(const point_blocks *b, const double *centre, double negligible,
                      const double *before, double *after);

#endif
