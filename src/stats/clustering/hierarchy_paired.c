/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/large.h"
#include "base/parallel.h"
#include "stats/clustering/hierarchy_space.h"

/* Distances of all pairs of slots: at[i * (i - 1) / 2 + j] of i and j < i. Slots are in the order
 * of the clusters' numbers; a slot whose cluster is gone is infinitely far away. */
typedef struct paired_space {
    hierarchy_space space;
    const points *p;
    linkage l;
    double *at;
    double *weight; /* by slot: points of the cluster; 0: gone */
    uint32_t *who;  /* by slot */
    uint32_t *slot; /* by cluster */
    size_t n_slots, n_gone;
} paired_space;

static double *pair(const paired_space *s, size_t i, size_t j)
{
    return i > j ? &s->at[i * (i - 1) / 2 + j] : &s->at[j * (j - 1) / 2 + i];
}

static near_cluster paired_nearest(hierarchy_space *space, uint32_t who, uint32_t before)
{
    const paired_space *s = (const paired_space *)space;
    size_t own = s->slot[who];
    const double *row = s->at + own * (own - 1) / 2;
    double best = INFINITY;
    size_t at = 0;
    for (size_t j = 0; j < own; j++) {
        if (row[j] < best) {
            best = row[j];
            at = j;
        }
    }
    size_t next = own * (own + 3) / 2; /* of the slot after it; a row is one longer each time */
    for (size_t j = own + 1; j < s->n_slots; next += j++) {
        if (s->at[next] < best) {
            best = s->at[next];
            at = j;
        }
    }
    near_cluster found = {s->who[at], best};
    if (before != UINT32_MAX && !(*pair(s, own, s->slot[before]) > best)) {
        found.who = before;
    }
    return found;
}

/* Moves the clusters that are left together. */
static void close_gaps(paired_space *s)
{
    size_t to = 0;
    for (size_t from = 0; from < s->n_slots; from++) {
        if (!(s->weight[from] > 0.0)) {
            continue;
        }
        s->weight[to] = s->weight[from];
        s->who[to] = s->who[from];
        s->slot[s->who[to]] = (uint32_t)from; /* until it merges, its distances are here */
        for (size_t j = 0; j < to; j++) {
            *pair(s, to, j) = *pair(s, from, s->slot[s->who[j]]);
        }
        to++;
    }
    for (size_t i = 0; i < to; i++) {
        s->slot[s->who[i]] = (uint32_t)i;
    }
    s->n_slots = to;
    s->n_gone = 0;
}

static void paired_join(hierarchy_space *space, uint32_t who, uint32_t gone)
{
    paired_space *s = (paired_space *)space;
    size_t into = s->slot[who];
    size_t from = s->slot[gone];
    double all = s->weight[into] + s->weight[from];
    for (size_t other = 0; other < s->n_slots; other++) {
        if (other == into || other == from) {
            continue;
        }
        double *to = pair(s, into, other);
        double *old = pair(s, from, other);
        *to = s->l == LINKAGE_COMPLETE ? (*old > *to ? *old : *to)
                                       : (s->weight[into] * *to + s->weight[from] * *old) / all;
        *old = INFINITY;
    }
    *pair(s, into, from) = INFINITY;
    s->weight[into] = all;
    s->weight[from] = 0.0;
    s->n_gone++;
    if (s->n_gone > s->n_slots / 5 + 8) {
        close_gaps(s);
    }
}

static void paired_free(hierarchy_space *space)
{
    paired_space *s = (paired_space *)space;
    free(s->at);
    free(s->weight);
    free(s->who);
    free(s->slot);
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
    s->n_slots = p->n;
    s->at = large_new(p->n * (p->n - 1) / 2 + 1, sizeof(double));
    s->weight = STRATA_NEW_ARRAY(p->n, double);
    s->who = STRATA_NEW_ARRAY(p->n, uint32_t);
    s->slot = STRATA_NEW_ARRAY(p->n, uint32_t);
    if (s->at == NULL || s->weight == NULL || s->who == NULL || s->slot == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory merging %zu points", p->n);
    }
    for (size_t i = 0; i < p->n; i++) {
        s->weight[i] = (double)weight[i];
        s->who[i] = (uint32_t)i;
        s->slot[i] = (uint32_t)i;
    }
    STRATA_TRY(parallel_run(cx, (p->n + ROWS - 1) / ROWS, measure_rows, s, err));
    *out = strata_steal(&space);
    return STRATA_OK;
}
