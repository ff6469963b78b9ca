/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_ROWS_H
#define STRATA_RENDER_JSON_ROWS_H

/* One table of a document as rows that can be handed out in parts. */

#include "base/strbuf.h"
#include "base/vec.h"
#include "document/document.h"
#include "render/json/remarks.h"

/* The rows of a table, or its totals. */
typedef struct json_part {
    strbuf cells;     /* [cell, ...] in the order of the columns, one row after the other */
    VEC(size_t) ends; /* where each row ends */
    strbuf said[JSON_REMARK_KINDS]; /* tails of remarks, a line each */
    VEC(size_t) said_ends[JSON_REMARK_KINDS];
} json_part;

typedef struct json_rows {
    strbuf columns; /* [{"key", "label", "type", ...}, ...]; "" without a table */
    json_part rows, totals;
    strbuf origins; /* entries of provenance that the table names, with commas between */
    VEC(bool) used; /* whether it names the entry of that id */
} json_rows;

void json_rows_init(json_rows *r);
void json_rows_done(json_rows *r);

/* The rows of the tables of that id, one after the other; NULL: of the first table. `r` is empty
 * before. An id that no table has is STRATA_E_USAGE, with those there are, if it is `asked` for by
 * somebody; else it has no rows this time. STRATA_E_USAGE for several tables that differ in
 * columns. */
STRATA_MUST_CHECK strata_status json_rows_take(json_rows *r, const document *d, const char *id,
                                               bool asked, strata_error *err);

/* Appends these rows with commas between. */
void json_rows_put(const json_rows *r, const size_t *places, size_t n, strbuf *out);
/* Appends `,"totals":[...]`, the remarks on the cells of these rows (which are counted from 0 then)
 * and of the totals, and `,"origins":[...]`. */
void json_rows_put_said(const json_rows *r, const size_t *places, size_t n, strbuf *out);
size_t json_rows_bytes(const json_rows *r);

/* [{"key": ..., "label": ..., "type": ...}, ...] */
void json_put_columns(strbuf *out, const doc_table *t);

#endif
