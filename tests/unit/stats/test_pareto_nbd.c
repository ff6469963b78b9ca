/* SPDX-License-Identifier: Apache-2.0 */
#include "buyers_test.h"

#include "buyers_expected.h"

#include "base/rng.h"
#include "stats/buyers/pareto_nbd.h"
#include "stats/numeric/hyp2f1.h"

/* Fader, Hardie & Lee 2005, table 2; times in weeks. */
static const pareto_nbd cdnow = {0.553, 10.578, 0.606, 11.669};

static double value_at(void *data, const double *p, double *g)
{
    pareto_nbd m = {p[0], p[1], p[2], p[3]};
    return pareto_nbd_log_likelihood(&m, data, g);
}

static buyer simulate(rng *g, const pareto_nbd *m, double T)
{
    buyer b = {.T = T};
    double rate = rng_gamma(g, m->r, 1.0 / m->alpha);
    double end = fmin(T, rng_exponential(g, rng_gamma(g, m->s, 1.0 / m->beta)));
    double at = rng_exponential(g, rate);
    while (at < end) {
        b.x += 1.0;
        b.t_x = at;
        at += rng_exponential(g, rate);
    }
    return b;
}

static void figures_match_integrals(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pareto_rows); i++) {
        pareto_nbd m = {pareto_rows[i].r, pareto_rows[i].alpha, pareto_rows[i].s,
                        pareto_rows[i].beta};
        buyer b = {pareto_rows[i].x, pareto_rows[i].t_x, pareto_rows[i].T};
        STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(&b, NULL, 1);
        assert_close_at(pareto_nbd_log_likelihood(&m, cells, NULL), pareto_rows[i].log_l, 1e-12,
                        1e-12, __FILE__, __LINE__);
        assert_close(pareto_nbd_alive(&m, b), pareto_rows[i].alive, 1e-10);
        assert_close(pareto_nbd_dert(&m, b, pareto_rows[i].rate), pareto_rows[i].dert, 1e-10);
    }
}

/* Chance of being alive as Fader & Hardie, note 009, write it, with 2F1. */
static double alive_by_closed_form(const pareto_nbd *m, buyer b)
{
    double k = m->r + m->s + b.x;
    bool alpha_more = m->alpha >= m->beta;
    double more = alpha_more ? m->alpha : m->beta;
    double apart = fabs(m->alpha - m->beta);
    double second = alpha_more ? m->s + 1.0 : m->r + b.x;
    double early = hyp2f1(k, second, k + 1.0, apart / (more + b.t_x)) * pow(more + b.t_x, -k);
    double late = hyp2f1(k, second, k + 1.0, apart / (more + b.T)) * pow(more + b.T, -k);
    return 1.0 / (1.0 + m->s / k * (early - late) * pow(m->alpha + b.T, m->r + b.x) *
                            pow(m->beta + b.T, m->s));
}

static void quadrature_and_the_closed_form_agree(void **state)
{
    (void)state;
    static const pareto_nbd models[] = {
        {0.553, 10.578, 0.606, 11.669}, {0.553, 11.669, 0.606, 10.578}, {2.0, 50.0, 3.0, 0.5},
        {2.0, 0.5, 3.0, 50.0},          {1.0, 5.0, 1.0, 5.0},
    };
    for (size_t i = 0; i < COUNT(models); i++) {
        for (int x = 0; x <= 30; x += 3) {
            for (int t = 1; t < 38; t += 4) {
                buyer b = {x, x > 0 ? t : 0, 38.86};
                assert_close(pareto_nbd_alive(&models[i], b), alive_by_closed_form(&models[i], b),
                             1e-9);
            }
        }
    }
}

/* The extreme customer of the BTYD package's test data; and more so. */
static void heavy_buyers_stay_finite(void **state)
{
    (void)state;
    static const pareto_nbd models[] = {{0.5143, 2.8845, 0.2856, 14.1087},
                                        {0.5143, 14.1087, 0.2856, 2.8845}};
    static const buyer rows[] = {{221, 103.42857, 103.57143},
                                 {10000, 103.57143, 103.57143},
                                 {10000, 0.001, 1e4},
                                 {10000, 9999, 1e4}};
    for (size_t i = 0; i < COUNT(models) * COUNT(rows); i++) {
        const pareto_nbd *m = &models[i % 2];
        buyer b = rows[i / 2];
        STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(&b, NULL, 1);
        double g[4];
        assert_true(isfinite(pareto_nbd_log_likelihood(m, cells, g)));
        assert_true(isfinite(g[0]) && isfinite(g[1]) && isfinite(g[2]) && isfinite(g[3]));
        double alive = pareto_nbd_alive(m, b);
        assert_true(alive >= 0.0 && alive <= 1.0);
        assert_true(isfinite(pareto_nbd_expected(m, b, 52.0)));
        assert_true(isfinite(pareto_nbd_dert(m, b, 0.0027)));
    }
}

/* The mean over all histories of what is expected afterwards, and over the chances of each count.
 */
static void chances_add_up_to_one_and_to_the_mean(void **state)
{
    (void)state;
    static const pareto_nbd models[] = {{0.553, 10.578, 0.606, 11.669}, {2.0, 5.0, 1.0, 3.0}};
    for (size_t i = 0; i < COUNT(models); i++) {
        double total = 0.0;
        double mean = 0.0;
        for (size_t k = 0; k < 500; k++) {
            double p = pareto_nbd_chance(&models[i], k, 39.0);
            total += p;
            mean += p * (double)k;
        }
        assert_close(total, 1.0, 1e-12);
        assert_close(mean, pareto_nbd_mean(&models[i], 39.0), 1e-10);
        assert_close(pareto_nbd_chance(&models[i], 0, 0.0), 1.0, 0.0);
        assert_true(pareto_nbd_chance(&models[i], 1, 0.0) <= 0.0);
    }
}

/* Discounting at almost nothing over a long time is expecting over it. */
static void discounting_joins_expecting(void **state)
{
    (void)state;
    pareto_nbd m = {1.5, 10.0, 2.5, 20.0};
    buyer b = {4, 30, 40};
    assert_close(pareto_nbd_dert(&m, b, 1e-12), pareto_nbd_expected(&m, b, 1e9), 1e-8);
    m.s = 1.0;
    double at_one = pareto_nbd_expected(&m, b, 52.0);
    for (int i = -10; i <= 10; i++) {
        m.s = 1.0 + i * 1e-7;
        assert_close(pareto_nbd_expected(&m, b, 52.0), at_one, 2e-6);
    }
    assert_close(pareto_nbd_mean(&cdnow, 52.0), pareto_nbd_expected(&cdnow, (buyer){0, 0, 0}, 52.0),
                 1e-14);
}

static void gradient_matches_differences(void **state)
{
    (void)state;
    static const buyer rows[] = {{0, 0, 0},    {0, 0, 38.86},      {2, 30.43, 38.86}, {7, 1, 38.86},
                                 {1, 5, 27.5}, {10000, 38, 38.86}, {40, 27, 27}};
    static const double at[][4] = {
        {0.553, 10.578, 0.606, 11.669}, {3.0, 12.0, 0.2, 0.5}, {1, 1, 1, 1}};
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, NULL, COUNT(rows));
    for (size_t i = 0; i < COUNT(at); i++) {
        assert_gradient(value_at, cells, at[i], 4);
    }
}

static fit_result fit_rows(const buyer *rows, size_t n)
{
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, NULL, n);
    fit_result fit;
    strata_error err = {0};
    assert_ok(pareto_nbd_fit(cells, NULL, &fit, &err), &err);
    return fit;
}

static void simulated_parameters_are_recovered(void **state)
{
    (void)state;
    enum { N = 3000 };
    static buyer rows[N];
    static const pareto_nbd models[] = {{0.8, 6.0, 1.2, 15.0}, {0.8, 15.0, 1.2, 6.0}};
    for (size_t k = 0; k < COUNT(models); k++) {
        for (size_t i = 0; i < N; i++) {
            rng g;
            rng_init(&g, 5 + k, i);
            rows[i] = simulate(&g, &models[k], 40.0 + (double)(i % 30));
        }
        fit_result fit = fit_rows(rows, N);
        assert_recovers(&fit,
                        (double[]){models[k].r, models[k].alpha, models[k].s, models[k].beta});
        pareto_nbd m = pareto_nbd_of(&fit);
        assert_close(pareto_nbd_mean(&m, 40.0), pareto_nbd_mean(&models[k], 40.0), 0.1);
    }
}

/* Everyone has a rate of their own but leaves at the same rate: s and beta grow together. */
static void a_ridge_is_called_one(void **state)
{
    (void)state;
    enum { N = 800 };
    static buyer rows[N];
    pareto_nbd m = {0.8, 6.0, 1e6, 2e7};
    for (size_t i = 0; i < N; i++) {
        rng g;
        rng_init(&g, 8, i);
        rows[i] = simulate(&g, &m, 40.0);
    }
    fit_result fit = fit_rows(rows, N);
    assert_plain(&fit, false);
    assert_true(fit.outcome == FIT_FLAT || fit.outcome == FIT_AT_BOUND);
}

static void poor_data_give_a_reason_and_no_figure(void **state)
{
    (void)state;
    static const buyer one[] = {{3, 20, 30}};
    static const buyer nobody[] = {{0, 0, 30}, {0, 0, 20}, {0, 0, 0}};
    static const buyer alike[] = {{3, 30, 30}, {3, 30, 30}, {3, 30, 30}};
    static const buyer loyal[] = {{10, 30, 30}, {11, 30, 30}, {9, 30, 30}, {10, 30, 30}};
    fit_result fit = fit_rows(one, 1);
    assert_plain(&fit, false);
    fit = fit_rows(nobody, COUNT(nobody));
    assert_plain(&fit, false);
    assert_non_null(strstr(fit.reason, "nobody bought again"));
    fit = fit_rows(alike, COUNT(alike));
    assert_plain(&fit, false);
    fit = fit_rows(loyal, COUNT(loyal));
    assert_plain(&fit, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_match_integrals),
        cmocka_unit_test(quadrature_and_the_closed_form_agree),
        cmocka_unit_test(heavy_buyers_stay_finite),
        cmocka_unit_test(chances_add_up_to_one_and_to_the_mean),
        cmocka_unit_test(discounting_joins_expecting),
        cmocka_unit_test(gradient_matches_differences),
        cmocka_unit_test(simulated_parameters_are_recovered),
        cmocka_unit_test(a_ridge_is_called_one),
        cmocka_unit_test(poor_data_give_a_reason_and_no_figure),
    };
    return cmocka_run_group_tests_name("pareto_nbd", tests, NULL, NULL);
}
