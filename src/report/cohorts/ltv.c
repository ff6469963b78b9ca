/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/ltv.h"

#include <math.h>
#include <stdio.h>

#include "document/chart.h"
#include "report/report.h"

/* Ages shown in the table, in months. */
static const int shown[] = {3, 6, 12, 24, 36};
enum { SHOWN = sizeof shown / sizeof shown[0], CURVES_MAX = 8, COLUMNS_MAX = 10 + SHOWN };

void report_ltv_title(strbuf *out, const ltv_input *in)
{
    const ltv_group *all = &in->ltv->all;
    if (all->known) {
        strbuf_printf(out, "A new account is worth %s over five years",
                      words_money(words_whole(all->value), in->currency).text);
        strbuf_printf(out, " (%s", words_money(words_whole(all->low), in->currency).text);
        strbuf_printf(out, " to %s)", words_money(words_whole(all->high), in->currency).text);
        return;
    }
    const ltv_point *year = &all->realised[12];
    if (year->known) {
        strbuf_printf(out, "Accounts pay %s in their first year",
                      words_money(words_whole(year->minor), in->currency).text);
    } else {
        strbuf_printf(
            out, "%s %s paid %s so far", words_things((int64_t)all->accounts, "account").text,
            all->accounts == 1 ? "has" : "have", words_money(all->paid_minor, in->currency).text);
    }
}

/* --- table --- */

static int expected_origin(document *d, const ltv_input *in)
{
    char text[240];
    (void)snprintf(
        text, sizeof text,
        "margin of %.0f %% x what an account pays by month of age, discounted by %.0f %% a "
        "year: as it was, then by the survival of the cohort, over 60 months",
        in->margin * 100.0, in->discount * 100.0);
    return document_provenance(d, text, "arr", NULL);
}

static int left_origin(document *d, const ltv_input *in)
{
    char text[240];
    if (in->shop) {
        (void)snprintf(text, sizeof text,
                       "margin of %.0f %% x discounted expected residual transactions (Pareto/NBD, "
                       "%.0f %% a year, without end) x expected spend per purchase (Gamma-Gamma)",
                       in->margin * 100.0, in->discount * 100.0);
    } else {
        (void)snprintf(text, sizeof text,
                       "margin of %.0f %% x ARR of today / 12 x discounted expected residual "
                       "months (%.0f %% a year, within 60 months, by the survival of the cohort)",
                       in->margin * 100.0, in->discount * 100.0);
    }
    return document_provenance(d, text, in->shop ? "orders" : "arr", NULL);
}

static void put_row(document *d, doc_table *t, const ltv_input *in, const char *label,
                    const ltv_group *g, bool total)
{
    int paid = document_provenance(d,
                                   "ARR run through time since the first day with ARR, over the "
                                   "accounts followed that long",
                                   "arr", NULL);
    int expected = expected_origin(d, in);
    doc_cell cells[COLUMNS_MAX] = {cell_text(label), cell_count((int64_t)g->accounts)};
    size_t k = 2;
    for (size_t i = 0; i < SHOWN; i++) {
        const ltv_point *p = &g->realised[shown[i]];
        cells[k++] = p->known ? with_origin(cell_money(words_whole(p->minor)), paid)
                              : cell_empty(p->accounts == 0 ? "not reached yet"
                                                            : "too few accounts were followed "
                                                              "that long");
    }
    if (!in->shop) {
        const char *why = g->why;
        cells[k++] = g->known ? cell_number(g->months) : cell_empty(why);
        cells[k++] =
            g->known ? with_origin(cell_money(words_whole(g->value)), expected) : cell_empty(why);
        cells[k++] = g->known ? cell_money(words_whole(g->low)) : cell_empty(why);
        cells[k++] = g->known ? cell_money(words_whole(g->high)) : cell_empty(why);
        cells[k++] = g->known ? cell_text(churn_model_name(g->model)) : cell_empty(why);
    }
    const ltv_left *left = &g->left;
    cells[k++] = left->known ? cell_number(left->mean) : cell_empty(left->why);
    cells[k++] = left->known ? with_origin(cell_money(words_whole(left->minor)), left_origin(d, in))
                             : cell_empty(left->why);
    if (total) {
        doc_row_total(t, cells);
    } else {
        doc_row(t, cells);
    }
}

static void put_table(document *d, doc_section *s, const ltv_input *in)
{
    static const char *const keys[SHOWN] = {"paid_3m", "paid_6m", "paid_12m", "paid_24m",
                                            "paid_36m"};
    static const char *const labels[SHOWN] = {"3 months", "6 months", "12 months", "24 months",
                                              "36 months"};
    doc_column columns[COLUMNS_MAX] = {
        {.key = "cohort", .label = "Cohort", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT}};
    size_t k = 2;
    for (size_t i = 0; i < SHOWN; i++) {
        columns[k++] = (doc_column){.key = keys[i],
                                    .label = labels[i],
                                    .type = CELL_MONEY,
                                    .priority = i == 2  ? 0
                                                : i < 2 ? 2
                                                        : 1};
    }
    if (!in->shop) {
        columns[k++] = (doc_column){.key = "months",
                                    .label = "Months of 60",
                                    .type = CELL_NUMBER,
                                    .decimals = 1,
                                    .priority = 1};
        columns[k++] =
            (doc_column){.key = "ltv", .label = "Expected", .type = CELL_MONEY, .bar = true};
        columns[k++] =
            (doc_column){.key = "ltv_low", .label = "from", .type = CELL_MONEY, .priority = 1};
        columns[k++] =
            (doc_column){.key = "ltv_high", .label = "to", .type = CELL_MONEY, .priority = 1};
        columns[k++] =
            (doc_column){.key = "model", .label = "Model", .type = CELL_TEXT, .priority = 3};
    }
    columns[k++] = (doc_column){.key = in->shop ? "dert" : "derl",
                                .label = in->shop ? "Purchases left" : "Months left",
                                .type = CELL_NUMBER,
                                .decimals = 1,
                                .priority = 1};
    columns[k++] = (doc_column){
        .key = "value_left", .label = "Worth from now on", .type = CELL_MONEY, .priority = 1};
    doc_table *t =
        doc_table_new(s, "ltv", "Paid per account by age, and what a new one is worth", columns, k);
    for (size_t g = 0; g < in->ltv->groups->n; g++) {
        put_row(d, t, in, in->ltv->groups->labels[g], &in->ltv->by_group[g], false);
    }
    put_row(d, t, in, "All", &in->ltv->all, true);
    doc_table_footnote(t, "Paid: per account that started, those who left included; only accounts "
                          "followed that long count.");
    if (!in->shop) {
        doc_table_footnote(
            t, "Expected: over five years from the start: paid as far as the cohort has "
               "come, then by how its customers stay; from and to: 95 %%.");
    }
    doc_table_footnote(t, in->shop
                              ? "Purchases left: expected of a customer from today on, without "
                                "end, discounted; worth: with their spend, all together."
                              : "Months left: to expect of a customer of today within five "
                                "years, discounted; worth: with their ARR, all together.");
}

/* --- charts --- */

enum { STEPS = LTV_AGES / 3 + 1 };
static const char *const age_names[STEPS] = {"0",  "3",  "6",  "9",  "12", "15", "18",
                                             "21", "24", "27", "30", "33", "36", "39",
                                             "42", "45", "48", "51", "54", "57", "60"};

static void put_curves(doc_section *s, const ltv_input *in)
{
    const groups *g = in->ltv->groups;
    double values[CURVES_MAX][STEPS];
    chart_series series[CURVES_MAX];
    size_t n = 0;
    size_t longest = 0;
    /* The newest cohorts have no curve yet. */
    for (size_t k = 0; k < g->n && n < CURVES_MAX; k++) {
        const ltv_group *lg = &in->ltv->by_group[k];
        if (!lg->realised[6].known) {
            continue;
        }
        for (size_t i = 0; i < STEPS; i++) {
            const ltv_point *p = &lg->realised[3 * i];
            values[n][i] = p->known ? p->minor / 100.0 : (double)NAN;
            longest = p->known && i > longest ? i : longest;
        }
        series[n] = (chart_series){.name = g->labels[k], .values = values[n]};
        n++;
    }
    if (n == 0) {
        return;
    }
    chart_theme theme = {.currency = in->currency};
    chart_time t = {.periods = age_names,
                    .n_periods = longest + 1,
                    .series = series,
                    .n_series = n,
                    .format = CHART_MONEY,
                    .title = "Paid per account, by months since the start",
                    .from_zero = true};
    doc_chart(s, "realised", "What accounts of each cohort have paid by age",
              "A line for each cohort with what its accounts have paid on average at each age; the "
              "table has the figures.",
              n > 1 ? chart_multiples(&theme, &t) : chart_lines(&theme, &t));
}

/* Of all accounts: as it was, then as it is expected. */
static void put_expected(doc_section *s, const ltv_input *in)
{
    const ltv_group *all = &in->ltv->all;
    double values[STEPS];
    for (size_t i = 0; i < STEPS; i++) {
        values[i] = all->expected[3 * i] / 100.0;
    }
    chart_theme theme = {.currency = in->currency};
    chart_series series = {.name = "", .values = values};
    chart_time t = {.periods = age_names,
                    .n_periods = STEPS,
                    .series = &series,
                    .n_series = 1,
                    .format = CHART_MONEY,
                    .title = "Value of a new account, by months since the start",
                    .from_zero = true,
                    .forecast = (size_t)all->observed / 3 + 1};
    if (all->known) {
        doc_chart(s, "value_by_age", "What a new account is worth by age: as it was, then expected",
                  "A line of the discounted value of a new account by age, dashed where it is "
                  "expected.",
                  chart_lines(&theme, &t));
    }
}

static void put_values(doc_section *s, const ltv_input *in)
{
    const groups *g = in->ltv->groups;
    chart_dot dots[GROUPS_LEVELS_MAX];
    char notes[GROUPS_LEVELS_MAX][WORDS_TEXT + 8];
    size_t n = 0;
    size_t first = g->n > GROUPS_LEVELS_MAX ? g->n - GROUPS_LEVELS_MAX : 0;
    for (size_t k = first; k < g->n; k++) {
        const ltv_group *lg = &in->ltv->by_group[k];
        if (lg->known) {
            (void)snprintf(notes[n], sizeof notes[n], "n = %s",
                           words_count((int64_t)lg->accounts).text);
            dots[n] = (chart_dot){.label = g->labels[k],
                                  .value = lg->value / 100.0,
                                  .low = lg->low / 100.0,
                                  .high = lg->high / 100.0,
                                  .note = notes[n]};
            n++;
        }
    }
    if (n > 1) {
        chart_theme theme = {.currency = in->currency};
        double all = in->ltv->all.known ? in->ltv->all.value / 100.0 : (double)NAN;
        doc_chart(
            s, "expected", "What a new account of each cohort is worth over five years",
            "Dots of lifetime value by cohort with 95 % intervals; the table has the figures.",
            chart_dots(&theme, dots, n, CHART_MONEY, all, "all"));
    }
}

static void put_left(document *d, doc_section *s, const ltv_input *in)
{
    const ltv_left *left = &in->ltv->all.left;
    char text[WORDS_TEXT + 64];
    if (!left->known) {
        doc_note(s, "missing", "What today's customers are worth from now on is not known: %s.",
                 SAFE(d, left->why));
        return;
    }
    (void)snprintf(text, sizeof text, "%s, %.1f %s each, discounted",
                   words_things((int64_t)left->customers, "customer").text, left->mean,
                   in->shop ? "purchases" : "months");
    doc_figure(s, "Today's customers, from now on",
               with_origin(cell_money(words_whole(left->minor)), left_origin(d, in)), text);
}

void report_ltv(document *d, doc_section *parent, const ltv_input *in)
{
    doc_section *s = document_section(d, parent, "ltv", NULL);
    put_left(d, s, in);
    put_expected(s, in);
    put_curves(s, in);
    put_values(s, in);
    put_table(d, s, in);
    doc_note(s, "note",
             "Assumptions of the model file (metrics): a margin of %s and a discount of %s a year.",
             words_share(in->margin).text, words_share(in->discount).text);
}
