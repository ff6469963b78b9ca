/* SPDX-License-Identifier: Apache-2.0 */
/* Maximum likelihood, on functions whose maximum is known. */
#include "strata_test.h"

#include "exactly.h"
#include "gradient.h"

#include "stats/numeric/fit.h"
#include "stats/numeric/special.h"

typedef struct sample {
    double n, sum, sum_log; /* of values, of logarithms */
} sample;

/* Gamma distribution, shape and rate. */
static double gamma_likelihood(const void *data, const double *x, double *gradient)
{
    const sample *s = data;
    gradient[0] = s->n * (log(x[1]) - digamma(x[0])) + s->sum_log;
    gradient[1] = s->n * x[0] / x[1] - s->sum;
    return s->n * (x[0] * log(x[1]) - log_gamma(x[0])) + (x[0] - 1.0) * s->sum_log - x[1] * s->sum;
}

static fit_problem gamma_problem(const sample *s)
{
    return (fit_problem){.n_parameters = 2,
                         .parameters = {{.name = "shape"}, {.name = "rate"}},
                         .log_likelihood = gamma_likelihood,
                         .data = s,
                         .n_starts = 3,
                         .starts = {{1.0, 1.0}, {1e-4, 1e4}, {300.0, 0.01}}};
}

/* The likelihood equations: digamma(shape) - log(shape) = mean log - log mean, rate = shape / mean;
 * information n [trigamma(shape), -1/rate; -1/rate, shape/rate^2]. */
static void gamma_fit_solves_its_equations(void **state)
{
    (void)state;
    static const double x[] = {9, 6, 18, 8, 10, 19, 8, 7, 5, 12, 13, 2};
    sample s = {.n = COUNT(x)};
    for (size_t i = 0; i < COUNT(x); i++) {
        s.sum += x[i];
        s.sum_log += log(x[i]);
    }
    fit_problem p = gamma_problem(&s);
    fit_result r;
    strata_error err = {0};
    static const double somewhere[] = {2.5, 0.4};
    assert_gradient(gamma_likelihood, &s, somewhere, 2, 1e-9);
    for (size_t climbs = 0; climbs <= 3; climbs++) {
        p.n_climbs = climbs;
        assert_ok(fit_maximise(&p, &r, &err), &err);
        assert_true(r.converged && r.outcome == FIT_CONVERGED);
        assert_string_equal(r.reason, "");
        assert_close(digamma(r.x[0]) - log(r.x[0]), s.sum_log / s.n - log(s.sum / s.n), 1e-8);
        assert_close(r.x[1], r.x[0] * s.n / s.sum, 1e-9);
        assert_true(r.gradient_norm < 1e-9 && r.evaluations < 500);
        double a = s.n * trigamma(r.x[0]);
        double b = -s.n / r.x[1];
        double c = s.n * r.x[0] / (r.x[1] * r.x[1]);
        double det = a * c - b * b;
        assert_close(r.se[0], sqrt(c / det), 1e-7);
        assert_close(r.se[1], sqrt(a / det), 1e-7);
        assert_close(r.covariance[0][1], -b / det, 1e-7);
        assert_true(exactly(r.covariance[0][1], r.covariance[1][0]));
    }
    double mean_gradient[] = {1.0 / r.x[1], -r.x[0] / (r.x[1] * r.x[1])};
    double mean =
        s.sum / s.n; /* of the fitted distribution too; its variance: mean^2 / (n shape) */
    assert_close(fit_delta_error(&r, mean_gradient), mean / sqrt(s.n * r.x[0]), 1e-6);
    assert_close(fit_bic(&r, s.n) - fit_aic(&r), 2.0 * log(s.n) - 4.0, 1e-12);
}

/* Rosenbrock's valley turned upside down; the summit is 0 at (1, 1). */
static double banana(const void *data, const double *x, double *gradient)
{
    (void)data;
    double a = 1.0 - x[0];
    double b = x[1] - x[0] * x[0];
    gradient[0] = 2.0 * a + 400.0 * x[0] * b;
    gradient[1] = -200.0 * b;
    return -a * a - 100.0 * b * b;
}

static void curved_ridge_is_climbed(void **state)
{
    (void)state;
    fit_problem p = {
        .n_parameters = 2,
        .parameters = {{.name = "x", .scale = FIT_IDENTITY}, {.name = "y", .scale = FIT_IDENTITY}},
        .log_likelihood = banana,
        .n_starts = 3,
        .starts = {{-1.2, 1.0}, {50.0, -80.0}, {0.0, 0.0}}};
    fit_result r;
    strata_error err = {0};
    for (size_t k = 0; k < 2; k++) {
        assert_ok(fit_maximise(&p, &r, &err), &err);
        assert_true(r.converged && fabs(r.x[0] - 1.0) < 1e-7 && fabs(r.x[1] - 1.0) < 1e-7);
        p.n_starts = 1;
    }
    /* -H = [802 -400; -400 200], its inverse [.5 1; 1 2.005] */
    assert_close(r.covariance[0][0], 0.5, 1e-6);
    assert_close(r.covariance[1][1], 2.005, 1e-6);
}

/* Two summits, 0 at -3 and 1 at 4. */
static double two_summits(const void *data, const double *x, double *gradient)
{
    (void)data;
    double low = exp(-(x[0] + 3.0) * (x[0] + 3.0));
    double high = 2.0 * exp(-(x[0] - 4.0) * (x[0] - 4.0));
    gradient[0] = -2.0 * (x[0] + 3.0) * low - 2.0 * (x[0] - 4.0) * high;
    return low + high;
}

static void best_of_several_summits_is_kept(void **state)
{
    (void)state;
    fit_problem p = {.n_parameters = 1,
                     .parameters = {{.name = "x", .scale = FIT_IDENTITY}},
                     .log_likelihood = two_summits,
                     .n_starts = 2,
                     .starts = {{-2.9}, {2.6}}};
    fit_result r;
    strata_error err = {0};
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(r.converged && r.start == 1);
    assert_close(r.x[0], 4.0, 1e-9);
    /* Of starts that lead to the same summit, the first. */
    p.starts[0][0] = 4.4;
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(r.converged && r.start == 0);
    /* Only the highest start is climbed from when one climb is asked for. */
    p.starts[0][0] = -2.9;
    p.n_climbs = 1;
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(r.start == 0);
    assert_close(r.x[0], -3.0, 1e-9);
}

/* Binomial, 30 of 100; nothing finite outside 0.05 .. 0.9, as where a series breaks down. */
static double walled_binomial(const void *data, const double *x, double *gradient)
{
    (void)data;
    gradient[0] = 30.0 / x[0] - 70.0 / (1.0 - x[0]);
    double value = 30.0 * log(x[0]) + 70.0 * log1p(-x[0]);
    return x[0] < 0.05 ? -INFINITY : x[0] > 0.9 ? NAN : value;
}

static void places_that_are_not_finite_are_stepped_back_from(void **state)
{
    (void)state;
    fit_problem p = {.n_parameters = 1,
                     .parameters = {{.name = "share", .scale = FIT_LOGIT}},
                     .log_likelihood = walled_binomial,
                     .n_starts = 4,
                     .starts = {{0.001}, {0.999}, {0.06}, {0.89}}};
    fit_result r;
    strata_error err = {0};
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(r.converged && r.start >= 2);
    assert_close(r.x[0], 0.3, 1e-8);
    assert_close(r.se[0], sqrt(0.3 * 0.7 / 100.0), 1e-7);

    p.n_starts = 2;
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(!r.converged && r.outcome == FIT_NO_START);
    assert_string_equal(r.reason, "the likelihood is not finite at any of 2 starting points");
    assert_true(exactly(r.x[0], 0.0) && exactly(r.log_likelihood, 0.0) && exactly(r.se[0], 0.0));
}

/* Rises for ever in the first parameter, has its summit at 2 in the second. */
static double endless(const void *data, const double *x, double *gradient)
{
    (void)data;
    gradient[0] = 1.0 / (x[0] * x[0]);
    gradient[1] = -10.0 * (log(x[1]) - log(2.0)) / x[1];
    return -1.0 / x[0] - 5.0 * (log(x[1]) - log(2.0)) * (log(x[1]) - log(2.0));
}

static void rising_at_a_bound_is_no_result(void **state)
{
    (void)state;
    fit_problem p = {.n_parameters = 2,
                     .parameters = {{.name = "alpha",
                                     .low = 0.01,
                                     .high = 50.0,
                                     .at_high = "the data hold no sign of heterogeneity"},
                                    {.name = "beta"}},
                     .log_likelihood = endless,
                     .n_starts = 1,
                     .starts = {{1.0, 1.0}}};
    fit_result r;
    strata_error err = {0};
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(!r.converged && r.outcome == FIT_AT_BOUND);
    assert_string_equal(r.reason, "the likelihood still rises at the bound of alpha, 50: the data "
                                  "hold no sign of heterogeneity");
    assert_close(r.x[0], 50.0, 1e-9);
    assert_close(r.x[1], 2.0, 1e-6);
    assert_true(exactly(r.se[0], 0.0) && exactly(r.se[1], 0.0));
}

/* Only the product is settled. */
static double ridge(const void *data, const double *x, double *gradient)
{
    (void)data;
    double off = log(x[0]) + log(x[1]);
    gradient[0] = -200.0 * off / x[0];
    gradient[1] = -200.0 * off / x[1];
    return -100.0 * off * off;
}

static void ridges_and_endless_rises_are_no_results(void **state)
{
    (void)state;
    fit_problem p = {.n_parameters = 2,
                     .parameters = {{.name = "alpha"}, {.name = "beta"}},
                     .log_likelihood = ridge,
                     .n_starts = 2,
                     .starts = {{3.0, 5.0}, {0.1, 0.1}}};
    fit_result r;
    strata_error err = {0};
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(!r.converged && r.outcome == FIT_FLAT);
    assert_string_equal(r.reason,
                        "the likelihood hardly changes along alpha and beta: the data do not "
                        "settle them");
    assert_true(exactly(r.se[0], 0.0) && isfinite(r.x[0]) && isfinite(r.x[1]));

    /* Without near bounds an endless rise shows as a standard error beyond all measure. */
    p.log_likelihood = endless;
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(!r.converged && r.outcome != FIT_CONVERGED && r.reason[0] != '\0');
    assert_true(r.x[0] > 1e3);
}

/* A slope that does not belong to the function. */
static double lying_slope(const void *data, const double *x, double *gradient)
{
    (void)data;
    gradient[0] = 5.0;
    return -log(x[0]) * log(x[0]);
}

static void climb_that_does_not_settle_says_so(void **state)
{
    (void)state;
    fit_problem p = {.n_parameters = 1,
                     .parameters = {{.name = "x"}},
                     .log_likelihood = lying_slope,
                     .n_starts = 1,
                     .starts = {{3.0}}};
    fit_result r;
    strata_error err = {0};
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(!r.converged && r.outcome == FIT_UNSETTLED);
    assert_non_null(strstr(r.reason, "relative gradient 5 after looking at "));
}

static void problems_not_well_put_are_refused(void **state)
{
    (void)state;
    sample s = {.n = 2, .sum = 3, .sum_log = 0.6};
    fit_result r = {.n_parameters = 77};
    strata_error err = {0};
    fit_problem p = gamma_problem(&s);
    p.n_starts = 0;
    assert_int_equal(fit_maximise(&p, &r, &err), STRATA_E_USAGE);
    p = gamma_problem(&s);
    p.n_parameters = FIT_PARAMETERS_MAX + 1;
    assert_int_equal(fit_maximise(&p, &r, &err), STRATA_E_USAGE);
    p = gamma_problem(&s);
    p.parameters[1].low = 3.0;
    p.parameters[1].high = 2.0;
    assert_int_equal(fit_maximise(&p, &r, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "bounds 3 and 2 of rate are out of order or out of its range");
    p.parameters[1].low = -1.0;
    assert_int_equal(fit_maximise(&p, &r, &err), STRATA_E_USAGE);
    p = gamma_problem(&s);
    p.starts[2][1] = NAN;
    assert_int_equal(fit_maximise(&p, &r, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "start 2 of rate is not a finite number");
    assert_int_equal(r.n_parameters, 77);
}

static void cancelling_stops_the_climb(void **state)
{
    (void)state;
    sample s = {.n = 2, .sum = 3, .sum_log = 0.6};
    volatile sig_atomic_t cancelled = 1;
    context cx = {.threads = 1, .cancelled = &cancelled};
    fit_problem p = gamma_problem(&s);
    fit_result r = {.n_parameters = 77};
    strata_error err = {0};
    p.cx = &cx;
    assert_int_equal(fit_maximise(&p, &r, &err), STRATA_E_CANCELLED);
    assert_int_equal(r.n_parameters, 77);
    cancelled = 0;
    assert_ok(fit_maximise(&p, &r, &err), &err);
    assert_true(r.converged);
}

static void model_without_data_says_why(void **state)
{
    (void)state;
    fit_result r = fit_no_data(3, "one period tells nothing");
    assert_true(!r.converged && r.outcome == FIT_NO_DATA && r.n_parameters == 3);
    assert_string_equal(r.reason, "one period tells nothing");
    static const double gradient[] = {1.0, 1.0, 1.0};
    assert_true(exactly(fit_delta_error(&r, gradient), 0.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gamma_fit_solves_its_equations),
        cmocka_unit_test(curved_ridge_is_climbed),
        cmocka_unit_test(best_of_several_summits_is_kept),
        cmocka_unit_test(places_that_are_not_finite_are_stepped_back_from),
        cmocka_unit_test(rising_at_a_bound_is_no_result),
        cmocka_unit_test(ridges_and_endless_rises_are_no_results),
        cmocka_unit_test(climb_that_does_not_settle_says_so),
        cmocka_unit_test(problems_not_well_put_are_refused),
        cmocka_unit_test(cancelling_stops_the_climb),
        cmocka_unit_test(model_without_data_says_why),
    };
    return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
