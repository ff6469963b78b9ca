/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_FORECAST_FORECAST_H
#define STRATA_COHORT_FORECAST_FORECAST_H

/* Customers, ARR and NRR of the months to come, as ranges, by several methods.
 * cohort/forecast/backtest.h says which of them would have been right in the past. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "cohort/book.h"
#include "segment/code.h"

typedef enum forecast_method {
    FORECAST_NO_CHANGE,     /* everyone stays with the ARR of today: what the others must beat */
    FORECAST_RATES,         /* movement rates of the last months */
    FORECAST_RATES_AGE,     /* the same by age */
    FORECAST_RATES_SEGMENT, /* the same by age and segment */
    FORECAST_KAPLAN_MEIER,  /* customers only: survival by age as observed */
    FORECAST_SBG,           /* customers only: shifted-beta-geometric */
    FORECAST_BDW,           /* customers only: beta-discrete-Weibull */
    FORECAST_METHODS
} forecast_method;

const char *forecast_method_label(forecast_method m); /* "movement rates by age" */
bool forecast_method_parse(const char *key, forecast_method *out);
bool forecast_method_has_arr(forecast_method m); /* else it forecasts customers only */

enum { FORECAST_HORIZON_MAX = 36, FORECAST_WINDOW = 12, FORECAST_REPLICATES = 400 };
#define FORECAST_LEVEL 0.8 /* ranges are to hold the outcome four times out of five */

typedef struct forecast_request {
    const arr_book *book;
    day as_of; /* rows after it are not looked at */
    int horizon;
    /* For FORECAST_RATES_SEGMENT: segments by account as of `as_of` and as of
     * forecast_window_start(); NULL: none are given. */
    const segment_code *now, *then;
    size_t n_segments;
} forecast_request;

/* The day FORECAST_WINDOW months before `as_of`, from which on movements are learned from. */
day forecast_window_start(day as_of);

/* By month, [0] as of today and [horizon] last; without a range low and high are mid. */
typedef struct fan {
    double *mid, *low, *high;
} fan;

typedef struct forecast {
    forecast_method method;
    const char *why; /* not NULL: this method can say nothing, and why; the rest is 0 then */
    int horizon;
    bool has_range, has_arr;
    double unseen; /* nobody left in the months learned from: these many, of accounts; else 0 */
    size_t logos_now;
    int64_t arr_now;
    fan logos;     /* of today's customers, those still (or again) customers */
    fan arr;       /* their ARR, minor units */
    fan nrr;       /* their ARR over that of today */
    fan all_logos; /* with those who come back and with new business as in the window; has_arr only
                    */
    fan all_arr;
} forecast;

/* Allocated in `a`. Never NaN: what cannot be forecast says why. STRATA_E_USAGE for a horizon out
 * of 1..FORECAST_HORIZON_MAX. Results do not depend on threads. */
STRATA_MUST_CHECK strata_status forecast_make(const context *cx, const forecast_request *request,
                                              forecast_method method, arena *a, forecast *out,
                                              strata_error *err);

#endif
