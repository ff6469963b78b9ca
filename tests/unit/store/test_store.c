/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "store_test.h"

#include "base/file.h"
#include "store/duckdb_api.h"
#include "store/private.h"

/* A running helper and what it says. */
typedef struct helper {
    pid_t pid;
    FILE *said;
} helper;

/* Built beside the tests: build/tests/unit/store/store_helper. */
static void helper_path(char out[512])
{
    ssize_t n = readlink("/proc/self/exe", out, 480);
    assert_in_range(n, 1, 479);
    out[n] = '\0';
    char *name = strrchr(out, '/');
    (void)snprintf(name, (size_t)(out + 512 - name), "/unit/store/store_helper");
}

static helper start(const char *what, const char *path, const char *more)
{
    int ends[2];
    char program[512];
    helper_path(program);
    assert_int_equal(pipe(ends), 0);
    helper h = {.pid = fork()};
    assert_true(h.pid >= 0);
    if (h.pid == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[0]);
        (void)execl(program, "helper", what, path, more, (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    h.said = fdopen(ends[0], "r");
    assert_non_null(h.said);
    return h;
}

/* Waits for its end; yields the exit code, or minus the signal. */
static int finish(helper *h, char said[1024])
{
    size_t n = fread(said, 1, 1023, h->said);
    said[n] = '\0';
    (void)fclose(h->said);
    int status;
    assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static helper start_ready(const char *what, const char *path, const char *more)
{
    helper h = start(what, path, more);
    char line[64] = "";
    assert_non_null(fgets(line, sizeof line, h.said));
    assert_string_equal(line, "ready\n");
    return h;
}

static strata_status open_failure(const char *path, store_mode mode, strata_error *err)
{
    store *s = NULL;
    const store_options options = {.mode = mode, .wait_s = -1};
    strata_status status = store_open(path, &options, &test_cx, &s, err);
    if (status == STRATA_OK) {
        store_close(s);
        fail_msg("'%s' was opened", path);
    }
    assert_null(s);
    assert_int_equal(err->status, status);
    return status;
}

static void write_file(const char *path, const char *bytes, size_t len)
{
    strata_error err = {0};
    assert_ok(file_write(path, bytes, len, &err), &err);
}

static void a_store_is_made_then_read(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "strata.duckdb");
    store *s = open_store(path, STORE_WRITE, false);
    run(s, "insert into meta values ('currency', 'USD')");
    store_close(s);
    s = open_store(path, STORE_READ, false);
    assert_int_equal(number_of(s, "select count(*) from meta"), 1);
    assert_int_equal(number_of(s, "select max(version) from schema_migration"),
                     store_schema_version());
    strata_error err = {0};
    assert_int_equal(failure_of(s, "insert into meta values ('a', 'b')", &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "read-only mode"));
    store_close(s);
    s = open_store(path, STORE_WRITE, true); /* migrated before: nothing to do */
    assert_int_equal(number_of(s, "select count(*) from schema_migration"), store_schema_version());
    store_close(s);
    remove_path(path);
}

static void paths_that_cannot_be_are_named(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "none.duckdb");
    strata_error err = {0};
    assert_int_equal(open_failure(path, STORE_READ, &err), STRATA_E_NOTFOUND);
    assert_non_null(strstr(err.message, "none.duckdb'; run 'strata ingest' first"));
    assert_int_equal(open_failure("/tmp", STORE_WRITE, &err), STRATA_E_IO);
    assert_string_equal(err.message, "'/tmp' is not a file; name the store's file");
    assert_int_equal(open_failure("/nowhere/a/s.duckdb", STORE_WRITE, &err), STRATA_E_IO);
    assert_string_equal(err.message, "cannot create '/nowhere/a/s.duckdb': there is no folder "
                                     "'/nowhere/a'; create it first");
    assert_int_equal(open_failure("/dev/null/s.duckdb", STORE_READ, &err), STRATA_E_IO);
    assert_string_equal(err.message, "cannot open '/dev/null/s.duckdb': Not a directory");
    remove_path(path);
}

static void an_empty_file_is_as_if_there_were_none(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "empty.duckdb");
    strata_error err = {0};
    write_file(path, "", 0);
    assert_int_equal(open_failure(path, STORE_READ, &err), STRATA_E_NOTFOUND);
    assert_non_null(strstr(err.message, "there is nothing in the store"));
    assert_non_null(strstr(err.message, "empty.duckdb'; run 'strata ingest' first"));
    store_close(open_store(path, STORE_WRITE, true));
    store_close(open_store(path, STORE_READ, true));
    remove_path(path);
}

static void a_store_that_cannot_be_made_leaves_no_file(void **state)
{
    (void)state;
    static const rlim_t rooms[] = {0, 1024, 4096, 8192};
    char path[TEST_PATH];
    strata_error err = {0};
    struct rlimit before;
    temp_path(path, "first.duckdb");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*was)(int) = signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < COUNT(rooms); i++) { /* stands for a disk with so much room */
        struct rlimit room = {.rlim_cur = rooms[i], .rlim_max = before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &room), 0);
        strata_status st = open_failure(path, STORE_WRITE, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(st, STRATA_E_IO);
        assert_non_null(strstr(err.message, "the disk is full"));
        assert_false(file_exists(path));
    }
    (void)signal(SIGXFSZ, was);
    store_close(open_store(path, STORE_WRITE, true));
    remove_path(path);
}

static void what_is_no_begun_store_stays(void **state)
{
    (void)state;
    char path[TEST_PATH];
    char log[TEST_PATH + 8];
    temp_path(path, "begun.duckdb");
    (void)snprintf(log, sizeof log, "%s.wal", path);
    write_file(path, "something", 9);
    store_remove_begun(path, 8); /* larger */
    assert_true(file_exists(path));
    write_file(log, "log", 3);
    store_remove_begun(path, STORE_HEADER_BYTES); /* its log may hold data */
    assert_true(file_exists(path));
    assert_int_equal(remove(log), 0);
    store_remove_begun(path, STORE_HEADER_BYTES);
    assert_false(file_exists(path));
    store_remove_begun(path, STORE_HEADER_BYTES); /* gone already */
    store *s = open_store(path, STORE_WRITE, true);
    store_remove_begun(path, INT64_MAX); /* open here */
    assert_true(file_exists(path));
    store_close(s);
    remove_path(path);
}

static void files_of_other_kinds_are_refused(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "other.duckdb");
    strata_error err = {0};
    static char text[20000];
    memset(text, 'x', sizeof text);
    static const size_t sizes[] = {1, 100, sizeof text};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        write_file(path, text, sizes[i]);
        assert_int_equal(open_failure(path, STORE_WRITE, &err), STRATA_E_STORE);
        assert_non_null(strstr(err.message, "is not a store: it is no DuckDB file"));
    }
    duckdb_database db = NULL;
    duckdb_connection conn = NULL;
    assert_int_equal(remove(path), 0);
    assert_int_equal(duckdb_open_ext(path, &db, NULL, NULL), DuckDBSuccess);
    assert_int_equal(duckdb_connect(db, &conn), DuckDBSuccess);
    assert_int_equal(duckdb_query(conn, "create table a (b integer)", NULL), DuckDBSuccess);
    duckdb_disconnect(&conn);
    duckdb_close(&db);
    assert_int_equal(open_failure(path, STORE_WRITE, &err), STRATA_E_STORE);
    assert_non_null(strstr(err.message, "not a store of Strata's"));
    assert_int_equal(open_failure(path, STORE_READ, &err), STRATA_E_STORE);
    remove_path(path);
}

static void truncated_stores_are_refused(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "cut.duckdb");
    strata_error err = {0};
    store *s = open_store(path, STORE_WRITE, false);
    run(s, "insert into meta select i, md5(i::varchar) from range(200000) t(i)");
    store_close(s);
    STRATA_AUTO_FREE char *bytes = NULL;
    size_t len = 0;
    assert_ok(file_read(path, 1u << 30, &bytes, &len, &err), &err);
    const size_t cuts[] = {4096, 12288, 12288 + 100000, len / 2};
    for (size_t i = 0; i < COUNT(cuts); i++) {
        write_file(path, bytes, cuts[i]);
        assert_int_equal(open_failure(path, STORE_WRITE, &err), STRATA_E_STORE);
        assert_non_null(strstr(err.message, "cut.duckdb' is damaged"));
    }
    remove_path(path);
}

/* DuckDB's words, as they stand in the library. */
static void what_duckdb_says_of_a_file_is_explained(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        strata_status want;
        const char *words;
    } cases[] = {
        {"IO Error: Trying to read a database file with version number 99, but we can only read "
         "versions between 64 and 67.",
         STRATA_E_STORE, "was written by another version of DuckDB, which v1.5"},
        {"IO Error: Error opening \"a\": file was written with a storage version greater than the "
         "latest version supported by this DuckDB instance. Try opening the file with a newer "
         "version of DuckDB.",
         STRATA_E_STORE, "was written by another version of DuckDB"},
        {"IO Error: The file \"a\" exists, but it is not a valid DuckDB database file!",
         STRATA_E_STORE, "it is no DuckDB file"},
        {"IO Error: Cannot open file \"a\": Permission denied", STRATA_E_IO, "no permission for"},
        {"IO Error: Cannot open file \"a\": Too many open files", STRATA_E_IO,
         "a.duckdb: cannot open file \"a\": Too many open files"},
        {"IO Error: Could not write file \"a\": No space left on device", STRATA_E_IO,
         "the disk is full"},
        {"Out of Memory Error: could not allocate block", STRATA_E_NOMEM, "memory ran out"},
        {"IO Error: Corrupt database file: computed checksum 1 does not match", STRATA_E_STORE,
         "is damaged"},
        {"Serialization Error: Failed to deserialize", STRATA_E_STORE, "is damaged"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        strata_error err = {0};
        assert_int_equal(store_explain_open(&err, "a.duckdb", cases[i].message), cases[i].want);
        if (strstr(err.message, cases[i].words) == NULL) {
            fail_msg("%s", err.message);
        }
    }
}

static void newer_schemas_are_refused_with_both_versions(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "new.duckdb");
    store *s = open_store(path, STORE_WRITE, false);
    run(s, "insert into schema_migration values (99, 'schema/0099_x.sql', 'x', '9.9.0', now())");
    store_close(s);
    char want[512];
    (void)snprintf(want, sizeof want,
                   "the store '%s' has schema 99, made by Strata 9.9.0; this is Strata %s, which "
                   "knows schemas up to %d; use the newer program",
                   path, STRATA_VERSION, store_schema_version());
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        strata_error err = {0};
        assert_int_equal(open_failure(path, (store_mode)mode, &err), STRATA_E_STORE);
        assert_string_equal(err.message, want);
    }
    remove_path(path);
}

static void an_edited_migration_is_noticed(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "edited.duckdb");
    store *s = open_store(path, STORE_WRITE, false);
    run(s, "update schema_migration set checksum = 'other' where version = 1");
    store_close(s);
    strata_error err = {0};
    assert_int_equal(open_failure(path, STORE_WRITE, &err), STRATA_E_STORE);
    assert_non_null(strstr(err.message, "differs from this program's"));
    remove_path(path);
}

/* Migrations not yet applied: a reader says what to do. */
static void older_schemas_are_not_read(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "old.duckdb");
    store *s = open_store(path, STORE_WRITE, false);
    run(s, "delete from schema_migration");
    store_close(s);
    strata_error err = {0};
    assert_int_equal(open_failure(path, STORE_READ, &err), STRATA_E_STORE);
    assert_non_null(strstr(err.message, "has schema 0, this program needs"));
    remove_path(path);
}

/* Migration 1 fails here, since its tables are there already: nothing of it may stay. */
static void a_migration_is_whole_or_not_at_all(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "half.duckdb");
    store *s = open_store(path, STORE_WRITE, false);
    run(s, "drop table meta");
    run(s, "delete from schema_migration");
    store_close(s);
    strata_error err = {0};
    assert_int_equal(open_failure(path, STORE_WRITE, &err), STRATA_E_STORE);
    assert_non_null(strstr(err.message, "already exists"));
    duckdb_database db = NULL;
    duckdb_connection conn = NULL;
    duckdb_result result = {0};
    assert_int_equal(duckdb_open_ext(path, &db, NULL, NULL), DuckDBSuccess);
    assert_int_equal(duckdb_connect(db, &conn), DuckDBSuccess);
    assert_int_equal(duckdb_query(conn, "from meta", &result), DuckDBError);
    duckdb_destroy_result(&result);
    duckdb_disconnect(&conn);
    duckdb_close(&db);
    remove_path(path);
}

typedef struct heard {
    int times;
    char text[512];
} heard;

static void hear(void *payload, const char *text)
{
    heard *h = payload;
    h->times++;
    (void)snprintf(h->text, sizeof h->text, "%s", text);
}

static void a_held_lock_names_its_holder(void **state)
{
    (void)state;
    char path[TEST_PATH];
    char said[1024];
    char pid[32];
    temp_path(path, "held.duckdb");
    helper h = start_ready("hold", path, "1");
    (void)snprintf(pid, sizeof pid, "(PID %d)", (int)h.pid);
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        strata_error err = {0};
        assert_int_equal(open_failure(path, (store_mode)mode, &err), STRATA_E_LOCKED);
        assert_non_null(strstr(err.message, "is in use by"));
        assert_non_null(strstr(err.message, "store_helper"));
        assert_non_null(strstr(err.message, pid));
        assert_non_null(strstr(err.message, "let it end or stop it, then try again"));
    }
    assert_int_equal(finish(&h, said), 0);
    remove_path(path);
}

static void a_process_does_not_open_a_file_twice(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "twice.duckdb");
    store *s = open_store(path, STORE_WRITE, false);
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        strata_error err = {0};
        assert_int_equal(open_failure(path, (store_mode)mode, &err), STRATA_E_LOCKED);
        assert_non_null(strstr(err.message, "is in use by this program itself"));
    }
    store_close(s);
    s = open_store(path, STORE_READ, false);
    strata_error err = {0};
    assert_int_equal(open_failure(path, STORE_READ, &err), STRATA_E_LOCKED);
    store_close(s);
    remove_path(path);
}

static void readers_of_several_processes_coexist(void **state)
{
    (void)state;
    char path[TEST_PATH];
    char said[1024];
    temp_path(path, "shared.duckdb");
    store_close(open_store(path, STORE_WRITE, false));
    helper h = start_ready("read", path, "1");
    store_close(open_store(path, STORE_READ, false));
    strata_error err = {0};
    assert_int_equal(open_failure(path, STORE_WRITE, &err), STRATA_E_LOCKED);
    assert_int_equal(finish(&h, said), 0);
    remove_path(path);
}

static void waiting_for_a_lock_is_announced_once(void **state)
{
    (void)state;
    char path[TEST_PATH];
    char said[1024];
    temp_path(path, "wait.duckdb");
    helper h = start_ready("hold", path, "1");
    heard notices = {0};
    const context cx = {.threads = 1, .notice = hear, .payload = &notices};
    const store_options options = {.mode = STORE_WRITE};
    strata_error err = {0};
    store *s = NULL;
    assert_ok(store_open(path, &options, &cx, &s, &err), &err);
    store_close(s);
    assert_int_equal(notices.times, 1);
    assert_non_null(strstr(notices.text, "waiting up to 10 s"));
    assert_int_equal(finish(&h, said), 0);
    remove_path(path);
}

static void waiting_for_a_lock_ends(void **state)
{
    (void)state;
    char path[TEST_PATH];
    char said[1024];
    temp_path(path, "long.duckdb");
    helper h = start_ready("hold", path, "3");
    const store_options options = {.mode = STORE_WRITE, .wait_s = 1};
    strata_error err = {0};
    store *s = NULL;
    assert_int_equal(store_open(path, &options, &test_cx, &s, &err), STRATA_E_LOCKED);
    assert_non_null(strstr(err.message, "waited 1 s"));
    static volatile sig_atomic_t stopped = 1;
    const context cx = {.threads = 1, .cancelled = &stopped};
    assert_int_equal(store_open(path, &options, &cx, &s, &err), STRATA_E_CANCELLED);
    assert_int_equal(finish(&h, said), 0);
    remove_path(path);
}

static void a_crash_leaves_the_last_good_state(void **state)
{
    (void)state;
    char path[TEST_PATH];
    char said[1024];
    temp_path(path, "crash.duckdb");
    static const struct {
        const char *what;
        int64_t rows;
    } steps[] = {{"crash", 0}, {"crash-after", 3000}, {"crash", 3000}, {"crash-after", 6000}};
    for (size_t i = 0; i < COUNT(steps); i++) {
        helper h = start(steps[i].what, path, NULL);
        assert_int_equal(finish(&h, said), -SIGKILL);
        store *s = open_store(path, i % 2 == 0 ? STORE_READ : STORE_WRITE, false);
        assert_int_equal(number_of(s, "select count(*) from order_ledger"), steps[i].rows);
        store_close(s);
    }
    remove_path(path);
}

static void a_kill_at_any_moment_keeps_whole_transactions(void **state)
{
    (void)state;
    char path[TEST_PATH];
    char said[1024];
    temp_path(path, "loop.duckdb");
    int64_t before = 0;
    for (int i = 0; i < 6; i++) {
        helper h = start_ready("loop", path, NULL);
        const struct timespec nap = {.tv_nsec = 20000000L + i * 17000000L};
        (void)nanosleep(&nap, NULL);
        assert_int_equal(kill(h.pid, SIGKILL), 0);
        assert_int_equal(finish(&h, said), -SIGKILL);
        store *s = open_store(path, STORE_WRITE, false);
        int64_t rows = number_of(s, "select count(*) from order_ledger");
        store_close(s);
        assert_int_equal(rows % 1000, 0);
        assert_true(rows >= before);
        before = rows;
    }
    assert_true(before > 0);
    remove_path(path);
}

static void a_full_disk_is_reported_and_harms_nothing(void **state)
{
    (void)state;
    char path[TEST_PATH];
    char said[1024];
    temp_path(path, "full.duckdb");
    store *s = open_store(path, STORE_WRITE, false);
    run(s, "insert into meta values ('currency', 'USD')");
    store_close(s);
    helper h = start("full", path, NULL);
    int code = finish(&h, said);
    if (code != strata_status_exit_code(STRATA_E_IO) || strstr(said, "disk is full") == NULL) {
        fail_msg("exit code %d: %s", code, said);
    }
    s = open_store(path, STORE_WRITE, false);
    assert_int_equal(number_of(s, "select count(*) from meta"), 1);
    assert_int_equal(number_of(s, "select count(*) from order_ledger"), 0);
    store_close(s);
    remove_path(path);
}

static void missing_permissions_are_reported(void **state)
{
    (void)state;
    char path[TEST_PATH];
    char folder[TEST_PATH];
    char said[1024];
    temp_path(path, "mine.duckdb");
    (void)snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    store_close(open_store(path, STORE_WRITE, false));
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    helper h = start("nobody", path, "read");
    assert_int_equal(finish(&h, said), 0);
    h = start("nobody", path, "write");
    assert_int_equal(finish(&h, said), strata_status_exit_code(STRATA_E_IO));
    assert_non_null(strstr(said, "no permission for '"));
    assert_int_equal(chmod(path, 0000), 0);
    h = start("nobody", path, "read");
    assert_int_equal(finish(&h, said), strata_status_exit_code(STRATA_E_IO));
    assert_non_null(strstr(said, "no permission for '"));
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(remove(path), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    h = start("nobody", path, "write");
    assert_int_equal(finish(&h, said), strata_status_exit_code(STRATA_E_IO));
    assert_non_null(strstr(said, "no permission for '"));
    assert_int_equal(chmod(folder, 0755), 0);
    remove_path(path);
}

static void a_transaction_rolls_back_unless_committed(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    {
        STORE_TX_AUTO store_tx tx = {0};
        assert_ok(store_begin(store_main(s), &tx, &err), &err);
        run(s, "insert into meta values ('a', 'b')");
        store_tx nested = {0};
        assert_int_equal(store_begin(store_main(s), &nested, &err), STRATA_E_STORE);
        assert_non_null(strstr(err.message, "store/begin.sql"));
        assert_null(nested.conn);
    }
    assert_int_equal(number_of(s, "select count(*) from meta"), 0);
    STORE_TX_AUTO store_tx tx = {0};
    assert_ok(store_begin(store_main(s), &tx, &err), &err);
    run(s, "insert into meta values ('a', 'b')");
    assert_ok(store_commit(&tx, &err), &err);
    store_rollback(&tx);
    assert_int_equal(number_of(s, "select count(*) from meta"), 1);
}

static void options_that_duckdb_refuses_are_named(void **state)
{
    (void)state;
    strata_error err = {0};
    store *s = NULL;
    const store_options options = {.mode = STORE_MEMORY, .memory_limit = "much"};
    assert_int_equal(store_open(NULL, &options, &test_cx, &s, &err), STRATA_E_USAGE);
    assert_string_equal(err.message,
                        "'much' is no limit for the store's memory; write a size such as 2GB");
    assert_int_equal(store_check_memory("much", &err), STRATA_E_USAGE);
    assert_ok(store_check_memory("2GB", &err), &err);
    assert_ok(store_check_memory(NULL, &err), &err);
    assert_null(s);
}

static void times_are_utc_wherever_the_machine_is(void **state)
{
    (void)state;
    assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
    STRATA_AUTO(store_close) store *s = open_memory();
    STRATA_AUTO(store_disconnect) store_conn *other = NULL;
    strata_error err = {0};
    assert_ok(store_connect(s, NULL, &other, &err), &err);
    assert_int_equal(number_of(s, "select epoch_us('2026-06-30 12:00:00'::timestamp::timestamptz) "
                                  "- epoch_us('2026-06-30 12:00:00'::timestamp)"),
                     0);
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new_text(other, "test", "select current_setting('TimeZone')", &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
    bool more = false;
    assert_ok(stmt_next(q, &more, &err), &err);
    assert_memory_equal(stmt_get_text(q, 0).ptr, "UTC", 3);
    assert_int_equal(unsetenv("TZ"), 0);
}

/* Also without external access: temporary files are the store's own. */
static void what_does_not_fit_in_memory_goes_to_files(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "spill.duckdb");
    const store_options options = {.mode = STORE_WRITE, .memory_limit = "60MB"};
    strata_error err = {0};
    store *s = NULL;
    assert_ok(store_open(path, &options, &test_cx, &s, &err), &err);
    assert_int_equal(number_of(s, "select count(distinct i) from range(6000000) t(i)"), 6000000);
    store_close(s);
    remove_path(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_is_made_then_read),
        cmocka_unit_test(paths_that_cannot_be_are_named),
        cmocka_unit_test(an_empty_file_is_as_if_there_were_none),
        cmocka_unit_test(a_store_that_cannot_be_made_leaves_no_file),
        cmocka_unit_test(what_is_no_begun_store_stays),
        cmocka_unit_test(files_of_other_kinds_are_refused),
        cmocka_unit_test(truncated_stores_are_refused),
        cmocka_unit_test(what_duckdb_says_of_a_file_is_explained),
        cmocka_unit_test(newer_schemas_are_refused_with_both_versions),
        cmocka_unit_test(an_edited_migration_is_noticed),
        cmocka_unit_test(older_schemas_are_not_read),
        cmocka_unit_test(a_migration_is_whole_or_not_at_all),
        cmocka_unit_test(a_held_lock_names_its_holder),
        cmocka_unit_test(readers_of_several_processes_coexist),
        cmocka_unit_test(a_process_does_not_open_a_file_twice),
        cmocka_unit_test(waiting_for_a_lock_is_announced_once),
        cmocka_unit_test(waiting_for_a_lock_ends),
        cmocka_unit_test(a_crash_leaves_the_last_good_state),
        cmocka_unit_test(a_kill_at_any_moment_keeps_whole_transactions),
        cmocka_unit_test(a_full_disk_is_reported_and_harms_nothing),
        cmocka_unit_test(missing_permissions_are_reported),
        cmocka_unit_test(a_transaction_rolls_back_unless_committed),
        cmocka_unit_test(times_are_utc_wherever_the_machine_is),
        cmocka_unit_test(what_does_not_fit_in_memory_goes_to_files),
        cmocka_unit_test(options_that_duckdb_refuses_are_named),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
