/* SPDX-License-Identifier: Apache-2.0 */
/* What a persona leans on, what decided, what it is worth, and what is played. */
#include <math.h>
#include <stdio.h>

#include "document/chart.h"
#include "plan/plays/segment_plays.h"
#include "report/persona/parts.h"
#include "report/segments/segment_outcomes.h"

/* --- features --- */

static void put_lean(const persona_page *x, doc_table *t, const lean *l)
{
    int origin =
        document_provenance(x->d,
                            "accounts that used the feature in 90 days, over those that used "
                            "anything",
                            "usage", NULL);
    doc_row(
        t, (doc_cell[]){cell_text(l->feature), with_origin(cell_count((int64_t)l->in.hits), origin),
                        with_origin(cell_share(l->in.share), origin), cell_share(l->out.share),
                        cell_number(l->test.effect * 100.0), cell_number(l->difference.low * 100.0),
                        cell_number(l->difference.high * 100.0),
                        words_cell(t, words_p(l->test.p_holm))});
}

static void put_lean_chart(doc_section *s, const leans_segment *one)
{
    chart_dot dots[LEANS_SHOWN];
    char notes[LEANS_SHOWN][WORDS_TEXT + 16];
    for (size_t i = 0; i < one->n_more; i++) {
        const lean *l = &one->more[i];
        (void)snprintf(notes[i], sizeof notes[i], "elsewhere %s", words_share(l->out.share).text);
        dots[i] = (chart_dot){.label = l->feature,
                              .value = l->in.share,
                              .low = l->in.low,
                              .high = l->in.high,
                              .note = notes[i]};
    }
    chart_theme theme = {0};
    if (one->n_more > 1) {
        doc_chart(s, "leans", "Share of active accounts that use the feature, with 95 % intervals",
                  "Dots of use by feature; the table has the figures and those of other accounts.",
                  chart_dots(&theme, dots, one->n_more, CHART_SHARE, (double)NAN, NULL));
    }
}

void persona_leans(const persona_page *x)
{
    static const doc_column columns[] = {
        {.key = "feature", .label = "Feature", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 1},
        {.key = "here", .label = "Here", .type = CELL_SHARE, .bar = true},
        {.key = "elsewhere", .label = "Elsewhere", .type = CELL_SHARE},
        {.key = "points", .label = "Points", .type = CELL_NUMBER, .decimals = 1},
        {.key = "points_low", .label = "from", .type = CELL_NUMBER, .decimals = 1, .priority = 3},
        {.key = "points_high", .label = "to", .type = CELL_NUMBER, .decimals = 1, .priority = 3},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 2}};
    const leans *l = &x->p->leans;
    doc_section *s = document_section(x->d, x->parent, "features", "What they use");
    if (l->why != NULL) {
        doc_note(s, "missing", "Use by feature is left out: %s.", l->why);
        return;
    }
    const leans_segment *one = &l->segments[x->s->code];
    if (!one->enough) {
        persona_too_few(s, x->p, one->active, " active in 90 days");
        return;
    }
    if (one->n_more + one->n_less == 0) {
        doc_paragraph(s,
                      "No feature is used more or less than elsewhere beyond chance (%s active in "
                      "90 days, %s compared).",
                      words_things((int64_t)one->active, "account").text,
                      words_things((int64_t)l->features, "feature").text);
        return;
    }
    put_lean_chart(s, one);
    doc_table *t = doc_table_new(s, "features", NULL, columns, 8);
    for (size_t i = 0; i < one->n_more; i++) {
        put_lean(x, t, &one->more[i]);
    }
    for (size_t i = 0; i < one->n_less; i++) {
        put_lean(x, t, &one->less[i]);
    }
    doc_table_footnote(t,
                       "Of %s active in 90 days; %s compared, p corrected for all of them in all "
                       "segments (Holm).",
                       words_things((int64_t)one->active, "account").text,
                       words_things((int64_t)l->features, "feature").text);
}

/* --- decisions --- */

static void put_deals(const persona_page *x, doc_section *s, const decisions_segment *one)
{
    static const doc_column columns[] = {
        {.key = "deals", .label = "Deals decided", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 2},
        {.key = "won", .label = "Won here", .type = CELL_TEXT},
        {.key = "won_elsewhere", .label = "Elsewhere", .type = CELL_TEXT},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 1}};
    if (one->n_deals == 0) {
        doc_paragraph(s, "No deal of the accounts that were here a year ago was decided since.");
        return;
    }
    doc_table *t = doc_table_new(s, "deals", NULL, columns, 5);
    for (size_t i = 0; i < one->n_deals; i++) {
        const deal_row *r = &one->deals[i];
        int origin = document_provenance(x->d, "deals won over deals decided in 12 months",
                                         "opportunities: stage, due_on, competitor", NULL);
        doc_row(t,
                (doc_cell[]){cell_text(r->label), cell_count((int64_t)r->accounts),
                             with_origin(words_cell(t, persona_share(x->p, r->won, r->of)), origin),
                             words_cell(t, persona_share(x->p, r->others_won, r->others_of)),
                             r->test.done ? words_cell(t, words_p(r->test.p_holm))
                                          : cell_empty(r->test.why)});
    }
    doc_table_footnote(
        t, "Of accounts that were here a year ago, in the 12 months since; p by account, "
           "corrected for all rows of all segments (Holm).");
}

static void put_reasons(const persona_page *x, doc_section *s, const decisions_segment *one)
{
    static const doc_column columns[] = {
        {.key = "reason", .label = "Reason for leaving", .type = CELL_TEXT},
        {.key = "here", .label = "Here", .type = CELL_TEXT},
        {.key = "elsewhere", .label = "Elsewhere", .type = CELL_TEXT},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 1}};
    double least = x->v->b->model->personas.minimum_support;
    if ((double)one->churned < least) {
        doc_paragraph(s,
                      "Reasons for leaving: not enough data (%s that left and said why, %s "
                      "needed).",
                      words_things((int64_t)one->churned, "account").text,
                      words_count(words_whole(least)).text);
        return;
    }
    doc_table *t = doc_table_new(s, "reasons", NULL, columns, 4);
    for (size_t i = 0; i < one->n_reasons; i++) {
        const reason_row *r = &one->reasons[i];
        doc_row(t, (doc_cell[]){cell_text(r->reason),
                                words_cell(t, persona_counted(r->in, r->of_in, least)),
                                words_cell(t, persona_counted(r->out, r->of_out, least)),
                                r->test.done ? words_cell(t, words_p(r->test.p_holm))
                                             : cell_empty(r->test.why)});
    }
    doc_table_footnote(t, "Of accounts that were here a year ago, left since, and gave a reason.");
}

void persona_decisions(const persona_page *x)
{
    const decisions *z = &x->p->decisions;
    const decisions_segment *one = &z->segments[x->s->code];
    doc_section *s = document_section(x->d, x->parent, "decisions", "What decided");
    if (z->n_deals == 0) {
        doc_note(s, "missing", "Deals need opportunities with `stage` and `due_on`.");
    } else {
        put_deals(x, s, one);
    }
    if (z->n_churned == 0) {
        doc_note(
            s, "missing",
            "Nobody who left in these 12 months gave a reason (`reason` in the source of ARR).");
    } else {
        put_reasons(x, s, one);
    }
}

/* --- worth --- */

void persona_worth(const persona_page *x)
{
    const segment_profile *one = x->s;
    doc_section *s = document_section(x->d, x->parent, "worth", "What they are worth");
    if (!x->p->profile->has_arr) {
        doc_note(s, "missing", "Retention and lifetime value need ARR (source `arr`).");
        return;
    }
    report_segment_outcomes(
        x->d, s, "worth", &(segment_outcomes){.v = x->v, .one = one, .all = &x->p->profile->total});
    if (x->p->worth.why != NULL) {
        doc_note(s, "missing", "ARR per active user is left out: %s.", x->p->worth.why);
        return;
    }
    const worth_segment *w = &x->p->worth.segments[one->code];
    if ((double)w->per_user.n < x->p->study->minimum_accounts) {
        persona_too_few(s, x->p, w->per_user.n, " with ARR and active users");
        return;
    }
    doc_paragraph(
        s, "ARR per active user: median %s (half between %s and %s, %s), elsewhere %s%s%s%s.",
        words_value(w->per_user.median, VALUE_MONEY, x->currency).text,
        words_value(w->per_user.q1, VALUE_MONEY, x->currency).text,
        words_value(w->per_user.q3, VALUE_MONEY, x->currency).text,
        words_things((int64_t)w->per_user.n, "account").text,
        words_value(w->others_median, VALUE_MONEY, x->currency).text, w->test.done ? " (" : "",
        w->test.done ? words_p(w->test.p_holm).text : "", w->test.done ? ")" : "");
}

/* --- plays --- */

static void put_playbooks(const persona_page *x, doc_section *s, const segment_plays *plays)
{
    static const doc_column columns[] = {
        {.key = "playbook", .label = "Called for today", .type = CELL_TEXT},
        {.key = "here", .label = "Here", .type = CELL_TEXT},
        {.key = "elsewhere", .label = "Elsewhere", .type = CELL_TEXT},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 1},
        {.key = "step", .label = "First step", .type = CELL_TEXT, .priority = 2}};
    doc_table *t = doc_table_new(s, "persona_plays", NULL, columns, 5);
    for (size_t i = 0; i < plays->n; i++) {
        const segment_play *y = &plays->items[i];
        int origin = document_provenance(x->d, "accounts for which the playbook's trigger holds",
                                         y->p->trigger.text, NULL);
        doc_row(t,
                (doc_cell[]){
                    cell_text(y->p->title),
                    with_origin(words_cell(t, persona_share(x->p, y->in.hits, y->in.of)), origin),
                    words_cell(t, persona_share(x->p, y->out.hits, y->out.of)),
                    y->test.done ? words_cell(t, words_p(y->test.p_holm)) : cell_empty(y->test.why),
                    cell_text(y->p->steps[0].title)});
    }
    doc_table_footnote(t, "Accounts for which the playbook's trigger holds on the as-of date; p is "
                          "corrected for all playbooks of all segments (Holm). 'strata tasks' has "
                          "the steps by account.");
}

void persona_plays(const persona_page *x)
{
    doc_section *s = document_section(x->d, x->parent, "plays", "Plays");
    if (x->s->strategy != NULL) {
        doc_bullet(s, "**Strategy:** %s.", SAFE(x->d, x->s->strategy));
    }
    if (x->s->motion != NULL) {
        doc_bullet(s, "**Motion:** %s.", SAFE(x->d, x->s->motion));
    }
    if (x->s->strategy == NULL && x->s->motion == NULL) {
        doc_note(s, "missing",
                 "The model file says nothing to do here: `strategy` and `motion` of the tier "
                 "bring it.");
    }
    if (x->p->plays == NULL) {
        return;
    }
    const segment_plays *plays = &x->p->plays[x->s->code];
    if (plays->n > 0) {
        put_playbooks(x, s, plays);
    } else {
        doc_paragraph(
            s, "No playbook is called for by %s or more today.",
            words_things(words_whole(x->v->b->model->personas.minimum_support), "account").text);
    }
}
