/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_XLSX_XLSX_H
#define STRATA_RENDER_XLSX_XLSX_H

/* Inside the renderer of workbooks: a sheet that says what was found, one with the
 * charts, one for each table, one that says where figures come from. */

#include <xlsxwriter.h>

#include "base/vec.h"
#include "render/cell_text.h"
#include "render/xlsx/text.h"

/* How a cell is written. */
typedef enum xlsx_look {
    LOOK_TEXT,
    LOOK_WRAP,    /* over several lines */
    LOOK_LITERAL, /* text that begins like a formula: stays text when a person edits the cell */
    LOOK_COUNT,
    LOOK_SHARE,
    LOOK_MONEY_WHOLE,
    LOOK_MONEY_EXACT,
    LOOK_DAYS,
    LOOK_DATE,
    LOOK_CHANGE,
    LOOK_BOOL,
    LOOK_DECIMAL, /* the first of XLSX_DECIMALS: none, one, two ... */
    XLSX_DECIMALS = 10,
    LOOK_COUNT_ALL = LOOK_DECIMAL + XLSX_DECIMALS
} xlsx_look;

typedef enum xlsx_weight { WEIGHT_ROW, WEIGHT_TOTAL, WEIGHT_FIGURE, WEIGHT_COUNT } xlsx_weight;

/* How everything that is no value looks. */
typedef enum xlsx_part {
    PART_TITLE,
    PART_HEADING,
    PART_SUBHEADING,
    PART_MUTED,
    PART_PARAGRAPH,
    PART_NOTE,
    PART_HEAD,
    PART_HEAD_NUMBER,
    PART_LINK,
    PART_COUNT
} xlsx_part;

/* The sheet of one table, or of one matrix that is shaded by its values. */
typedef struct xlsx_sheet {
    const doc_table *table;      /* either this */
    const doc_chart_node *chart; /* or this */
    const doc_section *section, *above;
    bool shaded; /* a table whose figures a matrix before it shows as shades */
    lxw_worksheet *page;
} xlsx_sheet;

typedef struct xlsx_chart {
    const doc_chart_node *chart;
    lxw_row_t row; /* of its title on the sheet of charts */
} xlsx_chart;

/* Where a figure stands and where it comes from. */
typedef struct xlsx_origin {
    const char *sheet; /* its name */
    lxw_row_t row, last_row;
    lxw_col_t column;
    const char *what, *which; /* column and row, or label; either may be NULL */
    const doc_provenance *origin;
} xlsx_origin;

typedef struct xlsx {
    const document *doc;
    lxw_workbook *book;
    lxw_worksheet *summary, *charts, *origins_page; /* the last two: NULL when there are none */
    lxw_format *values[WEIGHT_COUNT][LOOK_COUNT_ALL];
    lxw_format *parts[PART_COUNT];
    VEC(xlsx_sheet) sheets; /* in the order of the document */
    VEC(xlsx_chart) drawn;
    VEC(xlsx_origin) origins;
    const doc_provenance **by_id; /* n_origins + 1 entries of the document */
    xlsx_name *names;             /* of `sheets`, after those of the fixed sheets */
    strbuf text;                  /* scratch */
    lxw_error failed;             /* the first failure of the library */
    int failed_errno;             /* of writing the file; 0: not known */
    bool no_memory;
} xlsx;

#define XLSX_SUMMARY "Summary"
#define XLSX_CHARTS "Charts"
#define XLSX_ORIGINS "Provenance"
enum {
    XLSX_FIXED_NAMES = 3,
    XLSX_HEAD_ROW = 3,
    XLSX_WIDEST = 60,
    XLSX_LINKS = 60000,
    XLSX_NUMBER_FORMAT = 96
};

/* Keeps the first failure. */
void xlsx_check(xlsx *x, lxw_error got);
/* Writes the file and frees the book. */
void xlsx_close(xlsx *x);
/* What went wrong so far, if something did. */
STRATA_MUST_CHECK strata_status xlsx_status(const xlsx *x, strata_error *err);
const char *xlsx_sheet_name(const xlsx *x, size_t i);

/* --- cells (cell.c) --- */

void xlsx_make_formats(xlsx *x);
/* Text as text: never a formula, never a link. */
void xlsx_put_text(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column, const char *text,
                   lxw_format *format);
/* Inline Markdown as plain text. */
void xlsx_put_markdown(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column,
                       const char *text, lxw_format *format);
void xlsx_put_number(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column, double value,
                     lxw_format *format);
/* A value with its format; CELL_EMPTY stays empty. */
void xlsx_put_cell(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column,
                   const doc_cell *cell, lxw_format *format);
/* A cell of a sheet. */
typedef struct xlsx_place {
    const char *sheet;
    lxw_row_t row;
    lxw_col_t column;
} xlsx_place;
/* A link to a cell of this workbook. */
void xlsx_put_link(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column,
                   const xlsx_place *to, const char *text);
/* Excel's code for it; "" for the usual one. */
void xlsx_number_format(const xlsx *x, xlsx_look look, char out[XLSX_NUMBER_FORMAT]);
xlsx_look xlsx_look_of(const doc_cell *cell, int decimals, money_style money);
/* Shades a block of numbers from its least to its greatest. */
void xlsx_shade(xlsx *x, lxw_worksheet *page, const lxw_row_t rows[2], const lxw_col_t columns[2]);

/* --- sheets --- */

/* Which sheets there are, and their names. */
void xlsx_plan(xlsx *x);
/* The title of a table's or matrix' sheet and the way back; how it scrolls and prints. */
void xlsx_put_sheet_head(xlsx *x, size_t sheet);
void xlsx_set_up_sheet(xlsx *x, size_t sheet, lxw_col_t frozen);
void xlsx_write_table(xlsx *x, size_t sheet);
void xlsx_write_grid(xlsx *x, size_t sheet);
void xlsx_write_charts(xlsx *x);
void xlsx_write_summary(xlsx *x);
void xlsx_write_origins(xlsx *x);
/* Notes where a figure stands; nothing when it has no provenance. The row that it will have on the
 * sheet of origins, 0 when none. */
lxw_row_t xlsx_note_origin(xlsx *x, int provenance, xlsx_origin where);

#endif
