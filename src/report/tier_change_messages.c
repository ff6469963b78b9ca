/* SPDX-License-Identifier: Apache-2.0 */
/* What the customer is told, and what is said inside. The customer reads of people and days: never
 * of tiers, of what they are worth, or of less. */
#include <math.h>
#include <string.h>

#include "report/tier_change_parts.h"

/* "talk with you every month" and the like; "" where nothing is planned. */
static const char *rhythm(const tier_papers_input *in, int days)
{
    static const struct {
        int days;
        const char *text;
    } known[] = {{7, "every week"},     {14, "every two weeks"}, {30, "every month"},
                 {91, "every quarter"}, {182, "twice a year"},   {365, "once a year"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].days == days) {
            return known[i].text;
        }
    }
    return days > 0 ? TIER_SAY(in, "every %d days", days) : "";
}

/* What they can count on from then on, from the programme alone. */
static const char *promise(const tier_papers_input *in)
{
    const engaged_segment *then = in->change->then;
    if (then == NULL) {
        return "";
    }
    const char *talks = rhythm(in, then->programme.cadence_days);
    const char *reviews = rhythm(in, then->programme.review_days);
    if (talks[0] == '\0') {
        return "You will find guides and news in the product and by mail; for anything else, write "
               "to us.";
    }
    return reviews[0] != '\0' ? TIER_SAY(in,
                                         "We will talk with you %s, and look at your results "
                                         "together %s.",
                                         talks, reviews)
                              : TIER_SAY(in,
                                         "We will talk with you %s; for anything in between, "
                                         "write to us.",
                                         talks);
}

/* "You have been with us since March 2023, and 24 of your people used the product in the last 30
 * days." */
static const char *shared_past(const tier_papers_input *in)
{
    day since = in->v->p->exists_from[in->change->account];
    double users = tier_fact(in, FEATURE_ACTIVE_USERS_30D);
    const char *begin =
        since > DAY_MIN ? TIER_SAY(in, "You have been with us since %s", words_month_of(since).text)
                        : "Thank you for working with us";
    if (!(users >= 2.0)) {
        return TIER_SAY(in, "%s.", begin);
    }
    return TIER_SAY(in, "%s, and %s of your people used the product in the last 30 days.", begin,
                    words_count(words_whole(users)).text);
}

static const char *new_contact(const tier_papers_input *in)
{
    const engaged_segment *then = in->change->then;
    bool person = then == NULL || then->programme.cadence_days > 0;
    return in->change->up ? "a new person takes more time for you."
           : person       ? "a new person looks after you."
                          : "you reach all of us at one address.";
}

static void put_customer(document *d, doc_section *parent, const tier_papers_input *in)
{
    const tier_change *c = in->change;
    const char *when = TIER_SAY(in, "%s", words_day(c->dates.effective).text);
    doc_section *s = document_section(d, parent, "customer_message", "To the customer, as a draft");
    doc_paragraph(s, "**Subject: Who looks after %s from %s**", SAFE(d, tier_name(in)), when);
    doc_paragraph(s, "Hello,");
    doc_paragraph(s, "%s", shared_past(in));
    doc_paragraph(s, "%s from %s on %s %s",
                  c->up ? "What you do with it has grown, so" : "We are setting up our work anew:",
                  when, new_contact(in), promise(in));
    doc_paragraph(s,
                  "%s is there for you until then, and introduces you in person. Your contract and "
                  "your prices stay as they are, and there is nothing that you need to do.",
                  c->csm != NULL ? SAFE(d, c->csm) : "Whoever you know here");
    doc_paragraph(s,
                  "If you would rather talk about it first, reply to this message and we find a "
                  "time before %s.",
                  when);
    if (!c->up) {
        doc_note(s, "note",
                 "Call the champion before it is sent. It promises only what the model "
                 "says of the segment; nothing in it speaks of tiers or of less.");
    }
}

static void put_inside(document *d, doc_section *parent, const tier_papers_input *in)
{
    const tier_change *c = in->change;
    doc_section *s = document_section(d, parent, "announcement", "Inside, as a draft");
    const char *worth =
        in->v->value != NULL
            ? TIER_SAY(
                  in, ", %s %s",
                  words_money(view_value_minor(in->v, c->account), report_currency(in->v->b)).text,
                  in->v->value_label)
            : "";
    const char *effective = TIER_SAY(in, "%s", words_day(c->dates.effective).text);
    doc_paragraph(s, "**%s (%s%s) goes from %s to %s on %s.**", SAFE(d, tier_name(in)),
                  SAFE(d, in->v->p->ids[c->account]), worth, SAFE(d, tier_segment(in, c->from)),
                  SAFE(d, tier_segment(in, c->to)), effective);
    if (c->clause != NULL && c->values != NULL) {
        doc_paragraph(s, "Why: %s.", SAFE(d, c->values));
    }
    if (c->now != NULL && c->then != NULL) {
        const char *now = rhythm(in, c->now->programme.cadence_days);
        const char *then = rhythm(in, c->then->programme.cadence_days);
        doc_paragraph(s, "Talks: %s, until now %s. Touch: %s, until now %s.",
                      then[0] != '\0' ? then : "on request", now[0] != '\0' ? now : "on request",
                      touch_level_names[c->then->touch], touch_level_names[c->now->touch]);
    }
    doc_paragraph(s,
                  "%s hands over; who takes over is still to be named (`strata territories` says "
                  "whose book has room). The customer is told on %s; until then nobody speaks of "
                  "it outside.",
                  c->csm != NULL ? SAFE(d, c->csm) : "The present manager",
                  words_day(c->dates.tell).text);
}

strata_status tier_put_messages(document *d, doc_section *parent, const tier_papers_input *in,
                                strata_error *err)
{
    put_customer(d, parent, in);
    put_inside(d, parent, in);
    return document_status(d, err);
}
