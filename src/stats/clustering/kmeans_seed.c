/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "stats/clustering/kmeans_private.h"
#include "stats/clustering/nearest_centre.h"

/* Points among which centres are drawn, by blocks, and how far each is from those drawn so far. */
typedef struct seeding {
    size_t n, d, n_blocks;
    lanes_room blocks;
    lanes_room distance2;                 /* [n_blocks * LANES] 0 beyond n */
    lanes_room candidate, best_candidate; /* the same, were a candidate drawn */
} seeding;

static void seeding_done(seeding *g)
{
    lanes_room_done(&g->blocks);
    lanes_room_done(&g->distance2);
    lanes_room_done(&g->candidate);
    lanes_room_done(&g->best_candidate);
}

/* All points, or as many as n drawn one by one. */
static strata_status load(const kmeans_space *s, rng *r, size_t n, seeding *g, strata_error *err)
{
    *g = (seeding){.n = n, .d = s->d, .n_blocks = (n + LANES - 1) / LANES};
    size_t room = g->n_blocks * LANES;
    if (!lanes_room_new(room * s->d, &g->blocks) || !lanes_room_new(room, &g->distance2) ||
        !lanes_room_new(room, &g->candidate) || !lanes_room_new(room, &g->best_candidate)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing centres among %zu points",
                           n);
    }
    for (size_t i = 0; i < room; i++) {
        size_t from = i < n ? i : 0;
        if (i < n && n < s->n) {
            from = (size_t)rng_below(r, s->n);
        }
        double *to = g->blocks.x + i / LANES * LANES * s->d + i % LANES;
        for (size_t j = 0; j < s->d; j++) {
            to[j * LANES] = s->x[from * s->d + j];
        }
        g->distance2.x[i] = i < n ? INFINITY : 0.0;
    }
    return STRATA_OK;
}

static void copy_point(const seeding *g, size_t i, double *to)
{
    const double *from = g->blocks.x + i / LANES * LANES * g->d + i % LANES;
    for (size_t j = 0; j < g->d; j++) {
        to[j] = from[j * LANES];
    }
}

/* A point, with a chance that grows with its squared distance; total > 0. */
static size_t draw(const seeding *g, rng *r, double total)
{
    double left = rng_uniform(r) * total;
    size_t last = 0;
    for (size_t i = 0; i < g->n; i++) {
        if (g->distance2.x[i] > 0.0) {
            last = i;
            left -= g->distance2.x[i];
            if (left < 0.0) {
                break;
            }
        }
    }
    return last;
}

static void swap(lanes_room *a, lanes_room *b)
{
    lanes_room was = *a;
    *a = *b;
    *b = was;
}

/* Draws candidates and takes the one that leaves the smallest sum of squares. */
static double add_centre(seeding *g, const kmeans_space *s, rng *r, double total, double *centre)
{
    double extra = log((double)s->k);
    size_t n_candidates = 2 + (size_t)extra;
    double best = INFINITY;
    size_t chosen = 0;
    for (size_t t = 0; t < n_candidates; t++) {
        size_t i = draw(g, r, total);
        copy_point(g, i, centre);
        double rest = nearest_so_far(&(point_blocks){g->blocks.x, g->n_blocks, g->d}, centre,
                                     s->negligible2, g->distance2.x, g->candidate.x);
        if (rest < best) {
            best = rest;
            chosen = i;
            swap(&g->candidate, &g->best_candidate);
        }
    }
    copy_point(g, chosen, centre);
    swap(&g->distance2, &g->best_candidate);
    return best;
}

/* *drawn: how many of the k centres could be drawn. */
static strata_status seed_among(const kmeans_space *s, rng *r, size_t n, double *centres,
                                size_t *drawn, strata_error *err)
{
    STRATA_CLEANUP(seeding_done) seeding g = {0};
    STRATA_TRY(load(s, r, n, &g, err));
    copy_point(&g, (size_t)rng_below(r, n), centres);
    double total = nearest_so_far(&(point_blocks){g.blocks.x, g.n_blocks, g.d}, centres,
                                  s->negligible2, g.distance2.x, g.candidate.x);
    swap(&g.distance2, &g.candidate);
    size_t c = 1;
    for (; c < s->k && total > 0.0; c++) {
        total = add_centre(&g, s, r, total, centres + c * s->d);
    }
    *drawn = c;
    return STRATA_OK;
}

strata_status kmeans_seed(const kmeans_space *s, rng *r, double *centres, strata_error *err)
{
    size_t drawn = 0;
    if (s->n > KMEANS_SEED_POINTS) {
        STRATA_TRY(seed_among(s, r, KMEANS_SEED_POINTS, centres, &drawn, err));
    }
    if (drawn < s->k) { /* few points, or so many equal ones that a sample missed the others */
        STRATA_TRY(seed_among(s, r, s->n, centres, &drawn, err));
    }
    if (drawn < s->k) {
        return strata_fail(err, STRATA_E_DATA,
                           "%zu clusters need as many different points; there are only %zu", s->k,
                           drawn);
    }
    return STRATA_OK;
}
