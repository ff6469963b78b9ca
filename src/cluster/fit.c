/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/nearest.h"
#include "cluster/sample.h"
#include "stats/clustering/kmeans.h"
#include "stats/clustering/mixture.h"

static const struct {
    const char *name, *words;
} methods[CLUSTER_METHOD_COUNT] = {
    {"k-means", "k-means"},
    {"ward", "hierarchical clustering with Ward's criterion"},
    {"average", "hierarchical clustering by average distance"},
    {"complete", "hierarchical clustering by greatest distance"},
    {"mixture", "a mixture of normal distributions, each with its own covariance"},
    {"mixture-diagonal", "a mixture of normal distributions with features independent inside each"},
    {"mixture-tied", "a mixture of normal distributions that share one covariance"},
    {"mixture-spherical", "a mixture of normal distributions, each equally wide in all features"},
};

const char *cluster_method_name(cluster_method m)
{
    return methods[m].name;
}

const char *cluster_method_words(cluster_method m)
{
    return methods[m].words;
}

bool cluster_is_hierarchy(cluster_method m)
{
    return m == CLUSTER_WARD || m == CLUSTER_AVERAGE || m == CLUSTER_COMPLETE;
}

bool cluster_is_mixture(cluster_method m)
{
    return m >= CLUSTER_MIXTURE_FULL;
}

strata_status cluster_method_parse(const char *text, cluster_method *out, strata_error *err)
{
    const char *names[CLUSTER_METHOD_COUNT];
    for (size_t i = 0; i < CLUSTER_METHOD_COUNT; i++) {
        names[i] = methods[i].name;
        if (strcmp(text, methods[i].name) == 0) {
            *out = (cluster_method)i;
            return STRATA_OK;
        }
    }
    return strata_fail(err, STRATA_E_USAGE,
                       "unknown method '%.100s'%s; there are k-means, ward, average, complete, "
                       "mixture, mixture-diagonal, mixture-tied and mixture-spherical",
                       text, nearest_hint(text, names, CLUSTER_METHOD_COUNT).text);
}

static strata_status out_of_memory(size_t n, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory clustering %zu accounts", n);
}

/* --- hierarchies --- */

static linkage linkage_of(cluster_method m)
{
    return m == CLUSTER_WARD      ? LINKAGE_WARD
           : m == CLUSTER_AVERAGE ? LINKAGE_AVERAGE
                                  : LINKAGE_COMPLETE;
}

/* NOLINTNEXTLINE(readability-function-size): what it reads and what it makes, one each */
strata_status cluster_fitter_make(const context *cx, const points *p, cluster_method method,
                                  uint64_t stream, size_t n_starts, arena *a, cluster_fitter *out,
                                  strata_error *err)
{
    cluster_fitter f = {
        .cx = cx, .p = p, .method = method, .stream = stream, .n_starts = n_starts, .seen = *p};
    if (cluster_is_hierarchy(method)) {
        if (p->n > CLUSTER_HIERARCHY_MOST) {
            uint32_t *rows = NULL;
            size_t n = 0;
            STRATA_TRY(sample_rows(cx->seed, stream + CLUSTER_STREAM_SAMPLE, p->n,
                                   CLUSTER_HIERARCHY_MOST, a, &rows, &n, err));
            STRATA_TRY(sample_points(p, rows, n, a, &f.seen, err));
            f.rows = rows;
        }
        STRATA_TRY(hierarchy_run(cx, &f.seen, linkage_of(method), a, &f.tree, err));
    }
    *out = f;
    return STRATA_OK;
}

/* --- clusters in order --- */

/* Sums and sizes by label, then means. Empty ones stay at 0. */
static void mean_centres(const points *p, const uint32_t *label, size_t k, double *centres,
                         size_t *size)
{
    memset(centres, 0, k * p->d * sizeof *centres);
    memset(size, 0, k * sizeof *size);
    for (size_t i = 0; i < p->n; i++) {
        double *c = centres + label[i] * p->d;
        size[label[i]]++;
        for (size_t j = 0; j < p->d; j++) {
            c[j] += p->x[i * p->d + j];
        }
    }
    for (size_t c = 0; c < k; c++) {
        for (size_t j = 0; j < p->d && size[c] > 0; j++) {
            centres[c * p->d + j] /= (double)size[c];
        }
    }
}

/* Does cluster x come before y? */
static bool comes_first(const double *centres, const size_t *size, size_t d, size_t x, size_t y)
{
    if (size[x] != size[y]) {
        return size[x] > size[y];
    }
    for (size_t j = 0; j < d; j++) {
        double a = centres[x * d + j];
        double b = centres[y * d + j];
        if (a < b || a > b) {
            return a > b;
        }
    }
    return x < y;
}

/* Names clusters in order and drops those without a point; fills centres, sizes, spread. */
static strata_status put_in_order(const points *p, cluster_fit *f, arena *a, strata_error *err)
{
    STRATA_AUTO_FREE double *centres = STRATA_NEW_ARRAY(f->k * p->d, double);
    STRATA_AUTO_FREE size_t *size = STRATA_NEW_ARRAY(f->k, size_t);
    STRATA_AUTO_FREE size_t *order = STRATA_NEW_ARRAY(f->k, size_t);
    STRATA_AUTO_FREE uint32_t *new_label = STRATA_NEW_ARRAY(f->k, uint32_t);
    f->centres = ARENA_NEW(a, f->k * p->d + 1, double);
    f->size = ARENA_NEW(a, f->k + 1, size_t);
    if (centres == NULL || size == NULL || order == NULL || new_label == NULL ||
        f->centres == NULL || f->size == NULL) {
        return out_of_memory(p->n, err);
    }
    mean_centres(p, f->label, f->k, centres, size);
    size_t kept = 0;
    for (size_t c = 0; c < f->k; c++) {
        if (size[c] == 0) {
            continue;
        }
        size_t at = kept++;
        for (; at > 0 && comes_first(centres, size, p->d, c, order[at - 1]); at--) {
            order[at] = order[at - 1];
        }
        order[at] = c;
    }
    for (size_t c = 0; c < kept; c++) {
        new_label[order[c]] = (uint32_t)c;
        f->size[c] = size[order[c]];
        memcpy(f->centres + c * p->d, centres + order[c] * p->d, p->d * sizeof *centres);
    }
    f->k = kept;
    f->within = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        f->label[i] = new_label[f->label[i]];
        for (size_t j = 0; j < p->d; j++) {
            double diff = p->x[i * p->d + j] - f->centres[f->label[i] * p->d + j];
            f->within += diff * diff;
        }
    }
    return STRATA_OK;
}

/* --- the methods --- */

/* Those of the tree's points by its cut, all others by the nearest of its means. */
static strata_status cut_tree(const cluster_fitter *f, size_t k, cluster_fit *out,
                              strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *seen = STRATA_NEW_ARRAY(f->seen.n, uint32_t);
    STRATA_AUTO_FREE double *centres = STRATA_NEW_ARRAY(k * f->seen.d, double);
    STRATA_AUTO_FREE size_t *size = STRATA_NEW_ARRAY(k, size_t);
    if (seen == NULL || centres == NULL || size == NULL) {
        return out_of_memory(f->p->n, err);
    }
    STRATA_TRY(hierarchy_cut(&f->tree, k, seen, err));
    mean_centres(&f->seen, seen, k, centres, size);
    for (size_t i = 0; f->rows != NULL && i < f->p->n; i++) {
        double squared = 0.0;
        out->label[i] =
            (uint32_t)centre_nearest_to(f->p->x + i * f->p->d, centres, k, f->p->d, &squared);
    }
    for (size_t i = 0; i < f->seen.n; i++) {
        out->label[f->rows != NULL ? f->rows[i] : i] = seen[i];
    }
    out->n_fitted = f->seen.n;
    out->converged = true;
    return STRATA_OK;
}

static mixture_options mixture_options_of(cluster_method m, size_t k, size_t n_starts,
                                          uint64_t stream)
{
    static const mixture_shape shapes[] = {MIXTURE_FULL, MIXTURE_DIAGONAL, MIXTURE_TIED,
                                           MIXTURE_SPHERICAL};
    return (mixture_options){.k = k,
                             .shape = shapes[m - CLUSTER_MIXTURE_FULL],
                             .n_starts = n_starts,
                             .max_iterations = MIXTURE_ITERATIONS,
                             .tolerance = MIXTURE_TOLERANCE,
                             .ridge = MIXTURE_RIDGE,
                             .stream = stream};
}

static strata_status run_mixture(const cluster_fitter *f, size_t k, arena *a, cluster_fit *out,
                                 strata_error *err)
{
    mixture_options o = mixture_options_of(f->method, k, f->n_starts, f->stream);
    mixture_fit fit = {0};
    STRATA_TRY(mixture_run(f->cx, f->p, &o, a, &fit, err));
    memcpy(out->label, fit.label, f->p->n * sizeof *out->label);
    out->converged = fit.converged;
    out->why = fit.why;
    return STRATA_OK;
}

/* NOLINTNEXTLINE(readability-function-size): what it reads and what it makes, one each */
strata_status cluster_bic(const context *cx, const points *p, cluster_method m, size_t k,
                          uint64_t stream, arena *a, double *bic, bool *known, strata_error *err)
{
    enum { STARTS = 2 };
    mixture_options o = mixture_options_of(m, k, STARTS, stream);
    mixture_fit fit = {0};
    strata_error failed = {0};
    strata_status st = mixture_run(cx, p, &o, a, &fit, &failed);
    if (st != STRATA_OK && st != STRATA_E_DATA && st != STRATA_E_NUMERIC) {
        return strata_fail(err, st, "%s", failed.message);
    }
    *known = st == STRATA_OK && isfinite(fit.bic);
    *bic = *known ? fit.bic : 0.0;
    return STRATA_OK;
}

static strata_status run_kmeans(const cluster_fitter *f, size_t k, arena *a, cluster_fit *out,
                                strata_error *err)
{
    kmeans_options o = {
        .k = k, .n_starts = f->n_starts, .max_iterations = KMEANS_ITERATIONS, .stream = f->stream};
    kmeans_fit fit = {0};
    STRATA_TRY(kmeans_run(f->cx, f->p, &o, a, &fit, err));
    memcpy(out->label, fit.label, f->p->n * sizeof *out->label);
    out->converged = fit.converged;
    out->why = fit.converged ? NULL : "points still changed their cluster when it was stopped";
    return STRATA_OK;
}

strata_status cluster_fit_make(const cluster_fitter *f, size_t k, arena *a, cluster_fit *out,
                               strata_error *err)
{
    cluster_fit fit = {.n = f->p->n, .d = f->p->d, .k = k, .n_fitted = f->p->n};
    fit.label = ARENA_NEW(a, f->p->n + 1, uint32_t);
    if (fit.label == NULL) {
        return out_of_memory(f->p->n, err);
    }
    if (cluster_is_hierarchy(f->method)) {
        STRATA_TRY(cut_tree(f, k, &fit, err));
    } else if (cluster_is_mixture(f->method)) {
        STRATA_TRY(run_mixture(f, k, a, &fit, err));
    } else {
        STRATA_TRY(run_kmeans(f, k, a, &fit, err));
    }
    STRATA_TRY(put_in_order(f->p, &fit, a, err));
    *out = fit;
    return STRATA_OK;
}
