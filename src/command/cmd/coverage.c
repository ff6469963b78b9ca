/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/coverage.h"
#include "command/ask/work.h"

enum { SHOWN = 10 };

static strata_status run(call *c, strata_error *err)
{
    COVERAGE_ASK_AUTO coverage_ask x = {0};
    long limit = 0;
    bool all = call_for_programs(c);
    STRATA_TRY(call_count(c, "limit", 0, 100000000L, all ? -1 : SHOWN, &limit, err));
    STRATA_TRY(coverage_ask_open(c, coverage_slots, &x, err));
    const coverage_input in = {.v = x.work.look.view,
                               .e = &x.work.engagement,
                               .w = &x.work.work,
                               .s = &x.stakes,
                               .c = &x.coverage,
                               .effect = &x.effect,
                               .growth = &x.growth,
                               .limit = limit < 0 ? SIZE_MAX : (size_t)limit};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_coverage_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&x.work.look, "coverage", strbuf_text(&title), &d, err));
    STRATA_TRY(report_coverage(d, NULL, &in, err));
    doc_next_step(d, "strata capacity");
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "limit",
     .letter = 'n',
     .arg = "N",
     .help = "accounts in each list at most (default 10; all as csv, json or xlsx)"},
    {0}};
static const command_example examples[] = {
    {"strata coverage", "who gets more, and who less touch than they should"},
    {"strata coverage -f csv -o under.csv", "under-served accounts at risk, to work through"},
    {"strata coverage --table over_served -f csv", "over-served quiet accounts"},
    {0}};
const command_def command_coverage = {
    .name = "coverage",
    .summary = "Who gets more, and who less touch than they should",
    .description =
        "What an account has is its attribute 'coverage' (high, medium, low, digital), else the\n"
        "richest level of whose touchpoints half were held in 12 months. What it should have is "
        "the\n"
        "level of its segment, one higher or lower when two of these agree: health (under 60, 80 "
        "and\n"
        "more), ARR growth in 12 months (over 20 %, none), complexity (1.5 times the mean, 2/3 of "
        "it).\n"
        "At the right level, less than half of the planned touchpoints is under-served too. What "
        "is\n"
        "at stake is ARR times what accounts like it lost in the last 12 months.",
    .options = options,
    .examples = examples,
    .table = "under_served",
    .run = run};
