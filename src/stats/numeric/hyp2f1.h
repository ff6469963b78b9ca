/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NUMERIC_HYP2F1_H
#define STRATA_STATS_NUMERIC_HYP2F1_H

/* Gauss' hypergeometric function 2F1(a, b; c; z) as the buyer models meet it: a and b finite (of
 * either sign), c > 0, 0 <= z < 1. Relative error is below 1e-10 for a, b, c up to 1e4 and z up to
 * 1 - 1e-8 (tests compare with mpmath), as long as the value is not itself next to a zero.
 *
 * Method: Abramowitz & Stegun 15.1.1 (series) and 15.3.3 (Euler's transformation),
 * whichever has terms that do not cancel. Near z = 1 the solution is carried on from z <= 1/2 by
 * Taylor series of the differential equation 15.5.1, each step half way to 1, so that c - a - b
 * may be a whole number. */

/* NaN outside the range above; infinite where the value does not fit a double. */
double hyp2f1(double a, double b, double c, double z);

/* 2F1 = returned value * exp(*log_scale): for values far outside the range of a double. */
double hyp2f1_scaled(double a, double b, double c, double z, double *log_scale);

#endif
