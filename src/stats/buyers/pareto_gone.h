/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_BUYERS_PARETO_GONE_H
#define STRATA_STATS_BUYERS_PARETO_GONE_H

/* The part of the Pareto/NBD likelihood that belongs to customers who left between t_x and T. */

#include "stats/buyers/buyers.h"
#include "stats/buyers/pareto_nbd.h"

/* ln of s * integral from t_x to T of (alpha + u)^-(r + x) (beta + u)^-(s + 1) du, and means over
 * the moment u of leaving, in proportion to the integrand. -infinity, means 0, when t_x = T. */
typedef struct pareto_gone {
    double log_value;
    double log_alpha, log_beta; /* ln(alpha + u), ln(beta + u) */
    double inv_alpha, inv_beta; /* 1 / (alpha + u), 1 / (beta + u) */
} pareto_gone;

/* By quadrature in ln(min(alpha, beta) + u). Textbooks write the integral as a difference of two
 * hypergeometric functions, which cancels when t_x is near T; here all is positive, and the
 * gradient comes along. Relative error below 1e-12. */
pareto_gone pareto_gone_before(const pareto_nbd *m, buyer b);

/* ln of the part of those alive at T: (alpha + T)^-(r + x) (beta + T)^-s. */
double pareto_alive_log(const pareto_nbd *m, buyer b);

#endif
