/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_FORECAST_BACKTEST_H
#define STRATA_COHORT_FORECAST_BACKTEST_H

/* What each forecast would have said in the past, and what came of it. The
 * portfolio's own history is forecast from days every three months back, knowing
 * nothing later, and compared 3, 6 and 12 months ahead. Days overlap, so they
 * are no independent trials: the errors describe, they are not a test. */

#include "cohort/forecast/forecast.h"

enum { BACKTEST_ORIGINS_MAX = 6, BACKTEST_STEP = 3, BACKTEST_AHEAD = 3 };

/* Segments by account on one day, for FORECAST_RATES_SEGMENT. */
typedef struct dated_segments {
    day day;
    const segment_code *codes;
} dated_segments;

/* Those of a day; NULL when it is not among the n. */
const segment_code *dated_segments_on(const dated_segments *days, size_t n, day d);

typedef struct backtest_request {
    const arr_book *book;
    day as_of;
    int horizon;                    /* longest distance that is compared */
    const dated_segments *segments; /* for the days of backtest_days(); n_segmented 0: none */
    size_t n_segmented;
    size_t n_segments;
} backtest_request;

typedef enum backtest_quantity {
    BACKTEST_LOGOS,
    BACKTEST_ARR,
    BACKTEST_QUANTITIES
} backtest_quantity;

/* One forecast of one day for some months ahead, beside the outcome. Of today's customers. */
typedef struct backtest_case {
    day origin;
    int ahead; /* months */
    forecast_method method;
    double mid[BACKTEST_QUANTITIES], low[BACKTEST_QUANTITIES], high[BACKTEST_QUANTITIES];
    double actual[BACKTEST_QUANTITIES];
} backtest_case;

typedef struct backtest_score {
    size_t n;     /* cases */
    double error; /* mean of |forecast - actual| / actual */
    double bias;  /* mean of (forecast - actual) / actual */
    bool has_range;
    size_t covered;  /* cases whose range held the outcome */
    const char *why; /* not NULL: nothing to compare, and why */
} backtest_score;

typedef struct backtest {
    size_t n_origins; /* 0: the history is too short; `why` says so */
    const char *why;
    day origins[BACKTEST_ORIGINS_MAX]; /* newest first */
    const backtest_case *cases;
    size_t n_cases;
    backtest_score scores[FORECAST_METHODS][BACKTEST_QUANTITIES];
    /* Of the methods that give ranges the one with the least error, among those that were tried as
     * often as any; of equals the simpler. FORECAST_RATES_AGE where there is none, and then nothing
     * says that it is the best: see backtest_compares(). */
    forecast_method best[BACKTEST_QUANTITIES];
} backtest;

/* Is the method among those of which the best was chosen? */
bool backtest_compares(const backtest *b, backtest_quantity q, forecast_method method);

/* Days on which segments are needed: the origins, and the start of the window before each; with
 * those of the forecast itself. At most BACKTEST_DAYS_MAX; returns how many. */
enum { BACKTEST_DAYS_MAX = 2 * (BACKTEST_ORIGINS_MAX + 1) };
size_t backtest_days(const arr_book *book, day as_of, int horizon, day out[BACKTEST_DAYS_MAX]);

/* Tries every method. Cases and texts are allocated in `a`. */
STRATA_MUST_CHECK strata_status backtest_run(const context *cx, const backtest_request *request,
                                             arena *a, backtest *out, strata_error *err);

/* The forecast by the best method of q, or by the next best that can say something today, at last
 * FORECAST_RATES_AGE; as forecast_make(). The best one's reason where none can. */
STRATA_MUST_CHECK strata_status backtest_forecast(const context *cx, const backtest *b,
                                                  backtest_quantity q,
                                                  const forecast_request *request, arena *a,
                                                  forecast *out, strata_error *err);

#endif
