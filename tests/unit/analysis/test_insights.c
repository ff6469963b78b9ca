/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdlib.h>

#include "analysis/insights.h"
#include "analysis/town.h"
#include "rule/rule.h"

enum { CONCENTRATION, RISK, PIPELINE, UNDERPRICED, OVERSERVED, N_INSIGHTS };

static const insight *insights_of(const world *w)
{
    const insight *in = NULL;
    size_t n = 0;
    strata_error err = {0};
    assert_ok(insights_make(w->study, world_dimension(w, "value"), w->arena, &in, &n, &err), &err);
    assert_int_equal(n, N_INSIGHTS);
    return in;
}

static double value_of(const insight *in, const char *name)
{
    for (size_t i = 0; i < in->n_values; i++) {
        if (strcmp(in->values[i].name, name) == 0) {
            return in->values[i].x;
        }
    }
    fail_msg("no value '%s'", name);
    return 0.0;
}

/* How many accounts the expression lists. */
static size_t listed(const world *w, const char *expression)
{
    const rule *r = NULL;
    strata_error err = {0};
    size_t n = w->portfolio.n_accounts;
    assert_ok(rule_compile_condition(w->arena, expression, NULL, &w->bound->scope, &r, &err), &err);
    column *columns = calloc(w->bound->scope.n_symbols, sizeof *columns);
    uint8_t *verdict = calloc(n, 1);
    void *scratch = malloc(rule_scratch_bytes(r));
    assert_true(columns != NULL && verdict != NULL && scratch != NULL);
    for (size_t slot = 0; slot < w->bound->scope.n_symbols; slot++) {
        columns[slot] = segmentation_column(w->view->s, slot);
    }
    rule_input in = {.now = {.columns = columns, .as_of = AS_OF}};
    rule_eval_condition(r, &in, n, verdict, scratch);
    size_t hits = 0;
    for (size_t i = 0; i < n; i++) {
        hits += verdict[i] == RULE_YES;
    }
    free(columns);
    free(verdict);
    free(scratch);
    return hits;
}

static void expressions_list_the_accounts_behind(void **state)
{
    const world *w = town_world(*state);
    const insight *in = insights_of(w);
    for (size_t i = 0; i < N_INSIGHTS; i++) {
        assert_true(in[i].stated);
        assert_null(in[i].needs);
        assert_int_equal(listed(w, in[i].expression), in[i].accounts);
        size_t hits = 0;
        for (size_t g = 0; g < in[i].n_rows; g++) {
            hits += in[i].rows[g].share.hits;
        }
        assert_int_equal(hits, in[i].accounts);
        assert_null(strstr(in[i].sentence, "nan"));
    }
}

/* 318 customers: 50 at 96,000, 50 at 80,000, 40 at 24,000, 50 at 20,000, 54 at 6,000, 74 at 5,000.
 */
static void value_is_as_concentrated_as_by_hand(void **state)
{
    const insight *in = insights_of(town_world(*state));
    double total = 50 * 96 + 50 * 80 + 40 * 24 + 50 * 20 + 54 * 6 + 74 * 5;
    assert_close(value_of(&in[CONCENTRATION], "customers"), 318.0, 0.0);
    assert_close(value_of(&in[CONCENTRATION], "top_20_share"), (50 * 96 + 14 * 80) / total, 1e-12);
    assert_close(value_of(&in[CONCENTRATION], "top_50_share"),
                 (50 * 96 + 50 * 80 + 40 * 24 + 19 * 20) / total, 1e-12);
    assert_close(value_of(&in[CONCENTRATION], "top_20_edge"), 80000.0, 1e-12);
    assert_string_equal(in[CONCENTRATION].expression, "is_customer and arr >= 80000");
    assert_int_equal(in[CONCENTRATION].accounts, 100); /* all that are worth as much as the 64th */
    assert_int_equal(in[CONCENTRATION].n_lorenz, 21);
    assert_close(in[CONCENTRATION].lorenz[20].value, 1.0, 1e-12);
    assert_true(in[CONCENTRATION].lorenz[0].value <= 0.0);
}

static void pipeline_is_where_it_was_planted(void **state)
{
    const insight *in = insights_of(town_world(*state));
    assert_close(value_of(&in[PIPELINE], "pipeline"), 400000.0, 1e-12);
    assert_int_equal(in[PIPELINE].accounts, 40);
    assert_true(in[PIPELINE].rows[0].value_minor == 40000000);
    assert_true(in[PIPELINE].rows[1].value_minor == 0);
    assert_string_equal(
        in[PIPELINE].sentence,
        "$400k of expansion is open with 40 customers; 100.0 % of it is in Large (40 accounts).");
}

/* 390..399 are used like the large ones and pay 5,000: 75,000 less than the median of heavy users.
 */
static void heavy_users_that_pay_little_are_found(void **state)
{
    const insight *in = insights_of(town_world(*state));
    assert_int_equal(in[UNDERPRICED].accounts, 10);
    assert_close(value_of(&in[UNDERPRICED], "gap"), 10 * 75000.0, 1e-12);
    assert_true(in[UNDERPRICED].value_minor == 10 * (int64_t)500000);
}

static void quiet_accounts_that_take_time_are_found(void **state)
{
    const insight *in = insights_of(town_world(*state));
    assert_close(value_of(&in[OVERSERVED], "touches_from"), 1.0, 0.0);
    assert_close(value_of(&in[OVERSERVED], "touches"), (double)in[OVERSERVED].accounts, 0.0);
    assert_true(value_of(&in[OVERSERVED], "touches_share") < 1.0);
}

static void too_few_customers_say_nothing(void **state)
{
    (void)state;
    const arr_fact arr[] = {{0, DAY(2024, 1, 1), 100000, ARR_NEW}};
    world_inputs in = {.facts = {.n_accounts = 2, .arr = arr, .n_arr = 1}, .yaml = town_yaml};
    /* The model names attributes that this portfolio lacks: bring them along. */
    static const int32_t industry[] = {0, CODE_MISSING};
    static const double seats[] = {1.0, NAN};
    static const char *const levels[] = {"Health", "Retail"};
    in.attributes[0] = (world_attribute){"industry", VALUE_TEXT, levels, 2, {.code = industry}};
    in.attributes[1] = (world_attribute){"seats", VALUE_NUMBER, NULL, 0, {.num = seats}};
    in.n_attributes = 2;
    world w;
    world_make(&w, &in);
    const insight *made = insights_of(&w);
    for (size_t i = 0; i < N_INSIGHTS; i++) {
        assert_false(made[i].stated);
        assert_non_null(made[i].needs);
        assert_true(made[i].accounts == 0 && made[i].n_values == 0);
    }
    assert_string_equal(made[CONCENTRATION].needs, "needs at least 30 customers; there are 1");
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_list_the_accounts_behind),
        cmocka_unit_test(value_is_as_concentrated_as_by_hand),
        cmocka_unit_test(pipeline_is_where_it_was_planted),
        cmocka_unit_test(heavy_users_that_pay_little_are_found),
        cmocka_unit_test(quiet_accounts_that_take_time_are_found),
        cmocka_unit_test(too_few_customers_say_nothing),
    };
    return cmocka_run_group_tests_name("insights", tests, town_set_up, town_tear_down);
}
