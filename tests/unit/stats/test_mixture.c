/* SPDX-License-Identifier: Apache-2.0 */
/* Gaussian mixtures: against mclust, scikit-learn and the densities written out; awkward data. */
#include "strata_test.h"

#include "clusters_expected.h"
#include "exactly.h"
#include "iris.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/clustering/mixture.h"

static const mixture_shape shapes[] = {MIXTURE_FULL, MIXTURE_DIAGONAL, MIXTURE_TIED,
                                       MIXTURE_SPHERICAL};

static mixture_options options_of(size_t k, mixture_shape shape)
{
    return (mixture_options){.k = k,
                             .shape = shape,
                             .n_starts = 3,
                             .max_iterations = MIXTURE_ITERATIONS,
                             .tolerance = MIXTURE_TOLERANCE,
                             .ridge = MIXTURE_RIDGE};
}

static mixture_fit fit_with(points p, mixture_options o, int threads, arena *a)
{
    context cx = {.threads = threads, .seed = 1};
    mixture_fit fit = {0};
    strata_error err = {0};
    assert_ok(mixture_run(&cx, &p, &o, a, &fit, &err), &err);
    return fit;
}

static void refuse(points p, mixture_options o, strata_status status, const char *message)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    context cx = {.threads = 1, .seed = 1};
    mixture_fit fit = {.k = 99};
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_int_equal(mixture_run(&cx, &p, &o, a, &fit, &err), status);
    assert_string_equal(err.message, message);
    assert_int_equal(fit.k, 99);
}

/* Points around one of `k` places each, so near or far from each other. */
static void make_points(double *x, points p, size_t k, double apart, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 3);
    for (size_t i = 0; i < p.n; i++) {
        for (size_t j = 0; j < p.d; j++) {
            x[i * p.d + j] = (i % k == j % k ? apart : 0.0) + rng_normal(&r);
        }
    }
}

/* Likelihoods on the irises that R's mclust 6.0.0 (VVV, VVI, EEE, VII) and scikit-learn 1.2.1
 * (without a ridge, 30 starts, tolerance 1e-12) agree on; the highest known for full covariances
 * and four components is scikit-learn's. */
static void likelihoods_are_those_of_other_programs(void **state)
{
    static const double expected[4][3] = {{-214.354704371, -180.185477131, -163.061843735},
                                          {-386.185346934, -307.177571598, -264.847565685},
                                          {-296.447574769, -256.354043126, -223.048639634},
                                          {-478.559095769, -384.314095061, -334.286077118}};
    static const double bic[4][3] = {{574.017832270, 580.838907203, 621.751169822},
                                     {857.551493869, 744.631660842, 705.067366664},
                                     {688.097220126, 632.963333309, 591.405702798},
                                     {1012.235179773, 853.808990121, 783.816766001}};
    static const size_t parameters[4][3] = {{29, 44, 59}, {17, 26, 35}, {19, 24, 29}, {11, 17, 23}};
    (void)state;
    for (size_t s = 0; s < COUNT(shapes); s++) {
        for (size_t k = 2; k <= 4; k++) {
            STRATA_AUTO(arena_free) arena *a = NULL;
            strata_error err = {0};
            mixture_options o = {.k = k,
                                 .shape = shapes[s],
                                 .n_starts = 20,
                                 .max_iterations = 20000,
                                 .tolerance = 1e-12};
            assert_ok(arena_new(&a, &err), &err);
            mixture_fit f = fit_with((points){iris, IRIS_N, IRIS_D}, o, 2, a);
            assert_true(f.converged && f.why == NULL);
            assert_true(f.log_likelihood > expected[s][k - 2] - 1e-7);
            assert_close(f.log_likelihood, expected[s][k - 2], 1e-9);
            assert_close(f.bic, bic[s][k - 2], 1e-9);
            assert_int_equal(f.n_parameters, parameters[s][k - 2]);
            assert_int_equal(f.n_degenerate, 0);
        }
    }
}

static void random_points_are_as_likely_as_in_scikit_learn_or_more(void **state)
{
    static double x[900 * 5];
    (void)state;
    for (size_t row = 0; row < COUNT(mixture_rows); row++) {
        points p = {x, mixture_rows[row].n, mixture_rows[row].d};
        cluster_points(x, p.n, p.d, mixture_rows[row].groups, mixture_rows[row].apart, row + 101);
        for (size_t s = 0; s < COUNT(shapes); s++) {
            STRATA_AUTO(arena_free) arena *a = NULL;
            strata_error err = {0};
            mixture_options o = {.k = mixture_rows[row].k,
                                 .shape = shapes[s],
                                 .n_starts = 3,
                                 .max_iterations = 5000,
                                 .tolerance = 1e-9};
            assert_ok(arena_new(&a, &err), &err);
            mixture_fit f = fit_with(p, o, 2, a);
            assert_true(f.converged);
            assert_true(f.log_likelihood > mixture_rows[row].log_likelihood[s] - 1e-4);
        }
    }
}

enum { D_MAX = 9 };

/* log of the normal density by elimination, as a textbook has it; cov is used up. */
static double log_normal(const double *x, const double *mean, double *cov, size_t d)
{
    double off[D_MAX];
    double sum = 0.0;
    for (size_t i = 0; i < d; i++) {
        off[i] = x[i] - mean[i];
    }
    for (size_t i = 0; i < d; i++) {
        double pivot = cov[i * d + i];
        sum += log(2.0 * acos(-1.0) * pivot) + off[i] * off[i] / pivot;
        for (size_t r = i + 1; r < d; r++) {
            double factor = cov[r * d + i] / pivot;
            off[r] -= factor * off[i];
            for (size_t c = i; c < d; c++) {
                cov[r * d + c] -= factor * cov[i * d + c];
            }
        }
    }
    return -0.5 * sum;
}

/* Log-likelihood, labels and certainties written out. */
static void check_fit(points p, const mixture_fit *f)
{
    double total = 0.0;
    double weights = 0.0;
    for (size_t c = 0; c < f->k; c++) {
        weights += f->weight[c];
        assert_true(c == 0 || f->weight[c] <= f->weight[c - 1]);
    }
    assert_close(weights, 1.0, 1e-12);
    for (size_t i = 0; i < p.n; i++) {
        double density[D_MAX];
        double most = -INFINITY;
        double sum = 0.0;
        for (size_t c = 0; c < f->k; c++) {
            double cov[D_MAX * D_MAX];
            memcpy(cov, f->covariance + c * p.d * p.d, p.d * p.d * sizeof *cov);
            density[c] = log(f->weight[c]) + log_normal(p.x + i * p.d, f->mean + c * p.d, cov, p.d);
            most = fmax(most, density[c]);
        }
        for (size_t c = 0; c < f->k; c++) {
            sum += exp(density[c] - most);
        }
        total += most + log(sum);
        assert_true(f->certainty[i] >= 1.0 / (double)f->k - 1e-12 && f->certainty[i] <= 1.0);
        assert_close_at(f->certainty[i], exp(density[f->label[i]] - most) / sum, 1e-9, 0.0,
                        __FILE__, __LINE__);
    }
    assert_close(f->log_likelihood, total, 1e-10);
}

static void densities_are_those_of_the_textbook(void **state)
{
    enum { N = 1000 };
    static double x[N * D_MAX];
    (void)state;
    for (size_t s = 0; s < COUNT(shapes); s++) {
        for (size_t d = 1; d <= D_MAX; d++) {
            STRATA_AUTO(arena_free) arena *a = NULL;
            strata_error err = {0};
            points p = {x, 100 + 97 * d, d};
            make_points(x, p, 3, 2.0, d);
            assert_ok(arena_new(&a, &err), &err);
            mixture_fit f = fit_with(p, options_of(3, shapes[s]), 1, a);
            check_fit(p, &f);
        }
    }
}

static void shapes_are_what_they_are_called(void **state)
{
    enum { N = 600, D = 3 };
    static double x[N * D];
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    points p = {x, N, D};
    (void)state;
    make_points(x, p, 2, 4.0, 1);
    assert_ok(arena_new(&a, &err), &err);
    mixture_fit diagonal = fit_with(p, options_of(2, MIXTURE_DIAGONAL), 1, a);
    mixture_fit tied = fit_with(p, options_of(2, MIXTURE_TIED), 1, a);
    mixture_fit spherical = fit_with(p, options_of(2, MIXTURE_SPHERICAL), 1, a);
    mixture_fit full = fit_with(p, options_of(2, MIXTURE_FULL), 1, a);
    for (size_t i = 0; i < D; i++) {
        for (size_t j = 0; j < D; j++) {
            size_t at = i * D + j;
            assert_true(i == j || exactly(diagonal.covariance[at], 0.0));
            assert_true(exactly(tied.covariance[at], tied.covariance[D * D + at]));
            assert_true(exactly(spherical.covariance[at], i == j ? spherical.covariance[0] : 0.0));
            assert_true(exactly(full.covariance[at], full.covariance[j * D + i]));
        }
    }
    assert_true(full.log_likelihood >= diagonal.log_likelihood - 0.1);
    assert_true(diagonal.log_likelihood >= spherical.log_likelihood - 0.1);
}

static void separate_components_are_recovered_for_any_number_of_threads(void **state)
{
    enum { N = 30000, D = 4, K = 4 };
    static double x[N * D];
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    points p = {x, N, D};
    size_t uncertain = 0;
    (void)state;
    make_points(x, p, K, 8.0, 2);
    assert_ok(arena_new(&a, &err), &err);
    mixture_fit one = fit_with(p, options_of(K, MIXTURE_FULL), 1, a);
    mixture_fit three = fit_with(p, options_of(K, MIXTURE_FULL), 3, a);
    assert_memory_equal(one.label, three.label, N * sizeof *one.label);
    assert_memory_equal(one.certainty, three.certainty, N * sizeof *one.certainty);
    assert_memory_equal(one.covariance, three.covariance, K * D * D * sizeof *one.covariance);
    assert_true(exactly(one.log_likelihood, three.log_likelihood));
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(one.label[i], one.label[i % K]);
        uncertain += one.certainty[i] < 0.999;
    }
    assert_true(uncertain < N / 1000);
    for (size_t c = 0; c < K; c++) {
        assert_int_equal(one.size[c], N / K);
        assert_true(fabs(one.weight[c] - 0.25) < 1e-4);
        assert_true(fabs(one.covariance[c * D * D] - 1.0) < 0.05);
    }
}

/* The same points elsewhere have the same likelihood. */
static void nothing_is_cancelled_far_from_zero(void **state)
{
    enum { N = 500, D = 2 };
    static double near[N * D];
    static double far[N * D];
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    (void)state;
    make_points(near, (points){near, N, D}, 2, 5.0, 4);
    for (size_t i = 0; i < N * D; i++) {
        near[i] = floor(near[i] * 1024.0) / 1024.0;
        far[i] = near[i] + 0x1p30;
    }
    assert_ok(arena_new(&a, &err), &err);
    mixture_fit f = fit_with((points){near, N, D}, options_of(2, MIXTURE_FULL), 1, a);
    mixture_fit g = fit_with((points){far, N, D}, options_of(2, MIXTURE_FULL), 1, a);
    assert_close(g.log_likelihood, f.log_likelihood, 1e-6);
    assert_close(g.covariance[0], f.covariance[0], 1e-5);
}

/* Forty copies of one point beside a cloud; a coordinate that never varies. */
static void components_without_extent_are_said(void **state)
{
    enum { N = 240, D = 2 };
    static double x[N * D];
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    (void)state;
    make_points(x, (points){x, N, D}, 1, 0.0, 5);
    for (size_t i = 0; i < 40; i++) {
        x[i * D] = x[i * D + 1] = 20.0;
    }
    assert_ok(arena_new(&a, &err), &err);
    mixture_fit f = fit_with((points){x, N, D}, options_of(2, MIXTURE_FULL), 1, a);
    assert_true(f.converged);
    assert_int_equal(f.n_degenerate, 1);
    assert_false(f.degenerate[0]);
    assert_true(f.degenerate[1]);
    assert_int_equal(f.size[1], 40);
    mixture_options bare = options_of(2, MIXTURE_FULL);
    bare.ridge = 0.0;
    refuse((points){x, N, D}, bare, STRATA_E_DATA,
           "one of 2 components has no variance in some direction: use fewer components, a simpler "
           "shape or a larger ridge than 0");
    for (size_t i = 0; i < N; i++) {
        x[i * D + 1] = 7.0;
    }
    f = fit_with((points){x + 40 * D, N - 40, D}, options_of(2, MIXTURE_DIAGONAL), 1, a);
    assert_int_equal(f.n_degenerate, 2);
}

/* Whole numbers with ties: without a ridge a component shrinks onto equal ones. */
static void a_component_that_collapses_ends_the_fit_in_words(void **state)
{
    enum { N = 60 };
    double x[N];
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    mixture_options o = {
        .k = 4, .n_starts = 1, .max_iterations = 5000, .tolerance = 1e-14, .ridge = 0.0};
    rng r;
    (void)state;
    rng_init(&r, 3, 0);
    for (size_t i = 0; i < N; i++) {
        x[i] = floor(5.0 * rng_normal(&r));
    }
    assert_ok(arena_new(&a, &err), &err);
    mixture_fit f = fit_with((points){x, N, 1}, o, 1, a);
    assert_false(f.converged);
    assert_non_null(strstr(f.why, "a component of 7 points collapsed after "));
    check_fit((points){x, N, 1}, &f);
}

static void a_fit_cut_short_says_so(void **state)
{
    enum { N = 900, D = 2 };
    static double x[N * D];
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    mixture_options o = options_of(3, MIXTURE_FULL);
    (void)state;
    make_points(x, (points){x, N, D}, 2, 2.0, 6);
    o.max_iterations = 2;
    o.n_starts = 1;
    o.tolerance = 1e-12;
    assert_ok(arena_new(&a, &err), &err);
    mixture_fit f = fit_with((points){x, N, D}, o, 1, a);
    assert_false(f.converged);
    assert_int_equal(f.iterations, 2);
    assert_non_null(strstr(f.why, "after 2 iterations the mean log-likelihood still changed by "));
    check_fit((points){x, N, D}, &f);
}

static void wrong_input_is_refused_in_words(void **state)
{
    double x[] = {1, 2, 3, 4, 1, 2};
    points p = {x, 3, 2};
    mixture_options o = options_of(3, MIXTURE_FULL);
    (void)state;
    refuse(p, o, STRATA_E_DATA, "3 clusters need as many different points; there are only 2");
    refuse((points){x, 0, 2}, o, STRATA_E_DATA, "there are no points");
    o.tolerance = 0.0;
    refuse(p, o, STRATA_E_USAGE,
           "a mixture needs a tolerance above 0 and a ridge of 0 or more, not 0 and 1e-06");
    o = options_of(3, MIXTURE_FULL);
    o.ridge = -1.0;
    refuse(p, o, STRATA_E_USAGE,
           "a mixture needs a tolerance above 0 and a ridge of 0 or more, not 1e-05 and -1");
    o = options_of(0, MIXTURE_FULL);
    refuse(p, o, STRATA_E_USAGE,
           "a mixture needs at least one component, start and iteration, not 0, 3 and 500");
    o = options_of(2, MIXTURE_FULL);
    x[3] = 1e200;
    refuse(p, o, STRATA_E_DATA,
           "coordinate 1 of point 1 is 1e+200; a mixture takes values up to 1e+100: scale them");
    x[3] = NAN;
    refuse(p, o, STRATA_E_DATA, "coordinate 1 of point 1 is nan: fill in or drop missing values");
}

static void two_points_are_two_components(void **state)
{
    static const double x[] = {0.0, 10.0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    (void)state;
    assert_ok(arena_new(&a, &err), &err);
    mixture_fit f = fit_with((points){x, 2, 1}, options_of(2, MIXTURE_SPHERICAL), 2, a);
    assert_true(exactly(f.mean[0], 0.0) && exactly(f.mean[1], 10.0));
    assert_int_equal(f.n_degenerate, 2);
    f = fit_with((points){x, 2, 1}, options_of(1, MIXTURE_FULL), 2, a);
    assert_close(f.mean[0], 5.0, 1e-12);
    assert_close(f.covariance[0], 25.0 + MIXTURE_RIDGE, 1e-12);
    f = fit_with((points){x, 1, 1}, options_of(1, MIXTURE_FULL), 1, a);
    assert_int_equal(f.n_degenerate, 1);
}

static void running_out_of_memory_is_said(void **state)
{
    enum { N = 300, D = 3 };
    static double x[N * D];
    context cx = {.threads = 1, .seed = 1};
    points p = {x, N, D};
    mixture_options o = options_of(2, MIXTURE_FULL);
    int failures = 0;
    (void)state;
    make_points(x, p, 2, 3.0, 8);
    o.max_iterations = 2;
    FAILURE_LOOP(failures, {
        arena *a = NULL;
        strata_error err = {0};
        mixture_fit fit = {.k = 99};
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            st = mixture_run(&cx, &p, &o, a, &fit, &err);
        }
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, fit.k == 99);
        arena_free(a);
    });
    assert_true(failures > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likelihoods_are_those_of_other_programs),
        cmocka_unit_test(random_points_are_as_likely_as_in_scikit_learn_or_more),
        cmocka_unit_test(densities_are_those_of_the_textbook),
        cmocka_unit_test(shapes_are_what_they_are_called),
        cmocka_unit_test(separate_components_are_recovered_for_any_number_of_threads),
        cmocka_unit_test(nothing_is_cancelled_far_from_zero),
        cmocka_unit_test(components_without_extent_are_said),
        cmocka_unit_test(a_component_that_collapses_ends_the_fit_in_words),
        cmocka_unit_test(a_fit_cut_short_says_so),
        cmocka_unit_test(wrong_input_is_refused_in_words),
        cmocka_unit_test(two_points_are_two_components),
        cmocka_unit_test(running_out_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
