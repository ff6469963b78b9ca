/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_CONCENTRATION_H
#define STRATA_STATS_INFERENCE_CONCENTRATION_H

#include <stddef.h>

/* How unevenly an amount is spread. Values are ascending (sort_values), finite and not negative. */

/* Gini coefficient, sum over i of (2 i - n - 1) x_i / (n sum x), i from 1 (Gini 1912; R: ineq::Gini
 * without finite-sample correction): 0 when all are equal, (n - 1) / n when one has everything. 0
 * when the sum is 0. */
double gini_sorted(const double *sorted, size_t n);
/* Share of the sum that the `top` largest values have; 0 when the sum is 0. */
double top_share_sorted(const double *sorted, size_t n, size_t top);
/* Lorenz curve: value_share[k] is the share of the sum held by the smallest k / steps of n, k =
 * 0..steps, linear between values. All equal: the diagonal; also when the sum is 0. */
void lorenz_sorted(const double *sorted, size_t n, size_t steps, double *value_share);

#endif
