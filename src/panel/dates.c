/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/dates.h"

#include <stdlib.h>

#include "base/auto.h"

static const int shift_months[SHIFT_COUNT] = {[SHIFT_3M] = 3, [SHIFT_12M] = 12};

day months_before(day d, int n)
{
    day then = day_add_months(d, -n);
    return d == day_month_end(d) ? day_month_end(then) : then;
}

static strata_status check_dates(const day *days, size_t n, strata_error *err)
{
    if (n == 0 || n > SWEEP_DATES_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu as-of dates: ask for 1 to %d", n,
                           SWEEP_DATES_MAX);
    }
    for (size_t j = 0; j < n; j++) {
        char text[DAY_TEXT];
        day_format(days[j], text);
        /* Two years of room on both sides keep every window inside the calendar. */
        if (days[j] < DAY_MIN + 731 || days[j] > DAY_MAX - 731) {
            return strata_fail(err, STRATA_E_USAGE,
                               "as-of date %s is outside the calendar: use one from 0003 to 9997",
                               text);
        }
        if (j > 0 && days[j] <= days[j - 1]) {
            return strata_fail(err, STRATA_E_USAGE,
                               "as-of date %s does not come after the one before it: sort the "
                               "dates and drop repeated ones",
                               text);
        }
    }
    return STRATA_OK;
}

/* Room for a table over days first .. last, with one entry beyond. */
static size_t table_size(const day *days, size_t n)
{
    return (size_t)(days[n - 1] - days[0]) + 2;
}

static void fill_table(date_table *t, const day *days, size_t n, uint16_t *from)
{
    *t = (date_table){.days = days, .n = n, .from = from, .first = days[0]};
    t->span = days[n - 1] - days[0];
    uint16_t j = 0;
    for (day x = 0; x <= t->span; x++) {
        while (days[j] < t->first + x) {
            j++;
        }
        from[x] = j;
    }
    from[t->span + 1] = (uint16_t)n;
}

strata_status sweep_dates_new(const day *days, size_t n, sweep_dates *out, strata_error *err)
{
    STRATA_TRY(check_dates(days, n, err));
    STRATA_AUTO_FREE day *shifted = STRATA_NEW_ARRAY(n * SHIFT_COUNT, day);
    if (!shifted) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu as-of dates", n);
    }
    size_t size = 0;
    for (int s = 0; s < SHIFT_COUNT; s++) {
        for (size_t j = 0; j < n; j++) {
            shifted[(size_t)s * n + j] = months_before(days[j], shift_months[s]);
        }
        size += table_size(shifted + (size_t)s * n, n);
    }
    uint16_t *from = STRATA_NEW_ARRAY(size, uint16_t);
    if (!from) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu as-of dates", n);
    }
    out->from = from;
    for (int s = 0; s < SHIFT_COUNT; s++) {
        const day *own = shifted + (size_t)s * n;
        fill_table(&out->tables[s], own, n, from);
        from += table_size(own, n);
    }
    out->days = strata_steal(&shifted);
    return STRATA_OK;
}

void sweep_dates_done(sweep_dates *d)
{
    free(d->days);
    free(d->from);
    *d = (sweep_dates){0};
}
