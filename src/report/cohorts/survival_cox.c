/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "report/cohorts/survival_parts.h"
#include "report/report.h"

/* Beyond this a ratio says "a great deal" and nothing else. */
#define RATIO_MOST 1e6

static doc_cell ratio_cell(double ratio)
{
    return ratio < RATIO_MOST ? cell_number(ratio) : cell_empty("too large to mean anything");
}

/* Does the term act alike at every age? */
static words verdict(const survival_term *t)
{
    words w;
    if (t->why != NULL || !t->alike.defined) {
        (void)snprintf(w.text, sizeof w.text, "not known");
        return w;
    }
    bool differs = t->alike_holm < 0.05;
    const char *how = !differs              ? "as far as is known"
                      : t->slope_sign < 0.0 ? "no, less with age"
                                            : "no, more with age";
    (void)snprintf(w.text, sizeof w.text, "%s (%.60s)", how, words_p(t->alike_holm).text);
    return w;
}

static void put_term(doc_table *t, const survival_term *k)
{
    bool on = k->why == NULL;
    words sure = survival_sure(k->p);
    words alike = verdict(k);
    doc_row(t, (doc_cell[]){cell_text(k->label), cell_text(k->per),
                            on ? ratio_cell(k->ratio) : cell_empty(k->why),
                            on ? ratio_cell(k->ratio_95.low) : cell_empty(k->why),
                            on ? ratio_cell(k->ratio_95.high) : cell_empty(k->why),
                            on ? cell_text(sure.text) : cell_empty(k->why), cell_text(alike.text),
                            on ? cell_number(k->p) : cell_empty(k->why),
                            on && k->alike.defined ? cell_number(k->alike_holm)
                                                   : cell_empty(on ? "not known" : k->why)});
}

static void put_terms(doc_section *s, const survival_cox *c)
{
    const doc_column columns[] = {
        {.key = "factor", .label = "Known early", .type = CELL_TEXT},
        {.key = "compared", .label = "Compared", .type = CELL_TEXT},
        {.key = "ratio", .label = "Leave at", .type = CELL_NUMBER, .decimals = 2},
        {.key = "ratio_low", .label = "from", .type = CELL_NUMBER, .decimals = 2},
        {.key = "ratio_high", .label = "to", .type = CELL_NUMBER, .decimals = 2},
        {.key = "sure", .label = "Counts", .type = CELL_TEXT},
        {.key = "alike", .label = "At every age", .type = CELL_TEXT, .priority = 1},
        {.key = "p", .label = "p", .type = CELL_NUMBER, .data_only = true},
        {.key = "p_alike", .label = "p, every age", .type = CELL_NUMBER, .data_only = true}};
    doc_table *t = doc_table_new(s, "cox", NULL, columns, 9);
    for (size_t k = 0; k < c->n_terms; k++) {
        put_term(t, &c->terms[k]);
        if (c->terms[k].why != NULL) {
            doc_table_footnote(t, "%s has no ratio: %s.", c->terms[k].label, c->terms[k].why);
        }
    }
    doc_table_footnote(t, "Leave at: times the rate of leaving, all else in the table being equal "
                          "(hazard ratio); under 1 they stay longer. From and to: 95 %% interval.");
    doc_table_footnote(t, "At every age: score test on the Schoenfeld residuals, corrected for the "
                          "number of factors (Holm).");
}

static void put_fit(doc_section *s, const survival_cox *c)
{
    doc_paragraph(s,
                  "Together the factors %s (likelihood ratio test, %s). Of two accounts of which "
                  "one left first, the fit puts the right one first in %s of the pairs; 50 %% is "
                  "chance.",
                  c->all.p < 0.05 ? "go with leaving" : "tell nothing sure of leaving",
                  words_p(c->all.p).text, words_share(c->concordance).text);
    if (!c->all_alike.defined) {
        return;
    }
    if (c->all_alike.p < 0.05) {
        doc_note(s, "warning",
                 "Not every factor acts alike at every age (%s for all together): a ratio is then "
                 "an average over ages, not what holds at each.",
                 words_p(c->all_alike.p).text);
    } else {
        doc_paragraph(s, "Nothing speaks against the factors acting alike at every age (%s).",
                      words_p(c->all_alike.p).text);
    }
}

static void put_basis(doc_section *s, const survival_input *in)
{
    const survival_cox *c = in->cox;
    doc_bullet(s,
               "Values are those of the end of the month in which an account turned %d days old; "
               "nothing later is in them. Accounts are followed from that day on: %s, of which %s "
               "left.",
               in->landmark, words_things((int64_t)c->n, "account").text,
               words_count((int64_t)c->n_churned).text);
    doc_bullet(s, "Left out: %s gone by then, %s not that old yet, %s with a value missing.",
               words_count((int64_t)c->left_before).text, words_count((int64_t)c->too_young).text,
               words_count((int64_t)c->missing).text);
    if (c->attributes) {
        doc_bullet(s, "Attributes have no history: they are as last exported, also for accounts "
                      "that left long ago. One that is changed when an account leaves explains "
                      "nothing.");
    }
}

void report_survival_cox(document *d, doc_section *parent, const survival_input *in)
{
    doc_section *s = document_section(d, parent, "cox", "What goes with leaving early");
    if (in->cox->why != NULL) {
        doc_note(s, "missing", "There is no fit: %s.", SAFE(d, in->cox->why));
    } else {
        put_fit(s, in->cox);
        put_terms(s, in->cox);
    }
    put_basis(s, in);
}
