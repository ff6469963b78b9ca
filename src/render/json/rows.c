/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/rows.h"

#include <string.h>

#include "render/cell_text.h"
#include "render/json/rows_said.h"
#include "render/json/text.h"

typedef struct taking {
    json_rows *out;
    const char *id; /* NULL: the first there is */
    const doc_table *first;
    strbuf names; /* of all tables, for messages */
    bool differ, full;
} taking;

void json_rows_init(json_rows *r)
{
    *r = (json_rows){0};
    strbuf_init(&r->columns, 0);
    strbuf_init(&r->rows, 0);
    strbuf_init(&r->totals, 0);
    strbuf_init(&r->origins, 0);
    for (size_t k = 0; k < JSON_SAID; k++) {
        strbuf_init(&r->said[k], 0);
        strbuf_init(&r->totals_said[k], 0);
    }
}

void json_rows_done(json_rows *r)
{
    strbuf_done(&r->columns);
    strbuf_done(&r->rows);
    vec_free(&r->ends);
    strbuf_done(&r->totals);
    strbuf_done(&r->origins);
    for (size_t k = 0; k < JSON_SAID; k++) {
        strbuf_done(&r->said[k]);
        vec_free(&r->said_ends[k]);
        strbuf_done(&r->totals_said[k]);
    }
    vec_free(&r->used);
}

size_t json_rows_bytes(const json_rows *r)
{
    size_t n = r->columns.len + r->rows.len + r->totals.len + r->origins.len;
    size_t ends = r->ends.n;
    for (size_t k = 0; k < JSON_SAID; k++) {
        n += r->said[k].len + r->totals_said[k].len;
        ends += r->said_ends[k].n;
    }
    return n + ends * sizeof(size_t) + r->used.n;
}

static strata_status rows_status(const json_rows *r, strata_error *err)
{
    STRATA_TRY(strbuf_status(&r->columns, err));
    STRATA_TRY(strbuf_status(&r->totals, err));
    STRATA_TRY(strbuf_status(&r->origins, err));
    for (size_t k = 0; k < JSON_SAID; k++) {
        STRATA_TRY(strbuf_status(&r->said[k], err));
        STRATA_TRY(strbuf_status(&r->totals_said[k], err));
    }
    return strbuf_status(&r->rows, err);
}

void json_put_column(strbuf *out, const doc_column *c)
{
    strbuf_add(out, "{\"key\":");
    json_put_string(out, c->key);
    strbuf_add(out, ",\"label\":");
    json_put_string(out, c->label);
    strbuf_add(out, ",\"type\":");
    json_put_string(out, cell_type_name(c->type));
    if (c->type == CELL_NUMBER) {
        strbuf_printf(out, ",\"decimals\":%d", c->decimals);
    }
}

static bool same_columns(const doc_table *a, const doc_table *b)
{
    bool same = a->n_columns == b->n_columns;
    for (size_t i = 0; same && i < a->n_columns; i++) {
        same = strcmp(a->columns[i].key, b->columns[i].key) == 0;
    }
    return same;
}

static void put_columns(strbuf *out, const doc_table *t)
{
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < t->n_columns; i++) {
        strbuf_add(out, i > 0 ? "," : "");
        json_put_column(out, &t->columns[i]);
        if (t->origins[i] > 0) {
            strbuf_printf(out, ",\"provenance\":%d", t->origins[i]);
        }
        strbuf_add(out, t->columns[i].bar ? ",\"bar\":true}" : "}");
    }
    strbuf_add_char(out, ']');
}

static void take_table(taking *g, const doc_table *t)
{
    json_rows *r = g->out;
    strbuf_printf(&g->names, "%s%s", g->names.len > 0 ? ", " : "", t->id);
    bool wanted = g->id != NULL ? strcmp(g->id, t->id) == 0 : g->first == NULL;
    if (!wanted) {
        return;
    }
    if (g->first != NULL && !same_columns(g->first, t)) {
        g->differ = true;
        return;
    }
    if (g->first == NULL) {
        g->first = t;
        put_columns(&r->columns, t);
    }
    for (const doc_row_node *row = t->rows; row != NULL && !g->full; row = row->next) {
        for (size_t i = 0; i < t->n_columns; i++) {
            strbuf_add_char(&r->rows, i > 0 ? ',' : '[');
            json_put_cell(&r->rows, &row->cells[i]);
        }
        strbuf_add_char(&r->rows, ']');
        g->full = !vec_push(&r->ends, r->rows.len) || !json_said_take(r, g->first, t, row->cells);
    }
    for (const doc_row_node *row = t->totals; row != NULL; row = row->next) {
        json_said_take_total(r, g->first, t, row->cells);
    }
}

/* Sections nest a few levels deep. */
static void take_section(taking *g, const doc_section *s)
{
    for (const doc_node *n = s->first; n != NULL; n = n->next) {
        if (n->kind == NODE_TABLE) {
            take_table(g, n->as.table);
        } else if (n->kind == NODE_SECTION) {
            take_section(g, n->as.section);
        }
    }
}

strata_status json_rows_take(json_rows *r, const document *d, const char *id, bool asked,
                             strata_error *err)
{
    STRATA_TRY(document_status(d, err));
    taking g = {.out = r, .id = id};
    strbuf_init(&g.names, 0);
    take_section(&g, &d->root);
    strata_status st = STRATA_OK;
    if (g.full || g.names.failed != STRATA_OK) {
        st = strata_fail(err, STRATA_E_NOMEM, "out of memory");
    } else if (g.differ) {
        st = strata_fail(err, STRATA_E_USAGE,
                         "several tables are called '%.100s' and differ in columns: they come in "
                         "the document only",
                         id);
    } else if (g.first == NULL && asked) {
        st = strata_fail(err, STRATA_E_USAGE, "there is no table '%.100s' here; there is %.600s",
                         id, g.names.len > 0 ? strbuf_text(&g.names) : "none");
    }
    strbuf_done(&g.names);
    STRATA_TRY(st);
    if (g.first != NULL) {
        json_said_take_origins(r, d, g.first);
    }
    return rows_status(r, err);
}

void json_rows_put(const json_rows *r, size_t from, size_t to, strbuf *out)
{
    for (size_t i = from; i < to && i < r->ends.n; i++) {
        size_t begin = i > 0 ? r->ends.data[i - 1] : 0;
        strbuf_add(out, i > from ? ",\n" : "\n");
        strbuf_add_n(out, strbuf_text(&r->rows) + begin, r->ends.data[i] - begin);
    }
}
