/* SPDX-License-Identifier: Apache-2.0 */
#include "model/read.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/strbuf.h"

enum { MAX_TEXT = 64 * 1024 };

/* " of " between a key and its owner, or nothing. */
#define OF(owner) ((owner) != NULL ? " of " : ""), ((owner) != NULL ? (owner) : "")

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
}

rule_place place_for_rule(yaml_place place, const char *what)
{
    return (rule_place){
        .file = place.file, .line = place.line, .column = place.column, .what = what};
}

yaml_place place_from_rule(rule_place place)
{
    return (yaml_place){.file = place.file, .line = place.line, .column = place.column};
}

strata_status read_fail_unknown(const yaml_entry *entry, const char *owner, const char *const *keys,
                                size_t n, strata_error *err)
{
    const char *in = owner != NULL ? " in " : "";
    const char *whom = owner != NULL ? owner : "";
    const nearest_text near = nearest_hint(entry->key, keys, n);
    if (near.text[0] != '\0') {
        return yaml_fail(err, entry->key_place, "unknown key '%.100s'%s%.200s%s", entry->key, in,
                         whom, near.text);
    }
    STRBUF_AUTO strbuf list;
    strbuf_init(&list, 0);
    for (size_t i = 0; i < n; i++) {
        strbuf_printf(&list, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ", keys[i]);
    }
    STRATA_TRY(strbuf_status(&list, err));
    return yaml_fail(err, entry->key_place, "unknown key '%.100s'%s%.200s: there are %s",
                     entry->key, in, whom, strbuf_text(&list));
}

strata_status read_kind(const yaml_node *node, yaml_kind kind, const char *key, const char *owner,
                        strata_error *err)
{
    if (node->kind == kind) {
        return STRATA_OK;
    }
    return yaml_fail(err, node->place, "'%.100s'%s%.200s must be %s, not %s", key, OF(owner),
                     yaml_kind_name(kind), yaml_kind_name(node->kind));
}

strata_status read_text(const yaml_node *node, const char *key, const char *owner, const char **out,
                        strata_error *err)
{
    STRATA_TRY(read_kind(node, YAML_TEXT, key, owner, err));
    if (node->text[0] == '\0' || strlen(node->text) > MAX_TEXT) {
        return yaml_fail(err, node->place, "'%.100s'%s%.200s is %s", key, OF(owner),
                         node->text[0] == '\0' ? "an empty text" : "too long a text");
    }
    *out = node->text;
    return STRATA_OK;
}

strata_status read_texts(arena *a, const yaml_node *node, const char *key, const char *owner,
                         const char **out, strata_error *err)
{
    if (node->kind != YAML_LIST) {
        return read_text(node, key, owner, out, err);
    }
    STRBUF_AUTO strbuf all;
    strbuf_init(&all, 0);
    for (size_t i = 0; i < node->n; i++) {
        const char *one = NULL;
        STRATA_TRY(read_text(node->entries[i].value, key, owner, &one, err));
        strbuf_printf(&all, "%s%s", i > 0 ? ", " : "", one);
    }
    STRATA_TRY(strbuf_status(&all, err));
    const char *joined = arena_strdup(a, strbuf_text(&all));
    if (joined == NULL) {
        return fail_nomem(err);
    }
    *out = joined;
    return STRATA_OK;
}

strata_status read_expr(const yaml_node *node, const char *key, const char *owner, model_expr *out,
                        strata_error *err)
{
    const char *text = NULL;
    STRATA_TRY(read_text(node, key, owner, &text, err));
    *out = (model_expr){.text = text, .place = place_for_rule(node->place, owner)};
    return STRATA_OK;
}

/* --- constants --- */

static double eval_on(const rule *r, day as_of, void *scratch)
{
    double value = NAN;
    const rule_input in = {.now = {.as_of = as_of}};
    rule_eval_number(r, &in, 1, &value, scratch);
    return value;
}

static strata_status evaluate(const rule *r, const model_expr *expr, const char *key,
                              const char *owner, constant *out, strata_error *err)
{
    yaml_place place = place_from_rule(expr->place);
    value_type type = rule_type(r);
    if (type == VALUE_BOOL || type == VALUE_TEXT) {
        return yaml_fail(err, place, "'%.100s'%s%.200s is '%.60s', but must be a number", key,
                         OF(owner), expr->text);
    }
    STRATA_AUTO_FREE void *scratch = STRATA_NEW_ARRAY(rule_scratch_bytes(r), char);
    if (scratch == NULL) {
        return fail_nomem(err);
    }
    double value = eval_on(r, 0, scratch);
    if (isnan(value)) {
        return yaml_fail(err, place, "'%.100s'%s%.200s is '%.60s', which has no value", key,
                         OF(owner), expr->text);
    }
    /* What moves with the as-of date is no constant. */
    if (eval_on(r, 1, scratch) > value || eval_on(r, 1, scratch) < value) {
        return yaml_fail(err, place, "'%.100s'%s%.200s changes with the as-of date", key,
                         OF(owner));
    }
    *out = (constant){value, type};
    return STRATA_OK;
}

strata_status read_constant_text(const model_expr *expr, const char *key, const char *owner,
                                 constant *out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    STRATA_TRY(arena_new(&scratch, err));
    const rule_scope nothing = {0};
    const rule *r = NULL;
    STRATA_TRY(rule_compile_value(scratch, expr->text, &expr->place, &nothing, &r, err));
    return evaluate(r, expr, key, owner, out, err);
}

strata_status read_constant(const yaml_node *node, const char *key, const char *owner,
                            constant *out, strata_error *err)
{
    model_expr expr;
    STRATA_TRY(read_expr(node, key, owner, &expr, err));
    return read_constant_text(&expr, key, owner, out, err);
}

strata_status read_number(const yaml_node *node, const char *key, const char *owner, double *out,
                          strata_error *err)
{
    constant c;
    STRATA_TRY(read_constant(node, key, owner, &c, err));
    if (c.type != VALUE_NUMBER) {
        return yaml_fail(err, node->place,
                         "'%.100s'%s%.200s is '%.60s', a %s, but must be a plain number", key,
                         OF(owner), node->text, value_type_name(c.type));
    }
    *out = c.value;
    return STRATA_OK;
}

static strata_status read_share(const yaml_node *node, const char *key, const char *owner,
                                double *out, strata_error *err)
{
    constant c;
    STRATA_TRY(read_constant(node, key, owner, &c, err));
    if ((c.type != VALUE_SHARE && c.type != VALUE_NUMBER) || !(c.value >= 0 && c.value <= 1)) {
        return yaml_fail(err, node->place,
                         "'%.100s'%s%.200s is '%.60s', but must be a share from 0%% to 100%%", key,
                         OF(owner), node->text);
    }
    *out = c.value;
    return STRATA_OK;
}

static strata_status read_days(const yaml_node *node, const char *key, const char *owner, int *out,
                               strata_error *err)
{
    constant c;
    STRATA_TRY(read_constant(node, key, owner, &c, err));
    bool zero = !(c.value < 0 || c.value > 0);
    if (c.type != VALUE_DURATION && !zero) {
        return yaml_fail(err, node->place,
                         "'%.100s'%s%.200s is '%.60s', but must be a duration such as 30 days", key,
                         OF(owner), node->text);
    }
    if (!(c.value >= 0 && c.value <= 36525)) {
        return yaml_fail(err, node->place,
                         "'%.100s'%s%.200s is '%.60s', but must be between 0 and 100 years", key,
                         OF(owner), node->text);
    }
    *out = (int)lround(c.value);
    return STRATA_OK;
}

static strata_status read_flag(const yaml_node *node, const char *key, const char *owner, int *out,
                               strata_error *err)
{
    static const char *const words[] = {"false", "true", "no", "yes"};
    STRATA_TRY(read_kind(node, YAML_TEXT, key, owner, err));
    for (int i = 0; i < 4; i++) {
        if (strcmp(node->text, words[i]) == 0) {
            *out = i % 2;
            return STRATA_OK;
        }
    }
    return yaml_fail(err, node->place, "'%.100s'%s%.200s is '%.60s', but must be true or false",
                     key, OF(owner), node->text);
}

static strata_status read_choice(const yaml_node *node, const field *f, const char *owner, int *out,
                                 strata_error *err)
{
    const char *text = NULL;
    STRATA_TRY(read_text(node, f->key, owner, &text, err));
    size_t n = 0;
    for (; f->choices[n] != NULL; n++) {
        if (strcmp(f->choices[n], text) == 0) {
            *out = (int)n;
            return STRATA_OK;
        }
    }
    STRBUF_AUTO strbuf list;
    strbuf_init(&list, 0);
    for (size_t i = 0; i < n; i++) {
        strbuf_printf(&list, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", f->choices[i]);
    }
    STRATA_TRY(strbuf_status(&list, err));
    return yaml_fail(err, node->place, "'%.100s'%s%.200s is '%.60s', but must be %s", f->key,
                     OF(owner), text, list.text);
}

/* --- tables --- */

static strata_status read_field(const yaml_node *node, const field *f, const char *owner,
                                void *target, strata_error *err)
{
    void *member = (char *)target + f->offset;
    switch (f->kind) {
    case FIELD_TEXT:
        return read_text(node, f->key, owner, (const char **)member, err);
    case FIELD_EXPR:
        return read_expr(node, f->key, owner, (model_expr *)member, err);
    case FIELD_NUMBER:
        return read_number(node, f->key, owner, (double *)member, err);
    case FIELD_SHARE:
        return read_share(node, f->key, owner, (double *)member, err);
    case FIELD_DAYS:
        return read_days(node, f->key, owner, (int *)member, err);
    case FIELD_FLAG:
        return read_flag(node, f->key, owner, (int *)member, err);
    case FIELD_CHOICE:
        return read_choice(node, f, owner, (int *)member, err);
    case FIELD_NODE:
        *(const yaml_node **)member = node;
        return STRATA_OK;
    }
    return STRATA_OK;
}

static const field *find_field(const field *fields, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(fields[i].key, key) == 0) {
            return &fields[i];
        }
    }
    return NULL;
}

static strata_status fail_no_field(const yaml_entry *entry, const char *owner, const field *fields,
                                   size_t n, strata_error *err)
{
    enum { MOST = 32 };
    const char *keys[MOST];
    size_t known = n < MOST ? n : MOST;
    for (size_t i = 0; i < known; i++) {
        keys[i] = fields[i].key;
    }
    return read_fail_unknown(entry, owner, keys, known, err);
}

strata_status read_fields(const yaml_node *map, const char *owner, const field *fields, size_t n,
                          void *target, strata_error *err)
{
    if (map->kind != YAML_MAP) {
        return yaml_fail(err, map->place, "%.200s must be a mapping, not %s", owner,
                         yaml_kind_name(map->kind));
    }
    for (size_t i = 0; i < map->n; i++) {
        const yaml_entry *entry = &map->entries[i];
        const field *f = find_field(fields, n, entry->key);
        if (f == NULL) {
            return fail_no_field(entry, owner, fields, n, err);
        }
        STRATA_TRY(read_field(entry->value, f, owner, target, err));
    }
    return STRATA_OK;
}

/* --- names --- */

static bool looks_like_name(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return len > 0 && len <= 60 && text[len] == '\0' && !(text[0] >= '0' && text[0] <= '9');
}

strata_status read_check_name(const yaml_entry *entry, const char *what, strata_error *err)
{
    if (!looks_like_name(entry->key)) {
        return yaml_fail(err, entry->key_place,
                         "%s '%.100s' needs a name of small letters, digits and _", what,
                         entry->key);
    }
    /* The rule language itself says which words it keeps for itself. */
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    STRATA_TRY(arena_new(&scratch, err));
    const rule_place place = place_for_rule(entry->key_place, NULL);
    const char *const *names = NULL;
    size_t n = 0;
    strata_error ignored = {0};
    strata_status status = rule_names(scratch, entry->key, &place, &names, &n, &ignored);
    if (status == STRATA_E_NOMEM) {
        return fail_nomem(err);
    }
    if (status != STRATA_OK || n != 1) {
        return yaml_fail(err, entry->key_place,
                         "%s cannot be named '%s', a word of the rule language", what, entry->key);
    }
    return STRATA_OK;
}

strata_status read_named_file(yaml_place value, const char *whose, const char *path, size_t limit,
                              char **out, size_t *len, strata_error *err)
{
    strata_error why = {0};
    strata_status st = file_read(path, limit, out, len, &why);
    if (st == STRATA_OK) {
        return STRATA_OK;
    }
    if (st == STRATA_E_NOMEM) {
        return strata_fail(err, st, "out of memory reading '%.200s'", path);
    }
    return yaml_fail(err, value, "%s%s%s", whose != NULL ? whose : "", whose != NULL ? ": " : "",
                     why.message);
}
