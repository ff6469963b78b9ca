/* SPDX-License-Identifier: Apache-2.0 */
/* Going deeper into an answer that was given: its rows, its sections, where its figures come from.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "mcp/parts.h"

json_t *mcp_open_schema(void)
{
    return json_pack(
        "{s:s, s:{s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:i, "
        "s:s}, s:{s:s, s:i, s:i, s:s}}, s:[s], s:b}",
        "type", "object", "properties", "answer", "type", "string", "description",
        "id of the answer, such as a3", "table", "type", "string", "description",
        "id of a table of it", "section", "type", "string", "description", "id of a section of it",
        "chart", "type", "string", "description", "id of a chart of it", "offset", "type",
        "integer", "minimum", 0, "description", "rows to skip", "limit", "type", "integer",
        "minimum", 1, "maximum", MCP_DEPTH_ROWS, "description", "most rows (default 50)",
        "required", "answer", "additionalProperties", 0);
}

json_t *mcp_where_from_schema(void)
{
    return json_pack(
        "{s:s, s:{s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:i, s:s}, "
        "s:{s:s, s:i, s:i, s:s}}, s:[s], s:b}",
        "type", "object", "properties", "answer", "type", "string", "description",
        "id of the answer, such as a3", "figure", "type", "string", "description",
        "only the figure of this label", "table", "type", "string", "description",
        "only cells of this table", "column", "type", "string", "description",
        "only cells of this column", "offset", "type", "integer", "minimum", 0, "description",
        "origins to skip", "limit", "type", "integer", "minimum", 1, "maximum", MCP_DEPTH_ROWS,
        "description", "most origins (default 30)", "required", "answer", "additionalProperties",
        0);
}

static strata_status find_answer(const mcp *m, const json_t *arguments, const mcp_answer **out,
                                 strata_error *err)
{
    const char *id = json_text(arguments, "answer");
    if (id == NULL || id[0] != 'a') {
        return strata_fail(err, STRATA_E_USAGE, "answer is the id of an answer, such as a3");
    }
    char *end = NULL;
    unsigned long long number = strtoull(id + 1, &end, 10);
    for (size_t i = 0; *end == '\0' && i < MCP_ANSWERS; i++) {
        if (m->answers[i].number != 0 && m->answers[i].number == number) {
            *out = &m->answers[i];
            return STRATA_OK;
        }
    }
    return strata_fail(err, STRATA_E_NOTFOUND,
                       "there is no answer '%.40s' any more; the last %d are kept: ask again", id,
                       MCP_ANSWERS);
}

enum { IDS_MAX = 128 };

typedef struct search {
    const char *type, *id;
    json_t *found; /* borrowed */
    const char *ids[IDS_MAX];
    size_t n_ids;
} search;

static void find_item(search *s, const json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
    {
        const char *type = json_text(item, "type");
        const char *id = json_text(item, "id");
        if (type != NULL && id != NULL && strcmp(type, s->type) == 0) {
            if (s->n_ids < IDS_MAX) {
                s->ids[s->n_ids++] = id;
            }
            if (strcmp(id, s->id) == 0) {
                s->found = item;
            }
        }
        find_item(s, json_object_get(item, "items"));
    }
}

static strata_status get_item(const mcp_answer *a, const char *type, const char *id, json_t **out,
                              strata_error *err)
{
    search s = {.type = type, .id = id};
    find_item(&s, json_object_get(a->document, "sections"));
    if (s.found == NULL) {
        const char *near = nearest_name(id, s.ids, s.n_ids);
        near = near == NULL && s.n_ids > 0 ? s.ids[0] : near;
        return strata_fail(err, STRATA_E_NOTFOUND, "a%" PRIu64 " has no %s '%.60s'%s%s%s",
                           a->number, type, id, near != NULL ? "; there is '" : "",
                           near != NULL ? near : "", near != NULL ? "'" : "");
    }
    *out = s.found;
    return STRATA_OK;
}

/* A part of an answer as text (JSON) and as structured content. Takes the reference. */
static strata_status part_content(json_t *part, json_t **out, strata_error *err)
{
    char *text = part != NULL ? json_dumps(part, MCP_DUMP) : NULL;
    if (text == NULL) {
        json_decref(part);
        return mcp_no_memory(err);
    }
    *out = json_pack("{s:[{s:s, s:s}], s:o, s:b}", "content", "type", "text", "text", text,
                     "structuredContent", part, "isError", 0);
    free(text);
    return *out != NULL ? STRATA_OK : mcp_no_memory(err);
}

static json_int_t number_of(const json_t *arguments, const char *key, json_int_t fallback)
{
    const json_t *value = json_object_get(arguments, key);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

/* Where to begin, and how much there may be. */
typedef struct window {
    json_int_t offset, limit;
} window;

static strata_status read_window(const json_t *arguments, json_int_t usual, window *out,
                                 strata_error *err)
{
    window w = {number_of(arguments, "offset", 0), number_of(arguments, "limit", usual)};
    *out = w;
    return w.offset >= 0 && w.limit >= 1 && w.limit <= MCP_DEPTH_ROWS
               ? STRATA_OK
               : strata_fail(err, STRATA_E_USAGE, "offset is 0 or more, limit from 1 to %d",
                             MCP_DEPTH_ROWS);
}

/* Why cells of these rows are null, and of the totals; NULL: no memory. */
static json_t *missing_of(const json_t *table, window w)
{
    json_t *some = json_array();
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(table, "missing"), i, one)
    {
        json_int_t row = json_integer_value(json_object_get(one, "row"));
        const char *part = json_text(one, "part");
        bool total = part != NULL && strcmp(part, "rows") != 0;
        if ((total || (row >= w.offset && row - w.offset < w.limit)) &&
            json_array_append(some, one) != 0) {
            json_decref(some);
            return NULL;
        }
    }
    return some;
}

static strata_status open_table(json_t *table, const json_t *arguments, json_t **out,
                                strata_error *err)
{
    window w = {0};
    STRATA_TRY(read_window(arguments, 50, &w, err));
    const json_t *rows = json_object_get(table, "rows");
    json_t *some = json_array();
    json_t *missing = missing_of(table, w);
    bool ok = some != NULL && missing != NULL;
    size_t n = json_array_size(rows);
    for (size_t i = (size_t)w.offset; ok && i < n && i - (size_t)w.offset < (size_t)w.limit; i++) {
        ok = json_array_append(some, json_array_get(rows, i)) == 0;
    }
    if (!ok) {
        json_decref(some);
        json_decref(missing);
        return mcp_no_memory(err);
    }
    return part_content(json_pack("{s:O, s:O, s:O, s:o, s:O, s:o, s:O, s:I, s:I}", "id",
                                  json_object_get(table, "id"), "caption",
                                  json_object_get(table, "caption"), "columns",
                                  json_object_get(table, "columns"), "rows", some, "totals",
                                  json_object_get(table, "totals"), "missing", missing, "footnotes",
                                  json_object_get(table, "footnotes"), "offset", w.offset,
                                  "rows_in_all", (json_int_t)n),
                        out, err);
}

/* A section without what is long: charts by name, tables with their first rows. */
static json_t *shorten(json_t *item)
{
    const char *type = json_text(item, "type");
    json_t *copy = json_copy(item);
    if (copy == NULL || type == NULL) {
        return copy;
    }
    bool ok = true;
    if (strcmp(type, "chart") == 0) {
        ok = json_object_del(copy, "spec") == 0;
    } else if (strcmp(type, "table") == 0) {
        const json_t *rows = json_object_get(item, "rows");
        json_t *some = json_array();
        for (size_t i = 0; i < json_array_size(rows) && i < MCP_ROWS; i++) {
            ok = json_array_append(some, json_array_get(rows, i)) == 0 && ok;
        }
        ok = json_object_set_new(copy, "rows", some) == 0 && ok;
        ok = json_object_set_new(copy, "missing", missing_of(item, (window){0, MCP_ROWS})) == 0 &&
             ok;
        (void)json_object_del(copy, "provenance"); /* which where_from tells */
        ok = json_object_set_new(copy, "rows_in_all",
                                 json_integer((json_int_t)json_array_size(rows))) == 0 &&
             ok;
    } else if (strcmp(type, "section") == 0) {
        json_t *items = json_array();
        size_t i;
        json_t *inner;
        json_array_foreach(json_object_get(item, "items"), i, inner)
        {
            ok = json_array_append_new(items, shorten(inner)) == 0 && ok;
        }
        ok = json_object_set_new(copy, "items", items) == 0 && ok;
    }
    if (!ok) {
        json_decref(copy);
        return NULL;
    }
    return copy;
}

strata_status mcp_open(const mcp *m, const json_t *arguments, json_t **out, strata_error *err)
{
    const mcp_answer *a = NULL;
    json_t *item = NULL;
    STRATA_TRY(find_answer(m, arguments, &a, err));
    const char *table = json_text(arguments, "table");
    const char *section = json_text(arguments, "section");
    const char *chart = json_text(arguments, "chart");
    if (table != NULL) {
        STRATA_TRY(get_item(a, "table", table, &item, err));
        return open_table(item, arguments, out, err);
    }
    if (section != NULL) {
        STRATA_TRY(get_item(a, "section", section, &item, err));
        return part_content(shorten(item), out, err);
    }
    if (chart != NULL) {
        STRATA_TRY(get_item(a, "chart", chart, &item, err));
        return part_content(json_incref(item), out, err);
    }
    return part_content(mcp_outline(a), out, err);
}

/* --- where from --- */

typedef struct origins {
    const json_t *document;
    const char *figure, *table, *column; /* wanted; NULL: all */
    const char *example;                 /* a column or figure that has an origin; NULL: none has */
    json_t *list;
    window window;
    json_int_t n; /* of all */
    bool failed;
} origins;

/* What a figure or a cell is called, with its provenance entry. */
static void add_origin(origins *o, json_t *what, const json_t *id)
{
    json_t *entry = mcp_provenance(o->document, json_integer_value(id));
    json_int_t at = entry != NULL ? o->n++ : 0;
    if (entry == NULL || at < o->window.offset || at - o->window.offset >= o->window.limit) {
        json_decref(what);
        return;
    }
    o->failed = json_object_update_missing(what, entry) != 0 || json_object_del(what, "id") != 0 ||
                json_array_append_new(o->list, what) != 0 || o->failed;
}

static bool wanted(const char *want, const char *is)
{
    return want == NULL || (is != NULL && strcmp(want, is) == 0);
}

static void add_cells(origins *o, const json_t *table)
{
    size_t i;
    json_t *cell;
    json_array_foreach(json_object_get(table, "provenance"), i, cell)
    {
        o->example = json_text(cell, "column");
        if (wanted(o->column, o->example)) {
            add_origin(o,
                       json_pack("{s:O, s:O, s:O, s:O}", "table", json_object_get(table, "id"),
                                 "part", json_object_get(cell, "part"), "row",
                                 json_object_get(cell, "row"), "column",
                                 json_object_get(cell, "column")),
                       json_object_get(cell, "id"));
        }
    }
}

/* Columns whose figures share an origin. */
static void add_columns(origins *o, const json_t *table)
{
    size_t i;
    json_t *c;
    json_array_foreach(json_object_get(table, "columns"), i, c)
    {
        const json_t *id = json_object_get(c, "provenance");
        o->example = id != NULL ? json_text(c, "key") : o->example;
        if (id != NULL && wanted(o->column, json_text(c, "key"))) {
            add_origin(o,
                       json_pack("{s:O, s:O}", "table", json_object_get(table, "id"), "column",
                                 json_object_get(c, "key")),
                       id);
        }
    }
}

static void find_origins(origins *o, const json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
    {
        const char *type = json_text(item, "type");
        bool figure = type != NULL && strcmp(type, "figure") == 0;
        bool table = type != NULL && strcmp(type, "table") == 0;
        o->example = figure && o->example == NULL ? json_text(item, "label") : o->example;
        if (figure && o->table == NULL && o->column == NULL &&
            wanted(o->figure, json_text(item, "label"))) {
            add_origin(o,
                       json_pack("{s:O, s:O}", "figure", json_object_get(item, "label"), "value",
                                 json_object_get(item, "value")),
                       json_object_get(item, "provenance"));
        }
        if (table && o->figure == NULL && wanted(o->table, json_text(item, "id"))) {
            add_columns(o, item);
            add_cells(o, item);
        }
        find_origins(o, json_object_get(item, "items"));
    }
}

strata_status mcp_where_from(const mcp *m, const json_t *arguments, json_t **out, strata_error *err)
{
    const mcp_answer *a = NULL;
    STRATA_TRY(find_answer(m, arguments, &a, err));
    origins o = {.document = a->document,
                 .figure = json_text(arguments, "figure"),
                 .table = json_text(arguments, "table"),
                 .column = json_text(arguments, "column")};
    STRATA_TRY(read_window(arguments, MCP_ORIGINS, &o.window, err));
    o.list = json_array();
    find_origins(&o, json_object_get(a->document, "sections"));
    if (o.failed || o.list == NULL) {
        json_decref(o.list);
        return mcp_no_memory(err);
    }
    if (o.n == 0) {
        json_decref(o.list);
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "nothing of a%" PRIu64 " by that name has an origin of its own%s%s%s",
                           a->number, o.example != NULL ? "; there is '" : "",
                           o.example != NULL ? o.example : "", o.example != NULL ? "'" : "");
    }
    return part_content(json_pack("{s:O, s:o, s:I, s:I}", "document",
                                  json_object_get(a->document, "document"), "figures", o.list,
                                  "offset", o.window.offset, "figures_in_all", o.n),
                        out, err);
}
