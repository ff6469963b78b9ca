/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include <math.h>
#include <stdio.h>

const char *report_currency(const bound_model *b)
{
    return b->model->business.currency;
}

int report_decimals(const double *x, size_t n)
{
    double most = 0.0;
    bool whole = true;
    for (size_t i = 0; i < n; i++) {
        if (isfinite(x[i])) {
            whole = whole && !(floor(x[i]) < x[i]);
            most = fmax(most, fabs(x[i]));
        }
    }
    return whole || most >= 100.0 ? 0 : most < 10.0 ? 2 : 1;
}

words report_too_few(const bound_model *b)
{
    words w;
    (void)snprintf(w.text, sizeof w.text, "fewer than %.0f accounts to count",
                   b->model->quality.minimum_accounts);
    return w;
}

doc_cell report_rate_cell(share_figure f, const char *too_few)
{
    return f.stated ? cell_share(f.share) : cell_empty(too_few);
}

doc_cell report_ratio_cell(ratio_figure f, const char *too_few)
{
    return f.stated ? cell_share(f.ratio) : cell_empty(too_few);
}

doc_cell report_figure_cell(figure f, cell_type type)
{
    if (!f.known) {
        return cell_empty(f.why);
    }
    if (type == CELL_MONEY) {
        return cell_money(money_minor(f.x));
    }
    return type == CELL_SHARE ? cell_share(f.x) : cell_number(f.x);
}

doc_cell with_origin(doc_cell cell, int provenance)
{
    cell.provenance = provenance;
    return cell;
}

void report_segment_where(strbuf *out, const bound_model *b, const bound_def *def,
                          segment_code code)
{
    strbuf_printf(out, "%s = \"", b->scope.symbols[def->slot].name);
    for (const char *c = def->keys[code]; *c != '\0'; c++) {
        strbuf_add(out, *c == '"' ? "\"\"" : "");
        if (*c != '"') {
            strbuf_add_char(out, *c);
        }
    }
    strbuf_add_char(out, '"');
}

int report_segment_origin(document *d, const bound_model *b, const bound_def *def,
                          segment_code code, const char *definition, const char *inputs)
{
    strbuf where STRBUF_AUTO;
    strbuf_init(&where, 0);
    if (code < SEGMENTS_MAX) {
        report_segment_where(&where, b, def, code);
    }
    return document_provenance(d, definition, inputs, where.len > 0 ? strbuf_text(&where) : NULL);
}

size_t report_count_pinned(const view *v, const bound_def *def)
{
    const segment_code *codes = segmentation_codes(v->s, def, v->now_at);
    size_t n = 0;
    for (size_t i = 0; v->overrides != NULL && v->overrides->n > 0 && i < v->p->n_accounts; i++) {
        n += codes[i] < SEGMENTS_MAX &&
             override_find(v->overrides, def->index, (uint32_t)i, v->as_of) != NULL;
    }
    return n;
}
