/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/number.h"
#include "model/load/load.h"

static const char *const entities[] = {
    "accounts",    "arr",           "orders", "usage",  "tickets",       "surveys", "contacts",
    "touchpoints", "opportunities", "csms",   "health", "interventions", NULL};
enum { N_ENTITIES = sizeof entities / sizeof entities[0] - 1 };

static const char *const formats[] = {"csv", "parquet", "json", NULL};
static const char *const encodings[] = {"utf-8", "latin-1", NULL};
static const char *const decimals[] = {".", ",", NULL};
static const char *const forms[] = {"snapshots", "movements", "subscriptions", NULL};
static const char *const periods[] = {"month", "quarter", "year", NULL};
static const char *const ends[] = {"first_day_without", "last_day", NULL};
static const char *const survey_kinds[] = {"nps", "csat", "pmf", NULL};
static const char *const deal_kinds[] = {"renewal", "expansion", NULL};

typedef struct raw_source {
    model_source s;
    int format, encoding, decimal, form, period, end_is, via; /* -1: not given */
    const yaml_node *path, *map, *values, *kind;
} raw_source;

static const field fields[] = {
    FIELD(raw_source, path, "path", FIELD_NODE),
    CHOICE(raw_source, format, "format", formats),
    FIELD(raw_source, s.delimiter, "delimiter", FIELD_TEXT),
    FIELD(raw_source, s.quote, "quote", FIELD_TEXT),
    CHOICE(raw_source, decimal, "decimal", decimals),
    FIELD(raw_source, s.date_format, "date_format", FIELD_TEXT),
    CHOICE(raw_source, encoding, "encoding", encodings),
    FIELD(raw_source, map, "map", FIELD_NODE),
    FIELD(raw_source, s.keep, "keep", FIELD_EXPR),
    CHOICE(raw_source, via, "via", entities),
    CHOICE(raw_source, form, "form", forms),
    CHOICE(raw_source, period, "period", periods),
    CHOICE(raw_source, end_is, "end_is", ends),
    FIELD(raw_source, kind, "kind", FIELD_NODE),
    FIELD(raw_source, values, "values", FIELD_NODE),
};

static const char *chosen(const char *const *choices, int i)
{
    return i < 0 ? NULL : choices[i];
}

static strata_status check_entity(yaml_place place, const char *name, const char *owner,
                                  strata_error *err)
{
    for (size_t i = 0; i < N_ENTITIES; i++) {
        if (strcmp(entities[i], name) == 0) {
            return STRATA_OK;
        }
    }
    yaml_entry entry = {.key = name, .key_place = place};
    return read_fail_unknown(&entry, owner, entities, N_ENTITIES, err);
}

static strata_status check_sign(const yaml_node *map, const char *key, const char *owner,
                                const char **text, strata_error *err)
{
    if (*text == NULL) {
        return STRATA_OK;
    }
    if (strcmp(*text, "tab") == 0 && strcmp(key, "delimiter") == 0) {
        *text = "\t";
    }
    if (strlen(*text) != 1) {
        return yaml_fail(err, yaml_find(map, key)->value->place,
                         "'%s' of %s is '%.60s', but must be one sign%s", key, owner, *text,
                         key[0] == 'd' ? ", or tab" : "");
    }
    return STRATA_OK;
}

/* Keys that only some entities have. */
static strata_status check_fits(const yaml_node *map, const model_source *s, const char *owner,
                                strata_error *err)
{
    static const struct {
        const char *key, *entity, *other;
    } only[] = {{"form", "arr", "arr"},
                {"period", "arr", "arr"},
                {"end_is", "arr", "arr"},
                {"kind", "surveys", "opportunities"}};
    for (size_t i = 0; i < sizeof only / sizeof only[0]; i++) {
        const yaml_entry *e = yaml_find(map, only[i].key);
        bool fits = strcmp(s->entity, only[i].entity) == 0 || strcmp(s->entity, only[i].other) == 0;
        if (e != NULL && !fits) {
            bool both = strcmp(only[i].entity, only[i].other) != 0;
            return yaml_fail(err, e->key_place, "'%s' is not for %s: only %s%s%s %s it",
                             only[i].key, owner, only[i].entity, both ? " and " : "",
                             both ? only[i].other : "", both ? "have" : "has");
        }
    }
    const yaml_entry *end_is = yaml_find(map, "end_is");
    if (end_is != NULL && s->form != ARR_FORM_SUBSCRIPTIONS) {
        return yaml_fail(err, end_is->key_place, "'end_is' is for subscriptions only");
    }
    return STRATA_OK;
}

strata_status load_pairs(model *m, const yaml_node *map, const char *key, const char *owner,
                         model_pairs *out, strata_error *err)
{
    model_pair *pairs = NULL;
    STRATA_TRY(read_kind(map, YAML_MAP, key, owner, err));
    STRATA_TRY(READ_NEW(m->arena, map->n, model_pair, &pairs, err));
    for (size_t i = 0; i < map->n; i++) {
        const yaml_entry *e = &map->entries[i];
        pairs[i] = (model_pair){.key = e->key, .place = place_for_rule(e->value->place, owner)};
        STRATA_TRY(read_text(e->value, e->key, owner, &pairs[i].value, err));
    }
    *out = (model_pairs){pairs, map->n};
    return STRATA_OK;
}

static strata_status load_column_values(model *m, const yaml_entry *of, const char *owner,
                                        model_pair *out, strata_error *err)
{
    for (size_t i = 0; i < of->value->n; i++) {
        const yaml_entry *e = &of->value->entries[i];
        out[i].place = place_for_rule(e->key_place, owner);
        out[i].key = arena_printf(m->arena, "%s.%s", of->key, e->key);
        if (out[i].key == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
        }
        STRATA_TRY(read_text(e->value, e->key, owner, &out[i].value, err));
    }
    return STRATA_OK;
}

/* {severity: {P1: urgent}} as "severity.P1": urgent. */
static strata_status load_values(model *m, const yaml_node *map, const char *owner,
                                 model_pairs *out, strata_error *err)
{
    size_t n = 0;
    STRATA_TRY(read_kind(map, YAML_MAP, "values", owner, err));
    for (size_t i = 0; i < map->n; i++) {
        STRATA_TRY(read_kind(map->entries[i].value, YAML_MAP, map->entries[i].key, owner, err));
        n += map->entries[i].value->n;
    }
    model_pair *pairs = NULL;
    STRATA_TRY(READ_NEW(m->arena, n, model_pair, &pairs, err));
    size_t at = 0;
    for (size_t i = 0; i < map->n; i++) {
        STRATA_TRY(load_column_values(m, &map->entries[i], owner, &pairs[at], err));
        at += map->entries[i].value->n;
    }
    *out = (model_pairs){pairs, n};
    return STRATA_OK;
}

static strata_status load_path(model *m, const yaml_node *node, const char *owner, model_source *s,
                               strata_error *err)
{
    const char *text = NULL;
    STRATA_TRY(read_text(node, "path", owner, &text, err));
    s->path_written = text;
    s->path = text;
    return m->contained ? STRATA_OK
                        : expand_environment(m->arena, text, node->place, &s->path, err);
}

static strata_status load_kind(const yaml_node *node, const char *owner, model_source *s,
                               strata_error *err)
{
    const char *const *kinds = strcmp(s->entity, "surveys") == 0 ? survey_kinds : deal_kinds;
    STRATA_TRY(read_text(node, "kind", owner, &s->kind, err));
    for (int i = 0; kinds[i] != NULL; i++) {
        if (strcmp(kinds[i], s->kind) == 0) {
            return STRATA_OK;
        }
    }
    return yaml_fail(err, node->place, "'kind' of %s is '%.60s', but must be %s", owner, s->kind,
                     kinds == survey_kinds ? "nps, csat or pmf" : "renewal or expansion");
}

/* What needs more than its type looked at. */
static strata_status finish_source(model *m, const yaml_node *map, const char *owner,
                                   raw_source *raw, strata_error *err)
{
    model_source *s = &raw->s;
    if (raw->path == NULL) {
        return yaml_fail(err, map->place, "%s has no 'path'", owner);
    }
    STRATA_TRY(load_path(m, raw->path, owner, s, err));
    STRATA_TRY(check_sign(map, "delimiter", owner, &s->delimiter, err));
    STRATA_TRY(check_sign(map, "quote", owner, &s->quote, err));
    s->format = chosen(formats, raw->format);
    s->encoding = chosen(encodings, raw->encoding);
    s->decimal = chosen(decimals, raw->decimal);
    s->period = chosen(periods, raw->period);
    s->via = chosen(entities, raw->via);
    s->form = raw->form < 0 ? ARR_FORM_SUBSCRIPTIONS : (arr_form)raw->form;
    s->end_is_last_day = raw->end_is == 1;
    STRATA_TRY(check_fits(map, s, owner, err));
    if (raw->kind != NULL) {
        STRATA_TRY(load_kind(raw->kind, owner, s, err));
    }
    if (raw->map != NULL) {
        STRATA_TRY(load_pairs(m, raw->map, "map", owner, &s->map, err));
    }
    return raw->values == NULL ? STRATA_OK : load_values(m, raw->values, owner, &s->values, err);
}

static strata_status load_source(model *m, const char *entity, const yaml_node *node,
                                 model_source *out, strata_error *err)
{
    const char *owner = owner_name(m, "source", entity);
    if (owner == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    raw_source raw = {.format = -1,
                      .encoding = -1,
                      .decimal = -1,
                      .form = -1,
                      .period = -1,
                      .end_is = -1,
                      .via = -1};
    raw.s.entity = entity;
    raw.s.place = place_for_rule(node->place, owner);
    raw.s.form = ARR_FORM_SUBSCRIPTIONS;
    if (node->kind == YAML_TEXT) {
        STRATA_TRY(load_path(m, node, owner, &raw.s, err));
    } else {
        STRATA_TRY(read_fields(node, owner, fields, sizeof fields / sizeof fields[0], &raw, err));
        STRATA_TRY(finish_source(m, node, owner, &raw, err));
    }
    *out = raw.s;
    return STRATA_OK;
}

/* One source, or the several of a list. */
static strata_status load_entity(model *m, const yaml_entry *e, model_source *out, size_t *n,
                                 strata_error *err)
{
    if (e->value->kind != YAML_LIST) {
        return load_source(m, e->key, e->value, &out[(*n)++], err);
    }
    for (size_t i = 0; i < e->value->n; i++) {
        STRATA_TRY(load_source(m, e->key, e->value->entries[i].value, &out[(*n)++], err));
    }
    return STRATA_OK;
}

strata_status load_sources(model *m, const yaml_entry *entry, strata_error *err)
{
    const yaml_node *map = entry->value;
    size_t most = 0;
    STRATA_TRY(read_kind(map, YAML_MAP, "sources", NULL, err));
    for (size_t i = 0; i < map->n; i++) {
        STRATA_TRY(check_entity(map->entries[i].key_place, map->entries[i].key, "sources", err));
        most += map->entries[i].value->kind == YAML_LIST ? map->entries[i].value->n : 1;
    }
    model_source *sources = NULL;
    size_t n = 0;
    STRATA_TRY(READ_NEW(m->arena, most, model_source, &sources, err));
    for (size_t i = 0; i < map->n; i++) {
        STRATA_TRY(load_entity(m, &map->entries[i], sources, &n, err));
    }
    m->sources = sources;
    m->n_sources = n;
    return STRATA_OK;
}

/* --- ingest --- */

typedef struct raw_ingest {
    double rejects_allowed;
    int roll_up;
    const yaml_node *rates, *merges;
} raw_ingest;

/* Rates as plain numbers, above 0. */
static strata_status load_rates(model *m, const yaml_node *map, strata_error *err)
{
    model_pair *pairs = NULL;
    STRATA_TRY(read_kind(map, YAML_MAP, "rates", "ingest", err));
    STRATA_TRY(READ_NEW(m->arena, map->n, model_pair, &pairs, err));
    for (size_t i = 0; i < map->n; i++) {
        const yaml_entry *e = &map->entries[i];
        double rate = 0;
        char text[NUMBER_TEXT];
        STRATA_TRY(read_number(e->value, e->key, "rates", &rate, err));
        if (!(rate > 0)) {
            return yaml_fail(err, e->value->place, "'%.60s' of rates must be above 0", e->key);
        }
        number_format_exact(rate, text);
        pairs[i] = (model_pair){.key = e->key,
                                .value = arena_strdup(m->arena, text),
                                .place = place_for_rule(e->value->place, "rates")};
        if (pairs[i].value == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
        }
    }
    m->ingest.rates = (model_pairs){pairs, map->n};
    return STRATA_OK;
}

strata_status load_ingest(model *m, const yaml_entry *entry, strata_error *err)
{
    static const field ingest_fields[] = {
        FIELD(raw_ingest, rejects_allowed, "rejects_allowed", FIELD_SHARE),
        FIELD(raw_ingest, roll_up, "roll_up_parents", FIELD_FLAG),
        FIELD(raw_ingest, rates, "rates", FIELD_NODE),
        FIELD(raw_ingest, merges, "merges", FIELD_NODE),
    };
    raw_ingest raw = {.rejects_allowed = m->ingest.rejects_allowed};
    STRATA_TRY(read_fields(entry->value, "ingest", ingest_fields,
                           sizeof ingest_fields / sizeof ingest_fields[0], &raw, err));
    m->ingest.rejects_allowed = raw.rejects_allowed;
    m->ingest.roll_up_parents = raw.roll_up == 1;
    if (raw.merges != NULL) {
        const char *text = NULL;
        STRATA_TRY(read_text(raw.merges, "merges", "ingest", &text, err));
        m->ingest.merges_written = text;
        m->ingest.merges = text;
        if (!m->contained) {
            STRATA_TRY(
                expand_environment(m->arena, text, raw.merges->place, &m->ingest.merges, err));
        }
    }
    return raw.rates == NULL ? STRATA_OK : load_rates(m, raw.rates, err);
}
