/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/rng.h"
#include "segment/bins.h"

/* Without ties: two each. */
static void quintiles_of_ten_distinct_values_hold_two_each(void **state)
{
    (void)state;
    static const double x[] = {30, 10, 50, 20, 40, 100, 60, 80, 70, 90};
    static const double want[] = {2, 1, 3, 1, 2, 5, 3, 4, 4, 5};
    quantile_cuts cuts;
    strata_error err = {0};
    double got[COUNT(x)];
    assert_ok(quantile_cuts_make(x, COUNT(x), 5, false, &cuts, &err), &err);
    quantile_score(&cuts, NAN, x, COUNT(x), got);
    for (size_t i = 0; i < COUNT(x); i++) {
        assert_close(got[i], want[i], 0);
    }
    assert_int_equal(cuts.n_unused, 0);
}

static void equal_values_never_part(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 7, 0);
    double x[500];
    double score[500];
    for (size_t i = 0; i < COUNT(x); i++) {
        x[i] = floor(rng_exponential(&r, 0.3));
    }
    quantile_cuts cuts;
    strata_error err = {0};
    assert_ok(quantile_cuts_make(x, COUNT(x), 5, false, &cuts, &err), &err);
    quantile_score(&cuts, NAN, x, COUNT(x), score);
    for (size_t i = 0; i < COUNT(x); i++) {
        assert_in_range((unsigned long)score[i], 1, 5);
        for (size_t j = 0; j < COUNT(x); j++) {
            assert_true(x[i] < x[j] ? score[i] <= score[j] : x[i] > x[j] || score[i] >= score[j]);
        }
    }
}

static void ties_that_collapse_a_score_are_counted(void **state)
{
    (void)state;
    static const double x[] = {0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
    quantile_cuts cuts;
    strata_error err = {0};
    double got[COUNT(x)];
    assert_ok(quantile_cuts_make(x, COUNT(x), 5, false, &cuts, &err), &err);
    quantile_score(&cuts, NAN, x, COUNT(x), got);
    assert_close(got[0], 1, 0); /* six of ten have nothing: the lowest score */
    assert_close(got[6], 4, 0);
    assert_close(got[9], 5, 0);
    assert_int_equal(cuts.n_unused, 2);
}

/* Days since the last order: most came long ago and on the same day. */
static void ties_take_the_lowest_score_the_other_way_round_too(void **state)
{
    (void)state;
    static const double x[] = {5, 30, 90, 400, 400, 400, 400, 400, 400, 400};
    quantile_cuts cuts;
    strata_error err = {0};
    double got[COUNT(x)];
    assert_ok(quantile_cuts_make(x, COUNT(x), 5, true, &cuts, &err), &err);
    quantile_score(&cuts, NAN, x, COUNT(x), got);
    assert_close(got[0], 5, 0);
    assert_close(got[2], 4, 0);
    assert_close(got[3], 1, 0);
    assert_close(got[9], 1, 0);
}

static void missing_values_are_left_out_and_scored_as_told(void **state)
{
    (void)state;
    static const double x[] = {NAN, 3, NAN, 1};
    quantile_cuts cuts;
    strata_error err = {0};
    double got[COUNT(x)];
    assert_ok(quantile_cuts_make(x, COUNT(x), 2, true, &cuts, &err), &err);
    assert_int_equal(cuts.n_values, 2);
    quantile_score(&cuts, 1.0, x, COUNT(x), got);
    assert_close(got[0], 1, 0);
    assert_close(got[1], 1, 0); /* reversed: the highest value scores lowest */
    assert_close(got[3], 2, 0);
}

static void nothing_known_still_gives_usable_cuts(void **state)
{
    (void)state;
    static const double x[] = {NAN};
    quantile_cuts cuts;
    strata_error err = {0};
    double got[1];
    assert_ok(quantile_cuts_make(x, 1, 5, false, &cuts, &err), &err);
    quantile_score(&cuts, NAN, x, 1, got);
    assert_true(isnan(got[0]) != 0);
}

static void too_many_groups_are_refused(void **state)
{
    (void)state;
    quantile_cuts cuts;
    strata_error err = {0};
    static const double x[] = {1, 2};
    assert_int_equal(quantile_cuts_make(x, 2, 1, false, &cuts, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "cannot cut into 1 groups; 2 to 100 are possible");
}

/* The fixed scale of product.md B5: R5 within 7 days ... R1 over 90. */
static void recency_steps_include_their_edge(void **state)
{
    (void)state;
    static const double up_to[] = {7, 30, 60, 90, INFINITY};
    static const double scores[] = {5, 4, 3, 2, 1};
    static const double x[] = {0, 7, 8, 30, 60, 90, 91, NAN};
    static const double want[] = {5, 5, 4, 4, 3, 2, 1, 0};
    double got[COUNT(x)];
    step_score(up_to, scores, COUNT(up_to), 0.0, x, COUNT(x), got);
    for (size_t i = 0; i < COUNT(x); i++) {
        assert_close(got[i], want[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quintiles_of_ten_distinct_values_hold_two_each),
        cmocka_unit_test(equal_values_never_part),
        cmocka_unit_test(ties_that_collapse_a_score_are_counted),
        cmocka_unit_test(ties_take_the_lowest_score_the_other_way_round_too),
        cmocka_unit_test(missing_values_are_left_out_and_scored_as_told),
        cmocka_unit_test(nothing_known_still_gives_usable_cuts),
        cmocka_unit_test(too_many_groups_are_refused),
        cmocka_unit_test(recency_steps_include_their_edge),
    };
    return cmocka_run_group_tests_name("bins", tests, NULL, NULL);
}
