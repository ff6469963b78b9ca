/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_MIXTURE_PRIVATE_H
#define STRATA_STATS_CLUSTERING_MIXTURE_PRIVATE_H

#include "base/context.h"
#include "stats/clustering/mixture.h"
#include "stats/clustering/points.h"

static inline bool mixture_has_triangles(mixture_shape shape)
{
    return shape == MIXTURE_FULL || shape == MIXTURE_TIED;
}

/* Components as they are evaluated: the log density of x is constant - |W (x - mean)|^2 / 2.
 * Matrices are lower triangles by row: cell(i, j) = i (i + 1) / 2 + j; diagonal and spherical
 * shapes have their diagonals only. */
typedef struct mixture_model {
    size_t k, d, cells; /* cells of a triangle, or d */
    mixture_shape shape;
    double *weight;     /* [k] */
    double *mean;       /* [k * d] */
    double *covariance; /* [k * cells] with the ridge */
    double *whiten;     /* [k * cells] W: inverse of the Cholesky factor of the covariance */
    double *constant;   /* [k] log weight - d/2 log 2 pi - log det / 2 */
    double *work;       /* [d * d] */
} mixture_model;

/* Sums over points, r being how likely a point comes from the component, y = x - mean. */
typedef struct mixture_sums {
    double *weight; /* [k] sum of r */
    double *first;  /* [k * d] of r y */
    double *second; /* [k * cells] of r y y' */
    double log_likelihood;
} mixture_sums;

/* Numbers that a model or its sums need, and where they go in a room of as many. */
size_t mixture_room(const mixture_model *m);
void mixture_place(mixture_model *m, mixture_sums *sums, double *room);
size_t mixture_cells(mixture_shape shape, size_t d);
size_t mixture_parameters(mixture_shape shape, size_t k, size_t d);

/* The next model from the sums about the means of `now`. Returns k, or the component that has no
 * points left or no variance in some direction. `next` may not be `now`. */
size_t mixture_maximise(const mixture_model *now, const mixture_sums *sums, double ridge,
                        mixture_model *next);

/* True where most of a variance of the component is the ridge. */
bool mixture_is_degenerate(const mixture_model *m, size_t c, double ridge);

/* What a pass over the points writes beside the sums; each may be NULL. */
typedef struct mixture_output {
    uint32_t *label;
    double *certainty;
} mixture_output;

/* Adds up sums over all points under the model, or, where `given` is not NULL, with the points
 * wholly in the components given (then log_likelihood is 0). */
STRATA_MUST_CHECK strata_status mixture_pass(const context *cx, const points *p,
                                             const mixture_model *m, const uint32_t *given,
                                             mixture_sums *sums, const mixture_output *out,
                                             strata_error *err);

#endif
