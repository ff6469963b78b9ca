/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cohort/movements/bridge.h"
#include "cohort/movements/seat_types.h"
#include "command/ask/cohort.h"
#include "command/ask/metrics.h"
#include "report/cohorts/movements.h"

typedef struct movements_job {
    call *c;
    cohort_ask ask;
    groups *groups; /* NULL: not grouped */
    arr_words *words;
    renewal_book *renewals;
    movements_input in;
} movements_job;

static void job_done(movements_job *j)
{
    renewal_book_free(j->renewals);
    cohort_ask_done(&j->ask);
}

/* --by month is --every month: a period is no value of an account. */
static strata_status find_unit(movements_job *j, strata_error *err)
{
    const char *every = call_value(j->c, "every");
    const char *by = call_value(j->c, "by");
    period_unit unit = PERIOD_MONTH;
    bool by_period = by != NULL && period_unit_parse(by, &unit);
    if (by_period && every != NULL) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--by %s and --every both name a period: leave one out", by);
    }
    if (every != NULL && !period_unit_parse(every, &unit)) {
        return strata_fail(err, STRATA_E_USAGE, "--every is month, quarter or year, not '%.100s'",
                           every);
    }
    j->ask.calendar = (calendar){unit, j->ask.project->model->business.fiscal_year_starts};
    j->in.calendar = j->ask.calendar;
    return by_period ? STRATA_OK : metrics_ask_groups(&j->ask, &j->groups, err);
}

/* Periods asked for, no more than there are since the first ARR. */
static strata_status find_periods(movements_job *j, size_t *out, strata_error *err)
{
    static const long usual[] = {[PERIOD_MONTH] = 12, [PERIOD_QUARTER] = 8, [PERIOD_YEAR] = 5};
    day first = DAY_MISSING;
    long n = 0;
    STRATA_TRY(call_count(j->c, "last", 1, 1200, usual[j->in.calendar.unit], &n, err));
    for (size_t i = 0; i < j->ask.arr->n_accounts; i++) {
        day d = j->ask.arr->first[i];
        first = d != DAY_MISSING && (first == DAY_MISSING || d < first) ? d : first;
    }
    long most = first == DAY_MISSING ? 1
                                     : 1 + calendar_period(j->in.calendar, j->ask.as_of) -
                                           calendar_period(j->in.calendar, first);
    *out = (size_t)(n < most ? n : most);
    return STRATA_OK;
}

static strata_status make_bridges(movements_job *j, strata_error *err)
{
    size_t n = 0;
    const day *ends = NULL;
    bridge *periods = NULL;
    bridge *window = NULL;
    arena *a = j->c->arena;
    STRATA_TRY(find_periods(j, &n, err));
    STRATA_TRY(bridge_periods(a, j->in.calendar, j->ask.as_of, n, &ends, err));
    day *both = ARENA_NEW(a, 2, day);
    if (both == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu periods", n);
    }
    both[0] = ends[0];
    both[1] = ends[n];
    const bridge_spec by_period = {j->groups, ends, n, j->in.without_brief};
    const bridge_spec together = {j->groups, both, 1, j->in.without_brief};
    STRATA_TRY(bridge_make(a, j->ask.arr, &by_period, &periods, err));
    STRATA_TRY(bridge_make(a, j->ask.arr, &together, &window, err));
    j->in.periods = periods;
    j->in.window = window;
    return STRATA_OK;
}

/* --- expansion and losses --- */

static arr_window window_of(const movements_job *j)
{
    return (arr_window){j->in.window->ends[0], j->in.window->ends[1]};
}

static bool has_channel(const portfolio *p)
{
    size_t slot = portfolio_slot(p, "channel");
    return slot != SIZE_MAX && p->symbols[slot].missing_because == NULL;
}

static strata_status put_channels(movements_job *j, document *d, strata_error *err)
{
    groups *g = j->groups;
    expansion_table t = {0};
    call *c = j->c;
    if (g == NULL && !has_channel(j->ask.p)) {
        doc_note(document_section(d, NULL, "expansion_by_group", "Expansion by channel"), "missing",
                 "Expansion by channel needs a column channel in accounts; --by groups by any "
                 "other attribute.");
        return STRATA_OK;
    }
    if (g == NULL) {
        STRATA_TRY(groups_by_value(&c->cx, c->arena, j->ask.p, j->ask.project->bound,
                                   &j->ask.project->overrides, "channel", j->ask.as_of, &g, err));
    }
    const arr_window window = window_of(j);
    STRATA_TRY(expansion_by_group(&c->cx, c->arena, j->ask.arr, g, window, &t, err));
    const expansion_input x = {
        .id = "expansion_by_group",
        .kind = g->name,
        .title = j->groups == NULL ? "Expansion by channel" : "Expansion by group",
        .table = &t,
        .footnote = "Base: accounts with ARR at the beginning. Expansion counts every account; "
                    "from base only those."};
    report_expansion(d, NULL, &j->in, &x);
    return STRATA_OK;
}

static strata_status put_types(movements_job *j, document *d, strata_error *err)
{
    expansion_table t = {0};
    const arr_window window = window_of(j);
    if (j->words->n_types == 0) {
        doc_note(document_section(d, NULL, "expansion_by_type", "Expansion by type"), "missing",
                 "Expansion by type needs a column type (seats, tier, cross-sell, price) in arr "
                 "movements, or a column seats in subscriptions.");
        return STRATA_OK;
    }
    STRATA_TRY(expansion_by_type(&j->c->cx, j->c->arena, j->ask.arr, j->words, window, &t, err));
    const expansion_input x = {
        .id = "expansion_by_type",
        .kind = "Type",
        .title = "Expansion by type",
        .table = &t,
        .footnote = j->words->types_by_seats
                        ? "Told by seats on the day, since no source says types. Base: accounts "
                          "with ARR at the beginning, the same for every type."
                        : "Base: accounts with ARR at the beginning, the same for every type."};
    report_expansion(d, NULL, &j->in, &x);
    return STRATA_OK;
}

static strata_status put_life(movements_job *j, document *d, strata_error *err)
{
    expansion_table t = {0};
    const arr_window window = window_of(j);
    STRATA_TRY(expansion_by_life(&j->c->cx, j->c->arena, j->ask.arr, window, &t, err));
    const expansion_input x = {
        .id = "expansion_by_life",
        .kind = "Month of life",
        .title = "Expansion by month of life",
        .table = &t,
        .footnote = "Month 1 begins on the first day with ARR; a month is 30.4375 days. Base: "
                    "account-months that lie whole in the window, with the ARR that they begin "
                    "with; of base ARR is expansion a month."};
    report_expansion(d, NULL, &j->in, &x);
    return STRATA_OK;
}

static strata_status put_losses(movements_job *j, document *d, strata_error *err)
{
    loss_row *rows = NULL;
    size_t n = 0;
    const arr_window window = window_of(j);
    STRATA_TRY(losses_by_reason(j->c->arena, j->ask.arr, j->words, window, &rows, &n, err));
    report_losses(d, NULL, &j->in, rows, n);
    return STRATA_OK;
}

static strata_status put_asked(movements_job *j, document *d, strata_error *err)
{
    bool expansion = call_has(j->c, "expansion");
    bool reasons = call_has(j->c, "reasons");
    if (expansion || reasons) {
        STRATA_TRY(arr_words_load(store_main(j->ask.project->store), j->c->arena, j->ask.arr,
                                  &j->words, err));
    }
    if (expansion) {
        STRATA_TRY(arr_words_from_seats(store_main(j->ask.project->store), j->c->arena, j->ask.arr,
                                        j->words, err));
        STRATA_TRY(put_channels(j, d, err));
        STRATA_TRY(put_types(j, d, err));
        STRATA_TRY(put_life(j, d, err));
    }
    return reasons ? put_losses(j, d, err) : STRATA_OK;
}

static strata_status show(movements_job *j, strata_error *err)
{
    STRBUF_AUTO strbuf title;
    STRATA_AUTO(document_free) document *d = NULL;
    strbuf_init(&title, 0);
    report_movements_title(&title, &j->in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(cohort_ask_document(&j->ask, "movements", strbuf_text(&title), &d, err));
    report_movements(d, NULL, &j->in);
    report_renewals(d, NULL, &j->in, j->renewals);
    STRATA_TRY(put_asked(j, d, err));
    if (!call_has(j->c, "expansion")) {
        doc_next_step(d, "strata movements --expansion --reasons");
    }
    doc_next_step(d, "strata metrics --dialect all");
    return call_show(j->c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(job_done) movements_job j = {.c = c};
    STRATA_TRY(metrics_ask_open(c, &j.ask, err));
    STRATA_TRY(find_unit(&j, err));
    STRATA_TRY(metrics_ask_same_month(c, &j.in.without_brief, err));
    STRATA_TRY(renewal_book_load(&c->cx, j.ask.p->ledgers, j.ask.as_of, &j.renewals, err));
    j.in.currency = j.ask.project->model->business.currency;
    j.in.groups = j.groups;
    j.in.caution = j.groups != NULL ? cohort_ask_caution(&j.ask) : NULL;
    j.in.dated = metrics_ask_dated(&j.ask);
    j.in.arena = c->arena;
    j.in.by_period = c->format != RENDER_TABLE;
    STRATA_TRY(make_bridges(&j, err));
    return show(&j, err);
}

static const command_option options[] = {
    {.name = "every", .arg = "UNIT", .help = "a row per month, quarter or year (default month)"},
    {.name = "by",
     .arg = "EXPR",
     .help = "a row per value of an attribute, a dimension or any expression"},
    COHORT_OPTION_ON,
    {.name = "last",
     .arg = "N",
     .help = "periods looked at (default 12 months, 8 quarters, 5 years)"},
    METRICS_OPTION_SAME_MONTH,
    METRICS_OPTION_CHURN_DATED,
    {.name = "expansion", .help = "where expansion came from: channel, type, month of life"},
    {.name = "reasons", .help = "contraction and churn by reason"},
    {0}};
static const command_example examples[] = {
    {"strata movements", "the last twelve months"},
    {"strata movements --every quarter --by plan", "eight quarters, a row per plan"},
    {"strata movements --expansion --reasons", "where growth comes from, and why ARR is lost"},
    {0}};
const command_def command_movements = {
    .name = "movements",
    .summary = "ARR opening, new, expansion, contraction, churn, reactivation, closing",
    .description =
        "What came and went between the ARR at the beginning and at the end of each period, exact "
        "to the\ncent, with the accounts of each kind. With --by a row per group over all periods "
        "(and by period in\nJSON and CSV). --by month, quarter or year is --every.\n\n"
        "Then renewals due against renewed, where opportunities of kind renewal are there.",
    .options = options,
    .examples = examples,
    .table = "movements",
    .run = run};
