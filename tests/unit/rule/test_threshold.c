/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <string.h>

#include "base/strbuf.h"
#include "rule/rule_fixture.h"
#include "rule/threshold.h"

/* "arr 15k; adoption -5%" */
static void assert_thresholds(const char *text, const char *want)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRBUF_AUTO strbuf got;
    strata_error err = {0};
    const rule *r = NULL;
    const rule_threshold *found = NULL;
    size_t n = 0;
    strbuf_init(&got, 0);
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(rule_compile_condition(a, text, &fixture_place, &fixture_scope, &r, &err), &err);
    assert_ok(rule_thresholds(r, a, &found, &n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        strbuf_printf(&got, "%s%s %.*s=%g", i > 0 ? "; " : "", fixture_symbols[found[i].slot].name,
                      (int)(found[i].end - found[i].at), text + found[i].at, found[i].value);
    }
    assert_string_equal(strbuf_text(&got), want);
}

static void numbers_beside_one_feature_are_thresholds(void **state)
{
    (void)state;
    assert_thresholds("arr >= 15k", "arr 15k=15000");
    assert_thresholds("10k < arr and (adoption >= -5% or last_seen > 30 days)",
                      "arr 10k=10000; adoption -5%=-0.05; last_seen 30 days=30");
    assert_thresholds("not health_score between 40 and 60.5",
                      "health_score 40=40; health_score 60.5=60.5");
    assert_thresholds("arr > 2 * 10k", "arr 2 * 10k=20000");
}

static void what_no_single_number_decides_is_no_threshold(void **state)
{
    (void)state;
    assert_thresholds("seats = 5 and seats != 6 and seats in (1, 2)", "");
    assert_thresholds("arr > potential_arr", "");
    assert_thresholds("arr / seats > 100", "");
    assert_thresholds("arr > 5k for 30 days", "");
    assert_thresholds("health = green and strategic", "");
}

static void assert_like(const char *written, double value, const char *want)
{
    STRBUF_AUTO strbuf got;
    strbuf_init(&got, 0);
    rule_put_number_like(&got, written, strlen(written), value);
    assert_string_equal(strbuf_text(&got), want);
}

static void a_number_is_written_in_the_manner_of_the_old_one(void **state)
{
    (void)state;
    assert_like("15k", 20000, "20k");
    assert_like("15k", 17500, "17.5k");
    assert_like("15K", 900, "0.9K");
    assert_like("15k", 17512.5, "17512.5");
    assert_like("1.2M", 2e6, "2M");
    assert_like("15000", 20000, "20000");
    assert_like("80", 75.5, "75.5");
    assert_like("5%", 0.07, "7%");
    assert_like("5 %", 0.125, "12.5 %");
    assert_like("-5%", -0.1, "-10%");
    assert_like("- 5%", 0.29, "29%");
    assert_like("0.3", 0.35, "0.35");
    assert_like("1 day", 3, "3 days");
    assert_like("30 days", 45, "45 days");
    assert_like("4 weeks", 42, "6 weeks");
    assert_like("4 weeks", 45, "45 days");
    assert_like("6 months", 180, "180 days");
    assert_like("2 * 10k", 25000, "25000");
    assert_like("1e3", 2000, "2000");
    assert_like("", 3, "3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_beside_one_feature_are_thresholds),
        cmocka_unit_test(what_no_single_number_decides_is_no_threshold),
        cmocka_unit_test(a_number_is_written_in_the_manner_of_the_old_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
