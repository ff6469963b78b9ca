/* SPDX-License-Identifier: Apache-2.0 */
/* What the account does: use, people, tickets. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/chart.h"
#include "persona/committee.h"
#include "report/brief/parts.h"

/* --- usage --- */

static void usage_title(brief *b, strbuf *out)
{
    double last = brief_number(b, FEATURE_LAST_SEEN);
    double events = brief_number(b, FEATURE_EVENTS_90D);
    double trend = brief_number(b, FEATURE_USAGE_TREND_90D);
    static const double flat = 0.05;
    if (isnan(last)) {
        strbuf_add(out, "Never seen in the product");
    } else if (!(events > 0.0)) {
        strbuf_printf(out, "Not seen in the product for %s", brief_time(words_whole(last)).text);
    } else if (isnan(trend)) {
        strbuf_printf(out,
                      "Used the product %s times in 90 days; there is no use before to "
                      "compare with",
                      words_count(words_whole(events)).text);
    } else if (fabs(trend) < flat) {
        strbuf_add(out, "Use is steady");
    } else {
        strbuf_printf(out, "Use %s %s in 90 days", trend > 0 ? "rose" : "fell",
                      words_share(fabs(trend)).text);
    }
}

static words people_of(double n)
{
    words w;
    (void)snprintf(w.text, sizeof w.text, "%.60s %s", words_count(words_whole(n)).text,
                   words_whole(n) == 1 ? "person" : "people");
    return w;
}

static void put_users(brief *b, doc_section *s)
{
    double users = brief_number(b, FEATURE_ACTIVE_USERS_30D);
    double seats = brief_named(b, "seats");
    double adoption = brief_number(b, FEATURE_ADOPTION);
    double last = brief_number(b, FEATURE_LAST_SEEN);
    STRBUF_AUTO strbuf line;
    strbuf_init(&line, 0);
    if (!isnan(users) && seats > 0) {
        strbuf_printf(&line, "%s used it in 30 days, of %s", people_of(users).text,
                      words_things(words_whole(seats), "seat").text);
    } else if (!isnan(users)) {
        strbuf_printf(&line, "%s used it in 30 days", people_of(users).text);
    }
    if (!isnan(adoption)) {
        strbuf_printf(&line, "%s%s of the features in 90 days",
                      line.len > 0 ? "; it used " : "It used ", words_share(adoption).text);
    }
    if (!isnan(last)) {
        strbuf_printf(&line, "%slast seen %s%s", line.len > 0 ? "; " : "",
                      brief_time(words_whole(last)).text, last > 0 ? " ago" : "");
    }
    if (line.len > 0) {
        doc_paragraph(s, "%s.", strbuf_text(&line));
    }
}

/* "Most used: reports (412), dashboards (200). exports fell from 80 to 3." */
static void put_features(brief *b, doc_section *s)
{
    enum { NAMED = 3, WORTH = 10 };
    const fact_use *fell = NULL;
    STRBUF_AUTO strbuf line;
    strbuf_init(&line, 0);
    for (size_t i = 0; i < b->f->n_uses; i++) {
        const fact_use *u = &b->f->uses[i];
        int64_t loss = u->before - u->events;
        bool much = u->before >= WORTH && loss * 2 > u->before;
        fell = much && (fell == NULL || loss > fell->before - fell->events) ? u : fell;
        if (i < NAMED && u->events > 0) {
            strbuf_printf(&line, "%s%s (%s)", i > 0 ? ", " : "", SAFE(b->d, u->feature),
                          words_count(u->events).text);
        }
    }
    if (line.len > 0) {
        doc_paragraph(s, "Used most in 90 days: %s.", strbuf_text(&line));
    }
    if (fell != NULL) {
        doc_paragraph(s, "%s fell from %s times to %s.", SAFE(b->d, fell->feature),
                      words_count(fell->before).text, words_count(fell->events).text);
    }
}

static void put_chart(brief *b, doc_section *s)
{
    double events[BRIEF_MONTHS];
    char texts[BRIEF_MONTHS][DAY_TEXT];
    const char *periods[BRIEF_MONTHS];
    bool any = false;
    for (size_t i = 0; i < BRIEF_MONTHS; i++) {
        events[i] = brief_line_at(b, BRIEF_EVENTS, i);
        any = any || events[i] > 0.0;
        day_format(b->in->dates->dates[b->in->dates->month_at[i]], texts[i]);
        texts[i][strlen("2026-06")] = '\0';
        periods[i] = texts[i];
    }
    if (!any) {
        return;
    }
    const chart_theme theme = {.currency = b->currency};
    const chart_series series = {.name = "Events in 30 days", .values = events};
    const chart_time time = {.periods = periods,
                             .n_periods = BRIEF_MONTHS,
                             .series = &series,
                             .n_series = 1,
                             .format = CHART_COUNT,
                             .title = "Events in the 30 days up to the end of the month",
                             .from_zero = true};
    doc_chart(s, "usage", "Use month by month",
              "Line of events in the 30 days up to each month end; the table has the figures.",
              chart_lines(&theme, &time));
}

strata_status brief_usage(brief *b, strata_error *err)
{
    if (brief_lacks(b, FEATURE_EVENTS_90D) != NULL) {
        brief_missing(b, "Usage", "a source `usage`");
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    usage_title(b, &title);
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(b->d, NULL, "usage", strbuf_text(&title));
    put_users(b, s);
    put_features(b, s);
    put_chart(b, s);
    return STRATA_OK;
}

/* --- people --- */

/* The missing roles that decide: "no champion and no technical buyer". */
static size_t put_missing_roles(const brief *b, strbuf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof committee_roles / sizeof *committee_roles; i++) {
        bool there = false;
        for (size_t k = 0; k < b->f->n_people; k++) {
            there |= b->f->people[k].active && b->f->people[k].role == committee_roles[i];
        }
        if (!there) {
            strbuf_printf(out, "%sno %s", n > 0 ? " and " : "",
                          committee_role_name(committee_roles[i]));
            n++;
        }
    }
    return n;
}

static void put_people(brief *b, doc_section *s)
{
    static const doc_column columns[] = {
        {.key = "role", .label = "Role", .type = CELL_TEXT},
        {.key = "title", .label = "Title", .type = CELL_TEXT},
        {.key = "state", .label = "Still there", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "people", NULL, columns, 3);
    for (size_t i = 0; i < b->f->n_people; i++) {
        const fact_person *p = &b->f->people[i];
        const char *gone =
            p->until != DAY_MISSING ? brief_say(b, "left on %s", words_day(p->until).text) : "left";
        doc_row(t, (doc_cell[]){cell_text(committee_role_name(p->role)),
                                p->title != NULL ? cell_text(p->title) : cell_empty("not shown"),
                                cell_text(p->active ? "yes" : gone)});
    }
    doc_table_footnote(t, "Names and addresses are left out; your CRM has them.");
}

strata_status brief_people(brief *b, strata_error *err)
{
    const brief_signs *x = &b->signs;
    if (brief_lacks(b, FEATURE_HAS_CHAMPION) != NULL) {
        brief_missing(b, "People", "a source `contacts`");
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf missing;
    STRBUF_AUTO strbuf title;
    strbuf_init(&missing, 0);
    strbuf_init(&title, 0);
    size_t n = put_missing_roles(b, &missing);
    if (x->active_people == 0) {
        strbuf_add(&title, "We know nobody there now");
    } else if (n > 0) {
        strbuf_printf(&title, "There is %s", strbuf_text(&missing));
    } else {
        strbuf_add(&title, "Everybody who decides is known");
    }
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(b->d, NULL, "people", strbuf_text(&title));
    if (x->active_people == 1) {
        doc_paragraph(s, "The account hangs by one person: there is one active contact.");
    } else if (x->active_people > 1) {
        doc_paragraph(s, "%s are active.", words_things((int64_t)x->active_people, "contact").text);
    }
    if (x->champion_left != DAY_MISSING) {
        doc_paragraph(s, "The last champion left on %s, and nobody has taken the role.",
                      words_day(x->champion_left).text);
    }
    if (b->f->n_people > 0) {
        put_people(b, s);
    }
    return STRATA_OK;
}

/* --- tickets --- */

typedef struct theme_count {
    const char *theme;
    size_t n, open;
} theme_count;

static int most_first(const void *left, const void *right)
{
    const theme_count *a = left;
    const theme_count *b = right;
    if (a->n != b->n) {
        return a->n > b->n ? -1 : 1;
    }
    return strcmp(a->theme, b->theme);
}

static void put_themes(brief *b, doc_section *s)
{
    enum { THEMES_MOST = 64, NAMED = 4 };
    theme_count themes[THEMES_MOST];
    size_t n = 0;
    STRBUF_AUTO strbuf line;
    strbuf_init(&line, 0);
    for (size_t i = 0; i < b->f->n_tickets; i++) {
        const fact_ticket *x = &b->f->tickets[i];
        size_t k = 0;
        while (k < n && x->theme != NULL && strcmp(themes[k].theme, x->theme) != 0) {
            k++;
        }
        if (x->theme == NULL || (k == n && n == THEMES_MOST)) {
            continue;
        }
        if (k == n) {
            themes[n++] = (theme_count){.theme = x->theme};
        }
        themes[k].n++;
        themes[k].open += x->closed == DAY_MISSING;
    }
    qsort(themes, n, sizeof *themes, most_first);
    for (size_t k = 0; k < n && k < NAMED; k++) {
        strbuf_printf(&line, "%s%s (%zu)", k > 0 ? ", " : "", SAFE(b->d, themes[k].theme),
                      themes[k].n);
    }
    if (n > 0) {
        doc_paragraph(s, "They were about: %s.", strbuf_text(&line));
    }
}

static void put_tickets(brief *b, doc_section *s)
{
    enum { SHOWN = 5 };
    static const char *const severities[] = {"low", "normal", "high", "urgent"};
    static const doc_column columns[] = {
        {.key = "opened", .label = "Opened", .type = CELL_DATE},
        {.key = "severity", .label = "Severity", .type = CELL_TEXT},
        {.key = "closed", .label = "Closed", .type = CELL_DATE},
        {.key = "theme", .label = "Theme", .type = CELL_TEXT},
        {.key = "text", .label = "In their words", .type = CELL_TEXT, .priority = 1}};
    size_t n_columns = 3;
    for (size_t i = 0; i < b->f->n_tickets; i++) {
        n_columns = b->f->tickets[i].text != NULL ? 5 : n_columns;
        n_columns = b->f->tickets[i].theme != NULL && n_columns < 4 ? 4 : n_columns;
    }
    doc_table *t = doc_table_new(s, "tickets", NULL, columns, n_columns);
    size_t shown = 0;
    for (int pass = 0; pass < 2; pass++) { /* open ones first, each newest first */
        for (size_t i = 0; i < b->f->n_tickets && shown < SHOWN; i++) {
            const fact_ticket *x = &b->f->tickets[i];
            if ((x->closed == DAY_MISSING) != (pass == 0)) {
                continue;
            }
            doc_row(
                t, (doc_cell[]){cell_date(x->opened), cell_text(severities[x->severity & 3U]),
                                x->closed != DAY_MISSING ? cell_date(x->closed) : cell_text("open"),
                                x->theme != NULL ? cell_text(x->theme) : cell_empty("none given"),
                                x->text != NULL ? cell_text(x->text) : cell_empty(NULL)});
            shown++;
        }
    }
}

/* What they answered to surveys, in their words where there are any. */
static void put_answer(brief *b, doc_section *s)
{
    const fact_answer *nps = b->signs.nps;
    if (nps != NULL) {
        doc_paragraph(s, "They last gave %.0f of 10, on %s%s%s%s.", nps->score,
                      words_day(nps->day).text, nps->text != NULL ? ": \"" : "",
                      nps->text != NULL ? SAFE(b->d, nps->text) : "",
                      nps->text != NULL ? "\"" : "");
    }
}

strata_status brief_tickets(brief *b, strata_error *err)
{
    const brief_signs *x = &b->signs;
    if (brief_lacks(b, FEATURE_TICKETS_365D) != NULL) {
        brief_missing(b, "Tickets", "a source `tickets`");
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    if (b->f->n_tickets == 0) {
        strbuf_add(&title, "No ticket in 12 months");
    } else {
        strbuf_printf(&title, "%s in 12 months, %zu of them serious, %zu open",
                      words_things((int64_t)b->f->n_tickets, "ticket").text, x->serious_tickets,
                      x->open_tickets);
    }
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(b->d, NULL, "tickets", strbuf_text(&title));
    put_themes(b, s);
    put_answer(b, s);
    if (b->f->n_tickets > 0) {
        put_tickets(b, s);
    }
    return STRATA_OK;
}
