/* SPDX-License-Identifier: Apache-2.0 */
#include "buyers_test.h"

#include "base/rng.h"
#include "stats/buyers/nbd.h"
#include "stats/buyers/pareto_nbd.h"

static double value_at(void *data, const double *p, double *g)
{
    nbd m = {p[0], p[1]};
    return nbd_log_likelihood(&m, data, g);
}

static buyer simulate(rng *g, const nbd *m, double T)
{
    buyer b = {.T = T};
    double rate = rng_gamma(g, m->r, 1.0 / m->alpha);
    double at = rng_exponential(g, rate);
    while (at < T) {
        b.x += 1.0;
        b.t_x = at;
        at += rng_exponential(g, rate);
    }
    return b;
}

static void simulated_buyers_give_their_parameters_back(void **state)
{
    (void)state;
    enum { N = 4000 };
    static buyer rows[N];
    const nbd truth = {0.8, 9.0};
    rng g;
    rng_init(&g, 5, 0);
    for (size_t i = 0; i < N; i++) {
        rows[i] = simulate(&g, &truth, 20.0 + 30.0 * rng_uniform(&g));
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, NULL, N);
    fit_result fit;
    strata_error err = {0};
    assert_ok(nbd_fit(cells, NULL, &fit, &err), &err);
    assert_recovers(&fit, (double[]){truth.r, truth.alpha});
    assert_gradient(value_at, cells, (double[]){0.5, 14.0}, 2);
    assert_gradient(value_at, cells, (double[]){3.0, 2.0}, 2);
}

/* Departures at a rate of almost nothing change nothing. */
static void it_is_what_the_pareto_nbd_is_when_nobody_leaves(void **state)
{
    (void)state;
    static const buyer rows[] = {{0, 0, 30}, {1, 12, 30}, {7, 29, 38}, {40, 37.5, 38}};
    const nbd m = {0.7, 11.0};
    const pareto_nbd nobody_leaves = {0.7, 11.0, 1e-9, 1e3};
    for (size_t i = 0; i < COUNT(rows); i++) {
        STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(&rows[i], NULL, 1);
        assert_close_at(nbd_log_likelihood(&m, cells, NULL),
                        pareto_nbd_log_likelihood(&nobody_leaves, cells, NULL), 1e-7, 1e-7,
                        __FILE__, __LINE__);
        assert_close_at(nbd_expected(&m, rows[i], 26.0),
                        pareto_nbd_expected(&nobody_leaves, rows[i], 26.0), 1e-6, 1e-6, __FILE__,
                        __LINE__);
    }
}

static void what_cannot_be_fitted_says_why(void **state)
{
    (void)state;
    static const buyer once[] = {{0, 0, 30}, {0, 0, 20}, {0, 0, 10}};
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(once, NULL, COUNT(once));
    fit_result fit;
    strata_error err = {0};
    assert_ok(nbd_fit(cells, NULL, &fit, &err), &err);
    assert_plain(&fit, false);
    assert_int_equal(fit.outcome, FIT_NO_DATA);
    static const buyer alike[] = {{3, 20, 30}, {3, 20, 30}, {3, 20, 30}};
    STRATA_AUTO(buyer_cells_free) buyer_cells *same = cells_of(alike, NULL, COUNT(alike));
    assert_ok(nbd_fit(same, NULL, &fit, &err), &err);
    assert_plain(&fit, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simulated_buyers_give_their_parameters_back),
        cmocka_unit_test(it_is_what_the_pareto_nbd_is_when_nobody_leaves),
        cmocka_unit_test(what_cannot_be_fitted_says_why),
    };
    return cmocka_run_group_tests_name("nbd", tests, NULL, NULL);
}
