/* SPDX-License-Identifier: Apache-2.0 */
/* The split of the hours that protects most ARR, and what one more hour is worth where. */
#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "report/plan/capacity.h"
#include "report/plan/touch_words.h"
#include "report/report.h"

static const char *currency_of(const capacity_input *in)
{
    return report_currency(in->v->b);
}

static words money(const capacity_input *in, double minor)
{
    return words_money(words_whole(minor), currency_of(in));
}

/* --- what is assumed --- */

static void put_share(doc_table *t, const char *what, const touch_effect *x, const char *key)
{
    bool known = x->source != EFFECT_NONE;
    doc_row(t, (doc_cell[]){cell_text(what), known ? cell_share(x->likely) : cell_empty("none"),
                            known ? cell_share(x->low) : cell_empty("none"),
                            known ? cell_share(x->high) : cell_empty("none"),
                            cell_kept(t, touch_counts(x, key).text)});
}

static int64_t sum_of(const capacity_input *in, const int64_t *minor)
{
    int64_t sum = 0;
    for (size_t i = 0; i < in->w->n; i++) {
        sum += minor[i];
    }
    return sum;
}

static void put_rate(doc_table *t, const capacity_input *in, const char *what, bool growth)
{
    static const char history[] = "what accounts of the same segment and health band ";
    const stakes *s = in->s;
    stakes_apart by = growth ? s->growth : s->risk;
    const char *did = growth ? "gained in the last 12 months" : "lost in the last 12 months";
    char source[400];
    char apart[200] = "";
    if (by == APART_CHANCE) {
        (void)snprintf(apart, sizeof apart, "; told apart by the kept %s of %s",
                       growth ? "chance of expansion" : "risk of churn",
                       words_things((int64_t)(growth ? s->n_growth : s->n_risk), "account").text);
    } else if (by == APART_SCORE) {
        (void)snprintf(apart, sizeof apart, "; told apart by `expansion_score` (%s)",
                       words_things((int64_t)s->n_growth, "account").text);
    } else {
        (void)snprintf(apart, sizeof apart, "; no %s kept in the last %d days",
                       growth ? "chance of expansion" : "risk of churn", CHANCE_DAYS);
    }
    (void)snprintf(source, sizeof source, "history: %s%s%s", history, did, apart);
    doc_row(t, (doc_cell[]){cell_text(what), cell_money(sum_of(in, growth ? s->grows : s->minor)),
                            cell_empty("stated as one figure"), cell_empty("stated as one figure"),
                            cell_text(source)});
}

static void put_assumptions(doc_section *s, const capacity_input *in)
{
    const doc_column columns[] = {
        {.key = "assumption", .label = "Assumption", .type = CELL_TEXT},
        {.key = "likely", .label = "Likely", .type = CELL_SHARE},
        {.key = "low", .label = "from", .type = CELL_SHARE, .priority = 1},
        {.key = "high", .label = "to", .type = CELL_SHARE, .priority = 1},
        {.key = "source", .label = "Source", .type = CELL_TEXT},
    };
    doc_table *t = doc_table_new(s, "assumptions", "What it rests on", columns, 5);
    put_rate(t, in, "ARR at stake in a year", false);
    put_share(t, "Of it, a full programme keeps", in->effect, "engagement.effect");
    put_rate(t, in, "ARR that may be gained in a year", true);
    put_share(t, "More of it with a full programme", in->growth, "engagement.growth");
    doc_row(t,
            (doc_cell[]){cell_text("Hours there are"),
                         cell_number((double)in->split->minutes / MINUTES_PER_HOUR),
                         cell_empty("stated as one figure"), cell_empty("stated as one figure"),
                         cell_text(in->hours_asked >= 0   ? "asked for with --hours"
                                   : in->c->n_assumed > 0 ? "source 'csms', else engagement.month"
                                                          : "source 'csms'")});
    doc_table_footnote(t, "Onboarding, renewals and tickets come first; the other hours go to the "
                          "touchpoints and reviews of the accounts for which an hour brings most. "
                          "Ranges are those of the effects.");
    if (in->s->risk == APART_NOTHING) {
        doc_note(s, "note",
                 "`strata predict churn --save` keeps each account's risk; the hours then go to "
                 "those likely to leave, not to all of a segment and health band alike.");
    }
}

/* --- the split --- */

static void put_row(doc_table *t, const capacity_input *in, const char *label,
                    const split_segment *x, bool total)
{
    bool grows = in->growth->source != EFFECT_NONE;
    bool keeps = in->effect->source != EFFECT_NONE;
    const doc_cell none = cell_empty("no effect is known");
    const doc_cell cells[] = {
        cell_text(label),
        cell_number((double)x->committed / MINUTES_PER_HOUR),
        cell_number((double)x->planned / MINUTES_PER_HOUR),
        cell_number((double)x->given / MINUTES_PER_HOUR),
        x->planned > 0 ? cell_share((double)x->given / (double)x->planned)
                       : cell_empty("nothing planned"),
        keeps ? cell_money(x->worth.protects) : none,
        grows ? cell_money(x->worth.grows) : none,
        cell_money(x->worth.low),
        cell_money(x->worth.high),
        cell_money(words_whole(x->ten_more.likely)),
    };
    (total ? doc_row_total : doc_row)(t, cells);
}

static void put_table(doc_section *s, const capacity_input *in)
{
    const split *x = in->split;
    const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "hours_first",
         .label = "Hours that come first",
         .type = CELL_NUMBER,
         .priority = 3},
        {.key = "hours_planned", .label = "Touch planned", .type = CELL_NUMBER},
        {.key = "hours_given", .label = "given", .type = CELL_NUMBER},
        {.key = "share_given", .label = "Share", .type = CELL_SHARE, .bar = true},
        {.key = "protected", .label = "Protects", .type = CELL_MONEY},
        {.key = "grown", .label = "Grows", .type = CELL_MONEY},
        {.key = "worth_low", .label = "both from", .type = CELL_MONEY, .priority = 1},
        {.key = "worth_high", .label = "to", .type = CELL_MONEY, .priority = 1},
        {.key = "ten_more", .label = "10 h a month more", .type = CELL_MONEY},
    };
    doc_table *t = doc_table_new(s, "split", NULL, columns, 10);
    for (size_t k = 0; k < x->n_segments; k++) {
        put_row(t, in, in->e->segments[k].label, &x->segments[k], false);
    }
    put_row(t, in, "All", &x->all, true);
}

/* The segment, but for `but`, that loses least by ten hours a month fewer; SIZE_MAX: none has as
 * many. */
static size_t cheapest(const split *x, size_t but)
{
    size_t at = SIZE_MAX;
    for (size_t k = 0; k < x->n_segments; k++) {
        bool has = k != but && !isnan(x->segments[k].ten_less);
        if (has && (at == SIZE_MAX || x->segments[k].ten_less < x->segments[at].ten_less)) {
            at = k;
        }
    }
    return at;
}

/* "; taken from Core they would cost $2.51k there", or that there is work for fewer. */
static void put_other_side(strbuf *out, document *d, const capacity_input *in, size_t k)
{
    const split *x = in->split;
    const double hours = x->segments[k].ten_hours;
    const size_t from = cheapest(x, k);
    if (hours < SPLIT_TEN_HOURS - 0.5) {
        strbuf_printf(out, ": its plan lacks %s a year, and no more",
                      words_hours(llround(hours * MINUTES_PER_HOUR)).text);
    } else if (from != SIZE_MAX) {
        strbuf_printf(out, "; taken from %s they would cost %s there",
                      SAFE(d, in->e->segments[from].label),
                      money(in, x->segments[from].ten_less).text);
    }
}

static void put_prices(doc_section *s, document *d, const capacity_input *in)
{
    const split *x = in->split;
    if (!(x->all.ten_more.likely > 0.0)) {
        doc_paragraph(s, "There are hours for all that is planned: one more hour would bring "
                         "nothing more.");
        return;
    }
    for (size_t k = 0; k < x->n_segments; k++) {
        const split_price *ten = &x->segments[k].ten_more;
        if (!(ten->likely > 0.0)) {
            continue;
        }
        STRBUF_AUTO strbuf other;
        strbuf_init(&other, 0);
        put_other_side(&other, d, in, k);
        doc_bullet(s, "Ten more hours a month for **%s** are worth %s a year (%s to %s)%s.",
                   SAFE(d, in->e->segments[k].label), money(in, ten->likely).text,
                   money(in, ten->low).text, money(in, ten->high).text, strbuf_text(&other));
    }
}

/* "protects $1.2M and grows $80k of ARR" */
static words brings(const capacity_input *in)
{
    const split_worth *x = &in->split->all.worth;
    bool keeps = in->effect->source != EFFECT_NONE;
    bool grows = in->growth->source != EFFECT_NONE;
    words text;
    (void)snprintf(text.text, sizeof text.text, "%s%.30s%s%s%.30s of ARR", keeps ? "protects " : "",
                   keeps ? words_money(x->protects, currency_of(in)).text : "",
                   keeps && grows ? " and " : "", grows ? "grows " : "",
                   grows ? words_money(x->grows, currency_of(in)).text : "");
    return text;
}

static void put_possible(document *d, doc_section *parent, const capacity_input *in)
{
    const split *x = in->split;
    char title[4 * WORDS_TEXT];
    (void)snprintf(title, sizeof title, "The best split %s a year (%s to %s)", brings(in).text,
                   words_money(x->all.worth.low, currency_of(in)).text,
                   words_money(x->all.worth.high, currency_of(in)).text);
    doc_section *s = document_section(d, parent, "split", title);
    put_table(s, in);
    if (x->all.planned - x->all.given > MINUTES_PER_HOUR / 2) {
        doc_paragraph(s, "Every segment getting the same share of its plan would bring %s.",
                      words_money(x->evenly, currency_of(in)).text);
    }
    put_prices(s, d, in);
    put_assumptions(s, in);
    touch_put_measured(s, in->effect, in->growth);
}

static void put_conflict(document *d, doc_section *parent, const capacity_input *in)
{
    const split *x = in->split;
    doc_section *s = document_section(d, parent, "split",
                                      "The hours do not hold onboarding, renewals and tickets");
    STRBUF_AUTO strbuf who;
    strbuf_init(&who, 0);
    int64_t sum = 0;
    for (size_t i = 0; i < x->n_conflict; i++) {
        size_t k = x->conflict[i];
        strbuf_printf(&who, "%s%s (%s)", i > 0 ? ", " : "", SAFE(d, in->e->segments[k].label),
                      words_hours(x->segments[k].committed).text);
        sum += x->segments[k].committed;
    }
    int64_t all = 0;
    for (size_t k = 0; k < in->e->n_segments; k++) {
        all += x->segments[k].committed;
    }
    doc_note(s, "warning",
             "%s a year cannot hold the onboarding, renewals and tickets of %s: together %s, and "
             "%s for all segments. Raise the hours, or set touch to digital for %s.",
             words_hours(x->minutes).text, strbuf_text(&who), words_hours(sum).text,
             words_hours(all).text, x->n_conflict == 1 ? "it and look again" : "one of them");
}

void report_capacity_split(document *d, doc_section *parent, const capacity_input *in)
{
    if (in->split != NULL) {
        if (in->split->possible) {
            put_possible(d, parent, in);
        } else {
            put_conflict(d, parent, in);
        }
        return;
    }
    doc_section *s = document_section(d, parent, "split", "No split of the hours is proposed");
    if (!in->s->known) {
        doc_note(s, "missing", "Which hours protect most ARR: needs ARR of more than a year.");
    } else if (in->effect->source == EFFECT_NONE && in->growth->source == EFFECT_NONE) {
        touch_put_measured(s, in->effect, in->growth);
        doc_note(s, "missing",
                 "Which hours protect most ARR: needs to know what touch does. State an assumption "
                 "in the model file, such as engagement: {effect: {low: 5%%, likely: 15%%, high: "
                 "25%%}}: the share of the ARR at stake that a full programme keeps.");
    } else {
        doc_note(s, "missing",
                 "Which hours protect most ARR: needs the hours there are, from a source 'csms' or "
                 "--hours.");
    }
}
