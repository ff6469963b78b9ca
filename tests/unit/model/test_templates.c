/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/blob.h"
#include "catalogue.h"
#include "model/bind.h"

static model *load(const char *yaml)
{
    model *m = NULL;
    strata_error err = {0};
    assert_ok(model_parse("strata.yaml", yaml, strlen(yaml), &m, &err), &err);
    return m;
}

static model *load_template(const char *file)
{
    char yaml[200];
    (void)snprintf(yaml, sizeof yaml, "strata: 1\nextends: %.*s\n", (int)(strlen(file) - 5), file);
    return load(yaml);
}

static bound_model *bind(const model *m)
{
    bound_model *b = NULL;
    strata_error err = {0};
    assert_ok(model_bind(m, catalogue, CATALOGUE_N, &b, &err), &err);
    return b;
}

static void every_template_loads_and_binds(void **state)
{
    (void)state;
    size_t n = 0;
    for (const strata_blob *t = strata_model_files; t->name != NULL; t++, n++) {
        STRATA_AUTO(model_free) model *m = load_template(t->name);
        STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
        assert_true(b->n_base == CATALOGUE_N);
        assert_int_equal(strncmp(m->template_name, t->name, strlen(m->template_name)), 0);
    }
    assert_int_equal(n, 16);
}

/* Faults, not notes: overlaps that the order decides and gaps that the otherwise takes are how such
 * lists are written. */
static void no_template_has_a_fault(void **state)
{
    (void)state;
    for (const strata_blob *t = strata_model_files; t->name != NULL; t++) {
        STRATA_AUTO(model_free) model *m = load_template(t->name);
        STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
        const model_warning *warnings = NULL;
        size_t n = 0;
        strata_error err = {0};
        assert_ok(model_check(b, &warnings, &n, &err), &err);
        for (size_t i = 0; i < n; i++) {
            if (!warnings[i].note) {
                fail_msg("%s: %s", t->name, warnings[i].text);
            }
        }
    }
}

/* --- what the rules say --- */

enum { MAX_VALUES = 8 };

typedef struct given {
    const char *name;
    double value; /* for texts the code of `level` is looked up */
    const char *level;
} given;

/* The tier of a dimension that an account with these values lands in; all else is missing. */
static const char *tier_of(const bound_model *b, const char *dimension, const given *values)
{
    static column columns[CATALOGUE_N + 100];
    static double numbers[MAX_VALUES];
    static int32_t codes[MAX_VALUES];
    memset(columns, 0, sizeof columns);
    assert_true(b->scope.n_symbols <= COUNT(columns));
    for (size_t i = 0; values[i].name != NULL; i++) {
        size_t slot = 0;
        while (strcmp(b->scope.symbols[slot].name, values[i].name) != 0) {
            slot++;
            assert_true(slot < b->scope.n_symbols);
        }
        const symbol *s = &b->scope.symbols[slot];
        if (values[i].level == NULL) {
            numbers[i] = values[i].value;
            columns[slot].num = &numbers[i];
            continue;
        }
        codes[i] = 0;
        while (strcmp(s->levels[codes[i]], values[i].level) != 0) {
            codes[i]++;
            assert_true((size_t)codes[i] < s->n_levels);
        }
        columns[slot].code = &codes[i];
    }
    const bound_def *def = bound_find(b, dimension);
    const rule_input in = {.now = {.columns = columns, .as_of = 20000}};
    for (size_t t = 0; t + 1 < def->n_rules; t++) {
        STRATA_AUTO_FREE void *scratch = malloc(rule_scratch_bytes(def->rules[t]));
        uint8_t verdict = RULE_UNKNOWN;
        assert_non_null(scratch);
        rule_eval_condition(def->rules[t], &in, 1, &verdict, scratch);
        if (verdict == RULE_YES) {
            return def->keys[t];
        }
    }
    return def->keys[def->n_rules - 1];
}

/* Thresholds of the catalogue, on and beside each edge. */
static void tiers_have_the_thresholds_of_the_catalogue(void **state)
{
    (void)state;
    static const struct {
        const char *file, *dimension, *want;
        given values[MAX_VALUES];
    } cases[] = {
        {"value.yaml", "value", "Strategic", {{"arr", 50000.01, NULL}}},
        {"value.yaml", "value", "Growth", {{"arr", 50000, NULL}}},
        {"value.yaml", "value", "Growth", {{"arr", 15000, NULL}}},
        {"value.yaml", "value", "Core", {{"arr", 14999.99, NULL}}},
        {"value.yaml", "value", "Core", {{"arr", 5000, NULL}}},
        {"value.yaml", "value", "Starter", {{"arr", 4999.99, NULL}}},
        {"value.yaml", "value", "Strategic", {{"arr", 1, NULL}, {"potential_arr", 100001, NULL}}},
        {"value-large.yaml", "value", "Strategic", {{"arr", 75001, NULL}}},
        {"value-large.yaml", "value", "Growth", {{"arr", 75000, NULL}}},
        {"value-large.yaml", "value", "Growth", {{"arr", 25000, NULL}}},
        {"value-large.yaml", "value", "Core", {{"arr", 24999, NULL}}},
        {"value-large.yaml", "value", "Core", {{"arr", 10000, NULL}}},
        {"value-large.yaml", "value", "Nurture", {{"arr", 9999, NULL}}},
        {"behavioral.yaml",
         "behavior",
         "Power",
         {{"adoption", 0.81, NULL}, {"active_days_30d", 20, NULL}, {"last_seen", 0, NULL}}},
        {"behavioral.yaml",
         "behavior",
         "In between",
         {{"adoption", 0.80, NULL}, {"active_days_30d", 20, NULL}, {"last_seen", 0, NULL}}},
        {"behavioral.yaml",
         "behavior",
         "In between",
         {{"adoption", 0.81, NULL}, {"active_days_30d", 19, NULL}, {"last_seen", 0, NULL}}},
        {"behavioral.yaml",
         "behavior",
         "Standard",
         {{"adoption", 0.70, NULL}, {"active_days_30d", 4, NULL}, {"last_seen", 5, NULL}}},
        {"behavioral.yaml",
         "behavior",
         "Standard",
         {{"adoption", 0.40, NULL}, {"active_days_30d", 30, NULL}, {"last_seen", 0, NULL}}},
        {"behavioral.yaml",
         "behavior",
         "In between",
         {{"adoption", 0.35, NULL}, {"active_days_30d", 10, NULL}, {"last_seen", 0, NULL}}},
        {"behavioral.yaml",
         "behavior",
         "At-risk",
         {{"adoption", 0.29, NULL},
          {"active_days_30d", 10, NULL},
          {"usage_trend_30d", -0.1, NULL}}},
        {"behavioral.yaml",
         "behavior",
         "In between",
         {{"adoption", 0.29, NULL}, {"active_days_30d", 10, NULL}, {"usage_trend_30d", 0, NULL}}},
        {"behavioral.yaml",
         "behavior",
         "Dormant",
         {{"adoption", 0.9, NULL}, {"active_days_30d", 0, NULL}, {"last_seen", 30, NULL}}},
        {"behavioral.yaml", "behavior", "Dormant", {{"seen", 0, NULL}, {"tenure", 30, NULL}}},
        {"behavioral.yaml", "behavior", "In between", {{"seen", 0, NULL}, {"tenure", 29, NULL}}},
        {"lifecycle.yaml", "lifecycle", "Onboarding", {{"tenure", 0, NULL}, {"health", 60, NULL}}},
        {"lifecycle.yaml", "lifecycle", "Onboarding", {{"tenure", 90, NULL}}},
        {"lifecycle.yaml", "lifecycle", "Growth", {{"tenure", 91, NULL}}},
        {"lifecycle.yaml", "lifecycle", "Growth", {{"tenure", 365, NULL}}},
        {"lifecycle.yaml", "lifecycle", "Mature", {{"tenure", 366, NULL}}},
        {"lifecycle.yaml", "lifecycle", "Mature", {{"tenure", 1095, NULL}}},
        {"lifecycle.yaml", "lifecycle", "Established", {{"tenure", 1097, NULL}}},
        {"lifecycle.yaml", "lifecycle", "Late stage", {{"tenure", 1827, NULL}}},
        {"lifecycle.yaml", "lifecycle", "At-risk", {{"tenure", 10, NULL}, {"health", 59.9, NULL}}},
        {"lifecycle-long.yaml", "lifecycle", "Onboarding", {{"tenure", 90, NULL}}},
        {"lifecycle-long.yaml", "lifecycle", "Growth", {{"tenure", 91, NULL}}},
        {"lifecycle-long.yaml", "lifecycle", "Growth", {{"tenure", 730, NULL}}},
        {"lifecycle-long.yaml", "lifecycle", "Mature", {{"tenure", 731, NULL}}},
        {"lifecycle-long.yaml", "lifecycle", "Mature", {{"tenure", 1826, NULL}}},
        {"lifecycle-long.yaml", "lifecycle", "Late stage", {{"tenure", 1827, NULL}}},
        {"lifecycle-long.yaml",
         "lifecycle",
         "At-risk",
         {{"tenure", 800, NULL}, {"health", 59.9, NULL}}},
        {"health-risk.yaml", "risk", "Critical", {{"health", 59.9, NULL}}},
        {"health-risk.yaml", "risk", "At-risk", {{"health", 60, NULL}}},
        {"health-risk.yaml", "risk", "At-risk", {{"health", 79.9, NULL}}},
        {"health-risk.yaml",
         "risk",
         "Champions",
         {{"health", 80, NULL}, {"nps_last", 8, NULL}, {"expanding", 1, NULL}}},
        {"health-risk.yaml",
         "risk",
         "Stable",
         {{"health", 80, NULL},
          {"nps_last", 7, NULL},
          {"expanding", 1, NULL},
          {"arr_growth_12m", 0.2, NULL}}},
        {"health-risk.yaml", "risk", "Stable", {{"health", 95, NULL}}},
        {"health-risk.yaml",
         "risk",
         "Green but shrinking",
         {{"health", 95, NULL}, {"arr_growth_12m", -0.06, NULL}}},
        {"health-risk.yaml", "risk", "Health unknown", {{"nps_last", 10, NULL}}},
        {"hybrid.yaml",
         "segment",
         "Champions",
         {{"value", 0, "Strategic"}, {"health_band", 0, "Green"}, {"lifecycle", 0, "Mature"}}},
        {"hybrid.yaml",
         "segment",
         "Rescue missions",
         {{"value", 0, "Growth"}, {"health_band", 0, "Yellow"}, {"lifecycle", 0, "Onboarding"}}},
        {"hybrid.yaml", "segment", "Save plays", {{"value", 0, "Core"}, {"health_band", 0, "Red"}}},
        {"hybrid.yaml",
         "segment",
         "Executive saves",
         {{"value", 0, "Strategic"}, {"health_band", 0, "Red"}}},
        {"hybrid.yaml",
         "segment",
         "Ready to grow",
         {{"value", 0, "Core"}, {"health_band", 0, "Green"}, {"behavior", 0, "Power"}}},
        {"hybrid.yaml", "segment", "Steady", {{"value", 0, "Starter"}, {"health_band", 0, "Red"}}},
        {"shop.yaml", "stage", "New", {{"first_order_age", 90, NULL}, {"last_order", 90, NULL}}},
        {"shop.yaml", "stage", "Active", {{"first_order_age", 91, NULL}, {"last_order", 90, NULL}}},
        {"shop.yaml", "stage", "Lost", {{"first_order_age", 900, NULL}, {"last_order", 366, NULL}}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        STRATA_AUTO(model_free) model *m = load_template(cases[i].file);
        STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
        const char *got = tier_of(b, cases[i].dimension, cases[i].values);
        if (strcmp(got, cases[i].want) != 0) {
            fail_msg("case %zu (%s): got %s, want %s", i, cases[i].file, got, cases[i].want);
        }
    }
}

static void bands_have_the_edges_of_the_catalogue(void **state)
{
    (void)state;
    STRATA_AUTO(model_free) model *m = load("strata: 1\nextends: [health-risk, rfm]\n");
    static const struct {
        const char *name;
        double from[4];
    } cases[] = {
        {"health_band", {80, 60, 0, NAN}},
        {"rfm_band", {13, 10, 7, 3}},
        {"rfm_band_quantile", {13, 10, 7, 3}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const model_dimension *d = m->dimensions;
        while (strcmp(d->name, cases[i].name) != 0) {
            d++;
        }
        for (size_t k = 0; k < d->n_bands; k++) {
            assert_close(d->bands[k].from, cases[i].from[k], 0);
        }
    }
}

/* Each of the 25 cells belongs to exactly one of the eleven: at most one condition holds, and the
 * otherwise gets just the two cells that it is meant for. */
static void the_grid_has_neither_gaps_nor_overlaps(void **state)
{
    (void)state;
    static const char *const files[] = {"rfm.yaml", "shop.yaml"};
    static const char *const grid[5][5] = {
        {"Lost", "Lost", "At risk", "At risk", "Cannot lose them"},
        {"Hibernating", "Hibernating", "At risk", "At risk", "Cannot lose them"},
        {"About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"},
        {"Promising", "Potential loyalists", "Potential loyalists", "Loyal", "Loyal"},
        {"New customers", "Potential loyalists", "Potential loyalists", "Champions", "Champions"},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        STRATA_AUTO(model_free) model *m = load_template(files[i]);
        STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
        for (int cell = 0; cell < 25; cell++) {
            const given values[] = {
                {"grid_r", cell / 5 + 1, NULL}, {"grid_f", cell % 5 + 1, NULL}, {NULL, 0, NULL}};
            assert_string_equal(tier_of(b, "rfm_segment", values), grid[cell / 5][cell % 5]);
        }
        const model_warning *warnings = NULL;
        size_t n = 0;
        strata_error err = {0};
        assert_int_equal(bound_find(b, "rfm_segment")->n_segments, 11);
        assert_ok(model_check(b, &warnings, &n, &err), &err);
        for (size_t w = 0; w < n; w++) {
            assert_false(strcmp(warnings[w].kind, "overlap") == 0 &&
                         strstr(warnings[w].text, "rfm_segment") != NULL);
        }
    }
}

static void the_shop_needs_no_arr(void **state)
{
    (void)state;
    STRATA_AUTO(model_free) model *m = load("strata: 1\nextends: shop\n");
    symbol base[CATALOGUE_N];
    size_t n = 0;
    for (size_t i = 0; i < CATALOGUE_N; i++) {
        if (strstr(catalogue[i].name, "arr") == NULL) {
            base[n++] = catalogue[i];
        }
    }
    STRATA_AUTO(bound_model_free) bound_model *b = NULL;
    strata_error err = {0};
    assert_ok(model_bind(m, base, n, &b, &err), &err);
    assert_string_equal(m->outside_label, "Never ordered");
}

static void the_hybrid_holds_its_value_tiers(void **state)
{
    (void)state;
    STRATA_AUTO(model_free) model *m = load("strata: 1\nextends: hybrid\n");
    assert_string_equal(m->dimensions[0].name, "value");
    assert_int_equal(m->dimensions[0].hold.enter_after_days, 30);
    assert_int_equal(m->dimensions[0].hold.leave_after_days, 60);
    assert_close(m->dimensions[0].hold.margin, 0.05, 0);
    assert_string_equal(m->primary, "segment");
    assert_int_equal(m->n_milestones, 5);
    assert_int_equal(m->n_stages, 5);
    assert_string_equal(m->stages[0].name, "First use");
    assert_int_equal(m->stages[0].expected_days, 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_template_loads_and_binds),
        cmocka_unit_test(no_template_has_a_fault),
        cmocka_unit_test(tiers_have_the_thresholds_of_the_catalogue),
        cmocka_unit_test(bands_have_the_edges_of_the_catalogue),
        cmocka_unit_test(the_grid_has_neither_gaps_nor_overlaps),
        cmocka_unit_test(the_shop_needs_no_arr),
        cmocka_unit_test(the_hybrid_holds_its_value_tiers),
    };
    return cmocka_run_group_tests_name("model templates", tests, NULL, NULL);
}
