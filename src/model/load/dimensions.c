/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "model/load/load.h"

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
}

enum { MAX_KEY = 100 };

/* Segments are told apart by their keys, also in history: short and different. */
static strata_status check_key(const char *key, const char *what, const char *owner,
                               yaml_place place, strata_error *err)
{
    if (key[0] == '\0' || strlen(key) > MAX_KEY || strchr(key, '\n') != NULL) {
        return yaml_fail(err, place, "name of a %s of %s must be one line of at most %d bytes",
                         what, owner, MAX_KEY);
    }
    return STRATA_OK;
}

/* --- tiers --- */

typedef struct raw_tier {
    model_tier t;
    int otherwise;
} raw_tier;

static strata_status check_tier(const yaml_node *node, const char *owner, const raw_tier *raw,
                                bool last, strata_error *err)
{
    if (raw->t.when.text != NULL && raw->otherwise == 1) {
        return yaml_fail(err, node->place, "%s has both 'when' and 'otherwise'", owner);
    }
    if (raw->t.when.text == NULL && raw->otherwise != 1) {
        return yaml_fail(err, node->place, "%s has neither 'when' nor 'otherwise: true'", owner);
    }
    if (raw->otherwise == 1 && !last) {
        return yaml_fail(
            err, node->place,
            "%s is the otherwise, which matches everything, but others follow: move it "
            "to the end",
            owner);
    }
    return STRATA_OK;
}

static strata_status load_tier(model *m, const yaml_node *node, const char *what,
                               const char *dimension, bool last, model_tier *out, strata_error *err)
{
    static const field fields[] = {
        FIELD(raw_tier, t.key, "name", FIELD_TEXT),
        FIELD(raw_tier, t.label, "label", FIELD_TEXT),
        FIELD(raw_tier, t.when, "when", FIELD_EXPR),
        FIELD(raw_tier, otherwise, "otherwise", FIELD_FLAG),
        FIELD(raw_tier, t.description, "description", FIELD_TEXT),
        FIELD(raw_tier, t.strategy, "strategy", FIELD_TEXT),
        FIELD(raw_tier, t.motion, "motion", FIELD_TEXT),
    };
    const yaml_entry *name = yaml_find(node, "name");
    if (name == NULL) {
        return yaml_fail(err, node->place, "a %s of %s has no 'name'", what, dimension);
    }
    const char *shown = name->value->kind == YAML_TEXT ? name->value->text : "?";
    const char *owner = owner_name(m, what, shown);
    if (owner == NULL) {
        return fail_nomem(err);
    }
    raw_tier raw = {.otherwise = -1};
    STRATA_TRY(read_fields(node, owner, fields, sizeof fields / sizeof fields[0], &raw, err));
    STRATA_TRY(check_key(raw.t.key, what, dimension, name->value->place, err));
    STRATA_TRY(check_tier(node, owner, &raw, last, err));
    raw.t.place = place_for_rule(name->value->place, owner);
    if (raw.t.label == NULL) {
        raw.t.label = raw.t.key;
    }
    *out = raw.t;
    return STRATA_OK;
}

/* One dimension has few tiers; more than this is a mistake. */
enum { MAX_TIERS = 200 };

strata_status load_tiers(model *m, const yaml_node *list, const char *what, const char *owner,
                         model_dimension *d, strata_error *err)
{
    model_tier *tiers = NULL;
    if (list->kind != YAML_LIST || list->n == 0 || list->n > MAX_TIERS) {
        return yaml_fail(err, list->place, "%s needs a list of 1 to %d %ss", owner, MAX_TIERS,
                         what);
    }
    STRATA_TRY(READ_NEW(m->arena, list->n, model_tier, &tiers, err));
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *node = list->entries[i].value;
        STRATA_TRY(load_tier(m, node, what, owner, i + 1 == list->n, &tiers[i], err));
        for (size_t k = 0; k < i; k++) {
            if (strcmp(tiers[k].key, tiers[i].key) == 0) {
                return yaml_fail(err, place_from_rule(tiers[i].place),
                                 "%s has two %ss named '%.100s'", owner, what, tiers[i].key);
            }
        }
    }
    const model_tier *last = &tiers[list->n - 1];
    if (last->when.text != NULL) {
        return yaml_fail(err, place_from_rule(last->place),
                         "%s does not end in otherwise, so accounts could be left out: add "
                         "{name: Other, otherwise: true}",
                         owner);
    }
    d->tiers = tiers;
    d->n_tiers = list->n;
    return STRATA_OK;
}

/* --- bands --- */

static strata_status load_band(const yaml_entry *e, const char *owner, model_band *out,
                               strata_error *err)
{
    static const field fields[] = {
        FIELD(model_band, key, "name", FIELD_TEXT),
        FIELD(model_band, label, "label", FIELD_TEXT),
        FIELD(model_band, edge, "from", FIELD_EXPR),
    };
    model_band b = {.key = e->key};
    if (e->key != NULL) {
        STRATA_TRY(read_expr(e->value, e->key, owner, &b.edge, err));
    } else {
        STRATA_TRY(read_fields(e->value, owner, fields, 3, &b, err));
        if (b.key == NULL || b.edge.text == NULL) {
            return yaml_fail(err, e->value->place, "a band of %s has no '%s'", owner,
                             b.key == NULL ? "name" : "from");
        }
    }
    constant c;
    STRATA_TRY(check_key(b.key, "band", owner, e->key_place, err));
    STRATA_TRY(read_constant_text(&b.edge, b.key, owner, &c, err));
    b.from = c.value;
    if (b.label == NULL) {
        b.label = b.key;
    }
    *out = b;
    return STRATA_OK;
}

static strata_status load_bands(model *m, const yaml_node *node, const char *owner,
                                model_dimension *d, strata_error *err)
{
    model_band *bands = NULL;
    if (node->kind != YAML_MAP && node->kind != YAML_LIST) {
        return yaml_fail(err, node->place, "'bands' of %s must be a mapping or a list, not %s",
                         owner, yaml_kind_name(node->kind));
    }
    if (node->n < 2 || node->n > MAX_TIERS) {
        return yaml_fail(err, node->place, "'bands' of %s needs 2 to %d bands", owner, MAX_TIERS);
    }
    STRATA_TRY(READ_NEW(m->arena, node->n, model_band, &bands, err));
    for (size_t i = 0; i < node->n; i++) {
        STRATA_TRY(load_band(&node->entries[i], owner, &bands[i], err));
        yaml_place place = place_from_rule(bands[i].edge.place);
        if (i > 0 && !(bands[i].from < bands[i - 1].from)) {
            return yaml_fail(
                err, place,
                "bands of %s must descend: '%.60s' from %.40s comes after '%.60s' from "
                "%.40s",
                owner, bands[i].key, bands[i].edge.text, bands[i - 1].key, bands[i - 1].edge.text);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(bands[k].key, bands[i].key) == 0) {
                return yaml_fail(err, place, "%s has two bands named '%.100s'", owner,
                                 bands[i].key);
            }
        }
    }
    d->bands = bands;
    d->n_bands = node->n;
    return STRATA_OK;
}

/* --- whole dimensions --- */

typedef struct raw_dimension {
    model_dimension d;
    model_expr by;
    const yaml_node *tiers, *bands, *hold, *overrides;
    int ordered;
} raw_dimension;

static strata_status load_hold(model *m, const yaml_node *node, const char *owner, model_hold *out,
                               strata_error *err)
{
    static const field fields[] = {
        FIELD(model_hold, enter_after_days, "enter_after", FIELD_DAYS),
        FIELD(model_hold, leave_after_days, "leave_after", FIELD_DAYS),
        FIELD(model_hold, margin, "margin", FIELD_SHARE),
    };
    const char *hold = arena_printf(m->arena, "hold of %s", owner);
    if (hold == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(read_kind(node, YAML_MAP, "hold", owner, err));
    return read_fields(node, hold, fields, 3, out, err);
}

static strata_status load_common(model *m, const raw_dimension *raw, const char *owner,
                                 model_dimension *d, strata_error *err)
{
    if (raw->hold != NULL) {
        STRATA_TRY(load_hold(m, raw->hold, owner, &d->hold, err));
    }
    if (raw->overrides != NULL) {
        const char *text = NULL;
        STRATA_TRY(read_text(raw->overrides, "overrides", owner, &text, err));
        if (m->contained && strstr(text, "${") != NULL) {
            return yaml_fail(err, raw->overrides->place,
                             "'overrides' of %s may not read the environment when the model comes "
                             "from elsewhere than its file",
                             owner);
        }
        d->overrides_place = place_for_rule(raw->overrides->place, "overrides");
        STRATA_TRY(expand_environment(m->arena, text, raw->overrides->place, &d->overrides, err));
    }
    return STRATA_OK;
}

/* A key that the kind of dimension has no use for. */
static strata_status check_unused(const yaml_node *map, const char *key, const char *owner,
                                  const char *whose, strata_error *err)
{
    const yaml_entry *e = yaml_find(map, key);
    if (e == NULL) {
        return STRATA_OK;
    }
    return yaml_fail(err, e->key_place, "'%s' of %s is for %s only", key, owner, whose);
}

static strata_status check_keys(const yaml_node *map, const char *owner, dimension_kind kind,
                                strata_error *err)
{
    if (kind != DIMENSION_BY) {
        STRATA_TRY(check_unused(map, "other_under", owner, "'by'", err));
    }
    if (kind != DIMENSION_BANDS) {
        STRATA_TRY(check_unused(map, "of", owner, "'bands'", err));
    }
    if (kind != DIMENSION_TIERS) {
        STRATA_TRY(check_unused(map, "ordered", owner, "'tiers'", err));
        return STRATA_OK;
    }
    return check_unused(map, "missing", owner, "'bands' and 'by'", err);
}

static strata_status find_kind(const yaml_entry *e, const char *owner, const raw_dimension *raw,
                               dimension_kind *out, strata_error *err)
{
    int given = (raw->tiers != NULL) + (raw->bands != NULL) + (raw->by.text != NULL);
    if (given != 1) {
        return yaml_fail(
            err, e->key_place, "%s must have one of 'tiers', 'bands' and 'by'%s", owner,
            given > 1 ? ": set the others to null if they come from what is extended" : "");
    }
    *out = raw->tiers != NULL   ? DIMENSION_TIERS
           : raw->bands != NULL ? DIMENSION_BANDS
                                : DIMENSION_BY;
    return check_keys(e->value, owner, *out, err);
}

static strata_status fill_dimension(model *m, const yaml_entry *e, const char *owner,
                                    const raw_dimension *raw, model_dimension *d, strata_error *err)
{
    STRATA_TRY(find_kind(e, owner, raw, &d->kind, err));
    d->ordered = raw->ordered == 1 || d->kind == DIMENSION_BANDS;
    if (d->kind == DIMENSION_TIERS) {
        return load_tiers(m, raw->tiers, "tier", owner, d, err);
    }
    if (d->missing_key == NULL) {
        d->missing_key = "Unknown";
    }
    STRATA_TRY(check_key(d->missing_key, "segment", owner, e->value->place, err));
    if (d->kind == DIMENSION_BY) {
        d->of = raw->by;
        return STRATA_OK;
    }
    if (d->of.text == NULL) {
        return yaml_fail(err, e->key_place, "%s does not say what its bands are 'of'", owner);
    }
    STRATA_TRY(load_bands(m, raw->bands, owner, d, err));
    for (size_t i = 0; i < d->n_bands; i++) {
        if (strcmp(d->bands[i].key, d->missing_key) == 0) {
            return yaml_fail(err, place_from_rule(d->bands[i].edge.place),
                             "band '%.60s' of %s is also the segment for missing values: name "
                             "another with 'missing'",
                             d->missing_key, owner);
        }
    }
    return STRATA_OK;
}

static strata_status load_dimension(model *m, const yaml_entry *e, model_dimension *out,
                                    strata_error *err)
{
    static const field fields[] = {
        FIELD(raw_dimension, d.label, "label", FIELD_TEXT),
        FIELD(raw_dimension, tiers, "tiers", FIELD_NODE),
        FIELD(raw_dimension, ordered, "ordered", FIELD_FLAG),
        FIELD(raw_dimension, d.of, "of", FIELD_EXPR),
        FIELD(raw_dimension, bands, "bands", FIELD_NODE),
        FIELD(raw_dimension, by, "by", FIELD_EXPR),
        FIELD(raw_dimension, d.other_under, "other_under", FIELD_SHARE),
        FIELD(raw_dimension, d.missing_key, "missing", FIELD_TEXT),
        FIELD(raw_dimension, hold, "hold", FIELD_NODE),
        FIELD(raw_dimension, overrides, "overrides", FIELD_NODE),
    };
    const char *owner = owner_name(m, "dimension", e->key);
    if (owner == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(read_check_name(e, "dimension", err));
    raw_dimension raw = {.d = {.name = e->key, .label = e->key}, .ordered = -1};
    raw.d.place = place_for_rule(e->key_place, owner);
    STRATA_TRY(read_fields(e->value, owner, fields, sizeof fields / sizeof fields[0], &raw, err));
    STRATA_TRY(load_common(m, &raw, owner, &raw.d, err));
    model_dimension d = raw.d;
    STRATA_TRY(fill_dimension(m, e, owner, &raw, &d, err));
    *out = d;
    return STRATA_OK;
}

/* Dimensions and segments come in any order; segments go last. */
static strata_status append_dimensions(model *m, const model_dimension *more, size_t n, bool last,
                                       strata_error *err)
{
    model_dimension *all = NULL;
    STRATA_TRY(READ_NEW(m->arena, m->n_dimensions + n, model_dimension, &all, err));
    model_dimension *old = last ? all : all + n;
    model_dimension *added = last ? all + m->n_dimensions : all;
    if (m->n_dimensions > 0) {
        memcpy(old, m->dimensions, m->n_dimensions * sizeof *all);
    }
    memcpy(added, more, n * sizeof *all);
    m->dimensions = all;
    m->n_dimensions += n;
    return STRATA_OK;
}

strata_status load_dimensions(model *m, const yaml_entry *entry, strata_error *err)
{
    model_dimension *dimensions = NULL;
    STRATA_TRY(read_kind(entry->value, YAML_MAP, "dimensions", NULL, err));
    STRATA_TRY(READ_NEW(m->arena, entry->value->n, model_dimension, &dimensions, err));
    for (size_t i = 0; i < entry->value->n; i++) {
        const yaml_entry *e = &entry->value->entries[i];
        if (strcmp(e->key, "segment") == 0) {
            return yaml_fail(err, e->key_place,
                             "dimension 'segment' is made by 'segments': use that key or another "
                             "name");
        }
        STRATA_TRY(load_dimension(m, e, &dimensions[i], err));
    }
    return append_dimensions(m, dimensions, entry->value->n, false, err);
}

strata_status load_segments(model *m, const yaml_entry *entry, strata_error *err)
{
    static const field fields[] = {
        FIELD(raw_dimension, d.label, "label", FIELD_TEXT),
        FIELD(raw_dimension, tiers, "cells", FIELD_NODE),
        FIELD(raw_dimension, hold, "hold", FIELD_NODE),
        FIELD(raw_dimension, overrides, "overrides", FIELD_NODE),
    };
    raw_dimension raw = {.d = {.name = "segment", .label = "Segment", .kind = DIMENSION_TIERS}};
    raw.d.place = place_for_rule(entry->key_place, "segments");
    if (entry->value->kind == YAML_LIST) {
        raw.tiers = entry->value;
    } else {
        STRATA_TRY(read_fields(entry->value, "segments", fields, 4, &raw, err));
    }
    if (raw.tiers == NULL) {
        return yaml_fail(err, entry->key_place, "segments has no 'cells'");
    }
    STRATA_TRY(load_common(m, &raw, "segments", &raw.d, err));
    STRATA_TRY(load_tiers(m, raw.tiers, "segment", "segments", &raw.d, err));
    return append_dimensions(m, &raw.d, 1, true, err);
}
