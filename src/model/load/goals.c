/* SPDX-License-Identifier: Apache-2.0 */
/* Retention that a cohort is measured against: what others reach, what is aimed at. */
#include <stdio.h>
#include <string.h>

#include "model/load/load.h"

enum { KEYS = GOAL_MEASURES * GOAL_AGES, SOURCE = KEYS, KEY_TEXT = 32 };

const int goal_months[GOAL_AGES] = {3, 6, 9, 12};
static const char *const measures[GOAL_MEASURES] = {
    [GOAL_LOGO] = "logo_retention", [GOAL_NRR] = "nrr", [GOAL_GRR] = "grr"};

typedef struct goal_keys {
    char text[KEYS][KEY_TEXT];
    const char *names[KEYS + 1]; /* and "source" */
} goal_keys;

static void list_keys(goal_keys *k)
{
    for (size_t i = 0; i < KEYS; i++) {
        (void)snprintf(k->text[i], KEY_TEXT, "%s_%dm", measures[i / GOAL_AGES],
                       goal_months[i % GOAL_AGES]);
        k->names[i] = k->text[i];
    }
    k->names[SOURCE] = "source";
}

static strata_status read_goal(const yaml_entry *e, const char *owner, bool above_one, double *out,
                               strata_error *err)
{
    const double most = above_one ? 10.0 : 1.0;
    constant c;
    STRATA_TRY(read_constant(e->value, e->key, owner, &c, err));
    if ((c.type != VALUE_SHARE && c.type != VALUE_NUMBER) || !(c.value >= 0.0 && c.value <= most)) {
        return yaml_fail(err, e->value->place,
                         "'%.100s' of %s is '%.60s', but must be a share from 0%% to %s", e->key,
                         owner, e->value->text, above_one ? "1000%" : "100%");
    }
    *out = c.value;
    return STRATA_OK;
}

/* Below `targets`: whose segments, who answers for them, and mappings, those of segments. */
static bool is_of_segments(const yaml_entry *e)
{
    return e->value->kind == YAML_MAP || strcmp(e->key, "by") == 0 || strcmp(e->key, "owner") == 0;
}

static strata_status load_goals(const yaml_entry *entry, bool of_segments_too, model_goals *out,
                                strata_error *err)
{
    const char *owner = entry->key;
    goal_keys keys;
    model_goals goals = *out;
    list_keys(&keys);
    STRATA_TRY(read_kind(entry->value, YAML_MAP, owner, NULL, err));
    for (size_t i = 0; i < entry->value->n; i++) {
        const yaml_entry *e = &entry->value->entries[i];
        size_t k = 0;
        while (k <= SOURCE && strcmp(keys.names[k], e->key) != 0) {
            k++;
        }
        if (k > SOURCE && of_segments_too && is_of_segments(e)) {
            continue;
        }
        if (k > SOURCE) {
            return read_fail_unknown(e, owner, keys.names, SOURCE + 1, err);
        }
        STRATA_TRY(k == SOURCE ? read_text(e->value, e->key, owner, &goals.source, err)
                               : read_goal(e, owner, k / GOAL_AGES == GOAL_NRR,
                                           &goals.value[k / GOAL_AGES][k % GOAL_AGES], err));
    }
    *out = goals;
    return STRATA_OK;
}

strata_status load_benchmarks(model *m, const yaml_entry *entry, strata_error *err)
{
    return load_goals(entry, false, &m->benchmarks, err);
}

strata_status load_targets(model *m, const yaml_entry *entry, strata_error *err)
{
    STRATA_TRY(load_goals(entry, true, &m->targets, err));
    return load_segment_targets(m, entry->value, err);
}
