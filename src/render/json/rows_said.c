/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/rows_said.h"

#include <string.h>

#include "render/cell_text.h"
#include "render/json/text.h"

static const char *const keys[JSON_SAID] = {
    [JSON_MISSING] = "missing", [JSON_TYPES] = "types", [JSON_PROVENANCE] = "provenance"};

/* Origin of a cell that its column does not tell already; 0: none. */
static int own_origin(const doc_table *first, const doc_table *t, const doc_cell *cell, size_t i)
{
    bool other = t->origins[i] != first->origins[i] && cell->type != CELL_EMPTY;
    return cell->provenance > 0 ? cell->provenance : other ? t->origins[i] : 0;
}

static void begin(strbuf *out, const char *column)
{
    strbuf_add(out, "\"column\":");
    json_put_string(out, column);
}

static void use(json_rows *r, int id)
{
    while ((int)r->used.n <= id) {
        if (!vec_push(&r->used, false)) {
            r->said[JSON_PROVENANCE].failed = STRATA_E_NOMEM;
            return;
        }
    }
    r->used.data[id] = true;
}

/* Each on a line of its own, without the row, which is counted from the page that it stands in. */
static void take_cell(json_rows *r, strbuf *out, const doc_column *c, const doc_cell *cell, int id)
{
    if (cell->type == CELL_EMPTY && cell->text != NULL) {
        begin(&out[JSON_MISSING], c->key);
        strbuf_add(&out[JSON_MISSING], ",\"reason\":");
        json_put_string(&out[JSON_MISSING], cell->text);
        strbuf_add(&out[JSON_MISSING], "}\n");
    }
    if (cell->type != c->type && cell->type != CELL_EMPTY && cell->type != CELL_TEXT) {
        begin(&out[JSON_TYPES], c->key);
        strbuf_add(&out[JSON_TYPES], ",\"type\":");
        json_put_string(&out[JSON_TYPES], cell_type_name(cell->type));
        strbuf_add(&out[JSON_TYPES], "}\n");
    }
    if (id > 0) {
        use(r, id);
        begin(&out[JSON_PROVENANCE], c->key);
        strbuf_printf(&out[JSON_PROVENANCE], ",\"id\":%d}\n", id);
    }
}

bool json_said_take(json_rows *r, const doc_table *first, const doc_table *t, const doc_cell *cells)
{
    bool ok = true;
    for (size_t i = 0; i < t->n_columns; i++) {
        take_cell(r, r->said, &first->columns[i], &cells[i], own_origin(first, t, &cells[i], i));
    }
    for (size_t k = 0; k < JSON_SAID; k++) {
        ok = vec_push(&r->said_ends[k], r->said[k].len) && ok;
    }
    return ok;
}

/* Lines of one row, as items of a list. */
static void put_lines(strbuf *out, const char *text, size_t len, const char *part, size_t row,
                      bool *any)
{
    for (size_t at = 0; at < len;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t n = end != NULL ? (size_t)(end - text) - at : len - at;
        strbuf_printf(out, "%s{\"part\":\"%s\",\"row\":%zu,", *any ? "," : "", part, row);
        strbuf_add_n(out, text + at, n);
        *any = true;
        at += n + 1;
    }
}

void json_said_take_total(json_rows *r, const doc_table *first, const doc_table *t,
                          const doc_cell *cells)
{
    strbuf lines[JSON_SAID];
    for (size_t k = 0; k < JSON_SAID; k++) {
        strbuf_init(&lines[k], 0);
    }
    strbuf_add(&r->totals, r->n_totals > 0 ? ",\n[" : "\n[");
    for (size_t i = 0; i < t->n_columns; i++) {
        strbuf_add(&r->totals, i > 0 ? "," : "");
        json_put_cell(&r->totals, &cells[i]);
        take_cell(r, lines, &first->columns[i], &cells[i], own_origin(first, t, &cells[i], i));
    }
    strbuf_add_char(&r->totals, ']');
    for (size_t k = 0; k < JSON_SAID; k++) {
        bool any = r->totals_said[k].len > 0;
        put_lines(&r->totals_said[k], strbuf_text(&lines[k]), lines[k].len, "totals", r->n_totals,
                  &any);
        r->totals_said[k].failed =
            lines[k].failed != STRATA_OK ? lines[k].failed : r->totals_said[k].failed;
        strbuf_done(&lines[k]);
    }
    r->n_totals++;
}

void json_said_take_origins(json_rows *r, const document *d, const doc_table *first)
{
    static const char *const names[] = {"definition", "inputs", "rows_where"};
    for (size_t i = 0; i < first->n_columns; i++) {
        if (first->origins[i] > 0) {
            use(r, first->origins[i]);
        }
    }
    for (size_t id = 1; id < r->used.n; id++) {
        const doc_provenance *p = document_find_provenance(d, (int)id);
        if (!r->used.data[id] || p == NULL) {
            continue;
        }
        const char *const texts[] = {p->definition, p->inputs, p->rows_where};
        strbuf_printf(&r->origins, "%s{\"id\":%zu", r->origins.len > 0 ? ",\n" : "\n", id);
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            strbuf_printf(&r->origins, ",\"%s\":", names[k]);
            json_put_string(&r->origins, texts[k]);
        }
        strbuf_add_char(&r->origins, '}');
    }
}

static size_t said_from(const json_rows *r, size_t k, size_t row)
{
    return row > 0 ? r->said_ends[k].data[row - 1] : 0;
}

static size_t said_bytes(const json_rows *r, size_t k, size_t row)
{
    return r->said_ends[k].data[row] - said_from(r, k, row);
}

static size_t bytes_said(const json_rows *r, size_t k, const size_t *places, size_t n)
{
    size_t bytes = r->totals_said[k].len;
    for (size_t i = 0; i < n; i++) {
        bytes += said_bytes(r, k, places[i]);
    }
    return bytes;
}

void json_rows_put_said(const json_rows *r, const size_t *places, size_t n, strbuf *out)
{
    strbuf_printf(out, ",\n\"totals\":[%s]", strbuf_text(&r->totals));
    for (size_t k = 0; k < JSON_SAID; k++) {
        bool any = false;
        if (bytes_said(r, k, places, n) == 0) { /* left out, as documents do */
            continue;
        }
        strbuf_printf(out, ",\n\"%s\":[", keys[k]);
        for (size_t i = 0; i < n; i++) {
            put_lines(out, strbuf_text(&r->said[k]) + said_from(r, k, places[i]),
                      said_bytes(r, k, places[i]), "rows", i, &any);
        }
        strbuf_add(out, any && r->totals_said[k].len > 0 ? "," : "");
        strbuf_add(out, strbuf_text(&r->totals_said[k]));
        strbuf_add_char(out, ']');
    }
    strbuf_printf(out, ",\n\"origins\":[%s]", strbuf_text(&r->origins));
}
