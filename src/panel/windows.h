/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_WINDOWS_H
#define STRATA_PANEL_WINDOWS_H

/* Sums of whole numbers over windows of days, at all dates, for eight accounts side by side.
 *
 * Days are cut where any window begins or ends at any date. Between two cuts it does not matter
 * which day a fact is of, so each fact is added to one sum, whatever the number of dates and
 * windows; running sums over the cuts then yield every window at every date as the difference of
 * two. Whole numbers make the result exact in any order of rows.
 *
 * Different codes are a set of bits between two cuts; of a window they are the bits of its sets
 * together. Codes that have no bit are counted by date: a use counts from the first date on or
 * after it until its window has passed or the code is used again.
 *
 * Eight accounts (lanes) lie next to each other in all of this, so that running through the dates,
 * subtracting, dividing and writing is done for eight at once: the cells of eight accounts are one
 * cache line. */

#include "panel/code_days.h"
#include "panel/sweep.h"

enum { WINDOWS_MAX = 24, GROUP_MAX = 8, MEASURES_MAX = 8, EDGES_MAX = 16, DERIVED_MAX = 8 };
enum { WINDOW_BITS = 64 /* codes below have a bit */ };
#define WINDOW_EVER 4000000 /* days: longer than the calendar */
/* A sum for derived features or the kernel itself: no feature of the catalogue. */
#define WINDOW_HIDDEN(k) ((int)FEATURE_COUNT + 1 + (k))
#define WINDOW_NONE ((int)FEATURE_COUNT)

/* Counts from the first date that is at least d + newest until the first that is at least
 * d + oldest; with `since` or `months`, the first among the days some months before the dates.
 * Windows of a measure that counts codes all have the same `newest` and `since`. */
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
    uint32_t codes; /* bit per measure that counts different codes: window_mark_code */
    bool all;       /* every window is needed, and its values, whatever is asked for */
} window_table;

/* What the facts of one measure and lane between two cuts come to. */
typedef union window_cell {
    double sum;
    uint64_t codes;
} window_cell;

/* Where facts of a day count. */
typedef struct window_places {
    const uint32_t *rows; /* [day - first]: offset of cells; both ends stand for all days beyond */
    day first, span;
} window_places;

typedef struct window_place {
    size_t day, row; /* of window_places */
} window_place;

static inline window_place window_place_of(const window_places *p, day d)
{
    day x = d - p->first;
    x = x < 0 ? 0 : x;
    x = x > p->span ? p->span : x;
    return (window_place){(size_t)x, p->rows[x]};
}

/* One measure. Small, so that loops over rows keep it in registers. */
typedef struct window_group {
    window_places places;
    window_cell *cells; /* lane 0 of the measure in the first row */
    size_t n;           /* windows; 0: nobody asks */
    /* Of codes without a bit: series of uses that began to count, then by window of those that no
     * longer do, and which edges these are. */
    size_t series;
    uint8_t begins, ends[GROUP_MAX];
} window_group;

/* Counts `value` for a lane on the day of this place. */
static inline void window_mark(const window_group *g, size_t lane, window_place at, int64_t value)
{
    if (g->n > 0) {
        g->cells[at.row + lane].sum += (double)value;
    }
}

/* A window in use: at every date, one running sum less another. */
typedef struct window_use {
    const window *is;
    int32_t slot; /* where it is written; -1: nowhere, other features are made of it */
    double unit;  /* what it is divided by: 100 for money, of which sums are minor units */
    const uint32_t *plus, *minus; /* by date: offsets of cells */
} window_use;

/* A derived feature that is asked for. */
typedef struct derived_use {
    int32_t slot;
    size_t over, under; /* windows in use */
    double unit, offset;
    const double *by_date; /* NULL: divided by `under` */
    feature_id feature;
} derived_use;

/* Codes of one window: of measure `cells`, from row `first` to row `last` by date. */
typedef struct window_codes {
    const window_group *of;
    size_t number;                /* among the windows of the measure */
    window_cell *counts;          /* [date][lane] */
    const uint32_t *first, *last; /* by date: rows */
} window_codes;

typedef struct window_sums {
    const sweep *sweep;
    const window_table *table;
    size_t n, n_derived, n_codes;
    window_use windows[WINDOWS_MAX];
    derived_use derived[DERIVED_MAX];
    window_codes codes[WINDOWS_MAX];
    window_group *groups; /* [MEASURES_MAX] */
    /* [0 for ever, then by cut what is of the days up to it, days beyond all][measure][lane] */
    window_cell *cells;
    size_t n_measures, n_facts; /* in use; the first of them are no codes */
    size_t n_cuts, n_cells;     /* n_cells of the rows; counts of codes follow */
    uint64_t *united;           /* [row][lane]: scratch */
    double *late;               /* of codes without a bit: [date, and none][series][lane] */
    size_t n_series, n_edges;
    bool is_late;              /* there are some in this group of accounts */
    const uint32_t *late_rows; /* [day][edge]: offset of `late` */
    double *kept;              /* [window][date][LANES]; NULL: nobody asks */
    uint32_t *days;            /* rows, then late_rows */
    uint32_t *dates; /* [window][plus, minus][date], then [window of codes][first, last][date] */
    day first_day;   /* rows before it count for no date */
} window_sums;

/* A use of a code without a bit. */
void window_mark_late(window_sums *w, const window_group *g, size_t lane, window_place at,
                      code_days *next, int32_t code);
/* Counts the codes of all windows and dates of a group of accounts. */
void window_count_codes(window_sums *w);

/* Counts a use of a code, negative ones not, on the day of this place. An account's uses come
 * latest first, `next` is emptied before. */
static inline void window_mark_code(window_sums *w, const window_group *g, size_t lane,
                                    window_place at, code_days *next, int32_t code)
{
    if (g->n == 0 || code < 0) {
        return;
    }
    if (code < WINDOW_BITS) {
        g->cells[at.row + lane].codes |= UINT64_C(1) << code;
    } else {
        window_mark_late(w, g, lane, at, next, code);
    }
}

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
    window_mark(g, lane, window_place_of(&g->places, d), value);
}

/* Scores and minutes in millionths: whole numbers, so that sums are exact in any order. */
#define MILLIONTHS 1e6
int64_t in_millionths(double x);

#endif
