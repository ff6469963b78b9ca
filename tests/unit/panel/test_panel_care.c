/* SPDX-License-Identifier: Apache-2.0 */
/* Orders, tickets, surveys, contacts, touchpoints, opportunities, health and interventions. */
#include "one_account.h"

static const day starts[] = {0, 0};

static void orders_and_returns(void **state)
{
    (void)state;
    static const order_fact orders[] = {
        {0, 100, 5000, 1}, {0, 100, 2500, 1}, {0, 110, -2500, 0}, {0, 130, 10000, 2}};
    ledger_facts f = {.n_accounts = 2, .started_on = starts, .orders = orders, .n_orders = 4};
    assert_feature(&f, "orders_30d", 129, 2);
    assert_feature(&f, "orders_30d", 130, 2); /* 101 .. 130 */
    assert_feature(&f, "orders_total", 130, 4);
    assert_feature(&f, "order_days", 130, 2);
    assert_feature(&f, "spend_30d", 129, 50);
    assert_feature(&f, "spend_total", 130, 150);
    assert_feature(&f, "spend_prev_365d", 465, 75);
    assert_feature(&f, "spend_prev_365d", 464, 0);
    assert_feature(&f, "average_order", 130, 37.5);
    assert_feature(&f, "last_order", 129, 29); /* a return is no order */
    assert_feature(&f, "first_order_age", 130, 30);
    assert_feature(&f, "days_between_orders", 129, NAN);
    assert_feature(&f, "days_between_orders", 130, 30);
    assert_feature(&f, "buyer_recency", 129, 0);
    assert_feature(&f, "buyer_recency", 500, 30);
    assert_feature(&f, "orders_per_month", 130, 4 / (31 / 30.4375));
    assert_feature(&f, "last_order", 99, NAN);
    assert_feature(&f, "orders_30d", 99, 0);
    assert_feature(&f, "is_customer", 494, 1);
    assert_feature(&f, "is_customer", 495, 0);
}

static void a_ticket_closed_later_is_open(void **state)
{
    (void)state;
    static const ticket_fact tickets[] = {
        {0, 10, 20, 5.0, SEVERITY_URGENT},
        {0, 15, 16, 2.0, SEVERITY_HIGH},
        {0, 40, DAY_MISSING, NAN, SEVERITY_LOW},
    };
    ledger_facts f = {.n_accounts = 2, .started_on = starts, .tickets = tickets, .n_tickets = 3};
    assert_feature(&f, "open_tickets", 9, 0);
    assert_feature(&f, "open_tickets", 15, 2);
    assert_feature(&f, "open_tickets", 19, 1);
    assert_feature(&f, "open_tickets", 20, 0);
    assert_feature(&f, "oldest_open_ticket", 19, 9);
    assert_feature(&f, "oldest_open_ticket", 20, NAN);
    assert_feature(&f, "oldest_open_ticket", 45, 5);
    assert_feature(&f, "tickets_30d", 39, 2);
    assert_feature(&f, "tickets_30d", 40, 2); /* 11 .. 40 */
    assert_feature(&f, "tickets_high_90d", 40, 2);
    assert_feature(&f, "csat_90d", 15, NAN); /* rated when closed */
    assert_feature(&f, "csat_90d", 16, 2);
    assert_feature(&f, "csat_90d", 20, 3.5);
    assert_feature(&f, "resolution_days_90d", 20, 5.5);
    assert_feature(&f, "resolution_days_90d", 106, 10); /* 17 .. 106 */
}

static void surveys_by_kind(void **state)
{
    (void)state;
    static const survey_fact surveys[] = {{0, 10, 6, SURVEY_NPS},    {0, 50, 9, SURVEY_NPS},
                                          {0, 50, 10, SURVEY_NPS},   {0, 60, 4, SURVEY_CSAT},
                                          {0, 61, 4.1, SURVEY_CSAT}, {0, 70, 2, SURVEY_PMF}};
    ledger_facts f = {.n_accounts = 2, .started_on = starts, .surveys = surveys, .n_surveys = 6};
    assert_feature(&f, "nps_last", 9, NAN);
    assert_feature(&f, "nps_last", 49, 6);
    assert_feature(&f, "nps_prev", 49, NAN);
    assert_feature(&f, "nps_last", 55, 9.5);
    assert_feature(&f, "nps_prev", 55, 6);
    assert_feature(&f, "nps_change", 55, 3.5);
    assert_feature(&f, "nps_age", 55, 5);
    assert_feature(&f, "nps_365d", 55, 100.0 / 3);
    assert_feature(&f, "nps_365d", 375, 100);
    assert_feature(&f, "nps_365d", 415, NAN);
    assert_feature(&f, "csat_last", 61, 4.1); /* exactly, so that csat_last >= 4.1 holds */
    assert_feature(&f, "pmf_last", 69, NAN);
    assert_feature(&f, "pmf_last", 70, 2);
    assert_feature(&f, "surveys_365d", 70, 6);
}

static void contacts_leave_on_their_last_day(void **state)
{
    (void)state;
    static const contact_fact contacts[] = {
        {0, DAY_MIN, 50, ROLE_CHAMPION},
        {0, 20, DAY_MISSING, ROLE_ECONOMIC},
        {0, 30, 40, ROLE_USER},
    };
    ledger_facts f = {.n_accounts = 2, .started_on = starts, .contacts = contacts, .n_contacts = 3};
    assert_feature(&f, "contacts", -1, NAN);
    assert_feature(&f, "contacts", 0, 1);
    assert_feature(&f, "single_threaded", 19, 1);
    assert_feature(&f, "single_threaded", 20, 0);
    assert_feature(&f, "contacts", 39, 3);
    assert_feature(&f, "contacts", 40, 2);
    assert_feature(&f, "roles_present", 39, 3);
    assert_feature(&f, "has_champion", 49, 1);
    assert_feature(&f, "has_champion", 50, 0);
    assert_feature(&f, "has_economic_buyer", 50, 1);
    assert_close(feature_of_account(&f, "contacts", 50, 1), 0, 0);
    assert_close(feature_of_account(&f, "single_threaded", 50, 1), 0, 0);
}

static void touches_without_minutes_are_not_zero_minutes(void **state)
{
    (void)state;
    static const touch_fact touches[] = {
        {0, 10, NAN, -1}, {0, 20, 30.5, 1}, {0, 30, 15, 0}, {0, 30, NAN, 0}};
    ledger_facts f = {
        .n_accounts = 2, .started_on = starts, .touchpoints = touches, .n_touchpoints = 4};
    assert_feature(&f, "touch_minutes_90d", 9, 0);
    assert_feature(&f, "touch_minutes_90d", 10, NAN);
    assert_feature(&f, "touch_minutes_90d", 20, 30.5);
    assert_feature(&f, "touch_minutes_90d", 30, 45.5);
    assert_feature(&f, "touches_30d", 39, 4);
    assert_feature(&f, "touches_30d", 40, 3);
    assert_feature(&f, "last_touch", 40, 10);
    assert_feature(&f, "last_touch", 9, NAN);
    assert_feature(&f, "response_rate_180d", 10, NAN);
    assert_feature(&f, "response_rate_180d", 30, 1.0 / 3);
}

static void a_deal_due_later_counts_as_open_whatever_became_of_it(void **state)
{
    (void)state;
    static const deal_fact deals[] = {
        {0, 10, 100, 500000, DEAL_RENEWAL, DEAL_LOST},
        {0, 10, 100, 100000, DEAL_RENEWAL, DEAL_WON},
        {0, 20, 60, 700000, DEAL_RENEWAL, DEAL_OPEN},
        {0, 10, 80, 300000, DEAL_EXPANSION, DEAL_WON},
        {0, 10, DAY_MISSING, 200000, DEAL_EXPANSION, DEAL_OPEN},
        {0, 10, DAY_MISSING, 900000, DEAL_EXPANSION, DEAL_WON},
    };
    ledger_facts f = {
        .n_accounts = 2, .started_on = starts, .opportunities = deals, .n_opportunities = 6};
    assert_feature(&f, "renewal_in", 9, NAN);
    assert_feature(&f, "renewal_in", 10, 90);
    assert_feature(&f, "renewal_amount", 10, 6000);
    assert_feature(&f, "renewal_in", 20, 40);
    assert_feature(&f, "renewal_amount", 60, 7000);
    assert_feature(&f, "renewal_in", 60, 0);
    assert_feature(&f, "renewal_in", 61, 39); /* overdue ones have no renewal ahead */
    assert_feature(&f, "renewal_in", 101, NAN);
    assert_feature(&f, "open_expansion", 80, 5000);
    assert_feature(&f, "open_expansions", 80, 2);
    assert_feature(&f, "open_expansion", 81, 2000);
    assert_feature(&f, "won_expansion_12m", 80, 0);
    assert_feature(&f, "won_expansion_12m", 81, 3000);
    assert_feature(&f, "won_expansion_12m", 80 + 365, 0);
    assert_feature(&f, "lost_renewals_12m", 100, 0);
    assert_feature(&f, "lost_renewals_12m", 101, 1);
}

static void health_and_interventions(void **state)
{
    (void)state;
    static const health_fact health[] = {{0, 10, 80}, {0, 10, 70}, {0, 60, 50}};
    static const intervention_fact done[] = {{0, 10, NAN}, {0, 99, 30}};
    ledger_facts f = {.n_accounts = 2,
                      .started_on = starts,
                      .health = health,
                      .n_health = 3,
                      .interventions = done,
                      .n_interventions = 2};
    assert_feature(&f, "health_supplied", 9, NAN);
    assert_feature(&f, "health_supplied", 59, 75);
    assert_feature(&f, "health_age", 59, 49);
    assert_feature(&f, "health_change_90d", 99, NAN);
    assert_feature(&f, "health_change_90d", 100, -25);
    assert_feature(&f, "health_change_90d", 150, 0);
    assert_feature(&f, "interventions_90d", 99, 2);
    assert_feature(&f, "interventions_90d", 100, 1);
    assert_feature(&f, "last_intervention", 98, 88);
    assert_feature(&f, "last_intervention", 9, NAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_and_returns),
        cmocka_unit_test(a_ticket_closed_later_is_open),
        cmocka_unit_test(surveys_by_kind),
        cmocka_unit_test(contacts_leave_on_their_last_day),
        cmocka_unit_test(touches_without_minutes_are_not_zero_minutes),
        cmocka_unit_test(a_deal_due_later_counts_as_open_whatever_became_of_it),
        cmocka_unit_test(health_and_interventions),
    };
    return cmocka_run_group_tests_name("panel_care", tests, NULL, NULL);
}
