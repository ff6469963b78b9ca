/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_QUANTILE_H
#define STRATA_STATS_INFERENCE_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/inference/proportion.h"

/* Sorts ascending; the values must be finite. */
void sort_values(double *x, size_t n);
/* Type-7 quantile (Hyndman & Fan 1996, the default of R's quantile()) of n >= 1 ascending values;
 * q in 0..1. */
double quantile_sorted(const double *sorted, size_t n, double q);
/* 95 % interval of the median by order statistics (Conover 1999): the k-th smallest to the k-th
 * largest value, k the largest with P(binomial(n, 1/2) < k) <= 2.5 %. False, and `out` untouched,
 * under 6 values, where there is none. */
bool median_interval_sorted(const double *sorted, size_t n, interval *out);

#endif
