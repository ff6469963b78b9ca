/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "document/chart.h"
#include "report/cohorts/metrics.h"
#include "report/report.h"

static bool is_money(const reconciliation *r)
{
    return r->a.def->unit == METRIC_LIFETIME;
}

/* An effect as it is said: points of a share, money, or a plain number. */
static words say_effect(const reconciliation *r, double x, const char *currency)
{
    char text[NUMBER_TEXT];
    words w;
    if (is_money(r)) {
        return words_money((int64_t)llround(x), currency);
    }
    number_format(r->a.def->times ? x : x * 100, 2, text);
    (void)snprintf(w.text, sizeof w.text, "%s%s", text, r->a.def->times ? "" : " points");
    return w;
}

static doc_cell effect_cell(const reconciliation *r, double x)
{
    return is_money(r) ? cell_money((int64_t)llround(x))
                       : cell_number(r->a.def->times ? x : x * 100);
}

/* Of lifetime values the first factor: ARR over accounts. */
static doc_cell num_cell(const reconciliation *r, int64_t sum)
{
    bool money = r->a.def->unit == METRIC_MONEY || is_money(r);
    return money ? cell_money(sum) : cell_count(sum);
}

static doc_cell den_cell(const reconciliation *r, int64_t sum)
{
    return r->a.def->unit == METRIC_MONEY ? cell_money(sum) : cell_count(sum);
}

/* "NRR Movement chart", with what its switch says where both sides are of one definition. */
static void say_side(strbuf *out, const reconciliation *r, const metric_value *v)
{
    strbuf_printf(out, "%s %s", v->def->label, v->def->dialect_label);
    if (r->a.def == r->b.def && r->a.back != r->b.back) {
        strbuf_printf(out, " with%s reactivation", v->back ? "" : "out");
    }
    if (r->a.by_notice != r->b.by_notice) {
        strbuf_printf(out, " with churn at the %s", v->by_notice ? "cancellation" : "end");
    }
}

static int largest_cause(const reconciliation *r)
{
    int best = -1;
    for (int c = 0; c < CAUSE_COUNT; c++) {
        if (r->causes[c].accounts > 0 &&
            (best < 0 || fabs(r->causes[c].effect) > fabs(r->causes[best].effect))) {
            best = c;
        }
    }
    return best;
}

void report_reconcile_title(strbuf *out, const char *currency, const reconciliation *r)
{
    int c = largest_cause(r);
    say_side(out, r, &r->a);
    strbuf_printf(out, " is %s %s than ", say_effect(r, fabs(r->difference), currency).text,
                  r->difference < 0 ? "lower" : "higher");
    say_side(out, r, &r->b);
    if (c < 0) {
        strbuf_add(out, ": every account counts alike in both");
        return;
    }
    strbuf_printf(out, ": most of it from %s that %s",
                  words_things((int64_t)r->causes[c].accounts, "account").text,
                  reconcile_cause_words((reconcile_cause)c));
}

/* --- the two definitions --- */

static void put_pair(document *d, doc_section *parent, const reconciliation *r)
{
    const bool lifetime = is_money(r);
    const doc_column columns[] = {
        {.key = "definition", .label = "Definition", .type = CELL_TEXT},
        {.key = "value", .label = "Value", .type = CELL_SHARE, .decimals = 2},
        {.key = "numerator", .label = lifetime ? "ARR" : "Numerator", .type = CELL_MONEY},
        {.key = "denominator", .label = lifetime ? "Accounts" : "Denominator", .type = CELL_MONEY},
        {.key = "formula", .label = "Formula", .type = CELL_TEXT, .priority = 1},
        {.key = "from", .label = "After", .type = CELL_DATE, .priority = 2},
        {.key = "to", .label = "Up to", .type = CELL_DATE, .priority = 2}};
    doc_section *s = document_section(d, parent, "definitions", NULL);
    doc_table *t = doc_table_new(s, "definitions", NULL, columns, 7);
    for (int side = 0; side < 2; side++) {
        const metric_value *v = side == 0 ? &r->a : &r->b;
        strbuf name STRBUF_AUTO;
        strbuf formula STRBUF_AUTO;
        strbuf_init(&name, 0);
        strbuf_init(&formula, 0);
        const char *more = v->back ? v->def->with_back : v->def->without_back;
        strbuf_printf(&name, "%s:%s%s", v->def->metric, v->def->dialect,
                      v->by_notice ? "+cancellation" : "");
        strbuf_printf(&formula, "%s%s%s", v->def->formula, more != NULL ? "; " : "",
                      more != NULL ? more : "");
        doc_cell cells[] = {cell_text(strbuf_text(&name)),    report_metric_cell(v),
                            num_cell(r, v->sum.num[0]),       den_cell(r, v->sum.den[0]),
                            cell_text(strbuf_text(&formula)), cell_date(v->window.from),
                            cell_date(v->window.to)};
        doc_row(t, cells);
    }
}

/* --- causes --- */

enum { CAUSE_COLUMNS = 10 };

static void cause_cells(const reconciliation *r, const reconcile_total *x, doc_cell *out)
{
    const doc_cell cells[] = {cell_count((int64_t)x->accounts),
                              effect_cell(r, x->effect),
                              num_cell(r, x->a.num[0]),
                              num_cell(r, x->b.num[0]),
                              num_cell(r, x->a.num[0] - x->b.num[0]),
                              den_cell(r, x->a.den[0]),
                              den_cell(r, x->b.den[0]),
                              den_cell(r, x->a.den[0] - x->b.den[0])};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        out[2 + i] = cells[i];
    }
}

/* From no difference over the causes to the whole. */
static void put_bridge(doc_section *s, const char *currency, const reconciliation *r)
{
    const chart_theme theme = {.currency = currency};
    chart_bridge_step steps[CAUSE_COUNT + 2];
    double unit = is_money(r) ? 0.01 : r->a.def->times ? 1 : 100;
    size_t n = 0;
    for (int c = 0; c < CAUSE_COUNT; c++) {
        if (r->causes[c].accounts > 0) {
            steps[n++] = (chart_bridge_step){.label = reconcile_cause_short((reconcile_cause)c),
                                             .value = r->causes[c].effect * unit};
        }
    }
    if (fabs(r->scale_effect) > 0) {
        steps[n++] = (chart_bridge_step){.label = "Broken months", .value = r->scale_effect * unit};
    }
    if (n > 0) {
        steps[n++] = (chart_bridge_step){
            .label = "Difference", .value = r->difference * unit, .total = true};
        doc_chart(s, "difference",
                  is_money(r) || r->a.def->times ? "The difference by cause"
                                                 : "The difference by cause, in points",
                  "A bridge over the causes to the whole difference; the table has the figures.",
                  chart_bridge(&theme, steps, n, is_money(r) ? CHART_MONEY : CHART_NUMBER));
    }
}

static void put_causes(document *d, doc_section *parent, const char *currency,
                       const reconciliation *r)
{
    const doc_column columns[CAUSE_COLUMNS] = {
        {.key = "why", .label = "Accounts that", .type = CELL_TEXT},
        {.key = "cause", .label = "Key", .type = CELL_TEXT, .priority = 5},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "effect",
         .label = is_money(r) || r->a.def->times ? "Effect" : "Points",
         .type = is_money(r) ? CELL_MONEY : CELL_NUMBER,
         .decimals = 3},
        {.key = "numerator_a", .label = "Num. A", .type = CELL_MONEY, .priority = 2},
        {.key = "numerator_b", .label = "Num. B", .type = CELL_MONEY, .priority = 2},
        {.key = "numerator_difference", .label = "A - B", .type = CELL_MONEY, .priority = 1},
        {.key = "denominator_a", .label = "Den. A", .type = CELL_MONEY, .priority = 4},
        {.key = "denominator_b", .label = "Den. B", .type = CELL_MONEY, .priority = 4},
        {.key = "denominator_difference", .label = "A - B", .type = CELL_MONEY, .priority = 3}};
    doc_section *s = document_section(d, parent, "causes", "Where the difference comes from");
    put_bridge(s, currency, r);
    doc_table *t = doc_table_new(s, "causes", NULL, columns, CAUSE_COLUMNS);
    doc_cell cells[CAUSE_COLUMNS];
    reconcile_total all = r->same;
    for (int c = 0; c < CAUSE_COUNT; c++) {
        if (r->causes[c].accounts > 0) {
            cells[0] = cell_text(reconcile_cause_words((reconcile_cause)c));
            cells[1] = cell_text(reconcile_cause_key((reconcile_cause)c));
            cause_cells(r, &r->causes[c], cells);
            doc_row(t, cells);
            all.accounts += r->causes[c].accounts;
        }
    }
    if (r->same.accounts > 0) {
        cells[0] = cell_text("count alike in both");
        cells[1] = cell_text("same");
        cause_cells(r, &r->same, cells);
        doc_row(t, cells);
    }
    if (fabs(r->scale_effect) > 0) {
        reconcile_total unit = {.effect = r->scale_effect};
        cells[0] = cell_text("(window is no whole number of months)");
        cells[1] = cell_text("window");
        cause_cells(r, &unit, cells);
        doc_row(t, cells);
    }
    all.a = r->a.sum;
    all.b = r->b.sum;
    all.effect = r->difference;
    cells[0] = cell_text("Together");
    cells[1] = cell_empty(NULL);
    cause_cells(r, &all, cells);
    doc_row_total(t, cells);
    doc_table_footnote(t, "Numerators and denominators add up exactly. An account's effect is its "
                          "difference of numerators over the mean of 1/denominators, less its "
                          "difference of denominators at the mean ratio (symmetric weights); the "
                          "effects add up to the difference.");
}

/* --- accounts --- */

static void put_accounts(document *d, doc_section *parent, const portfolio *p,
                         const metric_setup *m, const reconciliation *r, size_t most)
{
    const doc_column columns[] = {
        {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        {.key = "why", .label = "That", .type = CELL_TEXT},
        {.key = "cause", .label = "Key", .type = CELL_TEXT, .priority = 7},
        {.key = "effect",
         .label = is_money(r) || r->a.def->times ? "Effect" : "Points",
         .type = is_money(r) ? CELL_MONEY : CELL_NUMBER,
         .decimals = 3},
        {.key = "numerator_a", .label = "Num. A", .type = CELL_MONEY, .priority = 3},
        {.key = "numerator_b", .label = "Num. B", .type = CELL_MONEY, .priority = 3},
        {.key = "denominator_a", .label = "Den. A", .type = CELL_MONEY, .priority = 5},
        {.key = "denominator_b", .label = "Den. B", .type = CELL_MONEY, .priority = 5},
        {.key = "arr_from", .label = "ARR before", .type = CELL_MONEY, .priority = 1},
        {.key = "arr_to", .label = "ARR after", .type = CELL_MONEY, .priority = 1}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    size_t shown = most > 0 && most < r->n_rows ? most : r->n_rows;
    doc_section *s = document_section(d, parent, "accounts", "Accounts that count differently");
    doc_table *t = doc_table_new(s, "accounts", NULL, columns, COLUMNS);
    for (size_t i = 0; i < shown; i++) {
        const reconcile_row *x = &r->rows[i];
        doc_cell cells[COLUMNS] = {cell_text(p->ids[x->account]),
                                   cell_text(p->names[x->account]),
                                   cell_text(reconcile_cause_words(x->cause)),
                                   cell_text(reconcile_cause_key(x->cause)),
                                   effect_cell(r, x->effect),
                                   num_cell(r, x->a.num[0]),
                                   num_cell(r, x->b.num[0]),
                                   den_cell(r, x->a.den[0]),
                                   den_cell(r, x->b.den[0]),
                                   cell_money(arr_book_at(m->book, x->account, m->window.from)),
                                   cell_money(arr_book_at(m->book, x->account, m->window.to))};
        doc_row(t, cells);
    }
    if (shown < r->n_rows) {
        doc_table_footnote(t,
                           "The %s with the largest effects of %s; --limit 0, --format json and "
                           "csv list all.",
                           words_count((int64_t)shown).text, words_count((int64_t)r->n_rows).text);
    }
}

void report_reconcile(document *d, doc_section *parent, const portfolio *p, const metric_setup *s,
                      const reconciliation *r, size_t most)
{
    put_pair(d, parent, r);
    put_causes(d, parent, p->currency, r);
    if (r->n_rows > 0) {
        put_accounts(d, parent, p, s, r, most);
    }
}
