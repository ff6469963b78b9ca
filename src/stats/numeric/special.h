/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NUMERIC_SPECIAL_H
#define STRATA_STATS_NUMERIC_SPECIAL_H

/* The special functions that p-values and intervals need. All are pure; a NaN
 * comes back for arguments outside the stated range. Relative error is below
 * 1e-12 for shapes up to 1e5 (tests compare with SciPy). */

/* The 97.5 % point of the standard normal: half-width of a 95 % interval. */
#define STATS_Z95 1.959963984540054

/* ln gamma(x), x > 0. Unlike lgamma() it writes no global. Stirling's series, Abramowitz & Stegun
 * 6.1.41, after raising x to 10 or more by the recurrence. */
double log_gamma(double x);

/* ln B(a, b), a > 0, b > 0; for large arguments without the cancellation of three log_gamma()
 * (Didonato & Morris 1992, TOMS 18:360). */
double log_beta(double a, double b);

/* First and second derivative of log_gamma(x), x > 0: Abramowitz & Stegun 6.3.18 and 6.4.12 after
 * raising x to 10 or more by the recurrence. digamma() is exact to 1e-14 absolute near its root,
 * 1.4616. */
double digamma(double x);
double trigamma(double x);

/* Regularised incomplete gamma functions, a > 0, x >= 0: P grows from 0 to 1, Q = 1 - P. By series
 * under x = a + 1, by continued fraction above (Abramowitz & Stegun 6.5.29, 6.5.31). */
double gamma_p(double a, double x);
double gamma_q(double a, double x);

/* Regularised incomplete beta function I_x(a, b), a > 0, b > 0, x in 0..1; continued fraction of
 * Abramowitz & Stegun 26.5.8, evaluated by Lentz' method. */
double beta_i(double a, double b, double x);

/* Chance that a standard normal is above z. */
double normal_sf(double z);
/* Chance that a chi-square variable with df > 0 degrees of freedom is above x >= 0. */
double chi_square_sf(double x, double df);
/* Chance that a binomial variable (n tries, chance p in 0..1) is at most k. */
double binomial_cdf(double k, double n, double p);

#endif
