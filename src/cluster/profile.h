/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_PROFILE_H
#define STRATA_CLUSTER_PROFILE_H

/* What each cluster is like, what it is worth, and what became of accounts that
 * were like it a year ago. */

#include "analysis/outcomes.h"
#include "cluster/fit.h"
#include "cluster/prepare.h"
#include "cluster/values.h"

/* One feature in one cluster; medians are of known values, in the feature's unit. */
typedef struct cluster_trait {
    double median, others; /* NaN: known for nobody there */
    double place;          /* share of all known values below the cluster's median, ties half */
} cluster_trait;

typedef struct cluster_profile {
    size_t accounts;
    int64_t worth_minor;
    const cluster_trait *traits; /* by feature */
    /* Of the accounts that, with their values of a year ago, were nearest to this cluster's centre
     * and had ARR then. */
    outcome_figures outcomes;
    size_t accounts_year_ago; /* placed there a year ago, with or without ARR */
} cluster_profile;

typedef struct cluster_profiles {
    const cluster_profile *of; /* by cluster */
    size_t accounts;
    int64_t worth_minor; /* of all clustered */
    bool has_worth, has_outcomes;
    const char *why_no_outcomes; /* NULL: there are */
    cluster_profile all;         /* outcomes of all of them; no traits */
} cluster_profiles;

/* `src` and the features of `p` are evaluated as of a year before the study's date. Allocated in
 * `a`. */
STRATA_MUST_CHECK strata_status cluster_profile_make(const study *s, const cluster_source *src,
                                                     const cluster_points *p,
                                                     const cluster_fit *fit, arena *a,
                                                     cluster_profiles *out, strata_error *err);

#endif
