/* SPDX-License-Identifier: Apache-2.0 */
#include "brief/score_change.h"

#include <math.h>
#include <stdlib.h>

#include "segment/score.h"

typedef struct split {
    double part[SCORE_FACTORS_MOST], weight[SCORE_FACTORS_MOST], scaled[SCORE_FACTORS_MOST];
    double total;
} split;

static double or_zero(double x)
{
    return isnan(x) ? 0.0 : x;
}

static int by_size(const void *left, const void *right)
{
    const factor_change *a = left;
    const factor_change *b = right;
    double x = fabs(or_zero(a->change));
    double y = fabs(or_zero(b->change));
    if (x > y || y > x) {
        return x > y ? -1 : 1;
    }
    return (a->place > b->place) - (a->place < b->place);
}

void score_change_split(const model_score *score, const double *values, const double *values_before,
                        score_change *out)
{
    split now;
    split before;
    now.total = score_split(score, values, now.part, now.weight, now.scaled);
    before.total = score_split(score, values_before, before.part, before.weight, before.scaled);
    *out = (score_change){.now = now.total,
                          .before = before.total,
                          .change = now.total - before.total,
                          .n = score->n_factors};
    bool both = !isnan(now.total) && !isnan(before.total);
    for (size_t f = 0; f < out->n; f++) {
        const model_factor *m = &score->factors[f];
        double points = or_zero(now.part[f]);
        double points_before = or_zero(before.part[f]);
        out->factors[f] = (factor_change){
            .label = m->label != NULL ? m->label : m->feature.text,
            .feature = m->feature.text,
            .value = values[f],
            .value_before = values_before[f],
            .scaled = now.scaled[f],
            .weight = now.weight[f],
            .points = points,
            .points_before = points_before,
            .change = both ? points - points_before : (double)NAN,
            .place = f,
        };
    }
    qsort(out->factors, out->n, sizeof *out->factors, by_size);
}
