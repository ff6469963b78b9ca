/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "stats/clustering/hierarchy_space.h"
#include "stats/numeric/lanes.h"

/* Means of clusters by slot, LANES slots at a time coordinate by coordinate. Slots are in the order
 * of the clusters' numbers; an empty one is infinitely far away. */
typedef struct ward_space {
    hierarchy_space space;
    size_t d, n_slots, alive;
    lanes_room x;      /* x[(slot / LANES * d + j) * LANES + slot % LANES] */
    lanes_room weight; /* by slot: points of the cluster */
    uint32_t *who;     /* by slot; UINT32_MAX: empty */
    uint32_t *slot;    /* by cluster */
    double *row;       /* [d] mean of the cluster in question */
} ward_space;

typedef struct nearest_lanes {
    lanes best; /* half the square of the height */
    lanes_int block;
} nearest_lanes;

LANES_INLINE void search_body(const ward_space *w, double weight, nearest_lanes *out)
{
    const lanes *x = (const lanes *)(const void *)w->x.x;
    const lanes *weights = (const lanes *)(const void *)w->weight.x;
    lanes best = (lanes){0} + INFINITY;
    lanes_int block = {0};
    for (size_t b = 0; b * LANES < w->n_slots; b++) {
        lanes sum = {0};
        for (size_t j = 0; j < w->d; j++) {
            lanes off = x[b * w->d + j] - w->row[j];
            sum += off * off;
        }
        lanes at = sum * (weights[b] * weight / (weights[b] + weight));
        lanes_int nearer = at < best;
        best = LANES_PICK(nearer, at, best);
        block = (((lanes_int){0} + (int64_t)b) & nearer) | (block & ~nearer);
    }
    out->best = best;
    out->block = block;
}

LANES_DEFINE(search, (const ward_space *w, double weight, nearest_lanes *out),
             search_body(w, weight, out))

static double *coordinate(const ward_space *w, size_t slot, size_t j)
{
    return &w->x.x[(slot / LANES * w->d + j) * LANES + slot % LANES];
}

/* As search_body() measures it, to the bit. */
static double measure(const ward_space *w, size_t slot, double weight)
{
    double sum = 0.0;
    for (size_t j = 0; j < w->d; j++) {
        double off = *coordinate(w, slot, j) - w->row[j];
        sum += off * off;
    }
    return sum * (w->weight.x[slot] * weight / (w->weight.x[slot] + weight));
}

static near_cluster ward_nearest(hierarchy_space *s, uint32_t who, uint32_t before)
{
    ward_space *w = (ward_space *)s;
    size_t own = w->slot[who];
    for (size_t j = 0; j < w->d; j++) {
        w->row[j] = *coordinate(w, own, j);
    }
    *coordinate(w, own, 0) = INFINITY; /* so that it does not find itself */
    nearest_lanes found;
    LANES_RUN(search, (w, w->weight.x[own], &found));
    *coordinate(w, own, 0) = w->row[0];
    double best = INFINITY;
    size_t slot = SIZE_MAX;
    for (size_t lane = 0; lane < LANES; lane++) {
        size_t at = (size_t)found.block[lane] * LANES + lane;
        if (found.best[lane] < best || (!(found.best[lane] > best) && at < slot)) {
            best = found.best[lane];
            slot = at;
        }
    }
    uint32_t nearest = w->who[slot];
    if (before != UINT32_MAX && !(measure(w, w->slot[before], w->weight.x[own]) > best)) {
        nearest = before;
    }
    return (near_cluster){nearest, sqrt(2.0 * best)};
}

/* Moves the clusters that are left together. */
static void close_gaps(ward_space *w)
{
    size_t to = 0;
    for (size_t from = 0; from < w->n_slots; from++) {
        if (w->who[from] == UINT32_MAX) {
            continue;
        }
        for (size_t j = 0; j < w->d; j++) {
            *coordinate(w, to, j) = *coordinate(w, from, j);
        }
        w->weight.x[to] = w->weight.x[from];
        w->who[to] = w->who[from];
        w->slot[w->who[to]] = (uint32_t)to;
        to++;
    }
    w->n_slots = to;
    for (; to % LANES > 0; to++) {
        *coordinate(w, to, 0) = INFINITY;
        w->weight.x[to] = 1.0;
    }
}

static void ward_join(hierarchy_space *s, uint32_t who, uint32_t gone)
{
    ward_space *w = (ward_space *)s;
    size_t into = w->slot[who];
    size_t from = w->slot[gone];
    double all = w->weight.x[into] + w->weight.x[from];
    double share = w->weight.x[from] / all;
    for (size_t j = 0; j < w->d; j++) {
        double *mean = coordinate(w, into, j);
        *mean += share * (*coordinate(w, from, j) - *mean);
    }
    w->weight.x[into] = all;
    *coordinate(w, from, 0) = INFINITY;
    w->who[from] = UINT32_MAX;
    w->alive--;
    if (w->n_slots - w->alive > w->n_slots / 8 + LANES) {
        close_gaps(w);
    }
}

static void ward_free(hierarchy_space *s)
{
    ward_space *w = (ward_space *)s;
    lanes_room_done(&w->x);
    lanes_room_done(&w->weight);
    free(w->who);
    free(w->slot);
    free(w->row);
    free(w);
}

strata_status ward_space_new(const points *p, const uint32_t *weight, hierarchy_space **out,
                             strata_error *err)
{
    size_t slots = (p->n + LANES - 1) / LANES * LANES;
    ward_space *w = STRATA_NEW_ARRAY(1, ward_space);
    if (w == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory merging %zu points", p->n);
    }
    w->space = (hierarchy_space){ward_nearest, ward_join, ward_free};
    STRATA_AUTO(hierarchy_space_free) hierarchy_space *space = &w->space;
    w->d = p->d;
    w->n_slots = p->n;
    w->alive = p->n;
    w->who = STRATA_NEW_ARRAY(slots, uint32_t);
    w->slot = STRATA_NEW_ARRAY(slots, uint32_t);
    w->row = STRATA_NEW_ARRAY(p->d, double);
    if (w->who == NULL || w->slot == NULL || w->row == NULL ||
        !lanes_room_new(slots * p->d, &w->x) || !lanes_room_new(slots, &w->weight)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory merging %zu points", p->n);
    }
    for (size_t i = 0; i < slots; i++) {
        bool used = i < p->n;
        for (size_t j = 0; j < p->d; j++) {
            *coordinate(w, i, j) = used ? p->x[i * p->d + j] : INFINITY;
        }
        w->weight.x[i] = used ? (double)weight[i] : 1.0;
        w->who[i] = used ? (uint32_t)i : UINT32_MAX;
        w->slot[i] = (uint32_t)i;
    }
    *out = strata_steal(&space);
    return STRATA_OK;
}
