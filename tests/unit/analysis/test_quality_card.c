/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "analysis/quality_card.h"
#include "analysis/town.h"

static const quality_card *card_of(const world *w, const char *dimension,
                                   const quality_inputs *inputs)
{
    static const quality_inputs nothing = {.last_run = DAY_MISSING};
    const quality_card *card = NULL;
    strata_error err = {0};
    assert_ok(quality_card_make(w->study, world_dimension(w, dimension),
                                inputs != NULL ? inputs : &nothing, w->arena, &card, &err),
              &err);
    return card;
}

static quality_row row_of(const quality_row *rows, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rows[i].key, key) == 0) {
            return rows[i];
        }
    }
    fail_msg("no row '%s'", key);
    return (quality_row){0};
}

static quality_row card_row(const world *w, const char *key)
{
    const quality_card *card = card_of(w, "value", NULL);
    return row_of(card->rows, card->n_rows, key);
}

static void every_row_has_a_verdict_with_evidence(void **state)
{
    const quality_card *card = card_of(town_world(*state), "value", NULL);
    assert_int_equal(card->n_rows, 11);
    assert_int_equal(card->n_pitfalls, 5);
    for (size_t i = 0; i < card->n_rows; i++) {
        assert_true(strlen(card->rows[i].evidence) > 10);
        assert_null(strstr(card->rows[i].evidence, "nan"));
    }
    assert_int_equal(card->n_pass + card->n_warn + card->n_fail + card->n_unknown, 11);
    assert_string_equal(quality_verdict_name(QUALITY_WARN), "warn");
}

static void accounts_that_meet_two_conditions_are_counted(void **state)
{
    quality_row row = card_row(town_world(*state), "exclusive");
    assert_int_equal(row.verdict, QUALITY_PASS);
    assert_string_equal(row.evidence,
                        "Each of 400 accounts is in exactly one segment; 100 meet the "
                        "conditions of two or more, and the first one decides.");
    assert_int_equal(card_row(town_world(*state), "exhaustive").verdict, QUALITY_PASS);
}

/* scipy.stats.chi2_contingency([[100, 0], [90, 10], [108, 72]], correction=False) and
 * association() (tests/data/analysis/make.py); Holm multiplies by 3 or less. */
static void churn_is_told_apart_as_scipy_does(void **state)
{
    quality_row row = card_row(town_world(*state), "distinct_churn");
    assert_int_equal(row.verdict, QUALITY_PASS);
    assert_close(row.test.statistic, 71.533802586348, 1e-10);
    assert_close(row.test.effect, 0.4338742316748508, 1e-10);
    assert_true(row.test.p_holm >= row.test.p && row.test.p_holm <= 3.0 * row.test.p);
    assert_non_null(strstr(row.evidence, "p < 0.001 after correction"));
}

/* scipy.stats.kruskal() of the relative changes, and survdiff() in R. */
static void growth_and_survival_are_told_apart_as_scipy_and_r_do(void **state)
{
    quality_row growth = card_row(town_world(*state), "distinct_growth");
    quality_row survival = card_row(town_world(*state), "distinct_survival");
    assert_close(growth.test.statistic, 40.00799943224303, 1e-9);
    assert_close(growth.test.effect, 0.10556200377900536, 1e-9);
    assert_close(survival.test.statistic, 71.345555737436584, 1e-9);
    assert_close(survival.test.effect, 0.4, 1e-12); /* 100 % of Large are left, 60 % of Small */
    assert_int_equal(survival.verdict, QUALITY_PASS);
}

static void memberships_that_hardly_change_are_stable(void **state)
{
    quality_row row = card_row(town_world(*state), "stable");
    assert_int_equal(row.verdict, QUALITY_PASS);
    assert_true(row.numbers[0].x > 0.9 && row.numbers[0].x < 1.0);
    assert_true(row.numbers[3].x <= 0.0); /* nobody comes back */
}

static void what_is_not_known_is_unknown(void **state)
{
    quality_row row = card_row(town_world(*state), "reachable");
    assert_int_equal(row.verdict, QUALITY_UNKNOWN);
    assert_non_null(strstr(row.evidence, "needs contacts"));
}

static void pitfalls_are_named(void **state)
{
    static const model_warning warnings[] = {
        {.text = "strata.yaml:4:5: ARR is the only input", .kind = "arr-only"},
        {.text = "strata.yaml:6:7: tier 'Core' can never match", .kind = "unreachable"},
        {.text = "the order decides", .kind = "overlap", .note = true}};
    quality_inputs in = {.warnings = warnings, .n_warnings = 3, .last_run = DAY_MISSING};
    const quality_card *card = card_of(town_world(*state), "value", &in);
    assert_int_equal(row_of(card->pitfalls, 5, "arr_only").verdict, QUALITY_PASS);
    assert_int_equal(row_of(card->pitfalls, 5, "never_refreshed").verdict, QUALITY_WARN);
    assert_int_equal(row_of(card->pitfalls, 5, "not_operationalised").verdict, QUALITY_PASS);
    assert_int_equal(row_of(card->pitfalls, 5, "unvalidated").verdict, QUALITY_PASS);
    quality_row rules = row_of(card->pitfalls, 5, "inconsistent");
    assert_int_equal(rules.verdict, QUALITY_FAIL);
    assert_string_equal(rules.evidence, "Warnings about the model's rules: 1, the first: "
                                        "strata.yaml:6:7: tier 'Core' can never match.");
}

/* The town's model reads the industry too; without that dimension ARR is all. */
static void a_model_of_nothing_but_arr_is_named(void **state)
{
    (void)state;
    town *t = town_new("strata: 1\n"
                       "dimensions: {value: {tiers: [{name: Large, when: arr >= 50k}, {name: Rest, "
                       "otherwise: true}]}}\n",
                       1);
    const quality_card *card = card_of(town_world(t), "value", NULL);
    assert_int_equal(row_of(card->pitfalls, 5, "arr_only").verdict, QUALITY_WARN);
    assert_int_equal(row_of(card->pitfalls, 5, "not_operationalised").verdict, QUALITY_FAIL);
    town_free(t);
}

static void a_run_is_fresh_for_as_long_as_the_model_says(void **state)
{
    const world *w = town_world(*state); /* today is day 0 in this world */
    quality_inputs in = {.last_run = -92};
    const quality_card *card = card_of(w, "value", &in);
    assert_int_equal(row_of(card->pitfalls, 5, "never_refreshed").verdict, QUALITY_PASS);
    in.last_run = -93;
    card = card_of(w, "value", &in);
    assert_int_equal(row_of(card->pitfalls, 5, "never_refreshed").verdict, QUALITY_WARN);
}

static void segments_without_texts_are_not_actionable(void **state)
{
    const quality_card *card = card_of(town_world(*state), "branch", NULL);
    assert_int_equal(row_of(card->rows, 11, "actionable").verdict, QUALITY_FAIL);
    assert_int_equal(row_of(card->rows, 11, "number").verdict, QUALITY_WARN); /* two segments */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_verdict_with_evidence),
        cmocka_unit_test(accounts_that_meet_two_conditions_are_counted),
        cmocka_unit_test(churn_is_told_apart_as_scipy_does),
        cmocka_unit_test(growth_and_survival_are_told_apart_as_scipy_and_r_do),
        cmocka_unit_test(memberships_that_hardly_change_are_stable),
        cmocka_unit_test(what_is_not_known_is_unknown),
        cmocka_unit_test(pitfalls_are_named),
        cmocka_unit_test(a_model_of_nothing_but_arr_is_named),
        cmocka_unit_test(a_run_is_fresh_for_as_long_as_the_model_says),
        cmocka_unit_test(segments_without_texts_are_not_actionable),
    };
    return cmocka_run_group_tests_name("quality_card", tests, town_set_up, town_tear_down);
}
