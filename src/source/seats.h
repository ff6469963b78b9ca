/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_SEATS_H
#define STRATA_SOURCE_SEATS_H

/* Seats of accounts on their way into seats_ledger. Internal to this folder. */

#include "base/auto.h"
#include "store/append.h"

typedef struct seats_rows seats_rows;

/* STRATA_E_NOMEM, STRATA_E_STORE. */
STRATA_MUST_CHECK strata_status seats_rows_new(store_conn *c, seats_rows **out, strata_error *err);
/* The net change of an account's seats on a day, in thousandths; nothing is written of 0. Changes
 * come by account, then day. */
STRATA_MUST_CHECK strata_status seats_rows_add(seats_rows *r, int32_t account, day d, int64_t delta,
                                               strata_error *err);
STRATA_MUST_CHECK strata_status seats_rows_finish(seats_rows *r, strata_error *err);
void seats_rows_free(seats_rows *r); /* NULL is fine */
STRATA_DEFINE_AUTO(seats_rows, seats_rows_free)

#endif
