/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "render/terminal/screen.h"
#include "render/xlsx/xlsx.h"

/* Texts run over all columns; a figure is label, value, what stands below it, where it is from. */
enum {
    LABEL,
    VALUE,
    BELOW,
    ORIGIN,
    COLUMN_COUNT,
    TEXT_WIDTH = 118, /* characters that fit on one line of all columns */
    LINE_HEIGHT = 15
};
static const double widths[COLUMN_COUNT] = {34, 20, 52, 16};

typedef struct writer {
    xlsx *x;
    lxw_row_t row;
    size_t sheet, chart; /* the next of x->sheets and x->drawn */
} writer;

/* --- texts --- */

/* How many lines of the page a text takes. */
static int lines_of(const char *text)
{
    int lines = 0;
    for (const char *at = text; at != NULL;) {
        const char *end = strchr(at, '\n');
        size_t len = end != NULL ? (size_t)(end - at) : strlen(at);
        lines += 1 + screen_width(at, len) / TEXT_WIDTH;
        at = end != NULL ? end + 1 : NULL;
    }
    return lines;
}

/* What stands in x->text, over the whole width; Excel does not fit the height of merged cells. */
static void put_wide(writer *w, xlsx_part part)
{
    enum { MOST_LINES = 27 }; /* a row is at most 409 points high */
    xlsx *x = w->x;
    if (x->text.failed != STRATA_OK) {
        return;
    }
    int lines = lines_of(strbuf_text(&x->text));
    xlsx_check(x, worksheet_merge_range(x->summary, w->row, LABEL, w->row, ORIGIN,
                                        strbuf_text(&x->text), x->parts[part]));
    xlsx_check(x, worksheet_set_row(x->summary, w->row,
                                    LINE_HEIGHT * (double)(lines < MOST_LINES ? lines : MOST_LINES),
                                    NULL));
    strbuf_clear(&x->text);
    w->row++;
}

static void put_heading(writer *w, const char *title, int depth)
{
    if (title != NULL && title[0] != '\0') {
        w->row++;
        xlsx_check(w->x, worksheet_set_row(w->x->summary, w->row, depth > 1 ? 19 : 22, NULL));
        xlsx_put_text(w->x, w->x->summary, w->row++, LABEL, title,
                      w->x->parts[depth > 1 ? PART_SUBHEADING : PART_HEADING]);
    }
}

static void put_note(writer *w, const doc_node *n)
{
    strbuf_add(&w->x->text, strcmp(n->note_kind, "warning") == 0   ? "Warning: "
                            : strcmp(n->note_kind, "missing") == 0 ? "Not shown: "
                                                                   : "Note: ");
    xlsx_put_plain(&w->x->text, n->text);
    put_wide(w, PART_NOTE);
}

/* --- figures --- */

static void put_figure(writer *w, const doc_figure_node *f)
{
    enum { FIGURE_HEIGHT = 20 };
    xlsx *x = w->x;
    const doc_cell *v = &f->value;
    xlsx_put_text(x, x->summary, w->row, LABEL, f->label, x->values[WEIGHT_ROW][LOOK_TEXT]);
    if (v->type == CELL_EMPTY) {
        xlsx_put_text(x, x->summary, w->row, VALUE, v->text != NULL ? v->text : "not known",
                      x->parts[PART_MUTED]);
    } else {
        xlsx_look look = xlsx_look_of(v, 1, MONEY_WHOLE);
        xlsx_put_cell(x, x->summary, w->row, VALUE, v, x->values[WEIGHT_FIGURE][look]);
    }
    xlsx_put_text(x, x->summary, w->row, BELOW, f->below, x->parts[PART_MUTED]);
    xlsx_check(x, worksheet_set_row(x->summary, w->row, FIGURE_HEIGHT, NULL));
    xlsx_origin where = {.sheet = XLSX_SUMMARY,
                         .row = w->row,
                         .last_row = w->row,
                         .column = VALUE,
                         .what = f->label};
    lxw_row_t noted = xlsx_note_origin(x, v->provenance, where);
    if (noted > 0) {
        xlsx_put_link(x, x->summary, w->row, ORIGIN, &(xlsx_place){XLSX_ORIGINS, noted, 0},
                      "Where from");
    }
    w->row++;
}

/* --- links --- */

static void link_table(writer *w)
{
    xlsx *x = w->x;
    const xlsx_sheet *s = &x->sheets.data[w->sheet];
    char rows[64];
    char number[NUMBER_TEXT];
    xlsx_put_link(x, x->summary, w->row, LABEL, &(xlsx_place){xlsx_sheet_name(x, w->sheet), 0, 0},
                  xlsx_sheet_name(x, w->sheet));
    if (s->table != NULL) {
        number_format((double)s->table->n_rows, 0, number);
        (void)snprintf(rows, sizeof rows, "%s row%s", number, s->table->n_rows == 1 ? "" : "s");
        xlsx_put_text(x, x->summary, w->row, VALUE, rows, x->parts[PART_MUTED]);
        xlsx_put_markdown(x, x->summary, w->row, BELOW, s->table->caption, x->parts[PART_MUTED]);
    } else {
        xlsx_put_text(x, x->summary, w->row, VALUE, "heat map", x->parts[PART_MUTED]);
        xlsx_put_markdown(x, x->summary, w->row, BELOW, s->chart->title, x->parts[PART_MUTED]);
    }
    w->sheet++;
    w->row++;
}

static void link_chart(writer *w, const doc_chart_node *c)
{
    xlsx *x = w->x;
    if (w->sheet < x->sheets.n && x->sheets.data[w->sheet].chart == c) {
        link_table(w);
    } else if (w->chart < x->drawn.n && x->drawn.data[w->chart].chart == c) {
        STRBUF_AUTO strbuf title;
        strbuf_init(&title, 0);
        xlsx_put_plain(&title, c->title != NULL ? c->title : c->id);
        x->no_memory = x->no_memory || title.failed != STRATA_OK;
        xlsx_put_link(x, x->summary, w->row, LABEL,
                      &(xlsx_place){XLSX_CHARTS, x->drawn.data[w->chart].row, 0},
                      strbuf_text(&title));
        w->chart++;
        w->row++;
    }
}

static void put_section(writer *w, const doc_section *s)
{
    for (const doc_node *n = s->first; n != NULL; n = n->next) {
        switch (n->kind) {
        case NODE_SECTION:
            put_heading(w, n->as.section->title, n->as.section->depth);
            put_section(w, n->as.section);
            break;
        case NODE_PARAGRAPH:
        case NODE_BULLET:
            strbuf_add(&w->x->text, n->kind == NODE_BULLET ? "\xe2\x80\xa2 " : "");
            xlsx_put_plain(&w->x->text, n->text);
            put_wide(w, PART_PARAGRAPH);
            break;
        case NODE_NOTE:
            put_note(w, n);
            break;
        case NODE_FIGURE:
            put_figure(w, n->as.figure);
            break;
        case NODE_TABLE:
            link_table(w);
            break;
        case NODE_CHART:
            link_chart(w, n->as.chart);
            break;
        }
    }
}

/* --- the head --- */

static void add_part(strbuf *out, const char *before, const char *text, const char *after)
{
    if (text != NULL && text[0] != '\0') {
        strbuf_add(out, out->len > 0 ? " \xc2\xb7 " : "");
        strbuf_add(out, before);
        xlsx_put_clean(out, text, strlen(text));
        strbuf_add(out, after);
    }
}

static void put_head(writer *w)
{
    const document_head *h = &w->x->doc->head;
    strbuf *out = &w->x->text;
    char date[24] = "";
    char number[NUMBER_TEXT];
    xlsx_check(w->x, worksheet_set_row(w->x->summary, w->row, 28, NULL));
    xlsx_put_text(w->x, w->x->summary, w->row++, LABEL, h->title, w->x->parts[PART_TITLE]);
    day_format_long(h->as_of, date, sizeof date);
    add_part(out, "", h->portfolio, "");
    add_part(out, "as of ", date, "");
    if (h->n_accounts >= 0) {
        number_format((double)h->n_accounts, 0, number);
        add_part(out, "", number, h->n_accounts == 1 ? " account" : " accounts");
    }
    if (h->arr_minor >= 0) {
        number_format_money_short(h->arr_minor, h->currency, number);
        add_part(out, "", number, " ARR");
    }
    add_part(out, "amounts in ", h->currency, "");
    add_part(out, "model ", h->model_name, "");
    put_wide(w, PART_NOTE);
}

void xlsx_write_summary(xlsx *x)
{
    writer w = {.x = x};
    for (int i = 0; i < COLUMN_COUNT; i++) {
        lxw_col_t at = (lxw_col_t)i;
        xlsx_check(x, worksheet_set_column(x->summary, at, at, widths[i], NULL));
    }
    worksheet_gridlines(x->summary, LXW_HIDE_ALL_GRIDLINES);
    put_head(&w);
    put_section(&w, &x->doc->root);
    if (x->doc->steps != NULL) {
        put_heading(&w, "Next", 2);
    }
    for (const doc_text *s = x->doc->steps; s != NULL; s = s->next) {
        xlsx_put_text(x, x->summary, w.row++, LABEL, s->text, x->values[WEIGHT_ROW][LOOK_TEXT]);
    }
    worksheet_fit_to_pages(x->summary, 1, 0);
    xlsx_check(x, worksheet_set_footer(x->summary, "&L&A&RPage &P of &N"));
}
