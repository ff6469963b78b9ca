/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_BUYERS_GAMMA_GAMMA_H
#define STRATA_STATS_BUYERS_GAMMA_GAMMA_H

/* The Gamma-Gamma model of what customers spend per purchase (Fader & Hardie 2013, note 025): the
 * amounts of one customer are gamma(p, rate v), v is gamma(q, rate gamma) over customers, and how
 * much is independent of how often. Amounts in any unit, one for all. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/context.h"
#include "stats/numeric/fit.h"

typedef struct gamma_gamma {
    double p, q, gamma;
} gamma_gamma;

/* One customer: x repeat purchases with a mean of `mean` each. */
typedef struct spender {
    double x, mean;
} spender;

/* ln of the density of the mean spends at m, over the customers with x > 0 (on total spend the
 * density and so the figure differ); derivatives by p, q, gamma in gradient[3] (may be NULL).
 * STRATA_E_DATA: as gamma_gamma_fit(). */
STRATA_MUST_CHECK strata_status gamma_gamma_log_likelihood(const gamma_gamma *m,
                                                           const spender *rows, size_t n,
                                                           double *out, double *gradient,
                                                           strata_error *err);

/* Maximum likelihood over the customers with x > 0; parameters in the order p, q, gamma. The order
 * of rows does not matter. STRATA_E_DATA names the first row with x negative or not finite, or with
 * x > 0 and a mean that is not above 0 and finite (the model knows no free purchases: leave them
 * out). FIT_NO_DATA when fewer than two customers bought again. Also STRATA_E_NOMEM,
 * STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status gamma_gamma_fit(const spender *rows, size_t n, const context *cx,
                                                fit_result *out, strata_error *err);
gamma_gamma gamma_gamma_of(const fit_result *fit);

/* Expected spend per purchase of a customer given what they spent, in *out; x = 0 (mean is not
 * read) gives the mean over all customers. False, *out untouched, where it is infinite:
 * p x + q <= 1. */
bool gamma_gamma_expected(const gamma_gamma *m, spender s, double *out);

#endif
