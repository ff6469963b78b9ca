/* SPDX-License-Identifier: Apache-2.0 */
#include "random_ledger.h"

#include "cohort/movements/bridge.h"

/* ChartMogul help, "How MRR movements are counted": a second subscription is expansion, cancelling
 * one of two is contraction, cancelling the last is churn, coming back is reactivation. */
static void worked_examples_of_movements_come_out_as_published(void **state)
{
    (void)state;
    const arr_fact facts[] = {{0, 10, 200000, ARR_NEW},
                              {0, 50, 320000, ARR_EXPANSION},
                              {0, 90, 200000, ARR_CONTRACTION},
                              {0, 130, 0, ARR_CHURN},
                              {0, 170, 100000, ARR_REACTIVATION}};
    const day ends[] = {0, 30, 60, 100, 140, 180};
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, COUNT(facts), 1, 180);
    strata_error err = {0};
    bridge *b = NULL;
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(bridge_make(a, book, &(bridge_spec){NULL, ends, 5, false}, &b, &err), &err);
    assert_int_equal(bridge_all(b, 0)->minor[ARR_NEW], 200000);
    assert_int_equal(bridge_all(b, 1)->minor[ARR_EXPANSION], 120000);
    assert_int_equal(bridge_all(b, 2)->minor[ARR_CONTRACTION], 120000);
    assert_int_equal(bridge_all(b, 3)->minor[ARR_CHURN], 200000);
    assert_int_equal(bridge_all(b, 3)->closing, 0);
    assert_int_equal(bridge_all(b, 4)->minor[ARR_REACTIVATION], 100000);
    assert_int_equal(bridge_all(b, 4)->minor[ARR_NEW], 0);
    assert_int_equal(bridge_all(b, 4)->accounts_closing, 1);
}

static groups *thirds(arena *a, size_t n)
{
    groups *g = ARENA_NEW(a, 1, groups);
    g->n = 2;
    g->code = ARENA_NEW(a, n, segment_code);
    for (size_t i = 0; i < n; i++) {
        g->code[i] = i % 3 == 2 ? SEGMENT_ABSENT : (segment_code)(i % 3);
    }
    return g;
}

static void check_identities(const bridge_cell *c)
{
    assert_int_equal(c->opening + bridge_gains(c) - bridge_losses(c), c->closing);
    assert_int_equal(c->accounts_opening + c->movements[ARR_NEW] + c->movements[ARR_REACTIVATION] -
                         c->movements[ARR_CHURN],
                     c->accounts_closing);
    for (int k = 0; k < ARR_KIND_COUNT; k++) {
        assert_true(c->accounts[k] <= c->movements[k]);
    }
}

static void every_period_and_group_adds_up_to_the_cent_on_random_ledgers(void **state)
{
    (void)state;
    const day from = day_from_civil(2022, 1, 1);
    const day to = day_from_civil(2024, 6, 17);
    arr_fact facts[RANDOM_ACCOUNTS * RANDOM_ROWS];
    for (uint64_t seed = 0; seed < 30; seed++) {
        size_t n = random_facts(seed, from, to, facts);
        STRATA_AUTO(arena_free) arena *a = NULL;
        STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, n, RANDOM_ACCOUNTS, to);
        strata_error err = {0};
        assert_ok(arena_new(&a, &err), &err);
        groups *g = thirds(a, RANDOM_ACCOUNTS);
        const day *ends = NULL;
        bridge *b[2] = {NULL, NULL};
        calendar c = {(period_unit)(seed % 3), 1 + (int)(seed % 12)};
        assert_ok(bridge_periods(a, c, to, 9, &ends, &err), &err);
        assert_int_equal(ends[9], to);
        for (int without = 0; without < 2; without++) {
            assert_ok(
                bridge_make(a, book, &(bridge_spec){g, ends, 9, without == 1}, &b[without], &err),
                &err);
        }
        for (size_t p = 0; p < 9; p++) {
            for (size_t k = 0; k < g->n + 2; k++) {
                int64_t closing = 0;
                for (int32_t i = 0; i < RANDOM_ACCOUNTS; i++) {
                    size_t of = g->code[i] < g->n ? g->code[i] : g->n;
                    closing += k == g->n + 1 || of == k ? fact_arr(facts, n, i, ends[p + 1]) : 0;
                }
                check_identities(bridge_at(b[0], p, k));
                check_identities(bridge_at(b[1], p, k));
                assert_int_equal(bridge_at(b[0], p, k)->closing, closing);
                assert_int_equal(bridge_at(b[1], p, k)->closing, closing);
                assert_true(bridge_gains(bridge_at(b[1], p, k)) <=
                            bridge_gains(bridge_at(b[0], p, k)));
                if (p > 0) {
                    assert_int_equal(bridge_at(b[0], p, k)->opening,
                                     bridge_at(b[0], p - 1, k)->closing);
                }
            }
        }
    }
}

static void what_came_and_went_within_a_month_can_be_left_out(void **state)
{
    (void)state;
    const day jan = day_from_civil(2025, 1, 1);
    const arr_fact facts[] = {{0, jan + 2, 1000, ARR_NEW}, {0, jan + 9, 1500, ARR_EXPANSION},
                              {0, jan + 20, 0, ARR_CHURN}, {0, jan + 40, 700, ARR_REACTIVATION},
                              {1, jan + 25, 500, ARR_NEW}, {1, jan + 35, 0, ARR_CHURN}};
    const day ends[] = {jan - 1, jan + 30, jan + 58};
    const day cut[] = {jan - 1, jan + 10, jan + 30};
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, COUNT(facts), 2, jan + 58);
    strata_error err = {0};
    bridge *b = NULL;
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(bridge_make(a, book, &(bridge_spec){NULL, ends, 2, true}, &b, &err), &err);
    assert_int_equal(bridge_all(b, 0)->minor[ARR_NEW], 500);
    assert_int_equal(bridge_all(b, 0)->minor[ARR_CHURN], 0);
    assert_int_equal(bridge_all(b, 1)->minor[ARR_CHURN], 500);
    assert_ok(bridge_make(a, book, &(bridge_spec){NULL, ends, 2, false}, &b, &err), &err);
    assert_int_equal(bridge_all(b, 0)->minor[ARR_NEW], 1500);
    assert_int_equal(bridge_all(b, 0)->minor[ARR_EXPANSION], 500);
    assert_int_equal(bridge_all(b, 0)->minor[ARR_CHURN], 1500);
    /* A boundary within the stretch: leaving it out would break the sums, so it stays. */
    assert_ok(bridge_make(a, book, &(bridge_spec){NULL, cut, 2, true}, &b, &err), &err);
    assert_int_equal(bridge_all(b, 0)->minor[ARR_NEW], 1000);
    check_identities(bridge_all(b, 0));
}

static void periods_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    const arr_fact facts[] = {{0, 10, 1000, ARR_NEW}};
    const day wrong[] = {20, 10};
    const day late[] = {20, 50};
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, 1, 1, 40);
    strata_error err = {0};
    bridge *b = NULL;
    assert_ok(arena_new(&a, &err), &err);
    assert_int_equal(bridge_make(a, book, &(bridge_spec){NULL, wrong, 1, false}, &b, &err),
                     STRATA_E_USAGE);
    assert_int_equal(bridge_make(a, book, &(bridge_spec){NULL, late, 1, false}, &b, &err),
                     STRATA_E_USAGE);
    assert_int_equal(bridge_make(a, book, &(bridge_spec){NULL, late, 0, false}, &b, &err),
                     STRATA_E_USAGE);
    assert_null(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_examples_of_movements_come_out_as_published),
        cmocka_unit_test(every_period_and_group_adds_up_to_the_cent_on_random_ledgers),
        cmocka_unit_test(what_came_and_went_within_a_month_can_be_left_out),
        cmocka_unit_test(periods_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
