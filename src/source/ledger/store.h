/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_LEDGER_STORE_H
#define STRATA_SOURCE_LEDGER_STORE_H

/* The store's ledgers as a ledger_source: what a sweep reads. */

#include <strata/error.h>

#include "base/auto.h"
#include "base/context.h"
#include "panel/ledger.h"
#include "store/store.h"

typedef struct ledger_store ledger_store;

/* Both must outlive it; the store must not be written while cursors are open. */
STRATA_MUST_CHECK strata_status ledger_store_new(store *s, const context *cx, ledger_store **out,
                                                 strata_error *err);
void ledger_store_free(ledger_store *l); /* NULL is fine; its cursors must be closed */
STRATA_DEFINE_AUTO(ledger_store, ledger_store_free)

/* Valid as long as `l`. A cursor streams each wanted ledger once, in the order it is stored in,
 * with a connection per ledger, so its memory does not grow with the ledger: one block's rows, a
 * pack (pack.h) and DuckDB's own few chunks. Ledgers with fresh pages are read from these, others
 * row by row. Blocks must be asked for in ascending order. */
const ledger_source *ledger_store_source(const ledger_store *l);

#endif
