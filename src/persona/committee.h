/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_COMMITTEE_H
#define STRATA_PERSONA_COMMITTEE_H

/* Who decides at an account: which roles are filled by a contact that is still there, and accounts
 * that hang by one person. */

#include <strata/error.h>

#include "analysis/figure.h"
#include "analysis/study.h"
#include "persona/grouping.h"
#include "stats/inference/test.h"
#include "store/store.h"

typedef struct account_committee {
    uint32_t contacts;        /* active */
    bool present[ROLE_COUNT]; /* an active contact has the role */
    day champion_left;  /* the last champion's, when there is none now; DAY_MISSING: none was */
    uint32_t one_voice; /* answers to surveys that all came from one contact; 0: not so */
} account_committee;

typedef struct committee_segment {
    size_t accounts;
    share_figure none;               /* without any active contact */
    share_figure role[ROLE_COUNT];   /* of all accounts of the segment */
    test_figure against[ROLE_COUNT]; /* the role's share against all other segments */
    share_figure single;             /* exactly one active contact */
    share_figure one_voice;          /* of accounts with two answers or more */
    int64_t single_value_minor, no_champion_value_minor; /* what those accounts are worth */
} committee_segment;

/* An account that lacks a role that decides, or hangs by one person. */
typedef struct committee_gap {
    uint32_t account;
    int64_t value_minor;
} committee_gap;

typedef struct committee {
    bool known;                        /* there are contacts on or before the as-of date */
    const account_committee *accounts; /* by account */
    const committee_segment *segments; /* n_segments + 1; the last: all */
    size_t n_segments;
    const committee_gap *gaps; /* the account worth most first */
    size_t n_gaps;
} committee;

extern const contact_role committee_roles[3]; /* those that decide: economic, technical, champion */
const char *committee_role_name(contact_role r); /* "economic buyer" */

/* Answers to surveys count from `from` on. Allocated in `a`. */
STRATA_MUST_CHECK strata_status committee_make(const study *s, store_conn *conn, day from,
                                               const grouping *groups, arena *a, committee *out,
                                               strata_error *err);

#endif
