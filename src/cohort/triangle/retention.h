/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_TRIANGLE_RETENTION_H
#define STRATA_COHORT_TRIANGLE_RETENTION_H

/* One measure's triangle as it is shown: cells that know what they are, the average over the
 * cohorts that reached each age, intervals. */

#include "cohort/triangle/triangle.h"
#include "stats/inference/proportion.h"

typedef enum measure {
    MEASURE_LOGO,        /* accounts with ARR at the end of the age, of all */
    MEASURE_NRR,         /* ARR at the end of the age, of new-business ARR */
    MEASURE_GRR,         /* the lower of both, account by account, of new-business ARR */
    MEASURE_REVENUE,     /* revenue since the start, per account */
    MEASURE_ORDERS,      /* accounts that ordered in the age, of all */
    MEASURE_QUANTITY,    /* orders in the age, of those in age 0 */
    MEASURE_UNITS,       /* units ordered in the age, of those in age 0; thousandths */
    MEASURE_USAGE,       /* accounts that used the product in the age, of all */
    MEASURE_SEATS,       /* seats at the end of the age, of those of the first day; thousandths */
    MEASURE_SEATS_GROSS, /* the lower of both, account by account, of those of the first day */
    MEASURE_COUNT
} measure;
const char *measure_name(measure m); /* "logo" */
bool measure_is_quantity(measure m); /* of orders or units */
bool measure_is_seats(measure m);    /* made from a book of seats in place of ARR (seats.h) */
bool measure_is_share(
    measure m); /* of accounts: Wilson's interval; else by drawing accounts again */

typedef enum cohort_cell_kind {
    COHORT_OBSERVED, /* the age is over */
    COHORT_PARTIAL,  /* it is not: as of the as-of date */
    COHORT_TOO_FEW,  /* fewer accounts than the model's quality.minimum_accounts: no rate */
    COHORT_CENSORED  /* no account reached it, or was seen in it: not known, never 0 */
} cohort_cell_kind;
const char *cohort_cell_kind_name(cohort_cell_kind k); /* "too few" */

/* Of accounts that could have reached the age only. */
typedef struct cohort_cell {
    cohort_cell_kind kind;
    bool over;           /* the age is over; too few may be either */
    size_t accounts;     /* counted, n of the denominator */
    size_t active;       /* of them */
    int64_t part, base;  /* accounts, minor units or orders; rate = part / base */
    int64_t value;       /* the amount behind: ARR, seats, revenue, units; accounts otherwise */
    bool stated, ranged; /* rate, low and high may be shown */
    double rate, low, high;
} cohort_cell;

typedef struct retention_request {
    measure measure;
    bool previous;           /* against the age before, not against the start */
    double minimum_accounts; /* below it no rate */
    size_t last;             /* the latest groups only; 0: all */
    bool all_ranges;         /* intervals of every cell, else of shares and of the average only */
} retention_request;

typedef struct retention {
    retention_request request;
    const triangle_input *in;
    bool by_arr;
    size_t first, n_groups; /* shown: groups first .. first + n_groups - 1 */
    size_t n_ages;
    const char *const *ages;  /* by age: "3"; brackets "3-5", "12+" */
    const cohort_cell *cells; /* [shown group][age] */
    const cohort_cell *all;   /* by age: shown cohorts that completed it */
    const size_t *cohorts;    /* by age: how many those are */
    size_t accounts;          /* in the groups shown */
    size_t entered;           /* of them, customers by the as-of date */
    size_t early;             /* of them, customers before age 0 of their own */
    size_t unseen;            /* in the groups shown, with ages before usage begins */
} retention;

/* Allocated in `a`; `in` must live as long. STRATA_E_USAGE for what cannot be: kinds other than
 * exactly of NRR, GRR, seats, revenue, quantity and units, revenue against the age before. Else as
 * triangle_arr(). */
STRATA_MUST_CHECK strata_status retention_make(const context *cx, arena *a,
                                               const triangle_input *in,
                                               const retention_request *request,
                                               const retention **out, strata_error *err);

/* A cell from sums; its interval is set for shares only. */
cohort_cell cohort_cell_make(const retention_request *r, const triangle_sums *s);
const cohort_cell *retention_cell(const retention *r, size_t shown_group, size_t age);

#endif
