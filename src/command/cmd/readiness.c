/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/readiness.h"

static strata_status run(call *c, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_AUTO(document_free) document *d = NULL;
    readiness_report r = {0};
    const readiness_gap *gaps = NULL;
    size_t n_gaps = 0;
    day as_of = DAY_MISSING;
    STRATA_TRY(session_load(c, &p, err));
    STRATA_TRY(session_as_of(c, p, &as_of, err));
    STRATA_TRY(readiness(p->store, p->model, c->arena, &r, err));
    STRATA_TRY(readiness_gaps(c, p, &gaps, &n_gaps, err));
    STRATA_TRY(session_document(c, p, "readiness", "What this data allows", as_of,
                                (int64_t)p->portfolio->n_accounts, -1, &d, err));
    report_readiness(d, NULL, &r, gaps, n_gaps);
    doc_next_step(d, "strata quality");
    doc_next_step(d, "strata features");
    return call_show(c, d, err);
}

static const command_example examples[] = {
    {"strata readiness", "which analyses run, which do not, and what to bring next"}, {0}};
const command_def command_readiness = {
    .name = "readiness",
    .summary = "Which analyses the data allows, and what would add most",
    .description =
        "Lists the analyses that run on the data in the store, those that do not with what they "
        "miss, and the\ninputs that would switch on most. Warns where segmentation may be the "
        "wrong "
        "tool: few customers,\nuniform needs, nothing but demographics, nobody to act on it, needs "
        "in real time (say under\n'business' in strata.yaml what cannot be seen in data).",
    .examples = examples,
    .run = run};
