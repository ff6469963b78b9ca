/* SPDX-License-Identifier: Apache-2.0 */
#include "one_account.h"

static arr_fact arr_rows_of_account[6];

/* $12,000 on 31 Jan 2024, $18,000 on 31 May 2024, $15,000 on 1 Mar 2025, gone on 30 Jun 2025, back
 * with $6,000 on 1 Sep 2025, $9,000 on 31 Jan 2026. */
static ledger_facts story(void)
{
    arr_fact *a = arr_rows_of_account;
    a[0] = (arr_fact){0, D(2024, 1, 31), 1200000, ARR_NEW};
    a[1] = (arr_fact){0, D(2024, 5, 31), 1800000, ARR_EXPANSION};
    a[2] = (arr_fact){0, D(2025, 3, 1), 1500000, ARR_CONTRACTION};
    a[3] = (arr_fact){0, D(2025, 6, 30), 0, ARR_CHURN};
    a[4] = (arr_fact){0, D(2025, 9, 1), 600000, ARR_REACTIVATION};
    a[5] = (arr_fact){0, D(2026, 1, 31), 900000, ARR_EXPANSION};
    return (ledger_facts){.n_accounts = 2, .arr = a, .n_arr = 6};
}

static void arr_is_the_level_at_the_end_of_the_day(void **state)
{
    (void)state;
    ledger_facts f = story();
    assert_feature(&f, "arr", D(2024, 1, 30), 0);
    assert_feature(&f, "arr", D(2024, 1, 31), 12000);
    assert_feature(&f, "arr", D(2025, 6, 29), 15000);
    assert_feature(&f, "arr", D(2025, 6, 30), 0);
    assert_feature(&f, "arr_30d_ago", D(2024, 3, 1), 12000);
    assert_feature(&f, "arr_30d_ago", D(2024, 2, 29), 0);
    assert_feature(&f, "is_customer", D(2025, 6, 30), 0);
    assert_feature(&f, "is_customer", D(2025, 9, 1), 1);
}

static void months_back_keep_to_the_end_of_the_month(void **state)
{
    (void)state;
    ledger_facts f = story();
    /* 30 April is a month's last day, so three months before is 31 January. */
    assert_feature(&f, "arr_3m_ago", D(2024, 4, 30), 12000);
    assert_feature(&f, "arr_3m_ago", D(2024, 4, 29), 0);
    assert_feature(&f, "arr_12m_ago", D(2025, 1, 31), 12000);
    assert_feature(&f, "arr_growth_12m", D(2025, 1, 31), 0.5);
    assert_feature(&f, "arr_growth_12m", D(2025, 1, 30), NAN);
    assert_feature(&f, "arr_growth_3m", D(2025, 5, 31), 15.0 / 18 - 1);
    assert_feature(&f, "arr_growth_3m", D(2025, 6, 30), -1); /* from 31 March's 15,000 */
    assert_feature(&f, "arr_change_12m", D(2025, 1, 30), 18000);
    assert_feature(&f, "arr_change_12m", D(2025, 6, 30), -18000);
}

static void movements_of_twelve_months_leave_out_new_churn_and_reactivation(void **state)
{
    (void)state;
    ledger_facts f = story();
    assert_feature(&f, "expansion_12m", D(2024, 5, 30), 0);
    assert_feature(&f, "expansion_12m", D(2025, 5, 30), 6000);
    assert_feature(&f, "expansion_12m", D(2025, 5, 31), 0);
    assert_feature(&f, "expansion_12m", D(2026, 1, 31), 3000);
    assert_feature(&f, "expansions_12m", D(2026, 1, 31), 1);
    assert_feature(&f, "contraction_12m", D(2025, 12, 31), 3000);
    assert_feature(&f, "contraction_12m", D(2026, 3, 1), 0);
}

static void the_account_remembers_its_history(void **state)
{
    (void)state;
    ledger_facts f = story();
    assert_feature(&f, "arr_peak", D(2024, 1, 30), NAN);
    assert_feature(&f, "arr_peak", D(2026, 2, 1), 18000);
    assert_feature(&f, "first_arr", D(2024, 1, 30), NAN);
    assert_feature(&f, "first_arr", D(2026, 2, 1), 12000);
    assert_feature(&f, "months_as_customer", D(2024, 1, 31), 1 / 30.4375);
    /* 31 Jan 2024 .. 29 Jun 2025 are 516 days; 1 Sep .. 30 Sep 2025 are 30. */
    assert_feature(&f, "months_as_customer", D(2025, 7, 31), 516 / 30.4375);
    assert_feature(&f, "months_as_customer", D(2025, 9, 30), 546 / 30.4375);
    assert_feature(&f, "churned", D(2024, 1, 1), 0);
    assert_feature(&f, "churned", D(2025, 6, 30), 1);
    assert_feature(&f, "churned", D(2025, 9, 1), 0);
    assert_feature(&f, "days_since_churn", D(2025, 6, 29), NAN);
    assert_feature(&f, "days_since_churn", D(2025, 7, 10), 10);
    assert_feature(&f, "days_since_churn", D(2025, 9, 1), NAN);
    assert_feature(&f, "reactivated", D(2025, 7, 10), 0);
    assert_feature(&f, "reactivated", D(2025, 9, 1), 1);
    assert_feature(&f, "days_since_expansion", D(2024, 5, 30), NAN);
    assert_feature(&f, "days_since_expansion", D(2024, 6, 1), 1);
}

static void an_account_without_arr_has_zero_not_missing(void **state)
{
    (void)state;
    ledger_facts f = story();
    assert_close(feature_of_account(&f, "arr", D(2026, 1, 1), 1), 0, 0);
    assert_close(feature_of_account(&f, "churned", D(2026, 1, 1), 1), 0, 0);
    assert_true(isnan(feature_of_account(&f, "arr_growth_12m", D(2026, 1, 1), 1)));
    f.n_arr = 0;
    assert_feature(&f, "arr", D(2026, 1, 1), NAN);
    assert_feature(&f, "is_customer", D(2026, 1, 1), NAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arr_is_the_level_at_the_end_of_the_day),
        cmocka_unit_test(months_back_keep_to_the_end_of_the_month),
        cmocka_unit_test(movements_of_twelve_months_leave_out_new_churn_and_reactivation),
        cmocka_unit_test(the_account_remembers_its_history),
        cmocka_unit_test(an_account_without_arr_has_zero_not_missing),
    };
    return cmocka_run_group_tests_name("panel_arr", tests, NULL, NULL);
}
