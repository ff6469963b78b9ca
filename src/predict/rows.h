/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_ROWS_H
#define STRATA_PREDICT_ROWS_H

/* What was known of every customer at each past date, and what came of it: one row per account and
 * date on which it had ARR. All dates come out of one sweep, so that a row holds nothing dated
 * after its date. */

#include "predict/candidates.h"

enum { ROWS_MAX = 200000 };

typedef struct rows {
    size_t n, n_columns;
    uint32_t *account; /* ascending; within an account by date */
    uint16_t *date;    /* index into the schedule's dates; n of them: the as-of date */
    uint8_t *y;        /* 1: it came true; 0 too for the as-of date, where nobody knows */
    int64_t *arr;      /* minor units, at the date */
    bool *held;        /* by row: of a shared date, the account is among those tuned on */
    double *x;         /* by row: x[r * n_columns + c]; NaN: missing */
} rows;

typedef struct rows_request {
    const portfolio *p;
    const arr_book *book; /* until the as-of date or later; later rows are not looked at */
    const schedule *schedule;
    predict_target target;
    const candidates *candidates;
    bool today; /* rows of the as-of date, all of them, instead of the past dates' */
} rows_request;

/* Past dates: of a portfolio with more than ROWS_MAX rows, those of a sample of accounts, drawn by
 * their ids. Columns are all candidates; those left out are not filled (NaN). Allocated in `a`. */
STRATA_MUST_CHECK strata_status rows_collect(const context *cx, const rows_request *q, arena *a,
                                             rows *out, double *sampled, strata_error *err);

/* 0 .. 2^64-1 by an account's id alone: the same whatever other accounts there are. */
uint64_t account_draw(const char *id, uint64_t salt);

#endif
