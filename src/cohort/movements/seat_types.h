/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MOVEMENTS_SEAT_TYPES_H
#define STRATA_COHORT_MOVEMENTS_SEAT_TYPES_H

/* Types of expansion where no source says any: what is known is whether the account got more seats
 * on the day. More ARR on as many seats is another plan, another product or another price. */

#include "cohort/movements/arr_words.h"

/* Gives the expansions of the book one of two types by the account's seats, unless movements have
 * types already. Expansions of accounts that never say how many seats they have stay without.
 * Allocated in `a`. STRATA_E_NOMEM, STRATA_E_STORE. */
STRATA_MUST_CHECK strata_status arr_words_from_seats(store_conn *conn, arena *a,
                                                     const arr_book *book, arr_words *w,
                                                     strata_error *err);

#endif
