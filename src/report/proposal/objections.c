/* SPDX-License-Identifier: Apache-2.0 */
/* What will be said against it, each answered with figures of this portfolio. */
#include <math.h>

#include "base/number.h"
#include "report/plan/operating_model.h"
#include "report/proposal/parts.h"

/* The manager whose book loses most accounts (sign 1: gains most hours) by the moves that are made
 * now; SIZE_MAX: none. */
static size_t most_changed(const proposal *p, int sign)
{
    const transition_books books = proposal_books(p);
    const territory *t = p->in->t;
    size_t best = SIZE_MAX;
    int64_t most = 0;
    for (size_t j = 0; t != NULL && j < t->csms->n; j++) {
        const territory_book now = transition_book(&books, j);
        int64_t accounts = (int64_t)now.accounts - (int64_t)t->before[j].accounts;
        int64_t change = sign > 0 ? now.minutes - t->before[j].minutes : -accounts;
        if (change > most) {
            most = change;
            best = j;
        }
    }
    return best;
}

static double load(const territory *t, const territory_book *b, size_t j)
{
    return t->capacity[j] > 0 ? (double)b->minutes / (double)t->capacity[j] : (double)NAN;
}

static doc_section *objection(const proposal *p, doc_section *parent, const char *id,
                              const char *said)
{
    return document_section(p->d, parent, id, said);
}

static void of_loser(const proposal *p, doc_section *parent)
{
    const territory *t = p->in->t;
    size_t j = most_changed(p, -1);
    if (j == SIZE_MAX) {
        return;
    }
    const transition_books books = proposal_books(p);
    const territory_book *b = &t->before[j];
    const territory_book a = transition_book(&books, j);
    int64_t above = transition_above(&books);
    doc_section *s = objection(p, parent, "objection-losing", "“You take my accounts away”");
    doc_paragraph(
        s,
        "%s gives up most: from %s to %s, from %s to %s of %s. %s of all hours are above a fair "
        "share today, %s after: hours go where there is room.",
        SAFE(p->d, t->csms->items[j].name), words_things((int64_t)b->accounts, "account").text,
        words_count((int64_t)a.accounts).text, words_money(b->value_minor, p->currency).text,
        words_money(a.value_minor, p->currency).text, p->value_label,
        words_share((double)t->minutes_above[0] / (double)t->total_minutes).text,
        words_share((double)above / (double)t->total_minutes).text);
    if (!isnan(load(t, b, j))) {
        doc_paragraph(s, "That book takes %s of its manager's hours now and %s after.",
                      words_share(load(t, b, j)).text, words_share(load(t, &a, j)).text);
    }
}

/* Mean weight of the accounts that come into a book and of those it had. */
static void weigh(const proposal *p, size_t j, double *came, double *had, size_t *n_came)
{
    const territory *t = p->in->t;
    double sum_had = 0.0;
    double sum_came = 0.0;
    size_t n_had = 0;
    *n_came = 0;
    for (size_t i = 0; i < p->in->w->n; i++) {
        if (p->in->w->csm[i] == (int32_t)j && p->in->w->total[i] > 0) {
            sum_had += p->in->w->weight[i];
            n_had++;
        }
    }
    for (size_t k = 0; k < t->n_moves; k++) {
        if (t->moves[k].to == (int32_t)j && p->in->plan->moves[t->moves[k].account] != 0) {
            sum_came += p->in->w->weight[t->moves[k].account];
            (*n_came)++;
        }
    }
    *had = n_had > 0 ? sum_had / (double)n_had : (double)NAN;
    *came = *n_came > 0 ? sum_came / (double)*n_came : (double)NAN;
}

static void of_gainer(const proposal *p, doc_section *parent)
{
    const territory *t = p->in->t;
    size_t j = most_changed(p, 1);
    double came = 0.0;
    double had = 0.0;
    size_t n_came = 0;
    if (j == SIZE_MAX) {
        return;
    }
    const transition_books books = proposal_books(p);
    const territory_book after = transition_book(&books, j);
    weigh(p, j, &came, &had, &n_came);
    doc_section *s = objection(p, parent, "objection-gaining", "“I get the difficult ones”");
    doc_paragraph(s, "%s gains most work: %s more a year, %s come in.",
                  SAFE(p->d, t->csms->items[j].name),
                  words_hours(after.minutes - t->before[j].minutes).text,
                  words_things((int64_t)n_came, "account").text);
    if (!isnan(came) && !isnan(had) && !p->in->w->complexity_missing) {
        char a[NUMBER_TEXT];
        char b[NUMBER_TEXT];
        number_format(came, 1, a);
        number_format(had, 1, b);
        doc_paragraph(s,
                      "They are %s times as complex as the mean account, those there now %s times; "
                      "complexity is counted in the hours, so a book of complex accounts is a "
                      "smaller one.",
                      a, b);
    }
    if (!isnan(load(t, &after, j))) {
        doc_paragraph(s,
                      "With them the book takes %s of the hours there are, against %s now; the "
                      "mean of all books is %s.",
                      words_share(load(t, &after, j)).text,
                      words_share(load(t, &t->before[j], j)).text,
                      words_share((double)t->total_minutes / (double)t->total_capacity).text);
    }
}

static void of_finance(const proposal *p, doc_section *parent)
{
    const capacity *c = p->in->cap;
    const coverage *v = p->in->c;
    const touch_range k = proposal_kept(p);
    int64_t net = v->under.minutes + v->over.minutes;
    int64_t cost = proposal_cost(p, net);
    doc_section *s = objection(p, parent, "objection-finance", "Finance: “What does it cost?”");
    if (c->available_total > 0) {
        double people = capacity_people(c, c->all.total - c->available_total);
        int64_t left = c->available_total - c->all.total;
        char text[NUMBER_TEXT];
        number_format(fabs(people), 1, text);
        doc_paragraph(s, "All planned work takes %s of the %s there are: %s%s%s.",
                      words_hours(c->all.total).text, words_hours(c->available_total).text,
                      left < 0 ? "" : "no new people, and ", isnan(people) ? "some" : text,
                      left < 0 ? " people are missing" : " people's hours are left");
    }
    if (cost != -1) {
        doc_paragraph(s, "Against today's levels %s a year, %s at the managers' mean cost.",
                      proposal_net(net).text, words_money(cost, p->currency).text);
    } else {
        doc_note(s, "missing", "In money: needs `cost_per_hour` in the source csms.");
    }
    if (k.side == TOUCH_HELPS && cost > 0) {
        doc_paragraph(s, "It keeps %s a year: %s for each unit of cost at the low end.",
                      proposal_range(p, k.low, k.high).text,
                      words_value(k.low / (double)cost, VALUE_NUMBER, p->currency).text);
    } else if (k.side == TOUCH_UNSURE || k.side == TOUCH_HARMS) {
        doc_paragraph(s,
                      "What it keeps in return is not proven (%s a year). Begin with the step "
                      "that costs nothing but discipline, holding what is planned, and measure.",
                      proposal_range(p, k.low, k.high).text);
    }
}

static void of_sales(const proposal *p, doc_section *parent)
{
    const transition *t = p->in->plan;
    const double *open = view_column(p->in->v, "open_expansion").num;
    size_t deals = 0;
    int64_t amount = 0;
    for (size_t i = 0; open != NULL && i < p->in->w->n; i++) {
        bool changes = t->moves[i] != 0 || t->touch[i] == WAVE_LOWER;
        if (changes && open[i] > 0.0) {
            deals++;
            amount += money_minor(open[i]);
        }
    }
    doc_section *s =
        objection(p, parent, "objection-sales", "Sales: “Do not touch accounts with a deal open”");
    if (open == NULL) {
        doc_note(s, "missing", "Open deals: needs a source 'opportunities'.");
        return;
    }
    doc_paragraph(
        s,
        "Of the accounts that get less touch or another manager, %s %s an open expansion "
        "deal, worth %s together: `strata accounts --where 'open_expansion > 0'` has "
        "them, so that each can be agreed on. %s %s already held back for the reasons under "
        "Risks and exceptions.",
        words_count((int64_t)deals).text, deals == 1 ? "has" : "have",
        words_money(amount, p->currency).text, words_things((int64_t)t->n_held, "account").text,
        t->n_held == 1 ? "is" : "are");
}

/* Of accounts that get less: how many are red, what they stand to lose. */
static void of_customers(const proposal *p, doc_section *parent)
{
    const proposal_input *in = p->in;
    size_t red = 0;
    for (size_t i = 0; i < in->w->n; i++) {
        red += in->plan->touch[i] == WAVE_LOWER && in->s->band[i] == BAND_RED;
    }
    const wave_sum *w = &in->plan->waves[WAVE_LOWER];
    doc_section *s =
        objection(p, parent, "objection-customers", "“Customers who get less will leave”");
    doc_paragraph(s, "%s get less, %s of them with a health under 60.",
                  words_things((int64_t)w->n, "account").text, words_count((int64_t)red).text);
    if (!in->s->known || w->value_minor <= 0 || in->c->under.value_minor <= 0) {
        return;
    }
    double here = (double)w->stake_minor / (double)w->value_minor;
    double there = (double)in->c->under.stake_minor / (double)in->c->under.value_minor;
    doc_paragraph(
        s,
        "Accounts like them lost %s of their ARR in the last 12 months; those that get too "
        "little, %s. %s",
        words_share(here).text, words_share(there).text,
        there > here ? "The hours go to where more is lost."
                     : "So lower them last, and only those that nothing else speaks for.");
}

strata_status proposal_objections(const proposal *p, strata_error *err)
{
    (void)err;
    doc_section *s = document_section(p->d, NULL, "objections", "What will be said against it");
    of_loser(p, s);
    of_gainer(p, s);
    of_finance(p, s);
    of_sales(p, s);
    of_customers(p, s);
    return STRATA_OK;
}
