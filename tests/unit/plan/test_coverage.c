/* SPDX-License-Identifier: Apache-2.0 */
/* Touch of six accounts, judged by hand; stakes of forty. */
#include "strata_test.h"

#include <math.h>

#include "analysis/world.h"
#include "plan/coverage/coverage.h"
#include "plan/effect/touch_effect.h"

enum { N = 6, TODAY = 20269 /* AS_OF, as a constant */ };

static const char *const level_names[] = {"High touch", "digital", "gold", "low"};
static const char yaml[] =
    "strata: 1\ndimensions:\n  value:\n    tiers:\n"
    "      - {name: Large, when: arr >= 50k}\n"
    "      - {name: Middle, when: arr >= 10k}\n"
    "      - {name: Small, otherwise: true}\n"
    "engagement:\n"
    "  levels:\n"
    "    high: {cadence: weekly, reviews: quarterly, onboarding: 100 days}\n"
    "    medium: {cadence: 30, reviews: yearly}\n"
    "    low: {cadence: quarterly, reviews: none, onboarding: 40 days}\n"
    "    digital: {cadence: none, reviews: none, onboarding: 10 days}\n"
    "  hours: {touchpoint: 0.5, review: 6, onboarding: 20, renewal: 3, ticket: 0.25}\n"
    "  segments:\n"
    "    Large: {touch: high}\n    Middle: {touch: low}\n    Small: {touch: digital}\n";

static void open_world(world *w, const world_inputs *in)
{
    world_open(w, in);
    strata_error err = {0};
    const size_t *work = NULL;
    const size_t *own = NULL;
    size_t n_work = 0;
    size_t n_own = 0;
    assert_ok(workload_slots(&w->portfolio, w->arena, &work, &n_work, &err), &err);
    assert_ok(coverage_slots(&w->portfolio, w->bound, w->arena, &own, &n_own, &err), &err);
    size_t slots[16];
    assert_true(n_work + n_own <= 16);
    memcpy(slots, work, n_work * sizeof *slots);
    memcpy(slots + n_work, own, n_own * sizeof *slots);
    const view_options options = {.as_of = AS_OF,
                                  .since = DAY_MISSING,
                                  .keep = slots,
                                  .n_keep = n_work + n_own,
                                  .watch = SIZE_MAX};
    view_free(w->view);
    w->view = NULL;
    assert_ok(view_new(&w->cx, &w->portfolio, w->bound, NULL, &options, &w->view, &err), &err);
}

typedef struct judged {
    engagement e;
    workload work;
    stakes s;
    coverage c;
} judged;

static judged judge(world *w)
{
    static const csm_list nobody = {NULL, 0};
    strata_error err = {0};
    judged j = {0};
    assert_ok(engagement_resolve(w->view, &nobody, w->arena, &j.e, &err), &err);
    assert_ok(workload_compute(w->view, &j.e, &nobody, w->arena, &j.work, &err), &err);
    assert_ok(stakes_compute(&w->cx, w->view, &j.e, w->arena, &j.s, &err), &err);
    assert_ok(coverage_compute(w->view, &j.e, &j.work, &j.s, w->arena, &j.c, &err), &err);
    return j;
}

/* 0 large, growing by half, red, on low: high (no level above). 1 middle, green and not growing, on
 * high: low less one. 2 middle, red and growing, on low: medium. 3 small on digital. 4 large with a
 * level that is none. 5 without a level. */
static void each_account_is_judged_by_its_own_facts(void **state)
{
    (void)state;
    static const int32_t levels[N] = {3, 0, 3, 1, 2, CODE_MISSING};
    static const arr_fact arr[] = {
        {0, TODAY - 800, 4000000, ARR_NEW},       {0, TODAY - 100, 6000000, ARR_EXPANSION},
        {1, TODAY - 800, 2000000, ARR_NEW},       {2, TODAY - 800, 2000000, ARR_NEW},
        {2, TODAY - 100, 3000000, ARR_EXPANSION}, {3, TODAY - 800, 100000, ARR_NEW},
        {4, TODAY - 800, 9000000, ARR_NEW},       {5, TODAY - 800, 9000000, ARR_NEW}};
    static const health_fact health[] = {
        {0, TODAY - 5, 40}, {1, TODAY - 5, 90}, {2, TODAY - 5, 59}, {3, TODAY - 5, 70}};
    const world_inputs in = {.facts = {.n_accounts = N,
                                       .arr = arr,
                                       .n_arr = sizeof arr / sizeof arr[0],
                                       .health = health,
                                       .n_health = 4},
                             .attributes = {{.name = "coverage",
                                             .type = VALUE_TEXT,
                                             .levels = level_names,
                                             .n_levels = 4,
                                             .values = {.code = levels}}},
                             .n_attributes = 1,
                             .yaml = yaml};
    world w;
    open_world(&w, &in);
    judged j = judge(&w);
    const coverage_case *c = j.c.cases;
    assert_int_equal(c[0].fit, FIT_UNDER);
    assert_int_equal(c[0].should, TOUCH_HIGH);
    assert_int_equal(c[0].points[FACTOR_HEALTH], 1);
    assert_int_equal(c[0].points[FACTOR_GROWTH], 1);
    /* weekly and quarterly less quarterly, both with a renewal, for an account of weight 1 */
    assert_int_equal(c[0].minutes, lround(60 * (365.25 / 7 * 0.5 + 365.25 / 91 * 6 + 3)) -
                                       lround(60 * (365.25 / 91 * 0.5 + 3)));
    assert_int_equal(c[1].fit, FIT_OVER);
    assert_int_equal(c[1].should, TOUCH_DIGITAL);
    assert_true(c[1].minutes < 0);
    assert_int_equal(c[2].fit, FIT_UNDER);
    assert_int_equal(c[2].should, TOUCH_MEDIUM);
    assert_int_equal(c[3].fit, FIT_RIGHT);
    assert_int_equal(c[4].fit, FIT_NONE);
    assert_int_equal(c[5].fit, FIT_NONE);
    assert_int_equal(j.c.n_unread, 1);
    assert_string_equal(j.c.unread, "gold");
    assert_int_equal(j.c.unknown.n, 2);
    assert_int_equal(j.c.unknown.value_minor, 18000000);
    assert_int_equal(j.c.n_by_touches, 0);
    assert_int_equal(j.c.under.n, 2);
    assert_int_equal(j.c.over.n, 1);
    assert_int_equal(j.c.right.n, 1);
    assert_int_equal(j.c.under.minutes, c[0].minutes + c[2].minutes);
    assert_int_equal(j.c.under.value_minor, 9000000);
    size_t in_changes = 0;
    for (size_t i = 0; i < j.c.n_changes; i++) {
        in_changes += j.c.changes[i].sum.n;
        assert_true(i == 0 || j.c.changes[i - 1].worth_minor >= j.c.changes[i].worth_minor);
    }
    assert_int_equal(in_changes, 3);
    world_done(&w);
}

/* Low touch is one in 91 days: 4 in a year. Without the attribute 2 of them are enough for low. */
static void touchpoints_say_what_accounts_get_where_nothing_else_does(void **state)
{
    (void)state;
    static const arr_fact arr[] = {{0, TODAY - 800, 2000000, ARR_NEW},
                                   {1, TODAY - 800, 2000000, ARR_NEW},
                                   {2, TODAY - 800, 2000000, ARR_NEW},
                                   {2, TODAY - 100, 3000000, ARR_EXPANSION}};
    static const touch_fact touches[] = {
        {0, TODAY - 300, NAN, -1}, {0, TODAY - 30, NAN, -1}, {1, TODAY - 30, NAN, -1}};
    const world_inputs in = {.facts = {.n_accounts = 3,
                                       .arr = arr,
                                       .n_arr = 4,
                                       .touchpoints = touches,
                                       .n_touchpoints = 3},
                             .yaml = yaml};
    world w;
    open_world(&w, &in);
    judged j = judge(&w);
    assert_false(j.c.has_attribute);
    assert_true(j.c.has_touchpoints);
    assert_int_equal(j.c.cases[0].has, TOUCH_LOW);
    assert_int_equal(j.c.cases[0].fit, FIT_RIGHT);
    assert_int_equal(j.c.cases[1].has, TOUCH_DIGITAL);
    assert_int_equal(j.c.cases[1].fit, FIT_UNDER);
    world_done(&w);
}

/* 0 is on low by its attribute, with no touchpoint held. 1 has no level, 2 one that is none: two
 * touchpoints in a year are low touch. 3 is 50 days old: too young to be told by touchpoints. */
static void touchpoints_stand_in_for_accounts_whose_attribute_says_no_level(void **state)
{
    (void)state;
    static const int32_t levels[] = {3, CODE_MISSING, 2, CODE_MISSING};
    static const arr_fact arr[] = {{0, TODAY - 800, 2000000, ARR_NEW},
                                   {1, TODAY - 800, 2000000, ARR_NEW},
                                   {2, TODAY - 800, 2000000, ARR_NEW},
                                   {3, TODAY - 50, 3000000, ARR_NEW}};
    static const touch_fact touches[] = {{1, TODAY - 300, NAN, -1},
                                         {1, TODAY - 30, NAN, -1},
                                         {2, TODAY - 300, NAN, -1},
                                         {2, TODAY - 30, NAN, -1}};
    const world_inputs in = {.facts = {.n_accounts = 4,
                                       .arr = arr,
                                       .n_arr = 4,
                                       .touchpoints = touches,
                                       .n_touchpoints = 4},
                             .attributes = {{.name = "coverage",
                                             .type = VALUE_TEXT,
                                             .levels = level_names,
                                             .n_levels = 4,
                                             .values = {.code = levels}}},
                             .n_attributes = 1,
                             .yaml = yaml};
    world w;
    open_world(&w, &in);
    judged j = judge(&w);
    assert_true(j.c.has_attribute);
    assert_int_equal(j.c.n_by_touches, 2);
    assert_int_equal(j.c.n_unread, 1);
    assert_int_equal(j.c.cases[0].fit, FIT_UNDER);
    assert_int_equal(j.c.cases[1].has, TOUCH_LOW);
    assert_int_equal(j.c.cases[1].fit, FIT_RIGHT);
    assert_int_equal(j.c.cases[2].has, TOUCH_LOW);
    assert_int_equal(j.c.cases[3].fit, FIT_NONE);
    assert_int_equal(j.c.unknown.n, 1);
    assert_int_equal(j.c.under.n + j.c.right.n + j.c.over.n + j.c.unknown.n, 4);
    assert_int_equal(j.c.under.value_minor + j.c.right.value_minor + j.c.over.value_minor +
                         j.c.unknown.value_minor,
                     9000000);
    world_done(&w);
}

/* The column is there, and empty throughout: as if it were not. */
static void an_empty_attribute_is_none(void **state)
{
    (void)state;
    static const int32_t levels[] = {CODE_MISSING};
    static const arr_fact arr[] = {{0, TODAY - 800, 2000000, ARR_NEW}};
    static const touch_fact touches[] = {{0, TODAY - 300, NAN, -1}, {0, TODAY - 30, NAN, -1}};
    const world_inputs in = {.facts = {.n_accounts = 1,
                                       .arr = arr,
                                       .n_arr = 1,
                                       .touchpoints = touches,
                                       .n_touchpoints = 2},
                             .attributes = {{.name = "coverage",
                                             .type = VALUE_TEXT,
                                             .levels = level_names,
                                             .n_levels = 4,
                                             .values = {.code = levels}}},
                             .n_attributes = 1,
                             .yaml = yaml};
    world w;
    open_world(&w, &in);
    judged j = judge(&w);
    assert_false(j.c.has_attribute);
    assert_int_equal(j.c.cases[0].has, TOUCH_LOW);
    assert_int_equal(j.c.unknown.n, 0);
    world_done(&w);
}

static void without_both_nothing_is_said(void **state)
{
    (void)state;
    static const arr_fact arr[] = {{0, TODAY - 800, 2000000, ARR_NEW}};
    const world_inputs in = {.facts = {.n_accounts = 1, .arr = arr, .n_arr = 1}, .yaml = yaml};
    world w;
    open_world(&w, &in);
    judged j = judge(&w);
    assert_int_equal(j.c.cases[0].fit, FIT_NONE);
    assert_int_equal(j.c.n_changes, 0);
    world_done(&w);
}

/* Forty middle accounts of 20k, green a year ago; ten have left since, two pay half: 11 of 40. */
static void stakes_follow_what_accounts_alike_have_lost(void **state)
{
    (void)state;
    enum { M = 40, LEFT = 10, LESS = 2 };
    static arr_fact arr[M + LEFT + LESS];
    static health_fact health[M];
    size_t n = 0;
    for (int32_t i = 0; i < M; i++) {
        arr[n++] = (arr_fact){i, TODAY - 800, 2000000, ARR_NEW};
        if (i < LEFT) {
            arr[n++] = (arr_fact){i, TODAY - 100, 0, ARR_CHURN};
        } else if (i < LEFT + LESS) {
            arr[n++] = (arr_fact){i, TODAY - 100, 1000000, ARR_CONTRACTION};
        }
        health[i] = (health_fact){i, TODAY - 700, 85};
    }
    const world_inputs in = {
        .facts = {.n_accounts = M, .arr = arr, .n_arr = n, .health = health, .n_health = M},
        .yaml = yaml};
    world w;
    open_world(&w, &in);
    judged j = judge(&w);
    assert_true(j.s.known && j.s.has_health);
    const loss_share *l = &j.s.of[1 * HEALTH_BANDS + BAND_GREEN];
    assert_int_equal(l->n, M);
    assert_int_equal(l->value, 80000000);
    assert_int_equal(l->lost, 22000000);
    assert_close(l->share, 0.275, 1e-12);
    assert_false(l->pooled);
    assert_true(j.s.of[BAND_GREEN].pooled);
    assert_close(j.s.of[BAND_GREEN].share, 0.275, 1e-12);
    assert_int_equal(j.s.minor[M - 1], 550000);
    world_done(&w);
}

/* Forty middle accounts of 20k a year ago, of which ten pay 30k now: 100k of 800k gained, an eighth
 * of today's ARR. The first twenty are on digital: 10 * 30k + 10 * 20k. What an assumed effect adds
 * is of that, though no account of a year ago had fewer touchpoints. */
static void what_the_under_served_may_gain_is_added_up_for_growth(void **state)
{
    (void)state;
    enum { M = 40, GREW = 10, UNDER = 20 };
    static arr_fact arr[M + GREW];
    static int32_t levels[M];
    size_t n = 0;
    for (int32_t i = 0; i < M; i++) {
        arr[n++] = (arr_fact){i, TODAY - 800, 2000000, ARR_NEW};
        if (i < GREW) {
            arr[n++] = (arr_fact){i, TODAY - 100, 3000000, ARR_EXPANSION};
        }
        levels[i] = i < UNDER ? 1 : 3;
    }
    const world_inputs in = {.facts = {.n_accounts = M, .arr = arr, .n_arr = n},
                             .attributes = {{.name = "coverage",
                                             .type = VALUE_TEXT,
                                             .levels = level_names,
                                             .n_levels = 4,
                                             .values = {.code = levels}}},
                             .n_attributes = 1,
                             .yaml = yaml};
    world w;
    open_world(&w, &in);
    judged j = judge(&w);
    assert_int_equal(j.c.under.n, UNDER);
    assert_int_equal(j.c.under.grows_minor, 50000000 / 8);
    const touch_effect growth = {.source = EFFECT_ASSUMED,
                                 .low = 0.1,
                                 .likely = 0.2,
                                 .high = 0.4,
                                 .measured = NAN,
                                 .measured_low = NAN,
                                 .measured_high = NAN};
    const touch_range more = touch_brings(&growth, j.s.known, j.c.under.grows_minor);
    assert_int_equal(more.side, TOUCH_HELPS);
    assert_close(more.low, 625000, 1e-6);
    assert_close(more.likely, 1250000, 1e-6);
    assert_close(more.high, 2500000, 1e-6);
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_account_is_judged_by_its_own_facts),
        cmocka_unit_test(touchpoints_say_what_accounts_get_where_nothing_else_does),
        cmocka_unit_test(touchpoints_stand_in_for_accounts_whose_attribute_says_no_level),
        cmocka_unit_test(an_empty_attribute_is_none),
        cmocka_unit_test(without_both_nothing_is_said),
        cmocka_unit_test(stakes_follow_what_accounts_alike_have_lost),
        cmocka_unit_test(what_the_under_served_may_gain_is_added_up_for_growth),
    };
    return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
