/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_FORECAST_H
#define STRATA_COHORT_REVIEW_FORECAST_H

/* What is to come of one cohort's customers, learned from its own past and tried
 * on it (forecast.h, backtest.h). */

#include "cohort/forecast/backtest.h"
#include "cohort/review/review.h"

enum { REVIEW_HORIZON = 12 };

typedef struct review_forecast {
    const char *why; /* not NULL: no forecast, and why */
    forecast logos, arr;
    backtest backtest;
} review_forecast;

/* The book of some accounts only, numbered as in the set. */
STRATA_MUST_CHECK strata_status arr_book_of_set(const arr_book *book, const account_set *set,
                                                arr_book **out, strata_error *err);
/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_forecast_make(const context *cx, const review_subject *s,
                                                     arena *a, review_forecast *out,
                                                     strata_error *err);

#endif
