/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_TRIANGLE_TRIANGLE_H
#define STRATA_COHORT_TRIANGLE_TRIANGLE_H

/* Retention triangles: groups of accounts by age. First the sums, exact and of all measures at once
 * (triangle_arr, triangle_presence); then the cells of one measure out of them (cells.h).
 *
 * ARR measures look at the state at the end of an age, in the dialect "cohort": an account's base
 * is its new-business ARR, the ARR of the day it first had any; expansion and reactivation add. An
 * account counts from the age on in which it became a customer. Presence measures look at what
 * happened within an age: an order, a day of use. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "cohort/ages.h"
#include "cohort/book.h"
#include "cohort/groups/groups.h"

enum { TRIANGLE_CELLS_MAX = 1 << 20, BRACKETS_MAX = 16 };

/* Which ages count as one column. */
typedef enum retention_kind {
    RETENTION_EXACTLY,  /* in age N */
    RETENTION_OR_LATER, /* in age N or any later one up to the as-of date */
    RETENTION_BRACKET   /* in any age from one edge to before the next */
} retention_kind;

typedef enum presence_of {
    PRESENCE_ARR, /* ARR above 0 at the end of the age */
    PRESENCE_ORDERS,
    PRESENCE_USAGE /* of columns that begin before the month in which any usage is known: nothing */
} presence_of;

/* What triangles are made from. Books hold nothing after their day, which is clock.as_of or later.
 */
typedef struct triangle_input {
    const groups *groups;
    const day *origin;   /* by account; DAY_MISSING only where the group is none */
    const arr_book *arr; /* of seats where these are followed (seats.h) */
    const order_book *orders;
    const usage_book *usage; /* NULL unless usage is asked for */
    age_clock clock;
    presence_of presence; /* of triangle_presence() */
    retention_kind kind;
    bool units; /* amounts of presence in orders are units, in thousandths, not orders */
    int brackets[BRACKETS_MAX]; /* ascending first ages; the last one is open */
    size_t n_brackets;
} triangle_input;

typedef enum triangle_time {
    TRIANGLE_AHEAD,   /* no account has begun the age, or none was seen in it */
    TRIANGLE_RUNNING, /* accounts have begun it, none has completed it */
    TRIANGLE_OVER
} triangle_time;

/* Of the accounts that completed the age; of those in the midst of it, as of the as-of date, where
 * none has. Money in minor units. */
typedef struct triangle_sums {
    triangle_time time;
    int64_t accounts; /* customers by the end of the age */
    int64_t active;   /* with ARR at its end; present in it */
    int64_t base;     /* new-business ARR; orders (or units) in age 0 */
    int64_t amount;   /* ARR at the end; orders (or units) in the age */
    int64_t kept;     /* sum of the lower of ARR and base */
    int64_t revenue;  /* since the start: ARR earned over time, or amounts of orders */
    /* Of those active at the end of the age before (in age 0: of all). */
    int64_t before, before_amount;
    int64_t stayed;        /* of them, active now too */
    int64_t stayed_amount; /* theirs now */
    int64_t stayed_kept;   /* sum of the lower of theirs now and before */
} triangle_sums;

/* Adds all sums of b to a; leaves `time`. */
void triangle_sums_add(triangle_sums *a, const triangle_sums *b);

typedef struct triangle {
    size_t n_groups, n_ages;
    triangle_sums *cells; /* [group][age]; with brackets, age is the bracket */
} triangle;

/* Ages that any account has begun (brackets likewise). */
size_t triangle_ages(const triangle_input *in);

/* Logos, NRR, GRR and revenue from ARR, one pass over the book; whole-number sums, so the same for
 * any number of threads. Allocated in `a`. STRATA_E_DATA for more cells than
 * TRIANGLE_CELLS_MAX (a date far off), STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status triangle_arr(const context *cx, arena *a, const triangle_input *in,
                                             triangle **out, strata_error *err);
/* Presence of any kind; of orders also their number and amounts. Errors as above. */
STRATA_MUST_CHECK strata_status triangle_presence(const context *cx, arena *a,
                                                  const triangle_input *in, triangle **out,
                                                  strata_error *err);

/* An account of a cell and what it adds to it. */
typedef struct triangle_member {
    size_t account;
    triangle_sums sums; /* accounts = 1 */
    day since; /* last change of ARR, last order, last day of use up to the end of the cell;
                  DAY_MISSING: none */
} triangle_member;
typedef struct triangle_members {
    triangle_member *items; /* ascending by account */
    size_t n;
} triangle_members;

typedef struct cell_place {
    bool by_arr;            /* sums as of triangle_arr(), else of triangle_presence() */
    size_t group, n_groups; /* of groups group .. group + n_groups - 1 */
    size_t age;             /* or bracket */
    triangle_time time;     /* TRIANGLE_OVER: who completed it; TRIANGLE_RUNNING: who is in it */
} cell_place;

/* The accounts whose sums make the cell. Allocated in `a`. */
STRATA_MUST_CHECK strata_status triangle_list(arena *a, const triangle_input *in, cell_place place,
                                              triangle_members *out, strata_error *err);
/* The first day of the month in which usage begins; DAY_MISSING: presence is not of usage. */
day triangle_seen_from(const triangle_input *in);
/* The last column that the account has begun; negative: none. */
int triangle_begun(const triangle_input *in, day origin);
/* The first column that the account was seen in from its first day on. */
int triangle_seen(const triangle_input *in, day origin);
/* The last day that counts for an account in a column, not after the as-of date. */
day triangle_end(const triangle_input *in, day origin, size_t age);

#endif
