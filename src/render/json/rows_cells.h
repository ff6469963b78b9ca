/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_ROWS_CELLS_H
#define STRATA_RENDER_JSON_ROWS_CELLS_H

/* Single cells out of the text of a table's rows, which are kept as they are handed out. */

#include "render/json/rows.h"

/* A JSON value within the rows' text. */
typedef struct json_piece {
    const char *text;
    size_t len;
} json_piece;

/* The rest of a row, whose cells are taken one after the other. */
typedef struct row_cells {
    const char *at, *end;
} row_cells;

row_cells json_row_cells(const json_rows *r, size_t row);
bool json_next_cell(row_cells *c, json_piece *out); /* false after the last */
/* null behind the last column. */
json_piece json_cell_of(const json_rows *r, size_t row, size_t column);

/* STRATA_E_USAGE when no column has that key. */
STRATA_MUST_CHECK strata_status json_find_column(const json_rows *r, const char *key, size_t *out,
                                                 strata_error *err);

/* Appends the value without quotes, case and accents, as texts are compared. */
void json_fold_value(strbuf *out, json_piece value);

#endif
