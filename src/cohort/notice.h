/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_NOTICE_H
#define STRATA_COHORT_NOTICE_H

/* The ARR book with churn and contraction dated at the cancellation: a subscription whose source
 * says when notice was given stops on that day, if it lies before the end of the service. */

#include <strata/error.h>

#include "cohort/book.h"
#include "store/store.h"

/* A book of the same accounts and last day; NULL where it would be the same as `book`: up to its
 * last day no notice is known that came before the end. Free with arr_book_free().
 * STRATA_E_NOMEM, STRATA_E_STORE. */
STRATA_MUST_CHECK strata_status arr_book_by_notice(store_conn *conn, const arr_book *book,
                                                   arr_book **out, strata_error *err);

/* Do two books say the same of an account up to and with a day? */
bool arr_books_agree(const arr_book *a, const arr_book *b, size_t account, day until);

#endif
