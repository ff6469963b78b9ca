/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <float.h>
#include <stdio.h>

#include "base/number.h"

static void plain_decimals_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want;
    } cases[] = {{"0", 0},
                 {"-12.5", -12.5},
                 {"1e6", 1e6},
                 {"+5", 5},
                 {".5", 0.5},
                 {"5.", 5},
                 {"1E-3", 0.001},
                 {"007", 7},
                 {"1.7976931348623157e308", DBL_MAX},
                 {"1e-400", 0},
                 {"-1e-400", 0},
                 {"123456789012345678901234567890", 1.2345678901234568e29},
                 {"0.1", 0.1},
                 {"2.5e+1", 25}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        double got = -1;
        assert_true(number_parse(cases[i].text, strlen(cases[i].text), &got));
        assert_close(got, cases[i].want, 0);
    }
}

static void everything_else_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",         " 1",
        "1 ",       "1,5",
        "1,000",    "nan",
        "inf",      "-inf",
        "infinity", "0x10",
        "1e",       "e5",
        ".",        "-",
        "+",        "--1",
        "1.2.3",    "1e400",
        "-1e400",   "$5",
        "5%",       "1_000",
        "\u22125",  "1e5e5",
        "+-1",      "0000000000000000000000000000000000000000000000000000000000000001"};
    for (size_t i = 0; i < COUNT(cases); i++) {
        double got = 42;
        if (number_parse(cases[i], strlen(cases[i]), &got)) {
            fail_msg("'%s' was read as %g", cases[i], got);
        }
        assert_close(got, 42, 0);
    }
    double got = 42;
    assert_false(number_parse("1\0002", 3, &got));
    assert_true(number_parse("12345", 2, &got)); /* no further than its length */
    assert_close(got, 12, 0);
}

/* repr() of Python 3.11, but for the exponents' "e+". */
static void exact_texts_are_the_shortest_that_read_back(void **state)
{
    (void)state;
    static const struct {
        double x;
        const char *want;
    } cases[] = {{0.1, "0.1"},
                 {1.0 / 3.0, "0.3333333333333333"},
                 {5e-324, "5e-324"},
                 {2.2250738585072009e-308, "2.225073858507201e-308"},
                 {DBL_MAX, "1.7976931348623157e+308"},
                 {9007199254740994.0, "9007199254740994"},
                 {123456.789, "123456.789"},
                 {1e23, "1e+23"},
                 {0.0, "0"},
                 {-0.0, "-0"},
                 {-2.5, "-2.5"},
                 {1000000, "1000000"},
                 {NAN, "null"},
                 {INFINITY, "null"},
                 {-INFINITY, "null"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[NUMBER_TEXT];
        number_format_exact(cases[i].x, out);
        assert_string_equal(out, cases[i].want);
    }
}

static void fixed_decimals_are_grouped_by_thousands(void **state)
{
    (void)state;
    static const struct {
        double x;
        int decimals;
        const char *want;
    } cases[] = {{1234567.891, 1, "1,234,567.9"},
                 {999, 0, "999"},
                 {1000, 0, "1,000"},
                 {999.5, 0, "1,000"}, /* the carry makes the comma */
                 {999999.999, 2, "1,000,000.00"},
                 {-1234.5, 1, "-1,234.5"},
                 {-999, 0, "-999"},
                 {-0.0, 0, "0"},
                 {-0.4, 0, "0"},
                 {-0.004, 2, "0.00"},
                 {-0.005001, 2, "-0.01"},
                 {0.5, 0, "0"}, /* halves go to even, as printf rounds */
                 {1.5, 0, "2"},
                 {0, 3, "0.000"},
                 {0x1p79, 0, "604,462,909,807,314,587,353,088"},
                 {-0x1p79, 9, "-604,462,909,807,314,587,353,088.000000000"},
                 {1e24, 2, "1e+24"},
                 {-DBL_MAX, 0, "-1.8e+308"},
                 {NAN, 0, ""},
                 {-INFINITY, 0, ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[NUMBER_TEXT];
        number_format(cases[i].x, cases[i].decimals, out);
        assert_string_equal(out, cases[i].want);
    }
}

static void shares_have_one_decimal(void **state)
{
    (void)state;
    char out[NUMBER_TEXT];
    number_format_share(0.308, out);
    assert_string_equal(out, "30.8");
    number_format_share(1, out);
    assert_string_equal(out, "100.0");
    number_format_share(12.34567, out);
    assert_string_equal(out, "1,234.6");
    number_format_share(-0.0001, out);
    assert_string_equal(out, "0.0");
}

static void full_money_keeps_every_cent(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *currency, *want;
    } cases[] = {{124000000, "USD", "$1,240,000.00"},
                 {0, "USD", "$0.00"},
                 {5, "USD", "$0.05"},
                 {-5, "USD", "-$0.05"},
                 {99999, "EUR",
                  "\xe2\x82\xac"
                  "999.99"},
                 {100000, "GBP",
                  "\xc2\xa3"
                  "1,000.00"},
                 {123456, "CHF", "CHF 1,234.56"},
                 {123456, "XYZ", "1,234.56 XYZ"},
                 {123456, "", "1,234.56"},
                 {123456, NULL, "1,234.56"},
                 {-123456, "SEK", "-1,234.56 SEK"},
                 {INT64_MAX, "USD", "$92,233,720,368,547,758.07"},
                 {INT64_MIN, "USD", "-$92,233,720,368,547,758.08"},
                 {INT64_MIN, "XYZ", "-92,233,720,368,547,758.08 XYZ"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[NUMBER_TEXT];
        number_format_money_full(cases[i].minor, cases[i].currency, out);
        assert_string_equal(out, cases[i].want);
    }
}

static void short_money_has_three_digits_and_carries(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *want;
    } cases[] = {{0, "$0"},
                 {49, "$0"},
                 {-49, "$0"},
                 {51, "$1"},
                 {-51, "-$1"},
                 {95000, "$950"},
                 {99949, "$999"},
                 {99950, "$1.00k"},
                 {99999, "$1.00k"},
                 {100000, "$1.00k"},
                 {999400, "$9.99k"},
                 {999600, "$10.0k"},
                 {1890000, "$18.9k"},
                 {9994000, "$99.9k"},
                 {9996000, "$100k"},
                 {99949900, "$999k"},
                 {99950000, "$1.00M"}, /* 999.5k */
                 {99999999, "$1.00M"},
                 {124000000, "$1.24M"},
                 {-124000000, "-$1.24M"},
                 {1890000000, "$18.9M"},
                 {99950000000, "$1.00B"},
                 {99950000000000, "$1.00T"},
                 {INT64_MAX, "$92234T"},
                 {INT64_MIN, "-$92234T"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[NUMBER_TEXT];
        number_format_money_short(cases[i].minor, "USD", out);
        assert_string_equal(out, cases[i].want);
    }
    char out[NUMBER_TEXT];
    number_format_money_short(124000000, "XYZ", out);
    assert_string_equal(out, "1.24M XYZ");
    number_format_money_short(124000000, "EUR", out);
    assert_string_equal(out, "\xe2\x82\xac"
                             "1.24M");
}

/* Around each step, never four digits before the suffix and never a smaller text for more money. */
static void short_money_never_shows_a_fourth_digit(void **state)
{
    (void)state;
    for (int64_t base = 1000; base <= 100000000000000; base *= 10) {
        for (int64_t offset = -600; offset <= 600; offset++) {
            char out[NUMBER_TEXT];
            int64_t minor = base * 100 - offset * (base / 1000);
            number_format_money_short(minor, "", out);
            size_t digits = strspn(out, "0123456789.");
            size_t width = strchr(out, '.') != NULL ? 4 : 3;
            if (digits > width) {
                fail_msg("%lld became %s", (long long)minor, out);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_decimals_are_read),
        cmocka_unit_test(everything_else_is_refused),
        cmocka_unit_test(exact_texts_are_the_shortest_that_read_back),
        cmocka_unit_test(fixed_decimals_are_grouped_by_thousands),
        cmocka_unit_test(shares_have_one_decimal),
        cmocka_unit_test(full_money_keeps_every_cent),
        cmocka_unit_test(short_money_has_three_digits_and_carries),
        cmocka_unit_test(short_money_never_shows_a_fourth_digit),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
