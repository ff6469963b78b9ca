/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/effect/panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "plan/coverage/stakes.h"
#include "segment/visit.h"

enum { SOURCES_MAX = 20, WEEK = 7 };
static const double ROWS_MOST = 1.5e6;
static const size_t WEEKLY_MOST = 200000; /* accounts */

typedef enum transform { AS_IS, LOGARITHM, CAPPED, SOON } transform;

/* A feature that people may have looked at before they acted. */
typedef struct source {
    size_t slot;
    const char *name, *label;
    transform how;
    double low, high; /* CAPPED: no further; SOON: 1 up to `high`, 0 beyond and when missing */
} source;

typedef struct filling {
    effect_panel *p;
    source sources[SOURCES_MAX];
    size_t n_sources;
    const bound_def *dimension;
    float *raw; /* [row * n_sources + source]; NaN: missing */
    bool *there;
    segment_code *codes;
} filling;

static void list_sources(const bound_model *b, filling *f)
{
    const source all[] = {
        {FEATURE_ARR, "arr", "ARR, logarithm", LOGARITHM, 0, 0},
        {FEATURE_ARR_GROWTH_3M, "arr_growth_3m", "ARR growth in 3 months", CAPPED, -1, 1},
        {FEATURE_TENURE, "tenure", "Tenure, logarithm", LOGARITHM, 0, 0},
        {stakes_health_slot(b), "health", "Health", AS_IS, 0, 0},
        {FEATURE_HEALTH_SUPPLIED, "health_supplied", "Supplied health", AS_IS, 0, 0},
        {FEATURE_HEALTH_CHANGE_90D, "health_change_90d", "Change of supplied health", AS_IS, 0, 0},
        {FEATURE_EVENTS_PREV_90D, "events_prev_90d", "Events in the 90 days before the last",
         LOGARITHM, 0, 0},
        {FEATURE_TICKETS_HIGH_90D, "tickets_high_90d", "High tickets in 90 days", CAPPED, 0, 5},
        {FEATURE_HAS_CHAMPION, "has_champion", "Has a champion", AS_IS, 0, 0},
        {FEATURE_RENEWAL_IN, "renewal_in", "Renewal within 31 days", SOON, 0, 31},
        {FEATURE_NPS_LAST, "nps_last", "Last NPS score", AS_IS, 0, 0},
        {FEATURE_CHURN_RISK, "churn_risk", "Risk of churn", AS_IS, 0, 0},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bool twice = i > 3 && all[i].slot == all[3].slot;
        if (b->scope.symbols[all[i].slot].missing_because == NULL && !twice) {
            f->sources[f->n_sources++] = all[i];
        }
    }
}

static float transformed(const source *s, double x)
{
    if (s->how == SOON) {
        return x <= s->high ? 1.0F : 0.0F;
    }
    if (isnan(x) || s->how == AS_IS) {
        return (float)x;
    }
    return s->how == LOGARITHM ? (float)log1p(fmax(x, 0.0)) : (float)fmin(fmax(x, s->low), s->high);
}

/* The first row of a date whose account is not before this one. */
static size_t first_row(const effect_panel *p, size_t date, uint32_t account)
{
    size_t low = p->start[date];
    size_t n = p->start[date + 1] - low;
    while (n > 0) {
        size_t half = n / 2;
        bool before = p->account[low + half] < account;
        low = before ? low + half + 1 : low;
        n = before ? n - half - 1 : half;
    }
    return low;
}

static strata_status take(void *self, const dated_block *block, strata_error *err)
{
    (void)err;
    filling *f = self;
    const effect_panel *p = f->p;
    const double *customer = block->columns[FEATURE_IS_CUSTOMER].num;
    const segment_code *codes = f->dimension != NULL ? block->codes[f->dimension->slot] : NULL;
    size_t row = first_row(p, block->date, (uint32_t)block->first);
    for (; row < p->start[block->date + 1] && p->account[row] < block->first + block->n; row++) {
        size_t i = p->account[row] - block->first;
        f->there[row] = customer[i] > 0.0;
        f->codes[row] = codes != NULL ? codes[i] : SEGMENT_ABSENT;
        for (size_t k = 0; k < f->n_sources; k++) {
            const double *x = block->columns[f->sources[k].slot].num;
            f->raw[row * f->n_sources + k] = transformed(&f->sources[k], x[i]);
        }
    }
    return STRATA_OK;
}

/* --- which days, which accounts --- */

static int by_day(const void *a, const void *b)
{
    day x = *(const day *)a;
    day y = *(const day *)b;
    return (x > y) - (x < y);
}

static day first_of(const effect_panel_request *q)
{
    day first = day_add_months(q->as_of, -12 * EFFECT_YEARS);
    return q->p->info->first_day > first ? q->p->info->first_day : first;
}

static strata_status list_dates(const effect_panel_request *q, arena *a, effect_panel *p,
                                strata_error *err)
{
    day first = first_of(q);
    day *dates = ARENA_NEW(a, q->log->n + 1, day);
    size_t n = 0;
    if (dates == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu dates", q->log->n);
    }
    for (size_t k = 0; k < q->log->n; k++) {
        if (q->log->items[k].day >= first && q->log->items[k].day <= q->as_of) {
            dates[n++] = q->log->items[k].day;
        }
    }
    qsort(dates, n, sizeof *dates, by_day);
    for (size_t k = 0; k < n; k++) {
        if (p->n_dates == 0 || dates[p->n_dates - 1] != dates[k]) {
            dates[p->n_dates++] = dates[k];
        }
    }
    p->dates = dates;
    return STRATA_OK;
}

typedef struct dated_account {
    day day;
    uint32_t account;
} dated_account;

static int by_day_account(const void *a, const void *b)
{
    const dated_account *x = a;
    const dated_account *y = b;
    int order = (x->day > y->day) - (x->day < y->day);
    return order != 0 ? order : (x->account > y->account) - (x->account < y->account);
}

/* Every so many-th account, from another one on each date. */
typedef struct thinning {
    size_t n_accounts, step, first;
} thinning;

/* Merges, by account, those who had an intervention on a date with those that the thinning leaves.
 * Yields how many; `out` NULL: only counts. */
static size_t merge_date(const dated_account *had, size_t n_had, const thinning *t, uint32_t *out)
{
    size_t n = 0;
    size_t h = 0;
    for (size_t other = t->first; h < n_had || other < t->n_accounts;) {
        bool take_had = h < n_had && (other >= t->n_accounts || had[h].account <= other);
        uint32_t account = take_had ? had[h].account : (uint32_t)other;
        other += other < t->n_accounts && account == other ? t->step : 0;
        while (h < n_had && had[h].account == account) {
            h++;
        }
        if (out != NULL) {
            out[n] = account;
        }
        n++;
    }
    return n;
}

static size_t step_of(const effect_panel_request *q, size_t n_dates)
{
    double all = (double)q->p->n_accounts * (double)n_dates;
    double step = ceil(all / ROWS_MOST);
    return step > 1.0 ? (size_t)step : 1;
}

static strata_status list_rows(const effect_panel_request *q, arena *a, effect_panel *p,
                               strata_error *err)
{
    STRATA_AUTO_FREE dated_account *had = STRATA_NEW_ARRAY(q->log->n + 1, dated_account);
    size_t *start = ARENA_NEW(a, p->n_dates + 1, size_t);
    STRATA_AUTO_FREE size_t *from = STRATA_NEW_ARRAY(p->n_dates + 1, size_t);
    if (had == NULL || start == NULL || from == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu dates", p->n_dates);
    }
    for (size_t k = 0; k < q->log->n; k++) {
        had[k] = (dated_account){q->log->items[k].day, q->log->items[k].account};
    }
    qsort(had, q->log->n, sizeof *had, by_day_account);
    size_t step = step_of(q, p->n_dates);
    size_t at = 0;
    for (size_t d = 0; d < p->n_dates; d++) {
        while (at < q->log->n && had[at].day < p->dates[d]) {
            at++;
        }
        from[d] = at;
        while (at < q->log->n && had[at].day == p->dates[d]) {
            at++;
        }
        const thinning t = {q->p->n_accounts, step, d % step};
        start[d + 1] = start[d] + merge_date(had + from[d], at - from[d], &t, NULL);
        from[d + 1] = at;
    }
    p->start = start;
    p->n_rows = start[p->n_dates];
    uint32_t *account = ARENA_NEW(a, p->n_rows + 1, uint32_t);
    if (account == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows", p->n_rows);
    }
    for (size_t d = 0; d < p->n_dates; d++) {
        size_t n_had = 0;
        while (from[d] + n_had < q->log->n && had[from[d] + n_had].day == p->dates[d]) {
            n_had++;
        }
        const thinning t = {q->p->n_accounts, step, d % step};
        (void)merge_date(had + from[d], n_had, &t, account + start[d]);
    }
    p->account = account;
    return STRATA_OK;
}

/* --- from raw values to columns --- */

typedef struct raw_column {
    double n, sum, squares, missing;
} raw_column;

static raw_column look_at(const filling *f, size_t at)
{
    raw_column c = {0};
    size_t n = f->p->n_rows;
    for (size_t row = 0; row < n; row++) {
        double x = (double)f->raw[row * f->n_sources + at];
        if (f->there[row]) {
            c.n += 1.0;
            c.missing += isnan(x) ? 1.0 : 0.0;
            c.sum += isnan(x) ? 0.0 : x;
            c.squares += isnan(x) ? 0.0 : x * x;
        }
    }
    return c;
}

/* A column for the value, unless all have the same; one for its absence, where some lack it. */
typedef struct column_plan {
    size_t source;
    bool absence;
    float mean;
} column_plan;

static size_t plan_columns(const filling *f, arena *a, effect_covariate *columns,
                           column_plan *plans)
{
    size_t n = 0;
    for (size_t k = 0; k < f->n_sources; k++) {
        raw_column c = look_at(f, k);
        double known = c.n - c.missing;
        double mean = known > 0.0 ? c.sum / known : 0.0;
        bool varies = known > 1.0 && c.squares / known - mean * mean > 1e-9 * (1.0 + mean * mean);
        if (varies) {
            columns[n] = (effect_covariate){f->sources[k].name, f->sources[k].label};
            plans[n++] = (column_plan){k, false, (float)mean};
        }
        if (c.missing > 0.0 && known > 0.0) {
            columns[n].name = f->sources[k].name;
            columns[n].label = arena_printf(a, "%s not known", f->sources[k].label);
            plans[n++] = (column_plan){k, true, 0.0F};
        }
    }
    return n;
}

static strata_status settle(const filling *f, arena *a, effect_panel *p, strata_error *err)
{
    column_plan plans[EFFECT_COVARIATES_MAX];
    effect_covariate *columns = ARENA_NEW(a, EFFECT_COVARIATES_MAX, effect_covariate);
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    p->n_columns = plan_columns(f, a, columns, plans);
    p->columns = columns;
    p->due = SIZE_MAX;
    for (size_t c = 0; c < p->n_columns; c++) {
        p->due = strcmp(columns[c].name, "renewal_in") == 0 ? c : p->due;
    }
    size_t n_rows = p->n_rows;
    float *x = ARENA_NEW(a, n_rows * p->n_columns + 1, float);
    if (x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows", n_rows);
    }
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t c = 0; c < p->n_columns; c++) {
            float value = f->raw[row * f->n_sources + plans[c].source];
            bool missing = isnan(value);
            x[row * p->n_columns + c] = plans[c].absence ? (missing ? 1.0F : 0.0F)
                                        : missing        ? plans[c].mean
                                                         : value;
        }
    }
    p->x = x;
    p->there = f->there;
    p->codes = f->codes;
    return STRATA_OK;
}

static strata_status fill(const context *cx, const effect_panel_request *q, filling *f,
                          strata_error *err)
{
    size_t slots[SOURCES_MAX + 2];
    size_t n = 0;
    for (size_t k = 0; k < f->n_sources; k++) {
        slots[n++] = f->sources[k].slot;
    }
    slots[n++] = FEATURE_IS_CUSTOMER;
    if (f->dimension != NULL) {
        slots[n++] = f->dimension->slot;
    }
    const segmentation_visit visit = {.dates = f->p->dates,
                                      .n_dates = f->p->n_dates,
                                      .slots = slots,
                                      .n_slots = n,
                                      .take = take,
                                      .self = f};
    return visit_dates(cx, q->p, q->b, q->overrides, &visit, err);
}

strata_status effect_panel_make(const context *cx, const effect_panel_request *q, arena *a,
                                effect_panel *out, strata_error *err)
{
    effect_panel p = {0};
    filling f = {.p = &p, .dimension = q->dimension};
    STRATA_TRY(list_dates(q, a, &p, err));
    STRATA_TRY(list_rows(q, a, &p, err));
    list_sources(q->b, &f);
    size_t n = p.n_rows;
    STRATA_AUTO_FREE float *raw = STRATA_NEW_ARRAY(n * f.n_sources + 1, float);
    f.there = ARENA_NEW(a, n + 1, bool);
    f.codes = ARENA_NEW(a, n + 1, segment_code);
    if (raw == NULL || f.there == NULL || f.codes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows", n);
    }
    for (size_t i = 0; i < n * f.n_sources; i++) {
        raw[i] = NAN;
    }
    f.raw = raw;
    if (n > 0) {
        STRATA_TRY(fill(cx, q, &f, err));
    }
    STRATA_TRY(settle(&f, a, &p, err));
    *out = p;
    return STRATA_OK;
}

size_t effect_panel_date(const effect_panel *p, day t)
{
    const day *found = p->n_dates > 0 ? bsearch(&t, p->dates, p->n_dates, sizeof t, by_day) : NULL;
    return found != NULL ? (size_t)(found - p->dates) : SIZE_MAX;
}

size_t effect_panel_row(const effect_panel *p, size_t date, uint32_t account)
{
    size_t row = first_row(p, date, account);
    return row < p->start[date + 1] && p->account[row] == account ? row : SIZE_MAX;
}

/* --- segments week by week --- */

typedef struct segment_filling {
    size_t slot, n_accounts;
    segment_code *codes;
} segment_filling;

static strata_status take_segments(void *self, const dated_block *block, strata_error *err)
{
    (void)err;
    const segment_filling *f = self;
    memcpy(f->codes + block->date * f->n_accounts + block->first, block->codes[f->slot],
           block->n * sizeof *f->codes);
    return STRATA_OK;
}

strata_status effect_segments_make(const context *cx, const effect_panel_request *q, arena *a,
                                   effect_segments *out, strata_error *err)
{
    size_t n = q->p->n_accounts;
    day first = first_of(q);
    effect_segments s = {.step = n > WEEKLY_MOST ? 4 * WEEK : WEEK, .n_accounts = n};
    s.n_dates = first <= q->as_of ? (size_t)((q->as_of - first) / s.step) + 1 : 0;
    s.first = q->as_of - s.step * (day)(s.n_dates - 1);
    if (q->dimension == NULL || s.n_dates == 0) {
        *out = (effect_segments){.step = s.step};
        return STRATA_OK;
    }
    STRATA_AUTO_FREE day *dates = STRATA_NEW_ARRAY(s.n_dates, day);
    segment_filling f = {.slot = q->dimension->slot,
                         .n_accounts = n,
                         .codes = ARENA_NEW(a, n * s.n_dates + 1, segment_code)};
    if (dates == NULL || f.codes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for segments on %zu days",
                           s.n_dates);
    }
    for (size_t d = 0; d < s.n_dates; d++) {
        dates[d] = s.first + s.step * (day)d;
    }
    const segmentation_visit visit = {.dates = dates,
                                      .n_dates = s.n_dates,
                                      .slots = &f.slot,
                                      .n_slots = 1,
                                      .take = take_segments,
                                      .self = &f};
    STRATA_TRY(visit_dates(cx, q->p, q->b, q->overrides, &visit, err));
    s.codes = f.codes;
    *out = s;
    return STRATA_OK;
}

segment_code effect_segment_at(const effect_segments *s, uint32_t account, day t)
{
    if (s->n_dates == 0 || t < s->first) {
        return SEGMENT_ABSENT;
    }
    size_t k = (size_t)((t - s->first) / s->step);
    k = k < s->n_dates ? k : s->n_dates - 1;
    return s->codes[k * s->n_accounts + account];
}
