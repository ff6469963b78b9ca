/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_TRIANGLE_CHANGE_H
#define STRATA_COHORT_TRIANGLE_CHANGE_H

/* Inside the triangles of ARR: what happened to a group in an age, and the two passes over the book
 * that find it. A row of the ledger changes its account's state from its age on. So a pass adds
 * each change to the cell of its group and age, and running sums over the ages give the states: the
 * work grows with the rows, not with accounts x ages.
 *
 * Revenue until day E of ARR a(t) is the integral of a, which by parts is ARR x time at E less the
 * sum of each change x its time. Time counts from the account's own start of age 0, so ARR x time
 * at the end of an age needs the group's ARR alone. */

#include "cohort/triangle/make.h"

/* Changes of a group at an age. */
typedef struct change {
    int64_t entered, base;
    int64_t active, amount, kept; /* net */
    int64_t lost;                 /* active before, not now */
    int64_t won;                  /* ARR of those not active before */
    int64_t dropped;              /* by how much ARR fell, account by account */
    wide paid;                    /* change of ARR x its time */
} change;

static inline void change_add(change *to, const change *c)
{
    to->entered += c->entered;
    to->base += c->base;
    to->active += c->active;
    to->amount += c->amount;
    to->kept += c->kept;
    to->lost += c->lost;
    to->won += c->won;
    to->dropped += c->dropped;
    to->paid += c->paid;
}

/* One past the last row of the account that is not after `as_of`. */
static inline uint32_t rows_end(const arr_book *b, size_t account, day as_of)
{
    uint32_t end = b->start[account + 1];
    while (end > b->start[account] && b->day[end - 1] > as_of) {
        end--;
    }
    return end;
}

/* What the account is after all its changes so far, as sums of an age: `c` those of the age. */
triangle_sums triangle_sums_of(const change *state, const change *before, const change *c);
/* In age 0 there is no age before: all count as active then. */
void triangle_mend_first(triangle_sums *s);

/* Fills the cells. Groups are start periods of the clock's calendar, so that all accounts of a
 * group share its clock. STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status triangle_fill_shared(const context *cx, const triangle_input *in,
                                                     triangle *t, strata_error *err);
/* The same of accounts each of which counts its ages from its own start. */
STRATA_MUST_CHECK strata_status triangle_fill_own(const context *cx, const triangle_input *in,
                                                  triangle *t, strata_error *err);

#endif
