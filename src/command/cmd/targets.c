/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/targets.h"

static strata_status run(call *c, strata_error *err)
{
    TARGETS_ASK_AUTO targets_ask t = {0};
    STRATA_TRY(targets_ask_open(c, &t, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_targets_title(&title, &t.input);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&t.look, "targets", strbuf_text(&title), &d, err));
    STRATA_TRY(report_targets(d, NULL, &t.input, err));
    doc_next_step(d, "strata report measurement");
    return call_show(c, d, err);
}

static const command_option options[] = {{0}};
static const command_example examples[] = {
    {"strata targets", "targets of the model file against what is, by segment"},
    {"strata targets --as-of 2026-03-31", "how that looked at the end of a quarter"},
    {0}};
const command_def command_targets = {
    .name = "targets",
    .summary = "Targets against what is, by segment: on track, behind, or too few to say",
    .description = "Targets stand in the model file: `targets: {Growth: {nrr: 110%, churn: 8%}}`. "
                   "Each is shown\n"
                   "with what is, its 95 % range, the number of accounts, the four quarters "
                   "before and who answers\n"
                   "for it. Without targets the figures stand alone.",
    .options = options,
    .examples = examples,
    .table = "targets",
    .run = run};
