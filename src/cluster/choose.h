/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_CHOOSE_H
#define STRATA_CLUSTER_CHOOSE_H

/* How many clusters: 2 to 12 compared, one of 3 to 6 recommended. */

#include "cluster/fit.h"

enum {
    CLUSTER_K_LEAST = 2,
    CLUSTER_K_MOST = 12,
    CLUSTER_RECOMMEND_LEAST = 3,
    CLUSTER_RECOMMEND_MOST = 6,
    CLUSTER_COMPARE_MOST = 20000, /* accounts that the comparison is made on */
    CLUSTER_GAP_MOST = 4000,      /* gap and BIC, which need hundreds of fits */
    CLUSTER_GAP_REFERENCES = 10
};

/* One number of clusters. Figures are NaN where they could not be computed. */
typedef struct cluster_step {
    size_t k;
    double silhouette; /* mean over all points, -1 to 1 */
    double gap, gap_s; /* Tibshirani, Walther & Hastie 2001; s: its standard error */
    double bic;        /* of a mixture with k components; lower is better */
    size_t smallest;   /* points in the smallest cluster */
    bool small;        /* that is under the least a cluster should have */
} cluster_step;

typedef struct cluster_choice {
    const cluster_step *steps; /* ascending k */
    size_t n_steps;
    size_t n, n_distinct;      /* points compared; different ones among them, counted up to 14 */
    size_t gap_n;              /* points that gap and BIC are of */
    size_t least;              /* points under which a cluster is small */
    cluster_method bic_method; /* the mixture whose BIC it is */
    size_t best_silhouette, best_gap, best_bic; /* k; 0: none. Gap: by the rule of its authors */
    size_t recommended;
    double silhouette; /* of the recommended */
    const char *reason;
} cluster_choice;

/* Compares on CLUSTER_COMPARE_MOST points drawn by chance when there are more. `least`: the share
 * of points that a cluster should have. STRATA_E_DATA when all points are the same. Allocated in
 * `a`. */
STRATA_MUST_CHECK strata_status cluster_choose(const context *cx, const points *p,
                                               cluster_method method, double least, arena *a,
                                               cluster_choice *out, strata_error *err);

/* "no substantial structure" and so on up to "strong" (Kaufman & Rousseeuw 1990). */
extern const double CLUSTER_NO_STRUCTURE; /* a mean silhouette up to this */
const char *cluster_silhouette_words(double silhouette);

#endif
