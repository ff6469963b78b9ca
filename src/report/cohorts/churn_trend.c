/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/churn_trend.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "document/chart.h"
#include "report/report.h"

static const double LEVEL = 0.05;
enum { DOTS_MAX = 36 };

/* From the best group to the worst. */
static void range_title(strbuf *out, const churn_trend *c)
{
    size_t low = SIZE_MAX;
    size_t high = SIZE_MAX;
    for (size_t k = 0; k < c->groups->n; k++) {
        const share_figure *f = &c->by_group[k].churned;
        if (f->stated && (low == SIZE_MAX || f->share < c->by_group[low].churned.share)) {
            low = k;
        }
        if (f->stated && (high == SIZE_MAX || f->share > c->by_group[high].churned.share)) {
            high = k;
        }
    }
    if (low == high) {
        strbuf_printf(out, "Churn within %s: too few accounts to compare groups",
                      words_things(c->months, "month").text);
        return;
    }
    strbuf_printf(out, "Churn within %s runs from %s (%s)", words_things(c->months, "month").text,
                  words_share(c->by_group[low].churned.share).text, c->groups->labels[low]);
    strbuf_printf(out, " to %s (%s)", words_share(c->by_group[high].churned.share).text,
                  c->groups->labels[high]);
}

void report_churn_trend_title(strbuf *out, const churn_trend *c)
{
    const stat_test *test = &c->trend.test;
    if (!c->ordered) {
        range_title(out, c);
        return;
    }
    if (!test->defined) {
        strbuf_printf(out, "Churn within %s: too little to tell a trend from",
                      words_things(c->months, "month").text);
        return;
    }
    if (test->p >= LEVEL) {
        strbuf_printf(out, "Churn within %s shows no trend over %zu groups (%s)",
                      words_things(c->months, "month").text, c->n_counted, words_p(test->p).text);
        return;
    }
    char points[NUMBER_TEXT];
    number_format(fabs(c->trend.slope) * 100.0, 1, points);
    strbuf_printf(out, "Churn within %s %s by %s points from group to group",
                  words_things(c->months, "month").text, c->trend.slope < 0.0 ? "fell" : "rose",
                  points);
    strbuf_printf(out, " (%s)", words_p(test->p).text);
}

static void put_chart(doc_section *s, const churn_trend *c)
{
    chart_dot dots[DOTS_MAX];
    char notes[DOTS_MAX][WORDS_TEXT + 8];
    size_t n = 0;
    size_t first = c->groups->n > DOTS_MAX ? c->groups->n - DOTS_MAX : 0;
    for (size_t k = first; k < c->groups->n; k++) {
        const share_figure *f = &c->by_group[k].churned;
        if (f->stated) {
            (void)snprintf(notes[n], sizeof notes[n], "n = %s", words_count((int64_t)f->of).text);
            dots[n] = (chart_dot){.label = c->groups->labels[k],
                                  .value = f->share,
                                  .low = f->low,
                                  .high = f->high,
                                  .note = notes[n]};
            n++;
        }
    }
    if (n > 1) {
        chart_theme theme = {0};
        doc_chart(s, "churn", "Share of accounts that churned, with 95 % intervals",
                  "Dots of churn by group, oldest first; the table has the figures.",
                  chart_dots(&theme, dots, n, CHART_SHARE,
                             c->all.stated ? c->all.share : (double)NAN, "all"));
    }
}

static doc_cell rate_cell(const share_figure *f, double value, const char *too_few)
{
    return f->stated ? cell_share(value)
                     : cell_empty(f->of == 0 ? "not followed that long yet" : too_few);
}

/* A row: a group, or all. */
typedef struct churn_row {
    const char *label;
    const share_figure *churned;
    size_t accounts;
    int64_t lost_minor;
    bool total;
} churn_row;

static void put_row(document *d, doc_table *t, const churn_row *row, const char *too_few)
{
    const share_figure *f = row->churned;
    int origin = document_provenance(
        d,
        "accounts whose ARR went to 0 within so many months of their first ARR, over those "
        "followed that long",
        "arr", NULL);
    doc_cell cells[] = {cell_text(row->label),
                        cell_count((int64_t)row->accounts),
                        cell_count((int64_t)f->of),
                        cell_count((int64_t)f->hits),
                        with_origin(rate_cell(f, f->share, too_few), origin),
                        rate_cell(f, f->low, too_few),
                        rate_cell(f, f->high, too_few),
                        cell_money(row->lost_minor)};
    if (row->total) {
        doc_row_total(t, cells);
    } else {
        doc_row(t, cells);
    }
}

static void put_table(document *d, doc_section *s, const churn_trend *c, size_t minimum)
{
    const doc_column columns[] = {
        {.key = "group", .label = "Cohort", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 2},
        {.key = "followed", .label = "Followed", .type = CELL_COUNT},
        {.key = "churned", .label = "Churned", .type = CELL_COUNT},
        {.key = "churn", .label = "Churn", .type = CELL_SHARE, .bar = true},
        {.key = "churn_low", .label = "from", .type = CELL_SHARE, .priority = 1},
        {.key = "churn_high", .label = "to", .type = CELL_SHARE, .priority = 1},
        {.key = "lost_arr", .label = "ARR lost", .type = CELL_MONEY, .priority = 1}};
    char too_few[WORDS_TEXT];
    (void)snprintf(too_few, sizeof too_few, "fewer than %zu accounts to count", minimum);
    doc_table *t = doc_table_new(s, "churn", NULL, columns, 8);
    size_t accounts = 0;
    int64_t lost = 0;
    for (size_t k = 0; k < c->groups->n; k++) {
        const churn_trend_group *g = &c->by_group[k];
        put_row(d, t,
                &(churn_row){.label = c->groups->labels[k],
                             .churned = &g->churned,
                             .accounts = g->accounts,
                             .lost_minor = g->lost_minor},
                too_few);
        accounts += g->accounts;
        lost += g->lost_minor;
    }
    put_row(d, t,
            &(churn_row){.label = "All",
                         .churned = &c->all,
                         .accounts = accounts,
                         .lost_minor = lost,
                         .total = true},
            too_few);
    doc_table_footnote(t,
                       "Followed: accounts whose first ARR was at least %s ago. Churned: "
                       "of those, within %s. From and to: 95 %%.",
                       words_things(c->months, "month").text,
                       words_things(c->months, "month").text);
}

void report_churn_trend(document *d, doc_section *parent, const churn_trend *c, size_t minimum)
{
    doc_section *s = document_section(d, parent, "churn", NULL);
    put_chart(s, c);
    put_table(d, s, c, minimum);
    if (c->trend.test.defined) {
        char low[NUMBER_TEXT];
        char high[NUMBER_TEXT];
        number_format(c->trend.slope_95.low * 100.0, 1, low);
        number_format(c->trend.slope_95.high * 100.0, 1, high);
        doc_paragraph(s,
                      "Trend over %zu groups with enough accounts: %s points from one to the next "
                      "(95 %%: %s to %s), Cochran-Armitage test, %s.",
                      c->n_counted, words_value(c->trend.slope * 100.0, VALUE_NUMBER, NULL).text,
                      low, high, words_p(c->trend.test.p).text);
    }
}
