/* SPDX-License-Identifier: Apache-2.0 */
#include "source_test.h"

#include "panel/panel.h"
#include "source/ledger/store.h"
#include "source/readiness.h"

/* 300 accounts; account i has i % 5 usage rows, and the odd ones ARR. */
static void fill(project *p)
{
    STRBUF_AUTO strbuf accounts;
    STRBUF_AUTO strbuf usage;
    STRBUF_AUTO strbuf arr;
    strbuf_init(&accounts, 0);
    strbuf_init(&usage, 0);
    strbuf_init(&arr, 0);
    strbuf_add(&accounts, "account_id,started_on\n");
    strbuf_add(&usage, "account_id,at,feature,count,user_id\n");
    strbuf_add(&arr, "account_id,start,amount\n");
    for (int i = 0; i < 300; i++) {
        strbuf_printf(&accounts, "A%03d,%s\n", i, i % 3 == 0 ? "2023-12-01" : "");
        for (int k = 0; k < i % 5; k++) {
            strbuf_printf(&usage, "A%03d,2024-01-%02d,f%d,%d,%s\n", i, 10 + k, k, k + 1,
                          k == 3 ? "" : "u");
        }
        if (i % 2 == 1) {
            strbuf_printf(&arr, "A%03d,2024-01-05,%d\n", i, i);
        }
    }
    write_text(p, "a.csv", accounts.text);
    write_text(p, "u.csv", usage.text);
    write_text(p, "s.csv", arr.text);
    assert_ingests(p, "sources: {accounts: a.csv, usage: u.csv, arr: s.csv}\n");
}

static void check_block(const ledger_block *b)
{
    for (size_t i = 0; i < b->n_accounts; i++) {
        size_t account = (size_t)b->first + i;
        uint32_t from = b->usage.start[i];
        assert_int_equal(b->usage.start[i + 1] - from, account % 5);
        for (uint32_t k = 0; k < account % 5; k++) {
            assert_int_equal(b->usage.day[from + k], 19732 + (int32_t)k);
            assert_int_equal(b->usage.feature[from + k], k);
            assert_int_equal(b->usage.user[from + k], k == 3 ? -1 : 0);
            assert_int_equal(b->usage.events[from + k], k + 1);
        }
        assert_int_equal(b->arr.start[i + 1] - b->arr.start[i], account % 2);
        if (account % 2 == 1) {
            assert_int_equal(b->arr.arr_after[b->arr.start[i]], account * 100);
            assert_int_equal(b->arr.kind[b->arr.start[i]], ARR_NEW);
        }
    }
}

static void blocks_hold_the_rows_of_their_accounts(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    fill(&p);
    ledger_store *l = NULL;
    assert_ok(ledger_store_new(p.store, &p.cx, &l, &p.err), &p.err);
    const ledger_source *s = ledger_store_source(l);
    const ledger_info *info = s->info(s->self);
    assert_int_equal(info->n_accounts, 300);
    assert_int_equal(info->n_usage_features, 4);
    assert_int_equal(info->first_day, 19727);
    assert_int_equal(info->last_day, 19735);
    assert_int_equal(info->users_first_seen, 19732);
    assert_int_equal(info->feature_first_seen[3], 19735);
    assert_int_equal(info->entities, 1U << ENTITY_ACCOUNTS | 1U << ENTITY_ARR | 1U << ENTITY_USAGE);
    for (size_t step = 1; step < 301; step += 53) {
        ledger_cursor *c = NULL;
        assert_ok(s->open(s->self, 0, 300, UINT32_MAX, DAY_MAX, &c, &p.err), &p.err);
        for (size_t first = 0; first < 300; first += step) {
            ledger_block b;
            size_t n = 300 - first < step ? 300 - first : step;
            assert_ok(s->read(c, (int32_t)first, n, &b, &p.err), &p.err);
            check_block(&b);
            assert_null(b.orders.start);
            assert_int_equal(b.started_on[0], first % 3 == 0   ? 19692
                                              : first % 2 == 1 ? 19727
                                              : first % 5 > 0  ? 19732
                                                               : DAY_MISSING);
        }
        s->close(c);
    }
    ledger_store_free(l);
    project_close(&p);
}

static void cursors_keep_to_their_range_and_entities(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    fill(&p);
    ledger_store *l = NULL;
    assert_ok(ledger_store_new(p.store, &p.cx, &l, &p.err), &p.err);
    const ledger_source *s = ledger_store_source(l);
    ledger_cursor *a = NULL;
    ledger_cursor *b = NULL;
    ledger_block block;
    assert_ok(s->open(s->self, 100, 110, 1U << ENTITY_USAGE, DAY_MAX, &a, &p.err), &p.err);
    assert_ok(s->open(s->self, 200, 300, 1U << ENTITY_ARR, DAY_MAX, &b, &p.err), &p.err);
    assert_ok(s->read(a, 102, 3, &block, &p.err), &p.err);
    assert_null(block.arr.start);
    assert_int_equal(block.usage.start[3], 2 + 3 + 4);
    assert_ok(s->read(b, 299, 1, &block, &p.err), &p.err);
    assert_int_equal(block.arr.arr_after[0], 29900);
    assert_int_equal(s->read(b, 299, 1, &block, &p.err), STRATA_E_INTERNAL);
    assert_int_equal(s->read(a, 105, 20, &block, &p.err), STRATA_E_INTERNAL);
    s->close(a);
    s->close(b);
    s->close(NULL);
    ledger_store_free(l);
    project_close(&p);
}

static int64_t total_of(const context *cx, const ledger_source *s, feature_id f)
{
    strata_error err = {0};
    panel *values = NULL;
    assert_ok(panel_new(cx, s, &f, 1, 19800, &values, &err), &err);
    double sum = 0;
    for (size_t i = 0; i < panel_n_accounts(values); i++) {
        double x = panel_column(values, 0)[i];
        sum += isnan(x) ? 0 : x;
    }
    panel_free(values);
    return llround(sum);
}

static void sweeps_read_the_store(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    fill(&p);
    ledger_store *l = NULL;
    assert_ok(ledger_store_new(p.store, &p.cx, &l, &p.err), &p.err);
    for (int threads = 1; threads <= 7; threads += 3) {
        const context cx = {.threads = threads, .today = TEST_TODAY};
        assert_int_equal(total_of(&cx, ledger_store_source(l), FEATURE_ARR), 150 * 150);
    }
    ledger_store_free(l);
    project_close(&p);
}

static void readiness_says_what_runs_and_what_would_add_most(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    fill(&p);
    readiness_report r;
    assert_ok(readiness(p.store, p.model, p.arena, &r, &p.err), &p.err);
    for (size_t i = 0; i < r.n_analyses; i++) {
        const readiness_analysis *a = &r.analyses[i];
        assert_true(a->runs == (a->missing == NULL));
        if (strcmp(a->key, "value_tiers") == 0 || strcmp(a->key, "behaviour") == 0) {
            assert_true(a->runs);
        }
        if (strcmp(a->key, "rfm_shop") == 0) {
            assert_string_equal(a->missing, "orders");
        }
        if (strcmp(a->key, "health_classes") == 0) {
            assert_string_equal(a->missing, "survey answers (NPS, CSAT)");
        }
    }
    assert_in_range(r.n_inputs, 5, 10);
    for (size_t i = 0; i < r.n_inputs; i++) {
        assert_true(r.inputs[i].n_alone + r.inputs[i].n_with_others > 0);
        assert_non_null(r.inputs[i].enables);
    }
    assert_string_equal(r.inputs[0].key, "surveys");
    assert_int_equal(r.n_warnings, 1);
    assert_string_equal(r.warnings[0].key, "few_customers");
    assert_memory_equal(r.warnings[0].text, "300 customers are few", 21);
    project_close(&p);
}

static void intake_warns_where_segments_are_the_wrong_tool(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id,industry\nA,x\n");
    assert_ingests(&p, "business: {customers: 20000, uniform_needs: true, can_act: false, "
                       "real_time: true}\nsources: {accounts: a.csv}\n");
    readiness_report r;
    assert_ok(readiness(p.store, p.model, p.arena, &r, &p.err), &p.err);
    static const char *const want[] = {"uniform_needs", "demographics_only", "nobody_acts",
                                       "real_time"};
    assert_int_equal(r.n_warnings, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_string_equal(r.warnings[i].key, want[i]);
    }
    assert_string_equal(r.inputs[0].key, "arr");
    project_close(&p);
}

/* All rows of all accounts in one block. */
static strata_status read_all(const project *p, ledger_store **l, ledger_cursor **c,
                              ledger_block *b, strata_error *err)
{
    STRATA_TRY(ledger_store_new(p->store, &p->cx, l, err));
    const ledger_source *s = ledger_store_source(*l);
    STRATA_TRY(s->open(s->self, 0, 300, UINT32_MAX, DAY_MAX, c, err));
    return s->read(*c, 0, 300, b, err);
}

static void run_sql(const project *p, const char *sql)
{
    strata_error err = {0};
    stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(p->store), "test", sql, &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
    stmt_free(q);
}

static void assert_reads(const project *p)
{
    strata_error err = {0};
    ledger_store *l = NULL;
    ledger_cursor *c = NULL;
    ledger_block b;
    assert_ok(read_all(p, &l, &c, &b, &err), &err);
    check_block(&b);
    ledger_store_source(l)->close(c);
    ledger_store_free(l);
}

static void pages_hold_as_many_rows_as_the_ledgers(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    fill(&p);
    assert_rows(&p, "select sum(n_rows), count(*) from usage_page", "600 1\n");
    assert_rows(&p, "select sum(n_rows), count(*) from arr_page", "150 1\n");
    assert_rows(&p, "select count(*) from order_page", "0\n");
    assert_ingests(&p, "sources: {accounts: a.csv, arr: s.csv}\n");
    assert_rows(&p, "select count(*) from usage_page", "0\n");
    project_close(&p);
}

static void without_pages_rows_are_read_until_the_next_ingest(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    fill(&p);
    run_sql(&p, "update usage_page set data = '\\x00'::blob, n_rows = n_rows + 1");
    run_sql(&p, "delete from arr_page");
    assert_reads(&p);
    assert_ingests(&p, "sources: {accounts: a.csv, usage: u.csv, arr: s.csv}\n");
    assert_false(p.sum.changed);
    assert_rows(&p, "select sum(n_rows) from usage_page", "600\n");
    assert_rows(&p, "select sum(n_rows) from arr_page", "150\n");
    assert_reads(&p);
    project_close(&p);
}

static void damaged_pages_are_refused_and_made_anew_by_force(void **state)
{
    (void)state;
    static const char *const damage[] = {
        "update usage_page set data = data[1:100]::blob",
        "update usage_page set data = '\\x00'::blob",
        "update usage_page set data = ''::blob",
        "update usage_page set page = 1",
        "update usage_page set account = 1",
        "update arr_page set data = (select data from usage_page)",
    };
    project p;
    project_open(&p);
    fill(&p);
    for (size_t i = 0; i < COUNT(damage); i++) {
        strata_error err = {0};
        ledger_store *l = NULL;
        ledger_cursor *c = NULL;
        ledger_block b;
        run_sql(&p, damage[i]);
        assert_int_equal(read_all(&p, &l, &c, &b, &err), STRATA_E_STORE);
        if (strstr(err.message, "ingest --force") == NULL) {
            fail_msg("%s: %s", damage[i], err.message);
        }
        ledger_store_source(l)->close(c);
        ledger_store_free(l);
        p.options.force = true;
        assert_ingests(&p, "sources: {accounts: a.csv, usage: u.csv, arr: s.csv}\n");
        p.options.force = false;
        assert_reads(&p);
    }
    project_close(&p);
}

/* Runs of accounts without rows, one account with many pages of them, and users without order. */
static void packs_of_any_size_come_back(void **state)
{
    (void)state;
    enum { ACCOUNTS = 5000, MANY = 9000 };
    project p;
    project_open(&p);
    STRBUF_AUTO strbuf accounts;
    STRBUF_AUTO strbuf usage;
    strbuf_init(&accounts, 0);
    strbuf_init(&usage, 0);
    strbuf_add(&accounts, "account_id\n");
    strbuf_add(&usage, "account_id,at,feature,count,user_id\n");
    for (int i = 0; i < ACCOUNTS; i++) {
        strbuf_printf(&accounts, "A%04d\n", i);
    }
    for (int k = 0; k < MANY; k++) {
        strbuf_printf(&usage, "A2500,2024-01-%02d,f%d,%d,u%d\n", 1 + k % 28, k % 300, 1 + k % 70000,
                      k * 7919 % 1000);
    }
    strbuf_add(&usage, "A4999,2024-02-01,f1,3000000,u7\nA4999,2024-02-01,f1,1,u8\n");
    write_text(&p, "a.csv", accounts.text);
    write_text(&p, "u.csv", usage.text);
    assert_ingests(&p, "sources: {accounts: a.csv, usage: u.csv}\n");
    static const feature_id wanted[] = {FEATURE_EVENTS_90D, FEATURE_ACTIVE_USERS_90D,
                                        FEATURE_FEATURES_USED_90D, FEATURE_ACTIVE_DAYS_90D};
    panel *values[2] = {NULL, NULL};
    for (int k = 0; k < 2; k++) {
        ledger_store *l = NULL;
        assert_ok(ledger_store_new(p.store, &p.cx, &l, &p.err), &p.err);
        assert_ok(panel_new(&p.cx, ledger_store_source(l), wanted, COUNT(wanted), 19760, &values[k],
                            &p.err),
                  &p.err);
        ledger_store_free(l);
        run_sql(&p, "delete from usage_page"); /* row by row, the second time */
    }
    for (size_t f = 0; f < COUNT(wanted); f++) {
        assert_memory_equal(panel_column(values[0], f), panel_column(values[1], f),
                            ACCOUNTS * sizeof(double));
    }
    assert_close(panel_column(values[0], 0)[4999], 3000001, 0);
    assert_close(panel_column(values[0], 1)[2500], 1000, 0);
    assert_close(panel_column(values[0], 2)[2500], 300, 0);
    panel_free(values[0]);
    panel_free(values[1]);
    project_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_hold_the_rows_of_their_accounts),
        cmocka_unit_test(cursors_keep_to_their_range_and_entities),
        cmocka_unit_test(sweeps_read_the_store),
        cmocka_unit_test(pages_hold_as_many_rows_as_the_ledgers),
        cmocka_unit_test(without_pages_rows_are_read_until_the_next_ingest),
        cmocka_unit_test(damaged_pages_are_refused_and_made_anew_by_force),
        cmocka_unit_test(packs_of_any_size_come_back),
        cmocka_unit_test(readiness_says_what_runs_and_what_would_add_most),
        cmocka_unit_test(intake_warns_where_segments_are_the_wrong_tool),
    };
    return cmocka_run_group_tests_name("ledger_store", tests, NULL, NULL);
}
