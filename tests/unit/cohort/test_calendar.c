/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "cohort/calendar.h"

static void check_label(calendar c, day d, const char *want)
{
    char label[PERIOD_TEXT];
    int period = 0;
    calendar_label(c, calendar_period(c, d), label);
    assert_string_equal(label, want);
    assert_true(calendar_parse(c, label, &period));
    assert_int_equal(period, calendar_period(c, d));
}

static void periods_have_the_names_people_use(void **state)
{
    (void)state;
    check_label((calendar){PERIOD_MONTH, 1}, day_from_civil(2025, 3, 31), "2025-03");
    check_label((calendar){PERIOD_QUARTER, 1}, day_from_civil(2025, 3, 31), "2025-Q1");
    check_label((calendar){PERIOD_YEAR, 1}, day_from_civil(2025, 12, 31), "2025");
}

static void a_fiscal_year_is_named_after_the_year_it_ends_in(void **state)
{
    (void)state;
    calendar quarter = {PERIOD_QUARTER, 2};
    check_label(quarter, day_from_civil(2025, 1, 31), "FY2025-Q4");
    check_label(quarter, day_from_civil(2025, 2, 1), "FY2026-Q1");
    check_label((calendar){PERIOD_YEAR, 2}, day_from_civil(2026, 1, 31), "FY2026");
    check_label((calendar){PERIOD_MONTH, 2}, day_from_civil(2026, 1, 31), "2026-01");
}

static void every_day_is_in_the_period_that_it_lies_between(void **state)
{
    (void)state;
    for (int unit = PERIOD_MONTH; unit <= PERIOD_YEAR; unit++) {
        for (int starts = 1; starts <= 12; starts++) {
            calendar c = {(period_unit)unit, starts};
            for (day d = day_from_civil(2023, 1, 1); d < day_from_civil(2025, 1, 3); d++) {
                int period = calendar_period(c, d);
                assert_true(calendar_start(c, period) <= d && d <= calendar_end(c, period));
                assert_int_equal(calendar_end(c, period) + 1, calendar_start(c, period + 1));
            }
        }
    }
}

static void what_is_no_period_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",        "2025",     "2025-13", "2025-00", "2025-1",
                                        "2025-Q1", "2025-01x", "x025-01", "0000-01", "25-01"};
    int period = 0;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(calendar_parse((calendar){PERIOD_MONTH, 1}, wrong[i], &period));
    }
    assert_false(calendar_parse((calendar){PERIOD_QUARTER, 1}, "2025-Q5", &period));
    assert_false(calendar_parse((calendar){PERIOD_YEAR, 1}, "2025-01", &period));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_have_the_names_people_use),
        cmocka_unit_test(a_fiscal_year_is_named_after_the_year_it_ends_in),
        cmocka_unit_test(every_day_is_in_the_period_that_it_lies_between),
        cmocka_unit_test(what_is_no_period_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
