/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/windows.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/large.h"

static bool window_wanted(const sweep *s, const window_table *table, const window *v)
{
    if (table->all) {
        return true;
    }
    if (v->feature < (int)FEATURE_COUNT && sweep_wants(s, (feature_id)v->feature)) {
        return true;
    }
    for (size_t q = 0; q < table->n_derived; q++) {
        const derived *f = &table->derived[q];
        if (sweep_wants(s, f->feature) && (f->over == v->feature || f->under == v->feature)) {
            return true;
        }
    }
    return false;
}

static window_use use_window(const sweep *s, const window *v)
{
    window_use u = {.is = v, .slot = -1, .unit = 1};
    if (v->feature < (int)FEATURE_COUNT) {
        u.slot = s->slot[v->feature];
        u.unit = feature_get((feature_id)v->feature)->type == VALUE_MONEY ? 100 : 1;
    }
    return u;
}

static size_t find_window(const window_sums *w, int feature)
{
    size_t k = 0;
    while (k < w->n && w->windows[k].is->feature != feature) {
        k++;
    }
    return k;
}

static void choose_derived(window_sums *w, bool *keep)
{
    for (size_t q = 0; q < w->table->n_derived; q++) {
        const derived *f = &w->table->derived[q];
        if (!sweep_wants(w->sweep, f->feature)) {
            continue;
        }
        if (f->under == WINDOW_NONE) {
            *keep = true;
            continue;
        }
        size_t under = f->under == WINDOW_BY_DATE ? 0 : find_window(w, f->under);
        w->derived[w->n_derived++] = (derived_use){w->sweep->slot[f->feature],
                                                   find_window(w, f->over),
                                                   under,
                                                   f->unit,
                                                   f->offset,
                                                   NULL,
                                                   f->feature};
    }
}

static bool counts_codes(const window_sums *w, int measure)
{
    return (w->table->codes & 1u << measure) != 0;
}

/* Days of the dates, or some months before them. */
static const date_table *dates_of(const window_sums *w, date_shift months)
{
    return &w->sweep->dates.tables[months];
}

static void choose_windows(window_sums *w)
{
    for (size_t k = 0; k < w->table->n_windows; k++) {
        const window *v = &w->table->windows[k];
        if (window_wanted(w->sweep, w->table, v)) {
            day since = dates_of(w, v->months)->days[0] - v->oldest + 1;
            w->first_day = since < w->first_day ? since : w->first_day;
            w->windows[w->n++] = use_window(w->sweep, v);
            w->groups[v->measure].n++;
            w->n_codes += counts_codes(w, v->measure) ? 1 : 0;
        }
    }
    for (int m = 0; m < MEASURES_MAX; m++) {
        size_t n = w->groups[m].n;
        w->n_measures += n > 0 ? 1 : 0;
        w->n_facts += n > 0 && !counts_codes(w, m) ? 1 : 0;
        w->n_series += n > 0 && counts_codes(w, m) ? n + 1 : 0;
    }
}

/* ----------------------------------------------------------------------------------------- cuts */

/* One end of windows: the first date, or day some months before it, that is at least d + days. */
typedef struct edge {
    date_shift months;
    day days;
} edge;

/* How days are told apart. */
typedef struct layout {
    size_t n_edges;
    edge edges[EDGES_MAX];
    size_t n_cuts;
    day *cuts; /* ascending: the last day before each cut */
} layout;

static void layout_done(layout *l)
{
    free(l->cuts);
}

static uint8_t find_edge(layout *l, date_shift months, day days)
{
    size_t e = 0;
    while (e < l->n_edges && (l->edges[e].months != months || l->edges[e].days != days)) {
        e++;
    }
    if (e == l->n_edges) {
        l->edges[l->n_edges++] = (edge){months, days};
    }
    return (uint8_t)e;
}

static void choose_edges(window_sums *w, layout *l)
{
    size_t seen[MEASURES_MAX] = {0};
    for (size_t k = 0; k < w->n; k++) {
        const window *v = w->windows[k].is;
        window_group *g = &w->groups[v->measure];
        g->begins = find_edge(l, v->since, v->newest);
        g->ends[seen[v->measure]++] = find_edge(l, v->months, v->oldest);
    }
    w->n_edges = w->n_codes > 0 ? l->n_edges : 0;
}

/* Cut number j of an edge; DAY_MAX past the last, or when nothing ends there. */
static day edge_day(const window_sums *w, const edge *e, size_t j)
{
    bool is_cut = j < w->sweep->n_dates && e->days < WINDOW_EVER;
    return is_cut ? dates_of(w, e->months)->days[j] - e->days : DAY_MAX;
}

/* Merges the cuts of all edges, each of which ascends. */
static strata_status make_cuts(const window_sums *w, layout *l, strata_error *err)
{
    size_t n_dates = w->sweep->n_dates;
    size_t next[EDGES_MAX] = {0};
    l->cuts = STRATA_NEW_ARRAY(l->n_edges * n_dates + 1, day);
    if (!l->cuts) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for windows at %zu dates", n_dates);
    }
    for (;;) {
        day least = DAY_MAX;
        for (size_t e = 0; e < l->n_edges; e++) {
            day d = edge_day(w, &l->edges[e], next[e]);
            least = d < least ? d : least;
        }
        if (least == DAY_MAX) {
            return STRATA_OK;
        }
        l->cuts[l->n_cuts++] = least;
        for (size_t e = 0; e < l->n_edges; e++) {
            while (edge_day(w, &l->edges[e], next[e]) == least) {
                next[e]++;
            }
        }
    }
}

/* Row of the facts of a day, and of the running sum up to it where it is a cut. */
static size_t row_of(const layout *l, day d)
{
    size_t first = 0;
    for (size_t n = l->n_cuts; n > 0;) {
        size_t half = n / 2;
        bool before = l->cuts[first + half] < d;
        first = before ? first + half + 1 : first;
        n = before ? n - half - 1 : half;
    }
    return first + 1;
}

/* --------------------------------------------------------------------------------------- places */

/* Tabulates the places over the days where they differ. */
static strata_status tabulate(window_sums *w, const layout *l, window_places *out,
                              strata_error *err)
{
    const date_table *now = dates_of(w, SHIFT_NONE);
    window_places p = {.first = now->days[0]};
    p.first = l->n_cuts > 0 && l->cuts[0] < p.first ? l->cuts[0] : p.first;
    p.span = now->days[now->n - 1] + 1 - p.first; /* after the last date: behind all dates */
    size_t n_days = (size_t)p.span + 1;
    w->days = STRATA_NEW_ARRAY(n_days * (1 + w->n_edges), uint32_t);
    if (!w->days) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for windows over %zu days", n_days);
    }
    uint32_t *late = w->days + n_days;
    p.rows = w->days;
    w->late_rows = late;
    for (day x = 0; x <= p.span; x++) {
        w->days[x] = (uint32_t)(row_of(l, p.first + x) * w->n_measures * LANES);
        for (size_t e = 0; e < w->n_edges; e++) {
            const edge *g = &l->edges[e];
            size_t number = date_from(dates_of(w, g->months), p.first + x + g->days);
            *late++ = (uint32_t)(number * w->n_series * LANES);
        }
    }
    *out = p;
    return STRATA_OK;
}

/* Gives every measure its places and cells: sums before codes. */
static void place_groups(window_sums *w, const window_places *places)
{
    window_cell *sums = w->cells;
    window_cell *codes = w->cells + w->n_facts * LANES;
    size_t series = 0;
    for (int m = 0; m < MEASURES_MAX; m++) {
        window_group *g = &w->groups[m];
        window_cell **at = counts_codes(w, m) ? &codes : &sums;
        g->places = *places;
        g->cells = *at;
        g->series = series;
        *at += g->n > 0 ? LANES : 0;
        series += g->n > 0 && counts_codes(w, m) ? g->n + 1 : 0;
    }
}

/* Rows of a window at date number j: those behind the first, up to the last. */
typedef struct row_range {
    size_t before, last;
} row_range;

static row_range rows_at(const window_sums *w, const layout *l, const window *v, size_t j)
{
    row_range r = {0, row_of(l, dates_of(w, v->since)->days[j] - v->newest)};
    if (v->oldest < WINDOW_EVER) {
        r.before = row_of(l, dates_of(w, v->months)->days[j] - v->oldest);
    }
    return r;
}

/* A window of sums: what is summed up to its newest day less that before its oldest. */
static void place_sums(const window_sums *w, const layout *l, window_use *u, uint32_t *at)
{
    const size_t measure = (size_t)(w->groups[u->is->measure].cells - w->cells);
    size_t n = w->sweep->n_dates;
    u->plus = at;
    u->minus = at + n;
    for (size_t j = 0; j < n; j++) {
        row_range r = rows_at(w, l, u->is, j);
        at[j] = (uint32_t)(measure + r.last * w->n_measures * LANES);
        at[n + j] = (uint32_t)(measure + r.before * w->n_measures * LANES);
    }
}

/* A window of codes: what window_count_codes counts, less nothing. */
static void place_codes(const window_sums *w, const layout *l, window_use *u, window_codes *c,
                        uint32_t *at)
{
    size_t n = w->sweep->n_dates;
    u->plus = at;
    u->minus = at + n;
    c->first = at + 2 * n;
    c->last = at + 3 * n;
    for (size_t j = 0; j < n; j++) {
        row_range r = rows_at(w, l, u->is, j);
        at[j] = (uint32_t)((size_t)(c->counts - w->cells) + j * LANES);
        at[n + j] = 0;
        at[2 * n + j] = (uint32_t)r.before + 1;
        at[3 * n + j] = (uint32_t)r.last;
    }
}

static void place_windows(window_sums *w, const layout *l)
{
    size_t seen[MEASURES_MAX] = {0};
    size_t n_codes = 0;
    uint32_t *at = w->dates;
    for (size_t k = 0; k < w->n; k++) {
        window_use *u = &w->windows[k];
        int m = u->is->measure;
        size_t n = w->sweep->n_dates;
        if (counts_codes(w, m)) {
            window_codes *c = &w->codes[n_codes];
            *c = (window_codes){.of = &w->groups[m],
                                .number = seen[m]++,
                                .counts = w->cells + w->n_cells + n_codes * n * LANES};
            place_codes(w, l, u, c, at);
            n_codes++;
            at += 4 * n;
        } else {
            place_sums(w, l, u, at);
            at += 2 * n;
        }
    }
}

static strata_status make_cells(window_sums *w, const layout *l, bool keep, strata_error *err)
{
    size_t n = w->sweep->n_dates;
    size_t n_rows = l->n_cuts + 2;
    w->n_cuts = l->n_cuts;
    w->n_cells = n_rows * w->n_measures * LANES;
    w->cells = lines_new(w->n_cells + w->n_codes * n * LANES, sizeof *w->cells);
    w->united = lines_new(w->n_codes > 0 ? n_rows * LANES : 0, sizeof *w->united);
    w->late = STRATA_NEW_ARRAY((n + 1) * w->n_series * LANES + 1, double);
    w->kept = keep ? STRATA_NEW_ARRAY(w->n * n * LANES, double) : NULL;
    w->dates = STRATA_NEW_ARRAY((w->n + w->n_codes) * 2 * n + 1, uint32_t);
    if (!w->cells || !w->united || !w->late || !w->dates || (keep && !w->kept)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the sums of %zu dates", n);
    }
    return STRATA_OK;
}

strata_status window_sums_new(const sweep *s, const window_table *table, window_sums *out,
                              strata_error *err)
{
    STRATA_CLEANUP(window_sums_done)
    window_sums w = {.sweep = s, .table = table, .first_day = DAY_MAX};
    STRATA_CLEANUP(layout_done) layout l = {0};
    window_places places;
    bool keep = table->all;
    w.groups = STRATA_NEW_ARRAY(MEASURES_MAX, window_group);
    if (!w.groups) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for windows");
    }
    choose_windows(&w);
    choose_derived(&w, &keep);
    choose_edges(&w, &l);
    STRATA_TRY(make_cuts(&w, &l, err));
    STRATA_TRY(tabulate(&w, &l, &places, err));
    STRATA_TRY(make_cells(&w, &l, keep, err));
    place_groups(&w, &places);
    place_windows(&w, &l);
    *out = w;
    w = (window_sums){0}; /* all is the caller's now */
    return STRATA_OK;
}

void window_sums_done(window_sums *w)
{
    free(w->groups);
    free(w->cells);
    free(w->united);
    free(w->late);
    free(w->kept);
    free(w->days);
    free(w->dates);
    *w = (window_sums){0};
}

void window_sums_divide_by(window_sums *w, feature_id f, const double *by_date)
{
    for (size_t q = 0; q < w->n_derived; q++) {
        if (w->derived[q].feature == f) {
            w->derived[q].by_date = by_date;
        }
    }
}

const double *window_sums_of(const window_sums *w, int feature, size_t lane)
{
    size_t k = find_window(w, feature);
    return k == w->n || w->kept == NULL ? NULL : w->kept + k * w->sweep->n_dates * LANES + lane;
}

int64_t in_millionths(double x)
{
    const double most = 1e9; /* far above any score or number of minutes */
    double clamped = x > most ? most : x < -most ? -most : x;
    return isnan(clamped) ? 0 : (int64_t)llround(clamped * MILLIONTHS);
}
