/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_TERRITORY_COLUMNS_H
#define STRATA_PLAN_TERRITORY_COLUMNS_H

/* The items of a problem while they are written, column by column. */

#include "plan/territory/solve.h"

typedef struct territory_columns {
    int64_t *load, *value, *price;
    int32_t *home, *kind;
    bool *locked;
    size_t *of; /* what each item is to the caller */
} territory_columns;

/* Room for n items, cleared, in `a`. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status territory_columns_new(size_t n, arena *a, territory_columns *out,
                                                      strata_error *err);
/* Makes the first n of them the problem's. */
void territory_columns_give(const territory_columns *x, size_t n, territory_problem *p);

#endif
