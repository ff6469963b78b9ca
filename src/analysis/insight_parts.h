/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_INSIGHT_PARTS_H
#define STRATA_ANALYSIS_INSIGHT_PARTS_H

/* Inside the insights: what they share. */

#include <strata/error.h>

#include "analysis/insights.h"
#include "analysis/make_figure.h"
#include "rule/rule.h"

typedef struct insight_builder {
    const study *s;
    const bound_def *def;
    const segment_code *codes;
    const double *customer;    /* is_customer; NULL without */
    const char *value_feature; /* "arr" or "spend_365d"; NULL without values */
    const double *value;       /* its values; NULL without */
    size_t n_customers;        /* in segments */
    arena *a;
} insight_builder;

typedef strata_status insight_fn(const insight_builder *x, insight *out, strata_error *err);
insight_fn insight_concentration, insight_risk, insight_pipeline, insight_underpriced,
    insight_overserved;

/* Marks the insight as not stated. `needs` NULL is out of memory. */
STRATA_MUST_CHECK strata_status insight_needs(insight *out, const char *needs, strata_error *err);
/* Whether the account is a customer in a segment now. */
bool insight_counts(const insight_builder *x, size_t account);
/* Known values of a feature among those, ascending; allocated in x->a. */
STRATA_MUST_CHECK strata_status insight_sorted(const insight_builder *x, const double *values,
                                               double **sorted, size_t *n, strata_error *err);
/* Evaluates the expression and counts accounts, value and rows by segment. amounts: what rows add
 * up (major units by account); NULL: the value. hits (may be NULL): the verdicts, allocated in
 * x->a. */
STRATA_MUST_CHECK strata_status insight_count(const insight_builder *x, insight *out,
                                              const char *expression, const double *amounts,
                                              const uint8_t **hits, strata_error *err);
/* Finishes a stated insight: texts (NULL is out of memory) and n values, which are copied. */
STRATA_MUST_CHECK strata_status insight_state(const insight_builder *x, insight *out,
                                              const char *sentence, const named_value *values,
                                              size_t n, strata_error *err);
/* A value as the rule language writes it, rounded to hundredths: "88000", "12.5". */
short_text insight_constant(double x);
/* The row with most money; NULL when no row has a hit. */
const insight_row *insight_top_row(const insight *in);

#endif
