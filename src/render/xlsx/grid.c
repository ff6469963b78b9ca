/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "render/terminal/screen.h"
#include "render/xlsx/block.h"

void xlsx_put_sheet_head(xlsx *x, size_t sheet)
{
    const xlsx_sheet *s = &x->sheets.data[sheet];
    const char *caption = s->table != NULL ? s->table->caption : s->chart->title;
    const char *title = s->section->title;
    if (caption != NULL && caption[0] != '\0') {
        xlsx_put_plain(&x->text, caption);
    } else if (title != NULL && title[0] != '\0') {
        const char *above = s->above != NULL ? s->above->title : NULL;
        if (above != NULL && above[0] != '\0') {
            xlsx_put_clean(&x->text, above, strlen(above));
            strbuf_add(&x->text, ": ");
        }
        xlsx_put_clean(&x->text, title, strlen(title));
    } else if (x->doc->head.title != NULL) {
        xlsx_put_clean(&x->text, x->doc->head.title, strlen(x->doc->head.title));
    }
    if (x->text.failed == STRATA_OK) {
        xlsx_check(x, worksheet_write_string(s->page, 0, 0, strbuf_text(&x->text),
                                             x->parts[PART_HEADING]));
        strbuf_clear(&x->text);
    }
    xlsx_check(x, worksheet_set_row(s->page, 0, 22, NULL));
    xlsx_put_link(x, s->page, 1, 0, &(xlsx_place){XLSX_SUMMARY, 0, 0}, "Back to the summary");
}

void xlsx_set_up_sheet(xlsx *x, size_t sheet, lxw_col_t frozen)
{
    lxw_worksheet *page = x->sheets.data[sheet].page;
    worksheet_freeze_panes(page, XLSX_HEAD_ROW + 1, frozen);
    worksheet_set_landscape(page);
    worksheet_fit_to_pages(page, 1, 0);
    xlsx_check(x, worksheet_repeat_rows(page, XLSX_HEAD_ROW, XLSX_HEAD_ROW));
    xlsx_check(x, worksheet_set_footer(page, "&L&A&RPage &P of &N"));
}

static void put_row(xlsx *x, lxw_worksheet *page, const plot *p, size_t r, xlsx_look look)
{
    lxw_row_t row = XLSX_HEAD_ROW + 1 + (lxw_row_t)r;
    xlsx_put_text(x, page, row, 0, p->rows[r], x->values[WEIGHT_ROW][LOOK_TEXT]);
    for (size_t c = 0; c < p->n_columns; c++) {
        size_t i = r * p->n_columns + c;
        lxw_col_t column = (lxw_col_t)(c + 1);
        if (isnan(p->values[i])) { /* a text without a value, or nothing yet */
            xlsx_put_text(x, page, row, column, p->texts[i], x->values[WEIGHT_ROW][LOOK_TEXT]);
        } else {
            xlsx_put_number(x, page, row, column, p->values[i], x->values[WEIGHT_ROW][look]);
        }
    }
}

static void put_plot(xlsx *x, lxw_worksheet *page, const plot *p)
{
    enum { NARROW = 9, AMOUNT = 14, WIDEST_NAME = 34 };
    xlsx_look look = LOOK_TEXT;
    int names = NARROW;
    for (size_t c = 0; c < p->n_columns; c++) {
        look = look == LOOK_TEXT && p->columns[c].sample != NULL ? block_look(p, c) : look;
    }
    int least = look == LOOK_MONEY_WHOLE ? AMOUNT : NARROW;
    for (size_t c = 0; c < p->n_columns; c++) {
        xlsx_put_text(x, page, XLSX_HEAD_ROW, (lxw_col_t)(c + 1), p->columns[c].name,
                      x->parts[PART_HEAD_NUMBER]);
        int w = screen_width(p->columns[c].name, strlen(p->columns[c].name)) + 2;
        xlsx_check(x, worksheet_set_column(page, (lxw_col_t)(c + 1), (lxw_col_t)(c + 1),
                                           w < least         ? least
                                           : w > WIDEST_NAME ? WIDEST_NAME
                                                             : w,
                                           NULL));
    }
    xlsx_check(x, worksheet_write_blank(page, XLSX_HEAD_ROW, 0, x->parts[PART_HEAD]));
    for (size_t r = 0; r < p->n_rows; r++) {
        int w = screen_width(p->rows[r], strlen(p->rows[r])) + 2;
        names = w > names ? w : names;
        put_row(x, page, p, r, look);
    }
    xlsx_check(x,
               worksheet_set_column(page, 0, 0, names > WIDEST_NAME ? WIDEST_NAME : names, NULL));
}

void xlsx_write_grid(xlsx *x, size_t sheet)
{
    const xlsx_sheet *s = &x->sheets.data[sheet];
    PLOT_AUTO plot p = {0};
    if (!plot_read(s->chart->spec, &p)) {
        x->no_memory = true;
        return;
    }
    xlsx_put_sheet_head(x, sheet);
    put_plot(x, s->page, &p);
    if (p.n_rows > 0 && p.n_columns > 0) {
        const lxw_row_t rows[2] = {XLSX_HEAD_ROW + 1, XLSX_HEAD_ROW + (lxw_row_t)p.n_rows};
        const lxw_col_t columns[2] = {1, (lxw_col_t)p.n_columns};
        xlsx_shade(x, s->page, rows, columns);
    }
    xlsx_put_markdown(x, s->page, XLSX_HEAD_ROW + 2 + (lxw_row_t)p.n_rows, 0, s->chart->alt,
                      x->parts[PART_MUTED]);
    xlsx_set_up_sheet(x, sheet, 1);
}
