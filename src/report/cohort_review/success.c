/* SPDX-License-Identifier: Apache-2.0 */
/* What goes with success: patterns, and the best beside the worst. */
#include <math.h>
#include <stdio.h>

#include "report/cohort_review/parts.h"

static const double LEVEL = 0.05;
enum { TRAITS_SHOWN = 8 };

/* --- patterns --- */

static void put_pattern(const review_page *p, doc_table *t, const review_pattern *x)
{
    const pattern_effect *e = &x->p.confirmed;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    review_pattern_words(p, x, &text);
    share_figure with = review_share(p->s, e->kept_with, e->with);
    share_figure without = review_share(p->s, e->kept_without, e->without);
    char here[2 * WORDS_TEXT];
    (void)snprintf(here, sizeof here, "%zu of %zu, %zu of %zu", x->cohort.kept_with, x->cohort.with,
                   x->cohort.kept_without, x->cohort.without);
    int origin = document_provenance(
        p->d,
        "accounts with and without the value, still customers at the later month, in the "
        "half of the accounts that the search has not seen",
        "arr and the facts up to that day", NULL);
    doc_row(t,
            (doc_cell[]){
                cell_text(strbuf_text(&text)), with_origin(words_cell(t, words_rate(with)), origin),
                with_origin(words_cell(t, words_rate(without)), origin),
                e->has_lift ? cell_number(e->lift) : cell_empty("nobody stayed"), cell_text(here),
                review_p_cell(t, x->p.p_search), review_p_cell(t, x->p.p_confirm),
                cell_text(x->p.state == PATTERN_CONFIRMED ? "confirmed" : "not confirmed")});
}

static void say_how(const review_page *p, doc_section *s)
{
    const review_patterns *x = &p->r->patterns;
    doc_paragraph(s,
                  "Searched: %s that were customers on day 90 and were followed to month %d, "
                  "%zu of them of this cohort; %s were still customers then. %zu values were "
                  "tried at every cut point: what was known on day 30, 60 and 90%s.",
                  words_things((int64_t)x->accounts, "account").text, x->months, x->of_cohort,
                  words_count((int64_t)x->kept).text, x->tried,
                  p->r->early.late > 0 ? " (or up to a few days later, see the method)" : "");
}

void review_put_patterns(const review_page *p)
{
    const review_patterns *x = &p->r->patterns;
    if (x->why != NULL) {
        doc_section *none =
            document_section(p->d, NULL, "patterns", "No search for patterns of success");
        doc_note(none, "missing", "Patterns of success are left out: %s.", x->why);
        return;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    size_t confirmed = 0;
    for (size_t k = 0; k < x->n; k++) {
        confirmed += x->items[k].p.state == PATTERN_CONFIRMED;
    }
    if (confirmed > 0) {
        strbuf_printf(&title, "%s of staying confirmed",
                      words_things((int64_t)confirmed, "early sign").text);
    } else {
        strbuf_add(&title, x->n > 0 ? "Early signs were found, none was confirmed"
                                    : "No early sign of staying beyond chance");
    }
    doc_section *s = document_section(p->d, NULL, "patterns", strbuf_text(&title));
    say_how(p, s);
    if (x->n == 0) {
        return;
    }
    char kept[WORDS_TEXT];
    (void)snprintf(kept, sizeof kept, "Kept to month %d", x->months);
    const doc_column columns[] = {
        {.key = "pattern", .label = "Sign", .type = CELL_TEXT},
        {.key = "kept_with", .label = kept, .type = CELL_TEXT},
        {.key = "kept_without", .label = "Without it", .type = CELL_TEXT},
        {.key = "lift", .label = "Lift", .type = CELL_NUMBER, .decimals = 2, .priority = 2},
        {.key = "cohort", .label = "Here: with, without", .type = CELL_TEXT, .priority = 3},
        {.key = "p_search", .label = "p of search", .type = CELL_TEXT, .priority = 4},
        {.key = "p_confirm", .label = "p", .type = CELL_TEXT, .priority = 1},
        {.key = "state", .label = "", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "patterns", NULL, columns, 8);
    for (size_t k = 0; k < x->n; k++) {
        put_pattern(p, t, &x->items[k]);
    }
    doc_table_footnote(t, "Found on one half of the accounts, with a p that counts the whole "
                          "search; the shares are those of the other half, which the search has "
                          "not seen. A sign goes with staying; it need not be its cause.");
}

/* --- quartiles --- */

static void put_traits(const review_page *p, doc_section *s)
{
    const review_quartiles *q = &p->r->quartiles;
    static const doc_column columns[] = {
        {.key = "value", .label = "Median on day 90", .type = CELL_TEXT},
        {.key = "top", .label = "Top quartile", .type = CELL_TEXT},
        {.key = "bottom", .label = "Bottom quartile", .type = CELL_TEXT},
        {.key = "above", .label = "Top above bottom", .type = CELL_SHARE, .priority = 1},
        {.key = "p", .label = "p corrected", .type = CELL_TEXT},
        {.key = "clear", .label = "", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "quartiles", NULL, columns, 6);
    for (size_t k = 0; k < q->tested && k < TRAITS_SHOWN; k++) {
        const quartile_trait *x = &q->traits[k];
        value_type type = p->s->b->scope.symbols[x->slot].type;
        doc_row(t, (doc_cell[]){cell_text(early_label(p->s, x->slot)),
                                words_cell(t, words_value(x->top, type, p->currency)),
                                words_cell(t, words_value(x->bottom, type, p->currency)),
                                cell_share(x->test.effect), review_p_cell(t, x->test.p_holm),
                                cell_text(x->test.p_holm < LEVEL ? "different" : "may be chance")});
    }
    doc_table_footnote(t,
                       "%zu values tested (Mann-Whitney), corrected by Holm; the %d with the "
                       "smallest p are shown. Top above bottom: chance that one of the top "
                       "quartile has more than one of the bottom. Features of ARR are left out: "
                       "the quartiles are made of it.",
                       q->tested, TRAITS_SHOWN);
}

void review_put_quartiles(const review_page *p)
{
    const review_quartiles *q = &p->r->quartiles;
    if (q->why != NULL) {
        doc_section *none =
            document_section(p->d, NULL, "quartiles", "No top and bottom quartile yet");
        doc_note(none, "missing", "The best and the worst are not set side by side: %s.", q->why);
        return;
    }
    size_t clear = 0;
    for (size_t k = 0; k < q->tested; k++) {
        clear += q->traits[k].test.p_holm < LEVEL;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "The top quartile %s %s", q->growth_top < 0.0 ? "lost" : "grew by",
                  words_share(fabs(q->growth_top)).text);
    strbuf_printf(&title, ", the bottom one %s %s of its ARR: %s",
                  q->growth_bottom < 0.0 ? "lost" : "grew by",
                  words_share(fabs(q->growth_bottom)).text,
                  words_things((int64_t)clear, "early difference").text);
    doc_section *s = document_section(p->d, NULL, "quartiles", strbuf_text(&title));
    doc_paragraph(s,
                  "By ARR in month %d over opening ARR, among %s that were customers on day 90: "
                  "top %zu (%s or more), bottom %zu (%s or less; %zu of them gone; ties are not "
                  "split). %s had left "
                  "before day 90.",
                  q->months, words_things((int64_t)q->accounts, "account").text, q->n_top,
                  words_share(q->cut_top).text, q->n_bottom, words_share(q->cut_bottom).text,
                  q->lost_bottom, words_things((int64_t)q->gone, "account").text);
    put_traits(p, s);
}
