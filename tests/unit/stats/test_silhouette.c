/* SPDX-License-Identifier: Apache-2.0 */
/* Silhouettes: against R and sklearn, against a naive computation, and what must not change them.
 */
#include "strata_test.h"

#include "exactly.h"
#include "iris.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/clustering/kmeans.h"
#include "stats/clustering/silhouette.h"

static const context alone = {.threads = 1, .seed = 1};
static const points iris_points = {iris, IRIS_N, IRIS_D};

static arena *new_arena(void)
{
    arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    return a;
}

/* R 4.2.2, cluster 2.1.4: silhouette(as.integer(iris$Species), dist(iris[, 1:4])) */
static void species_of_iris_have_the_widths_r_gives(void **state)
{
    (void)state;
    static const double want[] = {0.7893812421871648, 0.4090846395969879, 0.3119664402957373};
    uint32_t label[IRIS_N];
    for (size_t i = 0; i < IRIS_N; i++) {
        label[i] = iris_species(i);
    }
    STRATA_AUTO(arena_free) arena *a = new_arena();
    silhouette s;
    strata_error err = {0};
    assert_ok(silhouette_compute(&alone, &iris_points, label, 3, a, &s, &err), &err);
    for (size_t c = 0; c < 3; c++) {
        assert_close(s.by_cluster[c], want[c], 1e-13);
    }
    assert_close(s.mean, 0.5034774406932967, 1e-13);
}

/* Published for the k-means optima: .681046 for k = 2, .552819 for k = 3 */
static void best_clusters_of_iris_have_the_published_widths(void **state)
{
    (void)state;
    static const double want[] = {.681046, .552819};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t k = 2; k <= 3; k++) {
        kmeans_options o = {.k = k, .n_starts = 20, .max_iterations = 100};
        kmeans_fit fit;
        silhouette s;
        strata_error err = {0};
        assert_ok(kmeans_run(&alone, &iris_points, &o, a, &fit, &err), &err);
        assert_ok(silhouette_compute(&alone, &iris_points, fit.label, k, a, &s, &err), &err);
        assert_close_at(s.mean, want[k - 2], 0.0, 5e-7, __FILE__, __LINE__);
    }
}

/* R, as above: c(1, 1, 1, 2, 2, 3) on (0,0) twice, (1,1), (10,10), (11,11), (50,50) */
static void a_point_alone_has_width_zero(void **state)
{
    (void)state;
    static const double x[] = {0, 0, 0, 0, 1, 1, 10, 10, 11, 11, 50, 50};
    static const uint32_t label[] = {0, 0, 0, 1, 1, 2};
    static const double want[] = {0.9523809523809523, 0.9523809523809523, 0.8947368421052631,
                                  0.8965517241379309, 0.9062499999999999, 0.0};
    points p = {x, 6, 2};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    silhouette s;
    strata_error err = {0};
    assert_ok(silhouette_compute(&alone, &p, label, 4, a, &s, &err), &err);
    for (size_t i = 0; i < 6; i++) {
        assert_close_at(s.by_point[i], want[i], 1e-14, 1e-15, __FILE__, __LINE__);
    }
    assert_true(exactly(s.by_cluster[2], 0.0));
    assert_true(isnan(s.by_cluster[3])); /* nobody is in it */
}

/* --- random points --- */

enum { N_MAX = 700, D_MAX = 11, K_MAX = 9 };

typedef struct sample {
    double x[N_MAX * D_MAX];
    uint32_t label[N_MAX];
    points p;
    size_t k;
} sample;

/* Around as many centres as labels; every label has a point. */
static void make_sample(sample *s, size_t n, size_t d, size_t k, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 0);
    for (size_t i = 0; i < n; i++) {
        s->label[i] = i < k ? (uint32_t)i : (uint32_t)rng_below(&r, k);
        for (size_t j = 0; j < d; j++) {
            double centre = (double)((s->label[i] * (j + 3)) % 7);
            s->x[i * d + j] = centre + rng_normal(&r);
        }
    }
    s->p = (points){s->x, n, d};
    s->k = k;
}

static double distance(const sample *s, size_t i, size_t j)
{
    double sum = 0.0;
    for (size_t c = 0; c < s->p.d; c++) {
        double off = s->x[i * s->p.d + c] - s->x[j * s->p.d + c];
        sum += off * off;
    }
    return sqrt(sum);
}

static double naive_width(const sample *s, size_t i)
{
    double sum[K_MAX] = {0};
    double n[K_MAX] = {0};
    for (size_t j = 0; j < s->p.n; j++) {
        if (j != i) {
            sum[s->label[j]] += distance(s, i, j);
            n[s->label[j]] += 1.0;
        }
    }
    double within = sum[s->label[i]] / n[s->label[i]];
    double nearest = INFINITY;
    for (size_t c = 0; c < s->k; c++) {
        nearest = c != s->label[i] ? fmin(nearest, sum[c] / n[c]) : nearest;
    }
    return n[s->label[i]] > 0.0 ? (nearest - within) / fmax(within, nearest) : 0.0;
}

/* Sizes around the edges of lanes and tiles */
static void widths_are_those_of_a_naive_computation(void **state)
{
    (void)state;
    static const size_t cases[][3] = {{2, 1, 2},   {3, 2, 2},   {9, 1, 2},    {64, 3, 2},
                                      {65, 4, 3},  {130, 8, 2}, {257, 11, 9}, {500, 2, 4},
                                      {699, 5, 7}, {700, 7, 3}};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t i = 0; i < COUNT(cases); i++) {
        sample s;
        make_sample(&s, cases[i][0], cases[i][1], cases[i][2], i);
        silhouette got;
        strata_error err = {0};
        assert_ok(silhouette_compute(&alone, &s.p, s.label, s.k, a, &got, &err), &err);
        double mean = 0.0;
        double by_cluster[K_MAX] = {0};
        size_t size[K_MAX] = {0};
        for (size_t j = 0; j < s.p.n; j++) {
            double want = naive_width(&s, j);
            assert_close_at(got.by_point[j], want, 1e-11, 1e-12, __FILE__, __LINE__);
            mean += want / (double)s.p.n;
            by_cluster[s.label[j]] += want;
            size[s.label[j]]++;
        }
        assert_close_at(got.mean, mean, 1e-11, 1e-12, __FILE__, __LINE__);
        for (size_t c = 0; c < s.k; c++) {
            assert_close_at(got.by_cluster[c], by_cluster[c] / (double)size[c], 1e-11, 1e-12,
                            __FILE__, __LINE__);
        }
    }
}

static void neither_threads_nor_order_nor_names_change_a_bit(void **state)
{
    (void)state;
    enum { N = 650, D = 4, K = 5 };
    sample s;
    sample shuffled;
    uint32_t order[N];
    make_sample(&s, N, D, K, 77);
    shuffled.p = (points){shuffled.x, N, D};
    rng r;
    rng_init(&r, 1, 0);
    for (uint32_t i = 0; i < N; i++) {
        order[i] = i;
    }
    rng_shuffle(&r, order, N);
    for (size_t i = 0; i < N; i++) {
        memcpy(shuffled.x + i * D, s.x + (size_t)order[i] * D, D * sizeof(double));
        shuffled.label[i] = (s.label[order[i]] * 3 + 1) % K;
    }
    STRATA_AUTO(arena_free) arena *a = new_arena();
    context seven = {.threads = 7, .seed = 3};
    silhouette one;
    silhouette other;
    strata_error err = {0};
    assert_ok(silhouette_compute(&alone, &s.p, s.label, K, a, &one, &err), &err);
    assert_ok(silhouette_compute(&seven, &shuffled.p, shuffled.label, K, a, &other, &err), &err);
    assert_true(exactly(one.mean, other.mean));
    for (size_t i = 0; i < N; i++) {
        assert_true(exactly(one.by_point[order[i]], other.by_point[i]));
    }
    for (size_t c = 0; c < K; c++) {
        assert_true(exactly(one.by_cluster[c], other.by_cluster[(c * 3 + 1) % K]));
    }
}

static void duplicates_and_constants_are_nothing_special(void **state)
{
    (void)state;
    static const double same[] = {5, 5, 5, 5};
    static const double pairs[] = {5, 1, 5, 1, 5, 2, 5, 2};
    static const uint32_t label[] = {0, 0, 1, 1};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    silhouette s;
    strata_error err = {0};
    points p = {same, 4, 1};
    assert_ok(silhouette_compute(&alone, &p, label, 2, a, &s, &err), &err);
    assert_true(exactly(s.mean, 0.0)); /* nothing is nearer than anything else */
    p = (points){pairs, 4, 2};
    assert_ok(silhouette_compute(&alone, &p, label, 2, a, &s, &err), &err);
    assert_true(exactly(s.mean, 1.0));
    p = (points){pairs + 1, 2, 1};
    assert_ok(silhouette_compute(&alone, &p, label + 1, 2, a, &s, &err), &err);
    assert_true(exactly(s.mean, 0.0)); /* two points, each alone */
}

static void expect_refusal(const points *p, const uint32_t *label, size_t k, strata_status want,
                           const char *message)
{
    STRATA_AUTO(arena_free) arena *a = new_arena();
    silhouette s = {.mean = 77.0};
    strata_error err = {0};
    assert_int_equal(silhouette_compute(&alone, p, label, k, a, &s, &err), want);
    assert_string_equal(err.message, message);
    assert_true(exactly(s.mean, 77.0));
}

static void what_has_no_silhouette_is_refused(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3};
    static const double missing[] = {1, NAN, 3};
    static const double huge[] = {1e300, -1e300, 1e300};
    static const uint32_t label[] = {0, 1, 0};
    static const uint32_t one[] = {1, 1, 1};
    points p = {x, 3, 1};
    expect_refusal(&p, one, 2, STRATA_E_DATA,
                   "all 3 points are in one cluster: a silhouette needs two");
    expect_refusal(&p, one, 1, STRATA_E_DATA, "point 0 has label 1 of 1 clusters");
    p.x = missing;
    expect_refusal(&p, label, 2, STRATA_E_DATA,
                   "coordinate 0 of point 1 is nan: fill in or drop missing values");
    p.x = huge;
    expect_refusal(&p, label, 2, STRATA_E_NUMERIC,
                   "distances of point 0 are too large to be added: scale the coordinates");
    p.n = 0;
    expect_refusal(&p, label, 2, STRATA_E_DATA, "there are no points");
}

static void a_cancelled_computation_stops(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 100, 2, 3, 1);
    sig_atomic_t stop = 1;
    context cx = {.threads = 2, .cancelled = &stop};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    silhouette got;
    strata_error err = {0};
    assert_int_equal(silhouette_compute(&cx, &s.p, s.label, 3, a, &got, &err), STRATA_E_CANCELLED);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 20, 2, 3, 1);
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        STRATA_AUTO(arena_free) arena *a = NULL;
        silhouette got = {.mean = 77.0};
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? silhouette_compute(&alone, &s.p, s.label, 3, a, &got, &err) : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(got.mean, 77.0));
    });
    assert_true(failures >= 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(species_of_iris_have_the_widths_r_gives),
        cmocka_unit_test(best_clusters_of_iris_have_the_published_widths),
        cmocka_unit_test(a_point_alone_has_width_zero),
        cmocka_unit_test(widths_are_those_of_a_naive_computation),
        cmocka_unit_test(neither_threads_nor_order_nor_names_change_a_bit),
        cmocka_unit_test(duplicates_and_constants_are_nothing_special),
        cmocka_unit_test(what_has_no_silhouette_is_refused),
        cmocka_unit_test(a_cancelled_computation_stops),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("silhouette", tests, NULL, NULL);
}
