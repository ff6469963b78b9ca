/* SPDX-License-Identifier: Apache-2.0 */
#include "command/review.h"
#include "report/segments/changes.h"
#include "report/value.h"

/* The date to compare with: --since, else the recorded review before, else the
 * end of the period before. */
static strata_status find_since(const call *c, const project *p, day as_of, day *out,
                                strata_error *err)
{
    day recorded = DAY_MISSING;
    STRATA_TRY(review_before(p, as_of, c->arena, &recorded, err));
    day fallback = recorded != DAY_MISSING ? recorded : review_before_day(p, as_of);
    STRATA_TRY(call_date(c, "since", fallback, out, err));
    if (*out >= as_of) {
        return strata_fail(err, STRATA_E_USAGE, "--since must lie before --as-of");
    }
    return STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    STRATA_AUTO(document_free) document *d = NULL;
    day dates[2];
    long most = 0;
    const bound_def *def = NULL;
    change_list changes = {0};
    STRATA_TRY(session_load(c, &p, err));
    STRATA_TRY(session_as_of(c, p, &dates[1], err));
    STRATA_TRY(find_since(c, p, dates[1], &dates[0], err));
    STRATA_TRY(session_dimension(p, call_value(c, "dimension"), &def, err));
    STRATA_TRY(
        call_count(c, "limit", 0, 1000000000L, c->format == RENDER_TABLE ? 20 : 0, &most, err));
    STRATA_TRY(review_segment(p, dates, 2, &s, err));
    STRATA_TRY(review_with_record(c, p, s, def, dates, &changes, err));
    column arr = segmentation_column(s, FEATURE_ARR);
    column spend = segmentation_column(s, FEATURE_SPEND_365D);
    changes_input in = {.p = p->portfolio,
                        .b = p->bound,
                        .items = changes.items,
                        .n = changes.n,
                        .def = def,
                        .since = dates[0],
                        .as_of = dates[1],
                        .value = arr.num != NULL ? arr.num : spend.num,
                        .value_label = arr.num != NULL ? "ARR" : "Spend in 365 days",
                        .most = (size_t)most};
    STRATA_TRY(session_document(c, p, "diff", report_dimension_label(p->bound, def), dates[1],
                                (int64_t)p->portfolio->n_accounts, -1, &d, err));
    STRATA_TRY(report_changes(d, NULL, &in, err));
    doc_next_step(d, "strata explain ACCOUNT");
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "since",
     .arg = "DATE",
     .help = "compare with this date (default: the last recorded review)"},
    {.name = "dimension",
     .arg = "NAME",
     .help = "of this dimension (default: the model's primary one)"},
    {.name = "limit", .arg = "N", .help = "accounts listed (default 20 in a table, else all)"},
    {0}};
static const command_example examples[] = {
    {"strata diff --since 2026-03-31", "who moved since then, and why"},
    {"strata diff --since 2025-06-30 --dimension value --format csv", "a year of tier changes"},
    {0}};
const command_def command_diff = {
    .name = "diff",
    .summary = "Who moved between two dates, and why",
    .description =
        "Compares memberships at two dates: how many accounts moved from where to where, "
        "and for each one the\ncause: the clause that turned with the old and the new "
        "value, a pin, a waiting time that passed, or\na definition that changed since "
        "the earlier review was recorded.",
    .options = options,
    .table = "accounts",
    .examples = examples,
    .run = run};
