/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/design.h"

#include <math.h>

#include "stats/inference/quantile.h"

static const double LOW = 0.01;
static const double HIGH = 0.99;
static const double SKEWED = 2.0;   /* skewness from which amounts and counts are logged */
static const double SELDOM = 0.005; /* share missing (or known) below which there is no column
                                       for it */

static double logged(double x)
{
    return copysign(log1p(fabs(x)), x);
}

static double skewness(const double *x, size_t n)
{
    double mean = 0.0;
    double m2 = 0.0;
    double m3 = 0.0;
    for (size_t i = 0; i < n; i++) {
        mean += x[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        double d = x[i] - mean;
        m2 += d * d;
        m3 += d * d * d;
    }
    double var = m2 / (double)n;
    return var > 0.0 ? m3 / (double)n / (var * sqrt(var)) : 0.0;
}

/* x: the n known values, scratch. */
static void learn_column(value_type type, double *x, size_t n, design_column *c)
{
    bool amount = type == VALUE_MONEY || type == VALUE_NUMBER || type == VALUE_DURATION;
    c->logged = amount && fabs(skewness(x, n)) > SKEWED;
    for (size_t i = 0; c->logged && i < n; i++) {
        x[i] = logged(x[i]);
    }
    sort_values(x, n);
    c->low = n > 0 ? quantile_sorted(x, n, LOW) : 0.0;
    c->high = n > 0 ? quantile_sorted(x, n, HIGH) : 0.0;
    if (type == VALUE_BOOL) { /* seldom is not far out */
        c->low = 0.0;
        c->high = 1.0;
    }
    c->mean = 0.0;
    for (size_t i = 0; i < n; i++) {
        c->mean += fmin(fmax(x[i], c->low), c->high) / (double)n;
    }
}

/* Where the columns for missing values and short durations stand: behind the features. */
static void number_columns(design_column *columns, design *d)
{
    d->width = d->n;
    for (size_t k = 0; k < d->n; k++) {
        if (columns[k].missing_column != SIZE_MAX) {
            columns[k].missing_column = d->width++;
        }
        if (columns[k].near_column != SIZE_MAX) {
            columns[k].near_column = d->width;
            d->width += DESIGN_NEAR;
        }
    }
    d->columns = columns;
}

strata_status design_make(const rows *r, const candidates *c, const uint32_t *which, size_t n,
                          arena *a, design *out, strata_error *err)
{
    design d = {0};
    design_column *columns = ARENA_NEW(a, c->n + 1, design_column);
    double *x = ARENA_NEW(a, n + 1, double);
    if (columns == NULL || x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory preparing %zu rows", n);
    }
    for (size_t k = 0; k < c->n; k++) {
        if (c->items[k].left_out != USED) {
            continue;
        }
        size_t known = 0;
        for (size_t i = 0; i < n; i++) {
            double value = r->x[which[i] * r->n_columns + k];
            if (!isnan(value)) {
                x[known++] = value;
            }
        }
        design_column *one = &columns[d.n++];
        one->candidate = k;
        learn_column(c->items[k].type, x, known, one);
        bool both = (double)known > SELDOM * (double)n && (double)(n - known) > SELDOM * (double)n;
        one->missing_column = both ? 0 : SIZE_MAX; /* numbered below */
        one->near_column = c->items[k].type == VALUE_DURATION ? 0 : SIZE_MAX;
    }
    number_columns(columns, &d);
    *out = d;
    return STRATA_OK;
}

strata_status design_pick(const design *d, const size_t *keep, size_t n, arena *a, design *out,
                          strata_error *err)
{
    design picked = {.n = n};
    design_column *columns = ARENA_NEW(a, n + 1, design_column);
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t k = 0; k < n; k++) {
        columns[k] = d->columns[keep[k]];
    }
    number_columns(columns, &picked);
    *out = picked;
    return STRATA_OK;
}

void design_row(const design *d, const double *raw, double *out)
{
    for (size_t k = 0; k < d->n; k++) {
        const design_column *c = &d->columns[k];
        double x = raw[c->candidate];
        bool missing = isnan(x);
        out[k] = missing ? c->mean : fmin(fmax(c->logged ? logged(x) : x, c->low), c->high);
        for (size_t i = 0; c->near_column != SIZE_MAX && i < DESIGN_NEAR; i++) {
            out[c->near_column + i] = x <= DESIGN_NEAR_DAYS[i] ? 1.0 : 0.0;
        }
        if (c->missing_column != SIZE_MAX) {
            out[c->missing_column] = missing ? 1.0 : 0.0;
        }
    }
}
