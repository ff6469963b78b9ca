/* SPDX-License-Identifier: Apache-2.0 */
/* Kaplan-Meier and the log-rank test against R: tests/data/stats/survival.R. */
#include "strata_test.h"

#include "exactly.h"
#include "survival_reference.h"
#include "survival_sample.h"

#include "support/failing_alloc.h"

#include "stats/survival/kaplan_meier.h"
#include "stats/survival/logrank.h"

/* want: rows of time, at risk, events, censored, survival, low, high. */
static void check_steps(const km_curve *c, const double *want, size_t n_values)
{
    assert_int_equal(c->n_steps, n_values / 7);
    for (size_t i = 0; i < c->n_steps; i++, want += 7) {
        const km_step *s = &c->steps[i];
        assert_true(exactly(s->time, want[0]) && exactly(s->at_risk, want[1]));
        assert_true(exactly(s->events, want[2]) && exactly(s->censored, want[3]));
        assert_close_at(s->share.survival, want[4], 1e-13, 1e-15, __FILE__, __LINE__);
        assert_int_equal(s->share.bounded, !isnan(want[5]));
        if (s->share.bounded) {
            assert_close(s->share.within.low, want[5], 1e-10);
            assert_close(s->share.within.high, want[6], 1e-10);
        }
    }
}

static void check_age(bool reached, double age, double want)
{
    assert_int_equal(reached, !isnan(want));
    assert_true(exactly(age, isnan(want) ? 0.0 : want));
}

/* want: median, low, high, restricted mean, its standard error. */
static void check_summary(const km_curve *c, const double *want, double horizon)
{
    strata_error err = {0};
    km_median m = km_median_of(c);
    check_age(m.reached, m.age, want[0]);
    check_age(m.low_reached, m.low, want[1]);
    check_age(m.high_reached, m.high, want[2]);
    km_mean mean;
    assert_ok(km_restricted_mean(c, horizon, &mean, &err), &err);
    assert_close(mean.mean, want[3], 1e-13);
    assert_close(mean.se, want[4], 1e-12);
}

static void kaplan_meier_matches_survfit(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    follow_up life = sample_life(&s);
    strata_error err = {0};
    STRATA_AUTO(km_curve_free) km_curve *c = NULL;
    assert_ok(km_curve_new(&life, &c, &err), &err);
    check_steps(c, want_km_steps, COUNT(want_km_steps));
    check_summary(c, want_km_median, 12.0);
    assert_int_equal(c->n, SAMPLE_N);
}

static void kaplan_meier_with_delayed_entry_matches_survfit(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    follow_up life = sample_life(&s);
    life.entry = s.entry;
    strata_error err = {0};
    STRATA_AUTO(km_curve_free) km_curve *c = NULL;
    assert_ok(km_curve_new(&life, &c, &err), &err);
    check_steps(c, want_late_steps, COUNT(want_late_steps));
    check_summary(c, want_late_median, 12.0);
}

static void median_of_a_curve_that_rests_on_half_is_the_middle_of_the_rest(void **state)
{
    (void)state;
    static const double time[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const uint8_t event[] = {1, 1, 1, 1, 0, 0, 1, 1};
    follow_up life = {.n = COUNT(time), .time = time, .event = event};
    strata_error err = {0};
    STRATA_AUTO(km_curve_free) km_curve *c = NULL;
    assert_ok(km_curve_new(&life, &c, &err), &err);
    check_steps(c, want_half_steps, COUNT(want_half_steps));
    check_summary(c, want_half_median, 6.0);
}

static void survival_is_known_only_as_far_as_the_data_reach(void **state)
{
    (void)state;
    static const double time[] = {4, 2, 2, 6};
    static const uint8_t event[] = {1, 1, 0, 0};
    follow_up life = {.n = COUNT(time), .time = time, .event = event};
    strata_error err = {0};
    STRATA_AUTO(km_curve_free) km_curve *c = NULL;
    assert_ok(km_curve_new(&life, &c, &err), &err);
    assert_true(exactly(km_last_time(c), 6.0));
    km_at before = km_survival_at(c, 1.9);
    assert_true(before.known && before.at_risk == 4 && exactly(before.share.survival, 1.0));
    assert_false(before.share.bounded);
    km_at at = km_survival_at(c, 2.0);
    assert_true(at.known && at.at_risk == 2 && exactly(at.share.survival, 0.75));
    assert_true(exactly(km_survival_at(c, 6.0).share.survival, 0.375));
    assert_false(km_survival_at(c, 6.01).known);
    km_mean mean = {.mean = -1.0};
    assert_int_equal(km_restricted_mean(c, 7.0, &mean, &err), STRATA_E_DATA);
    assert_string_equal(err.message,
                        "survival is known up to age 6 only, not to 7; take a nearer horizon");
    assert_int_equal(km_restricted_mean(c, 0.0, &mean, &err), STRATA_E_USAGE);
    assert_int_equal(km_restricted_mean(c, NAN, &mean, &err), STRATA_E_USAGE);
    assert_true(exactly(mean.mean, -1.0));
    assert_ok(km_restricted_mean(c, 1.5, &mean, &err), &err);
    assert_true(exactly(mean.mean, 1.5) && exactly(mean.se, 0.0));
}

/* Everyone ends at once, nobody ends, one thing only, nothing at all. */
static void extremes_have_no_interval_instead_of_a_made_up_one(void **state)
{
    (void)state;
    static const double time[] = {3, 3, 3};
    static const uint8_t all[] = {1, 1, 1};
    static const uint8_t none[] = {0, 0, 0};
    strata_error err = {0};
    for (size_t n = 0; n <= 3; n += n == 1 ? 2 : 1) {
        follow_up life = {.n = n, .time = time, .event = all};
        STRATA_AUTO(km_curve_free) km_curve *gone = NULL;
        assert_ok(km_curve_new(&life, &gone, &err), &err);
        assert_int_equal(gone->n_steps, n > 0);
        assert_int_equal(km_median_of(gone).reached, n > 0);
        assert_int_equal(km_survival_at(gone, 9.0).known, n > 0);
        life.event = none;
        STRATA_AUTO(km_curve_free) km_curve *here = NULL;
        assert_ok(km_curve_new(&life, &here, &err), &err);
        assert_false(km_median_of(here).reached || km_survival_at(here, 9.0).known);
        if (n > 0) {
            assert_true(exactly(gone->steps[0].share.survival, 0.0));
            assert_true(exactly(gone->steps[0].share.variance, 0.0));
            assert_true(exactly(here->steps[0].share.survival, 1.0));
            assert_false(gone->steps[0].share.bounded || here->steps[0].share.bounded);
            km_mean mean;
            assert_ok(km_restricted_mean(gone, 9.0, &mean, &err), &err);
            assert_true(exactly(mean.mean, 3.0) && exactly(mean.se, 0.0));
        }
    }
}

static void impossible_lifetimes_are_refused(void **state)
{
    (void)state;
    static const uint8_t event[] = {1, 0};
    strata_error err = {0};
    km_curve *c = NULL;
    const struct {
        double time[2], entry[2];
        const char *message;
    } cases[] = {
        {{1, NAN}, {-1, -1}, "lifetime 1 is nan; it must be a number from 0 up"},
        {{-2, 1}, {-3, -1}, "lifetime 0 is -2; it must be a number from 0 up"},
        {{1, INFINITY}, {-1, -1}, "lifetime 1 is inf; it must be a number from 0 up"},
        {{1, 4},
         {0, 4},
         "lifetime 1 ends at 4 but comes into sight at 4 only; leave out what ended before it "
         "could be seen"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        follow_up life = {.n = 2, .time = cases[i].time, .event = event, .entry = cases[i].entry};
        assert_int_equal(km_curve_new(&life, &c, &err), STRATA_E_DATA);
        assert_string_equal(err.message, cases[i].message);
        assert_null(c);
    }
}

static void log_rank_within_strata_matches_survdiff(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    strata_error err = {0};
    stat_test t;
    log_rank_data d = {.life = sample_life(&s), .group = s.group, .n_groups = 4};
    assert_ok(log_rank_stratified(&d, &t, &err), &err);
    assert_true(t.defined && exactly(t.df, 3.0));
    assert_close(t.statistic, want_log_rank[0], 1e-11);
    d.group = s.two;
    d.n_groups = 2;
    d.strata = (strata_of){s.stratum, 3};
    assert_ok(log_rank_stratified(&d, &t, &err), &err);
    assert_close(t.statistic, want_log_rank[1], 1e-11);
    d.life.entry = s.entry;
    assert_ok(log_rank_stratified(&d, &t, &err), &err);
    assert_close(t.statistic, want_log_rank[2], 1e-11);
    d.strata.n_strata = 2;
    assert_int_equal(log_rank_stratified(&d, &t, &err), STRATA_E_USAGE);
    assert_non_null(strstr(err.message, "is in stratum 2 of 2"));
}

static void a_group_without_anybody_is_no_group(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    strata_error err = {0};
    for (uint16_t only = 0; only < 3; only++) {
        for (size_t i = 0; i < SAMPLE_N; i++) {
            s.group[i] = only;
        }
        stat_test t = {.defined = true};
        log_rank_data d = {.life = sample_life(&s), .group = s.group, .n_groups = 3};
        assert_ok(log_rank_stratified(&d, &t, &err), &err);
        assert_false(t.defined);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    survival_sample s;
    make_sample(&s);
    follow_up life = sample_life(&s);
    life.entry = s.entry;
    log_rank_data d = {.life = life, .group = s.group, .n_groups = 4, .strata = {s.stratum, 3}};
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        km_curve *c = NULL;
        strata_status st = km_curve_new(&life, &c, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, c == NULL);
        km_curve_free(c);
    });
    FAILURE_LOOP(failures, {
        stat_test t = {.statistic = -1.0};
        strata_status st = log_rank_stratified(&d, &t, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(t.statistic, -1.0));
    });
    assert_int_equal(failures, 8 + 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kaplan_meier_matches_survfit),
        cmocka_unit_test(kaplan_meier_with_delayed_entry_matches_survfit),
        cmocka_unit_test(median_of_a_curve_that_rests_on_half_is_the_middle_of_the_rest),
        cmocka_unit_test(survival_is_known_only_as_far_as_the_data_reach),
        cmocka_unit_test(extremes_have_no_interval_instead_of_a_made_up_one),
        cmocka_unit_test(impossible_lifetimes_are_refused),
        cmocka_unit_test(log_rank_within_strata_matches_survdiff),
        cmocka_unit_test(a_group_without_anybody_is_no_group),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("survival", tests, NULL, NULL);
}
