/* SPDX-License-Identifier: Apache-2.0 */

/* Tables written to files, read back by DuckDB itself and byte by byte. */

#include <math.h>
#include <sys/stat.h>

#include "store_test.h"

#include "base/file.h"
#include "store/table_file.h"

static const table_file_column columns[] = {{"account_id", COLUMN_TEXT},
                                            {"arr \"net\"", COLUMN_DOUBLE},
                                            {"since", COLUMN_DAY},
                                            {"strategic", COLUMN_BOOL},
                                            {"n", COLUMN_INT64}};

/* Three rows: plain, all missing but the id, and what spreadsheets would run. */
static strata_status fill(table_file *t, strata_error *err)
{
    const text_view ids[] = {{"a,\"1\"", 5}, {"", 0}, {"=1+1", 4}};
    const double arr[] = {0.1, NAN, -12345678.25};
    const day since[] = {19782, DAY_MISSING, -1};
    const uint8_t strategic[] = {1, 0, 0};
    const int64_t n[] = {INT64_MAX, 0, -7};
    const uint64_t validity = 5;
    const append_column row[] = {{COLUMN_TEXT, ids, NULL},
                                 {COLUMN_DOUBLE, arr, NULL},
                                 {COLUMN_DAY, since, NULL},
                                 {COLUMN_BOOL, strategic, &validity},
                                 {COLUMN_INT64, n, &validity}};
    return table_file_append(t, row, 3, err);
}

static strata_status write_at(const char *path, table_file_type type, strata_error *err)
{
    STRATA_AUTO(table_file_free) table_file *t = NULL;
    STRATA_TRY(table_file_new(&test_cx, columns, COUNT(columns), &t, err));
    STRATA_TRY(fill(t, err));
    return table_file_write(t, path, type, err);
}

static void path_in(const char *folder, const char *name, char out[TEST_PATH])
{
    int n = snprintf(out, TEST_PATH, "%s/%s", folder, name);
    assert_true(n > 0 && n < TEST_PATH);
}

static void make_folder(char folder[TEST_PATH])
{
    (void)snprintf(folder, TEST_PATH, "/tmp/strata-table-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static void assert_content(const char *path, const char *want)
{
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    strata_error err = {0};
    assert_ok(file_read(path, 1 << 20, &text, &len, &err), &err);
    assert_string_equal(text, want);
}

static void csv_keeps_digits_and_takes_the_sting_out_of_formulas(void **state)
{
    (void)state;
    char folder[TEST_PATH];
    char path[TEST_PATH];
    strata_error err = {0};
    make_folder(folder);
    path_in(folder, "t.csv", path);
    assert_ok(write_at(path, TABLE_FILE_CSV, &err), &err);
    assert_content(path, "account_id,\"arr \"\"net\"\"\",since,strategic,n\n"
                         "\"a,\"\"1\"\"\",0.1,2024-02-29,true,9223372036854775807\n"
                         "\"\",,,,\n"
                         "'=1+1,-12345678.25,1969-12-31,false,-7\n");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
}

static void json_is_a_list_and_ndjson_an_object_a_line(void **state)
{
    (void)state;
    char folder[TEST_PATH];
    char path[TEST_PATH];
    strata_error err = {0};
    make_folder(folder);
    path_in(folder, "t.ndjson", path);
    assert_ok(write_at(path, TABLE_FILE_NDJSON, &err), &err);
    assert_content(
        path, "{\"account_id\":\"a,\\\"1\\\"\",\"arr \\\"net\\\"\":0.1,\"since\":\"2024-02-29\","
              "\"strategic\":true,\"n\":9223372036854775807}\n"
              "{\"account_id\":\"\",\"arr \\\"net\\\"\":null,\"since\":null,\"strategic\":null,"
              "\"n\":null}\n"
              "{\"account_id\":\"=1+1\",\"arr \\\"net\\\"\":-12345678.25,\"since\":\"1969-12-31\","
              "\"strategic\":false,\"n\":-7}\n");
    (void)unlink(path);
    (void)rmdir(folder);
}

static void parquet_reads_back_with_its_types(void **state)
{
    (void)state;
    char folder[TEST_PATH];
    char path[TEST_PATH];
    char sql[3 * TEST_PATH];
    strata_error err = {0};
    make_folder(folder);
    path_in(folder, "t.parquet", path);
    assert_ok(write_at(path, TABLE_FILE_PARQUET, &err), &err);
    STRATA_AUTO(store_close) store *s = open_store(NULL, STORE_MEMORY, true);
    (void)snprintf(sql, sizeof sql,
                   "select count(*)::integer from '%s' where account_id = '=1+1' and "
                   "\"arr \"\"net\"\"\" = -12345678.25 and since = date '1969-12-31' and not "
                   "strategic and n = -7",
                   path);
    assert_int_equal(number_of(s, sql), 1);
    (void)snprintf(sql, sizeof sql,
                   "select count(*)::integer from (describe select * from '%s') where column_type "
                   "in ('VARCHAR', 'DOUBLE', 'DATE', 'BOOLEAN', 'BIGINT')",
                   path);
    assert_int_equal(number_of(s, sql), 5);
    (void)unlink(path);
    (void)rmdir(folder);
}

static void a_file_is_replaced_whole_or_stays(void **state)
{
    (void)state;
    char folder[TEST_PATH];
    char path[TEST_PATH];
    strata_error err = {0};
    make_folder(folder);
    path_in(folder, "none/t.csv", path);
    assert_int_equal(write_at(path, TABLE_FILE_CSV, &err), STRATA_E_IO);
    assert_int_equal(write_at(folder, TABLE_FILE_CSV, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "is a folder"));
    assert_int_equal(write_at("/dev/full", TABLE_FILE_CSV, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "disk is full"));
    assert_int_equal(rmdir(folder), 0);
}

static void the_ending_tells_the_type(void **state)
{
    (void)state;
    assert_int_equal(table_file_type_of("a/b.csv"), TABLE_FILE_CSV);
    assert_int_equal(table_file_type_of("b.json"), TABLE_FILE_JSON);
    assert_int_equal(table_file_type_of("b.ndjson"), TABLE_FILE_NDJSON);
    assert_int_equal(table_file_type_of("b.jsonl"), TABLE_FILE_NDJSON);
    assert_int_equal(table_file_type_of("b.c.parquet"), TABLE_FILE_PARQUET);
    assert_int_equal(table_file_type_of("csv"), TABLE_FILE_TYPE_COUNT);
    assert_int_equal(table_file_type_of("x.csv/b"), TABLE_FILE_TYPE_COUNT);
    assert_int_equal(table_file_type_of("b.xls"), TABLE_FILE_TYPE_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_keeps_digits_and_takes_the_sting_out_of_formulas),
        cmocka_unit_test(json_is_a_list_and_ndjson_an_object_a_line),
        cmocka_unit_test(parquet_reads_back_with_its_types),
        cmocka_unit_test(a_file_is_replaced_whole_or_stays),
        cmocka_unit_test(the_ending_tells_the_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
