/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/profile.h"

#include <math.h>

#include "base/auto.h"
#include "cluster/sample.h"
#include "stats/inference/quantile.h"

enum { STREAM_CLUSTERS = 7 }; /* beside those of analysis/outcomes.h */

static strata_status out_of_memory(size_t n, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory profiling %zu accounts", n);
}

/* --- features --- */

/* Known values of the cluster, or of all others, ascending. */
static size_t take_side(const cluster_points *p, const cluster_fit *fit, size_t feature,
                        size_t cluster, bool inside, double *out)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        double x = p->raw[feature][i];
        if ((fit->label[i] == cluster) == inside && !isnan(x)) {
            out[n++] = x;
        }
    }
    sort_values(out, n);
    return n;
}

/* Share of n ascending values below x, equal ones counted half. */
static double place_of(const double *sorted, size_t n, double x)
{
    size_t below = 0;
    size_t equal = 0;
    for (size_t i = 0; i < n; i++) {
        below += sorted[i] < x;
        equal += !(sorted[i] < x) && !(sorted[i] > x);
    }
    return n > 0 ? ((double)below + 0.5 * (double)equal) / (double)n : (double)NAN;
}

static strata_status add_traits(const cluster_points *p, const cluster_fit *fit, arena *a,
                                cluster_profile *of, strata_error *err)
{
    STRATA_AUTO_FREE double *all = STRATA_NEW_ARRAY(p->n, double);
    STRATA_AUTO_FREE double *side = STRATA_NEW_ARRAY(p->n, double);
    cluster_trait *traits = ARENA_NEW(a, fit->k * p->d + 1, cluster_trait);
    if (all == NULL || side == NULL || traits == NULL) {
        return out_of_memory(p->n, err);
    }
    for (size_t j = 0; j < p->d; j++) {
        size_t n_all = take_side(p, fit, j, SIZE_MAX, false, all);
        for (size_t c = 0; c < fit->k; c++) {
            cluster_trait *t = &traits[c * p->d + j];
            size_t n = take_side(p, fit, j, c, true, side);
            t->median = n > 0 ? quantile_sorted(side, n, 0.5) : (double)NAN;
            t->place = n > 0 ? place_of(all, n_all, t->median) : (double)NAN;
            n = take_side(p, fit, j, c, false, side);
            t->others = n > 0 ? quantile_sorted(side, n, 0.5) : (double)NAN;
        }
    }
    for (size_t c = 0; c < fit->k; c++) {
        of[c].traits = traits + c * p->d;
    }
    return STRATA_OK;
}

static void add_worth(const study *s, const cluster_points *p, const cluster_fit *fit,
                      cluster_profile *of, cluster_profiles *out)
{
    out->has_worth = s->value != NULL;
    for (size_t i = 0; i < p->n; i++) {
        int64_t minor = out->has_worth ? s->value[p->account[i]] : 0;
        of[fit->label[i]].accounts++;
        of[fit->label[i]].worth_minor += minor;
        out->worth_minor += minor;
    }
    out->accounts = p->n;
}

/* --- outcomes --- */

static strata_status add_outcomes(const study *s, const cluster_source *src,
                                  const cluster_points *p, const cluster_fit *fit,
                                  cluster_profile *of, cluster_profiles *out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    cluster_values then = {0};
    double *z = NULL;
    uint32_t *account = NULL;
    size_t n = 0;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(cluster_values_at(s->cx, src, p->features, p->d, s->v->year_ago, a, &then, err));
    STRATA_TRY(cluster_prepare_like(p, &then, a, &z, &account, &n, err));
    uint32_t *label = ARENA_NEW(a, n + 1, uint32_t);
    uint32_t *listed = ARENA_NEW(a, n + 1, uint32_t);
    if (label == NULL || listed == NULL) {
        return out_of_memory(n, err);
    }
    for (size_t i = 0; i < n; i++) {
        double squared = 0.0;
        label[i] = (uint32_t)centre_nearest_to(z + i * p->d, fit->centres, fit->k, p->d, &squared);
    }
    for (size_t c = 0; c < fit->k; c++) {
        size_t m = 0;
        for (size_t i = 0; i < n; i++) {
            if (label[i] == c) {
                listed[m++] = account[i];
            }
        }
        of[c].accounts_year_ago = m;
        STRATA_TRY(outcomes_of(s, listed, m, analysis_stream(STREAM_CLUSTERS, c, 0),
                               &of[c].outcomes, err));
    }
    out->all.accounts_year_ago = n;
    return outcomes_of(s, account, n, analysis_stream(STREAM_CLUSTERS, fit->k, 0),
                       &out->all.outcomes, err);
}

strata_status cluster_profile_make(const study *s, const cluster_source *src,
                                   const cluster_points *p, const cluster_fit *fit, arena *a,
                                   cluster_profiles *out, strata_error *err)
{
    cluster_profiles made = {0};
    cluster_profile *of = ARENA_NEW(a, fit->k + 1, cluster_profile);
    if (of == NULL) {
        return out_of_memory(p->n, err);
    }
    add_worth(s, p, fit, of, &made);
    STRATA_TRY(add_traits(p, fit, a, of, err));
    made.why_no_outcomes = s->outcome == NULL ? "needs arr" : NULL;
    if (s->outcome != NULL) {
        STRATA_TRY(add_outcomes(s, src, p, fit, of, &made, err));
        made.has_outcomes = true;
    }
    made.of = of;
    *out = made;
    return STRATA_OK;
}
