/* SPDX-License-Identifier: Apache-2.0 */
/* How many different codes the windows of a group of accounts have at every date. */

#include <string.h>

#include "base/clones.h"
#include "panel/windows.h"

/* Earlier uses come later: `next` keeps by code where its next use begins to count, and this one
 * ends there at the latest. */
void window_mark_late(window_sums *w, const window_group *g, size_t lane, window_place at,
                      code_days *next, int32_t code)
{
    const uint32_t *edges = w->late_rows + at.day * w->n_edges;
    const uint32_t begin = edges[g->begins];
    const day used = code_days_swap(next, code, (day)begin);
    const uint32_t until = used == DAY_MISSING ? UINT32_MAX : (uint32_t)used;
    if (begin == until) {
        return; /* used again before any date */
    }
    double *late = w->late + g->series * LANES + lane;
    late[begin] += 1;
    for (size_t k = 0; k < g->n; k++) {
        const uint32_t end = edges[g->ends[k]];
        late[(k + 1) * LANES + (end < until ? end : until)] += 1;
    }
    w->is_late = true;
}

/* Codes of eight pairs of sets together, in steps that are the same for all of them. */
static void count_bits(const uint64_t *a, const uint64_t *b, window_cell *counts)
{
#pragma omp simd
    for (size_t l = 0; l < LANES; l++) {
        uint64_t x = a[l] | b[l];
        x -= x >> 1 & UINT64_C(0x5555555555555555);
        x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
        x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
        x += x >> 8;
        x += x >> 16;
        x += x >> 32;
        counts[l].sum = (double)(int32_t)(x & 0x7f);
    }
}

/* Sets between the cuts of a measure. */
typedef struct code_rows {
    const window_cell *cells;
    size_t step; /* from row to row */
} code_rows;

static void unite(uint64_t *sets, const code_rows *rows, size_t row)
{
    const window_cell *more = rows->cells + row * rows->step;
#pragma omp simd
    for (size_t l = 0; l < LANES; l++) {
        sets[l] |= more[l].codes;
    }
}

/* united[r]: the sets of rows r .. last, for rows from `first` on. */
static void unite_rows(uint64_t *united, const code_rows *rows, size_t first, size_t last)
{
    uint64_t sets[LANES] = {0};
    for (size_t r = last; r >= first; r--) {
        unite(sets, rows, r);
        memcpy(united + r * LANES, sets, sizeof sets);
    }
}

/* Both ends of a window move on with the dates. The sets up to `middle` are kept united from every
 * row on, those behind it all together; when the window's first row passes the middle, it moves to
 * the last. So every row is united twice at most, however long the window. */
static void count_window(const window_sums *w, const window_codes *c)
{
    const code_rows rows = {c->of->cells, w->n_measures * LANES};
    const uint64_t none[LANES] = {0};
    uint64_t behind[LANES] = {0};
    size_t middle = 0;
    size_t last = 0;
    for (size_t j = 0; j < w->sweep->n_dates; j++) {
        const size_t first = c->first[j];
        while (last < c->last[j]) {
            unite(behind, &rows, ++last);
        }
        if (first > middle) {
            unite_rows(w->united, &rows, first, last);
            memset(behind, 0, sizeof behind);
            middle = last;
        }
        count_bits(behind, first <= middle ? w->united + first * LANES : none,
                   c->counts + j * LANES);
    }
}

/* Adds the uses of codes without a bit that began to count and did not end to. */
static void add_late(const window_sums *w, const window_codes *c)
{
    const double *began = w->late + c->of->series * LANES;
    const double *ended = began + (c->number + 1) * LANES;
    for (size_t j = 0; j < w->sweep->n_dates; j++) {
        const size_t at = j * w->n_series * LANES;
        window_cell *counts = c->counts + j * LANES;
        for (size_t l = 0; l < LANES; l++) {
            counts[l].sum += began[at + l] - ended[at + l];
        }
    }
}

static void count_late(window_sums *w)
{
    const size_t n = w->sweep->n_dates;
    const size_t width = w->n_series * LANES;
    for (size_t x = width; x < n * width; x++) {
        w->late[x] += w->late[x - width];
    }
    for (size_t k = 0; k < w->n_codes; k++) {
        add_late(w, &w->codes[k]);
    }
    memset(w->late, 0, (n + 1) * width * sizeof *w->late);
    w->is_late = false;
}

STRATA_CLONES void window_count_codes(window_sums *w)
{
    for (size_t k = 0; k < w->n_codes; k++) {
        count_window(w, &w->codes[k]);
    }
    if (w->is_late) {
        count_late(w);
    }
}
