/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_CUT_POINTS_H
#define STRATA_STATS_LEARNING_CUT_POINTS_H

/* Draws by weight in a time that does not grow with what there is to draw from: cuts say where in
 * the running sums of the weights to begin to look (Chen & Asau 1974, AIIE Transactions 6:163). */

#include <stddef.h>
#include <stdint.h>

/* `sum[n]`: running sums of weights of 0 or more, the last above 0; `cut[n]` is filled. n > 0. */
void cut_points_make(const double *sum, size_t n, uint32_t *cut);
/* The first place whose sum is above u of the last, for u from 0 to below 1. */
size_t cut_points_find(const double *sum, size_t n, const uint32_t *cut, double u);

#endif
