/* SPDX-License-Identifier: Apache-2.0 */
/* What forty accounts stand to lose and to gain, with and without predictions that were kept. */
#include "strata_test.h"

#include <math.h>

#include "analysis/world.h"
#include "plan/coverage/coverage.h"

enum { N = 40, TODAY = 20269 /* AS_OF, as a constant */, OLD = TODAY - CHANCE_DAYS - 1 };

static const char yaml[] =
    "strata: 1\nquality: {minimum_accounts: 10}\nfeatures:\n"
    "  arr_gap: {value: potential - arr}\n"
    "dimensions:\n  value:\n    tiers:\n      - {name: All, otherwise: true}\n"
    "engagement:\n  levels: {low: {cadence: quarterly}}\n"
    "  hours: {touchpoint: 1, review: 1, onboarding: 1, renewal: 1, ticket: 1}\n"
    "  segments: {All: {touch: low}}\n";

/* All paid 10k a year ago; of each ten one left, one pays a quarter less, two pay half as much
 * more. */
static stakes make(const prediction_fact *said, size_t n_said, const double *potential, world *w)
{
    static arr_fact arr[2 * N];
    static const csm_list nobody = {NULL, 0};
    size_t n = 0;
    for (int32_t i = 0; i < N; i++) {
        int kind = i % 10;
        arr[n++] = (arr_fact){i, TODAY - 800, 1000000, ARR_NEW};
        if (kind < 2) {
            arr[n++] = (arr_fact){i, TODAY - 100, kind == 0 ? 0 : 750000,
                                  kind == 0 ? ARR_CHURN : ARR_CONTRACTION};
        } else if (kind < 4) {
            arr[n++] = (arr_fact){i, TODAY - 100, 1500000, ARR_EXPANSION};
        }
    }
    const world_inputs in = {
        .facts =
            {.n_accounts = N, .arr = arr, .n_arr = n, .predictions = said, .n_predictions = n_said},
        .attributes = {{.name = "potential", .type = VALUE_NUMBER, .values = {.num = potential}}},
        .n_attributes = 1,
        .yaml = yaml};
    world_open(w, &in);
    strata_error err = {0};
    engagement e = {0};
    stakes s = {0};
    view_options options = {.as_of = AS_OF, .since = DAY_MISSING, .watch = SIZE_MAX};
    assert_ok(
        coverage_slots(&w->portfolio, w->bound, w->arena, &options.keep, &options.n_keep, &err),
        &err);
    view_free(w->view);
    w->view = NULL;
    assert_ok(view_new(&w->cx, &w->portfolio, w->bound, NULL, &options, &w->view, &err), &err);
    assert_ok(engagement_resolve(w->view, &nobody, w->arena, &e, &err), &err);
    assert_ok(stakes_compute(&w->cx, w->view, &e, w->arena, &s, &err), &err);
    return s;
}

static const double *rooms(double potential)
{
    static double list[N];
    for (size_t i = 0; i < N; i++) {
        list[i] = potential;
    }
    return list;
}

static int64_t sum(const int64_t *minor)
{
    int64_t all = 0;
    for (size_t i = 0; i < N; i++) {
        all += minor[i];
    }
    return all;
}

/* Lost 4 * (10k + 2.5k) of 400k, gained 8 * 5k: of ARR now of 390k. */
static void rates_are_those_of_the_last_year(void **state)
{
    (void)state;
    world w;
    stakes s = make(NULL, 0, rooms(NAN), &w);
    assert_true(s.known);
    assert_close(s.of[BAND_UNKNOWN].share, 50.0 / 400.0, 1e-12);
    assert_close(s.of[BAND_UNKNOWN].gain, 40.0 / 400.0, 1e-12);
    assert_int_equal(s.minor[9], 125000);
    assert_int_equal(s.grows[9], 100000);
    assert_int_equal(sum(s.minor), 39000000 / 8);
    assert_int_equal(sum(s.grows), 39000000 / 10);
    assert_int_equal(s.risk, APART_NOTHING);
    assert_int_equal(s.growth, APART_NOTHING);
    world_done(&w);
}

/* The kept chance of the last weeks tells accounts apart and leaves the sum; an older one does
 * not count. */
static void kept_chances_tell_accounts_of_a_stratum_apart(void **state)
{
    (void)state;
    prediction_fact said[2 * N];
    for (int32_t i = 0; i < N; i++) {
        said[i] = (prediction_fact){i, TODAY - 10, PREDICTION_CHURN, i == 9 ? 0.4 : 0.1};
        said[N + i] = (prediction_fact){i, TODAY - 10, PREDICTION_EXPANSION, i == 8 ? 0.0 : 0.2};
    }
    world w;
    stakes s = make(said, 2 * N, rooms(NAN), &w);
    assert_int_equal(s.risk, APART_CHANCE);
    assert_int_equal(s.growth, APART_CHANCE);
    assert_int_equal(s.n_risk, N);
    assert_true(llabs(s.minor[9] - 4 * s.minor[19]) <= 4);
    assert_int_equal(s.grows[8], 0);
    assert_true(llabs(sum(s.minor) - 39000000 / 8) <= N);
    assert_true(llabs(sum(s.grows) - 39000000 / 10) <= N);
    world_done(&w);
    for (size_t i = 0; i < 2 * (size_t)N; i++) {
        said[i].day = OLD;
    }
    s = make(said, 2 * N, rooms(NAN), &w);
    assert_int_equal(s.risk, APART_NOTHING);
    assert_int_equal(s.minor[9], 125000);
    world_done(&w);
}

static void no_account_gains_beyond_its_room(void **state)
{
    (void)state;
    world w;
    stakes s = make(NULL, 0, rooms(10400.0), &w);
    assert_int_equal(s.grows[9], 40000); /* 10k of 10.4k */
    assert_int_equal(s.grows[2], 0);     /* pays 15k */
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_those_of_the_last_year),
        cmocka_unit_test(kept_chances_tell_accounts_of_a_stratum_apart),
        cmocka_unit_test(no_account_gains_beyond_its_room),
    };
    return cmocka_run_group_tests_name("stakes", tests, NULL, NULL);
}
