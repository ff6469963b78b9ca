/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/windows.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

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

/* One end of windows: the first date, or day some months before it, that is at least d + days. */
typedef struct edge {
    date_shift months;
    day days;
} edge;

typedef struct edge_list {
    size_t n;
    edge edges[EDGES_MAX];
} edge_list;

static uint8_t find_edge(edge_list *list, date_shift months, day days)
{
    size_t e = 0;
    while (e < list->n && (list->edges[e].months != months || list->edges[e].days != days)) {
        e++;
    }
    if (e == list->n) {
        list->edges[list->n++] = (edge){months, days};
    }
    return (uint8_t)e;
}

static window_use use_window(const sweep *s, int feature)
{
    window_use u = {feature, -1, NO_SERIES, NO_SERIES, 1};
    if (feature < (int)FEATURE_COUNT) {
        u.slot = s->slot[feature];
        u.unit = feature_get((feature_id)feature)->type == VALUE_MONEY ? 100 : 1;
    }
    return u;
}

static size_t find_window(const window_sums *w, int feature)
{
    size_t k = 0;
    while (k < w->n && w->windows[k].feature != feature) {
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

/* The series of a group that adds up from an edge; made when there is none. */
static uint8_t find_series(window_sums *w, window_group *g, size_t first, uint8_t newest)
{
    size_t k = 0;
    while (k < g->n && g->newest[k] != newest) {
        k++;
    }
    if (k == g->n) {
        g->newest[g->n++] = newest;
        w->n_series++;
    }
    return (uint8_t)(first + k);
}

static void choose_series(window_sums *w, const window *v, size_t first, edge_list *edges,
                          window_use *u)
{
    window_group *g = &w->groups[v->measure];
    uint8_t newest = find_edge(edges, v->since, v->newest);
    if ((w->table->codes & 1u << v->measure) != 0) {
        u->plus = (uint8_t)(first + g->n);
        g->newest[g->n] = newest;
        g->oldest[g->n++] = find_edge(edges, v->months, v->oldest);
        w->n_series++;
        return;
    }
    u->plus = find_series(w, g, first, newest);
    if (v->oldest < WINDOW_EVER) {
        u->minus = find_series(w, g, first, find_edge(edges, v->months, v->oldest));
    }
}

/* Finds the series of the wanted windows, measure by measure, and names their edges. */
static void choose_windows(window_sums *w, edge_list *edges)
{
    const sweep *s = w->sweep;
    for (int m = 0; m < MEASURES_MAX; m++) {
        size_t first = w->n_series;
        for (size_t k = 0; k < w->table->n_windows; k++) {
            const window *v = &w->table->windows[k];
            if (v->measure != m || !window_wanted(s, w->table, v)) {
                continue;
            }
            day since = s->dates.tables[v->months].days[0] - v->oldest + 1;
            w->first_day = since < w->first_day ? since : w->first_day;
            window_use u = use_window(s, v->feature);
            choose_series(w, v, first, edges, &u);
            w->windows[w->n++] = u;
        }
    }
    for (size_t k = 0; k < w->n; k++) {
        /* What is never taken off is less the series that stays 0. */
        window_use *u = &w->windows[k];
        u->minus = u->minus == NO_SERIES ? (uint8_t)w->n_series : u->minus;
    }
}

static uint32_t place_of(const window_sums *w, const edge *e, size_t series, day d)
{
    size_t number = date_from(&w->sweep->dates.tables[e->months], d + e->days);
    return (uint32_t)((number * (w->n_series + 1) + series) * LANES);
}

/* The places of one day, measure by measure. */
static uint32_t *fill_places(const window_sums *w, const edge_list *list, day d, uint32_t *at)
{
    size_t series = 0;
    for (int m = 0; m < MEASURES_MAX; m++) {
        const window_group *g = &w->groups[m];
        bool codes = (w->table->codes & 1u << m) != 0;
        for (size_t k = 0; k < g->n; k++) {
            *at++ = place_of(w, &list->edges[g->newest[k]], series + k, d);
        }
        for (size_t k = 0; codes && k < g->n; k++) {
            *at++ = place_of(w, &list->edges[g->oldest[k]], series + k, d);
        }
        series += g->n;
    }
    return at;
}

/* Tabulates the places over the days where they differ. */
static strata_status tabulate(window_sums *w, const edge_list *list, strata_error *err)
{
    const date_table *now = &w->sweep->dates.tables[SHIFT_NONE];
    day last = now->days[now->n - 1];
    window_places p = {.first = now->days[0]};
    for (size_t k = 0; k < list->n; k++) {
        const edge *x = &list->edges[k];
        day first = w->sweep->dates.tables[x->months].days[0] - x->days;
        if (x->days < WINDOW_EVER && first < p.first) {
            p.first = first; /* here and earlier: date number 0 */
        }
    }
    p.span = last + 1 - p.first; /* after the last date: behind all dates */
    for (int m = 0; m < MEASURES_MAX; m++) {
        window_group *g = &w->groups[m];
        g->first = p.n;
        p.n += (w->table->codes & 1u << m) != 0 ? 2 * g->n : g->n;
    }
    size_t n_days = (size_t)p.span + 1;
    uint32_t *at = STRATA_NEW_ARRAY(n_days * p.n, uint32_t);
    if (!at) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for windows over %zu days", n_days);
    }
    p.at = w->at = at;
    for (day x = 0; x <= p.span; x++) {
        at = fill_places(w, list, p.first + x, at);
    }
    w->places = p;
    return STRATA_OK;
}

static strata_status make_marks(window_sums *w, bool keep, strata_error *err)
{
    size_t n = w->sweep->n_dates;
    w->marks = STRATA_NEW_ARRAY((n + 1) * (w->n_series + 1) * LANES, double);
    w->kept = keep ? STRATA_NEW_ARRAY(w->n * n * LANES, double) : NULL;
    if (!w->marks || (keep && !w->kept)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the sums of %zu dates", n);
    }
    for (int m = 0; m < MEASURES_MAX; m++) {
        w->groups[m].places = w->places;
        w->groups[m].marks = w->marks;
    }
    return STRATA_OK;
}

strata_status window_sums_new(const sweep *s, const window_table *table, window_sums *out,
                              strata_error *err)
{
    STRATA_CLEANUP(window_sums_done)
    window_sums w = {.sweep = s, .table = table, .first_day = DAY_MAX};
    edge_list list = {0};
    bool keep = table->all;
    choose_windows(&w, &list);
    choose_derived(&w, &keep);
    STRATA_TRY(tabulate(&w, &list, err));
    STRATA_TRY(make_marks(&w, keep, err));
    *out = w;
    w.marks = NULL; /* they are the caller's now */
    w.kept = NULL;
    w.at = NULL;
    return STRATA_OK;
}

void window_sums_done(window_sums *w)
{
    free(w->marks);
    free(w->kept);
    free(w->at);
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

/* ------------------------------------------------------------------------------------- by group */

/* The sums up to a date, from those up to the date before. */
static void add_up(const double *before, double *marks, size_t n_series)
{
    for (size_t x = 0; x < n_series * LANES; x += 2) {
        put_pair(marks + x, pair_at(marks + x) + pair_at(before + x));
    }
}

/* A window's sums by date. */
typedef struct sums_at {
    const double *plus, *minus;
} sums_at;

static sums_at sums_of(const window_sums *w, size_t k)
{
    const window_use *u = &w->windows[k];
    return (sums_at){w->marks + (size_t)u->plus * LANES, w->marks + (size_t)u->minus * LANES};
}

static inline lane_pair sum_at(sums_at s, size_t at)
{
    return pair_at(s.plus + at) - pair_at(s.minus + at);
}

static void put_window(const window_sums *w, size_t k, const sweep_out *out, const lane_group *g)
{
    const window_use *u = &w->windows[k];
    const sums_at s = sums_of(w, k);
    const lane_pair unit = {u->unit, u->unit};
    size_t row = (w->n_series + 1) * LANES;
    double *cells = group_cells(out, u->slot, g);
    double v[LANES];
    for (size_t j = 0; j < w->sweep->n_dates; j++, cells += out->stride) {
        for (size_t l = 0; l < LANES; l += 2) {
            lane_pair x = sum_at(s, j * row + l);
            put_pair(v + l, u->unit > 1 ? x / unit : x);
        }
        put_cells(cells, g, j, v);
    }
}

static void put_quotient(const window_sums *w, const derived_use *f, const sweep_out *out,
                         const lane_group *g)
{
    const sums_at over = sums_of(w, f->over);
    const sums_at under = sums_of(w, f->under);
    const lane_pair unit = {f->unit, f->unit};
    const lane_pair offset = {f->offset, f->offset};
    const lane_pair zero = {0, 0};
    size_t row = (w->n_series + 1) * LANES;
    double *cells = group_cells(out, f->slot, g);
    double v[LANES];
    for (size_t j = 0; j < w->sweep->n_dates; j++, cells += out->stride) {
        for (size_t l = 0; l < LANES; l += 2) {
            lane_pair below = sum_at(under, j * row + l);
            lane_pair x = sum_at(over, j * row + l) / (below * unit) + offset;
            put_pair(v + l, missing_where(~((below < zero) | (below > zero)), x));
        }
        put_cells(cells, g, j, v);
    }
}

static void put_share(const window_sums *w, const derived_use *f, const sweep_out *out,
                      const lane_group *g)
{
    const sums_at over = sums_of(w, f->over);
    size_t row = (w->n_series + 1) * LANES;
    double *cells = group_cells(out, f->slot, g);
    double v[LANES];
    for (size_t j = 0; j < w->sweep->n_dates; j++, cells += out->stride) {
        const double divisor = f->by_date[j] > 0 ? f->by_date[j] : (double)NAN;
        const lane_pair all = {divisor, divisor};
        for (size_t l = 0; l < LANES; l += 2) {
            put_pair(v + l, sum_at(over, j * row + l) / all);
        }
        put_cells(cells, g, j, v);
    }
}

static void keep_values(const window_sums *w)
{
    size_t n = w->sweep->n_dates;
    size_t row = (w->n_series + 1) * LANES;
    for (size_t k = 0; k < w->n; k++) {
        const sums_at s = sums_of(w, k);
        double *kept = w->kept + k * n * LANES;
        for (size_t j = 0; j < n; j++) {
            for (size_t l = 0; l < LANES; l += 2) {
                put_pair(kept + j * LANES + l, sum_at(s, j * row + l));
            }
        }
    }
}

void window_sums_put(window_sums *w, const sweep_out *out, const lane_group *g)
{
    size_t n = w->sweep->n_dates;
    size_t row = (w->n_series + 1) * LANES;
    for (size_t j = 1; j < n; j++) {
        add_up(w->marks + (j - 1) * row, w->marks + j * row, w->n_series);
    }
    for (size_t k = 0; k < w->n; k++) {
        if (w->windows[k].slot >= 0) {
            put_window(w, k, out, g);
        }
    }
    for (size_t q = 0; q < w->n_derived; q++) {
        const derived_use *f = &w->derived[q];
        (f->by_date != NULL ? put_share : put_quotient)(w, f, out, g);
    }
    if (w->kept != NULL) {
        keep_values(w);
    }
    memset(w->marks, 0, (n + 1) * row * sizeof *w->marks);
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
