/* SPDX-License-Identifier: Apache-2.0 */
#include "report/value.h"

#include <math.h>

cell_type report_cell_type(value_type type)
{
    switch (type) {
    case VALUE_MONEY:
        return CELL_MONEY;
    case VALUE_SHARE:
        return CELL_SHARE;
    case VALUE_DURATION:
        return CELL_DAYS;
    case VALUE_DATE:
        return CELL_DATE;
    case VALUE_BOOL:
        return CELL_BOOL;
    case VALUE_TEXT:
        return CELL_TEXT;
    case VALUE_NUMBER:
    case VALUE_TYPE_COUNT:
        break;
    }
    return CELL_NUMBER;
}

doc_cell report_number_cell(const symbol *sym, double x)
{
    if (isnan(x)) {
        return cell_empty(sym->missing_because);
    }
    switch (report_cell_type(sym->type)) {
    case CELL_MONEY:
        return cell_money(money_minor(x));
    case CELL_SHARE:
        return cell_share(x);
    case CELL_DAYS:
        return cell_days(x);
    case CELL_DATE:
        return cell_date((day)x);
    case CELL_BOOL:
        return cell_bool(x > 0.5);
    case CELL_EMPTY:
    case CELL_TEXT:
    case CELL_COUNT:
    case CELL_NUMBER:
    case CELL_CHANGE:
    case CELL_SPARK:
        break;
    }
    return cell_number(x);
}

doc_cell report_text_cell(const symbol *sym, int32_t code)
{
    bool known = code >= 0 && (size_t)code < sym->n_levels;
    return known ? cell_text(sym->levels[code]) : cell_empty(sym->missing_because);
}

doc_cell report_slot_cell(const symbol *sym, column c, size_t at)
{
    if (c.num != NULL) {
        return report_number_cell(sym, c.num[at]);
    }
    return c.code != NULL ? report_text_cell(sym, c.code[at]) : cell_empty(sym->missing_because);
}

const char *report_segment_label(const bound_model *b, const bound_def *def, segment_code code)
{
    size_t n = 0;
    const char *const *labels = bound_segments(b, def, &n);
    if (code < n) {
        return labels[code];
    }
    if (code == SEGMENT_OTHER_MODEL) {
        return "a segment that is no more";
    }
    return code == SEGMENT_OUTSIDE ? b->model->outside_label : "not there yet";
}

const char *report_dimension_label(const bound_model *b, const bound_def *def)
{
    const model_dimension *dim = &b->model->dimensions[def->index];
    return dim->label != NULL ? dim->label : dim->name;
}
