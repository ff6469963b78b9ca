/* SPDX-License-Identifier: Apache-2.0 */
#include "buyers_test.h"

#include "buyers_expected.h"
#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/buyers/bg_nbd.h"

/* Fader, Hardie & Lee 2005, table 2, times in weeks: as printed, and to more digits as the fit of
 * the same data converges (test_cdnow.c). */
static const bg_nbd printed = {BG_NBD, 0.243, 4.414, 0.793, 2.426};
static const bg_nbd cdnow = {BG_NBD, 0.242593, 4.413532, 0.792886, 2.425753};

typedef struct problem {
    bg_kind kind;
    const buyer_cells *cells;
} problem;

static double value_at(void *data, const double *p, double *g)
{
    const problem *q = data;
    bg_nbd m = {q->kind, p[0], p[1], p[2], p[3]};
    strata_error err = {0};
    double value = 0.0;
    assert_ok(bg_nbd_log_likelihood(&m, q->cells, &value, g, &err), &err);
    return value;
}

static double log_likelihood_of(bg_nbd m, buyer b)
{
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(&b, NULL, 1);
    problem q = {m.kind, cells};
    return value_at(&q, (double[]){m.r, m.alpha, m.a, m.b}, NULL);
}

static buyer simulate(rng *g, const bg_nbd *m, double T)
{
    buyer b = {.T = T};
    double rate = rng_gamma(g, m->r, 1.0 / m->alpha);
    double leaves = rng_beta(g, m->a, m->b);
    bool here = m->kind == BG_NBD || rng_uniform(g) >= leaves;
    double at = rng_exponential(g, rate);
    while (here && at < T) {
        b.x += 1.0;
        b.t_x = at;
        here = rng_uniform(g) >= leaves;
        at += rng_exponential(g, rate);
    }
    return b;
}

/* The spreadsheet of Hardie's note 004 at the estimates: customers 1 and 6. */
static void likelihood_of_single_customers_matches_the_note(void **state)
{
    (void)state;
    assert_close(log_likelihood_of(cdnow, (buyer){2, 30.43, 38.86}), -9.4596, 2e-5);
    assert_close(log_likelihood_of(cdnow, (buyer){7, 29.43, 38.86}), -21.8644, 2e-5);
}

/* Fader, Hardie & Lee 2005: the conditional expectation is worked out in section 4, the rest in
 * note 004. */
static void predictions_match_the_published_ones(void **state)
{
    (void)state;
    static const double at[][2] = {
        {0.1429, 0.0078}, {1.0, 0.0532}, {3.0, 0.1506}, {32.0, 1.0437}, {78.0, 1.858}};
    assert_close(bg_nbd_expected(&cdnow, (buyer){2, 30.43, 38.86}, 39.0), 1.226, 5e-4);
    for (size_t i = 0; i < COUNT(at); i++) {
        assert_close_at(bg_nbd_mean(&cdnow, at[i][0]), at[i][1], 0.0, 5e-5, __FILE__, __LINE__);
    }
    assert_close(bg_nbd_chance(&printed, 0, 39.0), 0.5737864, 1e-7);
}

static void predictions_match_integrals(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bg_rows); i++) {
        bg_nbd m = {bg_rows[i].modified != 0 ? MBG_NBD : BG_NBD, bg_rows[i].r, bg_rows[i].alpha,
                    bg_rows[i].a, bg_rows[i].b};
        buyer b = {bg_rows[i].x, bg_rows[i].t_x, bg_rows[i].T};
        assert_close(bg_nbd_alive(&m, b), bg_rows[i].alive, 1e-10);
        assert_close(bg_nbd_expected(&m, b, bg_rows[i].t), bg_rows[i].expected, 1e-10);
    }
}

/* The closed form and the integral take turns near a = 1 and for short times. */
static void expectations_have_no_steps(void **state)
{
    (void)state;
    bg_nbd m = cdnow;
    for (int i = 0; i < 300; i++) {
        m.a = 0.9985 + i * 1e-5;
        double below = bg_nbd_mean(&m, 39.0);
        m.a += 1e-5;
        double above = bg_nbd_mean(&m, 39.0);
        assert_close((above - below) / 1e-5, -0.475, 0.01);
    }
    for (int i = 0; i < 70; i++) {
        double t = 1e-9 * pow(1.5, i);
        assert_true(bg_nbd_mean(&cdnow, t * 1.01) > bg_nbd_mean(&cdnow, t));
    }
}

static void chances_add_up_to_one_and_to_the_mean(void **state)
{
    (void)state;
    static const bg_nbd models[] = {{BG_NBD, 0.243, 4.414, 0.793, 2.426},
                                    {MBG_NBD, 0.525, 6.183, 0.891, 1.614},
                                    {BG_NBD, 3.0, 2.0, 0.3, 0.4}};
    for (size_t i = 0; i < COUNT(models); i++) {
        double total = 0.0;
        double mean = 0.0;
        for (size_t k = 0; k < 3000; k++) {
            double p = bg_nbd_chance(&models[i], k, 39.0);
            total += p;
            mean += p * (double)k;
        }
        assert_close(total, 1.0, 1e-12);
        assert_close(mean, bg_nbd_mean(&models[i], 39.0), 1e-10);
        assert_close(bg_nbd_chance(&models[i], 0, 0.0), 1.0, 0.0);
        assert_true(bg_nbd_chance(&models[i], 1, 0.0) <= 0.0);
    }
}

static void gradient_matches_differences(void **state)
{
    (void)state;
    static const buyer rows[] = {{0, 0, 0},    {0, 0, 38.86},      {2, 30.43, 38.86}, {7, 1, 38.86},
                                 {1, 5, 27.5}, {10000, 38, 38.86}, {40, 27, 27}};
    static const double at[][4] = {
        {0.243, 4.414, 0.793, 2.426}, {3.0, 0.5, 0.01, 12.0}, {1, 1, 1, 1}};
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, NULL, COUNT(rows));
    for (size_t i = 0; i < COUNT(at); i++) {
        assert_gradient(value_at, &(problem){BG_NBD, cells}, at[i], 4);
        assert_gradient(value_at, &(problem){MBG_NBD, cells}, at[i], 4);
    }
}

static void simulated_parameters_are_recovered(void **state)
{
    (void)state;
    enum { N = 20000 };
    static buyer rows[N];
    static const bg_nbd models[] = {{BG_NBD, 0.8, 3.0, 0.6, 2.0}, {MBG_NBD, 0.8, 3.0, 0.6, 2.0}};
    for (size_t k = 0; k < COUNT(models); k++) {
        for (size_t i = 0; i < N; i++) {
            rng g;
            rng_init(&g, 3 + k, i);
            rows[i] = simulate(&g, &models[k], 20.0 + (double)(i % 30));
        }
        STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, NULL, N);
        fit_result fit;
        strata_error err = {0};
        assert_ok(bg_nbd_fit(models[k].kind, cells, NULL, &fit, &err), &err);
        assert_recovers(&fit, (double[]){models[k].r, models[k].alpha, models[k].a, models[k].b});
        bg_nbd m = bg_nbd_of(models[k].kind, &fit);
        assert_close(bg_nbd_mean(&m, 30.0), bg_nbd_mean(&models[k], 30.0), 0.02);
    }
}

static void times_may_be_in_any_unit(void **state)
{
    (void)state;
    enum { N = 3000 };
    static buyer weeks[N];
    static buyer seconds[N];
    double unit = 7.0 * 86400.0;
    for (size_t i = 0; i < N; i++) {
        rng g;
        rng_init(&g, 7, i);
        weeks[i] = simulate(&g, &cdnow, 30.0);
        seconds[i] = (buyer){weeks[i].x, weeks[i].t_x * unit, weeks[i].T * unit};
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *a = cells_of(weeks, NULL, N);
    STRATA_AUTO(buyer_cells_free) buyer_cells *b = cells_of(seconds, NULL, N);
    fit_result fit[2];
    strata_error err = {0};
    assert_ok(bg_nbd_fit(BG_NBD, a, NULL, &fit[0], &err), &err);
    assert_ok(bg_nbd_fit(BG_NBD, b, NULL, &fit[1], &err), &err);
    assert_plain(&fit[0], true);
    assert_plain(&fit[1], true);
    assert_close(fit[1].x[0], fit[0].x[0], 1e-4);
    assert_close(fit[1].x[1], fit[0].x[1] * unit, 1e-4);
}

/* What a fit says of rows that cannot carry one, or whether it found something. */
static fit_result fit_rows(bg_kind kind, const buyer *rows, const double *weight, size_t n)
{
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, weight, n);
    fit_result fit;
    strata_error err = {0};
    assert_ok(bg_nbd_fit(kind, cells, NULL, &fit, &err), &err);
    return fit;
}

static void poor_data_give_a_reason_and_no_figure(void **state)
{
    (void)state;
    static const buyer one[] = {{3, 20, 30}};
    static const buyer nobody[] = {{0, 0, 30}, {0, 0, 20}, {0, 0, 0}};
    static const buyer unborn[] = {{0, 0, 0}, {0, 0, 0}};
    static const buyer alike[] = {{3, 30, 30}, {3, 30, 30}, {3, 30, 30}};
    static const buyer loyal[] = {{10, 30, 30}, {11, 30, 30}, {9, 30, 30}, {10, 30, 30}};
    for (bg_kind kind = BG_NBD; kind <= MBG_NBD; kind++) {
        fit_result fit = fit_rows(kind, one, NULL, 1);
        assert_plain(&fit, false);
        assert_string_equal(fit.reason, "one customer says nothing of how customers differ");
        fit = fit_rows(kind, nobody, NULL, COUNT(nobody));
        assert_plain(&fit, false);
        assert_int_equal(fit.outcome, FIT_NO_DATA);
        assert_non_null(strstr(fit.reason, "nobody bought again"));
        fit = fit_rows(kind, unborn, NULL, COUNT(unborn));
        assert_plain(&fit, false);
        fit = fit_rows(kind, alike, NULL, COUNT(alike));
        assert_plain(&fit, false);
        fit = fit_rows(kind, loyal, NULL, COUNT(loyal));
        assert_plain(&fit, false);
    }
}

/* A handful of customers, one with 10,000 purchases: whatever comes of it is finite. */
static void heavy_buyers_stay_finite(void **state)
{
    (void)state;
    static const buyer rows[] = {{10000, 99, 100}, {2, 50, 100}, {0, 0, 100},
                                 {1, 10, 100},     {7, 80, 100}, {30, 20, 100}};
    static const double weight[] = {1, 20, 60, 30, 10, 2};
    fit_result fit = fit_rows(BG_NBD, rows, weight, COUNT(rows));
    assert_plain(&fit, fit.converged);
    bg_nbd m = bg_nbd_of(BG_NBD, &fit);
    double more = bg_nbd_expected(&m, rows[0], 100.0);
    assert_true(isfinite(more) && more >= 0.0);
}

static void fitting_survives_a_lack_of_memory_and_can_be_stopped(void **state)
{
    (void)state;
    static const buyer rows[] = {{3, 20, 30}, {0, 0, 30}, {1, 3, 25}, {6, 29, 30}, {2, 1, 28}};
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, NULL, COUNT(rows));
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        fit_result fit = {.start = 99};
        strata_status st = bg_nbd_fit(BG_NBD, cells, NULL, &fit, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, fit.start == 99);
    });
    assert_true(failures > 0);
    volatile sig_atomic_t stop = 1;
    context cx = {.threads = 1, .cancelled = &stop};
    strata_error err = {0};
    fit_result fit = {.start = 99};
    assert_int_equal(bg_nbd_fit(BG_NBD, cells, &cx, &fit, &err), STRATA_E_CANCELLED);
    assert_int_equal(fit.start, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likelihood_of_single_customers_matches_the_note),
        cmocka_unit_test(predictions_match_the_published_ones),
        cmocka_unit_test(predictions_match_integrals),
        cmocka_unit_test(expectations_have_no_steps),
        cmocka_unit_test(chances_add_up_to_one_and_to_the_mean),
        cmocka_unit_test(gradient_matches_differences),
        cmocka_unit_test(simulated_parameters_are_recovered),
        cmocka_unit_test(times_may_be_in_any_unit),
        cmocka_unit_test(poor_data_give_a_reason_and_no_figure),
        cmocka_unit_test(heavy_buyers_stay_finite),
        cmocka_unit_test(fitting_survives_a_lack_of_memory_and_can_be_stopped),
    };
    return cmocka_run_group_tests_name("bg_nbd", tests, NULL, NULL);
}
