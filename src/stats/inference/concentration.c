/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/concentration.h"

#include <math.h>

static double sum_of(const double *x, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum;
}

double gini_sorted(const double *sorted, size_t n)
{
    double sum = sum_of(sorted, n);
    double weighted = 0.0;
    for (size_t i = 0; i < n; i++) {
        weighted += (2.0 * (double)(i + 1) - (double)n - 1.0) * sorted[i];
    }
    return sum > 0.0 ? weighted / ((double)n * sum) : 0.0;
}

double top_share_sorted(const double *sorted, size_t n, size_t top)
{
    double sum = sum_of(sorted, n);
    top = top < n ? top : n;
    return sum > 0.0 ? sum_of(sorted + (n - top), top) / sum : 0.0;
}

void lorenz_sorted(const double *sorted, size_t n, size_t steps, double *value_share)
{
    double sum = sum_of(sorted, n);
    double below = 0.0; /* sum of the first i values */
    size_t i = 0;
    for (size_t k = 0; k <= steps; k++) {
        double at = (double)n * (double)k / (double)steps;
        while (i < n && (double)(i + 1) <= at) {
            below += sorted[i++];
        }
        double part = i < n ? (at - (double)i) * sorted[i] : 0.0;
        value_share[k] = sum > 0.0 ? fmin((below + part) / sum, 1.0) : (double)k / (double)steps;
    }
}
