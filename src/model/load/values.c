/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "model/load/load.h"

/* --- features --- */

static strata_status load_feature(model *m, const yaml_entry *e, model_feature *out,
                                  strata_error *err)
{
    static const field fields[] = {
        FIELD(model_feature, value, "value", FIELD_EXPR),
        FIELD(model_feature, label, "label", FIELD_TEXT),
    };
    const char *owner = owner_name(m, "feature", e->key);
    if (owner == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    STRATA_TRY(read_check_name(e, "feature", err));
    model_feature f = {.name = e->key, .label = e->key};
    if (e->value->kind == YAML_TEXT) {
        STRATA_TRY(read_expr(e->value, "value", owner, &f.value, err));
    } else {
        STRATA_TRY(read_fields(e->value, owner, fields, 2, &f, err));
    }
    if (f.value.text == NULL) {
        return yaml_fail(err, e->key_place, "%s has no 'value'", owner);
    }
    *out = f;
    return STRATA_OK;
}

strata_status load_features(model *m, const yaml_entry *entry, strata_error *err)
{
    model_feature *features = NULL;
    STRATA_TRY(read_kind(entry->value, YAML_MAP, "features", NULL, err));
    STRATA_TRY(READ_NEW(m->arena, entry->value->n, model_feature, &features, err));
    for (size_t i = 0; i < entry->value->n; i++) {
        STRATA_TRY(load_feature(m, &entry->value->entries[i], &features[i], err));
    }
    m->features = features;
    m->n_features = entry->value->n;
    return STRATA_OK;
}

/* --- bins --- */

typedef struct raw_bin {
    model_bin b;
    const yaml_node *steps, *quantiles, *missing;
    int reverse;
} raw_bin;

typedef struct raw_step {
    double score;
    model_expr up_to;
    int otherwise;
} raw_step;

static strata_status load_step(const yaml_node *node, const char *owner, bool last,
                               model_bin_step *out, strata_error *err)
{
    static const field fields[] = {
        FIELD(raw_step, score, "score", FIELD_NUMBER),
        FIELD(raw_step, up_to, "up_to", FIELD_EXPR),
        FIELD(raw_step, otherwise, "otherwise", FIELD_FLAG),
    };
    raw_step raw = {.score = NAN};
    constant edge = {.value = NAN};
    STRATA_TRY(read_fields(node, owner, fields, 3, &raw, err));
    if (isnan(raw.score)) {
        return yaml_fail(err, node->place, "a step of %s has no 'score'", owner);
    }
    if (last != (raw.otherwise == 1) || last != (raw.up_to.text == NULL)) {
        return yaml_fail(err, node->place,
                         last ? "the last step of %s must be {otherwise: true, score: ..}"
                              : "a step of %s before the last must have 'up_to', not 'otherwise'",
                         owner);
    }
    if (!last) {
        STRATA_TRY(read_constant_text(&raw.up_to, "up_to", owner, &edge, err));
    }
    *out = (model_bin_step){.score = raw.score, .up_to = raw.up_to, .edge = edge.value};
    return STRATA_OK;
}

static strata_status load_steps(model *m, const yaml_node *list, const char *owner, model_bin *b,
                                strata_error *err)
{
    model_bin_step *steps = NULL;
    STRATA_TRY(read_kind(list, YAML_LIST, "steps", owner, err));
    if (list->n < 2) {
        return yaml_fail(err, list->place, "'steps' of %s needs two steps or more", owner);
    }
    STRATA_TRY(READ_NEW(m->arena, list->n, model_bin_step, &steps, err));
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *node = list->entries[i].value;
        STRATA_TRY(load_step(node, owner, i + 1 == list->n, &steps[i], err));
        if (i > 0 && i + 1 < list->n && !(steps[i].edge > steps[i - 1].edge)) {
            return yaml_fail(err, place_from_rule(steps[i].up_to.place),
                             "steps of %s must ascend: %.40s comes after %.40s", owner,
                             steps[i].up_to.text, steps[i - 1].up_to.text);
        }
    }
    b->steps = steps;
    b->n_steps = list->n;
    return STRATA_OK;
}

static strata_status load_quantiles(const yaml_node *node, const char *owner, model_bin *b,
                                    strata_error *err)
{
    double n = 0;
    STRATA_TRY(read_number(node, "quantiles", owner, &n, err));
    if (!(n >= 2 && n <= 100) || floor(n) < n) {
        return yaml_fail(err, node->place,
                         "'quantiles' of %s is '%.60s', but must be a whole number from 2 to 100",
                         owner, node->text);
    }
    b->quantiles = (int)n;
    return STRATA_OK;
}

static strata_status load_bin(model *m, const yaml_entry *e, model_bin *out, strata_error *err)
{
    static const field fields[] = {
        FIELD(raw_bin, b.label, "label", FIELD_TEXT),
        FIELD(raw_bin, b.of, "of", FIELD_EXPR),
        FIELD(raw_bin, steps, "steps", FIELD_NODE),
        FIELD(raw_bin, quantiles, "quantiles", FIELD_NODE),
        FIELD(raw_bin, reverse, "reverse", FIELD_FLAG),
        FIELD(raw_bin, missing, "missing", FIELD_NODE),
    };
    const char *owner = owner_name(m, "bin", e->key);
    if (owner == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    STRATA_TRY(read_check_name(e, "bin", err));
    raw_bin raw = {.b = {.name = e->key, .label = e->key, .missing_score = NAN}, .reverse = -1};
    STRATA_TRY(read_fields(e->value, owner, fields, 6, &raw, err));
    raw.b.place = place_for_rule(e->key_place, owner);
    if (raw.b.of.text == NULL) {
        return yaml_fail(err, e->key_place, "%s has no 'of'", owner);
    }
    if ((raw.steps == NULL) == (raw.quantiles == NULL)) {
        return yaml_fail(err, e->key_place, "%s must have one of 'steps' and 'quantiles'", owner);
    }
    if (raw.reverse != -1 && raw.quantiles == NULL) {
        return yaml_fail(err, e->key_place, "'reverse' of %s is for quantiles only", owner);
    }
    raw.b.reverse = raw.reverse == 1;
    STRATA_TRY(raw.steps != NULL ? load_steps(m, raw.steps, owner, &raw.b, err)
                                 : load_quantiles(raw.quantiles, owner, &raw.b, err));
    if (raw.missing != NULL) {
        STRATA_TRY(read_number(raw.missing, "missing", owner, &raw.b.missing_score, err));
    }
    *out = raw.b;
    return STRATA_OK;
}

strata_status load_bins(model *m, const yaml_entry *entry, strata_error *err)
{
    model_bin *bins = NULL;
    STRATA_TRY(read_kind(entry->value, YAML_MAP, "bins", NULL, err));
    STRATA_TRY(READ_NEW(m->arena, entry->value->n, model_bin, &bins, err));
    for (size_t i = 0; i < entry->value->n; i++) {
        STRATA_TRY(load_bin(m, &entry->value->entries[i], &bins[i], err));
    }
    m->bins = bins;
    m->n_bins = entry->value->n;
    return STRATA_OK;
}

/* --- scores --- */

typedef struct raw_factor {
    model_factor f;
    const yaml_node *scale;
} raw_factor;

static strata_status load_points(model *m, const yaml_node *map, const char *owner, model_factor *f,
                                 strata_error *err)
{
    model_point *points = NULL;
    STRATA_TRY(read_kind(map, YAML_MAP, "scale", owner, err));
    if (map->n < 2) {
        return yaml_fail(err, map->place, "'scale' of %s needs two points or more", owner);
    }
    STRATA_TRY(READ_NEW(m->arena, map->n, model_point, &points, err));
    for (size_t i = 0; i < map->n; i++) {
        const yaml_entry *e = &map->entries[i];
        constant x;
        points[i].edge = (model_expr){e->key, place_for_rule(e->key_place, owner)};
        STRATA_TRY(read_constant_text(&points[i].edge, "scale", owner, &x, err));
        points[i].x = x.value;
        STRATA_TRY(read_number(e->value, e->key, owner, &points[i].y, err));
        if (!(points[i].y >= 0 && points[i].y <= 100)) {
            return yaml_fail(err, e->value->place,
                             "'scale' of %s gives %.40s points, but a score goes from 0 to 100",
                             owner, e->value->text);
        }
        if (i > 0 && !(points[i].x > points[i - 1].x)) {
            return yaml_fail(err, e->key_place,
                             "'scale' of %s must ascend: %.40s comes after %.40s", owner, e->key,
                             map->entries[i - 1].key);
        }
    }
    f->points = points;
    f->n_points = map->n;
    return STRATA_OK;
}

static strata_status load_factor(model *m, const yaml_node *node, const char *score, size_t index,
                                 model_factor *out, strata_error *err)
{
    static const field fields[] = {
        FIELD(raw_factor, f.feature, "feature", FIELD_EXPR),
        FIELD(raw_factor, f.label, "label", FIELD_TEXT),
        FIELD(raw_factor, f.weight, "weight", FIELD_SHARE),
        FIELD(raw_factor, scale, "scale", FIELD_NODE),
    };
    const char *owner = arena_printf(m->arena, "factor %zu of score '%s'", index + 1, score);
    if (owner == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    raw_factor raw = {.f = {.weight = NAN}};
    STRATA_TRY(read_fields(node, owner, fields, 4, &raw, err));
    const char *without = raw.f.feature.text == NULL ? "feature"
                          : isnan(raw.f.weight)      ? "weight"
                          : raw.scale == NULL        ? "scale"
                                                     : NULL;
    if (without != NULL) {
        return yaml_fail(err, node->place, "%s has no '%s'", owner, without);
    }
    if (!(raw.f.weight > 0)) {
        return yaml_fail(err, yaml_find(node, "weight")->value->place,
                         "%s weighs nothing: leave it out", owner);
    }
    STRATA_TRY(load_points(m, raw.scale, owner, &raw.f, err));
    if (raw.f.label == NULL) {
        raw.f.label = raw.f.feature.text;
    }
    *out = raw.f;
    return STRATA_OK;
}

static strata_status check_weights(const yaml_node *list, const char *owner, const model_score *s,
                                   strata_error *err)
{
    double sum = 0;
    char text[NUMBER_TEXT];
    for (size_t i = 0; i < s->n_factors; i++) {
        sum += s->factors[i].weight;
    }
    if (fabs(sum - 1) < 1e-9) {
        return STRATA_OK;
    }
    number_format_share(sum, text);
    return yaml_fail(err, list->place, "weights of %s sum to %s %%, but must sum to 100 %%", owner,
                     text);
}

static strata_status load_factors(model *m, const yaml_node *list, const char *owner,
                                  model_score *s, strata_error *err)
{
    model_factor *factors = NULL;
    STRATA_TRY(read_kind(list, YAML_LIST, "factors", owner, err));
    STRATA_TRY(READ_NEW(m->arena, list->n, model_factor, &factors, err));
    for (size_t i = 0; i < list->n; i++) {
        STRATA_TRY(load_factor(m, list->entries[i].value, s->name, i, &factors[i], err));
    }
    s->factors = factors;
    s->n_factors = list->n;
    return check_weights(list, owner, s, err);
}

typedef struct raw_score {
    model_score s;
    int missing; /* -1: not given */
    const yaml_node *factors;
} raw_score;

static strata_status load_score(model *m, const yaml_entry *e, model_score *out, strata_error *err)
{
    static const char *const policies[] = {"redistribute", "neutral", "worst", "exclude", NULL};
    static const field fields[] = {
        FIELD(raw_score, s.label, "label", FIELD_TEXT),
        CHOICE(raw_score, missing, "missing", policies),
        FIELD(raw_score, s.minimum_weight, "minimum_weight", FIELD_SHARE),
        FIELD(raw_score, factors, "factors", FIELD_NODE),
    };
    const char *owner = owner_name(m, "score", e->key);
    if (owner == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    STRATA_TRY(read_check_name(e, "score", err));
    raw_score raw = {.s = {.name = e->key, .label = e->key}, .missing = -1};
    raw.s.place = place_for_rule(e->key_place, owner);
    STRATA_TRY(read_fields(e->value, owner, fields, 4, &raw, err));
    if (raw.factors == NULL) {
        return yaml_fail(err, e->key_place, "%s has no 'factors'", owner);
    }
    if (raw.missing == -1) {
        return yaml_fail(err, e->key_place,
                         "%s does not say what a missing factor does: add 'missing: redistribute', "
                         "neutral, worst or exclude",
                         owner);
    }
    raw.s.missing = (missing_policy)raw.missing;
    STRATA_TRY(load_factors(m, raw.factors, owner, &raw.s, err));
    *out = raw.s;
    return STRATA_OK;
}

strata_status load_scores(model *m, const yaml_entry *entry, strata_error *err)
{
    model_score *scores = NULL;
    STRATA_TRY(read_kind(entry->value, YAML_MAP, "scores", NULL, err));
    STRATA_TRY(READ_NEW(m->arena, entry->value->n, model_score, &scores, err));
    for (size_t i = 0; i < entry->value->n; i++) {
        STRATA_TRY(load_score(m, &entry->value->entries[i], &scores[i], err));
    }
    m->scores = scores;
    m->n_scores = entry->value->n;
    return STRATA_OK;
}
