/* SPDX-License-Identifier: Apache-2.0 */

/* Killed processes and full disks: the store is as it was before, or as it is after, never between.
 */

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "source_test.h"

enum { ROWS_BEFORE = 10, ROWS_AFTER = 60000, LITTLE_ROOM = 96 * 1024 };

#define MODEL "sources: {accounts: a.csv, usage: u.csv}\n"

static void write_usage(const project *p, int rows)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_add(&b, "account_id,at,feature,count,user_id\n");
    for (int i = 0; i < rows; i++) {
        strbuf_printf(&b, "A%d,2024-%02d-%02d,f%d,1,u%d\n", i % 50, 1 + i / 50 % 12,
                      1 + i / 600 % 28, i % 7, i);
    }
    write_text(p, "u.csv", b.text);
}

/* A folder without a store open in this process: children open it. */
static void folder_open(project *p)
{
    *p =
        (project){.folder = "/tmp/strata-source-XXXXXX", .cx = {.threads = 2, .today = TEST_TODAY}};
    assert_non_null(mkdtemp(p->folder));
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_add(&b, "account_id\n");
    for (int i = 0; i < 50; i++) {
        strbuf_printf(&b, "A%d\n", i);
    }
    write_text(p, "a.csv", b.text);
}

static void folder_close(project *p)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", p->folder);
    assert_int_equal(system(command), 0); // NOLINT(concurrency-mt-unsafe)
}

static strata_status open_on_disk(project *p, store_mode mode)
{
    char path[128];
    const store_options options = {.mode = mode, .external_access = true, .wait_s = 30};
    (void)snprintf(path, sizeof path, "%s/strata.duckdb", p->folder);
    STRATA_TRY(arena_new(&p->arena, &p->err));
    return store_open(path, &options, &p->cx, &p->store, &p->err);
}

/* In a child: 0 when the ingest went through. */
static int ingest_in_child(project *p, long most_bytes)
{
    if (most_bytes > 0) {
        const struct rlimit limit = {(rlim_t)most_bytes, (rlim_t)most_bytes};
        (void)signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0) {
            return 2;
        }
    }
    if (open_on_disk(p, STORE_WRITE) != STRATA_OK) {
        return 3;
    }
    int code = project_ingest(p, MODEL) == STRATA_OK ? 0 : 1;
    store_close(p->store);
    return code;
}

static pid_t start_child(project *p, long most_bytes)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(ingest_in_child(p, most_bytes));
    }
    return child;
}

static int end_of(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What a new process finds: usage rows, whether files and meta agree with them. */
static int look_in_child(project *p, int other)
{
    if (open_on_disk(p, STORE_READ) != STRATA_OK) {
        return 3;
    }
    stmt *q = NULL;
    bool more;
    if (stmt_new_text(
            store_main(p->store), "look",
            "select (select sum(events) from usage_ledger)::bigint, (select sum(rows_loaded) "
            "from source_file where entity = 'usage')::bigint, (select count(*) from meta "
            "where key = 'data_digest')",
            &q, &p->err) != STRATA_OK ||
        stmt_execute(q, &p->err) != STRATA_OK || stmt_next(q, &more, &p->err) != STRATA_OK) {
        return 4;
    }
    int64_t n = stmt_get_int(q, 0);
    bool whole = n == stmt_get_int(q, 1) && stmt_get_int(q, 2) == 1;
    return !whole ? 5 : n == ROWS_BEFORE ? 0 : n == other ? 1 : 6;
}

static int look(project *p, int other)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(look_in_child(p, other));
    }
    return end_of(child);
}

static void a_killed_ingest_leaves_the_last_good_state(void **state)
{
    (void)state;
    project p;
    folder_open(&p);
    write_usage(&p, ROWS_BEFORE);
    assert_int_equal(end_of(start_child(&p, 0)), 0);
    assert_int_equal(look(&p, 0), 0);
    write_usage(&p, ROWS_AFTER);
    for (long ms = 5; ms <= 320; ms *= 2) {
        const struct timespec wait = {0, ms * 1000000};
        pid_t child = start_child(&p, 0);
        (void)nanosleep(&wait, NULL);
        (void)kill(child, SIGKILL);
        (void)end_of(child);
        int found = look(&p, ROWS_AFTER);
        assert_in_range(found, 0, 1);
        if (found == 1) {
            break; /* it was done before the signal came */
        }
    }
    assert_int_equal(end_of(start_child(&p, 0)), 0);
    assert_int_equal(look(&p, ROWS_AFTER), 1);
    folder_close(&p);
}

static void a_full_disk_leaves_the_last_good_state(void **state)
{
    (void)state;
    project p;
    folder_open(&p);
    write_usage(&p, ROWS_BEFORE);
    assert_int_equal(end_of(start_child(&p, 0)), 0);
    write_usage(&p, ROWS_AFTER);
    assert_int_equal(end_of(start_child(&p, LITTLE_ROOM)), 1);
    assert_int_equal(look(&p, ROWS_AFTER), 0);
    assert_int_equal(end_of(start_child(&p, 0)), 0);
    assert_int_equal(look(&p, ROWS_AFTER), 1);
    folder_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_ingest_leaves_the_last_good_state),
        cmocka_unit_test(a_full_disk_leaves_the_last_good_state),
    };
    return cmocka_run_group_tests_name("robust", tests, NULL, NULL);
}
