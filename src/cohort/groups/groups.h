/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_GROUPS_GROUPS_H
#define STRATA_COHORT_GROUPS_GROUPS_H

/* Accounts put into groups to be compared: by when they started, or by the value
 * of any expression (an attribute, a dimension of the model, a condition, a number). Every
 * account is in one group or in none. */

#include <strata/error.h>

#include "base/arena.h"
#include "cohort/calendar.h"
#include "model/bind.h"
#include "segment/code.h"
#include "segment/overrides.h"
#include "segment/portfolio.h"

enum { GROUPS_LEVELS_MAX = 24 }; /* more levels than this: the smaller ones are "Other" */

typedef struct groups {
    const char *name; /* "start month", "plan", "arr >= 10k" */
    size_t n;
    const char *const *labels; /* by group */
    /* Expression of the rule language that lists the group's accounts on the date it was evaluated
     * at; an element is NULL where there is none (start periods, "Other"). */
    const char *const *where;
    const day *first, *last; /* of start periods; NULL for all others */
    segment_code *code;      /* by account; SEGMENT_ABSENT: in no group */
    size_t *accounts;        /* by group */
    size_t outside;          /* accounts in no group */
    bool missing_last;       /* the last group is of the accounts whose value is missing */
    bool ranges;             /* groups are quartiles of a number, with cut points of their date */
} groups;

/* By the period that `origin` lies in: one group per period that has an account, in order of time.
 * Accounts whose origin is DAY_MISSING or after `as_of` are in none. Allocated in `a`. */
STRATA_MUST_CHECK strata_status groups_by_start(arena *a, const day *origin, size_t n_accounts,
                                                calendar c, day as_of, groups **out,
                                                strata_error *err);

/* By the value of an expression as of a day. Text: one group per level that an account has, in the
 * order of the levels, the smallest beyond GROUPS_LEVELS_MAX together as "Other"; a condition: yes
 * and no; numbers: quartiles of those known, ties never split, the cut points in the label.
 * Accounts without a value come last as "Unknown". Accounts that do not exist yet are in none.
 *
 * A grouping as of today says nothing of how accounts were grouped when they started: a segment
 * that accounts leave when they do badly looks good. Evaluate it at an earlier day to be safe.
 * STRATA_E_USAGE for an expression that looks back, or that all accounts lack (with what it needs).
 */
STRATA_MUST_CHECK strata_status groups_by_value(const context *cx, arena *a, const portfolio *p,
                                                const bound_model *b, const override_set *overrides,
                                                const char *expression, day as_of, groups **out,
                                                strata_error *err);

/* Everyone with an origin up to as_of, as one group named `label`. */
STRATA_MUST_CHECK strata_status groups_of_all(arena *a, const day *origin, size_t n_accounts,
                                              day as_of, const char *label, groups **out,
                                              strata_error *err);

/* Takes accounts whose origin is DAY_MISSING or after `as_of` out of groups by value, and groups
 * that are left with none out of the list: triangles cannot follow who never started. New lists are
 * allocated in `a`. */
STRATA_MUST_CHECK strata_status groups_keep_started(arena *a, groups *g, const day *origin,
                                                    size_t n_accounts, day as_of,
                                                    strata_error *err);

/* The group with this label; case does not count. SIZE_MAX when there is none. */
size_t groups_find(const groups *g, const char *label);

#endif
