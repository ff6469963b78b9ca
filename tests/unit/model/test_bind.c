/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

#include "catalogue.h"
#include "model/bind.h"

#define S "strata: 1\n"

static model *load(const char *yaml)
{
    model *m = NULL;
    strata_error err = {0};
    assert_ok(model_parse("strata.yaml", yaml, strlen(yaml), &m, &err), &err);
    return m;
}

static bound_model *bind(const model *m)
{
    bound_model *b = NULL;
    strata_error err = {0};
    assert_ok(model_bind(m, catalogue, CATALOGUE_N, &b, &err), &err);
    return b;
}

static const char *name_of(const bound_model *b, size_t def)
{
    return b->scope.symbols[b->defs[def].slot].name;
}

static void definitions_come_after_what_they_read(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m = load(S "features: {c: b_score + 1, a: arr * 2}\n"
                      "bins: {b_score: {of: a, quantiles: 3}}\n"
                      "dimensions: {d: {of: c, bands: {High: 3, Low: 0}}}\n");
    STRATA_AUTO(bound_model_free) bound_model *b = bind(m);

    static const char *const order[] = {"a", "b_score", "c", "d"};
    assert_int_equal(b->n_defs, 4);
    assert_int_equal(b->n_base, CATALOGUE_N);
    for (size_t i = 0; i < COUNT(order); i++) {
        assert_string_equal(name_of(b, i), order[i]);
        assert_int_equal(b->defs[i].slot, CATALOGUE_N + i);
    }
    assert_ptr_equal(bound_find(b, "c"), &b->defs[2]);
    assert_null(bound_find(b, "arr"));
}

static void a_definition_yields_its_type_and_levels(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m =
        load(S "features: {ratio: arr / seats, big: arr > 100k, kind: plan}\n"
               "scores: {s: {missing: worst, factors: [{feature: adoption, weight: 100%, "
               "scale: {0%: 0, 100%: 100}}]}}\n"
               "dimensions:\n"
               "  t: {tiers: [{name: A, label: First, when: big}, {name: B, otherwise: true}]}\n"
               "  n: {of: s, missing: None, bands: {High: 50, Low: 0}}\n"
               "  p: {by: plan, other_under: 5%}\n");
    STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
    const symbol *symbols = b->scope.symbols;

    assert_int_equal(symbols[bound_find(b, "big")->slot].type, VALUE_BOOL);
    assert_int_equal(symbols[bound_find(b, "kind")->slot].type, VALUE_TEXT);
    assert_int_equal(symbols[bound_find(b, "kind")->slot].n_levels, 3);
    assert_int_equal(symbols[bound_find(b, "s")->slot].type, VALUE_NUMBER);
    size_t n = 0;
    const char *const *labels = bound_segments(b, bound_find(b, "t"), &n);
    assert_int_equal(n, 2);
    assert_string_equal(labels[0], "First");
    assert_string_equal(symbols[bound_find(b, "t")->slot].levels[0], "A"); /* rules use the key */
    assert_null(bound_find(b, "t")->rules[1]);
    labels = bound_segments(b, bound_find(b, "n"), &n);
    assert_int_equal(n, 3);
    assert_string_equal(labels[2], "None");
    labels = bound_segments(b, bound_find(b, "p"), &n);
    static const char *const plans[] = {"a", "b", "c", "Other", "Unknown"};
    assert_int_equal(n, COUNT(plans));
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(labels[i], plans[i]);
    }
}

static void steps_give_their_edges(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m =
        load(S "bins: {r: {of: last_seen, steps: [{up_to: 7 days, score: 5}, {up_to: 30 days, "
               "score: 4}, {otherwise: true, score: 1}]}}\n");
    STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
    const bound_def *def = bound_find(b, "r");
    assert_close(def->edges[0], 7, 0);
    assert_close(def->edges[1], 30, 0);
    assert_true(isnan(def->edges[2]));
}

static void the_longest_for_is_the_lookback(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m = load(
        S "features: {low: adoption < 30% for 45 days, quiet: last_seen > 9 days for 2 weeks}\n"
          "population: {when: is_customer}\n"
          "milestones: [{name: Seen, when: seen}]\n"
          "journey: {stages: [{name: Seen, when: seen}, {name: Low, when: low}]}\n"
          "hypotheses: [{claim: x, where: low, compare: arr}, {claim: y, where: low, "
          "against: quiet, compare: churned}]\n");
    STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
    assert_int_equal(b->lookback_days, 45);
    assert_non_null(b->population);
    assert_non_null(b->milestones[0]);
    assert_true(b->stages[0] != NULL && b->stages[1] != NULL);
    assert_null(b->hypotheses[0].against);
    assert_non_null(b->hypotheses[1].against);
    assert_int_equal(rule_type(b->hypotheses[1].compare), VALUE_BOOL);
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        {S "dimensions: {x: {tiers: [{name: Growth, when: helth < 60}, {name: B, otherwise: "
           "true}]}}\n"
           "features: {health: arr}\n",
         "strata.yaml:2:47: unknown feature 'helth' in tier 'Growth' (did you mean 'health'?)"},
        {S "features: {a: b + 1, b: c + 1, c: a + 1}\n",
         "strata.yaml:2:15: definitions go in a circle: 'a' reads 'b', 'b' reads 'c', 'c' reads "
         "'a'"},
        {S "features: {z: a, a: a + 1}\n",
         "strata.yaml:2:21: definitions go in a circle: 'a' reads 'a'"},
        {S "features: {arr: seats}\n",
         "strata.yaml:2:17: 'arr' is a built-in feature or a column of "
         "the accounts: choose another name"},
        {S "dimensions: {x: {by: arr}}\n",
         "strata.yaml:2:22: 'by' of dimension 'x' needs a text, but 'arr' is money: use bands"},
        {S "dimensions: {x: {of: plan, bands: {A: 1, B: 0}}}\n",
         "strata.yaml:2:22: 'plan' in dimension 'x' is a text, but must be a number"},
        {S "dimensions: {x: {of: adoption, bands: {A: 80, B: 0}}}\n",
         "strata.yaml:2:43: '80' of dimension 'x' does not fit 'adoption', which is a share"},
        {S
         "bins: {x: {of: arr, steps: [{up_to: 7 days, score: 1}, {otherwise: true, score: 2}]}}\n",
         "strata.yaml:2:37: '7 days' of bin 'x' does not fit 'arr', which is money"},
        {S "extends: health-risk\nfeatures: {health: null}\n",
         "template health-risk:19:9: unknown feature 'health' in dimension 'health_band'"},
        {S "migration: {up: helth > 80}\n",
         "strata.yaml:2:17: unknown feature 'helth' in up rule of migration"},
        {S "migration: {down: health_supplied < 60 for 30 days}\n",
         "strata.yaml:2:19: 'for' in the down rule of migration: make it a feature of the model "
         "and name that"},
        {S "tier_change: {exceptions: [{name: near, when: renewal_im < 90 days}]}\n",
         "strata.yaml:2:47: unknown feature 'renewal_im' in exception 'near' (did you mean "
         "'renewal_in'?)"},
        {S "population: {when: value = A}\n"
           "dimensions: {value: {tiers: [{name: A, otherwise: true}]}}\n",
         "strata.yaml:2:20: unknown feature 'value' in population"},
        {S "journey: {stages: [{name: Fast, when: helth > 60}]}\n"
           "features: {health: arr}\n",
         "strata.yaml:2:39: unknown feature 'helth' in stage 'Fast' (did you mean 'health'?)"},
        {S "milestones: [{name: Fast, when: arr}]\n",
         "strata.yaml:2:33: 'arr' is money where a condition is expected in milestone 'Fast' "
         "(compare it with something)"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        STRATA_AUTO(model_free) model *m = load(cases[i].yaml);
        bound_model *b = NULL;
        strata_error err = {0};
        if (model_bind(m, catalogue, CATALOGUE_N, &b, &err) == STRATA_OK) {
            bound_model_free(b);
            fail_msg("taken without complaint: %s", cases[i].yaml);
        }
        assert_int_equal(err.status, STRATA_E_MODEL);
        assert_null(b);
        assert_string_equal(err.message, cases[i].message);
    }
}

/* --- check --- */

static void assert_warning(const char *yaml, const char *kind, bool note, const char *text)
{
    STRATA_AUTO(model_free) model *m = load(yaml);
    STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
    const model_warning *warnings = NULL;
    size_t n = 0;
    strata_error err = {0};
    assert_ok(model_check(b, &warnings, &n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(warnings[i].kind, kind) == 0) {
            assert_string_equal(warnings[i].text, text);
            assert_int_equal(warnings[i].note, note);
            return;
        }
    }
    fail_msg("no warning '%s'", kind);
}

static void a_tier_that_can_never_match_is_told(void **state)
{
    (void)state;
    assert_warning(
        S "dimensions: {x: {tiers: [{name: A, when: arr >= 10k}, {name: B, when: arr > 20k}, "
          "{name: C, otherwise: true}]}}\n",
        "unreachable", false,
        "strata.yaml:2:62: 'B' of dimension 'x' can never match: 'A' before it takes all "
        "that it would");
    assert_warning(
        S "dimensions: {x: {tiers: [{name: A, when: arr > 5k and arr < 2k}, {name: C, "
          "otherwise: true}]}}\n",
        "unreachable", false,
        "strata.yaml:2:33: 'A' of dimension 'x' can never match: its condition contradicts "
        "itself");
}

static void overlaps_and_gaps_are_notes(void **state)
{
    (void)state;
    assert_warning(
        S "dimensions: {x: {tiers: [{name: A, when: arr > 10k}, {name: B, when: adoption > "
          "50%}, {name: C, otherwise: true}]}}\n",
        "overlap", true,
        "strata.yaml:2:61: 'A' and 'B' of dimension 'x' can both hold, for example at arr = "
        "$11,000, adoption = 55%: 'A' comes first");
    assert_warning(
        S "dimensions: {x: {tiers: [{name: A, when: adoption > 70%}, {name: B, when: adoption "
          "< 30%}, {name: C, otherwise: true}]}}\n",
        "gap", true,
        "strata.yaml:2:99: no condition of dimension 'x' holds at adoption = 30%: such "
        "accounts go to 'C'");
}

static void more_than_six_segments_are_too_many(void **state)
{
    (void)state;
    assert_warning(
        S "dimensions: {x: {of: adoption, bands: {A: 6%, B: 5%, C: 4%, D: 3%, E: 2%, F: 1%, G: "
          "0%}}}\n",
        "too-many", false,
        "strata.yaml:2:14: dimension 'x' has 7 segments: more than 6 are hard to act on "
        "differently");
}

static void arr_as_the_only_input_is_told(void **state)
{
    (void)state;
    static const char text[] = "strata.yaml:3:14: dimension 'x' looks at ARR alone: it says what "
                               "accounts pay, not what they need or risk";
    assert_warning(S "features: {half: arr / 2}\n"
                     "dimensions: {x: {of: half, bands: {A: 10k, B: 0}}}\n",
                   "arr-only", false, text);
}

/* A column that the data does not have cannot make up for ARR alone. */
static void a_feature_without_data_is_told_and_counts_for_nothing(void **state)
{
    (void)state;
    static const symbol base[] = {
        {.name = "arr", .type = VALUE_MONEY},
        {.name = "potential_arr",
         .type = VALUE_MONEY,
         .missing_because = "accounts has no potential_arr"},
        {.name = "is_customer", .type = VALUE_BOOL},
        {.name = "has_champion", .type = VALUE_BOOL},
        {.name = "has_economic_buyer", .type = VALUE_BOOL},
        {.name = "has_technical_buyer", .type = VALUE_BOOL},
        {.name = "active_users_30d", .type = VALUE_NUMBER},
        {.name = "features_used_90d", .type = VALUE_NUMBER},
    };
    STRATA_AUTO(model_free) model *m =
        load(S "extends: value\nmigration: null\ntier_change: null\n");
    STRATA_AUTO(bound_model_free) bound_model *b = NULL;
    const model_warning *w = NULL;
    size_t n = 0;
    size_t found = 0;
    strata_error err = {0};
    assert_ok(model_bind(m, base, COUNT(base), &b, &err), &err);
    assert_ok(model_check(b, &w, &n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        found += strcmp(w[i].kind, "arr-only") == 0;
        if (strcmp(w[i].kind, "no-data") == 0) {
            found++;
            assert_string_equal(
                w[i].text, "template value:12:3: 'value' reads 'potential_arr', which is missing "
                           "for every account: accounts has no potential_arr");
        }
    }
    assert_int_equal(found, 2);
}

static void a_text_that_no_account_has_is_told(void **state)
{
    (void)state;
    assert_warning(S "features: {x: plan = \"Gold\"}\n", "unknown-text", false,
                   "strata.yaml:2:22: no account has plan 'Gold'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_come_after_what_they_read),
        cmocka_unit_test(a_definition_yields_its_type_and_levels),
        cmocka_unit_test(steps_give_their_edges),
        cmocka_unit_test(the_longest_for_is_the_lookback),
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(a_tier_that_can_never_match_is_told),
        cmocka_unit_test(overlaps_and_gaps_are_notes),
        cmocka_unit_test(more_than_six_segments_are_too_many),
        cmocka_unit_test(arr_as_the_only_input_is_told),
        cmocka_unit_test(a_feature_without_data_is_told_and_counts_for_nothing),
        cmocka_unit_test(a_text_that_no_account_has_is_told),
    };
    return cmocka_run_group_tests_name("bound model", tests, NULL, NULL);
}
