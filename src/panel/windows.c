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
    window_use u = {feature, -1, 1};
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

static void choose_derived(window_sums *w)
{
    for (size_t q = 0; q < w->table->n_derived; q++) {
        const derived *f = &w->table->derived[q];
        if (f->under != WINDOW_NONE && sweep_wants(w->sweep, f->feature)) {
            w->derived[w->n_derived++] =
                (derived_use){w->sweep->slot[f->feature], find_window(w, f->over),
                              find_window(w, f->under), f->unit, f->offset};
        }
    }
}

/* Puts the wanted windows in order of measure, and names their edges. */
static void choose_windows(window_sums *w, edge_list *edges)
{
    const sweep *s = w->sweep;
    for (int m = 0; m < MEASURES_MAX; m++) {
        window_group *g = &w->groups[m];
        for (size_t k = 0; k < w->table->n_windows; k++) {
            const window *v = &w->table->windows[k];
            if (v->measure != m || !window_wanted(s, w->table, v)) {
                continue;
            }
            day first = s->dates.tables[v->months].days[0] - v->oldest + 1;
            w->first_day = first < w->first_day ? first : w->first_day;
            g->newest[g->n] = find_edge(edges, SHIFT_NONE, v->newest);
            g->oldest[g->n] = find_edge(edges, v->months, v->oldest);
            g->n++;
            w->windows[w->n++] = use_window(s, v->feature);
        }
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

strata_status window_sums_new(const sweep *s, const window_table *table, window_sums *out,
                              strata_error *err)
{
    STRATA_CLEANUP(window_sums_done)
    window_sums w = {.sweep = s, .table = table, .first_day = DAY_MAX};
    edge_list list = {0};
    window_edges edges;
    choose_windows(&w, &list);
    choose_derived(&w);
    STRATA_TRY(tabulate(&list, s, &w.numbers, &edges, err));
    size_t row = s->n_dates + 1;
    w.marks = STRATA_NEW_ARRAY(w.n * row, int64_t);
    if (!w.marks) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the sums of %zu dates",
                           s->n_dates);
    }
    int64_t *marks = w.marks;
    for (int m = 0; m < MEASURES_MAX; m++) {
        window_group *g = &w.groups[m];
        g->edges = edges;
        g->row = row;
        g->marks = marks;
        marks += g->n * row;
    }
    *out = w;
    w.marks = NULL; /* they are the caller's now */
    w.numbers = NULL;
    return STRATA_OK;
}

void window_sums_done(window_sums *w)
{
    free(w->marks);
    free(w->numbers);
    *w = (window_sums){0};
}

void window_sums_clear(window_sums *w)
{
    memset(w->marks, 0, w->n * (w->sweep->n_dates + 1) * sizeof *w->marks);
}

/* Turns marks into sums and writes them where they are asked for. */
static void put_sums(const window_use *u, int64_t *marks, size_t visible, const sweep_out *out,
                     size_t i)
{
    size_t n = out->sweep->n_dates;
    int64_t sum = 0;
    for (size_t j = 0; j < n; j++) {
        sum += marks[j];
        marks[j] = sum;
    }
    if (u->slot < 0) {
        return;
    }
    double *cells = out->values + (size_t)u->slot * out->n_accounts + i;
    for (size_t j = 0; j < n; j++) {
        cells[j * out->stride] = j < visible ? (double)NAN : (double)marks[j] / u->unit;
    }
}

static void put_derived(const window_sums *w, const derived_use *f, const sweep_out *out, size_t i,
                        size_t visible)
{
    size_t n = w->sweep->n_dates;
    double *cells = out->values + (size_t)f->slot * out->n_accounts + i;
    const int64_t *over = w->marks + f->over * (n + 1);
    const int64_t *under = w->marks + f->under * (n + 1);
    for (size_t j = 0; j < n; j++) {
        bool known = j >= visible && under[j] != 0;
        cells[j * out->stride] =
            known ? (double)over[j] / ((double)under[j] * f->unit) + f->offset : (double)NAN;
    }
}

void window_sums_put(window_sums *w, const sweep_out *out, size_t i, size_t visible)
{
    size_t row = w->sweep->n_dates + 1;
    for (size_t k = 0; k < w->n; k++) {
        put_sums(&w->windows[k], w->marks + k * row, visible, out, i);
    }
    for (size_t q = 0; q < w->n_derived; q++) {
        put_derived(w, &w->derived[q], out, i, visible);
    }
}

const int64_t *window_sums_of(const window_sums *w, int feature)
{
    size_t k = find_window(w, feature);
    return k == w->n ? NULL : w->marks + k * (w->sweep->n_dates + 1);
}

int64_t in_millionths(double x)
{
    const double most = 1e12; /* far above any score or number of minutes */
    double clamped = x > most ? most : x < -most ? -most : x;
    return isnan(clamped) ? 0 : (int64_t)llround(clamped * MILLIONTHS);
}
