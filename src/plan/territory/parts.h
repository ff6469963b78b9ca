/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_TERRITORY_PARTS_H
#define STRATA_PLAN_TERRITORY_PARTS_H

/* What the parts of territory_solve() share. */

#include "plan/territory/solve.h"
#include "stats/numeric/linear_program.h"

/* An assignment under way, with the sums of its books. */
typedef struct books {
    const territory_problem *p;
    int32_t *at;           /* by item; -1: not placed yet */
    int64_t *load, *value; /* by book */
    size_t moved;
} books;

STRATA_MUST_CHECK strata_status books_new(const territory_problem *p, arena *a, books *out,
                                          strata_error *err);
/* Everybody at home. */
void books_go_home(books *b);
void books_copy(books *to, const books *from);
/* Puts an item into a book and keeps the sums. */
void books_put(books *b, size_t i, int32_t to);
/* What a book's load and value cost. Load above the limit costs more than anything else can. */
double book_cost(const territory_problem *p, size_t j, int64_t load, int64_t value);
bool item_may(const territory_problem *p, size_t i, int32_t to);
/* Change of the objective if the item went there; HUGE_VAL when it may not or the moves are used
 * up. */
double books_move_cost(const books *b, size_t i, int32_t to);
void books_measure(const books *b, territory_solution *out);
/* Limits come first. */
static inline bool solution_is_better(const territory_solution *x, const territory_solution *y)
{
    return x->over < y->over || (x->over == y->over && x->objective < y->objective);
}

/* search.c: places who is in no book, then moves and exchanges until neither helps. */
void search_place(books *b);
/* Empties books above their limits, the best move first: limits come before balance while there
 * are moves left. */
void search_relieve(books *b);
STRATA_MUST_CHECK strata_status search_improve(const context *cx, books *b, strata_error *err);

/* bound.c */
typedef struct multipliers {
    double *load, *value; /* by book */
    double moves;         /* of one more move */
    double bound;
} multipliers;
STRATA_MUST_CHECK strata_status multipliers_new(const territory_problem *p, arena *a,
                                                multipliers *out, strata_error *err);
void multipliers_copy(multipliers *to, const multipliers *from, size_t n_books);
/* Sets the bound that these give: valid whatever they are. */
STRATA_MUST_CHECK strata_status multipliers_bound(const territory_problem *p, arena *a,
                                                  multipliers *m, strata_error *err);
/* By subgradients: near the best, in little time. `best`: the cost of a known solution, which sets
 * the steps. */
STRATA_MUST_CHECK strata_status territory_bound(const context *cx, const territory_problem *p,
                                                double best, arena *a, multipliers *out,
                                                strata_error *err);
/* relaxed.c: the linear relaxation, by column generation from the multipliers given
 * (Gilmore & Gomory 1961, Operations Research 9:849); they become its dual prices if these are
 * better. The best bound that multipliers can give. */
STRATA_MUST_CHECK strata_status territory_relax(const context *cx, const territory_problem *p,
                                                multipliers *m, strata_error *err);

/* prices.c: a bound with whole items in every book, from the multipliers given. */
typedef struct price_climb {
    const territory_problem *p;
    double best;  /* the cost of a known solution */
    size_t steps; /* of the usual effort */
    bool again;   /* from the prices given, not from those of the multipliers */
} price_climb;
/* `prices`, by item, become the best found; `*bound` rises to what they prove. */
STRATA_MUST_CHECK strata_status territory_prices(const context *cx, const multipliers *m,
                                                 const price_climb *c, double *prices,
                                                 double *bound, strata_error *err);
/* dive.c: a plan from the prices of items. */
typedef struct dive {
    const territory_problem *p;
    const multipliers *m;
    const double *price; /* by item */
    double best;         /* the cost of a known solution */
    uint64_t stream;     /* of the noise on the prices; 0: none */
} dive;
/* Keeps the limit on moves; others may be broken. */
STRATA_MUST_CHECK strata_status territory_dive(const context *cx, const dive *d, books *out,
                                               strata_error *err);

/* moves.c: what an item costs in a book at these multipliers. */
double multipliers_cost(const multipliers *m, const territory_problem *p, size_t i, size_t j);
/* Of going there, on staying at home; of an item without a home, of being there. */
double move_cost(const multipliers *m, const territory_problem *p, size_t i, int32_t to);
/* A move of an item, and its reduced cost. */
typedef struct candidate {
    double cost;
    size_t item;
    int32_t to;
} candidate;

/* The moves of least reduced cost, also by the book that is left and the book that is entered. */
typedef struct promising {
    const candidate *all;
    size_t n;
    const size_t *from_list, *from_start; /* places in `all`; n_books + 1 starts */
    const size_t *to_list, *to_start;
} promising;

STRATA_MUST_CHECK strata_status territory_promising(const multipliers *m,
                                                    const territory_problem *p, arena *a,
                                                    promising *out, strata_error *err);
/* Moves in order of reduced cost, each if it helps. */
STRATA_MUST_CHECK strata_status territory_construct(const multipliers *m, arena *a, books *b,
                                                    strata_error *err);

/* anneal.c: simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983, Science 220:671).
 * Equal seed and stream, equal steps; it may end worse than it began. */
typedef struct annealing {
    uint64_t seed, stream;
    size_t steps;
    double
        heat; /* at the start, as a share of what a first walk has; 0: as much. It ends as cold */
} annealing;
STRATA_MUST_CHECK strata_status search_anneal(const context *cx, const promising *c,
                                              const annealing *plan, books *b, strata_error *err);

/* groups.c: a few books at a time, the others as they are; never ends worse than it
 * began.
 */
STRATA_MUST_CHECK strata_status search_groups(const context *cx, const multipliers *m, books *b,
                                              strata_error *err);
/* All books that have to do with each other, up to so many, by dives from prices of items; never
 * ends worse than it began. */
STRATA_MUST_CHECK strata_status search_dives(const context *cx, const multipliers *m,
                                             const double *prices, books *b, strata_error *err);

/* exact.c: the whole problem as a mixed-integer programme. */
STRATA_MUST_CHECK strata_status exact_program(const territory_problem *p, arena *a,
                                              linear_program *out, strata_error *err);
/* By branch and bound, when there are few enough choices; `out->bound` may
 * rise, `b` may become better. */
STRATA_MUST_CHECK strata_status exact_improve(const context *cx, arena *a, books *b,
                                              territory_solution *out, strata_error *err);

#endif
