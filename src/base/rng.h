/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_RNG_H
#define STRATA_BASE_RNG_H

/* Seeded random numbers: xoshiro256++ (Blackman & Vigna), seeded by SplitMix64.
 * One stream per replicate or entity, so results do not depend on threads. */

#include <stddef.h>
#include <stdint.h>

typedef struct rng {
    uint64_t s[4];
} rng;

void rng_init(rng *r, uint64_t seed, uint64_t stream); /* equal arguments, equal numbers */
uint64_t rng_u64(rng *r);
double rng_uniform(rng *r);                           /* in [0, 1) */
uint64_t rng_below(rng *r, uint64_t n);               /* 0 .. n-1 without bias; n > 0 */
double rng_normal(rng *r);                            /* mean 0, variance 1 */
double rng_exponential(rng *r, double rate);          /* mean 1 / rate; rate > 0 */
double rng_gamma(rng *r, double shape, double scale); /* mean shape * scale; both > 0 */
double rng_beta(rng *r, double a, double b);          /* mean a / (a + b); both > 0 */
uint64_t rng_poisson(rng *r, double mean);            /* mean finite; time grows with it */
void rng_shuffle(rng *r, uint32_t *items, size_t n);

#endif
