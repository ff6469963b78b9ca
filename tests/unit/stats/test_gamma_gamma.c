/* SPDX-License-Identifier: Apache-2.0 */
#include "buyers_test.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/buyers/gamma_gamma.h"

/* Fader & Hardie, note 025: the fit to the 946 repeaters of the CDNOW sample (test_cdnow.c). */
static const gamma_gamma cdnow = {6.248802, 3.744588, 15.447748};

typedef struct sample {
    const spender *rows;
    size_t n;
} sample;

static double value_at(void *data, const double *p, double *g)
{
    const sample *s = data;
    gamma_gamma m = {p[0], p[1], p[2]};
    strata_error err = {0};
    double value = 0.0;
    assert_ok(gamma_gamma_log_likelihood(&m, s->rows, s->n, &value, g, &err), &err);
    return value;
}

static fit_result fit_rows(const spender *rows, size_t n)
{
    fit_result fit;
    strata_error err = {0};
    assert_ok(gamma_gamma_fit(rows, n, NULL, &fit, &err), &err);
    return fit;
}

/* Note 025: the first six customers, of whom three spent nothing after the first purchase. The
 * note prints 24.65 where its own formula gives 24.6586. */
static void expected_spend_matches_the_note(void **state)
{
    (void)state;
    static const spender rows[] = {{2, 22.35}, {1, 11.77}, {0, 0}, {0, 0}, {0, 0}, {7, 73.74}};
    static const double want[] = {24.66, 18.91, 35.17, 35.17, 35.17, 71.46};
    for (size_t i = 0; i < COUNT(rows); i++) {
        double spend = 0.0;
        assert_true(gamma_gamma_expected(&cdnow, rows[i], &spend));
        assert_close_at(spend, want[i], 0.0, 5e-3, __FILE__, __LINE__);
    }
}

/* At p = q = gamma = 1 and x = 1 the density is (1 + mean)^-2; over x = 2 it is
 * 8 mean (1 + 2 mean)^-3. */
static void density_is_that_of_the_model(void **state)
{
    (void)state;
    static const spender rows[] = {{1, 3.0}, {2, 0.5}, {0, NAN}};
    double value = value_at(&(sample){rows, 3}, (double[]){1, 1, 1}, NULL);
    assert_close(value, -2.0 * log(4.0) + log(4.0) - 3.0 * log(2.0), 1e-14);
}

static void spend_without_a_mean_is_said_to_be_infinite(void **state)
{
    (void)state;
    gamma_gamma m = {0.5, 0.25, 10.0};
    double spend = -1.0;
    assert_false(gamma_gamma_expected(&m, (spender){0, 0}, &spend));
    assert_false(gamma_gamma_expected(&m, (spender){1, 20}, &spend));
    assert_close(spend, -1.0, 0.0);
    assert_true(gamma_gamma_expected(&m, (spender){2, 20}, &spend));
    assert_close(spend, 100.0, 1e-15);
}

static void gradient_matches_differences(void **state)
{
    (void)state;
    static const spender rows[] = {{1, 0.01}, {1, 1e6}, {2, 30}, {2, 35}, {10000, 40}};
    static const double at[][3] = {{6.25, 3.74, 15.44}, {0.3, 0.4, 500.0}, {1, 1, 1}};
    for (size_t i = 0; i < COUNT(at); i++) {
        assert_gradient(value_at, &(sample){rows, COUNT(rows)}, at[i], 3);
    }
}

static void simulated_parameters_are_recovered_in_any_order(void **state)
{
    (void)state;
    enum { N = 4000 };
    static spender rows[N];
    static spender turned[N];
    for (size_t i = 0; i < N; i++) {
        rng g;
        rng_init(&g, 6, i);
        double x = (double)(i % 7);
        double rate = rng_gamma(&g, 3.7, 1.0 / 15.0);
        rows[i] = (spender){x, x > 0.0 ? rng_gamma(&g, 6.0 * x, 1.0 / rate) / x : 0.0};
        turned[N - 1 - i] = rows[i];
    }
    fit_result fit = fit_rows(rows, N);
    assert_recovers(&fit, (double[]){6.0, 3.7, 15.0});
    fit_result again = fit_rows(turned, N);
    assert_memory_equal(fit.x, again.x, sizeof fit.x);
    assert_memory_equal(fit.se, again.se, sizeof fit.se);
}

static void poor_data_give_a_reason_and_no_figure(void **state)
{
    (void)state;
    static const spender none[] = {{0, 0}, {0, 0}};
    static const spender one[] = {{0, 0}, {3, 20}};
    static const spender alike[] = {{3, 20}, {3, 20}, {1, 20}, {7, 20}};
    fit_result fit = fit_rows(none, COUNT(none));
    assert_plain(&fit, false);
    assert_int_equal(fit.outcome, FIT_NO_DATA);
    fit = fit_rows(one, COUNT(one));
    assert_plain(&fit, false);
    assert_int_equal(fit.outcome, FIT_NO_DATA);
    fit = fit_rows(alike, COUNT(alike));
    assert_plain(&fit, false);
}

static void impossible_spend_is_refused(void **state)
{
    (void)state;
    static const struct {
        spender row;
        const char *message;
    } rows[] = {{{1, 0}, "customer 2 spends 0 per purchase"},
                {{1, -3}, "customer 2 spends -3 per purchase"},
                {{1, INFINITY}, "customer 2 spends inf per purchase"},
                {{1, NAN}, "per purchase"},
                {{-1, 5}, "customer 2 has -1 repeat purchases"},
                {{NAN, 5}, "repeat purchases"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const spender both[] = {{2, 10}, rows[i].row};
        strata_error err = {0};
        fit_result fit = {.start = 99};
        assert_int_equal(gamma_gamma_fit(both, 2, NULL, &fit, &err), STRATA_E_DATA);
        assert_non_null(strstr(err.message, rows[i].message));
        assert_int_equal(fit.start, 99);
    }
}

static void fitting_survives_a_lack_of_memory(void **state)
{
    (void)state;
    static const spender rows[] = {{2, 10}, {1, 30}, {4, 12}};
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        fit_result fit = {.start = 99};
        strata_status st = gamma_gamma_fit(rows, COUNT(rows), NULL, &fit, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, fit.start == 99);
    });
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_spend_matches_the_note),
        cmocka_unit_test(density_is_that_of_the_model),
        cmocka_unit_test(spend_without_a_mean_is_said_to_be_infinite),
        cmocka_unit_test(gradient_matches_differences),
        cmocka_unit_test(simulated_parameters_are_recovered_in_any_order),
        cmocka_unit_test(poor_data_give_a_reason_and_no_figure),
        cmocka_unit_test(impossible_spend_is_refused),
        cmocka_unit_test(fitting_survives_a_lack_of_memory),
    };
    return cmocka_run_group_tests_name("gamma_gamma", tests, NULL, NULL);
}
