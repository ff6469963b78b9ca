/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_SWEEP_H
#define STRATA_PANEL_SWEEP_H

/* Inside the sweep: what all blocks share, where values go, and what a kernel
 * is. One kernel per entity turns a block's rows into its features. */

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <strata/error.h>

#include "panel/dates.h"
#include "panel/features.h"
#include "panel/ledger.h"

/* The same for all blocks; read-only while tasks run. */
typedef struct sweep {
    const ledger_info *info;
    size_t n_dates, n_features;
    const feature_id *features;
    int32_t slot[FEATURE_COUNT]; /* where a feature stands among those asked for; -1: nowhere */
    sweep_dates dates;
} sweep;

/* Where one block's values go. */
typedef struct sweep_out {
    const sweep *sweep;
    size_t n_accounts;
    size_t column; /* from one feature to the next */
    size_t stride; /* from one date to the next */
    double *values;
} sweep_out;

/* Kernels work on accounts side by side where that is faster: the cells of eight are one cache
 * line. */
enum { LANES = 8 };

/* Accounts first .. first+n-1 of a block. */
typedef struct lane_group {
    size_t first, n;       /* n is LANES but for the block's last */
    double visible[LANES]; /* date number from which an account's features are there */
} lane_group;

static inline lane_group lanes_from(const ledger_block *block, size_t first)
{
    size_t left = block->n_accounts - first;
    return (lane_group){.first = first, .n = left < LANES ? left : LANES};
}

static inline double *group_cells(const sweep_out *out, int32_t slot, const lane_group *g)
{
    return out->values + (size_t)slot * out->column + g->first;
}

/* Where a group's values are written: all lanes of the block's last group are not cells of it. */
static inline double *cells_or(double *cells, const lane_group *g, double *shown)
{
    return g->n == LANES ? cells : shown;
}

static inline void finish_cells(double *cells, const lane_group *g, const double *shown)
{
    if (g->n < LANES) {
        memcpy(cells, shown, g->n * sizeof *shown);
    }
}

/* Writes a group's values of date number j into its cells: missing before they are visible. */
static inline void put_cells(double *cells, const lane_group *g, size_t j, const double *v)
{
    const double date = (double)j;
    double shown[LANES];
    double *to = cells_or(cells, g, shown);
#pragma omp simd
    for (size_t l = 0; l < LANES; l++) {
        const double x = v[l];
        to[l] = date < g->visible[l] ? (double)NAN : x;
    }
    finish_cells(cells, g, shown);
}

static inline void put_lanes(const sweep_out *out, int32_t slot, const lane_group *g, size_t j,
                             const double *v)
{
    put_cells(group_cells(out, slot, g) + j * out->stride, g, j, v);
}

static inline bool sweep_wants(const sweep *s, feature_id f)
{
    return s->slot[f] >= 0;
}

/* Values of a feature for the block's account i, `stride` apart; NULL when it is not asked for. */
static inline double *sweep_cells(const sweep_out *out, feature_id f, size_t i)
{
    int32_t slot = out->sweep->slot[f];
    return slot < 0 ? NULL : out->values + (size_t)slot * out->column + i;
}

/* One cell; NaN unless `known`. */
static inline void put_cell(const sweep_out *out, feature_id f, size_t i, size_t j, bool known,
                            double value)
{
    double *cells = sweep_cells(out, f, i);
    if (cells) {
        cells[j * out->stride] = known ? value : (double)NAN;
    }
}

/* Days from `since` to every date, from date number `visible` on; missing before. */
static inline void put_days_since(const sweep_out *out, feature_id f, size_t i, day since,
                                  size_t visible)
{
    double *cells = sweep_cells(out, f, i);
    const date_table *t = &out->sweep->dates.tables[SHIFT_NONE];
    for (size_t j = 0; cells && j < t->n; j++) {
        cells[j * out->stride] = j < visible ? (double)NAN : (double)(t->days[j] - since);
    }
}

/* Number of the first date on which the account is there: from its start or its first row of the
 * entity (DAY_MISSING: none), whichever is earlier. */
static inline size_t first_visible(const sweep *s, day started_on, day first_row)
{
    day first = started_on;
    if (first == DAY_MISSING || (first_row != DAY_MISSING && first_row < first)) {
        first = first_row;
    }
    return first == DAY_MISSING ? s->n_dates : date_from(&s->dates.tables[SHIFT_NONE], first);
}

/* The same as lane_group has it. */
static inline double lane_visible(const sweep *s, day started_on, day first_row)
{
    size_t first = first_visible(s, started_on, first_row);
    return (double)first;
}

/* One entity's features. `make` makes the scratch of one task; `run` is pure: a block's rows in,
 * every wanted cell of the kernel's features out. */
typedef struct kernel {
    entity reads;
    strata_status (*make)(const sweep *s, void **self, strata_error *err);
    strata_status (*run)(void *self, const ledger_block *block, const sweep_out *out,
                         strata_error *err);
    void (*free)(void *self);
} kernel;

extern const kernel kernel_accounts, kernel_arr, kernel_orders, kernel_usage, kernel_tickets,
    kernel_surveys, kernel_contacts, kernel_touchpoints, kernel_opportunities, kernel_health,
    kernel_interventions, kernel_predictions;

#endif
