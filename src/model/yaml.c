/* SPDX-License-Identifier: Apache-2.0 */
#include "model/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libfyaml.h>

#include "base/auto.h"
#include "base/utf8.h"

STRATA_DEFINE_AUTO(struct fy_parser, fy_parser_destroy)
STRATA_DEFINE_AUTO(struct fy_diag, fy_diag_destroy)

/* A list or mapping that is still open. */
typedef struct frame {
    yaml_node *node;
    yaml_entry *entries;
    size_t cap;
    const char *anchor;
    yaml_entry pending; /* mapping: the key that waits for its value */
    bool has_key;
} frame;

typedef struct anchor {
    const char *name;
    const yaml_node *node;
    struct anchor *next;
} anchor;

typedef struct builder {
    arena *a;
    const char *file;
    frame stack[YAML_MAX_DEPTH];
    size_t depth;
    anchor *anchors; /* latest first, so that a name may be used again */
    const yaml_node *root;
    bool done; /* a document has ended */
} builder;

void yaml_fail_at(strata_error *err, yaml_place place, const char *fmt, ...)
{
    char text[1000];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    strata_error_set(err, STRATA_E_MODEL, "%s:%d:%d: %s", place.file, place.line, place.column,
                     text);
}

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
}

const char *yaml_kind_name(yaml_kind kind)
{
    static const char *const names[] = {[YAML_TEXT] = "text",
                                        [YAML_LIST] = "a list",
                                        [YAML_MAP] = "a mapping",
                                        [YAML_NULL] = "null",
                                        [YAML_EMPTY] = "empty"};
    return names[kind];
}

const yaml_entry *yaml_find(const yaml_node *map, const char *key)
{
    for (size_t i = 0; map->kind == YAML_MAP && i < map->n; i++) {
        if (strcmp(map->entries[i].key, key) == 0) {
            return &map->entries[i];
        }
    }
    return NULL;
}

static yaml_place place_of(const builder *b, const struct fy_mark *mark)
{
    if (mark == NULL) {
        return (yaml_place){b->file, 1, 1};
    }
    return (yaml_place){b->file, mark->line + 1, mark->column + 1};
}

/* --- values in their place --- */

static strata_status check_new_key(const frame *f, const char *key, yaml_place place,
                                   strata_error *err)
{
    for (size_t i = 0; i < f->node->n; i++) {
        if (strcmp(f->entries[i].key, key) == 0) {
            return yaml_fail(err, place, "key '%.100s' is there twice, first in line %d", key,
                             f->entries[i].key_place.line);
        }
    }
    if (f->node->n >= YAML_MAX_KEYS) {
        return yaml_fail(err, place, "more than %d keys in one mapping", YAML_MAX_KEYS);
    }
    return STRATA_OK;
}

static strata_status append(builder *b, frame *f, yaml_entry entry, strata_error *err)
{
    if (f->node->n == f->cap) {
        size_t cap = f->cap == 0 ? 8 : f->cap * 2;
        yaml_entry *grown = ARENA_NEW(b->a, cap, yaml_entry);
        if (grown == NULL) {
            return fail_nomem(err);
        }
        if (f->node->n > 0) {
            memcpy(grown, f->entries, f->node->n * sizeof *grown);
        }
        f->entries = grown;
        f->cap = cap;
    }
    f->entries[f->node->n++] = entry;
    f->node->entries = f->entries;
    f->node->size += entry.value->size;
    if (f->node->size > YAML_MAX_NODES) {
        return yaml_fail(err, entry.value->place, "more than %d values, aliases included",
                         YAML_MAX_NODES);
    }
    return STRATA_OK;
}

static strata_status take_key(frame *f, const yaml_node *key, strata_error *err)
{
    if (key->kind != YAML_TEXT) {
        return yaml_fail(err, key->place, "a key must be text, not %s", yaml_kind_name(key->kind));
    }
    STRATA_TRY(check_new_key(f, key->text, key->place, err));
    f->pending = (yaml_entry){.key = key->text, .key_place = key->place};
    f->has_key = true;
    return STRATA_OK;
}

/* Puts a finished value where it belongs: the root, a list, a key or a key's value. */
static strata_status place_value(builder *b, const yaml_node *value, strata_error *err)
{
    if (b->depth == 0 || b->stack[b->depth - 1].node == NULL) {
        b->root = value;
        return STRATA_OK;
    }
    frame *f = &b->stack[b->depth - 1];
    if (f->node->kind == YAML_LIST) {
        return append(b, f, (yaml_entry){.key_place = value->place, .value = value}, err);
    }
    if (!f->has_key) {
        return take_key(f, value, err);
    }
    f->pending.value = value;
    f->has_key = false;
    return append(b, f, f->pending, err);
}

static strata_status remember_anchor(builder *b, const char *name, const yaml_node *node,
                                     strata_error *err)
{
    if (name == NULL) {
        return STRATA_OK;
    }
    anchor *an = ARENA_NEW(b->a, 1, anchor);
    if (an == NULL) {
        return fail_nomem(err);
    }
    *an = (anchor){name, node, b->anchors};
    b->anchors = an;
    return STRATA_OK;
}

/* A copy of the token's text, checked; NULL token: NULL. */
static strata_status token_text(builder *b, struct fy_token *token, yaml_place place,
                                const char **out, strata_error *err)
{
    *out = NULL;
    if (token == NULL) {
        return STRATA_OK;
    }
    size_t len = 0;
    const char *text = fy_token_get_text(token, &len);
    if (text == NULL) {
        return fail_nomem(err);
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < ' ' && c != '\t' && c != '\n') || c == 0x7f) {
            return yaml_fail(err, place, "text holds the control character 0x%02x", (unsigned)c);
        }
    }
    *out = arena_strndup(b->a, text, len);
    return *out != NULL ? STRATA_OK : fail_nomem(err);
}

static yaml_kind scalar_kind(const char *text, bool plain)
{
    if (!plain) {
        return YAML_TEXT;
    }
    if (text[0] == '\0') {
        return YAML_EMPTY;
    }
    static const char *const nulls[] = {"null", "~", "Null", "NULL"};
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++) {
        if (strcmp(text, nulls[i]) == 0) {
            return YAML_NULL;
        }
    }
    return YAML_TEXT;
}

/* --- events --- */

static strata_status refuse_tag(const builder *b, struct fy_event *event, strata_error *err)
{
    struct fy_token *tag = fy_event_get_tag_token(event);
    if (tag == NULL) {
        return STRATA_OK;
    }
    return yaml_fail(err, place_of(b, fy_token_start_mark(tag)),
                     "tags such as !!str are not used here: put text in quotes");
}

/* Nothing has no place of its own: its key's, or the list's. */
static yaml_place place_of_nothing(const frame *f)
{
    return f->has_key ? f->pending.key_place : f->node->place;
}

static strata_status on_scalar(builder *b, struct fy_event *event, strata_error *err)
{
    yaml_node *node = ARENA_NEW(b->a, 1, yaml_node);
    if (node == NULL) {
        return fail_nomem(err);
    }
    struct fy_token *token = event->scalar.value;
    enum fy_scalar_style style = token != NULL ? fy_token_scalar_style(token) : FYSS_PLAIN;
    node->place = place_of(b, fy_event_start_mark(event));
    node->size = 1;
    const char *anchor_name = NULL;
    STRATA_TRY(token_text(b, token, node->place, &node->text, err));
    STRATA_TRY(token_text(b, event->scalar.anchor, node->place, &anchor_name, err));
    if (node->text == NULL) {
        node->text = "";
    }
    node->kind = scalar_kind(node->text, style == FYSS_PLAIN || style == FYSS_ANY);
    if (node->kind == YAML_EMPTY && b->depth > 0) {
        node->place = place_of_nothing(&b->stack[b->depth - 1]);
    }
    STRATA_TRY(remember_anchor(b, anchor_name, node, err));
    return place_value(b, node, err);
}

static strata_status on_open(builder *b, struct fy_event *event, yaml_kind kind, strata_error *err)
{
    yaml_node *node = ARENA_NEW(b->a, 1, yaml_node);
    if (node == NULL) {
        return fail_nomem(err);
    }
    *node = (yaml_node){.kind = kind, .size = 1};
    node->place = place_of(b, fy_event_start_mark(event));
    if (b->depth == YAML_MAX_DEPTH) {
        return yaml_fail(err, node->place, "lists and mappings are nested more than %d deep",
                         YAML_MAX_DEPTH);
    }
    frame *f = &b->stack[b->depth];
    *f = (frame){.node = node};
    STRATA_TRY(token_text(b, fy_event_get_anchor_token(event), node->place, &f->anchor, err));
    b->depth++;
    return STRATA_OK;
}

static strata_status on_close(builder *b, strata_error *err)
{
    frame *f = &b->stack[--b->depth];
    STRATA_TRY(remember_anchor(b, f->anchor, f->node, err));
    return place_value(b, f->node, err);
}

static strata_status on_alias(builder *b, struct fy_event *event, strata_error *err)
{
    yaml_place place = place_of(b, fy_event_start_mark(event));
    const char *name;
    STRATA_TRY(token_text(b, event->alias.anchor, place, &name, err));
    for (const anchor *an = b->anchors; name != NULL && an != NULL; an = an->next) {
        if (strcmp(an->name, name) == 0) {
            return place_value(b, an->node, err);
        }
    }
    return yaml_fail(err, place, "alias '*%.100s' has no '&%.100s' before it",
                     name != NULL ? name : "", name != NULL ? name : "");
}

static strata_status on_event(builder *b, struct fy_event *event, strata_error *err)
{
    STRATA_TRY(refuse_tag(b, event, err));
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (b->done) {
            return yaml_fail(err, place_of(b, fy_event_start_mark(event)),
                             "a second document begins: one file holds one model");
        }
        return STRATA_OK;
    case FYET_DOCUMENT_END:
        b->done = true;
        return STRATA_OK;
    case FYET_SCALAR:
        return on_scalar(b, event, err);
    case FYET_MAPPING_START:
        return on_open(b, event, YAML_MAP, err);
    case FYET_SEQUENCE_START:
        return on_open(b, event, YAML_LIST, err);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return on_close(b, err);
    case FYET_ALIAS:
        return on_alias(b, event, err);
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
        return STRATA_OK;
    }
    return STRATA_OK;
}

static strata_status fail_syntax(const builder *b, struct fy_diag *diag, strata_error *err)
{
    void *prev = NULL;
    const struct fy_diag_error *e = fy_diag_errors_iterate(diag, &prev);
    if (e == NULL || e->msg == NULL) {
        return strata_fail(err, STRATA_E_MODEL, "%s: is not valid YAML", b->file);
    }
    yaml_place place = {b->file, e->line > 0 ? e->line : 1, e->column > 0 ? e->column : 1};
    return yaml_fail(err, place, "is not valid YAML: %.300s", e->msg);
}

static strata_status build(builder *b, struct fy_parser *parser, struct fy_diag *diag,
                           strata_error *err)
{
    for (;;) {
        struct fy_event *event = fy_parser_parse(parser);
        if (event == NULL) {
            return fy_parser_get_stream_error(parser) ? fail_syntax(b, diag, err) : STRATA_OK;
        }
        bool end = event->type == FYET_STREAM_END;
        strata_status status = on_event(b, event, err);
        fy_parser_event_free(parser, event);
        if (status != STRATA_OK || end) {
            return status;
        }
    }
}

/* libfyaml ends quietly at bytes that are no UTF-8 or no text, so they are looked for first. */
static strata_status check_bytes(const char *file, const char *bytes, size_t len, strata_error *err)
{
    yaml_place place = {file, 1, 1};
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)bytes[i];
        size_t n = utf8_length(bytes + i, len - i);
        if (n == 0) {
            return yaml_fail(err, place, "byte 0x%02x is not UTF-8: save the file as UTF-8",
                             (unsigned)c);
        }
        if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
            return yaml_fail(err, place, "file holds the control character 0x%02x", (unsigned)c);
        }
        place.column = c == '\n' ? 1 : place.column + 1;
        place.line += c == '\n';
        i += n;
    }
    return STRATA_OK;
}

strata_status yaml_parse(arena *a, const char *file, const char *bytes, size_t len,
                         const yaml_node **out, strata_error *err)
{
    if (len > YAML_MAX_BYTES) {
        return strata_fail(err, STRATA_E_MODEL, "%s: is %zu bytes long, the most is %d", file, len,
                           YAML_MAX_BYTES);
    }
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) { /* byte order mark */
        bytes += 3;
        len -= 3;
    }
    STRATA_TRY(check_bytes(file, bytes, len, err));
    /* Collected, not printed: the messages go into `err`. */
    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    diag_cfg.colorize = false;
    STRATA_AUTO(fy_diag_destroy) struct fy_diag *diag = fy_diag_create(&diag_cfg);
    if (diag == NULL) {
        return fail_nomem(err);
    }
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg cfg = {
        .search_path = "", .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
    STRATA_AUTO(fy_parser_destroy) struct fy_parser *parser = fy_parser_create(&cfg);
    if (parser == NULL || fy_parser_set_string(parser, bytes, len) != 0) {
        return fail_nomem(err);
    }
    builder b = {.a = a, .file = file};
    STRATA_TRY(build(&b, parser, diag, err));
    if (b.root == NULL || b.root->kind == YAML_EMPTY) {
        return strata_fail(err, STRATA_E_MODEL, "%s: is empty", file);
    }
    *out = b.root;
    return STRATA_OK;
}

/* --- writing --- */

void yaml_put_text(strbuf *out, const char *text, size_t len)
{
    strbuf_add_char(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f) {
            strbuf_printf(out, "\\x%02x", c);
        } else {
            strbuf_add(out, c == '"' || c == '\\' ? "\\" : "");
            strbuf_add_char(out, text[i]);
        }
    }
    strbuf_add_char(out, '"');
}
