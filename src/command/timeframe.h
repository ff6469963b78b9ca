/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_TIMEFRAME_H
#define STRATA_COMMAND_TIMEFRAME_H

/* "90d", "12m", "2026-Q1", "2026-03", "2025": the time that a table looks back over. */

#include <stdbool.h>

#include "base/day.h"

typedef struct timeframe {
    enum { TIMEFRAME_DAYS, TIMEFRAME_MONTHS, TIMEFRAME_PERIOD } kind;
    int n;         /* days or months back from the as-of date */
    day from, end; /* of a period: the day before it begins, so that its first day counts; its last
                      day */
} timeframe;

/* false when the text is none. */
bool timeframe_parse(const char *text, timeframe *out);
/* The day to compare with, for an as-of date. */
day timeframe_since(const timeframe *t, day as_of);

#endif
