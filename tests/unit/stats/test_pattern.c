/* SPDX-License-Identifier: Apache-2.0 */
/* Search for success patterns: against a naive search, on noise, and on planted thresholds. */
#include "strata_test.h"

#include "exactly.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/learning/pattern.h"

enum { N_MAX = 4000, FEATURES = 6 };

/* Accounts with random features and outcomes; a test's own, one at a time. */
typedef struct accounts {
    double values[FEATURES][N_MAX];
    const double *columns[FEATURES];
    uint8_t kept[N_MAX], half[N_MAX];
    pattern_search search;
} accounts;

/* Feature 0: continuous; 1: counts 0..9; 2: yes or no; 3: continuous, a third missing; 4: one value
 * for all; 5: nothing but missing. Success with chance 0.7 whatever they are. */
static void make_noise(accounts *a, size_t n, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 0);
    for (size_t i = 0; i < n; i++) {
        a->values[0][i] = rng_normal(&r);
        a->values[1][i] = floor(10.0 * rng_uniform(&r));
        a->values[2][i] = floor(2.0 * rng_uniform(&r));
        a->values[3][i] = rng_below(&r, 3) == 0 ? NAN : rng_uniform(&r);
        a->values[4][i] = 5.0;
        a->values[5][i] = NAN;
        a->kept[i] = rng_uniform(&r) < 0.7;
        a->half[i] = pattern_half(i * 7919 + seed, 1);
    }
    for (size_t f = 0; f < FEATURES; f++) {
        a->columns[f] = a->values[f];
    }
    a->search = (pattern_search){.n = n,
                                 .n_features = FEATURES,
                                 .features = a->columns,
                                 .kept = a->kept,
                                 .half = a->half,
                                 .min_side = 20,
                                 .n_permutations = 199};
}

/* From value `cut` of feature 1 on, in the halves named, success is `lift` more likely. */
static void plant(accounts *a, double cut, double lift, bool first, bool second)
{
    rng r;
    rng_init(&r, 4711, 0);
    for (size_t i = 0; i < a->search.n; i++) {
        bool here = a->half[i] == 0 ? first : second;
        double chance = 0.55 + (here && a->values[1][i] >= cut ? lift : 0.0);
        a->kept[i] = rng_uniform(&r) < chance;
    }
}

static size_t search_in(const accounts *a, uint64_t seed, int threads, pattern *found)
{
    context cx = {.threads = threads, .seed = seed};
    size_t n = 99;
    strata_error err = {0};
    assert_ok(pattern_find(&cx, &a->search, found, &n, &err), &err);
    assert_true(n <= FEATURES);
    return n;
}

/* The best of all cuts of one feature in the finding half, by trying each account's value. */
static double naive_best(const accounts *a, size_t feature, double *threshold)
{
    const double *v = a->values[feature];
    double best = 0.0;
    for (size_t c = 0; c < a->search.n; c++) {
        size_t n[2] = {0};
        size_t kept[2] = {0};
        for (size_t i = 0; i < a->search.n; i++) {
            if (a->half[i] == 0 && !isnan(v[i])) {
                n[v[i] >= v[c]]++;
                kept[v[i] >= v[c]] += a->kept[i];
            }
        }
        stat_test t = two_proportions(kept[1], n[1], kept[0], n[0]);
        bool allowed = a->half[c] == 0 && !isnan(v[c]) && n[0] >= a->search.min_side &&
                       n[1] >= a->search.min_side && t.defined;
        bool first = t.statistic > best * (1.0 - 1e-12) && v[c] < *threshold;
        if (allowed && (t.statistic > best * (1.0 + 1e-12) || first)) {
            best = t.statistic;
            *threshold = v[c];
        }
    }
    return best;
}

static void best_cuts_are_those_of_a_naive_search(void **state)
{
    (void)state;
    static accounts a;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        pattern found[FEATURES];
        make_noise(&a, 400, seed);
        size_t n = search_in(&a, 1, 1, found);
        assert_int_equal(n, 4); /* one value and nothing but missing have no cut */
        for (size_t k = 0; k < n; k++) {
            double threshold = INFINITY;
            const pattern *p = &found[k];
            double best = naive_best(&a, p->feature, &threshold);
            assert_close(p->found.test.statistic, best, 1e-10);
            assert_true(exactly(p->threshold, threshold));
            assert_true(p->found.test.effect > 0.0 && p->found.lift >= 1.0);
            assert_true(k == 0 || found[k - 1].p_search <= p->p_search);
            assert_true(p->feature != 3 || p->found.with + p->found.without < 200);
        }
    }
}

static void threads_do_not_change_what_is_found(void **state)
{
    (void)state;
    static accounts a;
    pattern one[FEATURES];
    pattern other[FEATURES];
    make_noise(&a, 1000, 3);
    plant(&a, 6.0, 0.2, true, true);
    memset(one, 0, sizeof one);
    memset(other, 0, sizeof other);
    size_t n = search_in(&a, 8, 1, one);
    for (int threads = 2; threads <= 7; threads += 5) {
        assert_int_equal(search_in(&a, 8, threads, other), n);
        for (size_t k = 0; k < n; k++) {
            assert_true(one[k].feature == other[k].feature && one[k].state == other[k].state);
            assert_true(exactly(one[k].p_search, other[k].p_search) &&
                        exactly(one[k].p_confirm, other[k].p_confirm) &&
                        exactly(one[k].threshold, other[k].threshold));
        }
    }
}

/* At 5 %, searches in noise find something in 5 % of all cases, and confirm next to nothing. */
static void noise_finds_nothing(void **state)
{
    (void)state;
    enum { RUNS = 400 };
    static accounts a;
    size_t something = 0;
    size_t confirmed = 0;
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        pattern found[FEATURES];
        make_noise(&a, 300, seed + 100);
        size_t n = search_in(&a, seed, 1, found);
        something += n > 0 && found[0].state != PATTERN_NOT_FOUND;
        for (size_t k = 0; k < n; k++) {
            confirmed += found[k].state == PATTERN_CONFIRMED;
            assert_true(found[k].state != PATTERN_NOT_FOUND || exactly(found[k].p_confirm, 1.0));
        }
    }
    assert_in_range(something, RUNS / 50, RUNS * 8 / 100); /* 2 % to 8 %, expected 5 % */
    assert_in_range(confirmed, 0, RUNS / 100);
}

static void planted_threshold_is_found_and_confirmed(void **state)
{
    (void)state;
    static accounts a;
    pattern found[FEATURES];
    make_noise(&a, N_MAX, 5);
    plant(&a, 7.0, 0.25, true, true);
    size_t n = search_in(&a, 5, 2, found);
    assert_true(n > 0 && found[0].feature == 1 && found[0].at_least);
    assert_true(exactly(found[0].threshold, 7.0));
    assert_true(found[0].state == PATTERN_CONFIRMED && exactly(found[0].p_search, 1.0 / 200.0));
    const pattern_effect *e = &found[0].confirmed;
    assert_true(fabs(e->support - 0.3) < 0.03);
    assert_true(e->difference_95.low < 0.25 && 0.25 < e->difference_95.high);
    double lift = 0.8 / (0.55 + 0.3 * 0.25);
    assert_true(e->has_lift && e->lift_95.low < lift && lift < e->lift_95.high);
    assert_true(e->lift_95.low < e->lift && e->lift < e->lift_95.high);
    for (size_t k = 1; k < n; k++) {
        assert_true(found[k].state != PATTERN_CONFIRMED);
    }

    /* A sign of failure is turned round: below the threshold is the pattern. */
    plant(&a, 7.0, -0.25, true, true);
    assert_true(search_in(&a, 5, 2, found) > 0);
    assert_true(found[0].feature == 1 && !found[0].at_least && exactly(found[0].threshold, 7.0));
    assert_true(found[0].state == PATTERN_CONFIRMED && found[0].confirmed.support > 0.6);
}

static void pattern_of_one_half_fails_to_be_confirmed(void **state)
{
    (void)state;
    static accounts a;
    pattern found[FEATURES];
    make_noise(&a, N_MAX, 6);
    plant(&a, 4.0, 0.25, true, false);
    assert_true(search_in(&a, 5, 2, found) > 0);
    assert_true(found[0].feature == 1 && found[0].state == PATTERN_FAILED);
    assert_true(found[0].p_confirm >= 0.05);
    /* In the half that is not searched it is not even found. */
    plant(&a, 4.0, 0.25, false, true);
    size_t n = search_in(&a, 5, 2, found);
    for (size_t k = 0; k < n; k++) {
        assert_true(found[k].feature != 1 || found[k].state == PATTERN_NOT_FOUND);
    }
}

/* Six accounts, three of them kept, one feature 1..6, cuts at 2..6: of the 20 ways to hand out the
 * outcomes, 2 separate as well as 111 000 does (itself and 000 111). */
static void chance_of_the_search_agrees_with_all_orders(void **state)
{
    (void)state;
    static accounts a;
    pattern found[FEATURES];
    make_noise(&a, 6, 1);
    for (size_t i = 0; i < 6; i++) {
        a.values[0][i] = (double)(i + 1);
        a.kept[i] = i >= 3;
        a.half[i] = 0;
    }
    a.search.n_features = 1;
    a.search.min_side = 1;
    a.search.n_permutations = 20000;
    assert_int_equal(search_in(&a, 1, 2, found), 1);
    assert_true(exactly(found[0].threshold, 4.0) && found[0].at_least);
    assert_true(fabs(found[0].p_search - 0.1) < 0.007);
    assert_true(found[0].state == PATTERN_NOT_FOUND && !found[0].confirmed.has_lift);
    /* Outcomes 0 1 0 1 1 1: the best cut, at 4, gives chi-square 3; by hand, 6 of 15 orders of the
     * two failures do as well. */
    static const uint8_t kept[] = {0, 1, 0, 1, 1, 1};
    memcpy(a.kept, kept, sizeof kept);
    assert_int_equal(search_in(&a, 1, 2, found), 1);
    assert_close(found[0].found.test.statistic, 3.0, 1e-12);
    assert_true(fabs(found[0].p_search - 0.4) < 0.012);
}

static void many_values_are_cut_evenly(void **state)
{
    (void)state;
    static accounts a;
    pattern found[FEATURES];
    make_noise(&a, N_MAX, 9);
    rng r;
    rng_init(&r, 9, 9);
    for (size_t i = 0; i < N_MAX; i++) {
        a.kept[i] = rng_uniform(&r) < (a.values[0][i] >= 0.5 ? 0.9 : 0.6);
    }
    assert_true(search_in(&a, 1, 2, found) > 0);
    assert_true(found[0].feature == 0 && found[0].state == PATTERN_CONFIRMED);
    assert_true(fabs(found[0].threshold - 0.5) < 0.05);
}

static void where_nothing_differs_there_is_no_pattern(void **state)
{
    (void)state;
    static accounts a;
    pattern found[FEATURES];
    make_noise(&a, 200, 2);
    memset(a.kept, 1, sizeof a.kept);
    assert_int_equal(search_in(&a, 1, 1, found), 0);
    memset(a.kept, 0, sizeof a.kept);
    assert_int_equal(search_in(&a, 1, 1, found), 0);
    make_noise(&a, 200, 2);
    a.search.min_side = 150;
    assert_int_equal(search_in(&a, 1, 1, found), 0);
    a.search.min_side = 1;
    a.search.n = 1;
    assert_int_equal(search_in(&a, 1, 1, found), 0);
    a.search.n = 0;
    assert_int_equal(search_in(&a, 1, 1, found), 0);
    make_noise(&a, 200, 2);
    a.search.n_features = 0;
    assert_int_equal(search_in(&a, 1, 1, found), 0);
    /* All in the finding half: found perhaps, never confirmed. */
    make_noise(&a, 200, 2);
    plant(&a, 5.0, 0.45, true, true);
    memset(a.half, 0, sizeof a.half);
    assert_true(search_in(&a, 1, 1, found) > 0);
    assert_true(found[0].state == PATTERN_FAILED && !found[0].confirmed.has_lift);
    assert_true(exactly(found[0].p_confirm, 1.0) && found[0].confirmed.with == 0);
}

static void effects_stay_finite_at_the_edges(void **state)
{
    (void)state;
    for (size_t with = 0; with <= 6; with += 3) {
        for (size_t without = 0; without <= 40; without += 20) {
            for (size_t kept_with = 0; kept_with <= with; kept_with++) {
                for (size_t kept_without = 0; kept_without <= without; kept_without += 4) {
                    pattern_effect e = pattern_effect_of(kept_with, with, kept_without, without);
                    assert_true(isfinite(e.lift) && isfinite(e.lift_95.low) &&
                                isfinite(e.lift_95.high) && isfinite(e.support));
                    assert_true(e.has_lift == (with > 0 && kept_with + kept_without > 0));
                    assert_true(!e.has_lift || (e.lift_95.low <= e.lift + 1e-12 &&
                                                e.lift <= e.lift_95.high + 1e-12));
                }
            }
        }
    }
    /* The interval covers 1 about when that of the difference covers 0. */
    pattern_effect e = pattern_effect_of(80, 100, 60, 100);
    assert_close(e.lift, 0.8 / 0.7, 1e-14);
    assert_true(e.lift_95.low > 1.0 && e.difference_95.low > 0.0);
    e = pattern_effect_of(65, 100, 60, 100);
    assert_true(e.lift_95.low < 1.0 && e.difference_95.low < 0.0 && e.lift_95.high > 1.0);
}

/* The interval of the lift covers the true one 95 % of the time. */
static void interval_of_the_lift_covers_it(void **state)
{
    (void)state;
    enum { RUNS = 2000 };
    size_t covered = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        size_t kept[2] = {0};
        rng r;
        rng_init(&r, 21, run);
        for (size_t i = 0; i < 60; i++) {
            kept[1] += rng_uniform(&r) < 0.85;
        }
        for (size_t i = 0; i < 140; i++) {
            kept[0] += rng_uniform(&r) < 0.6;
        }
        pattern_effect e = pattern_effect_of(kept[1], 60, kept[0], 140);
        double lift = 0.85 / (0.3 * 0.85 + 0.7 * 0.6);
        covered += e.lift_95.low <= lift && lift <= e.lift_95.high;
    }
    assert_in_range(covered, RUNS * 93 / 100, RUNS * 97 / 100);
}

static void halves_are_even_and_last(void **state)
{
    (void)state;
    size_t second = 0;
    for (uint64_t key = 0; key < 10000; key++) {
        second += pattern_half(key, 1);
        assert_int_equal(pattern_half(key, 1), pattern_half(key, 1));
    }
    assert_in_range(second, 4800, 5200);
}

static void bad_searches_are_refused(void **state)
{
    (void)state;
    static accounts a;
    context cx = {.threads = 1};
    pattern found[FEATURES];
    size_t n = 99;
    strata_error err = {0};
    make_noise(&a, 100, 1);
    a.values[3][7] = INFINITY;
    assert_int_equal(pattern_find(&cx, &a.search, found, &n, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "feature 3 of account 7 is infinite");
    a.values[3][7] = 1.0;
    a.kept[9] = 2;
    assert_int_equal(pattern_find(&cx, &a.search, found, &n, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "account 9 has outcome 2 and half 0; both must be 0 or 1");
    a.kept[9] = 1;
    a.search.n_permutations = 0;
    assert_int_equal(pattern_find(&cx, &a.search, found, &n, &err), STRATA_E_USAGE);
    a.search.n_permutations = 10;
    a.search.min_side = 0;
    assert_int_equal(pattern_find(&cx, &a.search, found, &n, &err), STRATA_E_USAGE);
    a.search.min_side = 5;
    volatile sig_atomic_t cancelled = 1;
    cx.cancelled = &cancelled;
    assert_int_equal(pattern_find(&cx, &a.search, found, &n, &err), STRATA_E_CANCELLED);
    assert_int_equal(n, 99);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static accounts a;
    context cx = {.threads = 1};
    strata_error err = {0};
    int failures = 0;
    make_noise(&a, 100, 1);
    a.search.n_permutations = 3;
    FAILURE_LOOP(failures, {
        pattern found[FEATURES];
        size_t n = 99;
        strata_status st = pattern_find(&cx, &a.search, found, &n, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, n == 99);
    });
    assert_true(failures >= 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_cuts_are_those_of_a_naive_search),
        cmocka_unit_test(threads_do_not_change_what_is_found),
        cmocka_unit_test(noise_finds_nothing),
        cmocka_unit_test(planted_threshold_is_found_and_confirmed),
        cmocka_unit_test(pattern_of_one_half_fails_to_be_confirmed),
        cmocka_unit_test(chance_of_the_search_agrees_with_all_orders),
        cmocka_unit_test(many_values_are_cut_evenly),
        cmocka_unit_test(where_nothing_differs_there_is_no_pattern),
        cmocka_unit_test(effects_stay_finite_at_the_edges),
        cmocka_unit_test(interval_of_the_lift_covers_it),
        cmocka_unit_test(halves_are_even_and_last),
        cmocka_unit_test(bad_searches_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
