/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/explain.h"
#include "command/session.h"

static strata_status run(call *c, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_AUTO(view_free) view *v = NULL;
    STRATA_AUTO(document_free) document *d = NULL;
    view_options options = {.since = DAY_MISSING, .alone = true};
    const bound_def *only = NULL;
    int64_t n_accounts = 0;
    int64_t value = 0;
    STRATA_TRY(session_load(c, &p, err));
    STRATA_TRY(session_as_of(c, p, &options.as_of, err));
    STRATA_TRY(call_date(c, "since", DAY_MISSING, &options.since, err));
    STRATA_TRY(session_account(p, c->args[0], &options.watch, err));
    if (call_value(c, "dimension") != NULL) {
        STRATA_TRY(session_dimension(p, call_value(c, "dimension"), &only, err));
    }
    STRATA_TRY(view_new(&c->cx, p->portfolio, p->bound, &p->overrides, &options, &v, err));
    STRATA_TRY(view_totals(&c->cx, p->portfolio, p->bound, v->as_of, &n_accounts, &value, err));
    STRATA_TRY(session_document(c, p, "explain", "Why this account is where it is", v->as_of,
                                n_accounts, value, &d, err));
    STRATA_TRY(report_explain(d, v, options.watch, only, err));
    doc_next_step(d, arena_printf(c->arena, "strata history %s", c->args[0]));
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "dimension", .arg = "NAME", .help = "only this dimension"},
    {.name = "since", .arg = "DATE", .help = "compare with this date (default: the last review)"},
    {0}};
static const command_example examples[] = {
    {"strata explain A-1042", "every rule tried, with the account's values"},
    {"strata explain A-1042 --dimension value --as-of 2026-03-31", "one dimension, at a past date"},
    {0}};
const command_def command_explain = {
    .name = "explain",
    .summary = "Say why one account is in its segments, and what would move it",
    .usage = "ACCOUNT",
    .description =
        "Shows for each dimension the rules in the order they were tried, what each "
        "clause saw, and which\ndecided; how each score adds up from its factors; and "
        "the smallest change that would lift the\naccount into a better segment. ACCOUNT "
        "is an account id, or a name that only one account has.",
    .options = options,
    .examples = examples,
    .least_args = 1,
    .most_args = 1,
    .run = run};
