/* SPDX-License-Identifier: Apache-2.0 */
#include "store_test.h"

#include "base/number.h"
#include "base/parallel.h"
#include "base/strbuf.h"
#include "store/quote.h"
#include "store/udf.h"

/* The length of the text, times *extra; nothing for texts that begin with 'x'. */
static bool scaled_length(const void *extra, const text_view *args, udf_value *out)
{
    if (args[0].ptr == NULL || (args[0].len > 0 && args[0].ptr[0] == 'x')) {
        return false;
    }
    out->int32 = (int32_t)args[0].len * *(const int32_t *)extra;
    return true;
}

static bool as_number(const void *extra, const text_view *args, udf_value *out)
{
    (void)extra;
    return args[0].ptr != NULL && number_parse(args[0].ptr, args[0].len, &out->number);
}

/* 1 when the first argument is missing, 2 when the second is, 3 for both. */
static bool which_missing(const void *extra, const text_view *args, udf_value *out)
{
    (void)extra;
    out->int64 = (args[0].ptr == NULL) + 2 * (args[1].ptr == NULL);
    return true;
}

static bool begins_with_digit(const void *extra, const text_view *args, udf_value *out)
{
    (void)extra;
    out->boolean = args[0].len > 0 && args[0].ptr[0] >= '0' && args[0].ptr[0] <= '9';
    return args[0].ptr != NULL;
}

static bool iso_day(const void *extra, const text_view *args, udf_value *out)
{
    (void)extra;
    return args[0].ptr != NULL && day_parse_iso(args[0].ptr, args[0].len, &out->int32);
}

static const int32_t ten = 10;

static store *open_with_functions(void)
{
    static const udf all[] = {
        {"scaled_length", 1, COLUMN_INT32, scaled_length, &ten},
        {"as_number", 1, COLUMN_DOUBLE, as_number, NULL},
        {"which_missing", 2, COLUMN_INT64, which_missing, NULL},
        {"begins_with_digit", 1, COLUMN_BOOL, begins_with_digit, NULL},
        {"iso_day", 1, COLUMN_DAY, iso_day, NULL},
    };
    strata_error err = {0};
    store *s = open_memory();
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_ok(store_add_function(store_main(s), &all[i], &err), &err);
    }
    return s;
}

static void constants_and_nulls_are_handed_over(void **state)
{
    (void)state;
    STRATA_AUTO(store_close) store *s = open_with_functions();
    static const struct {
        const char *sql;
        int64_t want;
    } cases[] = {
        {"select scaled_length('abc')", 30},
        {"select scaled_length('')", 0},
        {"select coalesce(scaled_length('x'), -1)", -1},
        {"select coalesce(scaled_length(null), -1)", -1},
        {"select (as_number('12.5') * 2)::integer", 25},
        {"select as_number('12,5') is null", 1},
        {"select which_missing('a', 'b')", 0},
        {"select which_missing(null, 'b')", 1},
        {"select which_missing('a', null)", 2},
        {"select which_missing(null, null)", 3},
        {"select begins_with_digit('7up')", 1},
        {"select begins_with_digit('up')", 0},
        {"select iso_day('2026-06-30') = date '2026-06-30'", 1},
        {"select iso_day('2026-02-30') is null", 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (number_of(s, cases[i].sql) != cases[i].want) {
            fail_msg("%s", cases[i].sql);
        }
    }
}

/* Long and short texts, chunks with and without NULL, several threads. */
static void columns_give_the_same_as_rows(void **state)
{
    (void)state;
    STRATA_AUTO(store_close) store *s = open_with_functions();
    run(s, "create table a as select i, repeat('y', (i % 40)::integer) as text "
           "from range(300000) t(i)");
    run(s, "create table b as select i, case when i % 3 > 0 then text end as text from a");
    assert_int_equal(number_of(s, "select count(*) from a where scaled_length(text) is distinct "
                                  "from 10 * length(text)"),
                     0);
    assert_int_equal(number_of(s, "select count(*) from b where scaled_length(text) is distinct "
                                  "from 10 * length(text)"),
                     0);
    assert_int_equal(number_of(s, "select sum(which_missing(a.text, b.text))::bigint "
                                  "from a join b using (i)"),
                     200000);
}

typedef struct query_job {
    store *s;
    int64_t sums[8];
} query_job;

static strata_status sum_lengths(void *payload, size_t task, strata_error *err)
{
    query_job *job = payload;
    STRATA_AUTO(store_disconnect) store_conn *c = NULL;
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    bool more;
    STRATA_TRY(store_connect(job->s, NULL, &c, err));
    STRATA_TRY(stmt_new_text(
        c, "task", "select sum(scaled_length(text))::bigint from a where i % 8 = $task", &q, err));
    STRATA_TRY(stmt_bind_int32(q, "task", (int32_t)task, err));
    STRATA_TRY(stmt_execute(q, err));
    STRATA_TRY(stmt_next(q, &more, err));
    job->sums[task] = stmt_get_int(q, 0);
    return STRATA_OK;
}

static void threads_work_with_their_own_connections(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_with_functions();
    run(s, "create table a as select i, i::varchar as text from range(80000) t(i)");
    query_job job = {.s = s};
    const context cx = {.threads = 4};
    assert_ok(parallel_run(&cx, 8, sum_lengths, &job, &err), &err);
    int64_t total = 0;
    for (size_t i = 0; i < COUNT(job.sums); i++) {
        total += job.sums[i];
    }
    assert_int_equal(total, number_of(s, "select sum(10 * length(text))::bigint from a"));
}

static void functions_that_cannot_be_are_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    const udf no_args = {"f", 0, COLUMN_INT32, scaled_length, &ten};
    const udf many = {"f", UDF_MAX_ARGS + 1, COLUMN_INT32, scaled_length, &ten};
    const udf text = {"f", 1, COLUMN_TEXT, scaled_length, &ten};
    assert_int_equal(store_add_function(store_main(s), &no_args, &err), STRATA_E_INTERNAL);
    assert_int_equal(store_add_function(store_main(s), &many, &err), STRATA_E_INTERNAL);
    assert_int_equal(store_add_function(store_main(s), &text, &err), STRATA_E_INTERNAL);
    assert_string_equal(err.message,
                        "function f: 1 arguments returning VARCHAR cannot be registered");
}

/* Whatever the text holds comes back as it was: nothing of it became SQL. */
static void quoted_text_stays_text(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "plain",
        "",
        "it's",
        "'",
        "''",
        "\"",
        "a\"b",
        "\\",
        "\\'",
        "'; drop table meta; --",
        "$1",
        "-- no comment",
        "/* nor this",
        "line\nbreak",
        "\xC3\xBC\xF0\x9F\x98\x80",
    };
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    for (size_t i = 0; i < COUNT(texts); i++) {
        STRBUF_AUTO strbuf sql = {0};
        strbuf_init(&sql, 0);
        strbuf_add(&sql, "select ");
        sql_literal(&sql, texts[i]);
        strbuf_add(&sql, " as ");
        sql_ident(&sql, *texts[i] == '\0' ? "e" : texts[i]); /* DuckDB knows no empty name */
        assert_ok(strbuf_status(&sql, &err), &err);
        STRATA_AUTO(stmt_free) stmt *q = NULL;
        assert_ok(stmt_new_text(store_main(s), "test", strbuf_text(&sql), &q, &err), &err);
        assert_ok(stmt_execute(q, &err), &err);
        bool more = false;
        assert_ok(stmt_next(q, &more, &err), &err);
        assert_int_equal(stmt_n_columns(q), 1);
        text_view got = stmt_get_text(q, 0);
        assert_int_equal(got.len, strlen(texts[i]));
        assert_memory_equal(got.ptr, texts[i], got.len);
        assert_string_equal(stmt_column_name(q, 0), *texts[i] == '\0' ? "e" : texts[i]);
    }
    STRBUF_AUTO strbuf sql = {0};
    strbuf_init(&sql, 0);
    sql_literal(&sql, NULL);
    assert_string_equal(strbuf_text(&sql), "null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_and_nulls_are_handed_over),
        cmocka_unit_test(columns_give_the_same_as_rows),
        cmocka_unit_test(threads_work_with_their_own_connections),
        cmocka_unit_test(functions_that_cannot_be_are_refused),
        cmocka_unit_test(quoted_text_stays_text),
    };
    return cmocka_run_group_tests_name("udf", tests, NULL, NULL);
}
