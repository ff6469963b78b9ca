/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_WORK_CSMS_H
#define STRATA_PLAN_WORK_CSMS_H

/* Who looks after accounts: the managers of the csms source, and whose book each account is in. */

#include "segment/portfolio.h"
#include "store/store.h"

enum { MINUTES_PER_HOUR = 60, MONTHS_PER_YEAR = 12 };

typedef struct manager {
    const char *id, *name;
    double capacity_hours;        /* a month, for customers; NaN: the data do not say */
    const char *skills, *regions; /* as written, parts set off by ; or , - NULL: none */
    int64_t cost_per_hour;        /* minor units of the reporting currency; -1: not known */
} manager;

typedef struct csm_list {
    const manager *items; /* in order of id */
    size_t n;
} csm_list;

/* All that the store holds; none is no failure. Allocated in `a`. */
STRATA_MUST_CHECK strata_status csms_load(store_conn *c, arena *a, csm_list *out,
                                          strata_error *err);
/* Number of the manager with this id; SIZE_MAX when there is none. */
size_t csms_find(const csm_list *list, const char *id);

/* Mean cost of an hour, minor units, of the managers for whom it is known; NaN: of none. */
double csms_hour_cost(const csm_list *list);

/* Whose book each account is in, by account: a number in the list, or one of these. */
enum { CSM_NOBODY = -1, CSM_UNKNOWN = -2 /* the account names one that the csms source has not */ };
STRATA_MUST_CHECK strata_status csms_of_accounts(const portfolio *p, const csm_list *list, arena *a,
                                                 const int32_t **out, strata_error *err);

/* Hours of a manager for customers in 12 months: by the data, else `month_hours` (NaN: unknown)
 * a month. In minutes; -1 when neither says. */
int64_t csm_minutes_a_year(const manager *c, double month_hours);

#endif
