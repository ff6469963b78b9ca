/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_LEDGER_ROWS_H
#define STRATA_SOURCE_LEDGER_ROWS_H

/* One ledger table streaming by, row by row as DuckDB holds it. */

#include "source/ledger/spec.h"
#include "store/stmt.h"

typedef struct ledger_rows {
    const ledger_spec *spec;
    stmt *stmt;
    size_t chunk_rows, at; /* of the current chunk */
    bool ended;
} ledger_rows;

/* Rows of accounts range[0] .. range[1] - 1. No other statement may run on `c` until it is closed.
 */
STRATA_MUST_CHECK strata_status ledger_rows_open(ledger_rows *r, store_conn *c,
                                                 const ledger_spec *spec, const int32_t range[2],
                                                 strata_error *err);
/* The rows of accounts first .. first + n - 1 instead of those in `out`. Accounts ascend from call
 * to call. */
STRATA_MUST_CHECK strata_status ledger_rows_read(ledger_rows *r, int32_t first, size_t n,
                                                 ledger_arrays *out, strata_error *err);
void ledger_rows_close(ledger_rows *r);

#endif
