/* SPDX-License-Identifier: Apache-2.0 */
#include "random_ledger.h"

#include "cohort/movements/bridge.h"
#include "cohort/movements/expansion.h"

static const context cx = {.threads = 2, .seed = 1};

static groups *halves(arena *a, size_t n)
{
    static const char *const labels[] = {"even", "odd"};
    groups *g = ARENA_NEW(a, 1, groups);
    *g = (groups){.n = 2, .labels = labels, .code = ARENA_NEW(a, n, segment_code)};
    for (size_t i = 0; i < n; i++) {
        g->code[i] = (segment_code)(i % 2);
    }
    return g;
}

static void expansion_by_group_and_by_life_adds_up_to_the_bridge(void **state)
{
    (void)state;
    const day from = day_from_civil(2022, 1, 1);
    const day to = day_from_civil(2024, 6, 17);
    const day ends[] = {day_from_civil(2023, 2, 3), to};
    arr_fact facts[RANDOM_ACCOUNTS * RANDOM_ROWS];
    for (uint64_t seed = 0; seed < 10; seed++) {
        size_t n = random_facts(seed, from, to, facts);
        STRATA_AUTO(arena_free) arena *a = NULL;
        STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, n, RANDOM_ACCOUNTS, to);
        strata_error err = {0};
        bridge *b = NULL;
        expansion_table t[2];
        assert_ok(arena_new(&a, &err), &err);
        assert_ok(bridge_make(a, book, &(bridge_spec){NULL, ends, 1, false}, &b, &err), &err);
        const groups *g = halves(a, RANDOM_ACCOUNTS);
        assert_ok(expansion_by_group(&cx, a, book, g, (arr_window){ends[0], ends[1]}, &t[0], &err),
                  &err);
        assert_ok(expansion_by_life(&cx, a, book, (arr_window){ends[0], ends[1]}, &t[1], &err),
                  &err);
        for (int k = 0; k < 2; k++) {
            int64_t minor = 0;
            int64_t base = 0;
            size_t movements = 0;
            for (size_t i = 0; i < t[k].n; i++) {
                const expansion_row *r = &t[k].rows[i];
                minor += r->minor;
                base += r->base_minor;
                movements += r->movements;
                assert_true(r->base_expansion <= r->minor);
                assert_true(r->base_expanded <= r->base);
                double rate =
                    r->base_minor > 0 ? (double)r->base_expansion / (double)r->base_minor : 0;
                assert_true(!r->has_interval || (r->low <= rate + 1e-9 && r->high >= rate - 1e-9));
            }
            assert_int_equal(minor, bridge_all(b, 0)->minor[ARR_EXPANSION]);
            assert_int_equal(movements, bridge_all(b, 0)->movements[ARR_EXPANSION]);
            if (k == 0) {
                assert_int_equal(base, bridge_all(b, 0)->opening);
            }
        }
    }
}

/* Starts on day 0 with 100. Month 2 of life begins on day 31, month 3 on day 61, month 4 on 92. */
static void months_of_life_hold_only_those_who_lived_them_whole(void **state)
{
    (void)state;
    const day d = day_from_civil(2024, 1, 1);
    const arr_fact facts[] = {{0, d, 100, ARR_NEW},
                              {0, d + 40, 150, ARR_EXPANSION},
                              {0, d + 100, 200, ARR_EXPANSION},
                              {1, d + 20, 80, ARR_NEW}};
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, COUNT(facts), 2, d + 110);
    expansion_table t = {0};
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(expansion_by_life(&cx, a, book, (arr_window){d - 1, d + 110}, &t, &err), &err);
    assert_string_equal(t.rows[0].label, "Month 1");
    assert_int_equal(t.rows[0].base, 2);
    assert_int_equal(t.rows[0].base_minor, 180);
    assert_int_equal(t.rows[1].base_minor, 180); /* both had lived month 2 */
    assert_int_equal(t.rows[1].base_expansion, 50);
    assert_int_equal(t.rows[2].base_minor, 150); /* the second is in its third month still */
    assert_int_equal(t.rows[3].base, 0);         /* month 4 is not over */
    assert_int_equal(t.rows[3].minor, 50);       /* but what it brought counts */
    assert_false(t.rows[2].has_interval);        /* one account */
}

static void types_and_reasons_are_counted_by_their_words(void **state)
{
    (void)state;
    const arr_fact facts[] = {{0, 10, 100, ARR_NEW},         {0, 60, 150, ARR_EXPANSION},
                              {0, 70, 180, ARR_EXPANSION},   {0, 80, 0, ARR_CHURN},
                              {1, 10, 200, ARR_NEW},         {1, 60, 210, ARR_EXPANSION},
                              {1, 70, 120, ARR_CONTRACTION}, {1, 75, 0, ARR_CHURN}};
    static const char *const types[] = {"price", "seats"};
    static const char *const reasons[] = {"card expired", "too dear"};
    const bool delinquent[] = {true, false};
    const uint16_t type[] = {ARR_WORD_NONE, 1, 0, ARR_WORD_NONE, ARR_WORD_NONE, 1, ARR_WORD_NONE,
                             ARR_WORD_NONE};
    const uint16_t reason[] = {
        ARR_WORD_NONE, ARR_WORD_NONE, ARR_WORD_NONE, 0, ARR_WORD_NONE, ARR_WORD_NONE, 1,
        ARR_WORD_NONE};
    const arr_words w = {types, reasons, 2, 2, type, reason, delinquent};
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, COUNT(facts), 2, 100);
    expansion_table t = {0};
    loss_row *rows = NULL;
    size_t n = 0;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(expansion_by_type(&cx, a, book, &w, (arr_window){50, 100}, &t, &err), &err);
    assert_int_equal(t.n, 2);
    assert_string_equal(t.rows[0].label, "price");
    assert_int_equal(t.rows[0].minor, 30);
    assert_int_equal(t.rows[1].minor, 60);
    assert_int_equal(t.rows[1].base_minor, 300);
    assert_ok(losses_by_reason(a, book, &w, (arr_window){50, 100}, &rows, &n, &err), &err);
    assert_int_equal(n, 3);
    assert_string_equal(rows[0].reason, "card expired");
    assert_true(rows[0].delinquent);
    assert_int_equal(rows[0].minor[LOSS_CHURN], 180);
    assert_int_equal(rows[1].minor[LOSS_CONTRACTION], 90);
    assert_null(rows[2].reason);
    assert_int_equal(rows[2].minor[LOSS_CHURN], 120);
}

static void reasons_that_name_a_failed_payment_are_delinquent(void **state)
{
    (void)state;
    static const char *const yes[] = {"Credit card DECLINED", "non-payment", "dunning", "Past due"};
    static const char *const no[] = {"too expensive", "competitor", "payment terms", ""};
    for (size_t i = 0; i < COUNT(yes); i++) {
        assert_true(arr_reason_is_delinquent(yes[i]));
        assert_false(arr_reason_is_delinquent(no[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expansion_by_group_and_by_life_adds_up_to_the_bridge),
        cmocka_unit_test(months_of_life_hold_only_those_who_lived_them_whole),
        cmocka_unit_test(types_and_reasons_are_counted_by_their_words),
        cmocka_unit_test(reasons_that_name_a_failed_payment_are_delinquent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
