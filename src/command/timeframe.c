/* SPDX-License-Identifier: Apache-2.0 */
#include "command/timeframe.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { LENGTH_MAX = 3650 };

/* Digits at the start of the text as a number; -1 without any, or beyond four. */
static int number_at(const char *text, size_t *len)
{
    int n = 0;
    size_t i = 0;
    for (; isdigit((unsigned char)text[i]) != 0 && i < 5; i++) {
        n = n * 10 + (text[i] - '0');
    }
    *len = i;
    return i == 0 || i > 4 ? -1 : n;
}

static bool parse_length(const char *text, timeframe *out)
{
    size_t len = 0;
    int n = number_at(text, &len);
    if (n < 1 || n > LENGTH_MAX || strlen(text) != len + 1) {
        return false;
    }
    switch (text[len]) {
    case 'd':
        *out = (timeframe){.kind = TIMEFRAME_DAYS, .n = n};
        return true;
    case 'w':
        *out = (timeframe){.kind = TIMEFRAME_DAYS, .n = n * 7};
        return true;
    case 'm':
        *out = (timeframe){.kind = TIMEFRAME_MONTHS, .n = n};
        return true;
    case 'y':
        *out = (timeframe){.kind = TIMEFRAME_MONTHS, .n = n * 12};
        return true;
    default:
        return false;
    }
}

/* Months first .. first + n - 1 of a year. */
static timeframe months_of(int year, int first, int n)
{
    day start = day_from_civil(year, first, 1);
    return (timeframe){
        .kind = TIMEFRAME_PERIOD, .from = start - 1, .end = day_add_months(start, n) - 1};
}

bool timeframe_parse(const char *text, timeframe *out)
{
    size_t len = 0;
    if (parse_length(text, out)) {
        return true;
    }
    int year = number_at(text, &len);
    const char *rest = text + len;
    if (len != 4 || year < 1900) {
        return false;
    }
    if (*rest == '\0') {
        *out = months_of(year, 1, 12);
        return true;
    }
    if (*rest != '-') {
        return false;
    }
    if ((rest[1] == 'Q' || rest[1] == 'q') && rest[2] >= '1' && rest[2] <= '4' && rest[3] == '\0') {
        *out = months_of(year, (rest[2] - '1') * 3 + 1, 3);
        return true;
    }
    int month = number_at(rest + 1, &len);
    if (len != 2 || rest[3] != '\0' || month < 1 || month > 12) {
        return false;
    }
    *out = months_of(year, month, 1);
    return true;
}

day timeframe_since(const timeframe *t, day as_of)
{
    switch (t->kind) {
    case TIMEFRAME_DAYS:
        return as_of - t->n;
    case TIMEFRAME_MONTHS:
        return day_add_months(as_of, -t->n);
    case TIMEFRAME_PERIOD:
        break;
    }
    return t->from;
}
