/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_VALUE_H
#define STRATA_SOURCE_TEXT_VALUE_H

/* What a cell of an export means: dates and timestamps in several notations,
 * numbers with signs, currencies and separators, yes and no. Nothing is guessed
 * silently: a value that can be read in two ways is refused unless the rest of
 * its column, or the model file, settles it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "source/text/zone.h"

typedef enum cell_status {
    CELL_OK,
    CELL_EMPTY, /* nothing there: "", spaces, NULL, N/A; missing, never zero */
    CELL_BAD    /* *why says what is wrong */
} cell_status;

/* What the values of a column have shown so far. */
enum {
    SEEN_DAY_FIRST = 1,      /* "31/12/2026": only day first makes sense */
    SEEN_MONTH_FIRST = 2,    /* "12/31/2026" */
    SEEN_AMBIGUOUS_DATE = 4, /* "03/04/2026", not settled */
    SEEN_DECIMAL_DOT = 8,    /* "1,234.50", "12.5" */
    SEEN_DECIMAL_COMMA = 16, /* "1.234,50", "12,5" */
    SEEN_UNSURE_NUMBER = 32  /* "1,234", "1.234" */
};

typedef enum date_order { DATE_UNSETTLED, DATE_DAY_FIRST, DATE_MONTH_FIRST } date_order;
typedef enum decimal_mark {
    DECIMAL_UNSETTLED, /* read as dot; evidence is kept */
    DECIMAL_DOT,
    DECIMAL_COMMA,
    DECIMAL_MIXED /* the column has both: a value that fits both is refused */
} decimal_mark;

/* How one column is read. */
typedef struct value_style {
    date_order order;
    decimal_mark decimal;
    const time_zone *zone; /* where timestamps with an offset belong; NULL: UTC */
} value_style;

/* "d/m/y", "dd.mm.yyyy", "%m/%d/%Y": which of day and month comes first; false
 * when the text has not both. Year-first patterns need no settling and are DATE_UNSETTLED. */
bool value_order_of(const char *date_format, date_order *out);

/* The style that evidence calls for, and whether values read in `now` must be read again. */
bool value_settle(unsigned evidence, const value_style *now, value_style *out);

/* ISO dates and timestamps, 20260331, 31/12/2026, 12/31/2026, 31.12.2026, 14 Mar 2026, Mar 14,
 * 2026, seconds or milliseconds since 1970; two-digit years 69..99 are 19xx, 00..68 are 20xx. A
 * time without an offset is in the portfolio's zone; one with an offset is moved there. `evidence`
 * gathers SEEN_ bits. */
cell_status value_day(const char *text, size_t len, const value_style *style, unsigned *evidence,
                      day *out, const char **why);
/* 1234.5, 1,234.50, 1.234,50, 1'234.50, $12, 12 EUR, (12), -12, 12-, 12% (0.12), 1e6. Finite only.
 */
cell_status value_number(const char *text, size_t len, const value_style *style, unsigned *evidence,
                         double *out, const char **why);
/* true false yes no y n t f 1 0 x, in any case. */
cell_status value_bool(const char *text, size_t len, bool *out, const char **why);

/* Spaces (also no-break ones) removed from both ends. */
void value_trim(const char **text, size_t *len);
/* Nothing, or one of the words exports write for nothing. The text is trimmed. */
bool value_is_empty(const char *text, size_t len);

#endif
