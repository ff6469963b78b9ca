/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/distance_tile.h"

#include <math.h>
#include <string.h>

enum { ROWS = 4 }; /* that share what is read of a block */

LANES_INLINE void root(lanes *v)
{
    const lanes x = *v;
    *v = (lanes){sqrt(x[0]), sqrt(x[1]), sqrt(x[2]), sqrt(x[3]),
                 sqrt(x[4]), sqrt(x[5]), sqrt(x[6]), sqrt(x[7])};
}

/* Distances of one block to ROWS rows, d numbers apart. Sums by name: an array would be memory. */
LANES_INLINE void measure_rows(const lanes *block, const double *row, size_t d, lanes out[ROWS])
{
    lanes a = {0};
    lanes b = {0};
    lanes c = {0};
    lanes e = {0};
    for (size_t j = 0; j < d; j++) {
        lanes off = block[j] - row[j];
        a += off * off;
        off = block[j] - row[d + j];
        b += off * off;
        off = block[j] - row[2 * d + j];
        c += off * off;
        off = block[j] - row[3 * d + j];
        e += off * off;
    }
    root(&a);
    root(&b);
    root(&c);
    root(&e);
    out[0] = a;
    out[1] = b;
    out[2] = c;
    out[3] = e;
}

LANES_INLINE double add_lanes(const lanes *v)
{
    const lanes x = *v;
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/* Only the first `used` lanes count. */
LANES_INLINE void keep_first(size_t used, lanes *v)
{
    const lanes_int lane = {0, 1, 2, 3, 4, 5, 6, 7};
    *v = LANES_PICK(lane < (lanes_int){0} + (int64_t)used, *v, (lanes){0});
}

LANES_INLINE void rows_body(const tile_pair *t, const double *row, double *row_sums)
{
    lanes at[ROWS];
    lanes a = {0};
    lanes b = {0};
    lanes c = {0};
    lanes e = {0};
    size_t full = t->n_columns / LANES;
    for (size_t i = 0; i < full; i++) {
        measure_rows(t->blocks + i * t->d, row, t->d, at);
        a += at[0];
        b += at[1];
        c += at[2];
        e += at[3];
        if (t->column_sums != NULL) {
            t->column_sums[i] += (at[0] + at[1]) + (at[2] + at[3]);
        }
    }
    if (t->n_columns % LANES > 0) {
        measure_rows(t->blocks + full * t->d, row, t->d, at);
        if (t->column_sums != NULL) {
            t->column_sums[full] += (at[0] + at[1]) + (at[2] + at[3]);
        }
        for (size_t r = 0; r < ROWS; r++) {
            keep_first(t->n_columns % LANES, &at[r]);
        }
        a += at[0];
        b += at[1];
        c += at[2];
        e += at[3];
    }
    row_sums[0] = add_lanes(&a);
    row_sums[1] = add_lanes(&b);
    row_sums[2] = add_lanes(&c);
    row_sums[3] = add_lanes(&e);
}

/* The last rows, under ROWS of them. */
LANES_INLINE void row_body(const tile_pair *t, const double *row, double *row_sum)
{
    lanes sum = {0};
    for (size_t i = 0; i * LANES < t->n_columns; i++) {
        lanes at = {0};
        for (size_t j = 0; j < t->d; j++) {
            lanes off = t->blocks[i * t->d + j] - row[j];
            at += off * off;
        }
        root(&at);
        if (t->column_sums != NULL) {
            t->column_sums[i] += at;
        }
        if ((i + 1) * LANES > t->n_columns) {
            keep_first(t->n_columns % LANES, &at);
        }
        sum += at;
    }
    *row_sum = add_lanes(&sum);
}

LANES_INLINE void tile_body(const tile_pair *t)
{
    size_t row = 0;
    for (; row + ROWS <= t->n_rows; row += ROWS) {
        rows_body(t, t->rows + row * t->d, t->row_sums + row);
    }
    for (; row < t->n_rows; row++) {
        row_body(t, t->rows + row * t->d, t->row_sums + row);
    }
}

LANES_DEFINE(tile, (const tile_pair *t), tile_body(t))

void distance_tile(const tile_pair *t)
{
    if (t->column_sums != NULL) {
        memset(t->column_sums, 0, (t->n_columns + LANES - 1) / LANES * sizeof(lanes));
    }
    LANES_RUN(tile, (t));
}
