/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_DAY_H
#define STRATA_BASE_DAY_H

/* The calendar: a day is the number of days since 1970-01-01 (proleptic
 * Gregorian), in the portfolio's time zone. No clock, no time zones in here. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t day;

enum { DAY_TEXT = 11 }; /* bytes of "2026-06-30" with its NUL */

#define DAY_MISSING INT32_MIN
/* Mean lengths (Gregorian), for ages and durations that are no calendar months. */
#define DAYS_PER_MONTH 30.4375
#define DAYS_PER_YEAR 365.25
#define DAY_MIN (-719162) /* 0001-01-01 */
#define DAY_MAX 2932896   /* 9999-12-31 */

typedef struct civil {
    int year, month, day; /* month 1..12, day 1..31 */
} civil;

day day_from_civil(int year, int month, int dom); /* the parts must be valid */
civil day_to_civil(day d);
bool civil_is_valid(int year, int month, int dom);
int days_in_month(int year, int month);

/* Reads exactly "YYYY-MM-DD"; false when it is anything else. */
bool day_parse_iso(const char *text, size_t len, day *out);
/* Writes "YYYY-MM-DD" for days between DAY_MIN and DAY_MAX, "" otherwise. */
void day_format(day d, char out[DAY_TEXT]);
/* "14 March 2026", for prose; "" outside that range; buffer of at least 20 bytes. */
void day_format_long(day d, char *out, size_t cap);

/* Same day of the month n months away, clamped to the month's end (31 Jan + 1 = 28/29 Feb). */
day day_add_months(day d, int n);
day day_month_start(day d);
day day_month_end(day d);   /* the last day of d's month */
int day_weekday(day d);     /* 0 Monday .. 6 Sunday */
day day_monday_from(day d); /* d, or the first Monday after it */
bool day_is_weekend(day d);
day day_working_from(day d); /* d, or the Monday behind the weekend that it lies on */
/* Months since year 0, so that differences count calendar months. */
int day_month_index(day d);

#endif
