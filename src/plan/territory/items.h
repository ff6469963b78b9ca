/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_TERRITORY_ITEMS_H
#define STRATA_PLAN_TERRITORY_ITEMS_H

/* What territory_plan() is made of: accounts as items of the kernel, and why limits conflict. */

#include "plan/territory/territory.h"

typedef struct territory_items {
    territory_problem p;
    const size_t *account;   /* by item */
    const char *const *kind; /* in words: "region EMEA, language German"; "any" */
} territory_items;

/* Fills what is known of items and counts; targets and limits are left open. */
STRATA_MUST_CHECK strata_status territory_items_list(const territory_ground *g,
                                                     const territory_request *r, arena *a,
                                                     territory_items *t, territory *out,
                                                     strata_error *err);
/* The smallest set of limits that cannot be met together, in words; by amounts of work, so whole
 * accounts may conflict where it finds nothing. */
STRATA_MUST_CHECK strata_status territory_conflict(const context *cx, const territory_items *t,
                                                   const territory *plan, arena *a,
                                                   const char **out, strata_error *err);

#endif
