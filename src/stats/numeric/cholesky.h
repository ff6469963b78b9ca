/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NUMERIC_CHOLESKY_H
#define STRATA_STATS_NUMERIC_CHOLESKY_H

#include <stddef.h>

/* Cholesky factor L of the positive definite a (p x p, by row) in place, lower triangle. Yields the
 * first row whose pivot falls under `tolerance` of its diagonal, p when there is none. */
size_t cholesky(double *a, size_t p, double tolerance);
/* x = a^-1 b from the factor; x may be b. */
void cholesky_solve(const double *factor, size_t p, const double *b, double *x);

#endif
