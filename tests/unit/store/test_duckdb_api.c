/* SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <stdio.h>

#include "store_test.h"

#include "store/duckdb_api.h"

static void every_declared_function_is_in_the_library(void **state)
{
    (void)state;
    static const char *const names[] = {
#define NAME(result, name, args) #name,
        DUCKDB_FUNCTIONS(NAME)
#undef NAME
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (dlsym(RTLD_DEFAULT, names[i]) == NULL) {
            fail_msg("libduckdb has no %s", names[i]);
        }
    }
}

static void the_library_is_of_the_version_declared(void **state)
{
    (void)state;
    const char *version = duckdb_library_version();
    if (strncmp(version, "v1.5.", 5) != 0) {
        fail_msg("duckdb_api.h describes 1.5, the library is %s", version);
    }
}

static void layouts_are_those_of_duckdb(void **state)
{
    (void)state;
    assert_int_equal(sizeof(duckdb_result), 48);
    assert_int_equal(sizeof(duckdb_string_t), 16);
    assert_int_equal(sizeof(duckdb_query_progress_type), 24);
    assert_int_equal(duckdb_vector_size(), 2048);
}

/* Numbers of the type enumeration, by asking for a column of each type. */
static void type_numbers_are_those_of_duckdb(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        const char *want;
    } cases[] = {
        {"select true", "BOOLEAN"},
        {"select 1::tinyint", "TINYINT"},
        {"select 1::smallint", "SMALLINT"},
        {"select 1::integer", "INTEGER"},
        {"select 1::bigint", "BIGINT"},
        {"select 1::utinyint", "UTINYINT"},
        {"select 1::usmallint", "USMALLINT"},
        {"select 1::uinteger", "UINTEGER"},
        {"select 1::ubigint", "UBIGINT"},
        {"select 1::float", "FLOAT"},
        {"select 1::double", "DOUBLE"},
        {"select '2026-01-01'::date", "DATE"},
        {"select '2026-01-01'::timestamp", "TIMESTAMP"},
        {"select 1::hugeint", "HUGEINT"},
        {"select 1::decimal(9, 2)", "DECIMAL"},
        {"select 'a'", "VARCHAR"},
        {"select [1]", "?"},
    };
    STRATA_AUTO(store_close) store *s = open_memory();
    for (size_t i = 0; i < COUNT(cases); i++) {
        strata_error err = {0};
        STRATA_AUTO(stmt_free) stmt *q = NULL;
        assert_ok(stmt_new_text(store_main(s), "test", cases[i].sql, &q, &err), &err);
        assert_string_equal(stmt_column_sql_type(q, 0), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_declared_function_is_in_the_library),
        cmocka_unit_test(the_library_is_of_the_version_declared),
        cmocka_unit_test(layouts_are_those_of_duckdb),
        cmocka_unit_test(type_numbers_are_those_of_duckdb),
    };
    return cmocka_run_group_tests_name("duckdb_api", tests, NULL, NULL);
}
