/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "cluster/match.h"

#include "support/failing_alloc.h"

enum { ACCOUNTS = 40, FEATURES = 1, MOST = 4 };

/* A new fit of accounts 0 .. n-1 by one feature, and the fit before. */
typedef struct world {
    arena *arena;
    cluster_points points;
    cluster_fit fit;
    saved_fit before;
    uint32_t account[ACCOUNTS], label[ACCOUNTS], was[ACCOUNTS];
    double centres[MOST], old_centres[MOST];
    size_t size[MOST];
    cluster_candidate feature;
    cluster_scale scale;
    const char *expressions[FEATURES];
} world;

static const char *const old_names[MOST] = {"Old A", "Old B", "Old C", "Old D"};
static const char *const fresh[MOST] = {"New A", "New B", "New C", "Old A"};

static void world_make(world *w, size_t k, size_t was)
{
    strata_error err = {0};
    *w = (world){.fit = {.n = ACCOUNTS, .d = FEATURES, .k = k}};
    assert_ok(arena_new(&w->arena, &err), &err);
    w->feature = (cluster_candidate){.expression = "arr"};
    w->scale = (cluster_scale){.unit = 1.0, .scale = 1.0};
    w->expressions[0] = "arr";
    for (size_t i = 0; i < ACCOUNTS; i++) {
        w->account[i] = (uint32_t)i;
        w->was[i] = CLUSTER_NONE;
    }
    w->points = (cluster_points){.n = ACCOUNTS,
                                 .d = FEATURES,
                                 .account = w->account,
                                 .features = &w->feature,
                                 .scales = &w->scale};
    w->fit.label = w->label;
    w->fit.centres = w->centres;
    w->fit.size = w->size;
    w->before = (saved_fit){.fit = 1,
                            .method = "k-means",
                            .expressions = w->expressions,
                            .d = FEATURES,
                            .names = old_names,
                            .k = was,
                            .centres = w->old_centres,
                            .cluster = w->was};
}

/* Accounts from .. to - 1 were in `was` and are in `now`. */
static void put(world *w, size_t from, size_t to, uint32_t was, uint32_t now)
{
    for (size_t i = from; i < to; i++) {
        w->was[i] = was;
        w->label[i] = now;
    }
}

static cluster_refit match(world *w)
{
    strata_error err = {0};
    cluster_refit r = {0};
    assert_ok(cluster_match(&w->points, &w->fit, fresh, &w->before, w->arena, &r, &err), &err);
    return r;
}

static void names_are_carried_on_when_clusters_change_places(void **state)
{
    (void)state;
    world w;
    world_make(&w, 2, 2);
    put(&w, 0, 20, 0, 1);
    put(&w, 20, 40, 1, 0);
    cluster_refit r = match(&w);
    assert_int_equal(r.of[1].fate, FATE_KEPT);
    assert_string_equal(r.of[1].name, "Old A");
    assert_string_equal(r.of[0].name, "Old B");
    assert_int_equal(r.former[0].end, END_KEPT);
    assert_int_equal(r.common, ACCOUNTS);
    assert_close(r.agreement, 1.0, 1e-12);
    arena_free(w.arena);
}

static void a_cluster_that_breaks_in_two_goes_on_as_the_larger_part(void **state)
{
    (void)state;
    world w;
    world_make(&w, 3, 2);
    put(&w, 0, 14, 0, 0);
    put(&w, 14, 20, 0, 2);
    put(&w, 20, 40, 1, 1);
    cluster_refit r = match(&w);
    assert_int_equal(r.of[0].fate, FATE_KEPT);
    assert_string_equal(r.of[0].name, "Old A");
    assert_int_equal(r.of[2].fate, FATE_SPLIT);
    assert_int_equal(r.of[2].from, 0);
    assert_int_equal(r.of[2].shared, 6);
    assert_string_equal(r.of[2].name, "New C");
    arena_free(w.arena);
}

static void two_clusters_that_become_one_go_on_as_the_larger(void **state)
{
    (void)state;
    world w;
    world_make(&w, 2, 3);
    put(&w, 0, 12, 0, 0);
    put(&w, 12, 20, 1, 0);
    put(&w, 20, 40, 2, 1);
    cluster_refit r = match(&w);
    assert_string_equal(r.of[0].name, "Old A");
    assert_int_equal(r.former[1].end, END_MERGED);
    assert_int_equal(r.former[1].to, 0);
    assert_int_equal(r.former[1].shared, 8);
    assert_string_equal(r.of[1].name, "Old C");
    arena_free(w.arena);
}

static void a_scattered_cluster_died_and_one_of_newcomers_was_born(void **state)
{
    (void)state;
    world w;
    world_make(&w, 3, 3);
    put(&w, 0, 12, 0, 0);
    put(&w, 12, 24, 1, 1);
    put(&w, 24, 26, 2, 0);
    put(&w, 26, 28, 2, 1);
    put(&w, 28, 40, CLUSTER_NONE, 2);
    cluster_refit r = match(&w);
    assert_int_equal(r.former[2].end, END_DIED);
    assert_int_equal(r.of[2].fate, FATE_BORN);
    assert_int_equal(r.of[2].known, 0);
    assert_string_equal(r.of[2].name, "New C");
    assert_int_equal(r.common, 28);
    arena_free(w.arena);
}

static void without_shared_accounts_near_centres_are_one_cluster(void **state)
{
    (void)state;
    world w;
    world_make(&w, 2, 2);
    for (size_t i = 0; i < ACCOUNTS; i++) {
        w.label[i] = i < 20 ? 0 : 1;
    }
    w.centres[0] = 1.0;
    w.centres[1] = -2.0;
    w.old_centres[0] = -1.9;
    w.old_centres[1] = 2.5;
    cluster_refit r = match(&w);
    assert_string_equal(r.of[1].name, "Old A");
    assert_int_equal(r.of[0].fate, FATE_BORN);
    assert_int_equal(r.former[1].end, END_DIED);
    assert_true(isnan(r.agreement));
    arena_free(w.arena);
}

static void other_features_are_matched_by_accounts_alone(void **state)
{
    (void)state;
    world w;
    world_make(&w, 2, 2);
    w.expressions[0] = "tenure";
    put(&w, 0, 20, 0, 0);
    put(&w, 20, 40, 1, 1);
    cluster_refit r = match(&w);
    assert_false(r.same_features);
    assert_string_equal(r.of[0].name, "Old A");
    arena_free(w.arena);
}

static void a_fresh_name_is_never_that_of_a_cluster_that_goes_on(void **state)
{
    (void)state;
    world w;
    world_make(&w, 4, 1);
    put(&w, 0, 10, 0, 0);
    put(&w, 10, 20, CLUSTER_NONE, 1);
    put(&w, 20, 30, CLUSTER_NONE, 2);
    put(&w, 30, 40, CLUSTER_NONE, 3);
    cluster_refit r = match(&w);
    assert_string_equal(r.of[0].name, "Old A");
    assert_string_equal(r.of[3].name, "Old A 2");
    arena_free(w.arena);
}

static void a_first_fit_has_its_own_names(void **state)
{
    (void)state;
    world w;
    world_make(&w, 2, 0);
    w.before.fit = 0;
    cluster_refit r = match(&w);
    assert_null(r.before);
    assert_int_equal(r.of[0].fate, FATE_NEW);
    assert_string_equal(r.of[0].name, "New A");
    arena_free(w.arena);
}

static void matching_survives_every_failure_of_memory(void **state)
{
    (void)state;
    int failures = 0;
    strata_error err = {0};
    world w;
    world_make(&w, 3, 2);
    put(&w, 0, 14, 0, 0);
    put(&w, 14, 20, 0, 2);
    put(&w, 20, 40, 1, 1);
    FAILURE_LOOP(failures, {
        arena *a = NULL;
        cluster_refit r = {0};
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            st = cluster_match(&w.points, &w.fit, fresh, &w.before, a, &r, &err);
        }
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, r.of == NULL);
        arena_free(a);
    });
    arena_free(w.arena);
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_carried_on_when_clusters_change_places),
        cmocka_unit_test(a_cluster_that_breaks_in_two_goes_on_as_the_larger_part),
        cmocka_unit_test(two_clusters_that_become_one_go_on_as_the_larger),
        cmocka_unit_test(a_scattered_cluster_died_and_one_of_newcomers_was_born),
        cmocka_unit_test(without_shared_accounts_near_centres_are_one_cluster),
        cmocka_unit_test(other_features_are_matched_by_accounts_alone),
        cmocka_unit_test(a_fresh_name_is_never_that_of_a_cluster_that_goes_on),
        cmocka_unit_test(a_first_fit_has_its_own_names),
        cmocka_unit_test(matching_survives_every_failure_of_memory),
    };
    return cmocka_run_group_tests_name("cluster_match", tests, NULL, NULL);
}
