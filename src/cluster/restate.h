/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_RESTATE_H
#define STRATA_CLUSTER_RESTATE_H

/* Clusters as rules that a person can read: a small tree over the features'
 * own values, each cluster's leaves as one expression of the rule language. */

#include "analysis/study.h"
#include "cluster/fit.h"
#include "cluster/prepare.h"

enum {
    CLUSTER_FOLDS = 10,
    CLUSTER_TREE_MOST = 50000 /* accounts that a fold's tree is grown of */
};

typedef struct cluster_rule {
    const char *expression; /* NULL: no rule finds this cluster */
    const rule *rule;
    size_t matched, hits; /* accounts that the rule takes; of those, of the cluster */
    /* Of the cluster's accounts, those that trees placed which had not seen them; placed right. */
    size_t cross_n, cross_hits;
} cluster_rule;

typedef struct cluster_rules {
    const cluster_rule *of;   /* by cluster; each account meets at most one */
    const uint32_t *placed;   /* by row: the cluster whose rule it meets; UINT32_MAX: none */
    size_t n, hits, unplaced; /* accounts; placed in their cluster; met by no rule */
    size_t cross_n, cross_hits;
    size_t n_leaves;
} cluster_rules;

/* Counts are of the rules as the rule engine evaluates them: unknown does not match. Allocated in
 * `a`. */
STRATA_MUST_CHECK strata_status cluster_restate(const study *s, const cluster_points *p,
                                                const cluster_fit *fit, arena *a,
                                                cluster_rules *out, strata_error *err);

#endif
