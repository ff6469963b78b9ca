/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "report/predictions/parts.h"

enum { FEATURES_SHOWN = 12 };

void report_predictions_account_title(strbuf *out, const predictions_input *in,
                                      const predictions_account *account)
{
    const prediction *f = in->found;
    const account_reasons *r = account->reasons;
    size_t band = predict_band_of(f->target, r->chance);
    strbuf_printf(out, "%s: %s chance of %s %s", in->p->names[f->now.account[r->row]],
                  words_share(r->chance).text, predict_target_name(f->target),
                  predictions_within(in).text);
    strbuf_printf(out, " (%s), the average account %s", predict_bands(f->target)[band].name,
                  words_share(r->base).text);
}

static doc_cell points(double part)
{
    return cell_number(part * 100.0);
}

static void put_themes(document *d, const predictions_input *in, const account_reasons *r)
{
    doc_section *s = document_section(d, NULL, "themes", "What makes the difference");
    const doc_column columns[] = {
        {.key = "theme", .label = "About", .type = CELL_TEXT},
        {.key = "points", .label = "Points", .type = CELL_NUMBER, .decimals = 2},
        {.key = "lead", .label = "Most of it from", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "themes", NULL, columns, 3);
    doc_row(t, (doc_cell[]){cell_text("The average account"), points(r->base), cell_empty(NULL)});
    for (size_t k = 0; k < r->n_themes; k++) {
        const reason_theme *theme = &r->themes[k];
        doc_row(t, (doc_cell[]){
                       cell_text(predictions_theme(theme->entity)), points(theme->part),
                       cell_text(in->found->today.candidates.items[theme->lead.candidate].label)});
    }
    doc_row_total(t, (doc_cell[]){cell_text("This account"), points(r->chance), cell_empty(NULL)});
    doc_table_footnote(t, "Percentage points of the chance. They add up to the difference exactly: "
                          "each is its share of the difference in log-odds.");
}

static int by_size(const void *a, const void *b)
{
    const reason *x = a;
    const reason *y = b;
    double d = fabs(y->part) - fabs(x->part);
    return d > 0.0   ? 1
           : d < 0.0 ? -1
                     : (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

static void put_features(document *d, const predictions_input *in, const account_reasons *r)
{
    doc_section *s = document_section(d, NULL, "features", "Value by value");
    const doc_column columns[] = {
        {.key = "feature", .label = "Feature", .type = CELL_TEXT, .priority = 1},
        {.key = "label", .label = "What it is", .type = CELL_TEXT},
        {.key = "value", .label = "Here", .type = CELL_TEXT},
        {.key = "typical", .label = "Typically", .type = CELL_TEXT},
        {.key = "points", .label = "Points", .type = CELL_NUMBER, .decimals = 2}};
    doc_table *t = doc_table_new(s, "features", NULL, columns, 5);
    qsort(r->all, r->n, sizeof *r->all, by_size);
    double rest = 0.0;
    for (size_t k = 0; k < r->n; k++) {
        const reason *x = &r->all[k];
        const candidate *c = &in->found->today.candidates.items[x->candidate];
        if (k >= FEATURES_SHOWN) {
            rest += x->part;
            continue;
        }
        doc_row(t, (doc_cell[]){cell_text(c->name), cell_text(c->label),
                                words_cell(t, words_value(x->value, c->type, in->currency)),
                                words_cell(t, words_value(x->typical, c->type, in->currency)),
                                points(x->part)});
    }
    doc_row_total(t, (doc_cell[]){cell_empty(NULL), cell_text("All others"), cell_empty(NULL),
                                  cell_empty(NULL), points(rest)});
}

static void put_what_ifs(document *d, const predictions_input *in,
                         const predictions_account *account)
{
    bool churn = in->found->target == PREDICT_CHURN;
    doc_section *s =
        document_section(d, NULL, "what_if",
                         churn ? "What goes with a lower risk" : "What goes with a higher chance");
    if (account->n_what_ifs == 0) {
        doc_paragraph(s, "No single value that people can act on, put to what is typical, would "
                         "make the chance better.");
        return;
    }
    const doc_column columns[] = {
        {.key = "feature", .label = "If this were", .type = CELL_TEXT},
        {.key = "here", .label = "not", .type = CELL_TEXT},
        {.key = "typical", .label = "but", .type = CELL_TEXT},
        {.key = "chance", .label = churn ? "Risk" : "Chance", .type = CELL_SHARE}};
    doc_table *t = doc_table_new(s, "what_if", NULL, columns, 4);
    for (size_t k = 0; k < account->n_what_ifs; k++) {
        const what_if *w = &account->what_ifs[k];
        const candidate *c = &in->found->today.candidates.items[w->candidate];
        doc_row(t, (doc_cell[]){cell_text(c->label),
                                words_cell(t, words_value(w->value, c->type, in->currency)),
                                words_cell(t, words_value(w->typical, c->type, in->currency)),
                                cell_share(w->chance)});
    }
    doc_table_footnote(t,
                       "All else as it is. Accounts with such values were in such bands; whether "
                       "changing the value changes what the account does, nobody has tried.");
}

void report_predictions_account(document *d, const predictions_input *in,
                                const predictions_account *account)
{
    put_themes(d, in, account->reasons);
    put_features(d, in, account->reasons);
    put_what_ifs(d, in, account);
}
