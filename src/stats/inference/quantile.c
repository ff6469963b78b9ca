/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/quantile.h"

#include <math.h>
#include <stdlib.h>

#include "stats/numeric/special.h"

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

void sort_values(double *x, size_t n)
{
    if (n > 1) {
        qsort(x, n, sizeof *x, ascending);
    }
}

double quantile_sorted(const double *sorted, size_t n, double q)
{
    double at = (double)(n - 1) * q;
    double below = floor(at);
    size_t i = (size_t)below;
    return i + 1 < n ? sorted[i] + (at - below) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

bool median_interval_sorted(const double *sorted, size_t n, interval *out)
{
    /* The largest k with P(binomial(n, 1/2) <= k - 1) <= 0.025. */
    size_t low = 0;
    size_t high = n / 2;
    while (low < high) {
        size_t mid = low + (high - low + 1) / 2;
        if (binomial_cdf((double)mid - 1.0, (double)n, 0.5) <= 0.025) {
            low = mid;
        } else {
            high = mid - 1;
        }
    }
    if (low == 0) {
        return false;
    }
    *out = (interval){sorted[low - 1], sorted[n - low]};
    return true;
}
