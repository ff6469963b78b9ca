/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from the segments: how each is looked after, what it is offered, and in which order
 * to go about it. */
#include "report/framework/parts.h"
#include "report/plan/capacity.h"
#include "report/plan/offer.h"
#include "report/plan/roadmap.h"
#include "report/report.h"

strata_status framework_operating(framework *f, strata_error *err)
{
    const operating_input *o = f->in->operating;
    if (o == NULL) {
        framework_lacks(f, "The operating model",
                        f->in->no_operating != NULL ? f->in->no_operating : "`engagement`");
        return STRATA_OK;
    }
    int64_t left = o->c->available_total - o->c->all.total;
    const char *title =
        o->c->available_total <= 0
            ? framework_text(f, "Operating model: %s a year", words_hours(o->c->all.total).text)
            : framework_text(
                  f, "Operating model: %s of %s a year, %s %s",
                  words_count(words_whole((double)o->c->all.total / MINUTES_PER_HOUR)).text,
                  words_hours(o->c->available_total).text,
                  words_count(words_whole((double)(left < 0 ? -left : left) / MINUTES_PER_HOUR))
                      .text,
                  left < 0 ? "missing" : "left");
    doc_section *s = document_section(f->d, NULL, "operating-model", title);
    STRATA_TRY(report_operating_model(f->d, s, o, err));
    doc_paragraph(s, "`strata capacity` has it by activity and manager, `strata coverage` who gets "
                     "more or less, `strata report proposal` how to get there.");
    return STRATA_OK;
}

strata_status framework_targeting(framework *f, strata_error *err)
{
    if (f->in->offer == NULL) {
        return STRATA_OK;
    }
    const offer_report o = {.v = f->v, .offer = f->in->offer, .only = SEGMENT_ABSENT};
    doc_section *s = document_section(f->d, NULL, "targeting",
                                      "What each segment should hear, get built, be given and pay");
    STRATA_TRY(report_offer_matrix(s, &o, err));
    doc_paragraph(s, "`strata offer` has the evidence and the accounts behind every line.");
    return STRATA_OK;
}

/* --- how accounts change segment --- */

static void say_goals(framework *f, doc_section *s, const model_migration *m)
{
    for (size_t i = 0; i < m->n_goals; i++) {
        const model_move_goal *g = &m->goals[i];
        doc_bullet(s, "**Goal.** %s of %s to %s %s.", words_share(g->share).text,
                   SAFE(f->d, g->from), SAFE(f->d, g->to),
                   g->months == 12  ? "a year"
                   : g->months == 3 ? "a quarter"
                                    : "a month");
    }
}

strata_status framework_moves(framework *f, strata_error *err)
{
    static const char *const every[] = {"week", "month", "quarter"};
    const model *whole = f->b->model;
    const model_migration *m = &whole->migration;
    const model_dimension *d = model_migration_dimension(whole);
    (void)err;
    if (d == NULL || (m->up.text == NULL && m->down.text == NULL)) {
        framework_lacks(f, "Rules for moves between segments", "`migration` in the model");
        return STRATA_OK;
    }
    doc_section *s = document_section(f->d, NULL, "move-rules",
                                      "How a change of segment is decided, and handled");
    doc_paragraph(s,
                  "Every %s the rules below name accounts of the dimension %s that call for "
                  "another segment; a person decides.",
                  every[m->has_review ? m->review : whole->review],
                  SAFE(f->d, d->label != NULL ? d->label : d->name));
    if (m->up.text != NULL) {
        doc_bullet(s, "**Up**, when %s.", SAFE(f->d, m->up.text));
    }
    if (m->down.text != NULL) {
        doc_bullet(s, "**Down**, when %s.", SAFE(f->d, m->down.text));
    }
    say_goals(f, s, m);
    doc_paragraph(s,
                  "`strata migration` has today's candidates, the moves with their causes, the mix "
                  "to come and progress against goals.");
    return STRATA_OK;
}

strata_status framework_targets(framework *f, strata_error *err)
{
    const targets_input *in = f->in->targets;
    if (in == NULL || in->s->n_targets == 0) {
        framework_lacks(f, "Targets against what is", "`targets` of segments in the model");
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_targets_title(&title, in);
    STRATA_TRY(strbuf_status(&title, err));
    return report_targets(f->d, document_section(f->d, NULL, "targets", strbuf_text(&title)), in,
                          err);
}

strata_status framework_effect(framework *f, strata_error *err)
{
    const effect_input *in = f->in->effect;
    if (in == NULL) {
        framework_lacks(f, "The expected effect over 12 months",
                        f->in->no_effect != NULL ? f->in->no_effect : "`engagement`");
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_effect_title(&title, in);
    STRATA_TRY(strbuf_status(&title, err));
    return report_effect(f->d, document_section(f->d, NULL, "expected-effect", strbuf_text(&title)),
                         in, err);
}

strata_status framework_roadmap(framework *f, strata_error *err)
{
    (void)err;
    if (f->in->roadmap != NULL) {
        doc_section *s = document_section(f->d, NULL, "roadmap", "Roadmap: what to do first");
        report_roadmap_phases(f->d, s, f->in->roadmap, f->b);
    }
    return STRATA_OK;
}
