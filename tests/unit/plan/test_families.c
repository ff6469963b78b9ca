/* SPDX-License-Identifier: Apache-2.0 */
/* A small forest rolled up by hand, and larger ones against the plain way. */
#include "strata_test.h"

#include <math.h>
#include <stdio.h>

#include "support/failing_alloc.h"

#include "analysis/world.h"
#include "base/rng.h"
#include "plan/offer/families.h"

enum { TODAY = 20269 /* AS_OF, as a constant */, N = 7, LEVELS = 4 };

#define RULES                                                                                      \
    "strata: 1\nfeatures: {health: {value: health_supplied}}\ndimensions:\n  value:\n"             \
    "    ordered: true\n    tiers:\n"                                                              \
    "      - {name: Large, when: arr >= 50k}\n"                                                    \
    "      - {name: Middle, when: arr >= 10k}\n"                                                   \
    "      - {name: Small, otherwise: true}\n"

static const char *const parents[] = {"A000000", "A000001", "gone"};
static const int32_t parent_of[N] = {CODE_MISSING, 0, 1, 0, CODE_MISSING, 2, CODE_MISSING};
static const char *const touches[LEVELS] = {"digital", "high touch", "low", "gold"};
static const int32_t touch_of[N] = {1, 2, 0, 1, 1, 3, 0};
static const char *const csms[] = {"a", "b"};
static const int32_t csm_of[N] = {0, 0, 1, 1, 0, 0, CODE_MISSING};

/* 0 has 1 and 3 under it, 1 has 2; 4 and 6 stand alone, 5 names a parent that is not there. */
static const arr_fact arr[] = {{0, TODAY - 800, 4000000, ARR_NEW},
                               {1, TODAY - 800, 2500000, ARR_NEW},
                               {1, TODAY - 100, 2000000, ARR_CONTRACTION},
                               {2, TODAY - 800, 500000, ARR_NEW},
                               {2, TODAY - 90, 1000000, ARR_EXPANSION},
                               {3, TODAY - 800, 800000, ARR_NEW},
                               {3, TODAY - 50, 0, ARR_CHURN},
                               {4, TODAY - 800, 3000000, ARR_NEW},
                               {5, TODAY - 800, 500001, ARR_NEW}};
static const health_fact health[] = {
    {0, TODAY - 5, 90}, {1, TODAY - 5, 50}, {2, TODAY - 5, 70}, {3, TODAY - 5, 20}};

static world_inputs inputs(const char *yaml, const int32_t *parent)
{
    return (world_inputs){
        .facts = {.n_accounts = N,
                  .arr = arr,
                  .n_arr = sizeof arr / sizeof *arr,
                  .health = health,
                  .n_health = 4},
        .attributes = {{"parent", VALUE_TEXT, parents, 3, {.code = parent}},
                       {"coverage", VALUE_TEXT, touches, LEVELS, {.code = touch_of}},
                       {"csm_id", VALUE_TEXT, csms, 2, {.code = csm_of}}},
        .n_attributes = 3,
        .yaml = yaml};
}

static families make(world *w)
{
    families f = {0};
    strata_error err = {0};
    assert_ok(families_make(w->view, w->arena, &f, &err), &err);
    return f;
}

static void families_are_rolled_up_to_the_cent(void **state)
{
    (void)state;
    const world_inputs in = inputs(RULES, parent_of);
    world w;
    world_open(&w, &in);
    families f = make(&w);
    const family_member *m = f.members;
    assert_int_equal(m[0].sum_minor, 7000000);
    assert_int_equal(m[1].sum_minor, 3000000);
    assert_int_equal(m[0].below, 3);
    assert_int_equal(m[0].customers, 3);
    assert_int_equal(m[2].depth, 2);
    assert_int_equal(m[2].root, 0);
    /* A year ago 40 + 25 + 5 + 8; of those now 40 + 20 + 10 + 0. */
    assert_int_equal(m[0].before_minor, 7800000);
    assert_int_equal(m[0].kept_minor, 7000000);
    /* (40 * 90 + 20 * 50 + 10 * 70) / 70; the one that left does not count. */
    assert_close(m[0].health, 5300.0 / 70.0, 1e-12);
    assert_close(m[1].health, 1700.0 / 30.0, 1e-12);
    assert_int_equal(m[1].touch, TOUCH_LOW);
    assert_int_equal(m[0].touch, TOUCH_HIGH);
    assert_int_equal(m[0].touches, 1U << TOUCH_HIGH | 1U << TOUCH_LOW | 1U << TOUCH_DIGITAL);
    assert_true(m[0].managers_differ && m[1].managers_differ && !m[2].managers_differ);
    assert_int_equal(f.n_heads, 1);
    assert_int_equal(f.n_order, 4);
    static const uint32_t order[] = {0, 1, 2, 3};
    assert_memory_equal(f.order, order, sizeof order);
    assert_int_equal(f.n_orphans, 1);
    assert_string_equal(f.orphan, "gone");
    assert_int_equal(f.n_alone, 2);
    assert_int_equal(f.alone_minor, 3500001);
    assert_int_equal(f.family_minor + f.alone_minor, f.total_minor);
    world_done(&w);
}

/* The model computes no health: the one that the company supplies counts. */
static void a_supplied_health_is_rolled_up_too(void **state)
{
    (void)state;
    static const char yaml[] = "strata: 1\ndimensions:\n  value:\n    tiers:\n"
                               "      - {name: All, otherwise: true}\n";
    const world_inputs in = inputs(yaml, parent_of);
    world w;
    world_open(&w, &in);
    families f = make(&w);
    assert_close(f.members[0].health, 5300.0 / 70.0, 1e-12);
    assert_close(f.members[1].own_health, 50.0, 1e-12);
    world_done(&w);
}

static void the_model_says_how(void **state)
{
    (void)state;
    const world_inputs in = inputs(RULES "trees: {health: worst, coverage: own}\n", parent_of);
    world w;
    world_open(&w, &in);
    families f = make(&w);
    assert_close(f.members[0].health, 50.0, 1e-12);
    assert_close(f.members[1].health, 50.0, 1e-12);
    assert_close(f.members[2].health, 70.0, 1e-12);
    assert_int_equal(f.members[1].touch, TOUCH_LOW);
    assert_true(isnan(f.members[3].health)); /* left: no customer below counts */
    world_done(&w);
}

static void findings_name_what_stands_out(void **state)
{
    (void)state;
    const world_inputs in = inputs(RULES, parent_of);
    world w;
    world_open(&w, &in);
    families f = make(&w);
    family_findings x = {0};
    strata_error err = {0};
    assert_ok(families_find(w.view, &f, w.arena, &x, &err), &err);
    assert_int_equal(x.mixed_touch.n, 1);
    assert_int_equal(x.mixed_touch.value_minor, 7000000);
    assert_int_equal(x.mixed_managers.n, 1);
    assert_int_equal(x.at_risk.n, 1); /* 1 at 50 under 0 at 90 */
    assert_int_equal(x.risky[0], 1);
    assert_int_equal(x.at_risk.value_minor, 2000000);
    assert_int_equal(x.better.n, 1); /* 70k is Large, 40k is Middle */
    assert_int_equal(x.as_one[0], 0);
    assert_int_equal(x.as_one[4], 1);
    world_done(&w);
}

static void circles_are_told_by_name(void **state)
{
    (void)state;
    static const int32_t circle[N] = {1,           0, CODE_MISSING, CODE_MISSING, 1, CODE_MISSING,
                                      CODE_MISSING};
    static const int32_t own[N] = {
        0, CODE_MISSING, CODE_MISSING, CODE_MISSING, CODE_MISSING, CODE_MISSING, CODE_MISSING};
    strata_error err = {0};
    families f = {0};
    world_inputs in = inputs(RULES, circle);
    world w;
    world_open(&w, &in);
    assert_int_equal(families_make(w.view, w.arena, &f, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "parents of accounts run in a circle: 'A000000' under "
                                     "'A000001' under 'A000000'; correct one parent_id");
    world_done(&w);
    in = inputs(RULES, own);
    world_open(&w, &in);
    assert_int_equal(families_make(w.view, w.arena, &f, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "parents of accounts run in a circle: 'A000000' under "
                                     "'A000000'; correct one parent_id");
    assert_int_equal(f.n, 0);
    world_done(&w);
}

/* --- larger forests --- */

enum { MANY = 400 };

typedef struct forest {
    char names[MANY][8];
    const char *levels[MANY];
    int32_t parent[MANY];
    arr_fact arr[MANY];
} forest;

/* Every account but the first few may be under one before it. */
static void grow(forest *g, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 0);
    for (size_t i = 0; i < MANY; i++) {
        (void)snprintf(g->names[i], sizeof g->names[i], "A%06zu", i);
        g->levels[i] = g->names[i];
        bool under = i > 0 && rng_below(&r, 3) > 0;
        g->parent[i] = under ? (int32_t)rng_below(&r, i) : CODE_MISSING;
        g->arr[i] =
            (arr_fact){(int32_t)i, TODAY - 500, 1 + (int64_t)rng_below(&r, 99999999), ARR_NEW};
    }
}

static void sums_are_those_of_walking_up_from_every_account(void **state)
{
    (void)state;
    static forest g;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        grow(&g, seed);
        const world_inputs in = {
            .facts = {.n_accounts = MANY, .arr = g.arr, .n_arr = MANY},
            .attributes = {{"parent", VALUE_TEXT, g.levels, MANY, {.code = g.parent}}},
            .n_attributes = 1,
            .yaml = "strata: 1\ndimensions: {value: {tiers: [{name: A, otherwise: true}]}}\n"};
        world w;
        world_open(&w, &in);
        families f = make(&w);
        static int64_t sum[MANY];
        int64_t total = 0;
        memset(sum, 0, sizeof sum);
        for (size_t i = 0; i < MANY; i++) {
            total += g.arr[i].arr_after;
            for (int32_t at = (int32_t)i; at != CODE_MISSING; at = g.parent[at]) {
                sum[at] += g.arr[i].arr_after;
            }
        }
        int64_t heads = 0;
        for (size_t i = 0; i < MANY; i++) {
            assert_int_equal(f.members[i].sum_minor, sum[i]);
        }
        for (size_t k = 0; k < f.n_heads; k++) {
            heads += f.members[f.heads[k]].sum_minor;
            assert_true(k == 0 ||
                        f.members[f.heads[k - 1]].sum_minor >= f.members[f.heads[k]].sum_minor);
        }
        assert_int_equal(heads, f.family_minor);
        assert_int_equal(f.family_minor + f.alone_minor, total);
        assert_int_equal(f.total_minor, total);
        for (size_t k = 1; k < f.n_order; k++) { /* nobody comes before its parent */
            int32_t up = f.members[f.order[k]].parent;
            size_t before = 0;
            while (up != FAMILY_NONE && f.order[before] != (uint32_t)up) {
                before++;
            }
            assert_true(before < k);
        }
        world_done(&w);
    }
}

static void failed_allocations_leave_nothing_behind(void **state)
{
    (void)state;
    const world_inputs in = inputs(RULES, parent_of);
    world w;
    world_open(&w, &in);
    int failures = 0;
    strata_error err = {0};
    FAILURE_LOOP(failures, {
        STRATA_AUTO(arena_free) arena *a = NULL;
        families f = {0};
        family_findings x = {0};
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? families_make(w.view, a, &f, &err) : st;
        st = st == STRATA_OK ? families_find(w.view, &f, a, &x, &err) : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, x.risky == NULL);
    });
    assert_true(failures > 8);
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_are_rolled_up_to_the_cent),
        cmocka_unit_test(a_supplied_health_is_rolled_up_too),
        cmocka_unit_test(the_model_says_how),
        cmocka_unit_test(findings_name_what_stands_out),
        cmocka_unit_test(circles_are_told_by_name),
        cmocka_unit_test(sums_are_those_of_walking_up_from_every_account),
        cmocka_unit_test(failed_allocations_leave_nothing_behind),
    };
    return cmocka_run_group_tests_name("families", tests, NULL, NULL);
}
