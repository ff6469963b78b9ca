/* SPDX-License-Identifier: Apache-2.0 */
#include "buyers_test.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/buyers/bg_bb.h"
#include "stats/numeric/special.h"

/* Fader, Hardie & Shang 2010: 11,104 donors first giving in 1995, by years with a gift in the next
 * six and the last of them (table 2; brucehardie.com/datasets, donations). */
static const struct {
    buyer row;
    double donors;
} donations[] = {
    {{0, 0, 6}, 3464}, {{1, 1, 6}, 1091}, {{1, 2, 6}, 277}, {{1, 3, 6}, 129}, {{1, 4, 6}, 78},
    {{1, 5, 6}, 119},  {{1, 6, 6}, 129},  {{2, 2, 6}, 613}, {{2, 3, 6}, 255}, {{2, 4, 6}, 155},
    {{2, 5, 6}, 173},  {{2, 6, 6}, 234},  {{3, 3, 6}, 322}, {{3, 4, 6}, 181}, {{3, 5, 6}, 225},
    {{3, 6, 6}, 357},  {{4, 4, 6}, 240},  {{4, 5, 6}, 284}, {{4, 6, 6}, 512}, {{5, 5, 6}, 335},
    {{5, 6, 6}, 728},  {{6, 6, 6}, 1203},
};

static const bg_bb donors = {1.204, 0.750, 0.657, 2.783};

static buyer_cells *donor_cells(void)
{
    buyer rows[COUNT(donations)];
    double weight[COUNT(donations)];
    for (size_t i = 0; i < COUNT(donations); i++) {
        rows[i] = donations[i].row;
        weight[i] = donations[i].donors;
    }
    return cells_of(rows, weight, COUNT(donations));
}

static double value_at(void *data, const double *p, double *g)
{
    bg_bb m = {p[0], p[1], p[2], p[3]};
    strata_error err = {0};
    double value = 0.0;
    assert_ok(bg_bb_log_likelihood(&m, data, &value, g, &err), &err);
    return value;
}

static double likelihood_of(const bg_bb *m, buyer b)
{
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(&b, NULL, 1);
    return exp(value_at(cells, (double[]){m->alpha, m->beta, m->gamma, m->delta}, NULL));
}

static void donors_give_the_published_fit(void **state)
{
    (void)state;
    static const double want[] = {1.204, 0.750, 0.657, 2.783};
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = donor_cells();
    fit_result fit;
    strata_error err = {0};
    assert_close(cells->customers, 11104.0, 0.0);
    assert_ok(bg_bb_fit(cells, NULL, &fit, &err), &err);
    assert_plain(&fit, true);
    assert_close_at(fit.log_likelihood, -33225.6, 0.0, 0.05, __FILE__, __LINE__);
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_close_at(fit.x[i], want[i], 0.0, 5e-4, __FILE__, __LINE__);
    }
}

/* The paper's eq. 7 term by term. */
static void likelihood_is_the_sum_over_when_they_left(void **state)
{
    (void)state;
    const bg_bb *m = &donors;
    double base = log_beta(m->alpha, m->beta) + log_beta(m->gamma, m->delta);
    for (size_t i = 0; i < COUNT(donations); i++) {
        buyer b = donations[i].row;
        double stayed = exp(log_beta(m->alpha + b.x, m->beta + b.T - b.x) +
                            log_beta(m->gamma, m->delta + b.T) - base);
        double total = stayed;
        for (int k = (int)b.t_x; k < (int)b.T; k++) {
            double at = k;
            total += exp(log_beta(m->alpha + b.x, m->beta + at - b.x) +
                         log_beta(m->gamma + 1.0, m->delta + at) - base);
        }
        assert_close(likelihood_of(m, b), total, 1e-11);
        assert_close(bg_bb_alive(m, b, 0), stayed / total, 1e-11);
        double next = (m->delta + b.T) / (m->gamma + m->delta + b.T);
        assert_close(bg_bb_alive(m, b, 1), stayed / total * next, 1e-11);
    }
}

/* How many strings of n opportunities end their x purchases at t_x. */
static double ways(buyer b)
{
    return b.x > 0.0 ? exp(-log_beta(b.x, b.t_x - b.x + 1.0) - log(b.t_x)) : 1.0;
}

static void histories_add_up(void **state)
{
    (void)state;
    enum { N = 8 };
    double total = 0.0;
    double counts[N + 1] = {0};
    double later = 0.0;
    for (int x = 0; x <= N; x++) {
        for (int t = x; t <= (x > 0 ? N : 0); t++) {
            buyer b = {x, t, N};
            double p = likelihood_of(&donors, b) * ways(b);
            total += p;
            counts[x] += p;
            later += p * bg_bb_expected(&donors, b, 5);
        }
    }
    assert_close(total, 1.0, 1e-12);
    double mean = 0.0;
    for (size_t k = 0; k <= N; k++) {
        assert_close(bg_bb_chance(&donors, k, N), counts[k], 1e-11);
        mean += counts[k] * (double)k;
    }
    assert_close(bg_bb_mean(&donors, N), mean, 1e-12);
    assert_close(bg_bb_mean(&donors, N + 5), mean + later, 1e-12);
    assert_true(bg_bb_chance(&donors, N + 1, N) <= 0.0);
}

static void discounting_is_the_sum_of_the_terms(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(donations); i += 7) {
        buyer b = donations[i].row;
        double total = 0.0;
        double before = 0.0;
        for (size_t k = 1; k <= 400; k++) {
            double upto = bg_bb_expected(&donors, b, k);
            total += (upto - before) * pow(1.1, -(double)k);
            before = upto;
        }
        assert_close(bg_bb_dert(&donors, b, 0.1), total, 1e-11);
    }
    double total = 0.0;
    for (size_t k = 1; k <= 400; k++) {
        total += (bg_bb_mean(&donors, k) - bg_bb_mean(&donors, k - 1)) * pow(1.1, -(double)k);
    }
    assert_close(bg_bb_det(&donors, 0.1), total, 1e-11);
    assert_true(isfinite(bg_bb_det(&donors, 1e-6)));
}

static void gradient_matches_differences(void **state)
{
    (void)state;
    static const buyer rows[] = {{0, 0, 0},  {0, 0, 40},   {2, 30, 38},          {7, 7, 38},
                                 {1, 5, 27}, {27, 27, 27}, {10000, 10010, 10020}};
    static const double at[][4] = {
        {1.204, 0.75, 0.657, 2.783}, {0.1, 12.0, 3.0, 0.2}, {1, 1, 1, 1}};
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, NULL, COUNT(rows));
    for (size_t i = 0; i < COUNT(at); i++) {
        assert_gradient(value_at, cells, at[i], 4);
    }
}

static buyer simulate(rng *g, const bg_bb *m, double n)
{
    buyer b = {.T = n};
    double buys = rng_beta(g, m->alpha, m->beta);
    double leaves = rng_beta(g, m->gamma, m->delta);
    for (int at = 1; at <= (int)n && rng_uniform(g) >= leaves; at++) {
        if (rng_uniform(g) < buys) {
            b.x += 1.0;
            b.t_x = at;
        }
    }
    return b;
}

static void simulated_parameters_are_recovered(void **state)
{
    (void)state;
    enum { N = 20000 };
    static buyer rows[N];
    static const bg_bb truth = {1.2, 2.0, 0.8, 5.0};
    for (size_t i = 0; i < N; i++) {
        rng g;
        rng_init(&g, 4, i);
        rows[i] = simulate(&g, &truth, 12.0 + (double)(i % 12));
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, NULL, N);
    fit_result fit;
    strata_error err = {0};
    assert_ok(bg_bb_fit(cells, NULL, &fit, &err), &err);
    assert_recovers(&fit, (double[]){truth.alpha, truth.beta, truth.gamma, truth.delta});
}

static fit_result fit_rows(const buyer *rows, size_t n)
{
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(rows, NULL, n);
    fit_result fit;
    strata_error err = {0};
    assert_ok(bg_bb_fit(cells, NULL, &fit, &err), &err);
    return fit;
}

static void poor_data_give_a_reason_and_no_figure(void **state)
{
    (void)state;
    static const buyer one[] = {{3, 5, 6}};
    static const buyer nobody[] = {{0, 0, 6}, {0, 0, 5}, {0, 0, 0}};
    static const buyer always[] = {{6, 6, 6}, {5, 5, 5}, {6, 6, 6}};
    static const buyer alike[] = {{3, 5, 6}, {3, 5, 6}, {3, 5, 6}};
    static const buyer staying[] = {{3, 6, 6}, {2, 6, 6}, {4, 6, 6}, {3, 6, 6}};
    fit_result fit = fit_rows(one, 1);
    assert_plain(&fit, false);
    fit = fit_rows(nobody, COUNT(nobody));
    assert_plain(&fit, false);
    fit = fit_rows(always, COUNT(always));
    assert_plain(&fit, false);
    assert_non_null(strstr(fit.reason, "everybody bought in every period"));
    fit = fit_rows(alike, COUNT(alike));
    assert_plain(&fit, false);
    fit = fit_rows(staying, COUNT(staying));
    assert_plain(&fit, false);
}

static void histories_in_fractions_are_refused(void **state)
{
    (void)state;
    static const buyer rows[] = {{1, 2.5, 6}, {1, 2, 6.5}, {3, 2, 6}, {1, 2, 1e6}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(&rows[i], NULL, 1);
        strata_error err = {0};
        fit_result fit = {.start = 99};
        double value = 0.0;
        assert_int_equal(bg_bb_fit(cells, NULL, &fit, &err), STRATA_E_DATA);
        assert_non_null(strstr(err.message, "is none of whole periods"));
        assert_int_equal(bg_bb_log_likelihood(&donors, cells, &value, NULL, &err), STRATA_E_DATA);
        assert_int_equal(fit.start, 99);
    }
}

static void fitting_survives_a_lack_of_memory(void **state)
{
    (void)state;
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = donor_cells();
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        fit_result fit = {.start = 99};
        strata_status st = bg_bb_fit(cells, NULL, &fit, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, fit.start == 99);
    });
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(donors_give_the_published_fit),
        cmocka_unit_test(likelihood_is_the_sum_over_when_they_left),
        cmocka_unit_test(histories_add_up),
        cmocka_unit_test(discounting_is_the_sum_of_the_terms),
        cmocka_unit_test(gradient_matches_differences),
        cmocka_unit_test(simulated_parameters_are_recovered),
        cmocka_unit_test(poor_data_give_a_reason_and_no_figure),
        cmocka_unit_test(histories_in_fractions_are_refused),
        cmocka_unit_test(fitting_survives_a_lack_of_memory),
    };
    return cmocka_run_group_tests_name("bg_bb", tests, NULL, NULL);
}
