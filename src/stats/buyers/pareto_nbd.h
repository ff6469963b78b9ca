/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_BUYERS_PARETO_NBD_H
#define STRATA_STATS_BUYERS_PARETO_NBD_H

/* The Pareto/NBD model (Schmittlein, Morrison & Colombo 1987, Management Science 33:1-24; formulas
 * as in Fader & Hardie, note 009). While alive a customer buys at random with a rate of their own,
 * gamma(r, rate alpha) over customers, and leaves at any moment with a rate of their own,
 * gamma(s, rate beta).
 *
 * Times are in the unit the model was fitted in. Predictions take histories that buyer_cells_new()
 * accepts and parameters above 0; alpha may be below, above or equal to beta. */

#include <strata/error.h>

#include <stddef.h>

#include "base/context.h"
#include "stats/buyers/buyers.h"
#include "stats/numeric/fit.h"

typedef struct pareto_nbd {
    double r, alpha, s, beta;
} pareto_nbd;

/* ln L at m; its derivatives by r, alpha, s, beta in gradient[4] (may be NULL). */
double pareto_nbd_log_likelihood(const pareto_nbd *m, const buyer_cells *cells, double *gradient);

/* Maximum likelihood; parameters in the order r, alpha, s, beta. s and beta often lie on a ridge:
 * large standard errors, or FIT_FLAT where the data do not tell them apart. FIT_NO_DATA when there
 * are no two customers or nobody bought again. Failures: STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status pareto_nbd_fit(const buyer_cells *cells, const context *cx,
                                               fit_result *out, strata_error *err);
pareto_nbd pareto_nbd_of(const fit_result *fit);

/* Chance that the customer has not left by T. */
double pareto_nbd_alive(const pareto_nbd *m, buyer b);

/* Purchases expected in (T, T + t] given the history, t >= 0. */
double pareto_nbd_expected(const pareto_nbd *m, buyer b, double t);

/* Repeat purchases expected of a new customer in (0, t], t >= 0. */
double pareto_nbd_mean(const pareto_nbd *m, double t);

/* Chance that a new customer makes exactly k repeat purchases in (0, t], t >= 0. */
double pareto_nbd_chance(const pareto_nbd *m, size_t k, double t);

/* Discounted expected residual transactions: all purchases after T, those at T + t counted
 * e^(-rate t) times; rate > 0 per unit of time (Fader, Hardie & Lee 2005, Journal of Marketing
 * Research 42:415-430, eq. 5). A discount of d a year is rate = ln(1 + d) / years per unit. */
double pareto_nbd_dert(const pareto_nbd *m, buyer b, double rate);

#endif
