/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/groups.h"

#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "cohort/groups_make.h"

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
static void start_range(const day *origin, size_t n, day as_of, day *first, day *last)
{
    *first = DAY_MAX;
    *last = DAY_MIN;
    for (size_t i = 0; i < n; i++) {
        if (starts(origin, i, as_of)) {
            *first = origin[i] < *first ? origin[i] : *first;
            *last = origin[i] > *last ? origin[i] : *last;
        }
    }
}

/* Groups by day: a date is looked at once, however many accounts start on it. */
typedef struct day_groups {
    day first;
    size_t n_days;
    segment_code *code; /* by day; 1 while it is only known that accounts start on it */
} day_groups;

static void mark_days(const day *origin, size_t n, day as_of, day_groups *d)
{
    for (size_t i = 0; i < n; i++) {
        if (starts(origin, i, as_of)) {
            d->code[origin[i] - d->first] = 1;
        }
    }
}

/* Numbers the periods that have an account, in order of time, and gives each day its number. */
static size_t name_days(calendar c, int low, day_groups *d, size_t n_periods,
                        segment_code *group_of)
{
    size_t n = 0;
    for (size_t k = 0; k < n_periods; k++) {
        group_of[k] = SEGMENT_ABSENT;
    }
    for (size_t i = 0; i < d->n_days; i++) {
        if (d->code[i] != 0) {
            int period = calendar_period(c, d->first + (day)i) - low;
            if (group_of[period] == SEGMENT_ABSENT) {
                group_of[period] = (segment_code)n++;
            }
            d->code[i] = group_of[period];
        }
    }
    return n;
}

static strata_status name_periods(arena *a, calendar c, int low, const segment_code *group_of,
                                  size_t n_periods, groups_draft *d, strata_error *err)
{
    day *first = ARENA_NEW(a, d->g->n + 1, day);
    day *last = ARENA_NEW(a, d->g->n + 1, day);
    if (first == NULL || last == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts", d->g->n);
    }
    for (size_t k = 0; k < n_periods; k++) {
        segment_code g = group_of[k];
        if (g != SEGMENT_ABSENT) {
            char label[PERIOD_TEXT];
            calendar_label(c, low + (int)k, label);
            d->labels[g] = arena_strdup(a, label);
            first[g] = calendar_start(c, low + (int)k);
            last[g] = calendar_end(c, low + (int)k);
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
    day_groups days = {0};
    day last = DAY_MIN;
    start_range(origin, n_accounts, as_of, &days.first, &last);
    bool any = days.first <= last;
    int low = any ? calendar_period(c, days.first) : 0;
    size_t n_periods = any ? (size_t)(calendar_period(c, last) - low) + 1 : 0;
    days.n_days = any ? (size_t)(last - days.first) + 1 : 0;
    STRATA_AUTO_FREE segment_code *group_of = STRATA_NEW_ARRAY(n_periods + 1, segment_code);
    STRATA_AUTO_FREE segment_code *code = STRATA_NEW_ARRAY(days.n_days + 1, segment_code);
    if (group_of == NULL || code == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts", n_periods);
    }
    if (n_periods > SEGMENTS_MAX) {
        return strata_fail(err, STRATA_E_DATA, "accounts start over %zu %ss: check the dates",
                           n_periods, period_unit_name(c.unit));
    }
    days.code = code;
    mark_days(origin, n_accounts, as_of, &days);
    size_t n = name_days(c, low, &days, n_periods, group_of);
    groups_draft d = {0};
    STRATA_TRY(groups_begin(a, names[c.unit], n_accounts, n, &d, err));
    STRATA_TRY(name_periods(a, c, low, group_of, n_periods, &d, err));
    for (size_t i = 0; i < n_accounts; i++) {
        d.g->code[i] = starts(origin, i, as_of) ? code[origin[i] - days.first] : SEGMENT_ABSENT;
    }
    groups_count(d.g, n_accounts);
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
