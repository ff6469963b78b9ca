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

/* Tabulates the edges over the days where they differ. */
static strata_status tabulate(const edge_list *list, const sweep *s, uint16_t **numbers,
                              window_edges *out, strata_error *err)
{
    const date_table *now = &s->dates.tables[SHIFT_NONE];
    day last = now->days[now->n - 1];
    window_edges e = {.n = list->n, .first = now->days[0]};
    for (size_t k = 0; k < list->n; k++) {
        const edge *x = &list->edges[k];
        day first = s->dates.tables[x->months].days[0] - x->days;
        if (x->days < WINDOW_EVER && first < e.first) {
            e.first = first; /* here and earlier: date number 0 */
        }
    }
    e.span = last + 1 - e.first; /* after the last date: behind all dates */
    size_t n_days = (size_t)e.span + 1;
    uint16_t *at = STRATA_NEW_ARRAY(n_days * list->n, uint16_t);
    if (!at) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for windows over %zu days", n_days);
    }
    *numbers = at;
    for (day x = 0; x <= e.span; x++) {
        for (size_t k = 0; k < list->n; k++) {
            const edge *g = &list->edges[k];
            *at++ = (uint16_t)date_from(&s->dates.tables[g->months], e.first + x + g->days);
        }
    }
    e.numbers = *numbers;
    *out = e;
    return STRATA_OK;
}

static strata_status make_marks(window_sums *w, bool keep, strata_error *err)
{
    size_t n = w->sweep->n_dates;
    w->marks = STRATA_NEW_ARRAY((n + 1) * w->n_series * LANES, double);
    w->kept = keep ? STRATA_NEW_ARRAY(w->n * n * LANES, double) : NULL;
    if (!w->marks || (keep && !w->kept)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the sums of %zu dates", n);
    }
    double *marks = w->marks;
    for (int m = 0; m < MEASURES_MAX; m++) {
        window_group *g = &w->groups[m];
        g->edges = w->edges;
        g->row = w->n_series * LANES;
        g->marks = marks;
        marks += g->n * LANES;
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
    w.now = find_edge(&list, SHIFT_NONE, 0);
    choose_windows(&w, &list);
    choose_derived(&w, &keep);
    STRATA_TRY(tabulate(&list, s, &w.numbers, &w.edges, err));
    STRATA_TRY(make_marks(&w, keep, err));
    *out = w;
    w.marks = NULL; /* they are the caller's now */
    w.kept = NULL;
    w.numbers = NULL;
    return STRATA_OK;
}

void window_sums_done(window_sums *w)
{
    free(w->marks);
    free(w->kept);
    free(w->numbers);
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

/* Marks of one date onto the running sums; they are 0 afterwards. Steps of a known length, which
 * compilers turn into few instructions, as in all loops over lanes. */
static void add_marks(double *restrict run, double *restrict marks, size_t n_series)
{
    for (size_t s = 0; s < n_series; s++) {
        for (size_t l = 0; l < LANES; l++) {
            run[s * LANES + l] += marks[s * LANES + l];
            marks[s * LANES + l] = 0;
        }
    }
}

static void subtract(const double *restrict plus, const double *restrict minus,
                     double *restrict out)
{
    for (size_t l = 0; l < LANES; l++) {
        out[l] = plus[l] - minus[l];
    }
}

static void put_window(const window_use *u, const double *restrict value, const sweep_out *out,
                       const lane_group *g, size_t j)
{
    double v[LANES];
    if (u->slot < 0) {
        return;
    }
    if (u->unit > 1) {
        for (size_t l = 0; l < LANES; l++) {
            v[l] = value[l] / u->unit;
        }
    }
    put_lanes(out, u->slot, g, j, u->unit > 1 ? v : value);
}

static void put_derived(const derived_use *f, const double (*value)[LANES], const sweep_out *out,
                        const lane_group *g, size_t j)
{
    double v[LANES];
    const double *over = value[f->over];
    if (f->by_date != NULL) {
        double all = f->by_date[j];
        for (size_t l = 0; l < LANES; l++) {
            v[l] = all > 0 ? over[l] / all : (double)NAN;
        }
    } else {
        const double *under = value[f->under];
        for (size_t l = 0; l < LANES; l++) {
            double x = over[l] / (under[l] * f->unit) + f->offset;
            v[l] = under[l] < 0 || under[l] > 0 ? x : (double)NAN;
        }
    }
    put_lanes(out, f->slot, g, j, v);
}

void window_sums_put(window_sums *w, const sweep_out *out, const lane_group *g)
{
    double run[(SERIES_MAX + 1) * LANES];
    double value[WINDOWS_MAX][LANES];
    size_t n = w->sweep->n_dates;
    size_t row = w->n_series * LANES;
    if (w->n == 0) {
        return;
    }
    memset(run, 0, (row + LANES) * sizeof *run); /* and one series that stays 0 */
    for (size_t j = 0; j < n; j++) {
        add_marks(run, w->marks + j * row, w->n_series);
        for (size_t k = 0; k < w->n; k++) {
            const window_use *u = &w->windows[k];
            subtract(run + (size_t)u->plus * LANES, run + (size_t)u->minus * LANES, value[k]);
            put_window(u, value[k], out, g, j);
            if (w->kept != NULL) {
                memcpy(w->kept + (k * n + j) * LANES, value[k], sizeof value[k]);
            }
        }
        for (size_t q = 0; q < w->n_derived; q++) {
            put_derived(&w->derived[q], (const double(*)[LANES])value, out, g, j);
        }
    }
    memset(w->marks + n * row, 0, row * sizeof *w->marks); /* marks beyond the last date */
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
