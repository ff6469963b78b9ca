/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/capacity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/number.h"
#include "document/chart.h"
#include "report/report.h"

static double hours(int64_t minutes)
{
    return (double)minutes / MINUTES_PER_HOUR;
}

words words_hours(int64_t minutes)
{
    return words_things(words_whole(hours(minutes)), "hour");
}

const char *words_rhythm(int days, arena *a)
{
    const char *name = rhythm_name(days);
    return name != NULL ? name : arena_printf(a, "every %d days", days);
}

static int64_t there_are(const capacity_input *in)
{
    return in->hours_asked >= 0 ? in->hours_asked : in->c->available_total;
}

static bool are_known(const capacity_input *in)
{
    return in->hours_asked >= 0 || in->c->n_csms > in->c->n_unsaid;
}

void report_capacity_title(strbuf *out, const capacity_input *in)
{
    const capacity *c = in->c;
    strbuf_printf(out, "The next 12 months take %s", words_hours(c->all.total).text);
    if (in->hours_asked >= 0) {
        strbuf_printf(out, "; %s were asked about", words_hours(in->hours_asked).text);
    } else if (are_known(in)) {
        strbuf_printf(out, "; %s %s %s", words_things((int64_t)c->n_csms, "CSM").text,
                      c->n_csms == 1 ? "has" : "have",
                      words_count(words_whole(hours(c->available_total))).text);
    } else if (c->person > 0) {
        char people[NUMBER_TEXT];
        number_format(capacity_people(c, c->all.total), 1, people);
        strbuf_printf(out, ", the work of %s people with %g hours a month", people,
                      in->e->month_hours);
    }
}

/* --- hours by segment --- */

enum {
    H_SEGMENT,
    H_ACCOUNTS,
    H_VALUE,
    H_KINDS,
    H_TOTAL = H_KINDS + WORK_KINDS,
    H_PEOPLE,
    H_NOBODY,
    H_UNKNOWN,
    H_COLUMNS
};

static doc_table *hours_table(doc_section *s, const capacity_input *in)
{
    int decimals = hours(in->c->all.total) >= 1000.0 ? 0 : 1;
    doc_column columns[H_COLUMNS] = {
        [H_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [H_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 1},
        [H_VALUE] = {.key = "value",
                     .label = in->v->value_label != NULL ? in->v->value_label : "Value",
                     .type = CELL_MONEY,
                     .priority = 1},
        [H_KINDS + WORK_TOUCHPOINT] = {.key = "touchpoint_hours", .label = "Touchpoints"},
        [H_KINDS + WORK_REVIEW] = {.key = "review_hours", .label = "Reviews"},
        [H_KINDS + WORK_ONBOARDING] = {.key = "onboarding_hours", .label = "Onboarding"},
        [H_KINDS + WORK_RENEWAL] = {.key = "renewal_hours", .label = "Renewals"},
        [H_KINDS + WORK_TICKET] = {.key = "ticket_hours", .label = "Tickets"},
        [H_TOTAL] = {.key = "hours", .label = "Hours", .type = CELL_NUMBER, .bar = true},
        [H_PEOPLE] = {.key = "people", .label = "People", .type = CELL_NUMBER, .decimals = 1},
        [H_NOBODY] = {.key = "without_csm",
                      .label = "Without CSM",
                      .type = CELL_COUNT,
                      .priority = 3},
        [H_UNKNOWN] = {.key = "unknown_csm",
                       .label = "Unknown CSM",
                       .type = CELL_COUNT,
                       .priority = 4},
    };
    for (size_t k = 0; k < WORK_KINDS; k++) {
        columns[H_KINDS + k].type = CELL_NUMBER;
        columns[H_KINDS + k].priority = 2;
        columns[H_KINDS + k].decimals = decimals;
    }
    columns[H_TOTAL].decimals = decimals;
    return doc_table_new(s, "hours", NULL, columns, H_COLUMNS);
}

static void put_hours(doc_table *t, const capacity_input *in, const char *label,
                      const work_sum *sum, int origin, bool total)
{
    bool worth = in->v->value != NULL;
    doc_cell cells[H_COLUMNS] = {
        [H_SEGMENT] = cell_text(label),
        [H_ACCOUNTS] = cell_count((int64_t)sum->n_accounts),
        [H_VALUE] = worth ? cell_money(sum->value_minor) : cell_empty("no ARR and no orders"),
        [H_TOTAL] = with_origin(cell_number(hours(sum->total)), origin),
        [H_PEOPLE] = capacity_ratio(capacity_people(in->c, sum->total), "nobody's hours are known"),
        [H_NOBODY] = cell_count((int64_t)sum->n_nobody),
        [H_UNKNOWN] = in->csms->n > 0 ? cell_count((int64_t)sum->n_unknown)
                                      : cell_empty("needs a source 'csms'"),
    };
    for (size_t k = 0; k < WORK_KINDS; k++) {
        cells[H_KINDS + k] = cell_number(hours(sum->minutes[k]));
    }
    (total ? doc_row_total : doc_row)(t, cells);
}

static strata_status put_chart(doc_section *s, const capacity_input *in, arena *a,
                               strata_error *err)
{
    size_t n = in->e->n_segments;
    const char **labels = ARENA_NEW(a, n, const char *);
    double *time = ARENA_NEW(a, n, double);
    double *worth = ARENA_NEW(a, n, double);
    if (labels == NULL || time == NULL || worth == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (in->c->all.total <= 0 || in->c->all.value_minor <= 0) {
        return STRATA_OK;
    }
    for (size_t i = 0; i < n; i++) {
        const work_sum *sum = &in->c->by_segment[i];
        labels[i] = in->e->segments[i].label;
        time[i] = (double)sum->total / (double)in->c->all.total;
        worth[i] = fmax(0.0, (double)sum->value_minor / (double)in->c->all.value_minor);
    }
    const chart_theme theme = {
        .currency = report_currency(in->v->b), .names = labels, .n_names = n};
    const chart_measure measures[] = {
        {.title = "Share of the hours", .format = CHART_SHARE, .values = time},
        {.title = "Share of the value", .format = CHART_SHARE, .values = worth}};
    doc_chart(s, "hours", "Where the hours go, and where the value is",
              "Bars of each segment's share of hours and of value; the table has the hours.",
              chart_bars(&theme, labels, n, measures, 2));
    return STRATA_OK;
}

static void put_missing(doc_section *s, const capacity_input *in)
{
    const workload *w = in->w;
    if (w->renewals_assumed) {
        doc_note(s, "note",
                 "A renewal a year is assumed for every account; a source 'opportunities' with "
                 "renewals would say which are due.");
    }
    if (w->tickets_missing) {
        doc_note(s, "missing", "No hours for tickets: needs a source 'tickets'.");
    }
    if (w->complexity_missing) {
        doc_note(s, "note", "All accounts weigh alike: needs a column 'complexity' in accounts.");
    }
}

static strata_status put_by_segment(document *d, doc_section *parent, const capacity_input *in,
                                    arena *a, strata_error *err)
{
    char title[2 * WORDS_TEXT];
    int64_t gap = there_are(in) - in->c->all.total;
    double people = capacity_people(in->c, llabs(gap));
    char number[NUMBER_TEXT];
    number_format(people, 1, number);
    if (are_known(in) && !isnan(people)) {
        (void)snprintf(title, sizeof title, "%s %s for what is planned: %s people",
                       words_hours(llabs(gap)).text, gap < 0 ? "are missing" : "are to spare",
                       number);
    } else {
        (void)snprintf(title, sizeof title, "Hours in the 12 months ahead, by segment");
    }
    doc_section *s = document_section(d, parent, "hours", title);
    STRATA_TRY(put_chart(s, in, a, err));
    doc_table *t = hours_table(s, in);
    for (size_t i = 0; i < in->e->n_segments; i++) {
        int origin = report_segment_origin(
            d, in->v->b, in->e->def, (segment_code)i,
            "touchpoints, reviews, onboarding, renewals and tickets in the 12 months ahead, times "
            "the hours of each, times complexity over its mean (but for tickets)",
            "engagement, complexity, tenure, renewal_in, tickets_365d");
        put_hours(t, in, in->e->segments[i].label, &in->c->by_segment[i], origin, false);
    }
    put_hours(t, in, "All", &in->c->all, 0, true);
    put_missing(s, in);
    return STRATA_OK;
}

strata_status report_capacity(document *d, doc_section *parent, const capacity_input *in,
                              strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(report_capacity_engagement(d, parent, in, a, err));
    STRATA_TRY(put_by_segment(d, parent, in, a, err));
    report_capacity_split(d, parent, in);
    if (in->c->n_csms > 0) {
        return report_capacity_csms(d, parent, in, a, err);
    }
    doc_section *s = document_section(d, parent, "csms", "Whose hours these are is not known");
    doc_note(s, "missing",
             "Load of each CSM, and hours there are: needs a source 'csms' (csm_id, name, "
             "capacity_hours) and a column 'csm_id' in accounts.");
    return STRATA_OK;
}
