/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/score.h"

#include <math.h>

double score_scale(const model_point *points, size_t n_points, double x)
{
    if (isnan(x)) {
        return NAN;
    }
    if (x <= points[0].x) {
        return points[0].y;
    }
    for (size_t j = 1; j < n_points; j++) {
        if (x <= points[j].x) {
            double width = points[j].x - points[j - 1].x;
            double share = (x - points[j - 1].x) / width;
            return points[j - 1].y + share * (points[j].y - points[j - 1].y);
        }
    }
    return points[n_points - 1].y;
}

/* What a missing factor counts as under the policy; NaN when it does not count. */
static double stand_in(missing_policy policy)
{
    switch (policy) {
    case MISSING_NEUTRAL:
        return 50.0;
    case MISSING_WORST:
        return 0.0;
    case MISSING_REDISTRIBUTE:
    case MISSING_EXCLUDE:
        break;
    }
    return NAN;
}

double score_split(const model_score *score, const double *values, double *part, double *weight,
                   double *scaled)
{
    double known = 0.0;
    double in_force = 0.0;
    for (size_t f = 0; f < score->n_factors; f++) {
        const model_factor *factor = &score->factors[f];
        scaled[f] = score_scale(factor->points, factor->n_points, values[f]);
        known += isnan(scaled[f]) ? 0.0 : factor->weight;
        if (isnan(scaled[f])) {
            scaled[f] = stand_in(score->missing);
        }
        weight[f] = isnan(scaled[f]) ? 0.0 : factor->weight;
        in_force += weight[f];
    }
    bool all_known = in_force >= 1.0 - 1e-9;
    bool enough = known > 0.0 && known + 1e-12 >= score->minimum_weight &&
                  (score->missing != MISSING_EXCLUDE || all_known);
    double total = 0.0;
    for (size_t f = 0; f < score->n_factors; f++) {
        weight[f] = enough ? weight[f] / in_force : 0.0;
        part[f] = weight[f] > 0.0 ? weight[f] * scaled[f] : 0.0;
        total += part[f];
    }
    return enough ? total : NAN;
}

enum { FACTORS_MAX = 64 };

void score_eval(const model_score *score, const double *const *factors, size_t n, double *out)
{
    double values[FACTORS_MAX] = {0};
    double part[FACTORS_MAX];
    double weight[FACTORS_MAX];
    double scaled[FACTORS_MAX];
    for (size_t i = 0; i < n; i++) {
        for (size_t f = 0; f < score->n_factors; f++) {
            values[f] = factors[f][i];
        }
        out[i] = score_split(score, values, part, weight, scaled);
    }
}
