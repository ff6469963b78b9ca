/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/nearest.h"

static const char *const names[] = {"health",           "arr",  "arr_at_risk",
                                    "days_since_login", "tier", "x"};

static void check(const char *word, const char *want)
{
    const char *got = nearest_name(word, names, COUNT(names));
    if (want == NULL) {
        assert_null(got);
    } else {
        assert_non_null(got);
        assert_string_equal(got, want);
    }
}

static void slips_find_their_name(void **state)
{
    (void)state;
    check("helth", "health");
    check("heatlh", "health"); /* swapped neighbours */
    check("HEALTH", "health");
    check("ar", "arr");
    check("rar", "arr");
    check("arr-at-risk", "arr_at_risk");
    check("arr at rsik", "arr_at_risk");
    check("days_since_last_login", "days_since_login");
    check("tiers", "tier");
    check("X", "x");
}

static void strangers_find_nothing(void **state)
{
    (void)state;
    check("revenue", NULL);
    check("", NULL);
    check("q", NULL);
    check("abc", NULL);
    check("a_name_that_is_so_long_that_nobody_can_have_meant_to_write_it_at_all", NULL);
}

static void ties_go_to_the_first(void **state)
{
    (void)state;
    static const char *const twins[] = {"cat", "car", "can"};
    assert_string_equal(nearest_name("cax", twins, 3), "cat");
    assert_null(nearest_name("cat", twins, 0));
}

/* Names of 64 bytes are compared, of 65 skipped: the table inside has a fixed size. */
static void very_long_names_are_skipped(void **state)
{
    (void)state;
    char exact[66];
    memset(exact, 'n', sizeof exact);
    exact[64] = '\0';
    char longer[66];
    memset(longer, 'n', sizeof longer);
    longer[65] = '\0';
    const char *both[] = {longer, exact};
    assert_ptr_equal(nearest_name(exact, both, 2), exact);
    assert_null(nearest_name(longer, both, 2));
    assert_null(nearest_name(exact, both, 1));
}

static void a_hint_stands_behind_a_message_or_is_empty(void **state)
{
    (void)state;
    const size_t n = COUNT(names);
    assert_string_equal(nearest_hint("helth", names, n).text, " (did you mean 'health'?)");
    assert_string_equal(nearest_hint("revenue", names, n).text, "");
    assert_string_equal(nearest_hint(NULL, names, n).text, "");
    assert_string_equal(nearest_hint_or("revenue", names, n, "; see help").text, "; see help");
    assert_string_equal(nearest_hint_or("tiers", names, n, "; see help").text,
                        " (did you mean 'tier'?)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_find_their_name),
        cmocka_unit_test(strangers_find_nothing),
        cmocka_unit_test(ties_go_to_the_first),
        cmocka_unit_test(a_hint_stands_behind_a_message_or_is_empty),
        cmocka_unit_test(very_long_names_are_skipped),
    };
    return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
