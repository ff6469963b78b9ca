/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/market_fit.h"

#include <math.h>

#include "analysis/make_figure.h"
#include "cohort/tenure.h"

static const double LEVEL = 0.05;
enum { SEEN_LEAST = 30, PROMOTER = 9, DETRACTOR = 6 };

/* --- the curve --- */

static void set_observed(const lifetimes *seen, market_fit *out)
{
    double left = 1.0;
    out->observed[0] = 1.0;
    for (size_t t = 0; t < FIT_MONTHS && t < seen->n_periods; t++) {
        if (seen->at_risk[t] < SEEN_LEAST) {
            return;
        }
        left *= 1.0 - seen->lost[t] / seen->at_risk[t];
        out->observed[t + 1] = left;
        out->n_observed = (int)t + 1;
    }
}

static void set_spans(const lifetimes *seen, market_fit *out)
{
    static const int ends[FIT_SPANS] = {3, 6, 12, 24, LIFETIME_PERIODS_MAX};
    int first = 1;
    for (size_t k = 0; k < FIT_SPANS; k++) {
        fit_span s = {.first = first, .last = ends[k]};
        for (int t = first; t <= ends[k] && t <= (int)seen->n_periods; t++) {
            s.months += seen->at_risk[t - 1];
            s.lost += seen->lost[t - 1];
        }
        s.known = s.months >= SEEN_LEAST;
        s.churn = s.known ? s.lost / s.months : 0.0;
        out->spans[k] = s;
        first = ends[k] + 1;
    }
}

/* Whether churn still falls with age from month `first` on; false also where nothing tells. */
static bool still_falls(const lifetimes *seen, size_t first)
{
    size_t lost[LIFETIME_PERIODS_MAX];
    size_t at_risk[LIFETIME_PERIODS_MAX];
    size_t n = 0;
    for (size_t t = first - 1; t < seen->n_periods; t++) {
        lost[n] = (size_t)seen->lost[t];
        at_risk[n++] = (size_t)seen->at_risk[t];
    }
    trend t = trend_of_shares(lost, at_risk, NULL, n);
    return t.test.defined && t.test.p < LEVEL && t.slope < 0.0;
}

static km_share left_before(const lifetimes *seen, size_t first)
{
    double left = 1.0;
    double variance = 0.0;
    for (size_t t = 0; t + 1 < first; t++) {
        double n = seen->at_risk[t];
        double d = seen->lost[t];
        left *= 1.0 - d / n;
        variance += n > d ? d / (n * (n - d)) : 0.0;
    }
    return km_share_of(left, variance);
}

static void set_level(const lifetimes *seen, market_fit *out)
{
    for (size_t k = 1; k < FIT_SPANS && out->level.from == 0; k++) {
        size_t first = (size_t)out->spans[k].first;
        bool known = out->n_observed + 1 >= out->spans[k].first && out->spans[k].known;
        if (known && !still_falls(seen, first)) {
            double months = 0.0;
            double lost = 0.0;
            for (size_t j = k; j < FIT_SPANS; j++) {
                months += out->spans[j].months;
                lost += out->spans[j].lost;
            }
            out->level = (fit_level){.from = (int)first,
                                     .left = left_before(seen, first),
                                     .churn = lost / months,
                                     .churn_95 = wilson_interval((size_t)lost, (size_t)months)};
        }
    }
}

static strata_status judge_curve(const context *cx, const market_fit_request *q, arena *a,
                                 market_fit *out, strata_error *err)
{
    lifetimes *seen = ARENA_NEW(a, 1, lifetimes);
    if (seen == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the retention curve");
    }
    tenure_count(q->book, NULL, 0, q->as_of, LIFETIME_PERIODS_MAX, seen);
    out->customers = (size_t)seen->customers;
    set_observed(seen, out);
    set_spans(seen, out);
    STRATA_TRY(churn_compare(seen, cx, &out->models, err));
    churn_shape shape = out->models.shape;
    if (shape == CHURN_STRAIGHT && seen->losses < (double)q->minimum_accounts) {
        shape = out->models.shape = CHURN_UNKNOWN; /* no sign, where none could show */
        out->models.reason =
            "no sign that churn changes with age, but too few customers left to tell";
    }
    out->flattens = shape == CHURN_FLATTENS  ? FIT_FOR
                    : shape == CHURN_UNKNOWN ? FIT_UNKNOWN
                                             : FIT_AGAINST;
    if (shape == CHURN_FLATTENS) {
        set_level(seen, out);
    }
    if (out->models.found) {
        out->has_model = true;
        return churn_curve(out->models.best, &out->models.fits[out->models.best], FIT_MONTHS,
                           out->model, err);
    }
    return STRATA_OK;
}

/* --- surveys --- */

/* 0 without answers; *alike: all are the same. */
static double highest_answer(const market_fit_request *q, bool *alike)
{
    double low = INFINITY;
    double high = -INFINITY;
    for (size_t i = 0; i < q->book->n_accounts; i++) {
        low = fmin(low, q->survey[i]); /* of a number and NaN the number */
        high = fmax(high, q->survey[i]);
    }
    *alike = high <= low;
    return isinf(high) ? 0.0 : high;
}

static void judge_survey(const market_fit_request *q, market_fit *out)
{
    size_t n = 0;
    size_t top = 0;
    out->survey = FIT_UNKNOWN;
    if (q->survey == NULL) {
        return;
    }
    out->top_of_scale = isnan(q->top) ? highest_answer(q, &out->one_answer) : q->top;
    for (size_t i = 0; i < q->book->n_accounts; i++) {
        bool answered = !isnan(q->survey[i]);
        n += answered;
        top += answered && q->survey[i] >= out->top_of_scale;
    }
    out->top_answers = share_figure_of(top, n, (double)q->minimum_accounts);
    if (out->top_answers.stated && !out->one_answer) {
        out->survey = out->top_answers.share >= FIT_SURVEY_SHARE ? FIT_FOR : FIT_AGAINST;
    }
}

static void count_nps(const market_fit_request *q, market_fit *out)
{
    double sum = 0.0;
    for (size_t i = 0; q->nps != NULL && i < q->book->n_accounts; i++) {
        if (!isnan(q->nps[i])) {
            sum += q->nps[i] >= PROMOTER ? 1.0 : q->nps[i] <= DETRACTOR ? -1.0 : 0.0;
            out->nps_answers++;
        }
    }
    out->has_nps = out->nps_answers > 0 && out->nps_answers >= q->minimum_accounts;
    out->nps = out->has_nps ? 100.0 * sum / (double)out->nps_answers : 0.0;
}

/* --- */

strata_status market_fit_judge(const context *cx, const market_fit_request *q, arena *a,
                               market_fit *out, strata_error *err)
{
    market_fit *m = ARENA_NEW(a, 1, market_fit);
    if (m == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory judging market fit");
    }
    STRATA_TRY(judge_curve(cx, q, a, m, err));
    judge_survey(q, m);
    count_nps(q, m);
    churn_trend_request by_quarter = {.book = q->book,
                                      .groups = q->quarters,
                                      .as_of = q->as_of,
                                      .months = FIT_TREND_MONTHS,
                                      .minimum_accounts = q->minimum_accounts};
    STRATA_TRY(churn_trend_compute(&by_quarter, a, &m->trend, err));
    const stat_test *t = &m->trend.trend.test;
    bool rises = t->defined && t->p < LEVEL && m->trend.trend.slope > 0.0;
    m->cohorts = !t->defined ? FIT_UNKNOWN : rises ? FIT_AGAINST : FIT_FOR;
    *out = *m;
    return STRATA_OK;
}
