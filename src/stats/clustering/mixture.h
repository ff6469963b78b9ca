/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_MIXTURE_H
#define STRATA_STATS_CLUSTERING_MIXTURE_H

/* Gaussian mixtures: points as drawn from k normal distributions, fitted by expectation
 * maximisation (Dempster, Laird & Rubin 1977; McLachlan & Peel 2000, Finite Mixture Models, ch. 3),
 * with densities in logarithms and started from k-means partitions. */

#include <stdbool.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "stats/clustering/points.h"

typedef enum mixture_shape {
    MIXTURE_FULL,     /* every component has a covariance matrix of its own */
    MIXTURE_DIAGONAL, /* ... a variance per coordinate */
    MIXTURE_TIED,     /* one covariance matrix for all */
    MIXTURE_SPHERICAL /* every component has one variance */
} mixture_shape;

enum { MIXTURE_ITERATIONS = 500 }; /* a good number */

#define MIXTURE_TOLERANCE 1e-5 /* good values, for coordinates that spread about 1 */
#define MIXTURE_RIDGE 1e-6
#define MIXTURE_LARGEST 1e100 /* coordinates beyond it are refused */

typedef struct mixture_options {
    size_t k;
    mixture_shape shape;
    size_t n_starts, max_iterations; /* >= 1 */
    double tolerance; /* > 0; the end is when the mean log-likelihood of a point changes by less */
    double ridge;     /* >= 0; added to every variance, in squared units of the coordinates */
    uint64_t stream;  /* tells fits apart that use one seed (cx->seed), as in kmeans.h */
} mixture_options;

typedef struct mixture_fit {
    size_t k, d, n;
    mixture_shape shape;
    double *weight;     /* [k] falling, sum 1; equal ones by their means' coordinates */
    double *mean;       /* mean[c * d + j] */
    double *covariance; /* covariance[(c * d + i) * d + j], whatever the shape; with the ridge */
    bool *degenerate;  /* [k] most of some variance is the ridge: the component lies in fewer than d
                          dimensions, or has too few points to say */
    uint32_t *label;   /* [n] most likely component; of equally likely ones the first */
    double *certainty; /* [n] its probability */
    size_t *size;      /* [k] points by label */
    double log_likelihood; /* natural logarithm, of all points */
    double bic; /* -2 log_likelihood + n_parameters ln n (Schwarz 1978): lower is better; R's mclust
                   shows the negative */
    size_t n_parameters, iterations; /* iterations of the best start */
    size_t n_degenerate;
    bool converged;
    const char *why; /* it did not; else NULL */
} mixture_fit;

/* Fits k components; *out is allocated in `a`. The start with the highest likelihood wins. The same
 * for any number of threads. A fit that did not converge holds the last parameters that could be
 * evaluated.
 * STRATA_E_DATA: no points, values that are not finite or beyond MIXTURE_LARGEST, fewer different
 * points than components, components that have no variance to begin with (needs a ridge);
 * STRATA_E_USAGE: options out of range; STRATA_E_NOMEM; STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status mixture_run(const context *cx, const points *p,
                                            const mixture_options *o, arena *a, mixture_fit *out,
                                            strata_error *err);

#endif
