/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_SCORE_H
#define STRATA_SEGMENT_SCORE_H

/* Weighted scores, 0..100, that split exactly into their factors' parts. */

#include <stddef.h>

#include "model/model.h"

/* Piecewise linear through ascending points, clamped at both ends; NaN stays NaN. */
double score_scale(const model_point *points, size_t n_points, double x);

/**
 * Scores of n accounts: sum of weight x scaled value over the weights in force.
 *
 * @param[in]  factors  factors[f][i]: the raw value of factor f; NaN is missing.
 * @param[out] out      0..100; NaN where the missing-value policy says so or too little is known.
 */
void score_eval(const model_score *score, const double *const *factors, size_t n, double *out);

/* One account's score split by factor: part[f] in points; they add up to the score
 * (up to rounding of the last bit). weight[f] is the weight in force after the
 * missing-value policy; scaled[f] the factor on its 0..100 scale. Returns the score. */
double score_split(const model_score *score, const double *values, double *part, double *weight,
                   double *scaled);

#endif
