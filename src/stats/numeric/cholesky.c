/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/numeric/cholesky.h"

#include <math.h>

size_t cholesky(double *a, size_t p, double tolerance)
{
    for (size_t j = 0; j < p; j++) {
        double whole = a[j * p + j];
        double pivot = whole;
        for (size_t k = 0; k < j; k++) {
            pivot -= a[j * p + k] * a[j * p + k];
        }
        if (!(pivot > tolerance * whole) || !isfinite(pivot)) {
            return j;
        }
        pivot = sqrt(pivot);
        a[j * p + j] = pivot;
        for (size_t i = j + 1; i < p; i++) {
            double sum = a[i * p + j];
            for (size_t k = 0; k < j; k++) {
                sum -= a[i * p + k] * a[j * p + k];
            }
            a[i * p + j] = sum / pivot;
        }
    }
    return p;
}

void cholesky_solve(const double *factor, size_t p, const double *b, double *x)
{
    for (size_t i = 0; i < p; i++) {
        double sum = b[i];
        for (size_t k = 0; k < i; k++) {
            sum -= factor[i * p + k] * x[k];
        }
        x[i] = sum / factor[i * p + i];
    }
    for (size_t i = p; i-- > 0;) {
        double sum = x[i];
        for (size_t k = i + 1; k < p; k++) {
            sum -= factor[k * p + i] * x[k];
        }
        x[i] = sum / factor[i * p + i];
    }
}
