/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/ages.h"

/* 30.4375 = 487 / 16 */
enum { MONTH_NUMERATOR = 487, MONTH_DENOMINATOR = 16, MONTHS_PER_YEAR = 12 };

int age_on(const age_clock *c, day origin, day d)
{
    if (!c->by_days) {
        return calendar_period(c->calendar, d) - calendar_period(c->calendar, origin);
    }
    int64_t since = (int64_t)d - origin;
    return since < 0 ? -1 : (int)(since * MONTH_DENOMINATOR / MONTH_NUMERATOR);
}

day age_start(const age_clock *c, day origin, int age)
{
    if (!c->by_days) {
        return calendar_start(c->calendar, calendar_period(c->calendar, origin) + age);
    }
    int64_t days = ((int64_t)age * MONTH_NUMERATOR + MONTH_DENOMINATOR - 1) / MONTH_DENOMINATOR;
    return origin + (day)days;
}

day age_end(const age_clock *c, day origin, int age)
{
    return age_start(c, origin, age + 1) - 1;
}

int age_begun(const age_clock *c, day origin)
{
    return age_on(c, origin, c->as_of);
}

int age_complete(const age_clock *c, day origin)
{
    int next = age_on(c, origin, c->as_of + 1); /* the age of the day after: not over */
    return next < 0 ? -1 : next - 1;
}

const char *age_unit(const age_clock *c)
{
    return c->by_days ? "month of 30.4 days" : period_unit_name(c->calendar.unit);
}

int64_t age_time_per_year(const age_clock *c)
{
    return c->by_days ? 1461 : (int64_t)MONTHS_PER_YEAR * AGE_MONTH_UNITS;
}

/* From the start of year 0 to the start of a day. */
static int64_t month_time(day d)
{
    civil at = day_to_civil(d);
    return (int64_t)AGE_MONTH_UNITS * day_month_index(d) +
           (int64_t)(at.day - 1) * (AGE_MONTH_UNITS / days_in_month(at.year, at.month));
}

int64_t age_time(const age_clock *c, day origin, day d)
{
    day start = age_start(c, origin, 0);
    if (d <= start) {
        return 0;
    }
    return c->by_days ? (int64_t)AGE_DAY_UNITS * (d - start) : month_time(d) - month_time(start);
}
