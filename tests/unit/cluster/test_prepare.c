/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/rng.h"
#include "cluster/prepare.h"

#include "support/failing_alloc.h"

enum { ACCOUNTS = 200, FEATURES = 6 };
enum { AMOUNT, TWIN, CONSTANT, RARE, GAPS, LEVEL };

/* Six features of known kinds over ACCOUNTS accounts, of which the last ten are not inside. */
typedef struct world {
    arena *arena;
    double x[FEATURES][ACCOUNTS];
    double *by_feature[FEATURES];
    uint8_t inside[ACCOUNTS];
    cluster_values values;
    cluster_candidate items[FEATURES];
    cluster_candidates candidates;
} world;

static void world_make(world *w)
{
    static const char *const names[FEATURES] = {"amount", "twin", "constant",
                                                "rare",   "gaps", "level"};
    strata_error err = {0};
    rng r;
    *w = (world){.candidates = {.n = FEATURES}};
    assert_ok(arena_new(&w->arena, &err), &err);
    rng_init(&r, 1, 1);
    for (size_t k = 0; k < FEATURES; k++) {
        w->by_feature[k] = w->x[k];
        w->items[k] =
            (cluster_candidate){.expression = names[k], .label = names[k], .type = VALUE_NUMBER};
    }
    for (size_t i = 0; i < ACCOUNTS; i++) {
        w->inside[i] = i + 10 < ACCOUNTS;
        w->x[AMOUNT][i] = exp(2.0 * rng_normal(&r));
        w->x[TWIN][i] = w->x[AMOUNT][i] * 3.0;
        w->x[CONSTANT][i] = 7.0;
        w->x[RARE][i] = i == 3 ? 1.0 : 0.0;
        w->x[GAPS][i] = i % 2 == 0 ? (double)NAN : rng_normal(&r);
        w->x[LEVEL][i] = i % 20 == 0 ? (double)NAN : rng_normal(&r);
    }
    w->values = (cluster_values){
        .n = ACCOUNTS, .inside = w->inside, .n_inside = ACCOUNTS - 10, .by_feature = w->by_feature};
    w->candidates.items = w->items;
}

static cluster_points prepare(world *w, cluster_missing missing)
{
    strata_error err = {0};
    cluster_points p = {0};
    assert_ok(cluster_prepare(&w->values, &w->candidates, missing, w->arena, &p, &err), &err);
    return p;
}

static const char *why(const cluster_points *p, const char *name)
{
    for (size_t i = 0; i < p->n_left_out; i++) {
        if (strcmp(p->left_out[i].expression, name) == 0) {
            return p->left_out[i].why;
        }
    }
    return "";
}

static void what_tells_nobody_apart_is_left_out_with_its_reason(void **state)
{
    (void)state;
    world w;
    world_make(&w);
    cluster_points p = prepare(&w, CLUSTER_MISSING_MEDIAN);
    assert_int_equal(p.d, 2);
    assert_string_equal(p.features[0].expression, "amount");
    assert_string_equal(p.features[1].expression, "level");
    assert_string_equal(why(&p, "twin"), "nearly the same as amount: rank correlation 1.00");
    assert_string_equal(why(&p, "constant"), "the same for all accounts: 7");
    assert_string_equal(why(&p, "rare"), "the same for 99.5 % of accounts: 0");
    assert_string_equal(why(&p, "gaps"), "known for 50.0 % of accounts, 80 % are needed");
    arena_free(w.arena);
}

static void what_was_asked_for_is_used_unless_it_is_constant(void **state)
{
    (void)state;
    world w;
    world_make(&w);
    w.candidates.given = true;
    cluster_points p = prepare(&w, CLUSTER_MISSING_MEDIAN);
    assert_int_equal(p.d, 5);
    assert_int_equal(p.n_left_out, 1);
    assert_string_equal(p.left_out[0].expression, "constant");
    arena_free(w.arena);
}

static void skewed_amounts_are_taken_by_their_logarithm_whatever_their_unit(void **state)
{
    (void)state;
    world w;
    world_make(&w);
    cluster_points p = prepare(&w, CLUSTER_MISSING_MEDIAN);
    assert_true(p.scales[0].logged);
    assert_false(p.scales[1].logged);
    w.items[AMOUNT] = w.items[TWIN];
    w.by_feature[AMOUNT] = w.x[TWIN];
    cluster_points thrice = prepare(&w, CLUSTER_MISSING_MEDIAN);
    for (size_t i = 0; i < p.n; i++) {
        assert_close_at(thrice.z[i * p.d], p.z[i * p.d], 1e-9, 1e-9, __FILE__, __LINE__);
    }
    arena_free(w.arena);
}

static void values_are_held_and_missing_ones_stand_at_the_median(void **state)
{
    (void)state;
    world w;
    world_make(&w);
    w.x[LEVEL][1] = 1e6;
    cluster_points p = prepare(&w, CLUSTER_MISSING_MEDIAN);
    assert_close(p.z[1 * p.d + 1], CLUSTER_CLAMP, 1e-15);
    assert_true(p.z[1] <= CLUSTER_CLAMP);
    assert_int_equal(p.scales[1].held, 1);
    assert_true(fabs(p.z[0 * p.d + 1]) < 1e-300); /* account 0 has no value */
    assert_close(cluster_scale_invert(&p.scales[0], cluster_scale_apply(&p.scales[0], 2.0)), 2.0,
                 1e-12);
    arena_free(w.arena);
}

static void accounts_that_miss_a_value_can_be_left_out(void **state)
{
    (void)state;
    world w;
    world_make(&w);
    cluster_points p = prepare(&w, CLUSTER_MISSING_LEAVE);
    assert_int_equal(p.n_incomplete, 10);
    assert_int_equal(p.n, ACCOUNTS - 20);
    for (size_t i = 0; i < p.n; i++) {
        assert_true(p.account[i] % 20 != 0 && w.inside[p.account[i]]);
    }
    arena_free(w.arena);
}

static void too_little_to_cluster_is_refused(void **state)
{
    (void)state;
    world w;
    strata_error err = {0};
    cluster_points p = {0};
    world_make(&w);
    w.candidates.items = &w.items[CONSTANT];
    w.candidates.n = 1;
    w.values.by_feature = &w.by_feature[CONSTANT];
    assert_int_equal(
        cluster_prepare(&w.values, &w.candidates, CLUSTER_MISSING_MEDIAN, w.arena, &p, &err),
        STRATA_E_DATA);
    assert_string_equal(err.message,
                        "no feature tells the accounts apart: constant is the same for all "
                        "accounts: 7");
    w.values.n_inside = 0;
    memset(w.inside, 0, sizeof w.inside);
    assert_int_equal(
        cluster_prepare(&w.values, &w.candidates, CLUSTER_MISSING_MEDIAN, w.arena, &p, &err),
        STRATA_E_DATA);
    assert_string_equal(err.message, "not enough data: 0 accounts to cluster, 20 are needed");
    arena_free(w.arena);
}

static void preparing_survives_every_failure_of_memory(void **state)
{
    (void)state;
    int failures = 0;
    strata_error err = {0};
    world w;
    world_make(&w);
    FAILURE_LOOP(failures, {
        arena *a = NULL;
        cluster_points p = {0};
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            st = cluster_prepare(&w.values, &w.candidates, CLUSTER_MISSING_MEDIAN, a, &p, &err);
        }
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, p.z == NULL);
        arena_free(a);
    });
    arena_free(w.arena);
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_tells_nobody_apart_is_left_out_with_its_reason),
        cmocka_unit_test(what_was_asked_for_is_used_unless_it_is_constant),
        cmocka_unit_test(skewed_amounts_are_taken_by_their_logarithm_whatever_their_unit),
        cmocka_unit_test(values_are_held_and_missing_ones_stand_at_the_median),
        cmocka_unit_test(accounts_that_miss_a_value_can_be_left_out),
        cmocka_unit_test(too_little_to_cluster_is_refused),
        cmocka_unit_test(preparing_survives_every_failure_of_memory),
    };
    return cmocka_run_group_tests_name("cluster_prepare", tests, NULL, NULL);
}
