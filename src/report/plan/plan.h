/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_PLAN_H
#define STRATA_REPORT_PLAN_PLAN_H

/* What a changed model would do to the portfolio before it is applied. */

#include "document/document.h"
#include "report/data/definitions.h"
#include "segment/segmentation.h"

enum { PLAN_DATES = 13 }; /* the as-of date and the twelve month ends before it */

/* One model over the portfolio at the PLAN_DATES dates, oldest first, values kept at the last. */
typedef struct plan_side {
    const bound_model *b;
    const segmentation *s;
} plan_side;

typedef struct plan_input {
    const portfolio *p;
    plan_side before, after;
    const char *before_name, *after_name; /* of the models: "strata.yaml", "review of 2026-03-31" */
    const char *dimension;                /* whose movers are listed; in both models */
    day as_of;
    const double *value;     /* by account, major units; NULL: none */
    const char *value_label; /* "ARR" */
    size_t most;             /* movers listed; 0: all */
} plan_input;

/* A change of the definitions in words, what moves in every dimension, from where to where and
 * the most valuable accounts with the clause, sizes before and after, and how calm memberships
 * would have been over the year. */
STRATA_MUST_CHECK strata_status report_plan(document *d, doc_section *parent, const plan_input *in,
                                            strata_error *err);

#endif
