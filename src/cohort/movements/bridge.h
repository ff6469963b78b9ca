/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MOVEMENTS_BRIDGE_H
#define STRATA_COHORT_MOVEMENTS_BRIDGE_H

/* ARR movements by period and group: what the portfolio opened with, what came
 * and went, what it closed with. Exact integers; for every period and group
 *   opening + new + expansion + reactivation - contraction - churn = closing.
 * Groups are a fixed assignment of accounts: nobody moves between them here. */

#include <strata/error.h>

#include "base/arena.h"
#include "cohort/calendar.h"
#include "cohort/groups/groups.h"
#include "cohort/movements/walk.h"

typedef struct bridge_cell {
    int64_t opening, closing; /* minor units */
    int64_t minor[ARR_KIND_COUNT];
    size_t movements[ARR_KIND_COUNT]; /* as days of an account: opening accounts + new +
                                         reactivation - churn = closing accounts */
    size_t accounts[ARR_KIND_COUNT];  /* distinct ones with such a movement in the period */
    size_t accounts_opening, accounts_closing; /* with ARR above 0 */
} bridge_cell;

/* Periods (ends[p], ends[p + 1]]: after the end of one day, up to the end of another. */
typedef struct bridge {
    const day *ends; /* n_periods + 1, ascending */
    size_t n_periods, n_groups;
    bridge_cell *cells; /* see bridge_at() */
} bridge;

/* Group n_groups: accounts in no group. Group n_groups + 1: all accounts. */
static inline const bridge_cell *bridge_at(const bridge *b, size_t period, size_t group)
{
    return &b->cells[period * (b->n_groups + 2) + group];
}
static inline const bridge_cell *bridge_all(const bridge *b, size_t period)
{
    return bridge_at(b, period, b->n_groups + 1);
}

/* The days that bound the last n periods of the calendar up to `as_of`, n + 1 of them; the last is
 * as_of itself, so that the last period may not be over. Allocated in `a`. */
STRATA_MUST_CHECK strata_status bridge_periods(arena *a, calendar c, day as_of, size_t n,
                                               const day **ends, strata_error *err);
typedef struct bridge_spec {
    const groups *groups; /* NULL: everyone is in no group */
    const day *ends;      /* n_periods + 1 */
    size_t n_periods;
    bool without_brief; /* leave out what began and ended within one calendar month (walk.h) */
} bridge_spec;

/* Allocated in `a`; keeps spec->ends. STRATA_E_USAGE when the days do not ascend or reach beyond
 * the book. O(movements + accounts x periods). */
STRATA_MUST_CHECK strata_status bridge_make(arena *a, const arr_book *book, const bridge_spec *spec,
                                            bridge **out, strata_error *err);

/* Sum of the kinds that add, of those that take away. */
int64_t bridge_gains(const bridge_cell *c);
int64_t bridge_losses(const bridge_cell *c);

#endif
