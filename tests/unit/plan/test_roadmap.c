/* SPDX-License-Identifier: Apache-2.0 */
/* Days of work and dates of a roadmap worked out by hand. */
#include "strata_test.h"

#include "support/failing_alloc.h"

#include "plan/roadmap.h"

enum { MONDAY = 20640 /* 6 July 2026 */ };

static const roadmap_facts facts = {.as_of = MONDAY - 6,
                                    .last_run = MONDAY - 6,
                                    .n_analyses = 40,
                                    .n_running = 38,
                                    .n_inputs = 2,
                                    .inputs = "orders, csms",
                                    .n_rows = 1000,
                                    .n_rejected = 15,
                                    .n_unknown = 5,
                                    .n_segments = 4,
                                    .n_without_motion = 3,
                                    .work_known = true,
                                    .n_with_work = 50,
                                    .n_without_csm = 10,
                                    .n_csms = 4,
                                    .misfit_known = true,
                                    .n_judged = 100,
                                    .n_under = 20,
                                    .n_over = 4,
                                    .books_known = true,
                                    .n_moves = 8,
                                    .n_playbooks = 5,
                                    .n_interventions = -1,
                                    .n_hypotheses = 1};

static model *load(const char *yaml)
{
    strata_error err = {0};
    model *m = NULL;
    assert_ok(model_parse("strata.yaml", yaml, strlen(yaml), &m, &err), &err);
    return m;
}

static roadmap_step find(const roadmap *r, roadmap_phase phase, const char *key)
{
    for (size_t i = 0; i < r->stages[phase].n_steps; i++) {
        if (strcmp(r->stages[phase].steps[i].key, key) == 0) {
            return r->stages[phase].steps[i];
        }
    }
    fail_msg("no step '%s'", key);
    return (roadmap_step){0};
}

/* Inputs 2 * 5, rows 20 * 0.01, owners 10 * 0.1: 11.2 days, of 2 people 1.12 weeks, so two.
 * Strategy 3 * 1 of 2 people: one week. Raise 20 * 0.1, books 8 * 0.5, plays 5 * 1: 11 days, two
 * weeks. Hypotheses 2 * 1, effect 1 * 2, four reviews * 2: 12 days, two weeks. */
static void days_and_dates_are_those_worked_out_by_hand(void **state)
{
    (void)state;
    strata_error err = {0};
    arena *a = NULL;
    roadmap r = {0};
    model *m = load("strata: 1\nroadmap: {days: {input: 5, rejected_row: 0.01, account: 0.1, "
                    "segment: 1, playbook: 1, csm: 1, handover: 0.5, review: 2}, people: 2}\n"
                    "dimensions: {value: {tiers: [{name: A, otherwise: true}]}}\n");
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(roadmap_make(&facts, m, MONDAY, a, &r, &err), &err);
    const roadmap_stage *s = r.stages;
    assert_close(s[PHASE_FOUNDATION].days, 11.2, 1e-12);
    assert_int_equal(s[PHASE_FOUNDATION].from, MONDAY);
    assert_int_equal(s[PHASE_FOUNDATION].until, MONDAY + 13);
    assert_true(find(&r, PHASE_FOUNDATION, "touch").done);
    assert_close(s[PHASE_OPERATIONALISE].days, 3.0, 1e-12);
    assert_int_equal(s[PHASE_OPERATIONALISE].from, MONDAY + 14);
    assert_true(find(&r, PHASE_OPERATIONALISE, "review").done);
    assert_true(find(&r, PHASE_OPERATIONALISE, "training").done);
    assert_close(s[PHASE_ACTIVATE].days, 11.0, 1e-12);
    assert_int_equal(s[PHASE_ACTIVATE].until, MONDAY + 34);
    assert_true(find(&r, PHASE_ACTIVATE, "lower").done); /* 4 of 100 */
    assert_false(find(&r, PHASE_ACTIVATE, "playbooks").done);
    assert_close(s[PHASE_OPTIMISE].days, 12.0, 1e-12);
    assert_int_equal(r.end, MONDAY + 49);
    double days = 0.0;
    size_t steps = 0;
    for (size_t k = 0; k < ROADMAP_PHASES; k++) {
        for (size_t i = 0; i < s[k].n_steps; i++) {
            days += s[k].steps[i].days;
            steps++;
        }
    }
    assert_close(r.days, days, 1e-12);
    assert_int_equal(r.n_steps, steps);
    arena_free(a);
    model_free(m);
}

static void what_is_not_known_makes_no_step(void **state)
{
    (void)state;
    strata_error err = {0};
    arena *a = NULL;
    roadmap r = {0};
    roadmap_facts few = {.as_of = MONDAY, .last_run = DAY_MISSING, .n_interventions = -1};
    model *m = load("strata: 1\ndimensions: {value: {tiers: [{name: A, otherwise: true}]}}\n");
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(roadmap_make(&few, m, MONDAY, a, &r, &err), &err);
    assert_int_equal(r.stages[PHASE_FOUNDATION].n_steps, 2);
    assert_int_equal(r.stages[PHASE_FOUNDATION].from, DAY_MISSING);
    assert_string_equal(find(&r, PHASE_OPERATIONALISE, "review").now, "none is recorded");
    arena_free(a);
    model_free(m);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    strata_error err = {0};
    int failures = 0;
    model *m = load("strata: 1\ndimensions: {value: {tiers: [{name: A, otherwise: true}]}}\n");
    FAILURE_LOOP(failures, {
        arena *a = NULL;
        roadmap r = {0};
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? roadmap_make(&facts, m, MONDAY, a, &r, &err) : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, r.n_steps == 0);
        arena_free(a);
    });
    assert_true(failures > 0);
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_dates_are_those_worked_out_by_hand),
        cmocka_unit_test(what_is_not_known_makes_no_step),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("roadmap", tests, NULL, NULL);
}
