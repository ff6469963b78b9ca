/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "strata_test.h"

#include "source/text/value.h"

static void dates_read_as_they_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want; /* want NULL: refused; "": empty */
    } rows[] = {
        {"2026-03-31", "2026-03-31"},
        {" 2026-03-31 ", "2026-03-31"},
        {"2026-03-31 08:26:00", "2026-03-31"},
        {"2026-03-31T23:59:59.999", "2026-03-31"},
        {"2026/03/31", "2026-03-31"},
        {"2026-3-1", "2026-03-01"},
        {"20260331", "2026-03-31"},
        {"31/12/2026", "2026-12-31"},
        {"12/31/2026", "2026-12-31"},
        {"12/31/26 11:05 PM", "2026-12-31"},
        {"03.04.2026", "2026-04-03"},
        {"5/5/2026", "2026-05-05"},
        {"14 Mar 2026", "2026-03-14"},
        {"14-Mar-26", "2026-03-14"},
        {"Mar 14, 2026", "2026-03-14"},
        {"March 14 2026, 10:00", "2026-03-14"},
        {"1 Sept 1999", "1999-09-01"},
        {"1700000000", "2023-11-14"},
        {"1700000000000", "2023-11-14"},
        {"29/02/2024", "2024-02-29"},
        {"", ""},
        {"   ", ""},
        {"NULL", ""},
        {"n/a", ""},
        {"2026-02-30", NULL},
        {"29/02/2023", NULL},
        {"31/31/2026", NULL},
        {"0000-00-00", NULL},
        {"03/04/2026", NULL}, /* ambiguous */
        {"soon", NULL},
        {"2026", NULL},
        {"2026-03-31 25:00", NULL},
        {"2026-03-31 and so on", NULL},
        {"nan", NULL},
        {"99999999999999999999", NULL},
        {"1/2", NULL},
        {"-", ""},
        {"5-", NULL},
        {"12 ", NULL},
    };
    const value_style style = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned evidence = 0;
        const char *why = NULL;
        char got[DAY_TEXT];
        day d = DAY_MISSING;
        cell_status st = value_day(rows[i].text, strlen(rows[i].text), &style, &evidence, &d, &why);
        if (rows[i].want == NULL) {
            if (st != CELL_BAD) {
                fail_msg("'%s' should be refused", rows[i].text);
            }
            assert_non_null(why);
            continue;
        }
        if (st != (rows[i].want[0] == '\0' ? CELL_EMPTY : CELL_OK)) {
            fail_msg("'%s' is not read", rows[i].text);
        }
        if (st == CELL_OK) {
            day_format(d, got);
            assert_string_equal(got, rows[i].want);
        }
    }
}

static void ambiguous_dates_are_settled_by_their_column(void **state)
{
    (void)state;
    value_style style = {0};
    value_style settled;
    unsigned evidence = 0;
    const char *why;
    day d;
    assert_int_equal(value_day("03/04/2026", 10, &style, &evidence, &d, &why), CELL_BAD);
    assert_false(value_settle(evidence, &style, &settled)); /* nothing speaks for either */
    assert_int_equal(value_day("31/04/2026", 10, &style, &evidence, &d, &why), CELL_BAD);
    assert_int_equal(value_day("30/04/2026", 10, &style, &evidence, &d, &why), CELL_OK);
    assert_true(value_settle(evidence, &style, &settled));
    assert_int_equal(settled.order, DATE_DAY_FIRST);
    assert_int_equal(value_day("03/04/2026", 10, &settled, &evidence, &d, &why), CELL_OK);
    assert_int_equal(d, day_from_civil(2026, 4, 3));
    assert_false(value_settle(evidence, &settled, &settled));
    /* a column with both stays unsettled */
    assert_int_equal(value_day("04/30/2026", 10, &style, &evidence, &d, &why), CELL_OK);
    assert_false(value_settle(evidence, &style, &settled));
}

static void date_formats_say_which_comes_first(void **state)
{
    (void)state;
    date_order order = DATE_UNSETTLED;
    assert_true(value_order_of("d/m/y", &order));
    assert_int_equal(order, DATE_DAY_FIRST);
    assert_true(value_order_of("MM/DD/YYYY", &order));
    assert_int_equal(order, DATE_MONTH_FIRST);
    assert_true(value_order_of("%d.%m.%Y", &order));
    assert_int_equal(order, DATE_DAY_FIRST);
    assert_true(value_order_of("yyyy-mm-dd", &order));
    assert_int_equal(order, DATE_UNSETTLED);
    assert_false(value_order_of("whatever", &order));
}

static void instants_fall_on_days_of_the_portfolios_zone(void **state)
{
    (void)state;
    /* America/New_York is five hours behind UTC in January: its 2 January begins at 05:00 UTC. */
    static const int64_t midnight[] = {18000, 104400, 190800, 277200};
    const time_zone zone = {.first = 0, .n = 4, .midnight = midnight};
    const value_style there = {.zone = &zone};
    const value_style utc = {0};
    unsigned evidence = 0;
    const char *why;
    day d;
    const char *text = "1970-01-02T03:00:00Z";
    assert_int_equal(value_day(text, strlen(text), &there, &evidence, &d, &why), CELL_OK);
    assert_int_equal(d, 0);
    assert_int_equal(value_day(text, strlen(text), &utc, &evidence, &d, &why), CELL_OK);
    assert_int_equal(d, 1);
    text = "1970-01-01 23:30:00-0200"; /* 01:30 UTC on the second */
    assert_int_equal(value_day(text, strlen(text), &utc, &evidence, &d, &why), CELL_OK);
    assert_int_equal(d, 1);
    text = "1970-01-02 03:00:00"; /* no offset: already local */
    assert_int_equal(value_day(text, strlen(text), &there, &evidence, &d, &why), CELL_OK);
    assert_int_equal(d, 1);
}

static void numbers_read_as_they_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want; /* NaN: refused */
    } rows[] = {
        {"0", 0},
        {"-12.5", -12.5},
        {"+7", 7},
        {"1e6", 1e6},
        {"1.5E-3", 0.0015},
        {"1234.5", 1234.5},
        {"1,234.50", 1234.5},
        {"1.234,50", 1234.5},
        {"1,234,567", 1234567},
        {"1.234.567", 1234567},
        {"1,234", 1234},
        {"1.234", 1.234},
        {"12,5", 12.5},
        {"0,125", 0.125},
        {"$1,234.50", 1234.5},
        {"-$12", -12},
        {"$-12", -12},
        {"(123)", -123},
        {"($1,000.25)", -1000.25},
        {"12-", -12},
        {"12%", 0.12},
        {"EUR 12.50", 12.5},
        {"12.50 EUR", 12.5},
        {"\xE2\x82\xAC 1.234,50", 1234.5},
        {"1'234.50", 1234.5},
        {"1\xC2\xA0"
         "234,50",
         1234.5},
        {"9007199254740993", 9007199254740992.0},
        {".5", 0.5},
        {"5.", 5},
        {"NaN", NAN},
        {"inf", NAN},
        {"-Infinity", NAN},
        {"1e999", NAN},
        {"abc", NAN},
        {"1.2.3", NAN},
        {"1,23,456", NAN},
        {"1,2345.6", NAN},
        {"12 apples", NAN},
        {"--5", 5}, /* a minus of a minus */
        {"1-2", NAN},
        {"0x10", NAN},
        {"%", NAN},
        {"()", NAN},
        {",", NAN},
        {".", NAN},
        {"e5", NAN},
    };
    const value_style style = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned evidence = 0;
        const char *why = NULL;
        double got = 0;
        cell_status st =
            value_number(rows[i].text, strlen(rows[i].text), &style, &evidence, &got, &why);
        if (st != (isnan(rows[i].want) ? CELL_BAD : CELL_OK)) {
            fail_msg("'%s' gives status %d, value %g", rows[i].text, (int)st, got);
        }
        if (st == CELL_OK) {
            assert_close(got, rows[i].want, 1e-15);
        }
    }
}

static void decimal_marks_are_settled_by_their_column(void **state)
{
    (void)state;
    value_style style = {0};
    value_style settled;
    unsigned evidence = 0;
    const char *why;
    double x;
    assert_int_equal(value_number("1.234", 5, &style, &evidence, &x, &why), CELL_OK);
    assert_int_equal(value_number("12,5", 4, &style, &evidence, &x, &why), CELL_OK);
    assert_true(value_settle(evidence, &style, &settled));
    assert_int_equal(settled.decimal, DECIMAL_COMMA);
    assert_int_equal(value_number("1.234", 5, &settled, &evidence, &x, &why), CELL_OK);
    assert_close(x, 1234, 1e-15);
    assert_int_equal(value_number("1,234", 5, &settled, &evidence, &x, &why), CELL_OK);
    assert_close(x, 1.234, 1e-15);
    /* both in one column: what fits both is refused */
    assert_int_equal(value_number("12.5", 4, &style, &evidence, &x, &why), CELL_OK);
    assert_true(value_settle(evidence, &style, &settled));
    assert_int_equal(settled.decimal, DECIMAL_MIXED);
    assert_int_equal(value_number("1,234", 5, &settled, &evidence, &x, &why), CELL_BAD);
}

static void empty_is_not_zero(void **state)
{
    (void)state;
    static const char *const empty[] = {"", " ", "NULL", "null", "N/A", "none", "\\N", "-"};
    const value_style style = {0};
    unsigned evidence = 0;
    const char *why;
    double x = 7;
    for (size_t i = 0; i < COUNT(empty); i++) {
        assert_int_equal(value_number(empty[i], strlen(empty[i]), &style, &evidence, &x, &why),
                         CELL_EMPTY);
    }
    assert_close(x, 7, 0);
    assert_int_equal(value_number("0", 1, &style, &evidence, &x, &why), CELL_OK);
    assert_close(x, 0, 0);
}

static void yes_and_no_come_in_many_words(void **state)
{
    (void)state;
    bool b;
    const char *why;
    assert_int_equal(value_bool("True", 4, &b, &why), CELL_OK);
    assert_true(b);
    assert_int_equal(value_bool("n", 1, &b, &why), CELL_OK);
    assert_false(b);
    assert_int_equal(value_bool("0", 1, &b, &why), CELL_OK);
    assert_false(b);
    assert_int_equal(value_bool("", 0, &b, &why), CELL_EMPTY);
    assert_int_equal(value_bool("maybe", 5, &b, &why), CELL_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_read_as_they_are_written),
        cmocka_unit_test(ambiguous_dates_are_settled_by_their_column),
        cmocka_unit_test(date_formats_say_which_comes_first),
        cmocka_unit_test(instants_fall_on_days_of_the_portfolios_zone),
        cmocka_unit_test(numbers_read_as_they_are_written),
        cmocka_unit_test(decimal_marks_are_settled_by_their_column),
        cmocka_unit_test(empty_is_not_zero),
        cmocka_unit_test(yes_and_no_come_in_many_words),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
