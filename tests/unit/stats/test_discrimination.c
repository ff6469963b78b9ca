/* SPDX-License-Identifier: Apache-2.0 */
/* How well scores order outcomes: against scikit-learn 1.2.1 and pROC 1.18.0, whose figures
 * tests/data/stats/make_predictions.py and predictions.R print, and against counting pairs. */
#include "strata_test.h"

#include "exactly.h"
#include "prediction_sample.h"

#include "support/failing_alloc.h"

#include "stats/learning/discrimination.h"

/* Half the pairs in the right order, counted one by one, twice over. */
static double pairs_in_order(const scored *s)
{
    double right = 0.0;
    double pairs = 0.0;
    for (size_t i = 0; i < s->n; i++) {
        for (size_t j = 0; j < s->n; j++) {
            if (s->outcome[i] == 1 && s->outcome[j] == 0) {
                pairs += 1.0;
                right += s->score[i] > s->score[j] ? 1.0 : s->score[i] < s->score[j] ? 0.0 : 0.5;
            }
        }
    }
    return right / pairs;
}

static auc_result auc_of(const scored *s)
{
    auc_result r = {0};
    strata_error err = {0};
    assert_ok(auc_compute(s, NULL, &r, &err), &err);
    return r;
}

static void areas_and_intervals_are_those_of_sklearn_and_proc(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    scored a = {SAMPLE_N, x.a, x.y};
    scored b = {SAMPLE_N, x.b, x.y};
    auc_result r = auc_of(&a);
    assert_true(r.defined && r.bounded);
    assert_int_equal(r.n_positive, 77);
    assert_int_equal(r.n_negative, 123);
    assert_close(r.auc, 0.817231548938866, 1e-14);
    assert_close(r.se, 0.0299886271723125, 1e-12);
    assert_close(r.interval_95.low, 0.758454919735334, 1e-12);
    assert_close(r.interval_95.high, 0.876008178142398, 1e-12);
    r = auc_of(&b);
    assert_close(r.auc, 0.769823672262697, 1e-14);
    assert_close(r.auc, pairs_in_order(&b), 1e-14);
    assert_close(r.se, 0.0337872763252899, 1e-12);
    assert_close(r.interval_95.low, 0.703601827529426, 1e-12);
    assert_close(r.interval_95.high, 0.836045516995968, 1e-12);
}

static void two_scores_of_the_same_rows_are_compared_as_proc_does(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    scored a = {SAMPLE_N, x.a, x.y};
    auc_difference d = {0};
    strata_error err = {0};
    assert_ok(auc_compare(&a, x.b, NULL, &d, &err), &err);
    assert_close(d.a.auc, 0.817231548938866, 1e-14);
    assert_close(d.b.se, 0.0337872763252899, 1e-12);
    assert_close(d.test.statistic, 4.37516598293307, 1e-11);
    assert_close(d.test.p, 1.2134011227522e-05, 1e-10);
    assert_close(d.difference, 0.817231548938866 - 0.769823672262697, 1e-12);
    assert_close(d.interval_95.high - d.interval_95.low, 2.0 * 1.959963984540054 * d.se, 1e-12);
    /* A score against a rising function of itself: nothing to tell apart. */
    double cubed[SAMPLE_N];
    for (size_t i = 0; i < SAMPLE_N; i++) {
        cubed[i] = x.a[i] * x.a[i] * x.a[i] + 5.0;
    }
    assert_ok(auc_compare(&a, cubed, NULL, &d, &err), &err);
    assert_true(d.a.defined && d.b.defined && !d.test.defined);
    assert_true(exactly(d.difference, 0.0) && exactly(d.se, 0.0));
}

static void rows_of_one_account_count_as_a_cluster(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    uint32_t by_four[SAMPLE_N];
    uint32_t alone[SAMPLE_N];
    for (uint32_t i = 0; i < SAMPLE_N; i++) {
        by_four[i] = i / 4;
        alone[i] = SAMPLE_N - 1 - i;
    }
    scored b = {SAMPLE_N, x.b, x.y};
    auc_result r = {0};
    strata_error err = {0};
    assert_ok(auc_compute(&b, &(scored_clusters){by_four, 50}, &r, &err), &err);
    assert_close(r.auc, 0.769823672262697, 1e-14);
    assert_close(r.se, 0.0328360256937172, 1e-12);
    assert_ok(auc_compute(&b, &(scored_clusters){alone, SAMPLE_N}, &r, &err), &err);
    assert_close(r.se, 0.0337872763252899, 1e-12);
    auc_difference d = {0};
    assert_ok(auc_compare(&b, x.a, &(scored_clusters){by_four, 50}, &d, &err), &err);
    assert_close(d.a.se, 0.0328360256937172, 1e-12);
    assert_int_equal(auc_compute(&b, &(scored_clusters){by_four, 49}, &r, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "row 196 is in cluster 49; there are 49");
}

static void every_row_twice_has_the_interval_of_once(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    static double score[2 * SAMPLE_N];
    static uint8_t outcome[2 * SAMPLE_N];
    static uint32_t cluster[2 * SAMPLE_N];
    for (uint32_t i = 0; i < 2 * SAMPLE_N; i++) {
        score[i] = x.a[i / 2];
        outcome[i] = x.y[i / 2];
        cluster[i] = i / 2;
    }
    scored twice = {2 * SAMPLE_N, score, outcome};
    auc_result r = {0};
    strata_error err = {0};
    assert_ok(auc_compute(&twice, &(scored_clusters){cluster, SAMPLE_N}, &r, &err), &err);
    assert_close(r.se, 0.0299886271723125, 1e-12);
}

static void only_the_order_of_scores_matters(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    double mapped[SAMPLE_N];
    uint8_t turned[SAMPLE_N];
    for (size_t i = 0; i < SAMPLE_N; i++) {
        mapped[i] = exp(3.0 * x.b[i]) - 17.0;
        turned[i] = 1 - x.y[i];
    }
    auc_result b = auc_of(&(scored){SAMPLE_N, x.b, x.y});
    auc_result m = auc_of(&(scored){SAMPLE_N, mapped, x.y});
    assert_true(exactly(b.auc, m.auc) && exactly(b.se, m.se));
    auc_result t = auc_of(&(scored){SAMPLE_N, x.b, turned});
    assert_close(t.auc, 1.0 - b.auc, 1e-14);
    assert_close(t.se, b.se, 1e-12);
}

static void the_order_of_rows_changes_nothing(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    scored b = {SAMPLE_N, x.b, x.y};
    auc_difference was = {0};
    strata_error err = {0};
    assert_ok(auc_compare(&b, x.a, NULL, &was, &err), &err);
    double ap = 0.0;
    bool defined = false;
    assert_ok(average_precision(&b, &ap, &defined, &err), &err);
    lift_result lift = {0};
    assert_ok(lift_at(&b, 0.13, &lift, &err), &err);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        uint32_t order[SAMPLE_N];
        double score[SAMPLE_N];
        double other[SAMPLE_N];
        uint8_t outcome[SAMPLE_N];
        shuffle_scored(&b, seed, order, score, outcome);
        for (size_t i = 0; i < SAMPLE_N; i++) {
            other[i] = x.a[order[i]];
        }
        scored moved = {SAMPLE_N, score, outcome};
        auc_difference d = {0};
        assert_ok(auc_compare(&moved, other, NULL, &d, &err), &err);
        assert_true(exactly(d.a.se, was.a.se) && exactly(d.b.se, was.b.se));
        assert_true(exactly(d.se, was.se) && exactly(d.test.p, was.test.p));
        double now = 0.0;
        assert_ok(average_precision(&moved, &now, &defined, &err), &err);
        assert_true(exactly(now, ap));
        lift_result l = {0};
        assert_ok(lift_at(&moved, 0.13, &l, &err), &err);
        assert_true(exactly(l.hits, lift.hits) && exactly(l.lift, lift.lift));
    }
}

static void a_perfect_order_has_an_area_of_one_and_no_interval(void **state)
{
    (void)state;
    const double score[] = {1, 2, 3, 4, 5};
    const uint8_t outcome[] = {0, 0, 0, 1, 1};
    auc_result r = auc_of(&(scored){5, score, outcome});
    assert_true(r.defined && exactly(r.auc, 1.0) && !r.bounded);
    const uint8_t one_positive[] = {0, 0, 1, 0, 0};
    r = auc_of(&(scored){5, score, one_positive});
    assert_true(r.defined && exactly(r.auc, 0.5) && !r.bounded);
    const double same[] = {7, 7, 7, 7, 7};
    r = auc_of(&(scored){5, same, outcome});
    assert_true(r.defined && exactly(r.auc, 0.5) && !r.bounded);
}

static void one_outcome_only_is_not_defined(void **state)
{
    (void)state;
    const double score[] = {1, 2, 3};
    const uint8_t none[] = {0, 0, 0};
    const uint8_t all[] = {1, 1, 1};
    for (size_t n = 0; n <= 3; n += 3) {
        auc_result r = auc_of(&(scored){n, score, none});
        assert_true(!r.defined && exactly(r.auc, 0.0));
        assert_int_equal(r.n_negative, n);
    }
    scored a = {3, score, all};
    auc_difference d = {0};
    strata_error err = {0};
    assert_ok(auc_compare(&a, score, NULL, &d, &err), &err);
    assert_true(!d.a.defined && !d.b.defined && !d.test.defined);
    assert_int_equal(d.b.n_positive, 3);
    double ap = 9.0;
    bool defined = true;
    assert_ok(average_precision(&(scored){3, score, none}, &ap, &defined, &err), &err);
    assert_true(!defined && exactly(ap, 0.0));
    assert_ok(average_precision(&a, &ap, &defined, &err), &err);
    assert_true(defined && exactly(ap, 1.0));
    lift_result l = {0};
    assert_ok(lift_at(&(scored){3, score, none}, 0.1, &l, &err), &err);
    assert_false(l.defined);
    assert_ok(lift_at(&a, 0.1, &l, &err), &err);
    assert_true(l.defined && exactly(l.lift, 1.0));
}

static void average_precision_is_that_of_sklearn(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    double ap = 0.0;
    bool defined = false;
    strata_error err = {0};
    assert_ok(average_precision(&(scored){SAMPLE_N, x.a, x.y}, &ap, &defined, &err), &err);
    assert_true(defined);
    assert_close(ap, 0.753253744643432, 1e-13);
    assert_ok(average_precision(&(scored){SAMPLE_N, x.b, x.y}, &ap, &defined, &err), &err);
    assert_close(ap, 0.640329154175139, 1e-13);
}

static void lift_counts_ties_at_the_edge_by_share(void **state)
{
    (void)state;
    /* By score: 9 | 7 7 7 7 | 2 2 2 2 2; positives: the 9, one 7, one 2. */
    const double score[] = {7, 2, 2, 9, 7, 2, 7, 2, 2, 7};
    const uint8_t outcome[] = {1, 0, 1, 1, 0, 0, 0, 0, 0, 0};
    scored s = {10, score, outcome};
    lift_result l = {0};
    strata_error err = {0};
    assert_ok(lift_at(&s, 0.1, &l, &err), &err);
    assert_true(l.taken == 1 && l.tied == 0 && exactly(l.hits, 1.0));
    assert_close(l.lift, 1.0 / 0.3, 1e-15);
    assert_close(l.found, 1.0 / 3.0, 1e-15);
    assert_ok(lift_at(&s, 0.3, &l, &err), &err);
    assert_true(l.taken == 3 && l.tied == 4 && exactly(l.hits, 1.5));
    assert_close(l.rate, 0.5, 1e-15);
    assert_ok(lift_at(&s, 0.5, &l, &err), &err);
    assert_true(l.taken == 5 && l.tied == 0 && exactly(l.hits, 2.0));
    assert_ok(lift_at(&s, 1.0, &l, &err), &err);
    assert_true(l.taken == 10 && exactly(l.lift, 1.0) && exactly(l.found, 1.0));
    assert_ok(lift_at(&s, 0.25, &l, &err), &err);
    assert_int_equal(l.taken, 3);
    assert_int_equal(lift_at(&s, 0.0, &l, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "a share of 0; it must be above 0 and at most 1");
    assert_int_equal(lift_at(&s, (double)NAN, &l, &err), STRATA_E_USAGE);
}

static void a_share_that_is_whole_takes_that_many(void **state)
{
    (void)state;
    double score[100];
    uint8_t outcome[100];
    for (size_t i = 0; i < 100; i++) {
        score[i] = (double)i;
        outcome[i] = i % 2;
    }
    for (size_t k = 1; k <= 100; k++) {
        lift_result l = {0};
        strata_error err = {0};
        assert_ok(lift_at(&(scored){100, score, outcome}, (double)k / 100.0, &l, &err), &err);
        assert_int_equal(l.taken, k);
    }
}

static void bad_values_are_named(void **state)
{
    (void)state;
    const double score[] = {1, NAN, 3};
    const double fine[] = {1, 2, 3};
    const uint8_t outcome[] = {0, 1, 1};
    const uint8_t odd[] = {0, 1, 2};
    auc_result r = {.auc = 77.0};
    auc_difference d = {0};
    strata_error err = {0};
    assert_int_equal(auc_compute(&(scored){3, score, outcome}, NULL, &r, &err), STRATA_E_DATA);
    assert_string_equal(err.message,
                        "the score of row 1 is nan; missing values must be dropped first");
    assert_true(exactly(r.auc, 77.0));
    assert_int_equal(auc_compute(&(scored){3, fine, odd}, NULL, &r, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "the outcome of row 2 is 2; it must be 0 or 1");
    assert_int_equal(auc_compare(&(scored){3, fine, outcome}, score, NULL, &d, &err),
                     STRATA_E_DATA);
}

static void running_out_of_memory_is_reported(void **state)
{
    (void)state;
    prediction_sample x;
    make_sample(&x);
    scored a = {SAMPLE_N, x.a, x.y};
    int n = 0;
    FAILURE_LOOP(n, {
        auc_difference d = {0};
        strata_error err = {0};
        strata_status st = auc_compare(&a, x.b, NULL, &d, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, !d.a.defined);
    });
    FAILURE_LOOP(n, {
        auc_result r = {0};
        strata_error err = {0};
        strata_status st = auc_compute(&a, NULL, &r, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, !r.defined);
    });
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_and_intervals_are_those_of_sklearn_and_proc),
        cmocka_unit_test(two_scores_of_the_same_rows_are_compared_as_proc_does),
        cmocka_unit_test(rows_of_one_account_count_as_a_cluster),
        cmocka_unit_test(every_row_twice_has_the_interval_of_once),
        cmocka_unit_test(only_the_order_of_scores_matters),
        cmocka_unit_test(the_order_of_rows_changes_nothing),
        cmocka_unit_test(a_perfect_order_has_an_area_of_one_and_no_interval),
        cmocka_unit_test(one_outcome_only_is_not_defined),
        cmocka_unit_test(average_precision_is_that_of_sklearn),
        cmocka_unit_test(lift_counts_ties_at_the_edge_by_share),
        cmocka_unit_test(a_share_that_is_whole_takes_that_many),
        cmocka_unit_test(bad_values_are_named),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
