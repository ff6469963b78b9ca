/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/clusters.h"

#include <math.h>

#include "base/auto.h"
#include "cluster/sample.h"
#include "stats/clustering/silhouette.h"

enum { STARTS = 20, STARTS_MIXTURE = 5 };

static strata_status out_of_memory(size_t n, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for clusters of %zu accounts", n);
}

/* Of a sample when there are many accounts: silhouettes take the square of their number. */
static strata_status add_silhouette(const context *cx, arena *a, clusters *c, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    uint32_t *rows = NULL;
    points p = {0};
    silhouette found = {0};
    double *of = ARENA_NEW(a, c->fit.k + 1, double);
    STRATA_TRY(arena_new(&scratch, err));
    c->silhouette = (double)NAN;
    for (size_t k = 0; of != NULL && k < c->fit.k; k++) {
        of[k] = (double)NAN;
    }
    c->silhouette_of = of;
    if (of == NULL) {
        return out_of_memory(c->points.n, err);
    }
    if (c->fit.k < 2) {
        return STRATA_OK;
    }
    STRATA_TRY(sample_rows(cx->seed, CLUSTER_STREAM_COMPARE, c->points.n, CLUSTER_COMPARE_MOST,
                           scratch, &rows, &c->silhouette_n, err));
    STRATA_TRY(sample_points(&c->points.points, rows, c->silhouette_n, scratch, &p, err));
    uint32_t *label = ARENA_NEW(scratch, c->silhouette_n + 1, uint32_t);
    if (label == NULL) {
        return out_of_memory(c->points.n, err);
    }
    for (size_t i = 0; i < c->silhouette_n; i++) {
        label[i] = c->fit.label[rows[i]];
    }
    STRATA_TRY(silhouette_compute(cx, &p, label, c->fit.k, scratch, &found, err));
    c->silhouette = found.mean;
    for (size_t k = 0; k < c->fit.k; k++) {
        of[k] = found.by_cluster[k];
    }
    return STRATA_OK;
}

static strata_status check_k(const clusters *c, size_t k, strata_error *err)
{
    if (k <= c->points.n && (c->choice.n_distinct > CLUSTER_K_MOST || k <= c->choice.n_distinct)) {
        return STRATA_OK;
    }
    return strata_fail(err, STRATA_E_DATA,
                       "%zu clusters cannot be made of accounts with only %zu different sets of "
                       "values; give a smaller --k or more --features",
                       k, c->choice.n_distinct);
}

static strata_status fit_clusters(const context *cx, const cluster_request *r, double least,
                                  arena *a, clusters *c, strata_error *err)
{
    const points *p = &c->points.points;
    cluster_fitter f = {0};
    STRATA_TRY(cluster_choose(cx, p, r->method, least, a, &c->choice, err));
    size_t k = r->k > 0 ? r->k : c->choice.recommended;
    STRATA_TRY(check_k(c, k, err));
    STRATA_TRY(cluster_fitter_make(cx, p, r->method, CLUSTER_STREAM_FIT,
                                   cluster_is_mixture(r->method) ? STARTS_MIXTURE : STARTS, a, &f,
                                   err));
    STRATA_TRY(cluster_fit_make(&f, k, a, &c->fit, err));
    STRATA_TRY(add_silhouette(cx, a, c, err));
    context_progress(cx, "drawing accounts anew", 0, 0);
    return cluster_stability_make(cx, p, r->method, &c->fit, a, &c->stability, err);
}

static strata_status describe(const study *s, const cluster_source *src, arena *a, clusters *c,
                              strata_error *err)
{
    const cluster_points *p = &c->points;
    const char **fresh = NULL;
    STRATA_TRY(cluster_differences(p, &c->fit, a, &c->difference, err));
    STRATA_TRY(cluster_name_all(p, &c->fit, c->difference, a, &fresh, err));
    c->fresh = fresh;
    STRATA_TRY(cluster_match(p, &c->fit, c->fresh, c->request->before, a, &c->refit, err));
    STRATA_TRY(cluster_profile_make(s, src, p, &c->fit, a, &c->profiles, err));
    STRATA_TRY(cluster_restate(s, p, &c->fit, a, &c->rules, err));
    return cluster_map_make(s->cx, &p->points, &c->fit, a, &c->map, err);
}

strata_status clusters_make(const study *s, const cluster_request *r, arena *a, clusters *out,
                            strata_error *err)
{
    const view *v = s->v;
    const cluster_source src = {.p = v->p, .b = v->b, .overrides = v->overrides, .where = r->where};
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    cluster_values values = {0};
    clusters c = {.request = r};
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(cluster_values_of(&src, r->candidates.items, r->candidates.n, v->s, v->as_of,
                                 scratch, &values, err));
    c.n_inside = values.n_inside;
    c.n_outside = values.n_outside;
    c.n_elsewhere = values.n_elsewhere;
    if (c.n_inside == 0 && r->where != NULL) {
        return strata_fail(err, STRATA_E_DATA, "no account meets --where '%s'",
                           rule_text(r->where));
    }
    STRATA_TRY(cluster_prepare(&values, &r->candidates, r->missing, a, &c.points, err));
    arena_free(strata_steal(&scratch));
    STRATA_TRY(fit_clusters(s->cx, r, v->b->model->quality.minimum_share, a, &c, err));
    STRATA_TRY(describe(s, &src, a, &c, err));
    *out = c;
    return STRATA_OK;
}
