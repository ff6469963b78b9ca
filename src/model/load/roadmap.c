/* SPDX-License-Identifier: Apache-2.0 */
/* What the roadmap assumes about work: made to be changed. */
#include <math.h>
#include <string.h>

#include "model/load/load.h"

const char *const effort_names[] = {"input", "rejected_row", "account", "segment", "playbook",
                                    "csm",   "handover",     "review",  NULL};

const model_roadmap model_roadmap_usual = {.days = {[EFFORT_INPUT] = 3,
                                                    [EFFORT_REJECTED_ROW] = 0.002,
                                                    [EFFORT_ACCOUNT] = 0.01,
                                                    [EFFORT_SEGMENT] = 0.5,
                                                    [EFFORT_PLAYBOOK] = 1,
                                                    [EFFORT_CSM] = 0.5,
                                                    [EFFORT_HANDOVER] = 0.25,
                                                    [EFFORT_REVIEW] = 2},
                                           .people = 2,
                                           .start = DAY_MISSING};

static strata_status load_days(model *m, const yaml_node *map, strata_error *err)
{
    enum { DAYS_MOST = 1000 };
    STRATA_TRY(read_kind(map, YAML_MAP, "days", "roadmap", err));
    for (size_t i = 0; i < map->n; i++) {
        const yaml_entry *e = &map->entries[i];
        size_t kind = 0;
        while (kind < EFFORT_KINDS && strcmp(effort_names[kind], e->key) != 0) {
            kind++;
        }
        if (kind == EFFORT_KINDS) {
            return read_fail_unknown(e, "days of roadmap", effort_names, EFFORT_KINDS, err);
        }
        double days = 0.0;
        STRATA_TRY(read_number(e->value, e->key, "days", &days, err));
        if (!(days >= 0.0 && days <= DAYS_MOST)) {
            return yaml_fail(err, e->value->place, "days of a %s must be 0 to %d, not '%.60s'",
                             e->key, DAYS_MOST, e->value->text);
        }
        m->roadmap.days[kind] = days;
    }
    return STRATA_OK;
}

static strata_status load_start(model *m, const yaml_node *node, strata_error *err)
{
    constant c;
    STRATA_TRY(read_constant(node, "start", "roadmap", &c, err));
    if (c.type != VALUE_DATE) {
        return yaml_fail(err, node->place, "'start' of roadmap must be a date, not '%.60s'",
                         node->text);
    }
    m->roadmap.start = (day)lround(c.value);
    return STRATA_OK;
}

strata_status load_roadmap(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_roadmap {
        const yaml_node *days, *start;
        double people;
    } raw_roadmap;
    static const field fields[] = {
        FIELD(raw_roadmap, days, "days", FIELD_NODE),
        FIELD(raw_roadmap, start, "start", FIELD_NODE),
        FIELD(raw_roadmap, people, "people", FIELD_NUMBER),
    };
    raw_roadmap raw = {.people = m->roadmap.people};
    STRATA_TRY(read_fields(entry->value, "roadmap", fields, 3, &raw, err));
    if (!(raw.people > 0.0 && raw.people <= 1000.0)) {
        return yaml_fail(err, entry->key_place, "'people' of roadmap must be above 0, up to 1000");
    }
    m->roadmap.people = raw.people;
    STRATA_TRY(raw.days != NULL ? load_days(m, raw.days, err) : STRATA_OK);
    return raw.start != NULL ? load_start(m, raw.start, err) : STRATA_OK;
}
