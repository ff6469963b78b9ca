/* SPDX-License-Identifier: Apache-2.0 */
/* Log-odds of words and shares in clusters. Reference values: R 4.2.2,
 * tests/data/stats/text_and_clusters.R. */
#include "strata_test.h"

#include "exactly.h"

#include "base/rng.h"
#include "stats/inference/cluster_share.h"
#include "stats/learning/log_odds.h"

static void log_odds_match_the_published_formula(void **state)
{
    (void)state;
    static const double in[] = {12, 3, 0, 7, 20};
    static const double out[] = {5, 9, 4, 7, 60};
    static const double delta[] = {1.5739882786985513, -0.35368817265728492, -2.0551718013751534,
                                   0.6828703390088573, -0.81423609290686549};
    static const double variance[] = {0.23273445921667263, 0.35404724991821579, 3.4067518248175181,
                                      0.24684159378036929, 0.053107087487732373};
    static const double z[] = {3.2626549664366817, -0.59441522488500265, -1.1134683678443027,
                               1.3744504198674043, -3.5332478827880776};
    log_odds got[5];
    log_odds_compare(in, out, 5, 10.0, got);
    for (size_t w = 0; w < 5; w++) {
        assert_close(got[w].delta, delta[w], 1e-13);
        assert_close(got[w].variance, variance[w], 1e-13);
        assert_close(got[w].z, z[w], 1e-13);
    }
    log_odds back[5];
    log_odds_compare(out, in, 5, 10.0, back);
    for (size_t w = 0; w < 5; w++) {
        assert_close(back[w].z, -z[w], 1e-13);
    }
}

static void words_that_tell_nothing_have_no_log_odds(void **state)
{
    (void)state;
    static const double none[] = {0, 0};
    static const double some[] = {3, 0};
    static const double rest[] = {2, 5};
    log_odds got[2] = {{1, 1, 1}, {1, 1, 1}};
    log_odds_compare(none, rest, 2, 5.0, got);
    assert_true(exactly(got[0].z, 0.0) && exactly(got[1].z, 0.0));
    log_odds_compare(some, some, 2, 5.0, got); /* all say one word, nobody the other */
    assert_true(exactly(got[0].z, 0.0) && exactly(got[1].z, 0.0));
    log_odds_compare(NULL, NULL, 0, 5.0, NULL);
}

static const double hits[] = {2, 0, 5, 3, 1, 8};
static const double of[] = {4, 1, 5, 9, 0, 10};

static void clustered_shares_match_the_published_formula(void **state)
{
    (void)state;
    const cluster_counts x = {hits, of, 6};
    cluster_share f = cluster_share_of(&x);
    assert_int_equal(f.clusters, 5);
    assert_close(f.share, 0.62068965517241381, 1e-15);
    assert_close(f.se, 0.14486301939399446, 1e-12);
}

/* By hand: p = 6 / 20, totals 4/8, 2/8, 0/4: deviations 1.6, -0.4, -1.2, their squares add up
 * to 4.16; variance 3/2 * 4.16 / 400 = 0.0156; effective n = 0.21 / 0.0156. */
static void ranges_of_shares_are_wilsons_for_the_effective_number(void **state)
{
    (void)state;
    static const double some[] = {4, 2, 0};
    static const double seen[] = {8, 8, 4};
    const cluster_share got = cluster_share_of(&(cluster_counts){some, seen, 3});
    const double n = 0.21 / 0.0156;
    const double z2 = 1.959963984540054 * 1.959963984540054;
    const double middle = (0.3 + z2 / (2.0 * n)) / (1.0 + z2 / n);
    const double half = sqrt(z2) * sqrt(0.21 / n + z2 / (4.0 * n * n)) / (1.0 + z2 / n);
    assert_close(got.low, middle - half, 1e-12);
    assert_close(got.high, middle + half, 1e-12);
}

/* All answered, or nobody: that is no certainty, but as many hits as there are clusters. */
static void shares_of_all_and_none_keep_a_range(void **state)
{
    (void)state;
    static const double none[] = {0, 0, 0, 0, 0};
    static const double seen[] = {10, 10, 10, 10, 0};
    cluster_share got = cluster_share_of(&(cluster_counts){none, seen, 5});
    assert_true(exactly(got.low, 0.0));
    assert_close(got.high, wilson_interval(0, 4).high, 1e-12);
    got = cluster_share_of(&(cluster_counts){seen, seen, 5});
    assert_true(exactly(got.high, 1.0));
    assert_close(got.low, wilson_interval(4, 4).low, 1e-12);
}

static void clustered_differences_match_the_published_formulas(void **state)
{
    (void)state;
    static const double hits_a[] = {2, 0, 5, 3, 0, 8};
    static const double hits_b[] = {1, 2, 0, 4, 6, 0};
    static const double of_b[] = {2, 3, 0, 8, 7, 1};
    const cluster_counts a = {hits_a, of, 6};
    const cluster_counts b = {hits_b, of_b, 6};
    interval range;
    size_t clusters = 0;
    stat_test t = cluster_shares_differ(&a, &b, &range);
    assert_true(t.defined);
    assert_close(t.effect, 0.0016420361247947435, 1e-11);
    assert_close(t.statistic, 0.010185546805900548, 1e-11);
    assert_close(t.p, 0.99187324997925275, 1e-12);
    assert_true(range.low < t.effect && t.effect < range.high);

    t = cluster_shares_within(&a, &b, &clusters, &range);
    assert_int_equal(clusters, 4);
    assert_close(t.effect, -0.066218632468092981, 1e-13);
    assert_close(t.statistic, -0.4120849464026195, 1e-12);
    assert_close(t.p, 0.68027716195467414, 1e-12);
    assert_close(range.low, -0.38116858605400217, 1e-12);
    assert_close(range.high, 0.24873132111781618, 1e-12);
}

static void too_few_clusters_have_no_share(void **state)
{
    (void)state;
    static const double one[] = {0, 1, 0, 0, 0, 0};
    static const double nobody[] = {0, 0, 0, 0, 0, 0};
    const cluster_counts all = {hits, of, 6};
    const cluster_counts single = {one, one, 6};
    const cluster_counts never = {nobody, of, 6};
    interval range;
    size_t clusters = 0;
    assert_false(cluster_share_of(&single).defined);
    assert_false(cluster_shares_differ(&all, &single, &range).defined);
    assert_false(cluster_shares_within(&all, &single, &clusters, &range).defined);
    assert_false(cluster_shares_differ(&never, &never, &range).defined); /* nothing varies */
    assert_false(cluster_shares_within(&never, &never, &clusters, &range).defined);
    assert_true(exactly(range.low, -1.0) && exactly(range.high, 1.0));
}

/* Clusters differ a lot among themselves, the two ways not at all: a pooled test would call that a
 * difference, the tests by cluster do so 5 % of the time. */
static void tests_by_cluster_keep_their_level(void **state)
{
    (void)state;
    enum { RUNS = 1000, CLUSTERS = 60 };
    int differ = 0;
    int within = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        double h[2][CLUSTERS] = {0};
        double n[2][CLUSTERS] = {0};
        rng r;
        rng_init(&r, 23, run);
        for (size_t i = 0; i < CLUSTERS; i++) {
            double p = rng_uniform(&r);
            for (size_t side = 0; side < 2; side++) {
                uint64_t drawn = 1 + rng_below(&r, 20);
                n[side][i] = (double)drawn;
                for (uint64_t k = 0; k < drawn; k++) {
                    h[side][i] += rng_uniform(&r) < p;
                }
            }
        }
        const cluster_counts a = {h[0], n[0], CLUSTERS};
        const cluster_counts b = {h[1], n[1], CLUSTERS};
        interval range;
        size_t clusters = 0;
        differ += cluster_shares_differ(&a, &b, &range).p < 0.05;
        within += cluster_shares_within(&a, &b, &clusters, &range).p < 0.05;
    }
    assert_in_range(differ, 30, 80);
    assert_in_range(within, 30, 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_odds_match_the_published_formula),
        cmocka_unit_test(words_that_tell_nothing_have_no_log_odds),
        cmocka_unit_test(clustered_shares_match_the_published_formula),
        cmocka_unit_test(ranges_of_shares_are_wilsons_for_the_effective_number),
        cmocka_unit_test(shares_of_all_and_none_keep_a_range),
        cmocka_unit_test(clustered_differences_match_the_published_formulas),
        cmocka_unit_test(too_few_clusters_have_no_share),
        cmocka_unit_test(tests_by_cluster_keep_their_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
