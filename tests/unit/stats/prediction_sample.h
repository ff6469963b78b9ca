/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_PREDICTION_SAMPLE_H
#define STRATA_TEST_PREDICTION_SAMPLE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "stats/learning/scored.h"

enum { SAMPLE_N = 200, SAMPLE_D = 3 };

/* The rows that tests/data/stats/make_predictions.py and predictions.R invent: three features, the
 * last in tenths, and an outcome that goes by them. */
typedef struct prediction_sample {
    double x[SAMPLE_N * SAMPLE_D];
    uint8_t y[SAMPLE_N];
    double a[SAMPLE_N], b[SAMPLE_N]; /* two scores, b with many ties */
    double p[SAMPLE_N];              /* a probability, too cautious */
    double weight[SAMPLE_N];         /* 1, 2, 3, 1, ... */
} prediction_sample;

/* Park & Miller's generator. */
static inline double sample_draw(uint64_t *state)
{
    *state = *state * 16807 % 2147483647;
    return (double)*state / 2147483647.0;
}

static inline void make_sample(prediction_sample *s)
{
    uint64_t state = 2026;
    for (size_t i = 0; i < SAMPLE_N; i++) {
        double *x = &s->x[i * SAMPLE_D];
        for (size_t j = 0; j < SAMPLE_D; j++) {
            x[j] = 2.0 * sample_draw(&state) - 1.0;
        }
        x[2] = floor(x[2] * 10.0 + 0.5) / 10.0;
        double margin = -1.0 + x[0] - 2.0 * x[1] + 3.0 * x[2];
        s->y[i] = sample_draw(&state) < 1.0 / (1.0 + exp(-margin));
        s->a[i] = x[2] - 0.3 * x[1];
        s->b[i] = x[2];
        s->p[i] = 1.0 / (1.0 + exp(1.0 - 1.5 * s->a[i]));
        s->weight[i] = (double)(1 + i % 3);
    }
}

/* The rows of `from` in another order. */
static inline void shuffle_scored(const scored *from, uint64_t seed, uint32_t *order, double *score,
                                  uint8_t *outcome)
{
    rng r;
    rng_init(&r, seed, 0);
    for (size_t i = 0; i < from->n; i++) {
        order[i] = (uint32_t)i;
    }
    rng_shuffle(&r, order, from->n);
    for (size_t i = 0; i < from->n; i++) {
        score[i] = from->score[order[i]];
        outcome[i] = from->outcome[order[i]];
    }
}

#endif
