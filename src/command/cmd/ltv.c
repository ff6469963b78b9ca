/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/ltv.h"
#include "command/ask/cohort.h"

static strata_status run(call *c, strata_error *err)
{
    COHORT_ASK_AUTO cohort_ask ask = {0};
    STRATA_TRY(cohort_ask_open(c, &ask, err));
    STRATA_TRY(cohort_ask_groups(&ask, true, PERIOD_YEAR, err));
    const model *m = ask.project->model;
    double margin = 0.0;
    double discount = 0.0;
    STRATA_TRY(call_share(c, "margin", 0.0, 1.0, m->metrics.margin, &margin, err));
    STRATA_TRY(call_share(c, "discount", 0.0, 1.0, m->metrics.discount, &discount, err));
    ltv_request request = {.arr = ask.has_arr ? ask.arr : NULL,
                           .orders = ask.has_arr ? NULL : ask.orders,
                           .groups = ask.groups,
                           .as_of = ask.as_of,
                           .margin = margin,
                           .discount = discount,
                           .minimum_accounts = (size_t)m->quality.minimum_accounts};
    ltv *values = ARENA_NEW(c->arena, 1, ltv);
    if (values == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for lifetime values");
    }
    STRATA_TRY(ltv_compute(&c->cx, &request, c->arena, values, err));
    ltv_input in = {.ltv = values,
                    .currency = m->business.currency,
                    .margin = margin,
                    .discount = discount,
                    .minimum_accounts = request.minimum_accounts,
                    .shop = !ask.has_arr,
                    .by_start = ask.by_start};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_ltv_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(&ask, "ltv", strbuf_text(&title), &d, err));
    report_ltv(d, NULL, &in);
    doc_next_step(d, "strata forecast");
    return call_show(c, d, err);
}

static const command_option options[] = {
    COHORT_OPTION_EVERY,
    COHORT_OPTION_BY,
    COHORT_OPTION_ON,
    {.name = "margin",
     .arg = "SHARE",
     .help = "of ARR that is left after the cost to serve (default: the model's)"},
    {.name = "discount",
     .arg = "SHARE",
     .help = "a year, by which money to come counts less (default: the model's)"},
    {0}};
static const command_example examples[] = {
    {"strata ltv", "paid and expected per account, by year of start"},
    {"strata ltv --by channel", "by acquisition channel"},
    {"strata ltv --by plan --margin 75% --discount 12%", "with assumptions of one's own"},
    {0}};
const command_def command_ltv = {
    .name = "ltv",
    .summary = "Lifetime value by cohort: paid so far, and expected",
    .description =
        "What the accounts of each cohort have paid by 3, 6, 12, 24 and 36 months of age, and what "
        "a "
        "new one is\n"
        "worth over five years: margin, times what accounts paid in each month of age, and from "
        "the "
        "last month\n"
        "that is known on as customers of the cohort stay (by the model of contract lifetimes that "
        "fits them best),\n"
        "discounted; and what today's customers are worth from now on. Margin and discount are "
        "assumptions;\n"
        "they stand in the model file under 'metrics'.",
    .options = options,
    .examples = examples,
    .table = "ltv",
    .run = run};
