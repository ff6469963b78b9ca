/* SPDX-License-Identifier: Apache-2.0 */
/* Models of contract lifetimes. Published figures: Fader & Hardie 2007, How to project customer
 * retention, Journal of Interactive Marketing 21:76 (survivors of 1,000 customers in years 0-12,
 * estimates of the sBG); Fader et al. 2018, ibid. 43:1 and the authors' notes on the BdW and on
 * discounted expected residual lifetime (Fader & Hardie 2010, Marketing Science 29:85). Figures
 * with more digits: mpmath, tests/data/stats/make_models.py. */
#include "strata_test.h"

#include "exactly.h"
#include "gradient.h"

#include "base/rng.h"
#include "stats/contracts/bdw.h"
#include "stats/contracts/churn.h"
#include "stats/contracts/sbg.h"
#include "stats/numeric/special.h"

static const uint64_t high_end[] = {1000, 869, 743, 653, 593, 551, 517,
                                    491,  468, 445, 427, 409, 394};
static const uint64_t regular[] = {1000, 631, 468, 382, 326, 289, 262,
                                   241,  223, 207, 194, 183, 173};

static lifetimes counts_of(const uint64_t *survivors, size_t n)
{
    lifetimes l = {0};
    strata_error err = {0};
    assert_ok(lifetimes_add(&l, survivors, n, &err), &err);
    return l;
}

static fit_result fitted(churn_model model, const lifetimes *l)
{
    fit_result r;
    strata_error err = {0};
    assert_ok(churn_fit(model, l, NULL, &r, &err), &err);
    return r;
}

/* A model with given parameters, as if fitted. */
static fit_result given(size_t n, const double *x)
{
    fit_result r = {.converged = true, .outcome = FIT_CONVERGED, .n_parameters = n};
    memcpy(r.x, x, n * sizeof *x);
    return r;
}

static double residual(churn_model model, const fit_result *fit, churn_question q)
{
    churn_lifetime life;
    strata_error err = {0};
    assert_ok(churn_residual_lifetime(model, fit, q, &life, &err), &err);
    assert_true(life.known && life.reason == NULL);
    return life.value;
}

/* As printed: to half a unit of the last digit. */
static void assert_printed(double got, double want, double unit)
{
    assert_close_at(got, want, 0.0, unit * 0.5000001, __FILE__, __LINE__);
}

static void sbg_reproduces_the_article(void **state)
{
    (void)state;
    lifetimes high = counts_of(high_end, 8);
    lifetimes low = counts_of(regular, 8);
    fit_result r = fitted(CHURN_SBG, &high);
    fit_result s = fitted(CHURN_SBG, &low);
    double gradient[2];
    static const double ones[] = {1.0, 1.0};
    assert_true(r.converged && s.converged);
    assert_printed(r.x[SBG_ALPHA], 0.668, 1e-3);
    assert_printed(r.x[SBG_BETA], 3.806, 1e-3);
    assert_printed(r.log_likelihood, -1611.16, 1e-2);
    assert_printed(s.x[SBG_ALPHA], 0.704, 1e-3);
    assert_printed(s.x[SBG_BETA], 1.182, 1e-3);
    assert_printed(sbg_log_likelihood(&high, ones, gradient), -2115.55, 1e-2);
    /* mpmath */
    assert_close(r.x[SBG_ALPHA], 0.6680883511, 1e-9);
    assert_close(r.x[SBG_BETA], 3.806094964, 1e-9);
    assert_close(r.se[SBG_ALPHA], 0.1037349311, 1e-7);
    assert_close(r.se[SBG_BETA], 0.7855316918, 1e-7);
    assert_close(r.covariance[0][1], 0.07765915505, 1e-7);
}

static void sbg_projects_the_years_not_seen(void **state)
{
    (void)state;
    lifetimes high = counts_of(high_end, 8);
    lifetimes low = counts_of(regular, 8);
    fit_result r = fitted(CHURN_SBG, &high);
    fit_result s = fitted(CHURN_SBG, &low);
    churn_point curve[12];
    strata_error err = {0};
    assert_ok(churn_curve(CHURN_SBG, &r, 12, curve, &err), &err);
    assert_printed(curve[11].survival, 0.3780, 1e-4);
    assert_close(curve[11].survival, 0.377999071597, 1e-10);
    assert_true(curve[11].survival_95.low < 0.394 && 0.394 < curve[11].survival_95.high);
    assert_close(curve[0].retention, r.x[SBG_BETA] / (r.x[SBG_ALPHA] + r.x[SBG_BETA]), 1e-13);
    assert_ok(churn_curve(CHURN_SBG, &s, 12, curve, &err), &err);
    assert_printed(curve[11].survival, 0.1700, 1e-4);
}

/* S(t) = B(alpha, beta + t) / B(alpha, beta), also far beyond the data. */
static void long_curves_follow_the_formula(void **state)
{
    (void)state;
    fit_result r = given(2, (double[]){0.668, 3.806});
    fit_result s = given(3, (double[]){0.2593, 1.7226, 1.5844});
    static churn_point curve[700];
    strata_error err = {0};
    assert_ok(churn_curve(CHURN_SBG, &r, COUNT(curve), curve, &err), &err);
    for (size_t t = 1; t <= COUNT(curve); t++) {
        double want = exp(log_beta(0.668, 3.806 + (double)t) - log_beta(0.668, 3.806));
        assert_close(curve[t - 1].survival, want, 1e-11);
    }
    assert_ok(churn_curve(CHURN_BDW, &s, COUNT(curve), curve, &err), &err);
    assert_close(curve[599].survival,
                 exp(log_beta(0.2593, 1.7226 + pow(600.0, 1.5844)) - log_beta(0.2593, 1.7226)),
                 1e-11);
    assert_close(curve[599].retention, curve[599].survival / curve[598].survival, 1e-11);
    /* A customer of 300 renewals: r(301), r(301) r(302) ... */
    double two = curve[301].survival / curve[299].survival;
    assert_close(residual(CHURN_BDW, &s, (churn_question){.renewals = 300, .horizon = 2}),
                 curve[300].retention + two, 1e-11);
}

static void bdw_reproduces_its_note(void **state)
{
    (void)state;
    lifetimes four = counts_of(high_end, 5);
    lifetimes twelve = counts_of(high_end, 13);
    fit_result r = fitted(CHURN_BDW, &four);
    fit_result s = fitted(CHURN_BDW, &twelve);
    static const double want[] = {0.2593, 1.7226, 1.5844};
    static const double want_12[] = {0.2496, 1.6542, 1.5968};
    static const double se[] = {0.120169291, 0.7769416441, 0.353023297};
    static const double se_12[] = {0.05721124523, 0.3576590752, 0.2336547683};
    assert_true(r.converged && s.converged);
    for (size_t i = 0; i < BDW_PARAMETERS; i++) {
        assert_printed(r.x[i], want[i], 1e-4);
        assert_printed(s.x[i], want_12[i], 1e-4);
        assert_close(r.se[i], se[i], 1e-6);
        assert_close(s.se[i], se_12[i], 1e-6);
    }
    assert_printed(r.log_likelihood, -1222.7493, 1e-4);
    assert_printed(s.log_likelihood, -2004.8169, 1e-4);
}

static void residual_lifetime_reproduces_the_article(void **state)
{
    (void)state;
    static const double printed[] = {3.31, 3.45, 3.59, 3.72, 3.84};
    static const double exact[] = {3.30981842102537, 3.45100032890988, 3.58654365654429,
                                   3.71681153873099, 3.84213402402692};
    fit_result r = given(2, (double[]){3.80, 15.20});
    churn_lifetime life;
    strata_error err = {0};
    for (size_t n = 0; n < COUNT(printed); n++) {
        double value = residual(CHURN_SBG, &r, (churn_question){.renewals = n, .discount = 0.1});
        assert_printed(value, printed[n], 1e-2);
        assert_close(value, exact[n], 1e-12);
    }
    assert_ok(churn_new_lifetime(CHURN_SBG, &r, (churn_question){.discount = 0.1}, &life, &err),
              &err);
    assert_close(life.value, 4.00892583729579, 1e-12);
}

static void lifetimes_have_their_closed_forms(void **state)
{
    (void)state;
    fit_result constant = given(1, (double[]){0.2});
    fit_result sbg = given(2, (double[]){1.7, 4.2});
    fit_result bdw = given(3, (double[]){0.2593, 1.7226, 1.5844});
    fit_result as_sbg = given(3, (double[]){1.7, 4.2, 1.0});
    churn_question q = {.renewals = 3, .discount = 0.1};
    assert_close(residual(CHURN_CONSTANT, &constant, q), 0.8 / (1.0 - 0.8 / 1.1), 1e-13);
    q.horizon = 3;
    assert_close(residual(CHURN_CONSTANT, &constant, q), 0.8 + 0.64 / 1.1 + 0.512 / 1.21, 1e-13);
    q = (churn_question){.renewals = 3};
    assert_close(residual(CHURN_CONSTANT, &constant, q), 4.0, 1e-13);
    assert_close(residual(CHURN_SBG, &sbg, q), 7.2 / 0.7, 1e-13);
    q.horizon = 10;
    assert_close(residual(CHURN_SBG, &sbg, q), 4.44000536046491, 1e-12); /* mpmath */
    assert_close(residual(CHURN_BDW, &as_sbg, q), 4.44000536046491, 1e-12);
    q = (churn_question){.renewals = 2, .discount = 0.1};
    assert_close(residual(CHURN_BDW, &bdw, q), 6.44249648393373, 1e-12);
}

static void lifetimes_that_cannot_be_known_say_why(void **state)
{
    (void)state;
    fit_result sbg = given(2, (double[]){0.7, 4.2});
    fit_result bdw = given(3, (double[]){1.7, 4.2, 1.0});
    fit_result none = fit_no_data(2, "nothing there");
    churn_lifetime life = {.value = 7.0};
    churn_point point = {.survival = 7.0};
    strata_error err = {0};
    churn_question q = {0};
    assert_ok(churn_residual_lifetime(CHURN_SBG, &sbg, q, &life, &err), &err);
    assert_true(!life.known && exactly(life.value, 0.0) && exactly(life.se, 0.0));
    assert_non_null(strstr(life.reason, "infinite"));
    assert_ok(churn_new_lifetime(CHURN_BDW, &bdw, q, &life, &err), &err);
    assert_true(!life.known && exactly(life.value, 0.0));
    assert_non_null(strstr(life.reason, "no closed form"));
    q.discount = 1e-7;
    assert_ok(churn_residual_lifetime(CHURN_SBG, &sbg, q, &life, &err), &err);
    assert_true(!life.known);
    assert_non_null(strstr(life.reason, "too small"));

    life.value = 7.0;
    assert_int_equal(churn_residual_lifetime(CHURN_SBG, &none, q, &life, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "the sBG has no estimates: nothing there");
    assert_int_equal(churn_curve(CHURN_SBG, &none, 1, &point, &err), STRATA_E_USAGE);
    q.discount = -0.1;
    assert_int_equal(churn_new_lifetime(CHURN_SBG, &sbg, q, &life, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "the discount rate -0.1 is not 0 or a positive number");
    assert_true(exactly(life.value, 7.0) && exactly(point.survival, 7.0));
}

/* Delta method against a closed form: constant churn p, lifetime (1 - p) / p, slope -1 / p^2. */
static void error_of_a_lifetime_follows_the_estimates(void **state)
{
    (void)state;
    lifetimes l = counts_of(high_end, 8);
    fit_result constant = fitted(CHURN_CONSTANT, &l);
    fit_result sbg = fitted(CHURN_SBG, &l);
    churn_lifetime life;
    strata_error err = {0};
    assert_ok(churn_residual_lifetime(CHURN_CONSTANT, &constant, (churn_question){0}, &life, &err),
              &err);
    assert_close(life.se, constant.se[0] / (constant.x[0] * constant.x[0]), 1e-6);
    /* One renewal ahead the lifetime is r(1), so its error is that of the curve. */
    churn_point p;
    assert_ok(churn_curve(CHURN_SBG, &sbg, 1, &p, &err), &err);
    assert_ok(churn_residual_lifetime(CHURN_SBG, &sbg, (churn_question){.horizon = 1}, &life, &err),
              &err);
    assert_close(life.value, p.retention, 1e-14);
    double logit = log(p.retention_95.high / (1.0 - p.retention_95.high)) -
                   log(p.retention / (1.0 - p.retention));
    assert_close(life.se, logit / 1.959963984540054 * p.retention * (1.0 - p.retention), 1e-6);
    assert_close(p.survival, p.retention, 1e-14);
    assert_true(p.survival_95.low < p.survival && p.survival < p.survival_95.high);
}

static void gradients_are_the_derivatives(void **state)
{
    (void)state;
    lifetimes l = counts_of(regular, 13);
    strata_error err = {0};
    assert_ok(lifetimes_add(&l, high_end, 6, &err), &err);
    static const double at[][3] = {{0.7, 1.2, 1.0}, {3.0, 40.0, 0.6}, {0.05, 0.2, 2.5}};
    for (size_t i = 0; i < COUNT(at); i++) {
        assert_gradient(sbg_log_likelihood, &l, at[i], 2, 1e-8);
        assert_gradient(bdw_log_likelihood, &l, at[i], 3, 1e-8);
    }
    /* With c = 1 the BdW is the sBG. */
    double g[3];
    double h[3];
    assert_close(bdw_log_likelihood(&l, at[0], g), sbg_log_likelihood(&l, at[0], h), 1e-12);
    assert_close(g[0], h[0], 1e-9);
    assert_close(g[1], h[1], 1e-9);
}

/* Cohorts of different age: the likelihood is the sum of theirs. */
static void pooled_cohorts_add_up(void **state)
{
    (void)state;
    lifetimes a = counts_of(high_end, 8);
    lifetimes b = counts_of(regular, 5);
    lifetimes both = counts_of(high_end, 8);
    strata_error err = {0};
    double g[2];
    static const double x[] = {0.9, 2.0};
    assert_ok(lifetimes_add(&both, regular, 5, &err), &err);
    assert_close(sbg_log_likelihood(&both, x, g),
                 sbg_log_likelihood(&a, x, g) + sbg_log_likelihood(&b, x, g), 1e-14);
    assert_true(exactly(both.customers, 2000.0) && both.n_periods == 7);
    assert_true(exactly(both.at_risk[4], 593.0) && exactly(both.at_risk[3], 653.0 + 382.0));
    assert_true(exactly(both.losses, 1000.0 - 491.0 + 1000.0 - 326.0));
}

static void survivors_must_not_rise(void **state)
{
    (void)state;
    static const uint64_t rising[] = {10, 8, 9};
    static uint64_t many[LIFETIME_PERIODS_MAX + 2];
    lifetimes l = counts_of(high_end, 3);
    lifetimes before = l;
    strata_error err = {0};
    assert_int_equal(lifetimes_add(&l, rising, 3, &err), STRATA_E_DATA);
    assert_string_equal(err.message,
                        "survivors rise from 8 to 9 in period 2: count those who never left");
    assert_int_equal(lifetimes_add(&l, rising, 0, &err), STRATA_E_USAGE);
    assert_int_equal(lifetimes_add(&l, many, COUNT(many), &err), STRATA_E_USAGE);
    assert_memory_equal(&l, &before, sizeof l);
}

static void assert_sound(const fit_result *r)
{
    bool finite = isfinite(r->log_likelihood) && isfinite(r->gradient_norm);
    for (size_t i = 0; i < FIT_PARAMETERS_MAX; i++) {
        finite = finite && isfinite(r->x[i]) && isfinite(r->se[i]);
        for (size_t j = 0; j < FIT_PARAMETERS_MAX; j++) {
            finite = finite && isfinite(r->covariance[i][j]);
        }
        bool has_error = i < r->n_parameters && r->converged;
        assert_true(has_error ? r->se[i] > 0.0 : exactly(r->se[i], 0.0));
    }
    assert_true(finite);
    assert_true(r->converged == (r->outcome == FIT_CONVERGED));
    assert_true(r->converged == (r->reason[0] == '\0'));
}

typedef struct edge {
    const char *what;
    uint64_t survivors[6];
    size_t n;
    const char *reason[CHURN_MODELS]; /* a part of it; NULL: converges */
} edge;

static void counts_at_the_edge_give_a_reason(void **state)
{
    (void)state;
    static const edge edges[] = {
        {"no churn", {10, 10, 10, 10}, 4, {"nobody has left", "nobody has left", "nobody has"}},
        {"all gone", {10, 0, 0}, 3, {"everybody left", "everybody left", "everybody left"}},
        {"not begun", {10}, 1, {"nobody has come", "nobody has come", "nobody has come"}},
        {"empty", {0, 0, 0}, 3, {"nobody has come", "nobody has come", "nobody has come"}},
        {"one period", {100, 70}, 2, {NULL, "one renewal seen", "under three renewals seen"}},
        {"two periods", {100, 70, 60}, 3, {NULL, NULL, "under three renewals seen"}},
        {"one customer", {1, 1, 1, 0}, 4, {NULL, "fewer customers left", "fewer customers left"}},
        {"all gone slowly", {10, 5, 2, 0}, 4, {NULL, "does not fall with age", "no sign that"}},
        {"rising churn", {1000, 950, 850, 700, 500}, 5, {NULL, "does not fall", "no sign that"}},
        {"losses stop", {1000, 700, 700, 700, 700}, 5, {NULL, "when the others", "when the oth"}},
    };
    for (size_t i = 0; i < COUNT(edges); i++) {
        lifetimes l = counts_of(edges[i].survivors, edges[i].n);
        for (size_t m = 0; m < CHURN_MODELS; m++) {
            fit_result r = fitted((churn_model)m, &l);
            const char *want = edges[i].reason[m];
            assert_sound(&r);
            if (r.converged != (want == NULL) || (want && strstr(r.reason, want) == NULL)) {
                fail_msg("%s, %s: %s", edges[i].what, churn_model_name((churn_model)m), r.reason);
            }
        }
    }
}

static void any_counts_give_sound_results(void **state)
{
    (void)state;
    int converged = 0;
    for (uint64_t run = 0; run < 1500; run++) {
        rng r;
        uint64_t survivors[9];
        rng_init(&r, 3, run);
        size_t n = 1 + (size_t)rng_below(&r, COUNT(survivors));
        survivors[0] = rng_below(&r, (uint64_t)1 << rng_below(&r, 12));
        for (size_t t = 1; t < n; t++) {
            survivors[t] =
                rng_below(&r, 3) == 0 ? survivors[t - 1] : rng_below(&r, survivors[t - 1] + 1);
        }
        lifetimes l = counts_of(survivors, n);
        churn_comparison c;
        strata_error err = {0};
        assert_ok(churn_compare(&l, NULL, &c, &err), &err);
        for (size_t m = 0; m < CHURN_MODELS; m++) {
            churn_point curve[20];
            assert_sound(&c.fits[m]);
            converged += c.fits[m].converged;
            if (!c.fits[m].converged) {
                continue;
            }
            assert_ok(churn_curve((churn_model)m, &c.fits[m], 20, curve, &err), &err);
            for (size_t t = 0; t < 20; t++) {
                const churn_point *p = &curve[t];
                assert_true(p->survival_95.low >= 0.0 && p->survival_95.high <= 1.0);
                assert_true(p->retention_95.low >= 0.0 && p->retention_95.high <= 1.0);
                assert_true(p->survival >= p->survival_95.low);
            }
        }
        assert_non_null(c.reason);
    }
    assert_true(converged > 1000);
}

/* Survivors of n customers with leaving chances from beta(x[0], x[1]) and time dependence c. */
static void simulate(rng *r, const double *x, double c, size_t n, uint64_t *survivors,
                     size_t periods)
{
    memset(survivors, 0, periods * sizeof *survivors);
    for (size_t i = 0; i < n; i++) {
        double chance = rng_beta(r, x[0], x[1]);
        double life = pow(log1p(-rng_uniform(r)) / log1p(-chance), 1.0 / c);
        for (size_t t = 0; t < periods && !(life <= (double)t && t > 0); t++) {
            survivors[t]++;
        }
    }
}

/* Cohorts of 3 to 12 renewals; how often the truth lies within 1.96 standard errors. */
static void check_recovery(churn_model model, const double *truth, size_t per_cohort, size_t runs)
{
    size_t covered[3] = {0};
    size_t n_parameters = model == CHURN_SBG ? 2 : 3;
    size_t curve_covered = 0;
    double survival = 1.0;
    double log_retention[15];
    bdw_log_retention(truth, 1, 15, log_retention, NULL);
    for (size_t t = 0; t < 15; t++) {
        survival *= exp(log_retention[t]);
    }
    for (size_t run = 0; run < runs; run++) {
        rng r;
        uint64_t survivors[13];
        lifetimes l = {0};
        strata_error err = {0};
        churn_point curve[15];
        rng_init(&r, 99, run);
        for (size_t periods = 4; periods <= 13; periods += 3) {
            simulate(&r, truth, truth[2], per_cohort, survivors, periods);
            assert_ok(lifetimes_add(&l, survivors, periods, &err), &err);
        }
        fit_result f = fitted(model, &l);
        assert_true(f.converged);
        for (size_t i = 0; i < n_parameters; i++) {
            covered[i] += fabs(f.x[i] - truth[i]) <= 1.96 * f.se[i];
            assert_true(fabs(f.x[i] - truth[i]) <= 5.0 * f.se[i]);
        }
        assert_ok(churn_curve(model, &f, 15, curve, &err), &err);
        curve_covered +=
            curve[14].survival_95.low <= survival && survival <= curve[14].survival_95.high;
    }
    for (size_t i = 0; i < n_parameters; i++) {
        assert_in_range(covered[i], runs * 91 / 100, runs * 99 / 100);
    }
    assert_in_range(curve_covered, runs * 91 / 100, runs * 99 / 100);
}

static void simulated_parameters_come_back(void **state)
{
    (void)state;
    check_recovery(CHURN_SBG, (double[]){0.8, 2.5, 1.0}, 2000, 150);
    check_recovery(CHURN_BDW, (double[]){0.6, 2.0, 1.4}, 4000, 100);
}

static void comparison_knows_which_curve_flattens(void **state)
{
    (void)state;
    static const uint64_t constant[] = {1000, 900, 810, 729, 656, 590};
    static const uint64_t rising[] = {1000, 950, 850, 700, 500};
    static const uint64_t early[] = {1000, 700};
    churn_comparison c;
    strata_error err = {0};
    lifetimes l = counts_of(regular, 13);
    assert_ok(churn_compare(&l, NULL, &c, &err), &err);
    assert_true(c.shape == CHURN_FLATTENS && c.found && c.best == CHURN_SBG);
    assert_true(c.sbg_over_constant.p < 1e-80 && c.bdw_over_sbg.p > 0.2);
    assert_close(c.sbg_over_constant.statistic, 2.0 * (2127.519227 - 1931.491694), 1e-6);
    assert_close(c.aic[CHURN_SBG], 4.0 + 2.0 * 1931.491694, 1e-8);
    assert_close(c.bic[CHURN_SBG], 2.0 * log(1000.0) + 2.0 * 1931.491694, 1e-8);
    assert_true(c.by_age.slope < 0.0);

    l = counts_of(high_end, 13); /* duration dependence: the BdW is needed */
    assert_ok(churn_compare(&l, NULL, &c, &err), &err);
    assert_true(c.shape == CHURN_FLATTENS && c.best == CHURN_BDW && c.bdw_over_sbg.p < 0.001);
    assert_true(c.bdw_over_constant.defined && c.bdw_over_constant.p < 1e-20);

    l = counts_of(constant, COUNT(constant));
    assert_ok(churn_compare(&l, NULL, &c, &err), &err);
    assert_true(c.shape == CHURN_STRAIGHT && c.found && c.best == CHURN_CONSTANT);
    assert_true(c.sbg_over_constant.defined && c.sbg_over_constant.p > 0.4);
    l = counts_of(rising, COUNT(rising));
    assert_ok(churn_compare(&l, NULL, &c, &err), &err);
    assert_true(c.shape == CHURN_STEEPENS && c.by_age.slope > 0.0);
    l = counts_of(early, COUNT(early));
    assert_ok(churn_compare(&l, NULL, &c, &err), &err);
    assert_true(c.shape == CHURN_UNKNOWN && c.best == CHURN_CONSTANT && c.found);
    l = (lifetimes){0};
    assert_ok(churn_compare(&l, NULL, &c, &err), &err);
    assert_true(c.shape == CHURN_UNKNOWN && !c.found);
}

/* Constant churn is called flattening in no more than about 2.5 % of samples (both tests must
 * agree, one of them one-sided). */
static void constant_churn_is_seldom_called_flat(void **state)
{
    (void)state;
    int flat = 0;
    int steep = 0;
    for (uint64_t run = 0; run < 400; run++) {
        rng r;
        uint64_t survivors[9] = {0};
        churn_comparison c;
        strata_error err = {0};
        rng_init(&r, 5, run);
        for (size_t i = 0; i < 400; i++) {
            for (size_t t = 0; t < COUNT(survivors); t++) {
                survivors[t]++;
                if (rng_uniform(&r) < 0.12) {
                    break;
                }
            }
        }
        lifetimes l = counts_of(survivors, COUNT(survivors));
        assert_ok(churn_compare(&l, NULL, &c, &err), &err);
        flat += c.shape == CHURN_FLATTENS;
        steep += c.shape == CHURN_STEEPENS;
    }
    assert_in_range(flat, 1, 20);
    assert_in_range(steep, 1, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sbg_reproduces_the_article),
        cmocka_unit_test(sbg_projects_the_years_not_seen),
        cmocka_unit_test(long_curves_follow_the_formula),
        cmocka_unit_test(bdw_reproduces_its_note),
        cmocka_unit_test(residual_lifetime_reproduces_the_article),
        cmocka_unit_test(lifetimes_have_their_closed_forms),
        cmocka_unit_test(lifetimes_that_cannot_be_known_say_why),
        cmocka_unit_test(error_of_a_lifetime_follows_the_estimates),
        cmocka_unit_test(gradients_are_the_derivatives),
        cmocka_unit_test(pooled_cohorts_add_up),
        cmocka_unit_test(survivors_must_not_rise),
        cmocka_unit_test(counts_at_the_edge_give_a_reason),
        cmocka_unit_test(any_counts_give_sound_results),
        cmocka_unit_test(simulated_parameters_come_back),
        cmocka_unit_test(comparison_knows_which_curve_flattens),
        cmocka_unit_test(constant_churn_is_seldom_called_flat),
    };
    return cmocka_run_group_tests_name("churn", tests, NULL, NULL);
}
