/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_GROUP_H
#define STRATA_ANALYSIS_GROUP_H

/* Inside the analyses: accounts and their values put together by segment. */

#include <strata/error.h>

#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "segment/code.h"

/* Account numbers by group, ascending: group g has list[start[g]] .. list[start[g + 1] - 1].
 * Accounts whose code is n_groups or more are in none. */
typedef struct members {
    size_t n_groups;
    size_t *start; /* n_groups + 1 */
    uint32_t *list;
} members;

STRATA_MUST_CHECK strata_status members_new(const segment_code *codes, size_t n, size_t n_groups,
                                            members *out, strata_error *err);
void members_done(members *m);
#define MEMBERS_AUTO STRATA_CLEANUP(members_done)
static inline size_t members_count(const members *m, size_t group)
{
    return m->start[group + 1] - m->start[group];
}

/* The known values of one feature, sorted: all together and within each group. */
typedef struct grouped {
    size_t n_groups, n; /* values that are known, of accounts in a group */
    size_t *start;      /* n_groups + 1, into `values` */
    double *values;     /* by group, ascending */
    double *all;        /* ascending */
    double *rank_sum;   /* by group, among all */
    double ties;        /* sum of t^3 - t */
} grouped;

/* x by account, NaN missing; infinities count as missing too. */
STRATA_MUST_CHECK strata_status grouped_new(const double *x, const segment_code *codes, size_t n,
                                            size_t n_groups, grouped *out, strata_error *err);
void grouped_done(grouped *g);
#define GROUPED_AUTO STRATA_CLEANUP(grouped_done)
static inline size_t grouped_count(const grouped *g, size_t group)
{
    return g->start[group + 1] - g->start[group];
}
static inline const double *grouped_values(const grouped *g, size_t group)
{
    return g->values + g->start[group];
}
/* Median of all values outside the group; there must be one. O(log^2 n). */
double grouped_median_outside(const grouped *g, size_t group);

#endif
