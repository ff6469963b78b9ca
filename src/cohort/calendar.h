/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_CALENDAR_H
#define STRATA_COHORT_CALENDAR_H

/* Months, quarters and years, of the calendar or of a fiscal year. A period is
 * a whole number; consecutive periods have consecutive numbers. Pure. */

#include <stdbool.h>
#include <stddef.h>

#include "base/day.h"

typedef enum period_unit { PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR } period_unit;

typedef struct calendar {
    period_unit unit;
    int year_starts; /* month in which the (fiscal) year starts, 1..12; 1: the calendar year */
} calendar;

enum { PERIOD_TEXT = 16 };

int calendar_period(calendar c, day d);     /* the period that day d is in */
day calendar_start(calendar c, int period); /* its first day */
day calendar_end(calendar c, int period);   /* its last day */

/* "2025-03", "2025-Q1", "2025"; with a fiscal year "FY2026-Q1", "FY2026", named after the calendar
 * year that it ends in. Months are calendar months always. */
void calendar_label(calendar c, int period, char out[PERIOD_TEXT]);
/* Reads such a label of `c`, with or without the FY; false when it is none. */
bool calendar_parse(calendar c, const char *text, int *period);

/* n months from d on the same day of the month, or on the last day when d is the last of its own:
 * months counted from 30 June end on 31 July, 31 August, 30 September. */
day calendar_step(day d, int months);

const char *period_unit_name(period_unit unit); /* "month" */
bool period_unit_parse(const char *text, period_unit *out);

#endif
