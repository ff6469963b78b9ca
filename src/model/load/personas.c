/* SPDX-License-Identifier: Apache-2.0 */
/* When personas say something, and which types of buyer there are. */
#include "model/load/load.h"

strata_status load_personas(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_personas {
        double minimum_support;
        const yaml_node *buyers;
    } raw_personas;
    static const field fields[] = {
        FIELD(raw_personas, minimum_support, "minimum_support", FIELD_NUMBER),
        FIELD(raw_personas, buyers, "buyers", FIELD_NODE),
    };
    raw_personas raw = {.minimum_support = m->personas.minimum_support};
    STRATA_TRY(read_fields(entry->value, "personas", fields, 2, &raw, err));
    if (!(raw.minimum_support >= 1 && raw.minimum_support <= 1e6)) {
        return yaml_fail(err, entry->key_place,
                         "'minimum_support' of personas must be a number of accounts, 1 or more");
    }
    model_dimension types = {0};
    if (raw.buyers != NULL) {
        STRATA_TRY(load_tiers(m, raw.buyers, "buyer type", "buyers of personas", &types, err));
    }
    m->personas = (model_personas){
        .minimum_support = raw.minimum_support, .buyers = types.tiers, .n_buyers = types.n_tiers};
    return STRATA_OK;
}
