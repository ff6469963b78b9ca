/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_FIT_H
#define STRATA_CLUSTER_FIT_H

/* One way to the kernels: points into k clusters, by any of the methods. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "stats/clustering/hierarchy.h"
#include "stats/clustering/points.h"

typedef enum cluster_method {
    CLUSTER_KMEANS,
    CLUSTER_WARD,
    CLUSTER_AVERAGE,
    CLUSTER_COMPLETE,
    CLUSTER_MIXTURE_FULL,
    CLUSTER_MIXTURE_DIAGONAL,
    CLUSTER_MIXTURE_TIED,
    CLUSTER_MIXTURE_SPHERICAL,
    CLUSTER_METHOD_COUNT
} cluster_method;

enum { CLUSTER_HIERARCHY_MOST = 20000 }; /* points that a hierarchy is made of */

const char *cluster_method_name(cluster_method m);  /* "mixture-diagonal" */
const char *cluster_method_words(cluster_method m); /* "a mixture of normals, ..." */
/* STRATA_E_USAGE with the nearest name. "mixture" alone is the full one. */
STRATA_MUST_CHECK strata_status cluster_method_parse(const char *text, cluster_method *out,
                                                     strata_error *err);
bool cluster_is_hierarchy(cluster_method m);
bool cluster_is_mixture(cluster_method m);

/* Clusters in order: most points first, equal ones by their centres' coordinates. */
typedef struct cluster_fit {
    size_t n, d, k;  /* k: may be fewer than asked for, where a mixture's component has no point */
    uint32_t *label; /* [n] */
    double *centres; /* k * d: means of the points */
    size_t *size;    /* [k] at least 1 each */
    double within;   /* sum of squared distances to the own centre */
    size_t n_fitted; /* under n: the others went to the nearest centre */
    bool converged;
    const char *why; /* why it did not converge; may be NULL */
} cluster_fit;

typedef struct cluster_fitter {
    const context *cx;
    const points *p;
    cluster_method method;
    uint64_t stream;
    size_t n_starts; /* k-means and mixtures */
    /* Of a hierarchy: made once, cut at any k. */
    const uint32_t *rows; /* points it is of; NULL: all */
    points seen;
    hierarchy tree;
} cluster_fitter;

/* Makes the hierarchy, where the method has one; of CLUSTER_HIERARCHY_MOST points drawn by chance
 * when there are more. Allocated in `a`; `p` must outlive it. */
STRATA_MUST_CHECK strata_status cluster_fitter_make(const context *cx, const points *p,
                                                    cluster_method method, uint64_t stream,
                                                    size_t n_starts, arena *a, cluster_fitter *out,
                                                    strata_error *err);
/* STRATA_E_DATA when there are fewer than k different points. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_fit_make(const cluster_fitter *f, size_t k, arena *a,
                                                 cluster_fit *out, strata_error *err);

/* BIC of a mixture with k components. *known is false where it could not be fitted: fewer
 * different points than components, an estimate that broke down. */
STRATA_MUST_CHECK strata_status cluster_bic(const context *cx, const points *p, cluster_method m,
                                            size_t k, uint64_t stream, arena *a, double *bic,
                                            bool *known, strata_error *err);

#endif
