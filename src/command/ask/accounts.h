/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_ACCOUNTS_H
#define STRATA_COMMAND_ASK_ACCOUNTS_H

/* Which accounts, in what order, with which columns: --where, --sort, --limit, --columns, --all. */

#include "base/vec.h"
#include "command/look.h"
#include "report/accounts.h"

enum { ACCOUNTS_ASK_COLUMNS = 64 };

/* Starts as zeros. The request points into it: it stays where it is. */
typedef struct accounts_ask {
    list_request request;
    list_column columns[ACCOUNTS_ASK_COLUMNS];
    VEC(size_t) keep; /* slots that the view must keep */
} accounts_ask;

void accounts_ask_done(accounts_ask *w);
#define ACCOUNTS_ASK_AUTO STRATA_CLEANUP(accounts_ask_done)

/* From the options of l->c, with names of l->bound; l->def is the dimension shown. STRATA_E_USAGE
 * with the nearest name for one that is not there, and for an expression that is none. */
STRATA_MUST_CHECK strata_status accounts_ask_read(const look *l, accounts_ask *w,
                                                  strata_error *err);

#endif
