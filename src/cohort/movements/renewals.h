/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MOVEMENTS_RENEWALS_H
#define STRATA_COHORT_MOVEMENTS_RENEWALS_H

/* Renewals by the day they are due: opportunities of kind renewal with a due
 * date. Sources say how a renewal stands, not since when, so how it stands is
 * always what the data says today; only those opened up to `until` are here. */

#include <strata/error.h>

#include "base/auto.h"
#include "base/context.h"
#include "base/vec.h"
#include "panel/ledger.h"

typedef struct renewal {
    int32_t account;
    day due;
    int64_t minor; /* what the opportunity is worth, as its source says */
    deal_stage stage;
} renewal;

typedef struct renewal_book {
    size_t n;
    renewal *rows;   /* by account, then due day */
    uint32_t *start; /* by account, n_accounts + 1 */
    size_t n_accounts;
    size_t undated; /* renewals without a due date: in no figure */
} renewal_book;

/* A portfolio without opportunities gives an empty book. STRATA_E_NOMEM, STRATA_E_CANCELLED, or
 * what the source fails with. */
STRATA_MUST_CHECK strata_status renewal_book_load(const context *cx, const ledger_source *source,
                                                  day until, renewal_book **out, strata_error *err);
void renewal_book_free(renewal_book *b); /* NULL is fine */
STRATA_DEFINE_AUTO(renewal_book, renewal_book_free)

/* Those of one account due in (from, to]. An open one is neither renewed nor lost. */
typedef struct renewal_sum {
    size_t due, won, lost, open;
    int64_t due_minor, won_minor, lost_minor, open_minor;
} renewal_sum;
renewal_sum renewals_due(const renewal_book *b, size_t account, day from, day to);

#endif
