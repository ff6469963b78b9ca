/* SPDX-License-Identifier: Apache-2.0 */
/* Proportional hazards regression against R and published figures: tests/data/stats/survival.R. */
#include "strata_test.h"

#include "exactly.h"
#include "survival_reference.h"
#include "survival_sample.h"

#include "support/failing_alloc.h"

#include "stats/survival/cox.h"

static const context one_thread = {.threads = 1};
static const context three_threads = {.threads = 3};

/* want, for p covariates: beta, standard error; log-likelihood at 0 and the maximum, likelihood
 * ratio, Wald and score tests, concordance; proportionality: chi-squares and p, of all last. */
static void check_fit(const cox_data *data, const double *want, const double *covariance)
{
    strata_error err = {0};
    STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
    assert_ok(cox_fit_new(&one_thread, data, &f, &err), &err);
    cox_summary s = cox_fit_summary(f);
    size_t p = data->n_covariates;
    assert_int_equal(s.n_estimated, p);
    assert_true(s.gradient_norm < 1e-6 && s.iterations > 1);
    for (size_t k = 0; k < p; k++) {
        const cox_coefficient *c = &s.coefficients[k];
        assert_true(c->fate == COX_ESTIMATED && c->why[0] == '\0');
        assert_close(c->beta, want[k], 1e-8);
        assert_close(c->se, want[p + k], 1e-8);
        assert_close(c->ratio, exp(want[k]), 1e-8);
        assert_close(c->ratio_95.low, exp(want[k] - 1.959963984540054 * want[p + k]), 1e-7);
        for (size_t i = 0; i < p; i++) {
            assert_close(s.covariance[k * p + i], covariance[k * p + i], 1e-7);
        }
    }
    want += 2 * p;
    assert_close(s.loglik_null, want[0], 1e-12);
    assert_close(s.loglik, want[1], 1e-12);
    assert_close(s.likelihood_ratio.statistic, want[2], 1e-9);
    assert_close(s.wald.statistic, want[3], 5e-3); /* R prints it with two decimals */
    assert_close(s.score.statistic, want[4], 1e-9);
    cox_order order;
    assert_ok(cox_concordance(f, &order, &err), &err);
    assert_close(order.c, want[5], 1e-12);
    stat_test tests[10];
    assert_ok(cox_proportionality(&one_thread, f, data, tests, &err), &err);
    for (size_t k = 0; k <= p; k++) {
        assert_true(tests[k].defined && exactly(tests[k].df, k < p ? 1.0 : (double)p));
        assert_close(tests[k].statistic, want[6 + k], 1e-7);
        assert_close(tests[k].p, want[6 + p + 1 + k], 1e-6);
    }
}

static void regression_matches_coxph_with_either_ties_strata_and_delayed_entry(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    const cox_covariate x[] = {{"x1", s.x1}, {"x2", s.x2}, {"x3", s.x3}};
    cox_data d = {.life = sample_life(&s), .covariates = x, .n_covariates = 3};
    check_fit(&d, cox_efron, cox_efron_covariance);
    d.ties = COX_BRESLOW;
    check_fit(&d, cox_breslow, cox_breslow_covariance);
    d.strata = (strata_of){s.stratum, 3};
    check_fit(&d, cox_breslow_strata, cox_breslow_strata_covariance);
    d.ties = COX_EFRON;
    check_fit(&d, cox_efron_strata, cox_efron_strata_covariance);
    d.life.entry = s.entry;
    check_fit(&d, cox_efron_late, cox_efron_late_covariance);
    d.ties = COX_BRESLOW;
    check_fit(&d, cox_breslow_late, cox_breslow_late_covariance);
}

/* Rossi, Berk & Lenihan 1980; figures of lifelines' documentation. */
static void rossi_matches_the_published_figures(void **state)
{
    (void)state;
    static const char *const names[] = {"fin", "age", "race", "wexp", "mar", "paro", "prio"};
    static double column[9][COUNT(rossi)];
    uint8_t event[COUNT(rossi)];
    cox_covariate x[7];
    for (size_t i = 0; i < COUNT(rossi); i++) {
        for (size_t k = 0; k < 9; k++) {
            column[k][i] = rossi[i][k];
        }
        event[i] = rossi[i][1];
    }
    for (size_t k = 0; k < COUNT(names); k++) {
        x[k] = (cox_covariate){names[k], column[k + 2]};
    }
    cox_data d = {.life = {.n = COUNT(rossi), .time = column[0], .event = event},
                  .covariates = x,
                  .n_covariates = COUNT(x)};
    check_fit(&d, cox_rossi, cox_rossi_covariance);
    strata_error err = {0};
    STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
    assert_ok(cox_fit_new(&one_thread, &d, &f, &err), &err);
    cox_summary s = cox_fit_summary(f);
    assert_true(s.n == 432 && s.n_events == 114);
    assert_true(fabs(s.coefficients[0].beta - -.3794222) < 5.1e-8);
    assert_true(fabs(s.coefficients[6].beta - .0914971) < 5.1e-8);
    assert_true(fabs(s.loglik - -658.7477) < 5.1e-5);
}

/* Therneau & Grambsch 2000, Modeling Survival Data, appendix E.1. */
static const double six_time[] = {9, 1, 1, 6, 6, 8};
static const uint8_t six_event[] = {1, 1, 0, 1, 1, 0};
static const double six_x[] = {0, 1, 1, 1, 0, 0};

static void six_rows_match_the_closed_form(void **state)
{
    (void)state;
    const cox_covariate x = {"x", six_x};
    cox_data d = {.life = {.n = 6, .time = six_time, .event = six_event},
                  .covariates = &x,
                  .n_covariates = 1,
                  .ties = COX_BRESLOW};
    strata_error err = {0};
    STRATA_AUTO(cox_fit_free) cox_fit *breslow = NULL;
    assert_ok(cox_fit_new(&one_thread, &d, &breslow, &err), &err);
    cox_summary s = cox_fit_summary(breslow);
    double beta = log((3.0 + sqrt(33.0)) / 2.0);
    double r = exp(beta);
    assert_close(s.coefficients[0].beta, beta, 1e-9);
    assert_close(s.loglik, 2.0 * beta - log(3.0 * r + 3.0) - 2.0 * log(r + 3.0), 1e-13);
    /* The hazard of x = 0: 1/(3r+3) at 1, 2/(r+3) more at 6, 1 more at 9. */
    double zero = 0.0;
    assert_true(exactly(cox_cumulative_hazard(breslow, 0, &zero, 0.5), 0.0));
    assert_close(cox_cumulative_hazard(breslow, 0, &zero, 1.0), 1.0 / (3.0 * r + 3.0), 1e-8);
    assert_close(cox_cumulative_hazard(breslow, 0, &zero, 100.0),
                 1.0 / (3.0 * r + 3.0) + 2.0 / (r + 3.0) + 1.0, 1e-8);
    d.ties = COX_EFRON;
    STRATA_AUTO(cox_fit_free) cox_fit *efron = NULL;
    assert_ok(cox_fit_new(&one_thread, &d, &efron, &err), &err);
    assert_true(fabs(cox_fit_summary(efron).coefficients[0].beta - 1.676857) < 5.1e-7);
}

static void predicted_survival_matches_survfit(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    const cox_covariate x[] = {{"x1", s.x1}, {"x2", s.x2}, {"x3", s.x3}};
    static const double who[] = {0.25, 1.0, 4.0};
    static const double times[] = {1, 5, 10, 20};
    cox_data d = {.life = sample_life(&s), .covariates = x, .n_covariates = 3};
    strata_error err = {0};
    const double *want[] = {cox_efron_survival, cox_breslow_survival};
    for (int ties = 0; ties < 2; ties++) {
        d.ties = ties == 0 ? COX_EFRON : COX_BRESLOW;
        STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
        assert_ok(cox_fit_new(&one_thread, &d, &f, &err), &err);
        for (size_t i = 0; i < COUNT(times); i++) {
            assert_close(cox_survival(f, 0, who, times[i]), want[ties][i], 1e-8);
        }
        assert_true(exactly(cox_survival(f, 0, who, 0.0), 1.0));
    }
    d.ties = COX_EFRON;
    d.strata = (strata_of){s.stratum, 3};
    d.life.entry = s.entry;
    STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
    assert_ok(cox_fit_new(&one_thread, &d, &f, &err), &err);
    for (size_t i = 0; i < COUNT(cox_late_survival); i++) {
        assert_close(cox_survival(f, 1, who, times[i]), cox_late_survival[i], 1e-8);
    }
    assert_int_equal(cox_baseline_of(f, 7).n, 0);
    assert_true(exactly(cox_survival(f, 7, who, 9.0), 1.0));
}

enum { MANY = 60000 };

typedef struct many {
    double *time, *entry, *x[3];
    uint8_t *event;
    uint32_t *stratum;
} many;

/* Enough rows for several blocks, some of them of several strata. */
static void make_many(many *m)
{
    uint64_t state = 77;
    m->time = calloc(MANY, sizeof *m->time);
    m->entry = calloc(MANY, sizeof *m->entry);
    m->event = calloc(MANY, sizeof *m->event);
    m->stratum = calloc(MANY, sizeof *m->stratum);
    for (size_t k = 0; k < 3; k++) {
        m->x[k] = calloc(MANY, sizeof **m->x);
    }
    for (size_t i = 0; i < MANY; i++) {
        m->x[0][i] = sample_draw(&state);
        m->x[1][i] = sample_draw(&state) < 0.2;
        m->x[2][i] = sample_draw(&state) * 1e6;
        double t = -log(sample_draw(&state)) * exp(-0.7 * m->x[0][i] + 0.4 * m->x[1][i]);
        m->event[i] = sample_draw(&state) < 0.8;
        m->time[i] = 1.0 + floor(t * 300.0);
        m->entry[i] = floor(m->time[i] * sample_draw(&state)) - 1.0;
        m->stratum[i] = (uint32_t)(sample_draw(&state) * sample_draw(&state) * 40.0);
    }
}

static void free_many(many *m)
{
    free(m->time);
    free(m->entry);
    free(m->event);
    free(m->stratum);
    for (size_t k = 0; k < 3; k++) {
        free(m->x[k]);
    }
}

static cox_data data_of_many(const many *m, const cox_covariate *x)
{
    return (cox_data){.life = {.n = MANY, .time = m->time, .event = m->event},
                      .covariates = x,
                      .n_covariates = 3};
}

static void results_do_not_depend_on_threads(void **state)
{
    (void)state;
    many m;
    make_many(&m);
    const cox_covariate x[] = {{"a", m.x[0]}, {"b", m.x[1]}, {"c", m.x[2]}};
    strata_error err = {0};
    for (int late = 0; late < 2; late++) {
        cox_data d = data_of_many(&m, x);
        d.strata = (strata_of){m.stratum, 40};
        d.life.entry = late ? m.entry : NULL;
        STRATA_AUTO(cox_fit_free) cox_fit *one = NULL;
        STRATA_AUTO(cox_fit_free) cox_fit *three = NULL;
        assert_ok(cox_fit_new(&one_thread, &d, &one, &err), &err);
        assert_ok(cox_fit_new(&three_threads, &d, &three, &err), &err);
        cox_summary a = cox_fit_summary(one);
        cox_summary b = cox_fit_summary(three);
        assert_memory_equal(a.coefficients, b.coefficients, 3 * sizeof *a.coefficients);
        assert_memory_equal(a.covariance, b.covariance, 9 * sizeof *a.covariance);
        assert_true(exactly(a.loglik, b.loglik));
        stat_test p[2][4];
        assert_ok(cox_proportionality(&one_thread, one, &d, p[0], &err), &err);
        assert_ok(cox_proportionality(&three_threads, three, &d, p[1], &err), &err);
        for (size_t k = 0; k < 4; k++) {
            assert_true(exactly(p[0][k].statistic, p[1][k].statistic));
        }
    }
    free_many(&m);
}

static void large_fits_find_the_effect_that_made_the_data(void **state)
{
    (void)state;
    many m;
    make_many(&m);
    const cox_covariate x[] = {{"a", m.x[0]}, {"b", m.x[1]}, {"c", m.x[2]}};
    cox_data d = data_of_many(&m, x);
    strata_error err = {0};
    STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
    assert_ok(cox_fit_new(&three_threads, &d, &f, &err), &err);
    cox_summary s = cox_fit_summary(f);
    static const double truth[] = {0.7, -0.4, 0.0};
    for (size_t k = 0; k < 3; k++) {
        assert_true(fabs(s.coefficients[k].beta - truth[k]) < 4.0 * s.coefficients[k].se);
    }
    stat_test p[4];
    assert_ok(cox_proportionality(&three_threads, f, &d, p, &err), &err);
    assert_true(p[3].p > 1e-3);
    cox_order order;
    assert_ok(cox_concordance(f, &order, &err), &err);
    assert_true(order.c > 0.55 && order.c < 0.6);
    free_many(&m);
}

/* Order of rows: only rounding. Units: coefficients per unit, everything else the same. */
static void rows_in_another_order_and_other_units_change_nothing(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    survival_sample back = s;
    for (size_t i = 0; i < SAMPLE_N; i++) {
        size_t j = SAMPLE_N - 1 - i;
        back.time[i] = s.time[j];
        back.event[i] = s.event[j];
        back.x1[i] = 1e9 + 1e4 * s.x1[j];
    }
    const cox_covariate a = {"x1", s.x1};
    const cox_covariate b = {"x1", back.x1};
    strata_error err = {0};
    STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
    STRATA_AUTO(cox_fit_free) cox_fit *g = NULL;
    cox_data d = {.life = sample_life(&s), .covariates = &a, .n_covariates = 1};
    assert_ok(cox_fit_new(&one_thread, &d, &f, &err), &err);
    d = (cox_data){.life = sample_life(&back), .covariates = &b, .n_covariates = 1};
    assert_ok(cox_fit_new(&one_thread, &d, &g, &err), &err);
    cox_summary x = cox_fit_summary(f);
    cox_summary y = cox_fit_summary(g);
    assert_close(y.coefficients[0].beta, x.coefficients[0].beta / 1e4, 1e-7);
    assert_close(y.coefficients[0].z, x.coefficients[0].z, 1e-7);
    assert_close(y.loglik, x.loglik, 1e-12);
}

static void useless_covariates_are_left_out_and_say_why(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    double same[SAMPLE_N];
    double sum[SAMPLE_N];
    double of_stratum[SAMPLE_N];
    for (size_t i = 0; i < SAMPLE_N; i++) {
        same[i] = 42.0;
        sum[i] = 3.0 * s.x1[i] - s.x3[i] + 5.0;
        of_stratum[i] = s.stratum[i] == 1;
    }
    const cox_covariate x[] = {{"x1", s.x1}, {"plan", same}, {"x2", s.x2},
                               {"x3", s.x3}, {"total", sum}, {"region", of_stratum}};
    cox_data d = {.life = sample_life(&s),
                  .strata = {s.stratum, 3},
                  .covariates = x,
                  .n_covariates = COUNT(x)};
    strata_error err = {0};
    STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
    assert_ok(cox_fit_new(&one_thread, &d, &f, &err), &err);
    cox_summary c = cox_fit_summary(f);
    assert_int_equal(c.n_estimated, 3);
    assert_true(exactly(c.wald.df, 3.0));
    assert_int_equal(c.coefficients[1].fate, COX_CONSTANT);
    assert_string_equal(c.coefficients[1].why, "it is the same for all");
    assert_int_equal(c.coefficients[4].fate, COX_COLLINEAR);
    assert_string_equal(c.coefficients[4].why, "it follows exactly from 'x3', 'x1'");
    assert_int_equal(c.coefficients[5].fate, COX_CONSTANT);
    assert_string_equal(c.coefficients[5].why, "it never differs among those at risk together");
    assert_close(c.coefficients[0].beta, cox_efron_strata[0], 1e-8);
    assert_close(c.coefficients[3].se, cox_efron_strata[5], 1e-8);
    assert_true(exactly(c.coefficients[1].beta, 0.0) && exactly(c.covariance[7], 0.0));
    assert_close(c.covariance[3], cox_efron_strata_covariance[2], 1e-7);
    stat_test p[COUNT(x) + 1];
    assert_ok(cox_proportionality(&one_thread, f, &d, p, &err), &err);
    assert_false(p[1].defined || p[4].defined || p[5].defined);
    assert_close(p[2].statistic, cox_efron_strata[13], 1e-7);
    assert_close(p[6].statistic, cox_efron_strata[15], 1e-7);
    /* Predictions do not look at what was left out. */
    const double who[] = {0.1, 1.0, 0.0, 2.0, 3.0, 4.0};
    const double same_who[] = {0.1, 7.0, 0.0, 2.0, -3.0, 0.0};
    assert_true(exactly(cox_survival(f, 1, who, 5.0), cox_survival(f, 1, same_who, 5.0)));
}

/* Fails, says why, leaves the result alone. */
static void expect_refusal(const cox_data *d, strata_status want, const char *message)
{
    strata_error err = {0};
    cox_fit *f = NULL;
    assert_int_equal(cox_fit_new(&one_thread, d, &f, &err), want);
    assert_string_equal(err.message, message);
    assert_null(f);
}

static void a_coefficient_without_bound_is_named(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    double separates[SAMPLE_N];
    for (size_t i = 0; i < SAMPLE_N; i++) {
        separates[i] = s.time[i] < 4.0 && s.event[i] != 0;
    }
    const cox_covariate x[] = {{"x1", s.x1}, {"left_early", separates}, {"x3", s.x3}};
    cox_data d = {.life = sample_life(&s), .covariates = x, .n_covariates = 3};
    expect_refusal(&d, STRATA_E_NUMERIC,
                   "no finite coefficient for 'left_early': the more it counts, the better the "
                   "fit, without end, because it separates those that ended first from the others; "
                   "leave it out or join its rare values");
    for (size_t i = 0; i < SAMPLE_N; i++) {
        separates[i] = s.event[i] == 0 && i % 5 == 0; /* nobody with it ever ended */
    }
    expect_refusal(&d, STRATA_E_NUMERIC,
                   "no finite coefficient for 'left_early': the more it counts, the better the "
                   "fit, without end, because it separates those that ended first from the others; "
                   "leave it out or join its rare values");
}

static void what_cannot_be_fitted_says_why(void **state)
{
    (void)state;
    static const uint8_t none[6] = {0};
    static const uint8_t all[] = {1, 1, 1, 1, 1, 1};
    static const double once[] = {4, 4, 4, 4, 4, 4};
    static const double same[6] = {0};
    static const double bad[] = {0, 1, 2, NAN, 4, 5};
    static const double huge[] = {0, 1, 2, 1e308, 1e308, 5};
    cox_covariate x = {"seats", six_x};
    const cox_data good = {.life = {.n = 6, .time = six_time, .event = six_event},
                           .covariates = &x,
                           .n_covariates = 1};
    cox_data d = good;
    d.life.event = none;
    expect_refusal(&d, STRATA_E_DATA, "none of 6 ended: there is nothing to explain");
    d.life = (follow_up){.n = 6, .time = once, .event = all};
    expect_refusal(&d, STRATA_E_DATA,
                   "whenever something ended, everything still at risk did: there is nothing to "
                   "compare (6 in all, 1 times)");
    d.life.n = 1;
    expect_refusal(&d, STRATA_E_DATA,
                   "whenever something ended, everything still at risk did: there is nothing to "
                   "compare (1 in all, 1 times)");
    d.life.n = 0;
    expect_refusal(&d, STRATA_E_DATA, "none of 0 ended: there is nothing to explain");
    d = good;
    d.n_covariates = 0;
    expect_refusal(&d, STRATA_E_USAGE, "0 covariates; give 1 to 100");
    d = good;
    x.value = same;
    expect_refusal(&d, STRATA_E_DATA,
                   "no covariate explains anything: 'seats': it is the same for all");
    x.value = bad;
    expect_refusal(&d, STRATA_E_DATA,
                   "'seats' of lifetime 3 is nan; leave out those with a missing value first");
    x.value = huge;
    expect_refusal(&d, STRATA_E_DATA, "the values of 'seats' are too large to add up");
    x.value = six_x;
    d.life.time = bad;
    expect_refusal(&d, STRATA_E_DATA, "lifetime 3 is nan; it must be a number from 0 up");
}

static void ends_at_one_time_leave_proportionality_undecided(void **state)
{
    (void)state;
    static const double time[] = {3, 3, 3, 5, 6, 7};
    static const uint8_t event[] = {1, 1, 1, 0, 0, 0};
    static const double value[] = {1, 4, 2, 3, 0, 5};
    const cox_covariate x = {"x", value};
    cox_data d = {
        .life = {.n = 6, .time = time, .event = event}, .covariates = &x, .n_covariates = 1};
    strata_error err = {0};
    STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
    assert_ok(cox_fit_new(&one_thread, &d, &f, &err), &err);
    stat_test p[2] = {{.defined = true}, {.defined = true}};
    assert_ok(cox_proportionality(&one_thread, f, &d, p, &err), &err);
    assert_false(p[0].defined || p[1].defined);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    const cox_covariate x[] = {{"x1", s.x1}, {"twice", s.x1}};
    cox_data d = {
        .life = sample_life(&s), .strata = {s.stratum, 3}, .covariates = x, .n_covariates = 2};
    d.life.entry = s.entry;
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        cox_fit *f = NULL;
        strata_status st = cox_fit_new(&one_thread, &d, &f, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, f == NULL);
        cox_fit_free(f);
    });
    assert_true(failures > 30);
    STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
    assert_ok(cox_fit_new(&one_thread, &d, &f, &err), &err);
    failures = 0;
    FAILURE_LOOP(failures, {
        cox_order order = {.c = -1.0};
        strata_status st = cox_concordance(f, &order, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(order.c, -1.0));
    });
    FAILURE_LOOP(failures, {
        stat_test p[3] = {{.statistic = -1.0}};
        strata_status st = cox_proportionality(&one_thread, f, &d, p, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(p[0].statistic, -1.0));
    });
    assert_int_equal(failures, 6 + 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regression_matches_coxph_with_either_ties_strata_and_delayed_entry),
        cmocka_unit_test(rossi_matches_the_published_figures),
        cmocka_unit_test(six_rows_match_the_closed_form),
        cmocka_unit_test(predicted_survival_matches_survfit),
        cmocka_unit_test(results_do_not_depend_on_threads),
        cmocka_unit_test(large_fits_find_the_effect_that_made_the_data),
        cmocka_unit_test(rows_in_another_order_and_other_units_change_nothing),
        cmocka_unit_test(useless_covariates_are_left_out_and_say_why),
        cmocka_unit_test(a_coefficient_without_bound_is_named),
        cmocka_unit_test(what_cannot_be_fitted_says_why),
        cmocka_unit_test(ends_at_one_time_leave_proportionality_undecided),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("cox", tests, NULL, NULL);
}
