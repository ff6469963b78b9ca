/* SPDX-License-Identifier: Apache-2.0 */
#include "report/forecast/shop_forecast.h"

#include <math.h>
#include <stdio.h>

#include "cohort/calendar.h"
#include "document/chart.h"
#include "report/forecast/shop_backtest.h"
#include "report/forecast/shop_words.h"
#include "report/report.h"

enum { BANDS = 10 };

static words money_between(shop_range r, const char *currency)
{
    return words_between(words_money(words_whole(r.low), currency),
                         words_money(words_whole(r.high), currency));
}

static words purchases_between(const shop_forecast *f, int month)
{
    return words_between(words_count(words_whole(f->purchases[month].low)),
                         words_count(words_whole(f->purchases[month].high)));
}

/* --- the finding --- */

void report_shop_forecast_title(strbuf *out, const shop_forecast_input *in)
{
    const shop_forecast *f = in->forecast;
    int h = f->horizon;
    if (f->why != NULL) {
        strbuf_printf(out, "No forecast: %s", f->why);
        return;
    }
    strbuf_printf(out, "Today's %s will buy ",
                  words_things((int64_t)f->customers, "customer").text);
    strbuf_add(out, purchases_between(f, h).text);
    strbuf_printf(out, " times in %s", words_things(h, "month").text);
    if (f->has_spend_range) {
        strbuf_add(out, ", for ");
        strbuf_add(out, money_between(f->spend[h], in->currency).text);
    }
}

/* --- figures --- */

static int origin_of(document *d, const shop_forecast_input *in, const char *what)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_printf(&b,
                  "%s of the customers of today, by the %s model; the range, widened by how far "
                  "earlier forecasts were off, is to hold the outcome 4 times out of 5",
                  what, shop_model_label(in->forecast->model));
    return document_provenance(d, strbuf_text(&b), "orders", NULL);
}

static int purchases_origin(document *d, const shop_forecast_input *in)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_printf(&b, "expected %ss with an order", shop_purchase_unit(in->fits));
    return origin_of(d, in, strbuf_text(&b));
}

static int spend_origin(document *d, const shop_forecast_input *in)
{
    return origin_of(d, in, "expected spend (Gamma-Gamma model)");
}

static int value_origin(document *d, const shop_forecast_input *in)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_printf(&b,
                  "margin of %.0f %% x expected purchases of %d months, discounted by %.0f %% a "
                  "year, x expected spend per purchase",
                  in->margin * 100.0, SHOP_VALUE_MONTHS, in->discount * 100.0);
    return document_provenance(d, strbuf_text(&b), "orders", NULL);
}

static void put_figures(document *d, doc_section *s, const shop_forecast_input *in)
{
    const shop_forecast *f = in->forecast;
    int h = f->horizon;
    char text[WORDS_TEXT + 16];
    (void)snprintf(text, sizeof text, "%s bought again", words_count((int64_t)f->repeaters).text);
    doc_figure(s, "Customers so far", cell_count((int64_t)f->customers), text);
    (void)snprintf(text, sizeof text, "%.1f %% of them", 100.0 * f->alive / (double)f->customers);
    doc_figure(s, "Still customers",
               with_origin(cell_count(words_whole(f->alive)), origin_of(d, in, "sum of P(alive)")),
               text);
    (void)snprintf(text, sizeof text, "Purchases in %d months", h);
    doc_figure(s, text,
               with_origin(cell_count(words_whole(f->purchases[h].mid)), purchases_origin(d, in)),
               purchases_between(f, h).text);
    if (f->why_spend != NULL) {
        return;
    }
    (void)snprintf(text, sizeof text, "Spend in %d months", h);
    doc_figure(s, text, with_origin(cell_money(words_whole(f->spend[h].mid)), spend_origin(d, in)),
               f->has_spend_range ? money_between(f->spend[h], in->currency).text : "no range");
    doc_figure(s, "Value over 12 months",
               with_origin(cell_money(words_whole(f->value)), value_origin(d, in)),
               "margin and discount applied");
}

/* --- month by month --- */

static doc_cell spend_cell(const shop_forecast *f, double minor, bool of_range)
{
    if (f->why_spend != NULL) {
        return cell_empty("spend is not forecast");
    }
    return of_range && !f->has_spend_range ? cell_empty("no range")
                                           : cell_money(words_whole(minor));
}

static void put_months(document *d, doc_section *s, const shop_forecast_input *in)
{
    const shop_forecast *f = in->forecast;
    const doc_column columns[] = {
        {.key = "month", .label = "By", .type = CELL_DATE},
        {.key = "purchases", .label = "Purchases", .type = CELL_COUNT},
        {.key = "purchases_low", .label = "from", .type = CELL_COUNT},
        {.key = "purchases_high", .label = "to", .type = CELL_COUNT},
        {.key = "purchases_month", .label = "In the month", .type = CELL_COUNT, .priority = 1},
        {.key = "spend", .label = "Spend", .type = CELL_MONEY},
        {.key = "spend_low", .label = "from", .type = CELL_MONEY},
        {.key = "spend_high", .label = "to", .type = CELL_MONEY},
        {.key = "spend_month", .label = "In the month", .type = CELL_MONEY, .priority = 1}};
    enum { N = sizeof columns / sizeof columns[0] };
    doc_table *t =
        doc_table_new(s, "forecast", "Today's customers, from today to each month", columns, N);
    int count = purchases_origin(d, in);
    int money = spend_origin(d, in);
    for (int m = 1; m <= f->horizon; m++) {
        shop_range n = f->purchases[m];
        shop_range spend = f->spend[m];
        doc_cell cells[N] = {
            cell_date(calendar_step(in->fits->buyers.as_of, m)),
            with_origin(cell_count(words_whole(n.mid)), count),
            cell_count(words_whole(n.low)),
            cell_count(words_whole(n.high)),
            cell_count(words_whole(n.mid) - words_whole(f->purchases[m - 1].mid)),
            with_origin(spend_cell(f, spend.mid, false), money),
            spend_cell(f, spend.low, true),
            spend_cell(f, spend.high, true),
            spend_cell(f, (double)(words_whole(spend.mid) - words_whole(f->spend[m - 1].mid)),
                       false)};
        doc_row(t, cells);
    }
    doc_table_footnote(t,
                       "A purchase is a %s with at least one order%s. Purchases and spend add up "
                       "from today; customers who are yet to come are not in them.",
                       shop_purchase_unit(in->fits),
                       in->fits->periods != NULL ? ", counted on its last day" : "");
}

enum { PERIODS_MAX = 64 };

static void put_chart(doc_section *s, const shop_forecast_input *in)
{
    const shop_forecast *f = in->forecast;
    char names[PERIODS_MAX][DAY_TEXT];
    const char *periods[PERIODS_MAX];
    double mid[PERIODS_MAX];
    double low[PERIODS_MAX];
    double high[PERIODS_MAX];
    size_t n = 0;
    for (int m = 0; m <= f->horizon && n < PERIODS_MAX; m++, n++) {
        day_format(calendar_step(in->fits->buyers.as_of, m), names[n]);
        names[n][7] = '\0'; /* "2026-06" */
        periods[n] = names[n];
        mid[n] = f->purchases[m].mid;
        low[n] = f->purchases[m].low;
        high[n] = f->purchases[m].high;
    }
    chart_theme theme = {.currency = in->currency};
    chart_series series = {.name = "", .values = mid, .low = low, .high = high};
    chart_time time = {.periods = periods,
                       .n_periods = n,
                       .series = &series,
                       .n_series = 1,
                       .format = CHART_COUNT,
                       .title = "Purchases from today",
                       .from_zero = true,
                       .forecast = 1};
    doc_chart(s, "purchases", "Purchases expected of today's customers, adding up",
              "A line of expected purchases with a band that is to hold the outcome 4 times out "
              "of 5; the table has the figures.",
              chart_lines(&theme, &time));
}

/* --- who is still a customer --- */

typedef struct band {
    int64_t customers;
    double expected, value;
} band;

static void set_bands(const shop_forecast *f, band bands[BANDS])
{
    for (size_t i = 0; i < f->customers; i++) {
        const shop_outlook *o = &f->outlook[i];
        size_t k = 0;
        while (k + 1 < BANDS && o->alive * BANDS >= (double)(k + 1)) {
            k++;
        }
        bands[k].customers++;
        bands[k].expected += o->expected;
        bands[k].value += o->value;
    }
}

static void put_bands(document *d, const shop_forecast_input *in)
{
    const shop_forecast *f = in->forecast;
    band bands[BANDS] = {0};
    char labels[BANDS][WORDS_TEXT];
    const char *names[BANDS];
    double counts[BANDS];
    set_bands(f, bands);
    doc_section *s = document_section(d, NULL, "alive", "How sure it is that they are customers");
    const doc_column columns[] = {
        {.key = "alive", .label = "P(alive)", .type = CELL_TEXT},
        {.key = "customers", .label = "Customers", .type = CELL_COUNT, .bar = true},
        {.key = "purchases", .label = "Purchases expected", .type = CELL_COUNT},
        {.key = "value", .label = "Value, 12 months", .type = CELL_MONEY}};
    for (int k = 0; k < BANDS; k++) {
        (void)snprintf(labels[k], sizeof labels[k], "%d to %d %%", k * 100 / BANDS,
                       (k + 1) * 100 / BANDS);
        names[k] = labels[k];
        counts[k] = (double)bands[k].customers;
    }
    chart_theme theme = {.currency = in->currency};
    chart_measure measure = {.title = "Customers", .format = CHART_COUNT, .values = counts};
    doc_chart(s, "alive", "Customers by the chance that they are customers still",
              "Bars of the number of customers by P(alive); the table has the figures.",
              chart_bars(&theme, names, BANDS, &measure, 1));
    doc_table *t = doc_table_new(s, "alive", NULL, columns, 4);
    for (int k = BANDS - 1; k >= 0; k--) {
        doc_row(t, (doc_cell[]){cell_text(labels[k]), cell_count(bands[k].customers),
                                cell_count(words_whole(bands[k].expected)),
                                spend_cell(f, bands[k].value, false)});
    }
    if (f->model == SHOP_NBD) {
        doc_table_footnote(t, "The NBD model lets nobody leave: who has gone quiet is told by the "
                              "purchases expected.");
    }
    if (f->model == SHOP_BG_BB) {
        doc_table_footnote(t, "P(alive): to be a customer still at the next opportunity.");
    }
    if (f->model == SHOP_BG_NBD) {
        doc_table_footnote(t, "The BG/NBD model lets nobody leave before a second purchase: who "
                              "bought once has a P(alive) of 1 and is told by the purchases "
                              "expected.");
    }
}

static void put_customers(document *d, const shop_forecast_input *in)
{
    const shop_forecast *f = in->forecast;
    const doc_column columns[] = {
        {.key = "id", .label = "Customer", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 3},
        {.key = "purchases_so_far", .label = "Purchases", .type = CELL_COUNT},
        {.key = "last", .label = "Last", .type = CELL_DATE, .priority = 1},
        {.key = "alive", .label = "P(alive)", .type = CELL_SHARE},
        {.key = "expected", .label = "Expected", .type = CELL_NUMBER, .decimals = 1},
        {.key = "spend", .label = "Each", .type = CELL_MONEY},
        {.key = "clv", .label = "Value, 12 months", .type = CELL_MONEY, .bar = true}};
    enum { N = sizeof columns / sizeof columns[0] };
    size_t n = in->limit < f->customers ? in->limit : f->customers;
    if (n == 0) {
        return;
    }
    doc_section *s =
        document_section(d, NULL, "customers",
                         f->why_spend == NULL ? "Customers who are worth most over 12 months"
                                              : "Customers who are expected to buy most");
    doc_table *t = doc_table_new(s, "customers", NULL, columns, N);
    int value = value_origin(d, in);
    for (size_t k = 0; k < n; k++) {
        const shop_customer *c = &in->fits->buyers.customer[f->order[k]];
        const shop_outlook *o = &f->outlook[f->order[k]];
        doc_row(t, (doc_cell[N]){cell_text(in->ids[c->account]), cell_text(in->names[c->account]),
                                 cell_count((int64_t)c->purchases), cell_date(c->last),
                                 cell_share(o->alive), cell_number(o->expected),
                                 spend_cell(f, o->spend, false),
                                 with_origin(spend_cell(f, o->value, false), value)});
    }
    doc_table_footnote(t, "Expected: purchases in %d months. Each: spend expected per purchase.",
                       f->horizon);
}

void report_shop_forecast(document *d, doc_section *parent, const shop_forecast_input *in)
{
    const shop_forecast *f = in->forecast;
    doc_section *s = document_section(d, parent, "forecast", NULL);
    if (f->why != NULL) {
        doc_note(s, "missing", "There is no forecast: %s.", SAFE(d, f->why));
    } else {
        put_figures(d, s, in);
        report_shop_range_warning(s, in);
        if (f->why_spend != NULL) {
            doc_note(s, "missing", "There is no forecast of spend: %s.", SAFE(d, f->why_spend));
        }
        put_chart(s, in);
        put_months(d, s, in);
        put_bands(d, in);
        put_customers(d, in);
    }
    report_shop_backtest(d, in);
    report_shop_method(d, in);
}
