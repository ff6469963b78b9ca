/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_MATCH_H
#define STRATA_CLUSTER_MATCH_H

/* Which cluster of a new fit is which of the fit before: names are carried over,
 * and what was born, split, merged or died is said. */

#include "cluster/fit.h"
#include "cluster/prepare.h"

#define CLUSTER_NONE UINT32_MAX /* an account that was in no cluster */

/* A fit that was kept. */
typedef struct saved_fit {
    int32_t fit; /* 0: none */
    day as_of;
    const char *method, *where; /* where NULL: the whole population */
    const char *const *expressions;
    size_t d;
    const char *const *names; /* k */
    size_t k;
    const double *centres;   /* k * d, in the features' own units */
    const uint32_t *cluster; /* by account number of the portfolio at hand; CLUSTER_NONE */
    size_t n_gone;           /* members that the portfolio does not know any more */
} saved_fit;

typedef enum cluster_fate {
    FATE_NEW,   /* there was no fit before */
    FATE_KEPT,  /* goes on from `from`, under its name */
    FATE_SPLIT, /* most of its accounts were in `from`, which goes on elsewhere */
    FATE_BORN   /* its accounts came from several clusters, or from none */
} cluster_fate;

typedef enum cluster_end {
    END_KEPT,   /* goes on as `to` */
    END_MERGED, /* most of its accounts are in `to`, which goes on from another */
    END_DIED    /* its accounts are scattered */
} cluster_end;

typedef struct cluster_origin { /* of a new cluster */
    cluster_fate fate;
    size_t from;      /* SIZE_MAX: none */
    size_t shared;    /* accounts that were in `from` and are here */
    size_t known;     /* accounts here that were in any cluster before */
    const char *name; /* the one it bears */
} cluster_origin;

typedef struct cluster_fortune { /* of a former cluster */
    cluster_end end;
    size_t to;     /* SIZE_MAX: none */
    size_t shared; /* accounts that were here and are in `to` */
    size_t known;  /* accounts that were here and are in any cluster now */
} cluster_fortune;

typedef struct cluster_refit {
    const saved_fit *before; /* NULL: there was none */
    const cluster_origin *of;
    const cluster_fortune *former; /* before->k */
    size_t common;                 /* accounts in both fits */
    double agreement;              /* adjusted Rand index over those; NaN when there are none */
    bool same_features;
} cluster_refit;

/* Matches by shared accounts; between equals, and where none are shared, by the distance of centres
 * (in the new fit's scales, when the features are the same). fresh[k]: names for clusters that go
 * on from none. Allocated in `a`. `before` NULL or fit 0: there was none. */
STRATA_MUST_CHECK strata_status cluster_match(const cluster_points *p, const cluster_fit *fit,
                                              const char *const *fresh, const saved_fit *before,
                                              arena *a, cluster_refit *out, strata_error *err);

#endif
