/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <math.h>

#include "base/rng.h"
#include "stats/numeric/linear_program.h"

static const context cx = {.threads = 1, .seed = 1};

/* The furniture problem of Chvatal (1983), Linear Programming, chapter 1: maximise
 * 5 x1 + 4 x2 + 3 x3 subject to 2 x1 + 3 x2 + x3 <= 5, 4 x1 + x2 + 2 x3 <= 11,
 * 3 x1 + 4 x2 + 2 x3 <= 8. Optimum 13 at (2, 0, 1); dual (1, 0, 1). */
static const size_t all[] = {0, 1, 2};
static const double weights[3][3] = {{2, 3, 1}, {4, 1, 2}, {3, 4, 2}};

static void chvatals_first_example_comes_out(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    const lp_variable variables[] = {
        {5, 0, HUGE_VAL, false}, {4, 0, HUGE_VAL, false}, {3, 0, HUGE_VAL, false}};
    const lp_row rows[] = {{-HUGE_VAL, 5, 3, all, weights[0]},
                           {-HUGE_VAL, 11, 3, all, weights[1]},
                           {-HUGE_VAL, 8, 3, all, weights[2]}};
    const linear_program lp = {
        .maximise = true, .n_variables = 3, .n_rows = 3, .variables = variables, .rows = rows};
    lp_result r = {0};
    assert_ok(linear_program_solve(&cx, &lp, a, &r, &err), &err);
    assert_int_equal(r.outcome, LP_OPTIMAL);
    assert_close(r.objective, 13, 1e-12);
    assert_close(r.bound, 13, 1e-12);
    static const double x[] = {2, 0, 1};
    static const double price[] = {1, 0, 1};
    for (size_t i = 0; i < 3; i++) {
        assert_true(fabs(r.x[i] - x[i]) < 1e-9);
        assert_true(fabs(r.price[i] - price[i]) < 1e-9);
    }
    /* One more unit of the first row is worth its price. */
    lp_row more[] = {rows[0], rows[1], rows[2]};
    more[0].high = 5.01;
    linear_program raised = lp;
    raised.rows = more;
    lp_result s = {0};
    assert_ok(linear_program_solve(&cx, &raised, a, &s, &err), &err);
    assert_true(fabs(s.objective - r.objective - 0.01 * r.price[0]) < 1e-9);
}

static double drawn(rng *g, uint64_t most)
{
    uint64_t below = rng_below(g, most);
    return 1 + (double)below;
}

/* Knapsacks of up to 12 things against all their subsets. */
static void whole_programmes_match_exhaustive_search(void **state)
{
    (void)state;
    enum { THINGS = 12, CASES = 40 };
    for (uint64_t seed = 0; seed < CASES; seed++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        rng g;
        rng_init(&g, seed, 77);
        lp_variable variables[THINGS];
        double weight[2][THINGS];
        size_t index[THINGS];
        assert_ok(arena_new(&a, &err), &err);
        for (size_t i = 0; i < THINGS; i++) {
            variables[i] = (lp_variable){drawn(&g, 30), 0, 1, true};
            weight[0][i] = drawn(&g, 20);
            weight[1][i] = drawn(&g, 20);
            index[i] = i;
        }
        const lp_row rows[] = {{-HUGE_VAL, 40, THINGS, index, weight[0]},
                               {-HUGE_VAL, 50, THINGS, index, weight[1]}};
        double best = 0;
        for (unsigned set = 0; set < 1U << THINGS; set++) {
            double value = 0;
            double used[2] = {0, 0};
            for (size_t i = 0; i < THINGS; i++) {
                if ((set >> i & 1U) != 0) {
                    value += variables[i].cost;
                    used[0] += weight[0][i];
                    used[1] += weight[1][i];
                }
            }
            best = used[0] <= 40 && used[1] <= 50 && value > best ? value : best;
        }
        const linear_program lp = {.maximise = true,
                                   .n_variables = THINGS,
                                   .n_rows = 2,
                                   .variables = variables,
                                   .rows = rows};
        lp_result r = {0};
        assert_ok(linear_program_solve(&cx, &lp, a, &r, &err), &err);
        assert_int_equal(r.outcome, LP_OPTIMAL);
        assert_true(fabs(r.objective - best) < 1e-6);
        assert_null(r.price);
        double again = 0;
        for (size_t i = 0; i < THINGS; i++) {
            assert_true(r.x[i] < 0.5 ? r.x[i] > -0.1 && r.x[i] < 0.1 : fabs(r.x[i] - 1) < 1e-12);
            again += r.x[i] * variables[i].cost;
        }
        assert_true(fabs(again - best) < 1e-6);
    }
}

static const size_t first[] = {0};
static const size_t second[] = {1};
static const double one[] = {1};
static const double ones[] = {1, 1};

static void what_cannot_be_met_is_named_and_nothing_more(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    lp_variable variables[] = {{1, 0, 10, false}, {1, 0, 10, false}};
    const lp_row rows[] = {{-HUGE_VAL, 3, 1, second, one}, /* harmless */
                           {-HUGE_VAL, 4, 1, first, one},
                           {0, 20, 2, all, ones}, /* harmless */
                           {5, HUGE_VAL, 1, first, one}};
    linear_program lp = {.n_variables = 2, .n_rows = 4, .variables = variables, .rows = rows};
    for (int whole = 0; whole < 2; whole++) {
        lp_result r = {0};
        const size_t *conflict = NULL;
        size_t n = 0;
        variables[0].whole = whole;
        assert_ok(linear_program_solve(&cx, &lp, a, &r, &err), &err);
        assert_int_equal(r.outcome, LP_INFEASIBLE);
        assert_null(r.x);
        assert_ok(linear_program_conflict(&cx, &lp, a, &conflict, &n, &err), &err);
        assert_int_equal(n, 2);
        assert_int_equal(conflict[0], 1);
        assert_int_equal(conflict[1], 3);
    }
    lp.n_rows = 3;
    const size_t *conflict = NULL;
    size_t n = 9;
    assert_ok(linear_program_conflict(&cx, &lp, a, &conflict, &n, &err), &err);
    assert_int_equal(n, 0);
}

static void what_has_no_end_is_said(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    const lp_variable variables[] = {{1, 0, HUGE_VAL, false}};
    const linear_program lp = {.maximise = true, .n_variables = 1, .variables = variables};
    lp_result r = {0};
    assert_ok(linear_program_solve(&cx, &lp, a, &r, &err), &err);
    assert_int_equal(r.outcome, LP_UNBOUNDED);
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    lp_variable variables[] = {{1, 0, 1, false}};
    lp_row row = {0, 1, 1, first, one};
    const linear_program lp = {.n_variables = 1, .n_rows = 1, .variables = variables, .rows = &row};
    lp_result r = {.outcome = LP_UNKNOWN};
    variables[0].low = 2;
    assert_int_equal(linear_program_solve(&cx, &lp, a, &r, &err), STRATA_E_USAGE);
    variables[0] = (lp_variable){NAN, 0, 1, false};
    assert_int_equal(linear_program_solve(&cx, &lp, a, &r, &err), STRATA_E_USAGE);
    variables[0].cost = 1;
    row.variables = second;
    assert_int_equal(linear_program_solve(&cx, &lp, a, &r, &err), STRATA_E_USAGE);
    row = (lp_row){2, 1, 1, first, one};
    assert_int_equal(linear_program_solve(&cx, &lp, a, &r, &err), STRATA_E_USAGE);
    const linear_program nothing = {0};
    assert_int_equal(linear_program_solve(&cx, &nothing, a, &r, &err), STRATA_E_USAGE);
    assert_int_equal(r.outcome, LP_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chvatals_first_example_comes_out),
        cmocka_unit_test(whole_programmes_match_exhaustive_search),
        cmocka_unit_test(what_cannot_be_met_is_named_and_nothing_more),
        cmocka_unit_test(what_has_no_end_is_said),
        cmocka_unit_test(nonsense_is_refused),
    };
    return cmocka_run_group_tests_name("linear_program", tests, NULL, NULL);
}
