/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "render/terminal/screen.h"
#include "render/xlsx/xlsx.h"

enum {
    MEASURED_ROWS = 2000, /* widths are taken from these */
    NARROWEST = 8,
    FILTER_BUTTON = 3,
    BAR_COLOR = 0xb4d3ea,
    SHADED_COLUMNS = 3 /* a block of fewer is no heat map */
};

/* Being written. */
typedef struct page {
    xlsx *x;
    const xlsx_sheet *sheet;
    const doc_table *t;
    lxw_worksheet *ws;
    const char *name;
    lxw_row_t row; /* the next free one */
} page;

static const char *label_of(const doc_column *c)
{
    return c->label != NULL && c->label[0] != '\0' ? c->label : c->key;
}

/* --- columns --- */

static void widen(page *p, const doc_row_node *rows, size_t column, strbuf *shown, int *width)
{
    cell_style style = {.currency = p->x->doc->head.currency,
                        .money = column_money_style(p->t, column),
                        .decimals = p->t->columns[column].decimals,
                        .space = " ",
                        .minus = "-"};
    size_t n = 0;
    for (const doc_row_node *r = rows; r != NULL && n < MEASURED_ROWS; r = r->next, n++) {
        strbuf_clear(shown);
        if (r->cells[column].type != CELL_EMPTY) {
            cell_put_text(shown, &r->cells[column], &style);
        }
        p->x->no_memory = p->x->no_memory || shown->failed != STRATA_OK;
        int w = screen_width(strbuf_text(shown), shown->len);
        *width = w > *width ? w : *width;
    }
}

/* As wide as what stands in it, within limits; the head may take two lines. */
static void set_width(page *p, size_t column, strbuf *shown)
{
    const char *label = label_of(&p->t->columns[column]);
    int head = screen_width(label, strlen(label)) + FILTER_BUTTON;
    int width = head > 2 * NARROWEST + FILTER_BUTTON ? head / 2 + FILTER_BUTTON : head;
    width = width > NARROWEST ? width : NARROWEST;
    widen(p, p->t->rows, column, shown, &width);
    widen(p, p->t->totals, column, shown, &width);
    width = width > XLSX_WIDEST ? XLSX_WIDEST : width;
    xlsx_check(p->x, worksheet_set_column(p->ws, (lxw_col_t)column, (lxw_col_t)column,
                                          (double)width + 2.5, NULL));
}

static void put_heads(page *p)
{
    STRBUF_AUTO strbuf shown;
    strbuf_init(&shown, 0);
    for (size_t i = 0; i < p->t->n_columns; i++) {
        const doc_column *c = &p->t->columns[i];
        lxw_format *format =
            p->x->parts[cell_type_is_number(c->type) ? PART_HEAD_NUMBER : PART_HEAD];
        xlsx_put_text(p->x, p->ws, XLSX_HEAD_ROW, (lxw_col_t)i, label_of(c), format);
        set_width(p, i, &shown);
    }
    p->row = XLSX_HEAD_ROW + 1;
}

/* --- rows --- */

static void put_rows(page *p, const doc_row_node *rows, xlsx_weight weight,
                     const money_style *money)
{
    xlsx *x = p->x;
    for (const doc_row_node *r = rows; r != NULL; r = r->next, p->row++) {
        for (size_t i = 0; i < p->t->n_columns; i++) {
            xlsx_look look = xlsx_look_of(&r->cells[i], p->t->columns[i].decimals, money[i]);
            if (r->cells[i].type != CELL_EMPTY || weight == WEIGHT_TOTAL) {
                xlsx_put_cell(x, p->ws, p->row, (lxw_col_t)i, &r->cells[i],
                              x->values[weight][look]);
            }
        }
    }
}

/* The text that says which row this is. */
static const char *row_name(const page *p, const doc_row_node *r)
{
    for (size_t i = 0; i < p->t->n_columns; i++) {
        if (r->cells[i].type == CELL_TEXT) {
            return r->cells[i].text;
        }
    }
    return NULL;
}

/* Neighbours below each other with one origin are noted once. */
static void note_column(page *p, const doc_row_node *rows, lxw_row_t first, size_t column)
{
    lxw_row_t row = first;
    for (const doc_row_node *r = rows; r != NULL;) {
        int id = r->cells[column].provenance;
        lxw_row_t from = row;
        const doc_row_node *begin = r;
        while (r != NULL && r->cells[column].provenance == id) {
            r = r->next;
            row++;
        }
        xlsx_origin where = {.sheet = p->name,
                             .row = from,
                             .last_row = row - 1,
                             .column = (lxw_col_t)column,
                             .what = label_of(&p->t->columns[column]),
                             .which = row - from == 1 ? row_name(p, begin) : NULL};
        (void)xlsx_note_origin(p->x, id, where);
    }
}

/* --- what makes it readable --- */

static void add_bars(page *p, lxw_row_t first, lxw_row_t last)
{
    for (size_t i = 0; i < p->t->n_columns; i++) {
        if (p->t->columns[i].bar) {
            lxw_conditional_format bars = {.type = LXW_CONDITIONAL_DATA_BAR,
                                           .bar_color = BAR_COLOR,
                                           .bar_solid = LXW_TRUE,
                                           .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER};
            xlsx_check(p->x, worksheet_conditional_format_range(p->ws, first, (lxw_col_t)i, last,
                                                                (lxw_col_t)i, &bars));
        }
    }
}

/* Columns of one kind side by side are one block of shades. */
static void add_shades(page *p, lxw_row_t first, lxw_row_t last)
{
    const doc_column *c = p->t->columns;
    for (size_t from = 0, to = 0; from < p->t->n_shown; from = to) {
        while (to < p->t->n_shown && c[to].type == c[from].type) {
            to++;
        }
        if (to - from >= SHADED_COLUMNS && cell_type_is_number(c[from].type)) {
            const lxw_row_t rows[2] = {first, last};
            const lxw_col_t columns[2] = {(lxw_col_t)from, (lxw_col_t)(to - 1)};
            xlsx_shade(p->x, p->ws, rows, columns);
        }
    }
}

static void put_footnotes(page *p)
{
    const char *reasons[DOC_REASONS];
    size_t n = doc_table_reasons(p->t, p->t->n_columns, reasons);
    p->row++;
    for (size_t i = 0; i < n; i++) {
        xlsx_put_clean(&p->x->text, "Empty: ", strlen("Empty: "));
        xlsx_put_text(p->x, p->ws, p->row++, 0, reasons[i], p->x->parts[PART_MUTED]);
    }
    for (const doc_text *f = p->t->footnotes; f != NULL; f = f->next) {
        xlsx_put_markdown(p->x, p->ws, p->row++, 0, f->text, p->x->parts[PART_MUTED]);
    }
}

static void put_body(page *p, const money_style *money)
{
    lxw_row_t first = p->row;
    lxw_col_t last_column = (lxw_col_t)(p->t->n_columns - 1);
    put_rows(p, p->t->rows, WEIGHT_ROW, money);
    lxw_row_t last = p->row - 1;
    if (p->t->n_rows > 0) {
        xlsx_check(p->x, worksheet_autofilter(p->ws, XLSX_HEAD_ROW, 0, last, last_column));
        add_bars(p, first, last);
    }
    if (p->sheet->shaded && p->t->n_rows > 0) {
        add_shades(p, first, last);
    }
    /* A blank row keeps totals out of sorting and filtering. */
    p->row += p->t->n_totals > 0 ? 1 : 0;
    lxw_row_t totals = p->row;
    put_rows(p, p->t->totals, WEIGHT_TOTAL, money);
    for (size_t i = 0; i < p->t->n_columns; i++) {
        note_column(p, p->t->rows, first, i);
        note_column(p, p->t->totals, totals, i);
    }
}

void xlsx_write_table(xlsx *x, size_t sheet)
{
    const xlsx_sheet *s = &x->sheets.data[sheet];
    page p = {.x = x, .sheet = s, .t = s->table, .ws = s->page, .name = xlsx_sheet_name(x, sheet)};
    STRATA_AUTO_FREE money_style *money = STRATA_NEW_ARRAY(s->table->n_columns, money_style);
    if (money == NULL) {
        x->no_memory = true;
        return;
    }
    for (size_t i = 0; i < s->table->n_columns; i++) {
        money[i] = column_money_style(s->table, i);
    }
    xlsx_put_sheet_head(x, sheet);
    put_heads(&p);
    put_body(&p, money);
    put_footnotes(&p);
    xlsx_set_up_sheet(x, sheet,
                      s->table->n_columns > 1 && s->table->columns[0].type == CELL_TEXT ? 1 : 0);
}
