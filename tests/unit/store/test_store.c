/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "store/append.h"
#include "store/stmt.h"
#include "store/store.h"

static const context cx = {.threads = 2};

static store *open_memory(void)
{
    strata_error err = {0};
    store *s = NULL;
    const store_options options = {.mode = STORE_MEMORY};
    assert_ok(store_open(NULL, &options, &cx, &s, &err), &err);
    return s;
}

static void appended_rows_are_read_back(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(store_close) store *s = open_memory();
    STRATA_AUTO(appender_free) appender *a = NULL;
    assert_ok(appender_new(store_main(s), "usage_ledger", &a, &err), &err);
    enum { N = 5000 };
    int32_t account[N];
    int32_t number[N];
    for (int i = 0; i < N; i++) {
        account[i] = i;
        number[i] = i % 7 == 0 ? DAY_MISSING : i;
    }
    const append_column columns[] = {
        {COLUMN_INT32, account, NULL}, {COLUMN_DAY, account, NULL},   {COLUMN_DAY, number, NULL},
        {COLUMN_INT32, number, NULL},  {COLUMN_INT32, account, NULL},
    };
    assert_ok(append_rows(a, columns, COUNT(columns), N, &err), &err);
    assert_ok(appender_finish(a, &err), &err);
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(
        stmt_new_text(store_main(s), "test", "select account, feature from usage_ledger", &q, &err),
        &err);
    assert_ok(stmt_stream(q, &err), &err);
    size_t total = 0;
    for (size_t n;;) {
        assert_ok(stmt_next_chunk(q, &n, &err), &err);
        if (n == 0) {
            break;
        }
        const int32_t *got = stmt_int32(q, 0);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(valid_row(stmt_validity(q, 1), i), got[i] % 7 != 0);
        }
        total += n;
    }
    assert_int_equal(total, N);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appended_rows_are_read_back),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
