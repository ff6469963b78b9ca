/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_WINDOWS_H
#define STRATA_PANEL_WINDOWS_H

/* Sums of whole numbers over windows of days, at all dates, for eight accounts side by side.
 *
 * A fact of day d counts for the dates of an interval: "events in 30 days" for the dates
 * d .. d+29. Dates ascend, so the sum of a window is the sum of all facts up to its newest day less
 * that of all facts before its oldest one. Such a running sum, a series, takes one mark per fact:
 * its value, at the first date that counts it. Each row is touched once, whatever the number of
 * dates, and whole numbers make the result exact in any order of rows.
 *
 * Eight accounts (lanes) lie next to each other in every series, so that running through the
 * dates, subtracting, dividing and writing is done for eight at once: the cells of eight accounts
 * are one cache line. */

#include "panel/sweep.h"

enum {
    WINDOWS_MAX = 24,
    SERIES_MAX = 24,
    GROUP_MAX = 8,
    MEASURES_MAX = 8,
    EDGES_MAX = 16,
    DERIVED_MAX = 8
};
#define WINDOW_EVER 4000000 /* days: longer than the calendar */
/* A sum for derived features or the kernel itself: no feature of the catalogue. */
#define WINDOW_HIDDEN(k) ((int)FEATURE_COUNT + 1 + (k))
#define WINDOW_NONE ((int)FEATURE_COUNT)

/* Counts from the first date that is at least d + newest until the first that is at least
 * d + oldest; with `since` or `months`, the first among the days some months before the dates. */
typedef struct window {
    int feature; /* feature_id or WINDOW_HIDDEN */
    int measure; /* what is summed: 0 .. MEASURES_MAX-1 */
    day newest, oldest;
    date_shift months, since; /* of `oldest`, of `newest` */
} window;

/* A feature made of windows: over / (under * unit) + offset, missing where `under` is 0. Where
 * `under` is WINDOW_NONE the kernel makes it itself and only needs the window `over`; then
 * window_sums_of has the values of all windows. Where it is WINDOW_BY_DATE, `over` is divided by a
 * number of each date (window_sums_divide_by). */
typedef struct derived {
    feature_id feature;
    int over, under;
    double unit, offset;
} derived;
#define WINDOW_BY_DATE (-1)

typedef struct window_table {
    const window *windows;
    size_t n_windows;
    const derived *derived;
    size_t n_derived;
    uint32_t codes; /* bit per measure that counts different codes: window_add_code */
    bool all;       /* every window is needed, and its values, whatever is asked for */
} window_table;

/* Where a fact of a day is marked: by day, the place of every mark. */
typedef struct window_places {
    const uint32_t *at; /* [day - first][place]; both ends stand for all days beyond */
    size_t n;
    day first, span;
} window_places;

static inline const uint32_t *window_places_of(const window_places *p, day d)
{
    day x = d - p->first;
    x = x < 0 ? 0 : x;
    x = x > p->span ? p->span : x;
    return p->at + (size_t)x * p->n;
}

/* The series of one measure: of sums one per edge in use, of codes one per window. Small, so that
 * loops over rows keep it in registers. Its first n places are where a fact begins to count; of
 * codes, the next n are where it ends to. */
typedef struct window_group {
    window_places places;
    double *marks; /* [date][series of all groups][lane] */
    size_t first, n;
    uint8_t newest[GROUP_MAX], oldest[GROUP_MAX]; /* edges; `oldest` of codes only */
} window_group;

/* Counts `value` for a lane on the day of these places. */
static inline void window_mark(const window_group *g, size_t lane, const uint32_t *places,
                               int64_t value)
{
    const uint32_t *place = places + g->first;
    double *marks = g->marks + lane;
    const double x = (double)value;
    for (size_t k = 0; k < g->n; k++) {
        marks[place[k]] += x;
    }
}

/* Counts a code used on the day of these places and last used on `before` (DAY_MISSING: never), an
 * earlier day, each code once: again only when the last use no longer counts. */
static inline void window_mark_code(const window_group *g, size_t lane, const uint32_t *places,
                                    day before)
{
    const uint32_t *begin = places + g->first;
    const uint32_t *end = begin + g->n;
    double *marks = g->marks + lane;
    if (before == DAY_MISSING) {
        for (size_t k = 0; k < g->n; k++) {
            marks[begin[k]] += 1;
            marks[end[k]] -= 1;
        }
        return;
    }
    const uint32_t *counted = window_places_of(&g->places, before) + g->first + g->n;
    for (size_t k = 0; k < g->n; k++) {
        marks[counted[k] > begin[k] ? counted[k] : begin[k]] += 1;
        marks[end[k]] -= 1;
    }
}

enum { NO_SERIES = UINT8_MAX };

/* A window in use: one series less another. */
typedef struct window_use {
    int feature;
    int32_t slot; /* where it is written; -1: nowhere, other features are made of it */
    uint8_t plus, minus;
    double unit; /* what it is divided by: 100 for money, of which sums are minor units */
} window_use;

/* A derived feature that is asked for. */
typedef struct derived_use {
    int32_t slot;
    size_t over, under; /* windows in use */
    double unit, offset;
    const double *by_date; /* NULL: divided by `under` */
    feature_id feature;
} derived_use;

typedef struct window_sums {
    const sweep *sweep;
    const window_table *table;
    size_t n, n_derived, n_series;
    window_use windows[WINDOWS_MAX];
    derived_use derived[DERIVED_MAX];
    window_group groups[MEASURES_MAX];
    window_places places;
    double *marks; /* [n_dates + 1][n_series + 1][LANES]; the last one stays 0 */
    double *kept;  /* [window][date][LANES]; NULL: nobody asks */
    uint32_t *at;  /* of the places */
    day first_day; /* rows before it count for no date */
} window_sums;

/* Takes from the table what is asked for or what a wanted derived feature needs. */
STRATA_MUST_CHECK strata_status window_sums_new(const sweep *s, const window_table *table,
                                                window_sums *out, strata_error *err);
void window_sums_done(window_sums *w);
/* The divisor of a WINDOW_BY_DATE feature by date; missing where it is 0. Must outlive w. */
void window_sums_divide_by(window_sums *w, feature_id f, const double *by_date);
/* Sums up and writes the windows and derived features asked for, of a group of accounts, each
 * missing before its date number `visible`; then all is ready for the next group. Sums of money
 * are minor units until here. */
void window_sums_put(window_sums *w, const sweep_out *out, const lane_group *g);
/* After window_sums_put: a lane's sums by date, LANES apart, visible or not; NULL when the window
 * is not in use. Only for tables with `all` or where a feature of WINDOW_NONE is asked for. */
const double *window_sums_of(const window_sums *w, int feature, size_t lane);

static inline void window_sums_add(window_sums *w, int measure, size_t lane, day d, int64_t value)
{
    const window_group *g = &w->groups[measure];
    window_mark(g, lane, window_places_of(&g->places, d), value);
}

/* Scores and minutes in millionths: whole numbers, so that sums are exact in any order. */
#define MILLIONTHS 1e6
int64_t in_millionths(double x);

#endif
