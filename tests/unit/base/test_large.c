/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdlib.h>

#include "base/large.h"

static void arrays_of_any_size_can_be_written_and_freed(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 1000, (8 << 20) - 1, 8 << 20, (9 << 20) + 7};
    for (size_t i = 0; i < COUNT(counts); i++) {
        unsigned char *p = large_new(counts[i], 1);
        assert_non_null(p);
        memset(p, 7, counts[i]);
        free(p);
    }
}

static void lines_begin_where_a_cache_line_does_and_hold_zeros(void **state)
{
    (void)state;
    for (size_t n = 0; n < 300; n += 7) {
        double *lines = lines_new(n, sizeof *lines);
        assert_non_null(lines);
        assert_int_equal((uintptr_t)lines % 64, 0);
        for (size_t i = 0; i < n; i++) {
            assert_true(lines[i] >= 0 && lines[i] <= 0);
            lines[i] = 1;
        }
        free(lines);
    }
}

static void sizes_that_cannot_be_are_refused(void **state)
{
    (void)state;
    assert_null(large_new(SIZE_MAX / 4, 8));
    assert_null(large_new(SIZE_MAX, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_of_any_size_can_be_written_and_freed),
        cmocka_unit_test(lines_begin_where_a_cache_line_does_and_hold_zeros),
        cmocka_unit_test(sizes_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests_name("large", tests, NULL, NULL);
}
