/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/windows.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

static bool window_wanted(const sweep *s, const window_table *table, const window *v)
{
    if (table->all || (v->feature < (int)FEATURE_COUNT && sweep_wants(s, (feature_id)v->feature))) {
        return true;
    }
    if (v->feature >= (int)FEATURE_COUNT && sweep_wants(s, (feature_id)v->needed_by)) {
        return true;
    }
    for (size_t q = 0; q < table->n_quotients; q++) {
        const quotient *f = &table->quotients[q];
        if (sweep_wants(s, f->feature) &&
            (f->numerator == v->feature || f->denominator == v->feature)) {
            return true;
        }
    }
    return false;
}

/* The first day whose facts can still count for the first date. */
static day first_counting_day(const sweep *s, const window *v)
{
    return s->dates.tables[v->months].days[0] - v->oldest + 1;
}

strata_status window_sums_new(const sweep *s, const window_table *table, window_sums *out,
                              strata_error *err)
{
    window_sums w = {.sweep = s, .table = table, .first_day = DAY_MAX};
    for (int m = 0; m < MEASURES_MAX; m++) {
        w.begin[m] = w.n;
        for (size_t k = 0; k < table->n_windows; k++) {
            const window *v = &table->windows[k];
            if (v->measure == m && window_wanted(s, table, v)) {
                day first = first_counting_day(s, v);
                w.first_day = first < w.first_day ? first : w.first_day;
                w.windows[w.n++] = *v;
            }
        }
    }
    w.begin[MEASURES_MAX] = w.n;
    w.marks = STRATA_NEW_ARRAY(w.n * (s->n_dates + 1), int64_t);
    if (!w.marks) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the sums of %zu dates",
                           s->n_dates);
    }
    *out = w;
    return STRATA_OK;
}

void window_sums_done(window_sums *w)
{
    free(w->marks);
    *w = (window_sums){0};
}

void window_sums_clear(window_sums *w)
{
    memset(w->marks, 0, w->n * (w->sweep->n_dates + 1) * sizeof *w->marks);
}

static void run_sums(int64_t *marks, size_t n)
{
    int64_t sum = 0;
    for (size_t j = 0; j < n; j++) {
        sum += marks[j];
        marks[j] = sum;
    }
}

static void put_sums(const int64_t *sums, bool money, size_t visible, size_t n, double *cells,
                     size_t stride)
{
    size_t j = 0;
    for (; j < n && j < visible; j++) {
        cells[j * stride] = (double)NAN;
    }
    if (money) {
        for (; j < n; j++) {
            cells[j * stride] = (double)sums[j] / 100;
        }
    } else {
        for (; j < n; j++) {
            cells[j * stride] = (double)sums[j];
        }
    }
}

static void put_quotient(const window_sums *w, const quotient *q, const sweep_out *out, size_t i,
                         size_t visible)
{
    double *cells = sweep_cells(out, q->feature, i);
    if (!cells) {
        return;
    }
    const int64_t *over = window_sums_of(w, q->numerator);
    const int64_t *under = window_sums_of(w, q->denominator);
    for (size_t j = 0; j < w->sweep->n_dates; j++) {
        bool known = j >= visible && under[j] != 0;
        cells[j * out->stride] =
            known ? (double)over[j] / ((double)under[j] * q->unit) + q->offset : (double)NAN;
    }
}

void window_sums_put(window_sums *w, const sweep_out *out, size_t i, size_t visible)
{
    size_t n = w->sweep->n_dates;
    for (size_t k = 0; k < w->n; k++) {
        int64_t *sums = w->marks + k * (n + 1);
        run_sums(sums, n);
        if (w->windows[k].feature < (int)FEATURE_COUNT) {
            feature_id f = (feature_id)w->windows[k].feature;
            double *cells = sweep_cells(out, f, i);
            if (cells) {
                put_sums(sums, feature_get(f)->type == VALUE_MONEY, visible, n, cells, out->stride);
            }
        }
    }
    for (size_t q = 0; q < w->table->n_quotients; q++) {
        put_quotient(w, &w->table->quotients[q], out, i, visible);
    }
}

const int64_t *window_sums_of(const window_sums *w, int feature)
{
    for (size_t k = 0; k < w->n; k++) {
        if (w->windows[k].feature == feature) {
            return w->marks + k * (w->sweep->n_dates + 1);
        }
    }
    return NULL;
}

int64_t in_millionths(double x)
{
    const double most = 1e12; /* far above any score or number of minutes */
    double clamped = x > most ? most : x < -most ? -most : x;
    return isnan(clamped) ? 0 : (int64_t)llround(clamped * MILLIONTHS);
}
