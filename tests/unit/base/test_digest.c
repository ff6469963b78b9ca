/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/digest.h"

/* GNU coreutils 9.1: printf ... | b2sum -l 256 */
static void digests_match_b2sum(void **state)
{
    (void)state;
    char text[DIGEST_TEXT];
    digest d;
    digest_init(&d);
    digest_finish(&d, text);
    assert_string_equal(text, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");

    digest_init(&d);
    digest_add(&d, "abc", 3);
    digest_finish(&d, text);
    assert_string_equal(text, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

/* head -c 1000 /dev/zero | tr '\0' a | b2sum -l 256 */
static void pieces_do_not_matter(void **state)
{
    (void)state;
    char text[DIGEST_TEXT];
    digest d;
    digest_init(&d);
    for (int i = 0; i < 1000; i++) {
        digest_add(&d, "a", 1);
    }
    digest_finish(&d, text);
    assert_string_equal(text, "e00b0ddbf1e2cdaf5c898e1a5e8826ea3a2c339bcf2a478da2e5fca9ff126672");
}

/* printf 'ab\0t\0nc\0t' | b2sum -l 256 */
static void texts_are_told_apart(void **state)
{
    (void)state;
    char text[DIGEST_TEXT];
    digest d;
    digest_init(&d);
    digest_add_text(&d, "ab");
    digest_add_text(&d, NULL);
    digest_add_text(&d, "c");
    digest_finish(&d, text);
    assert_string_equal(text, "246abb02b5b5f839431712c5eac2014e22cbe6beef3e78fed792dfc294240c3f");

    static const char *const splits[][2] = {{"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"abc", NULL}};
    char seen[COUNT(splits)][DIGEST_TEXT];
    for (size_t i = 0; i < COUNT(splits); i++) {
        digest_init(&d);
        digest_add_text(&d, splits[i][0]);
        digest_add_text(&d, splits[i][1]);
        digest_finish(&d, seen[i]);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(seen[i], seen[j]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_match_b2sum),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(texts_are_told_apart),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
