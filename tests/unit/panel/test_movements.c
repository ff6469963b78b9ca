/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "panel/movements.h"

/* The next allocation that fails, counted down; negative: none. */
static int fail_in = -1;
void *__real_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size)
{
    if (fail_in >= 0 && fail_in-- == 0) {
        return NULL;
    }
    return __real_realloc(p, size);
}

static void assert_rows(const arr_movements *got, const arr_movement *want, size_t n)
{
    assert_int_equal(got->n, n);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(got->data[k].day, want[k].day);
        assert_int_equal(got->data[k].arr_after, want[k].arr_after);
        assert_int_equal(got->data[k].kind, want[k].kind);
    }
}

static void deltas_add_up(void **state)
{
    (void)state;
    const arr_delta deltas[] = {{30, -40}, {10, 100}, {30, 40}, {20, 50}, {40, -150}, {50, 7}};
    const arr_movement want[] = {{10, 100, ARR_NEW},
                                 {20, 150, ARR_EXPANSION},
                                 {40, 0, ARR_CHURN},
                                 {50, 7, ARR_REACTIVATION}};
    arr_movements got = {0};
    strata_error err = {0};
    assert_ok(movements_from_deltas(deltas, COUNT(deltas), &got, &err), &err);
    assert_rows(&got, want, COUNT(want));
    /* A second account starts afresh behind the first. */
    assert_ok(movements_from_deltas(deltas + 1, 1, &got, &err), &err);
    assert_int_equal(got.n, 5);
    assert_int_equal(got.data[4].kind, ARR_NEW);
    vec_free(&got);
}

static void assert_refused(strata_status st, const strata_error *err, const arr_movements *out,
                           const char *message)
{
    assert_int_equal(st, STRATA_E_DATA);
    assert_string_equal(err->message, message);
    assert_int_equal(out->n, 1);
    assert_int_equal(out->data[0].day, 1);
}

static void impossible_totals_are_refused_and_leave_the_output_alone(void **state)
{
    (void)state;
    arr_movements out = {0};
    strata_error err = {0};
    assert_ok(movements_from_deltas(&(arr_delta){1, 10}, 1, &out, &err), &err);

    const arr_delta below[] = {{0, 10}, {1, -11}};
    assert_refused(movements_from_deltas(below, 2, &out, &err), &err, &out,
                   "ARR falls below 0 on 1970-01-02");
    const arr_delta large[] = {{0, INT64_MAX}, {1, 1}};
    assert_refused(movements_from_deltas(large, 2, &out, &err), &err, &out,
                   "ARR is too large on 1970-01-02");
    const arr_delta one_day[] = {{0, INT64_MAX}, {0, 1}};
    assert_refused(movements_from_deltas(one_day, 2, &out, &err), &err, &out,
                   "ARR is too large on 1970-01-01");
    vec_free(&out);
}

/* Sum of a random account's changes up to a day, the slow way. */
static int64_t level_on(const arr_delta *deltas, size_t n, day d)
{
    int64_t level = 0;
    for (size_t k = 0; k < n; k++) {
        level += deltas[k].day <= d ? deltas[k].yearly : 0;
    }
    return level;
}

/* Subscriptions that start and, some of them, end: the total is never below 0. */
static size_t draw_deltas(rng *r, arr_delta *out, size_t most)
{
    size_t n = 0;
    size_t subscriptions = rng_below(r, most / 2 + 1);
    for (size_t k = 0; k < subscriptions; k++) {
        day start = (day)rng_below(r, 60);
        int64_t yearly = (int64_t)rng_below(r, 5) * 1000;
        out[n++] = (arr_delta){start, yearly};
        if (rng_below(r, 3) > 0) {
            out[n++] = (arr_delta){start + (day)rng_below(r, 30), -yearly};
        }
    }
    return n;
}

static void opening_plus_movements_is_closing_for_any_two_days(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 1, 0);
    for (int round = 0; round < 500; round++) {
        arr_delta deltas[16];
        size_t n = draw_deltas(&r, deltas, COUNT(deltas));
        arr_movements m = {0};
        strata_error err = {0};
        assert_ok(movements_from_deltas(deltas, n, &m, &err), &err);
        day from = (day)rng_below(&r, 50);
        day to = from + (day)rng_below(&r, 50);
        int64_t sums[ARR_KIND_COUNT] = {0};
        for (size_t k = 0; k < m.n; k++) {
            assert_true(k == 0 || m.data[k].day > m.data[k - 1].day);
            if (m.data[k].day > from && m.data[k].day <= to) {
                int64_t delta = m.data[k].arr_after - (k > 0 ? m.data[k - 1].arr_after : 0);
                assert_int_not_equal(delta, 0);
                sums[m.data[k].kind] += delta > 0 ? delta : -delta;
            }
        }
        assert_int_equal(level_on(deltas, n, from) + sums[ARR_NEW] + sums[ARR_EXPANSION] +
                             sums[ARR_REACTIVATION] - sums[ARR_CONTRACTION] - sums[ARR_CHURN],
                         level_on(deltas, n, to));
        vec_free(&m);
    }
}

static void survives_every_failed_allocation(void **state)
{
    (void)state;
    const arr_delta deltas[] = {{1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1},
                                {6, 1}, {7, 1}, {8, 1}, {9, 1}};
    int failures = 0;
    for (int n = 0;; n++) {
        arr_movements out = {0};
        strata_error err = {0};
        fail_in = n;
        strata_status st = movements_from_deltas(deltas, COUNT(deltas), &out, &err);
        fail_in = -1;
        vec_free(&out);
        if (st == STRATA_OK) {
            break;
        }
        assert_int_equal(st, STRATA_E_NOMEM);
        failures++;
    }
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deltas_add_up),
        cmocka_unit_test(impossible_totals_are_refused_and_leave_the_output_alone),
        cmocka_unit_test(opening_plus_movements_is_closing_for_any_two_days),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests_name("movements", tests, NULL, NULL);
}
