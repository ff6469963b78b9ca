/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_SURVIVAL_COX_H
#define STRATA_STATS_SURVIVAL_COX_H

/* Proportional hazards regression (Cox 1972, JRSS B 34:187): the rate at which things end is a
 * common curve times exp(sum of coefficient x covariate). Same figures as R: survival::coxph. */

#include <strata/error.h>

#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/context.h"
#include "stats/inference/proportion.h"
#include "stats/inference/test.h"
#include "stats/survival/follow_up.h"

enum { COX_COVARIATES_MAX = 100 };

/* What to do with several ends at the same time: Efron 1977 (JASA 72:557) or Breslow 1974. */
typedef enum cox_ties { COX_EFRON, COX_BRESLOW } cox_ties;

typedef struct cox_covariate {
    const char *name;    /* for messages */
    const double *value; /* of n, finite: callers leave out things with a missing value */
} cox_covariate;

/* Borrowed. */
typedef struct cox_data {
    follow_up life;
    strata_of strata; /* each has a curve of its own; coefficients are common */
    const cox_covariate *covariates;
    size_t n_covariates;
    cox_ties ties;
} cox_data;

/* Why a covariate has no coefficient. */
typedef enum cox_fate {
    COX_ESTIMATED,
    COX_CONSTANT, /* it never differs among things at risk together */
    COX_COLLINEAR /* it is a weighted sum of covariates before it */
} cox_fate;

/* Zeros unless estimated. */
typedef struct cox_coefficient {
    const char *name; /* borrowed from the data */
    cox_fate fate;
    char why[240];     /* "" when estimated, else in words */
    double beta, se;   /* per unit of the covariate */
    double z, p;       /* Wald: beta / se; two-sided */
    double ratio;      /* of hazards, exp(beta); ... */
    interval ratio_95; /* ... may overflow to infinity when the unit is far too large */
    double mean, sd;   /* of the covariate, to give the ratio per standard deviation */
} cox_coefficient;

/* A maximum that was found; nothing else is ever returned. */
typedef struct cox_summary {
    size_t n, n_events;
    size_t n_times;             /* distinct stratum and time of an end */
    size_t n_estimated;         /* covariates with a coefficient: degrees of freedom of the tests */
    double loglik_null, loglik; /* partial log-likelihood at 0 and at the maximum */
    stat_test likelihood_ratio, wald, score; /* of all coefficients being 0 */
    int iterations;                          /* Newton steps */
    double gradient_norm;  /* sqrt(score' information^-1 score) at the end: how far the maximum is
                            * away, in standard errors */
    size_t n_coefficients; /* = n_covariates */
    const cox_coefficient *coefficients; /* owned by the fit */
    const double *covariance;            /* n_coefficients squared; 0 for those not estimated */
} cox_summary;

/* Owns a sorted copy of the data. Read-only once made. */
typedef struct cox_fit cox_fit;

/* Newton-Raphson from 0 on centred and scaled covariates with step halving. Results do not depend
 * on cx->threads. O(n log n + n p^2 a step). Covariates that are constant or collinear are left out
 * and say why. Fails in words, *out untouched, with
 *   STRATA_E_USAGE    no or too many covariates;
 *   STRATA_E_DATA     a value that is not finite (naming it), nothing ended, nothing to compare
 *                     (whenever something ended, everything at risk did), no covariate that varies;
 *   STRATA_E_NUMERIC  the likelihood keeps rising as a coefficient grows (naming the covariates),
 *                     or the steps do not converge. */
STRATA_MUST_CHECK strata_status cox_fit_new(const context *cx, const cox_data *data, cox_fit **out,
                                            strata_error *err);
void cox_fit_free(cox_fit *f);
STRATA_DEFINE_AUTO(cox_fit, cox_fit_free)
cox_summary cox_fit_summary(const cox_fit *f);

/* How well the fit orders things (Harrell et al. 1982, JAMA 247:2543; R: concordance): of the pairs
 * of one stratum at risk together of which one ended first, the share where that one had the higher
 * predicted hazard. Equal predictions count half. comparable = 0: no such pair, c is 0.
 * O(n log n). */
typedef struct cox_order {
    double c;
    double comparable, concordant, tied; /* pairs */
} cox_order;
STRATA_MUST_CHECK strata_status cox_concordance(const cox_fit *f, cox_order *out,
                                                strata_error *err);

/* Predicted for something with covariates x (n_covariates values, finite, in the order of the data;
 * those left out of the fit do not matter): the cumulative hazard up to `time` and exp(-hazard),
 * the share that survives it. Breslow's estimate, with Efron's ties after an Efron fit (R:
 * survfit(coxph, newdata)). The hazard stays as it is after the last end. */
double cox_cumulative_hazard(const cox_fit *f, size_t stratum, const double *x, double time);
double cox_survival(const cox_fit *f, size_t stratum, const double *x, double time);

/* Ages at which something ended in a stratum and the cumulative hazard there of something whose
 * covariates are all at their means. Borrowed from the fit. */
typedef struct cox_baseline {
    size_t n;
    const double *time;
    const double *hazard;
} cox_baseline;
cox_baseline cox_baseline_of(const cox_fit *f, size_t stratum);

/* Does a covariate act alike at every age? Score test for adding covariate x g(time), g the share
 * ended before (1 - Kaplan-Meier of all), from the Schoenfeld residuals (Grambsch & Therneau 1994,
 * Biometrika 81:515; R 3.x: cox.zph(transform = "km")). tests: n_coefficients + 1, the last of all
 * together. Effect of a covariate's test: one-step estimate of by how much its coefficient (per
 * unit) changes from the first age to when all have ended; 0 for all together. Not defined for
 * covariates that were left out, and when all ends are at one time. `data` as given to
 * cox_fit_new. */
STRATA_MUST_CHECK strata_status cox_proportionality(const context *cx, const cox_fit *f,
                                                    const cox_data *data, stat_test *tests,
                                                    strata_error *err);

#endif
