/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/contingency.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "stats/special.h"

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

static int by_key(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double pairs(double n)
{
    return n * (n - 1.0) / 2.0;
}

/* Pairs of things with the same key; `keys` is sorted on return. */
static double equal_pairs(uint32_t *keys, size_t n)
{
    qsort(keys, n, sizeof *keys, by_key);
    double sum = 0.0;
    for (size_t i = 0; i < n;) {
        size_t j = i;
        while (j < n && keys[j] == keys[i]) {
            j++;
        }
        sum += pairs((double)(j - i));
        i = j;
    }
    return sum;
}

/* The same by counting: group sizes of one grouping. */
static double group_pairs(const uint16_t *group, size_t n, size_t *sizes)
{
    for (size_t g = 0; g <= UINT16_MAX; g++) {
        sizes[g] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        sizes[group[i]]++;
    }
    double sum = 0.0;
    for (size_t g = 0; g <= UINT16_MAX; g++) {
        sum += pairs((double)sizes[g]);
    }
    return sum;
}

strata_status adjusted_rand_index(const uint16_t *a, const uint16_t *b, size_t n, double *out,
                                  strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *keys = STRATA_NEW_ARRAY(n, uint32_t);
    STRATA_AUTO_FREE size_t *sizes = STRATA_NEW_ARRAY((size_t)UINT16_MAX + 1, size_t);
    if (keys == NULL || sizes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing groupings of %zu", n);
    }
    for (size_t i = 0; i < n; i++) {
        keys[i] = ((uint32_t)a[i] << 16) | b[i];
    }
    double both = equal_pairs(keys, n);
    double in_a = group_pairs(a, n, sizes);
    double in_b = group_pairs(b, n, sizes);
    double all = pairs((double)n);
    double expected = all > 0.0 ? in_a * in_b / all : 0.0;
    double most = (in_a + in_b) / 2.0;
    *out = most - expected > 0.0 ? (both - expected) / (most - expected) : 1.0;
    return STRATA_OK;
}
