/* SPDX-License-Identifier: Apache-2.0 */
/* Ridge-penalised logistic regression: against scikit-learn 1.2.1 and R's glm, whose figures
 * tests/data/stats/make_predictions.py and predictions.R print. */
#include "strata_test.h"

#include "exactly.h"
#include "prediction_sample.h"

#include "support/failing_alloc.h"

#include "stats/learning/logistic.h"

static const context alone = {.threads = 1, .seed = 1};

/* The fit of `data`; fails the test when there is none. */
static logistic_fit fit_of(const logistic_data *data, double ridge, arena *a)
{
    logistic_fit f = {0};
    strata_error err = {0};
    assert_ok(logistic_run(&alone, data, &(logistic_options){.ridge = ridge}, a, &f, &err), &err);
    return f;
}

static void assert_fit(const logistic_fit *f, const double *beta, double intercept, double rtol)
{
    assert_true(f->converged && f->gradient_norm < 1e-8);
    assert_string_equal(f->why, "");
    for (size_t j = 0; j < f->d; j++) {
        assert_close(f->beta[j], beta[j], rtol);
    }
    assert_close(f->intercept, intercept, rtol);
}

static int with_arena(void **state)
{
    strata_error err = {0};
    arena *a = NULL;
    assert_ok(arena_new(&a, &err), &err);
    *state = a;
    return 0;
}

static int without_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void without_a_ridge_it_is_glm(void **state)
{
    prediction_sample s;
    make_sample(&s);
    logistic_data data = {.n = SAMPLE_N, .d = SAMPLE_D, .x = s.x, .y = s.y};
    logistic_fit f = fit_of(&data, 0.0, *state);
    const double beta[] = {1.20127872769471, -1.92957366332933, 2.45198218784698};
    assert_fit(&f, beta, -0.66472202241792, 1e-9);
    assert_close(f.loglik, -90.1555445119084, 1e-12);
    assert_close(f.loglik_null, -133.291780116066, 1e-12);
    assert_close(f.freedom, 4.0, 1e-12);
    assert_true(f.n == 200 && f.n_positive == 77 && !f.separated);
    data.weight = s.weight;
    f = fit_of(&data, 0.0, *state);
    const double weighted[] = {1.091953468357946, -1.951352472204145, 2.160639860705193};
    assert_fit(&f, weighted, -0.747188201106565, 1e-9);
}

static void with_a_ridge_it_is_sklearn(void **state)
{
    prediction_sample s;
    make_sample(&s);
    logistic_data data = {.n = SAMPLE_N, .d = SAMPLE_D, .x = s.x, .y = s.y};
    logistic_fit f = fit_of(&data, 0.5, *state);
    const double light[] = {1.14291887876843, -1.84979322360475, 2.36208197275591};
    assert_fit(&f, light, -0.65323958752864, 1e-8);
    f = fit_of(&data, 20.0, *state);
    const double heavy[] = {0.494958731150254, -0.91704723389899, 1.25027843072404};
    assert_fit(&f, heavy, -0.526032549096096, 1e-8);
    assert_true(f.freedom > 1.0 && f.freedom < 4.0);
    data.weight = s.weight;
    f = fit_of(&data, 2.0, *state);
    const double weighted[] = {1.00386134275668, -1.81667634831964, 2.0226773216398};
    assert_fit(&f, weighted, -0.727400712212507, 1e-8);
}

static void weights_count_rows(void **state)
{
    prediction_sample s;
    make_sample(&s);
    static double x[3 * SAMPLE_N * SAMPLE_D];
    static uint8_t y[3 * SAMPLE_N];
    size_t n = 0;
    for (size_t i = 0; i < SAMPLE_N; i++) {
        for (size_t copies = i % 3 + 1; copies > 0; copies--) {
            memcpy(&x[n * SAMPLE_D], &s.x[i * SAMPLE_D], SAMPLE_D * sizeof *x);
            y[n++] = s.y[i];
        }
    }
    logistic_fit copied =
        fit_of(&(logistic_data){.n = n, .d = SAMPLE_D, .x = x, .y = y}, 3.0, *state);
    logistic_data data = {.n = SAMPLE_N, .d = SAMPLE_D, .x = s.x, .y = s.y, .weight = s.weight};
    logistic_fit f = fit_of(&data, 3.0, *state);
    assert_fit(&f, copied.beta, copied.intercept, 1e-10);
    assert_close(f.loglik, copied.loglik, 1e-12);
    assert_close(f.freedom, copied.freedom, 1e-10);
}

static void units_of_features_do_not_matter(void **state)
{
    prediction_sample s;
    make_sample(&s);
    logistic_data data = {.n = SAMPLE_N, .d = SAMPLE_D, .x = s.x, .y = s.y};
    logistic_fit f = fit_of(&data, 5.0, *state);
    prediction_sample t = s;
    for (size_t i = 0; i < SAMPLE_N; i++) {
        t.x[i * SAMPLE_D] = 1e6 * s.x[i * SAMPLE_D] + 3e7;
        t.x[i * SAMPLE_D + 1] = -1e-4 * s.x[i * SAMPLE_D + 1];
    }
    logistic_data other = {.n = SAMPLE_N, .d = SAMPLE_D, .x = t.x, .y = t.y};
    logistic_fit g = fit_of(&other, 5.0, *state);
    for (size_t i = 0; i < SAMPLE_N; i++) {
        assert_close(logistic_margin(&g, &t.x[i * SAMPLE_D]),
                     logistic_margin(&f, &s.x[i * SAMPLE_D]), 1e-7);
    }
}

static void contributions_add_up_to_the_margin(void **state)
{
    prediction_sample s;
    make_sample(&s);
    logistic_data data = {.n = SAMPLE_N, .d = SAMPLE_D, .x = s.x, .y = s.y};
    logistic_fit f = fit_of(&data, 1.0, *state);
    double mean[SAMPLE_D] = {0};
    for (size_t i = 0; i < SAMPLE_N; i++) {
        const double *x = &s.x[i * SAMPLE_D];
        double part[SAMPLE_D];
        double sum = logistic_contributions(&f, x, part);
        double plain = f.intercept;
        for (size_t j = 0; j < SAMPLE_D; j++) {
            sum += part[j];
            mean[j] += part[j] / SAMPLE_N;
            plain += f.beta[j] * x[j];
        }
        assert_true(exactly(sum, logistic_margin(&f, x)));
        assert_close(sum, plain, 1e-12);
        assert_close(logistic_probability(&f, x), 1.0 / (1.0 + exp(-sum)), 1e-14);
    }
    for (size_t j = 0; j < SAMPLE_D; j++) {
        assert_close_at(mean[j], 0.0, 0.0, 1e-14, __FILE__, __LINE__);
    }
}

static void neither_threads_nor_the_order_of_rows_matter(void **state)
{
    enum { N = 5000, D = 6 };
    static double x[N * D];
    static double moved_x[N * D];
    static uint8_t y[N];
    static uint8_t moved_y[N];
    static uint32_t order[N];
    rng r;
    rng_init(&r, 5, 0);
    for (size_t i = 0; i < N; i++) {
        double margin = -2.0;
        for (size_t j = 0; j < D; j++) {
            x[i * D + j] = rng_normal(&r);
            margin += x[i * D + j] * 0.3 * (double)j;
        }
        y[i] = rng_uniform(&r) < 1.0 / (1.0 + exp(-margin));
        order[i] = (uint32_t)i;
    }
    rng_shuffle(&r, order, N);
    for (size_t i = 0; i < N; i++) {
        memcpy(&moved_x[i * D], &x[order[i] * D], D * sizeof *x);
        moved_y[i] = y[order[i]];
    }
    logistic_data data = {.n = N, .d = D, .x = x, .y = y};
    logistic_fit f = fit_of(&data, 1.0, *state);
    const int threads[] = {7, 2}; /* LLVM's OpenMP loses bytes where a team grows */
    for (size_t t = 0; t < COUNT(threads); t++) {
        context cx = {.threads = threads[t], .seed = 9};
        logistic_fit g = {0};
        strata_error err = {0};
        logistic_options o = {.ridge = 1.0};
        assert_ok(logistic_run(&cx, &data, &o, *state, &g, &err), &err);
        assert_memory_equal(g.beta, f.beta, D * sizeof *f.beta);
        assert_true(exactly(g.intercept, f.intercept) && exactly(g.loglik, f.loglik));
    }
    logistic_data moved = {.n = N, .d = D, .x = moved_x, .y = moved_y};
    logistic_fit g = fit_of(&moved, 1.0, *state);
    assert_fit(&g, f.beta, f.intercept, 1e-9);
}

static void a_ridge_holds_separated_outcomes_and_that_is_said(void **state)
{
    const double x[] = {1, 2, 3, 4, 5, 6};
    const uint8_t y[] = {0, 0, 0, 1, 1, 1};
    logistic_data data = {.n = 6, .d = 1, .x = x, .y = y};
    logistic_fit f = fit_of(&data, 0.1, *state);
    assert_true(f.converged && f.separated && isfinite(f.beta[0]) && f.beta[0] > 0.0);
    f = fit_of(&data, 0.0, *state);
    assert_true(!f.converged && f.separated);
    assert_string_equal(f.why, "the features part the outcomes without a mistake, so that the "
                               "coefficients have no bound; give a ridge");
    /* All with feature 1 churn: its coefficient alone has no bound. */
    const double two[] = {1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 2, 1, 5, 1};
    const uint8_t then[] = {0, 1, 0, 1, 0, 1, 1, 1};
    const char *names[] = {"seats", "paused"};
    data = (logistic_data){.n = 8, .d = 2, .x = two, .y = then, .names = names};
    f = fit_of(&data, 0.0, *state);
    assert_true(!f.converged && !f.separated);
    assert_string_equal(f.why, "the coefficients have no bound (noticed at the intercept): for "
                               "some values there is one outcome only; give a larger ridge");
    f = fit_of(&data, 0.5, *state);
    assert_true(f.converged && !f.separated && f.beta[1] > 0.0);
}

static void more_features_than_rows_need_a_ridge(void **state)
{
    prediction_sample s;
    make_sample(&s);
    /* 10 rows of 12 features. */
    const uint8_t y[] = {0, 1, 0, 1, 1, 0, 0, 1, 0, 1};
    logistic_data data = {.n = 10, .d = 12, .x = s.x, .y = y};
    logistic_fit f = fit_of(&data, 1.0, *state);
    assert_true(f.converged && f.separated && f.freedom < 10.0);
    f = fit_of(&data, 0.0, *state);
    assert_false(f.converged);
    assert_string_equal(f.why, "feature 9 cannot be told from the features before it; leave it out "
                               "or give a larger ridge");
}

static void equal_features_share_and_constants_have_nothing(void **state)
{
    prediction_sample s;
    make_sample(&s);
    double x[SAMPLE_N * 4];
    for (size_t i = 0; i < SAMPLE_N; i++) {
        x[i * 4] = x[i * 4 + 1] = s.x[i * SAMPLE_D];
        x[i * 4 + 2] = 0.1;
        x[i * 4 + 3] = s.x[i * SAMPLE_D + 2];
    }
    logistic_data data = {.n = SAMPLE_N, .d = 4, .x = x, .y = s.y};
    logistic_fit f = fit_of(&data, 1.0, *state);
    assert_true(f.converged);
    assert_close(f.beta[0], f.beta[1], 1e-8);
    assert_true(exactly(f.beta[2], 0.0) && exactly(f.sd[2], 0.0) && exactly(f.mean[2], 0.1));
    double part[4];
    (void)logistic_contributions(&f, x, part);
    assert_true(exactly(part[2], 0.0));
    f = fit_of(&data, 0.0, *state);
    assert_false(f.converged);
}

static void without_features_it_is_the_base_rate(void **state)
{
    const uint8_t y[] = {0, 0, 0, 1};
    const double none[] = {0};
    logistic_fit f = fit_of(&(logistic_data){.n = 4, .x = none, .y = y}, 1.0, *state);
    assert_true(f.converged);
    assert_close(logistic_probability(&f, none), 0.25, 1e-12);
    assert_close(f.loglik, f.loglik_null, 1e-12);
    const double same[] = {7, 7, 7, 7};
    f = fit_of(&(logistic_data){.n = 4, .d = 1, .x = same, .y = y}, 0.0, *state);
    assert_true(f.converged && !f.separated);
    assert_close(logistic_probability(&f, same), 0.25, 1e-12);
}

static void extreme_margins_stay_within_bounds(void **state)
{
    const double x[] = {1, 2, 3, 4};
    const uint8_t y[] = {0, 1, 0, 1};
    logistic_fit f = fit_of(&(logistic_data){.n = 4, .d = 1, .x = x, .y = y}, 0.1, *state);
    const double far[] = {1e6};
    const double near[] = {-1e6};
    assert_true(exactly(logistic_probability(&f, far), 1.0));
    assert_true(exactly(logistic_probability(&f, near), 0.0));
}

static void steps_may_run_out(void **state)
{
    prediction_sample s;
    make_sample(&s);
    logistic_data data = {.n = SAMPLE_N, .d = SAMPLE_D, .x = s.x, .y = s.y};
    logistic_options o = {.ridge = 1.0, .max_iterations = 1};
    logistic_fit f = {0};
    strata_error err = {0};
    assert_ok(logistic_run(&alone, &data, &o, *state, &f, &err), &err);
    assert_true(!f.converged && f.iterations == 1 && f.gradient_norm > 0.0);
    assert_non_null(strstr(f.why, "no maximum was reached after 1 steps"));
}

/* What logistic_run() says to `data`. */
static strata_status refused(const logistic_data *data, double ridge, arena *a, strata_error *err)
{
    logistic_fit f = {.n = 4711};
    strata_status status =
        logistic_run(&alone, data, &(logistic_options){.ridge = ridge}, a, &f, err);
    assert_int_equal(f.n, 4711);
    return status;
}

static void bad_input_is_named(void **state)
{
    const double x[] = {1, 2, 3, NAN};
    const double huge[] = {1, -1e308, 1, 1e308};
    const double fine[] = {1, 2, 3, 4};
    const double weight[] = {1, -1};
    const double nothing[] = {0, 1};
    const uint8_t y[] = {0, 1};
    const uint8_t all[] = {1, 1};
    const uint8_t odd[] = {0, 9};
    const char *names[] = {"seats", "logins"};
    strata_error err = {0};
    logistic_data data = {.n = 2, .d = 2, .x = x, .y = y, .names = names};
    assert_int_equal(refused(&data, 1.0, *state, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "row 1 of logins is nan; missing values must be filled first");
    data.x = huge;
    assert_int_equal(refused(&data, 1.0, *state, &err), STRATA_E_DATA);
    assert_string_equal(err.message,
                        "the values of logins go from -1e+308 to 1e+308, too far to compute with");
    data.x = fine;
    data.y = all;
    assert_int_equal(refused(&data, 1.0, *state, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "all 2 outcomes are 1; rows of both outcomes are needed");
    data.y = odd;
    assert_int_equal(refused(&data, 1.0, *state, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "the outcome of row 1 is 9; it must be 0 or 1");
    data.y = y;
    data.weight = weight;
    assert_int_equal(refused(&data, 1.0, *state, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "the weight of row 1 is -1; it must be 0 or more and finite");
    data.weight = nothing;
    assert_int_equal(refused(&data, 1.0, *state, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "all 1 outcomes are 1; rows of both outcomes are needed");
    data.weight = NULL;
    assert_int_equal(refused(&data, -1.0, *state, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "a ridge of -1; it must be 0 or more and finite");
    data.d = LOGISTIC_FEATURES_MAX + 1;
    assert_int_equal(refused(&data, 1.0, *state, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "501 features; at most 500 can be used");
}

static void the_ridge_that_predicts_best_is_found(void **state)
{
    (void)state;
    enum { N = 300, D = 20 };
    static double x[N * D];
    static uint8_t y[N];
    static uint32_t fold[N];
    rng r;
    rng_init(&r, 11, 0);
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < D; j++) {
            x[i * D + j] = rng_normal(&r);
        }
        y[i] = rng_uniform(&r) < 1.0 / (1.0 + exp(1.0 - x[i * D])); /* the rest is noise */
        fold[i] = (uint32_t)(i % 5);
    }
    logistic_trial trials[] = {{.ridge = 0.01}, {.ridge = 1}, {.ridge = 30}, {.ridge = 1e5}};
    logistic_choice c = {99, 99};
    strata_error err = {0};
    logistic_data data = {.n = N, .d = D, .x = x, .y = y};
    assert_ok(logistic_choose_ridge(&alone, &data, (logistic_folds){fold, 5}, trials, 4, &c, &err),
              &err);
    assert_int_equal(c.least, 2);
    assert_true(c.simplest >= 2 && trials[2].se > 0.0);
    assert_true(trials[0].loss > trials[2].loss && trials[3].loss > trials[2].loss);
    fold[7] = 5;
    assert_int_equal(
        logistic_choose_ridge(&alone, &data, (logistic_folds){fold, 5}, trials, 4, &c, &err),
        STRATA_E_USAGE);
    assert_string_equal(err.message, "row 7 is in fold 5; there are 5");
    trials[1].ridge = 0.0;
    assert_int_equal(
        logistic_choose_ridge(&alone, &data, (logistic_folds){fold, 6}, trials, 4, &c, &err),
        STRATA_E_USAGE);
    assert_string_equal(err.message, "a ridge of 0 to try; it must be above 0 and finite");
}

static void a_fold_with_all_positives_cannot_be_held_out(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4};
    const uint8_t y[] = {0, 0, 1, 1};
    const uint32_t fold[] = {0, 0, 1, 1};
    logistic_trial trial = {.ridge = 1};
    logistic_choice c = {7, 7};
    strata_error err = {0};
    logistic_data data = {.n = 4, .d = 1, .x = x, .y = y};
    assert_int_equal(
        logistic_choose_ridge(&alone, &data, (logistic_folds){fold, 2}, &trial, 1, &c, &err),
        STRATA_E_DATA);
    assert_string_equal(err.message,
                        "without fold 0: all 2 outcomes are 1; rows of both outcomes are needed");
    assert_int_equal(c.simplest, 7);
}

static void it_stops_when_told_to(void **state)
{
    prediction_sample s;
    make_sample(&s);
    logistic_data data = {.n = SAMPLE_N, .d = SAMPLE_D, .x = s.x, .y = s.y};
    volatile sig_atomic_t stop = 1;
    context cx = {.threads = 1, .cancelled = &stop};
    logistic_fit f = {0};
    strata_error err = {0};
    assert_int_equal(logistic_run(&cx, &data, &(logistic_options){.ridge = 1.0}, *state, &f, &err),
                     STRATA_E_CANCELLED);
}

static void running_out_of_memory_is_reported(void **state)
{
    (void)state;
    prediction_sample s;
    make_sample(&s);
    logistic_data data = {.n = SAMPLE_N, .d = SAMPLE_D, .x = s.x, .y = s.y};
    uint32_t fold[SAMPLE_N];
    for (uint32_t i = 0; i < SAMPLE_N; i++) {
        fold[i] = i % 2;
    }
    int n = 0;
    FAILURE_LOOP(n, {
        logistic_fit f = {0};
        strata_error err = {0};
        arena *a = NULL;
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            st = logistic_run(&alone, &data, &(logistic_options){.ridge = 1.0}, a, &f, &err);
        }
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, f.beta == NULL);
        arena_free(a);
    });
    assert_true(n > 10);
    FAILURE_LOOP(n, {
        logistic_trial trial = {.ridge = 1};
        logistic_choice c = {7, 7};
        strata_error err = {0};
        strata_status st =
            logistic_choose_ridge(&alone, &data, (logistic_folds){fold, 2}, &trial, 1, &c, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, c.simplest == 7);
    });
}

int main(void)
{
#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, with_arena, without_arena)
    const struct CMUnitTest tests[] = {
        IN_ARENA(without_a_ridge_it_is_glm),
        IN_ARENA(with_a_ridge_it_is_sklearn),
        IN_ARENA(weights_count_rows),
        IN_ARENA(units_of_features_do_not_matter),
        IN_ARENA(contributions_add_up_to_the_margin),
        IN_ARENA(neither_threads_nor_the_order_of_rows_matter),
        IN_ARENA(a_ridge_holds_separated_outcomes_and_that_is_said),
        IN_ARENA(more_features_than_rows_need_a_ridge),
        IN_ARENA(equal_features_share_and_constants_have_nothing),
        IN_ARENA(without_features_it_is_the_base_rate),
        IN_ARENA(extreme_margins_stay_within_bounds),
        IN_ARENA(steps_may_run_out),
        IN_ARENA(bad_input_is_named),
        cmocka_unit_test(the_ridge_that_predicts_best_is_found),
        cmocka_unit_test(a_fold_with_all_positives_cannot_be_held_out),
        IN_ARENA(it_stops_when_told_to),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
