/* SPDX-License-Identifier: Apache-2.0 */
#include "command/review.h"
#include "report/segments/changes.h"
#include "report/value.h"

/* What one dimension looks like at the last date. */
static void show_sizes(const project *p, const segmentation *s, const bound_def *def, size_t date,
                       const double *value, document *d)
{
    const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true},
        {.key = "value",
         .label = p->portfolio->symbols[FEATURE_ARR].missing_because == NULL ? "ARR"
                                                                             : "Spend in 365 days",
         .type = CELL_MONEY}};
    doc_section *section =
        document_section(d, NULL, "sizes", report_dimension_label(p->bound, def));
    doc_table *t = doc_table_new(section, "sizes", NULL, columns, value != NULL ? 3 : 2);
    const segment_code *codes = segmentation_codes(s, def, date);
    size_t n = 0;
    (void)bound_segments(p->bound, def, &n);
    for (size_t k = 0; k <= n; k++) {
        segment_code code = k < n ? (segment_code)k : (segment_code)SEGMENT_OUTSIDE;
        int64_t accounts = 0;
        int64_t minor = 0;
        for (size_t i = 0; i < p->portfolio->n_accounts; i++) {
            accounts += codes[i] == code;
            minor += codes[i] == code && value != NULL ? money_minor(value[i]) : 0;
        }
        if (accounts > 0) {
            doc_row(t, (doc_cell[]){cell_text(report_segment_label(p->bound, def, code)),
                                    cell_count(accounts), cell_money(minor)});
        }
    }
}

/* What was done, on dates[n - 1]; dates[n - 2] is the review before, if there is one. */
typedef struct outcome {
    const segmentation *s;
    const bound_def *def;
    const change_list *changes;
    const day *dates;
    size_t n;
    bool recorded;
} outcome;

static strata_status describe(call *c, const project *p, const outcome *o, strata_error *err)
{
    const segmentation *s = o->s;
    const bound_def *def = o->def;
    const change_list *changes = o->changes;
    const day *dates = o->dates;
    size_t n = o->n;
    bool recorded = o->recorded;
    STRATA_AUTO(document_free) document *d = NULL;
    column arr = segmentation_column(s, FEATURE_ARR);
    const double *value =
        arr.num != NULL ? arr.num : segmentation_column(s, FEATURE_SPEND_365D).num;
    STRATA_TRY(session_document(c, p, "run",
                                recorded ? "Segmented and recorded" : "Segmented, not recorded",
                                dates[n - 1], (int64_t)p->portfolio->n_accounts, -1, &d, err));
    show_sizes(p, s, def, n - 1, value, d);
    if (n > 1) {
        changes_input in = {.p = p->portfolio,
                            .b = p->bound,
                            .items = changes->items,
                            .n = changes->n,
                            .def = def,
                            .since = dates[n - 2],
                            .as_of = dates[n - 1],
                            .value = value,
                            .value_label = arr.num != NULL ? "ARR" : "Spend in 365 days",
                            .most = 10};
        STRATA_TRY(report_changes(d, NULL, &in, err));
    }
    doc_next_step(d, "strata segments");
    doc_next_step(d, "strata report -o report.html");
    return call_show(c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    day as_of = 0;
    day before = DAY_MISSING;
    STRATA_TRY(session_load(c, &p, err));
    STRATA_TRY(session_warn(c, p->bound, err));
    STRATA_TRY(session_as_of(c, p, &as_of, err));
    STRATA_TRY(review_before(p, as_of, c->arena, &before, err));
    day newest = DAY_MISSING;
    STRATA_TRY(review_before(p, DAY_MAX, c->arena, &newest, err));
    const day dates[] = {before, as_of};
    size_t skip = before == DAY_MISSING ? 1 : 0;
    size_t n = 2 - skip;
    STRATA_TRY(review_segment(p, dates + skip, n, &s, err));
    const bound_def *def = NULL;
    change_list changes = {0};
    STRATA_TRY(session_dimension(p, NULL, &def, err));
    if (n > 1) {
        STRATA_TRY(review_with_record(c, p, s, def, dates, &changes, err));
    }
    /* A look at the past is not a review: history goes on from its newest one. */
    bool record = !call_has(c, "dry") && (newest == DAY_MISSING || newest <= as_of);
    if (record) {
        STRATA_TRY(review_record(c, p, s, dates + skip, n, n - 1, err));
    } else if (!call_has(c, "dry")) {
        char text[DAY_TEXT];
        day_format(newest, text);
        context_notice(&c->cx,
                       "not recorded: there is a later review, of %s; 'strata backfill' rewrites "
                       "history",
                       text);
    }
    const outcome done = {
        .s = s, .def = def, .changes = &changes, .dates = dates + skip, .n = n, .recorded = record};
    return describe(c, p, &done, err);
}

static const command_option options[] = {
    {.name = "dry", .help = "segment and show, but do not record"}, {0}};
static const command_example examples[] = {
    {"strata run", "segment as of the last day with data, and record the review"},
    {"strata run --as-of 2026-03-31", "the same as of an earlier date"},
    {0}};
const command_def command_run = {
    .name = "run",
    .summary = "Segment every account and record the review",
    .description =
        "Puts every account into exactly one segment of every dimension of the model, as of a "
        "date, and\nrecords who is where, since when and why. Running again on the same date with "
        "the same data and\nmodel records the same. The former state stays if anything fails.",
    .options = options,
    .table = "sizes",
    .examples = examples,
    .effect = COMMAND_CHANGES,
    .dry = "dry",
    .run = run};
