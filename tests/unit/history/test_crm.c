/* SPDX-License-Identifier: Apache-2.0 */
/* What another system was told, and what has changed since. */
#include "strata_test.h"

#include <stdlib.h>

#include "history/crm.h"
#include "history/history.h"
#include "segment/fixture.h"
#include "support/failing_alloc.h"

enum { N = 4, D0 = 20000 };

static const char by_arr[] = "strata: 1\n"
                             "population: {when: arr > 0, outside: Gone}\n"
                             "dimensions:\n"
                             "  value:\n"
                             "    tiers:\n"
                             "      - {name: High, when: arr >= 50k}\n"
                             "      - {name: Middle, when: arr >= 10k}\n"
                             "      - {name: Low, otherwise: true}\n";
static const char other_rules[] = "strata: 1\n"
                                  "population: {when: arr > 0, outside: Gone}\n"
                                  "dimensions:\n"
                                  "  value:\n"
                                  "    tiers:\n"
                                  "      - {name: High, when: arr >= 11k}\n"
                                  "      - {name: Low, otherwise: true}\n";

/* 0 stays High; 1 goes from Low to Middle on D0 + 10; 2 begins on D0 + 20; 3 churns on D0 + 40. */
static const day starts[N] = {D0 - 400, D0 - 400, D0 + 20, D0 - 400};
static const arr_fact arr[] = {
    {.account = 0, .day = D0 - 400, .arr_after = 6000000, .kind = ARR_NEW},
    {.account = 1, .day = D0 - 400, .arr_after = 500000, .kind = ARR_NEW},
    {.account = 1, .day = D0 + 10, .arr_after = 1200000, .kind = ARR_EXPANSION},
    {.account = 2, .day = D0 + 20, .arr_after = 100000, .kind = ARR_NEW},
    {.account = 3, .day = D0 - 400, .arr_after = 300000, .kind = ARR_NEW},
    {.account = 3, .day = D0 + 40, .arr_after = 0, .kind = ARR_CHURN},
};

typedef struct world {
    fixture f;
    store *s;
    arena *a;
} world;

static void model_of(world *w, const char *yaml)
{
    static const ledger_facts facts = {
        .n_accounts = N, .started_on = starts, .arr = arr, .n_arr = COUNT(arr)};
    fixture_make(&w->f, &facts, yaml);
    memset(w->f.portfolio.data_digest, 'd', 64);
    w->f.portfolio.data_digest[64] = '\0';
}

static int set_up(void **state)
{
    static const context cx = {.threads = 1};
    static const store_options options = {.mode = STORE_MEMORY};
    strata_error err = {0};
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    model_of(w, by_arr);
    assert_ok(store_open(NULL, &options, &cx, &w->s, &err), &err);
    assert_ok(arena_new(&w->a, &err), &err);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    fixture_done(&w->f);
    store_close(w->s);
    arena_free(w->a);
    free(w);
    return 0;
}

static view *view_at(world *w, day as_of, day since)
{
    view *v = NULL;
    strata_error err = {0};
    const view_options options = {
        .as_of = as_of, .since = since, .watch = SIZE_MAX, .changes = true};
    assert_ok(view_new(&w->f.cx, &w->f.portfolio, w->f.bound, NULL, &options, &v, &err), &err);
    return v;
}

/* Tells `system` what is so at D0. */
static void tell_at_start(world *w, const char *system)
{
    strata_error err = {0};
    STRATA_AUTO(view_free) view *v = view_at(w, D0, DAY_MISSING);
    assert_ok(crm_record(v, system, 0, w->s, w->a, &err), &err);
}

static crm_moves moves_now(world *w, const view *v, crm_told *told)
{
    crm_moves moves = {0};
    strata_error err = {0};
    assert_ok(crm_told_load(store_main(w->s), "salesforce", v, w->a, told, &err), &err);
    assert_ok(crm_moves_find(v, told, v->since_at, w->a, &moves, &err), &err);
    return moves;
}

static void the_last_export_of_a_system_is_found(void **state)
{
    world *w = *state;
    crm_export last = {.number = 9};
    strata_error err = {0};
    assert_ok(crm_last(store_main(w->s), "salesforce", &last, &err), &err);
    assert_int_equal(last.number, 0);
    tell_at_start(w, "hubspot");
    tell_at_start(w, "salesforce");
    assert_ok(crm_last(store_main(w->s), "salesforce", &last, &err), &err);
    assert_int_equal(last.number, 2);
    assert_int_equal(last.as_of, D0);
    assert_int_equal(last.accounts, 3); /* the one that begins later is not there yet */
}

static void moves_since_the_last_export_have_their_reasons(void **state)
{
    world *w = *state;
    tell_at_start(w, "salesforce");
    STRATA_AUTO(view_free) view *v = view_at(w, D0 + 60, D0);
    crm_told told;
    crm_moves m = moves_now(w, v, &told);
    assert_int_equal(m.n, 3);
    assert_int_equal(m.items[0].account, 1);
    assert_string_equal(m.items[0].from, "Low");
    assert_string_equal(history_segment_key(w->f.bound, told.defs[0], m.items[0].to), "Middle");
    assert_int_equal(m.items[0].why->cause, CHANGE_RULE);
    assert_string_equal(m.items[0].why->clause, "arr >= 10k");
    assert_int_equal(m.items[1].account, 2);
    assert_null(m.items[1].from);
    assert_int_equal(m.items[2].account, 3);
    assert_int_equal(m.items[2].to, SEGMENT_OUTSIDE);
    assert_int_equal(m.items[2].why->cause, CHANGE_LEFT);
}

static void what_was_told_again_has_no_moves(void **state)
{
    world *w = *state;
    strata_error err = {0};
    tell_at_start(w, "salesforce");
    STRATA_AUTO(view_free) view *v = view_at(w, D0 + 60, D0);
    crm_told told;
    assert_ok(crm_record(v, "salesforce", 3, w->s, w->a, &err), &err);
    assert_int_equal(moves_now(w, v, &told).n, 0);
    assert_int_equal(told.n_gone, 0);
}

static void other_rules_move_accounts_without_a_reason_in_the_facts(void **state)
{
    world *w = *state;
    strata_error err = {0};
    STRATA_AUTO(view_free) view *before = view_at(w, D0 + 60, D0);
    assert_ok(crm_record(before, "salesforce", 0, w->s, w->a, &err), &err);
    view_free(strata_steal(&before));
    fixture_done(&w->f);
    model_of(w, other_rules);
    STRATA_AUTO(view_free) view *v = view_at(w, D0 + 60, D0 + 30);
    crm_told told;
    crm_moves m = moves_now(w, v, &told);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.items[0].account, 1);
    assert_string_equal(m.items[0].from, "Middle"); /* which the model no longer has */
    assert_null(m.items[0].why);
}

static void a_date_can_stand_for_what_was_told(void **state)
{
    world *w = *state;
    strata_error err = {0};
    STRATA_AUTO(view_free) view *v = view_at(w, D0 + 60, D0 + 30);
    crm_told told = {0};
    crm_moves m = {0};
    assert_ok(crm_told_at(v, v->since_at, w->a, &told, &err), &err);
    assert_ok(crm_moves_find(v, &told, v->since_at, w->a, &m, &err), &err);
    assert_int_equal(m.n, 1); /* 3 left; 1 and 2 moved before */
    assert_int_equal(m.items[0].account, 3);
}

static void a_failed_allocation_records_nothing(void **state)
{
    world *w = *state;
    STRATA_AUTO(view_free) view *v = view_at(w, D0, DAY_MISSING);
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        crm_export last = {0};
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? crm_record(v, "salesforce", 0, w->s, a, &err) : st;
        bool hit = fail_alloc_pause();
        assert_int_equal(st, hit ? STRATA_E_NOMEM : STRATA_OK);
        assert_ok(crm_last(store_main(w->s), "salesforce", &last, &err), &err);
        assert_int_equal(last.number, hit ? 0 : 1);
    });
    assert_true(failures > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_last_export_of_a_system_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(moves_since_the_last_export_have_their_reasons, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_told_again_has_no_moves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_rules_move_accounts_without_a_reason_in_the_facts,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_date_can_stand_for_what_was_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_allocation_records_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("crm", tests, NULL, NULL);
}
