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
        cmocka_unit_test(sizes_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests_name("large", tests, NULL, NULL);
}
