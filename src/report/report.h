/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_REPORT_H
#define STRATA_REPORT_REPORT_H

/* Inside the builders of documents: what most of them need. */

#include "base/strbuf.h"
#include "document/document.h"
#include "report/value.h"
#include "report/words.h"
#include "segment/view.h"

/* Data inside a running text: document_escape(). */
#define SAFE(d, text) document_escape((d), (text))

const char *report_currency(const bound_model *b);

/* Digits that a column of such values bears: none when all are whole or some reach 100. */
int report_decimals(const double *x, size_t n);
/* Why a rate is not stated: "fewer than 30 accounts to count". */
words report_too_few(const bound_model *b);
/* A rate, or empty for that reason, which must live until the row is added. */
doc_cell report_rate_cell(share_figure f, const char *too_few);
doc_cell report_ratio_cell(ratio_figure f, const char *too_few);
doc_cell report_figure_cell(figure f, cell_type type);
doc_cell with_origin(doc_cell cell, int provenance);

/* Provenance of a figure about the members of a segment: the rows are those of `value = "Growth"`;
 * SEGMENT_ABSENT: of all segments. */
int report_segment_origin(document *d, const bound_model *b, const bound_def *def,
                          segment_code code, const char *definition, const char *inputs);
/* The condition that lists a segment's accounts: `value = "Growth"`. */
void report_segment_where(strbuf *out, const bound_model *b, const bound_def *def,
                          segment_code code);
/* Accounts of a dimension that a person placed, on the view's date. */
size_t report_count_pinned(const view *v, const bound_def *def);

#endif
