/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/movements.h"

#include <math.h>

#include "document/chart.h"
#include "document/text.h"
#include "report/report.h"

static const bridge_cell *whole(const movements_input *in)
{
    return bridge_all(in->window, 0);
}

void report_movements_title(strbuf *out, const movements_input *in)
{
    const bridge_cell *c = whole(in);
    const char *currency = in->currency;
    if (c->opening == 0 && c->closing == 0) {
        strbuf_printf(out, "No ARR from %s to %s", words_day(in->window->ends[0] + 1).text,
                      words_day(in->window->ends[1]).text);
        return;
    }
    const char *went = c->closing > c->opening   ? "rose"
                       : c->closing < c->opening ? "fell"
                                                 : "stayed";
    strbuf_printf(out,
                  "ARR %s from %s to %s: %s new and %s expansion against %s churn and %s "
                  "contraction",
                  went, words_money(c->opening, currency).text,
                  words_money(c->closing, currency).text,
                  words_money(c->minor[ARR_NEW], currency).text,
                  words_money(c->minor[ARR_EXPANSION], currency).text,
                  words_money(c->minor[ARR_CHURN], currency).text,
                  words_money(c->minor[ARR_CONTRACTION], currency).text);
}

/* --- tables --- */

enum { CELL_COLUMNS = 17, LEADING = 2 };

/* Behind the columns that name the row. */
static const doc_column cell_columns[CELL_COLUMNS] = {
    {.key = "opening", .label = "Opening", .type = CELL_MONEY},
    {.key = "new", .label = "New", .type = CELL_MONEY},
    {.key = "expansion", .label = "Expansion", .type = CELL_MONEY},
    {.key = "reactivation", .label = "Reactivation", .type = CELL_MONEY, .priority = 1},
    {.key = "contraction", .label = "Contraction", .type = CELL_MONEY},
    {.key = "churn", .label = "Churn", .type = CELL_MONEY},
    {.key = "closing", .label = "Closing", .type = CELL_MONEY},
    {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 2},
    {.key = "accounts_opening", .label = "Acc. before", .type = CELL_COUNT, .priority = 9},
    {.key = "accounts_new", .label = "Acc. new", .type = CELL_COUNT, .priority = 3},
    {.key = "accounts_churn", .label = "Acc. churned", .type = CELL_COUNT, .priority = 4},
    {.key = "accounts_expansion", .label = "Acc. expanded", .type = CELL_COUNT, .priority = 5},
    {.key = "accounts_contraction", .label = "Acc. shrank", .type = CELL_COUNT, .priority = 6},
    {.key = "accounts_reactivation", .label = "Acc. back", .type = CELL_COUNT, .priority = 7},
    {.key = "net", .label = "Net", .type = CELL_MONEY, .priority = 8},
    {.key = "from", .label = "From", .type = CELL_DATE, .priority = 10},
    {.key = "to", .label = "To", .type = CELL_DATE, .priority = 10},
};

/* Of the period that ends[0] and ends[1] bound. */
static void fill_cells(const bridge_cell *c, const day *ends, int origin, doc_cell *out)
{
    const doc_cell cells[CELL_COLUMNS] = {cell_money(c->opening),
                                          cell_money(c->minor[ARR_NEW]),
                                          cell_money(c->minor[ARR_EXPANSION]),
                                          cell_money(c->minor[ARR_REACTIVATION]),
                                          cell_money(c->minor[ARR_CONTRACTION]),
                                          cell_money(c->minor[ARR_CHURN]),
                                          cell_money(c->closing),
                                          cell_count((int64_t)c->accounts_closing),
                                          cell_count((int64_t)c->accounts_opening),
                                          cell_count((int64_t)c->accounts[ARR_NEW]),
                                          cell_count((int64_t)c->accounts[ARR_CHURN]),
                                          cell_count((int64_t)c->accounts[ARR_EXPANSION]),
                                          cell_count((int64_t)c->accounts[ARR_CONTRACTION]),
                                          cell_count((int64_t)c->accounts[ARR_REACTIVATION]),
                                          cell_money(c->closing - c->opening),
                                          cell_date(ends[0] + 1),
                                          cell_date(ends[1])};
    for (size_t i = 0; i < CELL_COLUMNS; i++) {
        out[i] = with_origin(cells[i], origin);
    }
}

static int origin_of(document *d)
{
    return document_provenance(
        d, "opening + new + expansion + reactivation - contraction - churn = closing, to the cent",
        "ARR ledger: one net movement of an account a day", NULL);
}

static const char *period_label(const movements_input *in, size_t p)
{
    char text[PERIOD_TEXT];
    calendar_label(in->calendar, calendar_period(in->calendar, in->periods->ends[p + 1]), text);
    const char *kept = arena_strdup(in->arena, text);
    return kept != NULL ? kept : "";
}

/* Is the last period cut off by the as-of date? */
static bool is_partial(const movements_input *in)
{
    day last = in->periods->ends[in->periods->n_periods];
    return last < calendar_end(in->calendar, calendar_period(in->calendar, last));
}

static doc_table *new_table(doc_section *s, const char *id, const char *caption,
                            const doc_column *leading, size_t n_leading)
{
    doc_column columns[CELL_COLUMNS + LEADING + 1];
    for (size_t i = 0; i < n_leading; i++) {
        columns[i] = leading[i];
    }
    for (size_t i = 0; i < CELL_COLUMNS; i++) {
        columns[n_leading + i] = cell_columns[i];
    }
    return doc_table_new(s, id, caption, columns, n_leading + CELL_COLUMNS);
}

static void put_notes(doc_table *t, const movements_input *in)
{
    const bridge *b = in->periods;
    doc_table_footnote(t, "Opening + new + expansion + reactivation - contraction - churn = "
                          "closing. An account counts once per kind and row.");
    if (is_partial(in)) {
        doc_table_footnote(t, "%s is not over: it ends here on %s.",
                           period_label(in, b->n_periods - 1),
                           words_day(b->ends[b->n_periods]).text);
    }
    if (in->without_brief) {
        doc_table_footnote(t, "Accounts that came and went within one calendar month are left "
                              "out.");
    }
    if (in->dated != NULL) {
        doc_table_footnote(t, "%s", in->dated);
    }
}

static void put_periods(document *d, doc_section *s, const movements_input *in)
{
    static const doc_column leading[] = {{.key = "period", .label = "Period", .type = CELL_TEXT}};
    doc_table *t = new_table(s, "movements", NULL, leading, 1);
    doc_cell cells[CELL_COLUMNS + 1];
    int origin = origin_of(d);
    const bridge *b = in->periods;
    for (size_t p = 0; p < b->n_periods; p++) {
        cells[0] = cell_text(period_label(in, p));
        fill_cells(bridge_all(b, p), &b->ends[p], origin, &cells[1]);
        doc_row(t, cells);
    }
    cells[0] = cell_text("Together");
    fill_cells(whole(in), in->window->ends, origin, &cells[1]);
    doc_row_total(t, cells);
    put_notes(t, in);
}

static const char *group_label(const movements_input *in, size_t g)
{
    return g < in->groups->n ? in->groups->labels[g] : "In no group";
}

/* Accounts in no group are shown only where there are any. */
static size_t shown_groups(const movements_input *in)
{
    const bridge_cell *rest = bridge_at(in->window, 0, in->groups->n);
    bool any = rest->opening != 0 || rest->closing != 0 || bridge_gains(rest) != 0;
    return in->groups->n + (any ? 1 : 0);
}

static void put_groups(document *d, doc_section *s, const movements_input *in)
{
    const doc_column leading[] = {
        {.key = "group", .label = in->groups->name, .type = CELL_TEXT},
    };
    doc_table *t = new_table(s, "movements", NULL, leading, 1);
    doc_cell cells[CELL_COLUMNS + 1];
    int origin = origin_of(d);
    for (size_t g = 0; g < shown_groups(in); g++) {
        cells[0] = cell_text(group_label(in, g));
        fill_cells(bridge_at(in->window, 0, g), in->window->ends, origin, &cells[1]);
        doc_row(t, cells);
    }
    cells[0] = cell_text("Together");
    fill_cells(whole(in), in->window->ends, origin, &cells[1]);
    doc_row_total(t, cells);
    doc_table_footnote(t, "From %s to %s.", words_day(in->window->ends[0] + 1).text,
                       words_day(in->window->ends[1]).text);
    put_notes(t, in);
    if (in->caution != NULL) {
        doc_table_footnote(t, "%s", SAFE(d, in->caution));
    }
}

static void put_group_periods(document *d, doc_section *s, const movements_input *in)
{
    const doc_column leading[] = {{.key = "period", .label = "Period", .type = CELL_TEXT},
                                  {.key = "group", .label = in->groups->name, .type = CELL_TEXT}};
    doc_table *t = new_table(s, "movements_by_period", "By period", leading, 2);
    doc_cell cells[CELL_COLUMNS + LEADING];
    int origin = origin_of(d);
    for (size_t p = 0; p < in->periods->n_periods; p++) {
        for (size_t g = 0; g < shown_groups(in); g++) {
            cells[0] = cell_text(period_label(in, p));
            cells[1] = cell_text(group_label(in, g));
            fill_cells(bridge_at(in->periods, p, g), &in->periods->ends[p], origin, &cells[2]);
            doc_row(t, cells);
        }
    }
    doc_table_fold(t);
}

/* --- charts --- */

static void put_bridge(doc_section *s, const movements_input *in)
{
    const bridge_cell *c = whole(in);
    const chart_theme theme = {.currency = in->currency};
    const chart_bridge_step steps[] = {
        {"Opening", (double)c->opening / 100, true},
        {"New", (double)c->minor[ARR_NEW] / 100, false},
        {"Expansion", (double)c->minor[ARR_EXPANSION] / 100, false},
        {"Reactivation", (double)c->minor[ARR_REACTIVATION] / 100, false},
        {"Contraction", -(double)c->minor[ARR_CONTRACTION] / 100, false},
        {"Churn", -(double)c->minor[ARR_CHURN] / 100, false},
        {"Closing", (double)c->closing / 100, true}};
    doc_chart(s, "bridge", "From opening to closing ARR",
              "A bridge from the ARR at the beginning over what came and went to the ARR at the "
              "end; the table has the figures.",
              chart_bridge(&theme, steps, sizeof steps / sizeof *steps, CHART_MONEY));
}

enum { FLOWS = ARR_KIND_COUNT };
static const struct {
    arr_kind kind;
    const char *name;
    double sign;
} flows[FLOWS] = {{ARR_NEW, "New", 1},
                  {ARR_EXPANSION, "Expansion", 1},
                  {ARR_REACTIVATION, "Reactivation", 1},
                  {ARR_CONTRACTION, "Contraction", -1},
                  {ARR_CHURN, "Churn", -1}};

/* ARR over the periods, named; its periods are NULL when there is no memory. */
static chart_time over_periods(const movements_input *in, const chart_series *series,
                               size_t n_series)
{
    size_t n = in->periods->n_periods;
    const char **names = ARENA_NEW(in->arena, n, const char *);
    for (size_t p = 0; names != NULL && p < n; p++) {
        names[p] = period_label(in, p);
    }
    return (chart_time){.periods = names,
                        .n_periods = n,
                        .series = series,
                        .n_series = n_series,
                        .format = CHART_MONEY,
                        .title = "ARR"};
}

static void put_flows(document *d, doc_section *s, const movements_input *in)
{
    /* Places fix the colours: blues and green add, orange and vermillion take away. */
    static const char *const colors[] = {"New", "Contraction", "Reactivation",
                                         "-",   "Churn",       "Expansion"};
    const chart_theme theme = {.currency = in->currency, .names = colors, .n_names = 6};
    size_t n = in->periods->n_periods;
    double *values = ARENA_NEW(in->arena, n * FLOWS, double);
    chart_series series[FLOWS];
    const chart_time t = over_periods(in, series, FLOWS);
    if (values == NULL || t.periods == NULL) {
        document_fail(d);
        return;
    }
    for (size_t k = 0; k < FLOWS; k++) {
        series[k] = (chart_series){.name = flows[k].name, .values = &values[k * n]};
        for (size_t p = 0; p < n; p++) {
            double x = (double)bridge_all(in->periods, p)->minor[flows[k].kind] / 100;
            values[k * n + p] = flows[k].sign * x;
        }
    }
    doc_chart(s, "flows", "What came and what went, by period",
              "Bars per period: new, expansion and reactivation above zero, contraction and churn "
              "below; the table has the figures.",
              chart_flows(&theme, &t));
}

static void put_closing(document *d, doc_section *s, const movements_input *in)
{
    size_t n = in->periods->n_periods;
    size_t n_groups = shown_groups(in);
    double *values = ARENA_NEW(in->arena, n * n_groups, double);
    chart_series *series = ARENA_NEW(in->arena, n_groups, chart_series);
    const chart_time t = over_periods(in, series, n_groups);
    const chart_theme theme = {
        .currency = in->currency, .names = in->groups->labels, .n_names = in->groups->n};
    if (values == NULL || t.periods == NULL || series == NULL) {
        document_fail(d);
        return;
    }
    for (size_t p = 0; p < n; p++) {
        for (size_t g = 0; g < n_groups; g++) {
            values[g * n + p] = (double)bridge_at(in->periods, p, g)->closing / 100;
        }
    }
    for (size_t g = 0; g < n_groups; g++) {
        series[g] = (chart_series){.name = group_label(in, g), .values = &values[g * n]};
    }
    doc_chart(s, "closing", "ARR at the end of each period",
              "Stacked bars of the ARR of each group at the end of each period; the table has the "
              "figures.",
              chart_stack(&theme, &t, false));
}

void report_movements(document *d, doc_section *parent, const movements_input *in)
{
    doc_section *s = document_section(d, parent, "movements", NULL);
    bool any = whole(in)->opening != 0 || bridge_gains(whole(in)) != 0;
    if (any) {
        put_bridge(s, in);
    }
    if (in->groups != NULL) {
        put_groups(d, s, in);
        if (any && in->groups->n > 0 && in->periods->n_periods > 1) {
            put_closing(d, s, in);
        }
        if (in->by_period) {
            put_group_periods(d, s, in);
        }
        return;
    }
    if (any && in->periods->n_periods > 1) {
        put_flows(d, s, in);
    }
    put_periods(d, s, in);
}

/* --- renewals --- */

static renewal_sum sum_due(const renewal_book *b, day from, day to)
{
    renewal_sum all = {0};
    for (size_t i = 0; i < b->n_accounts; i++) {
        renewal_sum one = renewals_due(b, i, from, to);
        all.due += one.due;
        all.won += one.won;
        all.lost += one.lost;
        all.open += one.open;
        all.due_minor += one.due_minor;
        all.won_minor += one.won_minor;
        all.lost_minor += one.lost_minor;
        all.open_minor += one.open_minor;
    }
    return all;
}

enum { RENEWAL_COLUMNS = 10 };

static void fill_renewal(const char *label, const renewal_sum *r, doc_cell *out)
{
    const doc_cell cells[RENEWAL_COLUMNS] = {
        cell_text(label),
        cell_count((int64_t)r->due),
        cell_count((int64_t)r->won),
        cell_count((int64_t)r->lost),
        cell_count((int64_t)r->open),
        cell_money(r->due_minor),
        cell_money(r->won_minor),
        cell_money(r->lost_minor),
        cell_money(r->open_minor),
        r->due_minor > 0 ? cell_share((double)r->won_minor / (double)r->due_minor)
                         : cell_empty("nothing was due")};
    for (size_t i = 0; i < RENEWAL_COLUMNS; i++) {
        out[i] = cells[i];
    }
}

void report_renewals(document *d, doc_section *parent, const movements_input *in,
                     const renewal_book *renewals)
{
    static const doc_column columns[RENEWAL_COLUMNS] = {
        {.key = "period", .label = "Period", .type = CELL_TEXT},
        {.key = "due", .label = "Due", .type = CELL_COUNT},
        {.key = "renewed", .label = "Renewed", .type = CELL_COUNT},
        {.key = "lost", .label = "Lost", .type = CELL_COUNT},
        {.key = "open", .label = "Open", .type = CELL_COUNT},
        {.key = "due_amount", .label = "Amount due", .type = CELL_MONEY},
        {.key = "renewed_amount", .label = "Renewed", .type = CELL_MONEY, .priority = 1},
        {.key = "lost_amount", .label = "Lost", .type = CELL_MONEY, .priority = 2},
        {.key = "open_amount", .label = "Open", .type = CELL_MONEY, .priority = 3},
        {.key = "retention", .label = "Renewed %", .type = CELL_SHARE}};
    doc_section *s = document_section(d, parent, "renewals", "Renewals due against renewed");
    const bridge *b = in->periods;
    if (renewals->n == 0) {
        doc_note(s, "missing", "Due and renewed need opportunities of kind renewal with a due_on.");
        return;
    }
    doc_table *t = doc_table_new(s, "renewals", NULL, columns, RENEWAL_COLUMNS);
    doc_cell cells[RENEWAL_COLUMNS];
    for (size_t p = 0; p < b->n_periods; p++) {
        renewal_sum one = sum_due(renewals, b->ends[p], b->ends[p + 1]);
        fill_renewal(period_label(in, p), &one, cells);
        doc_row(t, cells);
    }
    renewal_sum all = sum_due(renewals, b->ends[0], b->ends[b->n_periods]);
    fill_renewal("Together", &all, cells);
    doc_row_total(t, cells);
    doc_table_footnote(t, "By the day they are due; how they stand is what the data says today. "
                          "Renewed %% is renewal-base retention: amount renewed over amount due, "
                          "open ones among those due.");
    if (renewals->undated > 0) {
        doc_table_footnote(t, "%s without a due date not counted.",
                           words_things((int64_t)renewals->undated, "renewal").text);
    }
}
