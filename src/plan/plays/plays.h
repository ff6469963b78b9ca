/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_PLAYS_PLAYS_H
#define STRATA_PLAN_PLAYS_PLAYS_H

/* Plays: a playbook at work for an account. They follow from the facts alone, day by day to the
 * as-of date, so that asking twice gives the same plays, and asking a day later the same ones a day
 * older. The first day is that of the first fact, or 1 January two years before, if that is later:
 * plays take a year at most, and a fixed day keeps those of conditions that always held where they
 * were.
 *
 *   begins   on a day when the trigger holds, no play of that playbook runs, and none began within
 *            `again_after`
 *   ends     on the day when `exit` holds, when a playbook that replaces it begins, or 30 days
 * after its last step was due measured `measure.after` days after it began: did `measure.when` hold
 * then? Of plays of one playbook that overlap so, only the first is. */

#include "plan/plays/playbooks.h"
#include "segment/overrides.h"
#include "segment/portfolio.h"

typedef struct play_counts { /* of a playbook, over all days */
    size_t begun, running;
    size_t begun_year;             /* of those begun, within the 365 days up to the as-of date */
    size_t exited, replaced, over; /* how those that ended did */
    size_t measured, met;
} play_counts;

typedef struct play {
    uint32_t account;
    uint32_t playbook;
    day began;
} play;

typedef struct plays {
    const play *running; /* at the as-of date; by account, then playbook */
    size_t n;
    const play_counts *counts; /* by playbook */
    day from, as_of;
} plays;

/* Whose plays, and as of when. */
typedef struct plays_scope {
    const portfolio *p;
    const bound_model *b;
    const override_set *overrides;
    day as_of;
    size_t only; /* this account alone is looked at; SIZE_MAX: all */
} plays_scope;

/* Results do not depend on threads, and those of an account not on whether it alone is asked for.
 * Takes time in proportion to accounts times days. Allocated in `a`. STRATA_E_USAGE when as_of lies
 * before the first fact. */
STRATA_MUST_CHECK strata_status plays_follow(const context *cx, const plays_scope *scope,
                                             const bound_playbooks *books, arena *a, plays *out,
                                             strata_error *err);

#endif
