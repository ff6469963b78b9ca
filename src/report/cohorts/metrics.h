/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_METRICS_H
#define STRATA_REPORT_COHORTS_METRICS_H

/* Metrics in their dialects: value, numerator, denominator, formula; their trend;
 * and why two of them differ. */

#include "base/strbuf.h"
#include "cohort/movements/reconcile.h"
#include "document/document.h"
#include "segment/portfolio.h"

/* A metric that is computed elsewhere (lifetime value from a survival model) stands in the table
 * with the others. */
typedef struct metric_extra {
    const char *metric, *dialect, *label, *dialect_label, *formula;
    bool known;
    cell_type type; /* CELL_SHARE, CELL_NUMBER or CELL_MONEY */
    double value;   /* minor units of money */
    const char *why;
} metric_extra;

typedef struct metrics_input {
    const char *currency;
    arena *arena;
    const metric_setup *setup;
    const metric_value *values; /* n_defs * (n_groups or 1), by definition */
    const size_t *defs;         /* places in metric_defs */
    size_t n_defs;
    const groups *groups; /* NULL: everyone together */
    const metric_extra *extras;
    size_t n_extras;
    const char *model_dialect; /* as the model has it */
    const char *churn_dated;   /* how churn is dated, where that needs a word; NULL */
    const char *caution;
} metrics_input;

/* "NRR 104.2 %, GRR 88.0 % ... from 31 March 2025 to 31 March 2026 (point to point)". */
void report_metrics_title(strbuf *out, const metrics_input *in);
void report_metrics(document *d, doc_section *parent, const metrics_input *in);

/* The same definitions at n days, values[def * n + k]. */
void report_metrics_trend(document *d, doc_section *parent, const metrics_input *in,
                          const metric_value *values, const day *days, size_t n);

/* "The difference of 3.1 points is ...: the largest part ...". `most`: accounts shown; 0: all. */
void report_reconcile_title(strbuf *out, const char *currency, const reconciliation *r);
void report_reconcile(document *d, doc_section *parent, const portfolio *p, const metric_setup *s,
                      const reconciliation *r, size_t most);

/* The value in the cell that suits its definition, or why there is none. */
doc_cell report_metric_cell(const metric_value *v);

#endif
