/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/rank.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "stats/numeric/special.h"

/* A value as a whole number in the same order, and where it stood. */
typedef struct placed {
    uint64_t key;
    uint32_t at;
} placed;

enum { DIGIT_BITS = 8, DIGITS = 8, DIGIT_VALUES = 1 << DIGIT_BITS };

static uint64_t key_of(double x)
{
    uint64_t bits;
    x += 0.0; /* -0.0 is 0.0 */
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 != 0 ? ~bits : bits | UINT64_C(1) << 63;
}

/* Sorts by one digit of the key, stably, from `from` to `to`; false and nothing done when all have
 * the same digit. */
static bool sort_by_digit(const placed *from, placed *to, size_t n, unsigned shift)
{
    size_t start[DIGIT_VALUES] = {0};
    for (size_t i = 0; i < n; i++) {
        start[(from[i].key >> shift) % DIGIT_VALUES]++;
    }
    if (n == 0 || start[(from[0].key >> shift) % DIGIT_VALUES] == n) {
        return false;
    }
    size_t before = 0;
    for (size_t d = 0; d < DIGIT_VALUES; d++) {
        size_t count = start[d];
        start[d] = before;
        before += count;
    }
    for (size_t i = 0; i < n; i++) {
        to[start[(from[i].key >> shift) % DIGIT_VALUES]++] = from[i];
    }
    return true;
}

/* Radix sort by key, ties in the order they came; yields which of the two arrays holds the result.
 */
static const placed *sort_placed(placed *a, placed *b, size_t n)
{
    for (unsigned d = 0; d < DIGITS; d++) {
        if (sort_by_digit(a, b, n, d * DIGIT_BITS)) {
            placed *other = a;
            a = b;
            b = other;
        }
    }
    return a;
}

static strata_status check_finite(const double *x, size_t n, strata_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            return strata_fail(err, STRATA_E_DATA,
                               "value %zu is %g; missing values must be dropped first", i, x[i]);
        }
    }
    return STRATA_OK;
}

strata_status sort_order(const double *x, size_t n, uint32_t *order, strata_error *err)
{
    STRATA_AUTO_FREE placed *mine = STRATA_NEW_ARRAY(n, placed);
    STRATA_AUTO_FREE placed *other = STRATA_NEW_ARRAY(n, placed);
    if (mine == NULL || other == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu values", n);
    }
    STRATA_TRY(check_finite(x, n, err));
    for (size_t i = 0; i < n; i++) {
        mine[i] = (placed){key_of(x[order[i]]), order[i]};
    }
    const placed *sorted = sort_placed(mine, other, n);
    for (size_t i = 0; i < n; i++) {
        order[i] = sorted[i].at;
    }
    return STRATA_OK;
}

strata_status rank_values(const double *x, size_t n, double *rank, double *ties, uint32_t *order,
                          strata_error *err)
{
    STRATA_AUTO_FREE placed *mine = STRATA_NEW_ARRAY(n, placed);
    STRATA_AUTO_FREE placed *other = STRATA_NEW_ARRAY(n, placed);
    if (mine == NULL || other == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory ranking %zu values", n);
    }
    STRATA_TRY(check_finite(x, n, err));
    for (size_t i = 0; i < n; i++) {
        mine[i] = (placed){key_of(x[i]), (uint32_t)i};
    }
    const placed *sorted = sort_placed(mine, other, n);
    double sum = 0.0;
    for (size_t i = 0; i < n;) {
        size_t j = i;
        while (j < n && sorted[j].key == sorted[i].key) {
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
