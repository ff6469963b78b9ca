/* SPDX-License-Identifier: Apache-2.0 */
/* Before anything else: what it says may not hang on what was included before it. */
#include "base/clones.h"

#include "strata_test.h"

#define TEXT(...) #__VA_ARGS__
#define AS_TEXT(...) TEXT(__VA_ARGS__)

static void loops_are_compiled_for_wide_registers_where_the_loader_can_choose(void **state)
{
    (void)state;
    static const char clones[] = AS_TEXT(STRATA_CLONES);
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) &&                            \
    !defined(__SANITIZE_THREAD__)
    assert_non_null(strstr(clones, "target_clones"));
#else
    assert_string_equal(clones, "");
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loops_are_compiled_for_wide_registers_where_the_loader_can_choose),
    };
    return cmocka_run_group_tests_name("clones", tests, NULL, NULL);
}
