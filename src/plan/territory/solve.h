/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_TERRITORY_SOLVE_H
#define STRATA_PLAN_TERRITORY_SOLVE_H

/* Items into books so that the books come near their targets with little moved. Knows nothing of
 * customers: loads, values, prices and targets in; an assignment and a proven bound out.
 *
 *   minimise   sum over books of  max(0, |load - load target| - load slack)
 *                      + weight * max(0, |value - value target| - value slack)
 *              + sum of the prices of items that leave their book
 *   subject to load of a book <= load_most, items only in books that fit them or where they are,
 *              locked items stay, at most `most_moves` items leave their book
 *
 * Search: moves in order of their reduced cost, single moves and exchanges, and four walks of
 * simulated annealing among the moves of little reduced cost, then a few books at a time, then
 * dives from the prices of items. Bound: the linear relaxation, by subgradients of its Lagrangian
 * dual (Fisher 1981, Management Science 27:1; Camerini, Fratta & Maffioli 1975, Mathematical
 * Programming Study 3:26) and then column generation; from there prices of single items, every book
 * choosing whole items for itself (Geoffrion 1974, Mathematical Programming Study 2:82). A bound is
 * valid whatever its prices are. Few items: exactly, by stats/linear_program. Equal input and seed
 * give equal output, on any number of threads. */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/context.h"

typedef struct territory_problem {
    size_t n, n_books, n_kinds;
    const int64_t *load, *value; /* by item; none below zero */
    const int64_t *price;        /* by item, in units of load; not below zero */
    const int32_t *home;         /* book that the item is in; -1: in none, must be placed */
    const bool *locked;          /* stays at home */
    const int32_t *kind;         /* by item; kinds fit the same books */
    const bool *fits;            /* kind * n_books + book */
    /* by book */
    const int64_t *load_target, *load_slack, *load_most;
    const int64_t *value_target, *value_slack;
    double value_weight; /* units of load that one unit of value off target counts as; 0: values are
                            not balanced */
    double effort;       /* steps of the search, of the usual; 0: the usual */
    size_t most_moves;   /* items placed for the first time do not count */
} territory_problem;

typedef struct territory_solution {
    const int32_t *book; /* by item */
    int64_t over;        /* load above load_most that is left; above 0: no solution was found */
    double objective;
    double as_is;               /* the objective with every item at home and none placed */
    double bound;               /* no solution is better; equal to the objective when proven best */
    double load_off, value_off; /* the books' terms: beyond slack, value_off in units of value */
    int64_t price;              /* of what moved */
    size_t n_moved, n_placed;
    bool infeasible; /* proven: the limits cannot be met */
} territory_solution;

/* Results are allocated in `a`. STRATA_E_USAGE when an item fits no book and is in none, or is
 * locked and in none; STRATA_E_NOMEM; STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status territory_solve(const context *cx, const territory_problem *p,
                                                arena *a, territory_solution *out,
                                                strata_error *err);
/* (objective - bound) / objective; 0 when the objective is. */
double territory_gap(const territory_solution *s);
/* Of what the best plan may gain on leaving everything as it is, the share that this one misses at
 * most: (objective - bound) / (as_is - bound). Unlike the gap it does not depend on what the
 * objective counts that no plan can change (Zemel 1981, Mathematics of Operations Research 6:319).
 */
double territory_missed(const territory_solution *s);

#endif
