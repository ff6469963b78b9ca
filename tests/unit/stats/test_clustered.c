/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "exactly.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/clustered.h"

enum { N = 240, K = 60, LEVELS = 5 };

typedef struct sample {
    uint32_t cluster[N];
    uint16_t level[N];
    uint8_t event[N];
    ranked_observations all;
} sample;

/* Four observations to a cluster, or one to each; the event is likelier at higher levels. */
static void draw(sample *s, uint64_t seed, bool alone)
{
    rng r;
    rng_init(&r, seed, 7);
    for (size_t i = 0; i < N; i++) {
        s->cluster[i] = (uint32_t)(alone ? i : i / (N / K));
        s->level[i] = (uint16_t)(rng_uniform(&r) * LEVELS);
        s->event[i] = rng_uniform(&r) < 0.1 + 0.15 * s->level[i];
    }
    s->all = (ranked_observations){.n = N,
                                   .n_clusters = alone ? N : K,
                                   .n_levels = LEVELS,
                                   .cluster = s->cluster,
                                   .level = s->level,
                                   .event = s->event};
}

static double beats(const sample *s, size_t event, size_t other)
{
    return s->level[event] > s->level[other] ? 1.0 : s->level[event] < s->level[other] ? 0.0 : 0.5;
}

/* Every pair; then the sum of each cluster's deviations, squared. */
static void brute(const sample *s, double *auc, double *se)
{
    double sum = 0.0;
    double m = 0.0;
    for (size_t i = 0; i < N; i++) {
        m += s->event[i];
        for (size_t j = 0; s->event[i] && j < N; j++) {
            sum += s->event[j] ? 0.0 : beats(s, i, j);
        }
    }
    double n = N - m;
    *auc = sum / (m * n);
    double by_cluster[N] = {0};
    for (size_t i = 0; i < N; i++) {
        double place = 0.0;
        for (size_t j = 0; j < N; j++) {
            if (s->event[i] != s->event[j]) {
                place += s->event[i] ? beats(s, i, j) : beats(s, j, i);
            }
        }
        by_cluster[s->cluster[i]] += s->event[i] ? (place / n - *auc) / m : (place / m - *auc) / n;
    }
    double squares = 0.0;
    for (size_t k = 0; k < s->all.n_clusters; k++) {
        squares += by_cluster[k] * by_cluster[k];
    }
    double k = (double)s->all.n_clusters;
    *se = sqrt(k / (k - 1.0) * squares);
}

static void the_area_is_the_share_of_pairs_in_order(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        sample s;
        draw(&s, seed, seed % 2 == 0);
        clustered_auc got = {0};
        strata_error err = {0};
        double auc = 0.0;
        double se = 0.0;
        assert_ok(clustered_auc_of(&s.all, NULL, &got, &err), &err);
        brute(&s, &auc, &se);
        assert_true(got.defined);
        assert_close(got.auc, auc, 1e-12);
        assert_close(got.se, se, 1e-12);
        assert_true(got.within.low < got.auc && got.auc < got.within.high);
        assert_int_equal(got.clusters, s.all.n_clusters);
    }
}

/* With every account drawn to be seen four times alike, four times the observations say no more. */
static void seeing_an_account_again_does_not_narrow_the_interval(void **state)
{
    (void)state;
    sample once;
    sample again = {0};
    draw(&once, 3, true);
    for (size_t i = 0; i < N; i++) {
        size_t from = i / (N / K);
        again.cluster[i] = (uint32_t)from;
        again.level[i] = once.level[from];
        again.event[i] = once.event[from];
    }
    again.all = (ranked_observations){.n = N,
                                      .n_clusters = K,
                                      .n_levels = LEVELS,
                                      .cluster = again.cluster,
                                      .level = again.level,
                                      .event = again.event};
    once.all.n = K;
    once.all.n_clusters = K;
    clustered_auc a = {0};
    clustered_auc b = {0};
    strata_error err = {0};
    assert_ok(clustered_auc_of(&once.all, NULL, &a, &err), &err);
    assert_ok(clustered_auc_of(&again.all, NULL, &b, &err), &err);
    assert_close(b.auc, a.auc, 1e-12);
    assert_close(b.se, a.se, 1e-12);
}

static void a_difference_of_areas_uses_what_they_share(void **state)
{
    (void)state;
    sample s;
    draw(&s, 5, false);
    double ia[K];
    double ib[K];
    clustered_auc a = {0};
    clustered_auc b = {0};
    strata_error err = {0};
    assert_ok(clustered_auc_of(&s.all, ia, &a, &err), &err);
    clustered_difference same = clustered_auc_difference(&a, ia, &a, ia, K);
    assert_true(exactly(same.difference, 0.0) && exactly(same.se, 0.0) && exactly(same.p, 1.0));
    for (size_t i = 0; i < N; i++) {
        s.level[i] = (uint16_t)(i % LEVELS); /* says nothing */
    }
    assert_ok(clustered_auc_of(&s.all, ib, &b, &err), &err);
    clustered_difference d = clustered_auc_difference(&a, ia, &b, ib, K);
    assert_close(d.difference, a.auc - b.auc, 1e-15);
    assert_true(d.se > 0.0 && d.se < a.se + b.se);
    assert_true(d.p < 0.05 && d.within.low > 0.0);
}

static void areas_that_do_not_exist_and_bad_input_are_said(void **state)
{
    (void)state;
    sample s;
    clustered_auc got = {.auc = 9.0};
    strata_error err = {0};
    draw(&s, 1, false);
    memset(s.event, 0, sizeof s.event);
    assert_ok(clustered_auc_of(&s.all, NULL, &got, &err), &err);
    assert_false(got.defined);
    assert_int_equal(got.others, N);
    s.level[3] = LEVELS;
    got.auc = 9.0;
    assert_int_equal(clustered_auc_of(&s.all, NULL, &got, &err), STRATA_E_USAGE);
    assert_true(exactly(got.auc, 9.0));
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    sample s;
    draw(&s, 1, false);
    int failures = 0;
    FAILURE_LOOP(failures, {
        clustered_auc got = {.clusters = 77};
        strata_error err = {0};
        strata_status st = clustered_auc_of(&s.all, NULL, &got, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, got.clusters == 77);
    });
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_area_is_the_share_of_pairs_in_order),
        cmocka_unit_test(seeing_an_account_again_does_not_narrow_the_interval),
        cmocka_unit_test(a_difference_of_areas_uses_what_they_share),
        cmocka_unit_test(areas_that_do_not_exist_and_bad_input_are_said),
        cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
