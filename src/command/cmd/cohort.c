/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cohort/movements/seat_types.h"
#include "command/ask/cohort.h"
#include "report/cohort_review/cohort_review.h"

enum { PEERS = 6 };

/* --- which cohort --- */

/* The unit that a name is of: "2025-03", "2025-Q1", "2025". */
static bool unit_of(const char *name, int year_starts, period_unit *out)
{
    static const period_unit units[] = {PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR};
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        int period = 0;
        if (calendar_parse((calendar){units[k], year_starts}, name, &period)) {
            *out = units[k];
            return true;
        }
    }
    return false;
}

/* Groups, and the label of the cohort as they write it. */
static strata_status find_groups(cohort_ask *ask, const char *name, size_t *out, strata_error *err)
{
    int year_starts = ask->project->model->business.fiscal_year_starts;
    period_unit unit = PERIOD_QUARTER;
    char label[PERIOD_TEXT];
    int period = 0;
    if (call_value(ask->c, "by") != NULL) {
        STRATA_TRY(cohort_ask_groups(ask, true, unit, err));
        return cohort_ask_find(ask, name, out, err);
    }
    if (!unit_of(name, year_starts, &unit)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%.100s' is no start period: write a month (2025-03), a quarter "
                           "(2025-Q1) or a year (2025), or give --by with one of its values",
                           name);
    }
    STRATA_TRY(cohort_ask_groups(ask, true, unit, err));
    (void)calendar_parse(ask->calendar, name, &period);
    calendar_label(ask->calendar, period, label);
    return cohort_ask_find(ask, label, out, err);
}

static strata_status check_words(const call *c, strata_error *err)
{
    if (strcmp(c->args[0], "review") != 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "cohort knows 'review NAME', not '%.100s'; for retention of all cohorts "
                           "see 'strata cohorts'",
                           c->args[0]);
    }
    if (c->n_args < 2) {
        return strata_fail(err, STRATA_E_USAGE,
                           "cohort review needs a cohort: 'strata cohort review 2025-Q1'; 'strata "
                           "cohorts' lists them");
    }
    return STRATA_OK;
}

/* --- the document --- */

static strata_status show(cohort_ask *ask, const cohort_review *r, size_t group, strata_error *err)
{
    call *c = ask->c;
    const cohort_review_input in = {.r = r,
                                    .name = ask->groups->labels[group],
                                    .grouping = ask->groups->name,
                                    .caution = cohort_ask_caution(ask)};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_cohort_review_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(ask, "cohort_review", strbuf_text(&title), &d, err));
    report_cohort_review(d, &in);
    const char *list = r->where != NULL
                           ? arena_printf(c->arena, "strata accounts --where \"%s\"", r->where)
                           : "strata cohorts";
    if (list != NULL) {
        doc_next_step(d, list);
    }
    doc_next_step(d, "strata forecast");
    return call_show(c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    COHORT_ASK_AUTO cohort_ask ask = {0};
    size_t group = 0;
    long peers = 0;
    STRATA_TRY(check_words(c, err));
    STRATA_TRY(call_count(c, "against", 0, REVIEW_PEERS_MAX, PEERS, &peers, err));
    STRATA_TRY(cohort_ask_open(c, &ask, err));
    if (!ask.has_arr) {
        return strata_fail(err, STRATA_E_DATA,
                           "a review needs ARR; add a source 'arr' to %s and ingest again. For "
                           "shops see 'strata cohorts'",
                           ask.project->model_path);
    }
    STRATA_TRY(find_groups(&ask, c->args[1], &group, err));
    arr_words *words = NULL;
    STRATA_TRY(arr_words_load(store_main(ask.project->store), c->arena, ask.arr, &words, err));
    STRATA_TRY(arr_words_from_seats(store_main(ask.project->store), c->arena, ask.arr, words, err));
    const review_request request = {.book = ask.arr,
                                    .p = ask.p,
                                    .b = ask.project->bound,
                                    .overrides = &ask.project->overrides,
                                    .groups = ask.groups,
                                    .cohort = group,
                                    .most_peers = (size_t)peers,
                                    .as_of = ask.as_of,
                                    .by_start = ask.by_start};
    cohort_review *r = NULL;
    STRATA_TRY(cohort_review_make(&c->cx, &request, words, c->arena, &r, err));
    return show(&ask, r, group, err);
}

static const command_option options[] = {
    COHORT_OPTION_BY,
    COHORT_OPTION_ON,
    {.name = "against",
     .arg = "N",
     .help = "set it against the N cohorts before, 0 to 8 (default 6)"},
    {0}};
static const command_example examples[] = {
    {"strata cohort review 2025-Q1", "accounts whose first ARR fell into that quarter"},
    {"strata cohort review 2025", "a whole year"},
    {"strata cohort review Enterprise --by plan", "one plan against the others"},
    {"strata cohort review 2025-Q1 -f html -o review.html", "as a page with its charts"},
    {0}};
const command_def command_cohort = {
    .name = "cohort",
    .usage = "review NAME",
    .summary = "Review of one cohort: how is it doing, and why",
    .description =
        "Reviews the accounts that started in a month, quarter or year (fiscal years too), or that "
        "have a\n"
        "value of --by: retention at months 3, 6, 9 and 12 against the cohorts before, benchmarks "
        "and targets;\n"
        "why NRR differs; who left, when and why; growth; early signs of success, confirmed; what "
        "to do,\n"
        "with the accounts; a forecast.\n\n"
        "Benchmarks and targets are those of the model file (benchmarks, targets).",
    .options = options,
    .examples = examples,
    .least_args = 1,
    .most_args = 2,
    .table = "marks",
    .run = run};
