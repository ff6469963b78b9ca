/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/day.h"

/* date -ud 1970-01-01 +%s and the like, divided by 86,400. */
static void days_match_gnu_date(void **state)
{
    (void)state;
    static const struct {
        int year, month, dom;
        day want;
    } cases[] = {{1970, 1, 1, 0},    {2000, 2, 29, 11016},    {2026, 6, 30, 20634},
                 {1, 1, 1, DAY_MIN}, {9999, 12, 31, DAY_MAX}, {1969, 12, 31, -1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(day_from_civil(cases[i].year, cases[i].month, cases[i].dom),
                         cases[i].want);
    }
}

static void every_day_survives_the_round_trip(void **state)
{
    (void)state;
    for (day d = DAY_MIN; d <= DAY_MAX; d++) {
        civil c = day_to_civil(d);
        if (!civil_is_valid(c.year, c.month, c.day) ||
            day_from_civil(c.year, c.month, c.day) != d) {
            fail_msg("day %d became %d-%d-%d", d, c.year, c.month, c.day);
        }
    }
}

static void months_end_where_the_calendar_says(void **state)
{
    (void)state;
    char text[DAY_TEXT];
    day_format(day_add_months(day_from_civil(2024, 1, 31), 1), text);
    assert_string_equal(text, "2024-02-29");
    day_format(day_add_months(day_from_civil(2024, 1, 31), -11), text);
    assert_string_equal(text, "2023-02-28");
    day_format(day_month_end(day_from_civil(2026, 2, 3)), text);
    assert_string_equal(text, "2026-02-28");
    assert_int_equal(day_weekday(day_from_civil(2026, 11, 22)), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_match_gnu_date),
        cmocka_unit_test(every_day_survives_the_round_trip),
        cmocka_unit_test(months_end_where_the_calendar_says),
    };
    return cmocka_run_group_tests_name("day", tests, NULL, NULL);
}
