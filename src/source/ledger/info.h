/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_LEDGER_INFO_H
#define STRATA_SOURCE_LEDGER_INFO_H

/* What is the same for every block of the store's ledgers. */

#include <strata/error.h>

#include "panel/ledger.h"
#include "store/store.h"

typedef struct ledger_facts_info {
    ledger_info info; /* points into what follows */
    day *feature_first_seen;
    day *started_on; /* by account */
} ledger_facts_info;

STRATA_MUST_CHECK strata_status ledger_facts_info_read(store_conn *c, ledger_facts_info **out,
                                                       strata_error *err);
void ledger_facts_info_free(ledger_facts_info *l); /* NULL is fine */

#endif
