/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_MARKOV_H
#define STRATA_STATS_INFERENCE_MARKOV_H

/* A population that moves between a few states in equal steps: every member of state i goes to
 * state j, or leaves, with a chance that stays the same (a Markov chain; Anderson & Goodman 1957,
 * Annals of Mathematical Statistics 28:89), and so many enter state j in a step. Chances are the
 * observed shares. A state that nobody was seen in keeps who is put there. */

#include <strata/error.h>

#include <stdint.h>

#include "base/context.h"

enum { MARKOV_STATES_MAX = 24, MARKOV_STEPS_MAX = 60, MARKOV_REPLICATES = 1000 };

/* What was seen. Members are counted in groups that are drawn again as wholes: of one member each
 * where there are few, of several that have nothing to do with each other where there are many. */
typedef struct markov_moves {
    size_t n_states;       /* inside; number n_states stands for outside */
    size_t n_groups;       /* at least 1 */
    size_t n_steps;        /* observed; at least 1 */
    const uint32_t *moves; /* [group][from][to], (n_states + 1)^2 for each group */
} markov_moves;

/* Expected sizes after 1 .. n steps: out[step * n_states + state], x P + e step by step.
 * STRATA_E_USAGE for sizes out of range; STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status markov_expect(const markov_moves *m, const uint64_t *start,
                                              size_t n, double *out, strata_error *err);

/* Sizes by step and state, shaped as `out` above. */
typedef struct markov_range {
    double *low, *high;
} markov_range;

/* 95 % limits of the sizes: groups are drawn again (Efron 1979), the chain
 * they give is followed at random from `start`, 1,000 times; type-7 quantiles. So both what is not
 * known of the chances and what they leave to luck is in. Streams from stream * 2^20 on; does not
 * depend on threads. */
STRATA_MUST_CHECK strata_status markov_limits(const context *cx, uint64_t stream,
                                              const markov_moves *m, const uint64_t *start,
                                              size_t n, markov_range out, strata_error *err);

#endif
