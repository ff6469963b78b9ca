/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "render/xlsx/xlsx.h"

enum {
    FIGURE,
    PLACE,
    DEFINITION,
    INPUTS,
    ROWS,
    COLUMN_COUNT,
    HEAD_ROW = 12, /* what the document was made from stands above */
    FIRST_ROW
};

lxw_row_t xlsx_note_origin(xlsx *x, int provenance, xlsx_origin where)
{
    const doc_provenance *last = x->doc->last_provenance;
    if (provenance <= 0 || last == NULL || provenance > last->id) {
        return 0;
    }
    where.origin = x->by_id[provenance];
    if (where.origin == NULL || x->origins.n >= XLSX_LINKS) {
        return 0;
    }
    if (!vec_push(&x->origins, where)) {
        x->no_memory = true;
        return 0;
    }
    return FIRST_ROW + (lxw_row_t)x->origins.n - 1;
}

static void put_fact(xlsx *x, lxw_row_t *row, const char *label, const char *value)
{
    xlsx_put_text(x, x->origins_page, *row, FIGURE, label, x->parts[PART_MUTED]);
    xlsx_put_text(x, x->origins_page, *row, PLACE,
                  value != NULL && value[0] != '\0' ? value : "not known",
                  x->values[WEIGHT_ROW][LOOK_TEXT]);
    (*row)++;
}

/* What the document was made from: the same gives the same again. */
static void put_facts(xlsx *x)
{
    const document_head *h = &x->doc->head;
    char seed[24];
    char date[DAY_TEXT] = "";
    lxw_row_t row = 0;
    (void)snprintf(seed, sizeof seed, "%" PRIu64, h->seed);
    day_format(h->as_of, date);
    xlsx_put_text(x, x->origins_page, row++, 0, "Where every figure comes from",
                  x->parts[PART_HEADING]);
    xlsx_put_link(x, x->origins_page, row++, 0, &(xlsx_place){XLSX_SUMMARY, 0, 0},
                  "Back to the summary");
    row++;
    put_fact(x, &row, "Portfolio", h->portfolio);
    put_fact(x, &row, "As of", date);
    put_fact(x, &row, "Currency", h->currency);
    put_fact(x, &row, "Model", h->model_name);
    put_fact(x, &row, "Model digest", h->model_digest);
    put_fact(x, &row, "Data digest", h->data_digest);
    put_fact(x, &row, "Version", h->version);
    put_fact(x, &row, "Seed", seed);
}

static void put_origin(xlsx *x, lxw_row_t row, const xlsx_origin *o)
{
    char cell[LXW_MAX_CELL_RANGE_LENGTH];
    STRBUF_AUTO strbuf label;
    lxw_format *text = x->values[WEIGHT_ROW][LOOK_WRAP];
    strbuf_init(&label, 0);
    strbuf_add(&label, o->which != NULL ? o->which : "");
    strbuf_add(&label, o->which != NULL && o->what != NULL ? ": " : "");
    strbuf_add(&label, o->what != NULL ? o->what : "");
    xlsx_put_text(x, x->origins_page, row, FIGURE, strbuf_text(&label), text);
    x->no_memory = x->no_memory || label.failed != STRATA_OK;
    lxw_rowcol_to_range(cell, o->row, o->column, o->last_row, o->column);
    strbuf_clear(&label);
    strbuf_printf(&label, "%s!%s", o->sheet, cell);
    xlsx_put_link(x, x->origins_page, row, PLACE, &(xlsx_place){o->sheet, o->row, o->column},
                  strbuf_text(&label));
    xlsx_put_text(x, x->origins_page, row, DEFINITION, o->origin->definition, text);
    xlsx_put_text(x, x->origins_page, row, INPUTS, o->origin->inputs, text);
    xlsx_put_text(x, x->origins_page, row, ROWS, o->origin->rows_where, text);
    x->no_memory = x->no_memory || label.failed != STRATA_OK;
}

void xlsx_write_origins(xlsx *x)
{
    static const char *const heads[COLUMN_COUNT] = {"Figure", "Where it stands", "Definition",
                                                    "Inputs", "Rows behind it"};
    static const double widths[COLUMN_COUNT] = {40, 36, 60, 40, 40};
    lxw_worksheet *ws = x->origins_page;
    put_facts(x);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        lxw_col_t at = (lxw_col_t)i;
        xlsx_check(x, worksheet_set_column(ws, at, at, widths[i], NULL));
        xlsx_put_text(x, ws, HEAD_ROW, at, heads[i], x->parts[PART_HEAD]);
    }
    for (size_t i = 0; i < x->origins.n; i++) {
        put_origin(x, FIRST_ROW + (lxw_row_t)i, &x->origins.data[i]);
    }
    if (x->origins.n > 0) {
        xlsx_check(x, worksheet_autofilter(ws, HEAD_ROW, 0, HEAD_ROW + (lxw_row_t)x->origins.n,
                                           COLUMN_COUNT - 1));
    }
    worksheet_freeze_panes(ws, FIRST_ROW, 0);
    worksheet_set_landscape(ws);
    worksheet_fit_to_pages(ws, 1, 0);
}
