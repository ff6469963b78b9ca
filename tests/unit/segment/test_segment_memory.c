/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of loading, segmenting and viewing a portfolio may fail. */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "segment/fixture.h"
#include "segment/view.h"
#include "store/stmt.h"
#include "support/failing_alloc.h"

enum { N = 40, D0 = 20000 };

static const char rich[] = "strata: 1\n"
                           "population: {when: arr > 0, outside: Gone}\n"
                           "bins:\n"
                           "  fifth: {of: arr, quantiles: 5}\n"
                           "scores:\n"
                           "  health:\n"
                           "    missing: redistribute\n"
                           "    factors:\n"
                           "      - {feature: fifth, weight: 60%, scale: {1: 0, 5: 100}}\n"
                           "      - {feature: arr, weight: 40%, scale: {0: 0, 100k: 100}}\n"
                           "dimensions:\n"
                           "  value:\n"
                           "    ordered: true\n"
                           "    tiers:\n"
                           "      - {name: High, when: arr >= 50k}\n"
                           "      - {name: Low, otherwise: true}\n"
                           "    hold: {enter_after: 30 days, leave_after: 60 days, margin: 5%}\n"
                           "  band: {of: health, bands: {Good: 50, Bad: 0}}\n"
                           "segments:\n"
                           "  - {name: Top, when: arr >= 50k for 10 days and fifth = 5}\n"
                           "  - {name: Rest, otherwise: true}\n";

static const day dates[] = {D0 - 300, D0 - 30, D0};
static arr_fact arr[2 * N];
static day starts[N];

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    for (int32_t i = 0; i < N; i++) {
        starts[i] = D0 - 500 + 7 * i;
        arr[2 * i] = (arr_fact){.account = i, .day = starts[i], .arr_after = 300000 * (i + 1)};
        arr[2 * i + 1] = (arr_fact){
            .account = i, .day = D0 - 40 + i % 30, .arr_after = 300000 * (i * 7 % N), .kind = 1};
    }
    const ledger_facts facts = {
        .n_accounts = N, .started_on = starts, .arr = arr, .n_arr = COUNT(arr)};
    fixture_make(f, &facts, rich);
    f->cx.threads = 1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture_done(*state);
    free(*state);
    return 0;
}

static segmentation_request all(void)
{
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = dates, .n_dates = COUNT(dates), .changes = true);
    request.keep_date = 2;
    request.watch = 3;
    return request;
}

static void assert_same(const fixture *f, const segmentation *x, const segmentation *y)
{
    static const char *const names[] = {"value", "band", "segment"};
    for (size_t k = 0; k < COUNT(names); k++) {
        const bound_def *def = fixture_dimension(f, names[k]);
        for (size_t d = 0; d < COUNT(dates); d++) {
            assert_memory_equal(segmentation_codes(x, def, d), segmentation_codes(y, def, d),
                                N * sizeof(segment_code));
        }
    }
    change_list a = segmentation_changes(x);
    change_list b = segmentation_changes(y);
    assert_int_equal(a.n, b.n);
    for (size_t i = 0; i < a.n; i++) {
        assert_true((a.items[i].clause != NULL) == (b.items[i].clause != NULL));
        assert_true((a.items[i].before != NULL) == (b.items[i].before != NULL));
        assert_true((a.items[i].after != NULL) == (b.items[i].after != NULL));
        if (a.items[i].after != NULL) {
            assert_string_equal(a.items[i].after, b.items[i].after);
        }
    }
}

/* It may do without the memory that only spares work, but then it finds the same. */
static void segmenting_survives_every_failure(void **state)
{
    const fixture *f = *state;
    const segmentation_request request = all();
    segmentation *whole = fixture_run(f, NULL, &request);
    assert_true(segmentation_changes(whole).n > 10);
    int n = 0;
    FAILURE_LOOP(n, {
        strata_error err = {0};
        segmentation *s = NULL;
        strata_status st =
            segmentation_run(&f->cx, &f->portfolio, f->bound, NULL, &request, &s, &err);
        bool hit = fail_alloc_pause();
        assert_true(st == STRATA_OK ? s != NULL : hit && st == STRATA_E_NOMEM && s == NULL);
        if (s != NULL) {
            assert_same(f, s, whole);
        }
        segmentation_free(s);
    });
    assert_true(n > 50);
    segmentation_free(whole);
}

static void several_threads_survive_running_out(void **state)
{
    const fixture *f = *state;
    const segmentation_request request = all();
    context cx = f->cx;
    cx.threads = 3;
    for (long k = 0; k < 200; k += 9) {
        strata_error err = {0};
        segmentation *s = NULL;
        fail_alloc_from(k);
        strata_status st = segmentation_run(&cx, &f->portfolio, f->bound, NULL, &request, &s, &err);
        bool hit = fail_alloc_off();
        assert_true(st == STRATA_OK ? s != NULL : hit && st == STRATA_E_NOMEM && s == NULL);
        segmentation_free(s);
    }
}

static void viewing_survives_every_failure(void **state)
{
    const fixture *f = *state;
    const view_options options = {.as_of = D0, .since = DAY_MISSING, .watch = 3, .changes = true};
    int n = 0;
    FAILURE_LOOP(n, {
        strata_error err = {0};
        view *v = NULL;
        strata_status st = view_new(&f->cx, &f->portfolio, f->bound, NULL, &options, &v, &err);
        bool hit = fail_alloc_pause();
        assert_true(st == STRATA_OK ? v != NULL : hit && st == STRATA_E_NOMEM && v == NULL);
        view_free(v);
    });
    assert_true(n > 50);
}

/* --- loading --- */

static void run(store *s, const char *sql)
{
    strata_error err = {0};
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(s), "test", sql, &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
}

static store *store_of_accounts(void)
{
    static const context cx = {.threads = 2};
    static const store_options options = {.mode = STORE_MEMORY};
    strata_error err = {0};
    store *s = NULL;
    assert_ok(store_open(NULL, &options, &cx, &s, &err), &err);
    run(s, "insert into account (account, account_id, name, started_on, industry, seats) "
           "select i::integer, printf('A%06d', i), case when i % 2 = 0 then 'Name' end, "
           "date '2023-01-01', case when i % 3 = 0 then 'Retail' else 'Health' end, i "
           "from range(40) t(i)");
    run(s, "insert into account_attribute select i::integer, 'colour', 'text', null, 'red' "
           "from range(40) t(i)");
    run(s, "insert into meta values ('data_digest', repeat('a', 64)), ('currency', 'EUR')");
    return s;
}

static void assert_whole(const portfolio *p)
{
    assert_int_equal(p->n_accounts, N);
    assert_string_equal(p->currency, "EUR");
    assert_string_equal(p->ids[7], "A000007");
    assert_string_equal(p->names[7], "A000007");
    assert_string_equal(p->names[8], "Name");
    size_t industry = portfolio_slot(p, "industry");
    size_t colour = portfolio_slot(p, "colour");
    size_t region = portfolio_slot(p, "region");
    assert_true(industry < p->n_symbols && colour < p->n_symbols && region < p->n_symbols);
    assert_int_equal(p->symbols[industry].n_levels, 2);
    assert_string_equal(p->symbols[colour].levels[0], "red");
    assert_non_null(p->symbols[region].missing_because);
    assert_close(p->attributes[portfolio_slot(p, "seats") - FEATURE_COUNT].num[9], 9.0, 0.0);
}

static void loading_survives_every_failure(void **state)
{
    const fixture *f = *state;
    STRATA_AUTO(store_close) store *s = store_of_accounts();
    int n = 0;
    FAILURE_LOOP(n, {
        strata_error err = {0};
        portfolio *p = NULL;
        strata_status st = portfolio_load(store_main(s), f->portfolio.ledgers, &p, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, p == NULL);
        if (p != NULL) {
            assert_whole(p);
        }
        portfolio_free(p);
    });
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segmenting_survives_every_failure),
        cmocka_unit_test(several_threads_survive_running_out),
        cmocka_unit_test(viewing_survives_every_failure),
        cmocka_unit_test(loading_survives_every_failure),
    };
    return cmocka_run_group_tests_name("segment memory", tests, set_up, tear_down);
}
