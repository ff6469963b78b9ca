/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a document, in short: for the structured part of an answer. */
#include <stdio.h>
#include <string.h>

#include "mcp/parts.h"

json_t *mcp_provenance(const json_t *answer, json_int_t id)
{
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(answer, "provenance"), i, entry)
    {
        if (json_integer_value(json_object_get(entry, "id")) == id) {
            return entry;
        }
    }
    return NULL;
}

typedef struct outline {
    const json_t *document;
    json_t *figures, *tables, *sections;
    size_t n_figures;
    bool failed;
} outline;

static void append(outline *o, json_t *list, json_t *item)
{
    o->failed = json_array_append_new(list, item) != 0 || o->failed;
}

/* Keys of `from` that exist, into `to`. */
static void copy_keys(outline *o, json_t *to, const json_t *from, const char *const *keys)
{
    for (size_t i = 0; keys[i] != NULL; i++) {
        json_t *value = json_object_get(from, keys[i]);
        if (value != NULL && !json_is_null(value)) {
            o->failed = json_object_set(to, keys[i], value) != 0 || o->failed;
        }
    }
}

static void add_figure(outline *o, const json_t *item)
{
    static const char *const keys[] = {"label", "value_type", "value", "reason", "below", NULL};
    static const char *const from[] = {"definition", "inputs", "rows_where", NULL};
    json_t *figure = json_object();
    json_t *id = json_object_get(item, "provenance");
    const json_t *entry = mcp_provenance(o->document, json_integer_value(id));
    copy_keys(o, figure, item, keys);
    if (entry != NULL) {
        copy_keys(o, figure, entry, from);
    }
    append(o, o->figures, figure);
}

static void add_table(outline *o, const json_t *item)
{
    json_t *rows = json_object_get(item, "rows");
    json_t *columns = json_array();
    size_t i;
    json_t *c;
    json_array_foreach(json_object_get(item, "columns"), i, c)
    {
        o->failed = json_array_append(columns, json_object_get(c, "key")) != 0 || o->failed;
    }
    append(o, o->tables,
           json_pack("{s:O, s:I, s:o}", "id", json_object_get(item, "id"), "rows",
                     (json_int_t)json_array_size(rows), "columns", columns));
}

static void walk(outline *o, const json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
    {
        const char *type = json_text(item, "type");
        if (type == NULL) {
            continue;
        }
        if (strcmp(type, "figure") == 0) {
            /* The first are those of the head; the others' origins are told by where_from. */
            if (o->n_figures++ < MCP_FIGURES) {
                add_figure(o, item);
            }
        } else if (strcmp(type, "table") == 0) {
            add_table(o, item);
        } else if (strcmp(type, "section") == 0) {
            append(o, o->sections,
                   json_pack("{s:O, s:O}", "id", json_object_get(item, "id"), "title",
                             json_object_get(item, "title")));
            walk(o, json_object_get(item, "items"));
        }
    }
}

json_t *mcp_outline(const mcp_answer *a)
{
    outline o = {.document = a->document,
                 .figures = json_array(),
                 .tables = json_array(),
                 .sections = json_array()};
    char id[32];
    (void)snprintf(id, sizeof id, "a%llu", (unsigned long long)a->number);
    walk(&o, json_object_get(a->document, "sections"));
    json_t *all =
        json_pack("{s:s, s:O, s:o, s:I, s:o, s:o, s:O}", "answer", id, "document",
                  json_object_get(a->document, "document"), "figures", o.figures, "figures_in_all",
                  (json_int_t)o.n_figures, "sections", o.sections, "tables", o.tables, "next_steps",
                  json_object_get(a->document, "next_steps"));
    if (o.failed) {
        json_decref(all);
        return NULL;
    }
    return all;
}
