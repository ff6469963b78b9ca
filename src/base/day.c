/* SPDX-License-Identifier: Apache-2.0 */
#include "base/day.h"

#include <stdio.h>
#include <string.h>

int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

bool civil_is_valid(int year, int month, int dom)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && dom >= 1 &&
           dom <= days_in_month(year, month);
}

/* Both directions after Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms": years start in March, so the leap day is the year's last. */
day day_from_civil(int year, int month, int dom)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dom - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

civil day_to_civil(day d)
{
    int z = d + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;
    return (civil){.year = yoe + era * 400 + (month <= 2),
                   .month = month,
                   .day = doy - (153 * mp + 2) / 5 + 1};
}

static bool digits(const char *text, size_t n, int *out)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    *out = value;
    return true;
}

bool day_parse_iso(const char *text, size_t len, day *out)
{
    int y;
    int m;
    int d;
    if (len != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &y) ||
        !digits(text + 5, 2, &m) || !digits(text + 8, 2, &d) || !civil_is_valid(y, m, d)) {
        return false;
    }
    *out = day_from_civil(y, m, d);
    return true;
}

void day_format(day d, char out[DAY_TEXT])
{
    if (d < DAY_MIN || d > DAY_MAX) {
        out[0] = '\0';
        return;
    }
    civil c = day_to_civil(d);
    int parts[] = {c.year / 100, c.year % 100, c.month, c.day};
    static const char pattern[DAY_TEXT] = "0000-00-00";
    static const size_t at[] = {0, 2, 5, 8};
    memcpy(out, pattern, DAY_TEXT);
    for (size_t i = 0; i < 4; i++) {
        out[at[i]] = (char)('0' + parts[i] / 10);
        out[at[i] + 1] = (char)('0' + parts[i] % 10);
    }
}

void day_format_long(day d, char *out, size_t cap)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    if (d < DAY_MIN || d > DAY_MAX) {
        (void)snprintf(out, cap, "%s", "");
        return;
    }
    civil c = day_to_civil(d);
    (void)snprintf(out, cap, "%d %s %d", c.day, months[c.month - 1], c.year);
}

day day_add_months(day d, int n)
{
    civil c = day_to_civil(d);
    int months = c.year * 12 + (c.month - 1) + n;
    int year = months >= 0 ? months / 12 : (months - 11) / 12;
    int month = months - year * 12 + 1;
    int last = days_in_month(year, month);
    return day_from_civil(year, month, c.day < last ? c.day : last);
}

day day_month_start(day d)
{
    return d - (day_to_civil(d).day - 1);
}

day day_month_end(day d)
{
    civil c = day_to_civil(d);
    return d + days_in_month(c.year, c.month) - c.day;
}

int day_weekday(day d)
{
    int w = (d + 3) % 7; /* 1970-01-01 was a Thursday */
    return w < 0 ? w + 7 : w;
}

day day_monday_from(day d)
{
    enum { WEEK = 7 };
    return d + (WEEK - day_weekday(d)) % WEEK;
}

bool day_is_weekend(day d)
{
    enum { SATURDAY = 5 };
    return day_weekday(d) >= SATURDAY;
}

day day_working_from(day d)
{
    return day_is_weekend(d) ? day_monday_from(d) : d;
}

int day_month_index(day d)
{
    civil c = day_to_civil(d);
    return c.year * 12 + c.month - 1;
}
