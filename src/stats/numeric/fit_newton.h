/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NUMERIC_FIT_NEWTON_H
#define STRATA_STATS_NUMERIC_FIT_NEWTON_H

/* Inside of fit.h: the working scale, and Newton's method on it. */

#include <stdbool.h>
#include <stddef.h>

#include "stats/numeric/fit.h"

/* A place on the working scale. */
typedef struct fit_point {
    double u[FIT_PARAMETERS_MAX];
    double value;                        /* log-likelihood */
    double gradient[FIT_PARAMETERS_MAX]; /* by u */
} fit_point;

typedef struct fit_work {
    const fit_problem *problem;
    double low[FIT_PARAMETERS_MAX], high[FIT_PARAMETERS_MAX]; /* bounds of u */
    int evaluations;
    bool cancelled;
} fit_work;

/* What Newton's method found out about the place where it ended. */
typedef struct fit_shape {
    double to_gain; /* half of g' (-H)^-1 g, in units of log-likelihood; only when definite */
    bool definite;  /* -H is positive definite over the parameters that are not held */
    bool held[FIT_PARAMETERS_MAX]; /* on a bound, with the likelihood rising beyond it */
    double covariance[FIT_PARAMETERS_MAX][FIT_PARAMETERS_MAX]; /* (-H)^-1; 0 for those held */
} fit_shape;

double fit_to_natural(fit_scale scale, double u);
double fit_to_working(fit_scale scale, double x);
/* Derivative of the natural parameter by the working one, from the natural one. */
double fit_stretch(fit_scale scale, double x);

/* Fills value and gradient at p->u; false, with both 0, when they are not finite there or the job
 * was cancelled. */
bool fit_look(fit_work *work, fit_point *p);

/* Climbs on from *p, which has been looked at, and describes where it ends. */
void fit_polish(fit_work *work, fit_point *p, fit_shape *shape);

#endif
