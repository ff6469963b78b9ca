/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/logistic_private.h"

#include <math.h>
#include <stdio.h>

const char *logistic_name(const logistic_data *data, size_t j, char text[LOGISTIC_NAME])
{
    if (data->names != NULL) {
        (void)snprintf(text, LOGISTIC_NAME, "%s", data->names[j]);
    } else {
        (void)snprintf(text, LOGISTIC_NAME, "feature %zu", j);
    }
    return text;
}

static strata_status check_row(const logistic_data *data, size_t i, strata_error *err)
{
    for (size_t j = 0; j < data->d; j++) {
        double x = data->x[i * data->d + j];
        if (!isfinite(x)) {
            char name[LOGISTIC_NAME];
            return strata_fail(err, STRATA_E_DATA,
                               "row %zu of %s is %g; missing values must be filled first", i,
                               logistic_name(data, j, name), x);
        }
    }
    if (data->y[i] > 1) {
        return strata_fail(err, STRATA_E_DATA, "the outcome of row %zu is %d; it must be 0 or 1", i,
                           data->y[i]);
    }
    double weight = logistic_weight(data, i);
    if (!(weight >= 0.0) || !isfinite(weight)) {
        return strata_fail(err, STRATA_E_DATA,
                           "the weight of row %zu is %g; it must be 0 or more and finite", i,
                           weight);
    }
    return STRATA_OK;
}

/* The rows, counted into `d`. */
static strata_status check_rows(const logistic_data *data, logistic_design *d, strata_error *err)
{
    for (size_t i = 0; i < data->n; i++) {
        STRATA_TRY(check_row(data, i, err));
        double weight = logistic_weight(data, i);
        d->n += weight > 0.0;
        d->n_positive += weight > 0.0 && data->y[i];
        d->total += weight;
        d->total_positive += data->y[i] ? weight : 0.0;
    }
    if (d->n_positive == 0 || d->n_positive == d->n) {
        return strata_fail(err, STRATA_E_DATA,
                           "all %zu outcomes are %d; rows of both outcomes are needed", d->n,
                           d->n_positive > 0);
    }
    return STRATA_OK;
}

/* Weighted mean and standard deviation of feature j. */
static strata_status measure_feature(const logistic_data *data, size_t j, logistic_design *d,
                                     strata_error *err)
{
    double low = INFINITY;
    double high = -INFINITY;
    double sum = 0.0;
    for (size_t i = 0; i < data->n; i++) {
        double x = data->x[i * data->d + j];
        double weight = logistic_weight(data, i);
        if (weight > 0.0) {
            sum += weight / d->total * x;
            low = fmin(low, x);
            high = fmax(high, x);
        }
    }
    d->mean[j] = low < high ? sum : low;
    double squares = 0.0;
    for (size_t i = 0; i < data->n && low < high; i++) {
        double off = data->x[i * data->d + j] - sum;
        squares += logistic_weight(data, i) / d->total * off * off;
    }
    d->sd[j] = sqrt(squares);
    if (!isfinite(d->sd[j])) {
        char name[LOGISTIC_NAME];
        return strata_fail(err, STRATA_E_DATA,
                           "the values of %s go from %g to %g, too far to compute with",
                           logistic_name(data, j, name), low, high);
    }
    if (d->sd[j] > 0.0) {
        d->which[d->p++] = (uint32_t)j;
    }
    return STRATA_OK;
}

static void fill_rows(const logistic_data *data, logistic_design *d)
{
    size_t row = 0;
    for (size_t i = 0; i < data->n; i++) {
        double weight = logistic_weight(data, i);
        if (!(weight > 0.0)) {
            continue;
        }
        double *z = &d->z[row * (d->p + 1)];
        for (size_t k = 0; k < d->p; k++) {
            size_t j = d->which[k];
            z[k] = (data->x[i * data->d + j] - d->mean[j]) / d->sd[j];
        }
        z[d->p] = 1.0;
        d->y[row] = data->y[i];
        d->weight[row] = weight;
        row++;
    }
}

strata_status logistic_design_new(const logistic_data *data, double ridge, logistic_design **out,
                                  strata_error *err)
{
    STRATA_AUTO(logistic_design_free) logistic_design *d = STRATA_NEW_ARRAY(1, logistic_design);
    if (d == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory scaling %zu features", data->d);
    }
    d->ridge = ridge;
    STRATA_TRY(check_rows(data, d, err));
    d->mean = STRATA_NEW_ARRAY(data->d, double);
    d->sd = STRATA_NEW_ARRAY(data->d, double);
    d->which = STRATA_NEW_ARRAY(data->d, uint32_t);
    d->y = STRATA_NEW_ARRAY(d->n, uint8_t);
    d->weight = STRATA_NEW_ARRAY(d->n, double);
    if (d->mean == NULL || d->sd == NULL || d->which == NULL || d->y == NULL || d->weight == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory scaling %zu features", data->d);
    }
    for (size_t j = 0; j < data->d; j++) {
        STRATA_TRY(measure_feature(data, j, d, err));
    }
    d->z = strata_alloc_array(d->n, (d->p + 1) * sizeof(double));
    if (d->z == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory scaling %zu rows of %zu features",
                           d->n, d->p);
    }
    fill_rows(data, d);
    *out = strata_steal(&d);
    return STRATA_OK;
}

void logistic_design_free(logistic_design *d)
{
    if (d != NULL) {
        free(d->z);
        free(d->y);
        free(d->weight);
        free(d->which);
        free(d->mean);
        free(d->sd);
        free(d);
    }
}
