/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NUMERIC_LINEAR_PROGRAM_H
#define STRATA_STATS_NUMERIC_LINEAR_PROGRAM_H

/* Linear and mixed-integer programmes, solved by COIN-OR's CLP and CBC (the only place that knows
 * them): minimise or maximise the cost of variables within limits, subject to rows within limits.
 */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/context.h"

typedef struct lp_variable {
    double cost;
    double low, high; /* -HUGE_VAL, HUGE_VAL: without limit */
    bool whole;       /* takes whole numbers only */
} lp_variable;

/* low <= sum of weight times variable <= high */
typedef struct lp_row {
    double low, high;
    size_t n;
    const size_t *variables; /* each at most once */
    const double *weights;
} lp_row;

typedef struct linear_program {
    bool maximise;
    size_t n_variables, n_rows;
    const lp_variable *variables;
    const lp_row *rows;
    double gap; /* whole variables: enough when the best is proven to be so near, as a share; 0 */
    int max_nodes; /* whole variables: of the search; 0: no limit. Not a time, so that equal input
                      gives equal output */
} linear_program;

typedef enum lp_outcome {
    LP_OPTIMAL,    /* within `gap` */
    LP_STOPPED,    /* a solution, but max_nodes came before the proof */
    LP_INFEASIBLE, /* no values meet all limits */
    LP_UNBOUNDED,
    LP_UNKNOWN /* no solution was found before max_nodes, or the numbers defeated the solver */
} lp_outcome;

typedef struct lp_result {
    lp_outcome outcome;
    double objective;
    double bound; /* no solution is better than this; the objective where it is proven best */
    double *x;    /* by variable; NULL without a solution */
    /* Without whole variables only, else NULL. price: what the objective changes by when the limit
     * of a row that binds is raised by one (shadow price); reduced: the same of a variable's. */
    double *price, *reduced;
} lp_result;

/* Allocated in `a`. Equal input gives equal output. STRATA_E_USAGE for limits that cross, infinite
 * or missing costs and weights, and variables that there are not; STRATA_E_NOMEM;
 * STRATA_E_CANCELLED before it begins (the solver itself is not interrupted). */
STRATA_MUST_CHECK strata_status linear_program_solve(const context *cx, const linear_program *lp,
                                                     arena *a, lp_result *out, strata_error *err);

/* Of an infeasible programme: a set of rows that cannot be met together, none of which could be
 * left out (found by leaving rows out one by one; Chinneck & Dravnieks 1991, ORSA Journal on
 * Computing 3:157). `rows` numbers them, ascending, in `a`; n 0 when the limits of variables alone
 * conflict or the programme is feasible. Solves once for each row. */
STRATA_MUST_CHECK strata_status linear_program_conflict(const context *cx, const linear_program *lp,
                                                        arena *a, const size_t **rows, size_t *n,
                                                        strata_error *err);

#endif
