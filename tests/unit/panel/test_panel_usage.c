/* SPDX-License-Identifier: Apache-2.0 */
#include "one_account.h"

enum { SEARCH, EXPORT, SHARE };
static const day start = 100;

/* Account 0: day 100 to 400. Account 1 only makes the product feature SHARE known on day 150. */
static const usage_fact uses[] = {
    {0, 100, SEARCH, 7, 5}, {0, 100, EXPORT, 7, 1},  {0, 101, SEARCH, 8, 2},
    {0, 189, SEARCH, 7, 4}, {0, 190, EXPORT, -1, 3}, {0, 400, EXPORT, 9, 10},
    {1, 150, SHARE, 70, 1},
};
static const ledger_facts facts = {.n_accounts = 3,
                                   .started_on = (const day[]){100, 100, 100},
                                   .usage = uses,
                                   .n_usage = COUNT(uses)};

static void windows_include_both_ends(void **state)
{
    (void)state;
    assert_feature(&facts, "events_7d", 100, 6);
    assert_feature(&facts, "events_7d", 106, 8);
    assert_feature(&facts, "events_7d", 107, 2); /* 101 .. 107 */
    assert_feature(&facts, "events_7d", 108, 0);
    assert_feature(&facts, "events_30d", 130, 2); /* 101 .. 130 */
    assert_feature(&facts, "events_90d", 189, 12);
    assert_feature(&facts, "events_90d", 190, 9);
    assert_feature(&facts, "events_365d", 400, 25);
    assert_feature(&facts, "events_365d", 465, 19);
    assert_feature(&facts, "events_prev_30d", 130, 6); /* 71 .. 100 */
    assert_feature(&facts, "events_prev_30d", 131, 8);
    assert_feature(&facts, "events_prev_90d", 191, 8); /* 12 .. 101 */
}

static void days_features_and_users_count_once(void **state)
{
    (void)state;
    assert_feature(&facts, "active_days_30d", 129, 2);
    assert_feature(&facts, "active_days_90d", 190, 3);
    assert_feature(&facts, "features_used_30d", 129, 2);
    assert_feature(&facts, "features_used_30d", 130, 1);
    assert_feature(&facts, "features_used_90d", 189, 2);
    assert_feature(&facts, "active_users_90d", 190, 2); /* 8 on day 101, 7 on 189 */
    assert_feature(&facts, "active_users_7d", 400, 1);
    assert_feature(&facts, "active_users_7d", 190, 1); /* the row without a user adds none */
}

static void adoption_is_over_the_features_known_by_the_date(void **state)
{
    (void)state;
    assert_feature(&facts, "adoption", 149, 1);
    assert_feature(&facts, "adoption", 150, 2.0 / 3);
    assert_feature(&facts, "adoption", 300, 0);
}

static void trends_compare_with_the_window_before(void **state)
{
    (void)state;
    assert_feature(&facts, "usage_trend_30d", 130, 2.0 / 6 - 1);
    assert_feature(&facts, "usage_trend_30d", 129, NAN); /* nothing before */
    assert_feature(&facts, "usage_trend_90d", 191, 7.0 / 8 - 1);
    assert_feature(&facts, "events_per_active_day_30d", 129, 4);
    assert_feature(&facts, "events_per_active_day_30d", 300, NAN);
}

static void last_and_first_seen_are_ages(void **state)
{
    (void)state;
    assert_feature(&facts, "last_seen", 100, 0);
    assert_feature(&facts, "last_seen", 399, 209);
    assert_feature(&facts, "first_seen_age", 400, 300);
    assert_feature(&facts, "seen", 99, NAN);
    assert_feature(&facts, "seen", 100, 1);
}

static void an_account_never_seen_has_no_last_seen_but_zero_events(void **state)
{
    (void)state;
    assert_true(isnan(feature_of_account(&facts, "last_seen", 200, 2)));
    assert_true(isnan(feature_of_account(&facts, "days_to_first_use", 200, 2)));
    assert_close(feature_of_account(&facts, "seen", 200, 2), 0, 0);
    assert_close(feature_of_account(&facts, "events_30d", 200, 2), 0, 0);
    assert_true(isnan(feature_of_account(&facts, "events_30d", start - 1, 2)));
}

static void the_first_90_days_end_89_days_after_the_start(void **state)
{
    (void)state;
    assert_feature(&facts, "first_90d_events", 99, NAN);
    assert_feature(&facts, "first_90d_events", 100, 6);
    assert_feature(&facts, "first_90d_events", 188, 8);
    assert_feature(&facts, "first_90d_events", 400, 12); /* day 189 counts, day 190 does not */
    assert_feature(&facts, "first_90d_active_days", 400, 3);
    assert_feature(&facts, "first_90d_features", 100, 2);
    assert_feature(&facts, "first_90d_features", 400, 2);
    assert_feature(&facts, "days_to_first_use", 100, 0);
}

static void use_before_the_start_is_seen_but_not_early_use(void **state)
{
    (void)state;
    ledger_facts trial = facts;
    trial.started_on = (const day[]){110, 100, 100};
    assert_feature(&trial, "events_30d", 105, 8);
    assert_feature(&trial, "tenure", 105, NAN);
    assert_feature(&trial, "days_to_first_use", 105, NAN);
    assert_feature(&trial, "days_to_first_use", 110, 0);
    assert_feature(&trial, "first_90d_events", 400, 7); /* days 189 and 190 of 110 .. 199 */
}

static void without_usage_data_every_usage_feature_is_missing(void **state)
{
    (void)state;
    ledger_facts none = {.n_accounts = 1, .started_on = &start};
    assert_feature(&none, "events_30d", 200, NAN);
    assert_feature(&none, "seen", 200, NAN);
    none.entities = 1u << ENTITY_USAGE;
    assert_feature(&none, "events_30d", 200, 0);
    assert_feature(&none, "seen", 200, 0);
    assert_feature(&none, "active_users_30d", 200, NAN); /* no user was ever named */
    assert_feature(&none, "adoption", 200, NAN);         /* no feature was ever used */
}

static void tenure_starts_with_the_first_fact_where_the_start_is_unknown(void **state)
{
    (void)state;
    ledger_facts unknown = facts;
    unknown.started_on = NULL;
    assert_feature(&unknown, "tenure", 99, NAN);
    assert_feature(&unknown, "tenure", 100, 0);
    assert_feature(&unknown, "tenure", 400, 300);
    assert_true(isnan(feature_of_account(&unknown, "tenure", 400, 2)));
    assert_true(isnan(feature_of_account(&unknown, "events_30d", 400, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_include_both_ends),
        cmocka_unit_test(days_features_and_users_count_once),
        cmocka_unit_test(adoption_is_over_the_features_known_by_the_date),
        cmocka_unit_test(trends_compare_with_the_window_before),
        cmocka_unit_test(last_and_first_seen_are_ages),
        cmocka_unit_test(an_account_never_seen_has_no_last_seen_but_zero_events),
        cmocka_unit_test(the_first_90_days_end_89_days_after_the_start),
        cmocka_unit_test(use_before_the_start_is_seen_but_not_early_use),
        cmocka_unit_test(without_usage_data_every_usage_feature_is_missing),
        cmocka_unit_test(tenure_starts_with_the_first_fact_where_the_start_is_unknown),
    };
    return cmocka_run_group_tests_name("panel_usage", tests, NULL, NULL);
}
