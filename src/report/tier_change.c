/* SPDX-License-Identifier: Apache-2.0 */
#include "report/tier_change.h"

#include <math.h>
#include <string.h>

#include "report/report.h"
#include "report/tier_change_parts.h"

const char *tier_text(const char *text)
{
    return text != NULL ? text : "";
}

const char *tier_name(const tier_papers_input *in)
{
    return in->v->p->names[in->change->account];
}

const char *tier_segment(const tier_papers_input *in, size_t segment)
{
    return in->paths->def->labels[segment];
}

double tier_fact(const tier_papers_input *in, size_t slot)
{
    const double *x = segmentation_column(in->v->s, slot).num;
    return x != NULL ? x[in->change->account] : (double)NAN;
}

const char *tier_csm(const tier_papers_input *in)
{
    return in->change->csm != NULL ? in->change->csm : "the present manager";
}

void report_tier_change_title(strbuf *out, const tier_papers_input *in)
{
    const tier_change *c = in->change;
    strbuf_printf(out, "%s from %s %s %s", tier_name(in), tier_segment(in, c->from),
                  c->up ? "up to" : "to", tier_segment(in, c->to));
    if (c->held != 0) {
        strbuf_add(out, ": not now");
    } else {
        strbuf_printf(out, " on %s", words_day(c->dates.effective).text);
    }
}

/* --- why, and why not now --- */

static void put_held(document *d, doc_section *s, const tier_papers_input *in)
{
    const model_tier_change *t = &in->v->b->model->tier_change;
    for (size_t k = 0; k < t->n_exceptions; k++) {
        if ((in->change->held >> k & 1U) != 0) {
            const char *why = t->exceptions[k].why;
            doc_bullet(s, "**%s**%s%s.", SAFE(d, t->exceptions[k].name), why != NULL ? ": " : "",
                       why != NULL ? SAFE(d, why) : "");
        }
    }
}

static void put_why(document *d, doc_section *parent, const tier_papers_input *in)
{
    const tier_change *c = in->change;
    doc_section *s = document_section(
        d, parent, "why", c->held != 0 ? "Held back: the dates below wait" : "What calls for it");
    double renewal = tier_fact(in, FEATURE_RENEWAL_IN);
    int member = document_provenance(d, "the segment before and after the change",
                                     "memberships and the model's 'migration'", NULL);
    int due = document_provenance(d, "the day the next renewal is due", "opportunities", NULL);
    if (in->v->value != NULL) {
        int origin = document_provenance(d, in->v->value_label, "the account's own ledger", NULL);
        doc_figure(s, in->v->value_label,
                   with_origin(cell_money(view_value_minor(in->v, c->account)), origin), NULL);
    }
    doc_figure(s, "Now", with_origin(cell_text(tier_segment(in, c->from)), member), NULL);
    doc_figure(s, "Then", with_origin(cell_text(tier_segment(in, c->to)), member), NULL);
    if (!isnan(renewal)) {
        doc_figure(s, "Renewal", with_origin(cell_date(in->v->as_of + (day)lround(renewal)), due),
                   NULL);
    }
    if (c->clause != NULL && c->values != NULL) {
        doc_paragraph(s, "%s `%s`: %s.",
                      c->happened ? "The rules of the dimension moved it by" : "What fired:",
                      SAFE(d, c->clause), SAFE(d, c->values));
    }
    if (c->held != 0) {
        doc_paragraph(s, "Nobody speaks of it to the customer while this holds:");
        put_held(d, s, in);
    } else {
        doc_paragraph(s, "None of the model's exceptions holds on %s.",
                      words_day(in->v->as_of).text);
    }
}

/* --- touch --- */

static const char *every(const tier_papers_input *in, int days)
{
    switch (days) {
    case 0:
        return "none planned";
    case 7:
        return "every week";
    case 14:
        return "every two weeks";
    case 30:
        return "every month";
    case 91:
        return "every quarter";
    case 182:
        return "every half year";
    case 365:
        return "every year";
    default:
        return TIER_SAY(in, "every %d days", days);
    }
}

static void put_touch(document *d, doc_section *parent, const tier_papers_input *in)
{
    const engaged_segment *now = in->change->now;
    const engaged_segment *then = in->change->then;
    static const doc_column columns[] = {{.key = "what", .label = "What", .type = CELL_TEXT},
                                         {.key = "now", .label = "Now", .type = CELL_TEXT},
                                         {.key = "then", .label = "Then", .type = CELL_TEXT}};
    doc_section *s = document_section(d, parent, "touch", "How it is looked after, now and then");
    if (now == NULL || then == NULL) {
        doc_note(s, "missing",
                 "The model does not say how these segments are looked after; add `engagement: "
                 "{by: %s, segments: ...}`.",
                 in->v->b->scope.symbols[in->paths->def->slot].name);
        return;
    }
    doc_table *t = doc_table_new(s, "touch", NULL, columns, 3);
    doc_row(t, (doc_cell[]){cell_text("Touch"), cell_text(touch_level_names[now->touch]),
                            cell_text(touch_level_names[then->touch])});
    doc_row(t, (doc_cell[]){cell_text("Talks"), cell_text(every(in, now->programme.cadence_days)),
                            cell_text(every(in, then->programme.cadence_days))});
    doc_row(t, (doc_cell[]){cell_text("Reviews"), cell_text(every(in, now->programme.review_days)),
                            cell_text(every(in, then->programme.review_days))});
    doc_row(t, (doc_cell[]){cell_text("Support"), cell_text(tier_text(now->programme.support)),
                            cell_text(tier_text(then->programme.support))});
    if (now->proposed || then->proposed) {
        doc_note(s, "note",
                 "What the model does not say of a segment is a proposal from ARR and "
                 "hours; `strata capacity` shows it.");
    }
}

/* --- the plan --- */

typedef struct plan_step {
    const char *phase;
    day on;
    const char *owner, *what;
} plan_step;

static void put_step(doc_table *t, plan_step step)
{
    doc_row(t, (doc_cell[]){cell_text(step.phase), cell_date(step.on), cell_text(step.owner),
                            cell_text(step.what)});
}

static void put_plan(document *d, doc_section *parent, const tier_papers_input *in)
{
    static const doc_column columns[] = {{.key = "phase", .label = "When", .type = CELL_TEXT},
                                         {.key = "on", .label = "Day", .type = CELL_DATE},
                                         {.key = "owner", .label = "Who", .type = CELL_TEXT},
                                         {.key = "step", .label = "What", .type = CELL_TEXT}};
    const tier_change *c = in->change;
    const tier_dates *x = &c->dates;
    const char *csm = tier_csm(in);
    const char *to = tier_segment(in, c->to);
    doc_section *s = document_section(d, parent, "plan", "Before, during and after");
    doc_table *t = doc_table_new(s, "plan", NULL, columns, 4);
    put_step(t, (plan_step){"before", x->decide, "CS manager",
                            "Decide; look once more at what holds it back; name who takes over"});
    if (c->now != NULL && c->then != NULL &&
        strcmp(tier_text(c->now->programme.support), tier_text(c->then->programme.support)) != 0) {
        put_step(t, (plan_step){"before", x->decide, csm,
                                TIER_SAY(in,
                                         "Check what the contract promises of support: it goes "
                                         "from %s to %s",
                                         tier_text(c->now->programme.support),
                                         tier_text(c->then->programme.support))});
    }
    put_step(t, (plan_step){"before", x->announce, "CS manager",
                            "Announce it inside; hand the brief to who takes over"});
    put_step(t, (plan_step){"before", x->tell, csm,
                            c->up ? "Tell the customer, by the message below"
                                  : "Call the champion first, then send the message below"});
    put_step(t, (plan_step){"during", x->effective, TIER_SAY(in, "%s and who takes over", csm),
                            "Hand-over talk with the customer"});
    put_step(t, (plan_step){"during", x->effective, "CS operations",
                            TIER_SAY(in,
                                     "Set owner and touch to those of %s; end plays that %s "
                                     "has not",
                                     to, to)});
    put_step(t, (plan_step){"after", x->first_month, "who takes over",
                            c->up ? "Look back: goals agreed, first review held, champion known"
                                  : "Look back: use and tickets as before, nobody asked to go "
                                    "back"});
    put_step(t, (plan_step){"after", x->first_quarter, "CS manager",
                            "Keep it, or change back: compare use, tickets and health with today's "
                            "figures in the brief"});
    if (c->held != 0) {
        doc_table_footnote(t, "Days as if nothing held it back; they move with the decision.");
    }
}

/* --- all of it --- */

strata_status report_tier_change(document *d, doc_section *parent, const tier_papers_input *in,
                                 strata_error *err)
{
    put_why(d, parent, in);
    put_touch(d, parent, in);
    put_plan(d, parent, in);
    STRATA_TRY(tier_put_messages(d, parent, in, err));
    return tier_put_brief(d, parent, in, err);
}
