/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_CHANGES_H
#define STRATA_SEGMENT_CHANGES_H

/* Every entry and exit with its cause: who moved between two consecutive dates
 * of a segmentation, and what made them. */

#include "base/arena.h"
#include "base/vec.h"
#include "model/bind.h"
#include "segment/block.h"
#include "segment/overrides.h"

typedef enum change_cause {
    CHANGE_NEW,       /* the account did not exist at the earlier date */
    CHANGE_LEFT,      /* left the population ("no customer any more") */
    CHANGE_RETURNED,  /* came (back) into the population */
    CHANGE_RULE,      /* a clause of the rules turned: `clause`, and the values it saw */
    CHANGE_WAITED,    /* the rules had said so before; the dwell time has passed now */
    CHANGE_PINNED,    /* a person's decision came into force */
    CHANGE_UNPINNED,  /* a person's decision ended */
    CHANGE_DEFINITION /* the rules themselves changed (set by whoever compares two models) */
} change_cause;

const char *change_cause_name(change_cause cause); /* "rule", as stored and in JSON */

typedef struct membership_change {
    uint32_t account;
    uint32_t def;          /* index into b->defs */
    uint32_t date;         /* index of the later of the two requested dates */
    segment_code from, to; /* may be SEGMENT_ABSENT or SEGMENT_OUTSIDE */
    change_cause cause;
    size_t slot;                /* what turned; SIZE_MAX: no single value */
    const char *clause;         /* "arr >= 25k"; NULL where no clause turned */
    const char *before, *after; /* "arr is $24,100", "arr is $26,000"; NULL without a clause */
    const char *said;           /* what is after, with labels: "ARR is $26,000" */
} membership_change;

/* Changes in order of date, definition, account. */
typedef struct change_list {
    const membership_change *items;
    size_t n;
} change_list;

/* One block's frames at two consecutive requested dates. */
typedef struct change_block {
    const bound_model *b;
    const override_set *overrides; /* may be NULL */
    const slot_plan *slots;
    uint32_t first, n_accounts;
    uint32_t date;
    rule_input before, after;
    const segment_code *const *codes_before; /* by def; this block's accounts */
    const segment_code *const *codes_after;
    const segment_code *const *raw_before;
    const segment_code *const *raw_after;
} change_block;

typedef VEC(membership_change) change_vec;

/* Appends the block's changes; texts allocated in `a`. */
STRATA_MUST_CHECK strata_status changes_find(const change_block *block, arena *a, change_vec *out,
                                             strata_error *err);
/* Sorts into the order promised by change_list. */
void changes_sort(change_vec *changes);

#endif
