/* SPDX-License-Identifier: Apache-2.0 */
#include "random_ledger.h"

#include <math.h>

#include "cohort/movements/split.h"

static nrr_flow random_flow(rng *r)
{
    nrr_flow f = {0};
    if (rng_below(r, 6) > 0) {
        f.base = 1 + (int64_t)rng_below(r, 1000000);
        f.minor[SPLIT_CHURN] = (int64_t)rng_below(r, (uint64_t)f.base / 2 + 1);
        f.minor[SPLIT_CONTRACTION] = (int64_t)rng_below(r, (uint64_t)f.base / 2 + 1);
        f.minor[SPLIT_EXPANSION] = (int64_t)rng_below(r, 900000);
    }
    f.minor[SPLIT_REACTIVATION] = rng_below(r, 2) == 0 ? (int64_t)rng_below(r, 200000) : 0;
    return f;
}

static void parts_add_up_to_the_change_on_random_flows(void **state)
{
    (void)state;
    enum { SEGMENTS = 7 };
    rng r;
    rng_init(&r, 11, 0);
    for (int round = 0; round < 400; round++) {
        nrr_flow before[SEGMENTS];
        nrr_flow after[SEGMENTS];
        STRATA_AUTO(arena_free) arena *a = NULL;
        nrr_split *s = NULL;
        nrr_split *back = NULL;
        strata_error err = {0};
        for (size_t i = 0; i < SEGMENTS; i++) {
            before[i] = random_flow(&r);
            after[i] = random_flow(&r);
        }
        before[0].base += 1;
        after[1].base += 1;
        assert_ok(arena_new(&a, &err), &err);
        assert_ok(nrr_split_make(a, before, after, SEGMENTS, &s, &err), &err);
        assert_ok(nrr_split_make(a, after, before, SEGMENTS, &back, &err), &err);
        double kinds = 0;
        double parts = 0;
        for (int k = 0; k < SPLIT_KIND_COUNT; k++) {
            kinds += s->kinds[k];
            assert_true(fabs(s->kinds[k] + back->kinds[k]) < 1e-9);
        }
        for (size_t i = 0; i < SEGMENTS; i++) {
            const nrr_split_part *p = &s->segments[i];
            double rate = 0;
            for (int k = 0; k < SPLIT_KIND_COUNT; k++) {
                rate += p->kinds[k];
            }
            assert_true(fabs(rate - p->rate) < 1e-9 * (1 + fabs(p->rate)));
            parts += p->mix + p->rate;
            /* Neither side is preferred. */
            assert_true(fabs(p->mix + back->segments[i].mix) < 1e-9 * (1 + fabs(p->mix)));
            assert_true(fabs(p->rate + back->segments[i].rate) < 1e-9 * (1 + fabs(p->rate)));
        }
        assert_true(fabs(kinds - s->change) < 1e-9 * (1 + fabs(s->change)));
        assert_true(fabs(parts - s->change) < 1e-9 * (1 + fabs(s->change)));
    }
}

static void a_shift_between_equal_segments_is_no_change(void **state)
{
    (void)state;
    /* Both segments keep 90 %; only the mix moves. */
    const nrr_flow before[] = {{1000, {[SPLIT_CHURN] = 100}}, {3000, {[SPLIT_CHURN] = 300}}};
    const nrr_flow after[] = {{3000, {[SPLIT_CHURN] = 300}}, {1000, {[SPLIT_CHURN] = 100}}};
    STRATA_AUTO(arena_free) arena *a = NULL;
    nrr_split *s = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(nrr_split_make(a, before, after, 2, &s, &err), &err);
    assert_true(fabs(s->change) < 1e-15);
    for (size_t i = 0; i < 2; i++) {
        assert_true(fabs(s->segments[i].mix) < 1e-15);
        assert_true(fabs(s->segments[i].rate) < 1e-15);
    }
}

static void a_side_without_a_base_is_refused(void **state)
{
    (void)state;
    const nrr_flow none[] = {{0}};
    const nrr_flow some[] = {{100, {0}}};
    STRATA_AUTO(arena_free) arena *a = NULL;
    nrr_split *s = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_int_equal(nrr_split_make(a, none, some, 1, &s, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "before"));
    assert_int_equal(nrr_split_make(a, some, none, 1, &s, &err), STRATA_E_DATA);
    assert_null(s);
}

static void flows_of_a_ledger_are_those_of_its_two_ends(void **state)
{
    (void)state;
    const day from = day_from_civil(2022, 1, 1);
    const day to = day_from_civil(2024, 6, 17);
    const day middle = day_from_civil(2023, 4, 5);
    arr_fact facts[RANDOM_ACCOUNTS * RANDOM_ROWS];
    for (uint64_t seed = 0; seed < 10; seed++) {
        size_t n = random_facts(seed, from, to, facts);
        STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, n, RANDOM_ACCOUNTS, to);
        segment_code code[RANDOM_ACCOUNTS] = {0};
        const groups g = {.n = 1, .code = code};
        nrr_flow flows[2];
        int64_t base = 0;
        int64_t end = 0;
        for (int32_t i = 0; i < RANDOM_ACCOUNTS; i++) {
            int64_t was = fact_arr(facts, n, i, middle);
            base += was;
            end += was > 0 ? fact_arr(facts, n, i, to) : 0;
        }
        nrr_flows(book, &g, middle, to, false, flows);
        assert_int_equal(flows[0].base, base);
        assert_int_equal(flows[0].base + flows[0].minor[SPLIT_EXPANSION] -
                             flows[0].minor[SPLIT_CONTRACTION] - flows[0].minor[SPLIT_CHURN],
                         end);
        assert_int_equal(flows[0].minor[SPLIT_REACTIVATION], 0);
        assert_int_equal(flows[1].base, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_to_the_change_on_random_flows),
        cmocka_unit_test(a_shift_between_equal_segments_is_no_change),
        cmocka_unit_test(a_side_without_a_base_is_refused),
        cmocka_unit_test(flows_of_a_ledger_are_those_of_its_two_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
