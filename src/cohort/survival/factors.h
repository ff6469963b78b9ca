/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SURVIVAL_FACTORS_H
#define STRATA_COHORT_SURVIVAL_FACTORS_H

/* Inside survival_cox: expressions of the rule language, each account's value as
 * of a date of its own. */

#include "cohort/survival/cox.h"

typedef struct factor {
    const char *expression;
    const rule *rule;
    double *values; /* by account; the code of a text; NaN: missing, or the account has no date */
} factor;

/* Compiles the expressions. STRATA_E_USAGE when one looks back or has no data. In `a`. */
STRATA_MUST_CHECK strata_status factors_compile(arena *a, const survival_cox_request *c,
                                                factor **out, strata_error *err);
/* Fills the values: of account i as of date[i], which is a month end or DAY_MISSING. One sweep
 * for all dates. */
STRATA_MUST_CHECK strata_status factors_evaluate(const context *cx, arena *a,
                                                 const survival_cox_request *c, const day *date,
                                                 factor *factors, strata_error *err);
/* Does any of them read an attribute? */
bool factors_read_attributes(const survival_cox_request *c, const factor *factors);

#endif
