/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_SURVIVAL_SAMPLE_H
#define STRATA_TEST_SURVIVAL_SAMPLE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/survival/follow_up.h"

enum { SAMPLE_N = 240 };

/* The lifetimes that tests/data/stats/survival.R invents: many ties, censoring, three strata, half
 * of them in sight only later. */
typedef struct survival_sample {
    double x1[SAMPLE_N], x2[SAMPLE_N], x3[SAMPLE_N];
    double time[SAMPLE_N], entry[SAMPLE_N];
    uint8_t event[SAMPLE_N];
    uint32_t stratum[SAMPLE_N];
    uint16_t group[SAMPLE_N], two[SAMPLE_N]; /* 0 to 3; x2 as groups */
} survival_sample;

/* Park & Miller's generator. */
static inline double sample_draw(uint64_t *state)
{
    *state = *state * 16807 % 2147483647;
    return (double)*state / 2147483647.0;
}

static inline void make_sample(survival_sample *s)
{
    uint64_t state = 2026;
    for (size_t i = 0; i < SAMPLE_N; i++) {
        double u[7];
        for (size_t k = 0; k < 7; k++) {
            u[k] = sample_draw(&state);
        }
        s->x1[i] = u[0] * 2.0 - 0.5;
        s->x2[i] = u[1] < 0.3 ? 1.0 : 0.0;
        s->x3[i] = floor(u[2] * u[2] * 10.0);
        s->time[i] = 1.0 + floor(25.0 * u[3] / (1.0 + s->x2[i] + 0.5 * s->x3[i] * u[0]));
        s->event[i] = u[4] < 0.7;
        s->entry[i] = u[5] < 0.5 ? -1.0 : floor(u[5] * s->time[i]);
        s->stratum[i] = (uint32_t)(u[6] * 3.0);
        s->two[i] = u[1] < 0.3;
        s->group[i] = (uint16_t)(s->two[i] + 2 * (s->stratum[i] == 1));
    }
}

static inline follow_up sample_life(const survival_sample *s)
{
    return (follow_up){.n = SAMPLE_N, .time = s->time, .event = s->event};
}

#endif
