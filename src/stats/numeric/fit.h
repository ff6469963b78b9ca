/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NUMERIC_FIT_H
#define STRATA_STATS_NUMERIC_FIT_H

/* Maximum likelihood for models with a few parameters. The caller gives the log-likelihood with
 * its gradient, both at natural parameters, and starting points; the climb runs on a scale without
 * limits (logarithm, logit), first by sequential quadratic programming (NLopt's SLSQP), then by
 * Newton's method until no more than 1e-9 is left to gain. Standard errors come from the observed
 * information. Nothing is random, so equal input gives equal output. A result never holds a NaN or
 * an infinity; one that did not converge says why in words and has no standard errors. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/context.h"

enum { FIT_PARAMETERS_MAX = 8, FIT_STARTS_MAX = 16, FIT_REASON_SIZE = 240 };

/* How a parameter is moved about; the natural range follows. */
typedef enum fit_scale {
    FIT_LOG,     /* above 0 */
    FIT_LOGIT,   /* between 0 and 1 */
    FIT_IDENTITY /* any number */
} fit_scale;

typedef struct fit_parameter {
    const char *name; /* for messages */
    fit_scale scale;
    /* Bounds on the natural scale, low < high within the range of the scale. Both 0: 1e-8..1e8
     * (log), 1e-9..1 - 1e-9 (logit), -1e8..1e8 (identity). */
    double low, high;
    /* What it means when the likelihood still rises there ("the data hold no sign of
     * heterogeneity"); NULL: nothing more to say. */
    const char *at_low, *at_high;
} fit_parameter;

/* The log-likelihood at natural parameters x and, in gradient[0 .. n-1], its derivatives by them.
 * A value or a derivative that is not finite says "not here": the climb steps back. `gradient` is
 * never NULL. Must not change what `data` points to and must give the same answer each time. */
typedef double fit_fn(const void *data, const double *x, double *gradient);

typedef struct fit_problem {
    size_t n_parameters; /* 1 .. FIT_PARAMETERS_MAX */
    fit_parameter parameters[FIT_PARAMETERS_MAX];
    fit_fn *log_likelihood;
    const void *data;
    size_t n_starts; /* 1 .. FIT_STARTS_MAX */
    /* Natural scale; what lies outside the bounds is moved onto them. Best first: of starts that
     * lead equally high the earlier is kept. */
    double starts[FIT_STARTS_MAX][FIT_PARAMETERS_MAX];
    /* The likelihood is looked at in every start; this many of the highest are climbed from. 0:
     * all. One or two save time where a look at the data is dear and there is one summit. */
    size_t n_climbs;
    const context *cx; /* polled for cancellation; NULL: never cancelled */
} fit_problem;

typedef enum fit_outcome {
    FIT_CONVERGED,
    FIT_AT_BOUND,  /* the likelihood still rises at a bound */
    FIT_FLAT,      /* a ridge: the likelihood hardly changes along some parameters */
    FIT_UNSETTLED, /* steps ran out, or no step leads higher though the slope is not 0 */
    FIT_NO_START,  /* not finite in any starting point; the numbers are 0 */
    FIT_NO_DATA    /* set by models whose data cannot carry a fit; the numbers are 0 */
} fit_outcome;

typedef struct fit_result {
    bool converged; /* outcome == FIT_CONVERGED: only then is it to be shown as a result */
    fit_outcome outcome;
    char reason[FIT_REASON_SIZE]; /* why it did not converge; "" when it did */
    size_t n_parameters;
    double x[FIT_PARAMETERS_MAX]; /* highest point found, natural scale */
    double log_likelihood;        /* there */
    /* Largest slope by a parameter on its working scale (log: relative change of the parameter),
     * over max(1, |log-likelihood|). */
    double gradient_norm;
    int evaluations; /* of the log-likelihood, over all climbs */
    size_t start;    /* the starting point that led here */
    /* Known when converged, else 0: standard errors and covariance on the natural scale, the
     * inverse of the observed information (Hessian by central differences of the gradient). */
    double se[FIT_PARAMETERS_MAX];
    double covariance[FIT_PARAMETERS_MAX][FIT_PARAMETERS_MAX];
} fit_result;

/* Fits. STRATA_E_USAGE: the problem itself is not well put (no starts, too many parameters, bounds
 * out of order); STRATA_E_NOMEM; STRATA_E_CANCELLED. A fit that fails is STRATA_OK with
 * out->converged false. Convergence needs: at most 1e-9 of log-likelihood left to gain by Newton's
 * quadratic model, a negative definite Hessian, no standard error above 10 on a log or logit scale
 * (the parameter would be unknown by a factor of e^20), and no parameter on a bound. */
STRATA_MUST_CHECK strata_status fit_maximise(const fit_problem *problem, fit_result *out,
                                             strata_error *err);

/* A result that says why there is none, for models whose data cannot carry a fit. */
fit_result fit_no_data(size_t n_parameters, const char *reason);

/* Akaike's and Schwarz' criterion: -2 ln L + 2 k and -2 ln L + k ln n; less is better. n > 0. */
double fit_aic(const fit_result *fit);
double fit_bic(const fit_result *fit, double n);

/* Standard error of a function of the parameters by the delta method: sqrt(g' V g), g its gradient
 * at fit->x. 0 when the fit has no standard errors. */
double fit_delta_error(const fit_result *fit, const double *gradient);

#endif
