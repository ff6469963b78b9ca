/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BRIEF_SCORE_CHANGE_H
#define STRATA_BRIEF_SCORE_CHANGE_H

/* Why a score is another than before: the change of each factor's points. They add up to the change
 * of the score (up to the last bit), also where a factor came or went and its weight was shared
 * out, since the points of each date add up to its score. */

#include <stddef.h>

#include "model/model.h"

enum { SCORE_FACTORS_MOST = 64 };

typedef struct factor_change {
    const char *label;
    const char *feature;          /* the factor's expression */
    double value, value_before;   /* raw; NaN missing */
    double scaled, weight;        /* now: on its 0..100 scale, and its weight in force */
    double points, points_before; /* of the score; 0 where missing */
    double change;                /* points - points_before */
    size_t place;                 /* in the model's list */
} factor_change;

typedef struct score_change {
    double now, before; /* NaN: not known; then the factors' changes are NaN */
    double change;
    factor_change factors[SCORE_FACTORS_MOST]; /* largest change first, then as in the model */
    size_t n;
} score_change;

/* `values`, `values_before`: raw values by factor, n_factors of the score (at most
 * SCORE_FACTORS_MOST are taken; models with more are refused elsewhere). */
void score_change_split(const model_score *score, const double *values, const double *values_before,
                        score_change *out);

#endif
