/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SEATS_H
#define STRATA_COHORT_SEATS_H

/* Seats of accounts over time: the quantity of the subscriptions in force. Whole thousandths, so
 * that sums are exact and do not depend on their order. */

#include <strata/error.h>

#include "cohort/book.h"
#include "store/store.h"

enum { SEATS_SCALE = 1000 };

/* A book of seats of the accounts of `arr` up to its last day. Seats count from an account's first
 * day with ARR on: a trial of five seats before it is no base. Accounts whose subscriptions never
 * say have no rows. Free with arr_book_free(). STRATA_E_DATA where no subscription up to that day
 * says how many, STRATA_E_NOMEM, STRATA_E_STORE. */
STRATA_MUST_CHECK strata_status seats_book_load(store_conn *conn, const arr_book *arr,
                                                arr_book **out, strata_error *err);
/* Accounts that had seats, and on the last day have ARR but none: their subscriptions of that day
 * do not say. */
size_t seats_unsaid(const arr_book *seats, const arr_book *arr);

#endif
