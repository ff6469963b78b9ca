/* SPDX-License-Identifier: Apache-2.0 */
/* The gap statistic against R, on clusters that are there and on none; principal axes. */
#include "strata_test.h"

#include "exactly.h"
#include "iris.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/clustering/gap.h"
#include "stats/clustering/principal_axes.h"

static const context alone = {.threads = 1, .seed = 1};
static const points iris_points = {iris, IRIS_N, IRIS_D};

static arena *new_arena(void)
{
    arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    return a;
}

/* R 4.2.2: eigen(cov(iris[, 1:4]) * 149 / 150), signs by the largest component */
static void axes_of_iris_are_those_of_r(void **state)
{
    (void)state;
    static const double values[] = {4.2000534279946296, 0.2410529429424424, 0.0776881033759665,
                                    0.0236761923536264};
    static const double vectors[4][4] = {
        {0.3613865917853686, -0.0845225140645687, 0.8566706059498350, 0.3582891971515507},
        {0.6565887712868417, 0.7301614347850269, -0.1733726627958570, -0.0754810199174638},
        {-0.5820298513060658, 0.5979108301000859, 0.0762360758209639, 0.5458314320200742},
        {0.315487192903975, -0.319723103666128, -0.479838986994634, 0.753657425264046}};
    double variance[4];
    double axes[16];
    strata_error err = {0};
    assert_ok(principal_axes(&iris_points, variance, axes, &err), &err);
    for (size_t i = 0; i < 4; i++) {
        assert_close(variance[i], values[i], 1e-12);
        for (size_t j = 0; j < 4; j++) {
            assert_close(axes[i * 4 + j], vectors[i][j], 1e-10);
        }
    }
}

static void eigenvectors_put_the_matrix_together_again(void **state)
{
    (void)state;
    enum { D = 12 };
    rng r;
    rng_init(&r, 3, 0);
    for (size_t round = 0; round < 20; round++) {
        double a[D * D];
        double used[D * D];
        double value[D];
        double v[D * D];
        size_t d = 1 + round % D;
        for (size_t i = 0; i < d; i++) {
            for (size_t j = 0; j <= i; j++) {
                /* Now and then a row of zeros, and values of very different size */
                double x = i % 5 == 4 ? 0.0 : rng_normal(&r) * pow(10.0, (double)(round % 4 * i));
                a[i * d + j] = x;
                a[j * d + i] = x;
            }
        }
        memcpy(used, a, sizeof a);
        strata_error err = {0};
        assert_ok(symmetric_eigen(used, d, value, v, &err), &err);
        double size = fmax(fabs(value[0]), fabs(value[d - 1]));
        for (size_t i = 0; i < d; i++) {
            assert_true(i == 0 || value[i - 1] >= value[i]);
            for (size_t j = 0; j < d; j++) {
                double sum = 0.0;
                double dot = 0.0;
                for (size_t k = 0; k < d; k++) {
                    sum += value[k] * v[k * d + i] * v[k * d + j];
                    dot += v[i * d + k] * v[j * d + k];
                }
                assert_true(fabs(sum - a[i * d + j]) <= 1e-13 * size);
                assert_true(fabs(dot - (i == j ? 1.0 : 0.0)) <= 1e-13);
            }
        }
    }
    double bad[] = {1, NAN, NAN, 1};
    double value[2];
    double v[4];
    strata_error err = {0};
    assert_int_equal(symmetric_eigen(bad, 2, value, v, &err), STRATA_E_NUMERIC);
}

/* R 4.2.2, cluster 2.1.4: clusGap(iris[, 1:4], d.power = 2, B = 1000) with kmeans(x, k, nstart =
 * 20, iter.max = 100, algorithm = "Lloyd"). Means over 1000 references are known to .002, ours over
 * 200 to .005. */
static void gaps_of_iris_are_those_of_r(void **state)
{
    (void)state;
    static const double gap[] = {0.0782, 0.5929, 0.8753, 1.0036, 1.0479, 1.0704};
    static const double s[] = {0.0602, 0.0464, 0.0456, 0.0440, 0.0412, 0.0398};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    gap_step steps[6];
    size_t chosen = 0;
    strata_error err = {0};
    context two = {.threads = 2, .seed = 1};
    assert_ok(gap_compute(&two, &iris_points, &(gap_options){6, 200, 0}, a, steps, &chosen, &err),
              &err);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(steps[i].k, i + 1);
        assert_close_at(steps[i].gap, gap[i], 0.0, 0.012, __FILE__, __LINE__);
        assert_close(steps[i].s, s[i], 0.2);
        assert_close(steps[i].gap, steps[i].expected_log_w - steps[i].log_w, 1e-14);
    }
    assert_close(steps[2].log_w, log(78.851441), 1e-6); /* the published optima */
    assert_close(steps[1].log_w, log(152.347952), 1e-6);
    for (size_t k = 1; k <= chosen; k++) {
        bool enough = k == 6 || steps[k - 1].gap >= steps[k].gap - steps[k].s;
        assert_true(enough == (k == chosen));
    }
}

enum { N = 240, D = 3 };

/* Points around `k` corners; 0: evenly spread over a box that stands askew. */
static void make_points(double x[N * D], size_t k, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 0);
    for (size_t i = 0; i < N; i++) {
        if (k == 0) {
            double u = 4.0 * rng_uniform(&r);
            x[i * D] = u;
            x[i * D + 1] = u + rng_uniform(&r);
            x[i * D + 2] = 2.0 * rng_uniform(&r);
            continue;
        }
        for (size_t j = 0; j < D; j++) {
            x[i * D + j] = rng_normal(&r) + 7.0 * (double)((i % k) >> j & 1);
        }
    }
}

static size_t choice(const double *x, size_t k_max)
{
    STRATA_AUTO(arena_free) arena *a = new_arena();
    points p = {x, N, D};
    gap_step steps[8];
    size_t chosen = 0;
    strata_error err = {0};
    assert_ok(gap_compute(&alone, &p, &(gap_options){k_max, 30, 5}, a, steps, &chosen, &err), &err);
    return chosen;
}

static void planted_clusters_are_counted(void **state)
{
    (void)state;
    double x[N * D];
    for (size_t k = 1; k <= 4; k++) {
        make_points(x, k, k);
        assert_int_equal(choice(x, 6), k);
    }
    make_points(x, 0, 9);
    assert_int_equal(choice(x, 6), 1);
    make_points(x, 4, 4);
    assert_int_equal(choice(x, 3), 3); /* more than were asked for */
}

static void neither_threads_nor_order_change_a_bit(void **state)
{
    (void)state;
    double x[N * D];
    double shuffled[N * D];
    uint32_t order[N];
    make_points(x, 3, 2);
    for (uint32_t i = 0; i < N; i++) {
        order[i] = i;
    }
    rng r;
    rng_init(&r, 1, 0);
    rng_shuffle(&r, order, N);
    for (size_t i = 0; i < N; i++) {
        memcpy(shuffled + i * D, x + (size_t)order[i] * D, D * sizeof *x);
    }
    STRATA_AUTO(arena_free) arena *a = new_arena();
    context seven = {.threads = 7, .seed = 1};
    points p = {x, N, D};
    points q = {shuffled, N, D};
    gap_step one[4];
    gap_step other[4];
    size_t chosen[2];
    strata_error err = {0};
    assert_ok(gap_compute(&alone, &p, &(gap_options){4, 8, 0}, a, one, &chosen[0], &err), &err);
    assert_ok(gap_compute(&seven, &q, &(gap_options){4, 8, 0}, a, other, &chosen[1], &err), &err);
    assert_memory_equal(one, other, sizeof one);
    assert_int_equal(chosen[0], chosen[1]);
    assert_ok(gap_compute(&alone, &p, &(gap_options){4, 8, 1}, a, other, &chosen[1], &err), &err);
    assert_false(exactly(one[2].expected_log_w, other[2].expected_log_w)); /* another stream */
}

static void constant_features_add_nothing(void **state)
{
    (void)state;
    double x[N * D];
    double wide[N * (D + 1)];
    make_points(x, 3, 2);
    for (size_t i = 0; i < N; i++) {
        memcpy(wide + i * (D + 1), x + i * D, D * sizeof *x);
        wide[i * (D + 1) + D] = 1e6;
    }
    STRATA_AUTO(arena_free) arena *a = new_arena();
    points p = {wide, N, D + 1};
    gap_step steps[5];
    size_t chosen = 0;
    strata_error err = {0};
    assert_ok(gap_compute(&alone, &p, &(gap_options){5, 20, 0}, a, steps, &chosen, &err), &err);
    assert_int_equal(chosen, 3);
}

static void expect_refusal(const points *p, size_t k_max, size_t references, strata_status want,
                           const char *message)
{
    STRATA_AUTO(arena_free) arena *a = new_arena();
    gap_step steps[8] = {{.k = 77}};
    size_t chosen = 77;
    strata_error err = {0};
    assert_int_equal(
        gap_compute(&alone, p, &(gap_options){k_max, references, 0}, a, steps, &chosen, &err),
        want);
    assert_string_equal(err.message, message);
    assert_true(steps[0].k == 77 && chosen == 77);
}

static void what_has_no_gap_is_refused(void **state)
{
    (void)state;
    static const double same[] = {4, 4, 4, 4};
    static const double two[] = {4, 5, 4, 5};
    static const double missing[] = {4, NAN, 4, 5};
    points p = {same, 4, 1};
    expect_refusal(&p, 1, 10, STRATA_E_DATA,
                   "the gap of 1 clusters needs more different points than clusters, not 1");
    p.x = two;
    expect_refusal(&p, 2, 10, STRATA_E_DATA,
                   "the gap of 2 clusters needs more different points than clusters, not 2");
    expect_refusal(&p, 0, 10, STRATA_E_USAGE, "a gap needs clusters and references, not 0, 10");
    expect_refusal(&p, 2, 0, STRATA_E_USAGE, "a gap needs clusters and references, not 2, 0");
    p.x = missing;
    expect_refusal(&p, 1, 10, STRATA_E_DATA,
                   "coordinate 0 of point 1 is nan: fill in or drop missing values");
    sig_atomic_t stop = 1;
    context cx = {.threads = 2, .cancelled = &stop};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    gap_step steps[2];
    size_t chosen = 77;
    strata_error err = {0};
    assert_int_equal(
        gap_compute(&cx, &iris_points, &(gap_options){2, 3, 0}, a, steps, &chosen, &err),
        STRATA_E_CANCELLED);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    points p = {iris, 20, IRIS_D};
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        STRATA_AUTO(arena_free) arena *a = NULL;
        gap_step steps[2] = {{.k = 77}};
        size_t chosen = 77;
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK
                 ? gap_compute(&alone, &p, &(gap_options){2, 1, 0}, a, steps, &chosen, &err)
                 : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, steps[0].k == 77 && chosen == 77);
    });
    assert_true(failures >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_of_iris_are_those_of_r),
        cmocka_unit_test(eigenvectors_put_the_matrix_together_again),
        cmocka_unit_test(gaps_of_iris_are_those_of_r),
        cmocka_unit_test(planted_clusters_are_counted),
        cmocka_unit_test(neither_threads_nor_order_change_a_bit),
        cmocka_unit_test(constant_features_add_nothing),
        cmocka_unit_test(what_has_no_gap_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("gap", tests, NULL, NULL);
}
