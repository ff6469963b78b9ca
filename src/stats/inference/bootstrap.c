/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/bootstrap.h"

#include <math.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/inference/quantile.h"
#include "stats/numeric/special.h"

typedef struct ratio_job {
    const ratio_sample *sample;
    uint64_t seed, stream;
    double *ratios; /* [part][replicate] */
} ratio_job;

static strata_status draw_replicate(void *payload, size_t replicate, strata_error *err)
{
    const ratio_job *job = payload;
    const ratio_sample *x = job->sample;
    int64_t base = 0;
    int64_t part[BOOTSTRAP_PARTS_MAX] = {0};
    rng r;
    (void)err;
    rng_init(&r, job->seed, job->stream + replicate);
    for (size_t i = 0; i < x->n; i++) {
        size_t at = (size_t)rng_below(&r, x->n);
        base += x->base[at];
        for (size_t k = 0; k < x->n_parts; k++) {
            part[k] += x->parts[k][at];
        }
    }
    for (size_t k = 0; k < x->n_parts; k++) {
        job->ratios[k * BOOTSTRAP_REPLICATES + replicate] = (double)part[k] / (double)base;
    }
    return STRATA_OK;
}

static interval percentiles(double *replicates)
{
    sort_values(replicates, BOOTSTRAP_REPLICATES);
    return (interval){quantile_sorted(replicates, BOOTSTRAP_REPLICATES, 0.025),
                      quantile_sorted(replicates, BOOTSTRAP_REPLICATES, 0.975)};
}

static interval linearised(const int64_t *part, const int64_t *base, size_t n)
{
    double sum_part = 0.0;
    double sum_base = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum_part += (double)part[i];
        sum_base += (double)base[i];
    }
    double ratio = sum_part / sum_base;
    double squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        double off = (double)part[i] - ratio * (double)base[i];
        squares += off * off;
    }
    double degrees = n > 1 ? (double)(n - 1) : 1.0;
    double half = STATS_Z95 * sqrt(squares * (double)n / degrees) / sum_base;
    return (interval){ratio - half, ratio + half};
}

void linearised_ratios(const ratio_sample *sample, interval *out)
{
    for (size_t k = 0; k < sample->n_parts; k++) {
        out[k] = linearised(sample->parts[k], sample->base, sample->n);
    }
}

strata_status bootstrap_ratios(const context *cx, uint64_t stream, const ratio_sample *sample,
                               interval *out, strata_error *err)
{
    if (sample->n == 0) {
        return strata_fail(err, STRATA_E_USAGE, "the interval of a ratio needs accounts");
    }
    if (sample->n > BOOTSTRAP_ACCOUNTS_MAX) {
        linearised_ratios(sample, out);
        return STRATA_OK;
    }
    STRATA_AUTO_FREE double *ratios =
        STRATA_NEW_ARRAY(sample->n_parts * BOOTSTRAP_REPLICATES, double);
    if (ratios == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing replicates");
    }
    ratio_job job = {.sample = sample, .seed = cx->seed, .stream = stream << 20, .ratios = ratios};
    STRATA_TRY(parallel_run(cx, BOOTSTRAP_REPLICATES, draw_replicate, &job, err));
    for (size_t k = 0; k < sample->n_parts; k++) {
        out[k] = percentiles(ratios + k * BOOTSTRAP_REPLICATES);
    }
    return STRATA_OK;
}

/* The value at relative place u in 0..1. */
static double value_at(const double *sorted, size_t n, double u)
{
    size_t i = (size_t)(u * (double)n);
    return sorted[i < n ? i : n - 1];
}

static double draw_median(rng *r, const double *sorted, size_t n)
{
    double m = (double)n;
    if (n % 2 == 1) {
        double k = (m + 1.0) / 2.0;
        return value_at(sorted, n, rng_beta(r, k, m + 1.0 - k));
    }
    double k = m / 2.0;
    double below = rng_beta(r, k, m + 1.0 - k);
    /* The next larger of the n - k draws above it: the smallest of as many uniforms. */
    double above = below + (1.0 - below) * rng_beta(r, 1.0, m - k);
    return (value_at(sorted, n, below) + value_at(sorted, n, above)) / 2.0;
}

strata_status bootstrap_median_difference(const context *cx, uint64_t stream, sorted_sample a,
                                          sorted_sample b, interval *out, strata_error *err)
{
    if (a.n == 0 || b.n == 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a difference of medians needs values on both sides");
    }
    STRATA_AUTO_FREE double *differences = STRATA_NEW_ARRAY(BOOTSTRAP_REPLICATES, double);
    if (differences == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing replicates");
    }
    for (size_t i = 0; i < BOOTSTRAP_REPLICATES; i++) {
        rng r;
        rng_init(&r, cx->seed, (stream << 20) + i);
        double median_a = draw_median(&r, a.x, a.n);
        differences[i] = median_a - draw_median(&r, b.x, b.n);
    }
    *out = percentiles(differences);
    return STRATA_OK;
}
