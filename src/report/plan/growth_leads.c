/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of accounts that are ready, and the hand-off by who leads. */
#include "report/plan/growth.h"
#include "report/report.h"

strata_status report_growth_talks(const growth_input *in, arena *a, growth_talks *out,
                                  strata_error *err)
{
    growth_talks t = {.v = in->v,
                      .m = &in->growth->model,
                      .csms = in->csms,
                      .csm = in->csm,
                      .people = in->people};
    STRATA_TRY(growth_talks_open(&t, in->own, a, err));
    *out = t;
    return STRATA_OK;
}

void growth_words_done(growth_words *w)
{
    strbuf_done(&w->opener);
    strbuf_done(&w->step);
}

strata_status report_growth_words(const growth_talks *t, const growth_account *x,
                                  const growth_sign *signs, size_t n, growth_words *out,
                                  strata_error *err)
{
    growth_talk talk = {.values = {NULL}};
    paper_step steps[PAPER_STEPS_MOST];
    size_t n_steps = 0;
    const segment_code *leads =
        t->m->lead != NULL ? segmentation_codes(t->v->s, t->m->lead, t->v->now_at) : NULL;
    const segment_code lead = leads != NULL ? leads[x->account] : SEGMENT_ABSENT;
    out->opener.limit = out->step.limit = STRBUF_DEFAULT_LIMIT;
    STRATA_TRY(growth_talk_fill(t, x, &talk, err));
    STRATA_TRY(growth_talk_opener(t, &talk, signs, n, &out->opener, err));
    STRATA_TRY(growth_talk_steps(t, &talk, lead, steps, &n_steps, err));
    out->sign = talk.sign;
    strbuf_clear(&out->step);
    if (n_steps > 0) {
        strbuf_printf(&out->step, "%s: %s", steps[0].who != NULL ? steps[0].who : "CSM",
                      steps[0].what);
    }
    out->by = n_steps > 0 ? steps[0].on : DAY_MISSING;
    return strbuf_status(&out->step, err);
}

strata_status report_growth_leads(document *d, doc_section *parent, const growth_input *in,
                                  const growth_talks *t, strata_error *err)
{
    const growth_talk nobody = {.values = {NULL}};
    const bound_def *lead = in->growth->model.lead;
    if (lead == NULL || in->v->b->model->dimensions[lead->index].kind != DIMENSION_TIERS) {
        return STRATA_OK;
    }
    const model_dimension *m = &in->v->b->model->dimensions[lead->index];
    doc_section *s = document_section(d, parent, "lead", "Who leads, and the hand-off");
    doc_paragraph(s,
                  "Steps for a talk that begins on %s; `strata brief ACCOUNT` has them with the "
                  "account's own facts.",
                  words_day(t->start).text);
    for (size_t i = 0; i < m->n_tiers; i++) {
        const model_tier *tier = &m->tiers[i];
        paper_step steps[PAPER_STEPS_MOST];
        size_t n = 0;
        STRATA_TRY(growth_talk_steps(t, &nobody, (segment_code)i, steps, &n, err));
        doc_section *part =
            document_section(d, s, "lead_by", tier->label != NULL ? tier->label : tier->key);
        doc_paragraph(part, "%s: %s.",
                      SAFE(d, tier->description != NULL ? tier->description : "The others"),
                      SAFE(d, tier->motion != NULL ? tier->motion : "no motion is stated"));
        growth_put_steps(part, steps, n);
    }
    return STRATA_OK;
}
