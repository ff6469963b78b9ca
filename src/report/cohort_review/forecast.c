/* SPDX-License-Identifier: Apache-2.0 */
/* What is to come of the cohort's customers, and how such forecasts did before. */
#include <math.h>
#include <stdio.h>

#include "report/cohort_review/parts.h"

static void put_fan(const review_page *p, doc_section *s, const forecast *f, bool arr)
{
    char names[REVIEW_HORIZON + 1][DAY_TEXT];
    const char *periods[REVIEW_HORIZON + 1];
    double value[REVIEW_HORIZON + 1];
    double low[REVIEW_HORIZON + 1];
    double high[REVIEW_HORIZON + 1];
    const fan *x = arr ? &f->nrr : &f->logos;
    for (int m = 0; m <= REVIEW_HORIZON; m++) {
        day_format(calendar_step(p->s->as_of, m), names[m]);
        names[m][7] = '\0'; /* "2026-06" */
        periods[m] = names[m];
        value[m] = x->mid[m];
        low[m] = x->low[m];
        high[m] = x->high[m];
    }
    const chart_series series = {.name = "",
                                 .values = value,
                                 .low = f->has_range ? low : NULL,
                                 .high = f->has_range ? high : NULL};
    const chart_time time = {.periods = periods,
                             .n_periods = REVIEW_HORIZON + 1,
                             .series = &series,
                             .n_series = 1,
                             .format = arr ? CHART_SHARE : CHART_COUNT,
                             .title = arr ? "NRR" : "Customers",
                             .forecast = 1};
    chart_theme theme = {.currency = p->currency};
    doc_chart(s, arr ? "forecast_nrr" : "forecast_customers",
              arr ? "ARR of the cohort's customers over that of today (NRR)"
                  : "Customers of the cohort that are expected to stay",
              "A line of what is expected, with a band that is to hold the outcome 4 times out of "
              "5; the table has the figures.",
              chart_lines(&theme, &time));
}

static void put_months(const review_page *p, doc_section *s)
{
    const forecast *l = &p->r->forecast.logos;
    const forecast *a = &p->r->forecast.arr;
    static const doc_column columns[] = {
        {.key = "month", .label = "By", .type = CELL_DATE},
        {.key = "customers", .label = "Customers", .type = CELL_COUNT},
        {.key = "customers_low", .label = "from", .type = CELL_COUNT},
        {.key = "customers_high", .label = "to", .type = CELL_COUNT},
        {.key = "arr", .label = "Their ARR", .type = CELL_MONEY},
        {.key = "arr_low", .label = "from", .type = CELL_MONEY, .priority = 1},
        {.key = "arr_high", .label = "to", .type = CELL_MONEY, .priority = 1},
        {.key = "nrr", .label = "NRR", .type = CELL_SHARE}};
    doc_table *t = doc_table_new(s, "forecast", NULL, columns, 8);
    int origin = review_origin(p,
                               "expected of the cohort's customers of today; from and to hold "
                               "the outcome 4 times out of 5",
                               "arr");
    for (int m = 3; m <= REVIEW_HORIZON; m += 3) {
        doc_cell none = cell_empty(a->why);
        doc_row(
            t,
            (doc_cell[]){
                cell_date(calendar_step(p->s->as_of, m)),
                with_origin(cell_count(words_whole(l->logos.mid[m])), origin),
                l->has_range ? cell_count(words_whole(l->logos.low[m])) : cell_empty("no range"),
                l->has_range ? cell_count(words_whole(l->logos.high[m])) : cell_empty("no range"),
                a->why ? none : with_origin(cell_money(words_whole(a->arr.mid[m])), origin),
                a->why ? none : cell_money(words_whole(a->arr.low[m])),
                a->why ? none : cell_money(words_whole(a->arr.high[m])),
                a->why ? none : cell_share(a->nrr.mid[m])});
    }
}

static void put_backtest(const review_page *p, doc_section *s)
{
    const review_forecast *f = &p->r->forecast;
    const backtest *b = &f->backtest;
    const backtest_score *l = &b->scores[f->logos.method][BACKTEST_LOGOS];
    const backtest_score *a = &b->scores[f->arr.method][BACKTEST_ARR];
    if (b->n_origins == 0) {
        doc_note(s, "missing",
                 "No back-test on this cohort: it %s. The method is that of movement "
                 "rates, untried here; `strata forecast` back-tests it on the whole "
                 "portfolio.",
                 b->why);
        return;
    }
    if (l->why == NULL) {
        doc_bullet(s,
                   "In the past it was off by %s of customers on average; its range held %zu of "
                   "%zu outcomes.",
                   words_share(l->error).text, l->covered, l->n);
    } else {
        doc_note(s, "missing", "How far off it may be is not known: in the past it %s.", l->why);
    }
    if (a->why == NULL) {
        doc_bullet(s, "Of ARR it was off by %s; its range held %zu of %zu.",
                   words_share(a->error).text, a->covered, a->n);
    }
    const backtest_score *none = &b->scores[FORECAST_NO_CHANGE][BACKTEST_ARR];
    if (none->why == NULL && a->why == NULL && none->error < a->error) {
        doc_note(s, "warning", "To say that ARR does not change would have been closer: off by %s.",
                 words_share(none->error).text);
    }
}

void review_put_forecast(const review_page *p)
{
    const review_forecast *f = &p->r->forecast;
    if (f->why != NULL) {
        doc_section *none = document_section(p->d, NULL, "forecast", "No forecast");
        doc_note(none, "missing", "There is no forecast: %s.", f->why);
        return;
    }
    int h = REVIEW_HORIZON;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "In %d months, about %s of %s are expected to be still there", h,
                  words_count(words_whole(f->logos.logos.mid[h])).text,
                  words_things((int64_t)f->logos.logos_now, "customer").text);
    doc_section *s = document_section(p->d, NULL, "forecast", strbuf_text(&title));
    doc_paragraph(s, "Customers by %s, ARR by %s, learned from this cohort alone.",
                  forecast_method_label(f->logos.method),
                  f->arr.why == NULL ? forecast_method_label(f->arr.method) : "no method");
    if (f->arr.why != NULL) {
        doc_note(s, "missing", "There is no forecast of ARR: %s.", f->arr.why);
    } else {
        put_fan(p, s, &f->arr, true);
    }
    put_fan(p, s, &f->logos, false);
    put_months(p, s);
    put_backtest(p, s);
}
