/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/contingency.h"

#include <math.h>

#include "base/auto.h"
#include "stats/numeric/special.h"

static double sum_row(const size_t *counts, size_t n_columns, size_t row)
{
    double sum = 0.0;
    for (size_t c = 0; c < n_columns; c++) {
        sum += (double)counts[row * n_columns + c];
    }
    return sum;
}

static size_t count_used(const double *sums, size_t n)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        used += sums[i] > 0.0;
    }
    return used;
}

strata_status chi_square_independence(const size_t *counts, size_t n_rows, size_t n_columns,
                                      stat_test *out, double *least_expected, strata_error *err)
{
    STRATA_AUTO_FREE double *columns = STRATA_NEW_ARRAY(n_columns, double);
    STRATA_AUTO_FREE double *rows = STRATA_NEW_ARRAY(n_rows, double);
    if (columns == NULL || rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory testing %zu x %zu counts", n_rows,
                           n_columns);
    }
    double n = 0.0;
    for (size_t r = 0; r < n_rows; r++) {
        rows[r] = sum_row(counts, n_columns, r);
        n += rows[r];
        for (size_t c = 0; c < n_columns; c++) {
            columns[c] += (double)counts[r * n_columns + c];
        }
    }
    size_t used_rows = count_used(rows, n_rows);
    size_t used_columns = count_used(columns, n_columns);
    stat_test t = {0};
    double least = INFINITY;
    if (used_rows >= 2 && used_columns >= 2) {
        for (size_t i = 0; i < n_rows * n_columns; i++) {
            double expected = rows[i / n_columns] * columns[i % n_columns] / n;
            if (expected > 0.0) {
                double off = (double)counts[i] - expected;
                t.statistic += off * off / expected;
                least = fmin(least, expected);
            }
        }
        double smaller = (double)((used_rows < used_columns ? used_rows : used_columns) - 1);
        t.defined = true;
        t.df = (double)((used_rows - 1) * (used_columns - 1));
        t.p = chi_square_sf(t.statistic, t.df);
        t.effect = sqrt(t.statistic / (n * smaller));
    }
    *out = t;
    if (least_expected != NULL) {
        *least_expected = t.defined ? least : 0.0;
    }
    return STRATA_OK;
}
