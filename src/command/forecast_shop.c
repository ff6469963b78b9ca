/* SPDX-License-Identifier: Apache-2.0 */
#include "command/forecast_shop.h"

#include <string.h>

#include "cohort/shop/periods.h"
#include "report/forecast/shop_forecast.h"

enum { LISTED = 20 };
static const unsigned any_time = SHOP_ALL_MODELS & ~(1U << SHOP_BG_BB);

/* --opportunities: the book with one purchase per period, and the model of it. */
static strata_status set_periods(const cohort_ask *ask, calendar *periods, order_book **book,
                                 shop_sample *out, strata_error *err)
{
    const char *unit = call_value(ask->c, "opportunities");
    if (unit == NULL) {
        return STRATA_OK;
    }
    periods->year_starts = ask->project->model->business.fiscal_year_starts;
    if (!period_unit_parse(unit, &periods->unit)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--opportunities is month, quarter or year, not '%.100s'", unit);
    }
    STRATA_TRY(shop_by_period(ask->orders, *periods, book, err));
    *out = (shop_sample){*book, SHOP_ALL_MODELS, periods};
    return STRATA_OK;
}

static strata_status choose(const cohort_ask *ask, const shop_fits *fits,
                            const shop_backtest *backtest, bool *chosen, shop_model *out,
                            strata_error *err)
{
    const char *wanted = call_value(ask->c, "method");
    *chosen = false;
    if (wanted == NULL || strcmp(wanted, "best") == 0) {
        *out = shop_backtest_best(backtest, fits);
        return STRATA_OK;
    }
    if (!shop_model_parse(wanted, out)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "for a shop --method is best, bg-nbd, mbg-nbd, pareto-nbd, nbd or "
                           "bg-bb, not '%.100s'",
                           wanted);
    }
    if (*out == SHOP_BG_BB && fits->periods == NULL) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--method bg-bb is for customers who can buy once per period: say which "
                           "with --opportunities month, quarter or year");
    }
    *chosen = true;
    return STRATA_OK;
}

static strata_status render(const cohort_ask *ask, const shop_forecast_input *in, strata_error *err)
{
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_shop_forecast_title(&title, in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(ask, "forecast", strbuf_text(&title), &d, err));
    report_shop_forecast(d, NULL, in);
    doc_next_step(d, "strata ltv");
    return call_show(ask->c, d, err);
}

strata_status forecast_shop(const cohort_ask *ask, int horizon, strata_error *err)
{
    call *c = ask->c;
    const model *m = ask->project->model;
    STRATA_CLEANUP(shop_fits_done) shop_fits fits = {0};
    shop_backtest backtest = {0};
    shop_forecast forecast = {0};
    long limit = 0;
    bool chosen = false;
    if (call_value(c, "by") != NULL) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--by is for forecasts of ARR; a shop is forecast customer by customer");
    }
    STRATA_TRY(call_list_limit(c, 0, LISTED, &limit, err));
    STRATA_AUTO(order_book_free) order_book *by_period = NULL;
    calendar periods = {0};
    shop_sample sample = {ask->orders, any_time, NULL};
    STRATA_TRY(set_periods(ask, &periods, &by_period, &sample, err));
    shop_request request = {
        .horizon = horizon, .margin = m->metrics.margin, .discount = m->metrics.discount};
    STRATA_TRY(shop_fits_make(&c->cx, &sample, ask->as_of, c->arena, &fits, err));
    STRATA_TRY(shop_backtest_run(&c->cx, &sample, ask->as_of, c->arena, &backtest, err));
    STRATA_TRY(choose(ask, &fits, &backtest, &chosen, &request.model, err));
    request.purchases_drift = backtest.purchases_drift[request.model];
    request.spend_drift = backtest.spend_drift[request.model];
    STRATA_TRY(shop_forecast_make(&c->cx, &fits, &request, c->arena, &forecast, err));
    shop_forecast_input in = {.fits = &fits,
                              .forecast = &forecast,
                              .backtest = &backtest,
                              .chosen = chosen,
                              .names = ask->p->names,
                              .ids = ask->p->ids,
                              .currency = m->business.currency,
                              .margin = request.margin,
                              .discount = request.discount,
                              .limit = (size_t)limit};
    return render(ask, &in, err);
}
