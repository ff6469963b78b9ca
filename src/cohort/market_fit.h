/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MARKET_FIT_H
#define STRATA_COHORT_MARKET_FIT_H

/* Does the product fit its market? Signs that can be counted, each for, against
 * or not known; no overall score.
 *
 * The retention curve flattens: churn falls with age, against a model in which it does not
 * (stats/contracts/churn.h). Customers would miss the product: 40 % or more answer at the top of
 * the scale of the product-market fit survey (Ellis's rule). Newer cohorts do no worse than older
 * ones: no rising trend of churn within six months over quarters of start. */

#include <strata/error.h>

#include "analysis/figure.h"
#include "base/arena.h"
#include "cohort/book.h"
#include "cohort/churn_trend.h"
#include "stats/contracts/churn.h"
#include "stats/survival/kaplan_meier.h"

enum { FIT_MONTHS = 60, FIT_TREND_MONTHS = 6 };
#define FIT_SURVEY_SHARE 0.4

typedef enum fit_sign { FIT_FOR, FIT_AGAINST, FIT_UNKNOWN } fit_sign;

/* Months of age first .. last of all customers together. */
typedef struct fit_span {
    int first, last;
    double months; /* account-months at risk */
    double lost;
    double churn; /* a month; 0 with `known` false */
    bool known;   /* enough account-months */
} fit_span;
enum { FIT_SPANS = 5 };

/* Where the curve flattens: the first span from which on churn no longer falls with age (trend over
 * the months of age from there, p < 0.05 one would say it does), and on what level. */
typedef struct fit_level {
    int from;      /* month of age; 0: nowhere yet */
    km_share left; /* customers still there when that month begins (Greenwood) */
    double churn;  /* a month, from then on */
    interval churn_95;
} fit_level;

typedef struct market_fit_request {
    const arr_book *book;
    day as_of;
    const groups *quarters; /* by start */
    const double *survey;   /* by account: the last answer; NaN: none; NULL: no such survey */
    double top;             /* best answer to the survey; NaN: the highest seen */
    const double *nps;      /* by account: the last score; NaN: none; NULL: none asked */
    size_t minimum_accounts;
} market_fit_request;

typedef struct market_fit {
    size_t customers; /* accounts that ever had ARR */
    churn_comparison models;
    int n_observed;                  /* months of age with enough customers */
    double observed[FIT_MONTHS + 1]; /* share still there by months of age; [0] is 1 */
    bool has_model;                  /* a model converged: the best by BIC */
    churn_point model[FIT_MONTHS];   /* [t - 1]: by month t */
    fit_span spans[FIT_SPANS];       /* months 1-3, 4-6, 7-12, 13-24, 25 and more */
    fit_level level;                 /* where `flattens` is for */
    fit_sign flattens, survey, cohorts;
    share_figure top_answers; /* of those who answered */
    double top_of_scale;      /* given, or the highest answer seen; 0 without a survey */
    bool one_answer;          /* no top is given and all answered alike: nothing tells the scale */
    bool has_nps;
    double nps; /* -100 .. 100, of the last scores */
    size_t nps_answers;
    churn_trend trend;
} market_fit;

/* Allocated in `a`. Never NaN. */
STRATA_MUST_CHECK strata_status market_fit_judge(const context *cx,
                                                 const market_fit_request *request, arena *a,
                                                 market_fit *out, strata_error *err);

#endif
