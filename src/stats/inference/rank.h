/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_RANK_H
#define STRATA_STATS_INFERENCE_RANK_H

/* Tests that use only the order of values. */

#include <strata/error.h>

#include <stddef.h>
#include <stdint.h>

#include "stats/inference/test.h"

/* Sorts the n indexes in `order` (a permutation of 0 .. n-1) by x ascending, those of equal values
 * staying as they were. n at most UINT32_MAX; STRATA_E_DATA for values that are not finite (the
 * message names the first). Radix sort, O(n). */
STRATA_MUST_CHECK strata_status sort_order(const double *x, size_t n, uint32_t *order,
                                           strata_error *err);

/* Ranks from 1 up, ties sharing the mean of theirs; ranks are multiples of a half, so sums of them
 * are exact. `ties` is the sum of t^3 - t over groups of t equal values. `order` (may be NULL):
 * indexes of x ascending, ties by index. n at most UINT32_MAX; STRATA_E_DATA for values that are
 * not finite (the message names the first). */
STRATA_MUST_CHECK strata_status rank_values(const double *x, size_t n, double *rank, double *ties,
                                            uint32_t *order, strata_error *err);

/* Mann-Whitney U of sample a against sample b, from the sum of a's ranks among both: normal
 * approximation with tie and continuity correction, two-sided (R: wilcox.test(exact = FALSE)).
 * Statistic: U of a. Effect: U / (n_a n_b), the chance that a random value of a is above one of b,
 * ties counting half (McGraw & Wong 1992). Not defined when a side is empty or all values are the
 * same. */
stat_test mann_whitney_of_ranks(double rank_sum_a, size_t n_a, size_t n_b, double ties);
STRATA_MUST_CHECK strata_status mann_whitney(const double *a, size_t n_a, const double *b,
                                             size_t n_b, stat_test *out, strata_error *err);

/* Kruskal-Wallis H with tie correction over groups 0 .. n_groups - 1; empty groups do not count.
 * Effect: epsilon squared = H / (n - 1) (Kelley 1935; Tomczak & Tomczak 2014), 0 to 1. Not defined
 * under two non-empty groups or when all values are the same. */
STRATA_MUST_CHECK strata_status kruskal_wallis(const double *x, const uint16_t *group, size_t n,
                                               size_t n_groups, stat_test *out, strata_error *err);

#endif
