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

static void part_init(json_part *p)
{
    strbuf_init(&p->cells, 0);
    for (size_t k = 0; k < JSON_REMARK_KINDS; k++) {
        strbuf_init(&p->said[k], 0);
    }
}

static void part_done(json_part *p)
{
    strbuf_done(&p->cells);
    vec_free(&p->ends);
    for (size_t k = 0; k < JSON_REMARK_KINDS; k++) {
        strbuf_done(&p->said[k]);
        vec_free(&p->said_ends[k]);
    }
}

static size_t part_bytes(const json_part *p)
{
    size_t n = p->cells.len;
    size_t ends = p->ends.n;
    for (size_t k = 0; k < JSON_REMARK_KINDS; k++) {
        n += p->said[k].len;
        ends += p->said_ends[k].n;
    }
    return n + ends * sizeof(size_t);
}

static strata_status part_status(const json_part *p, strata_error *err)
{
    for (size_t k = 0; k < JSON_REMARK_KINDS; k++) {
        STRATA_TRY(strbuf_status(&p->said[k], err));
    }
    return strbuf_status(&p->cells, err);
}

void json_rows_init(json_rows *r)
{
    *r = (json_rows){0};
    strbuf_init(&r->columns, 0);
    part_init(&r->rows);
    part_init(&r->totals);
    strbuf_init(&r->origins, 0);
}

void json_rows_done(json_rows *r)
{
    strbuf_done(&r->columns);
    part_done(&r->rows);
    part_done(&r->totals);
    strbuf_done(&r->origins);
    vec_free(&r->used);
}

size_t json_rows_bytes(const json_rows *r)
{
    return r->columns.len + part_bytes(&r->rows) + part_bytes(&r->totals) + r->origins.len +
           r->used.n;
}

static strata_status rows_status(const json_rows *r, strata_error *err)
{
    STRATA_TRY(strbuf_status(&r->columns, err));
    STRATA_TRY(part_status(&r->rows, err));
    STRATA_TRY(part_status(&r->totals, err));
    return strbuf_status(&r->origins, err);
}

static void put_column(strbuf *out, const doc_column *c, int origin)
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
    if (origin > 0) {
        strbuf_printf(out, ",\"provenance\":%d", origin);
    }
    strbuf_add(out, c->bar ? ",\"bar\":true}" : "}");
}

void json_put_columns(strbuf *out, const doc_table *t)
{
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < t->n_columns; i++) {
        strbuf_add(out, i > 0 ? "," : "");
        put_column(out, &t->columns[i], t->origins[i]);
    }
    strbuf_add_char(out, ']');
}

static bool same_columns(const doc_table *a, const doc_table *b)
{
    bool same = a->n_columns == b->n_columns;
    for (size_t i = 0; same && i < a->n_columns; i++) {
        same = strcmp(a->columns[i].key, b->columns[i].key) == 0;
    }
    return same;
}

static void take_part(taking *g, json_part *p, const doc_table *t, const doc_row_node *rows)
{
    for (const doc_row_node *row = rows; row != NULL && !g->full; row = row->next) {
        for (size_t i = 0; i < t->n_columns; i++) {
            strbuf_add_char(&p->cells, i > 0 ? ',' : '[');
            json_put_cell(&p->cells, &row->cells[i]);
        }
        strbuf_add_char(&p->cells, ']');
        g->full = !vec_push(&p->ends, p->cells.len) ||
                  !json_said_take(g->out, p, g->first, t, row->cells);
    }
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
        json_put_columns(&r->columns, t);
    }
    take_part(g, &r->rows, t, t->rows);
    take_part(g, &r->totals, t, t->totals);
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
        STRATA_TRY(json_said_take_origins(r, d, g.first, err));
    }
    return rows_status(r, err);
}

static void put_row(const json_part *p, size_t row, bool first, strbuf *out)
{
    size_t begin = row > 0 ? p->ends.data[row - 1] : 0;
    strbuf_add(out, first ? "\n" : ",\n");
    strbuf_add_n(out, strbuf_text(&p->cells) + begin, p->ends.data[row] - begin);
}

void json_rows_put(const json_rows *r, const size_t *places, size_t n, strbuf *out)
{
    for (size_t i = 0; i < n; i++) {
        put_row(&r->rows, places[i], i == 0, out);
    }
}

void json_rows_put_said(const json_rows *r, const size_t *places, size_t n, strbuf *out)
{
    strbuf_add(out, ",\n\"totals\":[");
    for (size_t i = 0; i < r->totals.ends.n; i++) {
        put_row(&r->totals, i, i == 0, out);
    }
    strbuf_add_char(out, ']');
    json_said_put(r, places, n, out);
    strbuf_printf(out, ",\n\"origins\":[%s]", strbuf_text(&r->origins));
}
