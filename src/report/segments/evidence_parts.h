/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_EVIDENCE_PARTS_H
#define STRATA_REPORT_SEGMENTS_EVIDENCE_PARTS_H

/* Inside the report of evidence. */

#include "report/report.h"
#include "report/segments/evidence.h"

/* "0.71" */
words evidence_auc(double auc);
/* "who left", "who grew"; of shops "who bought again", "who spent much" */
const char *evidence_who(const evidence *e, evidence_outcome o);
/* "churn", "expansion"; of shops "repeat purchase", "spend" */
const char *evidence_what(const evidence *e, evidence_outcome o);

/* One row for each segment and horizon; `only`: this horizon, EVIDENCE_HORIZONS: all. */
void evidence_put_segments(document *d, doc_section *s, const bound_model *b, const evidence *e,
                           size_t only);
/* Findings about the ranking as bullets. */
void evidence_put_findings(document *d, doc_section *s, const evidence *e);
/* The ranking, one row for each outcome and dimension. */
void evidence_put_ranking(document *d, doc_section *s, const evidence *e);
/* What was looked at, and what is left out because it is not over. */
void evidence_put_method(doc_section *s, const evidence *e);

#endif
