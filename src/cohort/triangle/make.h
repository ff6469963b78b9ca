/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_TRIANGLE_MAKE_H
#define STRATA_COHORT_TRIANGLE_MAKE_H

/* Inside the triangles: what both passes share. */

#include "base/auto.h"
#include "cohort/triangle/triangle.h"

/* Money times time needs more than 64 bits. */
__extension__ typedef __int128 wide;

/* Empty cells; checks their number. */
STRATA_MUST_CHECK strata_status triangle_new(arena *a, const triangle_input *in, triangle **out,
                                             strata_error *err);

/* Accounts in even tasks: n * task / tasks and on. */
enum { TRIANGLE_TASK_ACCOUNTS = 64, TRIANGLE_TASKS_MAX = 8 };
static inline size_t triangle_tasks(size_t n_accounts)
{
    size_t n = n_accounts / TRIANGLE_TASK_ACCOUNTS + 1;
    return n < TRIANGLE_TASKS_MAX ? n : TRIANGLE_TASKS_MAX;
}

/* Groups are start periods and ages periods of the same calendar: all of a group are of one age. */
bool triangle_clock_shared(const triangle_input *in);

/* What of a level is kept by another: never more than there was. */
static inline int64_t lower(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The first day that an account of a group starts on, or, where groups share a clock, the first
 * period; DAY_MAX: nobody starts. */
day triangle_first_origin(const triangle_input *in);

/* ARR times units of time as money, rounded to the nearest minor unit, halves away from 0. */
int64_t triangle_money(const age_clock *c, wide earned);

/* In the bracket that an age lies in; -1: before the first. */
int triangle_bracket(const triangle_input *in, int age);
/* Columns that the account has completed: the last one's number; -1: none. */
int triangle_complete(const triangle_input *in, day origin);

/* One account by age: what happened in it, or how it stood at its end; with brackets `on` is by
 * bracket. */
typedef struct life {
    uint8_t *on;
    int64_t *amount;  /* orders in the age */
    int64_t *revenue; /* amounts since the start */
} life;
STRATA_MUST_CHECK strata_status life_new(life *l, size_t n_ages, strata_error *err);
void life_done(life *l);
/* Fills the account's ages up to the one begun, which must not be negative. */
void life_live(const triangle_input *in, size_t account, life *l);
/* What the account adds to a column. */
void life_column(const life *l, size_t k, triangle_sums *out);
/* The first column by whose end the account counts; INT32_MAX: none. */
int triangle_entered(const triangle_input *in, size_t account);

#endif
