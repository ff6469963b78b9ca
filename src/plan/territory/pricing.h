/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_TERRITORY_PRICING_H
#define STRATA_PLAN_TERRITORY_PRICING_H

/* Every item has a price: the book that it leaves pays it, the book that takes it gets it, and each
 * book fills itself best. What prices.c and dive.c have in common. */

#include "plan/territory/content.h"
#include "plan/territory/parts.h"

typedef struct pricing {
    const context *cx;
    const territory_problem *p;
    double move;       /* of every move, for the limit on their number */
    size_t nodes_most; /* see content_book */
    double *price;     /* by item */
    double *way;       /* by item: what it leaves less what takes it, bent */
    content_book *book;
    content *content;
} pricing;

/* Prices 0; the books' prices of sums are those of the multipliers. Allocated in `a`. */
STRATA_MUST_CHECK strata_status pricing_new(const context *cx, const territory_problem *p,
                                            const multipliers *m, arena *a, pricing *out,
                                            strata_error *err);
/* Sums of the books with everybody at home; again whenever homes change. */
void pricing_sum_books(pricing *x);
/* Each book's best content at the prices, and the bound that they give. */
STRATA_MUST_CHECK strata_status pricing_fill(pricing *x, double *bound, strata_error *err);
/* Bends the way to where books disagree over items; returns its square. */
double pricing_turn(pricing *x);

#endif
