/* SPDX-License-Identifier: Apache-2.0 */
/* What to do, each with its finding and its accounts; what reaching the targets would have meant.
 */
#include <math.h>

#include "report/cohort_review/parts.h"

/* --- actions --- */

static void add_onboarding(const review_page *p, strbuf *what, strbuf *why)
{
    const window_churn *w = &p->r->churn.windows[0];
    strbuf_add(what, "Look at the onboarding, and at the accounts that are in it now");
    strbuf_printf(why, "%s left in the first 90 days", words_rate(w->rate).text);
    strbuf_printf(why, ", %s of %s", words_rate(w->others).text, p->s->all_peers);
    strbuf_printf(why, " (%s corrected)", words_p(w->test.p_holm).text);
}

static void add_pattern(const review_page *p, const review_action *a, strbuf *what, strbuf *why)
{
    const pattern_effect *e = &a->pattern->p.confirmed;
    strbuf_printf(what, "Bring up: %s, where it is short today",
                  early_label(p->s, a->pattern->slot));
    review_pattern_words(p, a->pattern, why);
    strbuf_printf(why, ": %zu of %zu stayed, %zu of %zu without it", e->kept_with, e->with,
                  e->kept_without, e->without);
}

static void add_level(const review_action *a, strbuf *what, strbuf *why)
{
    const level_share *l = a->level;
    strbuf_printf(what, "Call the customers of %s %s", l->label, l->level);
    strbuf_printf(why, "%s of those who left", words_share((double)l->in / (double)l->n_in).text);
    strbuf_printf(why, ", %s of those who stayed",
                  words_share((double)l->out / (double)l->n_out).text);
    strbuf_printf(why, " (%s corrected)", words_p(l->test.p_holm).text);
}

static void add_contraction(const review_page *p, strbuf *what, strbuf *why)
{
    const growth_line *l = &p->r->growth.kinds[ARR_CONTRACTION];
    strbuf_add(what, "Ask those who pay less than a year ago what they gave up");
    strbuf_printf(why, "%s contracted since the start",
                  words_things((int64_t)l->accounts, "account").text);
    strbuf_printf(why, ", by %s", words_money(l->minor, p->currency).text);
}

static void add_expansion(const review_page *p, strbuf *what, strbuf *why)
{
    const review_growth *g = &p->r->growth;
    strbuf_add(what, "Make offers to customers that have not grown in 12 months");
    strbuf_printf(why, "%s had expanded by month %d", words_rate(g->expanded).text, g->months);
    strbuf_printf(why, ", %s of %s", words_rate(g->others).text, p->s->all_peers);
}

static void describe(const review_page *p, const review_action *a, strbuf *what, strbuf *why)
{
    switch (a->kind) {
    case ACTION_ONBOARDING:
        add_onboarding(p, what, why);
        break;
    case ACTION_PATTERN:
        add_pattern(p, a, what, why);
        break;
    case ACTION_LEVEL:
        add_level(a, what, why);
        break;
    case ACTION_RENEWALS:
        strbuf_printf(what, "Prepare the renewals of the next %d days", RENEWAL_DAYS);
        strbuf_printf(why, "%s have one due", words_things((int64_t)a->accounts, "customer").text);
        break;
    case ACTION_CONTRACTION:
        add_contraction(p, what, why);
        break;
    case ACTION_EXPANSION:
        add_expansion(p, what, why);
        break;
    default:
        break;
    }
}

void review_put_actions(const review_page *p)
{
    const review_actions *a = &p->r->actions;
    doc_section *s = document_section(p->d, NULL, "actions", "What to do");
    static const doc_column columns[] = {
        {.key = "action", .label = "Action", .type = CELL_TEXT},
        {.key = "because", .label = "Because", .type = CELL_TEXT, .priority = 1},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "arr", .label = "ARR", .type = CELL_MONEY}};
    if (p->r->where == NULL) {
        doc_note(s, "note",
                 "No condition of the rule language lists exactly this cohort's "
                 "accounts (started_on is missing or is not the first day with ARR), "
                 "so actions on its accounts are left out; `strata cohorts --cell` "
                 "lists accounts by cohort and age.");
    }
    if (a->n == 0) {
        doc_paragraph(s, "Nothing was found that calls for an action.");
        return;
    }
    doc_table *t = doc_table_new(s, "actions", NULL, columns, 4);
    for (size_t k = 0; k < a->n; k++) {
        STRBUF_AUTO strbuf what;
        STRBUF_AUTO strbuf why;
        strbuf_init(&what, 0);
        strbuf_init(&why, 0);
        describe(p, &a->items[k], &what, &why);
        int origin = document_provenance(p->d, "accounts that meet the condition on the as-of date",
                                         "model", a->items[k].where);
        doc_row(t, (doc_cell[]){cell_text(strbuf_text(&what)), cell_text(strbuf_text(&why)),
                                with_origin(cell_count((int64_t)a->items[k].accounts), origin),
                                with_origin(cell_money(a->items[k].arr_minor), origin)});
    }
    doc_paragraph(s, "The accounts of each, in the same order:");
    for (size_t k = 0; k < a->n; k++) {
        doc_bullet(s, "`strata accounts --where \"%s\"`", a->items[k].where);
    }
}

/* --- effect of reaching the targets --- */

static doc_cell worth_cell(const review_goal *g, double worth)
{
    return g->measure == GOAL_LOGO ? cell_number(worth) : cell_number(worth / 100.0);
}

void review_put_effect(const review_page *p)
{
    const review_goals *g = &p->r->goals;
    size_t n = 0;
    for (size_t k = 0; k < g->n; k++) {
        n += g->items[k].is_target && g->items[k].actual.stated;
    }
    if (!g->any_target) {
        return; /* the summary says how to give some */
    }
    doc_section *s = document_section(p->d, NULL, "effect", "What reaching the targets is worth");
    if (n == 0) {
        doc_note(s, "missing",
                 "No target is of an age that enough accounts of this cohort have reached.");
        return;
    }
    static const doc_column columns[] = {
        {.key = "target", .label = "Had it reached", .type = CELL_TEXT},
        {.key = "unit", .label = "More", .type = CELL_TEXT},
        {.key = "worth", .label = "About", .type = CELL_NUMBER},
        {.key = "low", .label = "from", .type = CELL_NUMBER},
        {.key = "high", .label = "to", .type = CELL_NUMBER}};
    doc_table *t = doc_table_new(s, "effect", NULL, columns, 5);
    int origin = review_origin(p,
                               "(target - actual) x accounts, or x opening ARR, of those that "
                               "reached the age",
                               "arr, model");
    for (size_t k = 0; k < g->n; k++) {
        const review_goal *x = &g->items[k];
        if (!x->is_target || !x->actual.stated) {
            continue;
        }
        STRBUF_AUTO strbuf text;
        strbuf_init(&text, 0);
        strbuf_printf(&text, "%s of %s", review_measure_labels[x->measure],
                      words_share(x->goal).text);
        strbuf_printf(&text, " by month %d", x->months);
        bool logos = x->measure == GOAL_LOGO;
        doc_row(t, (doc_cell[]){cell_text(strbuf_text(&text)),
                                cell_text(logos ? "customers" : p->currency),
                                with_origin(worth_cell(x, x->worth), origin),
                                worth_cell(x, x->worth_low), worth_cell(x, x->worth_high)});
    }
    doc_table_footnote(t,
                       "Arithmetic on this cohort's own figures, not a forecast: the gap to the "
                       "target times the accounts (or the opening ARR) that reached the age. "
                       "From and to: the ends of the 95 %% interval of the actual. 0: the target "
                       "is reached.");
}
