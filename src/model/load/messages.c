/* SPDX-License-Identifier: Apache-2.0 */
/* What to tell the accounts of a segment, in a person's own words. */
#include <string.h>

#include "model/load/load.h"
#include "model/papers.h"

enum { MESSAGE_MOST = 1000 };

/* The text with its fields; failures stand at the place of the value. */
static strata_status read_message(model *m, const yaml_node *node, const char *owner,
                                  model_message *out, strata_error *err)
{
    const template_place place = {node->place.file, node->place.line, node->place.column};
    if (strlen(out->text) > MESSAGE_MOST) {
        return yaml_fail(err, node->place, "the %s is longer than %d bytes", owner, MESSAGE_MOST);
    }
    return template_parse_cell(m->arena, paper_form(PAPER_MESSAGES), place, owner, out->text,
                               &out->said, err);
}

static strata_status load_dimension(model *m, const yaml_entry *entry, model_message *all,
                                    size_t *n, strata_error *err)
{
    STRATA_TRY(read_kind(entry->value, YAML_MAP, entry->key, "messages", err));
    for (size_t i = 0; i < entry->value->n; i++) {
        const yaml_entry *e = &entry->value->entries[i];
        const char *owner = owner_name(m, "message to", e->key);
        model_message one = {.dimension = entry->key, .segment = e->key};
        if (owner == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
        }
        STRATA_TRY(read_text(e->value, e->key, "messages", &one.text, err));
        STRATA_TRY(read_message(m, e->value, owner, &one, err));
        one.place = place_for_rule(e->key_place, owner);
        all[(*n)++] = one;
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
