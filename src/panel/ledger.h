/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_LEDGER_H
#define STRATA_PANEL_LEDGER_H

/* Ledger rows in memory: what every sweep reads. Rows of one entity are sorted
 * by account, then day; a block holds those of accounts first .. first+n-1.
 * The order of one account's rows within a day never changes a result.
 *
 * Money is integer minor units of the reporting currency. Codes index the
 * store's dictionaries. Ledgers hold facts of all dates; a sweep as of day D
 * reads only rows with day <= D. */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/context.h"
#include "base/day.h"

typedef enum entity {
    ENTITY_ACCOUNTS,
    ENTITY_ARR,
    ENTITY_ORDERS,
    ENTITY_USAGE,
    ENTITY_TICKETS,
    ENTITY_SURVEYS,
    ENTITY_CONTACTS,
    ENTITY_TOUCHPOINTS,
    ENTITY_OPPORTUNITIES,
    ENTITY_CSMS,
    ENTITY_HEALTH,
    ENTITY_INTERVENTIONS,
    ENTITY_PREDICTIONS, /* not loaded from a source: kept by strata predict --save */
    ENTITY_COUNT
} entity;
enum { ENTITY_LOADED = ENTITY_PREDICTIONS }; /* those before it come from sources */

const char *entity_name(entity e); /* "usage", as in the model file */

typedef enum arr_kind {
    ARR_NEW,
    ARR_EXPANSION,
    ARR_CONTRACTION,
    ARR_CHURN,
    ARR_REACTIVATION,
    ARR_KIND_COUNT
} arr_kind;
const char *arr_kind_name(arr_kind kind);

typedef enum survey_kind { SURVEY_NPS, SURVEY_CSAT, SURVEY_PMF, SURVEY_KIND_COUNT } survey_kind;
typedef enum severity { SEVERITY_LOW, SEVERITY_NORMAL, SEVERITY_HIGH, SEVERITY_URGENT } severity;
typedef enum contact_role {
    ROLE_USER,
    ROLE_ECONOMIC,
    ROLE_TECHNICAL,
    ROLE_CHAMPION,
    ROLE_COUNT
} contact_role;
typedef enum deal_kind { DEAL_RENEWAL, DEAL_EXPANSION } deal_kind;
typedef enum deal_stage { DEAL_OPEN, DEAL_WON, DEAL_LOST } deal_stage;

/* One struct of arrays per entity. start[i] .. start[i+1] are the rows of
 * account first+i, so start has n_accounts + 1 entries. */
typedef struct arr_rows {
    const uint32_t *start;
    const day *day;           /* at most one row a day: the day's net movement (movements.h) */
    const int64_t *arr_after; /* minor units, at the end of the day; never negative */
    const uint8_t *kind;      /* arr_kind */
} arr_rows;
typedef struct usage_rows {
    const uint32_t *start;
    const day *day;
    const int32_t *feature; /* code; -1: not recorded */
    const int32_t *user;    /* -1: not recorded; else the same number for the same user of the
                               account, best one below 64; NULL: no user is ever recorded */
    const int32_t *events;  /* 1 or more: a row is a day on which the feature was used */
} usage_rows;
typedef struct order_rows {
    const uint32_t *start;
    const day *day;
    const int64_t *amount; /* minor units, of the row's orders together; returns are negative */
    const int32_t *orders; /* how many orders; 0 for a row of nothing but returns */
} order_rows;
typedef struct ticket_rows {
    const uint32_t *start;
    const day *day;    /* opened */
    const day *closed; /* DAY_MISSING while open; never before `day` */
    const uint8_t *severity;
    const double *csat; /* NaN: none */
} ticket_rows;
typedef struct survey_rows {
    const uint32_t *start;
    const day *day;
    const uint8_t *kind; /* survey_kind */
    const double *score; /* NaN: an answer in words only */
} survey_rows;
typedef struct contact_rows {
    const uint32_t *start;
    const day *day;            /* known from; DAY_MIN when the source does not say */
    const day *active_until;   /* DAY_MISSING: still active */
    const uint8_t *role;       /* contact_role */
    const int32_t *department; /* a number of the account's own, from 1; 0: none is named */
} contact_rows;
typedef struct touch_rows {
    const uint32_t *start;
    const day *day;
    const double *minutes;   /* NaN: not recorded */
    const int8_t *responded; /* -1: not recorded */
} touch_rows;
typedef struct deal_rows {
    const uint32_t *start;
    const day *day; /* opened */
    const day *due; /* DAY_MISSING: none; never before `day` */
    const int64_t *amount;
    const uint8_t *kind;  /* deal_kind */
    const uint8_t *stage; /* deal_stage */
} deal_rows;
typedef struct health_rows {
    const uint32_t *start;
    const day *day;
    const double *score; /* 0..100, never NaN */
} health_rows;
typedef struct intervention_rows {
    const uint32_t *start;
    const day *day;
    const double *minutes; /* NaN: not recorded */
} intervention_rows;

typedef enum prediction_kind {
    PREDICTION_CHURN,
    PREDICTION_EXPANSION,
    PREDICTION_KIND_COUNT
} prediction_kind;
typedef struct prediction_rows {
    const uint32_t *start;
    const day *day;            /* on which it was said, from facts up to that day */
    const uint8_t *kind;       /* prediction_kind; at most one of each a day */
    const double *probability; /* 0..1, never NaN */
} prediction_rows;

typedef struct ledger_block {
    int32_t first;
    size_t n_accounts;
    /* By account: started_on of the accounts file, else the first day with ARR above 0, an order
     * or usage, whichever comes first; DAY_MISSING: none of these. */
    const day *started_on;
    arr_rows arr;
    order_rows orders;
    usage_rows usage;
    ticket_rows tickets;
    survey_rows surveys;
    contact_rows contacts;
    touch_rows touchpoints;
    deal_rows opportunities;
    health_rows health;
    intervention_rows interventions;
    prediction_rows predictions;
} ledger_block;

/* What is the same for every block. */
typedef struct ledger_info {
    size_t n_accounts;
    uint32_t entities;             /* bit per entity that holds data: 1u << ENTITY_USAGE */
    size_t n_usage_features;       /* size of the usage feature dictionary */
    const day *feature_first_seen; /* by usage feature code: first day any account used it */
    day users_first_seen; /* first day on which usage of any account names a user; DAY_MISSING: none
                           */
    day first_day, last_day;        /* of all facts; DAY_MISSING when there are none */
    day first_day_of[ENTITY_COUNT]; /* of each entity's; DAY_MISSING when there are none */
    uint32_t undated; /* bit per entity some of whose facts do not say since when: contacts. They
                         count as known always, also at dates before anyone knew them */
} ledger_info;

/* Where blocks come from: the store (source/ledger/store.h) or memory (tests, benchmarks).
 * A cursor serves one thread; several may be open on one source. */
typedef struct ledger_cursor ledger_cursor;
typedef struct ledger_source {
    const ledger_info *(*info)(void *self);
    /* Opens a cursor that will be asked for blocks of accounts in ascending
     * order within begin .. end-1, with only the entities of `wanted`. Rows after day `until` are
     * not needed; the source may leave them out. */
    strata_status (*open)(void *self, int32_t begin, int32_t end, uint32_t wanted, day until,
                          ledger_cursor **out, strata_error *err);
    /* Fills `block` with accounts first .. first+n-1; valid until the next call on this cursor.
     * Entities not wanted or absent have start == NULL. */
    strata_status (*read)(ledger_cursor *c, int32_t first, size_t n, ledger_block *block,
                          strata_error *err);
    void (*close)(ledger_cursor *c); /* NULL is fine */
    void *self;
} ledger_source;

#endif
