/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/cohorts.h"
#include "command/ask/metrics.h"

/* A cell worth looking into: the worst cohort at the headline age; else nothing. */
static void add_steps(const cohorts_ask *q, document *d)
{
    size_t age = cohorts_headline(&q->report);
    size_t worst = SIZE_MAX;
    for (size_t g = 0; age != SIZE_MAX && g < q->r->n_groups; g++) {
        const cohort_cell *cell = retention_cell(q->r, g, age);
        bool lower = cell->kind == COHORT_OBSERVED &&
                     (worst == SIZE_MAX || cell->rate < retention_cell(q->r, worst, age)->rate);
        worst = lower ? g : worst;
    }
    if (worst != SIZE_MAX) {
        doc_next_step(d, cohorts_cell_command(q, q->in.groups->labels[q->r->first + worst],
                                              q->r->ages[age], true, ""));
    }
    if (measure_is_seats(q->request.measure)) {
        doc_next_step(d, q->request.measure == MEASURE_SEATS
                             ? "strata cohorts --measure seats-gross"
                             : "strata cohorts --measure seats");
    } else if (q->ask.has_arr) {
        doc_next_step(d, q->request.measure == MEASURE_NRR ? "strata cohorts --measure grr"
                                                           : "strata cohorts --measure nrr");
    } else {
        doc_next_step(d, q->request.measure == MEASURE_REVENUE
                             ? "strata cohorts --measure orders"
                             : "strata cohorts --measure revenue");
    }
}

static strata_status show_triangle(cohorts_ask *q, strata_error *err)
{
    call *c = q->ask.c;
    static const char *const of_cells[] = {"lost", "save", "replace", "limit"};
    for (size_t i = 0; i < sizeof of_cells / sizeof *of_cells; i++) {
        if (call_has(c, of_cells[i])) {
            return strata_fail(err, STRATA_E_USAGE, "--%s goes with --cell", of_cells[i]);
        }
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_cohorts_title(&title, &q->report);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(&q->ask, "cohorts", strbuf_text(&title), &d, err));
    report_cohorts(d, &q->report);
    add_steps(q, d);
    return call_show(c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(cohorts_ask_done) cohorts_ask q = {0};
    STRATA_TRY(cohorts_ask_open(c, &q, err));
    if (call_value(c, "cell") != NULL) {
        return cohorts_cell(&q, err);
    }
    return show_triangle(&q, err);
}

static const command_option options[] = {
    COHORT_OPTION_EVERY,
    COHORT_OPTION_BY,
    COHORT_OPTION_ON,
    COHORT_OPTION_FROM,
    {.name = "measure",
     .arg = "NAME",
     .help =
         "logo, nrr, grr, revenue, orders, quantity, units, usage, seats or seats-gross (default "
         "logo; shops: orders)"},
    {.name = "kind",
     .arg = "KIND",
     .help = "exactly in an age (default), or-later, or bracket; of logo, orders and usage"},
    {.name = "brackets", .arg = "LIST", .help = "first ages of the brackets (default 0,1,3,6,12)"},
    {.name = "ages",
     .arg = "CLOCK",
     .help = "calendar periods (default), or days: months of 30.4375 days from each start"},
    METRICS_OPTION_CHURN_DATED,
    {.name = "show",
     .arg = "WHAT",
     .help = "percent (default), value (amounts) or count (accounts, orders)"},
    {.name = "against",
     .arg = "WHAT",
     .help = "start (default), or previous: of those active the age before"},
    {.name = "last", .arg = "N", .help = "the latest N cohorts (default 24; csv and json: all)"},
    {.name = "cell", .arg = "COHORT:AGE", .help = "list the accounts of one cell instead"},
    {.name = "lost", .help = "with --cell: those that are gone, or did nothing, only"},
    {.name = "limit", .arg = "N", .help = "with --cell: at most N accounts (default 20)"},
    {.name = "save",
     .use = OPTION_CHANGES,
     .arg = "NAME",
     .help = "with --cell: keep the list as a segment that the model can use"},
    {.name = "replace",
     .use = OPTION_CHANGES,
     .help = "with --save: write over a list of that name"},
    {0}};
static const command_example examples[] = {
    {"strata cohorts", "accounts kept, by the period they started in"},
    {"strata cohorts --measure nrr --every quarter", "net revenue retention"},
    {"strata cohorts --by plan --measure grr", "plans side by side"},
    {"strata cohorts --measure seats", "seats kept, with those added"},
    {"strata cohorts --cell 2025-01:6 --lost", "who is gone"},
    {"strata cohorts --cell 2025-01:6 --save started_2025_01", "keeps a cell as a segment"},
    {"strata cohorts -f csv > cells.csv", "every cell in a row of its own"},
    {0}};
const command_def command_cohorts = {
    .name = "cohorts",
    .summary = "Retention triangles: cohorts by age",
    .description =
        "Follows accounts from their start: how many are kept, what their ARR became, what they "
        "brought, what became of their seats,\n"
        "by month, quarter or year of the start, or by any attribute or expression. Without "
        "--every it\n"
        "takes the shortest period in which most cohorts are large enough for a rate.\n\n"
        "A cell is observed, partial (*: the period is not over), too few (5 of 12: no rate), or "
        "not\n"
        "reached yet, which is never 0. A rate counts only accounts that could have reached the "
        "age.\n\n"
        "--cell lists the accounts behind a cell; --save keeps that list as a segment.",
    .options = options,
    .examples = examples,
    .table = "cells",
    .run = run};
