/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

#include "store_test.h"

#include "store/append.h"

enum { ROWS = 5000 }; /* more than two chunks */

static void make_table(store *s, const char *columns)
{
    char sql[512];
    (void)snprintf(sql, sizeof sql, "create table t (%s)", columns);
    run(s, sql);
}

static strata_status append_all(store *s, const append_column *columns, size_t n_columns,
                                size_t n_rows, strata_error *err)
{
    STRATA_AUTO(appender_free) appender *a = NULL;
    STRATA_TRY(appender_new(store_main(s), "t", &a, err));
    STRATA_TRY(append_rows(a, columns, n_columns, n_rows, err));
    return appender_finish(a, err);
}

/* Long and short texts in turn, since DuckDB keeps them differently. */
static text_view text_of(int32_t i, char out[64])
{
    int n = snprintf(out, 64, i % 2 == 0 ? "%d" : "a text that does not fit inside: %d", i);
    return (text_view){out, (size_t)n};
}

static void check_row(const stmt *q, int32_t i, size_t row)
{
    char text[64];
    assert_int_equal(stmt_int32(q, 0)[row], i);
    assert_true(stmt_int64(q, 1)[row] == INT64_C(1) << (i % 63));
    assert_int_equal(stmt_uint8(q, 2)[row], i % 2);
    assert_int_equal(stmt_uint8(q, 3)[row], i % 256);
    assert_true(stmt_uint64(q, 4)[row] == UINT64_MAX - (uint64_t)i);
    text_view want = text_of(i, text);
    text_view got = stmt_text(q, 5, row);
    if (i % 5 == 0) {
        assert_false(valid_row(stmt_validity(q, 6), row));
        assert_false(valid_row(stmt_validity(q, 7), row));
        assert_false(valid_row(stmt_validity(q, 8), row));
        assert_null(got.ptr);
        return;
    }
    assert_int_equal(got.len, want.len);
    assert_memory_equal(got.ptr, want.ptr, want.len);
    assert_close(stmt_double(q, 6)[row], i / 4.0, 0);
    assert_int_equal(stmt_day(q, 7)[row], i);
    assert_int_equal(stmt_day(q, 8)[row], -i);
}

typedef struct table {
    int32_t number[ROWS];
    int64_t big[ROWS];
    uint8_t flag[ROWS], small[ROWS];
    uint64_t huge[ROWS];
    text_view text[ROWS];
    char bytes[ROWS][64];
    double real[ROWS];
    day date[ROWS], day_number[ROWS];
} table;

static void fill(table *t)
{
    for (int32_t i = 0; i < ROWS; i++) {
        bool missing = i % 5 == 0;
        t->number[i] = i;
        t->big[i] = INT64_C(1) << (i % 63);
        t->flag[i] = i % 2 != 0;
        t->small[i] = (uint8_t)(i % 256);
        t->huge[i] = UINT64_MAX - (uint64_t)i;
        t->text[i] = missing ? (text_view){NULL, 0} : text_of(i, t->bytes[i]);
        t->real[i] = missing ? NAN : i / 4.0;
        t->date[i] = missing ? DAY_MISSING : i;
        t->day_number[i] = missing ? DAY_MISSING : -i;
    }
}

static void every_type_is_read_back(void **state)
{
    (void)state;
    static table t;
    fill(&t);
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    make_table(s, "a integer, b bigint, c boolean, d utinyint, e ubigint, f varchar, g double, "
                  "h date, i integer");
    const append_column columns[] = {
        {COLUMN_INT32, t.number, NULL},   {COLUMN_INT64, t.big, NULL},
        {COLUMN_BOOL, t.flag, NULL},      {COLUMN_UINT8, t.small, NULL},
        {COLUMN_UINT64, t.huge, NULL},    {COLUMN_TEXT, t.text, NULL},
        {COLUMN_DOUBLE, t.real, NULL},    {COLUMN_DAY, t.date, NULL},
        {COLUMN_DAY, t.day_number, NULL},
    };
    assert_ok(append_all(s, columns, COUNT(columns), ROWS, &err), &err);
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(s), "test", "from t order by a", &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
    int32_t next = 0;
    for (size_t n;;) {
        assert_ok(stmt_next_chunk(q, &n, &err), &err);
        if (n == 0) {
            break;
        }
        for (size_t row = 0; row < n; row++) {
            check_row(q, next++, row);
        }
    }
    assert_int_equal(next, ROWS);
}

/* Bits that start anew with each chunk must not leak into the next one. */
static void validity_masks_are_kept_row_by_row(void **state)
{
    (void)state;
    static int32_t number[ROWS];
    static uint64_t mask[ROWS / 64 + 1];
    int64_t want = 0;
    for (int32_t i = 0; i < ROWS; i++) {
        bool valid = i < 100 || (i >= 2048 && i % 3 != 0);
        number[i] = i;
        mask[i / 64] |= (uint64_t)valid << (i % 64);
        want += valid ? i : 0;
    }
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    make_table(s, "a integer, b tinyint, c timestamp");
    static int8_t tiny[ROWS];
    static int64_t stamp[ROWS];
    const append_column columns[] = {
        {COLUMN_INT32, number, mask}, {COLUMN_INT8, tiny, NULL}, {COLUMN_TIMESTAMP, stamp, mask}};
    assert_ok(append_all(s, columns, COUNT(columns), ROWS, &err), &err);
    assert_int_equal(number_of(s, "select sum(a)::bigint from t"), want);
    assert_int_equal(number_of(s, "select count(*) from t where (a is null) <> (c is null)"), 0);
    assert_int_equal(number_of(s, "select count(b) from t"), ROWS);
    assert_int_equal(
        number_of(s, "select count(*) from t where rowid < 4096 and a is not null and a <> rowid"),
        0);
}

static void an_unfinished_appender_leaves_nothing(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    make_table(s, "a integer");
    static const int32_t number[10] = {1};
    const append_column column = {COLUMN_INT32, number, NULL};
    {
        STORE_TX_AUTO store_tx tx = {0};
        assert_ok(store_begin(store_main(s), &tx, &err), &err);
        assert_ok(append_all(s, &column, 1, 10, &err), &err);
        assert_int_equal(number_of(s, "select count(*) from t"), 10);
    }
    assert_int_equal(number_of(s, "select count(*) from t"), 0);
}

static void bad_rows_are_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    make_table(s, "a integer not null, b varchar, c decimal(9, 2)");
    run(s, "create table u (a integer not null, b varchar)");
    run(s, "drop table t");
    run(s, "alter table u rename to t");
    static const int32_t number[2] = {1, 2};
    static const double real[2] = {1, 2};
    static const uint64_t none[1] = {0};
    const text_view text[2] = {{"ok", 2}, {NULL, 0}};
    const append_column wrong_type[] = {{COLUMN_DOUBLE, real, NULL}, {COLUMN_TEXT, text, NULL}};
    const append_column good[] = {{COLUMN_INT32, number, NULL}, {COLUMN_TEXT, text, NULL}};
    const append_column null[] = {{COLUMN_INT32, number, none}, {COLUMN_TEXT, text, NULL}};
    assert_int_equal(append_all(s, good, 1, 2, &err), STRATA_E_INTERNAL);
    assert_string_equal(err.message, "t has 2 columns, 1 were given");
    assert_int_equal(append_all(s, wrong_type, 2, 2, &err), STRATA_E_INTERNAL);
    assert_string_equal(err.message, "t: column 1 is INTEGER, given was DOUBLE");
    assert_int_equal(append_all(s, null, 2, 2, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "NOT NULL"));
    assert_int_equal(number_of(s, "select count(*) from t"), 0);
    appender *a = NULL;
    assert_int_equal(appender_new(store_main(s), "nothing", &a, &err), STRATA_E_STORE);
    assert_non_null(strstr(err.message, "nothing"));
    assert_null(a);
    assert_ok(append_all(s, good, 2, 2, &err), &err);
    assert_int_equal(number_of(s, "select count(*) from t"), 2);
}

static void columns_the_store_cannot_write_are_named(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    make_table(s, "a decimal(9, 2)");
    static const double real[1] = {1};
    const append_column column = {COLUMN_DOUBLE, real, NULL};
    assert_int_equal(append_all(s, &column, 1, 1, &err), STRATA_E_INTERNAL);
    assert_string_equal(err.message, "t: column 1 is DECIMAL, given was DOUBLE");
}

/* The rows of table 3-7 of the Unicode standard at their edges. */
static void only_utf8_is_stored(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"plain", true},
        {"\xC2\x80", true},
        {"\xC1\xBF", false}, /* overlong */
        {"\xDF\xBF", true},
        {"\xE0\xA0\x80", true},
        {"\xE0\x9F\xBF", false}, /* overlong */
        {"\xED\x9F\xBF", true},
        {"\xED\xA0\x80", false}, /* surrogate */
        {"\xEF\xBF\xBD", true},
        {"\xF0\x90\x80\x80", true},
        {"\xF0\x8F\xBF\xBF", false}, /* overlong */
        {"\xF4\x8F\xBF\xBF", true},
        {"\xF4\x90\x80\x80", false}, /* beyond U+10FFFF */
        {"\x80", false},
        {"caf\xE9", false},  /* Latin-1 */
        {"\xE2\x82", false}, /* cut */
        {"\xE2\x82z", false},
    };
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    make_table(s, "a varchar");
    for (size_t i = 0; i < COUNT(cases); i++) {
        const text_view text = {cases[i].text, strlen(cases[i].text)};
        const append_column column = {COLUMN_TEXT, &text, NULL};
        strata_status status = append_all(s, &column, 1, 1, &err);
        if (status != (cases[i].good ? STRATA_OK : STRATA_E_DATA)) {
            fail_msg("case %zu: status %d", i, status);
        }
    }
    assert_string_equal(err.message, "t: row 0 of the rows appended is not UTF-8");
}

static void appending_stops_when_asked(void **state)
{
    (void)state;
    static volatile sig_atomic_t stopped;
    const context cx = {.threads = 1, .cancelled = &stopped};
    const store_options options = {.mode = STORE_MEMORY};
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = NULL;
    assert_ok(store_open(NULL, &options, &cx, &s, &err), &err);
    make_table(s, "a integer");
    static const int32_t number[1] = {1};
    const append_column column = {COLUMN_INT32, number, NULL};
    stopped = 1;
    assert_int_equal(append_all(s, &column, 1, 1, &err), STRATA_E_CANCELLED);
    stopped = 0;
    assert_int_equal(number_of(s, "select count(*) from t"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read_back),
        cmocka_unit_test(validity_masks_are_kept_row_by_row),
        cmocka_unit_test(an_unfinished_appender_leaves_nothing),
        cmocka_unit_test(bad_rows_are_refused),
        cmocka_unit_test(columns_the_store_cannot_write_are_named),
        cmocka_unit_test(only_utf8_is_stored),
        cmocka_unit_test(appending_stops_when_asked),
    };
    return cmocka_run_group_tests_name("append", tests, NULL, NULL);
}
