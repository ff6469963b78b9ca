/* SPDX-License-Identifier: Apache-2.0 */
#include "model/retune_text.h"

#include <string.h>

#include "model/extend.h"
#include "model/read.h"
#include "model/yaml_edit.h"

enum { KEYS_MAX = 3 };

strata_status retune_no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory changing the model");
}

const model_expr *retune_expr(const model_dimension *d, size_t at)
{
    return d->kind == DIMENSION_BANDS ? &d->bands[at].edge : &d->tiers[at].when;
}

static size_t count_lines(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        n += text[i] == '\n' ? 1 : 0;
    }
    return n + (len > 0 && text[len - 1] != '\n' ? 1 : 0);
}

strata_status retune_text_begin(retune_text *t, const char *text, size_t len, strata_error *err)
{
    t->before = t->text = arena_strndup(t->a, text, len);
    t->len = len;
    bool ok = t->before != NULL;
    for (size_t i = count_lines(text, len); ok && i > 0; i--) {
        ok = vec_push(&t->taken, false);
    }
    return ok ? STRATA_OK : retune_no_memory(err);
}

void retune_text_done(retune_text *t)
{
    vec_free(&t->taken);
}

/* --- taking over --- */

/* "dimensions", "value", "tiers": where a dimension's rules stand. */
typedef struct key_path {
    const char *keys[KEYS_MAX];
    size_t n;
} key_path;

static const yaml_entry *find_path(const yaml_node *root, const key_path *path)
{
    const yaml_entry *e = NULL;
    for (size_t i = 0; i < path->n; i++) {
        e = yaml_find(root, path->keys[i]);
        if (e == NULL) {
            return NULL;
        }
        root = e->value;
    }
    return e;
}

/* Cells are a list below `segments`, or below its key `cells`. */
static key_path path_of(const model_dimension *d, const yaml_node *root)
{
    if (strcmp(d->name, "segment") != 0) {
        return (key_path){{"dimensions", d->name, d->kind == DIMENSION_BANDS ? "bands" : "tiers"},
                          3};
    }
    const yaml_entry *e = yaml_find(root, "segments");
    bool list = e != NULL && e->value->kind == YAML_LIST;
    return list ? (key_path){{"segments"}, 1} : (key_path){{"segments", "cells"}, 2};
}

/* The template that all of it stands in. */
static strata_status find_template_of(const model_dimension *d, yaml_bytes *out, strata_error *err)
{
    static const char head[] = "template ";
    size_t n = d->kind == DIMENSION_BANDS ? d->n_bands : d->n_tiers;
    const rule_place *first = &retune_expr(d, 0)->place;
    for (size_t i = 1; i < n; i++) {
        const model_expr *e = retune_expr(d, i);
        if (e->text != NULL && strcmp(e->place.file, first->file) != 0) {
            return yaml_fail(err, place_from_rule(e->place),
                             "a part of '%s' is in %s: change it by hand", d->name, first->file);
        }
    }
    if (strncmp(first->file, head, sizeof head - 1) != 0) {
        return yaml_fail(err, place_from_rule(*first),
                         "the rules of '%s' are in this file: change them there", d->name);
    }
    const strata_blob *blob = template_blob(first->file + sizeof head - 1);
    if (blob == NULL) {
        return yaml_fail(err, place_from_rule(*first), "the rules of '%s' cannot be read", d->name);
    }
    *out = (yaml_bytes){first->file, (const char *)blob->data, blob->size};
    return STRATA_OK;
}

/* Where in the file the block goes: how many of its keys are there, and what is before it. */
typedef struct spot_for {
    size_t depth, at, indent;
} spot_for;

static strata_status find_spot(const retune_text *t, const yaml_node *root, const key_path *path,
                               spot_for *out, strata_error *err)
{
    const yaml_node *map = root;
    size_t depth = 0;
    for (; depth < path->n; depth++) {
        const yaml_entry *e = yaml_find(map, path->keys[depth]);
        if (e == NULL) {
            break;
        }
        if (depth + 1 == path->n || e->value->kind != YAML_MAP || e->value->n == 0) {
            return yaml_fail(err, e->key_place, "a part of '%s' is here: change it by hand",
                             path->keys[depth]);
        }
        map = e->value;
    }
    *out = (spot_for){.depth = depth, .at = t->len};
    if (depth > 0) {
        yaml_span lines = {0};
        const yaml_bytes y = {t->path, t->text, t->len};
        const yaml_place first = map->entries[0].key_place;
        STRATA_TRY(yaml_find_block(&y, first, &lines, err));
        out->at = lines.at;
        out->indent = (size_t)first.column - 1;
    }
    return STRATA_OK;
}

static strata_status insert(retune_text *t, size_t at, const strbuf *block, strata_error *err)
{
    STRBUF_AUTO strbuf all;
    strbuf_init(&all, 0);
    strbuf_add_n(&all, t->text, at);
    strbuf_add_n(&all, strbuf_text(block), block->len);
    strbuf_add_n(&all, t->text + at, t->len - at);
    STRATA_TRY(strbuf_status(&all, err));
    size_t line = count_lines(t->text, at);
    size_t more = count_lines(strbuf_text(block), block->len);
    if (at > 0 && t->text[at - 1] != '\n') { /* the end of the line before is in the block */
        more--;
    }
    for (size_t i = 0; i < more; i++) {
        if (!vec_push(&t->taken, true)) {
            return retune_no_memory(err);
        }
    }
    bool *flags = t->taken.data;
    if (more > 0) {
        memmove(flags + line + more, flags + line, t->taken.n - more - line);
        memset(flags + line, true, more);
    }
    t->text = arena_strndup(t->a, strbuf_text(&all), all.len);
    t->len = all.len;
    return t->text != NULL ? STRATA_OK : retune_no_memory(err);
}

strata_status retune_take(retune_text *t, const model_dimension *d, strata_error *err)
{
    yaml_bytes from = {0};
    const yaml_node *theirs = NULL;
    const yaml_node *own = NULL;
    spot_for spot = {0};
    yaml_span lines = {0};
    STRATA_TRY(find_template_of(d, &from, err));
    STRATA_TRY(yaml_parse(t->a, from.file, from.text, from.len, &theirs, err));
    STRATA_TRY(yaml_parse(t->a, t->path, t->text, t->len, &own, err));
    const key_path path = path_of(d, theirs);
    const yaml_entry *e = find_path(theirs, &path);
    if (e == NULL) {
        return yaml_fail(err, place_from_rule(d->place),
                         "the rules of '%s' are in several files: "
                         "change them by hand",
                         d->name);
    }
    STRATA_TRY(yaml_find_block(&from, e->key_place, &lines, err));
    STRATA_TRY(find_spot(t, own, &path, &spot, err));
    STRBUF_AUTO strbuf block;
    strbuf_init(&block, 0);
    if (spot.depth == 0) {
        strbuf_add(&block, t->len > 0 && t->text[t->len - 1] != '\n' ? "\n\n" : "\n");
    }
    size_t indent = spot.indent;
    for (size_t i = spot.depth; i + 1 < path.n; i++, indent += 2) {
        strbuf_repeat(&block, ' ', indent);
        strbuf_printf(&block, "%s:\n", path.keys[i]);
    }
    strbuf_repeat(&block, ' ', indent);
    strbuf_printf(&block, "# taken over from %s, with other numbers\n", from.file);
    yaml_put_block(&block, from.text + lines.at, lines.end - lines.at, indent);
    STRATA_TRY(strbuf_status(&block, err));
    return insert(t, spot.at, &block, err);
}

/* --- what differs --- */

/* The next line, without its end. */
static const char *next_line(arena *a, const char **at)
{
    size_t len = strcspn(*at, "\n");
    const char *start = *at;
    *at += len + (start[len] == '\n' ? 1 : 0);
    return arena_strndup(a, start, len > 0 && start[len - 1] == '\r' ? len - 1 : len);
}

typedef VEC(retune_line) line_list;

static bool push_changed(line_list *all, int old_line, const char *old, int line, const char *now)
{
    retune_line minus = {'-', old_line, old};
    retune_line plus = {'+', line, now};
    return vec_push(all, minus) && vec_push(all, plus);
}

/* Every line of both. */
static strata_status all_lines(const retune_text *t, line_list *all, strata_error *err)
{
    const char *old_at = t->before;
    const char *new_at = t->text;
    int old_line = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < t->taken.n; i++) {
        const char *now = next_line(t->a, &new_at);
        const char *old = t->taken.data[i] ? NULL : next_line(t->a, &old_at);
        int line = (int)i + 1;
        if (now == NULL || (old == NULL && !t->taken.data[i])) {
            return retune_no_memory(err);
        }
        old_line += old != NULL ? 1 : 0;
        if (old != NULL && strcmp(old, now) != 0) {
            ok = push_changed(all, old_line, old, line, now);
        } else {
            retune_line same = {old != NULL ? ' ' : '+', line, now};
            ok = vec_push(all, same);
        }
    }
    return ok ? STRATA_OK : retune_no_memory(err);
}

static bool near_change(const line_list *all, size_t i)
{
    size_t from = i > RETUNE_AROUND ? i - RETUNE_AROUND : 0;
    for (size_t k = from; k <= i + RETUNE_AROUND && k < all->n; k++) {
        if (all->data[k].mark != ' ') {
            return true;
        }
    }
    return false;
}

strata_status retune_lines(const retune_text *t, const retune_line **out, size_t *n,
                           strata_error *err)
{
    line_list all = {0};
    size_t kept = 0;
    strata_status st = all_lines(t, &all, err);
    retune_line *found = st == STRATA_OK ? ARENA_NEW(t->a, all.n + 1, retune_line) : NULL;
    for (size_t i = 0; found != NULL && i < all.n; i++) {
        if (near_change(&all, i)) {
            found[kept++] = all.data[i];
        }
    }
    vec_free(&all);
    STRATA_TRY(st);
    if (found == NULL) {
        return retune_no_memory(err);
    }
    *out = found;
    *n = kept;
    return STRATA_OK;
}
