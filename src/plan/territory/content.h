/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_TERRITORY_CONTENT_H
#define STRATA_PLAN_TERRITORY_CONTENT_H

/* What one book is best filled with when each item has a price: who leaves it and who comes, whole
 * items only. A knapsack of two sums with soft limits, by branch and bound; each node's bound is
 * the Lagrangian dual of both sums, climbed by the ellipsoid method in the plane (Yudin &
 * Nemirovskii 1976). All values are weighted, in units of load. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

enum { CONTENT_MOST = 64 };

/* An item that could leave the book (`comes` false; load and value are then below 0) or come. */
typedef struct content_offer {
    double cost, load, value;
    size_t item;
    bool comes;
} content_offer;

typedef struct content_book {
    double load, value;                    /* with nobody leaving or coming */
    double load_low, load_high, load_most; /* no cost between low and high */
    double value_low, value_high;
    double all_load, all_value; /* no book can hold more */
    size_t nodes_most;          /* of the search; 0: the usual */
} content_book;

/* `n`, `item` and `comes` are read too: what was best last time is where the search begins. So are
 * the prices of the sums. */
typedef struct content {
    size_t n;
    size_t item[CONTENT_MOST];
    bool comes[CONTENT_MOST];
    double cost;  /* of these, with what the book is off; read too: what it is at today's prices */
    double bound; /* no content costs less */
    double load_price, value_price;
} content;

/* What a book with these sums costs for being off. */
double content_off(const content_book *b, double load, double value);
/* After so many nodes as there may be, `bound` is what is proven by then. */
STRATA_MUST_CHECK strata_status content_find(const content_book *b, const content_offer *all,
                                             size_t n, content *c, strata_error *err);

#endif
