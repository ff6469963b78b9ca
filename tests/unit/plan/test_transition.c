/* SPDX-License-Identifier: Apache-2.0 */
/* Six accounts put into waves by hand: who is raised, lowered, moved, and held back. */
#include "strata_test.h"

#include "support/failing_alloc.h"

#include "analysis/world.h"
#include "plan/coverage/held_back.h"
#include "plan/coverage/transition.h"

enum { N = 6, TODAY = 20269 /* AS_OF, a Monday */ };

static const char yaml[] =
    "strata: 1\ndimensions:\n  value: {tiers: [{name: A, when: arr > 0}, {name: B, otherwise: "
    "true}]}\nroadmap: {days: {account: 0.5, handover: 30}}\n"
    "tier_change:\n  exceptions:\n    - {name: renewal near, when: renewal_in <= 90 days}\n"
    "    - {name: no champion, when: contacts > 0 and not has_champion}\n";

enum { RENEWAL_NEAR, NO_CHAMPION };

typedef struct made {
    world w;
    coverage_case cases[N];
    int64_t stake[N];
    int32_t minutes[N];
    workload work;
    stakes s;
    coverage c;
    territory_move moves[2];
    territory t;
    transition_input in;
} made;

/* 0 gets what is planned too seldom, 1 is raised, 2 and 3 lowered, of which 3 renews in 20 days; 4
 * is as it should be and changes hands, and so does 5, which has contacts and no champion. */
static void make(made *m)
{
    static arr_fact arr[N];
    static const deal_fact deals[] = {{3, TODAY - 50, TODAY + 20, 100, DEAL_RENEWAL, DEAL_OPEN}};
    static const contact_fact contacts[] = {{4, TODAY - 50, DAY_MISSING, ROLE_CHAMPION},
                                            {5, TODAY - 50, DAY_MISSING, ROLE_USER}};
    strata_error err = {0};
    for (int32_t i = 0; i < N; i++) {
        arr[i] = (arr_fact){i, TODAY - 800, 100000 * (int64_t)(i + 1), ARR_NEW};
        m->stake[i] = 10 * (i + 1);
        m->minutes[i] = 60 * (i + 1);
    }
    const world_inputs in = {.facts = {.n_accounts = N,
                                       .arr = arr,
                                       .n_arr = N,
                                       .opportunities = deals,
                                       .n_opportunities = 1,
                                       .contacts = contacts,
                                       .n_contacts = 2},
                             .yaml = yaml};
    world_open(&m->w, &in);
    const size_t *slots = NULL;
    size_t n = 0;
    assert_ok(migration_slots(m->w.bound, m->w.arena, &slots, &n, &err), &err);
    const view_options options = {
        .as_of = AS_OF, .since = DAY_MISSING, .keep = slots, .n_keep = n, .watch = SIZE_MAX};
    view_free(m->w.view);
    m->w.view = NULL;
    assert_ok(view_new(&m->w.cx, &m->w.portfolio, m->w.bound, NULL, &options, &m->w.view, &err),
              &err);
    m->cases[0] = (coverage_case){.fit = FIT_UNDER, .not_held = true, .minutes = 100};
    m->cases[1] = (coverage_case){.fit = FIT_UNDER, .minutes = 200};
    m->cases[2] = (coverage_case){.fit = FIT_OVER, .minutes = -300};
    m->cases[3] = (coverage_case){.fit = FIT_OVER, .minutes = -400};
    m->cases[4] = (coverage_case){.fit = FIT_RIGHT};
    m->cases[5] = (coverage_case){.fit = FIT_RIGHT};
    m->work = (workload){.n = N, .total = m->minutes};
    m->s = (stakes){.minor = m->stake};
    m->c = (coverage){.cases = m->cases};
    m->moves[0] = (territory_move){.account = 4, .to = 1};
    m->moves[1] = (territory_move){.account = 5, .to = 1};
    m->t = (territory){.moves = m->moves, .n_moves = 2};
    const uint32_t *held = NULL;
    assert_ok(held_back_now(&m->w.cx, m->w.view, m->w.arena, &held, &err), &err);
    m->in = (transition_input){.v = m->w.view,
                               .w = &m->work,
                               .s = &m->s,
                               .c = &m->c,
                               .t = &m->t,
                               .held = held,
                               .n_csms = 1};
}

static void each_account_is_in_one_wave_or_held_back(void **state)
{
    (void)state;
    strata_error err = {0};
    made m = {0};
    transition t = {0};
    make(&m);
    assert_ok(transition_plan(&m.in, m.w.arena, &t, &err), &err);
    assert_int_equal(t.touch[0], WAVE_HOLD);
    assert_int_equal(t.touch[1], WAVE_RAISE);
    assert_int_equal(t.touch[2], WAVE_LOWER);
    assert_int_equal(t.touch[3], WAVE_NONE);
    assert_int_equal(t.held[3], 1U << RENEWAL_NEAR);
    assert_int_equal(t.moves[4], 1);
    assert_int_equal(t.moves[5], 0);
    assert_int_equal(t.held[5], 1U << NO_CHAMPION);
    assert_int_equal(t.n_held, 2);
    assert_int_equal(t.waves[WAVE_LOWER].minutes, -300);
    assert_int_equal(t.held_touch.minutes, -400);
    assert_int_equal(t.waves[WAVE_BOOKS].minutes, 300);
    assert_int_equal(t.held_moves.minutes, 360);
    assert_int_equal(t.waves[WAVE_RAISE].value_minor, 200000);
    assert_int_equal(t.waves[WAVE_RAISE].stake_minor, 20);
    /* AS_OF is a Monday, so the next one is a week on. One person: half a day is four weeks at
     * least, 30 days are six. */
    assert_int_equal(t.start, TODAY + 7);
    assert_int_equal(t.waves[WAVE_HOLD].from, TODAY + 7);
    assert_int_equal(t.waves[WAVE_RAISE].from, TODAY + 7 + 28);
    assert_int_equal(t.waves[WAVE_LOWER].from, TODAY + 7 + 56);
    assert_int_equal(t.waves[WAVE_LOWER].until, TODAY + 7 + 56 + 41);
    assert_int_equal(t.end, TODAY + 7 + 56 + 84);
    world_done(&m.w);
}

static void a_book_in_between_has_the_moves_that_are_made(void **state)
{
    (void)state;
    strata_error err = {0};
    made m = {0};
    transition t = {0};
    manager managers[2] = {{.id = "a"}, {.id = "b"}};
    const csm_list csms = {.items = managers, .n = 2};
    const territory_book before[2] = {{.minutes = 1000, .value_minor = 5000000, .accounts = 4},
                                      {.minutes = 200, .value_minor = 100000, .accounts = 1}};
    const int64_t share[2] = {600, 600};
    make(&m); /* 4, 300 minutes, goes from a to b now; 5, 360 minutes, waits */
    m.t.csms = &csms;
    m.t.before = before;
    m.t.minutes_share = share;
    assert_ok(transition_plan(&m.in, m.w.arena, &t, &err), &err);
    const transition_books books = {m.w.view, &m.work, &m.t, &t};
    assert_int_equal(transition_book(&books, 0).minutes, 700);
    assert_int_equal(transition_book(&books, 0).accounts, 3);
    assert_int_equal(transition_book(&books, 0).value_minor, 4500000);
    assert_int_equal(transition_book(&books, 1).minutes, 500);
    assert_int_equal(transition_book(&books, 1).accounts, 2);
    assert_int_equal(transition_above(&books), 100);
    world_done(&m.w);
}

static void reasons_are_counted_and_named_as_the_model_names_them(void **state)
{
    (void)state;
    strata_error err = {0};
    made m = {0};
    transition t = {0};
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    make(&m);
    assert_ok(transition_plan(&m.in, m.w.arena, &t, &err), &err);
    assert_int_equal(t.reasons[RENEWAL_NEAR], 1);
    assert_int_equal(t.reasons[NO_CHAMPION], 1);
    held_back_names(m.w.bound->model, 1U << RENEWAL_NEAR | 1U << NO_CHAMPION, &names);
    assert_string_equal(strbuf_text(&names), "renewal near, no champion");
    world_done(&m.w);
}

static void without_moves_there_is_no_wave_of_books(void **state)
{
    (void)state;
    strata_error err = {0};
    made m = {0};
    transition t = {0};
    make(&m);
    m.in.t = NULL;
    assert_ok(transition_plan(&m.in, m.w.arena, &t, &err), &err);
    assert_int_equal(t.waves[WAVE_BOOKS].n, 0);
    assert_int_equal(t.waves[WAVE_BOOKS].from, DAY_MISSING);
    world_done(&m.w);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    strata_error err = {0};
    made m = {0};
    int failures = 0;
    make(&m);
    FAILURE_LOOP(failures, {
        arena *a = NULL;
        transition t = {0};
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? transition_plan(&m.in, a, &t, &err) : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, t.touch == NULL);
        arena_free(a);
    });
    assert_true(failures > 0);
    world_done(&m.w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_account_is_in_one_wave_or_held_back),
        cmocka_unit_test(a_book_in_between_has_the_moves_that_are_made),
        cmocka_unit_test(reasons_are_counted_and_named_as_the_model_names_them),
        cmocka_unit_test(without_moves_there_is_no_wave_of_books),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("transition", tests, NULL, NULL);
}
