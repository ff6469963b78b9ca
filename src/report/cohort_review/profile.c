/* SPDX-License-Identifier: Apache-2.0 */
/* Who started, against the cohorts before. */
#include <math.h>
#include <string.h>

#include "report/cohort_review/parts.h"

static const double LEVEL = 0.05;

/* Money of a mean, without cents. */
static int64_t whole_units(double minor)
{
    return llround(minor / 100.0) * 100;
}

static void put_deal_row(const review_page *p, doc_table *t, const char *label,
                         const deal_figures *f, bool last)
{
    int origin = review_origin(p, "ARR at the end of each account's first day with ARR", "arr");
    doc_cell cells[] = {cell_text(label), cell_count((int64_t)f->accounts),
                        with_origin(cell_money(f->opening_minor), origin),
                        f->accounts > 0 ? with_origin(cell_money(whole_units(f->mean)), origin)
                                        : cell_empty("no accounts"),
                        f->accounts > 0 ? with_origin(cell_money(whole_units(f->median)), origin)
                                        : cell_empty("no accounts")};
    if (last) {
        doc_row_total(t, cells);
    } else {
        doc_row(t, cells);
    }
}

static void put_deals(const review_page *p, doc_section *s)
{
    const review_profile *f = &p->r->profile;
    static const doc_column columns[] = {
        {.key = "cohort", .label = "Cohort", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "opening_arr", .label = "Opening ARR", .type = CELL_MONEY},
        {.key = "mean_deal", .label = "Mean deal", .type = CELL_MONEY},
        {.key = "median_deal", .label = "Median deal", .type = CELL_MONEY}};
    doc_table *t = doc_table_new(s, "deals", NULL, columns, 5);
    for (size_t k = 0; k < p->s->n_peers; k++) {
        put_deal_row(p, t, p->s->peers[k].label, &f->peers[k], false);
    }
    put_deal_row(p, t, p->in->name, &f->cohort, true);
    if (f->deal_size.done) {
        doc_table_footnote(t, "Size of deals against %s: %s (%s, %s).", p->s->all_peers,
                           f->deal_size.p < LEVEL ? "different" : "no clear difference",
                           f->deal_size.method, words_p(f->deal_size.p).text);
    }
}

static doc_cell part_cell(const review_page *p, size_t hits, size_t of)
{
    return of == 0              ? cell_empty("nobody to compare with")
           : of < p->s->minimum ? cell_empty(p->too_few)
                                : cell_share((double)hits / (double)of);
}

/* Attributes shown: the first ones; all that stand out. */
static bool is_shown(const level_share *l, size_t *shown, const char **last)
{
    enum { SHOWN = 4 };
    if (*last == NULL || strcmp(*last, l->attribute) != 0) {
        *last = l->attribute;
        (*shown)++;
    }
    return *shown <= SHOWN || (l->test.done && l->test.p_holm < LEVEL);
}

static void put_mix(const review_page *p, doc_section *s)
{
    const level_list *list = &p->r->profile.mix;
    static const doc_column columns[] = {
        {.key = "attribute", .label = "Of", .type = CELL_TEXT},
        {.key = "level", .label = "Value", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "share", .label = "%", .type = CELL_SHARE, .bar = true},
        {.key = "earlier_share", .label = "Before %", .type = CELL_SHARE},
        {.key = "p", .label = "p corrected", .type = CELL_TEXT, .priority = 1},
        {.key = "stands_out", .label = "", .type = CELL_TEXT}};
    if (list->n == 0) {
        doc_note(s, "missing",
                 "No mix: the accounts file has no plan, industry, region or channel.");
        return;
    }
    doc_table *t = doc_table_new(s, "mix", "Mix of accounts", columns, 7);
    size_t shown = 0;
    const char *last = NULL;
    for (size_t k = 0; k < list->n; k++) {
        const level_share *l = &list->items[k];
        if (!is_shown(l, &shown, &last)) {
            continue;
        }
        bool out = l->test.done && l->test.p_holm < LEVEL;
        doc_row(t, (doc_cell[]){
                       cell_text(l->label), cell_text(l->level), cell_count((int64_t)l->in),
                       part_cell(p, l->in, l->n_in), part_cell(p, l->out, l->n_out),
                       l->test.done ? review_p_cell(t, l->test.p_holm) : cell_empty(l->test.why),
                       cell_text(!out                   ? ""
                                 : l->test.effect > 0.0 ? "more"
                                                        : "fewer")});
    }
    doc_table_footnote(t,
                       "Attributes carry no date: they are as the accounts file has them. "
                       "%zu values tested against %s, corrected by Holm.",
                       list->tested, p->s->all_peers);
}

static size_t standing_out(const level_list *list)
{
    size_t n = 0;
    for (size_t k = 0; k < list->n; k++) {
        n += list->items[k].test.done && list->items[k].test.p_holm < LEVEL;
    }
    return n;
}

void review_put_profile(const review_page *p)
{
    const deal_figures *f = &p->r->profile.cohort;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "%s started with %s", words_things((int64_t)f->accounts, "account").text,
                  words_money(f->opening_minor, p->currency).text);
    size_t n = standing_out(&p->r->profile.mix);
    if (p->s->n_peers > 0) {
        strbuf_printf(&title, "; %s", n == 0 ? "a mix like before" : "the mix differs");
    }
    doc_section *s = document_section(p->d, NULL, "profile", strbuf_text(&title));
    put_deals(p, s);
    put_mix(p, s);
}
