/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_WINDOWS_H
#define STRATA_PANEL_WINDOWS_H

/* Sums of whole numbers over windows of days, for one account at all dates.
 *
 * A fact of day d counts for the dates of an interval: "events in 30 days" for
 * the dates d .. d+29. Dates ascend, so that is an interval of date numbers; a
 * running sum of +value where it begins and -value where it ends gives every
 * date's sum. Each row is touched once, whatever the number of dates, and whole
 * numbers make the result exact in any order of rows. */

#include "panel/sweep.h"

enum { WINDOWS_MAX = 24, GROUP_MAX = 8, MEASURES_MAX = 8, EDGES_MAX = 16, DERIVED_MAX = 8 };
#define WINDOW_EVER 4000000 /* days: longer than the calendar */
/* A sum for derived features or the kernel itself: no feature of the catalogue. */
#define WINDOW_HIDDEN(k) ((int)FEATURE_COUNT + 1 + (k))
#define WINDOW_NONE ((int)FEATURE_COUNT)

/* Counts from the first date that is at least d + newest until the first that is at least
 * d + oldest, the latter among the dates or among the days some months before them. */
typedef struct window {
    int feature; /* feature_id or WINDOW_HIDDEN */
    int measure; /* what is summed: 0 .. MEASURES_MAX-1 */
    day newest, oldest;
    date_shift months;
} window;

/* A feature made of windows: over / (under * unit) + offset, missing where `under` is 0. Where
 * `under` is WINDOW_NONE the kernel makes it itself and only needs the window `over`. */
typedef struct derived {
    feature_id feature;
    int over, under;
    double unit, offset;
} derived;

typedef struct window_table {
    const window *windows;
    size_t n_windows;
    const derived *derived;
    size_t n_derived;
    bool all; /* every window is needed whatever is asked for */
} window_table;

/* Where windows begin and end: by day, the date number of every edge. */
typedef struct window_edges {
    const uint16_t *numbers; /* [day - first][edge]; both ends stand for all days beyond */
    size_t n;
    day first, span;
} window_edges;

static inline const uint16_t *window_edges_of(const window_edges *e, day d)
{
    day x = d - e->first;
    x = x < 0 ? 0 : x;
    x = x > e->span ? e->span : x;
    return e->numbers + (size_t)x * e->n;
}

/* The windows in use that sum one measure. Small, so that loops over rows keep it in registers. */
typedef struct window_group {
    window_edges edges;
    int64_t *marks; /* [window][row] */
    size_t n, row;
    uint8_t newest[GROUP_MAX], oldest[GROUP_MAX]; /* edges */
} window_group;

/* Counts `value` on day d. */
static inline void window_add(const window_group *g, day d, int64_t value)
{
    const uint16_t *edge = window_edges_of(&g->edges, d);
    for (size_t k = 0; k < g->n; k++) {
        int64_t *marks = g->marks + k * g->row;
        marks[edge[g->newest[k]]] += value;
        marks[edge[g->oldest[k]]] -= value;
    }
}

/* Counts a code used on day d and last used on `before` (DAY_MISSING: never), each code once. */
static inline void window_add_code(const window_group *g, day d, day before)
{
    if (before == d) {
        return;
    }
    const uint16_t *edge = window_edges_of(&g->edges, d);
    const uint16_t *counted = window_edges_of(&g->edges, before < DAY_MIN ? DAY_MIN : before);
    for (size_t k = 0; k < g->n; k++) {
        int64_t *marks = g->marks + k * g->row;
        uint16_t from = edge[g->newest[k]];
        uint16_t until = before == DAY_MISSING ? 0 : counted[g->oldest[k]];
        marks[until > from ? until : from] += 1;
        marks[edge[g->oldest[k]]] -= 1;
    }
}

/* A window in use. */
typedef struct window_use {
    int feature;
    int32_t slot; /* where it is written; -1: nowhere, other features are made of it */
    double unit;  /* what it is divided by: 100 for money, of which sums are minor units */
} window_use;

/* A derived feature that is asked for. */
typedef struct derived_use {
    int32_t slot;
    size_t over, under; /* windows in use */
    double unit, offset;
} derived_use;

typedef struct window_sums {
    const sweep *sweep;
    const window_table *table;
    size_t n, n_derived;
    window_use windows[WINDOWS_MAX]; /* by measure */
    derived_use derived[DERIVED_MAX];
    window_group groups[MEASURES_MAX];
    int64_t *marks;    /* [window][n_dates + 1] */
    uint16_t *numbers; /* of the edges */
    day first_day;     /* rows before it count for no date */
} window_sums;

/* Takes from the table what is asked for or what a wanted derived feature needs. */
STRATA_MUST_CHECK strata_status window_sums_new(const sweep *s, const window_table *table,
                                                window_sums *out, strata_error *err);
void window_sums_done(window_sums *w);
/* Starts the next account. */
void window_sums_clear(window_sums *w);
/* Sums up and writes the windows and derived features asked for: missing before date number
 * `visible`. Sums of money are minor units until here. */
void window_sums_put(window_sums *w, const sweep_out *out, size_t i, size_t visible);
/* After window_sums_put: sums by date, visible or not; NULL when the window is not in use. */
const int64_t *window_sums_of(const window_sums *w, int feature);

static inline void window_sums_add(window_sums *w, int measure, day d, int64_t value)
{
    window_add(&w->groups[measure], d, value);
}

/* Scores and minutes in millionths: whole numbers, so that sums are exact in any order. */
#define MILLIONTHS 1e6
int64_t in_millionths(double x);

#endif
