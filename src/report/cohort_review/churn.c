/* SPDX-License-Identifier: Apache-2.0 */
/* When accounts left, why, and what they have in common. */
#include <stdio.h>

#include "report/cohort_review/parts.h"

static const double LEVEL = 0.05;
enum { REASONS_SHOWN = 5 };

static doc_cell rate_cell(const review_page *p, const share_figure *f, const char *why)
{
    return f->stated ? cell_share(f->share) : cell_empty(why != NULL ? why : p->too_few);
}

static void put_windows(const review_page *p, doc_section *s)
{
    const review_churn *c = &p->r->churn;
    static const doc_column columns[] = {
        {.key = "window", .label = "Window", .type = CELL_TEXT},
        {.key = "days", .label = "Days of life", .type = CELL_TEXT},
        {.key = "left", .label = "Left", .type = CELL_COUNT},
        {.key = "arr_lost", .label = "ARR lost", .type = CELL_MONEY},
        {.key = "rate", .label = "Churn", .type = CELL_SHARE, .bar = true},
        {.key = "counted", .label = "Of", .type = CELL_TEXT, .priority = 1},
        {.key = "earlier", .label = "Before", .type = CELL_SHARE},
        {.key = "p", .label = "p corrected", .type = CELL_TEXT, .priority = 2}};
    doc_table *t = doc_table_new(s, "windows", NULL, columns, 8);
    int origin = review_origin(p, "accounts whose first stay ended in the window", "arr");
    for (size_t w = 0; w < CHURN_WINDOWS; w++) {
        const churn_window *win = &churn_windows[w];
        const window_churn *v = &c->windows[w];
        const char *open = win->to == 0 ? "the window has no end" : NULL;
        char days[WORDS_TEXT];
        char of[WORDS_TEXT];
        (void)snprintf(days, sizeof days, win->to > 0 ? "%d to %d" : "%d and more", win->from,
                       win->to);
        (void)snprintf(of, sizeof of, "%zu of %zu", v->rate.hits, v->rate.of);
        doc_row(t, (doc_cell[]){
                       cell_text(win->name), cell_text(days),
                       with_origin(cell_count((int64_t)v->churned), origin),
                       with_origin(cell_money(v->minor), origin), rate_cell(p, &v->rate, open),
                       win->to > 0 ? cell_text(of) : cell_empty(open),
                       rate_cell(p, &v->others, p->s->n_peers == 0 ? "nobody before" : open),
                       v->test.done ? review_p_cell(t, v->test.p_holm) : cell_empty(v->test.why)});
    }
    doc_row_total(t, (doc_cell[]){cell_text("all"), cell_empty(NULL),
                                  with_origin(cell_count((int64_t)c->churned), origin),
                                  with_origin(cell_money(c->minor), origin), cell_empty(NULL),
                                  cell_empty(NULL), cell_empty(NULL), cell_empty(NULL)});
    doc_table_footnote(t,
                       "Churn: of the accounts there at the window's start and followed to its "
                       "end. A first stay ends on the first day without ARR; %zu of those who "
                       "left are back.",
                       c->came_back);
}

static void put_reasons(const review_page *p, doc_section *s)
{
    const review_churn *c = &p->r->churn;
    static const doc_column columns[] = {
        {.key = "window", .label = "Window", .type = CELL_TEXT},
        {.key = "reason", .label = "Reason", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "arr_lost", .label = "ARR lost", .type = CELL_MONEY}};
    if (!c->has_reasons) {
        doc_note(s, "missing",
                 "No reasons: the source 'arr' has none for these accounts; map its "
                 "column `reason` to see why they left.");
        return;
    }
    doc_table *t = doc_table_new(s, "reasons", "Reasons as recorded", columns, 4);
    int origin =
        review_origin(p, "reason recorded with the movement that ended the first stay", "arr");
    for (size_t w = 0; w < CHURN_WINDOWS; w++) {
        for (size_t k = 0; k < c->windows[w].n_reasons && k < REASONS_SHOWN; k++) {
            const churn_reason *r = &c->windows[w].reasons[k];
            doc_row(t,
                    (doc_cell[]){cell_text(churn_windows[w].name),
                                 r->text != NULL ? cell_text(r->text) : cell_text("none recorded"),
                                 with_origin(cell_count((int64_t)r->accounts), origin),
                                 cell_money(r->minor)});
        }
    }
}

static void say_levels(const review_page *p, doc_section *s)
{
    const level_list *list = &p->r->churn.levels;
    size_t n = 0;
    if (list->tested == 0) {
        doc_paragraph(s, "Too few accounts left, or stayed, to say which kinds leave more.");
        return;
    }
    for (size_t k = 0; k < list->n; k++) {
        const level_share *l = &list->items[k];
        if (l->test.done && l->test.p_holm < LEVEL) {
            n++;
            doc_bullet(s,
                       "%s %s: %s of those who left, %s of those who stayed (%s after "
                       "correction).",
                       SAFE(p->d, l->label), SAFE(p->d, l->level),
                       words_share((double)l->in / (double)l->n_in).text,
                       words_share((double)l->out / (double)l->n_out).text,
                       words_p(l->test.p_holm).text);
        }
    }
    if (n == 0) {
        doc_paragraph(s,
                      "No plan, industry, region or channel stands out among those who left "
                      "(%zu values tested, corrected by Holm).",
                      list->tested);
    }
}

static void say_early_signs(const review_page *p, doc_section *s)
{
    const review_patterns *x = &p->r->patterns;
    for (size_t k = 0; k < x->n; k++) {
        const review_pattern *r = &x->items[k];
        if (r->p.state == PATTERN_CONFIRMED) {
            STRBUF_AUTO strbuf text;
            strbuf_init(&text, 0);
            review_pattern_words(p, r, &text);
            doc_paragraph(s,
                          "What would have shown it earlier: %s. Of those after day 90, %zu of "
                          "%zu with it were still customers in month %d, %zu of %zu without it.",
                          SAFE(p->d, strbuf_text(&text)), r->p.confirmed.kept_with,
                          r->p.confirmed.with, x->months, r->p.confirmed.kept_without,
                          r->p.confirmed.without);
            return;
        }
    }
    doc_paragraph(s, "Nothing that was known by day 90 is confirmed to have shown it earlier.");
}

void review_put_churn(const review_page *p)
{
    const review_churn *c = &p->r->churn;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    if (c->churned == 0) {
        doc_section *none = document_section(p->d, NULL, "churn", "Nobody has left so far");
        doc_paragraph(none, "All %s are in their first stay.",
                      words_things((int64_t)p->s->cohort.n, "account").text);
        return;
    }
    size_t most = 0;
    for (size_t w = 1; w < CHURN_WINDOWS; w++) {
        most = c->windows[w].minor > c->windows[most].minor ? w : most;
    }
    strbuf_printf(&title, "%s left with %s", words_things((int64_t)c->churned, "account").text,
                  words_money(c->minor, p->currency).text);
    if (c->churned == p->s->cohort.n) {
        strbuf_add(&title, ": all of them");
    } else if (c->churned > 1 && c->windows[most].churned > 0) {
        strbuf_printf(&title, ", %s %s",
                      2 * c->windows[most].minor > c->minor ? "most of it" : "the largest part",
                      most == 0   ? "in the first 90 days"
                      : most == 1 ? "in days 91 to 180"
                      : most == 2 ? "in days 181 to 365"
                                  : "after the first year");
    }
    doc_section *s = document_section(p->d, NULL, "churn", strbuf_text(&title));
    put_windows(p, s);
    put_reasons(p, s);
    say_levels(p, s);
    say_early_signs(p, s);
}
