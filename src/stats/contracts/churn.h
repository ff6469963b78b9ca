/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CONTRACTS_CHURN_H
#define STRATA_STATS_CONTRACTS_CHURN_H

/* What the models of contract lifetimes (lifetime.h, sbg.h, bdw.h) say: curves beyond the data,
 * lifetimes to come, and which model the data ask for. Nothing here comes from a fit that did not
 * converge. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>

#include "stats/contracts/lifetime.h"
#include "stats/inference/proportion.h"
#include "stats/inference/test.h"
#include "stats/inference/trend.h"

typedef enum churn_model { CHURN_CONSTANT, CHURN_SBG, CHURN_BDW } churn_model;
enum { CHURN_MODELS = 3 };

/* "constant churn", "sBG", "BdW" */
const char *churn_model_name(churn_model model);

STRATA_MUST_CHECK strata_status churn_fit(churn_model model, const lifetimes *l, const context *cx,
                                          fit_result *out, strata_error *err);

/* At renewal t: r(t), S(t), and 95 % intervals by the delta method, for r on the logit scale and
 * for S on that of ln(-ln S), so that they stay within 0..1. They hold the error of the estimates,
 * not the chance in how many of a given number stay. */
typedef struct churn_point {
    double retention, survival;
    interval retention_95, survival_95;
} churn_point;

/* out[t - 1] for t = 1 .. n. STRATA_E_USAGE: the fit did not converge. */
STRATA_MUST_CHECK strata_status churn_curve(churn_model model, const fit_result *fit, size_t n,
                                            churn_point *out, strata_error *err);

/* A lifetime in periods. When !known there is a reason, and the numbers are 0. */
typedef struct churn_lifetime {
    bool known;
    double value, se; /* se by the delta method */
    const char *reason;
} churn_lifetime;

/* A customer who has renewed `renewals` times and faces the next renewal: the renewals to expect,
 * each discounted to that moment, the next at full weight (Fader & Hardie 2010, Customer-base
 * valuation in a contractual setting, Marketing Science 29:85):
 *     sum over t > renewals of S(t) / S(renewals) (1 + discount)^-(t - renewals - 1).
 * discount: a rate per period, 0 or more; 0 gives the expected remaining lifetime. horizon: only so
 * many renewals from now count; 0: all that will ever come, which is not known without discounting
 * where it is infinite (sBG: alpha <= 1) and for the BdW. STRATA_E_USAGE: the fit did not converge,
 * or the discount is negative or not finite. */
typedef struct churn_question {
    size_t renewals, horizon;
    double discount;
} churn_question;
STRATA_MUST_CHECK strata_status churn_residual_lifetime(churn_model model, const fit_result *fit,
                                                        churn_question q, churn_lifetime *out,
                                                        strata_error *err);

/* The same for a new customer, who pays at once: 1 + residual(0 renewals) / (1 + discount), the sum
 * over t >= 0 of S(t) (1 + discount)^-t. `horizon` counts the renewals; q.renewals is not read. */
STRATA_MUST_CHECK strata_status churn_new_lifetime(churn_model model, const fit_result *fit,
                                                   churn_question q, churn_lifetime *out,
                                                   strata_error *err);

/* Does the retention curve flatten? */
typedef enum churn_shape {
    CHURN_UNKNOWN,  /* the data cannot tell: `reason` */
    CHURN_FLATTENS, /* churn falls with age */
    CHURN_STRAIGHT, /* no sign that churn changes with age */
    CHURN_STEEPENS  /* churn grows with age */
} churn_shape;

typedef struct churn_comparison {
    fit_result fits[CHURN_MODELS];
    /* Akaike's and Schwarz' (by customers who came to a first renewal); 0 without a fit */
    double aic[CHURN_MODELS], bic[CHURN_MODELS];
    bool found;       /* some model converged */
    churn_model best; /* the lowest bic among those that converged */
    /* Likelihood-ratio tests. The first two are against constant churn, where customers that are
     * all alike lie on the edge of what the models allow: p is half that of chi-square with 1
     * degree of freedom (sBG), and the mean of those with 1 and 2 (BdW; Self & Liang 1987, JASA
     * 82:605). The third has 1 degree of freedom (c = 1). No effect size. */
    stat_test sbg_over_constant, bdw_over_constant, bdw_over_sbg;
    /* Churn by age without any model: slope in share of customers lost per renewal. */
    trend by_age;
    churn_shape shape;
    const char *reason; /* in words, for each shape */
} churn_comparison;

/* Fits all three. It flattens when churn falls with age (by_age, p < 0.05) and the sBG or BdW beats
 * constant churn (p < 0.05); it steepens when churn grows with age (p < 0.05). Pooled cohorts that
 * differ flatten too: those who stay are then from the better cohorts, which is heterogeneity all
 * the same. */
STRATA_MUST_CHECK strata_status churn_compare(const lifetimes *l, const context *cx,
                                              churn_comparison *out, strata_error *err);

#endif
