/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/churn_trend.h"

#include <math.h>

#include "analysis/make_figure.h"
#include "cohort/tenure.h"

static void count_account(const arr_book *book, size_t account, day as_of, int months,
                          churn_trend_group *g)
{
    tenure t = tenure_of(book, account, as_of);
    if (t.from == DAY_MISSING) {
        return;
    }
    day limit = t.from + (day)lround(months * DAYS_PER_MONTH);
    g->accounts++;
    /* Whoever left before being followed that long only counts where the others are known too. */
    if (limit > as_of) {
        return;
    }
    g->followed++;
    if (t.churned && t.to <= limit) {
        g->churned.hits++;
        g->lost_minor += arr_book_at(book, account, t.to - 1);
    }
}

static strata_status test_trend(const groups *g, churn_trend_group *by, arena *a, churn_trend *out,
                                strata_error *err)
{
    size_t *hits = ARENA_NEW(a, g->n + 1, size_t);
    size_t *of = ARENA_NEW(a, g->n + 1, size_t);
    if (hits == NULL || of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts", g->n);
    }
    for (size_t k = 0; k < g->n; k++) {
        bool unknown = g->missing_last && k + 1 == g->n;
        if (by[k].churned.stated && !unknown) {
            hits[out->n_counted] = by[k].churned.hits;
            of[out->n_counted++] = by[k].churned.of;
        }
    }
    out->ordered = g->first != NULL;
    if (!out->ordered) {
        return STRATA_OK;
    }
    out->trend = trend_of_shares(hits, of, NULL, out->n_counted);
    return STRATA_OK;
}

strata_status churn_trend_compute(const churn_trend_request *q, arena *a, churn_trend *out,
                                  strata_error *err)
{
    const groups *g = q->groups;
    churn_trend_group *by = ARENA_NEW(a, g->n + 1, churn_trend_group);
    churn_trend result = {.groups = g, .months = q->months, .by_group = by};
    size_t hits = 0;
    size_t of = 0;
    if (by == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts", g->n);
    }
    for (size_t i = 0; i < q->book->n_accounts; i++) {
        if (g->code[i] < g->n) {
            count_account(q->book, i, q->as_of, q->months, &by[g->code[i]]);
        }
    }
    for (size_t k = 0; k < g->n; k++) {
        hits += by[k].churned.hits;
        of += by[k].followed;
        by[k].churned =
            share_figure_of(by[k].churned.hits, by[k].followed, (double)q->minimum_accounts);
    }
    result.all = share_figure_of(hits, of, (double)q->minimum_accounts);
    STRATA_TRY(test_trend(g, by, a, &result, err));
    *out = result;
    return STRATA_OK;
}
