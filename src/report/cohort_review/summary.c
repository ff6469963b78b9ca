/* SPDX-License-Identifier: Apache-2.0 */
/* The page that a vice-president reads. */
#include <stdio.h>

#include "report/cohort_review/parts.h"

/* "86.2 to 91.0 % before", "+2.1 points" */
static const char *against(const review_page *p, size_t measure, words *out)
{
    const review_mark *earlier = review_headline_earlier(p);
    review_rate e = review_rate_of(earlier, measure);
    if (!e.stated) {
        return p->s->n_peers == 0 ? "no earlier cohort" : "too few to compare with";
    }
    (void)snprintf(out->text, sizeof out->text, "%.24s in %.64s", words_share(e.value).text,
                   p->s->all_peers);
    return out->text;
}

static void put_figures(const review_page *p, doc_section *s)
{
    const review_mark *m = review_headline(p);
    const review_churn *c = &p->r->churn;
    char label[WORDS_TEXT];
    char below[2 * WORDS_TEXT];
    words text;
    (void)snprintf(below, sizeof below, "of %s that started",
                   words_count((int64_t)p->s->cohort.n).text);
    doc_figure(s, "Customers now",
               with_origin(cell_count((int64_t)c->customers),
                           review_origin(p,
                                         "accounts of the cohort with ARR above 0 on the as-of "
                                         "date",
                                         "arr")),
               below);
    (void)snprintf(below, sizeof below, "began with %s",
                   words_money(p->r->profile.cohort.opening_minor, p->currency).text);
    doc_figure(
        s, "ARR now",
        with_origin(cell_money(p->r->profile.arr_now_minor),
                    review_origin(p, "ARR of the cohort's accounts on the as-of date", "arr")),
        below);
    for (size_t k = 0; m != NULL && k < REVIEW_MEASURES; k++) {
        (void)snprintf(label, sizeof label, "%s, month %d", review_measure_labels[k], m->months);
        doc_figure(s, label,
                   with_origin(review_mark_cell(p, m, k),
                               review_origin(p,
                                             "state at the end of the month of each account's "
                                             "life over its first day, of those followed so "
                                             "long",
                                             "arr")),
                   against(p, k, &text));
    }
}

static void say_standing(const review_page *p, doc_section *s)
{
    const review_mark *m = review_headline(p);
    size_t age = review_headline_age(p);
    if (m == NULL) {
        doc_note(s, "missing",
                 "No retention is stated yet: it needs %zu accounts that were followed for 3 "
                 "months; %s of %zu were.",
                 p->s->minimum, words_count((int64_t)p->r->retention.cohort[0].reached).text,
                 p->s->cohort.n);
        return;
    }
    doc_paragraph(s,
                  "By month %d of their life, **%s of accounts** were kept. **NRR is %s**, GRR %s: "
                  "ARR then over the ARR they began with, with and without what accounts grew "
                  "by.%s",
                  m->months, review_mark_words(m, GOAL_LOGO, true).text,
                  review_mark_words(m, GOAL_NRR, true).text,
                  review_mark_words(m, GOAL_GRR, true).text,
                  m->complete ? "" : " Of those that have reached that age.");
    for (size_t k = 0; k < REVIEW_MEASURES; k++) {
        const review_gap *g = &p->r->retention.gap[k][age];
        if (g->known) {
            doc_bullet(s, "%s is %s against %s (%s). 95 %%: %s to %s%s.", review_measure_labels[k],
                       review_points(g->gap).text, p->peers,
                       review_mark_words(review_headline_earlier(p), k, false).text,
                       review_points(g->low).text, review_points(g->high).text,
                       g->clear ? "" : ": that may be chance");
        }
    }
}

/* One measure at the headline's age, against all that the model file holds it against. */
static void say_goal(const review_page *p, doc_section *s, size_t measure)
{
    const review_goals *g = &p->r->goals;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    for (size_t k = 0; k < g->n; k++) {
        const review_goal *x = &g->items[k];
        if (x->measure == measure && x->actual.stated && x->months == p->r->retention.last) {
            strbuf_printf(&text, "%s %s the %s of %s", text.len > 0 ? " and" : "",
                          x->actual.value < x->goal ? "under" : "at or above",
                          x->is_target ? "target" : "benchmark", words_share(x->goal).text);
        }
    }
    if (text.len > 0) {
        doc_bullet(s, "%s of month %d is%s (assumptions of the model file).",
                   review_measure_labels[measure], p->r->retention.last, strbuf_text(&text));
    }
}

static void say_goals(const review_page *p, doc_section *s)
{
    const review_goals *g = &p->r->goals;
    if (g->n == 0) {
        doc_note(s, "missing",
                 "No benchmark and no target to hold it against: write `benchmarks` and `targets` "
                 "into the model file, such as `targets: {nrr_12m: 110%%}`.");
        return;
    }
    for (size_t measure = 0; measure < REVIEW_MEASURES; measure++) {
        say_goal(p, s, measure);
    }
}

static void say_findings(const review_page *p, doc_section *s)
{
    const review_churn *c = &p->r->churn;
    if (c->churned > 0) {
        doc_bullet(s,
                   "%s left, with %s of ARR: %zu in the first 90 days, %zu by day 180, %zu by "
                   "day 365, %zu later.",
                   words_things((int64_t)c->churned, "account").text,
                   words_money(c->minor, p->currency).text, c->windows[0].churned,
                   c->windows[1].churned, c->windows[2].churned, c->windows[3].churned);
    } else {
        doc_bullet(s, "Nobody has left so far.");
    }
    const review_patterns *x = &p->r->patterns;
    if (x->n > 0 && x->items[0].p.state == PATTERN_CONFIRMED) {
        const pattern_effect *e = &x->items[0].p.confirmed;
        STRBUF_AUTO strbuf text;
        strbuf_init(&text, 0);
        review_pattern_words(p, &x->items[0], &text);
        doc_bullet(s, "What goes with staying: %s (%zu of %zu stayed, %zu of %zu without it).",
                   SAFE(p->d, strbuf_text(&text)), e->kept_with, e->with, e->kept_without,
                   e->without);
    }
    if (p->r->actions.n > 0) {
        doc_bullet(s, "%s to take, each with its accounts: see What to do.",
                   words_things((int64_t)p->r->actions.n, "action").text);
    }
}

void review_put_summary(const review_page *p)
{
    doc_section *s = document_section(p->d, NULL, "summary", NULL);
    put_figures(p, s);
    say_standing(p, s);
    say_goals(p, s);
    say_findings(p, s);
    if (p->s->cohort.n < p->s->minimum) {
        doc_note(s, "warning",
                 "This cohort has %s, under the %zu from which rates are stated (quality."
                 "minimum_accounts): read counts, not shares.",
                 words_things((int64_t)p->s->cohort.n, "account").text, p->s->minimum);
    }
    if (p->in->caution != NULL) {
        doc_note(s, "note", "%s", p->in->caution);
    }
}
