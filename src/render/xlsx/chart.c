/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "render/xlsx/block.h"

enum {
    ROW_PIXELS = 20,
    NAMES_WIDTH = 30,
    VALUES_WIDTH = 14,
    PRINT_PERCENT = 75, /* the columns of a chart fit a page then */
    PAGE_ROWS = 58      /* and so many rows */
};

/* --- units --- */

static xlsx_look look_of_sample(const char *sample)
{
    size_t len = sample != NULL ? strlen(sample) : 0;
    if (len == 0) {
        return LOOK_TEXT;
    }
    if (sample[len - 1] == '%') {
        return LOOK_SHARE;
    }
    size_t letters = 0;
    size_t digits = 0;
    for (size_t i = 0; i < len; i++) {
        letters += isalpha((unsigned char)sample[i]) ? 1 : 0;
        digits += isdigit((unsigned char)sample[i]) ? 1 : 0;
    }
    if (strncmp(sample, "of ", 3) == 0) {
        return LOOK_TEXT; /* "of 1,003" is no amount */
    }
    bool number = isdigit((unsigned char)sample[0]) || sample[0] == '-' || sample[0] == '+';
    if (digits == 0 || (number && letters > 1)) {
        return LOOK_TEXT; /* "5 of 12" */
    }
    if (!number || letters == 1) {
        return LOOK_MONEY_WHOLE; /* "$18.9M" */
    }
    return strchr(sample, '.') != NULL ? (xlsx_look)(LOOK_DECIMAL + 1) : LOOK_COUNT;
}

/* Of values whose texts tell no unit: "5 of 12" is a share, and no number has fifteen digits. */
static xlsx_look look_of_values(const plot *p, size_t column)
{
    bool parts = true;
    bool whole = true;
    for (size_t r = 0; r < p->n_rows; r++) {
        double v = p->values[r * p->n_columns + column];
        parts = parts && !(v < 0 || v > 1);
        whole = whole && !(fabs(v - round(v)) > 0);
    }
    return whole ? LOOK_TEXT : parts ? LOOK_SHARE : (xlsx_look)(LOOK_DECIMAL + 1);
}

xlsx_look block_look(const plot *p, size_t column)
{
    const char *own = p->columns[column].sample;
    xlsx_look look = look_of_sample(own != NULL ? own : p->columns[0].sample);
    return look == LOOK_TEXT ? look_of_values(p, column) : look;
}

/* --- figures --- */

static void put_figures(const xlsx_block *b)
{
    xlsx *x = b->x;
    lxw_worksheet *ws = x->charts;
    for (size_t c = 0; c < b->p->n_columns; c++) {
        static const char *const bounds[] = {", low", ", high"};
        const plot_column *column = &b->p->columns[c];
        bool bound = column->role == PLOT_BOUND && c > 0 && b->p->kind == PLOT_LINES;
        xlsx_put_clean(&x->text, column->name, strlen(column->name));
        strbuf_add(&x->text, bound ? bounds[b->p->columns[c - 1].role == PLOT_BOUND] : "");
        if (x->text.failed == STRATA_OK) {
            xlsx_check(x,
                       worksheet_write_string(ws, b->head, b->first_column + (lxw_col_t)c,
                                              strbuf_text(&x->text), x->parts[PART_HEAD_NUMBER]));
            strbuf_clear(&x->text);
        }
    }
    for (size_t r = 0; r < b->p->n_rows; r++) {
        lxw_row_t row = b->first + (lxw_row_t)r;
        if (b->p->rows != NULL) {
            xlsx_put_text(x, ws, row, b->first_column - 1, b->p->rows[r],
                          x->values[WEIGHT_ROW][LOOK_TEXT]);
        }
        for (size_t c = 0; c < b->p->n_columns; c++) {
            xlsx_put_number(x, ws, row, b->first_column + (lxw_col_t)c,
                            b->p->values[r * b->p->n_columns + c],
                            x->values[WEIGHT_ROW][block_look(b->p, c)]);
        }
    }
}

/* Writes one; returns the row after it. */
static lxw_row_t write_block(xlsx *x, xlsx_chart *c, lxw_row_t row)
{
    PLOT_AUTO plot p = {0};
    c->row = row;
    if (!plot_read(c->chart->spec, &p)) {
        x->no_memory = true;
        return row;
    }
    xlsx_block b = {.x = x,
                    .p = &p,
                    .title = row,
                    .head = row + 2,
                    .first = row + 3,
                    .last = row + 2 + (lxw_row_t)p.n_rows,
                    .first_column = BLOCK_FIGURES + (p.rows != NULL ? 1 : 0)};
    xlsx_put_markdown(x, x->charts, row, 0, c->chart->title, x->parts[PART_HEADING]);
    xlsx_put_markdown(x, x->charts, row + 1, 0, c->chart->alt, x->parts[PART_MUTED]);
    put_figures(&b);
    int height = xlsx_draw(&b, c->chart->alt);
    lxw_row_t chart_end = b.head + (lxw_row_t)(height / ROW_PIXELS) + 1;
    return (b.last > chart_end ? b.last : chart_end) + 2;
}

void xlsx_write_charts(xlsx *x)
{
    xlsx_check(x, worksheet_set_column(x->charts, BLOCK_FIGURES, BLOCK_FIGURES, NAMES_WIDTH, NULL));
    xlsx_check(x, worksheet_set_column(x->charts, BLOCK_FIGURES + 1, BLOCK_FIGURES + 60,
                                       VALUES_WIDTH, NULL));
    worksheet_gridlines(x->charts, LXW_HIDE_ALL_GRIDLINES);
    STRATA_AUTO_FREE lxw_row_t *breaks = STRATA_NEW_ARRAY(x->drawn.n + 1, lxw_row_t);
    lxw_row_t row = 0;
    lxw_row_t page = 0; /* where it begins */
    size_t n_breaks = 0;
    if (breaks == NULL) {
        x->no_memory = true;
        return;
    }
    for (size_t i = 0; i < x->drawn.n; i++) {
        lxw_row_t end = write_block(x, &x->drawn.data[i], row);
        if (row > page && end - page > PAGE_ROWS) { /* no page ends in a chart */
            breaks[n_breaks++] = row;
            page = row;
        }
        row = end;
    }
    xlsx_check(x, worksheet_print_area(x->charts, 0, 0, row, BLOCK_FIGURES - 1));
    if (n_breaks > 0) {
        xlsx_check(x, worksheet_set_h_pagebreaks(x->charts, breaks));
    }
    worksheet_set_print_scale(x->charts, PRINT_PERCENT);
}
