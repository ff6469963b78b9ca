/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "render/html/html.h"

/* Tables longer than this scroll in their own box under a head that stays, and can be filtered;
 * those of more columns are printed on pages that lie on their side. */
enum { TABLE_LONG = 24, COLUMNS_UPRIGHT = 9 };
enum { TEXT_UNBROKEN = 10, TEXT_ROOMY = 48 };

typedef struct html_column {
    cell_style style;
    double max; /* for bars; 0: none */
    bool number;
} html_column;

static double bar_value(const doc_cell *cell)
{
    return cell->type == CELL_MONEY                              ? (double)cell->minor
           : cell->type == CELL_EMPTY || cell->type == CELL_TEXT ? 0
                                                                 : cell->number;
}

static html_column measure_column(const document *d, const doc_table *t, size_t i)
{
    const doc_column *c = &t->columns[i];
    html_column column = {.style = html_style(d), .number = cell_type_is_number(c->type)};
    column.style.money = column_money_style(t, i);
    column.style.decimals = c->decimals;
    column.style.bare_share = column_says_percent(c);
    for (const doc_row_node *row = c->bar ? t->rows : NULL; row != NULL; row = row->next) {
        double value = bar_value(&row->cells[i]);
        column.max = value > column.max ? value : column.max;
    }
    return column;
}

static void put_heads(strbuf *out, const doc_table *t, const html_column *columns)
{
    strbuf_add(out, "<thead><tr>");
    for (size_t i = 0; i < t->n_shown; i++) {
        strbuf_add(out,
                   columns[i].number ? "<th scope=\"col\" class=\"num\">" : "<th scope=\"col\">");
        html_text(out, t->columns[i].label);
        strbuf_add(out, "</th>");
    }
    strbuf_add(out, "</tr></thead>\n");
}

/* Attributes of a cell: its class, the value to sort by, how long its bar is. */
static void open_cell(strbuf *out, const doc_cell *cell, const html_column *c, bool bars)
{
    bool bar = bars && c->max > 0 && cell->type != CELL_EMPTY;
    bool brief = cell->type == CELL_TEXT && strlen(cell->text) <= TEXT_UNBROKEN;
    bool roomy = cell->type == CELL_TEXT && strlen(cell->text) > TEXT_ROOMY;
    strbuf_add(out, c->number ? bar ? " class=\"num bar\"" : " class=\"num\""
                    : brief   ? " class=\"brief\""
                    : roomy   ? " class=\"roomy\""
                              : "");
    if (c->number || cell->type == CELL_DATE) {
        strbuf_add(out, " data-v=\"");
        cell_put_raw(out, cell);
        strbuf_add_char(out, '"');
    }
    if (bar) {
        double share = bar_value(cell) / c->max * 100.0;
        strbuf_printf(out, " style=\"--w:%.1f%%\"", share > 0 ? share : 0.0);
    }
    strbuf_add_char(out, '>');
}

static void put_rows(const html *h, const doc_table *t, const html_column *columns,
                     const doc_row_node *rows, bool bars)
{
    strbuf *out = h->out;
    for (const doc_row_node *row = rows; row != NULL; row = row->next) {
        strbuf_add(out, "<tr>");
        for (size_t i = 0; i < t->n_shown; i++) {
            const doc_cell *cell = &row->cells[i];
            bool head = i == 0 && t->columns[0].type == CELL_TEXT && cell->type == CELL_TEXT;
            strbuf_add(out, head ? "<th scope=\"row\"" : "<td");
            open_cell(out, cell, &columns[i], bars);
            int origin = doc_cell_origin(t, cell, i);
            html_open_origin(out, h->doc, origin);
            html_cell(out, cell, &columns[i].style);
            html_close_origin(out, h->doc, origin);
            strbuf_add(out, head ? "</th>" : "</td>");
        }
        strbuf_add(out, "</tr>\n");
    }
}

static void put_reasons(strbuf *out, const doc_table *t)
{
    const char *reasons[DOC_REASONS];
    size_t n = doc_table_reasons(t, t->n_shown, reasons);
    for (size_t i = 0; i < n; i++) {
        strbuf_add(out, "<p class=\"foot\">\xe2\x80\x93 ");
        html_text(out, reasons[i]);
        strbuf_add(out, "</p>\n");
    }
}

static void put_footnotes(strbuf *out, const doc_table *t)
{
    put_reasons(out, t);
    for (const doc_text *f = t->footnotes; f != NULL; f = f->next) {
        strbuf_add(out, "<p class=\"foot\">");
        html_inline(out, f->text);
        strbuf_add(out, "</p>\n");
    }
}

/* The frame with its caption; short tables without one need no words above them. */
static void open_table(strbuf *out, const doc_table *t, int number)
{
    bool is_long = t->n_rows > TABLE_LONG;
    bool plain = t->caption == NULL && !is_long && !t->folded;
    strbuf_add(out, t->folded ? "<details class=\"fold\"><summary>" : "");
    strbuf_add(out, t->folded && t->caption == NULL ? "The figures as a table" : "");
    if (t->folded && t->caption != NULL) {
        html_inline(out, t->caption);
    }
    strbuf_add(out, t->folded ? "</summary>\n" : "");
    strbuf_printf(out, "<div class=\"table%s%s\" id=\"table-%d\">", is_long ? " long" : "",
                  t->n_shown > COLUMNS_UPRIGHT ? " wide" : "", number);
    strbuf_printf(out, "<p class=\"%s\" id=\"caption-%d\">",
                  plain || t->folded ? "caption vh" : "caption", number);
    if (t->caption != NULL) {
        html_inline(out, t->caption);
    } else {
        strbuf_printf(out, "%zu row%s", t->n_rows, t->n_rows == 1 ? "" : "s");
    }
    strbuf_add(out, "</p>\n");
}

void html_table(html *h, const doc_table *t)
{
    strbuf *out = h->out;
    STRATA_AUTO_FREE html_column *columns = STRATA_NEW_ARRAY(t->n_shown, html_column);
    if (columns == NULL) {
        out->failed = STRATA_E_NOMEM;
        return;
    }
    for (size_t i = 0; i < t->n_shown; i++) {
        columns[i] = measure_column(h->doc, t, i);
    }
    int number = ++h->n_tables;
    open_table(out, t, number);
    strbuf_printf(out,
                  "<div class=\"box\" role=\"region\" aria-labelledby=\"caption-%d\" "
                  "tabindex=\"0\"><table aria-labelledby=\"caption-%d\">\n",
                  number, number);
    put_heads(out, t, columns);
    strbuf_add(out, "<tbody>\n");
    put_rows(h, t, columns, t->rows, true);
    strbuf_add(out, "</tbody>\n");
    if (t->totals != NULL) {
        strbuf_add(out, "<tfoot>\n");
        put_rows(h, t, columns, t->totals, false);
        strbuf_add(out, "</tfoot>\n");
    }
    strbuf_add(out, "</table></div>\n");
    put_footnotes(out, t);
    strbuf_add(out, t->folded ? "</div>\n</details>\n" : "</div>\n");
}
