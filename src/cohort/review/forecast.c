/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/forecast.h"

#include <string.h>

#include "base/auto.h"

/* --- a book of some accounts --- */

static strata_status book_new(size_t n_accounts, size_t n_rows, arr_book **out, strata_error *err)
{
    STRATA_AUTO(arr_book_free) arr_book *b = STRATA_NEW_ARRAY(1, arr_book);
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the ARR of a cohort");
    }
    b->n_accounts = n_accounts;
    b->n_rows = n_rows;
    b->start = STRATA_NEW_ARRAY(n_accounts + 1, uint32_t);
    b->day = STRATA_NEW_ARRAY(n_rows, day);
    b->after = STRATA_NEW_ARRAY(n_rows, int64_t);
    b->kind = STRATA_NEW_ARRAY(n_rows, uint8_t);
    b->first = STRATA_NEW_ARRAY(n_accounts, day);
    if (!b->start || !b->day || !b->after || !b->kind || !b->first) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the ARR of a cohort");
    }
    *out = strata_steal(&b);
    return STRATA_OK;
}

strata_status arr_book_of_set(const arr_book *book, const account_set *set, arr_book **out,
                              strata_error *err)
{
    size_t n_rows = 0;
    for (size_t k = 0; k < set->n; k++) {
        n_rows += book->start[set->items[k] + 1] - book->start[set->items[k]];
    }
    arr_book *b = NULL;
    STRATA_TRY(book_new(set->n, n_rows, &b, err));
    b->until = book->until;
    uint32_t at = 0;
    for (size_t k = 0; k < set->n; k++) {
        uint32_t from = book->start[set->items[k]];
        uint32_t n = book->start[set->items[k] + 1] - from;
        b->start[k] = at;
        b->first[k] = book->first[set->items[k]];
        if (n > 0) {
            memcpy(b->day + at, book->day + from, n * sizeof *b->day);
            memcpy(b->after + at, book->after + from, n * sizeof *b->after);
            memcpy(b->kind + at, book->kind + from, n * sizeof *b->kind);
        }
        at += n;
    }
    b->start[set->n] = at;
    *out = b;
    return STRATA_OK;
}

/* --- the forecast --- */

strata_status review_forecast_make(const context *cx, const review_subject *s, arena *a,
                                   review_forecast *out, strata_error *err)
{
    review_forecast f = {0};
    STRATA_AUTO(arr_book_free) arr_book *book = NULL;
    STRATA_TRY(arr_book_of_set(s->book, &s->cohort, &book, err));
    const backtest_request test = {.book = book, .as_of = s->as_of, .horizon = REVIEW_HORIZON};
    STRATA_TRY(backtest_run(cx, &test, a, &f.backtest, err));
    const forecast_request request = {.book = book, .as_of = s->as_of, .horizon = REVIEW_HORIZON};
    STRATA_TRY(backtest_forecast(cx, &f.backtest, BACKTEST_LOGOS, &request, a, &f.logos, err));
    STRATA_TRY(backtest_forecast(cx, &f.backtest, BACKTEST_ARR, &request, a, &f.arr, err));
    f.why = f.logos.why;
    *out = f;
    return STRATA_OK;
}
