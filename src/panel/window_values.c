/* SPDX-License-Identifier: Apache-2.0 */
/* From the sums of a group of accounts to their cells. */

#include <string.h>

#include "base/clones.h"
#include "panel/windows.h"

/* Eight lanes in as few registers as the processor has. */
typedef double lane_sums __attribute__((vector_size(LANES * sizeof(double))));

/* From sums between cuts to sums up to each. */
static void add_up(window_sums *w)
{
    const size_t step = w->n_measures * LANES;
    for (size_t m = 0; m < w->n_facts; m++) {
        window_cell *row = w->cells + step + m * LANES;
        lane_sums sum = {0};
        for (size_t r = 0; r < w->n_cuts; r++, row += step) {
            lane_sums more;
            memcpy(&more, row, sizeof more);
            sum += more;
            memcpy(row, &sum, sizeof sum);
        }
    }
}

/* A window's sums at date number j. */
typedef struct sums_at {
    const window_cell *plus, *minus;
} sums_at;

static sums_at sums_of(const window_sums *w, const window_use *u, size_t j)
{
    return (sums_at){w->cells + u->plus[j], w->cells + u->minus[j]};
}

static void put_window(const window_sums *w, const window_use *u, const sweep_out *out,
                       const lane_group *g)
{
    const double unit = u->unit;
    double *cells = group_cells(out, u->slot, g);
    for (size_t j = 0; j < w->sweep->n_dates; j++, cells += out->stride) {
        const sums_at s = sums_of(w, u, j);
        const double date = (double)j;
        double shown[LANES];
        double *to = cells_or(cells, g, shown);
        if (unit > 1) {
#pragma omp simd
            for (size_t l = 0; l < LANES; l++) {
                const double x = (s.plus[l].sum - s.minus[l].sum) / unit;
                to[l] = date < g->visible[l] ? (double)NAN : x;
            }
        } else {
#pragma omp simd
            for (size_t l = 0; l < LANES; l++) {
                const double x = s.plus[l].sum - s.minus[l].sum;
                to[l] = date < g->visible[l] ? (double)NAN : x;
            }
        }
        finish_cells(cells, g, shown);
    }
}

static void put_quotient(const window_sums *w, const derived_use *f, const sweep_out *out,
                         const lane_group *g)
{
    double *cells = group_cells(out, f->slot, g);
    for (size_t j = 0; j < w->sweep->n_dates; j++, cells += out->stride) {
        const sums_at over = sums_of(w, &w->windows[f->over], j);
        const sums_at under = sums_of(w, &w->windows[f->under], j);
        const double date = (double)j;
        double shown[LANES];
        double *to = cells_or(cells, g, shown);
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double below = under.plus[l].sum - under.minus[l].sum;
            const double x = (over.plus[l].sum - over.minus[l].sum) / (below * f->unit) + f->offset;
            const bool known = (date >= g->visible[l]) & ((below < 0) | (below > 0));
            to[l] = known ? x : (double)NAN;
        }
        finish_cells(cells, g, shown);
    }
}

static void put_share(const window_sums *w, const derived_use *f, const sweep_out *out,
                      const lane_group *g)
{
    double *cells = group_cells(out, f->slot, g);
    for (size_t j = 0; j < w->sweep->n_dates; j++, cells += out->stride) {
        const sums_at over = sums_of(w, &w->windows[f->over], j);
        const double divisor = f->by_date[j] > 0 ? f->by_date[j] : (double)NAN;
        const double date = (double)j;
        double shown[LANES];
        double *to = cells_or(cells, g, shown);
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double x = (over.plus[l].sum - over.minus[l].sum) / divisor;
            to[l] = date < g->visible[l] ? (double)NAN : x;
        }
        finish_cells(cells, g, shown);
    }
}

static void keep_values(const window_sums *w)
{
    size_t n = w->sweep->n_dates;
    for (size_t k = 0; k < w->n; k++) {
        for (size_t j = 0; j < n; j++) {
            const sums_at s = sums_of(w, &w->windows[k], j);
            double *kept = w->kept + (k * n + j) * LANES;
            for (size_t l = 0; l < LANES; l++) {
                kept[l] = s.plus[l].sum - s.minus[l].sum;
            }
        }
    }
}

STRATA_CLONES void window_sums_put(window_sums *w, const sweep_out *out, const lane_group *g)
{
    add_up(w);
    window_count_codes(w);
    for (size_t k = 0; k < w->n; k++) {
        if (w->windows[k].slot >= 0) {
            put_window(w, &w->windows[k], out, g);
        }
    }
    for (size_t q = 0; q < w->n_derived; q++) {
        const derived_use *f = &w->derived[q];
        if (f->by_date != NULL) {
            put_share(w, f, out, g);
        } else {
            put_quotient(w, f, out, g);
        }
    }
    if (w->kept != NULL) {
        keep_values(w);
    }
    memset(w->cells, 0, w->n_cells * sizeof *w->cells);
}
