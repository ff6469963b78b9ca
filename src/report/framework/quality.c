/* SPDX-License-Identifier: Apache-2.0 */
/* Is this a good segmentation? The quality card, the check of the rules, and the hypotheses. */
#include "report/segments/quality.h"
#include "report/framework/parts.h"
#include "report/segments/evidence.h"

static strata_status hypotheses_part(framework *f, doc_section *s, strata_error *err)
{
    const hypothesis_result *list = NULL;
    size_t n = 0;
    if (f->b->model->n_hypotheses == 0) {
        framework_lacks(f, "Hypotheses tested",
                        "`hypotheses:` in the model: a claim, a condition, a value to compare and "
                        "the expected direction");
        return STRATA_OK;
    }
    STRATA_TRY(hypotheses_test(f->s, f->a, &list, &n, err));
    report_hypotheses(f->d, s, f->v, list, n);
    return STRATA_OK;
}

strata_status framework_quality(framework *f, strata_error *err)
{
    const quality_card *card = NULL;
    const quality_inputs inputs = {
        .warnings = f->in->warnings, .n_warnings = f->in->n_warnings, .last_run = f->in->last_run};
    STRATA_TRY(quality_card_make(f->s, f->def, &inputs, f->a, &card, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_quality_title(&title, card);
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(f->d, NULL, "quality", strbuf_text(&title));
    report_quality(f->d, s, f->v, card);
    evidence found = {0};
    STRATA_TRY(evidence_of_study(f->s, f->def, f->a, &found, err));
    if (found.why != NULL) {
        framework_lacks(f, "Evidence for segments", found.why);
    } else {
        report_evidence_part(f->d, s, f->b, &found);
    }
    report_warnings(f->d, s, f->in->warnings, f->in->n_warnings, false);
    return hypotheses_part(f, s, err);
}
