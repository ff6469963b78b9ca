/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/large.h"
#include "base/parallel.h"
#include "stats/hierarchy_space.h"

/* Distances of all pairs of clusters: at[i * (i - 1) / 2 + j] of i and j < i. */
typedef struct paired_space {
    hierarchy_space space;
    const points *p;
    linkage l;
    double *at;
    double *weight;  /* by cluster: points in it */
    uint32_t *alive; /* clusters left, ascending */
    size_t n_alive;
} paired_space;

static double *pair(const paired_space *s, size_t i, size_t j)
{
    return i > j ? &s->at[i * (i - 1) / 2 + j] : &s->at[j * (j - 1) / 2 + i];
}

static near_cluster paired_nearest(hierarchy_space *space, uint32_t who, uint32_t before)
{
    const paired_space *s = (const paired_space *)space;
    near_cluster best = {UINT32_MAX, INFINITY};
    for (size_t k = 0; k < s->n_alive; k++) {
        uint32_t other = s->alive[k];
        if (other != who && *pair(s, who, other) < best.height) {
            best = (near_cluster){other, *pair(s, who, other)};
        }
    }
    if (before != UINT32_MAX && !(*pair(s, who, before) > best.height)) {
        best.who = before;
    }
    return best;
}

static void paired_join(hierarchy_space *space, uint32_t who, uint32_t gone)
{
    paired_space *s = (paired_space *)space;
    double all = s->weight[who] + s->weight[gone];
    size_t kept = 0;
    for (size_t k = 0; k < s->n_alive; k++) {
        uint32_t other = s->alive[k];
        if (other == gone) {
            continue;
        }
        s->alive[kept++] = other;
        if (other != who) {
            double *to = pair(s, who, other);
            double from = *pair(s, gone, other);
            *to = s->l == LINKAGE_COMPLETE ? fmax(*to, from)
                                           : (s->weight[who] * *to + s->weight[gone] * from) / all;
        }
    }
    s->n_alive = kept;
    s->weight[who] = all;
}

static void paired_free(hierarchy_space *space)
{
    paired_space *s = (paired_space *)space;
    free(s->at);
    free(s->weight);
    free(s->alive);
    free(s);
}

enum { ROWS = 64 }; /* of one task */

static strata_status measure_rows(void *job, size_t task, strata_error *err)
{
    const paired_space *s = job;
    const points *p = s->p;
    (void)err;
    size_t end = (task + 1) * ROWS < p->n ? (task + 1) * ROWS : p->n;
    for (size_t i = task * ROWS; i < end; i++) {
        for (size_t k = 0; k < i; k++) {
            double sum = 0.0;
            for (size_t j = 0; j < p->d; j++) {
                double off = p->x[i * p->d + j] - p->x[k * p->d + j];
                sum += off * off;
            }
            *pair(s, i, k) = sqrt(sum);
        }
    }
    return STRATA_OK;
}

strata_status paired_space_new(const context *cx, const points *p, const uint32_t *weight,
                               linkage l, hierarchy_space **out, strata_error *err)
{
    if (p->n > HIERARCHY_PAIRED_POINTS) {
        return strata_fail(err, STRATA_E_DATA,
                           "distances of all pairs of %zu different points would take %.1f GB: use "
                           "Ward's linkage or at most %d points",
                           p->n, 4e-9 * (double)p->n * ((double)p->n - 1.0),
                           HIERARCHY_PAIRED_POINTS);
    }
    paired_space *s = STRATA_NEW_ARRAY(1, paired_space);
    if (s == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory merging %zu points", p->n);
    }
    s->space = (hierarchy_space){paired_nearest, paired_join, paired_free};
    STRATA_AUTO(hierarchy_space_free) hierarchy_space *space = &s->space;
    s->p = p;
    s->l = l;
    s->n_alive = p->n;
    s->at = large_new(p->n * (p->n - 1) / 2 + 1, sizeof(double));
    s->weight = STRATA_NEW_ARRAY(p->n, double);
    s->alive = STRATA_NEW_ARRAY(p->n, uint32_t);
    if (s->at == NULL || s->weight == NULL || s->alive == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory merging %zu points", p->n);
    }
    for (size_t i = 0; i < p->n; i++) {
        s->weight[i] = (double)weight[i];
        s->alive[i] = (uint32_t)i;
    }
    STRATA_TRY(parallel_run(cx, (p->n + ROWS - 1) / ROWS, measure_rows, s, err));
    *out = strata_steal(&space);
    return STRATA_OK;
}
