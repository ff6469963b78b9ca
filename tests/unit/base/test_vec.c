/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/vec.h"
#include "support/failing_alloc.h"

typedef struct pair {
    int a;
    double b;
} pair;

static void items_stay_in_order_while_it_grows(void **state)
{
    (void)state;
    VEC(pair) v = {0};
    for (int i = 0; i < 1000; i++) {
        assert_true(vec_push(&v, (pair){.a = i, .b = i / 2.0}));
    }
    assert_int_equal(v.n, 1000);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(v.data[i].a, i);
        assert_close(v.data[i].b, i / 2.0, 0);
    }
    vec_free(&v);
    assert_null(v.data);
    assert_int_equal(v.n + v.cap, 0);
}

static void a_failed_push_leaves_the_vector_as_it_was(void **state)
{
    (void)state;
    int failures = 0;
    FAILURE_LOOP(failures, {
        VEC(int) v = {0};
        bool all = true;
        for (int i = 0; i < 100 && all; i++) {
            all = vec_push(&v, i);
        }
        assert_int_equal(all, !fail_alloc_pause());
        for (size_t i = 0; i < v.n; i++) {
            assert_int_equal(v.data[i], i);
        }
        vec_free(&v);
    });
    assert_int_equal(failures, 5); /* 8, 16, 32, 64, 128 items */
}

static void a_size_that_overflows_is_refused(void **state)
{
    (void)state;
    void *data = NULL;
    size_t cap = 0;
    assert_false(vec_grow(&data, SIZE_MAX / 4, &cap, 8));
    assert_false(vec_grow(&data, SIZE_MAX, &cap, 1));
    assert_null(data);
    assert_int_equal(cap, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_stay_in_order_while_it_grows),
        cmocka_unit_test(a_failed_push_leaves_the_vector_as_it_was),
        cmocka_unit_test(a_size_that_overflows_is_refused),
    };
    return cmocka_run_group_tests_name("vec", tests, NULL, NULL);
}
