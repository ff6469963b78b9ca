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

static void iso_dates_are_read_and_nothing_else(void **state)
{
    (void)state;
    day d = 42;
    assert_true(day_parse_iso("2026-06-30", 10, &d));
    assert_int_equal(d, 20634);
    static const char *const wrong[] = {
        "",           "2026-06-31",  "2023-02-29", "2026-00-10", "2026-13-01",
        "2026-06-00", "2026-6-30",   "26-06-30",   "2026/06/30", "2026-06-3x",
        "0000-01-01", "2026-06-30 ", "-026-06-30", " 2026-06-3", "2026-06-30T00:00:00"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(day_parse_iso(wrong[i], strlen(wrong[i]), &d));
        assert_int_equal(d, 20634);
    }
    assert_false(day_parse_iso("1900-02-29", 10, &d));
    assert_true(day_parse_iso("2000-02-29", 10, &d));
}

static void days_are_written_and_missing_ones_are_empty(void **state)
{
    (void)state;
    char text[DAY_TEXT] = "?";
    char prose[20] = "?";
    day_format(DAY_MIN, text);
    assert_string_equal(text, "0001-01-01");
    day_format(DAY_MAX, text);
    assert_string_equal(text, "9999-12-31");
    day_format(DAY_MISSING, text);
    assert_string_equal(text, "");
    day_format(DAY_MAX + 1, text);
    assert_string_equal(text, "");
    day_format_long(day_from_civil(2026, 3, 14), prose, sizeof prose);
    assert_string_equal(prose, "14 March 2026");
    day_format_long(day_from_civil(2026, 9, 30), prose, sizeof prose);
    assert_string_equal(prose, "30 September 2026");
    day_format_long(DAY_MISSING, prose, sizeof prose);
    assert_string_equal(prose, "");
}

static void months_are_counted_across_years(void **state)
{
    (void)state;
    day december = day_from_civil(2025, 12, 31);
    assert_int_equal(day_month_index(december + 1) - day_month_index(december), 1);
    assert_int_equal(day_month_start(december), december - 30);
    for (int n = -600; n <= 600; n++) {
        day moved = day_add_months(day_month_start(december), n);
        assert_int_equal(day_month_index(moved), day_month_index(december) + n);
        assert_int_equal(day_to_civil(moved).day, 1);
    }
    assert_int_equal(day_weekday(day_from_civil(1969, 12, 29)), 0);
    assert_int_equal(day_weekday(0), 3);
}

/* 1 January 1 was a Monday in the proleptic Gregorian calendar. */
static void mondays_are_found_on_every_day(void **state)
{
    (void)state;
    enum { WEEK = 7 };
    for (day d = DAY_MIN; d <= DAY_MAX; d++) {
        int weekday = (d - DAY_MIN) % WEEK;
        day next = weekday == 0 ? d : d - weekday + WEEK;
        if (day_weekday(d) != weekday || day_monday_from(d) != next) {
            fail_msg("day %d: weekday %d, the next Monday %d", d, day_weekday(d),
                     day_monday_from(d));
        }
        if (day_working_from(d) != (weekday < 5 ? d : next) ||
            day_is_weekend(d) != (weekday >= 5)) {
            fail_msg("day %d: the working day from it is %d", d, day_working_from(d));
        }
    }
    assert_int_equal(day_monday_from(day_from_civil(2026, 6, 29)), day_from_civil(2026, 6, 29));
    assert_int_equal(day_monday_from(day_from_civil(2026, 6, 30)), day_from_civil(2026, 7, 6));
    assert_int_equal(day_monday_from(day_from_civil(1969, 12, 30)), day_from_civil(1970, 1, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_match_gnu_date),
        cmocka_unit_test(every_day_survives_the_round_trip),
        cmocka_unit_test(months_end_where_the_calendar_says),
        cmocka_unit_test(iso_dates_are_read_and_nothing_else),
        cmocka_unit_test(days_are_written_and_missing_ones_are_empty),
        cmocka_unit_test(months_are_counted_across_years),
        cmocka_unit_test(mondays_are_found_on_every_day),
    };
    return cmocka_run_group_tests_name("day", tests, NULL, NULL);
}
