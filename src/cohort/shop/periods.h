/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SHOP_PERIODS_H
#define STRATA_COHORT_SHOP_PERIODS_H

/* Customers who have one opportunity to buy per calendar period: donors asked once a year, visitors
 * of a yearly fair. What they bought in a period is one purchase, dated at its last day; a period
 * that is not over counts for nothing. */

#include <strata/error.h>

#include "cohort/book.h"
#include "cohort/calendar.h"
#include "stats/buyers/buyers.h"

/* The book with one purchase per account and period of `c`: amounts and orders added up. Periods
 * that end after the book's day are left out. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status shop_by_period(const order_book *book, calendar c, order_book **out,
                                               strata_error *err);

/* Periods that are over on day d, from the same origin for all days. */
int shop_periods_over(calendar c, day d);

/* A history of such a book, ages in weeks as of `as_of`, with ages in opportunities. */
buyer shop_in_periods(calendar c, day as_of, buyer b);

#endif
