/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_ROWS_SAID_H
#define STRATA_RENDER_JSON_ROWS_SAID_H

/* What goes with the cells of a table that is handed out in parts: why one is empty, where its
 * figure comes from, its type when that is not its column's. */

#include "document/tree.h"
#include "render/json/rows.h"

/* Takes it from a row; `first` is the table that the columns are taken from. False: no memory. */
bool json_said_take(json_rows *r, const doc_table *first, const doc_table *t,
                    const doc_cell *cells);
/* The same of a row of totals, and its cells. */
void json_said_take_total(json_rows *r, const doc_table *first, const doc_table *t,
                          const doc_cell *cells);
/* The entries of provenance that the table names. */
void json_said_take_origins(json_rows *r, const document *d, const doc_table *first);

#endif
