/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/clustering/partition.h"

static const double RECOVERED = 0.75; /* Hennig 2007, section 4 */
static const double DISSOLVED = 0.5;

typedef struct trials {
    const context *cx;
    const partition_trial *t;
    size_t draws;
    double *best; /* best[replicate * k + group]; NaN: nothing of the group was drawn */
} trials;

/* Ascending draws with replacement: how often each thing came, written out. */
static strata_status draw_rows(const trials *j, size_t replicate, uint32_t *rows, strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *times = STRATA_NEW_ARRAY(j->t->n, uint32_t);
    if (times == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing %zu", j->draws);
    }
    rng r;
    rng_init(&r, j->cx->seed, j->t->stream + replicate);
    for (size_t i = 0; i < j->draws; i++) {
        times[rng_below(&r, j->t->n)]++;
    }
    size_t at = 0;
    for (size_t i = 0; i < j->t->n; i++) {
        for (uint32_t c = 0; c < times[i]; c++) {
            rows[at++] = (uint32_t)i;
        }
    }
    return STRATA_OK;
}

/* Keeps one of equal rows, as the first of them was labelled. */
static size_t drop_repeats(uint32_t *rows, uint32_t *label, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || rows[i] != rows[i - 1]) {
            rows[kept] = rows[i];
            label[kept++] = label[i];
        }
    }
    return kept;
}

static strata_status compare_groups(const trials *j, const uint32_t *rows, const uint32_t *label,
                                    size_t n, size_t k, double *best, strata_error *err)
{
    size_t groups = j->t->k;
    STRATA_AUTO_FREE uint32_t *before = STRATA_NEW_ARRAY(n, uint32_t);
    STRATA_AUTO_FREE size_t *counts = (size_t *)strata_alloc_array(groups, k * sizeof(size_t));
    STRATA_AUTO_FREE double *jaccard = (double *)strata_alloc_array(groups, k * sizeof(double));
    if (before == NULL || counts == NULL || jaccard == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing %zu with %zu groups",
                           groups, k);
    }
    for (size_t i = 0; i < n; i++) {
        before[i] = j->t->label[rows[i]];
    }
    partition_overlap(before, groups, label, k, n, counts);
    STRATA_TRY(partition_jaccard(counts, groups, k, jaccard, err));
    for (size_t g = 0; g < groups; g++) {
        size_t drawn = 0;
        best[g] = 0.0;
        for (size_t h = 0; h < k; h++) {
            drawn += counts[g * k + h];
            best[g] = fmax(best[g], jaccard[g * k + h]);
        }
        best[g] = drawn > 0 ? best[g] : NAN;
    }
    return STRATA_OK;
}

static strata_status run_replicate(void *job, size_t replicate, strata_error *err)
{
    const trials *j = job;
    STRATA_AUTO_FREE uint32_t *rows = STRATA_NEW_ARRAY(j->draws, uint32_t);
    STRATA_AUTO_FREE uint32_t *label = STRATA_NEW_ARRAY(j->draws, uint32_t);
    if (rows == NULL || label == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing %zu", j->draws);
    }
    STRATA_TRY(draw_rows(j, replicate, rows, err));
    size_t k = 0;
    STRATA_TRY(j->t->refit(j->t->payload, replicate, rows, j->draws, label, &k, err));
    for (size_t i = 0; i < j->draws; i++) {
        if (label[i] >= k) {
            return strata_fail(err, STRATA_E_INTERNAL, "a refit with %zu groups gave label %u", k,
                               label[i]);
        }
    }
    size_t n = drop_repeats(rows, label, j->draws);
    return compare_groups(j, rows, label, n, k, j->best + replicate * j->t->k, err);
}

static partition_stability sum_up(const trials *j, size_t group)
{
    partition_stability s = {0};
    double sum = 0.0;
    for (size_t r = 0; r < j->t->replicates; r++) {
        double best = j->best[r * j->t->k + group];
        if (!isnan(best)) {
            sum += best;
            s.replicates++;
            s.recovered += best > RECOVERED;
            s.dissolved += best <= DISSOLVED;
        }
    }
    s.mean = s.replicates > 0 ? sum / (double)s.replicates : NAN;
    return s;
}

strata_status partition_bootstrap(const context *cx, const partition_trial *t,
                                  partition_stability *out, strata_error *err)
{
    if (t->n == 0 || t->n > UINT32_MAX) {
        return strata_fail(err, STRATA_E_DATA, "groups of %zu cannot be drawn again", t->n);
    }
    for (size_t i = 0; i < t->n; i++) {
        if (t->label[i] >= t->k) {
            return strata_fail(err, STRATA_E_DATA, "point %zu has label %u of %zu groups", i,
                               t->label[i], t->k);
        }
    }
    STRATA_AUTO_FREE double *best =
        (double *)strata_alloc_array(t->replicates, t->k * sizeof(double));
    if (best == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing %zu times", t->replicates);
    }
    trials j = {cx, t, t->draws > 0 ? t->draws : t->n, best};
    STRATA_TRY(parallel_run(cx, t->replicates, run_replicate, &j, err));
    for (size_t g = 0; g < t->k; g++) {
        out[g] = sum_up(&j, g);
    }
    return STRATA_OK;
}
