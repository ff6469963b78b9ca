/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"

#include <math.h>

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

void rng_init(rng *r, uint64_t seed, uint64_t stream)
{
    uint64_t x = stream;
    uint64_t mixed = seed ^ splitmix(&x);
    for (int i = 0; i < 4; i++) {
        r->s[i] = splitmix(&mixed);
    }
}

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t rng_u64(rng *r)
{
    uint64_t *s = r->s;
    uint64_t result = rotl(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

double rng_uniform(rng *r)
{
    return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

/* Lemire's method: the low half of the product shows where the bias would be. */
uint64_t rng_below(rng *r, uint64_t n)
{
    uint64_t threshold = -n % n;
    for (;;) {
        __extension__ unsigned __int128 product = (unsigned __int128)rng_u64(r) * n;
        if ((uint64_t)product >= threshold) {
            return (uint64_t)(product >> 64);
        }
    }
}

double rng_normal(rng *r)
{
    /* Box-Muller without keeping the second value: the stream stays a pure
     * function of the number of calls. */
    double u = 1.0 - rng_uniform(r);
    double v = rng_uniform(r);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

double rng_exponential(rng *r, double rate)
{
    return -log(1.0 - rng_uniform(r)) / rate;
}

/* Marsaglia & Tsang, "A simple method for generating gamma variables" (2000). */
double rng_gamma(rng *r, double shape, double scale)
{
    if (shape < 1.0) {
        double u = 1.0 - rng_uniform(r);
        return rng_gamma(r, shape + 1.0, scale) * pow(u, 1.0 / shape);
    }
    double d = shape - 1.0 / 3.0;
    double c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double x = rng_normal(r);
        double v = 1.0 + c * x;
        if (v <= 0.0) {
            continue;
        }
        v = v * v * v;
        double u = 1.0 - rng_uniform(r);
        if (log(u) < 0.5 * x * x + d - d * v + d * log(v)) {
            return d * v * scale;
        }
    }
}

double rng_beta(rng *r, double a, double b)
{
    double x = rng_gamma(r, a, 1.0);
    double y = rng_gamma(r, b, 1.0);
    return x / (x + y);
}

/* Knuth's product for small means; larger means are split in halves, since a
 * sum of Poisson variables is Poisson. */
uint64_t rng_poisson(rng *r, double mean)
{
    uint64_t total = 0;
    while (mean > 30.0) {
        total += rng_poisson(r, 30.0);
        mean -= 30.0;
    }
    double limit = exp(-mean);
    double product = 1.0 - rng_uniform(r);
    while (product > limit) {
        total++;
        product *= 1.0 - rng_uniform(r);
    }
    return total;
}

void rng_shuffle(rng *r, uint32_t *items, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)rng_below(r, i);
        uint32_t kept = items[i - 1];
        items[i - 1] = items[j];
        items[j] = kept;
    }
}
