/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "report/report.h"

static const double LEVEL = 0.05; /* of the corrected p */

static bool differs(const compare_row *row)
{
    if (row->test.done) {
        return row->test.p_holm < LEVEL;
    }
    return row->has_interval && (row->low > 0.0 || row->high < 0.0);
}

void report_compare_title(strbuf *out, const comparison *c)
{
    size_t n = 0;
    size_t of = 0;
    for (size_t i = 0; i < c->n_rows; i++) {
        of += c->rows[i].test.done || c->rows[i].has_interval;
        n += differs(&c->rows[i]);
    }
    strbuf_printf(out, "%s against %s: ", c->label_a, c->label_b);
    if (of == 0) {
        strbuf_add(out, "too few accounts to tell them apart");
    } else {
        strbuf_printf(out, "%zu of %zu measures differ beyond chance", n, of);
    }
}

static doc_cell value_cell(const compare_row *row, figure f, size_t hits, size_t n, words *counted)
{
    if (!f.known) {
        if (row->is_share && n > 0) {
            *counted = words_rate((share_figure){.hits = hits, .of = n});
            return cell_text(counted->text);
        }
        return cell_empty(f.why);
    }
    if (row->is_share || row->type == VALUE_BOOL) {
        return cell_share(f.x);
    }
    symbol sym = {.name = row->key, .type = row->type};
    return report_number_cell(&sym, f.x);
}

/* "+12.5 to +20.1 points", in the unit of the value. */
static void put_interval(strbuf *out, const compare_row *row)
{
    char low[NUMBER_TEXT];
    char high[NUMBER_TEXT];
    if (row->is_share || row->type == VALUE_SHARE) {
        number_format(row->low * 100.0, 1, low);
        number_format(row->high * 100.0, 1, high);
    } else {
        number_format(row->low, 1, low);
        number_format(row->high, 1, high);
    }
    strbuf_printf(out, "%s to %s%s", low, high,
                  row->is_share || row->type == VALUE_SHARE ? " points" : "");
}

static const char *feature_definition(const char *key)
{
    feature_id id = feature_find(key);
    return id != FEATURE_COUNT ? feature_get(id)->definition : NULL;
}

static void put_row(document *d, doc_table *t, const compare_row *row)
{
    words counted_a;
    words counted_b;
    words p = words_p(row->test.p_holm);
    strbuf interval STRBUF_AUTO;
    strbuf_init(&interval, 0);
    if (row->has_interval) {
        put_interval(&interval, row);
    }
    int origin = document_provenance(d, feature_definition(row->key), row->key, NULL);
    doc_cell cells[] = {
        cell_text(row->label),
        with_origin(value_cell(row, row->a, row->hits_a, row->n_a, &counted_a), origin),
        with_origin(value_cell(row, row->b, row->hits_b, row->n_b, &counted_b), origin),
        row->has_interval ? cell_text(strbuf_text(&interval)) : cell_empty(NULL),
        row->test.done ? cell_text(p.text) : cell_empty(NULL),
        cell_text(differs(row) ? "yes" : ""),
        row->n_a > 0 ? cell_count((int64_t)row->n_a) : cell_empty(NULL),
        row->n_b > 0 ? cell_count((int64_t)row->n_b) : cell_empty(NULL)};
    doc_row(t, cells);
}

void report_compare(document *d, doc_section *parent, const view *v, const comparison *c)
{
    const doc_column columns[] = {
        {.key = "measure", .label = "Measure", .type = CELL_TEXT},
        {.key = "a", .label = c->label_a, .type = CELL_NUMBER, .decimals = 1},
        {.key = "b", .label = c->label_b, .type = CELL_NUMBER, .decimals = 1},
        {.key = "interval", .label = "Difference, 95 %", .type = CELL_TEXT, .priority = 3},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 2},
        {.key = "differs", .label = "Differs", .type = CELL_TEXT, .priority = 1},
        {.key = "n_a", .label = "Known of", .type = CELL_COUNT, .priority = 4},
        {.key = "n_b", .label = "and of", .type = CELL_COUNT, .priority = 5}};
    doc_section *s = document_section(d, parent, "comparison", NULL);
    doc_table *t = doc_table_new(s, "comparison", NULL, columns, 8);
    const char *value = v->value_label != NULL ? v->value_label : "Value";
    doc_cell accounts[] = {cell_text("Accounts"),
                           cell_count((int64_t)c->accounts_a),
                           cell_count((int64_t)c->accounts_b),
                           cell_empty(NULL),
                           cell_empty(NULL),
                           cell_empty(NULL),
                           cell_empty(NULL),
                           cell_empty(NULL)};
    doc_row(t, accounts);
    if (v->value != NULL) {
        char label[WORDS_TEXT];
        (void)snprintf(label, sizeof label, "%s together", value);
        accounts[0] = cell_text(label);
        accounts[1] = cell_money(c->value_minor_a);
        accounts[2] = cell_money(c->value_minor_b);
        doc_row(t, accounts);
    }
    for (size_t i = 0; i < c->n_rows; i++) {
        put_row(d, t, &c->rows[i]);
    }
    doc_table_footnote(t, "Medians of accounts, or shares of them; NRR, GRR and churn are of the "
                          "accounts of a year ago.");
    doc_table_footnote(t, "p is corrected for all rows (Holm); a row differs when p is under 0.05. "
                          "NRR and GRR are ratios of sums and are not tested.");
}

/* --- two dates --- */

typedef struct date_row {
    const char *label;
    doc_cell then, now;
} date_row;

static void put_date_rows(doc_table *t, const date_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        doc_cell cells[] = {cell_text(rows[i].label), rows[i].then, rows[i].now};
        doc_row(t, cells);
    }
}

static doc_cell median_cell(const view *v, const profile_feature *f)
{
    if (f == NULL || (f->type != VALUE_BOOL && f->spread.n == 0)) {
        return cell_empty(NULL);
    }
    if (f->type == VALUE_BOOL) {
        return f->share.stated ? cell_share(f->share.share) : cell_empty(NULL);
    }
    return report_number_cell(&v->b->scope.symbols[f->slot], f->spread.median);
}

static const profile_feature *find_feature(const segment_profile *s, const char *name)
{
    for (size_t i = 0; s != NULL && i < s->n_features; i++) {
        if (strcmp(s->features[i].name, name) == 0) {
            return &s->features[i];
        }
    }
    return NULL;
}

static void put_sizes(doc_table *t, const profile *now, const segment_profile *s,
                      const segment_profile *then)
{
    const date_row rows[] = {
        {"Accounts", cell_count(then != NULL ? (int64_t)then->accounts : 0),
         cell_count((int64_t)s->accounts)},
        {"Share of accounts",
         then != NULL ? report_figure_cell(then->account_share, CELL_SHARE) : cell_empty(NULL),
         report_figure_cell(s->account_share, CELL_SHARE)},
        {now->has_arr ? "ARR together" : "Spend in 365 days together",
         cell_money(then != NULL ? then->value_minor : 0), cell_money(s->value_minor)},
        {now->has_arr ? "Share of ARR" : "Share of spend",
         then != NULL ? report_figure_cell(then->value_share, CELL_SHARE) : cell_empty(NULL),
         report_figure_cell(s->value_share, CELL_SHARE)}};
    put_date_rows(t, rows, now->has_value ? 4 : 2);
}

static void put_outcomes(doc_table *t, const segment_profile *s, const segment_profile *then,
                         const char *too_few)
{
    doc_cell none = cell_empty(NULL);
    const date_row rows[] = {{"NRR over the 12 months before",
                              then != NULL ? report_ratio_cell(then->nrr, too_few) : none,
                              report_ratio_cell(s->nrr, too_few)},
                             {"GRR over the 12 months before",
                              then != NULL ? report_ratio_cell(then->grr, too_few) : none,
                              report_ratio_cell(s->grr, too_few)},
                             {"Churned in the 12 months before",
                              then != NULL ? report_rate_cell(then->logo_churn, too_few) : none,
                              report_rate_cell(s->logo_churn, too_few)},
                             {"Expanded in the 12 months before",
                              then != NULL ? report_rate_cell(then->expanded, too_few) : none,
                              report_rate_cell(s->expanded, too_few)}};
    put_date_rows(t, rows, sizeof rows / sizeof rows[0]);
}

void report_compare_dates(document *d, doc_section *parent, const view *v, const profile *now,
                          const segment_profile *s, const profile *then,
                          const segment_profile *s_then)
{
    words too_few = report_too_few(v->b);
    char label_then[DAY_TEXT];
    char label_now[DAY_TEXT];
    day_format(then->as_of, label_then);
    day_format(now->as_of, label_now);
    const doc_column columns[] = {
        {.key = "measure", .label = "Measure", .type = CELL_TEXT},
        {.key = "then", .label = label_then, .type = CELL_NUMBER, .decimals = 1},
        {.key = "now", .label = label_now, .type = CELL_NUMBER, .decimals = 1}};
    doc_section *section = document_section(d, parent, "comparison", NULL);
    doc_table *t = doc_table_new(section, "comparison", NULL, columns, 3);
    put_sizes(t, now, s, s_then);
    if (now->has_arr) {
        put_outcomes(t, s, s_then, too_few.text);
    }
    for (size_t i = 0; i < s->n_features; i++) {
        const profile_feature *f = &s->features[i];
        doc_cell cells[] = {cell_text(f->label), median_cell(v, find_feature(s_then, f->name)),
                            median_cell(v, f)};
        doc_row(t, cells);
    }
    doc_table_footnote(t, "Features: medians of the accounts that were in the segment on each day, "
                          "or shares of them.");
}
