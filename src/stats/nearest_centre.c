/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/nearest_centre.h"

#include <math.h>

LANES_INLINE void squared_distances(const lanes *block, size_t d, const double *centre, lanes *out)
{
    lanes sum = {0};
    for (size_t j = 0; j < d; j++) {
        lanes off = block[j] - centre[j];
        sum += off * off;
    }
    *out = sum;
}

LANES_INLINE void nearest_body(const point_blocks *p, const double *centres, size_t k,
                               nearest_centre *out)
{
    for (size_t b = 0; b < p->n; b++) {
        const lanes *block = (const lanes *)(const void *)(p->x + b * p->d * LANES);
        lanes best = (lanes){0} + INFINITY;
        lanes second = best;
        lanes_int label = {0};
        for (size_t c = 0; c < k; c++) {
            lanes at;
            squared_distances(block, p->d, centres + c * p->d, &at);
            lanes_int nearer = at < best;
            lanes_int next = at < second;
            second = LANES_PICK(next, at, second);
            second = LANES_PICK(nearer, best, second);
            best = LANES_PICK(nearer, at, best);
            label = (((lanes_int){0} + (int64_t)c) & nearer) | (label & ~nearer);
        }
        out[b].best = best;
        out[b].second = second;
        out[b].label = label;
    }
}

LANES_INLINE void so_far_body(const point_blocks *p, const double *centre, double negligible,
                              const double *before, double *after, lanes *total)
{
    lanes sum = {0};
    for (size_t b = 0; b < p->n; b++) {
        lanes at;
        squared_distances((const lanes *)(const void *)(p->x + b * p->d * LANES), p->d, centre,
                          &at);
        at = LANES_PICK(at > (lanes){0} + negligible, at, (lanes){0});
        lanes was = *(const lanes *)(const void *)(before + b * LANES);
        at = LANES_PICK(was < at, was, at);
        *(lanes *)(void *)(after + b * LANES) = at;
        sum += at;
    }
    *total = sum;
}

LANES_DEFINE(nearest, (const point_blocks *p, const double *centres, size_t k, nearest_centre *out),
             nearest_body(p, centres, k, out))
LANES_DEFINE(so_far,
             (const point_blocks *p, const double *centre, double negligible, const double *before,
              double *after, lanes *total),
             so_far_body(p, centre, negligible, before, after, total))

void nearest_centres(const point_blocks *b, const double *centres, size_t k, nearest_centre *out)
{
    LANES_RUN(nearest, (b, centres, k, out));
}

double nearest_so_far(const point_blocks *b, const double *centre, double negligible,
                      const double *before, double *after)
{
    lanes total;
    double sum = 0.0;
    LANES_RUN(so_far, (b, centre, negligible, before, after, &total));
    for (size_t lane = 0; lane < LANES; lane++) {
        sum += total[lane];
    }
    return sum;
}
