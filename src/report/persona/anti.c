/* SPDX-License-Identifier: Apache-2.0 */
/* Who leaves most, which accounts lack somebody, and how it was computed. */
#include <math.h>
#include <stdio.h>

#include "document/chart.h"
#include "report/persona/parts.h"

/* --- anti-personas --- */

static void put_rule(document *d, doc_table *t, const personas *p, const anti_rule *r)
{
    const pattern_effect *e = &r->tested;
    int origin =
        document_provenance(d,
                            "accounts that were customers a year ago and were so then: "
                            "still customers now, of all, in the half of the accounts that "
                            "the search has not seen",
                            r->expression, r->expression);
    doc_row(t,
            (doc_cell[]){
                cell_text(r->words),
                with_origin(words_cell(t, persona_share(p, e->kept_with, e->with)), origin),
                with_origin(words_cell(t, persona_share(p, e->kept_without, e->without)), origin),
                words_cell(t, persona_share(p, r->found.kept_with, r->found.with)),
                words_cell(t, words_p(r->p_holm)),
                cell_text(r->confirmed ? "confirmed" : "not confirmed"),
                cell_count((int64_t)r->accounts_now),
                p->profile->has_value ? cell_money(r->value_now_minor) : cell_empty(NULL),
                cell_text(r->expression)});
}

static void anti_title(strbuf *out, const anti_personas *a)
{
    if (a->confirmed > 0) {
        strbuf_printf(
            out, "%s of accounts that %s more often, confirmed on accounts the search had not seen",
            words_things((int64_t)a->confirmed, "profile").text,
            a->confirmed == 1 ? "leaves" : "leave");
    } else {
        strbuf_add(out, a->n > 0 ? "Profiles that leave more often were found, none was confirmed"
                                 : "No profile leaves more often beyond chance");
    }
}

static void put_anti_chart(doc_section *s, const anti_personas *a)
{
    chart_dot dots[ANTI_SHOWN];
    char notes[ANTI_SHOWN][WORDS_TEXT + 8];
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        const anti_rule *r = &a->items[i];
        if (!r->confirmed || r->tested.with == 0) {
            continue;
        }
        interval w = wilson_interval(r->tested.kept_with, r->tested.with);
        (void)snprintf(notes[n], sizeof notes[n], "n = %s",
                       words_count((int64_t)r->tested.with).text);
        dots[n] = (chart_dot){.label = r->expression,
                              .value = (double)r->tested.kept_with / (double)r->tested.with,
                              .low = w.low,
                              .high = w.high,
                              .note = notes[n]};
        n++;
    }
    chart_theme theme = {0};
    if (n > 1) {
        doc_chart(
            s, "anti", "Share that stayed 12 months, with 95 % intervals",
            "Dots of the share that stayed by profile; the line is that of all accounts.",
            chart_dots(&theme, dots, n, CHART_SHARE, (double)a->kept / (double)a->accounts, "all"));
    }
}

void persona_anti(document *d, const personas *p)
{
    const doc_column columns[] = {
        {.key = "profile", .label = "Profile a year ago", .type = CELL_TEXT},
        {.key = "stayed", .label = "Stayed", .type = CELL_TEXT},
        {.key = "stayed_others", .label = "Others", .type = CELL_TEXT},
        {.key = "stayed_found", .label = "Where found", .type = CELL_TEXT, .priority = 4},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 2},
        {.key = "state", .label = "", .type = CELL_TEXT},
        {.key = "accounts_now", .label = "So today", .type = CELL_COUNT},
        {.key = p->profile->has_arr ? "arr" : "spend_365d",
         .label = p->profile->has_arr ? "ARR" : "Spend 365 d",
         .type = CELL_MONEY,
         .priority = 1},
        {.key = "where", .label = "Expression", .type = CELL_TEXT, .priority = 3}};
    const anti_personas *a = &p->anti;
    if (a->why != NULL) {
        doc_section *none = document_section(d, NULL, "anti", "No search for anti-personas");
        doc_note(none, "missing", "Anti-personas are left out: %s.", a->why);
        return;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    anti_title(&title, a);
    doc_section *s = document_section(d, NULL, "anti", strbuf_text(&title));
    doc_paragraph(s,
                  "Searched: %s that were customers a year ago, %s of whom are now. %s were tried; "
                  "a profile is shown where at least one and a half times as many left as did "
                  "without it.",
                  words_things((int64_t)a->accounts, "account").text,
                  words_count((int64_t)a->kept).text,
                  words_things((int64_t)a->tried, "value").text);
    if (a->n == 0) {
        return;
    }
    put_anti_chart(s, a);
    doc_table *t = doc_table_new(s, "anti", NULL, columns, 9);
    bool attributes = false;
    for (size_t i = 0; i < a->n; i++) {
        put_rule(d, t, p, &a->items[i]);
        attributes = attributes || a->items[i].reads_attributes;
    }
    doc_table_footnote(t, "Found on one half of the accounts, shown on the other, which the search "
                          "has not seen; p is corrected for all profiles found (Holm). A profile "
                          "goes with leaving; it need not be its cause.");
    if (attributes) {
        doc_table_footnote(t, "Attributes have no past: they are read as they are now.");
    }
}

/* --- the map of roles --- */

enum { MAP_ROWS = 3, MAP_SEGMENTS = 40 };

static void put_map_chart(doc_section *s, const personas *p)
{
    size_t n = 0;
    const char *rows[MAP_SEGMENTS];
    const char *columns[MAP_ROWS];
    double values[MAP_SEGMENTS * MAP_ROWS];
    for (size_t r = 0; r < MAP_ROWS; r++) {
        columns[r] = committee_role_name(committee_roles[r]);
    }
    for (size_t i = 0; i < p->profile->n_segments && n < MAP_SEGMENTS; i++) {
        const segment_profile *one = &p->profile->segments[i];
        const committee_segment *c = &p->committee.segments[one->code];
        if (one->accounts == 0) {
            continue;
        }
        rows[n] = one->label;
        for (size_t r = 0; r < MAP_ROWS; r++) {
            share_figure f = c->role[committee_roles[r]];
            values[n * MAP_ROWS + r] = f.stated ? f.share : (double)NAN;
        }
        n++;
    }
    if (n == 0) {
        return;
    }
    chart_theme theme = {0};
    chart_grid grid = {.rows = rows,
                       .columns = columns,
                       .n_rows = n,
                       .n_columns = MAP_ROWS,
                       .values = values,
                       .format = CHART_SHARE};
    doc_chart(s, "role-map", "Share of accounts with an active contact in the role",
              "A matrix of roles by persona; the table has the figures.",
              chart_matrix(&theme, &grid));
}

static void put_map_row(document *d, doc_table *t, const personas *p, const char *label,
                        const committee_segment *c, bool total)
{
    int origin = document_provenance(d, "accounts with an active contact in the role, of all",
                                     "contacts: role, active_until", NULL);
    doc_cell cells[] = {cell_text(label),
                        cell_count((int64_t)c->accounts),
                        with_origin(words_cell(t, words_rate(c->role[ROLE_ECONOMIC])), origin),
                        with_origin(words_cell(t, words_rate(c->role[ROLE_TECHNICAL])), origin),
                        with_origin(words_cell(t, words_rate(c->role[ROLE_CHAMPION])), origin),
                        cell_count((int64_t)c->none.hits),
                        cell_count((int64_t)c->single.hits),
                        p->profile->has_value ? cell_money(c->no_champion_value_minor)
                                              : cell_empty(NULL)};
    if (total) {
        doc_row_total(t, cells);
    } else {
        doc_row(t, cells);
    }
}

void persona_role_map(document *d, const personas *p)
{
    static const doc_column columns[] = {
        {.key = "persona", .label = "Persona", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 1},
        {.key = "economic", .label = "Economic", .type = CELL_TEXT},
        {.key = "technical", .label = "Technical", .type = CELL_TEXT},
        {.key = "champion", .label = "Champion", .type = CELL_TEXT},
        {.key = "no_contact", .label = "No contact", .type = CELL_COUNT, .priority = 3},
        {.key = "one_contact", .label = "One contact", .type = CELL_COUNT},
        {.key = "no_champion_arr",
         .label = "Worth, no champion",
         .type = CELL_MONEY,
         .priority = 2}};
    const committee *c = &p->committee;
    if (!c->known) {
        doc_section *none = document_section(d, NULL, "committee", "Who decides is not known");
        doc_note(none, "missing", "Needs contacts with their role (source `contacts`).");
        return;
    }
    const committee_segment *all = &c->segments[c->n_segments];
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "%s hang by one contact, %s have no champion",
                  words_things((int64_t)all->single.hits, "account").text,
                  words_count((int64_t)(all->accounts - all->role[ROLE_CHAMPION].hits)).text);
    doc_section *s = document_section(d, NULL, "committee", strbuf_text(&title));
    put_map_chart(s, p);
    doc_table *t = doc_table_new(s, "roles", NULL, columns, 8);
    for (size_t i = 0; i < p->profile->n_segments; i++) {
        const segment_profile *one = &p->profile->segments[i];
        if (one->accounts > 0) {
            put_map_row(d, t, p, one->label, &c->segments[one->code], false);
        }
    }
    put_map_row(d, t, p, "All", all, true);
    doc_table_footnote(t, "Share of accounts with an active contact in the role. One contact: "
                          "exactly one is active.");
}

/* --- gaps --- */

static void missing_roles(strbuf *out, const account_committee *c)
{
    for (size_t i = 0; i < 3; i++) {
        if (!c->present[committee_roles[i]]) {
            strbuf_printf(out, "%s%s", out->len > 0 ? ", " : "",
                          committee_role_name(committee_roles[i]));
        }
    }
}

void persona_gaps(document *d, const personas *p, size_t most)
{
    static const doc_column columns[] = {
        {.key = "id", .label = "Account", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        {.key = "persona", .label = "Persona", .type = CELL_TEXT, .priority = 1},
        {.key = "arr", .label = "Worth", .type = CELL_MONEY},
        {.key = "missing", .label = "Missing", .type = CELL_TEXT},
        {.key = "contacts", .label = "Contacts", .type = CELL_COUNT},
        {.key = "champion_left", .label = "Champion left", .type = CELL_DATE, .priority = 3}};
    const committee *c = &p->committee;
    if (!c->known) {
        return;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "%s with a gap in the buying committee",
                  words_things((int64_t)c->n_gaps, "account").text);
    doc_section *s = document_section(d, NULL, "gaps", strbuf_text(&title));
    if (c->n_gaps == 0) {
        doc_paragraph(s, "Every account has an economic buyer, a technical buyer and a champion, "
                         "and more than one contact.");
        return;
    }
    const segment_code *codes = study_codes_now(p->study, p->profile->def);
    doc_table *t = doc_table_new(s, "gaps", NULL, columns, 7);
    for (size_t i = 0; i < c->n_gaps && i < most; i++) {
        const committee_gap *g = &c->gaps[i];
        const account_committee *a = &c->accounts[g->account];
        STRBUF_AUTO strbuf missing;
        strbuf_init(&missing, 0);
        missing_roles(&missing, a);
        doc_row(t,
                (doc_cell[]){
                    cell_text(p->study->v->p->ids[g->account]),
                    cell_text(p->study->v->p->names[g->account]),
                    cell_text(p->profile->def->labels[codes[g->account]]),
                    p->profile->has_value ? cell_money(g->value_minor) : cell_empty(NULL),
                    cell_text(missing.len > 0 ? strbuf_text(&missing) : "none; one contact only"),
                    cell_count((int64_t)a->contacts), cell_date(a->champion_left)});
    }
    if (c->n_gaps > most) {
        doc_table_footnote(t, "The %s worth most; --limit shows more.",
                           words_count((int64_t)most).text);
    }
}

/* --- method --- */

void persona_method(document *d, const personas *p)
{
    doc_section *s = document_section(d, NULL, "method", "How it was computed");
    doc_bullet(s, "Texts and touchpoints: %s to %s. Nothing dated later is read.",
               words_day(p->from).text, words_day(p->study->v->as_of).text);
    doc_bullet(s,
               "Themes and phrases: phrases of up to three words that begin and end with no stop "
               "word; an account counts once. Ranked by the weighted log-odds ratio with an "
               "informative Dirichlet prior (Monroe, Colaresi & Quinn 2008).");
    doc_bullet(s, "Never shown: e-mail and web addresses, numbers of five digits or more, names of "
                  "contacts (from their addresses, ids and titles) and of accounts.");
    doc_bullet(s,
               "Said of a persona only what %s or more of its accounts say, of at least %s that "
               "say anything.",
               words_count(words_whole(p->study->v->b->model->personas.minimum_support)).text,
               words_count(words_whole(p->study->minimum_accounts)).text);
    doc_bullet(s, "Response: shares of touches with intervals and tests by account (ratio "
                  "estimator, Cochran 1977).");
    doc_bullet(s,
               "Roles: contacts known by the as-of date whose active_until is missing or later.");
}
