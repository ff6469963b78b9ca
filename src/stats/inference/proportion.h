/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_PROPORTION_H
#define STRATA_STATS_INFERENCE_PROPORTION_H

#include <stddef.h>

#include "stats/inference/test.h"

typedef struct interval {
    double low, high;
} interval;

/* 95 % interval of a share by the score method (Wilson 1927; Newcombe 1998, Statistics in Medicine
 * 17:857, method 3): the shares p with |hits/n - p| <= z sqrt(p (1-p) / n). 0..1 for n = 0. */
interval wilson_interval(size_t hits, size_t n);

/* 95 % interval of hits_a/n_a - hits_b/n_b by combining the Wilson intervals (Newcombe 1998,
 * Statistics in Medicine 17:873, method 10). -1..1 when one n is 0. */
interval newcombe_interval(size_t hits_a, size_t n_a, size_t hits_b, size_t n_b);

/* 95 % interval of the mean number of events of which so many were seen: the exact limits of the
 * Poisson distribution (Garwood 1936, Biometrika 28:437). */
interval poisson_interval(size_t events);

/* Are two shares the same? Pearson's chi-square on the 2 x 2 table without continuity correction
 * (the square of the pooled z), 1 degree of freedom. Effect: the difference a - b. Not defined
 * when a side is empty or nobody or everybody is a hit. */
stat_test two_proportions(size_t hits_a, size_t n_a, size_t hits_b, size_t n_b);

#endif
