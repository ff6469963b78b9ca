/* SPDX-License-Identifier: Apache-2.0 */
/* Simulated years against what they must be on average. */
#include "strata_test.h"

#include <math.h>
#include <stdlib.h>

#include "plan/effect/simulation.h"

enum { N = 400, DONORS = 300, STRATA = 3, THREADS = 3 };

typedef struct stage {
    sim_account accounts[N];
    sim_donor donors[DONORS];
    simulation_input in;
} stage;

/* Stratum 0: every fifth left, the others stay as they are or grow by half; 1: every second left,
 * the others shrink by a tenth; 2: nobody left or changed. */
static void set(stage *s)
{
    for (uint32_t i = 0; i < DONORS; i++) {
        int64_t was = 100000 + 1000 * (int64_t)(i % 7);
        uint32_t stratum = i % STRATA;
        uint32_t place = i / STRATA;
        int64_t is = stratum == 2     ? was
                     : stratum == 1   ? (place % 2 == 0 ? 0 : was * 9 / 10)
                     : place % 5 == 0 ? 0
                     : place % 2 == 0 ? was * 3 / 2
                                      : was;
        s->donors[i] = (sim_donor){stratum, was, is};
    }
    for (uint32_t i = 0; i < N; i++) {
        s->accounts[i] = (sim_account){.stratum = i % STRATA,
                                       .value = 50000 + 10000 * (int64_t)(i % 11),
                                       .risk = 1.0,
                                       .first = NO_EFFECT,
                                       .second = NO_EFFECT};
    }
    s->in = (simulation_input){.accounts = s->accounts,
                               .n = N,
                               .donors = s->donors,
                               .n_donors = DONORS,
                               .n_strata = STRATA};
}

static simulation run(const stage *s, int threads)
{
    const context cx = {.threads = threads, .seed = 1};
    strata_error err = {0};
    simulation out = {0};
    assert_ok(simulate(&cx, &s->in, &out, &err), &err);
    return out;
}

static void the_base_agrees_with_its_closed_form(void **state)
{
    (void)state;
    stage s;
    set(&s);
    simulation x = run(&s, 1);
    /* By hand: 134 accounts in stratum 0, 133 each in 1 and 2; 20 % and half of them leave. */
    assert_close(x.expected_churn, (134 * 0.2 + 133 * 0.5) / N, 1e-12);
    assert_true(fabs(x.base.churn.mid - x.expected_churn) < 0.005);
    assert_true(fabs(x.base.nrr.mid - x.expected_nrr) < 0.005);
    assert_true(fabs(x.base.grr.mid - x.expected_grr) < 0.005);
    assert_true(x.base.nrr.low < x.expected_nrr && x.expected_nrr < x.base.nrr.high);
    assert_true(x.base.grr.mid <= x.base.nrr.mid && x.base.grr.high <= 1.0);
    assert_close(x.base.arr.mid, x.base.nrr.mid * (double)x.value, 1e-9);
}

/* The spread of churn holds both: accounts drawn, and the past drawn again. With p known it would
 * be sqrt(sum p (1 - p)) / n; the donors add sqrt(sum over strata of (n_k / n)^2 p (1 - p) / m_k).
 */
static void the_range_holds_chance_and_what_the_past_can_tell(void **state)
{
    (void)state;
    stage s;
    set(&s);
    simulation x = run(&s, 1);
    double chance = (134 * 0.16 + 133 * 0.25) / (N * (double)N);
    double past = pow(134.0 / N, 2.0) * 0.16 / 100.0 + pow(133.0 / N, 2.0) * 0.25 / 100.0;
    double width = 2.0 * 1.2815515655446004 * sqrt(chance + past); /* 10 % to 90 % */
    assert_true(fabs(x.base.churn.high - x.base.churn.low - width) < 0.1 * width);
}

static void a_plan_without_effect_changes_nothing(void **state)
{
    (void)state;
    stage s;
    set(&s);
    const sim_effect none = {.share = 1.0};
    s.in.effects = &none;
    s.in.n_effects = 1;
    for (size_t i = 0; i < N; i++) {
        s.accounts[i].first = 0;
    }
    simulation x = run(&s, 1);
    assert_true(fabs(x.gain.arr.low) < 1e-9 && fabs(x.gain.arr.high) < 1e-9);
    assert_memory_equal(&x.base, &x.plan, sizeof x.base);
}

/* What is gained grows by the share; nobody stays for it, and those who shrink shrink as before. */
static void an_effect_on_growth_makes_more_of_what_is_gained(void **state)
{
    (void)state;
    stage s;
    set(&s);
    const sim_effect half = {.grows = {0.5, 0.5, 0.5, false}, .share = 1.0};
    s.in.effects = &half;
    s.in.n_effects = 1;
    simulation before = run(&s, 1);
    for (size_t i = 0; i < N; i++) {
        s.accounts[i].first = 0;
    }
    simulation x = run(&s, 1);
    assert_memory_equal(&x.base, &before.base, sizeof x.base);
    assert_memory_equal(&x.plan.churn, &x.base.churn, sizeof x.base.churn);
    assert_memory_equal(&x.plan.grr, &x.base.grr, sizeof x.base.grr);
    assert_close(x.plan.expansion.mid, 1.5 * x.base.expansion.mid, 1e-9);
    assert_close(x.gain.arr.mid, 0.5 * x.base.expansion.mid * (double)x.value, 1e-6);
}

static void an_effect_keeps_its_share_of_those_who_would_leave(void **state)
{
    (void)state;
    stage s;
    set(&s);
    const sim_effect third = {.keeps = {0.3, 0.3, 0.3, false}, .share = 0.5};
    s.in.effects = &third;
    s.in.n_effects = 1;
    for (size_t i = 0; i < N; i++) {
        s.accounts[i].second = 0;
    }
    simulation x = run(&s, 1);
    assert_true(fabs(x.gain.churn.mid + 0.15 * x.expected_churn) < 0.005);
    const sim_effect all = {.keeps = {1.0, 1.0, 1.0, false}, .share = 1.0};
    s.in.effects = &all;
    x = run(&s, 1);
    assert_true(x.plan.churn.high < 1e-12);
}

static void risks_tell_accounts_apart_but_not_their_mean(void **state)
{
    (void)state;
    stage s;
    set(&s);
    for (size_t i = 0; i < N; i++) {
        s.accounts[i].risk = (i / STRATA) % 2 == 0 ? 1.5 : 0.5;
    }
    simulation x = run(&s, 1);
    assert_true(fabs(x.expected_churn - (134 * 0.2 + 133 * 0.5) / N) < 0.002);
    assert_true(fabs(x.base.churn.mid - x.expected_churn) < 0.005);
}

static void threads_and_the_order_of_donors_do_not_matter(void **state)
{
    (void)state;
    stage s;
    stage back;
    set(&s);
    set(&back);
    for (size_t i = 0; i < DONORS; i++) {
        back.donors[i] = s.donors[DONORS - 1 - i];
    }
    back.in.donors = back.donors;
    back.in.accounts = back.accounts;
    simulation a = run(&s, 1);
    simulation b = run(&back, THREADS);
    assert_memory_equal(&a, &b, sizeof a);
}

static void accounts_unlike_any_of_the_past_are_an_error(void **state)
{
    (void)state;
    stage s;
    set(&s);
    const context cx = {.threads = 1, .seed = 1};
    strata_error err = {0};
    simulation out = {0};
    s.in.n_strata = STRATA + 1;
    s.accounts[7].stratum = STRATA;
    assert_int_equal(simulate(&cx, &s.in, &out, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "no account of a year ago is like"));
    s.in.n = 0;
    assert_int_equal(simulate(&cx, &s.in, &out, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "no customer"));
}

static void nobody_left_is_no_lifetime(void **state)
{
    (void)state;
    stage s;
    set(&s);
    assert_true(run(&s, 1).n_left > 0);
    for (size_t i = 0; i < DONORS; i++) {
        s.donors[i].is = s.donors[i].was;
    }
    simulation x = run(&s, 1);
    assert_int_equal(x.n_left, 0);
    assert_true(isnan(x.base.ltv.low) && isnan(x.base.ltv.mid) && isnan(x.base.ltv.high));
    assert_true(isnan(x.gain.ltv.mid));
    assert_close(x.base.nrr.mid, 1.0, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_base_agrees_with_its_closed_form),
        cmocka_unit_test(the_range_holds_chance_and_what_the_past_can_tell),
        cmocka_unit_test(a_plan_without_effect_changes_nothing),
        cmocka_unit_test(an_effect_on_growth_makes_more_of_what_is_gained),
        cmocka_unit_test(an_effect_keeps_its_share_of_those_who_would_leave),
        cmocka_unit_test(risks_tell_accounts_apart_but_not_their_mean),
        cmocka_unit_test(threads_and_the_order_of_donors_do_not_matter),
        cmocka_unit_test(accounts_unlike_any_of_the_past_are_an_error),
        cmocka_unit_test(nobody_left_is_no_lifetime),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
