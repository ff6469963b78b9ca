/* SPDX-License-Identifier: Apache-2.0 */
#include "store_test.h"

#include "support/failing_alloc.h"

#include "store/append.h"
#include "store/udf.h"

static void opening_survives_every_failure(void **state)
{
    (void)state;
    const store_options options = {.mode = STORE_MEMORY};
    int n = 0;
    FAILURE_LOOP(n, {
        strata_error err = {0};
        store *s = NULL;
        strata_status status = store_open(NULL, &options, &test_cx, &s, &err);
        FAILURE_LOOP_EXPECT(status, STRATA_E_NOMEM, s == NULL);
        store_close(s);
    });
    assert_true(n > 5);
}

static void opening_a_file_survives_every_failure(void **state)
{
    (void)state;
    char path[TEST_PATH];
    temp_path(path, "memory.duckdb");
    const store_options options = {.mode = STORE_WRITE};
    int n = 0;
    FAILURE_LOOP(n, {
        strata_error err = {0};
        store *s = NULL;
        strata_status status = store_open(path, &options, &test_cx, &s, &err);
        FAILURE_LOOP_EXPECT(status, STRATA_E_NOMEM, s == NULL);
        store_close(s);
    });
    assert_true(n > 5);
    remove_path(path);
}

static strata_status read_something(store *s, int64_t *out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    bool more;
    STRATA_TRY(stmt_new(store_main(s), "store/migrations.sql", &q, err));
    STRATA_TRY(stmt_execute(q, err));
    STRATA_TRY(stmt_next(q, &more, err));
    *out = stmt_get_int(q, 0);
    return STRATA_OK;
}

static void reading_survives_every_failure(void **state)
{
    (void)state;
    STRATA_AUTO(store_close) store *s = open_memory();
    int n = 0;
    FAILURE_LOOP(n, {
        strata_error err = {0};
        int64_t version = -1;
        strata_status status = read_something(s, &version, &err);
        FAILURE_LOOP_EXPECT(status, STRATA_E_NOMEM, version == -1);
    });
    assert_true(n > 1);
}

static strata_status append_something(store *s, strata_error *err)
{
    static const text_view texts[] = {{"currency", 8}};
    const append_column columns[] = {{COLUMN_TEXT, texts, NULL}, {COLUMN_TEXT, texts, NULL}};
    STRATA_AUTO(appender_free) appender *a = NULL;
    STRATA_TRY(appender_new(store_main(s), "meta", &a, err));
    STRATA_TRY(append_rows(a, columns, COUNT(columns), 1, err));
    return appender_finish(a, err);
}

static void appending_survives_every_failure(void **state)
{
    (void)state;
    STRATA_AUTO(store_close) store *s = open_memory();
    int n = 0;
    FAILURE_LOOP(n, {
        strata_error err = {0};
        strata_status status = append_something(s, &err);
        FAILURE_LOOP_EXPECT(status, STRATA_E_NOMEM, true);
        assert_int_equal(number_of(s, "select count(*) from meta"), status == STRATA_OK);
    });
    assert_true(n > 1);
}

static bool one(const void *extra, const text_view *args, udf_value *out)
{
    (void)extra;
    (void)args;
    out->int32 = 1;
    return true;
}

static void registering_survives_every_failure(void **state)
{
    (void)state;
    const udf f = {"one", 1, COLUMN_INT32, one, NULL};
    int n = 0;
    STRATA_AUTO(store_close) store *s = open_memory();
    FAILURE_LOOP(n, {
        strata_error err = {0};
        strata_status status = store_add_function(store_main(s), &f, &err);
        FAILURE_LOOP_EXPECT(status, STRATA_E_NOMEM, true);
    });
    assert_int_equal(n, 1);
    assert_int_equal(number_of(s, "select one('x')"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_survives_every_failure),
        cmocka_unit_test(opening_a_file_survives_every_failure),
        cmocka_unit_test(reading_survives_every_failure),
        cmocka_unit_test(appending_survives_every_failure),
        cmocka_unit_test(registering_survives_every_failure),
    };
    return cmocka_run_group_tests_name("store_memory", tests, NULL, NULL);
}
