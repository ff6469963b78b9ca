/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/groups/groups.h"

#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/clones.h"
#include "cohort/groups/make.h"

strata_status groups_begin(arena *a, const char *name, size_t n_accounts, size_t n_groups,
                           groups_draft *out, strata_error *err)
{
    groups_draft d = {.g = ARENA_NEW(a, 1, groups),
                      .labels = ARENA_NEW(a, n_groups + 1, const char *),
                      .where = ARENA_NEW(a, n_groups + 1, const char *)};
    if (d.g != NULL) {
        *d.g = (groups){.name = arena_strdup(a, name),
                        .n = n_groups,
                        .code = ARENA_NEW(a, n_accounts + 1, segment_code),
                        .accounts = ARENA_NEW(a, n_groups + 1, size_t),
                        .labels = d.labels,
                        .where = d.where};
    }
    if (!d.g || !d.labels || !d.where || !d.g->name || !d.g->code || !d.g->accounts) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory grouping %zu accounts", n_accounts);
    }
    *out = d;
    return STRATA_OK;
}

void groups_count(groups *g, size_t n_accounts)
{
    memset(g->accounts, 0, g->n * sizeof *g->accounts);
    g->outside = 0;
    for (size_t i = 0; i < n_accounts; i++) {
        if (g->code[i] < g->n) {
            g->accounts[g->code[i]]++;
        } else {
            g->outside++;
        }
    }
}

size_t groups_find(const groups *g, const char *label)
{
    for (size_t i = 0; i < g->n; i++) {
        if (strcasecmp(g->labels[i], label) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* --- by start --- */

static bool starts(const day *origin, size_t i, day as_of)
{
    return origin[i] != DAY_MISSING && origin[i] <= as_of;
}

/* First and last day that accounts start on; last before first when none does. */
STRATA_CLONES
static void start_range(const day *origin, size_t n, day as_of, day *first, day *last)
{
    day low = DAY_MAX;
    day high = DAY_MIN;
    for (size_t i = 0; i < n; i++) {
        bool counts = (origin[i] != DAY_MISSING) & (origin[i] <= as_of);
        day early = counts ? origin[i] : DAY_MAX;
        day late = counts ? origin[i] : DAY_MIN;
        low = early < low ? early : low;
        high = late > high ? late : high;
    }
    *first = low;
    *last = high;
}

/* The days that accounts start on and the periods that these are in. */
typedef struct start_days {
    calendar calendar;
    day first;
    size_t n_days, n_periods;
    int low;            /* the first period */
    uint32_t *accounts; /* by day, that start on it */
    segment_code *code; /* by day: the number of its period */
    segment_code
        *number; /* by period, counted from low: of those with accounts, in order of time */
} start_days;

static void start_days_done(start_days *s)
{
    free(s->accounts);
    free(s->code);
    free(s->number);
}

static strata_status start_days_new(const day *origin, size_t n, calendar c, day as_of,
                                    start_days *s, strata_error *err)
{
    day last;
    start_range(origin, n, as_of, &s->first, &last);
    s->calendar = c;
    if (s->first <= last) {
        s->low = calendar_period(c, s->first);
        s->n_periods = (size_t)(calendar_period(c, last) - s->low) + 1;
        s->n_days = (size_t)(last - s->first) + 1;
    }
    if (s->n_periods > SEGMENTS_MAX) {
        return strata_fail(err, STRATA_E_DATA, "accounts start over %zu %ss: check the dates",
                           s->n_periods, period_unit_name(c.unit));
    }
    s->accounts = STRATA_NEW_ARRAY(s->n_days + 1, uint32_t);
    s->code = STRATA_NEW_ARRAY(s->n_days + 1, segment_code);
    s->number = STRATA_NEW_ARRAY(s->n_periods + 1, segment_code);
    if (s->accounts == NULL || s->code == NULL || s->number == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts", s->n_periods);
    }
    return STRATA_OK;
}

/* Numbers each day by its period and the periods that have an account; returns how many do. */
static size_t number_days(const day *origin, size_t n_accounts, start_days *s)
{
    for (size_t i = 0; i < n_accounts; i++) {
        size_t at = (size_t)((int64_t)origin[i] - s->first);
        if (at < s->n_days) { /* starts later or never: beyond the end */
            s->accounts[at]++;
        }
    }
    size_t n = 0;
    for (size_t k = 0; k < s->n_periods; k++) {
        day begins = calendar_start(s->calendar, s->low + (int)k);
        day ends = calendar_end(s->calendar, s->low + (int)k);
        size_t from = begins < s->first ? 0 : (size_t)(begins - s->first);
        size_t accounts = 0;
        for (size_t d = from; d < s->n_days && s->first + (day)d <= ends; d++) {
            s->code[d] = (segment_code)n;
            accounts += s->accounts[d];
        }
        s->number[k] = accounts > 0 ? (segment_code)n++ : SEGMENT_ABSENT;
    }
    return n;
}

static strata_status name_periods(arena *a, const start_days *s, groups_draft *d, strata_error *err)
{
    day *first = ARENA_NEW(a, d->g->n + 1, day);
    day *last = ARENA_NEW(a, d->g->n + 1, day);
    if (first == NULL || last == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts", d->g->n);
    }
    for (size_t k = 0; k < s->n_periods; k++) {
        segment_code g = s->number[k];
        if (g != SEGMENT_ABSENT) {
            int period = s->low + (int)k;
            char label[PERIOD_TEXT];
            calendar_label(s->calendar, period, label);
            d->labels[g] = arena_strdup(a, label);
            first[g] = calendar_start(s->calendar, period);
            last[g] = calendar_end(s->calendar, period);
            if (d->labels[g] == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts", d->g->n);
            }
        }
    }
    d->g->first = first;
    d->g->last = last;
    return STRATA_OK;
}

strata_status groups_by_start(arena *a, const day *origin, size_t n_accounts, calendar c, day as_of,
                              groups **out, strata_error *err)
{
    static const char *const names[] = {"start month", "start quarter", "start year"};
    STRATA_CLEANUP(start_days_done) start_days s = {0};
    STRATA_TRY(start_days_new(origin, n_accounts, c, as_of, &s, err));
    size_t n = number_days(origin, n_accounts, &s);
    groups_draft d = {0};
    STRATA_TRY(groups_begin(a, names[c.unit], n_accounts, n, &d, err));
    STRATA_TRY(name_periods(a, &s, &d, err));
    for (size_t i = 0; i < n_accounts; i++) {
        size_t at = (size_t)((int64_t)origin[i] - s.first);
        d.g->code[i] = at < s.n_days ? s.code[at] : SEGMENT_ABSENT;
    }
    d.g->outside = n_accounts;
    for (size_t k = 0; k < s.n_days; k++) {
        if (s.accounts[k] > 0) {
            d.g->accounts[s.code[k]] += s.accounts[k];
            d.g->outside -= s.accounts[k];
        }
    }
    *out = d.g;
    return STRATA_OK;
}

strata_status groups_of_all(arena *a, const day *origin, size_t n_accounts, day as_of,
                            const char *label, groups **out, strata_error *err)
{
    groups_draft d = {0};
    STRATA_TRY(groups_begin(a, label, n_accounts, 1, &d, err));
    d.labels[0] = d.g->name;
    for (size_t i = 0; i < n_accounts; i++) {
        d.g->code[i] = starts(origin, i, as_of) ? 0 : SEGMENT_ABSENT;
    }
    groups_count(d.g, n_accounts);
    *out = d.g;
    return STRATA_OK;
}

strata_status groups_keep_started(arena *a, groups *g, const day *origin, size_t n_accounts,
                                  day as_of, strata_error *err)
{
    for (size_t i = 0; i < n_accounts; i++) {
        g->code[i] = starts(origin, i, as_of) ? g->code[i] : SEGMENT_ABSENT;
    }
    groups_count(g, n_accounts);
    groups_draft d = {0};
    STRATA_AUTO_FREE segment_code *now = STRATA_NEW_ARRAY(g->n + 1, segment_code);
    size_t n = 0;
    for (size_t k = 0; now != NULL && k < g->n; k++) {
        now[k] = g->accounts[k] > 0 ? (segment_code)n++ : SEGMENT_ABSENT;
    }
    if (now == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts", g->n);
    }
    STRATA_TRY(groups_begin(a, g->name, n_accounts, n, &d, err));
    for (size_t k = 0; k < g->n; k++) {
        if (now[k] != SEGMENT_ABSENT) {
            d.labels[now[k]] = g->labels[k];
            d.where[now[k]] = g->where[k];
        }
    }
    for (size_t i = 0; i < n_accounts; i++) {
        d.g->code[i] = g->code[i] < g->n ? now[g->code[i]] : SEGMENT_ABSENT;
    }
    d.g->missing_last = g->missing_last && g->n > 0 && now[g->n - 1] != SEGMENT_ABSENT;
    d.g->ranges = g->ranges;
    groups_count(d.g, n_accounts);
    *g = *d.g;
    return STRATA_OK;
}
