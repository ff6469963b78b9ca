/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_ROWS_SAID_H
#define STRATA_RENDER_JSON_ROWS_SAID_H

/* What goes with the cells of a table that is handed out in parts: the remarks on them, without
 * their row, which is counted from the page that it stands in; and the origins that they name. */

#include "document/tree.h"
#include "render/json/rows.h"

/* Takes it from a row of that part; `first` is the table that the columns are taken from. False: no
 * memory. */
bool json_said_take(json_rows *r, json_part *p, const doc_table *first, const doc_table *t,
                    const doc_cell *cells);
/* The entries of provenance that the table names. */
STRATA_MUST_CHECK strata_status json_said_take_origins(json_rows *r, const document *d,
                                                       const doc_table *first, strata_error *err);
/* Appends the remarks on these rows and on the totals. */
void json_said_put(const json_rows *r, const size_t *places, size_t n, strbuf *out);

#endif
