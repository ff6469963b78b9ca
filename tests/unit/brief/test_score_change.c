/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of a score by factor, reckoned by hand. */
#include "strata_test.h"

#include <math.h>

#include "brief/account_path.h"
#include "brief/score_change.h"

/* From 0 to 100 in a straight line over 0..1 and over 0..10. */
static const model_point share[] = {{.x = 0.0, .y = 0.0}, {.x = 1.0, .y = 100.0}};
static const model_point tenth[] = {{.x = 0.0, .y = 0.0}, {.x = 10.0, .y = 100.0}};
static const model_factor factors[] = {
    {.feature = {.text = "adoption"},
     .label = "Adoption",
     .weight = 0.5,
     .points = share,
     .n_points = 2},
    {.feature = {.text = "nps_last"}, .weight = 0.3, .points = tenth, .n_points = 2},
    {.feature = {.text = "logins"},
     .label = "Logins",
     .weight = 0.2,
     .points = tenth,
     .n_points = 2}};

static double sum_of_changes(const score_change *c)
{
    double sum = 0.0;
    for (size_t i = 0; i < c->n; i++) {
        sum += c->factors[i].change;
    }
    return sum;
}

static void changes_of_points_add_up_to_the_change_of_the_score(void **state)
{
    (void)state;
    const model_score score = {.missing = MISSING_REDISTRIBUTE, .factors = factors, .n_factors = 3};
    /* 0.5 * 40 + 0.3 * 90 + 0.2 * 50 = 57; before 0.5 * 80 + 0.3 * 60 + 0.2 * 50 = 68. */
    const double now[] = {0.4, 9.0, 5.0};
    const double before[] = {0.8, 6.0, 5.0};
    score_change c;
    score_change_split(&score, now, before, &c);
    assert_close(c.now, 57.0, 1e-12);
    assert_close(c.before, 68.0, 1e-12);
    assert_close(c.change, -11.0, 1e-12);
    assert_close(sum_of_changes(&c), c.change, 1e-12);
    assert_string_equal(c.factors[0].label, "Adoption"); /* -20: the largest */
    assert_close(c.factors[0].change, -20.0, 1e-12);
    assert_string_equal(c.factors[1].label, "nps_last"); /* no label: its expression */
    assert_close(c.factors[1].change, 9.0, 1e-12);
    assert_close(c.factors[2].change, 0.0, 1e-12);
}

static void a_factor_that_went_hands_its_weight_to_the_others(void **state)
{
    (void)state;
    const model_score score = {.missing = MISSING_REDISTRIBUTE, .factors = factors, .n_factors = 3};
    /* Now NPS is missing: weights 0.5/0.7 and 0.2/0.7: 40 * 5/7 + 50 * 2/7 = 300/7. */
    const double now[] = {0.4, NAN, 5.0};
    const double before[] = {0.4, 6.0, 5.0}; /* 20 + 18 + 10 = 48 */
    score_change c;
    score_change_split(&score, now, before, &c);
    assert_close(c.now, 300.0 / 7.0, 1e-12);
    assert_close(c.change, 300.0 / 7.0 - 48.0, 1e-12);
    assert_close(sum_of_changes(&c), c.change, 1e-12);
    assert_string_equal(c.factors[0].feature, "nps_last");
    assert_true(isnan(c.factors[0].value) && !isnan(c.factors[0].value_before));
    assert_close(c.factors[0].change, -18.0, 1e-12);
    assert_close(c.factors[1].change, 200.0 / 7.0 - 20.0, 1e-12); /* adoption */
}

static void a_score_that_was_not_known_has_no_change(void **state)
{
    (void)state;
    const model_score score = {.missing = MISSING_EXCLUDE, .factors = factors, .n_factors = 3};
    const double now[] = {0.4, 6.0, 5.0};
    const double before[] = {0.4, NAN, 5.0};
    score_change c;
    score_change_split(&score, now, before, &c);
    assert_close(c.now, 48.0, 1e-12);
    assert_true(isnan(c.before) && isnan(c.change));
    for (size_t i = 0; i < c.n; i++) {
        assert_true(isnan(c.factors[i].change));
    }
    /* Nothing to order them by: as in the model. */
    assert_string_equal(c.factors[0].feature, "adoption");
    assert_string_equal(c.factors[2].feature, "logins");
}

static void dates_are_month_ends_with_the_compared_day_among_them(void **state)
{
    (void)state;
    const day as_of = day_from_civil(2026, 6, 15);
    brief_dates d = brief_dates_make(as_of, day_from_civil(2026, 3, 10));
    assert_int_equal(d.n, BRIEF_MONTHS + 1);
    assert_int_equal(d.dates[d.since_at], day_from_civil(2026, 3, 10));
    assert_int_equal(d.dates[d.month_at[0]], day_from_civil(2025, 6, 30));
    assert_int_equal(d.dates[d.month_at[BRIEF_MONTHS - 1]], as_of);
    for (size_t i = 1; i < d.n; i++) {
        assert_true(d.dates[i] > d.dates[i - 1]);
    }
    d = brief_dates_make(as_of, day_from_civil(2026, 3, 31)); /* is one of the month ends */
    assert_int_equal(d.n, BRIEF_MONTHS);
    assert_int_equal(d.dates[d.since_at], day_from_civil(2026, 3, 31));
    d = brief_dates_make(as_of, day_from_civil(2024, 1, 1)); /* long before */
    assert_int_equal(d.n, BRIEF_MONTHS + 1);
    assert_int_equal(d.since_at, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_of_points_add_up_to_the_change_of_the_score),
        cmocka_unit_test(a_factor_that_went_hands_its_weight_to_the_others),
        cmocka_unit_test(a_score_that_was_not_known_has_no_change),
        cmocka_unit_test(dates_are_month_ends_with_the_compared_day_among_them),
    };
    return cmocka_run_group_tests_name("score_change", tests, NULL, NULL);
}
