/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MOVEMENTS_ARR_WORDS_H
#define STRATA_COHORT_MOVEMENTS_ARR_WORDS_H

/* What the sources say of each ARR movement in words: its type (seats, tier,
 * cross-sell, price) and its reason. By row of an ARR book. */

#include <strata/error.h>

#include "base/arena.h"
#include "cohort/book.h"
#include "store/store.h"

enum { ARR_WORD_NONE = 65535 }; /* nothing was recorded */

typedef struct arr_words {
    const char *const *types, *const *reasons; /* by code, in bytewise order */
    size_t n_types, n_reasons;
    const uint16_t *type, *reason; /* by row of the book; ARR_WORD_NONE */
    const bool *delinquent; /* by reason code: names a failed payment, not a decision to leave */
    bool types_by_seats;    /* no source says types: they are told by seats (seat_types.h) */
} arr_words;

/* For a book of the same store. More than 65,000 different words: STRATA_E_DATA. In `a`. */
STRATA_MUST_CHECK strata_status arr_words_load(store_conn *conn, arena *a, const arr_book *book,
                                               arr_words **out, strata_error *err);

/* Does the reason name a payment that failed ("credit card expired", "non-payment") rather than a
 * decision? By the words in it; case does not count. */
bool arr_reason_is_delinquent(const char *reason);
/* Was movement `row` churn for such a reason? `w` may be NULL: not known, so no. */
static inline bool arr_row_is_delinquent(const arr_words *w, uint32_t row)
{
    return w != NULL && w->reason[row] != ARR_WORD_NONE && w->delinquent[w->reason[row]];
}

#endif
