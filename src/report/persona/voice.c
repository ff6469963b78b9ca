/* SPDX-License-Identifier: Apache-2.0 */
/* What a persona is like on paper, struggles with, and is after. */
#include <stdio.h>
#include <string.h>

#include "report/persona/parts.h"

/* --- firmographics --- */

static words trait_value(const persona_page *x, const trait *t, bool in)
{
    return t->is_share ? persona_share(x->p, in ? t->hits_in : t->hits_out, in ? t->n_in : t->n_out)
                       : words_value(in ? t->in : t->out, t->type, x->currency);
}

static void put_trait(const persona_page *x, doc_table *table, const trait *t)
{
    char name[2 * WORDS_TEXT];
    const char *suffix = t->level != NULL ? t->level : t->is_share ? "" : "median";
    (void)snprintf(name, sizeof name, "%.90s%s%.90s", t->label,
                   t->level != NULL ? " "
                   : t->is_share    ? ""
                                    : ", ",
                   suffix);
    int origin =
        document_provenance(x->d, "accounts' attributes as they are recorded now", t->name, NULL);
    doc_row(table, (doc_cell[]){cell_text(name),
                                with_origin(words_cell(table, trait_value(x, t, true)), origin),
                                with_origin(words_cell(table, trait_value(x, t, false)), origin),
                                cell_count((int64_t)t->n_in), cell_count((int64_t)t->n_out),
                                words_cell(table, words_p(t->test.p_holm))});
}

void persona_firmographics(const persona_page *x)
{
    static const doc_column columns[] = {
        {.key = "trait", .label = "What", .type = CELL_TEXT},
        {.key = "in", .label = "Here", .type = CELL_TEXT},
        {.key = "out", .label = "Elsewhere", .type = CELL_TEXT},
        {.key = "n_in", .label = "Known of", .type = CELL_COUNT, .priority = 3},
        {.key = "n_out", .label = "and of", .type = CELL_COUNT, .priority = 4},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 1}};
    const trait_list *list = &x->p->firmographics[x->s->code];
    doc_section *s = document_section(x->d, x->parent, "firmographics", "Who they are");
    if ((double)x->s->accounts < x->p->study->minimum_accounts) {
        persona_too_few(s, x->p, x->s->accounts, "");
        return;
    }
    if (list->n == 0) {
        doc_paragraph(s, list->why != NULL
                             ? "There are no attributes of accounts to compare."
                             : "No attribute differs from all other accounts beyond chance.");
        return;
    }
    doc_table *table = doc_table_new(s, "firmographics", NULL, columns, 6);
    for (size_t i = 0; i < list->n; i++) {
        put_trait(x, table, &list->items[i]);
    }
    doc_table_footnote(table, "Against all other accounts; p is corrected for all attributes of "
                              "all segments (Holm).");
}

/* --- what they say --- */

typedef struct voice_part {
    voice_kind kind;
    const char *id, *caption;
    const char *who;     /* "with tickets" */
    const char *missing; /* what would bring it */
} voice_part;

static void put_item(const persona_page *x, doc_table *table, const voice_item *item)
{
    int origin = document_provenance(
        x->d,
        "accounts of the segment that say it, over those that say anything of the kind, in the "
        "time stated; each account once",
        "tickets, surveys", NULL);
    double in = (double)item->in / (double)item->of_in;
    double out = item->of_out > 0 ? (double)item->out / (double)item->of_out : 0.0;
    doc_row(table,
            (doc_cell[]){cell_text(item->text), with_origin(cell_count((int64_t)item->in), origin),
                         with_origin(cell_share(in), origin), with_origin(cell_share(out), origin),
                         cell_count((int64_t)item->out), cell_number(item->log_odds),
                         cell_number(item->z), words_cell(table, words_p(item->p_holm))});
}

static void put_voice(const persona_page *x, doc_section *s, const voice_part *part)
{
    static const doc_column columns[] = {
        {.key = "text", .label = "What", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "share", .label = "Here", .type = CELL_SHARE, .bar = true},
        {.key = "share_elsewhere", .label = "Elsewhere", .type = CELL_SHARE},
        {.key = "accounts_elsewhere", .label = "Accounts", .type = CELL_COUNT, .priority = 3},
        {.key = "log_odds", .label = "Log-odds", .type = CELL_NUMBER, .decimals = 2, .priority = 4},
        {.key = "z", .label = "z", .type = CELL_NUMBER, .decimals = 1, .priority = 2},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 1}};
    const voice *v = &x->p->voice;
    const voice_list *list = &v->lists[part->kind * v->n_segments + x->s->code];
    if (v->speakers[part->kind] == 0) {
        doc_note(s, "missing", "%s: %s.", part->caption, part->missing);
        return;
    }
    if (!list->enough) {
        doc_paragraph(s, "%s: not enough data (%s %s, %s needed).", part->caption,
                      words_things((int64_t)list->accounts, "account").text, part->who,
                      words_count(words_whole(x->p->study->minimum_accounts)).text);
        return;
    }
    if (list->n == 0) {
        doc_paragraph(
            s,
            "%s: nothing is said more often than elsewhere beyond chance (%s %s; %s said by "
            "enough accounts to compare).",
            part->caption, words_things((int64_t)list->accounts, "account").text, part->who,
            words_things((int64_t)v->terms[part->kind], "term").text);
        return;
    }
    doc_table *table = doc_table_new(s, part->id, part->caption, columns, 8);
    for (size_t i = 0; i < list->n; i++) {
        put_item(x, table, &list->items[i]);
    }
    doc_table_footnote(
        table,
        "Of %s %s here and %s elsewhere; each account counts once. %s terms compared, p "
        "corrected for all of them in all segments (Holm).",
        words_things((int64_t)list->accounts, "account").text, part->who,
        words_count((int64_t)list->items[0].of_out).text,
        words_count((int64_t)v->terms[part->kind]).text);
}

void persona_pains(const persona_page *x)
{
    static const voice_part parts[] = {
        {VOICE_THEME, "themes", "Themes of tickets", "with tickets",
         "needs tickets with the column `theme`"},
        {VOICE_TICKET, "ticket_phrases", "Phrases of tickets", "with ticket texts",
         "needs tickets with the column `text`"},
        {VOICE_COMPLAINT, "complaints", "Phrases of unhappy answers (NPS 0 to 6)",
         "with unhappy answers", "needs NPS surveys with the column `text`"}};
    doc_section *s = document_section(x->d, x->parent, "pains", "What they struggle with");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        put_voice(x, s, &parts[i]);
    }
}

void persona_goals(const persona_page *x)
{
    static const voice_part parts[] = {
        {VOICE_PRAISE, "praise", "Phrases of happy answers (NPS 9 or 10)", "with happy answers",
         "needs NPS surveys with the column `text`"},
        {VOICE_REMARK, "remarks", "Phrases of other answers", "with other answers",
         "no answers in words beside those of NPS above"}};
    const voice *v = &x->p->voice;
    doc_section *s = document_section(x->d, x->parent, "goals", "What they are after");
    const trait_list *list = &x->p->firmographics[x->s->code];
    bool said = false;
    for (size_t i = 0; i < list->n; i++) {
        const trait *t = &list->items[i];
        if (strcmp(t->name, "use_case") == 0 && t->test.effect > 0.0) {
            doc_bullet(s, "**Use case %s:** %s, elsewhere %s (%s).", SAFE(x->d, t->level),
                       persona_share(x->p, t->hits_in, t->n_in).text,
                       persona_share(x->p, t->hits_out, t->n_out).text,
                       words_p(t->test.p_holm).text);
            said = true;
        }
    }
    size_t slot = portfolio_slot(x->v->p, "use_case");
    if (!said && (slot == SIZE_MAX || x->v->p->symbols[slot].missing_because != NULL)) {
        doc_note(s, "missing", "Use cases: needs a column `use_case` in accounts.");
    } else if (!said && (double)x->s->accounts >= x->p->study->minimum_accounts) {
        doc_paragraph(s, "No use case stands out.");
    }
    put_voice(x, s, &parts[0]);
    if (v->speakers[VOICE_REMARK] > 0) {
        put_voice(x, s, &parts[1]);
    }
}
