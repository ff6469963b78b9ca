/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/cohort.h"
#include "report/cohorts/churn_trend.h"

enum { MONTHS = 12, MONTHS_MAX = 120 };

static strata_status run(call *c, strata_error *err)
{
    COHORT_ASK_AUTO cohort_ask ask = {0};
    long months = 0;
    STRATA_TRY(call_count(c, "within", 1, MONTHS_MAX, MONTHS, &months, err));
    STRATA_TRY(cohort_ask_open(c, &ask, err));
    STRATA_TRY(cohort_ask_groups(&ask, true, PERIOD_QUARTER, err));
    if (!ask.has_arr) {
        return strata_fail(err, STRATA_E_DATA,
                           "churn needs ARR; add a source 'arr' to %s and ingest again. Shops have "
                           "no contract to end: see strata cohorts",
                           ask.project->model_path);
    }
    size_t minimum = (size_t)ask.project->model->quality.minimum_accounts;
    churn_trend found = {0};
    churn_trend_request request = {.book = ask.arr,
                                   .groups = ask.groups,
                                   .as_of = ask.as_of,
                                   .months = (int)months,
                                   .minimum_accounts = minimum};
    STRATA_TRY(churn_trend_compute(&request, c->arena, &found, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_churn_trend_title(&title, &found);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(&ask, "churn", strbuf_text(&title), &d, err));
    report_churn_trend(d, NULL, &found, minimum);
    doc_next_step(d, "strata cohorts");
    doc_next_step(d, "strata survival");
    return call_show(c, d, err);
}

static const command_option options[] = {
    COHORT_OPTION_EVERY,
    COHORT_OPTION_BY,
    COHORT_OPTION_ON,
    {.name = "within",
     .arg = "N",
     .help = "months of age by which accounts have churned (default 12)"},
    {0}};
static const command_example examples[] = {
    {"strata churn", "churn in the first 12 months, by quarter of start, and its trend"},
    {"strata churn --within 3 --every month", "early churn, by month of start"},
    {"strata churn --by plan", "by plan"},
    {0}};
const command_def command_churn = {
    .name = "churn",
    .summary = "Churn from cohort to cohort, with a test of its trend",
    .description = "Of the accounts of each cohort that were followed long enough, the share that "
                   "churned within "
                   "so many\n"
                   "months of their first ARR, with 95 % intervals, and whether it rises or falls "
                   "from cohort to "
                   "cohort\n"
                   "(Cochran-Armitage test for a trend in shares).",
    .options = options,
    .examples = examples,
    .table = "churn",
    .run = run};
