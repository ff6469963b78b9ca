/* SPDX-License-Identifier: Apache-2.0 */
#include "naive_parts.h"

double naive_feature(const ledger_facts *facts, feature_id f, int32_t account, day as_of)
{
    const question asked = {facts, account, as_of, facts->started_on[account],
                            feature_get(f)->name};
    const question *q = &asked;
    uint32_t needs = feature_get(f)->needs;
    if ((needs & facts->entities) != needs) {
        return (double)NAN;
    }
    if (is(q, "tenure")) {
        return missing_unless(started(q), (double)as_of - q->start);
    }
    if (is(q, "is_customer")) {
        return facts->entities & (1u << ENTITY_ARR)      ? naive_arr_feature(q)
               : facts->entities & (1u << ENTITY_ORDERS) ? naive_order_feature(q)
                                                         : (double)NAN;
    }
    static double (*const of_entity[ENTITY_COUNT])(const question *) = {
        [ENTITY_ARR] = naive_arr_feature,
        [ENTITY_ORDERS] = naive_order_feature,
        [ENTITY_USAGE] = naive_usage_feature,
        [ENTITY_TICKETS] = naive_ticket_feature,
        [ENTITY_SURVEYS] = naive_survey_feature,
        [ENTITY_CONTACTS] = naive_contact_feature,
        [ENTITY_TOUCHPOINTS] = naive_touch_feature,
        [ENTITY_OPPORTUNITIES] = naive_deal_feature,
        [ENTITY_HEALTH] = naive_health_feature,
        [ENTITY_INTERVENTIONS] = naive_intervention_feature,
        [ENTITY_PREDICTIONS] = naive_prediction_feature,
    };
    return of_entity[__builtin_ctz(needs)](q);
}
