/* SPDX-License-Identifier: Apache-2.0 */

/* Seats of subscriptions over time: what comes out as seats_ledger. */

#include "source_test.h"

#define SUBSCRIPTIONS "sources: {accounts: a.csv, arr: {path: s.csv, form: subscriptions}}\n"
#define SEATS_ROWS                                                                                 \
    "select a.account_id, date '1970-01-01' + l.day, l.seats_after / 1000 from seats_ledger l "    \
    "join account a using (account) order by l.rowid"
#define HEAD "account_id,subscription_id,start,end,amount,seats\n"

static void seats_of(const char *accounts, const char *subscriptions, const char *yaml,
                     const char *want)
{
    project p;
    project_open(&p);
    write_text(&p, "a.csv", accounts);
    write_text(&p, "s.csv", subscriptions);
    assert_ingests(&p, yaml);
    assert_rows(&p, SEATS_ROWS, want);
    project_close(&p);
}

static void seats_of_overlapping_subscriptions_add_up(void **state)
{
    (void)state;
    seats_of("account_id\nA\nB\n",
             HEAD "A,1,2024-01-01,2025-01-01,100,10\n"
                  "A,2,2024-03-15,2024-09-01,50,5\n"
                  "B,3,2024-02-01,,9,0.5\n",
             SUBSCRIPTIONS,
             "A 2024-01-01 10.0\nA 2024-03-15 15.0\nA 2024-09-01 10.0\nA 2025-01-01 0.0\n"
             "B 2024-02-01 0.5\n");
}

static void a_switch_on_one_day_is_one_change(void **state)
{
    (void)state;
    seats_of("account_id\nA\nB\n",
             HEAD "A,1,2024-01-01,2024-07-01,100,10\n"
                  "A,2,2024-07-01,,300,25\n"
                  "B,3,2024-01-01,2024-07-01,100,4\n" /* another plan and price for as many */
                  "B,4,2024-07-01,,300,4\n",
             SUBSCRIPTIONS, "A 2024-01-01 10.0\nA 2024-07-01 25.0\nB 2024-01-01 4.0\n");
}

static void arr_may_change_where_seats_do_not_and_the_other_way_round(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "s.csv",
               HEAD "A,1,2024-01-01,2024-07-01,100,10\n"
                    "A,2,2024-07-01,2024-08-01,100,25\n"
                    "A,3,2024-08-01,,120,25\n");
    assert_ingests(&p, SUBSCRIPTIONS);
    assert_rows(&p, SEATS_ROWS, "A 2024-01-01 10.0\nA 2024-07-01 25.0\n");
    assert_rows(&p, ARR_ROWS, "A 2024-01-01 100.0 new\nA 2024-08-01 120.0 expansion\n");
    project_close(&p);
}

static void the_last_day_of_service_can_be_the_end(void **state)
{
    (void)state;
    seats_of("account_id\nA\n",
             HEAD "A,1,2024-01-01,2024-12-31,100,3\nA,2,2025-01-01,2025-01-31,100,4\n",
             "sources: {accounts: a.csv, arr: {path: s.csv, form: subscriptions, end_is: "
             "last_day}}\n",
             "A 2024-01-01 3.0\nA 2025-01-01 4.0\nA 2025-02-01 0.0\n");
}

static void who_does_not_say_has_no_rows_and_what_cannot_be_is_noted(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nB\nC\n");
    write_text(&p, "s.csv",
               HEAD "A,1,2024-01-01,,100,\n"
                    "B,2,2024-01-01,,100,7\nB,3,2024-02-01,,100,-3\nB,4,2024-02-01,,1,1e12\n"
                    "C,5,2024-01-01,,100,0\n");
    assert_ingests(&p, SUBSCRIPTIONS);
    assert_rows(&p, SEATS_ROWS, "B 2024-01-01 7.0\n");
    assert_rows(&p, "select entity, kind, n from data_issue", "arr seats_out_of_range 2\n");
    write_text(&p, "s.csv", "account_id,start,amount\nA,2024-01-01,100\n");
    assert_ingests(&p, SUBSCRIPTIONS);
    assert_rows(&p, SEATS_ROWS, "");
    assert_rows(&p, "select count(*) from data_issue", "0\n");
    project_close(&p);
}

static void seats_go_with_their_source(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "s.csv", HEAD "A,1,2024-01-01,,100,7\n");
    write_text(&p, "n.csv", "account_id,date,arr\nA,2024-01-31,100\n");
    assert_ingests(&p, SUBSCRIPTIONS);
    assert_rows(&p, "select count(*) from seats_ledger", "1\n");
    assert_ingests(&p, "sources: {accounts: a.csv, arr: {path: n.csv, form: snapshots}}\n");
    assert_rows(&p, "select count(*) from seats_ledger", "0\n");
    assert_ingests(&p, SUBSCRIPTIONS);
    assert_rows(&p, "select count(*) from seats_ledger", "1\n");
    assert_ingests(&p, "sources: {accounts: a.csv}\n");
    assert_rows(&p, "select count(*) from seats_ledger", "0\n");
    project_close(&p);
}

static void children_count_for_the_topmost_parent(void **state)
{
    (void)state;
    seats_of("account_id,parent_id\nA,\nB,A\n", HEAD "A,1,2024-01-01,,1,1\nB,2,2024-01-02,,2,2\n",
             "ingest: {roll_up_parents: true}\n" SUBSCRIPTIONS,
             "A 2024-01-01 1.0\nA 2024-01-02 3.0\n");
}

/* More accounts and changes than one batch takes, in two orders and by one thread and two. */
static void rows_of_the_source_may_come_in_any_order(void **state)
{
    (void)state;
    enum { ACCOUNTS = 1500 };
    char *said[2];
    project p[2];
    for (size_t k = 0; k < 2; k++) {
        STRBUF_AUTO strbuf accounts;
        STRBUF_AUTO strbuf rows;
        strbuf_init(&accounts, 0);
        strbuf_init(&rows, 0);
        strbuf_add(&accounts, "account_id\n");
        strbuf_add(&rows, HEAD);
        for (int i = 0; i < ACCOUNTS; i++) {
            int at = k == 0 ? i : ACCOUNTS - 1 - i;
            strbuf_printf(&accounts, "A%04d\n", at);
            strbuf_printf(&rows, "A%04d,%d-1,2024-01-%02d,2025-01-01,100,%d.%d\n", at, at,
                          1 + at % 28, 1 + at % 9, at % 7);
            strbuf_printf(&rows, "A%04d,%d-2,2024-06-01,,70,%d.25\n", at, at, at % 4);
        }
        project_open(&p[k]);
        p[k].cx.threads = (int)k + 1;
        write_text(&p[k], "a.csv", accounts.text);
        write_text(&p[k], "s.csv", rows.text);
        assert_ingests(&p[k], SUBSCRIPTIONS);
        said[k] = rows_of(&p[k], "select * from seats_ledger order by rowid");
    }
    assert_string_equal(said[0], said[1]);
    assert_rows(&p[0], "select count(*) from seats_ledger", "4500\n");
    project_close(&p[0]);
    project_close(&p[1]);
}

static void run_text(const project *p, const char *sql)
{
    strata_error err = {0};
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(p->store), "test", sql, &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
}

/* A store from before there was the table: the next ingest reads the sources again though no file
 * has changed. */
static void an_older_store_gets_its_seats_with_the_next_ingest(void **state)
{
    (void)state;
    project p;
    char path[256];
    store_options options = {.mode = STORE_WRITE, .external_access = true};
    project_open(&p);
    store_close(p.store);
    p.store = NULL;
    (void)snprintf(path, sizeof path, "%s/s.duckdb", p.folder);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "s.csv", HEAD "A,1,2024-01-01,,100,7\n");
    assert_ok(store_open(path, &options, &p.cx, &p.store, &p.err), &p.err);
    assert_ingests(&p, SUBSCRIPTIONS);
    run_text(&p, "drop table seats_ledger");
    run_text(&p, "delete from schema_migration where version = 9");
    run_text(&p, "update meta set value = 'of an older program' where key = 'source.arr'");
    store_close(p.store);
    p.store = NULL;
    options.mode = STORE_READ;
    assert_int_equal(store_open(path, &options, &p.cx, &p.store, &p.err), STRATA_E_STORE);
    assert_non_null(strstr(p.err.message, "run 'strata ingest'"));
    options.mode = STORE_WRITE;
    assert_ok(store_open(path, &options, &p.cx, &p.store, &p.err), &p.err);
    assert_rows(&p, "select count(*) from seats_ledger", "0\n");
    assert_ingests(&p, SUBSCRIPTIONS);
    assert_true(p.sum.changed);
    assert_rows(&p, SEATS_ROWS, "A 2024-01-01 7.0\n");
    project_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seats_of_overlapping_subscriptions_add_up),
        cmocka_unit_test(a_switch_on_one_day_is_one_change),
        cmocka_unit_test(arr_may_change_where_seats_do_not_and_the_other_way_round),
        cmocka_unit_test(the_last_day_of_service_can_be_the_end),
        cmocka_unit_test(who_does_not_say_has_no_rows_and_what_cannot_be_is_noted),
        cmocka_unit_test(seats_go_with_their_source),
        cmocka_unit_test(children_count_for_the_topmost_parent),
        cmocka_unit_test(rows_of_the_source_may_come_in_any_order),
        cmocka_unit_test(an_older_store_gets_its_seats_with_the_next_ingest),
    };
    return cmocka_run_group_tests_name("seats", tests, NULL, NULL);
}
