/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_ROWS_BOOK_H
#define STRATA_RENDER_JSON_ROWS_BOOK_H

/* A workbook of one long table, written row by row: the memory that it takes does not grow with its
 * rows. What does not fit a sheet goes on on the next one. The same rows give the same bytes. */

#include "document/document.h"

typedef struct rows_book_column {
    const char *name;
    cell_type type;
} rows_book_column;

typedef struct rows_book rows_book;

/* Writes to `path` at the end, and until then to temporary files in `scratch` (NULL: /tmp). `title`
 * is the sheets' name. Texts are copied. */
STRATA_MUST_CHECK strata_status rows_book_new(const char *path, const char *scratch,
                                              const char *title, const rows_book_column *columns,
                                              size_t n_columns, rows_book **out, strata_error *err);
/* One row, a cell for each column. Texts stay texts, whatever they begin with. */
STRATA_MUST_CHECK strata_status rows_book_add(rows_book *b, const doc_cell *cells,
                                              strata_error *err);
/* Writes the file; nothing can be added afterwards. STRATA_E_IO. */
STRATA_MUST_CHECK strata_status rows_book_close(rows_book *b, strata_error *err);
void rows_book_free(rows_book *b); /* without closing, no file is written; NULL is fine */
STRATA_DEFINE_AUTO(rows_book, rows_book_free)

#endif
