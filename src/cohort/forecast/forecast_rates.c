/* SPDX-License-Identifier: Apache-2.0 */
/* Forecasts by movement rates. A range holds two things: how well the rates are
 * known (accounts drawn again, Efron 1979), and how far the months to come may
 * differ from them by chance. Both come from drawing accounts: the deviation of
 * a second draw, which is that of a window as long as the one learned from, is
 * scaled to the months ahead. */
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "cohort/forecast/forecast_private.h"
#include "cohort/forecast/rates.h"
#include "stats/inference/quantile.h"

enum { FANS = 4, MONTHS_LEAST = 100, STREAM = 41 };

typedef struct replicates {
    const context *cx;
    const rates *rates;
    int horizon;
    double *values; /* [replicate][fan][month] */
} replicates;

static rates_path path_at(double *values, int horizon)
{
    size_t n = (size_t)horizon + 1;
    return (rates_path){values, values + n, values + 2 * n, values + 3 * n};
}

static strata_status draw_path(void *payload, size_t replicate, strata_error *err)
{
    const replicates *job = payload;
    size_t size = FANS * ((size_t)job->horizon + 1);
    rates_path path = path_at(job->values + replicate * size, job->horizon);
    rng r;
    rng_init(&r, job->cx->seed, ((uint64_t)STREAM << 20) + replicate);
    return rates_project(job->rates, job->horizon, &r, &path, err);
}

/* One month of one quantity over all replicates. */
static void set_range(const replicates *job, size_t at, int month, fan *out, double *scratch)
{
    size_t size = FANS * ((size_t)job->horizon + 1);
    double mid = out->mid[month];
    double scale = sqrt((double)FORECAST_WINDOW / (double)month);
    for (size_t k = 0; k < FORECAST_REPLICATES; k++) {
        size_t other = (k + FORECAST_REPLICATES / 2) % FORECAST_REPLICATES;
        double x = job->values[k * size + at];
        x += scale * (job->values[other * size + at] - mid);
        scratch[k] = x > 0.0 ? x : 0.0;
    }
    sort_values(scratch, FORECAST_REPLICATES);
    double tail = (1.0 - FORECAST_LEVEL) / 2.0;
    out->low[month] = fmin(quantile_sorted(scratch, FORECAST_REPLICATES, tail), mid);
    out->high[month] = fmax(quantile_sorted(scratch, FORECAST_REPLICATES, 1.0 - tail), mid);
}

static void set_ranges(const replicates *job, forecast *f)
{
    double scratch[FORECAST_REPLICATES];
    fan *fans[FANS] = {&f->logos, &f->arr, &f->all_logos, &f->all_arr};
    size_t months = (size_t)job->horizon + 1;
    for (size_t k = 0; k < FANS; k++) {
        fans[k]->low[0] = fans[k]->high[0] = fans[k]->mid[0];
        for (int m = 1; m <= job->horizon; m++) {
            set_range(job, k * months + (size_t)m, m, fans[k], scratch);
        }
    }
    for (int m = 0; m <= job->horizon; m++) { /* nobody can be kept twice */
        f->logos.high[m] = fmin(f->logos.high[m], (double)f->logos_now);
    }
}

strata_status forecast_by_rates(const context *cx, const forecast_request *q, forecast *out,
                                strata_error *err)
{
    bool segments = out->method == FORECAST_RATES_SEGMENT;
    if (segments && (q->now == NULL || q->then == NULL)) {
        out->why = "needs a grouping into segments";
        return STRATA_OK;
    }
    rates_request request = {.book = q->book,
                             .as_of = q->as_of,
                             .window = FORECAST_WINDOW,
                             .by_age = out->method != FORECAST_RATES,
                             .then = segments ? q->then : NULL,
                             .now = segments ? q->now : NULL,
                             .n_segments = segments ? q->n_segments : 1};
    STRATA_AUTO(rates_free) rates *r = NULL;
    STRATA_TRY(rates_new(cx, &request, &r, err));
    size_t account_months = rates_account_months(r);
    if (account_months < MONTHS_LEAST) {
        out->why = "needs 100 months of accounts with ARR in the last year";
        return STRATA_OK;
    }
    size_t size = FANS * ((size_t)q->horizon + 1);
    STRATA_AUTO_FREE double *values = STRATA_NEW_ARRAY(FORECAST_REPLICATES * size, double);
    if (values == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing accounts");
    }
    rates_path mid = {out->logos.mid, out->arr.mid, out->all_logos.mid, out->all_arr.mid};
    STRATA_TRY(rates_project(r, q->horizon, NULL, &mid, err));
    replicates job = {.cx = cx, .rates = r, .horizon = q->horizon, .values = values};
    STRATA_TRY(parallel_run(cx, FORECAST_REPLICATES, draw_path, &job, err));
    set_ranges(&job, out);
    if (!rates_lost_any(r)) {
        forecast_allow_unseen(out, (double)account_months);
    }
    out->has_range = true;
    return STRATA_OK;
}
