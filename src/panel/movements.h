/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_MOVEMENTS_H
#define STRATA_PANEL_MOVEMENTS_H

/* One account's ARR ledger rows from what a source says about it. Pure: no
 * store, no clock.
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
 * closing, to the cent, for any two days.
 *
 * Every function appends the account's rows to `out`, ascending by day, one a
 * day. On failure `out` holds what it held before. STRATA_E_DATA when the total
 * would fall below 0 or leave the range of int64, the message naming the day;
 * STRATA_E_NOMEM. Input rows may come in any order. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/day.h"
#include "base/vec.h"
#include "panel/ledger.h"

typedef struct arr_movement {
    day day;
    int64_t arr_after; /* at the end of the day */
    arr_kind kind;
} arr_movement;
typedef VEC(arr_movement) arr_movements; /* free with vec_free */

/* Signed change from the previous day's end, given the rows of one account. */
static inline int64_t arr_movement_delta(const arr_movement *rows, size_t k)
{
    return rows[k].arr_after - (k > 0 ? rows[k - 1].arr_after : 0);
}

typedef struct subscription {
    day start;
    day end; /* first day without service; DAY_MISSING: open-ended */
    int64_t yearly;
} subscription;
/* A subscription whose end is not after its start never ran and yields nothing. */
STRATA_MUST_CHECK strata_status movements_from_subscriptions(const subscription *subs, size_t n,
                                                             arr_movements *out, strata_error *err);

typedef struct arr_delta {
    day day;
    int64_t yearly; /* signed */
} arr_delta;
STRATA_MUST_CHECK strata_status movements_from_deltas(const arr_delta *deltas, size_t n,
                                                      arr_movements *out, strata_error *err);

typedef struct arr_snapshot {
    day day;
    int64_t yearly; /* the account's total */
} arr_snapshot;
/* `taken`: the days on which the whole portfolio was listed, ascending and distinct; an account
 * that is not in one of them has no ARR from that day. NULL and 0: only the account's own rows
 * count, and the last one holds for ever. Also STRATA_E_DATA when two snapshots of one day differ.
 */
STRATA_MUST_CHECK strata_status movements_from_snapshots(const arr_snapshot *snapshots, size_t n,
                                                         const day *taken, size_t n_taken,
                                                         arr_movements *out, strata_error *err);

/* An amount paid per `months` months as a yearly one, rounded to the nearest minor unit, halves
 * away from 0; false when months is below 1 or the result does not fit. */
bool yearly_amount(int64_t amount, int months, int64_t *out);

#endif
