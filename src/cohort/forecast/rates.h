/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_FORECAST_RATES_H
#define STRATA_COHORT_FORECAST_RATES_H

/* Monthly movement rates of the last months, by age and segment, and what they
 * come to when they go on.
 *
 * A month is counted back from the as-of date, so that none is cut off. From its first day to its
 * last, the net change of an account with ARR is churn (to 0), contraction or expansion; an account
 * that had ARR before and has none may come back. Rates are ARR moved over ARR at the start of the
 * month, and accounts lost over accounts at its start. A cell is an age band of a segment; the
 * segment is that of the window's start, so that nobody is put where the outcome has put him.
 * Accounts that did not exist then count in the band of all segments. A cell's rate is drawn
 * towards its band's by RATES_PRIOR account-months, so that a handful of accounts does not make a
 * rate. */

#include <strata/error.h>

#include "base/auto.h"
#include "base/context.h"
#include "base/rng.h"
#include "cohort/book.h"
#include "segment/code.h"

enum {
    RATES_BANDS =
        7, /* months since the first ARR: 0-2, 3-5, 6-11, 12-23, 24-35, 36-59, 60 and more */
    RATES_LAST_AGE = 60,    /* ages from here on are one */
    RATES_PRIOR = 200,      /* account-months */
    RATES_BLOCKS_MAX = 2000 /* accounts are drawn again in at most this many blocks */
};

typedef struct rates_request {
    const arr_book *book;
    day as_of;   /* rows after it are not looked at */
    int window;  /* months to learn from */
    bool by_age; /* false: one band */
    /* By account, below n_segments or SEGMENT_ABSENT; both NULL with n_segments 1: no segments. */
    const segment_code *then; /* as of the window's start */
    const segment_code *now;  /* as of as_of */
    size_t n_segments;
} rates_request;

/* What happened in the window, block by block of accounts, so that accounts can be drawn again. */
typedef struct rates rates;

/* STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status rates_new(const context *cx, const rates_request *request,
                                          rates **out, strata_error *err);
void rates_free(rates *r); /* NULL is fine */
STRATA_DEFINE_AUTO(rates, rates_free)

/* How many account-months there are to learn from. */
size_t rates_account_months(const rates *r);
/* Whether anyone was lost in them. */
bool rates_lost_any(const rates *r);

/* Sums by month, horizon + 1 values each, [0] as of today. ARR in minor units. */
typedef struct rates_path {
    double *logos, *arr;         /* of those who are customers today */
    double *all_logos, *all_arr; /* with those who come back and those who are new */
} rates_path;

/* Projects today's accounts `horizon` months on. `draw` NULL: with the rates of the window; else
 * with those of accounts drawn again, with replacement. New business goes on as in an average month
 * of the window (or of months drawn again). */
STRATA_MUST_CHECK strata_status rates_project(const rates *r, int horizon, rng *draw,
                                              rates_path *out, strata_error *err);

#endif
