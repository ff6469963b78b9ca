/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/rows_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scratch.h"
#include "document/tree.h"
#include "render/xlsx/xlsx.h"

enum {
    SHEET_CELLS = 40000000, /* a sheet's part of the file must stay under 4 GB */
    WIDTH_TEXT = 24,
    WIDTH_OTHER = 14,
    SCRATCH_MAX = 512
};

struct rows_book {
    xlsx x;
    document no_document; /* formats are those of documents, which have a currency */
    char scratch[SCRATCH_MAX];
    char title[XLSX_NAME_UNITS];
    char **names;
    cell_type *types;
    size_t n_columns;
    lxw_worksheet *page;
    size_t n_pages, n_rows; /* rows of this page, its head among them */
};

void rows_book_free(rows_book *b)
{
    if (b == NULL) {
        return;
    }
    if (b->x.book != NULL) {
        lxw_workbook_free(b->x.book);
    }
    for (size_t i = 0; b->names != NULL && i < b->n_columns; i++) {
        free(b->names[i]);
    }
    free(b->names);
    free(b->types);
    strbuf_done(&b->x.text);
    free(b);
}

static strata_status copy_columns(rows_book *b, const rows_book_column *columns, size_t n,
                                  strata_error *err)
{
    b->names = STRATA_NEW_ARRAY(n, char *);
    b->types = STRATA_NEW_ARRAY(n, cell_type);
    bool ok = b->names != NULL && b->types != NULL;
    b->n_columns = n;
    for (size_t i = 0; ok && i < n; i++) {
        b->names[i] = strdup(columns[i].name);
        b->types[i] = columns[i].type;
        ok = b->names[i] != NULL;
    }
    return ok ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory writing a workbook");
}

static void end_page(rows_book *b)
{
    if (b->page != NULL && b->n_rows > 1) {
        xlsx_check(&b->x, worksheet_autofilter(b->page, 0, 0, (lxw_row_t)(b->n_rows - 1),
                                               (lxw_col_t)(b->n_columns - 1)));
    }
}

static void begin_page(rows_book *b)
{
    char name[XLSX_NAME_UNITS + 1];
    end_page(b);
    b->n_pages++;
    if (b->n_pages == 1) {
        (void)snprintf(name, sizeof name, "%s", b->title);
    } else {
        (void)snprintf(name, sizeof name, "%.20s %zu", b->title, b->n_pages);
    }
    b->page = workbook_add_worksheet(b->x.book, name);
    b->n_rows = 1;
    if (b->page == NULL) {
        xlsx_check(&b->x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    worksheet_freeze_panes(b->page, 1, 1);
    for (size_t i = 0; i < b->n_columns; i++) {
        lxw_col_t at = (lxw_col_t)i;
        bool text = b->types[i] == CELL_TEXT;
        xlsx_check(&b->x,
                   worksheet_set_column(b->page, at, at, text ? WIDTH_TEXT : WIDTH_OTHER, NULL));
        xlsx_put_text(&b->x, b->page, 0, at, b->names[i],
                      b->x.parts[text ? PART_HEAD : PART_HEAD_NUMBER]);
    }
}

strata_status rows_book_new(const char *path, const char *scratch, const char *title,
                            const rows_book_column *columns, size_t n_columns, rows_book **out,
                            strata_error *err)
{
    STRATA_AUTO(rows_book_free) rows_book *b = STRATA_NEW_ARRAY(1, rows_book);
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory writing a workbook");
    }
    b->no_document.head.currency = "USD";
    b->x.doc = &b->no_document;
    strbuf_init(&b->x.text, 0);
    (void)snprintf(b->scratch, sizeof b->scratch, "%s", scratch != NULL ? scratch : "/tmp");
    (void)snprintf(b->title, sizeof b->title, "%s", title);
    if (n_columns == 0 || n_columns > LXW_COL_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu columns do not fit a sheet of Excel",
                           n_columns);
    }
    STRATA_TRY(copy_columns(b, columns, n_columns, err));
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = b->scratch};
    b->x.book = workbook_new_opt(path, &options);
    if (b->x.book == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory writing a workbook");
    }
    xlsx_make_formats(&b->x);
    /* Where the times of zip files begin: no clock is in the file. */
    char author[] = "Strata";
    lxw_doc_properties p = {.author = author, .created = 315532800};
    xlsx_check(&b->x, workbook_set_properties(b->x.book, &p));
    begin_page(b);
    STRATA_TRY(xlsx_status(&b->x, err));
    *out = strata_steal(&b);
    return STRATA_OK;
}

/* Numbers in full precision: what they are rounded to is the reader's choice. */
static lxw_format *format_of(const rows_book *b, const doc_cell *cell)
{
    xlsx_look look = cell->type == CELL_TEXT || cell->type == CELL_DATE
                         ? xlsx_look_of(cell, 0, MONEY_EXACT)
                         : LOOK_TEXT;
    return b->x.values[WEIGHT_ROW][look == LOOK_WRAP ? LOOK_TEXT : look];
}

strata_status rows_book_add(rows_book *b, const doc_cell *cells, strata_error *err)
{
    if (b->n_rows >= LXW_ROW_MAX || b->n_rows * b->n_columns >= SHEET_CELLS) {
        begin_page(b);
    }
    for (size_t i = 0; i < b->n_columns && b->page != NULL; i++) {
        if (cells[i].type != CELL_EMPTY) {
            xlsx_put_cell(&b->x, b->page, (lxw_row_t)b->n_rows, (lxw_col_t)i, &cells[i],
                          format_of(b, &cells[i]));
        }
    }
    b->n_rows++;
    return xlsx_status(&b->x, err);
}

/* The library does not look whether the rows that it wrote to temporary files arrived, nor whether
 * the parts of the workbook do, which it writes beside them at the end, one after the other: what
 * it makes then is no workbook, and nothing says so. */
static strata_status check_scratch(const rows_book *b, strata_error *err)
{
    enum { OTHER_PARTS = 1 << 20 };
    const lxw_worksheet *page = NULL;
    long largest = 0;
    STAILQ_FOREACH(page, b->x.book->worksheets, list_pointers)
    {
        STRATA_TRY(scratch_check_stream(b->scratch, page->optimize_tmpfile, err));
        long size = ftell(page->optimize_tmpfile);
        largest = size > largest ? size : largest;
    }
    return scratch_check_room(b->scratch, (uint64_t)largest + OTHER_PARTS, err);
}

strata_status rows_book_close(rows_book *b, strata_error *err)
{
    end_page(b);
    STRATA_TRY(xlsx_status(&b->x, err));
    STRATA_TRY(check_scratch(b, err));
    xlsx_close(&b->x);
    return xlsx_status(&b->x, err);
}
