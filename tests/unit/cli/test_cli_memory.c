/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out anywhere below a command: it is reported, nothing is lost, and what is
 * recorded stays. Every allocation is too many for a command that reads a store, so they are tried
 * in steps. */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/command_line.h"
#include "history/history.h"
#include "support/failing_alloc.h"

enum { TRIES = 10, LINE = 512 };

typedef struct world {
    char folder[64];
} world;

static void must(const char *line)
{
    strata_error err = {0};
    call c;
    strata_status st = command_line(line, true, &c, &err);
    if (st != STRATA_OK) {
        fail_msg("strata %s: %s", line, err.message);
    }
    arena_free(c.arena);
}

static void must_in(const world *w, const char *command)
{
    char line[LINE];
    (void)snprintf(line, sizeof line, "%s -p %s/p -o %s/out", command, w->folder, w->folder);
    must(line);
}

static int set_up(void **state)
{
    static world w = {.folder = "/tmp/strata-cli-XXXXXX"};
    char line[LINE];
    assert_non_null(mkdtemp(w.folder));
    (void)snprintf(line, sizeof line, "synth %s/p --accounts 24 --years 2 --seed 4 -o %s/out",
                   w.folder, w.folder);
    must(line);
    must_in(&w, "ingest");
    must_in(&w, "run --as-of 2026-03-31");
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    const world *w = *state;
    char line[LINE];
    (void)snprintf(line, sizeof line, "rm -rf '%s'", w->folder);
    return system(line) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): a path of our own */
}

static size_t count_reviews(const world *w)
{
    strata_error err = {0};
    char path[LINE];
    const context cx = {.threads = 1};
    const store_options options = {.mode = STORE_READ};
    STRATA_AUTO(store_close) store *s = NULL;
    STRATA_AUTO(arena_free) arena *a = NULL;
    const history_run *runs = NULL;
    size_t n = 0;
    (void)snprintf(path, sizeof path, "%s/p/strata.duckdb", w->folder);
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(store_open(path, &options, &cx, &s, &err), &err);
    assert_ok(history_runs(store_main(s), a, &runs, &n, &err), &err);
    return n;
}

/* One run with the nth allocation failing. False when there are not so many. */
static bool try_failing(const char *line, long n)
{
    strata_error err = {0};
    call c;
    fail_alloc_at(n);
    strata_status st = command_line(line, true, &c, &err);
    bool failed = fail_alloc_off();
    arena_free(c.arena);
    if (!failed) {
        assert_ok(st, &err);
    } else if (st != STRATA_OK && st != STRATA_E_NOMEM) {
        fail_msg("strata %s, allocation %ld: status %d, %s", line, n, (int)st, err.message);
    }
    return failed;
}

static void survives(const world *w, const char *command)
{
    char line[LINE];
    (void)snprintf(line, sizeof line, "%s -p %s/p -o %s/out", command, w->folder, w->folder);
    fail_alloc_at(10000000);
    must(line);
    long total = fail_alloc_count();
    (void)fail_alloc_off();
    assert_true(total > 0);
    long step = total > TRIES ? total / TRIES : 1;
    for (long n = 0; n < total; n += step) {
        (void)try_failing(line, n);
    }
    must(line);
}

static void commands_that_look_survive(void **state)
{
    static const char *const commands[] = {
        "segments",
        "segments value 12m",
        "accounts",
        "features",
        "diff",
        "explain A000003",
        "quality",
        "profile Steady",
        "history",

        "readiness",
        "report",
        "run --dry",
        "history A000003",
        "compare Steady Champions",
    };
    for (size_t i = 0; i < COUNT(commands); i++) {
        survives(*state, commands[i]);
    }
}

static void what_was_recorded_stays(void **state)
{
    const world *w = *state;
    char line[LINE];
    assert_int_equal(count_reviews(w), 1);
    (void)snprintf(line, sizeof line, "run --as-of 2026-06-30 -p %s/p -o %s/out", w->folder,
                   w->folder);
    for (long n = 0; n < 600; n += 25) {
        fail_alloc_from(n);
        strata_error err = {0};
        call c;
        strata_status st = command_line(line, true, &c, &err);
        bool failed = fail_alloc_off();
        arena_free(c.arena);
        assert_true(failed);
        assert_int_equal(st, STRATA_E_NOMEM);
        assert_int_equal(count_reviews(w), 1);
    }
    survives(w, "run --as-of 2026-06-30");
    assert_int_equal(count_reviews(w), 2);
    survives(w, "backfill --every quarter --from 2025-12-31");
    assert_int_equal(count_reviews(w), 3);
}

static void ingesting_survives(void **state)
{
    survives(*state, "ingest --force");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_that_look_survive),
        cmocka_unit_test(what_was_recorded_stays),
        cmocka_unit_test(ingesting_survives),
    };
    return cmocka_run_group_tests_name("cli memory", tests, set_up, tear_down);
}
