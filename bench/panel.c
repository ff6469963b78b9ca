/* SPDX-License-Identifier: Apache-2.0 */
/* Thirteen usage and ARR features of every account of a store: by the sweep at one date and at 24
 * month ends, and by SQL in the same DuckDB at one date. Compares every cell.
 *   panel STORE PEER.sql [--threads N] [--repeat N] [--dump FOLDER]
 * --dump writes the ledgers' columns and the sweep's values for bench/panel.py. */

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/number.h"
#include "bench/peer_options.h"
#include "bench/watch.h"
#include "panel/dates.h"
#include "panel/panel.h"
#include "source/ledger/store.h"
#include "store/stmt.h"

enum { MONTH_ENDS = 24 };

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

typedef struct bench {
    const options *o;
    context cx;
    store *store;
    ledger_store *ledger;
    const ledger_source *source;
    day dates[MONTH_ENDS];
} bench;

/* Of the fastest of several runs. */
static void bench_done(bench *b)
{
    ledger_store_free(b->ledger);
    store_close(b->store);
}

static void report(const char *what, size_t rows, timing t)
{
    (void)printf("%-28s wall %7.3f s  cpu %7.3f s  %7.1f M rows/s  peak %5.0f MB\n", what, t.wall,
                 t.cpu, (double)rows / t.wall / 1e6, peak_mb());
    (void)fflush(stdout);
}

static strata_status sweep_once(const bench *b, panel **out, timing *best, strata_error *err)
{
    timing begin = now();
    STRATA_TRY(panel_new(&b->cx, b->source, wanted, N_WANTED, b->dates[MONTH_ENDS - 1], out, err));
    keep_best(begin, best);
    return STRATA_OK;
}

/* The last of the 24 dates is the one date: every cell must be the same. */
static strata_status compare_block(void *job, const panel_block *block, strata_error *err)
{
    const panel *p = job;
    size_t n = block->n_accounts;
    const double *last = block->values + (block->n_dates - 1) * block->n_features * n;
    for (size_t f = 0; f < block->n_features; f++) {
        if (memcmp(last + f * n, panel_column(p, f) + block->first, n * sizeof *last) != 0) {
            return strata_fail(err, STRATA_E_INTERNAL, "%s differs between one date and many",
                               feature_get(wanted[f])->name);
        }
    }
    return STRATA_OK;
}

static strata_status sweep_all(const bench *b, panel *p, timing *best, strata_error *err)
{
    timing begin = now();
    STRATA_TRY(panel_sweep(&b->cx, b->source, wanted, N_WANTED, b->dates, MONTH_ENDS, compare_block,
                           p, err));
    keep_best(begin, best);
    return STRATA_OK;
}

static strata_status new_peer(const bench *b, const char *sql, stmt **out, strata_error *err)
{
    day d = b->dates[MONTH_ENDS - 1];
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new_text(store_main(b->store), "peer", sql, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "day", d, err));
    STRATA_TRY(stmt_bind_int32(s, "year_before", months_before(d, 12), err));
    *out = strata_steal(&s);
    return STRATA_OK;
}

/* Sums of whole numbers and quotients of two of them are the same to the last bit. */
static strata_status compare(stmt *s, const panel *p, strata_error *err)
{
    size_t seen = 0;
    for (size_t n = 1; n > 0;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        seen += n;
        for (size_t f = 0; n > 0 && f < N_WANTED; f++) {
            const double *values = stmt_double(s, f + 1);
            const uint64_t *validity = stmt_validity(s, f + 1);
            const int32_t *account = stmt_int32(s, 0);
            for (size_t i = 0; i < n; i++) {
                double ours = panel_column(p, f)[account[i]];
                double theirs = valid_row(validity, i) ? values[i] : (double)NAN;
                bool same = isnan(ours) ? isnan(theirs) : fabs(ours - theirs) <= 1e-12 * fabs(ours);
                if (!same) {
                    return strata_fail(err, STRATA_E_INTERNAL,
                                       "account %d: %s is %.17g by the sweep, %.17g by SQL",
                                       (int)account[i], feature_get(wanted[f])->name, ours, theirs);
                }
            }
        }
    }
    return seen == panel_n_accounts(p)
               ? STRATA_OK
               : strata_fail(err, STRATA_E_INTERNAL, "SQL gives %zu accounts of %zu", seen,
                             panel_n_accounts(p));
}

static strata_status run_peer(const bench *b, const panel *p, timing *best, strata_error *err)
{
    STRATA_AUTO_FREE char *sql = NULL;
    size_t len;
    STRATA_TRY(file_read(b->o->sql, 1 << 20, &sql, &len, err));
    for (int k = 0; k < b->o->repeat; k++) {
        STRATA_AUTO(stmt_free) stmt *s = NULL;
        STRATA_TRY(new_peer(b, sql, &s, err));
        timing begin = now();
        STRATA_TRY(stmt_execute(s, err));
        keep_best(begin, best);
        if (k == 0) {
            STRATA_TRY(compare(s, p, err));
        }
    }
    return STRATA_OK;
}

static strata_status dump_column(const bench *b, const char *name, const char *sql,
                                 strata_error *err)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", b->o->dump, name);
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new_text(store_main(b->store), name, sql, &s, err));
    STRATA_TRY(stmt_stream(s, err));
    FILE *f = fopen(path, "wb");
    if (f == NULL) {
        return strata_fail(err, STRATA_E_IO, "cannot write %s", path);
    }
    bool ok = true;
    strata_status st = STRATA_OK;
    for (size_t n = 1; st == STRATA_OK && n > 0;) {
        st = stmt_next_chunk(s, &n, err);
        ok = ok && (st != STRATA_OK || n == 0 || fwrite(stmt_int64(s, 0), 8, n, f) == n);
    }
    ok = fclose(f) == 0 && ok;
    return st != STRATA_OK ? st
           : ok            ? STRATA_OK
                           : strata_fail(err, STRATA_E_IO, "cannot write %s", path);
}

static strata_status dump(const bench *b, const panel *p, strata_error *err)
{
    static const struct {
        const char *name, *sql;
    } columns[] = {
        {"usage_account", "select account::bigint from usage_ledger"},
        {"usage_day", "select day::bigint from usage_ledger"},
        {"usage_feature", "select coalesce(feature, -1)::bigint from usage_ledger"},
        {"usage_user", "select coalesce(usr, -1)::bigint from usage_ledger"},
        {"usage_events", "select events::bigint from usage_ledger"},
        {"arr_account", "select account::bigint from arr_ledger"},
        {"arr_day", "select day::bigint from arr_ledger"},
        {"arr_after", "select arr_after from arr_ledger"},
        {"arr_kind", "select kind::bigint from arr_ledger"},
        {"arr_delta", "select delta from arr_ledger"},
        {"started", "select coalesce(started_on - date '1970-01-01', 999999)::bigint from account "
                    "order by account"},
        {"first_seen", "select first_seen::bigint from usage_feature where first_seen is not null"},
    };
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        STRATA_TRY(dump_column(b, columns[c].name, columns[c].sql, err));
    }
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/panel", b->o->dump);
    STRATA_TRY(file_write(path, (const char *)panel_column(p, 0),
                          panel_n_accounts(p) * N_WANTED * sizeof(double), err));
    (void)snprintf(path, sizeof path, "%s/dates", b->o->dump);
    day d = b->dates[MONTH_ENDS - 1];
    char text[64];
    int len = snprintf(text, sizeof text, "%d %d\n", (int)d, (int)months_before(d, 12));
    return file_write(path, text, (size_t)len, err);
}

static strata_status run(bench *b, strata_error *err)
{
    const store_options so = {.mode = STORE_READ, .threads = b->o->threads};
    STRATA_TRY(store_open(b->o->store, &so, &b->cx, &b->store, err));
    STRATA_TRY(ledger_store_new(b->store, &b->cx, &b->ledger, err));
    b->source = ledger_store_source(b->ledger);
    const ledger_info *info = b->source->info(b->source->self);
    for (int m = 0; m < MONTH_ENDS; m++) {
        b->dates[m] = day_month_end(day_add_months(info->last_day, m - MONTH_ENDS));
    }
    STRATA_AUTO(stmt_free) stmt *count = NULL;
    bool more;
    STRATA_TRY(stmt_new_text(store_main(b->store), "count", "select count(*) from usage_ledger",
                             &count, err));
    STRATA_TRY(stmt_execute(count, err));
    STRATA_TRY(stmt_next(count, &more, err));
    size_t rows = more ? (size_t)stmt_get_int(count, 0) : 0;
    (void)printf("%zu accounts, %zu usage rows, %d features, %d threads, best of %d\n",
                 info->n_accounts, rows, N_WANTED, b->o->threads, b->o->repeat);

    STRATA_AUTO(panel_free) panel *p = NULL;
    timing one = {0};
    timing all = {0};
    timing sql = {0};
    for (int k = 0; k < b->o->repeat; k++) {
        panel_free(p);
        p = NULL;
        STRATA_TRY(sweep_once(b, &p, &one, err));
    }
    report("sweep, one date", rows, one);
    for (int k = 0; k < b->o->repeat; k++) {
        STRATA_TRY(sweep_all(b, p, &all, err));
    }
    report("sweep, 24 month ends", rows, all);
    STRATA_TRY(run_peer(b, p, &sql, err));
    report("SQL, one date", rows, sql);
    (void)printf("SQL takes %.1f times the sweep (cpu %.1f); 24 dates %.2f times one (cpu %.2f); "
                 "all cells agree\n",
                 sql.wall / one.wall, sql.cpu / one.cpu, all.wall / one.wall, all.cpu / one.cpu);
    return b->o->dump == NULL ? STRATA_OK : dump(b, p, err);
}

int main(int argc, char **argv)
{
    options o = {.threads = 2, .repeat = 3};
    if (!read_options(argc, argv, &o)) {
        (void)fprintf(stderr,
                      "usage: panel STORE PEER.sql [--threads N] [--repeat N] [--dump FOLDER]\n");
        return 64;
    }
    STRATA_CLEANUP(bench_done) bench b = {.o = &o, .cx = {.threads = o.threads}};
    strata_error err = {0};
    if (run(&b, &err) != STRATA_OK) {
        (void)fprintf(stderr, "panel: %s\n", err.message);
        return 70;
    }
    return 0;
}
