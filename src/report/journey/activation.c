/* SPDX-License-Identifier: Apache-2.0 */
/* Which early milestones go with staying. */
#include <math.h>
#include <stdio.h>

#include "document/chart.h"
#include "report/journey/parts.h"

enum { SIGNS_MOST = 24 };

/* "Activated reached", "Active days in 30 days at least 8" */
static const char *sign_words(const journey_page *p, const activation_sign *x)
{
    if (x->kind != ACTIVATION_VALUE) {
        return arena_printf(p->arena, "%s reached", x->name);
    }
    const symbol *sym = &p->v->b->scope.symbols[x->slot];
    if (sym->type == VALUE_BOOL) {
        return arena_printf(p->arena, "%s: %s", x->name, x->at_least ? "yes" : "no");
    }
    return arena_printf(p->arena, "%s %s %s", x->name, x->at_least ? "at least" : "under",
                        words_value(x->threshold, sym->type, report_currency(p->v->b)).text);
}

static share_figure half_share(const journey_page *p, size_t kept, size_t of)
{
    share_figure f = {.hits = kept, .of = of};
    f.stated = of > 0 && (double)of >= p->j->minimum_accounts;
    f.share = of > 0 ? (double)kept / (double)of : 0.0;
    return f;
}

static const char *state_words(const activation_sign *x)
{
    return x->state == PATTERN_CONFIRMED ? "confirmed"
           : x->state == PATTERN_FAILED  ? "not confirmed"
                                         : "not beyond chance";
}

static void put_sign(const journey_page *p, doc_table *t, const activation_sign *x)
{
    const char *text = sign_words(p, x);
    if (!x->cut) {
        const char *why = x->kind == ACTIVATION_VALUE ? "known for too few accounts, or one value"
                          : x->have * 2 < x->of       ? "reached by too few accounts to compare"
                                                      : "reached by nearly all accounts";
        doc_cell none = cell_empty(why);
        doc_row(t,
                (doc_cell[]){cell_text(x->kind == ACTIVATION_VALUE ? x->name : text),
                             x->kind == ACTIVATION_VALUE ? none : cell_count((int64_t)x->have),
                             none, none, none, none, none, none, none, cell_text("not compared")});
        return;
    }
    const pattern_effect *e = &x->confirmed;
    words with = words_rate(half_share(p, e->kept_with, e->with));
    words without = words_rate(half_share(p, e->kept_without, e->without));
    words search = words_p(x->p_search);
    words confirm = words_p(x->p_confirm);
    bool tested = x->kind != ACTIVATION_VALUE || x->state != PATTERN_NOT_FOUND;
    bool both = e->with > 0 && e->without > 0;
    int origin = document_provenance(
        p->d,
        "accounts still there at the landmark, with and without the sign then, that stayed; "
        "in the half of the accounts that the search has not seen",
        x->name, NULL);
    doc_row(t, (doc_cell[]){cell_text(text), cell_count((int64_t)x->have),
                            with_origin(cell_text(with.text), origin),
                            with_origin(cell_text(without.text), origin),
                            both ? cell_share(e->test.effect) : cell_empty("nobody on one side"),
                            both ? cell_share(e->difference_95.low) : cell_empty(NULL),
                            both ? cell_share(e->difference_95.high) : cell_empty(NULL),
                            x->kind == ACTIVATION_VALUE
                                ? cell_text(search.text)
                                : cell_empty("stated by the model, not sought"),
                            tested ? cell_text(confirm.text) : cell_empty("not found, not tested"),
                            cell_text(state_words(x))});
}

static void put_chart(const journey_page *p, doc_section *s)
{
    const activation *a = p->activation;
    chart_dot dots[SIGNS_MOST];
    char notes[SIGNS_MOST][WORDS_TEXT];
    size_t n = 0;
    for (size_t k = 0; k < a->n && n < SIGNS_MOST; k++) {
        const activation_sign *x = &a->signs[k];
        const pattern_effect *e = &x->confirmed;
        if (!x->cut || x->state == PATTERN_NOT_FOUND || e->with == 0 || e->without == 0) {
            continue;
        }
        (void)snprintf(notes[n], sizeof notes[n], "%s", state_words(x));
        dots[n] = (chart_dot){.label = sign_words(p, x),
                              .value = e->test.effect,
                              .low = e->difference_95.low,
                              .high = e->difference_95.high,
                              .note = notes[n]};
        n++;
    }
    if (n > 0) {
        chart_theme theme = {0};
        doc_chart(s, "activation", "Difference in the share that stayed, with and without the sign",
                  "Dots with 95 % intervals by sign, from accounts that the search has not seen; "
                  "the table has the figures.",
                  chart_dots(&theme, dots, n, CHART_SHARE, 0.0, "no difference"));
    }
}

static void put_title(const activation *a, strbuf *out)
{
    if (a->n_confirmed > 0) {
        strbuf_printf(out, "%s of staying confirmed on other accounts",
                      words_things((int64_t)a->n_confirmed, "early sign").text);
    } else {
        strbuf_add(out, a->n_found > 0 ? "Early signs of staying were found, none was confirmed"
                                       : "No early sign of staying beyond chance");
    }
}

void journey_put_activation(const journey_page *p)
{
    static const doc_column columns[] = {
        {.key = "sign", .label = "Sign", .type = CELL_TEXT},
        {.key = "have", .label = "Have it", .type = CELL_COUNT, .priority = 2},
        {.key = "stayed_with", .label = "Stayed with it", .type = CELL_TEXT},
        {.key = "stayed_without", .label = "Without it", .type = CELL_TEXT},
        {.key = "difference", .label = "Difference", .type = CELL_SHARE, .priority = 1},
        {.key = "difference_low", .label = "95 % from", .type = CELL_SHARE, .priority = 1},
        {.key = "difference_high", .label = "to", .type = CELL_SHARE, .priority = 1},
        {.key = "p_search", .label = "Search", .type = CELL_TEXT, .priority = 3},
        {.key = "p_confirm", .label = "Confirmed", .type = CELL_TEXT, .priority = 2},
        {.key = "verdict", .label = "Verdict", .type = CELL_TEXT}};
    const activation *a = p->activation;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    if (a->why != NULL) {
        doc_section *none =
            document_section(p->d, NULL, "activation", "What goes with staying is not known");
        doc_note(none, "missing", "Activation milestones could not be compared: %s.", a->why);
        return;
    }
    put_title(a, &title);
    doc_section *s = document_section(p->d, NULL, "activation", strbuf_text(&title));
    doc_paragraph(s,
                  "Looked at: %s that were %s at an age of %d days and were followed to month %d; "
                  "%s of them %s.",
                  words_things((int64_t)a->accounts, "account").text,
                  a->orders ? "known" : "customers", a->landmark_days, a->months,
                  words_count((int64_t)a->kept).text,
                  a->orders ? "ordered again after that age" : "were customers then");
    if (a->left_before > 0) {
        doc_paragraph(s,
                      "%s more had left or not begun by day %d and are not looked at: an account "
                      "that leaves early cannot reach much, which says nothing of what it would "
                      "have been worth.",
                      words_count((int64_t)a->left_before).text, a->landmark_days);
    }
    put_chart(p, s);
    doc_table *t =
        doc_table_new(s, "activation", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t k = 0; k < a->n; k++) {
        put_sign(p, t, &a->signs[k]);
    }
    doc_table_footnote(
        t,
        "As of day %d of each account. Figures are of the half of the accounts on which no value "
        "was "
        "sought; p is corrected for the number of signs. They go with staying; whether bringing "
        "accounts there makes them stay, an experiment must show.",
        a->landmark_days);
}
