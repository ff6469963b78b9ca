/* SPDX-License-Identifier: Apache-2.0 */
/* Moves of a few accounts between three tiers, counted by hand. */
#include "strata_test.h"

#include <math.h>
#include <string.h>

#include "analysis/world.h"
#include "plan/migration/pathways.h"
#include "support/failing_alloc.h"

enum { TODAY = 20269 /* AS_OF, as a constant */, LARGE = 0, MIDDLE = 1, SMALL = 2, OUTSIDE = 3 };

static const char yaml[] =
    "strata: 1\npopulation: {when: is_customer}\ndimensions:\n  value:\n    ordered: true\n"
    "    tiers:\n"
    "      - {name: Large, when: arr >= 50k}\n"
    "      - {name: Middle, when: arr >= 10k}\n"
    "      - {name: Small, otherwise: true}\n"
    "  health_band: {of: health_supplied, bands: {Green: 80, Yellow: 60, Red: 0}}\n"
    "migration:\n"
    "  by: value\n"
    "  up: arr_growth_12m > 20% or health_band turned Green\n"
    "  down: arr_growth_12m < 0% or health_band turned Red\n"
    "  goals:\n"
    "    - {from: Middle, to: Large, share: 15%, per: year}\n"
    "    - {from: Small, to: Middle, share: 50%, per: quarter}\n"
    "tier_change:\n"
    "  exceptions:\n"
    "    - {name: large loss, when: arr_change_12m < -1000}\n"
    "    - {name: health low, when: health_supplied < 60}\n";

/* 0 Middle all the time, grows by half. 1 Middle, Large from 15 January 2025. 2 Large, loses a
 * little. 3 Small, turned green; 4 Middle, lost half and turned green: both rules hold. 5 left
 * in March 2025. 6 came in May 2025, Small. 7 Middle, loses 2,000 and is held back. */
static const arr_fact arr[] = {{0, TODAY - 1200, 2000000, ARR_NEW},
                               {0, TODAY - 200, 3000000, ARR_EXPANSION},
                               {1, TODAY - 1200, 4000000, ARR_NEW},
                               {1, TODAY - 166, 6000000, ARR_EXPANSION},
                               {2, TODAY - 1200, 9000000, ARR_NEW},
                               {2, TODAY - 20, 8990000, ARR_CONTRACTION},
                               {3, TODAY - 1200, 500000, ARR_NEW},
                               {4, TODAY - 1200, 4000000, ARR_NEW},
                               {4, TODAY - 20, 2000000, ARR_CONTRACTION},
                               {5, TODAY - 1200, 500000, ARR_NEW},
                               {5, TODAY - 110, 0, ARR_CHURN},
                               {6, TODAY - 50, 500000, ARR_NEW},
                               {7, TODAY - 1200, 2000000, ARR_NEW},
                               {7, TODAY - 20, 1800000, ARR_CONTRACTION}};
static const health_fact health[] = {{3, TODAY - 400, 70}, {3, TODAY - 10, 85},
                                     {4, TODAY - 400, 70}, {4, TODAY - 10, 85},
                                     {7, TODAY - 400, 70}, {7, TODAY - 10, 65}};
enum { N_ARR = sizeof arr / sizeof arr[0], N_HEALTH = sizeof health / sizeof health[0], N = 8 };

static world_inputs inputs(int threads)
{
    return (world_inputs){.facts = {.n_accounts = N,
                                    .arr = arr,
                                    .n_arr = N_ARR,
                                    .health = health,
                                    .n_health = N_HEALTH},
                          .yaml = yaml,
                          .threads = threads};
}

static void open_world(world *w, const world_inputs *in)
{
    world_open(w, in);
    strata_error err = {0};
    const size_t *slots = NULL;
    size_t n = 0;
    assert_ok(migration_slots(w->bound, w->arena, &slots, &n, &err), &err);
    const view_options options = {
        .as_of = AS_OF, .since = DAY_MISSING, .keep = slots, .n_keep = n, .watch = SIZE_MAX};
    view_free(w->view);
    w->view = NULL;
    assert_ok(view_new(&w->cx, &w->portfolio, w->bound, NULL, &options, &w->view, &err), &err);
}

static migration_paths follow(world *w)
{
    strata_error err = {0};
    migration_paths p = {0};
    assert_ok(migration_paths_follow(&w->cx, w->view, w->arena, &p, &err), &err);
    return p;
}

static void accounts_are_followed_month_by_month(void **state)
{
    (void)state;
    const world_inputs in = inputs(2);
    world w;
    open_world(&w, &in);
    migration_paths p = follow(&w);
    assert_int_equal(p.n_dates, 37);
    assert_int_equal(p.dates[36], AS_OF);
    assert_int_equal(p.dates[24], DAY(2024, 6, 30));
    assert_true(p.ordered);
    assert_int_equal(migration_state(&p, 30, 1), MIDDLE); /* end of December */
    assert_int_equal(migration_state(&p, 31, 1), LARGE);
    assert_int_equal(migration_state(&p, 32, 5), SMALL); /* end of February */
    assert_int_equal(migration_state(&p, 33, 5), OUTSIDE);
    assert_int_equal(migration_state(&p, 34, 6), OUTSIDE);
    assert_int_equal(migration_state(&p, 35, 6), SMALL);
    world_done(&w);
}

static void beyond_the_goal_counts_in_its_direction_only(void **state)
{
    (void)state;
    const migration_paths p = {.ordered = true, .n_ordered = 3, .n_segments = 3};
    assert_true(migration_reaches(&p, SMALL, MIDDLE, MIDDLE));
    assert_true(migration_reaches(&p, SMALL, MIDDLE, LARGE));
    assert_false(migration_reaches(&p, MIDDLE, LARGE, SMALL));
    assert_true(migration_reaches(&p, LARGE, MIDDLE, SMALL));
    assert_false(migration_reaches(&p, LARGE, MIDDLE, OUTSIDE));
    assert_false(migration_is_down(&p, SMALL, OUTSIDE));
}

/* Middle in the last 12 months: accounts 0, 4 and 7 for 12 months each, 1 for 7 until it moved: 43
 * months, 1 move. Small: 3 for 12, 5 for 9, 6 for 1. */
static void goals_count_the_time_that_accounts_were_there(void **state)
{
    (void)state;
    const world_inputs in = inputs(2);
    world w;
    open_world(&w, &in);
    migration_paths p = follow(&w);
    const migration_goal *g = NULL;
    strata_error err = {0};
    assert_ok(migration_goals(w.view, &p, w.arena, &g, &err), &err);
    assert_int_equal(g[0].moves, 1);
    assert_int_equal(g[0].accounts, 4);
    assert_int_equal(g[0].months, 12);
    assert_close(g[0].exposure, 43.0 / 12.0, 1e-12);
    assert_close(g[0].rate, 12.0 / 43.0, 1e-12);
    assert_close(g[0].low, 0.02531781 * 12.0 / 43.0, 1e-6);
    assert_close(g[0].high, 5.57164339 * 12.0 / 43.0, 1e-6);
    assert_close(g[0].wanted, 0.15 * 43.0 / 12.0, 1e-12);
    assert_int_equal(g[0].verdict, GOAL_OPEN);
    assert_int_equal(g[1].moves, 0);
    assert_close(g[1].exposure, 22.0 / 3.0, 1e-12); /* quarters */
    assert_close(g[1].high, 3.68887945 * 3.0 / 22.0, 1e-6);
    assert_int_equal(g[1].verdict, GOAL_OPEN);
    world_done(&w);
}

static void candidates_tell_the_clause_and_what_holds_them_back(void **state)
{
    (void)state;
    const world_inputs in = inputs(2);
    world w;
    open_world(&w, &in);
    migration_paths p = follow(&w);
    migration_candidates c = {0};
    strata_error err = {0};
    assert_ok(migration_candidates_find(&w.cx, w.view, &p, w.arena, &c, &err), &err);
    /* up: 0 (growth) and 3 (turned green); 1 is at the top. down: 2, and 7 held back; 4 is both. */
    assert_int_equal(c.n_up, 2);
    assert_int_equal(c.n_down, 2);
    assert_int_equal(c.n_both, 1);
    assert_int_equal(c.n_held, 1);
    assert_int_equal(c.items[0].account, 0);
    assert_string_equal(c.items[0].clause, "arr_growth_12m > 20%");
    assert_string_equal(c.items[0].values, "arr_growth_12m is 50%");
    assert_int_equal(c.items[0].from, MIDDLE);
    assert_int_equal(c.items[0].to, LARGE);
    assert_int_equal(c.items[1].account, 3);
    assert_non_null(strstr(c.items[1].values, "was Yellow at the previous review"));
    assert_int_equal(c.items[2].account, 2);
    assert_int_equal(c.items[2].held, 0);
    assert_int_equal(c.items[3].account, 7);
    assert_int_equal(c.items[3].held, 1);
    assert_true(isnan(c.items[3].renewal_in));
    world_done(&w);
}

/* Stays in Large whose beginning is in sight: account 1, from January, still there. */
static void stays_begin_in_sight(void **state)
{
    (void)state;
    const world_inputs in = inputs(2);
    world w;
    open_world(&w, &in);
    migration_paths p = follow(&w);
    const migration_stay *s = NULL;
    strata_error err = {0};
    assert_ok(migration_stays(&p, w.arena, &s, &err), &err);
    assert_int_equal(s[LARGE].stays, 1);
    assert_int_equal(s[LARGE].moves, 0);
    assert_int_equal(s[MIDDLE].stays, 0);
    assert_int_equal(s[SMALL].stays, 1); /* account 6 */
    world_done(&w);
}

/* A year ago (30 June 2024) nobody had grown, so the rule held for nobody. */
static void rules_are_tried_on_the_year_before(void **state)
{
    (void)state;
    const world_inputs in = inputs(2);
    world w;
    open_world(&w, &in);
    migration_paths p = follow(&w);
    migration_hits h = {0};
    strata_error err = {0};
    assert_ok(migration_hits_count(&w.cx, w.view, &p, w.arena, &h, &err), &err);
    assert_true(h.done);
    assert_int_equal(h.up.with.of, 0);
    assert_int_equal(h.up.without.of, 6); /* 0 1 4 7 in Middle, 3 5 in Small */
    assert_int_equal(h.up.without.hits, 1);
    assert_int_equal(h.down.without.of, 5); /* 2 in Large, 0 1 4 7 in Middle */
    world_done(&w);
}

/* Two recorded interventions of account 0 and one of 3, all while in their segment, one of 7 by
 * another name, one of 4 too long ago. Hours cost 60: 90 minutes and 10 make 100. */
static void pathways_count_who_they_are_for_and_who_had_them(void **state)
{
    (void)state;
    static const char *const names[] = {"call", "review"};
    static const logged_intervention items[] = {{0, TODAY - 300, 1, 60.0},
                                                {0, TODAY - 100, 1, 120.0},
                                                {3, TODAY - 100, 1, 30.0},
                                                {4, TODAY - 700, 1, 30.0},
                                                {7, TODAY - 100, 0, 30.0}};
    static const intervention_log log = {items, 5, names, 2};
    static const csm_list nobody = {NULL, 0};
    world_inputs in = inputs(2);
    in.yaml =
        "strata: 1\npopulation: {when: is_customer}\ndimensions:\n  value:\n    ordered: true\n"
        "    tiers:\n"
        "      - {name: Large, when: arr >= 50k}\n"
        "      - {name: Middle, when: arr >= 10k}\n"
        "      - {name: Small, otherwise: true}\n"
        "migration:\n  cost_per_hour: 60\n  pathways:\n"
        "    - {name: a, from: Middle, to: Large, trigger: arr >= 20k, intervention: review, "
        "measure: arr > 25k, investment: {cost: 10}}\n"
        "    - {name: b, from: Small, to: Middle, trigger: arr > 1, intervention: none, "
        "investment: {minutes: 30}}\n";
    world w;
    open_world(&w, &in);
    migration_paths paths = follow(&w);
    migration_candidates c = {0};
    const pathway_request r = {
        .v = w.view, .paths = &paths, .candidates = &c, .log = &log, .csms = &nobody};
    const migration_pathway *p = NULL;
    strata_error err = {0};
    assert_ok(migration_candidates_find(&w.cx, w.view, &paths, w.arena, &c, &err), &err);
    assert_ok(migration_pathways_measure(&w.cx, &r, w.arena, &p, &err), &err);
    assert_int_equal(p[0].n_now, 2); /* 0 and 4 of 0, 4, 7 */
    assert_int_equal(p[0].value_minor, 3000000 + 2000000);
    assert_int_equal(p[0].n_12m, 1);
    assert_int_equal(p[0].n_met, 1);
    assert_close(p[0].minutes, 90.0, 1e-12);
    assert_close(p[0].cost, 9000.0 + 1000.0, 1e-9);
    assert_null(p[0].effect); /* no ARR book was given */
    assert_true(isnan(p[0].back));
    assert_int_equal(p[1].n_now, 2); /* 3 and 6 */
    assert_int_equal(p[1].n_12m, 0);
    assert_close(p[1].cost, 3000.0, 1e-9);
    world_done(&w);
}

typedef struct all {
    migration_candidates c;
    migration_mix mix;
    migration_paths p;
} all;

static all compute(world *w)
{
    strata_error err = {0};
    all x = {.p = follow(w)};
    assert_ok(migration_candidates_find(&w->cx, w->view, &x.p, w->arena, &x.c, &err), &err);
    assert_ok(migration_forecast(&w->cx, &x.p, w->arena, &x.mix, &err), &err);
    return x;
}

static void assert_same(const all *a, const all *b)
{
    assert_int_equal(a->c.n, b->c.n);
    for (size_t i = 0; i < a->c.n; i++) {
        assert_int_equal(a->c.items[i].account, b->c.items[i].account);
        assert_string_equal(a->c.items[i].values, b->c.items[i].values);
    }
    assert_int_equal(a->p.n_dates, b->p.n_dates);
    assert_memory_equal(a->p.codes, b->p.codes, a->p.n_dates * N * sizeof *a->p.codes);
    assert_memory_equal(a->mix.sizes, b->mix.sizes, 12 * sizeof *a->mix.sizes);
    assert_int_equal(a->mix.n_trials, b->mix.n_trials);
}

static void later_facts_and_threads_change_nothing(void **state)
{
    (void)state;
    arr_fact later[N_ARR + 2];
    memcpy(later, arr, sizeof arr);
    later[N_ARR] = (arr_fact){3, TODAY + 10, 9900000, ARR_EXPANSION};
    later[N_ARR + 1] = (arr_fact){0, TODAY + 20, 0, ARR_CHURN};
    world_inputs in = inputs(2);
    world_inputs single = inputs(1);
    world_inputs more = inputs(2);
    more.facts.arr = later;
    more.facts.n_arr = N_ARR + 2;
    world w[3];
    open_world(&w[0], &in);
    open_world(&w[1], &single);
    open_world(&w[2], &more);
    all a = compute(&w[0]);
    all b = compute(&w[1]);
    all c = compute(&w[2]);
    assert_true(a.mix.done);
    assert_int_equal(a.mix.n_trials, 4);
    assert_same(&a, &b);
    assert_same(&a, &c);
    for (size_t k = 0; k < 3; k++) {
        world_done(&w[k]);
    }
}

/* Quarters so far: 12. In Middle 0, 4 and 7 are in all of them; 1 in 11, of which the last brings
 * it to Large: 47 quarters, of which 46 end where they began. */
static void the_mix_follows_the_chain_of_quarters(void **state)
{
    (void)state;
    const world_inputs in = inputs(2);
    world w;
    open_world(&w, &in);
    all x = compute(&w);
    assert_int_equal(x.mix.n_steps, 12);
    /* now 3 in Middle (0, 4, 7), 2 in Large (1, 2); nobody enters either */
    double stay = 46.0 / 47.0;
    assert_close(x.mix.sizes[MIDDLE].expected, 3.0 * stay, 1e-9);
    assert_close(x.mix.sizes[LARGE].expected, 2.0 + 3.0 * (1.0 - stay), 1e-9);
    assert_close(x.mix.sizes[9 + MIDDLE].expected, 3.0 * pow(stay, 4.0), 1e-9);
    assert_int_equal(x.mix.past[12 * 3 + MIDDLE], 3);
    world_done(&w);
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    const world_inputs in = inputs(1);
    world w;
    open_world(&w, &in);
    migration_paths p = follow(&w);
    strata_error err = {0};
    int n = 0;
    FAILURE_LOOP(n, {
        arena *a = NULL;
        migration_candidates c = {0};
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            st = migration_candidates_find(&w.cx, w.view, &p, a, &c, &err);
        }
        /* the sweep finds a way where a failed allocation only makes it slower */
        bool hit = fail_alloc_pause();
        assert_true(st == STRATA_OK ? c.n == 4 : hit && st == STRATA_E_NOMEM && c.items == NULL);
        arena_free(a);
    });
    FAILURE_LOOP(n, {
        arena *a = NULL;
        const migration_stay *s = NULL;
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            st = migration_stays(&p, a, &s, &err);
        }
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, s == NULL);
        arena_free(a);
    });
    assert_true(n > 10);
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_are_followed_month_by_month),
        cmocka_unit_test(beyond_the_goal_counts_in_its_direction_only),
        cmocka_unit_test(goals_count_the_time_that_accounts_were_there),
        cmocka_unit_test(candidates_tell_the_clause_and_what_holds_them_back),
        cmocka_unit_test(stays_begin_in_sight),
        cmocka_unit_test(rules_are_tried_on_the_year_before),
        cmocka_unit_test(pathways_count_who_they_are_for_and_who_had_them),
        cmocka_unit_test(later_facts_and_threads_change_nothing),
        cmocka_unit_test(the_mix_follows_the_chain_of_quarters),
        cmocka_unit_test(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests_name("migration", tests, NULL, NULL);
}
