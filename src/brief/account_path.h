/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BRIEF_ACCOUNT_PATH_H
#define STRATA_BRIEF_ACCOUNT_PATH_H

/* Values of one account at several dates, each as of that date. */

#include "base/arena.h"
#include "segment/view.h"

enum { BRIEF_MONTHS = 13 };

/* The as-of date and the twelve month ends before it, and the date that is compared with. */
typedef struct brief_dates {
    day dates[BRIEF_MONTHS + 1];
    size_t n;
    size_t month_at[BRIEF_MONTHS]; /* oldest first; the last one is the as-of date */
    size_t since_at;
} brief_dates;
/* `since` lies before `as_of`. */
brief_dates brief_dates_make(day as_of, day since);

typedef struct account_path_request {
    const day *dates; /* ascending, distinct */
    size_t n_dates;
    const size_t *slots; /* numbers; text slots stay missing */
    size_t n_slots;
    const bound_def *score; /* whose factors are wanted too; NULL: none */
    size_t account;
} account_path_request;

typedef struct account_path {
    const double *values;  /* [slot * n_dates + date], by place in the request; NaN missing */
    const double *factors; /* [factor * n_dates + date], raw; NULL without a score */
    size_t n_factors;
} account_path;

/* One sweep in which only the account is looked at. Allocated in `a`; nothing dated after a date
 * changes what stands there. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status account_path_follow(const context *cx, const view *v,
                                                    const account_path_request *request, arena *a,
                                                    account_path *out, strata_error *err);

#endif
