/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/cohort.h"

#include <string.h>

#include "base/nearest.h"

void cohort_ask_done(cohort_ask *ask)
{
    arr_book_free(ask->arr);
    arr_book_free(ask->arr_other);
    order_book_free(ask->orders);
    project_close(ask->project);
}

/* --- where accounts start --- */

static strata_status origins_from_accounts(cohort_ask *ask, strata_error *err)
{
    size_t n = ask->p->n_accounts;
    day *origin = ARENA_NEW(ask->c->arena, n + 1, day);
    if (origin == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n);
    }
    for (size_t i = 0; i < n; i++) {
        day from = ask->p->exists_from[i];
        origin[i] = from == DAY_MIN || from > ask->as_of ? DAY_MISSING : from;
    }
    ask->origin = origin;
    ask->origin_words = "start of the account";
    return STRATA_OK;
}

static strata_status find_origins(cohort_ask *ask, strata_error *err)
{
    const char *from = call_value(ask->c, "from");
    if (from != NULL && strcmp(from, "started") == 0) {
        return origins_from_accounts(ask, err);
    }
    if (from != NULL && strcmp(from, "first") != 0) {
        return strata_fail(err, STRATA_E_USAGE, "--from is first or started, not '%.100s'", from);
    }
    ask->origin = ask->has_arr ? ask->arr->first : ask->orders->first;
    ask->origin_words = ask->has_arr ? "first day with ARR" : "first order";
    return STRATA_OK;
}

strata_status cohort_ask_open(call *c, cohort_ask *ask, strata_error *err)
{
    ask->c = c;
    STRATA_TRY(session_load(c, &ask->project, err));
    ask->p = ask->project->portfolio;
    STRATA_TRY(session_as_of(c, ask->project, &ask->as_of, err));
    uint32_t entities = ask->p->info->entities;
    ask->has_arr = (entities & 1U << ENTITY_ARR) != 0;
    if (!ask->has_arr && (entities & 1U << ENTITY_ORDERS) == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "there is neither ARR nor orders to follow accounts by; add a source "
                           "'arr' or 'orders' to %s and ingest again",
                           ask->project->model_path);
    }
    STRATA_TRY(arr_book_load(&c->cx, ask->p->ledgers, ask->as_of, &ask->arr, err));
    STRATA_TRY(order_book_load(&c->cx, ask->p->ledgers, ask->as_of, &ask->orders, err));
    return find_origins(ask, err);
}

/* --- groups --- */

static strata_status find_calendar(cohort_ask *ask, period_unit unit, strata_error *err)
{
    const char *every = call_value(ask->c, "every");
    ask->calendar = (calendar){unit, ask->project->model->business.fiscal_year_starts};
    if (every != NULL && !period_unit_parse(every, &ask->calendar.unit)) {
        return strata_fail(err, STRATA_E_USAGE, "--every is month, quarter or year, not '%.100s'",
                           every);
    }
    return STRATA_OK;
}

static strata_status groups_by_option(cohort_ask *ask, const char *by, strata_error *err)
{
    day on = ask->as_of;
    STRATA_TRY(call_date(ask->c, "on", ask->as_of, &on, err));
    if (call_value(ask->c, "every") != NULL) {
        return strata_fail(err, STRATA_E_USAGE, "--by and --every both group; leave one out");
    }
    if (on > ask->as_of) {
        return strata_fail(err, STRATA_E_USAGE, "--on lies after the as-of date");
    }
    return groups_by_value(&ask->c->cx, ask->c->arena, ask->p, ask->project->bound,
                           &ask->project->overrides, by, on, &ask->groups, err);
}

strata_status cohort_ask_groups(cohort_ask *ask, bool grouped, period_unit unit, strata_error *err)
{
    const char *by = call_value(ask->c, "by");
    STRATA_TRY(find_calendar(ask, unit, err));
    if (by != NULL) {
        return groups_by_option(ask, by, err);
    }
    if (call_value(ask->c, "on") != NULL) {
        return strata_fail(err, STRATA_E_USAGE, "--on says when to evaluate --by; give both");
    }
    ask->by_start = grouped || call_value(ask->c, "every") != NULL;
    if (!ask->by_start) {
        return groups_of_all(ask->c->arena, ask->origin, ask->p->n_accounts, ask->as_of,
                             "All accounts", &ask->groups, err);
    }
    return groups_by_start(ask->c->arena, ask->origin, ask->p->n_accounts, ask->calendar,
                           ask->as_of, &ask->groups, err);
}

strata_status cohort_ask_find(const cohort_ask *ask, const char *label, size_t *out,
                              strata_error *err)
{
    size_t found = groups_find(ask->groups, label);
    if (found != SIZE_MAX) {
        *out = found;
        return STRATA_OK;
    }
    return strata_fail(
        err, STRATA_E_NOTFOUND, "there is no cohort '%.100s' by %s%s", label, ask->groups->name,
        nearest_hint_or(label, ask->groups->labels, ask->groups->n, "; 'strata cohorts' lists them")
            .text);
}

/* --- documents --- */

strata_status cohort_ask_document(const cohort_ask *ask, const char *kind, const char *title,
                                  document **out, strata_error *err)
{
    int64_t n = 0;
    int64_t arr = 0;
    for (size_t i = 0; i < ask->p->n_accounts; i++) {
        n += ask->p->exists_from[i] <= ask->as_of;
        arr += arr_book_at(ask->arr, i, ask->as_of);
    }
    return session_document(ask->c, ask->project, kind, title, ask->as_of, n,
                            ask->has_arr ? arr : -1, out, err);
}

const char *cohort_ask_caution(const cohort_ask *ask)
{
    char text[DAY_TEXT];
    day on = ask->as_of;
    strata_error ignored;
    if (call_value(ask->c, "by") == NULL ||
        call_date(ask->c, "on", on, &on, &ignored) != STRATA_OK) {
        return NULL;
    }
    day_format(on, text);
    return arena_printf(ask->c->arena,
                        "Accounts are grouped by what they were on %s; a group that accounts leave "
                        "when they do badly looks better than it was.",
                        text);
}
