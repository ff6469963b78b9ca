/* SPDX-License-Identifier: Apache-2.0 */
/* How accounts are looked after: what each touch level means, which segment gets which, and how
 * long each activity takes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "model/load/load.h"

const char *const touch_level_names[] = {"digital", "low", "medium", "high", NULL};
const char *const work_names[] = {"touchpoint", "review", "onboarding", "renewal", "ticket", NULL};

/* What people call how often something happens, in days. */
static const struct {
    const char *name;
    int days;
} rhythms[] = {{"none", 0},       {"weekly", 7},        {"fortnightly", 14}, {"monthly", 30},
               {"quarterly", 91}, {"half-yearly", 182}, {"yearly", 365}};
enum { N_RHYTHMS = sizeof rhythms / sizeof rhythms[0], DAYS_MOST = 3650, HOURS_MOST = 10000 };

static strata_status read_days(const yaml_node *node, const char *key, const char *owner, int *out,
                               strata_error *err)
{
    constant c;
    STRATA_TRY(read_constant(node, key, owner, &c, err));
    bool days = c.type == VALUE_DURATION || c.type == VALUE_NUMBER;
    if (!days || !(c.value >= 0.0 && c.value <= DAYS_MOST)) {
        return yaml_fail(err, node->place, "'%.100s' of %s must be 0 to %d days, not '%.60s'", key,
                         owner, DAYS_MOST, node->text);
    }
    *out = (int)lround(c.value);
    return STRATA_OK;
}

const char *rhythm_name(int days)
{
    for (size_t i = 0; i < N_RHYTHMS; i++) {
        if (rhythms[i].days == days) {
            return rhythms[i].name;
        }
    }
    return NULL;
}

/* "weekly" and the like, or a number of days. */
static strata_status read_rhythm(const yaml_node *node, const char *key, const char *owner,
                                 int *out, strata_error *err)
{
    if (node->kind == YAML_TEXT) {
        for (size_t i = 0; i < N_RHYTHMS; i++) {
            if (strcmp(node->text, rhythms[i].name) == 0) {
                *out = rhythms[i].days;
                return STRATA_OK;
            }
        }
    }
    strata_error why = {0};
    strata_status st =
        node->kind == YAML_TEXT ? read_days(node, key, owner, out, &why) : STRATA_E_MODEL;
    if (st != STRATA_E_MODEL) {
        return st == STRATA_OK ? STRATA_OK : strata_fail(err, st, "%s", why.message);
    }
    return yaml_fail(err, node->place,
                     "'%.100s' of %s must be none, weekly, fortnightly, monthly, quarterly, "
                     "half-yearly, yearly or a number of days",
                     key, owner);
}

typedef struct raw_programme {
    int touch; /* -1: not stated */
    const yaml_node *cadence, *reviews, *onboarding;
    const char *support;
    double accounts_per_csm;
} raw_programme;

static const field programme_fields[] = {
    FIELD(raw_programme, cadence, "cadence", FIELD_NODE),
    FIELD(raw_programme, reviews, "reviews", FIELD_NODE),
    FIELD(raw_programme, onboarding, "onboarding", FIELD_NODE),
    FIELD(raw_programme, support, "support", FIELD_TEXT),
    FIELD(raw_programme, accounts_per_csm, "accounts_per_csm", FIELD_NUMBER),
    CHOICE(raw_programme, touch, "touch", touch_level_names), /* last: levels have none */
};
enum { PROGRAMME_FIELDS = sizeof programme_fields / sizeof programme_fields[0] };

/* `out` keeps what the mapping does not state. */
static strata_status read_programme(const yaml_node *map, const char *owner, size_t n_fields,
                                    int *touch, model_programme *out, strata_error *err)
{
    raw_programme raw = {.touch = -1, .support = out->support, .accounts_per_csm = NAN};
    STRATA_TRY(read_fields(map, owner, programme_fields, n_fields, &raw, err));
    if (raw.cadence != NULL) {
        STRATA_TRY(read_rhythm(raw.cadence, "cadence", owner, &out->cadence_days, err));
    }
    if (raw.reviews != NULL) {
        STRATA_TRY(read_rhythm(raw.reviews, "reviews", owner, &out->review_days, err));
    }
    if (raw.onboarding != NULL) {
        STRATA_TRY(read_days(raw.onboarding, "onboarding", owner, &out->onboarding_days, err));
    }
    if (!isnan(raw.accounts_per_csm) &&
        !(raw.accounts_per_csm > 0.0 && raw.accounts_per_csm <= 1e6)) {
        return yaml_fail(err, map->place, "accounts_per_csm of %s must be above 0, up to 1M",
                         owner);
    }
    out->accounts_per_csm =
        isnan(raw.accounts_per_csm) ? out->accounts_per_csm : raw.accounts_per_csm;
    out->support = raw.support;
    *touch = raw.touch;
    return STRATA_OK;
}

/* --- levels --- */

static strata_status load_levels(model *m, const yaml_node *map, strata_error *err)
{
    STRATA_TRY(read_kind(map, YAML_MAP, "levels", "engagement", err));
    for (size_t i = 0; i < map->n; i++) {
        const yaml_entry *e = &map->entries[i];
        size_t level = 0;
        while (level < TOUCH_LEVELS && strcmp(touch_level_names[level], e->key) != 0) {
            level++;
        }
        if (level == TOUCH_LEVELS) {
            return read_fail_unknown(e, "levels of engagement", touch_level_names, TOUCH_LEVELS,
                                     err);
        }
        int ignored = -1;
        const char *owner = owner_name(m, "touch level", e->key);
        if (owner == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
        }
        STRATA_TRY(read_programme(e->value, owner, PROGRAMME_FIELDS - 1, &ignored,
                                  &m->engagement.levels[level], err));
        m->engagement.has_level[level] = true;
    }
    return STRATA_OK;
}

/* --- hours --- */

static strata_status load_hours(model *m, const yaml_node *map, strata_error *err)
{
    STRATA_TRY(read_kind(map, YAML_MAP, "hours", "engagement", err));
    for (size_t i = 0; i < map->n; i++) {
        const yaml_entry *e = &map->entries[i];
        size_t kind = 0;
        while (kind < WORK_KINDS && strcmp(work_names[kind], e->key) != 0) {
            kind++;
        }
        if (kind == WORK_KINDS) {
            return read_fail_unknown(e, "hours of engagement", work_names, WORK_KINDS, err);
        }
        double hours = 0.0;
        STRATA_TRY(read_number(e->value, e->key, "hours", &hours, err));
        if (!(hours >= 0.0 && hours <= HOURS_MOST)) {
            return yaml_fail(err, e->value->place, "hours of a %s must be 0 to %d, not '%.60s'",
                             e->key, HOURS_MOST, e->value->text);
        }
        m->engagement.hours[kind] = hours;
    }
    return STRATA_OK;
}

/* --- segments --- */

static strata_status load_engaged(model *m, const yaml_entry *e, model_engaged *out,
                                  strata_error *err)
{
    const char *owner = owner_name(m, "engagement of", e->key);
    model_engaged one = {.segment = e->key, .own = MODEL_PROGRAMME_UNSTATED};
    int touch = -1;
    if (owner == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    one.place = place_for_rule(e->key_place, owner);
    STRATA_TRY(read_programme(e->value, owner, PROGRAMME_FIELDS, &touch, &one.own, err));
    if (touch < 0) {
        return yaml_fail(err, e->key_place, "%s has no 'touch': high, medium, low or digital",
                         owner);
    }
    one.touch = (touch_level)touch;
    *out = one;
    return STRATA_OK;
}

static strata_status load_segments_of(model *m, const yaml_node *map, strata_error *err)
{
    model_engaged *all = NULL;
    STRATA_TRY(read_kind(map, YAML_MAP, "segments", "engagement", err));
    STRATA_TRY(READ_NEW(m->arena, map->n, model_engaged, &all, err));
    for (size_t i = 0; i < map->n; i++) {
        STRATA_TRY(load_engaged(m, &map->entries[i], &all[i], err));
    }
    m->engagement.segments = all;
    m->engagement.n_segments = map->n;
    return STRATA_OK;
}

/* --- effect and growth --- */

#define GROWTH_MOST 10.0 /* 1,000 % more */

static strata_status read_range_part(const yaml_node *node, const char *key, double most,
                                     double *out, strata_error *err)
{
    constant c;
    STRATA_TRY(read_constant(node, key, "engagement", &c, err));
    bool share = c.type == VALUE_SHARE || c.type == VALUE_NUMBER;
    if (!share || !(c.value >= 0.0 && c.value <= most)) {
        return yaml_fail(err, node->place, "'%s' of engagement must be 0%% to %.0f%%, not '%.60s'",
                         key, 100.0 * most, node->text);
    }
    *out = c.value;
    return STRATA_OK;
}

/* A share, or {low, likely, high}; up to `most`. */
static strata_status load_range(const yaml_node *node, const char *key, double most,
                                model_range *out, strata_error *err)
{
    typedef struct raw_range {
        const yaml_node *low, *likely, *high;
    } raw_range;
    static const field fields[] = {
        FIELD(raw_range, low, "low", FIELD_NODE),
        FIELD(raw_range, likely, "likely", FIELD_NODE),
        FIELD(raw_range, high, "high", FIELD_NODE),
    };
    char owner[64];
    (void)snprintf(owner, sizeof owner, "%s of engagement", key);
    if (node->kind != YAML_MAP) {
        STRATA_TRY(read_range_part(node, key, most, &out->likely, err));
        out->low = out->high = out->likely;
        return STRATA_OK;
    }
    raw_range raw = {0};
    STRATA_TRY(read_fields(node, owner, fields, 3, &raw, err));
    if (raw.low == NULL || raw.likely == NULL || raw.high == NULL) {
        return yaml_fail(err, node->place, "%s needs low, likely and high", owner);
    }
    STRATA_TRY(read_range_part(raw.low, "low", most, &out->low, err));
    STRATA_TRY(read_range_part(raw.likely, "likely", most, &out->likely, err));
    STRATA_TRY(read_range_part(raw.high, "high", most, &out->high, err));
    if (!(out->low <= out->likely && out->likely <= out->high)) {
        return yaml_fail(err, node->place, "%s must rise from low over likely to high", owner);
    }
    return STRATA_OK;
}

/* Does the model itself, and no template, say what it goes by? */
static bool states_by(const yaml_node *map)
{
    for (size_t i = 0; i < map->n; i++) {
        if (strcmp(map->entries[i].key, "by") == 0) {
            return !is_from_template(place_for_rule(map->entries[i].key_place, "engagement"));
        }
    }
    return false;
}

strata_status load_engagement(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_engagement {
        const char *by;
        const yaml_node *levels, *segments, *hours, *effect, *growth;
        double month;
    } raw_engagement;
    static const field fields[] = {
        FIELD(raw_engagement, by, "by", FIELD_TEXT),
        FIELD(raw_engagement, levels, "levels", FIELD_NODE),
        FIELD(raw_engagement, segments, "segments", FIELD_NODE),
        FIELD(raw_engagement, hours, "hours", FIELD_NODE),
        FIELD(raw_engagement, month, "month", FIELD_NUMBER),
        FIELD(raw_engagement, effect, "effect", FIELD_NODE),
        FIELD(raw_engagement, growth, "growth", FIELD_NODE),
    };
    raw_engagement raw = {.month = NAN};
    STRATA_TRY(read_fields(entry->value, "engagement", fields, 7, &raw, err));
    if (!isnan(raw.month) && !(raw.month > 0.0 && raw.month <= 744.0)) {
        return yaml_fail(err, entry->key_place,
                         "'month' of engagement must be above 0, up to 744 hours");
    }
    m->engagement.by = raw.by;
    m->engagement.own_by = states_by(entry->value);
    m->engagement.month_hours = raw.month;
    m->engagement.place = place_for_rule(entry->key_place, "engagement");
    STRATA_TRY(raw.levels != NULL ? load_levels(m, raw.levels, err) : STRATA_OK);
    STRATA_TRY(raw.hours != NULL ? load_hours(m, raw.hours, err) : STRATA_OK);
    model_engagement *g = &m->engagement;
    if (raw.effect != NULL) {
        STRATA_TRY(load_range(raw.effect, "effect", 1.0, &g->effect, err));
    }
    if (raw.growth != NULL) {
        STRATA_TRY(load_range(raw.growth, "growth", GROWTH_MOST, &g->growth, err));
    }
    return raw.segments != NULL ? load_segments_of(m, raw.segments, err) : STRATA_OK;
}

/* --- against the dimensions --- */

strata_status check_names_segment(const model_dimension *d, const char *key, const char *segment,
                                  rule_place place, strata_error *err)
{
    enum { NAMES_MAX = 256 };
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (size_t i = 0; i < d->n_tiers && n < NAMES_MAX; i++) {
        names[n++] = d->tiers[i].key;
    }
    for (size_t i = 0; i < d->n_bands && n < NAMES_MAX; i++) {
        names[n++] = d->bands[i].key;
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], segment) == 0) {
            return STRATA_OK;
        }
    }
    if (d->kind == DIMENSION_BY) {
        return STRATA_OK; /* its segments come from the data */
    }
    return yaml_fail(err, place_from_rule(place),
                     "%s names the segment '%.100s', which dimension '%s' has not%s", key, segment,
                     d->name, nearest_hint(segment, names, n).text);
}

bool is_from_template(rule_place place)
{
    static const char prefix[] = "template ";
    return strncmp(place.file, prefix, sizeof prefix - 1) == 0;
}

static const model_dimension *dimension_of(const model *m)
{
    const char *by = m->engagement.by != NULL ? m->engagement.by : m->primary;
    const model_dimension *d = NULL;
    for (size_t i = 0; i < m->n_dimensions && by != NULL; i++) {
        d = strcmp(m->dimensions[i].name, by) == 0 ? &m->dimensions[i] : d;
    }
    return d;
}

static bool has_segment(const model_dimension *d, const char *key)
{
    bool found = false;
    for (size_t i = 0; i < d->n_tiers; i++) {
        found = found || strcmp(d->tiers[i].key, key) == 0;
    }
    for (size_t i = 0; i < d->n_bands; i++) {
        found = found || strcmp(d->bands[i].key, key) == 0;
    }
    return found;
}

strata_status leave_foreign_engagement(model *m, strata_error *err)
{
    model_engagement *g = &m->engagement;
    const model_dimension *d = dimension_of(m);
    bool foreign = false;
    for (size_t i = 0; i < g->n_segments && d != NULL && g->own_by; i++) {
        const model_engaged *e = &g->segments[i];
        foreign = foreign || (is_from_template(e->place) && !has_segment(d, e->segment));
    }
    if (!foreign) {
        return STRATA_OK;
    }
    model_engaged *own = NULL;
    size_t n = 0;
    STRATA_TRY(READ_NEW(m->arena, g->n_segments, model_engaged, &own, err));
    for (size_t i = 0; i < g->n_segments; i++) {
        if (!is_from_template(g->segments[i].place)) {
            own[n++] = g->segments[i];
        }
    }
    g->segments = own;
    g->n_segments = n;
    return STRATA_OK;
}

strata_status check_engagement(const model *m, strata_error *err)
{
    const model_engagement *g = &m->engagement;
    const model_dimension *d = dimension_of(m);
    if (g->by != NULL && d == NULL && !is_from_template(g->place)) {
        return yaml_fail(err, place_from_rule(g->place),
                         "engagement goes by the dimension '%.100s', which there is not", g->by);
    }
    for (size_t i = 0; i < g->n_segments; i++) {
        const model_engaged *e = &g->segments[i];
        if (is_from_template(e->place)) {
            continue;
        }
        if (d == NULL) {
            return yaml_fail(err, place_from_rule(e->place),
                             "engagement has segments, but the model has no dimension");
        }
        STRATA_TRY(check_names_segment(d, "engagement", e->segment, e->place, err));
        if (!g->has_level[e->touch]) {
            return yaml_fail(err, place_from_rule(e->place),
                             "touch '%s' is not among the levels of engagement; add levels: {%s: "
                             "{cadence: ...}}",
                             touch_level_names[e->touch], touch_level_names[e->touch]);
        }
    }
    return STRATA_OK;
}
