/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/nearest_centre.h"

#include <math.h>

typedef double quad __attribute__((vector_size(4 * sizeof(double))));
typedef double quad_anywhere
    __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double))));

/* Four coordinates of four points change rows for columns. */
LANES_INLINE void turn(const double *const *from, size_t j, double *to)
{
    quad a = *(const quad_anywhere *)(const void *)(from[0] + j);
    quad b = *(const quad_anywhere *)(const void *)(from[1] + j);
    quad c = *(const quad_anywhere *)(const void *)(from[2] + j);
    quad d = *(const quad_anywhere *)(const void *)(from[3] + j);
    quad ab_even = __builtin_shufflevector(a, b, 0, 4, 2, 6);
    quad ab_odd = __builtin_shufflevector(a, b, 1, 5, 3, 7);
    quad cd_even = __builtin_shufflevector(c, d, 0, 4, 2, 6);
    quad cd_odd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
    quad *out = (quad *)(void *)(to + j * LANES);
    out[0] = __builtin_shufflevector(ab_even, cd_even, 0, 1, 4, 5);
    out[2] = __builtin_shufflevector(ab_odd, cd_odd, 0, 1, 4, 5);
    out[4] = __builtin_shufflevector(ab_even, cd_even, 2, 3, 6, 7);
    out[6] = __builtin_shufflevector(ab_odd, cd_odd, 2, 3, 6, 7);
}

LANES_INLINE void fill_body(const double *x, size_t d, const uint32_t *at, size_t n, double *blocks)
{
    for (size_t i = 0; i < (n + LANES - 1) / LANES * LANES; i += 4) {
        const double *from[4];
        double *to = blocks + i / LANES * LANES * d + i % LANES;
        size_t j = 0;
        for (size_t lane = 0; lane < 4; lane++) {
            from[lane] = x + at[i + lane < n ? i + lane : 0] * d;
        }
        for (; j + 4 <= d; j += 4) {
            turn(from, j, to);
        }
        for (; j < d; j++) {
            for (size_t lane = 0; lane < 4; lane++) {
                to[j * LANES + lane] = from[lane][j];
            }
        }
    }
}

LANES_INLINE void squared_distances(const lanes *block, size_t d, const double *centre, lanes *out)
{
    lanes sum = {0};
    for (size_t j = 0; j < d; j++) {
        lanes off = block[j] - centre[j];
        sum += off * off;
    }
    *out = sum;
}

/* Square roots of squares / unit2. */
LANES_INLINE void roots(const lanes *squares, double per_unit2, lanes_float *out)
{
    lanes_float in = __builtin_convertvector(*squares * per_unit2, lanes_float);
    for (size_t lane = 0; lane < LANES; lane++) {
        (*out)[lane] = sqrtf(in[lane]);
    }
}

LANES_INLINE void nearest_body(const point_blocks *p, const double *centres, size_t k,
                               double per_unit2, nearest_centre *out)
{
    for (size_t b = 0; b < p->n; b++) {
        const lanes *block = (const lanes *)(const void *)(p->x + b * p->d * LANES);
        lanes best = (lanes){0} + INFINITY;
        lanes second = best;
        lanes_int label = {0};
        lanes_float near;
        lanes_float far;
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
        roots(&best, per_unit2, &near);
        roots(&second, per_unit2, &far);
        out[b].label = label;
        out[b].slack = far * (1.0F - NEAREST_ROUNDING) - near * (1.0F + NEAREST_ROUNDING);
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

LANES_DEFINE(fill, (const double *x, size_t d, const uint32_t *at, size_t n, double *blocks),
             fill_body(x, d, at, n, blocks))
LANES_DEFINE(nearest,
             (const point_blocks *p, const double *centres, size_t k, double per_unit2,
              nearest_centre *out),
             nearest_body(p, centres, k, per_unit2, out))
LANES_DEFINE(so_far,
             (const point_blocks *p, const double *centre, double negligible, const double *before,
              double *after, lanes *total),
             so_far_body(p, centre, negligible, before, after, total))

void point_blocks_fill(const double *x, size_t d, const uint32_t *at, size_t n, double *blocks)
{
    LANES_RUN(fill, (x, d, at, n, blocks));
}

void nearest_centres(const point_blocks *b, const double *centres, size_t k, double unit2,
                     nearest_centre *out)
{
    LANES_RUN(nearest, (b, centres, k, 1.0 / unit2, out));
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
