/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of every analysis may fail. */
#include "strata_test.h"

#include "support/failing_alloc.h"

#include "analysis/hypotheses.h"
#include "analysis/insights.h"
#include "analysis/milestones.h"
#include "analysis/movement.h"
#include "analysis/profile.h"
#include "analysis/quality_card.h"
#include "analysis/world.h"

static void a_study_survives_every_failure(void **state)
{
    const world *w = *state;
    context one = w->cx;
    strata_error err = {0};
    int failures = 0;
    one.threads = 1;
    FAILURE_LOOP(failures, {
        study *s = NULL;
        strata_status st = study_new(&one, w->view, STUDY_ALL, &s, &err);
        /* A segmentation does without the memory that only spares it work. */
        bool hit = fail_alloc_pause();
        assert_true(st == STRATA_OK ? s != NULL : hit && st == STRATA_E_NOMEM && s == NULL);
        study_free(s);
    });
    assert_true(failures > 10);
}

/* Runs one analysis with an arena of its own. */
typedef strata_status analysis_fn(const world *w, arena *a, const void **out, strata_error *err);

static strata_status run_profile(const world *w, arena *a, const void **out, strata_error *err)
{
    return profile_make(w->study, world_dimension(w, "value"), a, (const profile **)out, err);
}

static strata_status run_comparison(const world *w, arena *a, const void **out, strata_error *err)
{
    return profile_compare(w->study, world_dimension(w, "value"), 0, 1, a, (const comparison **)out,
                           err);
}

static strata_status run_card(const world *w, arena *a, const void **out, strata_error *err)
{
    static const quality_inputs nothing = {.last_run = DAY_MISSING};
    return quality_card_make(w->study, world_dimension(w, "value"), &nothing, a,
                             (const quality_card **)out, err);
}

static strata_status run_insights(const world *w, arena *a, const void **out, strata_error *err)
{
    size_t n = 0;
    return insights_make(w->study, world_dimension(w, "value"), a, (const insight **)out, &n, err);
}

static strata_status run_hypotheses(const world *w, arena *a, const void **out, strata_error *err)
{
    size_t n = 0;
    return hypotheses_test(w->study, a, (const hypothesis_result **)out, &n, err);
}

static strata_status run_milestones(const world *w, arena *a, const void **out, strata_error *err)
{
    return milestones_measure(w->study, a, (const milestones **)out, err);
}

static strata_status run_movement(const world *w, arena *a, const void **out, strata_error *err)
{
    return movement_make(w->view, world_dimension(w, "value"), a, (const movement **)out, err);
}

static void analyses_survive_every_failure(void **state)
{
    static analysis_fn *const runs[] = {run_profile,    run_comparison, run_card,    run_insights,
                                        run_hypotheses, run_milestones, run_movement};
    const world *w = *state;
    strata_error err = {0};
    for (size_t k = 0; k < COUNT(runs); k++) {
        int failures = 0;
        FAILURE_LOOP(failures, {
            arena *a = NULL;
            const void *out = NULL;
            strata_status st = arena_new(&a, &err);
            st = st == STRATA_OK ? runs[k](w, a, &out, &err) : st;
            FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, out == NULL);
            arena_free(a);
        });
        assert_true(failures > 0);
    }
}

static int make_world(void **state)
{
    enum { N = 48 };
    static world w;
    static arr_fact arr[2 * N];
    static usage_fact usage[N];
    size_t n_arr = 0;
    for (int32_t i = 0; i < N; i++) {
        arr[n_arr++] = (arr_fact){i, DAY(2024, 1, 1), i % 3 == 0 ? 6000000 : 100000, ARR_NEW};
        if (i % 2 == 0) {
            arr[n_arr++] = (arr_fact){i, DAY(2025, 1, 1), 0, ARR_CHURN};
        }
        usage[i] = (usage_fact){i, DAY(2024, 6, 20), 0, 0, i % 2 == 0 ? 1 : 50 + i};
    }
    world_inputs in = {
        .facts = {.n_accounts = N, .arr = arr, .n_arr = n_arr, .usage = usage, .n_usage = N},
        .yaml =
            "strata: 1\n"
            "quality: {minimum_accounts: 10}\n"
            "dimensions:\n"
            "  value: {tiers: [{name: Large, when: arr >= 50k}, {name: Rest, otherwise: true}]}\n"
            "hypotheses:\n"
            "  - {claim: Used, where: arr > 0, compare: events_365d, expect: higher}\n"
            "  - {claim: Seen, where: arr > 0, compare: events_365d > 10, expect: higher}\n"
            "milestones: [{name: Used, when: first_90d_events > 0}]\n",
        .threads = 1};
    world_make(&w, &in);
    *state = &w;
    return 0;
}

static int free_world(void **state)
{
    world_done(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_study_survives_every_failure),
        cmocka_unit_test(analyses_survive_every_failure),
    };
    return cmocka_run_group_tests_name("analysis_memory", tests, make_world, free_world);
}
