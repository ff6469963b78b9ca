/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NUMERIC_QUADRATURE_H
#define STRATA_STATS_NUMERIC_QUADRATURE_H

/* Gauss-Legendre points on [-1, 1]: exact for polynomials up to degree 31. An integral over [a, b]
 * is h * sum weight[i] f(m + h * node[i]) with m = (a + b) / 2, h = (b - a) / 2. An exponential
 * e^(-x) over a panel of length 8 comes out to 1e-15. Points and weights: Abramowitz & Stegun
 * 25.4.30, n = 16 (numpy.polynomial.legendre.leggauss(16)). */

enum { GAUSS_POINTS = 16 };
extern const double gauss_node[GAUSS_POINTS];
extern const double gauss_weight[GAUSS_POINTS];

#endif
