/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_EXPORT_TABLES_H
#define STRATA_COMMAND_EXPORT_TABLES_H

/* The tables that `strata export` writes, filled from a view or from the store's record. */

#include "command/export_out.h"
#include "command/look.h"
#include "report/accounts.h"

/* Accounts and the columns of them to write. */
typedef struct export_accounts {
    const uint32_t *accounts;
    size_t n;
    const list_column *columns;
    size_t n_columns;
} export_accounts;

/* One row an account. `out` is filled, head first, and ready to be written; so in those below. */
STRATA_MUST_CHECK strata_status export_accounts_table(const look *l, const export_accounts *x,
                                                      export_out *out, strata_error *err);
/* One row an account and dimension: account_id, dimension, segment (its key), label, value. */
STRATA_MUST_CHECK strata_status export_membership(const look *l, const export_accounts *x,
                                                  export_out *out, strata_error *err);
/* One row a segment of every dimension: how many of the accounts, their value, shares. */
STRATA_MUST_CHECK strata_status export_segments(const look *l, const export_accounts *x,
                                                export_out *out, strata_error *err);
/* Every recorded stay of an account in a segment, with its cause. */
STRATA_MUST_CHECK strata_status export_history(const look *l, export_out *out, strata_error *err);

#endif
