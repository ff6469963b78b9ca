/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/gap.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/clustering/kmeans.h"
#include "stats/clustering/points_order.h"
#include "stats/clustering/principal_axes.h"

typedef struct gap_job {
    context cx; /* of one fit: one thread, nobody to tell */
    points p;   /* in the canonical order */
    size_t k_max;
    uint64_t stream;
    double *low, *high; /* [d] along the principal axes */
    double *log_w;      /* log_w[set * k_max + k - 1]; set 0: the points, then the references */
} gap_job;

/* Points evenly spread over the box. Their sums of squares are the same along any axes, so that
 * they need not be turned back. */
static void draw_reference(const gap_job *j, size_t reference, double *x)
{
    rng r;
    /* Counted down from the top, apart from the streams of the k-means fits */
    rng_init(&r, j->cx.seed, ~((j->stream << 20) + reference));
    for (size_t i = 0; i < j->p.n * j->p.d; i++) {
        size_t axis = i % j->p.d;
        x[i] = j->low[axis] + (j->high[axis] - j->low[axis]) * rng_uniform(&r);
    }
}

static strata_status fit_set(const gap_job *j, const points *p, double *log_w, strata_error *err)
{
    for (size_t k = 1; k <= j->k_max; k++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        kmeans_options o = {.k = k,
                            .n_starts = k > 1 ? GAP_STARTS : 1,
                            .max_iterations = KMEANS_ITERATIONS,
                            .stream = j->stream};
        kmeans_fit fit;
        STRATA_TRY(arena_new(&a, err));
        STRATA_TRY(kmeans_run(&j->cx, p, &o, a, &fit, err));
        if (!(fit.inertia > 0.0) || isinf(fit.inertia)) {
            return strata_fail(err, STRATA_E_NUMERIC,
                               "%zu clusters leave a sum of squares of %g, which has no logarithm",
                               k, fit.inertia);
        }
        log_w[k - 1] = log(fit.inertia);
    }
    return STRATA_OK;
}

/* Set 0 are the points, set b the b-th reference. */
static strata_status run_set(void *job, size_t set, strata_error *err)
{
    const gap_job *j = job;
    double *log_w = j->log_w + set * j->k_max;
    if (set == 0) {
        return fit_set(j, &j->p, log_w, err);
    }
    STRATA_AUTO_FREE double *x = (double *)strata_alloc_array(j->p.n, j->p.d * sizeof(double));
    if (x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a reference of %zu points",
                           j->p.n);
    }
    draw_reference(j, set - 1, x);
    points reference = {x, j->p.n, j->p.d};
    return fit_set(j, &reference, log_w, err);
}

static bool differ(const double *x, const double *y, size_t d)
{
    for (size_t c = 0; c < d; c++) {
        if (x[c] < y[c] || x[c] > y[c]) {
            return true;
        }
    }
    return false;
}

/* Copies the points in the canonical order, if enough of them differ. */
static strata_status sort_points(const points *p, size_t k_max, double *x, strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *order = STRATA_NEW_ARRAY(p->n, uint32_t);
    if (order == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu points", p->n);
    }
    STRATA_TRY(points_order(p, order, err));
    size_t distinct = 0;
    for (size_t i = 0; i < p->n; i++) {
        memcpy(x + i * p->d, p->x + order[i] * p->d, p->d * sizeof *x);
        distinct += i == 0 || differ(x + i * p->d, x + (i - 1) * p->d, p->d);
    }
    if (distinct <= k_max) {
        return strata_fail(err, STRATA_E_DATA,
                           "the gap of %zu clusters needs more different points than clusters, not "
                           "%zu",
                           k_max, distinct);
    }
    return STRATA_OK;
}

/* The smallest box along the principal axes that holds the points. */
static strata_status find_box(gap_job *j, strata_error *err)
{
    size_t d = j->p.d;
    STRATA_AUTO_FREE double *axes = (double *)strata_alloc_array(d, d * sizeof(double));
    STRATA_AUTO_FREE double *variance = STRATA_NEW_ARRAY(d, double);
    if (axes == NULL || variance == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for axes of %zu coordinates", d);
    }
    STRATA_TRY(principal_axes(&j->p, variance, axes, err));
    for (size_t axis = 0; axis < d; axis++) {
        j->low[axis] = INFINITY;
        j->high[axis] = -INFINITY;
        for (size_t i = 0; i < j->p.n; i++) {
            double at = 0.0;
            for (size_t c = 0; c < d; c++) {
                at += (j->p.x[i * d + c] - j->p.x[c]) * axes[axis * d + c]; /* from point 0 */
            }
            j->low[axis] = fmin(j->low[axis], at);
            j->high[axis] = fmax(j->high[axis], at);
        }
    }
    return STRATA_OK;
}

static gap_step sum_up(const gap_job *j, size_t n_references, size_t k)
{
    double b = (double)n_references;
    double mean = 0.0;
    double squares = 0.0;
    for (size_t r = 1; r <= n_references; r++) {
        mean += j->log_w[r * j->k_max + k - 1] / b;
    }
    for (size_t r = 1; r <= n_references; r++) {
        double off = j->log_w[r * j->k_max + k - 1] - mean;
        squares += off * off;
    }
    double log_w = j->log_w[k - 1];
    return (gap_step){k, log_w, mean, mean - log_w, sqrt(squares / b) * sqrt(1.0 + 1.0 / b)};
}

static size_t choose(const gap_step *steps, size_t k_max)
{
    for (size_t k = 1; k < k_max; k++) {
        if (steps[k - 1].gap >= steps[k].gap - steps[k].s) {
            return k;
        }
    }
    return k_max;
}

strata_status gap_compute(const context *cx, const points *p, const gap_options *o, arena *a,
                          gap_step *steps, size_t *chosen, strata_error *err)
{
    if (o->k_max == 0 || o->n_references == 0) {
        return strata_fail(err, STRATA_E_USAGE, "a gap needs clusters and references, not %zu, %zu",
                           o->k_max, o->n_references);
    }
    STRATA_TRY(points_check(p, err));
    double *x = (double *)arena_alloc(a, p->n, p->d * sizeof(double));
    gap_job j = {.cx = *cx, .p = {x, p->n, p->d}, .k_max = o->k_max, .stream = o->stream};
    j.cx.threads = 1;
    j.cx.progress = NULL;
    j.cx.notice = NULL;
    j.low = ARENA_NEW(a, p->d, double);
    j.high = ARENA_NEW(a, p->d, double);
    j.log_w = (double *)arena_alloc(a, o->n_references + 1, o->k_max * sizeof(double));
    if (x == NULL || j.low == NULL || j.high == NULL || j.log_w == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the gap of %zu points", p->n);
    }
    STRATA_TRY(sort_points(p, o->k_max, x, err));
    STRATA_TRY(find_box(&j, err));
    STRATA_TRY(parallel_run(cx, o->n_references + 1, run_set, &j, err));
    for (size_t k = 1; k <= o->k_max; k++) {
        steps[k - 1] = sum_up(&j, o->n_references, k);
    }
    *chosen = choose(steps, o->k_max);
    return STRATA_OK;
}
