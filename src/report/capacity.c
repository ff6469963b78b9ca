/* SPDX-License-Identifier: Apache-2.0 */
#include "report/capacity.h"

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
    static const struct {
        int days;
        const char *word;
    } known[] = {{0, "none"},       {7, "weekly"},        {14, "fortnightly"}, {30, "monthly"},
                 {91, "quarterly"}, {182, "half-yearly"}, {365, "yearly"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].days == days) {
            return known[i].word;
        }
    }
    return arena_printf(a, "every %d days", days);
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

/* --- how each segment is looked after --- */

enum {
    E_SEGMENT,
    E_ACCOUNTS,
    E_TOUCH,
    E_CADENCE,
    E_REVIEWS,
    E_ONBOARDING,
    E_SUPPORT,
    E_HOURS,
    E_ACTUAL,
    E_SHARE,
    E_FROM,
    E_STATED,
    E_COLUMNS
};

/* Columns from here on are left out where they would say nothing. */
static bool any_stated_ratio(const engagement *e)
{
    for (size_t i = 0; i < e->n_segments; i++) {
        if (!isnan(e->segments[i].programme.accounts_per_csm)) {
            return true;
        }
    }
    return false;
}

static size_t engagement_columns(const engagement *e)
{
    return any_stated_ratio(e) ? E_COLUMNS : e->n_proposed > 0 ? E_STATED : E_FROM;
}

static doc_table *engagement_table(doc_section *s, const engagement *e)
{
    const doc_column columns[E_COLUMNS] = {
        [E_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [E_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        [E_TOUCH] = {.key = "touch", .label = "Touch", .type = CELL_TEXT},
        [E_CADENCE] = {.key = "cadence", .label = "Touchpoints", .type = CELL_TEXT, .priority = 1},
        [E_REVIEWS] = {.key = "reviews", .label = "Reviews", .type = CELL_TEXT, .priority = 2},
        [E_ONBOARDING] = {.key = "onboarding_days",
                          .label = "Onboarding",
                          .type = CELL_DAYS,
                          .priority = 3},
        [E_SUPPORT] = {.key = "support", .label = "Support", .type = CELL_TEXT, .priority = 4},
        [E_STATED] = {.key = "accounts_per_csm_stated",
                      .label = "Per CSM meant",
                      .type = CELL_NUMBER,
                      .priority = 5},
        [E_HOURS] = {.key = "accounts_per_csm_by_hours",
                     .label = "Per CSM by hours",
                     .type = CELL_NUMBER,
                     .priority = 1},
        [E_ACTUAL] = {.key = "accounts_per_csm_actual",
                      .label = "Per CSM now",
                      .type = CELL_NUMBER,
                      .priority = 1},
        [E_SHARE] = {.key = "time_share",
                     .label = "Share of time",
                     .type = CELL_SHARE,
                     .bar = true},
        [E_FROM] = {.key = "from", .label = "From", .type = CELL_TEXT, .priority = 6},
    };
    return doc_table_new(s, "engagement", NULL, columns, engagement_columns(e));
}

static const char *where_from(const capacity_input *in, const engaged_segment *s, arena *a)
{
    if (!s->proposed) {
        return "the model file";
    }
    char each[NUMBER_TEXT];
    number_format(s->hours_affordable, 1, each);
    return arena_printf(a,
                        "proposed: its share of %s pays %s hours a year for each account, and "
                        "%s touch is the most that fits",
                        in->v->value_label != NULL ? in->v->value_label : "value", each,
                        touch_level_names[s->touch]);
}

static doc_cell ratio_cell(double x, const char *why)
{
    return isnan(x) ? cell_empty(why) : cell_number(x);
}

static strata_status put_engaged(document *d, doc_table *t, const capacity_input *in, size_t i,
                                 arena *a, strata_error *err)
{
    const engaged_segment *s = &in->e->segments[i];
    const capacity *c = in->c;
    const char *cadence = words_rhythm(s->programme.cadence_days, a);
    const char *reviews = words_rhythm(s->programme.review_days, a);
    const char *from = where_from(in, s, a);
    if (cadence == NULL || reviews == NULL || from == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    double share =
        c->all.total > 0 ? (double)c->by_segment[i].total / (double)c->all.total : (double)NAN;
    const char *idle =
        s->touch == TOUCH_DIGITAL ? "digital: takes no hours of a CSM" : "nobody's hours are known";
    int by_hours = document_provenance(
        d, "hours of a mean CSM in 12 months over the hours of a mean account of the segment",
        "capacity_hours of csms, or engagement.month; engagement.hours", NULL);
    int actual =
        document_provenance(d,
                            "accounts in books over the people these take: each CSM counts "
                            "with the segment's share of the hours of their book",
                            "csm_id of accounts", NULL);
    const doc_cell cells[E_COLUMNS] = {
        [E_SEGMENT] = cell_text(s->label),
        [E_ACCOUNTS] = with_origin(cell_count((int64_t)s->n_accounts),
                                   report_segment_origin(d, in->v->b, in->e->def, (segment_code)i,
                                                         "accounts in the segment", NULL)),
        [E_TOUCH] = cell_text(touch_level_names[s->touch]),
        [E_CADENCE] = cell_text(cadence),
        [E_REVIEWS] = cell_text(reviews),
        [E_ONBOARDING] = cell_days(s->programme.onboarding_days),
        [E_SUPPORT] = cell_text(s->programme.support),
        [E_STATED] = ratio_cell(s->programme.accounts_per_csm, "the model file does not say"),
        [E_HOURS] = with_origin(ratio_cell(c->ratios[i].by_hours, idle), by_hours),
        [E_ACTUAL] = with_origin(
            ratio_cell(c->ratios[i].actual, s->touch == TOUCH_DIGITAL ? idle : "in no CSM's book"),
            actual),
        [E_SHARE] = cell_share(share),
        [E_FROM] = cell_text(from),
    };
    doc_row(t, cells);
    return STRATA_OK;
}

static strata_status put_engagement(document *d, doc_section *parent, const capacity_input *in,
                                    arena *a, strata_error *err)
{
    const engagement *e = in->e;
    char title[WORDS_TEXT];
    (void)snprintf(title, sizeof title, "How each segment is looked after: %s%s",
                   e->n_proposed == 0 ? "as the model file says" : "",
                   e->n_proposed == 0               ? ""
                   : e->n_proposed == e->n_segments ? "a proposal from the data"
                                                    : "partly a proposal from the data");
    doc_section *s = document_section(d, parent, "engagement", title);
    doc_table *t = engagement_table(s, e);
    for (size_t i = 0; i < e->n_segments; i++) {
        STRATA_TRY(put_engaged(d, t, in, i, a, err));
    }
    doc_paragraph(
        s,
        "Assumed for one account of mean complexity, from `engagement.hours` of the model "
        "file: a touchpoint takes %g hours, a review %g, onboarding %g, a renewal %g, a "
        "ticket %g.",
        e->hours[WORK_TOUCHPOINT], e->hours[WORK_REVIEW], e->hours[WORK_ONBOARDING],
        e->hours[WORK_RENEWAL], e->hours[WORK_TICKET]);
    return STRATA_OK;
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
        [H_PEOPLE] = ratio_cell(capacity_people(in->c, sum->total), "nobody's hours are known"),
        [H_NOBODY] = cell_count((int64_t)sum->n_nobody),
        [H_UNKNOWN] = cell_count((int64_t)sum->n_unknown),
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

/* --- hours by manager --- */

enum {
    M_ID,
    M_NAME,
    M_ACCOUNTS,
    M_VALUE,
    M_NEEDED,
    M_AVAILABLE,
    M_LOAD,
    M_LEFT,
    M_FROM,
    M_COLUMNS
};

static doc_table *csm_table(doc_section *s, const capacity_input *in)
{
    const doc_column columns[M_COLUMNS] = {
        [M_ID] = {.key = "csm_id", .label = "CSM", .type = CELL_TEXT},
        [M_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 1},
        [M_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        [M_VALUE] = {.key = "value",
                     .label = in->v->value_label != NULL ? in->v->value_label : "Value",
                     .type = CELL_MONEY,
                     .priority = 2},
        [M_NEEDED] = {.key = "hours", .label = "Hours needed", .type = CELL_NUMBER},
        [M_AVAILABLE] = {.key = "hours_available", .label = "Hours there are", .type = CELL_NUMBER},
        [M_LOAD] = {.key = "load", .label = "Load", .type = CELL_SHARE, .bar = true},
        [M_LEFT] = {.key = "hours_left", .label = "Left", .type = CELL_NUMBER, .priority = 3},
        [M_FROM] = {.key = "from", .label = "Hours from", .type = CELL_TEXT, .priority = 4},
    };
    return doc_table_new(s, "csms", NULL, columns, M_COLUMNS);
}

/* A row: a manager, those in nobody's book, or all. */
typedef struct csm_row {
    const char *id, *name, *from;
    const work_sum *sum;
    int64_t available; /* -1: none, or not known */
    bool total;
} csm_row;

static void put_csm(doc_table *t, const capacity_input *in, const csm_row *row)
{
    bool worth = in->v->value != NULL;
    bool known = row->available >= 0;
    doc_cell none = cell_empty(row->from);
    double share = row->available > 0 ? (double)row->sum->total / (double)row->available : NAN;
    const doc_cell cells[M_COLUMNS] = {
        [M_ID] = row->id != NULL ? cell_text(row->id) : cell_empty(NULL),
        [M_NAME] = cell_text(row->name),
        [M_ACCOUNTS] = cell_count((int64_t)row->sum->n_accounts),
        [M_VALUE] = worth ? cell_money(row->sum->value_minor) : cell_empty("no ARR and no orders"),
        [M_NEEDED] = cell_number(hours(row->sum->total)),
        [M_AVAILABLE] = known ? cell_number(hours(row->available)) : none,
        [M_LOAD] =
            row->available > 0 ? cell_share(share) : cell_empty(known ? "has no hours" : row->from),
        [M_LEFT] = known ? cell_number(hours(row->available - row->sum->total)) : none,
        [M_FROM] = row->from != NULL ? cell_text(row->from) : cell_empty(NULL),
    };
    (row->total ? doc_row_total : doc_row)(t, cells);
}

typedef struct loaded {
    size_t csm;
    double load; /* HUGE_VAL: work, and no hours */
} loaded;

static int by_load(const void *a, const void *b)
{
    const loaded *x = a;
    const loaded *y = b;
    if (x->load > y->load || x->load < y->load) {
        return x->load > y->load ? -1 : 1;
    }
    return x->csm < y->csm ? -1 : x->csm > y->csm;
}

static double load_of(const capacity *c, size_t i)
{
    if (c->available[i] > 0) {
        return (double)c->by_csm[i].total / (double)c->available[i];
    }
    return c->by_csm[i].total > 0 ? HUGE_VAL : 0.0;
}

static const char *hours_from(const capacity_input *in, size_t i)
{
    if (in->c->available[i] < 0) {
        return "neither capacity_hours nor engagement.month says";
    }
    return isnan(in->csms->items[i].capacity_hours) ? "assumed: engagement.month" : "csms";
}

static void put_rest(doc_table *t, const capacity_input *in)
{
    const capacity *c = in->c;
    if (c->nobody.n_accounts > 0) {
        put_csm(t, in, &(csm_row){.name = "(no CSM)", .sum = &c->nobody, .available = -1});
    }
    if (c->unknown.n_accounts > 0) {
        put_csm(t, in,
                &(csm_row){.name = "(CSM not in csms)", .sum = &c->unknown, .available = -1});
    }
    put_csm(t, in,
            &(csm_row){.name = "All",
                       .sum = &c->all,
                       .available = c->n_unsaid < c->n_csms ? c->available_total : -1,
                       .total = true});
}

static strata_status put_by_csm(document *d, doc_section *parent, const capacity_input *in,
                                arena *a, strata_error *err)
{
    const capacity *c = in->c;
    loaded *order = ARENA_NEW(a, c->n_csms + 1, loaded);
    size_t over = 0;
    if (order == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < c->n_csms; i++) {
        order[i] = (loaded){i, load_of(c, i)};
        over += order[i].load > 1.0;
    }
    qsort(order, c->n_csms, sizeof *order, by_load);
    char title[2 * WORDS_TEXT];
    if (over == 0) {
        (void)snprintf(title, sizeof title, "No CSM has more work than hours");
    } else {
        (void)snprintf(title, sizeof title, "%zu of %s %s more work than hours", over,
                       words_things((int64_t)c->n_csms, "CSM").text, over == 1 ? "has" : "have");
    }
    doc_section *s = document_section(d, parent, "csms", title);
    doc_table *t = csm_table(s, in);
    size_t shown = c->n_csms < in->limit ? c->n_csms : in->limit;
    for (size_t k = 0; k < shown; k++) {
        size_t i = order[k].csm;
        put_csm(t, in,
                &(csm_row){.id = in->csms->items[i].id,
                           .name = in->csms->items[i].name,
                           .from = hours_from(in, i),
                           .sum = &c->by_csm[i],
                           .available = c->available[i]});
    }
    put_rest(t, in);
    if (shown > 0 && shown < c->n_csms) {
        doc_table_footnote(t, "The %zu of %zu with the highest load; --limit shows more.", shown,
                           c->n_csms);
    }
    if (c->nobody.n_accounts + c->unknown.n_accounts > 0) {
        doc_paragraph(s,
                      "%s a year are in nobody's book: %s without a CSM, %s whose CSM the source "
                      "'csms' does not know.",
                      words_hours(c->nobody.total + c->unknown.total).text,
                      words_things((int64_t)c->nobody.n_accounts, "account").text,
                      words_count((int64_t)c->unknown.n_accounts).text);
    }
    return STRATA_OK;
}

strata_status report_capacity(document *d, doc_section *parent, const capacity_input *in,
                              strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(put_engagement(d, parent, in, a, err));
    STRATA_TRY(put_by_segment(d, parent, in, a, err));
    report_capacity_split(d, parent, in);
    if (in->c->n_csms > 0) {
        return put_by_csm(d, parent, in, a, err);
    }
    doc_section *s = document_section(d, parent, "csms", "Whose hours these are is not known");
    doc_note(s, "missing",
             "Load of each CSM, and hours there are: needs a source 'csms' (csm_id, name, "
             "capacity_hours) and a column 'csm_id' in accounts.");
    return STRATA_OK;
}
