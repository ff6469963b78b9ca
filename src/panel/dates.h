/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_DATES_H
#define STRATA_PANEL_DATES_H

/* The as-of dates of a sweep, and "which is the first date on or after this
 * day" in constant time. */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/day.h"

enum { SWEEP_DATES_MAX = 65000 };

typedef struct date_table {
    const day *days; /* n, ascending; shifted ones may repeat */
    size_t n;
    const uint16_t *from; /* for days first .. first + span + 1 */
    day first, span;
} date_table;

/* Number of the first date that is not before d; n when all are. */
static inline size_t date_from(const date_table *t, day d)
{
    day x = d - t->first;
    x = x < 0 ? 0 : x;
    x = x > t->span ? t->span + 1 : x;
    return t->from[x];
}

/* The dates themselves, and the days some months before each. */
typedef enum date_shift { SHIFT_NONE, SHIFT_3M, SHIFT_12M, SHIFT_COUNT } date_shift;

typedef struct sweep_dates {
    date_table tables[SHIFT_COUNT];
    day *days;      /* owns the tables' days */
    uint16_t *from; /* owns the tables' numbers */
} sweep_dates;

/* The same day n months before; of a month's last day, the last day of that month. */
day months_before(day d, int n);

/* Copies `days`. STRATA_E_USAGE when there are none or too many, or they do not ascend. */
STRATA_MUST_CHECK strata_status sweep_dates_new(const day *days, size_t n, sweep_dates *out,
                                                strata_error *err);
void sweep_dates_done(sweep_dates *d);

#endif
