/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_ROWS_H
#define STRATA_RENDER_JSON_ROWS_H

/* One table of a document as rows that can be handed out in parts. */

#include "base/strbuf.h"
#include "base/vec.h"
#include "document/document.h"

typedef struct json_rows {
    strbuf columns;   /* [{"key", "label", "type", ...}, ...]; "" without a table */
    strbuf rows;      /* [cell, ...] in the order of the columns, one row after the other */
    VEC(size_t) ends; /* where each row ends */
} json_rows;

void json_rows_init(json_rows *r);
void json_rows_done(json_rows *r);

/* The rows (not the totals) of the tables of that id, one after the other; NULL: of the first
 * table. `r` is empty before. An id that no table has is STRATA_E_USAGE, with those there are, if
 * it is `asked` for by somebody; else it has no rows this time. STRATA_E_USAGE for several tables
 * that differ in columns. */
STRATA_MUST_CHECK strata_status json_rows_take(json_rows *r, const document *d, const char *id,
                                               bool asked, strata_error *err);

/* Appends rows [from, to) with commas between. */
void json_rows_put(const json_rows *r, size_t from, size_t to, strbuf *out);

/* {"key": ..., "label": ..., "type": ...}, as tables of documents have it, without the closing
 * brace. */
void json_put_column(strbuf *out, const doc_column *c);

#endif
