/* SPDX-License-Identifier: Apache-2.0 */
/* What is aimed at per segment, and who answers for it. */
#include <math.h>
#include <string.h>

#include "base/nearest.h"
#include "model/load/load.h"

const char *const target_names[] = {"nrr", "grr",           "churn", "expansion",
                                    "nps", "cost_to_serve", NULL};
static const char all_segments[] = "all";
enum { OWNER = TARGET_MEASURES, SOURCE, KEYS };

/* NPS is a number from -100 to 100, NRR a share up to 1000 %, all others are shares up to 100 %. */
static strata_status read_target(const yaml_entry *e, const char *owner, size_t measure,
                                 double *out, strata_error *err)
{
    constant c;
    STRATA_TRY(read_constant(e->value, e->key, owner, &c, err));
    bool nps = measure == TARGET_NPS;
    double least = nps ? -100.0 : 0.0;
    double most = nps ? 100.0 : measure == TARGET_NRR ? 10.0 : 1.0;
    bool type = c.type == VALUE_NUMBER || (c.type == VALUE_SHARE && !nps);
    if (!type || !(c.value >= least && c.value <= most)) {
        return yaml_fail(err, e->value->place, "'%.100s' of %s is '%.60s', but must be %s", e->key,
                         owner, e->value->text,
                         nps                     ? "a number from -100 to 100"
                         : measure == TARGET_NRR ? "a share from 0% to 1000%"
                                                 : "a share from 0% to 100%");
    }
    *out = c.value;
    return STRATA_OK;
}

static strata_status load_segment(model *m, const yaml_entry *entry, model_segment_targets *out,
                                  strata_error *err)
{
    const char *keys[KEYS];
    for (size_t k = 0; k < TARGET_MEASURES; k++) {
        keys[k] = target_names[k];
        out->value[k] = NAN;
    }
    keys[OWNER] = "owner";
    keys[SOURCE] = "source";
    const char *owner = owner_name(m, "targets of", entry->key);
    if (owner == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    out->segment = entry->key;
    out->place = place_for_rule(entry->key_place, owner);
    for (size_t i = 0; i < entry->value->n; i++) {
        const yaml_entry *e = &entry->value->entries[i];
        size_t k = 0;
        while (k < KEYS && strcmp(keys[k], e->key) != 0) {
            k++;
        }
        if (k == KEYS) {
            return read_fail_unknown(e, owner, keys, KEYS, err);
        }
        STRATA_TRY(k == OWNER    ? read_text(e->value, e->key, owner, &out->owner, err)
                   : k == SOURCE ? read_text(e->value, e->key, owner, &out->source, err)
                                 : read_target(e, owner, k, &out->value[k], err));
    }
    return STRATA_OK;
}

strata_status load_segment_targets(model *m, const yaml_node *map, strata_error *err)
{
    model_segment_targets *all = NULL;
    model_scoreboard board = {0};
    STRATA_TRY(READ_NEW(m->arena, map->n, model_segment_targets, &all, err));
    for (size_t i = 0; i < map->n; i++) {
        const yaml_entry *e = &map->entries[i];
        if (e->value->kind == YAML_MAP) {
            STRATA_TRY(load_segment(m, e, &all[board.n++], err));
        } else if (strcmp(e->key, "by") == 0) {
            STRATA_TRY(read_text(e->value, e->key, "targets", &board.by, err));
            board.place = place_for_rule(e->key_place, "targets");
        } else if (strcmp(e->key, "owner") == 0) {
            STRATA_TRY(read_text(e->value, e->key, "targets", &board.owner, err));
        }
    }
    board.segments = all;
    m->scoreboard = board;
    return STRATA_OK;
}

/* --- against the dimensions --- */

static strata_status check_segment(const model_dimension *d, const model_segment_targets *t,
                                   strata_error *err)
{
    enum { NAMES_MAX = 256 };
    const char *names[NAMES_MAX];
    size_t n = 0;
    names[n++] = all_segments;
    for (size_t i = 0; d != NULL && i < d->n_tiers && n < NAMES_MAX; i++) {
        names[n++] = d->tiers[i].key;
    }
    for (size_t i = 0; d != NULL && i < d->n_bands && n < NAMES_MAX; i++) {
        names[n++] = d->bands[i].key;
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], t->segment) == 0) {
            return STRATA_OK;
        }
    }
    if (d != NULL && d->kind == DIMENSION_BY) {
        return STRATA_OK; /* its segments come from the data */
    }
    return yaml_fail(err, place_from_rule(t->place),
                     "targets names the segment '%.100s', which dimension '%s' has not%s",
                     t->segment, d != NULL ? d->name : "none",
                     nearest_hint(t->segment, names, n).text);
}

strata_status check_targets(const model *m, strata_error *err)
{
    const model_scoreboard *s = &m->scoreboard;
    const char *by = s->by != NULL ? s->by : m->primary;
    const model_dimension *d = NULL;
    for (size_t i = 0; i < m->n_dimensions && by != NULL; i++) {
        d = strcmp(m->dimensions[i].name, by) == 0 ? &m->dimensions[i] : d;
    }
    if (s->by != NULL && d == NULL) {
        return yaml_fail(err, place_from_rule(s->place),
                         "targets go by the dimension '%.100s', which there is not", s->by);
    }
    for (size_t i = 0; i < s->n; i++) {
        STRATA_TRY(check_segment(d, &s->segments[i], err));
    }
    return STRATA_OK;
}
