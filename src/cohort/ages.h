/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_AGES_H
#define STRATA_COHORT_AGES_H

/* How old an account is on a day, and what time was paid for until then.
 *
 * In calendar ages, age 0 is the month, quarter or year that the account starts in, age 1 the
 * next. In ages by days, age k runs from k * 30.4375 days after the start, rounded up, to the day
 * before age k + 1. Pure. */

#include <stdbool.h>
#include <stdint.h>

#include "cohort/calendar.h"

typedef struct age_clock {
    bool by_days; /* else by periods of `calendar` */
    calendar calendar;
    day as_of; /* nothing after it is known */
} age_clock;

/* Negative before the start. */
int age_on(const age_clock *c, day origin, day d);
day age_start(const age_clock *c, day origin, int age);
day age_end(const age_clock *c, day origin, int age); /* the last day */
/* The age on the as-of day; negative when the account starts later. */
int age_begun(const age_clock *c, day origin);
/* The last age that is over by the end of the as-of day; -1: none. */
int age_complete(const age_clock *c, day origin);
/* "month", "month of 30.4 days", "quarter" */
const char *age_unit(const age_clock *c);

/* Time that ARR is earned over, in units that make every sum a whole number: a calendar month is a
 * twelfth of a year, a day of it the month's share of days; by days, a day is 1 of 365.25. ARR x
 * units / age_time_per_year() is revenue. */
enum {
    AGE_MONTH_UNITS = 377580, /* the least number that 28, 29, 30 and 31 divide */
    AGE_DAY_UNITS = 4
};
int64_t age_time_per_year(const age_clock *c);
/* From the start of age 0 to the start of day d; 0 before that. */
int64_t age_time(const age_clock *c, day origin, day d);

#endif
