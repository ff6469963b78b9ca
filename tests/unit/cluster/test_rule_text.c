/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "cluster/rule_text.h"

static const cluster_candidate features[] = {
    {.expression = "arr", .type = VALUE_MONEY},
    {.expression = "adoption", .type = VALUE_SHARE},
    {.expression = "tenure", .type = VALUE_DURATION},
    {.expression = "events_30d / seats", .type = VALUE_NUMBER},
    {.expression = "strategic", .type = VALUE_BOOL},
};
enum { ARR, ADOPTION, TENURE, PER_SEAT, STRATEGIC };

static void says(const tree_clause *clauses, size_t n, const char *want)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    rule_text_way(&text, features, clauses, n, false);
    assert_string_equal(strbuf_text(&text), want);
}

static tree_clause under(size_t feature, double high)
{
    return (tree_clause){.feature = feature, .low = (double)-INFINITY, .high = high};
}

static tree_clause from(size_t feature, double low)
{
    return (tree_clause){.feature = feature, .low = low, .high = (double)INFINITY};
}

static void bounds_are_written_in_their_unit(void **state)
{
    (void)state;
    says((tree_clause[]){from(ARR, 31900)}, 1, "arr >= 31.9k");
    says((tree_clause[]){from(ARR, 31921.4)}, 1, "arr >= 31921.4");
    says((tree_clause[]){under(TENURE, 90)}, 1, "tenure < 90 days");
    says((tree_clause[]){under(PER_SEAT, 0.5)}, 1, "(events_30d / seats) < 0.5");
}

static void shares_are_per_cent_whatever_their_digits(void **state)
{
    (void)state;
    static const struct {
        double share;
        const char *text;
    } cases[] = {{0.325, "adoption < 32.5%"}, {0.05, "adoption < 5%"},  {0.005, "adoption < 0.5%"},
                 {1, "adoption < 100%"},      {1.5, "adoption < 150%"}, {-0.1, "adoption < -10%"},
                 {0, "adoption < 0%"},        {0.7, "adoption < 70%"},  {12.25, "adoption < 1225%"},
                 {-0.025, "adoption < -2.5%"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        says((tree_clause[]){under(ADOPTION, cases[i].share)}, 1, cases[i].text);
    }
}

static void flags_are_named_without_a_number(void **state)
{
    (void)state;
    says((tree_clause[]){from(STRATEGIC, 1)}, 1, "(strategic)");
    says((tree_clause[]){under(STRATEGIC, 1)}, 1, "not (strategic)");
}

static void missing_values_are_asked_for_only_where_there_were_some(void **state)
{
    (void)state;
    tree_clause c = under(TENURE, 90);
    c.missing = true;
    says(&c, 1, "tenure < 90 days");
    c.saw_missing = true;
    says(&c, 1, "(tenure < 90 days or tenure is missing)");
}

static void bounds_on_both_sides_and_several_ways_join(void **state)
{
    (void)state;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    tree_clause both = {.feature = ARR, .low = 10, .high = 20};
    const tree_clause first[] = {both, under(TENURE, 90)};
    const tree_clause second[] = {from(ARR, 20)};
    rule_text_way(&text, features, first, 2, false);
    rule_text_way(&text, features, second, 1, true);
    assert_string_equal(strbuf_text(&text),
                        "arr >= 10 and arr < 20 and tenure < 90 days or (arr >= 20)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_written_in_their_unit),
        cmocka_unit_test(shares_are_per_cent_whatever_their_digits),
        cmocka_unit_test(flags_are_named_without_a_number),
        cmocka_unit_test(missing_values_are_asked_for_only_where_there_were_some),
        cmocka_unit_test(bounds_on_both_sides_and_several_ways_join),
    };
    return cmocka_run_group_tests_name("cluster_rule_text", tests, NULL, NULL);
}
