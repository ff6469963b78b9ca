/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_CLUSTER_SHARE_H
#define STRATA_STATS_INFERENCE_CLUSTER_SHARE_H

/* Shares of things that come in clusters (answers by account): what one account does a hundred
 * times says less than what a hundred accounts do once. The share is the ratio of two sums over
 * clusters; its variance is that of the linearised ratio (Cochran 1977, Sampling Techniques,
 * section 6.4; R: survey::svyratio with clusters as ids and equal weights). */

#include <stdbool.h>
#include <stddef.h>

#include "stats/inference/proportion.h"
#include "stats/inference/test.h"

/* By cluster: things, and those of them that are hits. A cluster without things does not count. */
typedef struct cluster_counts {
    const double *hits, *of;
    size_t n;
} cluster_counts;

typedef struct cluster_share {
    size_t clusters; /* that have things */
    double hits, of;
    bool defined; /* at least 2 clusters */
    double share, se;
    /* 95 %: Wilson's for as many independent things as would vary as much (the effective sample
     * size of Korn & Graubard 1998, Survey Methodology 24:193), never more than there are. Where
     * all or none are hits nothing varies, and clusters are counted. */
    double low, high;
} cluster_share;

cluster_share cluster_share_of(const cluster_counts *x);

/* Are the shares of `a` and `b` the same? Both are over the same clusters (a->n == b->n), which may
 * have things of either or both. z test; effect: the difference a - b, with its 95 % interval. Not
 * defined with fewer than 2 clusters in either, or when nothing varies. */
stat_test cluster_shares_differ(const cluster_counts *a, const cluster_counts *b,
                                interval *difference_95);

/* Within the same cluster, is `a` hit more often than `b`? Differences between clusters do not
 * count: the Mantel-Haenszel difference of shares with clusters as strata (Greenland & Robins 1985,
 * Biometrics 41:55), its variance from the clusters' residuals. z test; effect: the difference
 * a - b, with its 95 % interval; *clusters: those that have things of both. Not defined with fewer
 * than 2 of them, or when nothing varies. */
stat_test cluster_shares_within(const cluster_counts *a, const cluster_counts *b, size_t *clusters,
                                interval *difference_95);

#endif
