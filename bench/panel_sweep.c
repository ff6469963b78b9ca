/* SPDX-License-Identifier: Apache-2.0 */
/* How long the sweep takes: a generated portfolio in memory, thirteen usage and
 * ARR features, at one date and at 24 month ends.
 *   panel_sweep [--accounts N] [--rows N] [--threads N] [--seed N] [--repeat N] */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/rng.h"
#include "bench/watch.h"
#include "panel/panel.h"

enum { DAYS = 1095, PRODUCT_FEATURES = 40, ARR_PER_ACCOUNT = 4, MONTH_ENDS = 24 };

typedef struct options {
    size_t accounts, rows;
    int threads, repeat;
    uint64_t seed;
} options;

/* Columns of the generated ledgers, and what the sweep reads them through. */
typedef struct portfolio {
    ledger_info info;
    day *started_on, *usage_day, *arr_day, *first_seen;
    int32_t *feature, *user, *events;
    uint32_t *usage_start, *arr_start;
    int64_t *arr_after;
    uint8_t *kind;
} portfolio;

struct ledger_cursor {
    const portfolio *p;
};

static const ledger_info *source_info(void *self)
{
    return &((portfolio *)self)->info;
}

static strata_status source_open(void *self, int32_t begin, int32_t end, uint32_t wanted, day until,
                                 ledger_cursor **out, strata_error *err)
{
    (void)begin;
    (void)end;
    (void)wanted;
    (void)until;
    ledger_cursor *c = STRATA_NEW_ARRAY(1, ledger_cursor);
    if (!c) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    c->p = self;
    *out = c;
    return STRATA_OK;
}

static strata_status source_read(ledger_cursor *c, int32_t first, size_t n, ledger_block *block,
                                 strata_error *err)
{
    (void)err;
    const portfolio *p = c->p;
    *block = (ledger_block){
        .first = first,
        .n_accounts = n,
        .started_on = p->started_on + first,
        .arr = {p->arr_start + first, p->arr_day, p->arr_after, p->kind},
        .usage = {p->usage_start + first, p->usage_day, p->feature, p->user, p->events},
    };
    return STRATA_OK;
}

static void source_close(ledger_cursor *c)
{
    free(c);
}

static bool allocate(portfolio *p, const options *o)
{
    size_t n_arr = o->accounts * ARR_PER_ACCOUNT;
    p->started_on = STRATA_NEW_ARRAY(o->accounts, day);
    p->usage_start = STRATA_NEW_ARRAY(o->accounts + 1, uint32_t);
    p->arr_start = STRATA_NEW_ARRAY(o->accounts + 1, uint32_t);
    p->usage_day = STRATA_NEW_ARRAY(o->rows, day);
    p->feature = STRATA_NEW_ARRAY(o->rows, int32_t);
    p->user = STRATA_NEW_ARRAY(o->rows, int32_t);
    p->events = STRATA_NEW_ARRAY(o->rows, int32_t);
    p->arr_day = STRATA_NEW_ARRAY(n_arr, day);
    p->arr_after = STRATA_NEW_ARRAY(n_arr, int64_t);
    p->kind = STRATA_NEW_ARRAY(n_arr, uint8_t);
    p->first_seen = STRATA_NEW_ARRAY(PRODUCT_FEATURES, day);
    return p->started_on && p->usage_start && p->arr_start && p->usage_day && p->feature &&
           p->user && p->events && p->arr_day && p->arr_after && p->kind && p->first_seen;
}

/* `n` usage rows from row `begin`, their days ascending from the account's start. */
static void generate_usage(portfolio *p, rng *r, size_t account, size_t begin, size_t n)
{
    uint64_t span = (uint64_t)(DAYS - p->started_on[account]);
    uint64_t d = 0;
    for (size_t k = 0; k < n; k++) {
        d += rng_below(r, 2 * (span / n + 1));
        p->usage_day[begin + k] = p->started_on[account] + (day)(d < span ? d : span - 1);
        p->feature[begin + k] = (int32_t)(rng_below(r, PRODUCT_FEATURES) * rng_below(r, 8) / 8);
        p->user[begin + k] = (int32_t)rng_below(r, 8); /* as packs number them */
        p->events[begin + k] = 1 + (int32_t)rng_below(r, 20);
    }
}

static void generate_arr(portfolio *p, rng *r, size_t account)
{
    static const uint8_t kinds[ARR_PER_ACCOUNT] = {ARR_NEW, ARR_EXPANSION, ARR_CONTRACTION,
                                                   ARR_EXPANSION};
    size_t first = account * ARR_PER_ACCOUNT;
    day d = p->started_on[account];
    int64_t arr = 0;
    for (size_t k = 0; k < ARR_PER_ACCOUNT; k++) {
        int64_t step = 1 + (int64_t)rng_below(r, 100000);
        arr += kinds[k] == ARR_CONTRACTION ? -step : step + 200000;
        p->arr_day[first + k] = d;
        p->arr_after[first + k] = arr;
        p->kind[first + k] = kinds[k];
        d += 1 + (day)rng_below(r, 400);
    }
}

/* Activity is uneven: one account in ten has no rows, most have few, some ten times the mean. */
static void generate(portfolio *p, const options *o)
{
    rng r;
    rng_init(&r, o->seed, 0);
    size_t row = 0;
    for (size_t i = 0; i < o->accounts; i++) {
        size_t left = o->rows - row;
        double mean = (double)left / (double)(o->accounts - i);
        double some = rng_exponential(&r, 0.9 / (mean + 1e-9));
        size_t n = rng_below(&r, 10) ? (size_t)some : 0;
        n = i + 1 == o->accounts || n > left ? left : n;
        p->started_on[i] = (day)rng_below(&r, DAYS - 60);
        p->usage_start[i] = (uint32_t)row;
        p->arr_start[i] = (uint32_t)(i * ARR_PER_ACCOUNT);
        generate_usage(p, &r, i, row, n);
        generate_arr(p, &r, i);
        row += n;
    }
    p->usage_start[o->accounts] = (uint32_t)row;
    p->arr_start[o->accounts] = (uint32_t)(o->accounts * ARR_PER_ACCOUNT);
    p->info =
        (ledger_info){.n_accounts = o->accounts,
                      .entities = 1u << ENTITY_ACCOUNTS | 1u << ENTITY_ARR | 1u << ENTITY_USAGE,
                      .n_usage_features = PRODUCT_FEATURES,
                      .feature_first_seen = p->first_seen,
                      .last_day = DAYS - 1};
}

/* Sums by block, so that nothing is optimised away and runs can be compared. */
static strata_status add_block(void *job, const panel_block *b, strata_error *err)
{
    (void)err;
    double *by_block = job;
    double sum = 0;
    size_t last = (b->n_dates - 1) * b->n_features * b->n_accounts;
    for (size_t i = 0; i < b->n_features * b->n_accounts; i++) {
        double x = b->values[last + i];
        sum += x > 0 ? x : 0;
    }
    by_block[b->first / 8] = sum;
    return STRATA_OK;
}

static const feature_id wanted[] = {
    FEATURE_ARR,
    FEATURE_ARR_GROWTH_12M,
    FEATURE_EXPANSION_12M,
    FEATURE_LAST_SEEN,
    FEATURE_EVENTS_30D,
    FEATURE_EVENTS_90D,
    FEATURE_USAGE_TREND_30D,
    FEATURE_ACTIVE_DAYS_30D,
    FEATURE_FEATURES_USED_30D,
    FEATURE_FEATURES_USED_90D,
    FEATURE_ACTIVE_USERS_30D,
    FEATURE_ACTIVE_USERS_90D,
    FEATURE_ADOPTION,
};
enum { N_WANTED = sizeof wanted / sizeof *wanted };

/* Prints and yields the best wall time of the repeats; 0 on failure. */
static double measure(const ledger_source *source, const options *o, const day *dates,
                      size_t n_dates)
{
    STRATA_AUTO_FREE double *by_block = STRATA_NEW_ARRAY(o->accounts / 8 + 1, double);
    context cx = {.threads = o->threads, .seed = o->seed};
    double best = 0;
    double cpu = 0;
    double check = 0;
    for (int k = 0; by_block && k < o->repeat; k++) {
        strata_error err = {0};
        double wall0 = seconds(CLOCK_MONOTONIC);
        double cpu0 = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (panel_sweep(&cx, source, wanted, N_WANTED, dates, n_dates, add_block, by_block, &err) !=
            STRATA_OK) {
            (void)fprintf(stderr, "panel_sweep: %s\n", err.message);
            return 0;
        }
        double wall = seconds(CLOCK_MONOTONIC) - wall0;
        if (k == 0 || wall < best) {
            best = wall;
            cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu0;
        }
    }
    for (size_t b = 0; by_block && b <= o->accounts / 8; b++) {
        check += by_block[b];
    }
    (void)printf("%2zu dates: wall %.3f s, cpu %.3f s, %.1f M rows/s, %.1f M values/s, sum %.15g\n",
                 n_dates, best, cpu, (double)o->rows / best / 1e6,
                 (double)(o->accounts * N_WANTED * n_dates) / best / 1e6, check);
    return best;
}

static bool read_options(int argc, char **argv, options *o)
{
    for (int a = 1; a + 1 < argc; a += 2) {
        unsigned long long value = strtoull(argv[a + 1], NULL, 10);
        if (strcmp(argv[a], "--accounts") == 0) {
            o->accounts = (size_t)value;
        } else if (strcmp(argv[a], "--rows") == 0) {
            o->rows = (size_t)value;
        } else if (strcmp(argv[a], "--threads") == 0) {
            o->threads = (int)value;
        } else if (strcmp(argv[a], "--seed") == 0) {
            o->seed = value;
        } else if (strcmp(argv[a], "--repeat") == 0) {
            o->repeat = (int)value;
        } else {
            return false;
        }
    }
    return argc % 2 == 1 && o->accounts > 0 && o->accounts < INT32_MAX / 8 && o->rows > 0 &&
           o->rows < UINT32_MAX && o->threads > 0 && o->repeat > 0;
}

static void free_portfolio(portfolio *p)
{
    void *const all[] = {p->started_on, p->usage_day, p->arr_day, p->first_seen,
                         p->feature,    p->user,      p->events,  p->usage_start,
                         p->arr_start,  p->arr_after, p->kind};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        free(all[k]);
    }
}

int main(int argc, char **argv)
{
    options o = {.accounts = 1000000, .rows = 20000000, .threads = 2, .repeat = 3, .seed = 1};
    STRATA_CLEANUP(free_portfolio) portfolio p = {0};
    day dates[MONTH_ENDS];
    if (!read_options(argc, argv, &o)) {
        (void)fprintf(stderr, "usage: panel_sweep [--accounts N] [--rows N] [--threads N] "
                              "[--seed N] [--repeat N]\n");
        return 64;
    }
    if (!allocate(&p, &o)) {
        (void)fprintf(stderr, "panel_sweep: out of memory\n");
        return 71;
    }
    generate(&p, &o);
    for (int m = 0; m < MONTH_ENDS; m++) {
        dates[m] = day_month_end(day_add_months(DAYS - 1, m - MONTH_ENDS));
    }
    const ledger_source source = {source_info, source_open, source_read, source_close, &p};
    (void)printf("%zu accounts, %zu usage rows, %zu ARR rows, %d features, %d threads\n",
                 o.accounts, o.rows, o.accounts * ARR_PER_ACCOUNT, N_WANTED, o.threads);
    double one = measure(&source, &o, &dates[MONTH_ENDS - 1], 1);
    double all = measure(&source, &o, dates, MONTH_ENDS);
    (void)printf("24 dates take %.1f times one date; peak memory %.0f MB\n",
                 one > 0 ? all / one : 0, peak_mb());
    return one > 0 && all > 0 ? 0 : 70;
}
