/* SPDX-License-Identifier: Apache-2.0 */
#include "model/merge.h"

#include <string.h>

static strata_status refuse_nothing(const yaml_entry *e, strata_error *err)
{
    const char *key = e->key != NULL ? e->key : "list item";
    if (e->value->kind == YAML_EMPTY) {
        return yaml_fail(
            err, e->key_place,
            "'%.100s' has no value: give it one, leave it out, or write null to remove "
            "what is extended",
            key);
    }
    return yaml_fail(
        err, e->key_place,
        "'%.100s' is null, but there is nothing to remove: give it a value or leave it "
        "out",
        key);
}

/* Every value inside a node that goes over nothing must be something. */
static strata_status check_complete(const yaml_node *node, strata_error *err)
{
    for (size_t i = 0; i < node->n; i++) {
        const yaml_entry *e = &node->entries[i];
        if (e->value->kind == YAML_EMPTY || e->value->kind == YAML_NULL) {
            return refuse_nothing(e, err);
        }
        STRATA_TRY(check_complete(e->value, err));
    }
    return STRATA_OK;
}

static yaml_entry *find_entry(yaml_entry *entries, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(entries[i].key, key) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

/* Puts one entry over the `*n` there are. */
static strata_status merge_entry(arena *a, yaml_entry *entries, size_t *n, const yaml_entry *over,
                                 strata_error *err)
{
    yaml_entry *base = find_entry(entries, *n, over->key);
    if (over->value->kind == YAML_EMPTY || (over->value->kind == YAML_NULL && base == NULL)) {
        return refuse_nothing(over, err);
    }
    if (over->value->kind == YAML_NULL) {
        size_t behind = *n - (size_t)(base - entries) - 1;
        memmove(base, base + 1, behind * sizeof *base);
        (*n)--;
        return STRATA_OK;
    }
    yaml_entry merged = *over;
    if (base != NULL && base->value->kind == YAML_MAP && over->value->kind == YAML_MAP) {
        STRATA_TRY(yaml_merge(a, base->value, over->value, &merged.value, err));
    } else {
        STRATA_TRY(check_complete(over->value, err));
    }
    if (base != NULL) {
        *base = merged;
    } else {
        entries[(*n)++] = merged;
    }
    return STRATA_OK;
}

strata_status yaml_merge(arena *a, const yaml_node *base, const yaml_node *over,
                         const yaml_node **out, strata_error *err)
{
    yaml_node *node = ARENA_NEW(a, 1, yaml_node);
    yaml_entry *entries = ARENA_NEW(a, base->n + over->n + 1, yaml_entry);
    if (node == NULL || entries == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    if (base->n > 0) {
        memcpy(entries, base->entries, base->n * sizeof *entries);
    }
    size_t n = base->n;
    for (size_t i = 0; i < over->n; i++) {
        STRATA_TRY(merge_entry(a, entries, &n, &over->entries[i], err));
    }
    if (n > YAML_MAX_KEYS) {
        return yaml_fail(err, over->place, "more than %d keys in one mapping", YAML_MAX_KEYS);
    }
    *node = (yaml_node){.kind = YAML_MAP, .place = over->place, .entries = entries, .n = n};
    node->size = 1;
    for (size_t i = 0; i < n; i++) {
        node->size += entries[i].value->size;
    }
    *out = node;
    return STRATA_OK;
}
