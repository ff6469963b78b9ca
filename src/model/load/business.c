/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "model/load/load.h"

static const char *const text_keys[] = {
    "products",      "decisions",     "priorities",      "hypotheses", "current_segmentation",
    "capabilities",  "value_metrics", "engagement_data", "csm_team",   "industry",
    "business_model"};
enum { N_TEXTS = sizeof text_keys / sizeof text_keys[0] };

typedef struct raw_business {
    model_business b;
    const yaml_node *month, *customers;
} raw_business;

static const field fields[] = {
    FIELD(raw_business, b.name, "name", FIELD_TEXT),
    FIELD(raw_business, b.currency, "currency", FIELD_TEXT),
    FIELD(raw_business, b.timezone, "timezone", FIELD_TEXT),
    FIELD(raw_business, month, "fiscal_year_starts", FIELD_NODE),
    FIELD(raw_business, customers, "customers", FIELD_NODE),
    FIELD(raw_business, b.uniform_needs, "uniform_needs", FIELD_FLAG),
    FIELD(raw_business, b.real_time, "real_time", FIELD_FLAG),
    FIELD(raw_business, b.can_act, "can_act", FIELD_FLAG),
};
enum { N_FIELDS = sizeof fields / sizeof fields[0] };

static strata_status read_month(const yaml_node *node, int *out, strata_error *err)
{
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    const char *text = NULL;
    STRATA_TRY(read_text(node, "fiscal_year_starts", "business", &text, err));
    for (int i = 0; i < 12; i++) {
        bool numbered =
            strlen(text) < 3 && strspn(text, "0123456789") == strlen(text) &&
            (text[1] == '\0' ? text[0] - '0' : (text[0] - '0') * 10 + text[1] - '0') == i + 1;
        bool shortened = strlen(text) >= 3 && strncmp(months[i], text, strlen(text)) == 0;
        if (numbered || shortened) {
            *out = i + 1;
            return STRATA_OK;
        }
    }
    return yaml_fail(err, node->place,
                     "'fiscal_year_starts' of business is '%.60s', but must be a month such as "
                     "february or 2",
                     text);
}

static bool is_text_key(const char *key)
{
    for (size_t i = 0; i < N_TEXTS; i++) {
        if (strcmp(text_keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static strata_status check_currency(const yaml_node *map, const char *currency, strata_error *err)
{
    if (strlen(currency) == 3 && strspn(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3) {
        return STRATA_OK;
    }
    return yaml_fail(err, yaml_find(map, "currency")->value->place,
                     "'currency' of business is '%.60s', but must be an ISO code such as USD",
                     currency);
}

static strata_status refuse_unknown(const yaml_node *map, strata_error *err)
{
    const char *keys[N_FIELDS + N_TEXTS];
    for (size_t i = 0; i < N_FIELDS; i++) {
        keys[i] = fields[i].key;
    }
    memcpy(keys + N_FIELDS, text_keys, sizeof text_keys);
    for (size_t i = 0; i < map->n; i++) {
        bool known = false;
        for (size_t k = 0; k < N_FIELDS + N_TEXTS && !known; k++) {
            known = strcmp(map->entries[i].key, keys[k]) == 0;
        }
        if (!known) {
            return read_fail_unknown(&map->entries[i], "business", keys, N_FIELDS + N_TEXTS, err);
        }
    }
    return STRATA_OK;
}

/* Splits the mapping: what people wrote in words, and what has a type. */
static strata_status take_texts(model *m, const yaml_node *map, model_pair *texts, size_t *n_texts,
                                yaml_node *rest, strata_error *err)
{
    yaml_entry *entries = NULL;
    STRATA_TRY(READ_NEW(m->arena, map->n, yaml_entry, &entries, err));
    *rest = *map;
    rest->entries = entries;
    rest->n = 0;
    for (size_t i = 0; i < map->n; i++) {
        const yaml_entry *e = &map->entries[i];
        if (!is_text_key(e->key)) {
            entries[rest->n++] = *e;
            continue;
        }
        model_pair *pair = &texts[(*n_texts)++];
        *pair = (model_pair){.key = e->key, .place = place_for_rule(e->value->place, "business")};
        STRATA_TRY(read_texts(m->arena, e->value, e->key, "business", &pair->value, err));
    }
    return STRATA_OK;
}

strata_status load_business(model *m, const yaml_entry *entry, strata_error *err)
{
    const yaml_node *map = entry->value;
    STRATA_TRY(read_kind(map, YAML_MAP, "business", NULL, err));
    STRATA_TRY(refuse_unknown(map, err));
    model_pair *texts = NULL;
    size_t n_texts = 0;
    yaml_node rest;
    STRATA_TRY(READ_NEW(m->arena, map->n, model_pair, &texts, err));
    STRATA_TRY(take_texts(m, map, texts, &n_texts, &rest, err));
    raw_business raw = {.b = m->business};
    STRATA_TRY(read_fields(&rest, "business", fields, N_FIELDS, &raw, err));
    if (raw.month != NULL) {
        STRATA_TRY(read_month(raw.month, &raw.b.fiscal_year_starts, err));
    }
    if (raw.customers != NULL) {
        STRATA_TRY(read_number(raw.customers, "customers", "business", &raw.b.customers, err));
        if (raw.b.customers < 0) {
            return yaml_fail(err, raw.customers->place, "'customers' of business is below 0");
        }
    }
    if (yaml_find(map, "currency") != NULL) {
        STRATA_TRY(check_currency(map, raw.b.currency, err));
    }
    raw.b.texts = (model_pairs){texts, n_texts};
    m->business = raw.b;
    return STRATA_OK;
}
