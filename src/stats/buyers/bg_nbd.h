/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_BUYERS_BG_NBD_H
#define STRATA_STATS_BUYERS_BG_NBD_H

/* The beta-geometric/NBD model of purchases without a contract (Fader, Hardie & Lee 2005, Marketing
 * Science 24:275-284) and its modified form (Batislam, Denizel & Filiztekin 2007, International
 * Journal of Research in Marketing 24:201-209). While alive a customer buys at random with a rate
 * of their own, gamma(r, rate alpha) over customers; after each repeat purchase (modified: after
 * the first one too) they leave with a chance of their own, beta(a, b) over customers.
 *
 * Times are in the unit the model was fitted in. Predictions take histories that buyer_cells_new()
 * accepts and parameters above 0; they are finite for x up to BUYER_PURCHASES_MAX. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/context.h"
#include "stats/buyers/buyers.h"
#include "stats/numeric/fit.h"

typedef enum bg_kind { BG_NBD, MBG_NBD } bg_kind;

typedef struct bg_nbd {
    bg_kind kind;
    double r, alpha, a, b;
} bg_nbd;

/* ln L at m and its derivatives by r, alpha, a, b in gradient[4] (may be NULL). Only failure:
 * STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status bg_nbd_log_likelihood(const bg_nbd *m, const buyer_cells *cells,
                                                      double *out, double *gradient,
                                                      strata_error *err);

/* Maximum likelihood; parameters in the order r, alpha, a, b. A result that did not converge says
 * why (fit.h); FIT_NO_DATA when there are no two customers or nobody bought again. Failures:
 * STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status bg_nbd_fit(bg_kind kind, const buyer_cells *cells,
                                           const context *cx, fit_result *out, strata_error *err);
bg_nbd bg_nbd_of(bg_kind kind, const fit_result *fit);

/* Chance that the customer has not left by T. Always 1 for x = 0 unless modified. */
double bg_nbd_alive(const bg_nbd *m, buyer b);

/* Purchases expected in (T, T + t] given the history, t >= 0. */
double bg_nbd_expected(const bg_nbd *m, buyer b, double t);

/* Repeat purchases expected of a new customer in (0, t], t >= 0. */
double bg_nbd_mean(const bg_nbd *m, double t);

/* Chance that a new customer makes exactly k repeat purchases in (0, t], t >= 0. */
double bg_nbd_chance(const bg_nbd *m, size_t k, double t);

#endif
