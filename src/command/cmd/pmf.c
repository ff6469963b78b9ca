/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/cohort.h"
#include "report/cohorts/market_fit.h"

/* The last answers to both surveys, by account; NULL where none was asked. */
static strata_status read_surveys(const cohort_ask *ask, market_fit_request *q, panel **out,
                                  strata_error *err)
{
    static const feature_id features[] = {FEATURE_NPS_LAST, FEATURE_PMF_LAST};
    if ((ask->p->info->entities & 1U << ENTITY_SURVEYS) == 0) {
        return STRATA_OK;
    }
    STRATA_TRY(panel_new(&ask->c->cx, ask->p->ledgers, features, 2, ask->as_of, out, err));
    q->nps = panel_column(*out, 0);
    q->survey = panel_column(*out, 1);
    return STRATA_OK;
}

typedef struct activation {
    view *view;
    study *study;
    const milestones *reached;
} activation;

static void activation_done(activation *a)
{
    study_free(a->study);
    view_free(a->view);
}

static strata_status measure(const cohort_ask *ask, activation *a, strata_error *err)
{
    const project *p = ask->project;
    const size_t *keep = NULL;
    size_t n = 0;
    STRATA_TRY(study_slots(p->portfolio, p->bound, ask->c->arena, &keep, &n, err));
    view_options options = {
        .as_of = ask->as_of, .since = DAY_MISSING, .keep = keep, .n_keep = n, .watch = SIZE_MAX};
    STRATA_TRY(
        view_new(&ask->c->cx, p->portfolio, p->bound, &p->overrides, &options, &a->view, err));
    STRATA_TRY(study_new(&ask->c->cx, a->view, 0, &a->study, err));
    return milestones_measure(a->study, ask->c->arena, &a->reached, err);
}

static strata_status run(call *c, strata_error *err)
{
    COHORT_ASK_AUTO cohort_ask ask = {0};
    STRATA_CLEANUP(activation_done) activation a = {0};
    STRATA_AUTO(panel_free) panel *surveys = NULL;
    STRATA_TRY(cohort_ask_open(c, &ask, err));
    STRATA_TRY(cohort_ask_groups(&ask, true, PERIOD_QUARTER, err));
    if (!ask.has_arr) {
        return strata_fail(
            err, STRATA_E_DATA,
            "a retention curve needs ARR; add a source 'arr' to %s and ingest again. "
            "For shops see strata cohorts",
            ask.project->model_path);
    }
    market_fit *fit = ARENA_NEW(c->arena, 1, market_fit);
    if (fit == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory judging market fit");
    }
    market_fit_request q = {.book = ask.arr,
                            .as_of = ask.as_of,
                            .quarters = ask.groups,
                            .top = ask.project->model->metrics.pmf_top,
                            .minimum_accounts =
                                (size_t)ask.project->model->quality.minimum_accounts};
    STRATA_TRY(read_surveys(&ask, &q, &surveys, err));
    STRATA_TRY(market_fit_judge(&c->cx, &q, c->arena, fit, err));
    if (ask.project->model->n_milestones > 0) {
        STRATA_TRY(measure(&ask, &a, err));
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_market_fit_title(&title, fit);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(&ask, "pmf", strbuf_text(&title), &d, err));
    report_market_fit(d, NULL, fit, a.reached, a.view);
    doc_next_step(d, "strata cohorts");
    doc_next_step(d, "strata churn --within 6");
    return call_show(c, d, err);
}

static const command_example examples[] = {
    {"strata pmf", "does retention flatten, would customers miss it, do newer cohorts do worse"},
    {"strata pmf --as-of 2025-12-31 --format json", "the same half a year earlier, for another "
                                                    "program"},
    {0}};
const command_def command_pmf = {
    .name = "pmf",
    .summary = "Product/market fit: does the retention curve flatten, with the evidence",
    .description =
        "Signs of product/market fit, each for, against or not known: whether churn falls with age "
        "(tested against\n"
        "a model in which it does not), what the product-market fit survey says, whether newer "
        "cohorts do worse;\n"
        "with churn by age, the curve, and milestones reached by day 90. There is no overall "
        "score.",
    .examples = examples,
    .table = "signs",
    .run = run};
