/* SPDX-License-Identifier: Apache-2.0 */
/* Forecasts of customers by how long customers stay: a retention rate for every
 * month of age, as observed (Kaplan-Meier) or by a model, times today's
 * customers by age. Coming back does not count. A range holds what is not known
 * of the rates (delta method) and the chance of each customer. */
#include <math.h>

#include "base/auto.h"
#include "cohort/forecast/forecast_private.h"
#include "cohort/tenure.h"
#include "stats/contracts/bdw.h"
#include "stats/contracts/lifetime.h"
#include "stats/contracts/sbg.h"

/* Quantile of the normal distribution that FORECAST_LEVEL of it lies within on both sides. */
#define Z_LEVEL 1.2815515655446004

enum {
    AGES = LIFETIME_PERIODS_MAX - FORECAST_HORIZON_MAX, /* older ones count as the oldest */
    SEEN_LEAST = 30, /* an age with fewer seen has no rate of its own */
    TAIL = 12        /* later ages have the mean rate of this many ages before them */
};

/* Retention by month of age and how well it is known. */
typedef struct survival {
    lifetimes seen;
    double today[AGES + 1];                      /* customers by whole months of age */
    double log_retention[LIFETIME_PERIODS_MAX];  /* [t - 1] */
    double variance[LIFETIME_PERIODS_MAX];       /* Kaplan-Meier: of log_retention */
    size_t tail_from;                            /* Kaplan-Meier: ages t above it share one rate */
    const fit_result *fit;                       /* a model's; NULL for Kaplan-Meier */
    double (*gradient)[LIFETIME_PARAMETERS_MAX]; /* of log_retention, with a model */
} survival;

static void count_today(const forecast_request *q, survival *s)
{
    for (size_t i = 0; i < q->book->n_accounts; i++) {
        if (arr_book_at(q->book, i, q->as_of) > 0) {
            size_t months = (size_t)tenure_full_months(q->book->first[i], q->as_of);
            s->today[months < AGES ? months : AGES] += 1.0;
        }
    }
}

/* --- as observed --- */

static void set_rate(survival *s, size_t t, double at_risk, double lost)
{
    double kept = at_risk > lost ? (at_risk - lost) / at_risk : 0.5 / at_risk;
    s->log_retention[t] = log(kept);
    s->variance[t] = lost > 0.0 ? (1.0 - kept) / (kept * at_risk) : 0.0;
}

/* False when too few were seen at any age. */
static bool kaplan_meier(survival *s)
{
    size_t n = 0;
    while (n < s->seen.n_periods && s->seen.at_risk[n] >= SEEN_LEAST) {
        n++;
    }
    if (n == 0) {
        return false;
    }
    double at_risk = 0.0;
    double lost = 0.0;
    for (size_t t = n > TAIL ? n - TAIL : 0; t < n; t++) {
        at_risk += s->seen.at_risk[t];
        lost += s->seen.lost[t];
    }
    for (size_t t = 0; t < LIFETIME_PERIODS_MAX; t++) {
        set_rate(s, t, t < n ? s->seen.at_risk[t] : at_risk, t < n ? s->seen.lost[t] : lost);
    }
    s->tail_from = n;
    return true;
}

/* --- customers to come --- */

/* d[t] = customers expected after `horizon` months who will have been through month of age t + 1,
 * which is how much they depend on its rate. Returns all who are expected; *chance is the variance
 * that each customer's own fate adds. */
static double expected(const survival *s, size_t horizon, double *d, double *chance)
{
    double sum = 0.0;
    *chance = 0.0;
    for (size_t t = 0; t < LIFETIME_PERIODS_MAX; t++) {
        d[t] = 0.0;
    }
    for (size_t age = 0; age <= AGES; age++) {
        double log_kept = 0.0;
        for (size_t t = age; s->today[age] > 0.0 && t < age + horizon; t++) {
            log_kept += s->log_retention[t];
        }
        double kept = exp(log_kept);
        for (size_t t = age; s->today[age] > 0.0 && t < age + horizon; t++) {
            d[t] += s->today[age] * kept;
        }
        sum += s->today[age] * kept;
        *chance += s->today[age] * kept * (1.0 - kept);
    }
    return sum;
}

static double rate_variance(const survival *s, const double *d)
{
    if (s->fit != NULL) {
        double g[FIT_PARAMETERS_MAX] = {0};
        for (size_t t = 0; t < LIFETIME_PERIODS_MAX; t++) {
            for (size_t k = 0; k < s->fit->n_parameters; k++) {
                g[k] += d[t] * s->gradient[t][k];
            }
        }
        double error = fit_delta_error(s->fit, g);
        return error * error;
    }
    double sum = 0.0;
    double tail = 0.0;
    for (size_t t = 0; t < LIFETIME_PERIODS_MAX; t++) {
        sum += t < s->tail_from ? d[t] * d[t] * s->variance[t] : 0.0;
        tail += t < s->tail_from ? 0.0 : d[t];
    }
    return sum + tail * tail * s->variance[LIFETIME_PERIODS_MAX - 1];
}

static void set_months(const survival *s, double *d, forecast *f)
{
    for (int m = 0; m <= f->horizon; m++) {
        double chance = 0.0;
        double mid = expected(s, (size_t)m, d, &chance);
        double half = m > 0 ? Z_LEVEL * sqrt(chance + rate_variance(s, d)) : 0.0;
        f->logos.mid[m] = mid;
        f->logos.low[m] = fmax(mid - half, 0.0);
        f->logos.high[m] = fmin(mid + half, (double)f->logos_now);
    }
    f->has_range = true;
}

/* --- */

static strata_status fit_model(const context *cx, survival *s, forecast_method method,
                               fit_result *fit, strata_error *err)
{
    if (method == FORECAST_SBG) {
        STRATA_TRY(sbg_fit(&s->seen, cx, fit, err));
    } else {
        STRATA_TRY(bdw_fit(&s->seen, cx, fit, err));
    }
    if (fit->converged) {
        log_retention_fn *model = method == FORECAST_SBG ? sbg_log_retention : bdw_log_retention;
        model(fit->x, 1, LIFETIME_PERIODS_MAX, s->log_retention, s->gradient);
        s->fit = fit;
    }
    return STRATA_OK;
}

strata_status forecast_by_survival(const context *cx, const forecast_request *q, arena *a,
                                   forecast *out, strata_error *err)
{
    survival *s = ARENA_NEW(a, 1, survival);
    fit_result *fit = ARENA_NEW(a, 1, fit_result);
    double *d = ARENA_NEW(a, LIFETIME_PERIODS_MAX, double);
    double(*gradient)[LIFETIME_PARAMETERS_MAX] =
        arena_alloc(a, LIFETIME_PERIODS_MAX, sizeof *gradient);
    if (s == NULL || fit == NULL || d == NULL || gradient == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for survival by age");
    }
    s->gradient = gradient;
    tenure_count(q->book, NULL, 0, q->as_of, AGES + 1, &s->seen);
    count_today(q, s);
    if (out->method == FORECAST_KAPLAN_MEIER) {
        if (!kaplan_meier(s)) {
            out->why = "needs 30 customers that were followed for a month";
            return STRATA_OK;
        }
    } else {
        STRATA_TRY(fit_model(cx, s, out->method, fit, err));
        if (s->fit == NULL) {
            out->why = arena_strdup(a, fit->reason);
            return out->why != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    set_months(s, d, out);
    if (s->seen.losses <= 0.0) { /* as observed; a model has no fit then */
        forecast_allow_unseen(out, s->seen.renewals);
    }
    return STRATA_OK;
}
