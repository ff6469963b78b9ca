/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_GRADIENT_H
#define STRATA_TEST_GRADIENT_H

/* Compares an analytic gradient with differences of the function. */

#include "strata_test.h"

#include "stats/numeric/fit.h"

/* d f / d x[i] from four points (error of the order of h^4). */
static inline double difference_quotient(fit_fn *f, const void *data, const double *x, size_t n,
                                         size_t i)
{
    static const double at[] = {-2.0, -1.0, 1.0, 2.0};
    static const double weight[] = {1.0 / 12.0, -8.0 / 12.0, 8.0 / 12.0, -1.0 / 12.0};
    double ignored[FIT_PARAMETERS_MAX];
    double h = 1e-3 * fmax(fabs(x[i]), 1e-3);
    double sum = 0.0;
    for (size_t k = 0; k < 4; k++) {
        double moved[FIT_PARAMETERS_MAX];
        memcpy(moved, x, n * sizeof *x);
        moved[i] += at[k] * h;
        sum += weight[k] * f(data, moved, ignored);
    }
    return sum / h;
}

/* Every derivative at x agrees with the differences to rtol, or to rtol times the largest. */
static inline void assert_gradient_at(fit_fn *f, const void *data, const double *x, size_t n,
                                      double rtol, const char *file, int line)
{
    double gradient[FIT_PARAMETERS_MAX];
    double largest = 0.0;
    assert_true(isfinite(f(data, x, gradient)));
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(gradient[i] * x[i]));
    }
    for (size_t i = 0; i < n; i++) {
        double want = difference_quotient(f, data, x, n, i);
        assert_close_at(gradient[i], want, rtol, rtol * largest / fmax(fabs(x[i]), 1e-3), file,
                        line);
    }
}
#define assert_gradient(f, data, x, n, rtol)                                                       \
    assert_gradient_at(f, data, x, n, rtol, __FILE__, __LINE__)

#endif
