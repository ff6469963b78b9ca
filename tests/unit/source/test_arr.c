/* SPDX-License-Identifier: Apache-2.0 */

/* The cases of the data model that concern ARR: what comes out as the ledger. */

#include "source_test.h"

#define SUBSCRIPTIONS "sources: {accounts: a.csv, arr: {path: s.csv, form: subscriptions}}\n"
#define ACCOUNTS "account_id\nA\nB\nC\n"

static void ledger_of(const char *accounts, const char *subscriptions, const char *yaml,
                      const char *want)
{
    project p;
    project_open(&p);
    write_text(&p, "a.csv", accounts);
    write_text(&p, "s.csv", subscriptions);
    assert_ingests(&p, yaml);
    assert_rows(&p, ARR_ROWS, want);
    project_close(&p);
}

static void ending_one_of_several_is_contraction_ending_the_last_is_churn(void **state)
{
    (void)state;
    ledger_of(ACCOUNTS,
              "account_id,subscription_id,start,end,amount\n"
              "A,1,2024-01-01,2025-01-01,1000\n"
              "A,2,2024-03-15,2024-09-01,500\n",
              SUBSCRIPTIONS,
              "A 2024-01-01 1000.0 new\n"
              "A 2024-03-15 1500.0 expansion\n"
              "A 2024-09-01 1000.0 contraction\n"
              "A 2025-01-01 0.0 churn\n");
}

/* ChartMogul help, worked examples: $2,000 a year is 166.67 of MRR whatever it is billed by; a
 * second subscription is expansion, cancelling one of two contraction, cancelling the last churn at
 * the end of the paid period, coming back reactivation. */
static void the_worked_examples_of_chartmogul_come_out(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", ACCOUNTS);
    write_text(&p, "s.csv",
               "account_id,subscription_id,start,end,amount,period\n"
               "A,1,2024-01-01,2025-01-01,2000,annual\n"
               "A,2,2024-03-01,2024-07-01,150,quarterly\n"
               "A,3,2025-06-01,,100,monthly\n"
               "B,4,2024-02-01,,166.67,monthly\n");
    assert_ingests(&p, SUBSCRIPTIONS);
    assert_rows(&p, ARR_ROWS,
                "A 2024-01-01 2000.0 new\n"
                "A 2024-03-01 2600.0 expansion\n"
                "A 2024-07-01 2000.0 contraction\n"
                "A 2025-01-01 0.0 churn\n"
                "A 2025-06-01 1200.0 reactivation\n"
                "B 2024-02-01 2000.04 new\n");
    assert_rows(&p,
                "select printf('%.2f', arr_after / 1200.0) from arr_ledger where account = 0 and "
                "day = date '2024-01-01' - date '1970-01-01'",
                "166.67\n");
    project_close(&p);
}

static void open_ended_subscriptions_go_on(void **state)
{
    (void)state;
    ledger_of(ACCOUNTS, "account_id,start,end,amount\nA,2024-01-15,,1200\nB,2024-02-01,NULL,10\n",
              SUBSCRIPTIONS, "A 2024-01-15 1200.0 new\nB 2024-02-01 10.0 new\n");
}

static void gone_and_back_is_reactivation(void **state)
{
    (void)state;
    ledger_of(ACCOUNTS,
              "account_id,start,end,amount\nA,2024-01-01,2024-02-01,100\nA,2024-06-01,,200\n",
              SUBSCRIPTIONS,
              "A 2024-01-01 100.0 new\nA 2024-02-01 0.0 churn\n"
              "A 2024-06-01 200.0 reactivation\n");
}

static void changes_of_one_day_are_one_movement(void **state)
{
    (void)state;
    /* a renewal without a gap at the same price is no movement at all */
    ledger_of(ACCOUNTS,
              "account_id,start,end,amount\n"
              "A,2024-01-01,2025-01-01,100\nA,2025-01-01,,100\n"
              "B,2024-01-01,2025-01-01,100\nB,2025-01-01,,70\nB,2025-01-01,,50\n",
              SUBSCRIPTIONS,
              "A 2024-01-01 100.0 new\n"
              "B 2024-01-01 100.0 new\nB 2025-01-01 120.0 expansion\n");
}

static void started_and_ended_within_a_month_is_seen(void **state)
{
    (void)state;
    ledger_of(
        ACCOUNTS,
        "account_id,start,end,amount\nA,2024-01-05,2024-01-20,100\nB,2024-01-05,2024-01-05,9\n",
        SUBSCRIPTIONS, "A 2024-01-05 100.0 new\nA 2024-01-20 0.0 churn\n");
}

static void the_last_day_of_service_can_be_the_end(void **state)
{
    (void)state;
    ledger_of(
        ACCOUNTS, "account_id,start,end,amount\nA,2024-01-01,2024-12-31,100\nA,2025-01-01,,100\n",
        "sources: {accounts: a.csv, arr: {path: s.csv, form: subscriptions, end_is: last_day}}\n",
        "A 2024-01-01 100.0 new\n");
}

static void amounts_of_all_periods_come_to_a_year(void **state)
{
    (void)state;
    ledger_of(ACCOUNTS,
              "account_id,start,amount,Billing Period\n"
              "A,2024-01-01,100,monthly\nB,2024-01-01,100,Quarterly\nC,2024-01-01,100,annual\n",
              "sources: {accounts: a.csv, arr: {path: s.csv, map: {period: Billing Period}}}\n",
              "A 2024-01-01 1200.0 new\nB 2024-01-01 400.0 new\nC 2024-01-01 100.0 new\n");
    ledger_of(ACCOUNTS, "account_id,start,amount\nA,2024-01-01,166.67\n",
              "sources: {accounts: a.csv, arr: {path: s.csv, period: month}}\n",
              "A 2024-01-01 2000.04 new\n");
}

static void currencies_are_converted_at_the_stated_rate(void **state)
{
    (void)state;
    ledger_of("account_id,currency\nA,USD\nB,EUR\nC,\n",
              "account_id,start,amount,currency\n"
              "A,2024-01-01,100,EUR\nB,2024-01-01,100,\nC,2024-01-01,100,\n",
              "business: {currency: USD}\ningest: {rates: {EUR: 1.25}}\n" SUBSCRIPTIONS,
              "A 2024-01-01 125.0 new\nB 2024-01-01 125.0 new\nC 2024-01-01 100.0 new\n");
}

static void a_currency_without_a_rate_is_an_error(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", ACCOUNTS);
    write_text(&p, "s.csv",
               "account_id,start,amount,currency\nA,2024-01-01,1,USD\nB,2024-01-01,1,JPY\n");
    assert_ingest_fails(&p, SUBSCRIPTIONS, STRATA_E_MODEL, "JPY", "rate");
    write_text(&p, "a.csv", "account_id,currency\nA,CHF\nB,\n");
    assert_ingest_fails(&p, SUBSCRIPTIONS, STRATA_E_MODEL, "CHF", "rate");
    project_close(&p);
}

static void movements_add_up_and_never_fall_below_zero(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", ACCOUNTS);
    write_text(&p, "m.csv",
               "account_id,date,delta,type,reason\n"
               "A,2024-01-01,100,,\nA,2024-02-01,50,seats,\nA,2024-02-01,-20,price,\n"
               "A,2024-05-01,-300,,left\nA,2024-06-01,10,,\n");
    assert_ingests(&p, "sources: {accounts: a.csv, arr: {path: m.csv, form: movements}}\n");
    assert_rows(&p, ARR_ROWS,
                "A 2024-01-01 100.0 new\nA 2024-02-01 130.0 expansion\nA 2024-05-01 0.0 churn\n"
                "A 2024-06-01 10.0 reactivation\n");
    assert_rows(&p, "select type, reason from arr_ledger order by day",
                "- -\nseats -\n- left\n- -\n");
    assert_rows(&p, "select kind, n from data_issue", "arr_below_zero 1\n");
    project_close(&p);
}

static void an_account_missing_from_a_months_snapshots_has_no_arr(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", ACCOUNTS);
    write_text(&p, "n.csv",
               "account_id,date,arr\n"
               "A,2024-01-31,100\nA,2024-02-29,100\nA,2024-03-31,120\n"
               "B,2024-01-31,50\nB,2024-03-31,50\n" /* away in February */
               "C,2024-01-31,0\nC,2024-02-29,10\nC,2024-02-29,99\n");
    assert_ingests(&p, "sources: {accounts: a.csv, arr: {path: n.csv, form: snapshots}}\n"
                       "ingest: {rejects_allowed: 50%}\n");
    assert_rows(&p, ARR_ROWS,
                "A 2024-01-31 100.0 new\nA 2024-03-31 120.0 expansion\n"
                "B 2024-01-31 50.0 new\nB 2024-02-29 0.0 churn\nB 2024-03-31 50.0 reactivation\n"
                "C 2024-02-29 10.0 new\nC 2024-03-31 0.0 churn\n");
    assert_rows(&p, "select line, reason from reject",
                "9 an earlier row has this account and date\n");
    project_close(&p);
}

static void facts_of_children_count_for_the_topmost_parent(void **state)
{
    (void)state;
    static const char accounts[] = "account_id,parent_id\nA,\nB,A\nC,B\nD,elsewhere\n";
    static const char subscriptions[] =
        "account_id,start,amount\nA,2024-01-01,1\nB,2024-01-02,2\nC,2024-01-03,4\nD,2024-01-01,8\n";
    ledger_of(accounts, subscriptions, "ingest: {roll_up_parents: true}\n" SUBSCRIPTIONS,
              "A 2024-01-01 1.0 new\nA 2024-01-02 3.0 expansion\nA 2024-01-03 7.0 expansion\n"
              "D 2024-01-01 8.0 new\n");
    ledger_of(accounts, subscriptions, SUBSCRIPTIONS,
              "A 2024-01-01 1.0 new\nB 2024-01-02 2.0 new\nC 2024-01-03 4.0 new\n"
              "D 2024-01-01 8.0 new\n");
}

static void parents_in_a_circle_are_an_error(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id,parent_id\nA,B\nB,C\nC,A\nD,\n");
    write_text(&p, "s.csv", "account_id,start,amount\nD,2024-01-01,1\n");
    assert_ingest_fails(&p, SUBSCRIPTIONS, STRATA_E_DATA, "circle", "'A'");
    assert_ingest_fails(&p, SUBSCRIPTIONS, STRATA_E_DATA, "a.csv:3) under 'C'", "under 'A';");
    project_close(&p);
}

static void merged_ids_stand_for_the_account_they_went_to(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id,name\nA,one\nB,two\nC,three\n");
    write_text(&p, "s.csv",
               "account_id,start,amount\nA,2024-01-01,1\nB,2024-01-02,2\nold,2024-01-03,4\n");
    write_text(&p, "m.csv", "from,to\nB,A\nold,B\n");
    assert_ingests(&p, "ingest: {merges: m.csv}\n" SUBSCRIPTIONS);
    assert_rows(&p, "select account, account_id from account order by account", "0 A\n1 C\n");
    assert_rows(&p, ARR_ROWS,
                "A 2024-01-01 1.0 new\nA 2024-01-02 3.0 expansion\nA 2024-01-03 7.0 expansion\n");
    write_text(&p, "m.csv", "from,to\nB,A\nA,B\n");
    assert_ingest_fails(&p, "ingest: {merges: m.csv}\n" SUBSCRIPTIONS, STRATA_E_DATA, "circle",
                        NULL);
    write_text(&p, "m.csv", "from,to\nB,A\nB,C\n");
    assert_ingest_fails(&p, "ingest: {merges: m.csv}\n" SUBSCRIPTIONS, STRATA_E_DATA,
                        "two accounts", "m.csv:3");
    project_close(&p);
}

static void late_rows_rewrite_history(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", ACCOUNTS);
    write_text(&p, "s.csv", "account_id,start,amount\nA,2024-03-01,100\n");
    assert_ingests(&p, SUBSCRIPTIONS);
    write_text(&p, "s.csv", "account_id,start,amount\nA,2024-03-01,100\nA,2024-01-01,50\n");
    assert_ingests(&p, SUBSCRIPTIONS);
    assert_rows(&p, ARR_ROWS, "A 2024-01-01 50.0 new\nA 2024-03-01 150.0 expansion\n");
    project_close(&p);
}

static void impossible_subscriptions_are_refused(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", ACCOUNTS);
    write_text(&p, "s.csv",
               "account_id,subscription_id,start,end,amount\n"
               "A,1,2024-01-01,,-5\n"
               "A,2,2024-02-01,2024-01-01,5\n"
               "A,3,2024-02-31,,5\n"
               "A,4,2024-02-01,,NaN\n"
               "A,5,2024-02-01,,inf\n"
               "A,6,,,5\n"
               "Z,7,2024-02-01,,5\n"
               "A,8,2024-02-01,,1e300\n"
               "A,9,2024-02-01,,5\n"
               "A,9,2024-03-01,,5\n");
    assert_ingests(&p, "ingest: {rejects_allowed: 95%}\n" SUBSCRIPTIONS);
    assert_rows(&p, ARR_ROWS, "A 2024-02-01 5.0 new\n");
    assert_rows(&p, "select line, col, column_name, value, reason from reject order by line",
                "2 5 amount -5 negative ARR\n"
                "3 4 end 2024-01-01 ends before it begins\n"
                "4 3 start 2024-02-31 no such day in the calendar\n"
                "5 5 amount NaN not a number\n"
                "6 5 amount inf not a number\n"
                "7 3 start  empty, and needed\n"
                "8 1 account_id Z no such account\n"
                "9 5 amount 1e300 amount is too large\n"
                "11 0 subscription_id 9 an earlier row has this id\n");
    project_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ending_one_of_several_is_contraction_ending_the_last_is_churn),
        cmocka_unit_test(the_worked_examples_of_chartmogul_come_out),
        cmocka_unit_test(open_ended_subscriptions_go_on),
        cmocka_unit_test(gone_and_back_is_reactivation),
        cmocka_unit_test(changes_of_one_day_are_one_movement),
        cmocka_unit_test(started_and_ended_within_a_month_is_seen),
        cmocka_unit_test(the_last_day_of_service_can_be_the_end),
        cmocka_unit_test(amounts_of_all_periods_come_to_a_year),
        cmocka_unit_test(currencies_are_converted_at_the_stated_rate),
        cmocka_unit_test(a_currency_without_a_rate_is_an_error),
        cmocka_unit_test(movements_add_up_and_never_fall_below_zero),
        cmocka_unit_test(an_account_missing_from_a_months_snapshots_has_no_arr),
        cmocka_unit_test(facts_of_children_count_for_the_topmost_parent),
        cmocka_unit_test(parents_in_a_circle_are_an_error),
        cmocka_unit_test(merged_ids_stand_for_the_account_they_went_to),
        cmocka_unit_test(late_rows_rewrite_history),
        cmocka_unit_test(impossible_subscriptions_are_refused),
    };
    return cmocka_run_group_tests_name("arr", tests, NULL, NULL);
}
