/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_LEDGER_PAGES_H
#define STRATA_SOURCE_LEDGER_PAGES_H

/* The large ledgers packed (pack.h), in pages of a table beside each: made by ingest, read by
 * sweeps. A page is small enough for DuckDB to hand out in place. The ledger is what counts: pages
 * that are not of as many rows are not used. */

#include "base/context.h"
#include "source/ledger/pack.h"
#include "source/ledger/spec.h"
#include "store/stmt.h"

/* Entities whose pages are of as many rows as their ledger, or that are never packed: bit per
 * entity. */
STRATA_MUST_CHECK strata_status ledger_pages_fresh(store_conn *c, uint32_t *entities,
                                                   strata_error *err);
/* Makes the pages of an entity anew where it is packed, within the connection's transaction.
 * Memory: a few MB and one pack. */
STRATA_MUST_CHECK strata_status ledger_pages_write(store_conn *c, const context *cx, entity e,
                                                   strata_error *err);

/* The pages of some accounts streaming by. */
typedef struct ledger_pages {
    const ledger_spec *spec;
    stmt *stmt;
    size_t chunk_rows, at; /* of the current chunk */
    bool ended;
    byte_vec bytes; /* of the pack */
    pack pack;      /* n_accounts 0: none yet */
} ledger_pages;

/* As ledger_rows_open, ledger_rows_read and ledger_rows_close. STRATA_E_STORE for pages that are
 * damaged. */
STRATA_MUST_CHECK strata_status ledger_pages_open(ledger_pages *g, store_conn *c,
                                                  const ledger_spec *spec, const int32_t range[2],
                                                  strata_error *err);
STRATA_MUST_CHECK strata_status ledger_pages_read(ledger_pages *g, int32_t first, size_t n,
                                                  ledger_arrays *out, strata_error *err);
void ledger_pages_close(ledger_pages *g);

#endif
