/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_NAMES_H
#define STRATA_CLUSTER_NAMES_H

/* What sets each cluster apart, and a name from it. */

#include "cluster/fit.h"
#include "cluster/prepare.h"

/* By cluster and feature, [cluster * d + feature]: the cluster's mean z less that of all other
 * accounts. z is in robust standard deviations and held to -3 .. 3, so that no single account moves
 * it. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_differences(const cluster_points *p, const cluster_fit *fit,
                                                    arena *a, const double **out,
                                                    strata_error *err);

/* Features of a cluster by the size of their difference, largest first; equal ones in their order.
 * order: d. */
void cluster_by_difference(const double *difference, size_t d, size_t *order);

/* "High usage, few users, recent": up to three words for the largest differences, one per theme;
 * names are different from each other. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_name_all(const cluster_points *p, const cluster_fit *fit,
                                                 const double *difference, arena *a,
                                                 const char ***out, strata_error *err);

#endif
