/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/hierarchy.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "stats/clustering/hierarchy_space.h"
#include "stats/clustering/points_order.h"

/* A merge as it was found: of the clusters that hold two points. */
typedef struct found {
    uint32_t a, b;
    uint32_t turn;
    double height;
} found;

typedef struct builder {
    const context *cx;
    const points *p;
    uint32_t *order;    /* points by coordinates */
    points distinct;    /* one of each, in this order */
    double *x;          /* their coordinates */
    uint32_t *first;    /* of every different point: one of its points */
    uint32_t *weight;   /* and how many there are */
    double *height;     /* of the cluster that is known by it */
    uint32_t *chain;    /* each nearest to the one before */
    uint32_t *in_chain; /* place in the chain plus one; 0: not there */
    found *found;
    size_t n_found;
} builder;

static void builder_done(builder *b)
{
    free(b->order);
    free(b->x);
    free(b->first);
    free(b->weight);
    free(b->height);
    free(b->chain);
    free(b->in_chain);
    free(b->found);
}

static strata_status builder_make(builder *b, strata_error *err)
{
    size_t n = b->p->n;
    b->order = STRATA_NEW_ARRAY(n, uint32_t);
    b->x = (double *)strata_alloc_array(n, b->p->d * sizeof(double));
    b->first = STRATA_NEW_ARRAY(n, uint32_t);
    b->weight = STRATA_NEW_ARRAY(n, uint32_t);
    b->height = STRATA_NEW_ARRAY(n, double);
    b->chain = STRATA_NEW_ARRAY(n, uint32_t);
    b->in_chain = STRATA_NEW_ARRAY(n, uint32_t);
    b->found = STRATA_NEW_ARRAY(n, found);
    if (b->order == NULL || b->x == NULL || b->first == NULL || b->weight == NULL ||
        b->height == NULL || b->chain == NULL || b->in_chain == NULL || b->found == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory merging %zu points", n);
    }
    return STRATA_OK;
}

static void add_found(builder *b, uint32_t x, uint32_t y, double height)
{
    b->found[b->n_found] = (found){x, y, (uint32_t)b->n_found, height};
    b->n_found++;
}

static bool equal_points(const points *p, size_t i, size_t j)
{
    for (size_t c = 0; c < p->d; c++) {
        double x = p->x[i * p->d + c];
        double y = p->x[j * p->d + c];
        if (x < y || x > y) {
            return false;
        }
    }
    return true;
}

/* Equal points merge first, at height 0. */
static void join_equal_points(builder *b)
{
    size_t m = 0;
    for (size_t i = 0; i < b->p->n; i++) {
        uint32_t point = b->order[i];
        if (m > 0 && equal_points(b->p, b->first[m - 1], point)) {
            add_found(b, b->first[m - 1], point, 0.0);
            b->weight[m - 1]++;
            continue;
        }
        memcpy(b->x + m * b->p->d, b->p->x + (size_t)point * b->p->d, b->p->d * sizeof(double));
        b->first[m] = point;
        b->weight[m++] = 1;
    }
    b->distinct = (points){b->x, m, b->p->d};
}

/* Follows nearest neighbours from the last of the chain until two are nearest to each other; yields
 * the length of the chain, which ends with the two. *height: of merging them. */
static size_t follow_chain(builder *b, hierarchy_space *space, size_t length, double *height)
{
    for (;;) {
        uint32_t before = length > 1 ? b->chain[length - 2] : UINT32_MAX;
        near_cluster next = space->nearest(space, b->chain[length - 1], before);
        if (next.who == before) {
            *height = next.height;
            return length;
        }
        /* Rounding may make a merged cluster nearer than its parts were, to one that is in the
         * chain already: go on from there. */
        size_t place = b->in_chain[next.who];
        while (place > 0 && length > place) {
            b->in_chain[b->chain[--length]] = 0;
        }
        if (place == 0) {
            b->chain[length++] = next.who;
            b->in_chain[next.who] = (uint32_t)length;
        }
    }
}

static strata_status join_clusters(builder *b, hierarchy_space *space, strata_error *err)
{
    size_t length = 0;
    uint32_t start = 0; /* clusters below are gone; 0 always stays */
    for (size_t left = b->distinct.n; left > 1; left--) {
        STRATA_TRY(context_check(b->cx, err));
        double height = 0.0;
        if (length == 0) {
            b->chain[length++] = start;
            b->in_chain[start] = 1;
        }
        length = follow_chain(b, space, length, &height);
        uint32_t x = b->chain[length - 1];
        uint32_t y = b->chain[length - 2];
        uint32_t who = x < y ? x : y;
        uint32_t gone = x < y ? y : x;
        length -= 2;
        b->in_chain[x] = 0;
        b->in_chain[y] = 0;
        /* A merge is never lower than those it builds on, whatever rounding says */
        height = fmax(height, fmax(b->height[x], b->height[y]));
        b->height[who] = height;
        add_found(b, b->first[who], b->first[gone], height);
        space->join(space, who, gone);
    }
    return STRATA_OK;
}

static int by_height(const void *a, const void *b)
{
    const found *x = a;
    const found *y = b;
    if (x->height < y->height || x->height > y->height) {
        return x->height < y->height ? -1 : 1;
    }
    return (x->turn > y->turn) - (x->turn < y->turn);
}

/* The last cluster that `i` is part of so far; shortens the way there. */
static uint32_t find_root(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static uint32_t size_of(const merge *merges, size_t n, uint32_t cluster)
{
    return cluster < n ? 1 : merges[cluster - n].size;
}

/* Merges by height, clusters numbered; `parent` holds 2 n - 1. */
static void number_merges(builder *b, uint32_t *parent, merge *merges)
{
    size_t n = b->p->n;
    qsort(b->found, b->n_found, sizeof *b->found, by_height);
    for (size_t i = 0; i < 2 * n - 1; i++) {
        parent[i] = (uint32_t)i;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        uint32_t x = find_root(parent, b->found[i].a);
        uint32_t y = find_root(parent, b->found[i].b);
        merges[i] = (merge){x < y ? x : y, x < y ? y : x, b->found[i].height,
                            size_of(merges, n, x) + size_of(merges, n, y)};
        parent[x] = (uint32_t)(n + i);
        parent[y] = (uint32_t)(n + i);
    }
}

static strata_status check_range(const points *p, strata_error *err)
{
    double largest = 0.0;
    for (size_t i = 0; i < p->n * p->d; i++) {
        largest = fmax(largest, fabs(p->x[i]));
    }
    if (!isfinite(8.0 * largest * largest * (double)p->d * (double)p->n)) {
        return strata_fail(err, STRATA_E_NUMERIC,
                           "squares of coordinates up to %g are too large: scale them", largest);
    }
    return STRATA_OK;
}

static strata_status build(builder *b, linkage l, strata_error *err)
{
    STRATA_TRY(builder_make(b, err));
    STRATA_TRY(points_order(b->p, b->order, err));
    join_equal_points(b);
    STRATA_AUTO(hierarchy_space_free) hierarchy_space *space = NULL;
    if (l == LINKAGE_WARD) {
        STRATA_TRY(ward_space_new(&b->distinct, b->weight, &space, err));
    } else {
        STRATA_TRY(paired_space_new(b->cx, &b->distinct, b->weight, l, &space, err));
    }
    return join_clusters(b, space, err);
}

strata_status hierarchy_run(const context *cx, const points *p, linkage l, arena *a, hierarchy *out,
                            strata_error *err)
{
    STRATA_TRY(points_check(p, err));
    STRATA_TRY(check_range(p, err));
    if (p->n > INT32_MAX || p->d > INT32_MAX) {
        return strata_fail(err, STRATA_E_DATA, "%zu points are too many to merge", p->n);
    }
    STRATA_CLEANUP(builder_done) builder b = {.cx = cx, .p = p};
    STRATA_TRY(build(&b, l, err));
    STRATA_AUTO_FREE uint32_t *parent = STRATA_NEW_ARRAY(2 * p->n, uint32_t);
    merge *merges = ARENA_NEW(a, p->n, merge);
    if (parent == NULL || merges == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory merging %zu points", p->n);
    }
    number_merges(&b, parent, merges);
    *out = (hierarchy){p->n, merges};
    return STRATA_OK;
}

/* --- cut --- */

typedef struct piece {
    uint32_t root, first;
    size_t size;
} piece;

static int by_size(const void *a, const void *b)
{
    const piece *x = a;
    const piece *y = b;
    if (x->size != y->size) {
        return x->size > y->size ? -1 : 1;
    }
    return (x->first > y->first) - (x->first < y->first);
}

/* number[i] becomes the last cluster that i is part of among the `nodes` first. */
static void find_roots(const hierarchy *h, size_t nodes, uint32_t *number)
{
    for (size_t i = 0; i < nodes; i++) {
        number[i] = (uint32_t)i;
    }
    for (size_t i = nodes; i-- > h->n;) {
        const merge *m = &h->merges[i - h->n];
        number[m->a] = number[i];
        number[m->b] = number[i];
    }
}

strata_status hierarchy_cut(const hierarchy *h, size_t k, uint32_t *label, strata_error *err)
{
    if (k == 0 || k > h->n) {
        return strata_fail(err, STRATA_E_USAGE, "%zu points cannot be cut into %zu clusters", h->n,
                           k);
    }
    size_t nodes = 2 * h->n - k; /* that exist when k clusters are left */
    STRATA_AUTO_FREE uint32_t *number = STRATA_NEW_ARRAY(nodes, uint32_t);
    STRATA_AUTO_FREE uint32_t *place = STRATA_NEW_ARRAY(nodes, uint32_t); /* of roots, plus one */
    STRATA_AUTO_FREE piece *pieces = STRATA_NEW_ARRAY(k, piece);
    if (number == NULL || place == NULL || pieces == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory cutting %zu points", h->n);
    }
    find_roots(h, nodes, number);
    uint32_t n_pieces = 0;
    for (size_t i = 0; i < h->n; i++) {
        uint32_t root = number[i];
        if (place[root] == 0) {
            pieces[n_pieces++] = (piece){root, (uint32_t)i, 0};
            place[root] = n_pieces;
        }
        pieces[place[root] - 1].size++;
    }
    qsort(pieces, k, sizeof *pieces, by_size);
    for (size_t c = 0; c < k; c++) {
        place[pieces[c].root] = (uint32_t)c;
    }
    for (size_t i = 0; i < h->n; i++) {
        label[i] = place[number[i]];
    }
    return STRATA_OK;
}
