/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/percent.h"

static void what_was_encoded_comes_back(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain, *of_form;
        size_t n;
    } cases[] = {
        {"", "", "", 0},           {"abc", "abc", "abc", 3},  {"a%20b", "a b", "a b", 3},
        {"a+b", "a+b", "a b", 3},  {"%2B%2b", "++", "++", 2}, {"%C3%a9", "\xc3\xa9", "\xc3\xa9", 2},
        {"%00x", "\0x", "\0x", 2}, {"x%41", "xA", "xA", 2}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[16];
        size_t n = 0;
        assert_true(percent_decode(cases[i].text, strlen(cases[i].text), false, out, &n));
        assert_int_equal(n, cases[i].n);
        assert_memory_equal(out, cases[i].plain, n + 1);
        assert_true(percent_decode(cases[i].text, strlen(cases[i].text), true, out, &n));
        assert_memory_equal(out, cases[i].of_form, n + 1);
    }
}

static void a_percent_sign_needs_two_digits(void **state)
{
    (void)state;
    static const char *const cases[] = {"%", "%4", "a%4", "%g0", "%0g", "%%41"};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[16];
        size_t n = 0;
        assert_false(percent_decode(cases[i], strlen(cases[i]), false, out, &n));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_encoded_comes_back),
        cmocka_unit_test(a_percent_sign_needs_two_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
