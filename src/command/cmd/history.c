/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "command/session.h"
#include "history/history.h"
#include "report/segments/changes.h"

static void reviews(document *d, const history_run *runs, size_t n)
{
    static const doc_column columns[] = {
        {.key = "as_of", .label = "Review", .type = CELL_DATE},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "arr", .label = "ARR", .type = CELL_MONEY},
        {.key = "model", .label = "Model", .type = CELL_TEXT},
        {.key = "model_digest", .label = "Digest", .type = CELL_TEXT},
        {.key = "data_digest", .label = "Data", .type = CELL_TEXT, .priority = 1},
        {.key = "version", .label = "Version", .type = CELL_TEXT, .priority = 2}};
    doc_section *s = document_section(d, NULL, "reviews", "Recorded reviews");
    if (n == 0) {
        doc_note(s, "missing",
                 "Nothing is recorded yet. `strata run` records a review, `strata "
                 "backfill` fills the past.");
        return;
    }
    doc_table *t = doc_table_new(s, "reviews", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < n; i++) {
        char model_digest[8] = "";
        char data_digest[8] = "";
        (void)snprintf(model_digest, sizeof model_digest, "%.6s", runs[i].model_digest);
        (void)snprintf(data_digest, sizeof data_digest, "%.6s", runs[i].data_digest);
        doc_row(t, (doc_cell[]){cell_date(runs[i].as_of), cell_count(runs[i].n_accounts),
                                runs[i].arr_minor >= 0 ? cell_money(runs[i].arr_minor)
                                                       : cell_empty("needs arr"),
                                cell_text(runs[i].model_name), cell_text(model_digest),
                                cell_text(data_digest), cell_text(runs[i].version)});
    }
}

static const char *cause_words(const char *cause)
{
    for (int k = 0; k <= CHANGE_DEFINITION; k++) {
        if (strcmp(cause, change_cause_name((change_cause)k)) == 0) {
            return report_cause_words((change_cause)k);
        }
    }
    return strcmp(cause, "first") == 0 ? "first review" : cause;
}

static void stays(document *d, const history_span *spans, size_t n, day as_of)
{
    static const doc_column columns[] = {
        {.key = "dimension", .label = "Dimension", .type = CELL_TEXT},
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "from", .label = "From", .type = CELL_DATE},
        {.key = "until", .label = "Until", .type = CELL_DATE},
        {.key = "days", .label = "Days", .type = CELL_DAYS},
        {.key = "cause", .label = "Why", .type = CELL_TEXT},
        {.key = "clause", .label = "Rule", .type = CELL_TEXT, .priority = 1},
        {.key = "before", .label = "Was", .type = CELL_TEXT, .priority = 2},
        {.key = "after", .label = "Is", .type = CELL_TEXT, .priority = 2}};
    doc_section *s = document_section(d, NULL, "stays", "Where the account has been");
    if (n == 0) {
        doc_note(s, "missing",
                 "Nothing is recorded of this account yet. `strata run` records a "
                 "review, `strata backfill` fills the past.");
        return;
    }
    doc_table *t = doc_table_new(s, "stays", "From: the first review that found it there", columns,
                                 sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < n; i++) {
        day end = spans[i].valid_to != DAY_MISSING ? spans[i].valid_to : as_of;
        const char *texts[] = {spans[i].clause, spans[i].before, spans[i].after};
        doc_cell cells[3];
        for (size_t k = 0; k < 3; k++) {
            cells[k] = texts[k] != NULL ? cell_text(texts[k]) : cell_empty(NULL);
        }
        doc_row(t,
                (doc_cell[]){cell_text(spans[i].dimension), cell_text(spans[i].segment),
                             cell_date(spans[i].valid_from),
                             spans[i].valid_to != DAY_MISSING ? cell_date(spans[i].valid_to)
                                                              : cell_empty("now"),
                             cell_days((double)(end - spans[i].valid_from)),
                             cell_text(cause_words(spans[i].cause)), cells[0], cells[1], cells[2]});
    }
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_AUTO(document_free) document *d = NULL;
    day as_of = 0;
    STRATA_TRY(session_load(c, &p, err));
    STRATA_TRY(session_as_of(c, p, &as_of, err));
    store_conn *conn = store_main(p->store);
    STRATA_TRY(session_document(c, p, "history", "History", as_of,
                                (int64_t)p->portfolio->n_accounts, -1, &d, err));
    if (c->n_args == 0) {
        const history_run *runs = NULL;
        size_t n = 0;
        STRATA_TRY(history_runs(conn, c->arena, &runs, &n, err));
        reviews(d, runs, n);
        doc_next_step(d, "strata diff");
        return call_show(c, d, err);
    }
    const history_span *spans = NULL;
    size_t n = 0;
    size_t account = 0;
    STRATA_TRY(session_account(p, c->args[0], &account, err));
    STRATA_TRY(history_of_account(conn, p->portfolio->ids[account], c->arena, &spans, &n, err));
    stays(d, spans, n, as_of);
    doc_next_step(d, arena_printf(c->arena, "strata explain %s", c->args[0]));
    return call_show(c, d, err);
}

static const command_example examples[] = {
    {"strata history", "the recorded reviews"},
    {"strata history A-1042", "where one account has been, since when and why"},
    {0}};
const command_def command_history = {
    .name = "history",
    .summary = "Recorded reviews, or the timeline of one account",
    .usage = "[ACCOUNT]",
    .description = "Reads what `strata run` and `strata backfill` recorded. Without an account: "
                   "the reviews. With one: each\nstay in a segment with its first day, its end and "
                   "the cause of entering it.",
    .examples = examples,
    .most_args = 1,
    .run = run};
