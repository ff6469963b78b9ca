/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CONTRACTS_SBG_H
#define STRATA_STATS_CONTRACTS_SBG_H

/* The shifted-beta-geometric model of contracts that are renewed or not (Fader & Hardie 2007, How
 * to project customer retention, Journal of Interactive Marketing 21:76): every customer leaves at
 * each renewal with a probability of their own, constant in time; over customers it has a beta
 * distribution. Who stays longer is more likely to stay, so retention rises with age:
 *     r(t) = (beta + t - 1) / (alpha + beta + t - 1),   S(t) = B(alpha, beta + t) / B(alpha, beta).
 */

#include <strata/error.h>

#include "stats/contracts/lifetime.h"
#include "stats/numeric/fit.h"

enum { SBG_ALPHA, SBG_BETA, SBG_PARAMETERS };

log_retention_fn sbg_log_retention;

/* The log-likelihood of `data`, a lifetimes; a fit_fn. */
double sbg_log_likelihood(const void *data, const double *x, double *gradient);

/* Maximum likelihood. Starts: the moments of the first two renewals, and the mean churn with four
 * degrees of heterogeneity. Churn that does not fall with age is no sBG: the fit then says so
 * (geometric_fit() describes such data). Errors: STRATA_E_CANCELLED, STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status sbg_fit(const lifetimes *l, const context *cx, fit_result *out,
                                        strata_error *err);

#endif
