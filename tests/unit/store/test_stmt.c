/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

#include "store_test.h"

static stmt *prepared(store *s, const char *sql)
{
    strata_error err = {0};
    stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(s), "test", sql, &q, &err), &err);
    return q;
}

static void first_row(stmt *q)
{
    strata_error err = {0};
    bool more = false;
    assert_ok(stmt_execute(q, &err), &err);
    assert_ok(stmt_next(q, &more, &err), &err);
    assert_true(more);
}

static void assert_text(text_view got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    assert_memory_equal(got.ptr, want, got.len);
}

static void every_bound_type_comes_back(void **state)
{
    (void)state;
    static const char long_text[] = "more than the twelve bytes that fit inside, with \xC3\xBC";
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    STRATA_AUTO(stmt_free)
    stmt *q = prepared(s, "select $i32::integer, $i64::bigint, $u64::ubigint, $d::double, "
                          "$day::date, $b::boolean, $ts::timestamp, $short::varchar, "
                          "$long::varchar, $i8::tinyint, $u8::utinyint");
    assert_ok(stmt_bind_int32(q, "i32", INT32_MIN, &err), &err);
    assert_ok(stmt_bind_int64(q, "i64", INT64_MIN, &err), &err);
    assert_ok(stmt_bind_uint64(q, "u64", UINT64_MAX, &err), &err);
    assert_ok(stmt_bind_double(q, "d", 0x1.fffffffffffffp-1022, &err), &err);
    assert_ok(stmt_bind_day(q, "day", day_from_civil(2024, 2, 29), &err), &err);
    assert_ok(stmt_bind_bool(q, "b", true, &err), &err);
    assert_ok(stmt_bind_timestamp(q, "ts", -1, &err), &err);
    assert_ok(stmt_bind_text(q, "short", "", &err), &err);
    assert_ok(stmt_bind_text(q, "long", long_text, &err), &err);
    assert_ok(stmt_bind_int32(q, "i8", -128, &err), &err);
    assert_ok(stmt_bind_int32(q, "u8", 255, &err), &err);
    first_row(q);
    assert_int_equal(stmt_int32(q, 0)[0], INT32_MIN);
    assert_true(stmt_int64(q, 1)[0] == INT64_MIN);
    assert_true(stmt_uint64(q, 2)[0] == UINT64_MAX);
    assert_close(stmt_double(q, 3)[0], 0x1.fffffffffffffp-1022, 0);
    assert_int_equal(stmt_day(q, 4)[0], day_from_civil(2024, 2, 29));
    assert_int_equal(stmt_uint8(q, 5)[0], 1);
    assert_int_equal(stmt_int64(q, 6)[0], -1);
    assert_text(stmt_text(q, 7, 0), "");
    assert_text(stmt_text(q, 8, 0), long_text);
    assert_int_equal(stmt_int8(q, 9)[0], -128);
    assert_int_equal(stmt_uint8(q, 10)[0], 255);
    for (size_t col = 0; col < stmt_n_columns(q); col++) {
        assert_false(stmt_is_null(q, col));
    }
}

static void missing_values_are_bound_as_null(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    STRATA_AUTO(stmt_free)
    stmt *q = prepared(s, "select $a::integer, $b::double, $c::date, $d::varchar");
    assert_ok(stmt_bind_null(q, "a", &err), &err);
    assert_ok(stmt_bind_double(q, "b", NAN, &err), &err);
    assert_ok(stmt_bind_day(q, "c", DAY_MISSING, &err), &err);
    assert_ok(stmt_bind_text(q, "d", NULL, &err), &err);
    first_row(q);
    assert_true(stmt_is_null(q, 0));
    assert_int_equal(stmt_get_int(q, 0), 0);
    assert_true(isnan(stmt_get_double(q, 1)));
    assert_int_equal(stmt_get_day(q, 2), DAY_MISSING);
    assert_null(stmt_get_text(q, 3).ptr);
}

static void rows_give_integers_of_any_width(void **state)
{
    (void)state;
    STRATA_AUTO(store_close) store *s = open_memory();
    STRATA_AUTO(stmt_free)
    stmt *q = prepared(s, "select true, -1::tinyint, 2::utinyint, -3::integer, 4::bigint, "
                          "5::ubigint, '1970-01-07'::date, 1.5::double");
    first_row(q);
    static const int64_t want[] = {1, -1, 2, -3, 4, 5, 6};
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_int_equal(stmt_get_int(q, i), want[i]);
        assert_close(stmt_get_double(q, i), (double)want[i], 0);
    }
    assert_close(stmt_get_double(q, 7), 1.5, 0);
}

static void rows_cross_the_borders_of_chunks(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    STRATA_AUTO(stmt_free) stmt *q = prepared(s, "select i from range(5000) t(i) order by i");
    for (int pass = 0; pass < 2; pass++) { /* executing again starts anew */
        assert_ok(stmt_execute(q, &err), &err);
        int64_t n = 0;
        for (bool more;; n++) {
            assert_ok(stmt_next(q, &more, &err), &err);
            if (!more) {
                break;
            }
            assert_int_equal(stmt_get_int(q, 0), n);
        }
        assert_int_equal(n, 5000);
        bool more = true;
        assert_ok(stmt_next(q, &more, &err), &err);
        assert_false(more);
    }
}

static void both_validity_paths_are_read(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    STRATA_AUTO(stmt_free)
    stmt *q = prepared(s, "select i, case when i % 3 = 0 then i end from range(3000) t(i)");
    assert_ok(stmt_stream(q, &err), &err);
    size_t valid = 0;
    for (size_t n;;) {
        assert_ok(stmt_next_chunk(q, &n, &err), &err);
        if (n == 0) {
            break;
        }
        for (size_t i = 0; i < n; i++) {
            assert_true(valid_row(stmt_validity(q, 0), i));
            bool is = valid_row(stmt_validity(q, 1), i);
            assert_int_equal(is, stmt_int64(q, 0)[i] % 3 == 0);
            valid += is;
        }
    }
    assert_int_equal(valid, 1000);
}

static long peak_kb(void)
{
    struct rusage use;
    assert_int_equal(getrusage(RUSAGE_SELF, &use), 0);
    return use.ru_maxrss;
}

/* 40 million rows of 8 bytes would be 320 MB. */
static void streamed_results_keep_memory_bounded(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    STRATA_AUTO(stmt_free) stmt *q = prepared(s, "select i from range(40000000) t(i)");
    long before = peak_kb();
    assert_ok(stmt_stream(q, &err), &err);
    uint64_t rows = 0;
    for (size_t n = 1; n > 0; rows += n) {
        assert_ok(stmt_next_chunk(q, &n, &err), &err);
    }
    assert_int_equal(rows, 40000000);
    assert_in_range(peak_kb() - before, 0, 100 * 1024);
}

static void memory_has_a_limit(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = NULL;
    const store_options options = {
        .mode = STORE_MEMORY, .memory_limit = "50MB", .temp_directory = ""};
    assert_ok(store_open(NULL, &options, &test_cx, &s, &err), &err);
    assert_int_equal(failure_of(s, "select count(distinct i) from range(20000000) t(i)", &err),
                     STRATA_E_NOMEM);
    assert_non_null(strstr(err.message, "test: memory ran out"));
    assert_int_equal(number_of(s, "select 1"), 1);
}

static void failures_are_sorted_into_statuses(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        strata_status want;
        const char *words;
    } cases[] = {
        {"select 'x'::integer", STRATA_E_DATA, "test: could not convert string 'x'"},
        {"select 9223372036854775807 + i from range(2) t(i)", STRATA_E_DATA, "test: overflow"},
        {"insert into meta values ('a', 'b'), ('a', 'c')", STRATA_E_DATA, "PRIMARY KEY"},
        {"insert into account (name) values ('b')", STRATA_E_DATA, "NOT NULL"},
        {"selec 1", STRATA_E_USAGE, "LINE 1: selec 1"},
        {"select * from nothing", STRATA_E_USAGE, "nothing does not exist"},
        {"select 'caf\xE9'", STRATA_E_DATA, "unicode"},
        {"", STRATA_E_USAGE, "no statement to prepare"},
        {"select 1; select 2", STRATA_E_USAGE, "multiple statements"},
        {"select * from read_csv('/etc/passwd')", STRATA_E_IO, "disabled by configuration"},
        {"copy meta to '/tmp/strata-no.csv'", STRATA_E_IO, "disabled by configuration"},
        {"attach '/tmp/strata-no.duckdb'", STRATA_E_IO, "disabled by configuration"},
        {"set enable_external_access = true", STRATA_E_DATA, "cannot enable external access"},
    };
    STRATA_AUTO(store_close) store *s = open_memory();
    for (size_t i = 0; i < COUNT(cases); i++) {
        strata_error err = {0};
        strata_status got = failure_of(s, cases[i].sql, &err);
        if (got != cases[i].want || err.status != got ||
            strstr(err.message, cases[i].words) == NULL) {
            fail_msg("%s: status %d, %s", cases[i].sql, got, err.message);
        }
    }
}

static void a_missing_file_names_itself(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_store(NULL, STORE_MEMORY, true);
    assert_int_equal(failure_of(s, "select * from read_csv('/nowhere/a.csv')", &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "/nowhere/a.csv"));
}

static void a_failure_while_streaming_is_reported(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    STRATA_AUTO(stmt_free)
    stmt *q = prepared(s, "select case when i = 4000000 then 'x' else '1' end::integer "
                          "from range(5000000) t(i)");
    strata_status status = stmt_stream(q, &err);
    for (size_t n = 1; status == STRATA_OK && n > 0;) {
        status = stmt_next_chunk(q, &n, &err);
    }
    assert_int_equal(status, STRATA_E_DATA);
    assert_non_null(strstr(err.message, "could not convert string 'x'"));
    assert_int_equal(number_of(s, "select 1"), 1);
}

/* One thread's failure interrupts the others, and one of those may be the first to be heard. */
static void the_reason_is_found_whichever_thread_fails(void **state)
{
    (void)state;
    const context cx = {.threads = 4};
    const store_options options = {.mode = STORE_MEMORY};
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = NULL;
    assert_ok(store_open(NULL, &options, &cx, &s, &err), &err);
    run(s, "create table t as select i, if(i % 250000 = 249000, 'x', '1') as v "
           "from range(1000000) t(i)");
    for (int i = 0; i < 50; i++) {
        STRATA_AUTO(stmt_free) stmt *q = prepared(s, "select i, v::integer from t");
        strata_status status = stmt_stream(q, &err);
        for (size_t n = 1; status == STRATA_OK && n > 0;) {
            status = stmt_next_chunk(q, &n, &err);
        }
        if (status != STRATA_E_DATA ||
            strstr(err.message, "could not convert string 'x'") == NULL) {
            fail_msg("%d: status %d, %s", i, status, err.message);
        }
    }
}

static void misuse_is_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    stmt *q = NULL;
    assert_int_equal(stmt_new(store_main(s), "store/none.sql", &q, &err), STRATA_E_INTERNAL);
    assert_string_equal(err.message, "the program holds no statement 'store/none.sql'");
    assert_null(q);
    STRATA_AUTO(stmt_free) stmt *named = prepared(s, "select $a::integer + $b::integer");
    assert_int_equal(stmt_bind_int32(named, "c", 1, &err), STRATA_E_INTERNAL);
    assert_string_equal(err.message, "test: there is no parameter $c");
    assert_ok(stmt_bind_int32(named, "a", 1, &err), &err);
    assert_int_equal(stmt_execute(named, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "b"));
    assert_int_equal(stmt_bind_text(named, "b", "caf\xE9", &err), STRATA_E_DATA);
    assert_string_equal(err.message, "test: the text for $b is not UTF-8");
    size_t n = 7;
    assert_int_equal(stmt_next_chunk(named, &n, &err), STRATA_E_INTERNAL);
    assert_int_equal(n, 7);
}

static void changed_rows_are_counted(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    run(s, "insert into meta select i, 'x' from range(12) t(i)");
    STRATA_AUTO(stmt_free) stmt *q = prepared(s, "delete from meta where key < $k::varchar");
    assert_int_equal(stmt_rows_changed(q), 0);
    assert_ok(stmt_bind_text(q, "k", "2", &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
    assert_int_equal(stmt_rows_changed(q), 4); /* 0, 1, 10, 11 */
}

static void a_changed_table_is_noticed(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    assert_ok(stmt_run(store_main(s), "store/tables.sql", &err), &err);
    run(s, "create table t as select 1 as a");
    STRATA_AUTO(stmt_free) stmt *q = prepared(s, "from t");
    assert_int_equal(stmt_column_type(q, 0), COLUMN_INT32);
    run(s, "alter table t add column b integer");
    assert_int_equal(stmt_execute(q, &err), STRATA_E_STORE);
    assert_string_equal(err.message, "test: the columns changed since it was prepared");
    run(s, "alter table t drop column b");
    run(s, "alter table t alter a type double");
    first_row(q);
    assert_int_equal(stmt_column_type(q, 0), COLUMN_DOUBLE);
    run(s, "drop table t");
    assert_int_equal(stmt_execute(q, &err), STRATA_E_USAGE);
}

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

static void stop_after_ms(long ms)
{
    stopped = 0;
    (void)signal(SIGALRM, stop);
    const struct itimerval t = {.it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}};
    assert_int_equal(setitimer(ITIMER_REAL, &t, NULL), 0);
}

static void a_long_statement_is_stopped(void **state)
{
    (void)state;
    static const char *const endless[] = {
        "select sum(hash(i)) from range(1000000000000) t(i)",
        "select count(*) from range(100000000) a(i), range(1000000) b(j) where i % 7 = j % 5",
        "create table t as select i, hash(i) as h from range(1000000000000) t(i)",
    };
    const context cx = {.threads = 2, .cancelled = &stopped};
    const store_options options = {.mode = STORE_MEMORY};
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = NULL;
    stopped = 0;
    assert_ok(store_open(NULL, &options, &cx, &s, &err), &err);
    for (size_t i = 0; i < COUNT(endless); i++) {
        stopped = 0;
        STRATA_AUTO(stmt_free) stmt *q = prepared(s, endless[i]);
        struct timespec from;
        struct timespec to;
        (void)clock_gettime(CLOCK_MONOTONIC, &from);
        stop_after_ms(200);
        assert_int_equal(stmt_execute(q, &err), STRATA_E_CANCELLED);
        (void)clock_gettime(CLOCK_MONOTONIC, &to);
        assert_string_equal(err.message, "stopped; nothing was changed");
        assert_true(to.tv_sec - from.tv_sec < 3);
        assert_int_equal(stmt_execute(q, &err), STRATA_E_CANCELLED);
        stopped = 0;
        assert_int_equal(number_of(s, "select count(*) from meta"), 0);
    }
}

static void a_stream_is_stopped(void **state)
{
    (void)state;
    const context cx = {.threads = 2, .cancelled = &stopped};
    const store_options options = {.mode = STORE_MEMORY};
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = NULL;
    stopped = 0;
    assert_ok(store_open(NULL, &options, &cx, &s, &err), &err);
    STRATA_AUTO(stmt_free) stmt *q = prepared(s, "select i from range(1000000000000) t(i)");
    assert_ok(stmt_stream(q, &err), &err);
    stop_after_ms(100);
    strata_status status = STRATA_OK;
    for (size_t n = 1; status == STRATA_OK && n > 0;) {
        status = stmt_next_chunk(q, &n, &err);
    }
    assert_int_equal(status, STRATA_E_CANCELLED);
    stopped = 0;
    assert_int_equal(number_of(s, "select 1"), 1);
}

typedef struct told {
    int times;
    uint64_t last;
} told;

static void listen(void *payload, const char *what, uint64_t done, uint64_t total)
{
    told *t = payload;
    assert_string_equal(what, "the table");
    assert_int_equal(total, 10000);
    assert_in_range(done, t->last, total);
    t->last = done;
    t->times++;
}

static void progress_of_a_long_statement_is_told(void **state)
{
    (void)state;
    told heard = {0};
    const context cx = {.threads = 1, .progress = listen, .payload = &heard};
    const store_options options = {.mode = STORE_MEMORY};
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = NULL;
    assert_ok(store_open(NULL, &options, &cx, &s, &err), &err);
    run(s, "create table t as select i from range(3000000) t(i)");
    assert_int_equal(heard.times, 0); /* nobody watched */
    STRATA_AUTO(stmt_free)
    stmt *q = prepared(s, "select count(distinct md5(md5(md5(i::varchar)))) from t");
    stmt_watch(q, "the table");
    assert_ok(stmt_execute(q, &err), &err);
    assert_true(heard.times > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bound_type_comes_back),
        cmocka_unit_test(missing_values_are_bound_as_null),
        cmocka_unit_test(rows_give_integers_of_any_width),
        cmocka_unit_test(rows_cross_the_borders_of_chunks),
        cmocka_unit_test(both_validity_paths_are_read),
        cmocka_unit_test(streamed_results_keep_memory_bounded),
        cmocka_unit_test(memory_has_a_limit),
        cmocka_unit_test(failures_are_sorted_into_statuses),
        cmocka_unit_test(a_missing_file_names_itself),
        cmocka_unit_test(a_failure_while_streaming_is_reported),
        cmocka_unit_test(the_reason_is_found_whichever_thread_fails),
        cmocka_unit_test(misuse_is_refused),
        cmocka_unit_test(a_changed_table_is_noticed),
        cmocka_unit_test(changed_rows_are_counted),
        cmocka_unit_test(a_long_statement_is_stopped),
        cmocka_unit_test(a_stream_is_stopped),
        cmocka_unit_test(progress_of_a_long_statement_is_told),
    };
    return cmocka_run_group_tests_name("stmt", tests, NULL, NULL);
}
