/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "analysis/evidence.h"
#include "command/look.h"
#include "report/segments/evidence.h"

static strata_status read_within(const call *c, int *out, strata_error *err)
{
    const char *text = call_value(c, "within");
    long months = 0;
    if (text == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(call_count(c, "within", 3, 12, 0, &months, err));
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        if (evidence_months[h] == months) {
            *out = evidence_months[h];
            return STRATA_OK;
        }
    }
    return strata_fail(err, STRATA_E_USAGE, "--within is 3, 6 or 12 months, not '%.60s'", text);
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    evidence_request request = {0};
    evidence found = {0};
    STRATA_TRY(read_within(c, &request.months, err));
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dimension(&l, err));
    STRATA_TRY(look_dates(&l, NULL, err));
    STRATA_TRY(look_view(&l, NULL, 0, err));
    request.as_of = l.as_of;
    request.def = l.def;
    request.overrides = l.overrides;
    request.minimum_accounts = l.bound->model->quality.minimum_accounts;
    STRATA_TRY(
        evidence_make(&c->cx, l.project->portfolio, l.bound, &request, c->arena, &found, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_evidence_title(&title, &found);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&l, "evidence", strbuf_text(&title), &d, err));
    report_evidence(d, NULL, l.bound, &found);
    doc_next_step(d, "strata quality");
    doc_next_step(d, "strata profile");
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "dimension",
     .arg = "NAME",
     .help = "a dimension, or an approach as in 'strata segments' (default: the primary one)"},
    {.name = "within",
     .arg = "MONTHS",
     .help = "rank segmentations by what happened within 3, 6 or 12 months (default: the longest "
             "that can be judged)"},
    {0}};
static const command_example examples[] = {
    {"strata evidence", "what became of segments, and which segmentation told outcomes best"},
    {"strata evidence --dimension value --within 6", "the value tiers; ranking at six months"},
    {"strata evidence --format csv --table ranking", "the ranking for a spreadsheet"},
    {0}};
const command_def command_evidence = {
    .name = "evidence",
    .summary = "Judge segments by what happened to their members afterwards",
    .description =
        "Recomputes the segments at past reviews, from what was known then, and follows their "
        "members for 3, 6\nand 12 months: churn, NRR, GRR and expansion, with intervals. Then "
        "ranks the model's dimensions by how\nwell they told who would leave and who would grow, "
        "learnt at earlier reviews and judged at later ones.\n\n"
        "Shops, which have orders and no ARR, are judged by who bought again and what was spent in "
        "these months.\n\n"
        "Reviews that are not so long ago are left out: nothing is half followed.",
    .options = options,
    .examples = examples,
    .table = "after",
    .run = run};
