/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_VALUE_H
#define STRATA_REPORT_VALUE_H

#include "document/document.h"
#include "segment/view.h"

/* The cell that a value of this type is shown in; NaN is empty with the symbol's reason. */
doc_cell report_number_cell(const symbol *sym, double x);
/* The same for text; CODE_MISSING is empty. */
doc_cell report_text_cell(const symbol *sym, int32_t code);
/* A slot's value for one account of a column; empty when nothing is there. */
doc_cell report_slot_cell(const symbol *sym, column c, size_t at);
/* Type of a table's column that holds such cells. */
cell_type report_cell_type(value_type type);
/* "Champions", "Not customers now", "not there yet". */
const char *report_segment_label(const bound_model *b, const bound_def *def, segment_code code);
/* "Value tier": the dimension's label. */
const char *report_dimension_label(const bound_model *b, const bound_def *def);

#endif
