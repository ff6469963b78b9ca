/* SPDX-License-Identifier: Apache-2.0 */
/* What Salesforce and HubSpot call the columns of their files. */
#include <string.h>

#include "model/load/load.h"

const char *const crm_system_names[] = {"salesforce", "hubspot", NULL};

void crm_defaults(model *m)
{
    m->crm[CRM_SALESFORCE] = (model_crm){.id = "Strata_Account_Id__c",
                                         .name = "Name",
                                         .task_id = "WhatId",
                                         .prefix = "Strata_",
                                         .suffix = "__c",
                                         .capitals = true};
    m->crm[CRM_HUBSPOT] = (model_crm){.id = "Record ID",
                                      .name = "Company name",
                                      .task_id = "Record ID",
                                      .prefix = "strata_",
                                      .suffix = ""};
}

static strata_status load_system(model *m, const yaml_entry *entry, model_crm *out,
                                 strata_error *err)
{
    typedef struct raw_crm {
        const char *id, *name, *task_id, *prefix, *suffix;
        const yaml_node *fields;
    } raw_crm;
    static const field fields[] = {
        FIELD(raw_crm, id, "id", FIELD_TEXT),
        FIELD(raw_crm, name, "name", FIELD_TEXT),
        FIELD(raw_crm, task_id, "task_id", FIELD_TEXT),
        FIELD(raw_crm, prefix, "prefix", FIELD_TEXT),
        FIELD(raw_crm, suffix, "suffix", FIELD_TEXT),
        FIELD(raw_crm, fields, "fields", FIELD_NODE),
    };
    raw_crm raw = {.id = out->id,
                   .name = out->name,
                   .task_id = out->task_id,
                   .prefix = out->prefix,
                   .suffix = out->suffix};
    STRATA_TRY(
        read_fields(entry->value, entry->key, fields, sizeof fields / sizeof fields[0], &raw, err));
    out->id = raw.id;
    out->name = raw.name;
    out->task_id = raw.task_id;
    out->prefix = raw.prefix;
    out->suffix = raw.suffix;
    return raw.fields != NULL ? load_pairs(m, raw.fields, "fields", entry->key, &out->fields, err)
                              : STRATA_OK;
}

strata_status load_crm(model *m, const yaml_entry *entry, strata_error *err)
{
    STRATA_TRY(read_kind(entry->value, YAML_MAP, entry->key, NULL, err));
    for (size_t i = 0; i < entry->value->n; i++) {
        const yaml_entry *e = &entry->value->entries[i];
        size_t system = 0;
        while (system < CRM_SYSTEMS && strcmp(crm_system_names[system], e->key) != 0) {
            system++;
        }
        if (system == CRM_SYSTEMS) {
            return read_fail_unknown(e, "crm", crm_system_names, CRM_SYSTEMS, err);
        }
        STRATA_TRY(load_system(m, e, &m->crm[system], err));
    }
    return STRATA_OK;
}
