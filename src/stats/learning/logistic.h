/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_LOGISTIC_H
#define STRATA_STATS_LEARNING_LOGISTIC_H

/* Logistic regression with a ridge: ln(p / (1 - p)) = intercept + sum of beta_j x_j. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/context.h"

enum { LOGISTIC_FEATURES_MAX = 500 };

/* Borrowed. */
typedef struct logistic_data {
    size_t n, d;              /* d at most LOGISTIC_FEATURES_MAX, may be 0 */
    const double *x;          /* n x d by row, finite: fill missing values first */
    const uint8_t *y;         /* of n: 1 it happened, 0 it did not */
    const double *weight;     /* of n: each row counts so much, 0 or more; NULL: 1 each */
    const char *const *names; /* of d, for messages; NULL: "feature 3" */
} logistic_data;

typedef struct logistic_options {
    double ridge; /* 0 or more: half of this times the sum of squares of the coefficients per
                   * standard deviation is taken from the log-likelihood (sklearn's 1 / C on
                   * standardised features). 0: none. */
    size_t max_iterations; /* 0: 100 */
} logistic_options;

/* Look at `converged` before anything else. Arrays are allocated in the arena. */
typedef struct logistic_fit {
    size_t n, n_positive; /* rows with a weight above 0 */
    size_t d;
    double ridge;
    double at_mean;          /* the margin of a row whose features are all at their means */
    double intercept;        /* for all features at 0 */
    const double *beta;      /* of d, per unit; 0 for a feature that is the same in every row */
    const double *mean, *sd; /* of d, weighted: sd divides by the sum of weights; 0 when constant */
    double loglik;           /* sum of weight x log-likelihood, without the ridge's part */
    double loglik_null;      /* of the intercept alone */
    double freedom;          /* effective parameters, the intercept included: trace of
                              * information x (information + ridge)^-1 */
    size_t iterations;       /* Newton steps */
    double gradient_norm;    /* sqrt(g' (-H)^-1 g): distance from the maximum in standard errors */
    bool converged;
    bool separated; /* the margins part the outcomes without a mistake: only the ridge keeps
                     * the coefficients finite, and their size says little */
    char why[240];  /* when not converged, in words */
} logistic_fit;

/* Maximises by Newton's method with step halving on centred and scaled features from the intercept
 * alone. The maximum exists and is unique for ridge > 0, whatever n, d and separation. O(n d^2) a
 * step. The same result for any cx->threads. Fails, *out untouched, with
 *   STRATA_E_USAGE  too many features, a ridge that is negative or not finite;
 *   STRATA_E_DATA   a value that is not finite or an outcome that is not 0 or 1 (naming row and
 *                   feature), a bad weight, only one outcome (saying which, and how many rows).
 * Not converged is STRATA_OK: without a ridge, separated outcomes and collinear features have no
 * finite or no single maximum, and `why` says so. */
STRATA_MUST_CHECK strata_status logistic_run(const context *cx, const logistic_data *data,
                                             const logistic_options *o, arena *a, logistic_fit *out,
                                             strata_error *err);

/* Of one row x (of d, finite). */
double logistic_margin(const logistic_fit *f, const double *x); /* ln(p / (1 - p)) */
double logistic_probability(const logistic_fit *f, const double *x);

/* What each feature adds to the margin against the mean of the training rows: beta_j (x_j -
 * mean_j). part: of d. Yields at_mean; that plus the parts is the margin. */
double logistic_contributions(const logistic_fit *f, const double *x, double *part);

/* Which ridge predicts best what it has not seen. */
typedef struct logistic_trial {
    double ridge; /* above 0 */
    double loss;  /* weighted mean log loss of the held-out rows */
    double se;    /* of the mean, from the folds' losses; 0 for two folds or less */
} logistic_trial;

/* Which rows are predicted together from the others. Borrowed. */
typedef struct logistic_folds {
    const uint32_t *fold; /* of n: 0 .. n_folds - 1; an account's rows belong into one */
    size_t n_folds;       /* 2 or more */
} logistic_folds;

typedef struct logistic_choice {
    size_t least;    /* index of the trial with the least loss */
    size_t simplest; /* of the largest ridge whose loss is within one standard error of it (Hastie,
                      * Tibshirani & Friedman 2009, 7.10) */
} logistic_choice;

/* Fills the losses of the n_trials trials. STRATA_E_USAGE for a ridge that is not above 0 or a fold
 * out of range or empty; STRATA_E_DATA when the rows outside a fold have one outcome only; else as
 * logistic_run(). */
STRATA_MUST_CHECK strata_status logistic_choose_ridge(const context *cx, const logistic_data *data,
                                                      logistic_folds folds, logistic_trial *trials,
                                                      size_t n_trials, logistic_choice *out,
                                                      strata_error *err);

#endif
