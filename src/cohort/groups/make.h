/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_GROUPS_MAKE_H
#define STRATA_COHORT_GROUPS_MAKE_H

/* Inside the grouping: a group list while it is made. */

#include "cohort/groups/groups.h"

typedef struct groups_draft {
    groups *g;
    const char **labels, **where; /* those of g, to be filled */
} groups_draft;

/* Room for n_groups groups; codes and labels are the caller's to fill. Allocated in `a`. */
STRATA_MUST_CHECK strata_status groups_begin(arena *a, const char *name, size_t n_accounts,
                                             size_t n_groups, groups_draft *out, strata_error *err);
/* Counts the accounts of each group from the codes. */
void groups_count(groups *g, size_t n_accounts);

#endif
