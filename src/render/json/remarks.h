/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_REMARKS_H
#define STRATA_RENDER_JSON_REMARKS_H

/* What there may be to say of a cell besides its value: why it is empty, its type when that is not
 * its column's (as in tables with a measure in each row), where its figure comes from. docs/json.md
 * has the same names. */

#include "base/strbuf.h"
#include "document/document.h"

typedef enum json_remark_kind {
    JSON_MISSING,
    JSON_TYPES,
    JSON_PROVENANCE,
    JSON_REMARK_KINDS
} json_remark_kind;

/* A list of those of one kind, `,"missing":[...]`, which is left out when there is none. */
typedef struct json_remarks {
    strbuf *out;
    json_remark_kind kind;
    const char *part; /* "rows" or "totals" */
    size_t row;       /* of that part, from 0 */
    size_t n;         /* so far */
} json_remarks;

/* Appends what there is to say of a cell of that part and row; `origin`: id of its provenance, 0:
 * none. */
void json_remark(json_remarks *r, const doc_column *c, const doc_cell *cell, int origin);
void json_remarks_close(const json_remarks *r);

/* The same in two steps, where the row is not known at first: the tail of a remark, `"column":...}`
 * and so on, "" when there is nothing to say; and a remark of such a tail. */
void json_remark_tail(strbuf *out, json_remark_kind kind, const doc_column *c, const doc_cell *cell,
                      int origin);
void json_remark_of_tail(json_remarks *r, const char *tail, size_t len);

#endif
