/* SPDX-License-Identifier: Apache-2.0 */
/* Who should be looked at for another segment, who is held back, and how the rules did. */
#include <math.h>
#include <string.h>

#include "report/migration/parts.h"

enum {
    C_ACCOUNT,
    C_NAME,
    C_VALUE,
    C_FROM,
    C_TO,
    C_BECAUSE,
    C_RENEWAL,
    C_HELD,
    C_RULE,
    C_VALUES,
    C_HELD_SAID,
    C_COLUMNS
};

static void put_candidate(doc_table *t, const migration_input *in, const migration_candidate *c)
{
    const portfolio *p = in->v->p;
    day renewal = isnan(c->renewal_in) ? DAY_MISSING : in->v->as_of + (day)lround(c->renewal_in);
    const char *held = migration_held_names(in, c->held);
    const char *held_said = migration_held_said(in, c);
    doc_row(t, (doc_cell[]){
                   [C_ACCOUNT] = cell_text(p->ids[c->account]),
                   [C_NAME] = cell_text(p->names[c->account]),
                   [C_VALUE] = in->v->value != NULL ? cell_money(c->value_minor) : cell_empty(NULL),
                   [C_FROM] = cell_text(migration_segment(in, c->from)),
                   [C_TO] = cell_text(migration_segment(in, c->to)),
                   [C_RULE] = cell_text(c->clause),
                   [C_VALUES] = cell_text(c->values),
                   [C_BECAUSE] = cell_text(c->said),
                   [C_RENEWAL] = cell_date(renewal),
                   [C_HELD] = held[0] != '\0' ? cell_text(held) : cell_empty(NULL),
                   [C_HELD_SAID] = held_said[0] != '\0' ? cell_text(held_said) : cell_empty(NULL)});
}

/* Items first .. first + n - 1, of which `most` are shown. */
static void put_list(doc_section *s, const migration_input *in, bool up)
{
    const migration_candidates *c = in->candidates;
    const doc_column columns[C_COLUMNS] = {
        [C_ACCOUNT] = {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        [C_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 4},
        [C_VALUE] = {.key = "value",
                     .label = in->v->value_label != NULL ? in->v->value_label : "Value",
                     .type = CELL_MONEY},
        [C_FROM] = {.key = "from", .label = "Now", .type = CELL_TEXT},
        [C_TO] = {.key = "to", .label = up ? "Up to" : "Down to", .type = CELL_TEXT},
        [C_RULE] = {.key = "clause", .label = "Rule", .type = CELL_TEXT, .data_only = true},
        [C_VALUES] = {.key = "values", .label = "Saw", .type = CELL_TEXT, .data_only = true},
        [C_BECAUSE] = {.key = "because", .label = "Because", .type = CELL_TEXT, .priority = 1},
        [C_RENEWAL] = {.key = "renewal_on", .label = "Renewal", .type = CELL_DATE, .priority = 2},
        [C_HELD] = {.key = "held_back", .label = "Held back by", .type = CELL_TEXT},
        [C_HELD_SAID] = {
            .key = "held_because", .label = "For", .type = CELL_TEXT, .data_only = true}};
    size_t first = up ? 0 : c->n_up;
    size_t n = up ? c->n_up : c->n_down;
    size_t shown = n < in->most ? n : in->most;
    const char *caption = SAY(in, "%s for %s", words_things((int64_t)n, "candidate").text,
                              up ? "the segment above" : "the segment below");
    doc_table *t =
        doc_table_new(s, up ? "candidates_up" : "candidates_down", caption, columns, C_COLUMNS);
    for (size_t i = 0; i < shown; i++) {
        put_candidate(t, in, &c->items[first + i]);
    }
    if (shown < n) {
        doc_table_footnote(t, "%zu more; --limit shows them. Those not held back come first.",
                           n - shown);
    }
}

/* Candidates that each exception holds back. */
static void put_held(document *d, doc_section *s, const migration_input *in)
{
    const model_tier_change *t = &in->v->b->model->tier_change;
    const migration_candidates *c = in->candidates;
    static const doc_column columns[] = {
        {.key = "exception", .label = "Held back by", .type = CELL_TEXT},
        {.key = "up", .label = "Up", .type = CELL_COUNT},
        {.key = "down", .label = "Down", .type = CELL_COUNT},
        {.key = "why", .label = "What to do instead", .type = CELL_TEXT, .priority = 1}};
    if (t->n_exceptions == 0 || c->n == 0) {
        return;
    }
    doc_table *table = doc_table_new(s, "held_back", "What holds candidates back", columns, 4);
    for (size_t k = 0; k < t->n_exceptions; k++) {
        int64_t n[2] = {0, 0};
        for (size_t i = 0; i < c->n; i++) {
            n[c->items[i].up] += (c->items[i].held >> k & 1U) != 0;
        }
        const char *lacks = migration_rule_lacks(in->v->b, in->v->b->migration.exceptions[k]);
        const char *why = t->exceptions[k].why;
        int origin = document_provenance(d, "candidates for whom the exception holds",
                                         t->exceptions[k].when.text, t->exceptions[k].when.text);
        doc_row(
            table,
            (doc_cell[]){cell_text(t->exceptions[k].name),
                         lacks != NULL ? cell_empty(lacks) : with_origin(cell_count(n[1]), origin),
                         lacks != NULL ? cell_empty(lacks) : with_origin(cell_count(n[0]), origin),
                         why != NULL ? cell_text(why) : cell_empty(NULL)});
    }
    doc_table_footnote(table, "An account may be held back by several.");
}

/* --- how the rules did --- */

static void put_hit_row(doc_table *t, const char *label, const migration_hit *h, const char *few)
{
    bool both = h->with.stated && h->without.stated;
    doc_row(t, (doc_cell[]){cell_text(label), cell_count((int64_t)h->with.of),
                            report_rate_cell(h->with, few), cell_count((int64_t)h->without.of),
                            report_rate_cell(h->without, few),
                            both ? cell_share(h->with.share - h->without.share) : cell_empty(few),
                            both ? cell_share(h->difference.low) : cell_empty(few),
                            both ? cell_share(h->difference.high) : cell_empty(few)});
}

static const char *hit_words(const migration_hit *h)
{
    return !h->with.stated || !h->without.stated ? "held for too few to be tried"
           : h->difference.low > 0.0             ? "told who would move"
                                                 : "did not tell who would move";
}

static const char *hits_finding(const migration_input *in)
{
    const bound_migration *rules = &in->v->b->migration;
    const char *up = hit_words(&in->hits->up);
    const char *down = hit_words(&in->hits->down);
    return rules->down == NULL ? SAY(in, "A year ago, the rule up %s", up)
           : rules->up == NULL ? SAY(in, "A year ago, the rule down %s", down)
           : strcmp(up, down) == 0
               ? SAY(in, "A year ago, both rules %s", up)
               : SAY(in, "A year ago, the rule up %s; the rule down %s", up, down);
}

static void put_hits(document *d, doc_section *parent, const migration_input *in)
{
    const migration_hits *h = in->hits;
    const bound_migration *rules = &in->v->b->migration;
    static const doc_column columns[] = {
        {.key = "rule", .label = "Rule", .type = CELL_TEXT},
        {.key = "held", .label = "Held for", .type = CELL_COUNT},
        {.key = "moved", .label = "Moved so", .type = CELL_SHARE},
        {.key = "others", .label = "Others", .type = CELL_COUNT, .priority = 2},
        {.key = "others_moved", .label = "Moved so too", .type = CELL_SHARE},
        {.key = "difference", .label = "Difference", .type = CELL_SHARE},
        {.key = "low", .label = "from", .type = CELL_SHARE, .priority = 1},
        {.key = "high", .label = "to", .type = CELL_SHARE, .priority = 1}};
    if (!h->done || (rules->up == NULL && rules->down == NULL)) {
        return;
    }
    words few = report_too_few(in->v->b);
    doc_section *s = document_section(d, parent, "rules_tried", hits_finding(in));
    doc_table *t = doc_table_new(s, "rules_tried",
                                 "A year ago: for whom the rule held, and where they are now",
                                 columns, sizeof columns / sizeof columns[0]);
    if (rules->up != NULL) {
        put_hit_row(t, "Up", &h->up, few.text);
    }
    if (rules->down != NULL) {
        put_hit_row(t, "Down", &h->down, few.text);
    }
    doc_table_footnote(t, "Others: accounts that could have moved that way, for whom the rule did "
                          "not hold. Accounts that left the customers did not move up or down.");
}

void migration_put_candidates(document *d, doc_section *parent, const migration_input *in)
{
    const migration_candidates *c = in->candidates;
    const bound_migration *rules = &in->v->b->migration;
    if (!in->paths->ordered) {
        return;
    }
    const char *title = SAY(in, "%s to be looked at, %s of them free to be spoken to",
                            words_things((int64_t)c->n, "account").text,
                            words_count((int64_t)(c->n - c->n_held)).text);
    doc_section *s =
        document_section(d, parent, "candidates", c->n > 0 ? title : "No candidates now");
    if (rules->up == NULL && rules->down == NULL) {
        doc_note(s, "missing",
                 "The model says nowhere what calls for another segment; add `migration: {up: "
                 "..., down: ...}`, or extend `value` or `hybrid`.");
        return;
    }
    if (c->up_lacks != NULL || c->down_lacks != NULL) {
        doc_note(s, "missing", "A rule cannot be judged: %s.",
                 c->up_lacks != NULL ? c->up_lacks : c->down_lacks);
    }
    if (c->n_up > 0) {
        put_list(s, in, true);
    }
    if (c->n_down > 0) {
        put_list(s, in, false);
    }
    if (c->n_both > 0) {
        doc_note(s, "note", "Both rules hold for %s; they are in neither list: a person decides.",
                 words_things((int64_t)c->n_both, "account").text);
    }
    put_held(d, s, in);
    put_hits(d, s, in);
}
