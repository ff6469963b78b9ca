/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "cohort/groups/groups.h"
#include "segment/fixture.h"

/* Ten accounts with 1 to 10 thousand of ARR; the last starts later, the first two have left. */
enum { ACCOUNTS = 10, DAY_START = 19000, DAY_NOW = 19400 };

typedef struct world {
    fixture f;
    arr_fact facts[ACCOUNTS + 2];
    day started[ACCOUNTS];
    arena *a;
    override_set pins;
} world;

static const char yaml[] = "strata: 1\n"
                           "dimensions:\n"
                           "  size:\n"
                           "    ordered: true\n"
                           "    tiers:\n"
                           "      - {name: Large, when: arr >= 8k}\n"
                           "      - {name: Small, when: arr > 0}\n"
                           "      - {name: Gone, otherwise: true}\n";

static void world_make(world *w)
{
    strata_error err = {0};
    *w = (world){0};
    for (int32_t i = 0; i < ACCOUNTS; i++) {
        w->started[i] = i + 1 < ACCOUNTS ? DAY_START : DAY_NOW + 10;
        w->facts[i] = (arr_fact){i, w->started[i], (i + 1) * INT64_C(100000), ARR_NEW};
    }
    w->facts[ACCOUNTS] = (arr_fact){0, DAY_NOW - 5, 0, ARR_CHURN};
    w->facts[ACCOUNTS + 1] = (arr_fact){1, DAY_NOW - 5, 0, ARR_CHURN};
    const ledger_facts facts = {.n_accounts = ACCOUNTS,
                                .started_on = w->started,
                                .arr = w->facts,
                                .n_arr = COUNT(w->facts)};
    fixture_make(&w->f, &facts, yaml);
    assert_ok(arena_new(&w->a, &err), &err);
}

static void world_done(world *w)
{
    arena_free(w->a);
    fixture_done(&w->f);
}

static groups *group(world *w, const char *expression, day d)
{
    strata_error err = {0};
    groups *g = NULL;
    assert_ok(groups_by_value(&w->f.cx, w->a, &w->f.portfolio, w->f.bound, &w->pins, expression, d,
                              &g, &err),
              &err);
    size_t counted = g->outside;
    for (size_t i = 0; i < g->n; i++) {
        counted += g->accounts[i];
    }
    assert_int_equal(counted, ACCOUNTS);
    return g;
}

static void text_gives_a_group_for_each_level_in_its_order(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w);
    const groups *g = group(&w, "size", DAY_NOW);
    assert_int_equal(g->n, 3);
    assert_string_equal(g->labels[0], "Large");
    assert_string_equal(g->labels[2], "Gone");
    assert_int_equal(g->accounts[0], 2); /* 8k and 9k; 10k is not there yet */
    assert_int_equal(g->accounts[1], 5);
    assert_int_equal(g->accounts[2], 2);
    assert_int_equal(g->outside, 1);
    assert_int_equal(g->code[ACCOUNTS - 1], SEGMENT_ABSENT);
}

static void groups_are_of_the_day_they_are_asked_for(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w);
    const groups *g = group(&w, "size", DAY_NOW - 10);
    assert_int_equal(groups_find(g, "Gone"), SIZE_MAX); /* nobody had left */
    assert_int_equal(g->accounts[groups_find(g, "small")], 7);
}

static void a_condition_gives_yes_and_no(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w);
    const groups *g = group(&w, "arr >= 5k", DAY_NOW);
    assert_int_equal(g->n, 2);
    assert_int_equal(g->accounts[0] + g->accounts[1], 9);
    assert_int_equal(g->accounts[g->code[8]], 5); /* 5k to 9k */
    assert_true(g->code[8] != g->code[2]);
}

static void numbers_give_quarters_that_never_split_a_tie(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w);
    const groups *g = group(&w, "arr", DAY_NOW);
    assert_true(g->n >= 2 && g->n <= 4);
    assert_int_equal(g->code[0], g->code[1]); /* both 0 */
    for (size_t i = 2; i + 1 < ACCOUNTS - 1; i++) {
        assert_true(g->code[i] <= g->code[i + 1]); /* ascending as ARR is */
    }
    for (size_t i = 0; i < g->n; i++) {
        assert_non_null(g->where[i]);
    }
}

static void who_never_started_leaves_the_groups_and_empty_groups_go(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w);
    groups *g = group(&w, "size", DAY_NOW);
    strata_error err = {0};
    day origin[ACCOUNTS];
    for (size_t i = 0; i < ACCOUNTS; i++) {
        origin[i] = DAY_START;
    }
    origin[7] = DAY_MISSING; /* the two large ones */
    origin[8] = DAY_NOW + 1;
    origin[2] = DAY_MISSING; /* a small one */
    assert_ok(groups_keep_started(w.a, g, origin, ACCOUNTS, DAY_NOW, &err), &err);
    assert_int_equal(g->n, 2);
    assert_string_equal(g->labels[0], "Small");
    assert_string_equal(g->labels[1], "Gone");
    assert_non_null(g->where[1]);
    assert_int_equal(g->accounts[0], 4);
    assert_int_equal(g->accounts[1], 2);
    assert_int_equal(g->outside, 4);
    assert_int_equal(g->code[8], SEGMENT_ABSENT);
    assert_int_equal(g->code[0], 1);
}

static void an_expression_that_cannot_be_is_refused(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w);
    strata_error err = {0};
    groups *g = NULL;
    assert_int_not_equal(groups_by_value(&w.f.cx, w.a, &w.f.portfolio, w.f.bound, &w.pins, "siez",
                                         DAY_NOW, &g, &err),
                         STRATA_OK);
    assert_non_null(strstr(err.message, "siez"));
    assert_int_equal(groups_by_value(&w.f.cx, w.a, &w.f.portfolio, w.f.bound, &w.pins, "last_order",
                                     DAY_NOW, &g, &err),
                     STRATA_E_USAGE);
    assert_null(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_gives_a_group_for_each_level_in_its_order),
        cmocka_unit_test(groups_are_of_the_day_they_are_asked_for),
        cmocka_unit_test(a_condition_gives_yes_and_no),
        cmocka_unit_test(numbers_give_quarters_that_never_split_a_tie),
        cmocka_unit_test(who_never_started_leaves_the_groups_and_empty_groups_go),
        cmocka_unit_test(an_expression_that_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
