/* SPDX-License-Identifier: Apache-2.0 */

/* Headings as the vendors' exports have them. */

#include "source_test.h"

#include "source/guess.h"

static const guess_file *guess(project *p, const char *name, const char *text)
{
    char path[256];
    const char *paths[] = {path};
    static guess_result r;
    write_text(p, name, text);
    (void)snprintf(path, sizeof path, "%s/%s", p->folder, name);
    assert_ok(source_guess(&p->cx, paths, 1, p->arena, &r, &p->err), &p->err);
    assert_int_equal(r.n_files, 1);
    return &r.files[0];
}

/* "heading>field heading>field", recognised columns only. */
static void check_guess(const guess_file *f, const char *entity, const char *want)
{
    STRBUF_AUTO strbuf got;
    strbuf_init(&got, 0);
    for (size_t i = 0; i < f->n_columns; i++) {
        if (f->columns[i].field != NULL) {
            strbuf_printf(&got, "%s%s>%s", got.len > 0 ? " | " : "", f->columns[i].heading,
                          f->columns[i].field);
        }
    }
    assert_string_equal(f->entity == NULL ? "none" : f->entity, entity);
    assert_string_equal(strbuf_text(&got), want);
}

static void vendors_exports_are_recognised(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    check_guess(guess(&p, "Accounts.csv",
                      "Account ID,Account Name,Industry,Employees,Billing Country,Created Date,"
                      "Account Owner,Parent Account ID,Lead Source\n"
                      "001A,Acme,Tech,120,US,1/31/2023,jo,,Web\n"),
                "accounts",
                "Account ID>account_id | Account Name>name | Industry>industry | "
                "Employees>employees | Billing Country>country | Created Date>started_on | "
                "Account Owner>csm_id | Parent Account ID>parent_id | Lead Source>channel");
    check_guess(
        guess(&p, "hubspot-companies.csv",
              "Record ID,Company name,Company owner,Create Date,Country/Region,"
              "Number of Employees,Original Source\n1,Acme,jo,2023-01-31 10:00,US,20,Ads\n"),
        "accounts",
        "Record ID>account_id | Company name>name | Company owner>csm_id | "
        "Create Date>started_on | Country/Region>country | "
        "Number of Employees>employees | Original Source>channel");
    const guess_file *stripe =
        guess(&p, "subscriptions.csv",
              "id,Customer ID,Plan,Quantity,Interval,Amount,Start Date (UTC),Ended At (UTC)\n"
              "sub_1,cus_1,Pro,3,month,\"1,200.00\",2023-01-31 10:00,\n");
    check_guess(stripe, "arr",
                "id>subscription_id | Customer ID>account_id | Plan>product | Quantity>seats | "
                "Interval>period | Amount>amount | Start Date (UTC)>start | Ended At (UTC)>end");
    const guess_file *mogul = guess(&p, "mrr_movements.csv",
                                    "Customer ID,Effective Date,Movement Type,MRR Change\n"
                                    "cus_1,2023-01-31,expansion,12\n");
    check_guess(mogul, "arr",
                "Customer ID>account_id | Effective Date>date | Movement Type>kind | "
                "MRR Change>delta");
    assert_int_equal(mogul->form, ARR_FORM_MOVEMENTS);
    assert_string_equal(mogul->period, "month");
    check_guess(guess(&p, "cases.csv",
                      "Case Number,Account ID,Created Date,Closed Date,Priority,Subject\n"
                      "1,001A,2023-01-31,,High,Broken\n"),
                "tickets",
                "Case Number>ticket_id | Account ID>account_id | Created Date>opened_at | "
                "Closed Date>closed_at | Priority>severity | Subject>text");
    check_guess(
        guess(&p, "totango_health.tsv", "Account ID\tDate\tHealth Score\n001A\t2023-01-31\t80\n"),
        "health", "Account ID>account_id | Date>at | Health Score>score");
    project_close(&p);
}

static void values_that_cannot_be_read_speak_against_a_heading(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    const guess_file *f = guess(&p, "orders.csv",
                                "customer_id,date,order_date,total\n"
                                "1,spring,2023-01-31,5\n2,summer,2023-02-01,\n3,fall,2023-02-03,x\n"
                                "4,fall,2023-02-03,6\n5,fall,2023-02-03,7\n6,fall,2023-02-03,8\n");
    check_guess(f, "orders", "customer_id>account_id | order_date>ordered_at | total>amount");
    assert_close(f->columns[3].readable, 0.8, 1e-12);
    assert_string_equal(f->columns[3].note, "1 of 5 values are not an amount, such as 'x'");
    project_close(&p);
}

static void what_does_not_fit_is_said(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    const guess_file *f = guess(&p, "orders.csv", "customer_id,when\n1,2023-01-31\n");
    check_guess(f, "none", "");
    assert_string_equal(f->missing, "ordered_at of orders, amount of orders");
    f = guess(&p, "lines.csv",
              "Invoice No,Customer ID,Invoice Date,Quantity,Unit Price\n1,2,2023-01-31,3,4\n");
    assert_string_equal(f->entity, "orders");
    assert_string_equal(f->amount, "= quantity * unit_price");
    f = guess(&p, "empty.csv", "");
    assert_string_equal(f->trouble, "it is empty");
    f = guess(&p, "twice.csv", "account_id,ordered_at,amount,amount\nA,2023-01-31,1,2\n");
    assert_string_equal(f->columns[2].note,
                        "the heading is there twice, in columns 3 and 4: rename one of them");
    assert_string_equal(f->columns[3].note, f->columns[2].note);
    assert_null(f->columns[1].note);
    const char *gone[] = {"/nowhere/at/all.csv"};
    guess_result r;
    assert_int_equal(source_guess(&p.cx, gone, 1, p.arena, &r, &p.err), STRATA_E_IO);
    project_close(&p);
}

/* A cancellation is the end of the service only where nothing else is. */
static void the_day_of_notice_is_told_from_the_end(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    check_guess(guess(&p, "subscriptions.csv",
                      "id,customer_id,started_at,ended_at,canceled_at,amount\n"
                      "s1,c1,2023-01-01,2024-01-01,2023-11-02,10\n"),
                "arr",
                "id>subscription_id | customer_id>account_id | started_at>start | "
                "ended_at>end | canceled_at>cancelled_on | amount>amount");
    check_guess(guess(&p, "subscriptions2.csv",
                      "id,customer_id,started_at,cancelled_at,amount\n"
                      "s1,c1,2023-01-01,2023-11-02,10\n"),
                "arr",
                "id>subscription_id | customer_id>account_id | started_at>start | "
                "cancelled_at>end | amount>amount");
    project_close(&p);
}

static void folders_are_searched_and_subscriptions_followed(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "usage.csv", "subscription_id,date,event\ns1,2023-01-31,login\n");
    write_text(&p, "notes.md", "nothing");
    write_text(&p, "customers.csv", "id,name\n1,x\n");
    const char *folder[] = {p.folder};
    guess_result r;
    assert_ok(source_guess(&p.cx, folder, 1, p.arena, &r, &p.err), &p.err);
    assert_int_equal(r.n_files, 2);
    check_guess(&r.files[0], "accounts", "id>account_id | name>name");
    check_guess(&r.files[1], "usage", "subscription_id>account_id | date>at | event>feature");
    assert_string_equal(r.files[1].via, "arr");
    assert_true(r.files[0].columns[1].same_name);
    project_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vendors_exports_are_recognised),
        cmocka_unit_test(values_that_cannot_be_read_speak_against_a_heading),
        cmocka_unit_test(what_does_not_fit_is_said),
        cmocka_unit_test(the_day_of_notice_is_told_from_the_end),
        cmocka_unit_test(folders_are_searched_and_subscriptions_followed),
    };
    return cmocka_run_group_tests_name("guess", tests, NULL, NULL);
}
