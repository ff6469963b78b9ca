/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_MOVEMENTS_H
#define STRATA_PANEL_MOVEMENTS_H

/* One account's ARR ledger rows from the changes that a source says of it. Pure: no
 * store, no clock. Subscriptions and snapshots are turned into changes by SQL
 * (sql/source) before they come here.
 *
 * Amounts are yearly, in minor units of the reporting currency, converted before
 * they come here, so that a rate change is never a movement. A movement is a
 * change of the account's total from one day's end to another: all changes of
 * one day are one net movement, and none when they cancel. It is
 *   new            from 0 for the first time
 *   reactivation   from 0 after having had ARR before
 *   churn          to 0
 *   expansion, contraction   the rest, up and down.
 * So ending one of several subscriptions is contraction, ending the last is
 * churn, and opening + new + expansion + reactivation - contraction - churn =
 * closing, to the cent, for any two days. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/day.h"
#include "base/vec.h"
#include "panel/ledger.h"

/* Of a change that is none of 0; `had`: was above 0 on any day before. */
arr_kind arr_kind_of(int64_t before, int64_t after, bool had);

typedef struct arr_movement {
    day day;
    int64_t arr_after; /* at the end of the day */
    arr_kind kind;
} arr_movement;
typedef VEC(arr_movement) arr_movements; /* free with vec_free */

typedef struct arr_delta {
    day day;
    int64_t yearly; /* signed */
} arr_delta;
/* Appends the account's rows to `out`, ascending by day, one a day. Changes may come in any order.
 * On failure `out` holds what it held before. STRATA_E_DATA when the total would fall below 0 or
 * leave the range of int64, the message naming the day; STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status movements_from_deltas(const arr_delta *deltas, size_t n,
                                                      arr_movements *out, strata_error *err);

#endif
