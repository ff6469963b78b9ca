/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/utf8.h"

/* RFC 3629, sections 3 and 4: the edges of each length, what is overlong, surrogates, beyond
 * U+10FFFF. */
static const struct {
    const char *bytes;
    size_t length; /* 0: no character */
} cases[] = {
    {"a", 1},
    {"\x7f", 1},
    {"\x80", 0},
    {"\xc1\xbf", 0},
    {"\xc2\x80", 2},
    {"\xdf\xbf", 2},
    {"\xc2", 0},
    {"\xe0\x9f\xbf", 0},
    {"\xe0\xa0\x80", 3},
    {"\xed\x9f\xbf", 3},
    {"\xed\xa0\x80", 0},
    {"\xef\xbf\xbf", 3},
    {"\xe2\x82", 0},
    {"\xf0\x8f\xbf\xbf", 0},
    {"\xf0\x90\x80\x80", 4},
    {"\xf4\x8f\xbf\xbf", 4},
    {"\xf4\x90\x80\x80", 0},
    {"\xf0\x9f\x98", 0},
    {"\xff", 0},
};

static void characters_have_the_length_that_rfc_3629_gives_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(utf8_length(cases[i].bytes, strlen(cases[i].bytes)), cases[i].length);
        bool valid = utf8_is_valid(cases[i].bytes, strlen(cases[i].bytes));
        assert_int_equal(valid, cases[i].length == strlen(cases[i].bytes));
    }
}

static void long_texts_are_looked_at_to_their_end(void **state)
{
    (void)state;
    assert_true(utf8_is_valid("", 0));
    assert_true(utf8_is_valid("twenty plain letters\xc3\xa9", 22));
    assert_false(utf8_is_valid("twenty plain letters\xc3", 21));
    assert_false(utf8_is_valid("twelve plain\xff and more", 22));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_have_the_length_that_rfc_3629_gives_them),
        cmocka_unit_test(long_texts_are_looked_at_to_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
