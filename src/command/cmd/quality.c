/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "analysis/evidence.h"
#include "command/look.h"
#include "history/history.h"
#include "report/plan/scales.h"
#include "report/segments/evidence.h"
#include "report/segments/quality.h"

/* The last recorded run of this very model; of a template over the data there is none. */
static strata_status last_run(const look *l, day *out, strata_error *err)
{
    const history_run *runs = NULL;
    size_t n = 0;
    *out = DAY_MISSING;
    if (l->template_model != NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(history_runs(store_main(l->project->store), l->c->arena, &runs, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(runs[i].model_digest, l->bound->model->digest) == 0 && runs[i].as_of > *out) {
            *out = runs[i].as_of;
        }
    }
    return STRATA_OK;
}

static strata_status show(look *l, const quality_inputs *inputs, strata_error *err)
{
    const quality_card *card = NULL;
    const hypothesis_result *results = NULL;
    const milestones *reached = NULL;
    size_t n = 0;
    STRATA_TRY(quality_card_make(l->study, l->def, inputs, l->c->arena, &card, err));
    STRATA_TRY(hypotheses_test(l->study, l->c->arena, &results, &n, err));
    STRATA_TRY(milestones_measure(l->study, l->c->arena, &reached, err));
    evidence found = {0};
    STRATA_TRY(evidence_of_study(l->study, l->def, l->c->arena, &found, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_quality_title(&title, card);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(l, "quality", strbuf_text(&title), &d, err));
    report_quality(d, NULL, l->view, card);
    report_evidence_part(d, NULL, l->bound, &found);
    report_hypotheses(d, NULL, l->view, results, n);
    report_milestones(d, NULL, l->view, reached);
    report_scales(d, NULL, l->view);
    report_warnings(d, NULL, inputs->warnings, inputs->n_warnings, call_has(l->c, "notes"));
    doc_next_step(d, inputs->last_run == DAY_MISSING ? "strata run" : "strata history");
    doc_next_step(d, "strata features --missing");
    return call_show(l->c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    quality_inputs inputs = {0};
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dimension(&l, err));
    STRATA_TRY(look_dates(&l, NULL, err));
    bound_model *b = l.template_model != NULL ? l.template_bound : l.project->bound;
    STRATA_TRY(model_check(b, &inputs.warnings, &inputs.n_warnings, err));
    STRATA_TRY(last_run(&l, &inputs.last_run, err));
    STRATA_TRY(look_study(&l, STUDY_ALL, err));
    return show(&l, &inputs, err);
}

static const command_option options[] = {
    {.name = "dimension",
     .arg = "NAME",
     .help = "a dimension, or an approach as in 'strata segments' (default: the primary one)"},
    {.name = "notes", .help = "list overlaps and gaps that the order of the rules settles"},
    {0}};
static const command_example examples[] = {
    {"strata quality", "the card of the primary dimension"},
    {"strata quality --dimension rfm", "how another way to segment would do"},
    {0}};
const command_def command_quality = {
    .name = "quality",
    .summary = "Is this a good segmentation? Checks with evidence, pitfalls, hypotheses",
    .description =
        "Judges a dimension: whether its segments are exclusive, exhaustive, measurable,\n"
        "substantial, reachable, actionable, stable and few enough, and whether accounts in "
        "different\n"
        "segments fared differently afterwards (churn, ARR growth, survival), each with the test, "
        "its\n"
        "effect size, and p corrected for the three; then what became of members after each past "
        "review, and\n"
        "where the dimension ranks among the model's (strata evidence has it in full).\n\n"
        "Then known pitfalls, the hypotheses that the model states, milestones reached by day 90, "
        "and\n"
        "what checking the rules found.",
    .options = options,
    .examples = examples,
    .table = "card",
    .run = run};
