/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/remarks.h"

#include "render/cell_text.h"
#include "render/json/text.h"

static bool is_due(json_remark_kind kind, const doc_column *c, const doc_cell *cell, int origin)
{
    switch (kind) {
    case JSON_MISSING:
        return cell->type == CELL_EMPTY && cell->text != NULL;
    case JSON_TYPES:
        return cell->type != c->type && cell->type != CELL_EMPTY && cell->type != CELL_TEXT;
    case JSON_PROVENANCE:
        return origin > 0;
    case JSON_REMARK_KINDS:
        break;
    }
    return false;
}

static void open(json_remarks *r)
{
    static const char *const names[] = {
        [JSON_MISSING] = "missing", [JSON_TYPES] = "types", [JSON_PROVENANCE] = "provenance"};
    if (r->n++ == 0) {
        strbuf_printf(r->out, ",\"%s\":[", names[r->kind]);
    } else {
        strbuf_add_char(r->out, ',');
    }
    strbuf_printf(r->out, "{\"part\":\"%s\",\"row\":%zu,", r->part, r->row);
}

void json_remark_tail(strbuf *out, json_remark_kind kind, const doc_column *c, const doc_cell *cell,
                      int origin)
{
    if (!is_due(kind, c, cell, origin)) {
        return;
    }
    strbuf_add(out, "\"column\":");
    json_put_string(out, c->key);
    if (kind == JSON_PROVENANCE) {
        strbuf_printf(out, ",\"id\":%d}", origin);
        return;
    }
    bool missing = kind == JSON_MISSING;
    strbuf_add(out, missing ? ",\"reason\":" : ",\"type\":");
    json_put_string(out, missing ? cell->text : cell_type_name(cell->type));
    strbuf_add_char(out, '}');
}

void json_remark_of_tail(json_remarks *r, const char *tail, size_t len)
{
    open(r);
    strbuf_add_n(r->out, tail, len);
}

void json_remark(json_remarks *r, const doc_column *c, const doc_cell *cell, int origin)
{
    if (is_due(r->kind, c, cell, origin)) {
        open(r);
        json_remark_tail(r->out, r->kind, c, cell, origin);
    }
}

void json_remarks_close(const json_remarks *r)
{
    strbuf_add(r->out, r->n > 0 ? "]" : "");
}
