/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/effects.h"
#include "command/ask/tasks.h"

static strata_status run(call *c, strata_error *err)
{
    TASKS_ASK_AUTO tasks_ask t = {0};
    EFFECTS_ASK_AUTO effects_ask effects = {0};
    STRATA_TRY(tasks_ask_open(c, 0, &t, err));
    STRATA_TRY(effects_ask_find(&t.look, &effects, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_playbooks_title(&title, &t.input);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&t.look, "playbooks", strbuf_text(&title), &d, err));
    STRATA_TRY(report_playbooks(d, NULL, &t.input, err));
    STRATA_TRY(report_interventions(d, NULL, &effects.input, err));
    doc_next_step(d, "strata tasks");
    return call_show(c, d, err);
}

static const command_option options[] = {{0}};
static const command_example examples[] = {
    {"strata playbooks", "what begins each playbook, how many plays run, and what came of them"},
    {"strata playbooks --as-of 2026-03-31", "the same at the end of a quarter"},
    {0}};
const command_def command_playbooks = {
    .name = "playbooks",
    .summary = "The playbooks, what begins them, and what was seen after them",
    .description = "Strata ships playbooks; `playbooks: [save, plays/own.yaml]` in strata.yaml "
                   "chooses among them "
                   "and\n"
                   "adds your own. One that the data or the model cannot carry is off, and the "
                   "table says why.\n\n"
                   "What interventions brought is measured from those that were recorded: accounts "
                   "with one\n"
                   "against accounts like them that had none.",
    .options = options,
    .examples = examples,
    .table = "playbooks",
    .run = run};
