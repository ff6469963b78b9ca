/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_ROWS_UNTIL_H
#define STRATA_COHORT_ROWS_UNTIL_H

/* Rows that a query with one parameter, $until, gives, chunk by chunk. */

#include "base/day.h"
#include "store/stmt.h"

/* `n` rows of the statement's chunk, n > 0; pointers into it hold until the call returns. */
typedef strata_status rows_fn(void *job, stmt *s, size_t n, strata_error *err);

/* Calls `fn` for every chunk of sql/<file>. Fails as the store or `fn` does. */
STRATA_MUST_CHECK strata_status rows_until(store_conn *conn, const char *file, day until,
                                           rows_fn *fn, void *job, strata_error *err);

#endif
