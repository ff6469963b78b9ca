/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "source/text/value.h"

/* A reader's place in a cell. */
typedef struct cursor {
    const char *p, *end;
} cursor;

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads a run of digits; the number of them, 0 when there are none or more than 9. */
static int take_digits(cursor *c, int *out)
{
    int n = 0;
    int v = 0;
    while (c->p < c->end && digit(*c->p) && n < 10) {
        v = n < 9 ? v * 10 + (*c->p - '0') : v;
        c->p++;
        n++;
    }
    *out = v;
    return n > 9 ? 0 : n;
}

static bool take(cursor *c, char ch)
{
    if (c->p < c->end && *c->p == ch) {
        c->p++;
        return true;
    }
    return false;
}

static void skip_spaces(cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == ',')) {
        c->p++;
    }
}

static bool take_word(cursor *c, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(c->end - c->p) >= n && strncasecmp(c->p, word, n) == 0) {
        c->p += n;
        return true;
    }
    return false;
}

/* "Mar", "March", "Sept."; month 1..12 or 0. */
static int take_month(cursor *c)
{
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    size_t n = 0;
    while (c->p + n < c->end && ((c->p[n] | 32) >= 'a' && (c->p[n] | 32) <= 'z')) {
        n++;
    }
    for (int m = 0; m < 12; m++) {
        bool sept = m == 8 && n == 4;
        if ((n == 3 || sept || n == strlen(months[m])) && strncasecmp(c->p, months[m], n) == 0) {
            c->p += n;
            (void)take(c, '.');
            return m + 1;
        }
    }
    return 0;
}

/* A time of day and an offset, as they stand behind a date. */
typedef struct clock {
    int64_t seconds; /* since midnight */
    bool zoned;
    int64_t offset; /* seconds east of UTC */
} clock_time;

static bool take_hours(cursor *c, clock_time *t)
{
    int h;
    int m = 0;
    int s = 0;
    if (take_digits(c, &h) == 0 || !take(c, ':') || take_digits(c, &m) == 0) {
        return false;
    }
    if (take(c, ':')) {
        if (take_digits(c, &s) == 0) {
            return false;
        }
        if (c->p < c->end && (*c->p == '.' || *c->p == ',')) {
            c->p++;
            while (c->p < c->end && digit(*c->p)) {
                c->p++;
            }
        }
    }
    while (c->p < c->end && *c->p == ' ') {
        c->p++;
    }
    bool pm = take_word(c, "pm") || take_word(c, "p.m.");
    if ((pm || take_word(c, "am") || take_word(c, "a.m.")) && h >= 1 && h <= 12) {
        h = h % 12 + (pm ? 12 : 0);
    }
    if (h > 23 || m > 59 || s > 60) {
        return false;
    }
    t->seconds = (int64_t)h * 3600 + (int64_t)m * 60 + s;
    return true;
}

static bool take_offset(cursor *c, clock_time *t)
{
    skip_spaces(c);
    if (c->p == c->end) {
        return true;
    }
    if (take_word(c, "Z") || take_word(c, "UTC") || take_word(c, "GMT")) {
        t->zoned = true;
        if (c->p == c->end) {
            return true;
        }
    }
    char sign = *c->p;
    int h;
    int m = 0;
    if (sign != '+' && sign != '-') {
        return false;
    }
    c->p++;
    int n = take_digits(c, &h);
    if (n == 4) {
        m = h % 100;
        h /= 100;
    } else if (n != 2 || (take(c, ':') && take_digits(c, &m) != 2)) {
        return false;
    }
    if (h > 15 || m > 59 || c->p != c->end) {
        return false;
    }
    t->zoned = true;
    t->offset = ((int64_t)h * 3600 + (int64_t)m * 60) * (sign == '-' ? -1 : 1);
    return true;
}

/* What follows the date: nothing, or a time of day. Yields the day it was in the portfolio's zone.
 */
static cell_status finish_day(cursor *c, day d, const value_style *style, day *out,
                              const char **why)
{
    if (c->p == c->end) {
        *out = d;
        return CELL_OK;
    }
    clock_time t = {0};
    if (*c->p == 'T' || *c->p == 't') {
        c->p++;
    } else {
        skip_spaces(c);
    }
    if (!take_hours(c, &t) || !take_offset(c, &t)) {
        *why = "not a date";
        return CELL_BAD;
    }
    *out = t.zoned ? zone_day(style->zone, (int64_t)d * 86400 + t.seconds - t.offset) : d;
    return CELL_OK;
}

static int full_year(int y, int digits)
{
    return digits > 2 ? y : y < 69 ? 2000 + y : 1900 + y;
}

static cell_status checked(cursor *c, int y, int m, int d, const value_style *style, day *out,
                           const char **why)
{
    if (!civil_is_valid(y, m, d)) {
        *why = "no such day in the calendar";
        return CELL_BAD;
    }
    return finish_day(c, day_from_civil(y, m, d), style, out, why);
}

/* a/b/y */
typedef struct short_date {
    int a, b, y;
} short_date;

/* Which of a and b is the day? */
static cell_status two_orders(cursor *c, short_date given, const value_style *style,
                              unsigned *evidence, day *out, const char **why)
{
    int a = given.a;
    int b = given.b;
    int y = given.y;
    bool day_first = civil_is_valid(y, b, a);
    bool month_first = civil_is_valid(y, a, b);
    if (day_first && month_first && a != b) {
        if (style->order == DATE_UNSETTLED) {
            *evidence |= SEEN_AMBIGUOUS_DATE;
            *why = "could be day/month or month/day: set `date_format`";
            return CELL_BAD;
        }
        day_first = style->order == DATE_DAY_FIRST;
    } else if (a != b) {
        *evidence |= day_first ? SEEN_DAY_FIRST : month_first ? SEEN_MONTH_FIRST : 0U;
    }
    return day_first ? checked(c, y, b, a, style, out, why) : checked(c, y, a, b, style, out, why);
}

/* 20260331, or seconds or milliseconds since 1970. */
static cell_status digits_only(const char *text, size_t len, const value_style *style, day *out,
                               const char **why)
{
    int64_t v = 0;
    for (size_t i = 0; i < len; i++) {
        v = v * 10 + (text[i] - '0');
    }
    if (len == 8) {
        cursor c = {text + len, text + len};
        return checked(&c, (int)(v / 10000), (int)(v / 100 % 100), (int)(v % 100), style, out, why);
    }
    if (len == 10 || len == 13) {
        *out = zone_day(style->zone, len == 10 ? v : v / 1000);
        return CELL_OK;
    }
    *why = "not a date";
    return CELL_BAD;
}

/* 14 Mar 2026, 14-Mar-26 (day already read), or Mar 14, 2026 (when `d` is 0). */
static cell_status with_month_name(cursor *c, int d, const value_style *style, day *out,
                                   const char **why)
{
    int m = take_month(c);
    int y;
    *why = "not a date";
    if (m == 0) {
        return CELL_BAD;
    }
    bool dash = take(c, '-');
    skip_spaces(c);
    if (d == 0) {
        if (take_digits(c, &d) == 0) {
            return CELL_BAD;
        }
        skip_spaces(c);
    }
    int n = take_digits(c, &y);
    if (n != 4 && !(n == 2 && dash)) {
        return CELL_BAD;
    }
    return checked(c, full_year(y, n), m, d, style, out, why);
}

static cell_status any_day(const char *text, size_t len, const value_style *style,
                           unsigned *evidence, day *out, const char **why)
{
    cursor c = {text, text + len};
    int a;
    int b;
    int y;
    size_t run = 0;
    while (run < len && digit(text[run])) {
        run++;
    }
    if (run == len && len <= 13) {
        return digits_only(text, len, style, out, why);
    }
    *why = "not a date";
    if (run == 0) {
        return with_month_name(&c, 0, style, out, why);
    }
    int na = take_digits(&c, &a);
    char sep = *c.p;
    if (sep == ' ' || (sep == '-' && c.p + 1 < c.end && !digit(c.p[1]))) {
        c.p++;
        return na <= 2 && na > 0 ? with_month_name(&c, a, style, out, why) : CELL_BAD;
    }
    if ((sep != '/' && sep != '-' && sep != '.') || !take(&c, sep)) {
        return CELL_BAD;
    }
    int nb = take_digits(&c, &b);
    if (nb == 0 || nb > 2 || !take(&c, sep)) {
        return CELL_BAD;
    }
    int ny = take_digits(&c, &y);
    if (na == 4 && (ny == 1 || ny == 2)) {
        return checked(&c, a, b, y, style, out, why);
    }
    if (na < 1 || na > 2 || (ny != 4 && ny != 2)) {
        return CELL_BAD;
    }
    y = full_year(y, ny);
    if (sep == '.') { /* nobody writes the month first with dots */
        return checked(&c, y, b, a, style, out, why);
    }
    return two_orders(&c, (short_date){a, b, y}, style, evidence, out, why);
}

cell_status value_day(const char *text, size_t len, const value_style *style, unsigned *evidence,
                      day *out, const char **why)
{
    if (len == 10 && day_parse_iso(text, len, out)) {
        return CELL_OK;
    }
    value_trim(&text, &len);
    if (value_is_empty(text, len)) {
        return CELL_EMPTY;
    }
    if (len > 10 && day_parse_iso(text, 10, out)) {
        cursor c = {text + 10, text + len};
        return finish_day(&c, *out, style, out, why);
    }
    return any_day(text, len, style, evidence, out, why);
}
