/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <math.h>

#include "render/cell_text.h"
#include "render/driver.h"
#include "render/json/remarks.h"
#include "render/json/rows.h"
#include "render/json/text.h"

/* The schema is docs/json.md; anything that changes there is a new `schema` number. */
enum { JSON_SCHEMA = 1 };

static void put_key(strbuf *out, const char *key, bool first)
{
    strbuf_add(out, first ? "" : ",");
    json_put_string(out, key);
    strbuf_add_char(out, ':');
}

static void put_string_field(strbuf *out, const char *key, const char *value)
{
    put_key(out, key, false);
    json_put_string(out, value);
}

static void put_day_field(strbuf *out, const char *key, day d)
{
    put_key(out, key, false);
    doc_cell cell = cell_date(d);
    json_put_cell(out, &cell);
}

static void put_head(strbuf *out, const document_head *h)
{
    strbuf_printf(out, "{\"schema\":%d", JSON_SCHEMA);
    put_string_field(out, "kind", h->kind);
    put_string_field(out, "title", h->title);
    put_string_field(out, "portfolio", h->portfolio);
    put_string_field(out, "currency", h->currency);
    put_day_field(out, "as_of", h->as_of);
    put_key(out, "accounts", false);
    doc_cell accounts = h->n_accounts < 0 ? cell_empty(NULL) : cell_count(h->n_accounts);
    json_put_cell(out, &accounts);
    put_key(out, "arr", false);
    doc_cell arr = h->arr_minor < 0 ? cell_empty(NULL) : cell_money(h->arr_minor);
    json_put_cell(out, &arr);
    strbuf_add(out, ",\"model\":{\"name\":");
    json_put_string(out, h->model_name);
    put_string_field(out, "digest", h->model_digest);
    strbuf_add(out, "}");
    put_string_field(out, "data_digest", h->data_digest);
    put_string_field(out, "version", h->version);
    /* 64 bits do not fit the numbers of most JSON readers. */
    strbuf_printf(out, ",\"seed\":\"%" PRIu64 "\"}", h->seed);
}

static void put_rows(strbuf *out, const doc_table *t, const char *key, const doc_row_node *rows,
                     size_t most)
{
    size_t n = 0;
    put_key(out, key, false);
    strbuf_add_char(out, '[');
    for (const doc_row_node *row = rows; row != NULL && n < most; row = row->next, n++) {
        strbuf_add(out, row != rows ? ",\n{" : "\n{");
        for (size_t i = 0; i < t->n_columns; i++) {
            put_key(out, t->columns[i].key, i == 0);
            json_put_cell(out, &row->cells[i]);
        }
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

static void put_remarks(json_remarks *r, const char *part, const doc_table *t,
                        const doc_row_node *rows, size_t most)
{
    r->part = part;
    r->row = 0;
    for (const doc_row_node *row = rows; row != NULL && r->row < most; row = row->next, r->row++) {
        for (size_t i = 0; i < t->n_columns; i++) {
            json_remark(r, &t->columns[i], &row->cells[i], row->cells[i].provenance);
        }
    }
}

/* `most` of its rows, 0: all. */
static void put_table(strbuf *out, const doc_table *t, size_t most)
{
    most = most > 0 && most < t->n_rows ? most : t->n_rows;
    put_string_field(out, "id", t->id);
    put_string_field(out, "caption", t->caption);
    put_key(out, "columns", false);
    json_put_columns(out, t);
    if (t->n_shown < t->n_columns) {
        strbuf_printf(out, ",\"shown\":%zu", t->n_shown);
    }
    strbuf_add(out, t->folded ? ",\"folded\":true" : "");
    if (most < t->n_rows) {
        strbuf_printf(out, ",\"of\":%zu", t->n_rows);
    }
    put_rows(out, t, "rows", t->rows, most);
    put_rows(out, t, "totals", t->totals, t->n_totals);
    for (json_remark_kind kind = 0; kind < JSON_REMARK_KINDS; kind++) {
        json_remarks remarks = {.out = out, .kind = kind};
        put_remarks(&remarks, "rows", t, t->rows, most);
        put_remarks(&remarks, "totals", t, t->totals, t->n_totals);
        json_remarks_close(&remarks);
    }
    put_key(out, "footnotes", false);
    strbuf_add_char(out, '[');
    for (const doc_text *f = t->footnotes; f != NULL; f = f->next) {
        strbuf_add(out, f != t->footnotes ? "," : "");
        json_put_string(out, f->text);
    }
    strbuf_add_char(out, ']');
}

static void put_figure(strbuf *out, const doc_figure_node *f)
{
    put_string_field(out, "label", f->label);
    put_string_field(out, "value_type", cell_type_name(f->value.type));
    put_key(out, "value", false);
    json_put_cell(out, &f->value);
    if (f->value.type == CELL_EMPTY && f->value.text != NULL) {
        put_string_field(out, "reason", f->value.text);
    }
    put_string_field(out, "below", f->below);
    if (f->value.provenance > 0) {
        strbuf_printf(out, ",\"provenance\":%d", f->value.provenance);
    }
}

static void put_items(strbuf *out, const doc_section *s, size_t rows);

static void put_node(strbuf *out, const doc_node *n, size_t rows)
{
    static const char *const types[] = {
        [NODE_SECTION] = "section", [NODE_PARAGRAPH] = "paragraph", [NODE_BULLET] = "bullet",
        [NODE_NOTE] = "note",       [NODE_FIGURE] = "figure",       [NODE_TABLE] = "table",
        [NODE_CHART] = "chart"};
    strbuf_printf(out, "{\"type\":\"%s\"", types[n->kind]);
    switch (n->kind) {
    case NODE_NOTE:
        put_string_field(out, "kind", n->note_kind);
        put_string_field(out, "text", n->text);
        break;
    case NODE_PARAGRAPH:
    case NODE_BULLET:
        put_string_field(out, "text", n->text);
        break;
    case NODE_FIGURE:
        put_figure(out, n->as.figure);
        break;
    case NODE_TABLE:
        put_table(out, n->as.table, rows);
        break;
    case NODE_CHART:
        put_string_field(out, "id", n->as.chart->id);
        put_string_field(out, "title", n->as.chart->title);
        put_string_field(out, "alt", n->as.chart->alt);
        put_key(out, "spec", false);
        json_put_value(out, n->as.chart->spec);
        break;
    case NODE_SECTION:
        put_string_field(out, "id", n->as.section->id);
        put_string_field(out, "title", n->as.section->title);
        put_key(out, "items", false);
        put_items(out, n->as.section, rows);
        break;
    }
    strbuf_add_char(out, '}');
}

static void put_items(strbuf *out, const doc_section *s, size_t rows)
{
    strbuf_add_char(out, '[');
    for (const doc_node *n = s->first; n != NULL; n = n->next) {
        strbuf_add(out, n != s->first ? ",\n" : "\n");
        put_node(out, n, rows);
    }
    strbuf_add_char(out, ']');
}

static void put_steps(strbuf *out, const document *d)
{
    strbuf_add(out, ",\n\"next_steps\":[");
    for (const doc_text *s = d->steps; s != NULL; s = s->next) {
        strbuf_add(out, s != d->steps ? "," : "");
        json_put_string(out, s->text);
    }
    strbuf_add(out, "],\n\"provenance\":[");
    for (const doc_provenance *p = d->provenance; p != NULL; p = p->next) {
        strbuf_printf(out, "%s{\"id\":%d", p != d->provenance ? ",\n" : "\n", p->id);
        put_string_field(out, "definition", p->definition);
        put_string_field(out, "inputs", p->inputs);
        put_string_field(out, "rows_where", p->rows_where);
        strbuf_add_char(out, '}');
    }
    strbuf_add(out, "]");
}

void render_json(const document *d, const render_options *options, strbuf *out)
{
    strbuf_add(out, "{\"document\":");
    put_head(out, &d->head);
    strbuf_add(out, ",\n\"sections\":");
    put_items(out, &d->root, options->rows);
    put_steps(out, d);
    strbuf_add(out, "}\n");
}
