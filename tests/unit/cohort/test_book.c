/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "cohort/book.h"
#include "cohort/groups/groups.h"
#include "panel/ledger_memory.h"

enum { ACCOUNTS = 4 };
static const context cx = {.threads = 2};

static const arr_fact arr_facts[] = {
    {0, 100, 1000, ARR_NEW}, {0, 200, 0, ARR_CHURN},        {0, 300, 500, ARR_REACTIVATION},
    {2, 150, 2000, ARR_NEW}, {2, 400, 2500, ARR_EXPANSION},
};
static const order_fact order_facts[] = {
    {1, 100, -500, 0}, {1, 120, 900, 1}, {1, 120, 100, 2}, {3, 500, 700, 1}};

static ledger_memory *make_ledger(void)
{
    ledger_facts facts = {.n_accounts = ACCOUNTS,
                          .arr = arr_facts,
                          .n_arr = COUNT(arr_facts),
                          .orders = order_facts,
                          .n_orders = COUNT(order_facts)};
    ledger_memory *m = NULL;
    strata_error err = {0};
    assert_ok(ledger_memory_new(&facts, &m, &err), &err);
    return m;
}

static void an_arr_book_holds_every_movement_up_to_its_day(void **state)
{
    (void)state;
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = make_ledger();
    STRATA_AUTO(arr_book_free) arr_book *b = NULL;
    strata_error err = {0};
    assert_ok(arr_book_load(&cx, ledger_memory_source(m), 399, &b, &err), &err);
    assert_int_equal(b->n_rows, 4);
    assert_int_equal(b->first[0], 100);
    assert_int_equal(b->first[1], DAY_MISSING);
    assert_int_equal(b->first[2], 150);
    assert_int_equal(arr_book_at(b, 0, 99), 0);
    assert_int_equal(arr_book_at(b, 0, 100), 1000);
    assert_int_equal(arr_book_at(b, 0, 250), 0);
    assert_int_equal(arr_book_at(b, 0, 300), 500);
    assert_int_equal(arr_book_at(b, 2, 1000), 2000);
    assert_int_equal(arr_book_delta(b, 0, b->start[0] + 1), -1000);
}

static void an_order_book_has_one_row_a_day(void **state)
{
    (void)state;
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = make_ledger();
    STRATA_AUTO(order_book_free) order_book *b = NULL;
    strata_error err = {0};
    assert_ok(order_book_load(&cx, ledger_memory_source(m), 499, &b, &err), &err);
    assert_int_equal(b->n_rows, 2);
    assert_int_equal(b->amount[1], 1000);
    assert_int_equal(b->orders[1], 3);
    assert_int_equal(b->first[1], 120); /* a return is no order */
    assert_int_equal(b->first[3], DAY_MISSING);
}

static void a_portfolio_without_orders_gives_an_empty_book(void **state)
{
    (void)state;
    ledger_facts facts = {.n_accounts = 2, .arr = arr_facts, .n_arr = 1};
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    STRATA_AUTO(order_book_free) order_book *b = NULL;
    strata_error err = {0};
    assert_ok(ledger_memory_new(&facts, &m, &err), &err);
    assert_ok(order_book_load(&cx, ledger_memory_source(m), 1000, &b, &err), &err);
    assert_int_equal(b->n_rows, 0);
    assert_int_equal(b->first[0], DAY_MISSING);
}

static void accounts_are_grouped_by_the_period_they_start_in(void **state)
{
    (void)state;
    const day origin[] = {day_from_civil(2025, 3, 1), DAY_MISSING, day_from_civil(2025, 1, 31),
                          day_from_civil(2025, 3, 31), day_from_civil(2025, 9, 1)};
    STRATA_AUTO(arena_free) arena *a = NULL;
    groups *g = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(groups_by_start(a, origin, COUNT(origin), (calendar){PERIOD_MONTH, 1},
                              day_from_civil(2025, 6, 30), &g, &err),
              &err);
    assert_int_equal(g->n, 2); /* February has none; September is not known yet */
    assert_string_equal(g->labels[0], "2025-01");
    assert_string_equal(g->labels[1], "2025-03");
    assert_int_equal(g->last[1], day_from_civil(2025, 3, 31));
    assert_int_equal(g->accounts[1], 2);
    assert_int_equal(g->outside, 2);
    assert_int_equal(groups_find(g, "2025-03"), 1);
    assert_int_equal(groups_find(g, "2025-02"), SIZE_MAX);
}

static void nobody_makes_no_groups(void **state)
{
    (void)state;
    const day origin[] = {DAY_MISSING};
    STRATA_AUTO(arena_free) arena *a = NULL;
    groups *g = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(groups_by_start(a, origin, 1, (calendar){PERIOD_YEAR, 1}, 20000, &g, &err), &err);
    assert_int_equal(g->n, 0);
    assert_int_equal(g->outside, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arr_book_holds_every_movement_up_to_its_day),
        cmocka_unit_test(an_order_book_has_one_row_a_day),
        cmocka_unit_test(a_portfolio_without_orders_gives_an_empty_book),
        cmocka_unit_test(accounts_are_grouped_by_the_period_they_start_in),
        cmocka_unit_test(nobody_makes_no_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
