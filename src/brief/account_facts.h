/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BRIEF_ACCOUNT_FACTS_H
#define STRATA_BRIEF_ACCOUNT_FACTS_H

/* What the ledgers tell of one account, as of a day: people, tickets, answers, touchpoints, deals,
 * movements of ARR, use by feature. Facts after the day are not in it. Of people there is the role
 * and the title and nothing else; texts are without names, addresses and numbers (redact.h). */

#include "panel/ledger.h"
#include "persona/names.h"
#include "segment/portfolio.h"
#include "store/store.h"

typedef struct fact_person {
    contact_role role;
    bool active;
    day until;         /* DAY_MISSING: not said */
    const char *title; /* NULL: none, or one that says who it is */
} fact_person;

typedef struct fact_ticket {
    day opened, closed; /* closed DAY_MISSING: open on the day */
    severity severity;
    const char *theme, *text; /* NULL: none, or hidden */
} fact_ticket;

typedef struct fact_answer {
    day day;
    survey_kind kind;
    double score;     /* NaN: words only */
    const char *text; /* NULL: none */
} fact_answer;

typedef struct fact_deal {
    day opened, due; /* due DAY_MISSING: none */
    int64_t amount;  /* minor units; -1: not recorded */
    deal_kind kind;
    deal_stage stage;
    const char *competitor; /* NULL: none */
} fact_deal;

typedef struct fact_movement {
    day day;
    arr_kind kind;
    int64_t delta;             /* minor units */
    const char *type, *reason; /* NULL: not recorded */
} fact_movement;

typedef struct fact_use {
    const char *feature;
    int64_t events, before; /* in 90 days, in the 90 before */
} fact_use;

typedef struct account_facts {
    const fact_person *people; /* the active ones first */
    size_t n_people;
    const fact_ticket *tickets; /* of 12 months, newest first; likewise below */
    size_t n_tickets;
    const fact_answer *answers;
    size_t n_answers;
    const fact_deal *deals; /* open, or decided within 12 months; in order of due */
    size_t n_deals;
    const fact_movement *movements; /* of 24 months */
    size_t n_movements;
    const fact_use *uses; /* most used first */
    size_t n_uses;
} account_facts;

/* Allocated in `a`. STRATA_E_NOMEM, STRATA_E_STORE. */
STRATA_MUST_CHECK strata_status account_facts_read(store_conn *conn, hidden_names *names,
                                                   size_t account, day as_of, arena *a,
                                                   account_facts *out, strata_error *err);

#endif
