/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_BUYERS_BG_BB_H
#define STRATA_STATS_BUYERS_BG_BB_H

/* The beta-geometric/beta-Bernoulli model of purchases that can happen once per period or not
 * (Fader, Hardie & Shang 2010, Marketing Science 29:1086-1108): before each opportunity a customer
 * leaves with a chance of their own, beta(gamma, delta) over customers; if still there, they buy
 * with a chance of their own, beta(alpha, beta).
 *
 * A history is a buyer whose T is the number of opportunities so far (n in the paper), t_x the
 * opportunity last used (0: none) and x how many were used: whole numbers, x <= t_x <= T. */

#include <strata/error.h>

#include <stddef.h>

#include "base/context.h"
#include "stats/buyers/buyers.h"
#include "stats/numeric/fit.h"

enum { BG_BB_OPPORTUNITIES_MAX = 100000 };

typedef struct bg_bb {
    double alpha, beta, gamma, delta;
} bg_bb;

/* ln L at m and its derivatives by alpha, beta, gamma, delta in gradient[4] (may be NULL).
 * STRATA_E_DATA: a history that is no count of opportunities; STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status bg_bb_log_likelihood(const bg_bb *m, const buyer_cells *cells,
                                                     double *out, double *gradient,
                                                     strata_error *err);

/* Maximum likelihood; parameters in the order alpha, beta, gamma, delta. FIT_NO_DATA when there are
 * no two customers, nobody bought again, or everybody used every opportunity. Failures: as
 * bg_bb_log_likelihood(), and STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status bg_bb_fit(const buyer_cells *cells, const context *cx,
                                          fit_result *out, strata_error *err);

/* Chance of still being there at opportunity T + ahead; ahead = 0: at the last one, ahead = 1:
 * at the next one, as the paper has it. */
double bg_bb_alive(const bg_bb *m, buyer b, size_t ahead);

/* Purchases expected at the next n opportunities given the history. O(n + T - t_x). */
double bg_bb_expected(const bg_bb *m, buyer b, size_t n);

/* Purchases expected of a new customer at n opportunities, and the chance of exactly k. O(n). */
double bg_bb_mean(const bg_bb *m, size_t n);
double bg_bb_chance(const bg_bb *m, size_t k, size_t n);

/* Discounted expected residual transactions: purchases at opportunity T + i count (1 + d)^-i times,
 * i = 1, 2, ...; d > 0 per period. The same of a new customer: bg_bb_det(). */
double bg_bb_dert(const bg_bb *m, buyer b, double d);
double bg_bb_det(const bg_bb *m, double d);

#endif
