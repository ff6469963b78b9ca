/* SPDX-License-Identifier: Apache-2.0 */
#include "report/journey/journey.h"

#include <stdio.h>

#include "document/chart.h"
#include "report/journey/parts.h"

enum { STAGES_MOST = MODEL_STAGES_MAX + 1 };

/* The stage that the smallest share of those before it goes on to; 0: none can be stated. */
static size_t narrowest(const journey *j)
{
    size_t found = 0;
    for (size_t s = 1; s < j->paths.n_stages; s++) {
        const journey_step *steps = j->all.steps;
        if (steps[s].onward.stated &&
            (found == 0 || steps[s].onward.share < steps[found].onward.share)) {
            found = s;
        }
    }
    return found;
}

void report_journey_title(strbuf *out, const journey *j)
{
    size_t last = j->paths.n_stages - 1;
    size_t at = narrowest(j);
    const journey_step *steps = j->all.steps;
    if (j->all.followed == 0) {
        strbuf_add(out, "No account can be followed on its journey");
        return;
    }
    strbuf_printf(out, "%s %s came to %s", words_rate(steps[last].share).text,
                  steps[last].share.stated ? "of accounts" : "accounts",
                  j->paths.stages[last].name);
    if (at > 0) {
        strbuf_printf(out, "; the hardest step is from %s to %s, which %s take",
                      j->paths.stages[at - 1].name, j->paths.stages[at].name,
                      words_rate(steps[at].onward).text);
    }
}

/* --- the funnel --- */

static void put_funnel_chart(const journey_page *p, doc_section *s)
{
    const char *labels[STAGES_MOST];
    const char *texts[STAGES_MOST];
    double values[STAGES_MOST];
    char room[STAGES_MOST][WORDS_TEXT];
    const journey *j = p->j;
    for (size_t k = 0; k < j->paths.n_stages; k++) {
        const journey_step *step = &j->all.steps[k];
        labels[k] = j->paths.stages[k].name;
        values[k] = (double)step->got;
        (void)snprintf(room[k], sizeof room[k], "%.40s, %.40s",
                       words_count((int64_t)step->got).text, words_rate(step->share).text);
        texts[k] = room[k];
    }
    chart_theme theme = {0};
    chart_measure measure = {.title = "Accounts that came this far",
                             .format = CHART_COUNT,
                             .values = values,
                             .texts = texts};
    if (j->all.followed > 0) {
        doc_chart(s, "funnel", "Accounts that came to each stage",
                  "Bars of accounts by stage, in order; the table has the figures.",
                  chart_bars(&theme, labels, j->paths.n_stages, &measure, 1));
    }
}

static doc_cell bound_cell(share_figure f, double x)
{
    return f.stated ? cell_share(x) : cell_empty(NULL);
}

/* A stage that most pass without it is too strict, or in the wrong place. */
static void put_skipped(const journey_page *p, doc_section *s)
{
    const journey *j = p->j;
    for (size_t k = 1; k + 1 < j->paths.n_stages; k++) {
        const journey_step *step = &j->all.steps[k];
        if (2 * step->skipped > step->got && step->share.stated) {
            doc_bullet(s,
                       "%s of %s that came past **%s** never met `%s`: it may be too strict, or "
                       "stand in the wrong place.",
                       words_count((int64_t)step->skipped).text,
                       words_things((int64_t)step->got, "account").text,
                       SAFE(p->d, j->paths.stages[k].name), SAFE(p->d, j->paths.stages[k].when));
        }
    }
}

void journey_put_funnel(const journey_page *p)
{
    const doc_column columns[] = {
        {.key = "stage", .label = "Stage", .type = CELL_TEXT},
        {.key = "accounts", .label = "Came to it", .type = CELL_COUNT},
        {.key = "share", .label = "% of all", .type = CELL_SHARE, .bar = true},
        {.key = "share_low", .label = "95 % from", .type = CELL_SHARE, .priority = 2},
        {.key = "share_high", .label = "to", .type = CELL_SHARE, .priority = 2},
        {.key = "onward", .label = "% of stage before", .type = CELL_SHARE},
        {.key = "skipped", .label = "Skipped it", .type = CELL_COUNT, .priority = 2},
        {.key = "here", .label = "There now", .type = CELL_COUNT},
        {.key = "value", .label = journey_worth_label(p->v), .type = CELL_MONEY, .priority = 1},
        {.key = "slipped", .label = "Slipped", .type = CELL_COUNT, .priority = 3},
        {.key = "left", .label = "Left in it", .type = CELL_COUNT, .priority = 1},
        {.key = "when", .label = "Reached when", .type = CELL_TEXT, .priority = 4}};
    const journey *j = p->j;
    words too_few = report_too_few(p->v->b);
    doc_section *s = document_section(p->d, NULL, "funnel", "How far accounts come");
    if (p->template_name != NULL) {
        doc_note(s, "note",
                 "The model has no journey of its own: this is the one of the template '%s'. "
                 "`journey:` in the model states yours.",
                 p->template_name);
    }
    put_funnel_chart(p, s);
    doc_table *t = doc_table_new(s, "funnel", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t k = 0; k < j->paths.n_stages; k++) {
        const journey_step *step = &j->all.steps[k];
        const journey_stage *stage = &j->paths.stages[k];
        int origin = document_provenance(p->d,
                                         "accounts that reached this stage or a later one, ever, "
                                         "over the accounts followed",
                                         stage->when != NULL ? stage->when : "start", NULL);
        doc_row(
            t,
            (doc_cell[]){
                cell_text(stage->name), with_origin(cell_count((int64_t)step->got), origin),
                with_origin(report_rate_cell(step->share, too_few.text), origin),
                bound_cell(step->share, step->share.low), bound_cell(step->share, step->share.high),
                k == 0 ? cell_empty(NULL) : report_rate_cell(step->onward, too_few.text),
                cell_count((int64_t)step->skipped), cell_count((int64_t)step->here),
                journey_worth_cell(p->v, step->here_minor), cell_count((int64_t)step->slipped),
                cell_count((int64_t)step->gone),
                stage->when != NULL ? cell_text(stage->when) : cell_text("the account starts")});
    }
    doc_table_footnote(t, "Came to it: reached it or a later stage at any time, so young accounts "
                          "count as not yet there. Skipped it: came further without it. Slipped: "
                          "of those there now, its condition no longer holds. Left in it: its ARR "
                          "ended while this was the furthest stage.");
    put_skipped(p, s);
}

/* "Expanded: from 41.4 % (Education) to 53.5 % (Healthcare)"; the last stage is the yardstick. */
static void groups_title(strbuf *out, const journey *j)
{
    size_t last = j->paths.n_stages - 1;
    const journey_group *low = NULL;
    const journey_group *high = NULL;
    for (size_t g = 0; g < j->n_groups; g++) {
        const share_figure *f = &j->groups[g].steps[last].share;
        if (f->stated && (low == NULL || f->share < low->steps[last].share.share)) {
            low = &j->groups[g];
        }
        if (f->stated && (high == NULL || f->share > high->steps[last].share.share)) {
            high = &j->groups[g];
        }
    }
    if (low == high) {
        strbuf_printf(out, "The same by %s", j->grouped_by);
        return;
    }
    strbuf_printf(out, "By %s, from %s (%s)", j->grouped_by,
                  words_share(low->steps[last].share.share).text, low->label);
    strbuf_printf(out, " to %s (%s) came to %s", words_share(high->steps[last].share.share).text,
                  high->label, j->paths.stages[last].name);
}

static void put_groups_chart(const journey_page *p, doc_section *s)
{
    chart_dot dots[GROUPS_LEVELS_MAX + 2];
    char notes[GROUPS_LEVELS_MAX + 2][WORDS_TEXT];
    const journey *j = p->j;
    size_t last = j->paths.n_stages - 1;
    size_t n = 0;
    for (size_t g = 0; g < j->n_groups && n < GROUPS_LEVELS_MAX + 2; g++) {
        const share_figure *f = &j->groups[g].steps[last].share;
        if (f->stated) {
            (void)snprintf(notes[n], sizeof notes[n], "n = %.40s",
                           words_count((int64_t)f->of).text);
            dots[n] = (chart_dot){.label = j->groups[g].label,
                                  .value = f->share,
                                  .low = f->low,
                                  .high = f->high,
                                  .note = notes[n]};
            n++;
        }
    }
    if (n > 1) {
        char title[WORDS_TEXT];
        chart_theme theme = {0};
        (void)snprintf(title, sizeof title, "Share that came to %.60s", j->paths.stages[last].name);
        doc_chart(s, "groups", title,
                  "Dots with 95 % intervals by group; the table has the figures.",
                  chart_dots(&theme, dots, n, CHART_SHARE, j->all.steps[last].share.share, "all"));
    }
}

void journey_put_groups(const journey_page *p)
{
    const journey *j = p->j;
    if (j->n_groups == 0) {
        return;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    groups_title(&title, j);
    static const doc_column columns[] = {
        {.key = "group", .label = "Group", .type = CELL_TEXT},
        {.key = "stage", .label = "Stage", .type = CELL_TEXT},
        {.key = "accounts", .label = "Came to it", .type = CELL_COUNT},
        {.key = "of", .label = "Of", .type = CELL_COUNT},
        {.key = "share", .label = "%", .type = CELL_SHARE, .bar = true},
        {.key = "share_low", .label = "95 % from", .type = CELL_SHARE, .priority = 1},
        {.key = "share_high", .label = "to", .type = CELL_SHARE, .priority = 1},
        {.key = "onward", .label = "% of stage before", .type = CELL_SHARE, .priority = 1},
        {.key = "median_days", .label = "Days to it, median", .type = CELL_DAYS, .priority = 2}};
    words too_few = report_too_few(p->v->b);
    doc_section *s = document_section(p->d, NULL, "groups", strbuf_text(&title));
    put_groups_chart(p, s);
    doc_table *t = doc_table_new(s, "groups", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t g = 0; g < j->n_groups; g++) {
        for (size_t k = 1; k < j->paths.n_stages; k++) {
            const journey_step *step = &j->groups[g].steps[k];
            const km_median *median = &step->from_start.median;
            doc_row(t,
                    (doc_cell[]){
                        cell_text(j->groups[g].label), cell_text(j->paths.stages[k].name),
                        cell_count((int64_t)step->got), cell_count((int64_t)j->groups[g].followed),
                        report_rate_cell(step->share, too_few.text),
                        bound_cell(step->share, step->share.low),
                        bound_cell(step->share, step->share.high),
                        report_rate_cell(step->onward, too_few.text),
                        step->from_start.stated && median->reached
                            ? cell_days(median->age)
                            : cell_empty(step->from_start.stated ? "fewer than half get there"
                                                                 : too_few.text)});
        }
    }
    if (j->ungrouped > 0) {
        doc_paragraph(s, "%s followed are in no group.",
                      words_things((int64_t)j->ungrouped, "account").text);
    }
    if (p->caution != NULL) {
        doc_paragraph(s, "%s", SAFE(p->d, p->caution));
    }
}

/* --- the whole --- */

static void put_left_out(const journey_page *p, doc_section *s)
{
    const journey_paths *x = &p->j->paths;
    for (size_t k = 0; k < x->n_left_out; k++) {
        doc_note(s, "missing", "Stage %s is left out: its condition `%s` %s.",
                 SAFE(p->d, x->left_out[k].name), SAFE(p->d, x->left_out[k].when),
                 SAFE(p->d, x->left_out[k].why));
    }
}

void journey_put_method(const journey_page *p)
{
    const journey_paths *x = &p->j->paths;
    doc_section *s = document_section(p->d, NULL, "method", "How this was measured");
    put_left_out(p, s);
    bool week = x->step == JOURNEY_WEEK;
    doc_paragraph(s,
                  "Followed: %s that started on %s or later%s; %s started before%s. All were "
                  "looked at on %zu days, the end of each %s, each time with what was known then; "
                  "a stage is reached on the first such day on which its condition holds, so a "
                  "date is at most %s late. A stage once reached stays reached.",
                  words_things((int64_t)x->n_followed, "account").text, words_day(x->since).text,
                  x->since_given ? "" : ", when the data that the stages read begins",
                  words_count((int64_t)x->n_older).text,
                  x->n_unstarted > 0 ? ", and some have no known start" : "", x->n_dates,
                  week ? "week" : "month", week ? "6 days" : "a month");
    doc_paragraph(s, "Times are Kaplan-Meier estimates: whoever is still on the way counts as far "
                     "as it got, and whoever left is out of sight from that day on.");
}

strata_status report_journey(const journey_page *p, strata_error *err)
{
    journey_put_funnel(p);
    journey_put_groups(p);
    journey_put_times(p);
    STRATA_TRY(journey_put_stuck(p, err));
    journey_put_activation(p);
    journey_put_method(p);
    return STRATA_OK;
}
