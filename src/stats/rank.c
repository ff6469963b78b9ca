/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "stats/special.h"

typedef struct placed {
    double x;
    uint32_t at;
} placed;

static int by_value(const void *a, const void *b)
{
    const placed *x = a;
    const placed *y = b;
    if (x->x < y->x || x->x > y->x) {
        return x->x < y->x ? -1 : 1;
    }
    return (x->at > y->at) - (x->at < y->at);
}

strata_status rank_values(const double *x, size_t n, double *rank, double *ties, uint32_t *order,
                          strata_error *err)
{
    STRATA_AUTO_FREE placed *sorted = STRATA_NEW_ARRAY(n, placed);
    if (sorted == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory ranking %zu values", n);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            return strata_fail(err, STRATA_E_DATA,
                               "value %zu is %g; missing values must be dropped first", i, x[i]);
        }
        sorted[i] = (placed){x[i], (uint32_t)i};
    }
    qsort(sorted, n, sizeof *sorted, by_value);
    double sum = 0.0;
    for (size_t i = 0; i < n;) {
        size_t j = i;
        while (j < n && !(sorted[j].x > sorted[i].x)) {
            j++;
        }
        double t = (double)(j - i);
        sum += t * t * t - t;
        for (size_t k = i; k < j; k++) {
            rank[sorted[k].at] = ((double)(i + 1) + (double)j) / 2.0;
        }
        i = j;
    }
    for (size_t i = 0; order != NULL && i < n; i++) {
        order[i] = sorted[i].at;
    }
    *ties = sum;
    return STRATA_OK;
}

stat_test mann_whitney_of_ranks(double rank_sum_a, size_t n_a, size_t n_b, double ties)
{
    double a = (double)n_a;
    double b = (double)n_b;
    double n = a + b;
    double variance = n > 1.0 ? a * b / 12.0 * (n + 1.0 - ties / (n * (n - 1.0))) : 0.0;
    if (n_a == 0 || n_b == 0 || !(variance > 0.0)) {
        return (stat_test){0};
    }
    double u = rank_sum_a - a * (a + 1.0) / 2.0;
    double z = fmax(fabs(u - a * b / 2.0) - 0.5, 0.0) / sqrt(variance);
    return (stat_test){
        .defined = true, .statistic = u, .p = fmin(2.0 * normal_sf(z), 1.0), .effect = u / (a * b)};
}

strata_status mann_whitney(const double *a, size_t n_a, const double *b, size_t n_b, stat_test *out,
                           strata_error *err)
{
    size_t n = n_a + n_b;
    STRATA_AUTO_FREE double *both = STRATA_NEW_ARRAY(n, double);
    STRATA_AUTO_FREE double *rank = STRATA_NEW_ARRAY(n, double);
    if (both == NULL || rank == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory ranking %zu values", n);
    }
    for (size_t i = 0; i < n; i++) {
        both[i] = i < n_a ? a[i] : b[i - n_a];
    }
    double ties = 0.0;
    STRATA_TRY(rank_values(both, n, rank, &ties, NULL, err));
    double sum = 0.0;
    for (size_t i = 0; i < n_a; i++) {
        sum += rank[i];
    }
    *out = mann_whitney_of_ranks(sum, n_a, n_b, ties);
    return STRATA_OK;
}

strata_status kruskal_wallis(const double *x, const uint16_t *group, size_t n, size_t n_groups,
                             stat_test *out, strata_error *err)
{
    STRATA_AUTO_FREE double *rank = STRATA_NEW_ARRAY(n, double);
    STRATA_AUTO_FREE double *sums = STRATA_NEW_ARRAY(n_groups, double);
    STRATA_AUTO_FREE size_t *sizes = STRATA_NEW_ARRAY(n_groups, size_t);
    if (rank == NULL || sums == NULL || sizes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory ranking %zu values", n);
    }
    double ties = 0.0;
    STRATA_TRY(rank_values(x, n, rank, &ties, NULL, err));
    for (size_t i = 0; i < n; i++) {
        sums[group[i]] += rank[i];
        sizes[group[i]]++;
    }
    double m = (double)n;
    double h = 0.0;
    size_t used = 0;
    for (size_t g = 0; g < n_groups; g++) {
        if (sizes[g] > 0) {
            h += sums[g] * sums[g] / (double)sizes[g];
            used++;
        }
    }
    stat_test t = {0};
    double tied = n > 1 ? 1.0 - ties / (m * m * m - m) : 0.0;
    if (used >= 2 && tied > 0.0) {
        t.defined = true;
        t.statistic = fmax((12.0 / (m * (m + 1.0)) * h - 3.0 * (m + 1.0)) / tied, 0.0);
        t.df = (double)(used - 1);
        t.p = chi_square_sf(t.statistic, t.df);
        t.effect = t.statistic / (m - 1.0);
    }
    *out = t;
    return STRATA_OK;
}
