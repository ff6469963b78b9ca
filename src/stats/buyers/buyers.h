/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_BUYERS_BUYERS_H
#define STRATA_STATS_BUYERS_BUYERS_H

/* What the buyer models need to know of a customer, and customers with equal histories put
 * together. Times are in any unit, one for all (weeks in the literature), counted from the
 * customer's first purchase. Models that share these: bg_nbd.h, pareto_nbd.h, bg_bb.h. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "stats/numeric/fit.h"

enum { BUYER_PURCHASES_MAX = 1000000 };

typedef struct buyer {
    double x;   /* repeat purchases: the first is not counted */
    double t_x; /* age at the last of them (the literature's recency); 0 when x is 0 */
    double T;   /* age when observation ends */
} buyer;

/* Distinct histories in the order of x, T, t_x, and how many customers have each. The likelihood
 * of equal histories is equal, so that nothing is lost. */
typedef struct buyer_cells {
    size_t n;
    buyer *cell;
    double *weight; /* customers in the cell: whole, above 0 */
    double customers;
    double purchases; /* repeat purchases in all */
    double repeaters; /* customers with x > 0 */
    /* Ages that occur, ascending, and which of them the cell has. */
    size_t n_T, n_t_x;
    double *T, *t_x;
    uint32_t *T_at, *t_x_at;
    size_t n_rows;
    uint32_t *cell_of; /* by row of the input: its cell */
} buyer_cells;

void buyer_cells_free(buyer_cells *cells);
STRATA_DEFINE_AUTO(buyer_cells, buyer_cells_free)

/* Groups n rows; weight NULL counts each once. The result depends on no order of rows but for
 * cell_of. STRATA_E_DATA names the first row that no customer can have: x not whole, negative or
 * above BUYER_PURCHASES_MAX; times not finite, or not 0 <= t_x <= T; t_x above 0 without a repeat
 * purchase; purchases without any time (T = 0); a weight that is not whole and above 0.
 * STRATA_E_USAGE: more distinct times than can be told apart (round them to days);
 * STRATA_E_NOMEM. n = 0 gives no cells. O(n). */
STRATA_MUST_CHECK strata_status buyer_cells_new(const buyer *rows, const double *weight, size_t n,
                                                buyer_cells **out, strata_error *err);

/* False, and why in *out, when no model of repeat purchases can be fitted: fewer than two
 * customers, or nobody bought again. */
bool buyer_cells_tell(const buyer_cells *cells, size_t n_parameters, fit_result *out);

/* Mean age of the customers; 0 without any. */
double buyer_cells_mean_age(const buyer_cells *cells);

#endif
