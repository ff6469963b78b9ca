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
    out->flattens = shape == CHURN_FLATTENS  ? FIT_FOR
                    : shape == CHURN_UNKNOWN ? FIT_UNKNOWN
                                             : FIT_AGAINST;
    if (out->models.found) {
        out->has_model = true;
        return churn_curve(out->models.best, &out->models.fits[out->models.best], FIT_MONTHS,
                           out->model, err);
    }
    return STRATA_OK;
}

/* --- surveys --- */

static void judge_survey(const market_fit_request *q, market_fit *out)
{
    size_t n = 0;
    size_t top = 0;
    out->survey = FIT_UNKNOWN;
    if (q->survey == NULL) {
        return;
    }
    for (size_t i = 0; i < q->book->n_accounts; i++) {
        out->top_of_scale =
            !isnan(q->survey[i]) ? fmax(out->top_of_scale, q->survey[i]) : out->top_of_scale;
    }
    for (size_t i = 0; i < q->book->n_accounts; i++) {
        bool answered = !isnan(q->survey[i]);
        n += answered;
        top += answered && q->survey[i] >= out->top_of_scale;
    }
    out->top_answers = share_figure_of(top, n, (double)q->minimum_accounts);
    if (out->top_answers.stated) {
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
