/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BUYERS_TEST_H
#define STRATA_BUYERS_TEST_H

/* What the tests of the buyer models share. */

#include "strata_test.h"

#include "stats/buyers/buyers.h"
#include "stats/numeric/fit.h"

/* A log-likelihood of n parameters p, its gradient in g when that is not NULL. */
typedef double value_fn(void *data, const double *p, double *g);

/* The gradient against central differences, relative to the largest of its parts. */
static inline void assert_gradient(value_fn *f, void *data, const double *at, size_t n)
{
    double g[FIT_PARAMETERS_MAX];
    double p[FIT_PARAMETERS_MAX];
    double value = f(data, at, g);
    double size = fabs(value) * 1e-3;
    for (size_t i = 0; i < n; i++) {
        size = fmax(size, fabs(g[i] * at[i]));
    }
    for (size_t i = 0; i < n; i++) {
        memcpy(p, at, n * sizeof *p);
        double h = 1e-4 * at[i];
        p[i] = at[i] + h;
        double above = f(data, p, NULL);
        p[i] = at[i] - h;
        double below = f(data, p, NULL);
        assert_close_at(g[i], (above - below) / (2.0 * h), 0.0, 1e-6 * size / at[i], __FILE__,
                        __LINE__);
    }
}

/* Either a fit, or a reason and nothing made up: never a number that is not finite. */
static inline void assert_plain(const fit_result *fit, bool converged)
{
    assert_true(fit->converged == converged);
    assert_true(converged == (fit->reason[0] == '\0'));
    assert_true(isfinite(fit->log_likelihood) && isfinite(fit->gradient_norm));
    for (size_t i = 0; i < fit->n_parameters; i++) {
        assert_true(isfinite(fit->x[i]) && isfinite(fit->se[i]));
        assert_true(fit->se[i] > 0.0 ? converged : !converged);
    }
}

/* What was fitted lies within three standard errors of what was simulated. */
static inline void assert_recovers(const fit_result *fit, const double *truth)
{
    assert_plain(fit, true);
    for (size_t i = 0; i < fit->n_parameters; i++) {
        assert_close_at(fit->x[i], truth[i], 0.0, 3.0 * fit->se[i], __FILE__, __LINE__);
    }
}

static inline buyer_cells *cells_of(const buyer *rows, const double *weight, size_t n)
{
    strata_error err = {0};
    buyer_cells *cells = NULL;
    assert_ok(buyer_cells_new(rows, weight, n, &cells, &err), &err);
    return cells;
}

#endif
