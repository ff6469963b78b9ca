/* SPDX-License-Identifier: Apache-2.0 */
/* The split of the hours that protects most ARR, and what one more hour is worth where. */
#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "report/capacity.h"
#include "report/report.h"

enum { TEN_A_MONTH = 120 }; /* hours a year */

static const char *currency_of(const capacity_input *in)
{
    return report_currency(in->v->b);
}

static words money(const capacity_input *in, double minor)
{
    return words_money(words_whole(minor), currency_of(in));
}

/* --- where the effect comes from --- */

static void put_measured(doc_section *s, const touch_effect *x)
{
    if (isnan(x->measured)) {
        doc_paragraph(
            s,
            "Measured: nothing. Of the accounts of a year ago, %zu had at least half of "
            "the touchpoints planned for 90 days and %zu of them left; of %zu with fewer, "
            "%zu left. That is too few, or there are no touchpoints of then.",
            x->n_touched, x->left_touched, x->n_others, x->left_others);
        return;
    }
    doc_paragraph(s,
                  "Measured: accounts of a year ago that had at least half of the touchpoints "
                  "planned for the 90 days before left %s less often in the 12 months after (from "
                  "%s to %s; %zu of %zu against %zu of %zu) than accounts of the same segment and "
                  "health band that had fewer.%s",
                  words_share(x->measured).text, words_share(x->measured_low).text,
                  words_share(x->measured_high).text, x->left_touched, x->n_touched, x->left_others,
                  x->n_others,
                  x->source == EFFECT_MEASURED ? "" : " That cannot be told from no effect.");
}

static void put_effect(doc_section *s, const capacity_input *in)
{
    const touch_effect *x = in->effect;
    put_measured(s, x);
    if (x->source == EFFECT_ASSUMED) {
        doc_paragraph(s,
                      "Assumed (`engagement.effect` of the model file): a full programme keeps %s "
                      "of the ARR at stake (from %s to %s).",
                      words_share(x->likely).text, words_share(x->low).text,
                      words_share(x->high).text);
    }
    doc_paragraph(
        s, "At stake is ARR times what accounts of the same segment and health band lost in "
           "the last 12 months. Onboarding, renewals and tickets come first; the other hours "
           "go to the touchpoints and reviews of the accounts with the most at stake for "
           "each hour. Ranges are those of the effect.");
}

/* --- the split --- */

static void put_row(doc_table *t, const char *label, const split_segment *x, double ten, bool total)
{
    const doc_cell cells[] = {
        cell_text(label),
        cell_number(x->committed),
        cell_number(x->planned),
        cell_number(x->given),
        x->planned > 0.0 ? cell_share(x->given / x->planned) : cell_empty("nothing planned"),
        cell_money(words_whole(x->likely)),
        cell_money(words_whole(x->low)),
        cell_money(words_whole(x->high)),
        cell_money(words_whole(ten)),
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
        {.key = "protected_low", .label = "from", .type = CELL_MONEY, .priority = 1},
        {.key = "protected_high", .label = "to", .type = CELL_MONEY, .priority = 1},
        {.key = "ten_more", .label = "10 h a month more", .type = CELL_MONEY},
    };
    doc_table *t = doc_table_new(s, "split", NULL, columns, 9);
    for (size_t k = 0; k < x->n_segments; k++) {
        put_row(t, in->e->segments[k].label, &x->segments[k], x->segments[k].next * TEN_A_MONTH,
                false);
    }
    put_row(t, "All", &x->all, x->all.next * TEN_A_MONTH, true);
}

/* The segment whose last hours protect least, but for `but`; SIZE_MAX: none has hours. */
static size_t cheapest(const split *x, size_t but)
{
    size_t at = SIZE_MAX;
    for (size_t k = 0; k < x->n_segments; k++) {
        bool has = k != but && !isnan(x->segments[k].last);
        if (has && (at == SIZE_MAX || x->segments[k].last < x->segments[at].last)) {
            at = k;
        }
    }
    return at;
}

static void put_prices(doc_section *s, document *d, const capacity_input *in)
{
    const split *x = in->split;
    const touch_effect *effect = in->effect;
    if (!(x->all.next > 0.0)) {
        doc_paragraph(s, "There are hours for all that is planned: one more hour would protect "
                         "nothing more.");
        return;
    }
    for (size_t k = 0; k < x->n_segments; k++) {
        double worth = x->segments[k].next * TEN_A_MONTH;
        size_t from = cheapest(x, k);
        if (!(worth > 0.0)) {
            continue;
        }
        double low = effect->likely > 0.0 ? worth * effect->low / effect->likely : 0.0;
        double high = effect->likely > 0.0 ? worth * effect->high / effect->likely : 0.0;
        STRBUF_AUTO strbuf taken;
        strbuf_init(&taken, 0);
        if (from != SIZE_MAX) {
            strbuf_printf(&taken, "; taken from %s they would cost %s there",
                          SAFE(d, in->e->segments[from].label),
                          money(in, x->segments[from].last * TEN_A_MONTH).text);
        }
        doc_bullet(s, "Ten more hours a month for **%s** are worth %s a year (%s to %s)%s.",
                   SAFE(d, in->e->segments[k].label), money(in, worth).text, money(in, low).text,
                   money(in, high).text, strbuf_text(&taken));
    }
}

static void put_possible(document *d, doc_section *parent, const capacity_input *in)
{
    const split *x = in->split;
    char title[4 * WORDS_TEXT];
    (void)snprintf(title, sizeof title, "The best split protects %s of ARR a year (%s to %s)",
                   money(in, x->all.likely).text, money(in, x->all.low).text,
                   money(in, x->all.high).text);
    doc_section *s = document_section(d, parent, "split", title);
    put_table(s, in);
    if (x->all.planned - x->all.given > 0.5) {
        doc_paragraph(s, "Every segment getting the same share of its plan would protect %s.",
                      money(in, x->evenly).text);
    }
    put_prices(s, d, in);
    put_effect(s, in);
}

static void put_conflict(document *d, doc_section *parent, const capacity_input *in)
{
    const split *x = in->split;
    doc_section *s = document_section(d, parent, "split",
                                      "The hours do not hold onboarding, renewals and tickets");
    STRBUF_AUTO strbuf who;
    strbuf_init(&who, 0);
    double sum = 0.0;
    for (size_t i = 0; i < x->n_conflict; i++) {
        size_t k = x->conflict[i];
        strbuf_printf(&who, "%s%s (%s)", i > 0 ? ", " : "", SAFE(d, in->e->segments[k].label),
                      words_things(words_whole(x->segments[k].committed), "hour").text);
        sum += x->segments[k].committed;
    }
    doc_note(s, "warning",
             "%s a year cannot hold the onboarding, renewals and tickets of %s: together %s. Raise "
             "the hours, or set touch to digital for one of them.",
             words_things(words_whole(x->hours), "hour").text, strbuf_text(&who),
             words_things(words_whole(sum), "hour").text);
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
    if (!in->stakes_known) {
        doc_note(s, "missing", "Which hours protect most ARR: needs ARR of more than a year.");
    } else if (in->effect->source == EFFECT_NONE) {
        put_measured(s, in->effect);
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
