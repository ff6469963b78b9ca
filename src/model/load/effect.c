/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan for the next 12 months does besides coverage: who gets which intervention, and what
 * that is assumed to keep where it was not measured. */
#include <math.h>

#include "model/load/load.h"

static const double MINUTES_MOST = 100000.0;

static strata_status read_part(const yaml_node *node, const char *key, const char *owner,
                               double *out, strata_error *err)
{
    constant c;
    STRATA_TRY(read_constant(node, key, owner, &c, err));
    bool share = c.type == VALUE_SHARE || c.type == VALUE_NUMBER;
    if (!share || !(c.value >= 0.0 && c.value <= 1.0)) {
        return yaml_fail(err, node->place, "'%s' of %s must be 0%% to 100%%, not '%.60s'", key,
                         owner, node->text);
    }
    *out = c.value;
    return STRATA_OK;
}

/* A share, or {low, likely, high}. */
static strata_status read_keeps(const yaml_node *node, const char *owner, model_action *out,
                                strata_error *err)
{
    typedef struct raw_range {
        const yaml_node *low, *likely, *high;
    } raw_range;
    static const field fields[] = {
        FIELD(raw_range, low, "low", FIELD_NODE),
        FIELD(raw_range, likely, "likely", FIELD_NODE),
        FIELD(raw_range, high, "high", FIELD_NODE),
    };
    if (node->kind != YAML_MAP) {
        STRATA_TRY(read_part(node, "keeps", owner, &out->keeps_likely, err));
        out->keeps_low = out->keeps_high = out->keeps_likely;
        return STRATA_OK;
    }
    raw_range raw = {0};
    STRATA_TRY(read_fields(node, owner, fields, 3, &raw, err));
    if (raw.low == NULL || raw.likely == NULL || raw.high == NULL) {
        return yaml_fail(err, node->place, "'keeps' of %s needs low, likely and high", owner);
    }
    STRATA_TRY(read_part(raw.low, "low", owner, &out->keeps_low, err));
    STRATA_TRY(read_part(raw.likely, "likely", owner, &out->keeps_likely, err));
    STRATA_TRY(read_part(raw.high, "high", owner, &out->keeps_high, err));
    if (!(out->keeps_low <= out->keeps_likely && out->keeps_likely <= out->keeps_high)) {
        return yaml_fail(err, node->place, "'keeps' of %s must rise from low over likely to high",
                         owner);
    }
    return STRATA_OK;
}

typedef struct raw_action {
    const char *name, *intervention;
    model_expr where;
    const yaml_node *share, *keeps;
    double minutes;
} raw_action;

static strata_status load_action(model *m, const yaml_node *map, model_action *out,
                                 strata_error *err)
{
    static const field fields[] = {
        FIELD(raw_action, name, "name", FIELD_TEXT),
        FIELD(raw_action, where, "where", FIELD_EXPR),
        FIELD(raw_action, intervention, "intervention", FIELD_TEXT),
        FIELD(raw_action, share, "share", FIELD_NODE),
        FIELD(raw_action, minutes, "minutes", FIELD_NUMBER),
        FIELD(raw_action, keeps, "keeps", FIELD_NODE),
    };
    raw_action raw = {.minutes = NAN};
    STRATA_TRY(read_kind(map, YAML_MAP, "action of effect", NULL, err));
    STRATA_TRY(read_fields(map, "action of effect", fields, 6, &raw, err));
    if (raw.name == NULL || raw.where.text == NULL ||
        (raw.intervention == NULL && raw.keeps == NULL)) {
        return yaml_fail(err, map->place,
                         "an action of effect needs name, where, and intervention or keeps");
    }
    if (!isnan(raw.minutes) && !(raw.minutes >= 0.0 && raw.minutes <= MINUTES_MOST)) {
        return yaml_fail(err, map->place, "minutes of an action must be 0 to %.0f", MINUTES_MOST);
    }
    const char *owner = owner_name(m, "action", raw.name);
    if (owner == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    model_action one = {.name = raw.name,
                        .intervention = raw.intervention,
                        .where = raw.where,
                        .minutes = raw.minutes,
                        .share = 1.0,
                        .keeps_low = NAN,
                        .keeps_likely = NAN,
                        .keeps_high = NAN,
                        .place = place_for_rule(map->place, owner)};
    STRATA_TRY(raw.share != NULL ? read_part(raw.share, "share", owner, &one.share, err)
                                 : STRATA_OK);
    STRATA_TRY(raw.keeps != NULL ? read_keeps(raw.keeps, owner, &one, err) : STRATA_OK);
    *out = one;
    return STRATA_OK;
}

strata_status load_effect_plan(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_effect {
        const yaml_node *actions;
    } raw_effect;
    static const field fields[] = {FIELD(raw_effect, actions, "actions", FIELD_NODE)};
    raw_effect raw = {0};
    model_action *all = NULL;
    STRATA_TRY(read_fields(entry->value, "effect", fields, 1, &raw, err));
    if (raw.actions == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(read_kind(raw.actions, YAML_LIST, "actions", "effect", err));
    STRATA_TRY(READ_NEW(m->arena, raw.actions->n, model_action, &all, err));
    for (size_t i = 0; i < raw.actions->n; i++) {
        STRATA_TRY(load_action(m, raw.actions->entries[i].value, &all[i], err));
    }
    m->actions = all;
    m->n_actions = raw.actions->n;
    return STRATA_OK;
}
