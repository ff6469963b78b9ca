/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_BUYERS_NBD_H
#define STRATA_STATS_BUYERS_NBD_H

/* The NBD model of purchases (Ehrenberg 1959, Applied Statistics 8:26-41): a customer buys at
 * random with a rate of their own, gamma(r, rate alpha) over customers, and never leaves. What
 * bg_nbd.h and pareto_nbd.h come to when nobody goes; its likelihood is that of the same purchases
 * at the same times, so the three compare.
 *
 * Times are in the unit the model was fitted in. Predictions take histories that buyer_cells_new()
 * accepts and parameters above 0. */

#include <strata/error.h>

#include "base/context.h"
#include "stats/buyers/buyers.h"
#include "stats/numeric/fit.h"

typedef struct nbd {
    double r, alpha;
} nbd;

/* ln L at m; its derivatives by r and alpha in gradient[2] (may be NULL). */
double nbd_log_likelihood(const nbd *m, const buyer_cells *cells, double *gradient);

/* Maximum likelihood; parameters in the order r, alpha. FIT_NO_DATA when there are no two customers
 * or nobody bought again. Failures: STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status nbd_fit(const buyer_cells *cells, const context *cx,
                                        fit_result *out, strata_error *err);

/* Purchases expected in (T, T + t] given the history, t >= 0: t (r + x) / (alpha + T). */
double nbd_expected(const nbd *m, buyer b, double t);

#endif
