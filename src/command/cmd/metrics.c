/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command/ask/metrics.h"
#include "panel/dates.h"
#include "report/cohorts/metrics.h"

enum { TREND_MONTHS = 12, DEFS_MAX = 64 };

typedef struct metrics_job {
    call *c;
    cohort_ask ask;
    renewal_book *renewals;
    groups *groups;
    metric_setup setup;
    size_t defs[DEFS_MAX];
    size_t n_defs;
} metrics_job;

static void job_done(metrics_job *j)
{
    renewal_book_free(j->renewals);
    cohort_ask_done(&j->ask);
}

/* --- which definitions --- */

static void add_def(metrics_job *j, size_t at)
{
    for (size_t i = 0; i < j->n_defs; i++) {
        if (j->defs[i] == at) {
            return;
        }
    }
    if (j->n_defs < DEFS_MAX) {
        j->defs[j->n_defs++] = at;
    }
}

/* Each metric once, in the model's dialect where it has one. */
static void add_usual(metrics_job *j)
{
    for (size_t i = 0; i < metric_defs_n; i++) {
        add_def(j, metric_in_dialect(metric_defs[i].metric, j->ask.project->model->metrics.nrr));
    }
}

static strata_status find_defs(metrics_job *j, strata_error *err)
{
    const char *name = call_value(j->c, "dialect");
    if (name == NULL) {
        add_usual(j);
        return STRATA_OK;
    }
    if (strchr(name, ':') != NULL && metric_find(name) != SIZE_MAX) {
        add_def(j, metric_find(name));
        return STRATA_OK;
    }
    for (size_t i = 0; i < metric_defs_n; i++) {
        const metric_def *m = &metric_defs[i];
        if (strcmp(name, "all") == 0 || strncmp(m->dialect, name, strlen(name)) == 0 ||
            strcmp(m->metric, name) == 0) {
            add_def(j, i);
        }
    }
    if (j->n_defs > 0) {
        return STRATA_OK;
    }
    return strata_fail(err, STRATA_E_USAGE,
                       "--dialect is all, a dialect (point_to_point, movements, cohort, "
                       "rolling_30_days, renewal_base, voluntary, delinquent), a metric (nrr, grr, "
                       "logo_retention, logo_churn, gross_churn, net_churn, quick_ratio, ltv) or "
                       "both (nrr:cohort), not '%.100s'",
                       name);
}

/* --- values --- */

static strata_status compute(metrics_job *j, size_t def, metric_window window, const groups *g,
                             size_t group, metric_value *out, strata_error *err)
{
    metric_setup s = j->setup;
    const metric_def *m = &metric_defs[def];
    s.window = window;
    s.reactivation = metrics_ask_reactivation(&j->ask, m);
    return metric_compute(&j->c->cx, m, &s, g, group, out, err);
}

static strata_status compute_all(metrics_job *j, metric_value **out, strata_error *err)
{
    size_t n_groups = j->groups != NULL ? j->groups->n : 1;
    metric_value *values = ARENA_NEW(j->c->arena, j->n_defs * n_groups + 1, metric_value);
    if (values == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu metrics", j->n_defs);
    }
    for (size_t i = 0; i < j->n_defs; i++) {
        for (size_t g = 0; g < n_groups; g++) {
            STRATA_TRY(compute(j, j->defs[i], j->setup.window, j->groups, g,
                               &values[i * n_groups + g], err));
        }
    }
    *out = values;
    return STRATA_OK;
}

/* The last twelve month ends (or the same days of earlier months) on which the whole window lies
 * after the first ARR. */
static strata_status put_trend(metrics_job *j, document *d, const metrics_input *in,
                               strata_error *err)
{
    day days[TREND_MONTHS];
    size_t n = 0;
    int months = metric_months(j->setup.window);
    day length = j->setup.window.to - j->setup.window.from;
    metric_value *values = ARENA_NEW(j->c->arena, j->n_defs * TREND_MONTHS + 1, metric_value);
    day first = j->ask.p->info->first_day;
    j->setup.ranges = false;
    if (values == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu metrics", j->n_defs);
    }
    for (int k = TREND_MONTHS; k > 0; k--) {
        day to = months_before(j->ask.as_of, k - 1);
        if (first == DAY_MISSING || to - length >= first) {
            days[n++] = to;
        }
    }
    for (size_t i = 0; i < j->n_defs; i++) {
        for (size_t k = 0; k < n; k++) {
            day from = months > 0 ? months_before(days[k], months) : days[k] - length;
            STRATA_TRY(compute(j, j->defs[i], (metric_window){from, days[k]}, NULL, 0,
                               &values[i * n + k], err));
        }
    }
    report_metrics_trend(d, NULL, in, values, days, n);
    return STRATA_OK;
}

static strata_status show(metrics_job *j, strata_error *err)
{
    metric_value *values = NULL;
    STRBUF_AUTO strbuf title;
    STRATA_AUTO(document_free) document *d = NULL;
    const model *m = j->ask.project->model;
    strbuf_init(&title, 0);
    j->setup.ranges = true;
    STRATA_TRY(compute_all(j, &values, err));
    const metrics_input in = {.currency = m->business.currency,
                              .arena = j->c->arena,
                              .setup = &j->setup,
                              .values = values,
                              .defs = j->defs,
                              .n_defs = j->n_defs,
                              .groups = j->groups,
                              .model_dialect = m->metrics.nrr,
                              .churn_dated = metrics_ask_dated(&j->ask),
                              .caution = j->groups != NULL ? cohort_ask_caution(&j->ask) : NULL};
    report_metrics_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(cohort_ask_document(&j->ask, "metrics", strbuf_text(&title), &d, err));
    report_metrics(d, NULL, &in);
    if (call_has(j->c, "trend")) {
        STRATA_TRY(put_trend(j, d, &in, err));
    }
    doc_next_step(d, "strata reconcile nrr:point_to_point nrr:movements");
    return call_show(j->c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(job_done) metrics_job j = {.c = c};
    STRATA_TRY(metrics_ask_open(c, &j.ask, err));
    STRATA_TRY(find_defs(&j, err));
    STRATA_TRY(metrics_ask_groups(&j.ask, &j.groups, err));
    STRATA_TRY(metrics_setup_make(&j.ask, &j.setup, &j.renewals, err));
    return show(&j, err);
}

static const command_option options[] = {
    {.name = "dialect",
     .arg = "NAME",
     .help = "all, a dialect (movements), a metric (nrr) or both (nrr:cohort); default: each "
             "metric in the model's dialect"},
    METRICS_OPTION_SINCE,
    METRICS_OPTION_LAST,
    COHORT_OPTION_BY,
    COHORT_OPTION_ON,
    {.name = "trend", .help = "the same at the last twelve month ends"},
    {.name = "reactivation",
     .arg = "HOW",
     .help = "accounts that come back: included or excluded (default: as the model or the "
             "definition has it)"},
    METRICS_OPTION_SAME_MONTH,
    METRICS_OPTION_CHURN_DATED,
    {0}};
static const command_example examples[] = {
    {"strata metrics", "each metric in the model's dialect, over 12 months"},
    {"strata metrics --dialect all --since 2025-12-31", "every definition since a day"},
    {"strata metrics --dialect nrr --by plan --trend", "NRR in all dialects by plan"},
    {0}};
const command_def command_metrics = {
    .name = "metrics",
    .summary = "NRR, GRR, churn, quick ratio and LTV in the dialects of vendors",
    .description =
        "Retention, churn, quick ratio and lifetime value between two days, from one ARR ledger, "
        "as\ndifferent vendors define them. Each with its numerator and denominator, its formula "
        "in words and,\nwhere it is not defined, why.",
    .options = options,
    .examples = examples,
    .table = "metrics",
    .run = run};
