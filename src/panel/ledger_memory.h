/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_LEDGER_MEMORY_H
#define STRATA_PANEL_LEDGER_MEMORY_H

/* A ledger source in memory, from facts in any order: for tests, benchmarks and
 * callers that have their facts at hand. */

#include <strata/error.h>

#include "base/auto.h"
#include "panel/ledger.h"

/* One fact each; fields as in the row types of panel/ledger.h. */
typedef struct arr_fact {
    int32_t account;
    day day;
    int64_t arr_after;
    uint8_t kind;
} arr_fact;
typedef struct order_fact {
    int32_t account;
    day day;
    int64_t amount;
    int32_t orders;
} order_fact;
typedef struct usage_fact {
    int32_t account;
    day day;
    int32_t feature, user, events;
} usage_fact;
typedef struct ticket_fact {
    int32_t account;
    day day, closed;
    double csat;
    uint8_t severity;
} ticket_fact;
typedef struct survey_fact {
    int32_t account;
    day day;
    double score;
    uint8_t kind;
} survey_fact;
typedef struct contact_fact {
    int32_t account;
    day day, active_until;
    uint8_t role;
    int32_t department; /* from 1; 0: none is named */
} contact_fact;
typedef struct touch_fact {
    int32_t account;
    day day;
    double minutes;
    int8_t responded;
} touch_fact;
typedef struct deal_fact {
    int32_t account;
    day day, due;
    int64_t amount;
    uint8_t kind, stage;
} deal_fact;
typedef struct health_fact {
    int32_t account;
    day day;
    double score;
} health_fact;
typedef struct intervention_fact {
    int32_t account;
    day day;
    double minutes;
} intervention_fact;
typedef struct prediction_fact {
    int32_t account;
    day day;
    uint8_t kind;
    double probability;
} prediction_fact;

typedef struct ledger_facts {
    size_t n_accounts;
    const day *started_on; /* by account; DAY_MISSING or a NULL array: from the facts */
    uint32_t entities;     /* bits of entities that are there even without a fact */
    const arr_fact *arr;
    size_t n_arr;
    const order_fact *orders;
    size_t n_orders;
    const usage_fact *usage;
    size_t n_usage;
    const ticket_fact *tickets;
    size_t n_tickets;
    const survey_fact *surveys;
    size_t n_surveys;
    const contact_fact *contacts;
    size_t n_contacts;
    const touch_fact *touchpoints;
    size_t n_touchpoints;
    const deal_fact *opportunities;
    size_t n_opportunities;
    const health_fact *health;
    size_t n_health;
    const intervention_fact *interventions;
    size_t n_interventions;
    const prediction_fact *predictions;
    size_t n_predictions;
} ledger_facts;

typedef struct ledger_memory ledger_memory;

/* Copies the facts. STRATA_E_USAGE when a fact's account or day is out of range. */
STRATA_MUST_CHECK strata_status ledger_memory_new(const ledger_facts *facts, ledger_memory **out,
                                                  strata_error *err);
void ledger_memory_free(ledger_memory *m); /* NULL is fine */
STRATA_DEFINE_AUTO(ledger_memory, ledger_memory_free)

/* Valid as long as the ledger. */
const ledger_source *ledger_memory_source(const ledger_memory *m);

#endif
