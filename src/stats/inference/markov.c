/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/markov.h"

#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/inference/quantile.h"

typedef struct chain {
    size_t n;                                                /* states */
    double chance[MARKOV_STATES_MAX][MARKOV_STATES_MAX + 1]; /* last: leaves */
    double enter[MARKOV_STATES_MAX];                         /* in a step */
} chain;

static strata_status check(const markov_moves *m, size_t n, strata_error *err)
{
    bool fits = m->n_states >= 1 && m->n_states <= MARKOV_STATES_MAX && m->n_groups >= 1 &&
                m->n_steps >= 1 && n >= 1 && n <= MARKOV_STEPS_MAX;
    return fits
               ? STRATA_OK
               : strata_fail(err, STRATA_E_USAGE,
                             "a chain of %zu states and %zu steps is out of range", m->n_states, n);
}

/* The chain of summed counts, (n + 1)^2. */
static void chain_of(const uint64_t *sums, size_t n_states, size_t n_steps, chain *out)
{
    size_t width = n_states + 1;
    out->n = n_states;
    for (size_t i = 0; i < n_states; i++) {
        uint64_t all = 0;
        for (size_t j = 0; j < width; j++) {
            all += sums[i * width + j];
        }
        for (size_t j = 0; j < width; j++) {
            out->chance[i][j] = all > 0 ? (double)sums[i * width + j] / (double)all : i == j;
        }
    }
    for (size_t j = 0; j < n_states; j++) {
        out->enter[j] = (double)sums[n_states * width + j] / (double)n_steps;
    }
}

static void add_group(const markov_moves *m, size_t group, uint64_t *sums)
{
    size_t cells = (m->n_states + 1) * (m->n_states + 1);
    const uint32_t *of = m->moves + group * cells;
    for (size_t c = 0; c < cells; c++) {
        sums[c] += of[c];
    }
}

strata_status markov_expect(const markov_moves *m, const uint64_t *start, size_t n, double *out,
                            strata_error *err)
{
    uint64_t sums[(MARKOV_STATES_MAX + 1) * (MARKOV_STATES_MAX + 1)] = {0};
    double now[MARKOV_STATES_MAX] = {0.0};
    STRATA_TRY(check(m, n, err));
    STRATA_AUTO_FREE chain *c = STRATA_NEW_ARRAY(1, chain);
    if (c == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a chain");
    }
    for (size_t g = 0; g < m->n_groups; g++) {
        add_group(m, g, sums);
    }
    chain_of(sums, m->n_states, m->n_steps, c);
    for (size_t i = 0; i < c->n; i++) {
        now[i] = (double)start[i];
    }
    for (size_t step = 0; step < n; step++) {
        double *next = out + step * c->n;
        for (size_t j = 0; j < c->n; j++) {
            next[j] = c->enter[j];
            for (size_t i = 0; i < c->n; i++) {
                next[j] += now[i] * c->chance[i][j];
            }
        }
        memcpy(now, next, c->n * sizeof *now);
    }
    return STRATA_OK;
}

/* --- limits --- */

/* Successes of n trials. Many are halved by the middle order statistic of n uniform numbers, which
 * is beta distributed (Relles 1972, JASA 67:612), few are drawn one by one: exact either way. */
static uint64_t draw_binomial(rng *r, uint64_t n, double p)
{
    enum { FEW = 32 };
    uint64_t hits = 0;
    while (n > FEW && p > 0.0 && p < 1.0) {
        uint64_t at = n / 2 + 1;
        double middle = rng_beta(r, (double)at, (double)(n + 1 - at));
        if (middle <= p) {
            hits += at;
            n -= at;
            p = middle < 1.0 ? (p - middle) / (1.0 - middle) : 1.0;
        } else {
            n = at - 1;
            p /= middle;
        }
    }
    if (p <= 0.0 || p >= 1.0) {
        return p <= 0.0 ? hits : hits + n;
    }
    for (uint64_t i = 0; i < n; i++) {
        hits += rng_uniform(r) < p;
    }
    return hits;
}

/* Where the members of state i go. */
static void draw_moves(rng *r, const chain *c, size_t i, uint64_t members, uint64_t *next)
{
    double left = 1.0;
    for (size_t j = 0; j < c->n && members > 0; j++) {
        double p = left > 0.0 ? c->chance[i][j] / left : 0.0;
        uint64_t go = draw_binomial(r, members, p < 1.0 ? p : 1.0);
        next[j] += go;
        members -= go;
        left -= c->chance[i][j];
    }
}

typedef struct limits_job {
    const markov_moves *m;
    const uint64_t *start;
    size_t n;
    uint64_t seed, stream;
    double *sizes; /* [step * n_states + state][replicate] */
} limits_job;

static strata_status draw_replicate(void *payload, size_t replicate, strata_error *err)
{
    const limits_job *job = payload;
    const markov_moves *m = job->m;
    uint64_t sums[(MARKOV_STATES_MAX + 1) * (MARKOV_STATES_MAX + 1)] = {0};
    uint64_t now[MARKOV_STATES_MAX] = {0};
    STRATA_AUTO_FREE chain *c = STRATA_NEW_ARRAY(1, chain);
    if (c == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a chain");
    }
    rng r;
    rng_init(&r, job->seed, job->stream + replicate);
    for (size_t g = 0; g < m->n_groups; g++) {
        add_group(m, (size_t)rng_below(&r, m->n_groups), sums);
    }
    chain_of(sums, m->n_states, m->n_steps, c);
    memcpy(now, job->start, c->n * sizeof *now);
    for (size_t step = 0; step < job->n; step++) {
        uint64_t next[MARKOV_STATES_MAX] = {0};
        for (size_t i = 0; i < c->n; i++) {
            draw_moves(&r, c, i, now[i], next);
        }
        for (size_t j = 0; j < c->n; j++) {
            now[j] = next[j] + rng_poisson(&r, c->enter[j]);
            job->sizes[(step * c->n + j) * MARKOV_REPLICATES + replicate] = (double)now[j];
        }
    }
    return STRATA_OK;
}

strata_status markov_limits(const context *cx, uint64_t stream, const markov_moves *m,
                            const uint64_t *start, size_t n, markov_range out, strata_error *err)
{
    STRATA_TRY(check(m, n, err));
    size_t cells = n * m->n_states;
    STRATA_AUTO_FREE double *sizes = STRATA_NEW_ARRAY(cells * MARKOV_REPLICATES, double);
    if (sizes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu forecasts", cells);
    }
    limits_job job = {
        .m = m, .start = start, .n = n, .seed = cx->seed, .stream = stream << 20U, .sizes = sizes};
    STRATA_TRY(parallel_run(cx, MARKOV_REPLICATES, draw_replicate, &job, err));
    for (size_t c = 0; c < cells; c++) {
        double *of = sizes + c * MARKOV_REPLICATES;
        sort_values(of, MARKOV_REPLICATES);
        out.low[c] = quantile_sorted(of, MARKOV_REPLICATES, 0.025);
        out.high[c] = quantile_sorted(of, MARKOV_REPLICATES, 0.975);
    }
    return STRATA_OK;
}
