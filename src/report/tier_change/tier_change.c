/* SPDX-License-Identifier: Apache-2.0 */
#include "report/tier_change/tier_change.h"

#include <math.h>
#include <string.h>

#include "report/report.h"
#include "report/tier_change/parts.h"

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
            const char *said = in->change->held_said != NULL ? in->change->held_said[k] : NULL;
            doc_bullet(s, "**%s**%s%s%s%s.", SAFE(d, t->exceptions[k].name),
                       said != NULL ? ": " : "", said != NULL ? SAFE(d, said) : "",
                       why != NULL ? (said != NULL ? ". " : ": ") : "",
                       why != NULL ? SAFE(d, why) : "");
        }
    }
}

static void put_why(document *d, doc_section *parent, const tier_papers_input *in,
                    const char *because)
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
    doc_figure(s, c->happened ? "Was" : "Now",
               with_origin(cell_text(tier_segment(in, c->from)), member), NULL);
    doc_figure(s, c->happened ? "Is by the rules" : "Then",
               with_origin(cell_text(tier_segment(in, c->to)), member), NULL);
    if (!isnan(renewal)) {
        doc_figure(s, "Renewal", with_origin(cell_date(in->v->as_of + (day)lround(renewal)), due),
                   NULL);
    }
    if (because != NULL) {
        doc_paragraph(s, "%s `%s`: %s.",
                      c->happened ? "The rules of the dimension moved it by" : "What fired:",
                      SAFE(d, c->clause), SAFE(d, because));
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
    const char *text = tier_rhythm(in, days);
    return text != NULL ? text : "none planned";
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

/* --- from the paper --- */

static const char *phase_of(const tier_dates *x, day on)
{
    return on < x->effective ? "before" : on == x->effective ? "during" : "after";
}

static strata_status steps_of(const tier_papers_input *in, const filled_paper *f, const char *part,
                              paper_step *steps, size_t *n, strata_error *err)
{
    const tier_dates *x = &in->change->dates;
    const day days[TIER_DAYS] = {[TIER_DAY_DECIDE] = x->decide,
                                 [TIER_DAY_ANNOUNCE] = x->announce,
                                 [TIER_DAY_TELL] = x->tell,
                                 [TIER_DAY_EFFECTIVE] = x->effective,
                                 [TIER_DAY_FIRST_MONTH] = x->first_month,
                                 [TIER_DAY_FIRST_QUARTER] = x->first_quarter};
    return paper_steps(f, paper_part(&f->paper, part, NULL), days, steps, n, err);
}

static strata_status put_plan(document *d, doc_section *parent, const tier_papers_input *in,
                              const filled_paper *f, strata_error *err)
{
    static const doc_column columns[] = {{.key = "phase", .label = "When", .type = CELL_TEXT},
                                         {.key = "on", .label = "Day", .type = CELL_DATE},
                                         {.key = "owner", .label = "Who", .type = CELL_TEXT},
                                         {.key = "step", .label = "What", .type = CELL_TEXT}};
    paper_step steps[PAPER_STEPS_MOST];
    size_t n = 0;
    STRATA_TRY(steps_of(in, f, "plan", steps, &n, err));
    doc_section *s = document_section(d, parent, "plan", "Before, during and after");
    doc_table *t = doc_table_new(s, "plan", NULL, columns, 4);
    for (size_t i = 0; i < n; i++) {
        doc_row(t, (doc_cell[]){cell_text(phase_of(&in->change->dates, steps[i].on)),
                                cell_date(steps[i].on), cell_text(tier_text(steps[i].who)),
                                cell_text(steps[i].what)});
    }
    if (in->change->held != 0) {
        doc_table_footnote(t, "Days as if nothing held it back; they move with the decision.");
    }
    return STRATA_OK;
}

static strata_status put_messages(document *d, doc_section *parent, const tier_papers_input *in,
                                  const filled_paper *f, strata_error *err)
{
    const bool held = in->change->held != 0;
    doc_section *s = document_section(d, parent, "customer_message",
                                      held ? "To the customer, once nothing holds it back"
                                           : "To the customer, as a draft");
    STRATA_TRY(paper_put_part(s, f, "customer", err));
    s = document_section(d, parent, "customer_note", "Before it is sent");
    STRATA_TRY(paper_put_part(s, f, "customer_note", err));
    s = document_section(d, parent, "announcement",
                         held ? "Inside, once nothing holds it back" : "Inside, as a draft");
    return paper_put_part(s, f, "announcement", err);
}

static strata_status put_first_days(document *d, doc_section *parent, const tier_papers_input *in,
                                    const filled_paper *f, strata_error *err)
{
    static const doc_column columns[] = {{.key = "on", .label = "By", .type = CELL_DATE},
                                         {.key = "what", .label = "What", .type = CELL_TEXT}};
    paper_step steps[PAPER_STEPS_MOST];
    size_t n = 0;
    STRATA_TRY(steps_of(in, f, "first_30_days", steps, &n, err));
    doc_section *s = document_section(d, parent, "first_30_days", "The first 30 days");
    doc_table *t = doc_table_new(s, "first_30_days", NULL, columns, 2);
    for (size_t i = 0; i < n; i++) {
        doc_row(t, (doc_cell[]){cell_date(steps[i].on), cell_text(steps[i].what)});
    }
    return STRATA_OK;
}

/* --- all of it --- */

strata_status report_tier_change(document *d, doc_section *parent, const tier_papers_input *in,
                                 strata_error *err)
{
    const char *values[TIER_FIELDS] = {NULL};
    filled_paper f = {0};
    STRATA_TRY(tier_fill(in, values, err));
    STRATA_TRY(paper_fill(d, in->v->b->model, in->change->up ? PAPER_TIER_UP : PAPER_TIER_DOWN,
                          in->a, values, &f, err));
    put_why(d, parent, in, values[TIER_BECAUSE]);
    put_touch(d, parent, in);
    STRATA_TRY(put_plan(d, parent, in, &f, err));
    STRATA_TRY(put_messages(d, parent, in, &f, err));
    STRATA_TRY(tier_put_facts(d, parent, in, &f, err));
    STRATA_TRY(put_first_days(d, parent, in, &f, err));
    return document_status(d, err);
}
