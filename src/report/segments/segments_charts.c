/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "document/chart.h"
#include "document/text.h"
#include "report/report.h"
#include "report/segments/segments.h"

/* The labels of a dimension's segments in code order, which fixes their colours. */
static chart_theme theme_of(const view *v, const profile *p)
{
    size_t n = 0;
    const char *const *names = bound_segments(v->b, p->def, &n);
    return (chart_theme){.currency = report_currency(v->b), .names = names, .n_names = n};
}

typedef struct chart_data {
    const char **labels;
    double *accounts, *value, *trend;
    chart_dot *dots;
    chart_series *series;
    size_t n;
} chart_data;

static void chart_data_done(chart_data *c)
{
    free((void *)c->labels);
    free(c->accounts);
    free(c->value);
    free(c->trend);
    free(c->dots);
    free(c->series);
}

static bool fill(chart_data *c, const profile *p)
{
    c->labels = STRATA_NEW_ARRAY(p->n_segments + 1, const char *);
    c->accounts = STRATA_NEW_ARRAY(p->n_segments + 1, double);
    c->value = STRATA_NEW_ARRAY(p->n_segments + 1, double);
    c->trend = STRATA_NEW_ARRAY((p->n_segments + 1) * VIEW_TREND, double);
    c->dots = STRATA_NEW_ARRAY(p->n_segments + 1, chart_dot);
    c->series = STRATA_NEW_ARRAY(p->n_segments + 1, chart_series);
    if (c->labels == NULL || c->accounts == NULL || c->value == NULL || c->trend == NULL ||
        c->dots == NULL || c->series == NULL) {
        return false;
    }
    for (size_t i = 0; i < p->n_segments; i++) {
        const segment_profile *s = &p->segments[i];
        double *trend = &c->trend[i * VIEW_TREND];
        c->labels[i] = s->label;
        c->accounts[i] = (double)s->accounts;
        /* Bars start at zero; a sum below it (more returned than bought) has no bar. */
        c->value[i] = fmax(0.0, (double)s->value_minor / 100.0);
        for (size_t m = 0; m < VIEW_TREND; m++) {
            trend[m] = (double)s->trend_accounts[m];
        }
        c->series[i] = (chart_series){.name = s->label, .values = trend};
    }
    c->n = p->n_segments;
    return true;
}

static void put_sizes(doc_section *s, const chart_theme *theme, const profile *p,
                      const chart_data *c)
{
    const chart_measure measures[] = {
        {.title = "Accounts", .format = CHART_COUNT, .values = c->accounts},
        {.title = p->has_arr ? "ARR" : "Spend in 365 days",
         .format = CHART_MONEY,
         .values = c->value}};
    doc_chart(s, "sizes", p->has_value ? "Accounts and what they are worth" : "Accounts",
              "Bars of the accounts and the value of each segment; the table has the figures.",
              chart_bars(theme, c->labels, c->n, measures, p->has_value ? 2 : 1));
}

static void put_retention(doc_section *s, const chart_theme *theme, const profile *p, chart_data *c)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_segments; i++) {
        const ratio_figure *nrr = &p->segments[i].nrr;
        if (nrr->stated) {
            c->dots[n++] = (chart_dot){.label = p->segments[i].label,
                                       .value = nrr->ratio,
                                       .low = nrr->low,
                                       .high = nrr->high};
        }
    }
    if (n > 1) {
        double all = p->total.nrr.stated ? p->total.nrr.ratio : NAN;
        doc_chart(s, "retention", "NRR over 12 months, with 95 % intervals",
                  "Dots of net revenue retention by segment; the table has the figures.",
                  chart_dots(theme, c->dots, n, CHART_SHARE, all, "all"));
    }
}

static void put_trend(doc_section *s, const chart_theme *theme, const profile *p,
                      const chart_data *c)
{
    char periods[VIEW_TREND][DAY_TEXT];
    const char *names[VIEW_TREND];
    for (size_t m = 0; m < VIEW_TREND; m++) {
        day_format(p->trend_days[m], periods[m]);
        periods[m][7] = '\0'; /* "2026-06" */
        names[m] = periods[m];
    }
    const chart_time trend = {.periods = names,
                              .n_periods = VIEW_TREND,
                              .series = c->series,
                              .n_series = c->n,
                              .format = CHART_COUNT,
                              .title = "Accounts",
                              .from_zero = true};
    doc_chart(s, "trend", "Accounts by month",
              "A small panel for each segment with its accounts at the last twelve month ends.",
              chart_multiples(theme, &trend));
}

void report_segments_charts(document *d, doc_section *s, const view *v, const profile *p)
{
    STRATA_CLEANUP(chart_data_done) chart_data c = {0};
    if (p->accounts == 0) {
        return;
    }
    if (!fill(&c, p)) {
        document_fail(d);
        return;
    }
    chart_theme theme = theme_of(v, p);
    put_sizes(s, &theme, p, &c);
    if (p->has_arr) {
        put_retention(s, &theme, p, &c);
    }
    if (p->has_trend) {
        put_trend(s, &theme, p, &c);
    }
}
