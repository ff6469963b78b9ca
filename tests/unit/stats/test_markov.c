/* SPDX-License-Identifier: Apache-2.0 */
/* A chain worked by hand; limits against the exact variance of a step. */
#include "strata_test.h"

#include <math.h>
#include <string.h>

#include "stats/inference/markov.h"
#include "stats/inference/proportion.h"
#include "support/failing_alloc.h"

/* A to A 6, to B 3, out 1; B to A 2, to B 8; in two steps 4 enter A and 2 enter B. */
static const uint32_t one_group[] = {6, 3, 1, 2, 8, 0, 4, 2, 0};
static const markov_moves two_states = {2, 1, 2, one_group};
static const uint64_t start[] = {100, 50};

static context on_threads(int threads)
{
    return (context){.threads = threads, .seed = 7};
}

/* P = .6 .3 | .2 .8, e = 2 1: 100 and 50 become 72 and 71, then 59.4 and 79.4. */
static void expected_sizes_are_those_worked_by_hand(void **state)
{
    (void)state;
    double out[4];
    strata_error err = {0};
    assert_ok(markov_expect(&two_states, start, 2, out, &err), &err);
    assert_close(out[0], 72.0, 1e-12);
    assert_close(out[1], 71.0, 1e-12);
    assert_close(out[2], 59.4, 1e-12);
    assert_close(out[3], 79.4, 1e-12);
}

/* One group drawn again is itself, so that luck alone is left: A after one step is the sum of two
 * binomials and a Poisson variable, variance 100 .6 .4 + 50 .2 .8 + 2 = 34. */
static void limits_follow_the_variance_of_a_step(void **state)
{
    (void)state;
    double low[2];
    double high[2];
    strata_error err = {0};
    const context cx = on_threads(1);
    assert_ok(markov_limits(&cx, 1, &two_states, start, 1, (markov_range){low, high}, &err), &err);
    double half = 1.959964 * sqrt(34.0);
    assert_true(fabs(low[0] - (72.0 - half)) < 2.0);
    assert_true(fabs(high[0] - (72.0 + half)) < 2.0);
}

static void groups_that_differ_widen_the_limits(void **state)
{
    (void)state;
    enum { GROUPS = 20, CELLS = 9 };
    uint32_t many[GROUPS * CELLS] = {0};
    for (size_t g = 0; g < GROUPS; g++) { /* A stays in one half of them and leaves in the other */
        many[g * CELLS] = g % 2 == 0 ? 10 : 0;
        many[g * CELLS + 2] = g % 2 == 0 ? 0 : 10;
        many[g * CELLS + 4] = 10;
    }
    const markov_moves spread = {2, GROUPS, 1, many};
    double low[2];
    double high[2];
    strata_error err = {0};
    const context cx = on_threads(2);
    assert_ok(markov_limits(&cx, 1, &spread, start, 1, (markov_range){low, high}, &err), &err);
    double by_luck = 1.959964 * sqrt(100 * 0.25);
    assert_true(high[0] - low[0] > 2.0 * by_luck * 1.5);
    assert_close(low[1], 50.0, 0.0); /* B always stays */
    assert_close(high[1], 50.0, 0.0);
}

static void a_state_nobody_was_in_keeps_who_is_put_there(void **state)
{
    (void)state;
    static const uint32_t nothing[9] = {0};
    const markov_moves m = {2, 1, 1, nothing};
    double out[2];
    strata_error err = {0};
    assert_ok(markov_expect(&m, start, 1, out, &err), &err);
    assert_close(out[0], 100.0, 0.0);
    assert_close(out[1], 50.0, 0.0);
}

static void limits_do_not_depend_on_threads(void **state)
{
    (void)state;
    double low[2][4];
    double high[2][4];
    strata_error err = {0};
    for (int k = 0; k < 2; k++) {
        const context cx = on_threads(k == 0 ? 1 : 7);
        assert_ok(
            markov_limits(&cx, 3, &two_states, start, 2, (markov_range){low[k], high[k]}, &err),
            &err);
    }
    assert_memory_equal(low[0], low[1], sizeof low[0]);
    assert_memory_equal(high[0], high[1], sizeof high[0]);
}

/* Large numbers take the other way of drawing: mean and spread are the same law. */
static void many_members_are_drawn_by_the_same_law(void **state)
{
    (void)state;
    static const uint64_t large[] = {1000000, 0};
    double low[2];
    double high[2];
    strata_error err = {0};
    const context cx = on_threads(1);
    assert_ok(markov_limits(&cx, 1, &two_states, large, 1, (markov_range){low, high}, &err), &err);
    double sd = sqrt(1e6 * 0.6 * 0.4);
    assert_true(fabs(low[0] - (600002 - 1.96 * sd)) < 0.35 * sd);
    assert_true(fabs(high[0] - (600002 + 1.96 * sd)) < 0.35 * sd);
}

static void sizes_out_of_range_are_refused(void **state)
{
    (void)state;
    double out[4] = {-1.0};
    strata_error err = {0};
    const markov_moves none = {0, 1, 1, one_group};
    assert_int_equal(markov_expect(&none, start, 1, out, &err), STRATA_E_USAGE);
    assert_int_equal(markov_expect(&two_states, start, 0, out, &err), STRATA_E_USAGE);
    assert_close(out[0], -1.0, 0.0);
}

/* Garwood 1936; as R: poisson.test(10)$conf.int and the like, by bisection of the Poisson sums. */
static void poisson_limits_are_exact(void **state)
{
    (void)state;
    static const struct {
        size_t events;
        double low, high;
    } known[] = {{0, 0.0, 3.68887945},
                 {1, 0.02531781, 5.57164339},
                 {10, 4.79538870, 18.39035604},
                 {100, 81.36402404, 121.62679379}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        interval x = poisson_interval(known[i].events);
        assert_close(x.low, known[i].low, 1e-6);
        assert_close(x.high, known[i].high, 1e-6);
    }
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    int n = 0;
    strata_error err = {0};
    const context cx = on_threads(1);
    double low[2];
    double high[2];
    for (long at = 0; at < 3; at++) {
        fail_alloc_at(at);
        strata_status st =
            markov_limits(&cx, 1, &two_states, start, 1, (markov_range){low, high}, &err);
        n += fail_alloc_off();
        assert_int_equal(st, STRATA_E_NOMEM);
    }
    assert_int_equal(n, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_sizes_are_those_worked_by_hand),
        cmocka_unit_test(limits_follow_the_variance_of_a_step),
        cmocka_unit_test(groups_that_differ_widen_the_limits),
        cmocka_unit_test(a_state_nobody_was_in_keeps_who_is_put_there),
        cmocka_unit_test(limits_do_not_depend_on_threads),
        cmocka_unit_test(many_members_are_drawn_by_the_same_law),
        cmocka_unit_test(sizes_out_of_range_are_refused),
        cmocka_unit_test(poisson_limits_are_exact),
        cmocka_unit_test(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests_name("markov", tests, NULL, NULL);
}
