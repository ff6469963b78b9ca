/* SPDX-License-Identifier: Apache-2.0 */
#include "report/forecast/forecast.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "cohort/calendar.h"
#include "document/chart.h"
#include "report/forecast/backtest_table.h"
#include "report/report.h"

void forecast_history(const arr_book *book, day as_of, forecast_input *in)
{
    for (int m = 0; m <= FORECAST_HISTORY; m++) {
        day d = calendar_step(as_of, m - FORECAST_HISTORY);
        in->history_logos[m] = 0.0;
        in->history_arr[m] = 0.0;
        for (size_t i = 0; i < book->n_accounts; i++) {
            int64_t arr = arr_book_at(book, i, d);
            in->history_logos[m] += arr > 0;
            in->history_arr[m] += (double)arr;
        }
    }
}

/* Four digits are more than a forecast of money bears. */
static int64_t rounded(double minor)
{
    double unit = 1.0;
    while (fabs(minor) / unit >= 10000.0) {
        unit *= 10.0;
    }
    return (int64_t)llround(round(minor / unit) * unit);
}

/* --- the finding --- */

void report_forecast_title(strbuf *out, const forecast_input *in)
{
    const forecast *f = in->logos;
    int h = f->horizon;
    if (f->why != NULL) {
        strbuf_printf(out, "No forecast: %s", f->why);
        return;
    }
    strbuf_printf(out, "Of today's %s, ", words_things((int64_t)f->logos_now, "customer").text);
    if (f->has_range) {
        strbuf_add(out, words_between(words_count(words_whole(f->logos.low[h])),
                                      words_count(words_whole(f->logos.high[h])))
                            .text);
    } else {
        strbuf_add(out, words_count(words_whole(f->logos.mid[h])).text);
    }
    strbuf_printf(out, " will be left in %d months", h);
    if (in->arr->why == NULL && in->arr->has_range) {
        char low[NUMBER_TEXT];
        number_format_share(in->arr->nrr.low[h], low);
        strbuf_printf(out, ", at an NRR of %s to %s", low, words_share(in->arr->nrr.high[h]).text);
    }
}

/* --- figures --- */

static int logos_origin(document *d, const forecast *f)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_printf(&b,
                  "customers of today expected to be customers then, by %s; the range is to hold "
                  "the outcome 4 times out of 5",
                  forecast_method_label(f->method));
    return document_provenance(d, strbuf_text(&b), "arr", "arr > 0");
}

static int arr_origin(document *d, const forecast *f)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_printf(&b,
                  "ARR expected of the customers of today, by %s; the range is to hold the outcome "
                  "4 times out of 5",
                  forecast_method_label(f->method));
    return document_provenance(d, strbuf_text(&b), "arr", "arr > 0");
}

static void put_figures(document *d, doc_section *s, const forecast_input *in)
{
    const forecast *l = in->logos;
    const forecast *a = in->arr;
    int h = l->horizon;
    char label[WORDS_TEXT];
    (void)snprintf(label, sizeof label, "Customers in %d months", h);
    doc_figure(s, label, with_origin(cell_count(words_whole(l->logos.mid[h])), logos_origin(d, l)),
               l->has_range ? words_between(words_count(words_whole(l->logos.low[h])),
                                            words_count(words_whole(l->logos.high[h])))
                                  .text
                            : "no range");
    if (a->why != NULL) {
        return;
    }
    int origin = arr_origin(d, a);
    (void)snprintf(label, sizeof label, "Their ARR in %d months", h);
    doc_figure(s, label, with_origin(cell_money(rounded(a->arr.mid[h])), origin),
               a->has_range ? words_between(words_money(words_whole(a->arr.low[h]), in->currency),
                                            words_money(words_whole(a->arr.high[h]), in->currency))
                                  .text
                            : "no range");
    (void)snprintf(label, sizeof label, "NRR over %d months", h);
    doc_figure(s, label, with_origin(cell_share(a->nrr.mid[h]), origin),
               a->has_range
                   ? words_between(words_share(a->nrr.low[h]), words_share(a->nrr.high[h])).text
                   : "no range");
    (void)snprintf(label, sizeof label, "All ARR in %d months", h);
    doc_figure(s, label, with_origin(cell_money(rounded(a->all_arr.mid[h])), origin),
               a->method == FORECAST_NO_CHANGE ? "without new business"
                                               : "with new business as in the last year");
}

/* --- month by month --- */

static doc_cell money_cell(const forecast *f, const double *values, int m)
{
    return f->why != NULL ? cell_empty(f->why) : cell_money(rounded(values[m]));
}

static doc_cell share_cell(const forecast *f, const double *values, int m)
{
    return f->why != NULL ? cell_empty(f->why) : cell_share(values[m]);
}

static void put_months(document *d, doc_section *s, const forecast_input *in)
{
    const forecast *l = in->logos;
    const forecast *a = in->arr;
    const doc_column columns[] = {
        {.key = "month", .label = "By", .type = CELL_DATE},
        {.key = "customers", .label = "Customers", .type = CELL_COUNT},
        {.key = "customers_low", .label = "from", .type = CELL_COUNT, .priority = 1},
        {.key = "customers_high", .label = "to", .type = CELL_COUNT, .priority = 1},
        {.key = "arr", .label = "Their ARR", .type = CELL_MONEY},
        {.key = "arr_low", .label = "from", .type = CELL_MONEY, .priority = 2},
        {.key = "arr_high", .label = "to", .type = CELL_MONEY, .priority = 2},
        {.key = "nrr", .label = "NRR", .type = CELL_SHARE},
        {.key = "nrr_low", .label = "from", .type = CELL_SHARE, .priority = 1},
        {.key = "nrr_high", .label = "to", .type = CELL_SHARE, .priority = 1},
        {.key = "all_customers", .label = "All customers", .type = CELL_COUNT, .priority = 3},
        {.key = "all_arr", .label = "All ARR", .type = CELL_MONEY, .priority = 3},
        {.key = "all_arr_low", .label = "from", .type = CELL_MONEY, .priority = 4},
        {.key = "all_arr_high", .label = "to", .type = CELL_MONEY, .priority = 4}};
    enum { N = sizeof columns / sizeof columns[0] };
    doc_table *t =
        doc_table_new(s, "forecast", "Month by month: today's customers, then all", columns, N);
    int from_logos = logos_origin(d, l);
    int from_arr = arr_origin(d, a);
    for (int m = 1; m <= l->horizon; m++) {
        doc_cell cells[N] = {cell_date(calendar_step(in->as_of, m)),
                             with_origin(cell_count(words_whole(l->logos.mid[m])), from_logos),
                             cell_count(words_whole(l->logos.low[m])),
                             cell_count(words_whole(l->logos.high[m])),
                             with_origin(money_cell(a, a->arr.mid, m), from_arr),
                             money_cell(a, a->arr.low, m),
                             money_cell(a, a->arr.high, m),
                             with_origin(share_cell(a, a->nrr.mid, m), from_arr),
                             share_cell(a, a->nrr.low, m),
                             share_cell(a, a->nrr.high, m),
                             a->why != NULL ? cell_empty(a->why)
                                            : cell_count(words_whole(a->all_logos.mid[m])),
                             money_cell(a, a->all_arr.mid, m),
                             money_cell(a, a->all_arr.low, m),
                             money_cell(a, a->all_arr.high, m)};
        doc_row(t, cells);
    }
    doc_table_footnote(t,
                       "From and to hold the outcome 4 times out of 5, if the months to come are "
                       "like those learned from.");
    doc_table_footnote(t, "All: with those who come back, and with new business as in an average "
                          "month of the last year, which is an assumption.");
}

/* --- charts --- */

enum { PERIODS_MAX = FORECAST_HISTORY + 1 + FORECAST_HORIZON_MAX };

typedef struct timeline {
    char names[PERIODS_MAX][DAY_TEXT];
    const char *periods[PERIODS_MAX];
    double value[PERIODS_MAX], low[PERIODS_MAX], high[PERIODS_MAX];
    size_t n;
} timeline;

/* History (NULL: only today's value), then the fan; values times `scale`. */
static void set_timeline(timeline *t, day as_of, const double *history, const fan *f, int horizon,
                         double scale)
{
    int first = history != NULL ? -FORECAST_HISTORY : 0;
    t->n = 0;
    for (int m = first; m <= horizon; m++) {
        size_t k = t->n++;
        day_format(calendar_step(as_of, m), t->names[k]);
        t->names[k][7] = '\0'; /* "2026-06" */
        t->periods[k] = t->names[k];
        bool past = m < 0;
        t->value[k] = scale * (past ? history[m + FORECAST_HISTORY] : f->mid[m]);
        t->low[k] = past ? (double)NAN : scale * f->low[m];
        t->high[k] = past ? (double)NAN : scale * f->high[m];
    }
}

/* What a fan shows and how it is named. */
typedef struct fan_chart {
    const char *id, *title, *what, *series;
    chart_format format;
    double scale;
    const double *history;
    const fan *fan;
    bool has_range;
} fan_chart;

static void put_fan(doc_section *s, const forecast_input *in, const fan_chart *c)
{
    timeline t;
    set_timeline(&t, in->as_of, c->history, c->fan, in->logos->horizon, c->scale);
    chart_theme theme = {.currency = in->currency};
    chart_series series = {.name = c->series,
                           .values = t.value,
                           .low = c->has_range ? t.low : NULL,
                           .high = c->has_range ? t.high : NULL};
    chart_time time = {.periods = t.periods,
                       .n_periods = t.n,
                       .series = &series,
                       .n_series = 1,
                       .format = c->format,
                       .title = c->what,
                       .forecast = c->history != NULL ? FORECAST_HISTORY + 1 : 1};
    doc_chart(s, c->id, c->title,
              "A line of what was and what is expected, with a band that is to hold the outcome 4 "
              "times out of 5; the table has the figures.",
              chart_lines(&theme, &time));
}

static void put_charts(doc_section *s, const forecast_input *in)
{
    const forecast *a = in->arr;
    if (a->why == NULL) {
        put_fan(s, in,
                &(fan_chart){.id = "all_arr",
                             .title = "ARR so far and to come, with new business as in the last "
                                      "year",
                             .what = "ARR",
                             .series = "",
                             .format = CHART_MONEY,
                             .scale = 0.01,
                             .history = in->history_arr,
                             .fan = &a->all_arr,
                             .has_range = a->has_range});
        put_fan(s, in,
                &(fan_chart){.id = "nrr",
                             .title = "ARR of today's customers over that of today (NRR)",
                             .what = "NRR",
                             .series = "",
                             .format = CHART_SHARE,
                             .scale = 1.0,
                             .fan = &a->nrr,
                             .has_range = a->has_range});
    }
    put_fan(s, in,
            &(fan_chart){.id = "customers",
                         .title = "Customers so far, and those of today who are expected to stay",
                         .what = "Customers",
                         .series = "",
                         .format = CHART_COUNT,
                         .scale = 1.0,
                         .history = in->history_logos,
                         .fan = &in->logos->logos,
                         .has_range = in->logos->has_range});
}

/* --- back-test --- */

static void put_scores(doc_table *t, const forecast_input *in, backtest_quantity q)
{
    const backtest *b = in->backtest;
    forecast_method used = q == BACKTEST_LOGOS ? in->logos->method : in->arr->method;
    for (int m = 0; m < FORECAST_METHODS; m++) {
        const backtest_score *s = &b->scores[m][q];
        report_backtest_row(t,
                            &(backtest_line){.quantity = q == BACKTEST_LOGOS ? "Customers" : "ARR",
                                             .method = forecast_method_label((forecast_method)m),
                                             .n = s->n,
                                             .error = s->error,
                                             .bias = s->bias,
                                             .held = s->covered,
                                             .ranged = s->has_range ? s->n : 0,
                                             .used = used == (forecast_method)m,
                                             .why = s->why});
    }
}

/* Where nothing much happens, "no change" is hard to beat; that has to be said. */
static void put_benchmark(doc_section *s, const forecast_input *in)
{
    const backtest_score *none = &in->backtest->scores[FORECAST_NO_CHANGE][BACKTEST_ARR];
    const backtest_score *used = &in->backtest->scores[in->arr->method][BACKTEST_ARR];
    if (none->why == NULL && used->why == NULL && none->error < used->error) {
        doc_note(s, "warning",
                 "To say that the ARR of today's customers does not change would have been closer: "
                 "off by %s. Read the forecast of ARR with that in mind.",
                 words_share(none->error).text);
    }
}

static void put_choice(strbuf *text, const forecast_input *in)
{
    const bool logos = backtest_compares(in->backtest, BACKTEST_LOGOS, in->logos->method);
    const bool arr =
        in->arr->why != NULL || backtest_compares(in->backtest, BACKTEST_ARR, in->arr->method);
    const char *usual = forecast_method_label(arr ? in->logos->method : in->arr->method);
    if (in->chosen) {
        strbuf_add(text, "The method was chosen by hand.");
    } else if (logos && arr) {
        strbuf_add(text, "The one with the least error is used, of those that give ranges and "
                         "can be fitted today.");
    } else {
        strbuf_printf(text,
                      "%s nothing in the past tells which method is best: the usual one, %s, is "
                      "used.",
                      logos ? "For ARR"
                      : arr ? "For customers"
                            : "For customers and ARR",
                      usual);
    }
}

static void put_backtest(document *d, const forecast_input *in)
{
    const backtest *b = in->backtest;
    if (b->n_origins == 0) {
        doc_section *s = document_section(d, NULL, "backtest", "No back-test yet");
        doc_note(s, "missing", "A back-test %s.", b->why);
        return;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    const backtest_score *best = &b->scores[in->arr->method][BACKTEST_ARR];
    const backtest_score *logos = &b->scores[in->logos->method][BACKTEST_LOGOS];
    if (best->why == NULL && logos->why == NULL) {
        strbuf_printf(&title, "In the past it was off by %s of customers",
                      words_share(logos->error).text);
        strbuf_printf(&title, " and %s of ARR on average", words_share(best->error).text);
    } else {
        strbuf_add(&title, "How it would have done in the past");
    }
    doc_section *s = document_section(d, NULL, "backtest", strbuf_text(&title));
    STRBUF_AUTO strbuf choice;
    strbuf_init(&choice, 0);
    put_choice(&choice, in);
    doc_paragraph(s,
                  "Every method forecast 3, 6 and 12 months from %s days every three months back, "
                  "knowing nothing later. %s",
                  words_count((int64_t)b->n_origins).text, strbuf_text(&choice));
    put_benchmark(s, in);
    doc_table *t = report_backtest_table(s);
    put_scores(t, in, BACKTEST_LOGOS);
    put_scores(t, in, BACKTEST_ARR);
}

static void put_method(document *d, const forecast_input *in)
{
    doc_section *s = document_section(d, NULL, "method", "How it was computed");
    doc_bullet(s, "Customers: %s. ARR and NRR: %s.", forecast_method_label(in->logos->method),
               forecast_method_label(in->arr->method));
    doc_bullet(s,
               "Movement rates are those of the last %d months before the as-of date: churn, "
               "contraction and expansion over the ARR at each month's start; ages 0-2, 3-5, "
               "6-11, 12-23, 24-35, 36-59, 60 and more months.",
               FORECAST_WINDOW);
    if (in->segments != NULL) {
        doc_bullet(s,
                   "Segments are those of %s as they were when the window began, so that nobody "
                   "counts where the outcome has put them.",
                   SAFE(d, in->segments));
    }
    doc_bullet(s,
               "Ranges come from drawing accounts again (%d times): how well the rates are "
               "known, and chance in the months ahead.",
               FORECAST_REPLICATES);
    const forecast *calm = in->logos->unseen > 0.0 ? in->logos : in->arr;
    if (calm->unseen > 0.0) {
        double churn = 1.0 - pow((1.0 - FORECAST_LEVEL) / 2.0, 1.0 / calm->unseen);
        doc_bullet(
            s,
            "Nobody left in the %s learned from, which does not mean that nobody will: ranges "
            "reach down to the churn that would show nobody 1 time in 10, %.2f %% a month.",
            words_things((int64_t)calm->unseen, "account-month").text, 100.0 * churn);
    }
    doc_bullet(s, "Assumption: the months to come are like those learned from; a change of prices, "
                  "product or market is not in it.");
}

void report_forecast(document *d, doc_section *parent, const forecast_input *in)
{
    doc_section *s = document_section(d, parent, "forecast", NULL);
    if (in->logos->why != NULL) {
        doc_note(s, "missing", "There is no forecast: %s.", in->logos->why);
        return;
    }
    put_figures(d, s, in);
    if (in->arr->why != NULL) {
        doc_note(s, "missing", "There is no forecast of ARR: %s.", in->arr->why);
    }
    put_charts(s, in);
    put_months(d, s, in);
    put_backtest(d, in);
    put_method(d, in);
}
