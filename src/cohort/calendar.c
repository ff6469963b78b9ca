/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/calendar.h"

#include <stdio.h>
#include <string.h>

enum { MONTHS = 12 };

static const int unit_months[] = {[PERIOD_MONTH] = 1, [PERIOD_QUARTER] = 3, [PERIOD_YEAR] = MONTHS};
static const char *const unit_names[] = {
    [PERIOD_MONTH] = "month", [PERIOD_QUARTER] = "quarter", [PERIOD_YEAR] = "year"};

/* Months that the year's start is moved by; months themselves never move. */
static int shift_of(calendar c)
{
    return c.unit == PERIOD_MONTH ? 0 : c.year_starts - 1;
}

static day month_start(int month_index)
{
    return day_from_civil(month_index / MONTHS, month_index % MONTHS + 1, 1);
}

int calendar_period(calendar c, day d)
{
    return (day_month_index(d) - shift_of(c)) / unit_months[c.unit];
}

day calendar_start(calendar c, int period)
{
    return month_start(period * unit_months[c.unit] + shift_of(c));
}

day calendar_end(calendar c, int period)
{
    return calendar_start(c, period + 1) - 1;
}

void calendar_label(calendar c, int period, char out[PERIOD_TEXT])
{
    bool fiscal = shift_of(c) > 0;
    const char *mark = fiscal ? "FY" : "";
    int per_year = MONTHS / unit_months[c.unit];
    int year = period / per_year + (fiscal ? 1 : 0);
    int part = period % per_year + 1;
    if (c.unit == PERIOD_MONTH) {
        (void)snprintf(out, PERIOD_TEXT, "%04d-%02d", year, part);
    } else if (c.unit == PERIOD_QUARTER) {
        (void)snprintf(out, PERIOD_TEXT, "%s%04d-Q%d", mark, year, part);
    } else {
        (void)snprintf(out, PERIOD_TEXT, "%s%04d", mark, year);
    }
}

/* Exactly n digits. */
static bool take_digits(const char **at, int n, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++, (*at)++) {
        if (**at < '0' || **at > '9') {
            return false;
        }
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

bool calendar_parse(calendar c, const char *text, int *period)
{
    const char *at = strncmp(text, "FY", 2) == 0 ? text + 2 : text;
    int per_year = MONTHS / unit_months[c.unit];
    int year = 0;
    int part = 1;
    bool ok = take_digits(&at, 4, &year) && year > 0;
    if (ok && c.unit == PERIOD_MONTH) {
        ok = at == text + 4 && *at++ == '-' && take_digits(&at, 2, &part);
    } else if (ok && c.unit == PERIOD_QUARTER) {
        ok = *at++ == '-' && *at++ == 'Q' && take_digits(&at, 1, &part);
    }
    if (!ok || *at != '\0' || part < 1 || part > per_year) {
        return false;
    }
    *period = (year - (shift_of(c) > 0 ? 1 : 0)) * per_year + part - 1;
    return true;
}

day calendar_step(day d, int months)
{
    day to = day_add_months(d, months);
    return d == day_month_end(d) ? day_month_end(to) : to;
}

const char *period_unit_name(period_unit unit)
{
    return unit_names[unit];
}

bool period_unit_parse(const char *text, period_unit *out)
{
    for (size_t i = 0; i < sizeof unit_names / sizeof unit_names[0]; i++) {
        if (strcmp(text, unit_names[i]) == 0) {
            *out = (period_unit)i;
            return true;
        }
    }
    return false;
}
