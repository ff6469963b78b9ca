/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/metrics.h"

#include <string.h>

#include "cohort/notice.h"
#include "command/timeframe.h"
#include "panel/dates.h"

enum { MONTHS_DEFAULT = 12 };

bool metrics_ask_by_notice(const cohort_ask *ask)
{
    const char *how = call_value(ask->c, "churn-dated");
    return strcmp(how != NULL ? how : ask->project->model->metrics.churn_dated, "cancellation") ==
           0;
}

static strata_status check_dated(const call *c, strata_error *err)
{
    const char *how = call_value(c, "churn-dated");
    return how == NULL || strcmp(how, "cancellation") == 0 || strcmp(how, "end_of_paid_period") == 0
               ? STRATA_OK
               : strata_fail(err, STRATA_E_USAGE,
                             "--churn-dated is end_of_paid_period or cancellation, not '%.100s'",
                             how);
}

strata_status metrics_ask_book(cohort_ask *ask, bool by_notice, const arr_book **out,
                               strata_error *err)
{
    if (by_notice && !ask->arr->by_notice && ask->arr_other == NULL) {
        STRATA_TRY(
            arr_book_by_notice(store_main(ask->project->store), ask->arr, &ask->arr_other, err));
    }
    bool other = by_notice != ask->arr->by_notice && ask->arr_other != NULL;
    *out = other ? ask->arr_other : ask->arr;
    return STRATA_OK;
}

strata_status metrics_ask_date_churn(cohort_ask *ask, strata_error *err)
{
    const arr_book *book = NULL;
    STRATA_TRY(check_dated(ask->c, err));
    STRATA_TRY(metrics_ask_book(ask, metrics_ask_by_notice(ask), &book, err));
    if (book == ask->arr_other) {
        arr_book *by_end = ask->arr;
        ask->arr = ask->arr_other;
        ask->arr_other = by_end;
        ask->origin = ask->origin == by_end->first ? ask->arr->first : ask->origin;
    }
    return STRATA_OK;
}

const char *metrics_ask_dated(const cohort_ask *ask)
{
    return !metrics_ask_by_notice(ask) ? NULL
           : ask->arr->by_notice
               ? "Churn is dated at the cancellation: a subscription counts up to the day before "
                 "notice was given, though its service goes on to the end of the paid period. ARR "
                 "elsewhere counts it up to its end."
               : "Churn is to be dated at the cancellation, but up to here no subscription is "
                 "known "
                 "to have been cancelled before its end (column cancelled_on of arr "
                 "subscriptions), "
                 "so it is dated at the end of the paid period.";
}

strata_status metrics_ask_open(call *c, cohort_ask *ask, strata_error *err)
{
    STRATA_TRY(check_dated(c, err));
    STRATA_TRY(cohort_ask_open(c, ask, err));
    if (!ask->has_arr) {
        return strata_fail(err, STRATA_E_DATA,
                           "movements and their metrics need ARR, which this portfolio has not; "
                           "add a source 'arr' to %s and ingest again",
                           ask->project->model_path);
    }
    return metrics_ask_date_churn(ask, err);
}

strata_status metrics_ask_groups(const cohort_ask *ask, groups **out, strata_error *err)
{
    const char *by = call_value(ask->c, "by");
    day on = ask->as_of;
    STRATA_TRY(call_date(ask->c, "on", ask->as_of, &on, err));
    if (by == NULL) {
        *out = NULL;
        return call_value(ask->c, "on") == NULL
                   ? STRATA_OK
                   : strata_fail(err, STRATA_E_USAGE, "--on says when to evaluate --by; give both");
    }
    if (on > ask->as_of) {
        return strata_fail(err, STRATA_E_USAGE, "--on lies after the as-of date");
    }
    return groups_by_value(&ask->c->cx, ask->c->arena, ask->p, ask->project->bound,
                           &ask->project->overrides, by, on, out, err);
}

strata_status metrics_ask_same_month(const call *c, bool *without_brief, strata_error *err)
{
    const char *how = call_value(c, "same-month");
    if (how != NULL && strcmp(how, "count") != 0 && strcmp(how, "ignore") != 0) {
        return strata_fail(err, STRATA_E_USAGE, "--same-month is count or ignore, not '%.100s'",
                           how);
    }
    *without_brief = how != NULL && strcmp(how, "ignore") == 0;
    return STRATA_OK;
}

strata_status metrics_ask_window(const cohort_ask *ask, metric_window *out, strata_error *err)
{
    const char *last = call_value(ask->c, "last");
    timeframe t = {.kind = TIMEFRAME_MONTHS, .n = MONTHS_DEFAULT};
    if (last != NULL && (!timeframe_parse(last, &t) || t.kind == TIMEFRAME_PERIOD)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--last is a time such as 12m, 90d or 2y, not "
                           "'%.100s'",
                           last);
    }
    if (last != NULL && call_value(ask->c, "since") != NULL) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--since and --last both say when to begin; leave "
                           "one out");
    }
    day from = t.kind == TIMEFRAME_MONTHS ? months_before(ask->as_of, t.n)
                                          : timeframe_since(&t, ask->as_of);
    STRATA_TRY(call_date(ask->c, "since", from, &from, err));
    if (from >= ask->as_of) {
        return strata_fail(err, STRATA_E_USAGE, "--since must lie before the as-of date");
    }
    *out = (metric_window){from, ask->as_of};
    return STRATA_OK;
}

strata_status metrics_ask_check(const cohort_ask *ask, strata_error *err)
{
    const char *how = call_value(ask->c, "reactivation");
    if (how != NULL && strcmp(how, "included") != 0 && strcmp(how, "excluded") != 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--reactivation is included or excluded, not '%.100s'", how);
    }
    return STRATA_OK;
}

int metrics_ask_reactivation(const cohort_ask *ask, const metric_def *m)
{
    const model_metrics *usual = &ask->project->model->metrics;
    const char *how = call_value(ask->c, "reactivation");
    if (how == NULL && strcmp(m->dialect, usual->nrr) == 0) {
        how = usual->reactivation;
    }
    return how == NULL ? -1 : strcmp(how, "included") == 0;
}

strata_status metrics_setup_make(const cohort_ask *ask, metric_setup *out, renewal_book **renewals,
                                 strata_error *err)
{
    metric_setup s = {.book = ask->arr, .reactivation = -1};
    arr_words *words = NULL;
    STRATA_TRY(metrics_ask_check(ask, err));
    STRATA_TRY(metrics_ask_window(ask, &s.window, err));
    STRATA_TRY(metrics_ask_same_month(ask->c, &s.without_brief, err));
    STRATA_TRY(renewal_book_load(&ask->c->cx, ask->p->ledgers, ask->as_of, renewals, err));
    STRATA_TRY(
        arr_words_load(store_main(ask->project->store), ask->c->arena, ask->arr, &words, err));
    s.renewals = *renewals;
    s.words = words;
    *out = s;
    return STRATA_OK;
}
