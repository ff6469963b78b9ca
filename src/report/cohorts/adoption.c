/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/adoption.h"

#include <math.h>
#include <stdio.h>

#include "document/chart.h"
#include "report/report.h"

static const int shown[] = {1, 3, 6, 12};
enum { SHOWN = sizeof shown / sizeof shown[0], FIXED = 6, LINES_MAX = 6 };

static const adoption_curve *curve_of(const adoption_input *in, size_t row)
{
    const adoption *a = in->adoption;
    return in->feature == SIZE_MAX ? adoption_of(a, a->order[row], a->groups->n)
                                   : adoption_of(a, in->feature, row);
}

static size_t n_rows(const adoption_input *in)
{
    return in->feature == SIZE_MAX ? in->adoption->use->n_features : in->adoption->groups->n;
}

static const char *row_label(const adoption_input *in, size_t row)
{
    const adoption *a = in->adoption;
    if (in->feature == SIZE_MAX) {
        return a->use->names[a->order[row]];
    }
    return row == a->groups->n ? "All" : a->groups->labels[row];
}

void report_adoption_title(strbuf *out, const adoption_input *in)
{
    const adoption *a = in->adoption;
    size_t feature = in->feature != SIZE_MAX ? in->feature : a->order[0];
    const adoption_curve *c = adoption_of(a, feature, a->groups->n);
    if (!c->stated) {
        strbuf_printf(out, "Too few accounts were followed to tell how features are adopted");
    } else if (c->median_known) {
        strbuf_printf(out, "Half of the accounts use %s within %.1f months", a->use->names[feature],
                      c->median);
    } else if (c->by[12].known || c->by[3].known) {
        int age = c->by[12].known ? 12 : 3;
        strbuf_printf(out, "%s of the accounts use %s within %d months",
                      words_share(c->by[age].share).text, a->use->names[feature], age);
    } else {
        strbuf_printf(out, "%zu of %zu accounts have used %s", c->adopted, c->accounts,
                      a->use->names[feature]);
    }
    size_t last = a->order[a->use->n_features - 1];
    const adoption_curve *least = adoption_of(a, last, a->groups->n);
    if (in->feature == SIZE_MAX && last != feature && least->by[12].known) {
        strbuf_printf(out, "; %s reaches %s within 12 months", a->use->names[last],
                      words_share(least->by[12].share).text);
    }
}

/* --- table --- */

static void put_row(document *d, doc_table *t, const adoption_input *in, const char *label,
                    const adoption_curve *c, bool total)
{
    char too_few[WORDS_TEXT];
    (void)snprintf(too_few, sizeof too_few, "fewer than %zu accounts were followed",
                   in->minimum_accounts);
    int origin = document_provenance(
        d,
        "share of accounts that have used the feature by that age, those not seen that long "
        "counted as long as they were (Kaplan-Meier)",
        "usage", NULL);
    doc_cell cells[FIXED + SHOWN] = {cell_text(label), cell_count((int64_t)c->accounts),
                                     cell_count((int64_t)c->adopted)};
    size_t k = 3;
    for (size_t i = 0; i < SHOWN; i++) {
        const adoption_point *p = &c->by[shown[i]];
        cells[k++] = p->known ? with_origin(cell_share(p->share), origin)
                              : cell_empty(c->stated ? "not seen that long yet" : too_few);
    }
    const char *no_half = c->stated ? "half have not used it yet" : too_few;
    cells[k++] = c->median_known ? cell_number(c->median) : cell_empty(no_half);
    cells[k++] = c->low_known ? cell_number(c->low) : cell_empty(no_half);
    cells[k++] = c->high_known ? cell_number(c->high) : cell_empty(no_half);
    if (total) {
        doc_row_total(t, cells);
    } else {
        doc_row(t, cells);
    }
}

static void put_table(document *d, doc_section *s, const adoption_input *in)
{
    bool features = in->feature == SIZE_MAX;
    const doc_column columns[FIXED + SHOWN] = {
        {.key = features ? "feature" : "group",
         .label = features ? "Feature" : "Cohort",
         .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 1},
        {.key = "adopted", .label = "Used so far", .type = CELL_COUNT, .priority = 2},
        {.key = "by_1m", .label = "By 1 month", .type = CELL_SHARE, .priority = 1},
        {.key = "by_3m", .label = "3 months", .type = CELL_SHARE, .bar = true},
        {.key = "by_6m", .label = "6 months", .type = CELL_SHARE, .priority = 1},
        {.key = "by_12m", .label = "12 months", .type = CELL_SHARE, .bar = true},
        {.key = "median_months", .label = "Half by month", .type = CELL_NUMBER, .decimals = 1},
        {.key = "median_low", .label = "from", .type = CELL_NUMBER, .decimals = 1, .priority = 3},
        {.key = "median_high", .label = "to", .type = CELL_NUMBER, .decimals = 1, .priority = 3}};
    doc_table *t = doc_table_new(s, "adoption", NULL, columns, FIXED + SHOWN);
    for (size_t row = 0; row < n_rows(in); row++) {
        put_row(d, t, in, row_label(in, row), curve_of(in, row), false);
    }
    if (!features) {
        put_row(d, t, in, "All", curve_of(in, n_rows(in)), true);
    }
    doc_table_footnote(t,
                       "Shares by age of account; the clock starts at the account's first day or "
                       "when the feature appeared, whichever is later. From and to: 95 %%.");
}

/* --- curves --- */

static void put_curves(doc_section *s, const adoption_input *in)
{
    static const char *const months[ADOPTION_AGES] = {"0", "1", "2", "3",  "4",  "5", "6",
                                                      "7", "8", "9", "10", "11", "12"};
    double values[LINES_MAX][ADOPTION_AGES];
    chart_series series[LINES_MAX];
    size_t n = 0;
    for (size_t row = 0; row < n_rows(in) && n < LINES_MAX; row++) {
        const adoption_curve *c = curve_of(in, row);
        for (size_t m = 0; m < ADOPTION_AGES; m++) {
            values[n][m] = c->by[m].known ? c->by[m].share : (double)NAN;
        }
        if (c->stated) {
            series[n] = (chart_series){.name = row_label(in, row), .values = values[n]};
            n++;
        }
    }
    if (n == 0) {
        return;
    }
    chart_theme theme = {0};
    chart_time t = {.periods = months,
                    .n_periods = ADOPTION_AGES,
                    .series = series,
                    .n_series = n,
                    .format = CHART_SHARE,
                    .title = "Share of accounts that have used it, by months of age",
                    .from_zero = true};
    doc_chart(
        s, "curves", "How soon accounts take features up",
        "A line for each of the most adopted features, or cohorts, with the share of accounts "
        "that have used it by age; the table has the figures.",
        n > 1 ? chart_multiples(&theme, &t) : chart_lines(&theme, &t));
}

void report_adoption(document *d, doc_section *parent, const adoption_input *in)
{
    const adoption *a = in->adoption;
    doc_section *s = document_section(d, parent, "adoption", NULL);
    put_curves(s, in);
    put_table(d, s, in);
    if (a->left_out > 0 && a->use->recorded_from != DAY_MISSING) {
        doc_note(s, "note",
                 "%s started before %s, when usage begins, and %s left out: what %s had used by "
                 "then is not known.",
                 words_things((int64_t)a->left_out, "account").text,
                 words_day(a->use->recorded_from).text, a->left_out == 1 ? "is" : "are",
                 a->left_out == 1 ? "it" : "they");
    }
}
