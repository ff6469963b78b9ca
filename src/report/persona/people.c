/* SPDX-License-Identifier: Apache-2.0 */
/* How a persona is reached, who decides there, and what kind of buyer it is. */
#include <stdio.h>

#include "base/number.h"
#include "document/chart.h"
#include "report/persona/parts.h"

static const double LEVEL = 0.05;

/* --- preference --- */

static doc_cell response_cell(const preference_row *r, double value)
{
    return r->stated ? cell_share(value)
                     : cell_empty(r->known == 0 ? "nothing says whether they were answered"
                                                : "too few accounts to state a rate");
}

static void put_way(const persona_page *x, doc_table *t, const preference_row *r)
{
    int origin = document_provenance(
        x->d, "answered touchpoints over those that say whether they were answered",
        "touchpoints: responded", NULL);
    bool others =
        (double)r->others_accounts >= x->p->study->minimum_accounts && r->others_known > 0;
    doc_row(t,
            (doc_cell[]){cell_text(r->label), cell_count((int64_t)r->touches),
                         cell_count((int64_t)r->accounts),
                         with_origin(response_cell(r, r->response.share), origin),
                         response_cell(r, r->response.low), response_cell(r, r->response.high),
                         others ? cell_share((double)r->others_answered / (double)r->others_known)
                                : cell_empty("too few accounts elsewhere"),
                         r->against.done ? words_cell(t, words_p(r->against.p_holm))
                                         : cell_empty(r->against.why)});
}

static void say_best(doc_section *s, const char *what, const preference_row *best)
{
    if (best == NULL) {
        doc_bullet(s, "No %s is answered more than the others by the same accounts beyond chance.",
                   what);
        return;
    }
    char points[NUMBER_TEXT];
    number_format(best->against.effect * 100.0, 1, points);
    doc_bullet(s,
               "**%s** is answered most: %s of %s; by the same accounts %s points more than other "
               "%ss (%s, %s).",
               best->label, words_share(best->response.share).text,
               words_things((int64_t)best->known, "touchpoint").text, points, what,
               words_things((int64_t)best->both, "account").text,
               words_p(best->against.p_holm).text);
}

static void put_ways(const persona_page *x, doc_section *s, const char *id, const char *label,
                     const preference_row *rows, size_t n)
{
    const doc_column columns[] = {
        {.key = "way", .label = label, .type = CELL_TEXT},
        {.key = "touches", .label = "Touches", .type = CELL_COUNT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 2},
        {.key = "response", .label = "Answered", .type = CELL_SHARE, .bar = true},
        {.key = "response_low", .label = "from", .type = CELL_SHARE, .priority = 3},
        {.key = "response_high", .label = "to", .type = CELL_SHARE, .priority = 3},
        {.key = "response_elsewhere", .label = "Elsewhere", .type = CELL_SHARE},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 1}};
    doc_table *t = doc_table_new(s, id, NULL, columns, 8);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].touches > 0) {
            put_way(x, t, &rows[i]);
        }
    }
    doc_table_footnote(t, "p: answered more or less than the other rows by the same accounts, "
                          "corrected for all channels and days of all segments (Holm). From and "
                          "to: 95 %%.");
}

void persona_engagement(const persona_page *x)
{
    const preference *e = &x->p->preference;
    const preference_segment *one = &e->segments[x->s->code];
    doc_section *s = document_section(x->d, x->parent, "preference", "How they like to be reached");
    if (!e->known) {
        doc_note(s, "missing", "Needs touchpoints (source `touchpoints`) of the last %d months.",
                 x->p->months);
        return;
    }
    if ((double)one->accounts < x->p->study->minimum_accounts) {
        persona_too_few(s, x->p, one->accounts, " with touchpoints");
        return;
    }
    if (!e->has_answers) {
        doc_note(s, "missing", "Response needs touchpoints with the column `responded`.");
    } else {
        say_best(s, "channel", one->best_channel);
        say_best(s, "day", one->best_weekday);
        if (one->all.against.done && one->all.stated && one->all.others_known > 0) {
            bool differs = one->all.against.p_holm < LEVEL;
            doc_bullet(
                s, "All together: %s of %s answered, elsewhere %s; %s (%s).",
                words_share(one->all.response.share).text,
                words_things((int64_t)one->all.known, "touchpoint").text,
                words_share((double)one->all.others_answered / (double)one->all.others_known).text,
                differs ? "a difference beyond chance" : "the difference may be chance",
                words_p(one->all.against.p_holm).text);
        }
    }
    if (one->n_channels > 0) {
        put_ways(x, s, "channels", "Channel", one->channels, one->n_channels);
    } else {
        doc_note(s, "missing", "Channels need touchpoints with the column `channel`.");
    }
    put_ways(x, s, "weekdays", "Day", one->weekdays, WEEKDAYS);
}

/* --- who decides --- */

static void put_role(const persona_page *x, doc_table *t, contact_role r)
{
    const committee *c = &x->p->committee;
    const committee_segment *one = &c->segments[x->s->code];
    const committee_segment *all = &c->segments[c->n_segments];
    int origin = document_provenance(x->d, "accounts with an active contact in the role",
                                     "contacts: role, active_until", NULL);
    size_t hits = one->role[r].hits;
    doc_row(t, (doc_cell[]){cell_text(committee_role_name(r)),
                            with_origin(cell_count((int64_t)hits), origin),
                            with_origin(cell_count((int64_t)(one->accounts - hits)), origin),
                            words_cell(t, persona_share(x->p, hits, one->accounts)),
                            words_cell(t, persona_share(x->p, all->role[r].hits - hits,
                                                        all->accounts - one->accounts)),
                            one->against[r].done ? words_cell(t, words_p(one->against[r].p_holm))
                                                 : cell_empty(one->against[r].why)});
}

static void say_threads(const persona_page *x, doc_section *s, const committee_segment *one)
{
    doc_bullet(s, "**One active contact only:** %s%s%s.",
               persona_share(x->p, one->single.hits, one->accounts).text,
               x->p->profile->has_value ? ", worth " : "",
               x->p->profile->has_value ? words_money(one->single_value_minor, x->currency).text
                                        : "");
    doc_bullet(s, "**No active contact at all:** %s.",
               persona_share(x->p, one->none.hits, one->accounts).text);
    if (one->one_voice.of > 0) {
        doc_bullet(s,
                   "**One voice:** at %s that answered two or more surveys, every answer came from "
                   "the same contact.",
                   persona_share(x->p, one->one_voice.hits, one->one_voice.of).text);
    }
}

void persona_committee(const persona_page *x)
{
    static const doc_column columns[] = {
        {.key = "role", .label = "Role", .type = CELL_TEXT},
        {.key = "present", .label = "Present", .type = CELL_COUNT},
        {.key = "missing", .label = "Missing", .type = CELL_COUNT},
        {.key = "here", .label = "Here", .type = CELL_TEXT, .priority = 1},
        {.key = "elsewhere", .label = "Elsewhere", .type = CELL_TEXT, .priority = 1},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 2}};
    const committee *c = &x->p->committee;
    const committee_segment *one = &c->segments[x->s->code];
    doc_section *s = document_section(x->d, x->parent, "committee", "Who decides");
    if (!c->known) {
        doc_note(s, "missing", "Needs contacts with their role (source `contacts`).");
        return;
    }
    doc_table *t = doc_table_new(s, "roles", NULL, columns, 6);
    for (size_t i = 0; i < 3; i++) {
        put_role(x, t, committee_roles[i]);
    }
    say_threads(x, s, one);
}

/* --- buyers --- */

void persona_buyers(const persona_page *x)
{
    static const doc_column columns[] = {
        {.key = "type", .label = "Type of buyer", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "here", .label = "Here", .type = CELL_SHARE, .bar = true},
        {.key = "elsewhere", .label = "Elsewhere", .type = CELL_SHARE},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 1},
        {.key = "rule", .label = "Rule", .type = CELL_TEXT, .priority = 2}};
    const buyers *b = &x->p->buyers;
    doc_section *s = document_section(x->d, x->parent, "buyers", "What kind of buyer");
    if (b->why != NULL) {
        doc_note(s, "missing", "Types of buyer are left out: %s.", b->why);
        return;
    }
    const buyers_segment *one = &b->segments[x->s->code];
    words too_few = report_too_few(x->v->b);
    doc_table *t = doc_table_new(s, "buyers", NULL, columns, 6);
    for (size_t i = 0; i < b->n_types; i++) {
        const buyer_share *y = &one->types[i];
        int origin = document_provenance(x->d, "accounts of the first type whose rule holds",
                                         y->when != NULL ? y->when : "otherwise", NULL);
        doc_row(t,
                (doc_cell[]){
                    cell_text(y->label), with_origin(cell_count((int64_t)y->in.hits), origin),
                    report_rate_cell(y->in, too_few.text), report_rate_cell(y->out, too_few.text),
                    y->test.done ? words_cell(t, words_p(y->test.p_holm)) : cell_empty(y->test.why),
                    cell_text(y->when != NULL ? y->when : "otherwise")});
    }
    doc_table_footnote(t, "Rules of the model file (personas: buyers:), first match wins.");
}
