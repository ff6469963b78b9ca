/* SPDX-License-Identifier: Apache-2.0 */
/* Groupings compared and matched, and their stability under drawing again. */
#include "strata_test.h"

#include "exactly.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/clustering/partition.h"

/* sklearn.metrics.adjusted_rand_score, examples of its documentation, and Hubert & Arabie's -0.5.
 */
static void rand_index_matches_sklearn(void **state)
{
    (void)state;
    static const uint32_t rows[][2][4] = {
        {{0, 0, 1, 1}, {0, 0, 1, 1}},
        {{0, 0, 1, 1}, {1, 1, 0, 0}},
        {{0, 0, 1, 2}, {0, 0, 1, 1}},
        {{0, 0, 0, 0}, {0, 1, 2, 3}},
        {{0, 0, 1, 1}, {0, 1, 0, 1}},
        {{7, 7, 7, 7}, {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}}};
    static const double want[] = {1.0, 1.0, 0.5714285714285714, 0.0, -0.5, 1.0};
    strata_error err = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        double got = -7.0;
        assert_ok(adjusted_rand_index(rows[i][0], rows[i][1], 4, &got, &err), &err);
        assert_close(got, want[i], 1e-15);
    }
    double got = -7.0;
    assert_ok(adjusted_rand_index(rows[0][0], rows[0][1], 0, &got, &err), &err);
    assert_true(exactly(got, 1.0));
}

static void rand_index_does_not_see_the_names_of_groups(void **state)
{
    (void)state;
    enum { N = 500 };
    uint32_t a[N];
    uint32_t b[N];
    uint32_t renamed[N];
    rng r;
    rng_init(&r, 5, 0);
    for (size_t i = 0; i < N; i++) {
        a[i] = (uint32_t)rng_below(&r, 4);
        b[i] = rng_below(&r, 3) == 0 ? (uint32_t)rng_below(&r, 5) : a[i];
        renamed[i] = 1000 - 7 * b[i];
    }
    double plain = 0.0;
    double other = 0.0;
    double swapped = 0.0;
    strata_error err = {0};
    assert_ok(adjusted_rand_index(a, b, N, &plain, &err), &err);
    assert_ok(adjusted_rand_index(a, renamed, N, &other, &err), &err);
    assert_ok(adjusted_rand_index(renamed, a, N, &swapped, &err), &err);
    assert_true(plain > 0.3 && plain < 0.7);
    assert_true(exactly(plain, other) && exactly(plain, swapped));
}

static void overlap_and_jaccard_count_pairs_of_groups(void **state)
{
    (void)state;
    static const uint32_t a[] = {0, 0, 0, 1, 1, 2};
    static const uint32_t b[] = {0, 0, 1, 1, 1, 1};
    static const size_t want[] = {2, 1, 0, 0, 2, 0, 0, 1, 0};
    size_t counts[9];
    double jaccard[9];
    strata_error err = {0};
    partition_overlap(a, 3, b, 3, COUNT(a), counts); /* group 2 of b is empty */
    assert_memory_equal(counts, want, sizeof want);
    assert_ok(partition_jaccard(counts, 3, 3, jaccard, &err), &err);
    assert_close(jaccard[0], 2.0 / 3.0, 1e-15);
    assert_close(jaccard[1], 1.0 / 6.0, 1e-15);
    assert_close(jaccard[4], 2.0 / 4.0, 1e-15);
    assert_close(jaccard[7], 1.0 / 4.0, 1e-15);
    assert_true(exactly(jaccard[2], 0.0) && exactly(jaccard[8], 0.0));
}

/* Best sum over all ways to pair the rows from `row` on, by trying them. */
static double best_by_trying(const double *gain, size_t rows, size_t cols, size_t row,
                             unsigned used)
{
    if (row == rows) {
        return 0.0;
    }
    double best = best_by_trying(gain, rows, cols, row + 1, used);
    for (size_t c = 0; c < cols; c++) {
        if ((used >> c & 1U) == 0) {
            double with =
                gain[row * cols + c] + best_by_trying(gain, rows, cols, row + 1, used | 1U << c);
            best = fmax(best, with);
        }
    }
    return best;
}

static void matching_is_as_good_as_any_pairing(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 11, 0);
    for (size_t round = 0; round < 600; round++) {
        double gain[36];
        size_t rows = 1 + rng_below(&r, 6);
        size_t cols = 1 + rng_below(&r, 6);
        for (size_t i = 0; i < rows * cols; i++) {
            /* Ties and pairs that cost something in every other round */
            gain[i] = round % 2 == 0 ? rng_uniform(&r) : floor(7.0 * rng_uniform(&r)) - 2.0;
        }
        size_t col_of_row[6];
        strata_error err = {0};
        assert_ok(partition_match(gain, rows, cols, col_of_row, &err), &err);
        double sum = 0.0;
        unsigned used = 0;
        for (size_t i = 0; i < rows; i++) {
            if (col_of_row[i] != SIZE_MAX) {
                assert_true(col_of_row[i] < cols && (used >> col_of_row[i] & 1U) == 0);
                assert_true(gain[i * cols + col_of_row[i]] > 0.0);
                used |= 1U << col_of_row[i];
                sum += gain[i * cols + col_of_row[i]];
            }
        }
        assert_close(sum + 1.0, best_by_trying(gain, rows, cols, 0, 0) + 1.0, 1e-14);
    }
}

static void matching_refuses_gains_that_are_no_numbers(void **state)
{
    (void)state;
    static const double gain[] = {1.0, 2.0, NAN, 3.0};
    size_t col_of_row[2] = {7, 7};
    strata_error err = {0};
    assert_int_equal(partition_match(gain, 2, 2, col_of_row, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "the gain of row 1 and column 0 is nan");
    assert_int_equal(col_of_row[0], 7);
    assert_ok(partition_match(gain, 0, 2, col_of_row, &err), &err);
    assert_ok(partition_match(gain, 1, 0, col_of_row, &err), &err);
    assert_true(col_of_row[0] == SIZE_MAX);
}

/* --- stability --- */

enum { POINTS = 90 };

/* Groups that are there: thirds of the rows. Named differently each time. */
static strata_status find_thirds(void *payload, size_t replicate, const uint32_t *rows, size_t n,
                                 uint32_t *label, size_t *k, strata_error *err)
{
    (void)payload;
    (void)err;
    *k = 3;
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || rows[i] >= rows[i - 1]);
        label[i] = (uint32_t)((rows[i] / (POINTS / 3) + replicate) % 3);
    }
    return STRATA_OK;
}

/* The first third is found, the rest at random. */
static strata_status find_one(void *payload, size_t replicate, const uint32_t *rows, size_t n,
                              uint32_t *label, size_t *k, strata_error *err)
{
    (void)payload;
    (void)err;
    rng r;
    rng_init(&r, replicate, 77);
    *k = 5;
    for (size_t i = 0; i < n; i++) {
        bool again = i > 0 && rows[i] == rows[i - 1];
        label[i] = rows[i] < POINTS / 3 ? 0 : again ? label[i - 1] : 1 + (uint32_t)rng_below(&r, 4);
    }
    return STRATA_OK;
}

static strata_status give_bad_label(void *payload, size_t replicate, const uint32_t *rows, size_t n,
                                    uint32_t *label, size_t *k, strata_error *err)
{
    (void)payload;
    (void)replicate;
    (void)rows;
    (void)err;
    *k = 2;
    memset(label, 0, n * sizeof *label);
    label[n - 1] = 2;
    return STRATA_OK;
}

/* NOLINTBEGIN(readability-non-const-parameter): a refit writes labels; this one has none */
static strata_status refuse(void *payload, size_t replicate, const uint32_t *rows, size_t n,
                            uint32_t *label, size_t *k, strata_error *err)
/* NOLINTEND(readability-non-const-parameter) */
{
    (void)payload;
    (void)rows;
    (void)n;
    (void)label;
    *k = 0;
    return strata_fail(err, STRATA_E_NUMERIC, "refit %zu failed", replicate);
}

static void label_thirds(uint32_t label[POINTS])
{
    for (uint32_t i = 0; i < POINTS; i++) {
        label[i] = i / (POINTS / 3);
    }
}

static void groups_that_come_again_are_stable(void **state)
{
    (void)state;
    uint32_t label[POINTS];
    label_thirds(label);
    context cx = {.threads = 2, .seed = 4};
    partition_trial t = {label, POINTS, 3, 40, 0, 0, find_thirds, NULL};
    partition_stability got[3];
    strata_error err = {0};
    assert_ok(partition_bootstrap(&cx, &t, got, &err), &err);
    for (size_t g = 0; g < 3; g++) {
        assert_true(exactly(got[g].mean, 1.0));
        assert_int_equal(got[g].replicates, 40);
        assert_int_equal(got[g].recovered, 40);
        assert_int_equal(got[g].dissolved, 0);
    }
}

static void groups_found_by_chance_dissolve_on_any_threads(void **state)
{
    (void)state;
    uint32_t label[POINTS];
    label_thirds(label);
    partition_trial t = {label, POINTS, 3, 50, 60, 9, find_one, NULL};
    partition_stability one[3];
    partition_stability seven[3];
    strata_error err = {0};
    context cx = {.threads = 1, .seed = 4};
    assert_ok(partition_bootstrap(&cx, &t, one, &err), &err);
    cx.threads = 7;
    assert_ok(partition_bootstrap(&cx, &t, seven, &err), &err);
    assert_memory_equal(one, seven, sizeof one);
    assert_true(exactly(one[0].mean, 1.0));
    for (size_t g = 1; g < 3; g++) {
        assert_true(one[g].mean > 0.1 && one[g].mean < 0.4);
        assert_true(one[g].dissolved >= 48 && one[g].recovered == 0);
    }
}

/* A group of one thing is drawn in about 63 % of the replicates; one of none never. */
static void a_group_counts_only_where_it_was_drawn(void **state)
{
    (void)state;
    uint32_t label[POINTS] = {[POINTS - 1] = 1};
    context cx = {.threads = 1, .seed = 8};
    partition_trial t = {label, POINTS, 3, 400, 0, 0, find_thirds, NULL};
    partition_stability got[3];
    strata_error err = {0};
    assert_ok(partition_bootstrap(&cx, &t, got, &err), &err);
    assert_int_equal(got[0].replicates, 400);
    assert_true(got[1].replicates > 220 && got[1].replicates < 285);
    assert_int_equal(got[2].replicates, 0);
    assert_true(isnan(got[2].mean));
}

static void a_refit_that_fails_or_lies_is_reported(void **state)
{
    (void)state;
    uint32_t label[POINTS];
    label_thirds(label);
    context cx = {.threads = 1, .seed = 8};
    partition_trial t = {label, POINTS, 3, 4, 0, 0, refuse, NULL};
    partition_stability got[3] = {{.replicates = 77}};
    strata_error err = {0};
    assert_int_equal(partition_bootstrap(&cx, &t, got, &err), STRATA_E_NUMERIC);
    assert_string_equal(err.message, "refit 0 failed");
    t.refit = give_bad_label;
    assert_int_equal(partition_bootstrap(&cx, &t, got, &err), STRATA_E_INTERNAL);
    assert_string_equal(err.message, "a refit with 2 groups gave label 2");
    t.k = 2;
    assert_int_equal(partition_bootstrap(&cx, &t, got, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "point 60 has label 2 of 2 groups");
    t.n = 0;
    assert_int_equal(partition_bootstrap(&cx, &t, got, &err), STRATA_E_DATA);
    sig_atomic_t stop = 1;
    cx.cancelled = &stop;
    t.n = POINTS;
    t.k = 3;
    assert_int_equal(partition_bootstrap(&cx, &t, got, &err), STRATA_E_CANCELLED);
    assert_int_equal(got[0].replicates, 77);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const uint32_t groups[] = {0, 1};
    static const double gain[] = {1, 2, 3, 4};
    uint32_t label[POINTS];
    label_thirds(label);
    context cx = {.threads = 1, .seed = 1};
    partition_trial t = {label, POINTS, 3, 2, 0, 0, find_thirds, NULL};
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        double got = -1.0;
        strata_status st = adjusted_rand_index(groups, groups, 2, &got, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(got, -1.0));
    });
    FAILURE_LOOP(failures, {
        size_t got[2] = {5, 5};
        strata_status st = partition_match(gain, 2, 2, got, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, got[0] == 5);
    });
    FAILURE_LOOP(failures, {
        partition_stability got[3] = {{.replicates = 77}};
        strata_status st = partition_bootstrap(&cx, &t, got, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, got[0].replicates == 77);
    });
    assert_true(failures >= 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rand_index_matches_sklearn),
        cmocka_unit_test(rand_index_does_not_see_the_names_of_groups),
        cmocka_unit_test(overlap_and_jaccard_count_pairs_of_groups),
        cmocka_unit_test(matching_is_as_good_as_any_pairing),
        cmocka_unit_test(matching_refuses_gains_that_are_no_numbers),
        cmocka_unit_test(groups_that_come_again_are_stable),
        cmocka_unit_test(groups_found_by_chance_dissolve_on_any_threads),
        cmocka_unit_test(a_group_counts_only_where_it_was_drawn),
        cmocka_unit_test(a_refit_that_fails_or_lies_is_reported),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("partition", tests, NULL, NULL);
}
