/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/match.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "stats/clustering/partition.h"

/* How much the nearness of two centres counts beside the overlap of their accounts. */
static const double NEARNESS = 0.1;
/* Without shared accounts: centres nearer than this, in robust deviations per feature, are one. */
static const double NEAR = 0.75;

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory matching clusters");
}

/* Two fits side by side. */
typedef struct matching {
    const cluster_points *p;
    const cluster_fit *fit;
    const saved_fit *before;
    size_t *counts;        /* [old * k + new] accounts in both */
    size_t *old_n, *new_n; /* of those in both fits */
    double *distance;      /* [old * k + new] per feature; NaN: not comparable */
    size_t common;
} matching;

static void matching_done(matching *m)
{
    free(m->counts);
    free(m->old_n);
    free(m->new_n);
    free(m->distance);
}

static bool same_features(const cluster_points *p, const saved_fit *before)
{
    bool same = p->d == before->d;
    for (size_t j = 0; same && j < p->d; j++) {
        same = strcmp(p->features[j].expression, before->expressions[j]) == 0;
    }
    return same;
}

static double distance_of(const matching *m, size_t old, size_t new)
{
    double sum = 0.0;
    size_t d = m->p->d;
    for (size_t j = 0; j < d; j++) {
        double then = cluster_scale_apply(&m->p->scales[j], m->before->centres[old * d + j]);
        double diff = then - m->fit->centres[new *d + j];
        sum += diff * diff;
    }
    return sqrt(sum / (double)d);
}

static strata_status compare(matching *m, strata_error *err)
{
    size_t k = m->fit->k;
    size_t was = m->before->k;
    bool same = same_features(m->p, m->before);
    m->counts = STRATA_NEW_ARRAY(was * k, size_t);
    m->old_n = STRATA_NEW_ARRAY(was, size_t);
    m->new_n = STRATA_NEW_ARRAY(k, size_t);
    m->distance = STRATA_NEW_ARRAY(was * k, double);
    if (m->counts == NULL || m->old_n == NULL || m->new_n == NULL || m->distance == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < m->p->n; i++) {
        uint32_t old = m->before->cluster[m->p->account[i]];
        if (old != CLUSTER_NONE) {
            m->counts[old * k + m->fit->label[i]]++;
            m->old_n[old]++;
            m->new_n[m->fit->label[i]]++;
            m->common++;
        }
    }
    for (size_t old = 0; old < was; old++) {
        for (size_t new = 0; new < k; new ++) {
            m->distance[old * k + new] = same ? distance_of(m, old, new) : (double)NAN;
        }
    }
    return STRATA_OK;
}

/* Over half of either side is shared; or nothing can be shared and the centres are near. */
static bool is_same(const matching *m, size_t old, size_t new)
{
    size_t at = old * m->fit->k + new;
    size_t shared = m->counts[at];
    if (m->old_n[old] == 0 && m->new_n[new] == 0) {
        return m->distance[at] < NEAR;
    }
    return 2 * shared > m->old_n[old] || 2 * shared > m->new_n[new];
}

static strata_status pair(const matching *m, size_t *new_of_old, strata_error *err)
{
    size_t k = m->fit->k;
    size_t was = m->before->k;
    STRATA_AUTO_FREE double *gain = STRATA_NEW_ARRAY(was * k, double);
    if (gain == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(partition_jaccard(m->counts, was, k, gain, err));
    for (size_t old = 0; old < was; old++) {
        for (size_t new = 0; new < k; new ++) {
            size_t at = old * k + new;
            double near = isnan(m->distance[at]) ? 0.0 : NEARNESS / (1.0 + m->distance[at]);
            gain[at] = is_same(m, old, new) ? gain[at] + near : 0.0;
        }
    }
    return partition_match(gain, was, k, new_of_old, err);
}

/* The other side's cluster with the most shared accounts; SIZE_MAX: none is shared. */
static size_t most_shared(const size_t *counts, size_t n, size_t step)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        if (counts[i * step] > 0 && (best == SIZE_MAX || counts[i * step] > counts[best * step])) {
            best = i;
        }
    }
    return best;
}

static cluster_origin origin_of(const matching *m, size_t new, size_t old)
{
    size_t k = m->fit->k;
    cluster_origin o = {.fate = FATE_BORN, .from = old, .known = m->new_n[new]};
    if (old != SIZE_MAX) {
        o.fate = FATE_KEPT;
    } else {
        o.from = most_shared(m->counts + new, m->before->k, k);
        o.fate = o.from != SIZE_MAX && 2 * m->counts[o.from * k + new] > o.known ? FATE_SPLIT
                                                                                 : FATE_BORN;
    }
    o.shared = o.from != SIZE_MAX ? m->counts[o.from * k + new] : 0;
    return o;
}

static cluster_fortune fortune_of(const matching *m, size_t old, size_t new)
{
    size_t k = m->fit->k;
    cluster_fortune f = {.end = END_DIED, .to = new, .known = m->old_n[old]};
    if (new != SIZE_MAX) {
        f.end = END_KEPT;
    } else {
        f.to = most_shared(m->counts + old * k, k, 1);
        f.end = f.to != SIZE_MAX && 2 * m->counts[old * k + f.to] > f.known ? END_MERGED : END_DIED;
    }
    f.shared = f.to != SIZE_MAX ? m->counts[old * k + f.to] : 0;
    return f;
}

/* --- names --- */

static bool is_taken(const cluster_origin *of, size_t k, const char *name)
{
    bool taken = false;
    for (size_t c = 0; c < k; c++) {
        taken = taken || (of[c].name != NULL && strcasecmp(of[c].name, name) == 0);
    }
    return taken;
}

/* Fresh names for those that carry none on, different from all that are carried on. */
static strata_status name_others(cluster_origin *of, size_t k, const char *const *fresh, arena *a,
                                 strata_error *err)
{
    for (size_t c = 0; c < k; c++) {
        const char *name = fresh[c];
        for (size_t round = 2; of[c].name == NULL && is_taken(of, k, name); round++) {
            name = arena_printf(a, "%s %zu", fresh[c], round);
            if (name == NULL) {
                return out_of_memory(err);
            }
        }
        of[c].name = of[c].name != NULL ? of[c].name : name;
    }
    return STRATA_OK;
}

/* --- all together --- */

static strata_status agree(const matching *m, double *out, strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *old = STRATA_NEW_ARRAY(m->common, uint32_t);
    STRATA_AUTO_FREE uint32_t *new = STRATA_NEW_ARRAY(m->common, uint32_t);
    size_t n = 0;
    if (old == NULL || new == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < m->p->n; i++) {
        uint32_t was = m->before->cluster[m->p->account[i]];
        if (was != CLUSTER_NONE) {
            old[n] = was;
            new[n++] = m->fit->label[i];
        }
    }
    return adjusted_rand_index(old, new, n, out, err);
}

static strata_status match_all(const matching *m, arena *a, cluster_origin *of, cluster_refit *out,
                               strata_error *err)
{
    size_t was = m->before->k;
    STRATA_AUTO_FREE size_t *new_of_old = STRATA_NEW_ARRAY(was, size_t);
    cluster_fortune *former = ARENA_NEW(a, was + 1, cluster_fortune);
    if (new_of_old == NULL || former == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(pair(m, new_of_old, err));
    for (size_t c = 0; c < m->fit->k; c++) {
        size_t old = SIZE_MAX;
        for (size_t o = 0; o < was; o++) {
            old = new_of_old[o] == c ? o : old;
        }
        of[c] = origin_of(m, c, old);
        of[c].name = old != SIZE_MAX ? m->before->names[old] : NULL;
    }
    for (size_t o = 0; o < was; o++) {
        former[o] = fortune_of(m, o, new_of_old[o]);
    }
    out->former = former;
    out->common = m->common;
    if (m->common > 0) {
        STRATA_TRY(agree(m, &out->agreement, err));
    }
    return STRATA_OK;
}

strata_status cluster_match(const cluster_points *p, const cluster_fit *fit,
                            const char *const *fresh, const saved_fit *before, arena *a,
                            cluster_refit *out, strata_error *err)
{
    cluster_refit made = {.agreement = (double)NAN};
    cluster_origin *of = ARENA_NEW(a, fit->k + 1, cluster_origin);
    if (of == NULL) {
        return out_of_memory(err);
    }
    for (size_t c = 0; c < fit->k; c++) {
        of[c] = (cluster_origin){.fate = FATE_NEW, .from = SIZE_MAX};
    }
    if (before != NULL && before->fit > 0) {
        STRATA_CLEANUP(matching_done) matching m = {.p = p, .fit = fit, .before = before};
        STRATA_TRY(compare(&m, err));
        STRATA_TRY(match_all(&m, a, of, &made, err));
        made.before = before;
        made.same_features = same_features(p, before);
    }
    STRATA_TRY(name_others(of, fit->k, fresh, a, err));
    made.of = of;
    *out = made;
    return STRATA_OK;
}
