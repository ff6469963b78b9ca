/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from the segments: how each is looked after, what it is offered, and in which order
 * to go about it. */
#include "report/capacity.h"
#include "report/framework_parts.h"
#include "report/offer.h"
#include "report/roadmap.h"

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
                  words_count(words_whole((double)o->c->all.total / 60.0)).text,
                  words_hours(o->c->available_total).text,
                  words_count(words_whole((double)(left < 0 ? -left : left) / 60.0)).text,
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

strata_status framework_roadmap(framework *f, strata_error *err)
{
    (void)err;
    if (f->in->roadmap != NULL) {
        doc_section *s = document_section(f->d, NULL, "roadmap", "Roadmap: what to do first");
        report_roadmap_phases(f->d, s, f->in->roadmap, f->b);
    }
    return STRATA_OK;
}
