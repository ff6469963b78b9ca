/* SPDX-License-Identifier: Apache-2.0 */
/* What to tell the accounts of a segment, in a person's own words. */
#include <string.h>

#include "base/nearest.h"
#include "model/load.h"

const char *const message_fields[] = {"product",  "company",      "pain",
                                      "praise",   "feature",      "missing_feature",
                                      "adoption", "seats_filled", NULL};
enum { N_FIELDS = 8, MESSAGE_MOST = 1000 };

static strata_status check_field(const yaml_node *node, const char *owner, const char *name,
                                 strata_error *err)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (strcmp(message_fields[i], name) == 0) {
            return STRATA_OK;
        }
    }
    return yaml_fail(err, node->place,
                     "unknown field '{%.40s}' in the %s%s; there are product, company, pain, "
                     "praise, feature, missing_feature, adoption and seats_filled",
                     name, owner, nearest_hint(name, message_fields, N_FIELDS).text);
}

/* {name} is a field; a brace has no other use. */
static strata_status check_fields(const yaml_node *node, const char *owner, strata_error *err)
{
    enum { NAME_MOST = 40 };
    const char *at = node->text;
    if (strlen(at) > MESSAGE_MOST) {
        return yaml_fail(err, node->place, "the %s is longer than %d bytes", owner, MESSAGE_MOST);
    }
    while ((at = strpbrk(at, "{}")) != NULL) {
        const char *end = *at == '{' ? strpbrk(at + 1, "{}") : NULL;
        if (end == NULL || *end != '}' || end - at > NAME_MOST) {
            return yaml_fail(err, node->place,
                             "a brace in the %s stands alone; fields are written "
                             "{product}",
                             owner);
        }
        char name[NAME_MOST + 1] = "";
        memcpy(name, at + 1, (size_t)(end - at) - 1);
        STRATA_TRY(check_field(node, owner, name, err));
        at = end + 1;
    }
    return STRATA_OK;
}

static strata_status load_dimension(model *m, const yaml_entry *entry, model_message *all,
                                    size_t *n, strata_error *err)
{
    STRATA_TRY(read_kind(entry->value, YAML_MAP, entry->key, "messages", err));
    for (size_t i = 0; i < entry->value->n; i++) {
        const yaml_entry *e = &entry->value->entries[i];
        const char *owner = owner_name(m, "message to", e->key);
        const char *text = NULL;
        if (owner == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
        }
        STRATA_TRY(read_text(e->value, e->key, "messages", &text, err));
        STRATA_TRY(check_fields(e->value, owner, err));
        all[(*n)++] = (model_message){.dimension = entry->key,
                                      .segment = e->key,
                                      .text = text,
                                      .place = place_for_rule(e->key_place, owner)};
    }
    return STRATA_OK;
}

strata_status load_messages(model *m, const yaml_entry *entry, strata_error *err)
{
    const yaml_node *map = entry->value;
    model_message *all = NULL;
    STRATA_TRY(read_kind(map, YAML_MAP, entry->key, NULL, err));
    STRATA_TRY(READ_NEW(m->arena, map->size, model_message, &all, err));
    size_t n = 0;
    for (size_t i = 0; i < map->n; i++) {
        STRATA_TRY(load_dimension(m, &map->entries[i], all, &n, err));
    }
    m->messages = all;
    m->n_messages = n;
    return STRATA_OK;
}

/* --- against the dimensions --- */

static const model_dimension *find_dimension(const model *m, const char *name)
{
    for (size_t i = 0; i < m->n_dimensions; i++) {
        if (strcmp(m->dimensions[i].name, name) == 0) {
            return &m->dimensions[i];
        }
    }
    return NULL;
}

strata_status check_messages(const model *m, strata_error *err)
{
    for (size_t i = 0; i < m->n_messages; i++) {
        const model_message *x = &m->messages[i];
        const model_dimension *d = find_dimension(m, x->dimension);
        if (d == NULL) {
            return yaml_fail(err, place_from_rule(x->place),
                             "messages go by the dimension '%.100s', which there is not; write "
                             "messages: {DIMENSION: {SEGMENT: text}}",
                             x->dimension);
        }
        STRATA_TRY(check_names_segment(d, "messages", x->segment, x->place, err));
    }
    return STRATA_OK;
}
