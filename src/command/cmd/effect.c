/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/work.h"
#include "command/effects_plan.h"

static strata_status run(call *c, strata_error *err)
{
    COVERAGE_ASK_AUTO coverage_ask x = {0};
    EFFECTS_PLAN_AUTO effects_plan p = {0};
    STRATA_TRY(coverage_ask_open(c, effect_plan_slots, &x, err));
    look *l = &x.work.look;
    const effect_plan_request q = {.v = l->view,
                                   .csms = &x.work.csms,
                                   .capacity = &x.work.capacity,
                                   .coverage = &x.coverage,
                                   .touch = &x.effect,
                                   .growth = &x.growth};
    STRATA_TRY(effects_plan_open(l, &q, x.work.engagement.def, &p, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_effect_title(&title, &p.input);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(l, "effect", strbuf_text(&title), &d, err));
    STRATA_TRY(report_effect(d, NULL, &p.input, err));
    doc_next_step(d, "strata coverage");
    return call_show(c, d, err);
}

static const command_option options[] = {{0}};
static const command_example examples[] = {
    {"strata effect", "what better coverage and the model's actions are likely to bring"},
    {"strata effect --table assumptions -f csv", "each part of the plan with its source"},
    {0}};
const command_def command_effect_def = {
    .name = "effect",
    .summary = "What a plan is likely to bring in 12 months, as ranges",
    .description =
        "Simulates 12 months of today's customers as they are looked after now, and under the "
        "plan: "
        "the\n"
        "coverage that strata coverage recommends, and the actions of the model file\n"
        "(`effect: {actions: [{name: Save, where: health < 60, intervention: save, keeps: "
        "10%}]}`).\n"
        "What an action keeps is measured from recorded interventions where that can be told from\n"
        "nothing, else assumed; each figure says which. The same is tried on the past.",
    .options = options,
    .examples = examples,
    .table = "effect",
    .run = run};
