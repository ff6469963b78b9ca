/* SPDX-License-Identifier: Apache-2.0 */
/* The stages of a customer's journey, in order, each with the milestone that opens it. */
#include <string.h>

#include "model/load/load.h"

/* Every account begins there, before the first stage. */
const char model_stage_start[] = "Started";

enum { NOT_GIVEN = -1 };

static strata_status load_stage(model *m, const yaml_node *node, model_stage *out,
                                strata_error *err)
{
    static const field fields[] = {
        FIELD(model_stage, name, "name", FIELD_TEXT),
        FIELD(model_stage, when, "when", FIELD_EXPR),
        FIELD(model_stage, expected_days, "expected_within", FIELD_DAYS),
        FIELD(model_stage, description, "description", FIELD_TEXT),
    };
    model_stage one = {.expected_days = NOT_GIVEN};
    STRATA_TRY(read_fields(node, "stage", fields, 4, &one, err));
    if (one.name == NULL || one.when.text == NULL) {
        return yaml_fail(err, node->place, "a stage of the journey has no '%s'",
                         one.name == NULL ? "name" : "when");
    }
    if (strcmp(one.name, model_stage_start) == 0) {
        return yaml_fail(err, node->place,
                         "a stage is named '%s', which every account is in before the first stage; "
                         "give it another name",
                         model_stage_start);
    }
    if (one.expected_days == 0) {
        return yaml_fail(err, node->place,
                         "'expected_within' of stage '%.100s' is 0; write a time such as 30 days, "
                         "or leave it out",
                         one.name);
    }
    one.expected_days = one.expected_days == NOT_GIVEN ? 0 : one.expected_days;
    one.when.place.what = owner_name(m, "stage", one.name);
    if (one.when.place.what == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    *out = one;
    return STRATA_OK;
}

static strata_status load_stages(model *m, const yaml_node *list, strata_error *err)
{
    model_stage *all = NULL;
    STRATA_TRY(READ_NEW(m->arena, list->n, model_stage, &all, err));
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *node = list->entries[i].value;
        STRATA_TRY(load_stage(m, node, &all[i], err));
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k].name, all[i].name) == 0) {
                return yaml_fail(err, node->place, "two stages of the journey are named '%.100s'",
                                 all[i].name);
            }
        }
    }
    m->stages = all;
    m->n_stages = list->n;
    return STRATA_OK;
}

strata_status load_journey(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_journey {
        const yaml_node *stages;
    } raw_journey;
    static const field fields[] = {FIELD(raw_journey, stages, "stages", FIELD_NODE)};
    raw_journey raw = {0};
    STRATA_TRY(read_fields(entry->value, "journey", fields, 1, &raw, err));
    if (raw.stages == NULL) {
        return yaml_fail(err, entry->key_place, "journey has no 'stages'");
    }
    STRATA_TRY(read_kind(raw.stages, YAML_LIST, "stages", "journey", err));
    if (raw.stages->n == 0) {
        return yaml_fail(err, raw.stages->place, "'stages' of journey is empty; list at least one");
    }
    if (raw.stages->n > MODEL_STAGES_MAX) {
        return yaml_fail(err, raw.stages->place, "journey has %zu stages, the most is %d",
                         raw.stages->n, MODEL_STAGES_MAX);
    }
    return load_stages(m, raw.stages, err);
}
