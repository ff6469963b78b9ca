/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cohort/groups/dated_groups.h"
#include "command/ask/cohort.h"
#include "command/forecast_shop.h"
#include "report/forecast/forecast.h"

/* Above this many accounts, segments are only made when they are asked for. */
enum { SEGMENTED_MAX = 200000, HORIZON = 12, SHOP_HORIZON_MAX = 60 };

typedef struct forecasting {
    cohort_ask ask;
    int horizon;
    dated_groups segments; /* n_days 0: none */
    backtest backtest;
    forecast logos, arr;
    bool chosen;
} forecasting;

static void forecasting_done(forecasting *f)
{
    cohort_ask_done(&f->ask);
}

/* --- segments on the days of the back-test --- */

static strata_status find_segments(forecasting *f, strata_error *err)
{
    const cohort_ask *ask = &f->ask;
    const char *by = call_value(ask->c, "by");
    const project *p = ask->project;
    const bound_def *def = by != NULL ? bound_find(p->bound, by) : bound_primary(p->bound);
    bool none = by != NULL && strcmp(by, "none") == 0;
    day days[BACKTEST_DAYS_MAX];
    size_t n = backtest_days(ask->arr, ask->as_of, f->horizon, days);
    if (none || (by == NULL && (def == NULL || ask->p->n_accounts > SEGMENTED_MAX))) {
        return STRATA_OK;
    }
    if (def != NULL && def->kind == DEF_DIMENSION) {
        return dated_groups_of_dimension(&ask->c->cx, ask->c->arena, ask->p, p->bound,
                                         &p->overrides, def, days, n, &f->segments, err);
    }
    return dated_groups_by_value(&ask->c->cx, ask->c->arena, ask->p, p->bound, &p->overrides, by,
                                 days, n, &f->segments, err);
}

static const segment_code *segments_on(const forecasting *f, day d)
{
    return dated_segments_on(f->segments.days, f->segments.n_days, d);
}

/* --- methods --- */

static strata_status choose_methods(forecasting *f, forecast_method method[BACKTEST_QUANTITIES],
                                    strata_error *err)
{
    const char *wanted = call_value(f->ask.c, "method");
    forecast_method m = FORECAST_RATES_AGE;
    method[BACKTEST_LOGOS] = f->backtest.best[BACKTEST_LOGOS];
    method[BACKTEST_ARR] = f->backtest.best[BACKTEST_ARR];
    if (wanted == NULL || strcmp(wanted, "best") == 0) {
        return STRATA_OK;
    }
    if (!forecast_method_parse(wanted, &m)) {
        return strata_fail(
            err, STRATA_E_USAGE,
            "--method is best, no-change, rates, rates-age, rates-segment, survival, "
            "sbg or bdw, not '%.100s'",
            wanted);
    }
    method[BACKTEST_LOGOS] = m;
    method[BACKTEST_ARR] = forecast_method_has_arr(m) ? m : method[BACKTEST_ARR];
    f->chosen = true;
    return STRATA_OK;
}

static strata_status compute(forecasting *f, strata_error *err)
{
    const cohort_ask *ask = &f->ask;
    forecast_method method[BACKTEST_QUANTITIES];
    backtest_request test = {.book = ask->arr,
                             .as_of = ask->as_of,
                             .horizon = f->horizon,
                             .segments = f->segments.days,
                             .n_segmented = f->segments.n_days,
                             .n_segments = f->segments.n_segments};
    STRATA_TRY(backtest_run(&ask->c->cx, &test, ask->c->arena, &f->backtest, err));
    STRATA_TRY(choose_methods(f, method, err));
    forecast_request request = {.book = ask->arr,
                                .as_of = ask->as_of,
                                .horizon = f->horizon,
                                .now = segments_on(f, ask->as_of),
                                .then = segments_on(f, forecast_window_start(ask->as_of)),
                                .n_segments = f->segments.n_segments};
    const context *cx = &ask->c->cx;
    arena *a = ask->c->arena;
    if (!f->chosen) {
        STRATA_TRY(
            backtest_forecast(cx, &f->backtest, BACKTEST_LOGOS, &request, a, &f->logos, err));
        return backtest_forecast(cx, &f->backtest, BACKTEST_ARR, &request, a, &f->arr, err);
    }
    STRATA_TRY(forecast_make(cx, &request, method[BACKTEST_LOGOS], a, &f->logos, err));
    return forecast_make(cx, &request, method[BACKTEST_ARR], a, &f->arr, err);
}

static strata_status check_arr_options(const call *c, int horizon, strata_error *err)
{
    if (call_value(c, "limit") != NULL || call_value(c, "opportunities") != NULL) {
        return strata_fail(err, STRATA_E_USAGE, "%s; this portfolio has ARR",
                           call_value(c, "limit") != NULL
                               ? "--limit is for shops, whose customers are listed"
                               : "--opportunities is for shops");
    }
    if (horizon > FORECAST_HORIZON_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "ARR is forecast for %d months at most, not %d",
                           FORECAST_HORIZON_MAX, horizon);
    }
    return STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(forecasting_done) forecasting f = {0};
    long horizon = HORIZON;
    STRATA_TRY(call_count(c, "horizon", 1, SHOP_HORIZON_MAX, HORIZON, &horizon, err));
    f.horizon = (int)horizon;
    STRATA_TRY(cohort_ask_open(c, &f.ask, err));
    if (!f.ask.has_arr) {
        return forecast_shop(&f.ask, f.horizon, err);
    }
    STRATA_TRY(check_arr_options(c, f.horizon, err));
    STRATA_TRY(find_segments(&f, err));
    STRATA_TRY(compute(&f, err));
    forecast_input in = {.logos = &f.logos,
                         .arr = &f.arr,
                         .backtest = &f.backtest,
                         .chosen = f.chosen,
                         .segments = f.segments.n_days > 0 ? f.segments.name : NULL,
                         .as_of = f.ask.as_of,
                         .currency = f.ask.project->model->business.currency};
    forecast_history(f.ask.arr, f.ask.as_of, &in);
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_forecast_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(&f.ask, "forecast", strbuf_text(&title), &d, err));
    report_forecast(d, NULL, &in);
    doc_next_step(d, "strata movements --last 12");
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "horizon", .arg = "N", .help = "months ahead, 1 to 36, of a shop to 60 (default 12)"},
    {.name = "by",
     .arg = "EXPR",
     .help = "segments of the method by age and segment: a dimension or an expression, or none "
             "(default: the model's main dimension)"},
    {.name = "method",
     .arg = "NAME",
     .help = "best (default: what back-tests best), no-change, rates, rates-age, rates-segment, "
             "survival, sbg or bdw; of a shop best, bg-nbd, mbg-nbd, pareto-nbd, nbd or bg-bb"},
    {.name = "opportunities",
     .arg = "UNIT",
     .help = "of a shop whose customers can buy once per month, quarter or year: count those with "
             "an order, and try the BG/BB model too"},
    {.name = "limit", .arg = "N", .help = "of a shop: customers listed (default 20)"},
    {0}};
static const command_example examples[] = {
    {"strata forecast", "customers, ARR and NRR of the next 12 months, with the back-test"},
    {"strata forecast --horizon 6 --by plan", "half a year, plans apart"},
    {"strata forecast --method rates-age --format json", "one method, for another program"},
    {0}};
const command_def command_forecast = {
    .name = "forecast",
    .summary = "Customers, ARR and NRR of the months to come, as ranges, back-tested",
    .description =
        "Forecasts what becomes of today's customers and their ARR, and of all ARR if new business "
        "goes on as\n"
        "in the last year. Several methods forecast the portfolio's own past from days every three "
        "months back,\n"
        "knowing nothing later; the one that was least off is used, and how far off it was stands "
        "beside it.\n\n"
        "Ranges hold the outcome 4 times out of 5 if the months to come are like those learned "
        "from; the\n"
        "back-test says how often they did.\n\n"
        "A shop (orders and no ARR) gets the purchases and the spend of today's customers, the "
        "chance that each\n"
        "is a customer still, and what each is worth over 12 months, by the BG/NBD, MBG/NBD or "
        "Pareto/NBD model\n"
        "(or the NBD, where nobody leaves) with the Gamma-Gamma model of spend. Where there is one "
        "opportunity\n"
        "to buy per period (--opportunities), periods with an order are counted, and the BG/BB "
        "model is tried too.",
    .options = options,
    .examples = examples,
    .table = "forecast",
    .run = run};
