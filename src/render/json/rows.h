/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_ROWS_H
#define STRATA_RENDER_JSON_ROWS_H

/* One table of a document as rows that can be handed out in parts. */

#include "base/strbuf.h"
#include "base/vec.h"
#include "document/document.h"

/* What there may be to say of a cell; docs/json.md has the same names. */
enum { JSON_MISSING, JSON_TYPES, JSON_PROVENANCE, JSON_SAID };

typedef struct json_rows {
    strbuf columns;   /* [{"key", "label", "type", ...}, ...]; "" without a table */
    strbuf rows;      /* [cell, ...] in the order of the columns, one row after the other */
    VEC(size_t) ends; /* where each row ends */
    strbuf totals;    /* [cell, ...] of each, with commas between */
    size_t n_totals;
    strbuf said[JSON_SAID]; /* of the rows' cells, a line each */
    VEC(size_t) said_ends[JSON_SAID];
    strbuf totals_said[JSON_SAID]; /* of the totals' cells, as items of a list */
    strbuf origins;                /* entries of provenance that the table names, alike */
    VEC(bool) used;                /* whether it names the entry of that id */
} json_rows;

void json_rows_init(json_rows *r);
void json_rows_done(json_rows *r);

/* The rows of the tables of that id, one after the other; NULL: of the first
 * table. `r` is empty before. An id that no table has is STRATA_E_USAGE, with those there are, if
 * it is `asked` for by somebody; else it has no rows this time. STRATA_E_USAGE for several tables
 * that differ in columns. */
STRATA_MUST_CHECK strata_status json_rows_take(json_rows *r, const document *d, const char *id,
                                               bool asked, strata_error *err);

/* Appends rows [from, to) with commas between. */
void json_rows_put(const json_rows *r, size_t from, size_t to, strbuf *out);
/* Appends `,"totals":[...]`, what is said of the cells of these rows (which are counted from 0
 * then) and of the totals: "missing", "types", "provenance", each left out when there is nothing;
 * and
 * `,"origins":[...]`. */
void json_rows_put_said(const json_rows *r, const size_t *places, size_t n, strbuf *out);
size_t json_rows_bytes(const json_rows *r);

/* {"key": ..., "label": ..., "type": ...}, as tables of documents have it, without the closing
 * brace. */
void json_put_column(strbuf *out, const doc_column *c);

#endif
