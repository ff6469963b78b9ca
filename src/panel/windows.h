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

enum { WINDOWS_MAX = 24, MEASURES_MAX = 8 };
#define WINDOW_EVER 4000000 /* days: longer than the calendar */
/* A sum that only quotients or the kernel itself use: no feature of the catalogue. */
#define WINDOW_HIDDEN(k) ((int)FEATURE_COUNT + (k))

/* Counts from the first date that is at least d + newest until the first that is at least
 * d + oldest, the latter among the dates or among the days some months before them. */
typedef struct window {
    int feature; /* feature_id or WINDOW_HIDDEN */
    int measure; /* what is summed: 0 .. MEASURES_MAX-1; a table is ordered by it */
    day newest, oldest;
    date_shift months;
    int needed_by; /* WINDOW_HIDDEN: the feature it is for */
} window;

/* A feature made of two sums: numerator / (denominator * unit) + offset. */
typedef struct quotient {
    feature_id feature;
    int numerator, denominator; /* `feature` of two windows */
    double unit, offset;
} quotient;

typedef struct window_table {
    const window *windows;
    size_t n_windows;
    const quotient *quotients;
    size_t n_quotients;
    bool all; /* every window is needed whatever is asked for */
} window_table;

typedef struct window_sums {
    const sweep *sweep;
    const window_table *table;
    size_t n;
    window windows[WINDOWS_MAX];    /* those in use */
    size_t begin[MEASURES_MAX + 1]; /* windows of measure m: begin[m] .. begin[m+1]-1 */
    int64_t *marks;                 /* [window][n_dates + 1] */
    day first_day;                  /* rows before it count for no date */
} window_sums;

/* Takes from the table what is asked for or what a wanted quotient needs. */
STRATA_MUST_CHECK strata_status window_sums_new(const sweep *s, const window_table *table,
                                                window_sums *out, strata_error *err);
void window_sums_done(window_sums *w);
/* Starts the next account. */
void window_sums_clear(window_sums *w);
/* Sums up and writes the windows and quotients asked for: missing before date number `visible`,
 * quotients also where the denominator is 0. Sums of money are minor units until here. */
void window_sums_put(window_sums *w, const sweep_out *out, size_t i, size_t visible);
/* After window_sums_put: sums by date, 0 or not visible yet alike; NULL when not in use. */
const int64_t *window_sums_of(const window_sums *w, int feature);

static inline bool window_sums_has(const window_sums *w, int measure)
{
    return w->begin[measure] < w->begin[measure + 1];
}

/* Counts `value` of day d in every window of the measure. */
static inline void window_sums_add(window_sums *w, int measure, day d, int64_t value)
{
    const sweep_dates *dates = &w->sweep->dates;
    size_t row = w->sweep->n_dates + 1;
    for (size_t k = w->begin[measure]; k < w->begin[measure + 1]; k++) {
        int64_t *marks = w->marks + k * row;
        const window *v = &w->windows[k];
        marks[date_from(&dates->tables[SHIFT_NONE], d + v->newest)] += value;
        marks[date_from(&dates->tables[v->months], d + v->oldest)] -= value;
    }
}

/* Counts a code used on day d and last used on `before` (DAY_MISSING: never), so that each code
 * counts once. */
static inline void window_sums_add_code(window_sums *w, int measure, day d, day before)
{
    const date_table *t = &w->sweep->dates.tables[SHIFT_NONE];
    size_t row = w->sweep->n_dates + 1;
    size_t from = date_from(t, d);
    for (size_t k = w->begin[measure]; k < w->begin[measure + 1]; k++) {
        int64_t *marks = w->marks + k * row;
        day oldest = w->windows[k].oldest;
        size_t counted = before == DAY_MISSING ? 0 : date_from(t, before + oldest);
        marks[counted > from ? counted : from] += 1;
        marks[date_from(t, d + oldest)] -= 1;
    }
}

/* Scores and minutes in millionths: whole numbers, so that sums are exact in any order. */
#define MILLIONTHS 1e6
int64_t in_millionths(double x);

#endif
