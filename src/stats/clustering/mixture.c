/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/mixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "stats/clustering/kmeans.h"
#include "stats/clustering/mixture_private.h"

enum {
    REASON_MAX = 160,
    /* Of k-means: a start need not be its very end, and where points are many they say much the
     * same whatever it is. */
    START_ITERATIONS = 50,
    MANY = 100000,
    STARTS_OF_MANY = 3
};

/* A fit on its way. */
typedef struct search {
    const context *cx;
    const points *p;
    const mixture_options *o;
    mixture_model now, next, best;
    mixture_sums sums;
    double *room;
    /* Of the best start. */
    bool found, converged;
    double log_likelihood;
    size_t iterations;
    char why[REASON_MAX];
} search;

/* How one start ended; the model is `now`. */
typedef struct outcome {
    bool converged;
    double log_likelihood;
    size_t iterations;
    char why[REASON_MAX];
} outcome;

static void search_done(search *q)
{
    free(q->room);
}

static strata_status check_options(const points *p, const mixture_options *o, strata_error *err)
{
    STRATA_TRY(points_check(p, err));
    if (o->k == 0 || o->n_starts == 0 || o->max_iterations == 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a mixture needs at least one component, start and iteration, not %zu, "
                           "%zu and %zu",
                           o->k, o->n_starts, o->max_iterations);
    }
    if (!(o->tolerance > 0.0) || !(o->ridge >= 0.0) || !isfinite(o->ridge)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a mixture needs a tolerance above 0 and a ridge of 0 or more, not %g "
                           "and %g",
                           o->tolerance, o->ridge);
    }
    for (size_t i = 0; i < p->n * p->d; i++) {
        if (!(fabs(p->x[i]) <= MIXTURE_LARGEST)) {
            return strata_fail(
                err, STRATA_E_DATA,
                "coordinate %zu of point %zu is %g; a mixture takes values up to %g: "
                "scale them",
                i % p->d, i / p->d, p->x[i], MIXTURE_LARGEST);
        }
    }
    return STRATA_OK;
}

static strata_status make_room(search *q, strata_error *err)
{
    size_t d = q->p->d;
    mixture_model m = {
        .k = q->o->k, .d = d, .cells = mixture_cells(q->o->shape, d), .shape = q->o->shape};
    size_t size = mixture_room(&m);
    q->room = STRATA_NEW_ARRAY(3 * size, double);
    if (q->room == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu components", q->o->k);
    }
    q->now = q->next = q->best = m;
    mixture_place(&q->best, &q->sums, q->room);
    mixture_place(&q->now, &q->sums, q->room + size);
    mixture_place(&q->next, &q->sums, q->room + 2 * size);
    return STRATA_OK;
}

static void swap(mixture_model *a, mixture_model *b)
{
    mixture_model was = *a;
    *a = *b;
    *b = was;
}

/* `now` from a k-means partition: the best of several for the first start, any for those after. */
static strata_status begin(search *q, size_t number, bool *begun, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    kmeans_fit parts;
    size_t several = q->p->n > MANY ? STARTS_OF_MANY : KMEANS_STARTS;
    kmeans_options o = {.k = q->o->k,
                        .n_starts = number == 0 ? several : 1,
                        .max_iterations = START_ITERATIONS,
                        .stream = q->o->stream + ((uint64_t)number << 30)};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(kmeans_run(q->cx, q->p, &o, a, &parts, err));
    memcpy(q->now.mean, parts.centres, q->o->k * q->p->d * sizeof *parts.centres);
    STRATA_TRY(mixture_pass(q->cx, q->p, &q->now, parts.label, &q->sums, NULL, err));
    size_t failed = mixture_maximise(&q->now, &q->sums, q->o->ridge, &q->next);
    *begun = failed == q->o->k;
    if (*begun) {
        swap(&q->now, &q->next);
    }
    return STRATA_OK;
}

static strata_status climb(search *q, outcome *end, strata_error *err)
{
    double n = (double)q->p->n;
    double before = 0.0;
    *end = (outcome){0};
    for (;; end->iterations++) {
        STRATA_TRY(mixture_pass(q->cx, q->p, &q->now, NULL, &q->sums, NULL, err));
        end->log_likelihood = q->sums.log_likelihood;
        double change = fabs(end->log_likelihood - before) / n;
        if (!isfinite(end->log_likelihood)) {
            return strata_fail(err, STRATA_E_NUMERIC,
                               "densities of a mixture leave the range of numbers: bring the "
                               "coordinates to a common scale or use a larger ridge than %g",
                               q->o->ridge);
        }
        end->converged = end->iterations > 0 && change < q->o->tolerance;
        if (end->converged) { /* the sums are there: one more step costs nothing */
            if (mixture_maximise(&q->now, &q->sums, q->o->ridge, &q->next) == q->o->k) {
                swap(&q->now, &q->next);
                end->iterations++;
            }
            return STRATA_OK;
        }
        if (end->iterations == q->o->max_iterations) {
            (void)snprintf(end->why, sizeof end->why,
                           "after %zu iterations the mean log-likelihood still changed by %.2g",
                           end->iterations, change);
            return STRATA_OK;
        }
        size_t failed = mixture_maximise(&q->now, &q->sums, q->o->ridge, &q->next);
        if (failed < q->o->k) {
            (void)snprintf(end->why, sizeof end->why,
                           "a component of %.3g points collapsed after %zu iterations: use fewer "
                           "components, a simpler shape or a larger ridge",
                           q->sums.weight[failed], end->iterations);
            return STRATA_OK;
        }
        swap(&q->now, &q->next);
        before = end->log_likelihood;
    }
}

/* The start that converged with the highest likelihood, else the highest likelihood. */
static void keep_best(search *q, const outcome *end)
{
    bool better = !q->found || (end->converged && !q->converged) ||
                  (end->converged == q->converged && end->log_likelihood > q->log_likelihood);
    if (!better) {
        return;
    }
    swap(&q->now, &q->best);
    q->found = true;
    q->converged = end->converged;
    q->log_likelihood = end->log_likelihood;
    q->iterations = end->iterations;
    memcpy(q->why, end->why, sizeof q->why);
}

static bool comes_before(const mixture_model *m, size_t a, size_t b)
{
    if (m->weight[a] > m->weight[b] || m->weight[a] < m->weight[b]) {
        return m->weight[a] > m->weight[b];
    }
    for (size_t j = 0; j < m->d; j++) {
        double x = m->mean[a * m->d + j];
        double y = m->mean[b * m->d + j];
        if (x < y || x > y) {
            return x < y;
        }
    }
    return a < b;
}

/* Component c of the model as component `to` of the fit. */
static void write_component(const search *q, size_t c, size_t to, mixture_fit *fit)
{
    const mixture_model *m = &q->best;
    const double *cells = m->covariance + c * m->cells;
    size_t d = m->d;
    fit->weight[to] = m->weight[c];
    memcpy(fit->mean + to * d, m->mean + c * d, d * sizeof *fit->mean);
    for (size_t i = 0; i < d; i++) {
        for (size_t j = mixture_has_triangles(m->shape) ? 0 : i; j <= i; j++) {
            fit->covariance[(to * d + i) * d + j] = *cells;
            fit->covariance[(to * d + j) * d + i] = *cells++;
        }
    }
    fit->degenerate[to] = mixture_is_degenerate(m, c, q->o->ridge);
    fit->n_degenerate += fit->degenerate[to];
}

static strata_status make_fit(const search *q, arena *a, mixture_fit *fit, strata_error *err)
{
    size_t k = q->o->k;
    size_t n = q->p->n;
    size_t d = q->p->d;
    *fit = (mixture_fit){.k = k,
                         .d = d,
                         .n = n,
                         .shape = q->o->shape,
                         .weight = ARENA_NEW(a, k, double),
                         .mean = ARENA_NEW(a, k * d, double),
                         .covariance = ARENA_NEW(a, k * d * d, double),
                         .degenerate = ARENA_NEW(a, k, bool),
                         .label = ARENA_NEW(a, n, uint32_t),
                         .certainty = ARENA_NEW(a, n, double),
                         .size = ARENA_NEW(a, k, size_t),
                         .n_parameters = mixture_parameters(q->o->shape, k, d),
                         .iterations = q->iterations,
                         .converged = q->converged,
                         .why = q->converged ? NULL : arena_strdup(a, q->why)};
    if (fit->weight == NULL || fit->mean == NULL || fit->covariance == NULL ||
        fit->degenerate == NULL || fit->label == NULL || fit->certainty == NULL ||
        fit->size == NULL || (!q->converged && fit->why == NULL)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu components", k);
    }
    return STRATA_OK;
}

static strata_status write_fit(search *q, arena *a, mixture_fit *out, strata_error *err)
{
    mixture_fit fit;
    STRATA_TRY(make_fit(q, a, &fit, err));
    uint32_t *place = ARENA_NEW(a, fit.k, uint32_t);
    if (place == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu components", fit.k);
    }
    for (size_t c = 0; c < fit.k; c++) {
        for (size_t b = 0; b < fit.k; b++) {
            place[c] += comes_before(&q->best, b, c);
        }
        write_component(q, c, place[c], &fit);
    }
    mixture_output labels = {fit.label, fit.certainty};
    STRATA_TRY(mixture_pass(q->cx, q->p, &q->best, NULL, &q->sums, &labels, err));
    for (size_t i = 0; i < fit.n; i++) {
        fit.label[i] = place[fit.label[i]];
        fit.size[fit.label[i]]++;
    }
    fit.log_likelihood = q->sums.log_likelihood;
    fit.bic = -2.0 * fit.log_likelihood + (double)fit.n_parameters * log((double)fit.n);
    *out = fit;
    return STRATA_OK;
}

strata_status mixture_run(const context *cx, const points *p, const mixture_options *o, arena *a,
                          mixture_fit *out, strata_error *err)
{
    STRATA_TRY(check_options(p, o, err));
    STRATA_CLEANUP(search_done) search q = {.cx = cx, .p = p, .o = o};
    STRATA_TRY(make_room(&q, err));
    for (size_t number = 0; number < o->n_starts; number++) {
        bool begun = false;
        outcome end;
        STRATA_TRY(begin(&q, number, &begun, err));
        if (begun) {
            STRATA_TRY(climb(&q, &end, err));
            keep_best(&q, &end);
        }
    }
    if (!q.found) {
        return strata_fail(err, STRATA_E_DATA,
                           "one of %zu components has no variance in some direction: use fewer "
                           "components, a simpler shape or a larger ridge than %g",
                           o->k, o->ridge);
    }
    return write_fit(&q, a, out, err);
}
