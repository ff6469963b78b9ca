/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/cut_points.h"

void cut_points_make(const double *sum, size_t n, uint32_t *cut)
{
    const double width = sum[n - 1] / (double)n;
    size_t at = 0;
    for (size_t k = 0; k < n; k++) {
        while (at + 1 < n && sum[at] <= (double)k * width) {
            at++;
        }
        cut[k] = (uint32_t)at;
    }
}

size_t cut_points_find(const double *sum, size_t n, const uint32_t *cut, double u)
{
    const double want = u * sum[n - 1];
    const size_t k = (size_t)(u * (double)n);
    size_t at = cut[k < n ? k : n - 1];
    while (at > 0 && sum[at - 1] > want) { /* the cut's edge was rounded up */
        at--;
    }
    while (at + 1 < n && sum[at] <= want) {
        at++;
    }
    return at;
}
