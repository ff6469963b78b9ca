/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/code_days.h"
#include "panel/latest.h"
#include "panel/windows.h"

enum { EVENTS, ACTIVE_DAYS, FEATURES, USERS, FIRST_EVENTS, FIRST_ACTIVE_DAYS, FIRST_FEATURES };
enum { FIRST_DAYS = 90 };

static const window windows[] = {
    {FEATURE_EVENTS_7D, EVENTS, 0, 7},
    {FEATURE_EVENTS_30D, EVENTS, 0, 30},
    {FEATURE_EVENTS_90D, EVENTS, 0, 90},
    {FEATURE_EVENTS_365D, EVENTS, 0, 365},
    {FEATURE_EVENTS_PREV_30D, EVENTS, 30, 60},
    {FEATURE_EVENTS_PREV_90D, EVENTS, 90, 180},
    {FEATURE_ACTIVE_DAYS_7D, ACTIVE_DAYS, 0, 7},
    {FEATURE_ACTIVE_DAYS_30D, ACTIVE_DAYS, 0, 30},
    {FEATURE_ACTIVE_DAYS_90D, ACTIVE_DAYS, 0, 90},
    {FEATURE_FEATURES_USED_30D, FEATURES, 0, 30},
    {FEATURE_FEATURES_USED_90D, FEATURES, 0, 90},
    {FEATURE_ACTIVE_USERS_7D, USERS, 0, 7},
    {FEATURE_ACTIVE_USERS_30D, USERS, 0, 30},
    {FEATURE_ACTIVE_USERS_90D, USERS, 0, 90},
    {FEATURE_FIRST_90D_EVENTS, FIRST_EVENTS, 0, WINDOW_EVER},
    {FEATURE_FIRST_90D_ACTIVE_DAYS, FIRST_ACTIVE_DAYS, 0, WINDOW_EVER},
    {FEATURE_FIRST_90D_FEATURES, FIRST_FEATURES, 0, WINDOW_EVER},
};
static const derived made[] = {
    {FEATURE_USAGE_TREND_30D, FEATURE_EVENTS_30D, FEATURE_EVENTS_PREV_30D, 1, -1},
    {FEATURE_USAGE_TREND_90D, FEATURE_EVENTS_90D, FEATURE_EVENTS_PREV_90D, 1, -1},
    {FEATURE_EVENTS_PER_ACTIVE_DAY_30D, FEATURE_EVENTS_30D, FEATURE_ACTIVE_DAYS_30D, 1, 0},
    {FEATURE_ADOPTION, FEATURE_FEATURES_USED_90D, WINDOW_BY_DATE},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, made,
                                   sizeof made / sizeof *made,
                                   .codes = 1u << FEATURES | 1u << USERS | 1u << FIRST_FEATURES};

typedef struct usage_kernel {
    const sweep *sweep;
    window_sums sums;
    code_days features, users;
    bool wants_last_seen, wants_first_days, wants_seen;
    bool wants_more; /* what put_account does */
    latest last_seen;
    double *known_features; /* by date: product features that anyone had used by then */
    size_t users_visible;   /* first date number by which any usage names a user */
} usage_kernel;

static void usage_free(void *self)
{
    usage_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        code_days_done(&k->features);
        code_days_done(&k->users);
        latest_done(&k->last_seen);
        free(k->known_features);
        free(k);
    }
}
STRATA_DEFINE_AUTO(usage_kernel, usage_free)

static void count_known_features(const sweep *s, double *known)
{
    const date_table *t = &s->dates.tables[SHIFT_NONE];
    for (size_t c = 0; c < s->info->n_usage_features; c++) {
        day first = s->info->feature_first_seen[c];
        if (first != DAY_MISSING) {
            known[date_from(t, first)]++;
        }
    }
    for (size_t j = 1; j < s->n_dates; j++) {
        known[j] += known[j - 1];
    }
}

static strata_status usage_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(usage_free) usage_kernel *k = STRATA_NEW_ARRAY(1, usage_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the usage features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    STRATA_TRY(code_days_new(s->info->n_usage_features, &k->features, err));
    STRATA_TRY(code_days_new(0, &k->users, err));
    STRATA_TRY(latest_new(s, &k->last_seen, err));
    k->known_features = STRATA_NEW_ARRAY(s->n_dates + 1, double);
    if (!k->known_features) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the usage features");
    }
    const window_group *g = k->sums.groups;
    k->wants_first_days = g[FIRST_EVENTS].n + g[FIRST_ACTIVE_DAYS].n + g[FIRST_FEATURES].n > 0;
    k->wants_last_seen = sweep_wants(s, FEATURE_LAST_SEEN);
    k->wants_seen = sweep_wants(s, FEATURE_SEEN) || sweep_wants(s, FEATURE_FIRST_SEEN_AGE) ||
                    sweep_wants(s, FEATURE_DAYS_TO_FIRST_USE);
    day first_date = s->dates.tables[SHIFT_NONE].days[0];
    if (k->wants_last_seen && first_date < k->sums.first_day) {
        k->sums.first_day = first_date;
    }
    count_known_features(s, k->known_features);
    window_sums_divide_by(&k->sums, FEATURE_ADOPTION, k->known_features);
    k->users_visible = first_visible(s, DAY_MISSING, s->info->users_first_seen);
    k->wants_more = k->users_visible > 0 || k->wants_first_days || k->wants_seen;
    *out = strata_steal(&k);
    return STRATA_OK;
}

/* The account's first row on or after first_day; `end` when there is none. Halves without asking
 * which half it was: no processor could foresee it. */
static size_t first_row(const usage_rows *u, size_t begin, size_t end, day first_day)
{
    const day *days = u->day;
    if (begin == end || days[begin] >= first_day) {
        return begin;
    }
    if (days[end - 1] < first_day) {
        return end;
    }
    for (size_t n = end - begin; n > 1;) {
        const size_t half = n / 2;
        begin += half & -(size_t)(days[begin + half] < first_day); /* this row stays before it */
        n -= half;
    }
    return begin + 1;
}

/* Rows begin .. end-1; the row behind them is of another day. Latest first: see window_mark_code.
 */
static strata_status add_rows(usage_kernel *k, size_t lane, const usage_rows *u, size_t begin,
                              size_t end, strata_error *err)
{
    const window_group events = k->sums.groups[EVENTS];
    const window_group days = k->sums.groups[ACTIVE_DAYS];
    const window_group features = k->sums.groups[FEATURES];
    const window_group users = k->sums.groups[USERS];
    bool with_users = users.n > 0 && u->user != NULL;
    day behind = DAY_MISSING;
    STRATA_TRY(code_days_begin(&k->features, end - begin, err));
    STRATA_TRY(code_days_begin(&k->users, end - begin, err));
    for (size_t r = end; r-- > begin;) {
        day d = u->day[r];
        const window_place at = window_place_of(&events.places, d);
        window_mark(&events, lane, at, u->events[r]);
        window_mark(&days, lane, at, d != behind);
        latest_note(&k->last_seen, lane, d);
        behind = d;
        window_mark_code(&k->sums, &features, lane, at, &k->features, u->feature[r]);
        if (with_users) {
            window_mark_code(&k->sums, &users, lane, at, &k->users, u->user[r]);
        }
    }
    return STRATA_OK;
}

/* The first 90 days from the account's start. */
static strata_status add_first_days(usage_kernel *k, size_t lane, const usage_rows *u, size_t begin,
                                    size_t end, strata_error *err)
{
    const window_group *g = k->sums.groups;
    day behind = DAY_MISSING;
    STRATA_TRY(code_days_begin(&k->features, end - begin, err));
    for (size_t r = end; r-- > begin;) {
        day d = u->day[r];
        const window_place at = window_place_of(&g[FIRST_EVENTS].places, d);
        window_mark(&g[FIRST_EVENTS], lane, at, u->events[r]);
        window_mark(&g[FIRST_ACTIVE_DAYS], lane, at, d != behind);
        window_mark_code(&k->sums, &g[FIRST_FEATURES], lane, at, &k->features, u->feature[r]);
        behind = d;
    }
    return STRATA_OK;
}

/* Account i of the block. */
static strata_status add_account(usage_kernel *k, size_t lane, const ledger_block *block, size_t i,
                                 strata_error *err)
{
    const usage_rows *u = &block->usage;
    const date_table *t = &k->sweep->dates.tables[SHIFT_NONE];
    day started_on = block->started_on[i];
    size_t begin = u->start[i];
    size_t end = first_row(u, begin, u->start[i + 1], t->days[t->n - 1] + 1);
    size_t first = first_row(u, begin, end, k->sums.first_day);
    if (first > begin) {
        latest_note(&k->last_seen, lane, u->day[first - 1]); /* the last day before all windows */
    }
    if (first < end) {
        STRATA_TRY(add_rows(k, lane, u, first, end, err));
    }
    if (k->wants_first_days && started_on != DAY_MISSING && begin < end) {
        begin = first_row(u, begin, end, started_on);
        end = first_row(u, begin, end, started_on + FIRST_DAYS);
        STRATA_TRY(add_first_days(k, lane, u, begin, end, err));
    }
    return STRATA_OK;
}

static void hide_before(const sweep_out *out, feature_id f, size_t i, size_t visible)
{
    double *cells = sweep_cells(out, f, i);
    for (size_t j = 0; cells && j < visible && j < out->sweep->n_dates; j++) {
        cells[j * out->stride] = (double)NAN;
    }
}

/* What tells whether an account was ever seen. `visible`, `seen` and `started` are the first date
 * numbers at which it is there, was seen and had started. */
static void put_seen(const sweep_out *out, size_t i, day wait, size_t visible, size_t seen,
                     size_t started)
{
    double *seen_cells = sweep_cells(out, FEATURE_SEEN, i);
    double *wait_cells = sweep_cells(out, FEATURE_DAYS_TO_FIRST_USE, i);
    for (size_t j = 0; j < out->sweep->n_dates; j++) {
        if (seen_cells) {
            seen_cells[j * out->stride] = j >= seen ? 1 : j >= visible ? 0 : (double)NAN;
        }
        if (wait_cells) {
            wait_cells[j * out->stride] = j >= seen && j >= started ? wait : (double)NAN;
        }
    }
}

/* What is not a window, and what windows hide; `first` is the account's first day with usage,
 * DAY_MISSING when there is none. */
static void put_account(usage_kernel *k, const sweep_out *out, size_t i, size_t visible,
                        day started_on, day first)
{
    const sweep *s = k->sweep;
    size_t seen = first_visible(s, DAY_MISSING, first);
    size_t started = first_visible(s, started_on, DAY_MISSING);
    if (k->users_visible > 0) {
        hide_before(out, FEATURE_ACTIVE_USERS_7D, i, k->users_visible);
        hide_before(out, FEATURE_ACTIVE_USERS_30D, i, k->users_visible);
        hide_before(out, FEATURE_ACTIVE_USERS_90D, i, k->users_visible);
    }
    if (k->wants_first_days) {
        hide_before(out, FEATURE_FIRST_90D_EVENTS, i, started);
        hide_before(out, FEATURE_FIRST_90D_ACTIVE_DAYS, i, started);
        hide_before(out, FEATURE_FIRST_90D_FEATURES, i, started);
    }
    if (k->wants_seen) {
        bool both = seen < s->n_dates && started < s->n_dates;
        day wait = both && first > started_on ? first - started_on : 0;
        put_days_since(out, FEATURE_FIRST_SEEN_AGE, i, first, seen);
        put_seen(out, i, wait, visible, seen, started);
    }
}

static strata_status run_group(usage_kernel *k, const ledger_block *block, const sweep_out *out,
                               lane_group *g, strata_error *err)
{
    const usage_rows *u = &block->usage;
    day first[LANES];
    for (size_t lane = 0; lane < g->n; lane++) {
        size_t i = g->first + lane;
        first[lane] = u->start[i] < u->start[i + 1] ? u->day[u->start[i]] : DAY_MISSING;
        g->visible[lane] = lane_visible(k->sweep, block->started_on[i], first[lane]);
        STRATA_TRY(add_account(k, lane, block, i, err));
    }
    window_sums_put(&k->sums, out, g);
    if (k->wants_last_seen) {
        latest_settle(&k->last_seen);
        latest_put_age(&k->last_seen, FEATURE_LAST_SEEN, out, g);
    }
    latest_clear(&k->last_seen);
    for (size_t lane = 0; lane < g->n && k->wants_more; lane++) {
        size_t i = g->first + lane;
        put_account(k, out, i, (size_t)g->visible[lane], block->started_on[i], first[lane]);
    }
    return STRATA_OK;
}

static strata_status usage_run(void *self, const ledger_block *block, const sweep_out *out,
                               strata_error *err)
{
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        STRATA_TRY(run_group(self, block, out, &g, err));
    }
    return STRATA_OK;
}

const kernel kernel_usage = {ENTITY_USAGE, usage_new, usage_run, usage_free};
