/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/survival.h"
#include "command/ask/cohort.h"
#include "command/list.h"

typedef struct asked {
    cohort_ask ask;
    day since;
    survival_unit unit;
    survival *s;
    survival_cox cox;
    long landmark;
    bool has_cox;
} asked;

static void asked_done(asked *a)
{
    survival_free(a->s);
    cohort_ask_done(&a->ask);
}

static strata_status read_unit(asked *a, call *c, strata_error *err)
{
    const char *unit = call_value(c, "unit");
    a->unit = UNIT_MONTHS;
    if (unit != NULL && !survival_unit_parse(unit, &a->unit)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--unit is weeks, months, quarters or years, not '%.100s'", unit);
    }
    return STRATA_OK;
}

/* --since, or the day that the groups are of: an account that was gone by then was in no group. */
static strata_status read_since(asked *a, strata_error *err)
{
    const call *c = a->ask.c;
    day on = DAY_MISSING;
    if (call_value(c, "on") != NULL) {
        STRATA_TRY(call_date(c, "on", DAY_MISSING, &on, err));
    }
    a->since = on;
    if (call_value(c, "since") != NULL) {
        STRATA_TRY(call_date(c, "since", DAY_MISSING, &a->since, err));
    }
    if (a->since != DAY_MISSING && a->since >= a->ask.as_of) {
        return strata_fail(err, STRATA_E_USAGE,
                           "accounts are followed from --since (or --on) to the as-of date; give "
                           "an earlier day");
    }
    if (on != DAY_MISSING && a->since < on) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--since lies before --on: groups would be of a day that accounts were "
                           "still to live through; give the same day or a later one");
    }
    return STRATA_OK;
}

static strata_status fit(asked *a, const survival_request *r, strata_error *err)
{
    const cohort_ask *ask = &a->ask;
    const char *wanted = call_value(ask->c, "cox");
    STRATA_TRY(call_count(ask->c, "landmark", 0, 3650, SURVIVAL_LANDMARK, &a->landmark, err));
    if (wanted == NULL) {
        return call_value(ask->c, "landmark") == NULL
                   ? STRATA_OK
                   : strata_fail(err, STRATA_E_USAGE,
                                 "--landmark says when --cox takes its values; give both");
    }
    survival_cox_request request = {.p = ask->p,
                                    .b = ask->project->bound,
                                    .overrides = &ask->project->overrides,
                                    .landmark = (int)a->landmark};
    STRATA_TRY(
        call_expressions(ask->c->arena, wanted, &request.expressions, &request.n_expressions, err));
    a->has_cox = true;
    return survival_cox_make(&ask->c->cx, ask->c->arena, r, &request, &a->cox, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(asked_done) asked a = {0};
    STRATA_TRY(read_unit(&a, c, err));
    STRATA_TRY(cohort_ask_open(c, &a.ask, err));
    if (!a.ask.has_arr) {
        return strata_fail(err, STRATA_E_DATA,
                           "there is no ARR to tell who stays a customer; add a source 'arr' to %s "
                           "and ingest again",
                           a.ask.project->model_path);
    }
    STRATA_TRY(read_since(&a, err));
    STRATA_TRY(cohort_ask_groups(&a.ask, false, PERIOD_QUARTER, err));
    survival_request request = {.book = a.ask.arr,
                                .exists_from = a.ask.p->exists_from,
                                .codes = a.ask.groups->code,
                                .n_groups = a.ask.groups->n,
                                .as_of = a.ask.as_of,
                                .since = a.since};
    STRATA_TRY(survival_make(&request, &a.s, err));
    STRATA_TRY(fit(&a, &request, err));
    survival_input in = {.s = a.s,
                         .g = a.ask.groups,
                         .cox = a.has_cox ? &a.cox : NULL,
                         .landmark = (int)a.landmark,
                         .b = a.ask.project->bound,
                         .unit = a.unit,
                         .curves = call_has(c, "curves"),
                         .as_of = a.ask.as_of,
                         .since = a.since,
                         .caution =
                             call_value(c, "on") != NULL ? NULL : cohort_ask_caution(&a.ask)};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_survival_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(&a.ask, "survival", strbuf_text(&title), &d, err));
    report_survival(d, NULL, &in);
    doc_next_step(d, "strata forecast");
    return call_show(c, d, err);
}

static const command_option options[] = {
    COHORT_OPTION_BY,
    {.name = "on",
     .arg = "DATE",
     .help = "evaluate --by as of this date and follow accounts from then on (default: the as-of "
             "date, from their start)"},
    COHORT_OPTION_EVERY,
    {.name = "since",
     .arg = "DATE",
     .help = "follow accounts from this date on, those already customers from the age they had"},
    {.name = "unit",
     .arg = "UNIT",
     .help = "tell ages in weeks, months, quarters or years (default months)"},
    {.name = "curves", .help = "list the curves too, age by age"},
    {.name = "cox",
     .arg = "EXPR,...",
     .help = "what goes with leaving early: features, attributes or expressions, together in one "
             "regression"},
    {.name = "landmark",
     .arg = "DAYS",
     .help = "age by whose month end --cox takes its values (default 90)"},
    {0}};
static const command_example examples[] = {
    {"strata survival", "how long accounts stay"},
    {"strata survival --by plan", "by plan, with tests"},
    {"strata survival --cox 'plan, active_users_30d' --landmark 60",
     "what of the first months tells"},
    {0}};
const command_def command_survival = {
    .name = "survival",
    .summary = "How long accounts stay: curves, medians, tests between groups, what goes with it",
    .description =
        "Follows every account from its first day with ARR to the first day without. Who still is "
        "a customer counts\n"
        "as far as it was followed (Kaplan-Meier), so that young accounts neither hide nor invent "
        "churn. Groups are\n"
        "compared by the log-rank test, each pair corrected for the number of pairs.\n\n"
        "--cox fits a proportional hazards regression on what was known of an account at the end "
        "of the month in\n"
        "which it turned --landmark days old, and says whether each factor acts alike at every "
        "age.",
    .options = options,
    .examples = examples,
    .table = "survival",
    .run = run};
