/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdalign.h>

#include "base/arena.h"
#include "support/failing_alloc.h"

static arena *new_arena(void)
{
    strata_error err = {0};
    arena *a = NULL;
    assert_ok(arena_new(&a, &err), &err);
    return a;
}

static void blocks_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 3, 16, 17, 1000, 16384, 16385, 65536, 200000, 5};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    unsigned char *blocks[COUNT(sizes)];
    for (size_t i = 0; i < COUNT(sizes); i++) {
        blocks[i] = arena_alloc(a, sizes[i], 1);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        for (size_t at = 0; at < sizes[i]; at++) {
            assert_int_equal(blocks[i][at], 0);
        }
        memset(blocks[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_int_equal(blocks[i][0], i + 1);
        assert_int_equal(blocks[i][sizes[i] - 1], i + 1);
    }
}

static void many_small_blocks_keep_what_was_written(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = new_arena();
    enum { N = 20000 };
    STRATA_AUTO_FREE int **numbers = calloc(N, sizeof *numbers);
    assert_non_null(numbers);
    for (int i = 0; i < N; i++) {
        numbers[i] = ARENA_NEW(a, 1, int);
        *numbers[i] = i;
    }
    for (int i = 0; i < N; i++) {
        assert_int_equal(*numbers[i], i);
    }
}

static void a_size_that_overflows_is_refused(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = new_arena();
    assert_null(arena_alloc(a, SIZE_MAX, 2));
    assert_null(arena_alloc(a, SIZE_MAX, 1));
    assert_null(arena_alloc(a, SIZE_MAX / 2 + 1, 2));
    assert_null(arena_strndup(a, "x", SIZE_MAX));
    assert_non_null(arena_alloc(a, 1, 1)); /* and it still works */
}

static void nothing_can_be_asked_for(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = new_arena();
    assert_non_null(arena_alloc(a, 0, 8));
    assert_non_null(arena_alloc(a, 8, 0));
    arena_free(NULL);
}

static void texts_are_copied(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = new_arena();
    assert_string_equal(arena_strdup(a, "health"), "health");
    assert_string_equal(arena_strdup(a, ""), "");
    assert_string_equal(arena_strndup(a, "health score", 6), "health");
    assert_string_equal(arena_strndup(a, NULL, 0), "");
    assert_string_equal(arena_printf(a, "%s-%d", "tier", 7), "tier-7");
    char *long_text = arena_printf(a, "%0100000d", 1);
    assert_int_equal(strlen(long_text), 100000);
    assert_int_equal(long_text[99999], '1');
}

static void each_failing_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        arena *a = NULL;
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            bool all = arena_alloc(a, 100, 8) != NULL && arena_strdup(a, "text") != NULL &&
                       arena_printf(a, "%d", 1) != NULL && arena_alloc(a, 1 << 20, 1) != NULL;
            assert_int_equal(all, !fail_alloc_pause());
        } else {
            assert_int_equal(st, STRATA_E_NOMEM);
            assert_null(a);
        }
        arena_free(a);
    });
    assert_true(failures >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_aligned_and_apart),
        cmocka_unit_test(many_small_blocks_keep_what_was_written),
        cmocka_unit_test(a_size_that_overflows_is_refused),
        cmocka_unit_test(nothing_can_be_asked_for),
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(each_failing_allocation_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
