/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/metrics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "document/chart.h"
#include "document/text.h"
#include "report/report.h"

static cell_type type_of(const metric_def *m)
{
    return m->unit == METRIC_LIFETIME ? CELL_MONEY : m->times ? CELL_NUMBER : CELL_SHARE;
}

static doc_cell typed_cell(cell_type type, double x)
{
    return type == CELL_MONEY    ? cell_money((int64_t)llround(x))
           : type == CELL_NUMBER ? cell_number(x)
                                 : cell_share(x);
}

doc_cell report_metric_cell(const metric_value *v)
{
    return v->known ? typed_cell(type_of(v->def), v->value) : cell_empty(v->why);
}

static words say_value(const metric_value *v, const char *currency)
{
    words w = {"not defined"};
    if (!v->known) {
        return w;
    }
    if (v->def->unit == METRIC_LIFETIME) {
        return words_money((int64_t)llround(v->value), currency);
    }
    if (!v->def->times) {
        return words_share(v->value);
    }
    number_format(v->value, 2, w.text);
    return w;
}

static words say_window(const metric_window *w)
{
    words out;
    words from = words_day(w->from);
    words to = words_day(w->to);
    (void)snprintf(out.text, sizeof out.text, "%.40s to %.40s", from.text, to.text);
    return out;
}

void report_metrics_title(strbuf *out, const metrics_input *in)
{
    static const struct {
        const char *metric, *label;
    } headline[] = {{"nrr", "NRR"}, {"grr", "GRR"}, {"logo_retention", "logo retention"}};
    size_t told = 0;
    for (size_t k = 0; in->groups == NULL && k < sizeof headline / sizeof *headline; k++) {
        for (size_t i = 0; i < in->n_defs; i++) {
            const metric_value *v = &in->values[i];
            if (strcmp(v->def->metric, headline[k].metric) == 0) {
                strbuf_printf(out, "%s%s %s", told++ > 0 ? ", " : "", headline[k].label,
                              say_value(v, in->currency).text);
                break;
            }
        }
    }
    strbuf_printf(out, "%s, %s", told > 0 ? "" : "Metrics", say_window(&in->setup->window).text);
}

/* --- the table --- */

enum { METRIC_COLUMNS = 13 };

static const char *unit_name(cell_type type)
{
    return type == CELL_MONEY ? "money" : type == CELL_NUMBER ? "times" : "share";
}

/* What numerator and denominator count; NULL: of lifetime value, which has two of each. */
static const char *count_name(const metric_def *m)
{
    static const char *const names[] = {[METRIC_MONEY] = "money",
                                        [METRIC_ACCOUNTS] = "accounts",
                                        [METRIC_DEALS] = "renewals",
                                        [METRIC_LIFETIME] = NULL};
    return names[m->unit];
}

/* Numerators and denominators are money or counts; lifetime value has two of each. */
static doc_cell sum_cell(const metric_def *m, int64_t sum)
{
    return m->unit == METRIC_MONEY ? cell_money(sum) : cell_count(sum);
}

static const char *formula_of(const metrics_input *in, const metric_value *v)
{
    const metric_def *m = v->def;
    const char *more = v->back ? m->with_back : m->without_back;
    const char *text =
        more != NULL ? arena_printf(in->arena, "%s; %s", m->formula, more) : m->formula;
    return text != NULL ? text : m->formula;
}

static const char *lifetime_parts(const metrics_input *in, const metric_value *v)
{
    return arena_printf(in->arena, "%s over %s, times %lld over %lld",
                        words_money(v->sum.num[0], in->currency).text,
                        words_things(v->sum.den[0], "account").text, (long long)v->sum.num[1],
                        (long long)v->sum.den[1]);
}

static void put_value(document *d, doc_table *t, const metrics_input *in, const metric_value *v,
                      const char *group)
{
    const metric_def *m = v->def;
    bool lifetime = m->unit == METRIC_LIFETIME;
    bool blank = lifetime || !v->known;
    const char *name = arena_printf(in->arena, "%s:%s", m->metric, m->dialect);
    int origin = document_provenance(
        d, formula_of(in, v), lifetime ? lifetime_parts(in, v) : say_window(&v->window).text, NULL);
    doc_cell cells[METRIC_COLUMNS + 1] = {
        cell_text(group),
        cell_text(m->label),
        cell_text(m->dialect_label),
        with_origin(report_metric_cell(v), origin),
        v->has_interval ? typed_cell(type_of(m), v->low) : cell_empty(NULL),
        v->has_interval ? typed_cell(type_of(m), v->high) : cell_empty(NULL),
        blank ? cell_empty(NULL) : sum_cell(m, v->sum.num[0]),
        blank ? cell_empty(NULL) : sum_cell(m, v->sum.den[0]),
        cell_count((int64_t)v->accounts),
        cell_date(v->window.from),
        cell_date(v->window.to),
        cell_text(name),
        cell_text(unit_name(type_of(m))),
        count_name(m) != NULL ? cell_text(count_name(m)) : cell_empty(NULL)};
    doc_row(t, in->groups != NULL ? cells : cells + 1);
}

static void put_extra(doc_table *t, const metrics_input *in, const metric_extra *x)
{
    const doc_cell none = cell_empty(NULL);
    doc_cell cells[METRIC_COLUMNS] = {
        cell_text(x->label),
        cell_text(x->dialect_label),
        x->known ? typed_cell(x->type, x->value) : cell_empty(x->why),
        none,
        none,
        none,
        none,
        none,
        cell_date(in->setup->window.from),
        cell_date(in->setup->window.to),
        cell_text(arena_printf(in->arena, "%s:%s", x->metric, x->dialect)),
        cell_text(unit_name(x->type)),
        none};
    doc_row(t, cells);
}

static void put_notes(document *d, doc_table *t, const metrics_input *in)
{
    doc_table_footnote(t,
                       "The model's dialect of NRR is %s; profiles, segments and reports state "
                       "NRR and GRR point to point over 12 months whichever it is.",
                       SAFE(d, in->model_dialect));
    if (in->churn_dated != NULL) {
        doc_table_footnote(t, "%s", in->churn_dated);
    }
    if (in->setup->without_brief) {
        doc_table_footnote(t, "Accounts that came and went within one calendar month count as "
                              "nothing in definitions by movements.");
    }
    doc_table_footnote(t, "Low and high: 95 %% interval; Wilson for shares of accounts, bootstrap "
                          "of accounts for money. Definitions whose numerator holds accounts that "
                          "the base does not have none.");
    if (in->caution != NULL) {
        doc_table_footnote(t, "%s", SAFE(d, in->caution));
    }
}

/* Every formula on a line of its own: in the table they would need a wide page. */
static void put_formulas(document *d, doc_section *parent, const metrics_input *in)
{
    static const doc_column columns[] = {
        {.key = "metric", .label = "Metric", .type = CELL_TEXT},
        {.key = "dialect", .label = "Dialect", .type = CELL_TEXT},
        {.key = "formula", .label = "Formula", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 1}};
    size_t n_groups = in->groups != NULL ? in->groups->n : 1;
    doc_section *s = document_section(d, parent, "formulas", "What each of them is");
    doc_table *t = doc_table_new(s, "formulas", NULL, columns, 4);
    for (size_t i = 0; i < in->n_defs && n_groups > 0; i++) {
        const metric_value *v = &in->values[i * n_groups];
        doc_cell cells[] = {
            cell_text(v->def->label), cell_text(v->def->dialect_label),
            cell_text(formula_of(in, v)),
            cell_text(arena_printf(in->arena, "%s:%s", v->def->metric, v->def->dialect))};
        doc_row(t, cells);
    }
    for (size_t i = 0; in->groups == NULL && i < in->n_extras; i++) {
        const metric_extra *x = &in->extras[i];
        doc_cell cells[] = {cell_text(x->label), cell_text(x->dialect_label), cell_text(x->formula),
                            cell_text(arena_printf(in->arena, "%s:%s", x->metric, x->dialect))};
        doc_row(t, cells);
    }
}

void report_metrics(document *d, doc_section *parent, const metrics_input *in)
{
    const doc_column columns[METRIC_COLUMNS + 1] = {
        {.key = "group",
         .label = in->groups != NULL ? in->groups->name : "Group",
         .type = CELL_TEXT},
        {.key = "metric", .label = "Metric", .type = CELL_TEXT},
        {.key = "dialect", .label = "Dialect", .type = CELL_TEXT},
        {.key = "value", .label = "Value", .type = CELL_SHARE, .decimals = 2},
        {.key = "low", .label = "Low", .type = CELL_SHARE, .decimals = 2, .priority = 1},
        {.key = "high", .label = "High", .type = CELL_SHARE, .decimals = 2, .priority = 1},
        {.key = "numerator", .label = "Numerator", .type = CELL_MONEY, .priority = 2},
        {.key = "denominator", .label = "Denominator", .type = CELL_MONEY, .priority = 2},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 4},
        {.key = "from", .label = "After", .type = CELL_DATE, .priority = 5},
        {.key = "to", .label = "Up to", .type = CELL_DATE, .priority = 5},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 6},
        {.key = "unit", .label = "Unit", .type = CELL_TEXT, .priority = 8},
        {.key = "count", .label = "Counts", .type = CELL_TEXT, .priority = 8}};
    size_t n_groups = in->groups != NULL ? in->groups->n : 1;
    size_t skip = in->groups != NULL ? 0 : 1;
    doc_section *s = document_section(d, parent, "metrics", NULL);
    doc_table *t = doc_table_new(s, "metrics", NULL, columns + skip, METRIC_COLUMNS + 1 - skip);
    for (size_t g = 0; g < n_groups; g++) {
        for (size_t i = 0; i < in->n_defs; i++) {
            put_value(d, t, in, &in->values[i * n_groups + g],
                      in->groups != NULL ? in->groups->labels[g] : "");
        }
    }
    for (size_t i = 0; in->groups == NULL && i < in->n_extras; i++) {
        put_extra(t, in, &in->extras[i]);
    }
    put_notes(d, t, in);
    put_formulas(d, parent, in);
}

/* --- trend --- */

typedef struct trend {
    const metrics_input *in;
    const metric_value *values;
    const day *days;
    size_t n;
    const char **names; /* of the days */
} trend;

enum { TREND_MOST = 40 }; /* definitions beside each other */

/* A row per day, a column per definition. */
static void put_trend_table(doc_section *s, const trend *x)
{
    doc_column columns[TREND_MOST + 1] = {{.key = "to", .label = "Up to", .type = CELL_DATE}};
    doc_cell cells[TREND_MOST + 1];
    size_t n_defs = x->in->n_defs < TREND_MOST ? x->in->n_defs : TREND_MOST;
    for (size_t i = 0; i < n_defs; i++) {
        const metric_def *m = &metric_defs[x->in->defs[i]];
        columns[i + 1] =
            (doc_column){.key = arena_printf(x->in->arena, "%s_%s", m->metric, m->dialect),
                         .label = arena_printf(x->in->arena, "%s %s", m->label, m->dialect_label),
                         .type = type_of(m),
                         .decimals = 2,
                         .priority = (int)i};
    }
    doc_table *t = doc_table_new(s, "trend", NULL, columns, n_defs + 1);
    for (size_t k = 0; k < x->n; k++) {
        cells[0] = cell_date(x->days[k]);
        for (size_t i = 0; i < n_defs; i++) {
            cells[i + 1] = report_metric_cell(&x->values[i * x->n + k]);
        }
        doc_row(t, cells);
    }
    doc_table_footnote(t, "Each over a time as long as the one above, up to the day; days whose "
                          "time begins before the first fact are left out.");
}

/* Lines of the shares that keep and of those that lose, each on a scale of its own. */
static void put_lines(document *d, doc_section *s, const trend *x, bool churn)
{
    size_t n_series = 0;
    chart_series *series = ARENA_NEW(x->in->arena, x->in->n_defs + 1, chart_series);
    double *y = ARENA_NEW(x->in->arena, x->in->n_defs * x->n + 1, double);
    const char **names = ARENA_NEW(x->in->arena, x->in->n_defs + 1, const char *);
    if (series == NULL || y == NULL || names == NULL) {
        document_fail(d);
        return;
    }
    for (size_t i = 0; i < x->in->n_defs; i++) {
        const metric_def *m = x->values[i * x->n].def;
        bool is_churn = strstr(m->metric, "churn") != NULL;
        if (type_of(m) != CELL_SHARE || is_churn != churn) {
            continue;
        }
        bool any = false;
        for (size_t k = 0; k < x->n; k++) {
            const metric_value *v = &x->values[i * x->n + k];
            y[i * x->n + k] = v->known ? v->value : NAN;
            any = any || v->known;
        }
        if (any) {
            names[n_series] = arena_printf(x->in->arena, "%s %s", m->label, m->dialect_label);
            series[n_series] = (chart_series){.name = names[n_series], .values = &y[i * x->n]};
            n_series++;
        }
    }
    const chart_theme theme = {.currency = x->in->currency, .names = names, .n_names = n_series};
    const chart_time t = {.periods = x->names,
                          .n_periods = x->n,
                          .series = series,
                          .n_series = n_series,
                          .format = CHART_SHARE,
                          .title = churn ? "Churn" : "Retention",
                          .from_zero = churn};
    if (n_series > 0) {
        doc_chart(s, churn ? "churn_trend" : "retention_trend",
                  churn ? "Churn over time" : "Retention over time",
                  "Lines of each definition at the ends of months; the table has the figures.",
                  chart_lines(&theme, &t));
    }
}

void report_metrics_trend(document *d, doc_section *parent, const metrics_input *in,
                          const metric_value *values, const day *days, size_t n)
{
    trend x = {.in = in, .values = values, .days = days, .n = n};
    x.names = ARENA_NEW(in->arena, n + 1, const char *);
    if (x.names == NULL) {
        document_fail(d);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        char text[DAY_TEXT];
        day_format(days[k], text);
        x.names[k] = arena_printf(in->arena, "%.7s", text);
    }
    doc_section *s = document_section(d, parent, "trend", "Over time");
    if (n > 1) {
        put_lines(d, s, &x, false);
        put_lines(d, s, &x, true);
    }
    put_trend_table(s, &x);
}
