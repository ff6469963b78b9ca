/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CONTRACTS_BDW_H
#define STRATA_STATS_CONTRACTS_BDW_H

/* The beta-discrete-Weibull model of contracts (Fader, Hardie, Liu, Davin & Steenburgh 2018, "How
 * to project customer retention" revisited: the role of duration dependence, Journal of Interactive
 * Marketing 43:1): as sbg.h, but a customer's own chance of leaving may also change with time, c
 * above 1: it grows, under 1: it falls, 1: the sBG.
 *     S(t) = B(alpha, beta + t^c) / B(alpha, beta),   r(t) = S(t) / S(t - 1). */

#include <strata/error.h>

#include "stats/contracts/lifetime.h"
#include "stats/numeric/fit.h"

enum { BDW_ALPHA, BDW_BETA, BDW_C, BDW_PARAMETERS };

log_retention_fn bdw_log_retention;

/* The log-likelihood of `data`, a lifetimes; a fit_fn. */
double bdw_log_likelihood(const void *data, const double *x, double *gradient);

/* Maximum likelihood from the sBG's estimates, where it has some, and a grid. Needs three renewals.
 * Errors: STRATA_E_CANCELLED, STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status bdw_fit(const lifetimes *l, const context *cx, fit_result *out,
                                        strata_error *err);

#endif
