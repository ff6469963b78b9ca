/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SHOP_BUYERS_H
#define STRATA_COHORT_SHOP_BUYERS_H

/* Customers of a shop as the models of buyers want them. A purchase is a day with at least one
 * order; time is in weeks since the first. Spend is that of purchase days, returns of the same day
 * taken off; days of nothing but returns count nowhere. */

#include <strata/error.h>

#include "base/arena.h"
#include "cohort/book.h"
#include "stats/buyers/buyers.h"
#include "stats/buyers/gamma_gamma.h"

#define DAYS_PER_WEEK 7.0

typedef struct shop_customer {
    size_t account;
    day first, last;  /* purchases */
    size_t purchases; /* the first counts */
    int64_t spent;    /* minor units */
    size_t free_days; /* repeat purchases without spend: left out of the model of spend */
    spender repeat;   /* repeat purchases with spend, and their mean, minor units */
} shop_customer;

typedef struct shop_buyers {
    day as_of;
    day begins; /* first purchase of all; DAY_MISSING: none */
    size_t n, repeaters;
    shop_customer *customer; /* in order of accounts */
    buyer_cells *cells;      /* histories; cell_of[i] is that of customer i */
} shop_buyers;

/* Everyone whose first order is on or before `as_of`, which is not after the book's day; nothing
 * later is looked at. Customers are allocated in `a`, cells are freed by shop_buyers_done(). */
STRATA_MUST_CHECK strata_status shop_buyers_make(const order_book *book, day as_of, arena *a,
                                                 shop_buyers *out, strata_error *err);
void shop_buyers_done(shop_buyers *b);

/* Purchases and spend (minor units) on days from < day <= to. */
typedef struct shop_sums {
    double purchases, spend;
} shop_sums;

/* Of those who had bought by `known`; their first purchases do not count, so that both what came
 * after a day and what went before it are repeat purchases. */
shop_sums shop_repeat_sums(const order_book *book, day known, day from, day to);

#endif
