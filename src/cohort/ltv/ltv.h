/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_LTV_LTV_H
#define STRATA_COHORT_LTV_LTV_H

/* Lifetime value by cohort: what its accounts have paid so far, and what they
 * can be expected to pay.
 *
 * Realised, at an age of m months: ARR run through time (ARR / 365.25 a day) from the first day
 * with ARR, summed over the accounts that were followed for m months, over their number; those who
 * left count with what they paid. For shops: amounts of orders from the first order.
 *
 * Expected, over five years from the start: margin x what an account pays in each month of age,
 * discounted. Months that enough accounts have lived through are as they were; from the last of
 * them (T) on, a month's payment is that of the last three, times S(t) / S(T) of the model of
 * contract lifetimes (stats/contracts/churn.h) with the lowest BIC, fitted to the group: so those
 * who stay are taken to go on paying what they pay. The interval holds the errors of S and of the
 * payments. Source: Fader & Hardie 2010, Customer-base valuation in a contractual setting. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "cohort/book.h"
#include "cohort/groups/groups.h"
#include "stats/contracts/churn.h"

enum { LTV_AGES = 61, LTV_HORIZON = 60 }; /* months */

typedef struct ltv_request {
    const arr_book *arr;      /* NULL: a shop */
    const order_book *orders; /* of a shop */
    const groups *groups;
    day as_of;
    double margin, discount; /* a year */
    size_t minimum_accounts; /* below it nothing is stated */
} ltv_request;

/* Realised value per account at one age. */
typedef struct ltv_point {
    bool known;      /* enough accounts were followed that long */
    size_t accounts; /* followed that long */
    double minor;    /* per account, minor units */
} ltv_point;

/* What today's customers are worth from now on: under contract those with ARR, within the horizon;
 * of a shop everybody who ever bought, without end. */
typedef struct ltv_left {
    bool known;
    const char *why; /* when it is not known */
    size_t customers;
    double mean;  /* per customer, discounted: months to come (DERL), purchases (DERT) */
    double minor; /* worth of all together, margin taken */
} ltv_left;

typedef struct ltv_group {
    size_t accounts, customers;   /* started; with ARR today */
    int64_t paid_minor;           /* so far, all together */
    ltv_point realised[LTV_AGES]; /* by months of age */
    /* Expected, per new account, minor units; not known: `why`. */
    bool known;
    const char *why;
    churn_model model;
    double months;             /* expected stay within the horizon, not discounted */
    double value, low, high;   /* 95 % */
    int observed;              /* months that are as they were; the rest is projected */
    double expected[LTV_AGES]; /* value up to an age; [LTV_HORIZON] is `value` */
    ltv_left left;
} ltv_group;

typedef struct ltv {
    const groups *groups;
    const ltv_group *by_group;
    ltv_group all;
} ltv;

/* Allocated in `a`. Never NaN. STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status ltv_compute(const context *cx, const ltv_request *request, arena *a,
                                            ltv *out, strata_error *err);

#endif
