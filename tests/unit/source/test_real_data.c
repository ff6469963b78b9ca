/* SPDX-License-Identifier: Apache-2.0 */

/* Data no one here wrote, through the projects in examples/. The figures were published with the
 * data or computed from it with other tools. Skipped where the data is not there. */

#include "source_test.h"

static bool open_example(project *p, const char *name, const char *file)
{
    char path[512];
    const char *data = getenv("STRATA_DATA"); // NOLINT(concurrency-mt-unsafe)
    (void)snprintf(path, sizeof path, "%s/%s",
                   data == NULL ? STRATA_SOURCE "/../shared/data" : data, file);
    if (access(path, R_OK) != 0) {
        return false;
    }
    project_open(p);
    (void)snprintf(path, sizeof path, "%s/examples/%s/strata.yaml", STRATA_SOURCE, name);
    assert_ok(model_load(path, &p->model, &p->err), &p->err);
    assert_ok(ingest_run(&p->cx, p->store, p->model, &p->options, p->arena, &p->sum, &p->err),
              &p->err);
    return true;
}

/* Month-end MRR and paying accounts; 21 usage ids come twice; 825 tickets have no score. */
static void ravenstack_gives_its_published_figures(void **state)
{
    (void)state;
    project p;
    if (!open_example(&p, "ravenstack", "ravenstack/ravenstack_accounts.csv")) {
        skip();
    }
    assert_rows(&p,
                "select m, count(*), (sum(arr) / 1200)::bigint from (select m, account, "
                "arg_max(arr_after, day) as arr from arr_ledger, (values (date '2023-12-31'), "
                "(date '2024-06-30'), (date '2024-12-31')) as ends (m) "
                "where day <= m - date '1970-01-01' group by m, account) where arr > 0 "
                "group by m order by m",
                "2023-12-31 185 1262113\n2024-06-30 333 3833405\n2024-12-31 500 10159608\n");
    assert_rows(&p, "select entity, rows_loaded, rows_rejected from source_file order by entity",
                "accounts 500 0\narr 5000 0\ntickets 2000 0\nusage 24979 21\n");
    assert_rows(&p, "select distinct reason from reject", "an earlier row has this id\n");
    assert_rows(&p, "select count(*) from ticket where csat is null", "825\n");
    project_close(&p);
}

/* 69,659 purchases of 23,570 customers: $2,500,315.63 for 167,881 CDs. */
static void cdnow_gives_its_published_figures(void **state)
{
    (void)state;
    project p;
    if (!open_example(&p, "cdnow", "cdnow/CDNOW_master.txt")) {
        skip();
    }
    assert_int_equal(p.sum.n_accounts, 23570);
    assert_true(p.sum.accounts_derived);
    assert_rows(&p, "select sum(orders), sum(amount), sum(quantity)::bigint from order_ledger",
                "69659 250031563 167881\n");
    project_close(&p);
}

/* Rows with a customer and positive quantity and price: 397,884 rows, 4,338 customers, 18,532
 * invoices, revenue 8,911,407.904 (prices have three decimals; the ledger counts pennies by row).
 */
static void online_retail_gives_its_published_figures(void **state)
{
    (void)state;
    project p;
    if (!open_example(&p, "online_retail", "online_retail/online_retail.csv.gz")) {
        skip();
    }
    assert_int_equal(p.sum.n_accounts, 4338);
    assert_int_equal(p.sum.sources[0].n_read, 541909);
    assert_int_equal(p.sum.sources[0].n_loaded, 397884);
    assert_int_equal(p.sum.sources[0].n_left_out, 541909 - 397884);
    assert_rows(&p, "select sum(orders), sum(amount) from order_ledger", "18532 891140790\n");
    project_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ravenstack_gives_its_published_figures),
        cmocka_unit_test(cdnow_gives_its_published_figures),
        cmocka_unit_test(online_retail_gives_its_published_figures),
    };
    return cmocka_run_group_tests_name("real_data", tests, NULL, NULL);
}
