/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_MIGRATION_TIER_CHANGE_H
#define STRATA_PLAN_MIGRATION_TIER_CHANGE_H

/* One account that goes from one segment to another: what calls for it, when who does what, how it
 * is looked after now and then, and what holds it back. */

#include "plan/migration/migration.h"
#include "plan/work/engagement.h"

/* Days on which something is done, all working days. The customer is told two weeks before the
 * change, or on the day of the decision where the notice is shorter. */
typedef struct tier_dates {
    day decide;    /* the Monday after the as-of date */
    day announce;  /* inside the company: the working day before the customer is told */
    day tell;      /* the customer */
    day effective; /* the Monday on or after the as-of date and the notice */
    day first_month, first_quarter; /* 30 and 90 days on, looked back on */
} tier_dates;
tier_dates tier_dates_of(day as_of, int notice_days);

typedef struct tier_change {
    uint32_t account;
    size_t from, to;
    bool up;
    bool happened; /* the rules of the dimension have moved it since the last review; else it is a
                      candidate */
    const char *clause, *said;    /* what fired, what it saw with labels; NULL: no single clause */
    uint32_t held;                /* bit per exception of the model */
    const char *const *held_said; /* of the candidate; NULL: not told */
    tier_dates dates;
    const engaged_segment *now, *then; /* NULL: the model does not say for this dimension */
    const char *csm;                   /* who looks after it; NULL: nobody known */
} tier_change;

/* What a change is made from. `engagement` may be NULL. */
typedef struct tier_change_request {
    const view *v;
    const migration_paths *paths;
    const migration_candidates *candidates;
    change_list changes;  /* since the last review, of the dimension; may be empty */
    const uint32_t *held; /* of the candidates */
    const engagement *engagement;
    const csm_list *csms;
    const int32_t *csm_of; /* csms_of_accounts() */
} tier_change_request;

/* False: the account neither calls for another segment nor has moved between two since the last
 * review. A candidate comes before a move. */
bool tier_change_find(const tier_change_request *r, uint32_t account, tier_change *out);
/* The change that a candidate calls for. */
tier_change tier_change_of(const tier_change_request *r, const migration_candidate *c);

#endif
