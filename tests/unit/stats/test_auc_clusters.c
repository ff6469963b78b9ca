/* SPDX-License-Identifier: Apache-2.0 */
/* Areas under the ROC curve of rows that come several to an account: against counting every pair,
 * and what must hold of any sample. */
#include "strata_test.h"

#include "exactly.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/learning/discrimination.h"

enum { N = 240, K = 60, LEVELS = 5 };

typedef struct sample {
    uint32_t cluster[N];
    double level[N];
    uint8_t event[N];
    scored all;
    scored_clusters clusters;
} sample;

/* Four rows to a cluster, or one to each; the event is likelier at higher levels. */
static void draw(sample *s, uint64_t seed, bool alone)
{
    rng r;
    rng_init(&r, seed, 7);
    for (size_t i = 0; i < N; i++) {
        s->cluster[i] = (uint32_t)(alone ? i : i / (N / K));
        s->level[i] = floor(rng_uniform(&r) * LEVELS);
        s->event[i] = rng_uniform(&r) < 0.1 + 0.15 * s->level[i];
    }
    s->all = (scored){.n = N, .score = s->level, .outcome = s->event};
    s->clusters = (scored_clusters){.cluster = s->cluster, .n_clusters = alone ? N : K};
}

static double beats(const sample *s, size_t event, size_t other)
{
    return s->level[event] > s->level[other] ? 1.0 : s->level[event] < s->level[other] ? 0.0 : 0.5;
}

/* A row's share of the rows with the other outcome that it stands on the right side of. */
static double placement(const sample *s, size_t i, double of)
{
    double place = 0.0;
    for (size_t j = 0; j < N; j++) {
        if (s->event[i] != s->event[j]) {
            place += s->event[i] ? beats(s, i, j) : beats(s, j, i);
        }
    }
    return place / of;
}

/* Every pair; then the terms of Obuchowski 1997, eq. 4, as written there. */
static void brute(const sample *s, double *auc, double *se)
{
    size_t positives = scored_positives(&s->all);
    double m = (double)positives;
    double n = N - m;
    double events[N] = {0};
    double others[N] = {0};
    bool has[2][N] = {{false}};
    *auc = 0.0;
    for (size_t i = 0; i < N; i++) {
        *auc += s->event[i] ? placement(s, i, n) / m : 0.0;
    }
    for (size_t i = 0; i < N; i++) {
        double *side = s->event[i] ? events : others;
        side[s->cluster[i]] += placement(s, i, s->event[i] ? n : m) - *auc;
        has[s->event[i]][s->cluster[i]] = true;
    }
    double sums[3] = {0};
    double with[3] = {0};
    for (size_t c = 0; c < s->clusters.n_clusters; c++) {
        sums[0] += events[c] * events[c];
        sums[1] += others[c] * others[c];
        sums[2] += events[c] * others[c];
        with[0] += has[1][c];
        with[1] += has[0][c];
        with[2] += has[0][c] || has[1][c];
    }
    *se = sqrt(with[0] / ((with[0] - 1.0) * m) * sums[0] / m +
               with[1] / ((with[1] - 1.0) * n) * sums[1] / n +
               2.0 * with[2] / ((with[2] - 1.0) * m * n) * sums[2]);
}

static void the_area_is_the_share_of_pairs_in_order(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        sample s;
        draw(&s, seed, seed % 2 == 0);
        auc_result got = {0};
        strata_error err = {0};
        double auc = 0.0;
        double se = 0.0;
        assert_ok(auc_compute(&s.all, &s.clusters, &got, &err), &err);
        brute(&s, &auc, &se);
        assert_true(got.defined && got.bounded);
        assert_close(got.auc, auc, 1e-12);
        assert_close(got.se, se, 1e-12);
        assert_true(got.interval_95.low < got.auc && got.auc < got.interval_95.high);
    }
}

/* With every account drawn to be seen four times alike, four times the rows say no more. */
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
    again.all = (scored){.n = N, .score = again.level, .outcome = again.event};
    again.clusters = (scored_clusters){.cluster = again.cluster, .n_clusters = K};
    once.all.n = K;
    once.clusters.n_clusters = K;
    auc_result a = {0};
    auc_result b = {0};
    strata_error err = {0};
    assert_ok(auc_compute(&once.all, &once.clusters, &a, &err), &err);
    assert_ok(auc_compute(&again.all, &again.clusters, &b, &err), &err);
    assert_close(b.auc, a.auc, 1e-12);
    assert_close(b.se, a.se, 1e-12);
}

static void a_difference_of_areas_uses_what_they_share(void **state)
{
    (void)state;
    sample s;
    draw(&s, 5, false);
    auc_difference d = {0};
    strata_error err = {0};
    assert_ok(auc_compare(&s.all, s.level, &s.clusters, &d, &err), &err);
    assert_true(exactly(d.difference, 0.0) && exactly(d.se, 0.0) && !d.test.defined);
    double nothing[N];
    for (size_t i = 0; i < N; i++) {
        nothing[i] = (double)(i % LEVELS);
    }
    assert_ok(auc_compare(&s.all, nothing, &s.clusters, &d, &err), &err);
    assert_close(d.difference, d.a.auc - d.b.auc, 1e-15);
    assert_true(d.se > 0.0 && d.se < d.a.se + d.b.se);
    assert_true(d.test.p < 0.05 && d.interval_95.low > 0.0);
}

static void areas_that_do_not_exist_and_bad_input_are_said(void **state)
{
    (void)state;
    sample s;
    auc_result got = {.auc = 9.0};
    strata_error err = {0};
    draw(&s, 1, false);
    memset(s.event, 0, sizeof s.event);
    assert_ok(auc_compute(&s.all, &s.clusters, &got, &err), &err);
    assert_false(got.defined);
    assert_int_equal(got.n_negative, N);
    s.cluster[3] = K;
    got.auc = 9.0;
    assert_int_equal(auc_compute(&s.all, &s.clusters, &got, &err), STRATA_E_USAGE);
    assert_true(exactly(got.auc, 9.0));
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    sample s;
    draw(&s, 1, false);
    int failures = 0;
    FAILURE_LOOP(failures, {
        auc_result got = {.n_positive = 77};
        strata_error err = {0};
        strata_status st = auc_compute(&s.all, &s.clusters, &got, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, got.n_positive == 77);
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
