/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_PORTFOLIO_H
#define STRATA_SEGMENT_PORTFOLIO_H

/* The accounts in memory: who they are, their attributes as columns, and where
 * their ledgers come from. Immutable once loaded. */

#include "base/arena.h"
#include "panel/panel.h"
#include "rule/type.h"
#include "store/store.h"

typedef struct portfolio {
    arena *arena;
    size_t n_accounts;
    const char *const *ids;   /* by account number; ascending bytewise */
    const char *const *names; /* the id where there is no name */
    const day *exists_from;   /* started_on; first fact where unknown; DAY_MIN without either */
    /* Names a model may use: the computed features, FEATURE_COUNT of them in
     * catalogue order, then the attributes. */
    const symbol *symbols;
    size_t n_symbols;
    const column *attributes; /* by slot - FEATURE_COUNT; n_accounts values */
    const ledger_info *info;  /* its own: stays when the ledgers are let go of */
    const ledger_source *ledgers;
    const char *currency;
    char data_digest[65];
} portfolio;

/* Loads every account of the store. `ledgers` must outlive the portfolio. */
STRATA_MUST_CHECK strata_status portfolio_load(store_conn *conn, const ledger_source *ledgers,
                                               portfolio **out, strata_error *err);

/* Lets a loaded portfolio be swept from another opening of the same, unchanged store; `ledgers`
 * must outlive the sweeps. */
void portfolio_attach(portfolio *p, const ledger_source *ledgers);

/* Slot of a name among `symbols`; SIZE_MAX when there is none. */
size_t portfolio_slot(const portfolio *p, const char *name);
/* What accounts are worth, by the name of the feature: "arr", or "spend_365d" of a shop. */
const char *portfolio_value_name(const portfolio *p);
/* Account number of an id; SIZE_MAX when there is none. */
size_t portfolio_account(const portfolio *p, const char *id);
/* The day that "now" means without --as-of: the last day with facts that is not after today. */
day portfolio_last_day(const portfolio *p, day today);

void portfolio_free(portfolio *p);
STRATA_DEFINE_AUTO(portfolio, portfolio_free)

#endif
