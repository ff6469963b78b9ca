/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/distance_sums.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "stats/clustering/distance_tile.h"
#include "stats/clustering/points_order.h"

enum {
    TILES = 64,       /* at most, beside one more per cluster */
    TILE_POINTS = 64, /* at least, where a cluster has as many */
};

/* Points of one cluster, at positions start .. start + n - 1; start is a multiple of LANES. */
typedef struct tile {
    size_t start, n;
    uint32_t cluster;
} tile;

typedef struct plan {
    const points *p;
    const uint32_t *label;
    size_t k;
    uint32_t *order;    /* points by coordinates, later by cluster and coordinates */
    uint32_t *position; /* of every point */
    tile *tiles;
    size_t n_tiles, n_positions;
    lanes_room rows;   /* coordinates by position */
    lanes_room blocks; /* the same, LANES positions at a time coordinate by coordinate */
    lanes_room parts;  /* parts[tile * n_positions + position]: sum of distances to the tile */
} plan;

static void plan_done(plan *p)
{
    free(p->order);
    free(p->position);
    free(p->tiles);
    lanes_room_done(&p->rows);
    lanes_room_done(&p->blocks);
    lanes_room_done(&p->parts);
}

static size_t padded(size_t n)
{
    return (n + LANES - 1) / LANES * LANES;
}

/* Tiles of the clusters in the order of their first points; `size` counts points per cluster and
 * `next` is where the next point of a cluster goes. */
static void lay_out(plan *q, const size_t *size, size_t *next)
{
    size_t most = padded((q->p->n + TILES - 1) / TILES);
    most = most > TILE_POINTS ? most : TILE_POINTS;
    memset(next, 0xff, q->k * sizeof *next); /* SIZE_MAX: not seen yet */
    for (size_t i = 0; i < q->p->n; i++) {
        uint32_t point = q->order[i];
        uint32_t c = q->label[point];
        if (next[c] == SIZE_MAX) {
            next[c] = q->n_positions;
            for (size_t left = size[c]; left > 0;) {
                size_t n = left < most ? left : most;
                q->tiles[q->n_tiles++] = (tile){q->n_positions, n, c};
                q->n_positions += padded(n);
                left -= n;
            }
        }
        q->position[point] = (uint32_t)next[c]++; /* `most` is padded: only last tiles have gaps */
    }
}

static void place_points(plan *q)
{
    size_t d = q->p->d;
    memset(q->rows.x, 0, q->n_positions * d * sizeof(double));
    memset(q->blocks.x, 0, q->n_positions * d * sizeof(double));
    for (size_t i = 0; i < q->p->n; i++) {
        size_t at = q->position[i];
        memcpy(q->rows.x + at * d, q->p->x + i * d, d * sizeof(double));
        for (size_t j = 0; j < d; j++) {
            q->blocks.x[(at / LANES * d + j) * LANES + at % LANES] = q->p->x[i * d + j];
        }
    }
}

static strata_status plan_make(plan *q, strata_error *err)
{
    size_t n = q->p->n;
    STRATA_AUTO_FREE size_t *size = STRATA_NEW_ARRAY(q->k, size_t);
    STRATA_AUTO_FREE size_t *next = STRATA_NEW_ARRAY(q->k, size_t);
    q->order = STRATA_NEW_ARRAY(n, uint32_t);
    q->position = STRATA_NEW_ARRAY(n, uint32_t);
    q->tiles = STRATA_NEW_ARRAY(TILES + q->k, tile);
    if (size == NULL || next == NULL || q->order == NULL || q->position == NULL ||
        q->tiles == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for distances of %zu points", n);
    }
    for (size_t i = 0; i < n; i++) {
        size[q->label[i]]++;
    }
    STRATA_TRY(points_order(q->p, q->order, err));
    lay_out(q, size, next);
    if (!lanes_room_new(q->n_positions * q->p->d, &q->rows) ||
        !lanes_room_new(q->n_positions * q->p->d, &q->blocks) ||
        !lanes_room_new(q->n_positions * q->n_tiles, &q->parts)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for distances of %zu points", n);
    }
    place_points(q);
    return STRATA_OK;
}

/* Task t is a pair of tiles, first <= second. */
static strata_status measure_pair(void *job, size_t t, strata_error *err)
{
    plan *q = job;
    (void)err;
    size_t first = 0;
    while (t >= q->n_tiles - first) {
        t -= q->n_tiles - first++;
    }
    size_t second = first + t;
    const tile *a = &q->tiles[first];
    const tile *b = &q->tiles[second];
    size_t d = q->p->d;
    tile_pair pair = {.rows = q->rows.x + a->start * d,
                      .n_rows = a->n,
                      .blocks = (const lanes *)(const void *)(q->blocks.x + b->start * d),
                      .n_columns = b->n,
                      .d = d,
                      .row_sums = q->parts.x + second * q->n_positions + a->start};
    if (first < second) {
        pair.column_sums = (lanes *)(void *)(q->parts.x + first * q->n_positions + b->start);
    }
    distance_tile(&pair);
    return STRATA_OK;
}

static strata_status add_parts(const plan *q, double *sums, strata_error *err)
{
    memset(sums, 0, q->p->n * q->k * sizeof *sums);
    for (size_t i = 0; i < q->p->n; i++) {
        for (size_t t = 0; t < q->n_tiles; t++) {
            sums[i * q->k + q->tiles[t].cluster] += q->parts.x[t * q->n_positions + q->position[i]];
        }
        for (size_t c = 0; c < q->k; c++) {
            if (!isfinite(sums[i * q->k + c])) {
                return strata_fail(err, STRATA_E_NUMERIC,
                                   "distances of point %zu are too large to be added: scale the "
                                   "coordinates",
                                   i);
            }
        }
    }
    return STRATA_OK;
}

strata_status distance_sums(const context *cx, const points *p, const uint32_t *label, size_t k,
                            double *sums, strata_error *err)
{
    if (p->n > UINT32_MAX / 2 || p->d > UINT32_MAX) {
        return strata_fail(err, STRATA_E_DATA, "%zu points are too many for all distances", p->n);
    }
    STRATA_CLEANUP(plan_done) plan q = {.p = p, .label = label, .k = k};
    STRATA_TRY(plan_make(&q, err));
    STRATA_TRY(parallel_run(cx, q.n_tiles * (q.n_tiles + 1) / 2, measure_pair, &q, err));
    return add_parts(&q, sums, err);
}
