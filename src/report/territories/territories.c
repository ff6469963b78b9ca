/* SPDX-License-Identifier: Apache-2.0 */
#include "report/territories/territories.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/territories/parts.h"

double territories_share(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0.0;
}

double territories_hours(int64_t minutes)
{
    return (double)minutes / MINUTES_PER_HOUR;
}

words territories_hours_words(int64_t minutes)
{
    words out;
    words n = words_count(llround(territories_hours(minutes)));
    (void)snprintf(out.text, sizeof out.text, "%.80s h", n.text);
    return out;
}

const char *territories_value_name(const view *v)
{
    return v->value_label != NULL ? v->value_label : "Value";
}

void report_territories_title(strbuf *out, const territories_input *in)
{
    const territory *t = in->t;
    words before = words_share(territories_share(t->minutes_above[0], t->total_minutes));
    words after = words_share(territories_share(t->minutes_above[1], t->total_minutes));
    size_t n_moved = t->n_moves - t->n_placed;
    if (t->n_moves == 0) {
        strbuf_printf(out, "%s: %s of the hours lie above fair shares",
                      t->n_free == 0 ? "No account may move" : "No move pays", before.text);
    } else if (n_moved == 0) {
        strbuf_printf(out,
                      "%s %s a manager and nobody else moves: the hours above fair shares go from "
                      "%s to %s",
                      words_things((int64_t)t->n_placed, "account").text,
                      t->n_placed == 1 ? "gets" : "get", before.text, after.text);
    } else if (t->n_placed == 0) {
        strbuf_printf(out, "Moving %s of %s brings the hours above fair shares from %s to %s",
                      words_count((int64_t)n_moved).text,
                      words_things((int64_t)t->n_items, "account").text, before.text, after.text);
    } else {
        strbuf_printf(out,
                      "Moving %s of %s and giving %s a manager brings the hours above fair shares "
                      "from %s to %s",
                      words_count((int64_t)n_moved).text,
                      words_things((int64_t)t->n_items, "account").text,
                      words_count((int64_t)t->n_placed).text, before.text, after.text);
    }
}

/* --- in force, left out, how --- */

static void put_limits(document *d, doc_section *parent, const territories_input *in)
{
    const territory *t = in->t;
    const territory_request *r = &in->request;
    doc_section *s = document_section(d, parent, "limits", "What binds");
    if (t->capacity_unknown) {
        doc_note(s, "missing",
                 "Some managers state no hours (`capacity_hours` of csms, or `month` "
                 "of `engagement`): fair shares are equal, and no book has a limit.");
    } else if (isnan(r->limit)) {
        doc_bullet(s, "No book takes more than its manager's hours; one that is above them now "
                      "takes no more than it has.");
    } else {
        doc_bullet(s, "No book takes more than %s of its manager's hours.",
                   words_share(r->limit).text);
    }
    if (r->most_moves != SIZE_MAX) {
        doc_bullet(s, "At most %s.", words_things((int64_t)r->most_moves, "move").text);
    }
    if (t->region_used) {
        doc_bullet(s, "A manager who states regions takes over accounts of these only.");
    }
    if (t->skill_used) {
        doc_bullet(s, "A manager who states skills takes over accounts whose %s is among them.",
                   SAFE(d, r->skill));
    }
    words renewals = {0};
    if (r->renewal_lock > 0) {
        (void)snprintf(renewals.text, sizeof renewals.text, ", %.24s for a renewal within %.24s",
                       words_count((int64_t)t->n_renewal_locked).text,
                       words_things(r->renewal_lock, "day").text);
    }
    doc_bullet(s, "%s of %s may move: %s locked by rule%s%s%s%s.",
               words_count((int64_t)t->n_free).text, words_count((int64_t)t->n_items).text,
               words_count((int64_t)t->n_rule_locked).text, in->lock != NULL ? " (`" : "",
               in->lock != NULL ? SAFE(d, in->lock) : "", in->lock != NULL ? "`)" : "",
               renewals.text);
}

static void put_left_out(document *d, doc_section *parent, const territories_input *in)
{
    const territory *t = in->t;
    const char *currency = report_currency(in->v->b);
    if (t->n_nobody == 0 && t->n_unknown == 0) {
        return;
    }
    doc_section *s = document_section(d, parent, "left_out", "In no book");
    if (t->n_nobody > 0) {
        doc_note(s, "warning",
                 "%s with %s of work a year and %s have no manager: `--assign` places them.",
                 words_things((int64_t)t->n_nobody, "account").text,
                 territories_hours_words(t->nobody_minutes).text,
                 words_money(t->nobody_value, currency).text);
    }
    if (t->n_unknown > 0) {
        doc_note(s, "warning",
                 "%s with %s of work a year and %s name a manager that the csms source does not "
                 "have.",
                 words_things((int64_t)t->n_unknown, "account").text,
                 territories_hours_words(t->unknown_minutes).text,
                 words_money(t->unknown_value, currency).text);
    }
}

/* How near the best plan there is, as far as that is proven. */
static void put_gap(doc_section *s, const territory_solution *z)
{
    doc_paragraph(s,
                  "Leaving everything as it is costs %s so counted, this plan %s: %s off fair "
                  "shares and %s of moves. No plan can cost less than %s.",
                  territories_hours_words(llround(z->as_is)).text,
                  territories_hours_words(llround(z->objective)).text,
                  territories_hours_words(llround(z->objective - (double)z->price)).text,
                  territories_hours_words(z->price).text,
                  territories_hours_words(llround(z->bound)).text);
    if (z->as_is > z->bound) {
        doc_paragraph(s,
                      "So the plan brings at least %s of what the best one could bring. Of its own "
                      "cost, at most %s could be saved; that may overstate, as the proof lets "
                      "every book choose for itself.",
                      words_share(1.0 - territory_missed(z)).text,
                      words_share(territory_gap(z)).text);
    }
}

static void put_method(document *d, doc_section *parent, const territories_input *in)
{
    const territory *t = in->t;
    const territory_solution *z = &t->solution;
    doc_section *s = document_section(d, parent, "method", "How it was computed");
    doc_paragraph(
        s,
        "Hours are the work of the 12 months ahead by the engagement of each segment, weighed by "
        "complexity (`strata capacity`). A fair share is in proportion to managers' hours. What "
        "counts is hours off the fair share beyond %s of it, the same of %s (an even share of it "
        "counts as much as one of hours), and the price of moves.",
        words_share(in->request.within).text, SAFE(d, territories_value_name(in->v)));
    doc_paragraph(
        s,
        "A move costs %.0f hours (an assumption, `--handover`), times (1 + ARR over the mean, at "
        "most 4) / 2, times 1 to 2 by how lately the account was touched%s.",
        in->request.handover_hours,
        t->touch_known ? "" : "; without touchpoints, nobody is known to have been");
    put_gap(s, z);
}

/* The busiest and the least busy book, of fair shares. */
static void extremes(const territory *t, const territory_book *b, double *low, double *high)
{
    *low = HUGE_VAL;
    *high = 0.0;
    for (size_t j = 0; j < t->csms->n; j++) {
        if (t->minutes_share[j] > 0) {
            double of = (double)b[j].minutes / (double)t->minutes_share[j];
            *low = fmin(*low, of);
            *high = fmax(*high, of);
        }
    }
}

static void put_summary(doc_section *s, const territories_input *in)
{
    const territory *t = in->t;
    double low[2];
    double high[2];
    extremes(t, t->before, &low[0], &high[0]);
    extremes(t, t->after, &low[1], &high[1]);
    doc_paragraph(s,
                  "Books take %s to %s of their fair hours now, %s to %s after. %s above fair "
                  "shares goes from %s to %s of all.",
                  words_share(low[0]).text, words_share(high[0]).text, words_share(low[1]).text,
                  words_share(high[1]).text, in->v->has_arr ? "ARR" : "Value",
                  words_share(territories_share(t->value_above[0], t->total_value)).text,
                  words_share(territories_share(t->value_above[1], t->total_value)).text);
    if (!t->capacity_unknown && t->total_minutes > t->total_capacity) {
        doc_note(s, "warning",
                 "The books take %s a year and the managers have %s: moving accounts evens this "
                 "out, it does not mend it.",
                 territories_hours_words(t->total_minutes).text,
                 territories_hours_words(t->total_capacity).text);
    }
}

strata_status report_territories(document *d, doc_section *parent, const territories_input *in,
                                 strata_error *err)
{
    doc_section *s = document_section(d, parent, "territories", NULL);
    put_summary(s, in);
    STRATA_TRY(territories_books(s, in, err));
    if (in->t->n_moves > 0) {
        STRATA_TRY(territories_moves(d, parent, in, err));
        STRATA_TRY(territories_frontier(d, parent, in, err));
    }
    put_limits(d, parent, in);
    put_left_out(d, parent, in);
    put_method(d, parent, in);
    return STRATA_OK;
}
