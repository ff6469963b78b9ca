/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <math.h>
#include <string.h>

#include "report/words.h"

static void small_samples_are_counted_not_rated(void **state)
{
    (void)state;
    share_figure few = {.hits = 5, .of = 12};
    share_figure many = {
        .hits = 412, .of = 5000, .stated = true, .share = 0.0824, .low = 0.075, .high = 0.0904};
    assert_string_equal(words_rate(few).text, "5 of 12");
    assert_string_equal(words_rate_range(few).text, "5 of 12");
    assert_string_equal(words_rate(many).text, "8.2 %");
    assert_string_equal(words_rate_range(many).text, "8.2 % (7.5 to 9.0 %)");
}

static void things_agree_with_their_number(void **state)
{
    (void)state;
    assert_string_equal(words_things(0, "account").text, "0 accounts");
    assert_string_equal(words_things(1, "account").text, "1 account");
    assert_string_equal(words_things(5000, "account").text, "5,000 accounts");
}

/* A month's end is named by its month, with the year once it could be mistaken. */
static void changes_are_headed_by_the_date_they_count_from(void **state)
{
    (void)state;
    day as_of = day_from_civil(2026, 6, 30);
    assert_string_equal(words_since(day_from_civil(2026, 3, 31), as_of).text, "Since March");
    assert_string_equal(words_since(day_from_civil(2025, 7, 31), as_of).text, "Since July");
    assert_string_equal(words_since(day_from_civil(2025, 6, 30), as_of).text, "Since June 2025");
    assert_string_equal(words_since(day_from_civil(2026, 3, 14), as_of).text, "Since 2026-03-14");
}

static void values_carry_the_unit_of_their_type(void **state)
{
    (void)state;
    static const struct {
        double x;
        value_type type;
        const char *text;
    } cases[] = {
        {18900, VALUE_MONEY, "$18.9k"},
        {0.308, VALUE_SHARE, "30.8 %"},
        {1, VALUE_DURATION, "1 day"},
        {31, VALUE_DURATION, "31 days"},
        {0, VALUE_DATE, "1 January 1970"},
        {1, VALUE_BOOL, "yes"},
        {0, VALUE_BOOL, "no"},
        {12, VALUE_NUMBER, "12"},
        {0.5, VALUE_NUMBER, "0.50"},
        {12.5, VALUE_NUMBER, "12.5"},
        {NAN, VALUE_MONEY, "not known"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(words_value(cases[i].x, cases[i].type, "USD").text, cases[i].text);
    }
}

static void p_is_never_said_to_be_nought(void **state)
{
    (void)state;
    assert_string_equal(words_p(0.0).text, "p < 0.001");
    assert_string_equal(words_p(0.0134).text, "p = 0.013");
}

static void a_difference_has_a_sign_unless_it_rounds_to_nothing(void **state)
{
    (void)state;
    assert_string_equal(words_difference(0.0134, 3).text, "+0.013");
    assert_string_equal(words_difference(-0.0134, 3).text, "-0.013");
    assert_string_equal(words_difference(-0.0004, 3).text, "0.000");
    assert_string_equal(words_difference(0.0004, 3).text, "0.000");
    assert_string_equal(words_difference(12.34, 1).text, "+12.3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_samples_are_counted_not_rated),
        cmocka_unit_test(things_agree_with_their_number),
        cmocka_unit_test(changes_are_headed_by_the_date_they_count_from),
        cmocka_unit_test(values_carry_the_unit_of_their_type),
        cmocka_unit_test(p_is_never_said_to_be_nought),
        cmocka_unit_test(a_difference_has_a_sign_unless_it_rounds_to_nothing),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
