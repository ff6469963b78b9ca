/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_CLUSTERS_H
#define STRATA_CLUSTER_CLUSTERS_H

/* The whole of it: accounts in clusters, with names, profiles, rules and what
 * speaks for and against them. */

#include "cluster/choose.h"
#include "cluster/map.h"
#include "cluster/match.h"
#include "cluster/names.h"
#include "cluster/profile.h"
#include "cluster/restate.h"
#include "cluster/stability.h"

typedef struct cluster_request {
    cluster_candidates candidates; /* their slots are kept in the study's view */
    const rule *where;             /* NULL: the model's population */
    cluster_method method;
    cluster_missing missing;
    size_t k;                /* 0: the recommended number */
    const saved_fit *before; /* fit 0 or NULL: there was none */
} cluster_request;

typedef struct clusters {
    const cluster_request *request;
    size_t n_inside, n_outside, n_elsewhere; /* see cluster_values */
    cluster_points points;
    cluster_choice choice;
    cluster_fit fit;
    double silhouette;           /* mean over silhouette_n accounts; NaN for one cluster */
    const double *silhouette_of; /* by cluster */
    size_t silhouette_n;
    cluster_stability stability;
    const double *difference; /* cluster_differences() */
    const char *const *fresh; /* names that this fit alone would give */
    cluster_refit refit;      /* with the names that they bear */
    cluster_profiles profiles;
    cluster_rules rules;
    cluster_map map;
} clusters;

/* Results do not depend on threads. STRATA_E_DATA when there is too little to cluster; k over the
 * number of different accounts. Allocated in `a`; the study and the request must outlive it. */
STRATA_MUST_CHECK strata_status clusters_make(const study *s, const cluster_request *request,
                                              arena *a, clusters *out, strata_error *err);

#endif
