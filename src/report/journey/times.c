/* SPDX-License-Identifier: Apache-2.0 */
/* How long accounts take from stage to stage. */
#include <math.h>
#include <stdio.h>

#include "document/chart.h"
#include "report/journey/parts.h"

enum { STAGES_MOST = MODEL_STAGES_MAX + 1 };

journey_stuck_sum journey_sum_stuck(const journey *j, size_t stage)
{
    journey_stuck_sum sum = {0};
    for (size_t k = 0; k < j->n_stuck; k++) {
        if (j->stuck[k].stage == stage) {
            sum.n++;
            sum.worth_minor += j->stuck[k].worth_minor;
        }
    }
    return sum;
}

words journey_median_words(const journey_time *t)
{
    words w;
    if (!t->stated) {
        (void)snprintf(w.text, sizeof w.text, "%zu of %zu", t->done, t->n);
    } else if (!t->median.reached) {
        (void)snprintf(w.text, sizeof w.text, "fewer than half");
    } else {
        (void)snprintf(w.text, sizeof w.text, "%.0f days", t->median.age);
    }
    return w;
}

const char *journey_worth_label(const view *v)
{
    return v->value != NULL ? v->value_label : "ARR";
}

doc_cell journey_worth_cell(const view *v, int64_t minor)
{
    return v->value != NULL ? cell_money(minor) : cell_empty("needs arr or orders");
}

static const journey_time *slowest(const journey *j, size_t *stage)
{
    const journey_time *found = NULL;
    for (size_t k = 0; k + 1 < j->paths.n_stages; k++) {
        const journey_time *t = &j->all.steps[k].onto_next;
        if (t->stated && t->median.reached &&
            (found == NULL || t->median.age > found->median.age)) {
            found = t;
            *stage = k;
        }
    }
    return found;
}

static void put_dots(const journey_page *p, doc_section *s)
{
    chart_dot dots[STAGES_MOST];
    char labels[STAGES_MOST][WORDS_TEXT];
    char notes[STAGES_MOST][WORDS_TEXT + 8];
    size_t n = 0;
    for (size_t k = 0; k + 1 < p->j->paths.n_stages; k++) {
        const journey_time *t = &p->j->all.steps[k].onto_next;
        if (!t->stated || !t->median.reached) {
            continue;
        }
        (void)snprintf(labels[n], sizeof labels[n], "%.60s", p->j->paths.stages[k].name);
        (void)snprintf(notes[n], sizeof notes[n], "n = %s", words_count((int64_t)t->n).text);
        dots[n] = (chart_dot){.label = labels[n],
                              .value = t->median.age,
                              .low = t->median.low_reached ? t->median.low : (double)NAN,
                              .high = t->median.high_reached ? t->median.high : (double)NAN,
                              .note = notes[n]};
        n++;
    }
    if (n > 0) {
        chart_theme theme = {0};
        doc_chart(s, "time_in_stage", "Days in a stage until the next, median",
                  "Dots with 95 % intervals by stage; the table has the figures.",
                  chart_dots(&theme, dots, n, CHART_COUNT, (double)NAN, NULL));
    }
}

static void put_curves(const journey_page *p, doc_section *s)
{
    static const char *const months[JOURNEY_AGES] = {"0", "1", "2", "3",  "4",  "5", "6",
                                                     "7", "8", "9", "10", "11", "12"};
    chart_series series[STAGES_MOST];
    double values[STAGES_MOST][JOURNEY_AGES];
    size_t n = 0;
    for (size_t k = 1; k < p->j->paths.n_stages; k++) {
        const journey_step *step = &p->j->all.steps[k];
        if (!step->from_start.stated) {
            continue;
        }
        for (size_t m = 0; m < JOURNEY_AGES; m++) {
            values[n][m] = step->by_month_known[m] ? step->by_month[m] : (double)NAN;
        }
        series[n] = (chart_series){.name = p->j->paths.stages[k].name, .values = values[n]};
        n++;
    }
    if (n > 0) {
        chart_theme theme = {0};
        chart_time time = {.periods = months,
                           .n_periods = JOURNEY_AGES,
                           .series = series,
                           .n_series = n,
                           .format = CHART_SHARE,
                           .title = "Share that came to the stage, by months since the start",
                           .from_zero = true,
                           .steps = true};
        doc_chart(s, "by_age", "Share of accounts that came to each stage, by months of age",
                  "Rising steps by stage; the table has median and 80 %.",
                  chart_lines(&theme, &time));
    }
}

static doc_cell days_cell(bool known, double days, const char *why)
{
    return known ? cell_days(days) : cell_empty(why);
}

static void put_row(const journey_page *p, doc_table *t, size_t k)
{
    const journey *j = p->j;
    const journey_time *x = &j->all.steps[k].onto_next;
    const km_median *m = &x->median;
    words few = report_too_few(p->v->b);
    const char *why = x->stated ? "fewer than half go on" : few.text;
    journey_stuck_sum stuck = journey_sum_stuck(j, k);
    int origin = document_provenance(p->d,
                                     "days from coming to this stage to coming to the next, "
                                     "Kaplan-Meier; those who skipped this stage left out",
                                     j->paths.stages[k + 1].when, NULL);
    doc_row(t,
            (doc_cell[]){cell_text(j->paths.stages[k].name), cell_text(j->paths.stages[k + 1].name),
                         cell_count((int64_t)x->n), cell_count((int64_t)x->done),
                         cell_count((int64_t)x->waiting), cell_count((int64_t)x->left),
                         with_origin(days_cell(x->stated && m->reached, m->age, why), origin),
                         days_cell(x->stated && m->low_reached, m->low, NULL),
                         days_cell(x->stated && m->high_reached, m->high, NULL),
                         days_cell(x->stated && x->p80_known, x->p80,
                                   x->stated ? "fewer than 80 % go on" : few.text),
                         j->paths.stages[k + 1].expected_days > 0
                             ? cell_days(j->paths.stages[k + 1].expected_days)
                             : cell_empty("the model states none"),
                         j->limit[k] > 0 ? cell_count((int64_t)stuck.n)
                                         : cell_empty("no time is known that is too long"),
                         j->limit[k] > 0 ? journey_worth_cell(p->v, stuck.worth_minor)
                                         : cell_empty("no time is known that is too long")});
}

void journey_put_times(const journey_page *p)
{
    static const doc_column columns[] = {
        {.key = "stage", .label = "In stage", .type = CELL_TEXT},
        {.key = "next", .label = "Until", .type = CELL_TEXT, .priority = 2},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 1},
        {.key = "went_on", .label = "Went on", .type = CELL_COUNT, .priority = 1},
        {.key = "still_there", .label = "Still there", .type = CELL_COUNT, .priority = 2},
        {.key = "left", .label = "Left", .type = CELL_COUNT, .priority = 3},
        {.key = "median_days", .label = "Days, median", .type = CELL_DAYS},
        {.key = "median_low", .label = "95 % from", .type = CELL_DAYS, .priority = 1},
        {.key = "median_high", .label = "to", .type = CELL_DAYS, .priority = 1},
        {.key = "p80_days", .label = "80 % within", .type = CELL_DAYS},
        {.key = "expected_days", .label = "Expected", .type = CELL_DAYS},
        {.key = "stuck", .label = "Stuck", .type = CELL_COUNT},
        {.key = "stuck_value", .label = "Their value", .type = CELL_MONEY, .priority = 1}};
    const journey *j = p->j;
    size_t stage = 0;
    const journey_time *longest = slowest(j, &stage);
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    if (longest != NULL) {
        strbuf_printf(&title, "%s takes longest: %s until %s, in the median",
                      j->paths.stages[stage].name, journey_median_words(longest).text,
                      j->paths.stages[stage + 1].name);
    } else {
        strbuf_add(&title, "Time in each stage");
    }
    doc_section *s = document_section(p->d, NULL, "time", strbuf_text(&title));
    put_dots(p, s);
    put_curves(p, s);
    doc_table *t = doc_table_new(s, "time", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t k = 0; k + 1 < j->paths.n_stages; k++) {
        put_row(p, t, k);
    }
}
