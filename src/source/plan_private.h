/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_PLAN_PRIVATE_H
#define STRATA_SOURCE_PLAN_PRIVATE_H

#include "source/plan.h"

/* What plan_make works with. */
typedef struct planner {
    const char *const *headings;
    size_t n_headings;
    arena *a;
    plan *p;
    bool *unasked; /* by column: an attribute that nobody named */
    size_t *alike; /* by column that was found folded: number of the next one that folds so; 0 */
} planner;

/* Index of a heading: as written, else folded; SIZE_MAX. */
size_t plan_find_heading(const planner *w, const char *name);
/* The column of a heading, kept from now on. */
plan_column plan_use_heading(planner *w, size_t i);
/* The model's mapping of a column; NULL. */
const model_pair *plan_mapped(const model_source *s, const char *name);
strata_status plan_no_heading(const planner *w, const model_pair *pair, strata_error *err);
/* Compiles formulas and `keep`, and finds the columns they read. */
STRATA_MUST_CHECK strata_status plan_rules(planner *w, strata_error *err);

#endif
