/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/forecast/forecast_private.h"

#include <math.h>
#include <string.h>

#include "cohort/calendar.h"

static const struct {
    const char *key, *label;
    bool has_arr;
} methods[FORECAST_METHODS] = {
    [FORECAST_NO_CHANGE] = {"no-change", "no change", true},
    [FORECAST_RATES] = {"rates", "movement rates", true},
    [FORECAST_RATES_AGE] = {"rates-age", "movement rates by age", true},
    [FORECAST_RATES_SEGMENT] = {"rates-segment", "movement rates by age and segment", true},
    [FORECAST_KAPLAN_MEIER] = {"survival", "survival by age (Kaplan-Meier)", false},
    [FORECAST_SBG] = {"sbg", "shifted-beta-geometric", false},
    [FORECAST_BDW] = {"bdw", "beta-discrete-Weibull", false},
};

const char *forecast_method_label(forecast_method m)
{
    return methods[m].label;
}

bool forecast_method_has_arr(forecast_method m)
{
    return methods[m].has_arr;
}

bool forecast_method_parse(const char *key, forecast_method *out)
{
    for (size_t i = 0; i < FORECAST_METHODS; i++) {
        if (strcmp(key, methods[i].key) == 0) {
            *out = (forecast_method)i;
            return true;
        }
    }
    return false;
}

day forecast_window_start(day as_of)
{
    return calendar_step(as_of, -FORECAST_WINDOW);
}

/* --- */

static strata_status new_fan(arena *a, int horizon, fan *out, strata_error *err)
{
    size_t n = (size_t)horizon + 1;
    double *all = ARENA_NEW(a, 3 * n, double);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a forecast of %d months",
                           horizon);
    }
    *out = (fan){all, all + n, all + 2 * n};
    return STRATA_OK;
}

static strata_status new_fans(arena *a, forecast *f, strata_error *err)
{
    STRATA_TRY(new_fan(a, f->horizon, &f->logos, err));
    STRATA_TRY(new_fan(a, f->horizon, &f->arr, err));
    STRATA_TRY(new_fan(a, f->horizon, &f->nrr, err));
    STRATA_TRY(new_fan(a, f->horizon, &f->all_logos, err));
    return new_fan(a, f->horizon, &f->all_arr, err);
}

static void count_today(const forecast_request *q, forecast *f)
{
    for (size_t i = 0; i < q->book->n_accounts; i++) {
        int64_t arr = arr_book_at(q->book, i, q->as_of);
        f->logos_now += arr > 0;
        f->arr_now += arr;
    }
}

static void fill(fan *f, int horizon, double value)
{
    for (int m = 0; m <= horizon; m++) {
        f->mid[m] = f->low[m] = f->high[m] = value;
    }
}

static void no_change(forecast *f)
{
    fill(&f->logos, f->horizon, (double)f->logos_now);
    fill(&f->all_logos, f->horizon, (double)f->logos_now);
    fill(&f->arr, f->horizon, (double)f->arr_now);
    fill(&f->all_arr, f->horizon, (double)f->arr_now);
}

static void lower_end(fan *f, int month, double by)
{
    f->low[month] = fmax(fmin(f->low[month], f->mid[month] - by), 0.0);
}

void forecast_allow_unseen(forecast *f, double account_months)
{
    double tail = (1.0 - FORECAST_LEVEL) / 2.0;
    f->unseen = account_months;
    for (int m = 1; m <= f->horizon; m++) {
        double gone = 1.0 - pow(tail, (double)m / account_months);
        double logos = gone * f->logos.mid[m];
        double arr = gone * f->arr.mid[m];
        lower_end(&f->logos, m, logos);
        lower_end(&f->all_logos, m, logos);
        lower_end(&f->arr, m, arr);
        lower_end(&f->all_arr, m, arr);
    }
}

static void set_nrr(forecast *f)
{
    for (int m = 0; m <= f->horizon; m++) {
        f->nrr.mid[m] = f->arr.mid[m] / (double)f->arr_now;
        f->nrr.low[m] = f->arr.low[m] / (double)f->arr_now;
        f->nrr.high[m] = f->arr.high[m] / (double)f->arr_now;
    }
}

strata_status forecast_make(const context *cx, const forecast_request *q, forecast_method method,
                            arena *a, forecast *out, strata_error *err)
{
    forecast f = {.method = method, .horizon = q->horizon, .has_arr = methods[method].has_arr};
    if (q->horizon < 1 || q->horizon > FORECAST_HORIZON_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "a forecast goes 1 to %d months ahead, not %d",
                           FORECAST_HORIZON_MAX, q->horizon);
    }
    count_today(q, &f);
    STRATA_TRY(new_fans(a, &f, err));
    if (f.logos_now == 0) {
        f.why = "nobody is a customer on that day";
    } else if (method == FORECAST_NO_CHANGE) {
        no_change(&f);
    } else if (f.has_arr) {
        STRATA_TRY(forecast_by_rates(cx, q, &f, err));
    } else {
        STRATA_TRY(forecast_by_survival(cx, q, a, &f, err));
    }
    if (f.why == NULL && f.has_arr) {
        set_nrr(&f);
    }
    *out = f;
    return STRATA_OK;
}
