/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_PANEL_H
#define STRATA_PANEL_PANEL_H

/* The sweep: account features as of any number of dates, in one pass over the
 * ledgers. The catalogue of features is panel/features.h. */

#include <strata/error.h>

#include "base/auto.h"
#include "base/context.h"
#include "panel/features.h"
#include "panel/ledger.h"

enum { PANEL_BLOCK = 4096 }; /* the most accounts in a block */

/* One block's features: value(d, f, i) = values[(d * n_features + f) * n_accounts + i].
 * NaN: missing. */
typedef struct panel_block {
    int32_t first;
    size_t n_accounts, n_features, n_dates;
    const double *values;
} panel_block;

/* Called once per block, from any thread; blocks of different calls never
 * overlap, so writing to arrays by account number needs no lock. */
typedef strata_status panel_block_fn(void *job, const panel_block *block, strata_error *err);

/* Sweeps all accounts. `features` are catalogue ids (features.h), each once; dates ascend and are
 * distinct. A feature whose entity the portfolio lacks is missing for all. Cancels between blocks.
 * Deterministic for any number of threads. STRATA_E_USAGE for features or dates that are not so,
 * STRATA_E_NOMEM, or what the source or `fn` fails with. */
STRATA_MUST_CHECK strata_status panel_sweep(const context *cx, const ledger_source *source,
                                            const feature_id *features, size_t n_features,
                                            const day *dates, size_t n_dates, panel_block_fn *fn,
                                            void *job, strata_error *err);

/* The same for accounts first .. first + n_accounts - 1 alone, blocks of which are handed on. */
typedef struct panel_request {
    const feature_id *features;
    size_t n_features;
    const day *dates;
    size_t n_dates;
    size_t first, n_accounts; /* n_accounts 0: all there are */
} panel_request;
STRATA_MUST_CHECK strata_status panel_sweep_some(const context *cx, const ledger_source *source,
                                                 const panel_request *r, panel_block_fn *fn,
                                                 void *job, strata_error *err);

/* A whole panel at one date: columns[f][account]. */
typedef struct panel panel;
STRATA_MUST_CHECK strata_status panel_new(const context *cx, const ledger_source *source,
                                          const feature_id *features, size_t n_features, day as_of,
                                          panel **out, strata_error *err);
const double *panel_column(const panel *p, size_t f); /* n_accounts values */
size_t panel_n_accounts(const panel *p);
void panel_free(panel *p);
STRATA_DEFINE_AUTO(panel, panel_free)

#endif
