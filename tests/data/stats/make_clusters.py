#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What scikit-learn finds on random points: inertia of KMeans, best of 200 starts, and likelihood of
GaussianMixture without a ridge, best of 20. Points come from a generator that is as easily written in
C. Prints tests/unit/stats/clusters_expected.h."""

import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

warnings.simplefilter("ignore")


def points(n, d, groups, apart, state):
    """Sums of four uniform numbers about one of `groups` places: linear congruences after Knuth."""
    x = np.zeros((n, d))
    for i in range(n):
        for j in range(d):
            x[i, j] = apart * ((i % groups * (j + 3)) % 7)
            for _ in range(4):
                state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
                x[i, j] += (state >> 11) * 2.0**-53
    return x


CASES = [(60, 1, 3, 0.3, 3), (200, 2, 4, 0.2, 4), (300, 3, 5, 0.1, 6), (500, 5, 3, 0.05, 8),
         (400, 8, 6, 0.15, 6), (1000, 2, 7, 0.1, 12)]
print("""/* SPDX-License-Identifier: Apache-2.0 */
/* Made by tests/data/stats/make_clusters.py (scikit-learn %s). */
#ifndef STRATA_CLUSTERS_EXPECTED_H
#define STRATA_CLUSTERS_EXPECTED_H

#include <stddef.h>
#include <stdint.h>

/* Sums of four uniform numbers about one of `groups` places. */
static inline void cluster_points(double *x, size_t n, size_t d, size_t groups, double apart,
                                  uint64_t state)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++) {
            x[i * d + j] = apart * (double)(i %% groups * (j + 3) %% 7);
            for (int k = 0; k < 4; k++) {
                state = state * 6364136223846793005U + 1442695040888963407U;
                x[i * d + j] += (double)(state >> 11) * 0x1p-53;
            }
        }
    }
}

/* Points by cluster_points(.., state: row + 1); sizes of the clusters, largest first. */
static const struct {
    size_t n, d, groups;
    double apart;
    size_t k;
    double inertia;
    size_t size[12];
} kmeans_rows[] = {""" % sklearn.__version__)
for row, (n, d, groups, apart, k) in enumerate(CASES):
    fit = KMeans(k, n_init=200, tol=0, random_state=1).fit(points(n, d, groups, apart, row + 1))
    sizes = sorted(np.bincount(fit.labels_), reverse=True)
    print("    {%d, %d, %d, %g, %d, %.12g, {%s}}," % (n, d, groups, apart, k, fit.inertia_,
                                                      ", ".join(map(str, sizes))))
print("""};

/* Log-likelihoods of full, diagonal, tied and spherical covariances. */
static const struct {
    size_t n, d, groups;
    double apart;
    size_t k;
    double log_likelihood[4];
} mixture_rows[] = {""")
for row, (n, d, groups, apart, k) in enumerate([(400, 1, 3, 0.5, 3), (500, 2, 3, 0.5, 3),
                                                (800, 3, 4, 0.4, 4), (900, 5, 3, 0.3, 3)]):
    x = points(n, d, groups, apart, row + 101)
    best = [max(GaussianMixture(k, covariance_type=shape, random_state=i, reg_covar=0, tol=1e-10,
                                max_iter=5000).fit(x).score(x) for i in range(20)) * n
            for shape in ("full", "diag", "tied", "spherical")]
    print("    {%d, %d, %d, %g, %d, {%s}}," % (n, d, groups, apart, k,
                                              ", ".join("%.10g" % v for v in best)))
print("""};

#endif""")
