/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_BOOK_H
#define STRATA_COHORT_BOOK_H

/* Every account's ARR history, or order history, side by side in memory: what
 * cohorts, movements, metrics, survival and forecasts read. Rows of account i
 * are start[i] .. start[i+1] - 1, ascending by day, none after `until`: a book
 * as of a day knows nothing later (promise 2). 13 bytes a movement. */

#include <stdbool.h>

#include <strata/error.h>

#include "base/auto.h"
#include "base/context.h"
#include "panel/ledger.h"

/* Seats make such a book too (seats.h): `after` is then in thousandths of a seat. */
typedef struct arr_book {
    size_t n_accounts, n_rows;
    day until;
    uint32_t *start; /* n_accounts + 1 */
    day *day;        /* distinct within an account */
    int64_t *after;  /* ARR at the end of the day, minor units */
    uint8_t *kind;   /* arr_kind */
    day *first;      /* by account: first day with ARR above 0; DAY_MISSING: none */
    bool by_notice;  /* subscriptions stop when notice is given (notice.h), not when they end */
} arr_book;

/* Reads the ARR of every account up to and with day `until`. A portfolio without ARR gives a book
 * without rows. STRATA_E_NOMEM, STRATA_E_CANCELLED, or what the source fails with. */
STRATA_MUST_CHECK strata_status arr_book_load(const context *cx, const ledger_source *source,
                                              day until, arr_book **out, strata_error *err);
void arr_book_free(arr_book *b); /* NULL is fine */
STRATA_DEFINE_AUTO(arr_book, arr_book_free)

/* An empty book with room for n_rows rows, for arr_book_put(). STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status arr_book_new(size_t n_accounts, size_t n_rows, day until,
                                             arr_book **out, strata_error *err);
/* Appends a row; rows come by account, then day. arr_book_end() comes after the last. */
void arr_book_put(arr_book *b, size_t account, day d, int64_t after, arr_kind kind);
void arr_book_end(arr_book *b);
/* STRATA_E_STORE where a row of a table of the store names an account that the book has not. */
STRATA_MUST_CHECK strata_status arr_book_check_account(const arr_book *b, const char *table,
                                                       int32_t account, strata_error *err);

/* ARR at the end of day d, minor units; 0 before the first row. O(rows of the account). */
static inline int64_t arr_book_at(const arr_book *b, size_t account, day d)
{
    for (uint32_t k = b->start[account + 1]; k > b->start[account]; k--) {
        if (b->day[k - 1] <= d) {
            return b->after[k - 1];
        }
    }
    return 0;
}
/* Signed change of row k of the account. */
static inline int64_t arr_book_delta(const arr_book *b, size_t account, uint32_t k)
{
    return b->after[k] - (k > b->start[account] ? b->after[k - 1] : 0);
}

typedef struct order_book {
    size_t n_accounts, n_rows;
    day until;
    uint32_t *start;   /* n_accounts + 1 */
    day *day;          /* distinct within an account */
    int64_t *amount;   /* minor units of the day's orders together; returns are negative */
    int32_t *orders;   /* how many; 0 for a day of nothing but returns */
    day *first;        /* by account: first day with an order; DAY_MISSING: none */
    int64_t *units;    /* thousandths of the day's units; NULL until asked for (order_units.h) */
    size_t n_unitless; /* rows that do not say how many; they count 0 */
} order_book;

/* As arr_book_load(), of orders. */
STRATA_MUST_CHECK strata_status order_book_load(const context *cx, const ledger_source *source,
                                                day until, order_book **out, strata_error *err);
void order_book_free(order_book *b); /* NULL is fine */
STRATA_DEFINE_AUTO(order_book, order_book_free)

/* The days on which accounts used the product. */
typedef struct usage_book {
    size_t n_accounts, n_rows;
    day until;
    day begins;      /* first day of use of anyone; DAY_MISSING: none */
    uint32_t *start; /* n_accounts + 1 */
    day *day;        /* distinct within an account */
} usage_book;

/* As arr_book_load(), of usage. */
STRATA_MUST_CHECK strata_status usage_book_load(const context *cx, const ledger_source *source,
                                                day until, usage_book **out, strata_error *err);
void usage_book_free(usage_book *b); /* NULL is fine */
STRATA_DEFINE_AUTO(usage_book, usage_book_free)

#endif
