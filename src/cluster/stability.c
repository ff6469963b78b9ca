/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/stability.h"

#include <string.h>

#include "cluster/sample.h"

/* More would only cost time: the figures are means over the replicates. */
enum { DRAWS_HIERARCHY = 1500, DRAWS_MIXTURE = 3000, DRAWS_KMEANS = 10000, STARTS = 3 };

const double CLUSTER_STABLE = 0.75;

typedef struct refitting {
    context cx; /* one thread: replicates run side by side */
    const points *p;
    cluster_method method;
    size_t k;
} refitting;

const char *cluster_stability_words(double jaccard)
{
    return jaccard > 0.85             ? "stable"
           : jaccard > CLUSTER_STABLE ? "fairly stable"
           : jaccard > 0.6            ? "a pattern, its edges unsure"
                                      : "not stable";
}

/* Fewer different accounts than clusters were drawn: one group, which recovers nothing. */
static strata_status one_group(size_t n, uint32_t *label, size_t *k)
{
    memset(label, 0, n * sizeof *label);
    *k = 1;
    return STRATA_OK;
}

static strata_status refit(void *payload, size_t replicate, const uint32_t *rows, size_t n,
                           uint32_t *label, size_t *k, strata_error *err)
{
    const refitting *r = payload;
    STRATA_AUTO(arena_free) arena *a = NULL;
    points drawn = {0};
    cluster_fitter f = {0};
    cluster_fit fit = {0};
    strata_error failed = {0};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(sample_points(r->p, rows, n, a, &drawn, err));
    STRATA_TRY(cluster_fitter_make(&r->cx, &drawn, r->method, CLUSTER_STREAM_BOOTSTRAP + replicate,
                                   cluster_is_mixture(r->method) ? 1 : STARTS, a, &f, err));
    strata_status st = cluster_fit_make(&f, r->k, a, &fit, &failed);
    if (st == STRATA_E_DATA || st == STRATA_E_NUMERIC) {
        return one_group(n, label, k);
    }
    if (st != STRATA_OK) {
        return strata_fail(err, st, "%s", failed.message);
    }
    memcpy(label, fit.label, n * sizeof *label);
    *k = fit.k;
    return STRATA_OK;
}

strata_status cluster_stability_make(const context *cx, const points *p, cluster_method method,
                                     const cluster_fit *fit, arena *a, cluster_stability *out,
                                     strata_error *err)
{
    size_t most = cluster_is_hierarchy(method) ? DRAWS_HIERARCHY
                  : cluster_is_mixture(method) ? DRAWS_MIXTURE
                                               : DRAWS_KMEANS;
    partition_stability *of = ARENA_NEW(a, fit->k + 1, partition_stability);
    if (of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu clusters", fit->k);
    }
    refitting r = {.cx = *cx, .p = p, .method = method, .k = fit->k};
    r.cx.threads = 1;
    r.cx.progress = NULL;
    partition_trial t = {.label = fit->label,
                         .n = fit->n,
                         .k = fit->k,
                         .replicates = cluster_is_mixture(method) ? CLUSTER_REPLICATES_MIXTURE
                                                                  : CLUSTER_REPLICATES,
                         .draws = fit->n < most ? fit->n : most,
                         .stream = CLUSTER_STREAM_BOOTSTRAP,
                         .refit = refit,
                         .payload = &r};
    STRATA_TRY(partition_bootstrap(cx, &t, of, err));
    *out = (cluster_stability){.of = of, .replicates = t.replicates, .draws = t.draws};
    return STRATA_OK;
}
