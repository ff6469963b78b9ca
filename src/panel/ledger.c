/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/ledger.h"

const char *entity_name(entity e)
{
    static const char *const names[ENTITY_COUNT] = {
        [ENTITY_ACCOUNTS] = "accounts",
        [ENTITY_ARR] = "arr",
        [ENTITY_ORDERS] = "orders",
        [ENTITY_USAGE] = "usage",
        [ENTITY_TICKETS] = "tickets",
        [ENTITY_SURVEYS] = "surveys",
        [ENTITY_CONTACTS] = "contacts",
        [ENTITY_TOUCHPOINTS] = "touchpoints",
        [ENTITY_OPPORTUNITIES] = "opportunities",
        [ENTITY_CSMS] = "csms",
        [ENTITY_HEALTH] = "health",
        [ENTITY_INTERVENTIONS] = "interventions",
        [ENTITY_PREDICTIONS] = "predictions",
    };
    return names[e];
}

const char *arr_kind_name(arr_kind kind)
{
    static const char *const names[ARR_KIND_COUNT] = {
        [ARR_NEW] = "new",
        [ARR_EXPANSION] = "expansion",
        [ARR_CONTRACTION] = "contraction",
        [ARR_CHURN] = "churn",
        [ARR_REACTIVATION] = "reactivation",
    };
    return names[kind];
}
