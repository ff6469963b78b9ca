/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SHOP_BACKTEST_H
#define STRATA_COHORT_SHOP_BACKTEST_H

/* What the models would have said of a shop's customers 3, 6 and 12 months ago, knowing nothing
 * later, and what came 3, 6 and 12 months on. Cases overlap in time: the errors describe, they are
 * no test. How far forecasts of three months were off until a day, one quarter after the other,
 * widens the ranges of that day; where there were none, how far one from halfway through the
 * history was. */

#include "cohort/shop/models.h"

enum {
    SHOP_ORIGINS = 3,
    SHOP_CASES_MAX = 6,
    SHOP_LEARN_DAYS = 90,
    SHOP_QUARTERS = 8 /* forecasts that ranges are learnt from, at most */
};

/* The benchmark: repeat purchases of the time before, as long as that ahead (where the history is
 * shorter, in proportion), go on. With one opportunity per period, those of as many periods as end
 * in the time ahead. It has no range. */
enum { SHOP_NAIVE = SHOP_MODELS, SHOP_RIVALS };

typedef struct shop_case {
    day origin;
    int ahead; /* months */
    shop_sums actual;
    bool known[SHOP_RIVALS]; /* the model converged, and could say something */
    bool has_spend[SHOP_RIVALS], has_spend_range;
    shop_range purchases[SHOP_RIVALS], spend[SHOP_RIVALS];
} shop_case;

/* Of one quantity. Shares of what came. */
typedef struct shop_score {
    size_t n;            /* cases; 0: nothing can be said */
    double error;        /* mean absolute error */
    double bias;         /* mean error, above 0: too much was forecast */
    size_t ranged, held; /* cases with a range, and those where it held the outcome */
} shop_score;

typedef struct shop_backtest {
    const char *why; /* not NULL: there is none, and why */
    size_t n;
    shop_case cases[SHOP_CASES_MAX]; /* latest origin first */
    shop_score purchases[SHOP_RIVALS], spend[SHOP_RIVALS];
    shop_drift purchases_drift[SHOP_MODELS]; /* of forecasts until the as-of date */
    shop_drift spend_drift[SHOP_MODELS];
    const char *why_not[SHOP_MODELS]; /* a model that did not converge somewhere: why; else NULL */
} shop_backtest;

/* Texts are allocated in `a`. */
STRATA_MUST_CHECK strata_status shop_backtest_run(const context *cx, const shop_sample *sample,
                                                  day as_of, arena *a, shop_backtest *out,
                                                  strata_error *err);

/* Of the models that converged on `now` and in as many cases as any the one that was least off in
 * purchases; without a back-test the one with the least AIC. Of equals the first. SHOP_BG_NBD when
 * none converged. */
shop_model shop_backtest_best(const shop_backtest *b, const shop_fits *now);

#endif
