/* SPDX-License-Identifier: Apache-2.0 */
/* Retention triangles of every account of a store by month of the first ARR: logos, NRR, GRR and
 * revenue, by Strata from its book and from the store, and by SQL in the same DuckDB. Compares
 * every cell.
 *   triangles STORE PEER.sql [--threads N] [--repeat N] [--dump FOLDER]
 * --dump writes the ledger's columns and the cells for bench/triangles.py. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/number.h"
#include "bench/peer_options.h"
#include "bench/watch.h"
#include "cohort/triangle/triangle.h"
#include "source/ledger/store.h"
#include "store/stmt.h"

enum { SQL_COLUMNS = 8, CELL_COLUMNS = 13 };

typedef struct bench {
    const options *o;
    context cx;
    store *store;
    ledger_store *ledger;
    const ledger_source *source;
    day until;
} bench;

/* Of the fastest of several runs. */
static void bench_done(bench *b)
{
    ledger_store_free(b->ledger);
    store_close(b->store);
}

static void report(const char *what, timing t)
{
    (void)printf("%-28s wall %8.4f s  cpu %8.4f s  peak %5.0f MB\n", what, t.wall, t.cpu,
                 peak_mb());
    (void)fflush(stdout);
}

/* Groups and all triangles from a book. */
static strata_status follow(const bench *b, const arr_book *book, arena *a, triangle_input *in,
                            triangle **out, strata_error *err)
{
    calendar months = {PERIOD_MONTH, 1};
    groups *g = NULL;
    STRATA_TRY(groups_by_start(a, book->first, book->n_accounts, months, b->until, &g, err));
    *in = (triangle_input){.groups = g,
                           .origin = book->first,
                           .arr = book,
                           .clock = {.calendar = months, .as_of = b->until}};
    return triangle_arr(&b->cx, a, in, out, err);
}

/* From the store, then from the book in memory: each the best of several rounds. The caller frees
 * the book. */
/* NOLINTNEXTLINE(readability-function-size): where from, where to, and two clocks */
static strata_status run_ours(const bench *b, arena *a, arr_book **book, triangle_input *in,
                              triangle **out, timing *memory, timing *loaded, strata_error *err)
{
    for (int k = 0; k < b->o->repeat; k++) {
        STRATA_AUTO(arena_free) arena *once = NULL;
        triangle_input one;
        triangle *t = NULL;
        timing begin = now();
        arr_book_free(*book);
        *book = NULL;
        STRATA_TRY(arena_new(&once, err));
        STRATA_TRY(arr_book_load(&b->cx, b->source, b->until, book, err));
        if (*book == NULL) {
            return strata_fail(err, STRATA_E_USAGE, "the portfolio has no ARR");
        }
        STRATA_TRY(follow(b, *book, once, &one, &t, err));
        keep_best(begin, loaded);
    }
    for (int k = 0; k < b->o->repeat * 3 && *book != NULL; k++) {
        STRATA_AUTO(arena_free) arena *once = NULL;
        triangle_input one;
        triangle *t = NULL;
        timing begin = now();
        STRATA_TRY(arena_new(&once, err));
        STRATA_TRY(follow(b, *book, once, &one, &t, err));
        keep_best(begin, memory);
    }
    return *book != NULL ? follow(b, *book, a, in, out, err)
                         : strata_fail(err, STRATA_E_USAGE, "nothing was measured");
}

/* A cell as SQL gives it: cohort, age, accounts, base, active, ARR, kept, revenue; then, which
 * pandas gives too, against the age before: active then and their ARR, still active, their ARR, and
 * the lower of now and then. */
static void cell_row(const triangle_input *in, const triangle *t, size_t group, size_t age,
                     int64_t row[CELL_COLUMNS])
{
    const triangle_sums *s = &t->cells[group * t->n_ages + age];
    const int64_t values[CELL_COLUMNS] = {day_month_index(in->groups->first[group]),
                                          (int64_t)age,
                                          s->accounts,
                                          s->base,
                                          s->active,
                                          s->amount,
                                          s->kept,
                                          s->revenue,
                                          s->before,
                                          s->before_amount,
                                          s->stayed,
                                          s->stayed_amount,
                                          s->stayed_kept};
    memcpy(row, values, sizeof values);
}

static bool next_cell(const triangle *t, size_t *group, size_t *age)
{
    while (*group < t->n_groups &&
           (*age == t->n_ages || t->cells[*group * t->n_ages + *age].time == TRIANGLE_AHEAD)) {
        *age = *age == t->n_ages ? 0 : *age + 1;
        *group += *age == 0;
    }
    return *group < t->n_groups;
}

static strata_status compare(stmt *s, const triangle_input *in, const triangle *t,
                             strata_error *err)
{
    size_t group = 0;
    size_t age = 0;
    for (size_t n = 1; n > 0;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        for (size_t i = 0; i < n; i++, age++) {
            int64_t ours[CELL_COLUMNS];
            bool same = next_cell(t, &group, &age);
            if (same) {
                cell_row(in, t, group, age, ours);
            }
            for (size_t c = 0; same && c < SQL_COLUMNS; c++) {
                same = stmt_int64(s, c)[i] == ours[c];
            }
            if (!same) {
                return strata_fail(err, STRATA_E_INTERNAL, "cohort %zu at age %zu differs in SQL",
                                   group, age);
            }
        }
    }
    return next_cell(t, &group, &age)
               ? strata_fail(err, STRATA_E_INTERNAL, "SQL has no cohort %zu at age %zu", group, age)
               : STRATA_OK;
}

static strata_status run_peer(const bench *b, const triangle_input *in, const triangle *t,
                              timing *best, strata_error *err)
{
    STRATA_AUTO_FREE char *sql = NULL;
    size_t len;
    STRATA_TRY(file_read(b->o->sql, 1 << 20, &sql, &len, err));
    for (int k = 0; k < b->o->repeat; k++) {
        STRATA_AUTO(stmt_free) stmt *s = NULL;
        STRATA_TRY(stmt_new_text(store_main(b->store), "peer", sql, &s, err));
        STRATA_TRY(stmt_bind_int32(s, "until", b->until, err));
        timing begin = now();
        STRATA_TRY(stmt_execute(s, err));
        keep_best(begin, best);
        if (k == 0) {
            STRATA_TRY(compare(s, in, t, err));
        }
    }
    return STRATA_OK;
}

/* --- for pandas --- */

static strata_status dump_array(const bench *b, const char *name, const void *bytes, size_t len,
                                strata_error *err)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", b->o->dump, name);
    return file_write(path, bytes, len, err);
}

static strata_status dump(const bench *b, const arr_book *book, const triangle_input *in,
                          const triangle *t, strata_error *err)
{
    STRATA_AUTO_FREE int32_t *account = STRATA_NEW_ARRAY(book->n_rows, int32_t);
    STRATA_AUTO_FREE int64_t *rows =
        STRATA_NEW_ARRAY(t->n_groups * t->n_ages * CELL_COLUMNS, int64_t);
    if (account == NULL || rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < book->n_accounts; i++) {
        for (uint32_t k = book->start[i]; k < book->start[i + 1]; k++) {
            account[k] = (int32_t)i;
        }
    }
    size_t n = 0;
    for (size_t group = 0, age = 0; next_cell(t, &group, &age); age++) {
        cell_row(in, t, group, age, &rows[CELL_COLUMNS * n++]);
    }
    STRATA_TRY(dump_array(b, "account", account, book->n_rows * sizeof *account, err));
    STRATA_TRY(dump_array(b, "day", book->day, book->n_rows * sizeof *book->day, err));
    STRATA_TRY(dump_array(b, "after", book->after, book->n_rows * sizeof *book->after, err));
    return dump_array(b, "cells", rows, n * CELL_COLUMNS * sizeof *rows, err);
}

static strata_status run(bench *b, strata_error *err)
{
    const store_options so = {.mode = STORE_READ, .threads = b->o->threads};
    STRATA_TRY(store_open(b->o->store, &so, &b->cx, &b->store, err));
    STRATA_TRY(ledger_store_new(b->store, &b->cx, &b->ledger, err));
    b->source = ledger_store_source(b->ledger);
    b->until = day_month_end(b->source->info(b->source->self)->last_day);
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_AUTO(arr_book_free) arr_book *book = NULL;
    triangle_input in = {0};
    triangle *t = NULL;
    timing memory = {0};
    timing loaded = {0};
    timing sql = {0};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(run_ours(b, a, &book, &in, &t, &memory, &loaded, err));
    (void)printf("%zu accounts, %zu rows of ARR, %zu cohorts at up to %zu ages, %d threads, best "
                 "of %d\n",
                 book->n_accounts, book->n_rows, t->n_groups, t->n_ages, b->o->threads,
                 b->o->repeat);
    report("triangles, book in memory", memory);
    report("triangles, from the store", loaded);
    STRATA_TRY(run_peer(b, &in, t, &sql, err));
    report("SQL", sql);
    (void)printf("SQL takes %.1f times the triangles in memory (cpu %.1f), %.1f times those from "
                 "the store (cpu %.1f); all cells agree\n",
                 sql.wall / memory.wall, sql.cpu / memory.cpu, sql.wall / loaded.wall,
                 sql.cpu / loaded.cpu);
    return b->o->dump == NULL ? STRATA_OK : dump(b, book, &in, t, err);
}

int main(int argc, char **argv)
{
    options o = {.threads = 2, .repeat = 3};
    if (!read_options(argc, argv, &o)) {
        (void)fprintf(stderr, "usage: triangles STORE PEER.sql [--threads N] [--repeat N] [--dump "
                              "FOLDER]\n");
        return 64;
    }
    STRATA_CLEANUP(bench_done) bench b = {.o = &o, .cx = {.threads = o.threads}};
    strata_error err = {0};
    if (run(&b, &err) != STRATA_OK) {
        (void)fprintf(stderr, "triangles: %s\n", err.message);
        return 70;
    }
    return 0;
}
