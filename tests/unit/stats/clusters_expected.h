/* SPDX-License-Identifier: Apache-2.0 */
/* Made by tests/data/stats/make_clusters.py (scikit-learn 1.2.1). */
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
            x[i * d + j] = apart * (double)(i % groups * (j + 3) % 7);
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
} kmeans_rows[] = {
    {60, 1, 3, 0.3, 3, 8.92700649347, {25, 18, 17}},
    {200, 2, 4, 0.2, 4, 63.6475303005, {57, 56, 44, 43}},
    {300, 3, 5, 0.1, 6, 123.671948256, {64, 61, 57, 41, 39, 38}},
    {500, 5, 3, 0.05, 8, 447.579550557, {76, 74, 62, 61, 61, 58, 58, 50}},
    {400, 8, 6, 0.15, 6, 859.54746036, {84, 83, 73, 56, 55, 49}},
    {1000, 2, 7, 0.1, 12, 92.6245504259, {136, 129, 116, 101, 77, 76, 70, 69, 68, 64, 60, 34}},
};

/* Log-likelihoods of full, diagonal, tied and spherical covariances. */
static const struct {
    size_t n, d, groups;
    double apart;
    size_t k;
    double log_likelihood[4];
} mixture_rows[] = {
    {400, 1, 3, 0.5, 3, {-652.152494, -652.152494, -652.5179744, -652.152494}},
    {500, 2, 3, 0.5, 3, {-1369.217395, -1369.724058, -1369.977963, -1371.064796}},
    {800, 3, 4, 0.4, 4, {-3002.013115, -3006.146147, -3012.665413, -3009.102501}},
    {900, 5, 3, 0.3, 3, {-4624.540098, -4645.794594, -4647.517478, -4649.871311}},
};

#endif
