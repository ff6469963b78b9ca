/* SPDX-License-Identifier: Apache-2.0 */
/* Plays of two small playbooks followed by hand, and the tasks they leave. */
#include "strata_test.h"

#include <math.h>

#include "analysis/world.h"
#include "plan/plays/tasks.h"

enum {
    N = 3,
    D0 = 20089, /* 2025-01-01 */
    TODAY = D0 + 180
};

static const char yaml[] = "strata: 1\ndimensions:\n  value:\n    tiers:\n"
                           "      - {name: Large, when: arr >= 50k}\n"
                           "      - {name: Small, otherwise: true}\n";
static const char large[] = "playbook: large\ntitle: Large\ntrigger: arr >= 50k\nexit: arr < 20k\n"
                            "again_after: 100 days\npriority: 2\n"
                            "steps:\n"
                            "  - {key: a, title: First, due: 1 day, minutes: 30}\n"
                            "  - {key: b, title: Second, due: 40 days, owner: manager}\n"
                            "measure: {when: arr >= 60k, after: 30 days}\n";
static const char huge[] =
    "playbook: huge\ntitle: Huge\ntrigger: arr >= 100k\nagain_after: 400 days\n"
    "priority: 1\nreplaces: [large]\n"
    "steps: [{key: x, title: Only, due: 150 days}]\n";

typedef struct stage {
    world w;
    playbook books[2];
    bound_playbooks bound;
} stage;

static void parse(stage *s, size_t at, const char *file, const char *text)
{
    strata_error err = {0};
    assert_ok(playbook_parse(s->w.arena, file, text, strlen(text), &s->books[at], &err), &err);
}

/* 0: 50k from day 10 on, 70k from 30 on, 10k from 60 on, 50k again from 70 on.
 * 1: 50k from day 0 on, for ever.
 * 2: 50k from day 5 on, 100k from 20 on. */
static void set(stage *s)
{
    static const arr_fact arr[] = {{0, D0, 100, ARR_NEW},
                                   {0, D0 + 10, 5000000, ARR_EXPANSION},
                                   {0, D0 + 30, 7000000, ARR_EXPANSION},
                                   {0, D0 + 60, 1000000, ARR_CONTRACTION},
                                   {0, D0 + 70, 5000000, ARR_EXPANSION},
                                   {1, D0, 5000000, ARR_NEW},
                                   {2, D0 + 5, 5000000, ARR_NEW},
                                   {2, D0 + 20, 10000000, ARR_EXPANSION}};
    const world_inputs in = {
        .facts = {.n_accounts = N, .arr = arr, .n_arr = sizeof arr / sizeof *arr}, .yaml = yaml};
    strata_error err = {0};
    *s = (stage){0};
    world_open(&s->w, &in);
    parse(s, 0, "large.yaml", large);
    parse(s, 1, "huge.yaml", huge);
    const playbook_list list = {s->books, 2};
    assert_ok(playbooks_bind(&list, s->w.bound, s->w.arena, &s->bound, &err), &err);
}

static plays follow(stage *s, int threads, day as_of)
{
    strata_error err = {0};
    plays out = {0};
    s->w.cx.threads = threads;
    const plays_scope scope = {&s->w.portfolio, s->w.bound, NULL, as_of, SIZE_MAX};
    assert_ok(plays_follow(&s->w.cx, &scope, &s->bound, s->w.arena, &out, &err), &err);
    return out;
}

static void plays_begin_end_and_are_measured_as_stated(void **state)
{
    (void)state;
    stage s;
    set(&s);
    plays p = follow(&s, 1, TODAY);
    /* large. Account 0: day 10 to 60 (exit); again from day 110 on, since a play a hundred days
     * after the last begin may begin and 50k holds. Account 1: day 0 to 71 (40 + 30 days are over),
     * again on day 100, over on day 171. Account 2: day 5, replaced on day 20; huge runs from then
     * on: its day 105 comes while huge runs. */
    assert_int_equal(p.counts[0].begun, 5);
    assert_int_equal(p.counts[0].exited, 1);
    assert_int_equal(p.counts[0].over, 2);
    assert_int_equal(p.counts[0].replaced, 1);
    assert_int_equal(p.counts[0].running, 1);
    /* Measured on days 40 (70k: met), 140 (no); 30, 130 (no); 35 (100k: met). */
    assert_int_equal(p.counts[0].measured, 5);
    assert_int_equal(p.counts[0].met, 2);
    assert_int_equal(p.counts[1].begun, 1);
    assert_int_equal(p.counts[1].running, 1);
    assert_int_equal(p.counts[1].measured, 0);
    assert_int_equal(p.n, 2);
    assert_int_equal(p.running[0].account, 0);
    assert_int_equal(p.running[0].playbook, 0);
    assert_int_equal(p.running[0].began, D0 + 110);
    assert_int_equal(p.running[1].account, 2);
    assert_int_equal(p.running[1].playbook, 1);
    assert_int_equal(p.running[1].began, D0 + 20);
    world_done(&s.w);
}

/* As if the others were not there; plays of accounts do not touch each other. */
static void one_account_alone_has_the_plays_it_has_among_all(void **state)
{
    (void)state;
    stage s;
    set(&s);
    strata_error err = {0};
    plays all = follow(&s, 1, TODAY);
    size_t begun = 0;
    for (size_t only = 0; only < N; only++) {
        plays one = {0};
        const plays_scope scope = {&s.w.portfolio, s.w.bound, NULL, TODAY, only};
        assert_ok(plays_follow(&s.w.cx, &scope, &s.bound, s.w.arena, &one, &err), &err);
        size_t n = 0;
        for (size_t i = 0; i < all.n; i++) {
            if (all.running[i].account == only) {
                assert_true(n < one.n);
                assert_int_equal(one.running[n].account, only);
                assert_int_equal(one.running[n].playbook, all.running[i].playbook);
                assert_int_equal(one.running[n].began, all.running[i].began);
                n++;
            }
        }
        assert_int_equal(one.n, n);
        begun += one.counts[0].begun;
    }
    assert_int_equal(begun, all.counts[0].begun);
    assert_int_equal(all.counts[0].begun_year, all.counts[0].begun); /* all within 180 days */
    world_done(&s.w);
}

static void earlier_days_and_more_threads_change_nothing(void **state)
{
    (void)state;
    stage s;
    set(&s);
    for (int threads = 1; threads <= 7; threads += 3) {
        plays p = follow(&s, threads, TODAY - 125); /* day 55 */
        assert_int_equal(p.n, 3);
        assert_int_equal(p.running[0].began, D0 + 10);
        assert_int_equal(p.running[1].began, D0);
        assert_int_equal(p.running[2].began, D0 + 20);
    }
    strata_error err = {0};
    plays out = {0};
    const plays_scope scope = {&s.w.portfolio, s.w.bound, NULL, D0 - 1, SIZE_MAX};
    assert_int_equal(plays_follow(&s.w.cx, &scope, &s.bound, s.w.arena, &out, &err),
                     STRATA_E_USAGE);
    world_done(&s.w);
}

static void the_next_step_is_due_until_it_is_done(void **state)
{
    (void)state;
    stage s;
    set(&s);
    strata_error err = {0};
    plays p = follow(&s, 2, TODAY);
    task_list list = {0};
    const intervention_list nothing = {NULL, 0};
    assert_ok(tasks_list(&(tasks_scope){&p, &s.bound, &nothing, s.w.view->value, TODAY}, s.w.arena,
                         &list, &err),
              &err);
    assert_int_equal(list.n, 2); /* huge goes first: it is due on day 170 */
    assert_int_equal(list.items[0].account, 2);
    assert_int_equal(list.items[0].due, D0 + 170);
    assert_int_equal(list.items[1].account, 0);
    assert_int_equal(list.items[1].step, 0);
    assert_int_equal(list.items[1].due, D0 + 111);
    /* One before the play began and one of another playbook do nothing; one without a kind closes
     * the first open step, one with the key of a step that step. */
    const intervention before[] = {{0, D0 + 109, "large", NULL}, {0, D0 + 111, "save", NULL}};
    const intervention_list early = {before, 2};
    assert_ok(tasks_list(&(tasks_scope){&p, &s.bound, &early, NULL, TODAY}, s.w.arena, &list, &err),
              &err);
    assert_int_equal(list.n, 2);
    const intervention first[] = {{0, D0 + 111, "large", NULL}};
    const intervention_list one = {first, 1};
    assert_ok(tasks_list(&(tasks_scope){&p, &s.bound, &one, NULL, TODAY}, s.w.arena, &list, &err),
              &err);
    assert_int_equal(list.items[1].step, 1);
    assert_int_equal(list.items[1].due, D0 + 150);
    const intervention second[] = {{0, D0 + 111, "large", "b"}};
    const intervention_list other = {second, 1};
    assert_ok(tasks_list(&(tasks_scope){&p, &s.bound, &other, NULL, TODAY}, s.w.arena, &list, &err),
              &err);
    assert_int_equal(list.items[1].step, 0);
    assert_int_equal(list.n_done, 1);
    const intervention all[] = {{0, D0 + 111, "large", "b"}, {0, D0 + 111, "large", "talk"}};
    const intervention_list both = {all, 2};
    assert_ok(tasks_list(&(tasks_scope){&p, &s.bound, &both, NULL, TODAY}, s.w.arena, &list, &err),
              &err);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.n_plays_done, 1);
    /* What is not due yet is not listed. */
    assert_ok(
        tasks_list(&(tasks_scope){&p, &s.bound, &nothing, NULL, D0 + 100}, s.w.arena, &list, &err),
        &err);
    assert_int_equal(list.n, 0);
    world_done(&s.w);
}

static void playbooks_that_data_cannot_carry_are_off_or_refused(void **state)
{
    (void)state;
    static const char head[] =
        "playbook: p\ntitle: P\ntrigger: %s\nsteps: [{key: a, title: A, due: "
        "0 days}]\n";
    static const struct {
        const char *trigger;
        bool shipped;
        const char *off, *failure;
    } cases[] = {
        {"helth < 60", true, "the model has no 'helth'", NULL},
        {"last_seen > 3 days", true, "needs data", NULL},
        {"last_seen > 3 days", false, "needs data", NULL},
        {"helth < 60", false, NULL, "p.yaml:3:10: unknown feature 'helth'"},
        {"value turned Large", false, NULL, "cannot look back"},
        {"arr > 5 for 3 days", true, NULL, "cannot look back"},
    };
    stage s;
    set(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        strata_error err = {0};
        bound_playbooks out = {0};
        (void)snprintf(text, sizeof text, head, cases[i].trigger);
        parse(&s, 0, "p.yaml", text);
        s.books[0].shipped = cases[i].shipped;
        const playbook_list list = {s.books, 1};
        strata_status st = playbooks_bind(&list, s.w.bound, s.w.arena, &out, &err);
        if (cases[i].off != NULL) {
            assert_ok(st, &err);
            assert_string_equal(out.items[0].off, cases[i].off);
            assert_int_equal(out.n_slots, 0);
        } else {
            assert_int_equal(st, STRATA_E_MODEL);
            if (strstr(err.message, cases[i].failure) == NULL) {
                fail_msg("'%s' does not say '%s'", err.message, cases[i].failure);
            }
        }
    }
    world_done(&s.w);
}

static void mistakes_in_playbooks_are_told_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"title: x\n", "p.yaml:1:1: playbook 'p.yaml' has no 'playbook'"},
        {"playbook: p\ntitle: x\ntrigger: a\n", "playbook 'p' has no 'steps'"},
        {"playbook: p\ntitle: x\ntrigger: a\nsteps: []\n", "playbook 'p' has no 'steps'"},
        {"playbook: p\ntrigegr: a\n",
         "p.yaml:2:1: unknown key 'trigegr' in a playbook (did you mean 'trigger'?)"},
        {"playbook: p\ntitle: x\ntrigger: a\nsteps: [{key: a, title: A}]\n",
         "p.yaml:4:9: a step of playbook 'p' has no 'due'"},
        {"playbook: p\ntitle: x\ntrigger: a\nsteps:\n  - {key: a, title: A, due: 3 days}\n"
         "  - {key: b, title: B, due: 2 days}\n",
         "p.yaml:6:5: step 'b' of playbook 'p' is due before the one above it"},
        {"playbook: p\ntitle: x\ntrigger: a\nsteps:\n  - {key: a, title: A, due: 3 days}\n"
         "  - {key: a, title: B, due: 3 days}\n",
         "p.yaml:6:5: two steps of playbook 'p' have the key 'a'"},
        {"playbook: p\ntitle: x\ntrigger: a\nsteps: [{key: a, title: A, due: 400 days}]\n",
         "must be due within 365 days"},
        {"playbook: p\ntitle: x\ntrigger: a\npriority: 12\nsteps: [{key: a, title: A, due: 1 "
         "day}]\n",
         "'priority' of playbook 'p' must be 1 (first) to 9 (last)"},
        {"playbook: p\ntitle: x\ntrigger: a\nmeasure: {when: b}\nsteps: [{key: a, title: A, due: 1 "
         "day}]\n",
         "p.yaml:4:10: 'measure' of playbook 'p' must have 'when' and 'after'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        playbook p;
        assert_ok(arena_new(&a, &err), &err);
        assert_int_equal(
            playbook_parse(a, "p.yaml", cases[i].text, strlen(cases[i].text), &p, &err),
            STRATA_E_MODEL);
        if (strstr(err.message, cases[i].message) == NULL) {
            fail_msg("'%s' does not say '%s'", err.message, cases[i].message);
        }
    }
}

static void every_shipped_playbook_loads(void **state)
{
    (void)state;
    stage s;
    strata_error err = {0};
    playbook_list list = {0};
    bound_playbooks out = {0};
    set(&s);
    assert_ok(playbooks_load(s.w.model, s.w.arena, &list, &err), &err);
    static const char *const promised[] = {
        "onboarding-rescue", "adoption",   "champion-change",  "sponsor-loss", "renewal-120",
        "renewal-90",        "renewal-60", "renewal-30",       "save",         "win-back",
        "expansion",         "advocacy",   "executive-review", "tier-up",      "tier-down",
        "digital-nurture"};
    for (size_t k = 0; k < sizeof promised / sizeof *promised; k++) {
        size_t i = 0;
        while (i < list.n && strcmp(list.items[i].name, promised[k]) != 0) {
            i++;
        }
        if (i == list.n) {
            fail_msg("no playbook '%s'", promised[k]);
        }
    }
    assert_ok(playbooks_bind(&list, s.w.bound, s.w.arena, &out, &err), &err);
    for (size_t i = 0; i < list.n; i++) {
        assert_non_null(list.items[i].about);
        assert_non_null(list.items[i].measure.text);
    }
    world_done(&s.w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plays_begin_end_and_are_measured_as_stated),
        cmocka_unit_test(one_account_alone_has_the_plays_it_has_among_all),
        cmocka_unit_test(earlier_days_and_more_threads_change_nothing),
        cmocka_unit_test(the_next_step_is_due_until_it_is_done),
        cmocka_unit_test(playbooks_that_data_cannot_carry_are_off_or_refused),
        cmocka_unit_test(mistakes_in_playbooks_are_told_with_their_place),
        cmocka_unit_test(every_shipped_playbook_loads),
    };
    return cmocka_run_group_tests_name("plays", tests, NULL, NULL);
}
