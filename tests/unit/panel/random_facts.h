/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_RANDOM_FACTS_H
#define STRATA_TEST_RANDOM_FACTS_H

/* A small random portfolio with every kind of fact, days 0 to 1199. Some
 * accounts have no facts, some no start; codes are few, so that they repeat. */

#include "panel/ledger_memory.h"

enum { RANDOM_ACCOUNTS = 24, RANDOM_ROWS = 500, RANDOM_DAYS = 1200 };

typedef struct random_facts {
    ledger_facts facts;
    day started_on[RANDOM_ACCOUNTS];
    arr_fact arr[RANDOM_ROWS];
    order_fact orders[RANDOM_ROWS];
    usage_fact usage[RANDOM_ROWS];
    ticket_fact tickets[RANDOM_ROWS];
    survey_fact surveys[RANDOM_ROWS];
    contact_fact contacts[RANDOM_ROWS];
    touch_fact touchpoints[RANDOM_ROWS];
    deal_fact opportunities[RANDOM_ROWS];
    health_fact health[RANDOM_ROWS];
    intervention_fact interventions[RANDOM_ROWS];
    prediction_fact predictions[RANDOM_ROWS];
} random_facts;

/* The same seed, the same facts; `out` must not move afterwards. */
void random_facts_fill(uint64_t seed, random_facts *out);
/* The same facts in another order. */
void random_facts_shuffle(uint64_t seed, random_facts *f);
/* What was known at the end of day d: later facts are gone, and what came later to earlier ones
 * (closings, ratings, ends, stages) is another than it was. */
void random_facts_forget(day d, random_facts *f);

#endif
