/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "rule/rule_fixture.h"

static const rule *compiled(arena *a, const char *text)
{
    strata_error err = {0};
    const rule *r = NULL;
    assert_ok(rule_compile_value(a, text, &fixture_place, &fixture_scope, &r, &err), &err);
    return r;
}

static void printing_is_canonical(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"ARR>=15000 AND (arr<25000)", "arr >= 15k and arr < 25k"},
        {"arr >= 2000000 or arr = 1234.5", "arr >= 2M or arr = 1234.5"},
        {"(arr > 1 or strategic) and not (health = RED)",
         "(arr > 1 or strategic) and not health = 'red'"},
        {"adoption > .7 and adoption < 70%", "adoption > 0.7 and adoption < 70%"},
        {"adoption > 0.1%", "adoption > 0.1%"},
        {"last_seen > 1 months", "last_seen > 1 month"},
        {"last_seen > 2 WEEKS", "last_seen > 2 weeks"},
        {"renewal > '2026-03-31'", "renewal > 2026-03-31"},
        {"industry in (EdTech, \"it's\")", "industry in ('EdTech', 'it''s')"},
        {"arr - (seats - 1) * -2 > 0", "arr - (seats - 1) * -2 > 0"},
        {"(arr - seats) - 1", "arr - seats - 1"},
        {"((arr > 1) and (arr > 2)) and arr > 3", "arr > 1 and arr > 2 and arr > 3"},
        {"(strategic or arr > 1) for 30 days", "(strategic or arr > 1) for 30 days"},
        {"not (strategic for 2 weeks)", "not (strategic for 2 weeks)"},
        {"value turned growth", "value turned 'Growth'"},
        {"(arr > 1) = strategic", "(arr > 1) = strategic"},
        {"coalesce(arr, 0) is not missing", "coalesce(arr, 0) is not missing"},
        {"seats not between 1 and 2", "seats not between 1 and 2"},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const rule *r = compiled(a, cases[i].text);
        const char *text = NULL;
        assert_ok(rule_print(r, a, &text, &err), &err);
        assert_string_equal(text, cases[i].want);
        assert_true(rule_equal(r, compiled(a, text)));
        assert_string_equal(rule_text(r), cases[i].text);
    }
}

static void different_rules_are_not_equal(void **state)
{
    (void)state;
    static const char *const texts[] = {"arr > 1",
                                        "arr >= 1",
                                        "arr > 2",
                                        "seats > 1",
                                        "not arr > 1",
                                        "arr is missing",
                                        "arr is not missing",
                                        "arr in (1)",
                                        "arr > 1 and arr > 2",
                                        "arr > 2 and arr > 1",
                                        "health = red",
                                        "health = green",
                                        "adoption > 50%",
                                        "min(arr, 1) > 1",
                                        "max(arr, 1) > 1",
                                        "true",
                                        "false",
                                        "last_seen > 1 day",
                                        "last_seen > 1"};
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t j = 0; j < COUNT(texts); j++) {
            assert_int_equal(rule_equal(compiled(a, texts[i]), compiled(a, texts[j])), i == j);
        }
    }
}

static void words_spell_out_band_edges(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"arr >= 25k and arr < 75k", "ARR $25,000 or more and under $75,000"},
        {"arr > 75k or potential_arr > 150k",
         "ARR more than $75,000 or potential_arr more than $150,000"},
        {"25k <= arr and arr != 30000.5", "ARR $25,000 or more and other than $30,000.50"},
        {"adoption >= 70% and last_seen < 2 years",
         "adoption 70% or more and last_seen under 2 years"},
        {"last_seen > 30", "last_seen more than 30 days"},
        {"renewal >= 2026-03-31 and renewal < '2026-06-30'",
         "renewal on or after 31 March 2026 and before 30 June 2026"},
        {"strategic and not (health = red or arr < 5k)",
         "strategic and not (health is red or ARR under $5,000)"},
        {"industry in (EdTech, Retail, Health)", "industry is EdTech, Retail or Health"},
        {"health not in (red)", "health is not red"},
        {"health != red", "health is not red"},
        {"red = health", "health is red"},
        {"arr is missing or seats is not missing", "ARR is missing or seats is known"},
        {"value turned growth", "value turned Growth"},
        {"(arr > 5k and strategic) for 30 days",
         "(ARR more than $5,000 and strategic) for 30 days"},
        {"arr between 10k and 20k", "ARR between $10,000 and $20,000"},
        {"seats not between 1 and 5", "seats not between 1 and 5"},
        {"seats in (1, 7)", "seats is 1 or 7"},
        {"arr / seats >= 100", "arr / seats $100 or more"},
        {"arr > potential_arr", "ARR more than potential_arr"},
        {"strategic = false", "not strategic"},
        {"arr * 2", "arr * 2"},
        {"70%", "70%"},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *words = NULL;
        assert_ok(rule_words(compiled(a, cases[i].text), "USD", a, &words, &err), &err);
        assert_string_equal(words, cases[i].want);
    }
}

static void explanations_show_what_was_seen(void **state)
{
    (void)state;
    static const struct {
        const char *text, *clause, *observed;
        int verdict, depth;
        size_t slot;
        double gap;
    } cases[] = {
        /* each explained on its own; rows of one rule follow each other */
        {"arr >= 25k and usage_depth > 3", "arr >= 25k", "arr is $18,900", RULE_NO, 0, SLOT_ARR,
         6100},
        {NULL, "usage_depth > 3", "usage_depth is missing: needs usage", RULE_UNKNOWN, 0,
         SLOT_USAGE_DEPTH, NAN},
        {"strategic and (health = red or not (seats < 50))", "strategic", "strategic is yes",
         RULE_YES, 0, SLOT_STRATEGIC, NAN},
        {NULL, "any of", "", RULE_NO, 0, SIZE_MAX, NAN},
        {NULL, "health = 'red'", "health is yellow", RULE_NO, 1, SLOT_HEALTH, NAN},
        {NULL, "not", "", RULE_NO, 1, SIZE_MAX, NAN},
        {NULL, "seats < 50", "seats is 40", RULE_YES, 2, SLOT_SEATS, 10},
        {"arr / seats > 470", "arr / seats > 470",
         "arr / seats is $472.50 (arr is $18,900, seats is 40)", RULE_YES, 0, SIZE_MAX, NAN},
        {"arr between 10k and 20k", "arr between 10k and 20k", "arr is $18,900", RULE_YES, 0,
         SLOT_ARR, 1100},
        {"adoption < potential_arr / arr", "adoption < potential_arr / arr",
         "adoption is 70%, potential_arr / arr is missing (potential_arr is missing, arr is "
         "$18,900)",
         RULE_UNKNOWN, 0, SIZE_MAX, NAN},
        {"health turned yellow", "health turned 'yellow'",
         "health is yellow, was green at the previous review", RULE_YES, 0, SIZE_MAX, NAN},
        {"seats > 30 for 60 days", "seats > 30 for 60 days", "held at every date since 2026-03-31",
         RULE_YES, 0, SIZE_MAX, NAN},
        {"seats > 30 for 90 days", "seats > 30 for 90 days",
         "held since 2026-03-31, the earliest date there is", RULE_UNKNOWN, 0, SIZE_MAX, NAN},
        {"seats > 35 for 10 days", "seats > 35 for 10 days", "did not hold on 2026-04-30", RULE_NO,
         0, SIZE_MAX, NAN},
        {"renewal < today", "renewal < today", "renewal is 31 March 2026", RULE_YES, 0, SIZE_MAX,
         NAN},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    column now[SLOT_COUNT], then[SLOT_COUNT];
    account earlier = fixture_account;
    earlier.health = 0;
    earlier.seats = 33;
    account_columns(&fixture_account, now);
    account_columns(&earlier, then);
    const rule_frame past[] = {{then, 20573}, {then, 20543}};
    rule_input in = {.now = {now, 20603}, .previous = &past[0], .past = past, .n_past = 2};
    const rule_clause *clauses = NULL;
    size_t n = 0, at = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (cases[i].text != NULL) {
            assert_int_equal(at, n);
            assert_ok(
                rule_explain(compiled(a, cases[i].text), &in, 0, "USD", a, &clauses, &n, &err),
                &err);
            at = 0;
        }
        assert_true(at < n);
        const rule_clause *c = &clauses[at++];
        assert_string_equal(c->text, cases[i].clause);
        if (strstr(cases[i].observed, "today") == NULL) {
            assert_memory_equal(c->observed, cases[i].observed, strlen(cases[i].observed));
        }
        assert_int_equal(c->verdict, cases[i].verdict);
        assert_int_equal(c->depth, cases[i].depth);
        assert_int_equal(c->slot, cases[i].slot);
        assert_true(isnan(cases[i].gap) ? isnan(c->gap) : fabs(c->gap - cases[i].gap) < 1e-9);
    }
    assert_int_equal(at, n);
}

static void observations_name_each_feature_once(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"arr", "arr is $18,900"},
        {"health", "health is yellow"},
        {"coalesce(industry, 'none')", "industry is EdTech"},
        {"usage_depth", "usage_depth is missing: needs usage"},
        {"arr / seats", "arr / seats is $472.50 (arr is $18,900, seats is 40)"},
        {"arr > 5k and arr < 7k and strategic", "arr is $18,900, strategic is yes"},
        {"1 + 1", "1 + 1 is 2"},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    column now[SLOT_COUNT];
    account_columns(&fixture_account, now);
    rule_input in = {.now = {now, 20603}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *got = NULL;
        assert_ok(rule_observed(compiled(a, cases[i].text), &in, 0, "USD", a, &got, &err), &err);
        assert_string_equal(got, cases[i].want);
    }
}

static void people_read_labels_and_rounded_shares(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"arr", "ARR is $18,900"},
        {"adoption", "adoption is 1,049.6 %"},
        {"arr / seats", "arr / seats is $472.50 (ARR is $18,900, seats is 40)"},
        {"industry", "industry is arr"}, /* a value that reads like a name stays */
        {"usage_depth", "usage_depth is missing: needs usage"},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    static const char *const levels[] = {"arr"};
    symbol symbols[SLOT_COUNT];
    memcpy(symbols, fixture_symbols, sizeof symbols);
    symbols[SLOT_INDUSTRY].levels = levels;
    symbols[SLOT_INDUSTRY].n_levels = 1;
    const rule_scope scope = {symbols, SLOT_COUNT};
    account who = fixture_account;
    who.adoption = 10.496;
    who.industry = 0;
    column now[SLOT_COUNT];
    account_columns(&who, now);
    rule_input in = {.now = {now, 20603}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *got = NULL;
        const rule *r = NULL;
        assert_ok(rule_compile_value(a, cases[i].text, &fixture_place, &scope, &r, &err), &err);
        assert_ok(rule_said(r, &in, 0, "USD", a, &got, &err), &err);
        assert_string_equal(got, cases[i].want);
    }
    const rule_clause *clauses = NULL;
    size_t n = 0;
    assert_ok(rule_explain(compiled(a, "adoption > 20%"), &in, 0, "USD", a, &clauses, &n, &err),
              &err);
    assert_int_equal(n, 1);
    assert_string_equal(clauses[0].said, "adoption is 1,049.6 %");
    assert_string_equal(clauses[0].observed, "adoption is 1049.6%");
}

static void changes_are_the_nearest_that_satisfy(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"arr >= 15k", ""},
        {"arr >= 25k", "arr from $18,900 to $25,000 or more"},
        {"arr > 25k", "arr from $18,900 to more than $25,000"},
        {"arr < 15k", "arr from $18,900 to under $15,000"},
        {"arr = 15k", "arr from $18,900 to $15,000"},
        {"arr between 20k and 30k", "arr from $18,900 to $20,000 or more"},
        {"arr not between 10k and 20k", "arr from $18,900 to more than $20,000"},
        {"not (arr < 25k or seats < 50)",
         "arr from $18,900 to $25,000 or more; seats from 40 to 50 or more"},
        {"arr >= 25k or health_score >= 62", "health_score from 60 to 62 or more"},
        {"(arr >= 25k and seats > 50) or adoption >= 90%", "adoption from 70% to 90% or more"},
        {"potential_arr > 1 or arr > 25k", "arr from $18,900 to more than $25,000"},
        {"potential_arr > 1", ""},
        {"usage_depth > 10", ""},
        {"health = red", "health from yellow to red"},
        {"health in (red, green)", "health from yellow to green"},
        {"not strategic", "strategic from yes to no"},
        {"last_seen < 1 week and renewal > 2026-06-30",
         "last_seen from 12 days to under 7 days; renewal from 31 March 2026 to after 30 June "
         "2026"},
        {"last_seen >= 3 years", "last_seen from 12 days to 3 years or more"},
        {"last_seen > 1 month", "last_seen from 12 days to more than 1 month"},
        {"last_seen > 12 months", "last_seen from 12 days to more than 1 year"},
        {"arr >= 25k and arr < 20k", ""},
        {"arr / seats > 1000", ""},
        {"arr / seats > 10 and arr >= 25k", "arr from $18,900 to $25,000 or more"},
        {"arr / seats < 600 and arr >= 25k", ""},
        {"arr > 18900 and arr < 18900.01", "arr from $18,900 to more than $18,900"},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    column now[SLOT_COUNT];
    account_columns(&fixture_account, now);
    rule_input in = {.now = {now, 20603}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const rule_change *changes = NULL;
        size_t n = 0;
        char got[256] = "";
        assert_ok(rule_invert(compiled(a, cases[i].text), &in, 0, "USD", a, &changes, &n, &err),
                  &err);
        for (size_t k = 0; k < n; k++) {
            strcat(got, k > 0 ? "; " : "");
            strcat(got, changes[k].words);
        }
        assert_string_equal(got, cases[i].want);
    }
}

static void margins_move_thresholds(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tight, *loose;
    } cases[] = {
        {"arr > 75k", "arr > 82500", "arr > 67500"},
        {"arr < 100", "arr < 90", "arr < 110"},
        {"100 < arr", "110 < arr", "90 < arr"},
        {"seats between 10 and 20", "seats between 11 and 18", "seats between 9 and 22"},
        {"seats not between 10 and 20", "seats not between 9 and 22",
         "seats not between 11 and 18"},
        {"not arr > 100", "not arr > 90", "not arr > 110"},
        {"arr > -100", "arr > -90", "arr > -110"},
        {"arr = 100 and seats in (10) and strategic", "arr = 100 and seats in (10) and strategic",
         "arr = 100 and seats in (10) and strategic"},
        {"renewal > 2026-03-31", "renewal > 2026-03-31", "renewal > 2026-03-31"},
        {"last_seen > 1 week for 30 days", "last_seen > 7.7 days for 30 days",
         "last_seen > 6.3 days for 30 days"},
        {"(arr > 100) = strategic", "(arr > 100) = strategic", "(arr > 100) = strategic"},
        {"arr > 10 * seats", "arr > 10 * seats", "arr > 10 * seats"},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const rule *r = compiled(a, cases[i].text);
        const rule *moved = NULL;
        assert_ok(rule_with_margin(a, r, 0.1, true, &moved, &err), &err);
        assert_string_equal(rule_text(moved), cases[i].tight);
        assert_ok(rule_with_margin(a, r, 0.1, false, &moved, &err), &err);
        assert_string_equal(rule_text(moved), cases[i].loose);
    }
    const rule *moved = NULL;
    assert_int_equal(rule_with_margin(a, compiled(a, "arr > 1"), 1.0, true, &moved, &err),
                     STRATA_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printing_is_canonical),
        cmocka_unit_test(different_rules_are_not_equal),
        cmocka_unit_test(words_spell_out_band_edges),
        cmocka_unit_test(explanations_show_what_was_seen),
        cmocka_unit_test(observations_name_each_feature_once),
        cmocka_unit_test(people_read_labels_and_rounded_shares),
        cmocka_unit_test(changes_are_the_nearest_that_satisfy),
        cmocka_unit_test(margins_move_thresholds),
    };
    return cmocka_run_group_tests_name("rule_text", tests, NULL, NULL);
}
