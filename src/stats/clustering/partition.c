/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/partition.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Pairs of things with the same key >> shift; `keys` is sorted. */
static double equal_pairs(const uint64_t *keys, size_t n, unsigned shift)
{
    double sum = 0.0;
    for (size_t i = 0; i < n;) {
        size_t j = i;
        while (j < n && keys[j] >> shift == keys[i] >> shift) {
            j++;
        }
        sum += (double)(j - i) * ((double)(j - i) - 1.0) / 2.0;
        i = j;
    }
    return sum;
}

strata_status adjusted_rand_index(const uint32_t *a, const uint32_t *b, size_t n, double *out,
                                  strata_error *err)
{
    STRATA_AUTO_FREE uint64_t *keys = STRATA_NEW_ARRAY(n, uint64_t);
    if (keys == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing groupings of %zu", n);
    }
    for (size_t i = 0; i < n; i++) {
        keys[i] = ((uint64_t)a[i] << 32) | b[i];
    }
    qsort(keys, n, sizeof *keys, by_key);
    double both = equal_pairs(keys, n, 0);
    double in_a = equal_pairs(keys, n, 32);
    for (size_t i = 0; i < n; i++) {
        keys[i] = b[i];
    }
    qsort(keys, n, sizeof *keys, by_key);
    double in_b = equal_pairs(keys, n, 0);
    double all = (double)n * ((double)n - 1.0) / 2.0;
    double expected = all > 0.0 ? in_a * in_b / all : 0.0;
    double most = (in_a + in_b) / 2.0;
    *out = most - expected > 0.0 ? (both - expected) / (most - expected) : 1.0;
    return STRATA_OK;
}

void partition_overlap(const uint32_t *a, size_t ka, const uint32_t *b, size_t kb, size_t n,
                       size_t *counts)
{
    memset(counts, 0, ka * kb * sizeof *counts);
    for (size_t i = 0; i < n; i++) {
        counts[a[i] * kb + b[i]]++;
    }
}

strata_status partition_jaccard(const size_t *counts, size_t ka, size_t kb, double *out,
                                strata_error *err)
{
    STRATA_AUTO_FREE size_t *in_b = STRATA_NEW_ARRAY(kb, size_t);
    if (in_b == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing %zu groups", kb);
    }
    for (size_t i = 0; i < ka * kb; i++) {
        in_b[i % kb] += counts[i];
    }
    for (size_t g = 0; g < ka; g++) {
        size_t in_a = 0;
        for (size_t h = 0; h < kb; h++) {
            in_a += counts[g * kb + h];
        }
        for (size_t h = 0; h < kb; h++) {
            size_t both = counts[g * kb + h];
            size_t either = in_a + in_b[h] - both;
            out[g * kb + h] = either > 0 ? (double)both / (double)either : 0.0;
        }
    }
    return STRATA_OK;
}

/* --- assignment --- */

/* The problem as Crouse 2016 puts it: the shorter side is assigned one by one, costs are what a
 * pair gains less than the best one. */
typedef struct assignment {
    const double *gain;
    size_t n, m;  /* shorter and longer side */
    size_t cols;  /* of `gain` */
    bool flipped; /* the shorter side are the columns of `gain` */
    double most;
    double *u, *v, *shortest; /* dual variables; cost of the shortest path to a column */
    size_t *parent, *row_of_col, *col_of_row;
    uint8_t *row_seen, *col_seen;
} assignment;

/* A pair that gains nothing is as good as none. */
static double cost(const assignment *s, size_t i, size_t j)
{
    double gain = s->flipped ? s->gain[j * s->cols + i] : s->gain[i * s->cols + j];
    return s->most - fmax(gain, 0.0);
}

/* Shorter ways to the columns not reached yet, through `row` which is reached at cost `least`. */
static void shorten_paths(assignment *s, size_t row, double least)
{
    for (size_t j = 0; j < s->m; j++) {
        double through = least + cost(s, row, j) - s->u[row] - s->v[j];
        if (!s->col_seen[j] && through < s->shortest[j]) {
            s->shortest[j] = through;
            s->parent[j] = row;
        }
    }
}

/* The nearest column not reached yet; of equally near ones a free one, which ends the search. */
static size_t nearest_column(const assignment *s)
{
    size_t best = SIZE_MAX;
    for (size_t j = 0; j < s->m; j++) {
        if (s->col_seen[j]) {
            continue;
        }
        if (best == SIZE_MAX || s->shortest[j] < s->shortest[best] ||
            (!(s->shortest[j] > s->shortest[best]) && s->row_of_col[j] == SIZE_MAX &&
             s->row_of_col[best] != SIZE_MAX)) {
            best = j;
        }
    }
    return best;
}

/* The free column at the end of the shortest augmenting path from row `start`. */
static size_t shortest_path(assignment *s, size_t start)
{
    for (size_t j = 0; j < s->m; j++) {
        s->shortest[j] = INFINITY;
        s->col_seen[j] = 0;
    }
    memset(s->row_seen, 0, s->n);
    double least = 0.0;
    for (size_t row = start;;) {
        s->row_seen[row] = 1;
        shorten_paths(s, row, least);
        size_t next = nearest_column(s);
        s->col_seen[next] = 1;
        if (s->row_of_col[next] == SIZE_MAX) {
            return next;
        }
        least = s->shortest[next];
        row = s->row_of_col[next];
    }
}

static void assign_row(assignment *s, size_t start)
{
    size_t sink = shortest_path(s, start);
    double length = s->shortest[sink];
    s->u[start] += length;
    for (size_t i = 0; i < s->n; i++) {
        if (s->row_seen[i] && i != start) {
            s->u[i] += length - s->shortest[s->col_of_row[i]];
        }
    }
    for (size_t j = 0; j < s->m; j++) {
        if (s->col_seen[j]) {
            s->v[j] -= length - s->shortest[j];
        }
    }
    for (size_t j = sink;;) {
        size_t i = s->parent[j];
        size_t before = s->col_of_row[i];
        s->row_of_col[j] = i;
        s->col_of_row[i] = j;
        if (i == start) {
            return;
        }
        j = before;
    }
}

static strata_status check_gains(const double *gain, size_t rows, size_t cols, double *most,
                                 strata_error *err)
{
    for (size_t i = 0; i < rows * cols; i++) {
        if (!isfinite(gain[i])) {
            return strata_fail(err, STRATA_E_DATA, "the gain of row %zu and column %zu is %g",
                               i / cols, i % cols, gain[i]);
        }
        *most = fmax(*most, gain[i]);
    }
    return STRATA_OK;
}

static void read_pairs(const assignment *s, size_t rows, size_t *col_of_row)
{
    for (size_t row = 0; row < rows; row++) {
        size_t col = s->flipped ? s->row_of_col[row] : s->col_of_row[row];
        bool gains = col != SIZE_MAX && s->gain[row * s->cols + col] > 0.0;
        col_of_row[row] = gains ? col : SIZE_MAX;
    }
}

strata_status partition_match(const double *gain, size_t rows, size_t cols, size_t *col_of_row,
                              strata_error *err)
{
    assignment s = {.gain = gain, .cols = cols, .flipped = rows > cols};
    STRATA_TRY(check_gains(gain, rows, cols, &s.most, err));
    s.n = s.flipped ? cols : rows;
    s.m = s.flipped ? rows : cols;
    STRATA_AUTO_FREE double *numbers = STRATA_NEW_ARRAY(s.n + 2 * s.m, double);
    STRATA_AUTO_FREE size_t *places = STRATA_NEW_ARRAY(s.n + 2 * s.m, size_t);
    STRATA_AUTO_FREE uint8_t *seen = STRATA_NEW_ARRAY(s.n + s.m, uint8_t);
    if (numbers == NULL || places == NULL || seen == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory matching %zu with %zu groups", rows,
                           cols);
    }
    s.u = numbers;
    s.v = s.u + s.n;
    s.shortest = s.v + s.m;
    s.col_of_row = places;
    s.row_of_col = s.col_of_row + s.n;
    s.parent = s.row_of_col + s.m;
    s.row_seen = seen;
    s.col_seen = seen + s.n;
    memset(s.col_of_row, 0xff, (s.n + s.m) * sizeof *s.col_of_row); /* SIZE_MAX: free */
    for (size_t i = 0; i < s.n; i++) {
        assign_row(&s, i);
    }
    read_pairs(&s, rows, col_of_row);
    return STRATA_OK;
}
