/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_PREPARE_H
#define STRATA_CLUSTER_PREPARE_H

/* From values to points: which features are used and why the others are not,
 * who is left out, and how values are brought to one scale.
 *
 * A value x becomes z = (t(x) - median) / scale, held to -3 .. 3; t(x) is
 * log(1 + x / u) for a skewed amount that is never below 0, u the median of its
 * values above 0, else x itself. scale is the interquartile range of t over
 * 1.349 (the standard deviation of a normal with such quartiles), or the
 * standard deviation where the middle half is one value. */

#include "cluster/values.h"
#include "stats/clustering/points.h"

typedef enum cluster_missing {
    CLUSTER_MISSING_MEDIAN, /* takes the median; who misses over half the features is left out */
    CLUSTER_MISSING_LEAVE   /* who misses any is left out */
} cluster_missing;

/* What is asked of a feature that was not named: share of accounts for which it is known, share
 * that may have the same value, rank correlation with one used already. */
extern const double CLUSTER_KNOWN_LEAST, CLUSTER_SAME_MOST, CLUSTER_ALIKE_MOST;
extern const double CLUSTER_CLAMP; /* 3 */

typedef struct cluster_scale {
    bool logged;
    double unit;        /* u; 1 when not logged */
    double centre;      /* median of t */
    double scale;       /* above 0 */
    bool by_deviation;  /* scale is the standard deviation */
    double median;      /* of x: what missing values take */
    size_t known, held; /* clustered accounts with a value; of those, held to -3 or 3 */
} cluster_scale;

/* z of a value; 0, the median's, for NaN. */
double cluster_scale_apply(const cluster_scale *s, double x);
/* The value whose z this is (within -3 .. 3). */
double cluster_scale_invert(const cluster_scale *s, double z);

/* A candidate that is not used. */
typedef struct cluster_left_out {
    const char *expression, *label;
    const char *why; /* "the same (0) for 97 % of accounts" */
} cluster_left_out;

typedef struct cluster_points {
    size_t n, d;
    const uint32_t *account;           /* by row, ascending */
    const double *z;                   /* n * d */
    const cluster_candidate *features; /* d: those used */
    const cluster_scale *scales;       /* d */
    double *const *raw;                /* [feature][row]; NaN missing */
    const cluster_left_out *left_out;
    size_t n_left_out;
    size_t n_incomplete; /* accounts left out for missing values */
    cluster_missing missing;
    points points; /* z, for the kernels */
} cluster_points;

/* Not enough to cluster is STRATA_E_DATA: too few accounts, no feature that tells them apart.
 * Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_prepare(const cluster_values *v,
                                                const cluster_candidates *candidates,
                                                cluster_missing missing, arena *a,
                                                cluster_points *out, strata_error *err);

/* Rows of z for the accounts inside on another day, on the same scales; in `a`. account[r] of row
 * r. `v` has the values of p->features. */
STRATA_MUST_CHECK strata_status cluster_prepare_like(const cluster_points *p,
                                                     const cluster_values *v, arena *a, double **z,
                                                     uint32_t **account, size_t *n,
                                                     strata_error *err);

#endif
