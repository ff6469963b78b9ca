/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_ACCOUNTS_H
#define STRATA_SOURCE_ACCOUNTS_H

/* Accounts and their numbers: dense, in bytewise order of account id. */

#include "source/job.h"

/* Reads the accounts sources, or the customers of orders and ARR where there is none, into
 * j->accounts (merged ids and, if the model rolls up, children stand for the account they belong
 * to) and writes the account tables. Needs source/stage_accounts.sql to have run. STRATA_E_DATA
 * when parents or merges run in a circle. */
STRATA_MUST_CHECK strata_status accounts_load(ingest_job *j, bool *derived, size_t *n_accounts,
                                              char digest_out[DIGEST_TEXT], strata_error *err);

#endif
