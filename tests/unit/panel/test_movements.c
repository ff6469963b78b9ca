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

#define OPEN DAY_MISSING
#define CENTS(dollars) ((int64_t)(dollars)*100)

static void assert_rows(const arr_movements *got, const arr_movement *want, size_t n)
{
    assert_int_equal(got->n, n);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(got->data[k].day, want[k].day);
        assert_int_equal(got->data[k].arr_after, want[k].arr_after);
        assert_int_equal(got->data[k].kind, want[k].kind);
    }
}

static void assert_subscriptions(const subscription *subs, size_t n_subs, const arr_movement *want,
                                 size_t n)
{
    arr_movements got = {0};
    strata_error err = {0};
    assert_ok(movements_from_subscriptions(subs, n_subs, &got, &err), &err);
    assert_rows(&got, want, n);
    vec_free(&got);
}
#define ASSERT_SUBSCRIPTIONS(subs, want) assert_subscriptions(subs, COUNT(subs), want, COUNT(want))

/* ChartMogul help, worked examples: $2,000 a year is 166.67 MRR. */
static void amounts_become_yearly(void **state)
{
    (void)state;
    int64_t yearly;
    assert_true(yearly_amount(200000, 12, &yearly));
    assert_int_equal(yearly, 200000);
    assert_int_equal(llround((double)yearly / 12), 16667);
    assert_true(yearly_amount(30000, 3, &yearly)); /* quarterly */
    assert_int_equal(yearly, 120000);
    assert_true(yearly_amount(9999, 1, &yearly));
    assert_int_equal(yearly, 119988);
    assert_true(yearly_amount(100000, 24, &yearly));
    assert_int_equal(yearly, 50000);
    assert_true(yearly_amount(1, 24, &yearly)); /* half a cent, away from zero */
    assert_int_equal(yearly, 1);
    assert_true(yearly_amount(-1, 24, &yearly));
    assert_int_equal(yearly, -1);
    assert_true(yearly_amount(1, 25, &yearly));
    assert_int_equal(yearly, 0);
    assert_false(yearly_amount(100, 0, &yearly));
    assert_false(yearly_amount(INT64_MAX / 2, 12, &yearly));
}

/* ChartMogul help: a second subscription is expansion, not new; cancelling one of two is
 * contraction; cancelling the last is churn at the period's end; coming back is reactivation. */
static void several_subscriptions_are_one_account(void **state)
{
    (void)state;
    const subscription subs[] = {
        {10, 200, CENTS(2000)}, {40, 100, CENTS(600)}, {300, OPEN, CENTS(1200)}};
    const arr_movement want[] = {{10, CENTS(2000), ARR_NEW},
                                 {40, CENTS(2600), ARR_EXPANSION},
                                 {100, CENTS(2000), ARR_CONTRACTION},
                                 {200, 0, ARR_CHURN},
                                 {300, CENTS(1200), ARR_REACTIVATION}};
    ASSERT_SUBSCRIPTIONS(subs, want);
}

/* Ending on the day the next one starts is no gap: `end` is the first day without service. */
static void a_renewal_at_the_same_price_is_no_movement(void **state)
{
    (void)state;
    const subscription same[] = {{10, 375, CENTS(100)}, {375, OPEN, CENTS(100)}};
    const arr_movement one[] = {{10, CENTS(100), ARR_NEW}};
    ASSERT_SUBSCRIPTIONS(same, one);

    const subscription dearer[] = {{10, 375, CENTS(100)}, {375, OPEN, CENTS(130)}};
    const arr_movement two[] = {{10, CENTS(100), ARR_NEW}, {375, CENTS(130), ARR_EXPANSION}};
    ASSERT_SUBSCRIPTIONS(dearer, two);
}

static void a_gap_is_churn_and_reactivation_not_new_or_expansion(void **state)
{
    (void)state;
    const subscription subs[] = {{10, 20, CENTS(100)}, {21, OPEN, CENTS(300)}};
    const arr_movement want[] = {
        {10, CENTS(100), ARR_NEW}, {20, 0, ARR_CHURN}, {21, CENTS(300), ARR_REACTIVATION}};
    ASSERT_SUBSCRIPTIONS(subs, want);
}

static void same_day_changes_are_one_net_movement(void **state)
{
    (void)state;
    const subscription subs[] = {
        {10, 50, CENTS(100)}, {10, 50, CENTS(50)}, {50, OPEN, CENTS(90)}, {50, 80, CENTS(20)}};
    const arr_movement want[] = {{10, CENTS(150), ARR_NEW},
                                 {50, CENTS(110), ARR_CONTRACTION},
                                 {80, CENTS(90), ARR_CONTRACTION}};
    ASSERT_SUBSCRIPTIONS(subs, want);
}

static void started_and_ended_on_one_day_yields_nothing(void **state)
{
    (void)state;
    const subscription subs[] = {{10, 10, CENTS(100)}, {20, 15, CENTS(100)}, {30, OPEN, 0}};
    assert_subscriptions(subs, COUNT(subs), NULL, 0);
    assert_subscriptions(NULL, 0, NULL, 0);
}

static void started_and_ended_within_a_month_is_new_and_churn(void **state)
{
    (void)state;
    const subscription subs[] = {{10, 11, CENTS(100)}};
    const arr_movement want[] = {{10, CENTS(100), ARR_NEW}, {11, 0, ARR_CHURN}};
    ASSERT_SUBSCRIPTIONS(subs, want);
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

static void snapshots_are_levels(void **state)
{
    (void)state;
    const arr_snapshot snapshots[] = {{20, 100}, {10, 100}, {30, 80}, {30, 80}, {40, 0}, {60, 5}};
    const arr_movement want[] = {{10, 100, ARR_NEW},
                                 {30, 80, ARR_CONTRACTION},
                                 {40, 0, ARR_CHURN},
                                 {60, 5, ARR_REACTIVATION}};
    arr_movements got = {0};
    strata_error err = {0};
    assert_ok(movements_from_snapshots(snapshots, COUNT(snapshots), NULL, 0, &got, &err), &err);
    assert_rows(&got, want, COUNT(want));
    vec_free(&got);
}

static void an_account_left_out_of_a_later_listing_has_no_arr(void **state)
{
    (void)state;
    const arr_snapshot snapshots[] = {{20, 100}, {50, 60}};
    const day taken[] = {10, 20, 30, 40, 50, 60};
    const arr_movement want[] = {
        {20, 100, ARR_NEW}, {30, 0, ARR_CHURN}, {50, 60, ARR_REACTIVATION}, {60, 0, ARR_CHURN}};
    arr_movements got = {0};
    strata_error err = {0};
    assert_ok(movements_from_snapshots(snapshots, 2, taken, COUNT(taken), &got, &err), &err);
    assert_rows(&got, want, COUNT(want));
    assert_ok(movements_from_snapshots(NULL, 0, taken, COUNT(taken), &got, &err), &err);
    assert_int_equal(got.n, 4);
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
    const arr_snapshot differ[] = {{0, 10}, {0, 11}};
    assert_refused(movements_from_snapshots(differ, 2, NULL, 0, &out, &err), &err, &out,
                   "two snapshots with different ARR on 1970-01-01");
    const arr_snapshot negative[] = {{0, -1}};
    assert_refused(movements_from_snapshots(negative, 1, NULL, 0, &out, &err), &err, &out,
                   "ARR is below 0 on 1970-01-01");
    const subscription least[] = {{0, OPEN, INT64_MIN}};
    assert_refused(movements_from_subscriptions(least, 1, &out, &err), &err, &out,
                   "a subscription's amount is too large");
    vec_free(&out);
}

/* Sum of a random account's subscriptions on a day, the slow way. */
static int64_t level_on(const subscription *subs, size_t n, day d)
{
    int64_t level = 0;
    for (size_t k = 0; k < n; k++) {
        bool ended = subs[k].end != OPEN && subs[k].end <= d;
        level += subs[k].start <= d && !ended ? subs[k].yearly : 0;
    }
    return level;
}

static void opening_plus_movements_is_closing_for_any_two_days(void **state)
{
    (void)state;
    rng r;
    rng_init(&r, 1, 0);
    for (int round = 0; round < 500; round++) {
        subscription subs[8];
        size_t n = rng_below(&r, COUNT(subs) + 1);
        for (size_t k = 0; k < n; k++) {
            subs[k].start = (day)rng_below(&r, 60);
            subs[k].end = rng_below(&r, 3) ? subs[k].start + (day)rng_below(&r, 30) : OPEN;
            subs[k].yearly = (int64_t)rng_below(&r, 5) * 1000;
        }
        arr_movements m = {0};
        strata_error err = {0};
        assert_ok(movements_from_subscriptions(subs, n, &m, &err), &err);
        day from = (day)rng_below(&r, 50);
        day to = from + (day)rng_below(&r, 50);
        int64_t sums[ARR_KIND_COUNT] = {0};
        for (size_t k = 0; k < m.n; k++) {
            assert_true(k == 0 || m.data[k].day > m.data[k - 1].day);
            if (m.data[k].day > from && m.data[k].day <= to) {
                int64_t delta = arr_movement_delta(m.data, k);
                assert_int_not_equal(delta, 0);
                sums[m.data[k].kind] += delta > 0 ? delta : -delta;
            }
        }
        assert_int_equal(level_on(subs, n, from) + sums[ARR_NEW] + sums[ARR_EXPANSION] +
                             sums[ARR_REACTIVATION] - sums[ARR_CONTRACTION] - sums[ARR_CHURN],
                         level_on(subs, n, to));
        vec_free(&m);
    }
}

static void survives_every_failed_allocation(void **state)
{
    (void)state;
    const subscription subs[] = {{1, 90, 1}, {2, 90, 1}, {3, 90, 1}, {4, 90, 1}, {5, 90, 1},
                                 {6, 90, 1}, {7, 90, 1}, {8, 90, 1}, {9, 90, 1}};
    int failures = 0;
    for (int n = 0;; n++) {
        arr_movements out = {0};
        strata_error err = {0};
        fail_in = n;
        strata_status st = movements_from_subscriptions(subs, COUNT(subs), &out, &err);
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
        cmocka_unit_test(amounts_become_yearly),
        cmocka_unit_test(several_subscriptions_are_one_account),
        cmocka_unit_test(a_renewal_at_the_same_price_is_no_movement),
        cmocka_unit_test(a_gap_is_churn_and_reactivation_not_new_or_expansion),
        cmocka_unit_test(same_day_changes_are_one_net_movement),
        cmocka_unit_test(started_and_ended_on_one_day_yields_nothing),
        cmocka_unit_test(started_and_ended_within_a_month_is_new_and_churn),
        cmocka_unit_test(deltas_add_up),
        cmocka_unit_test(snapshots_are_levels),
        cmocka_unit_test(an_account_left_out_of_a_later_listing_has_no_arr),
        cmocka_unit_test(impossible_totals_are_refused_and_leave_the_output_alone),
        cmocka_unit_test(opening_plus_movements_is_closing_for_any_two_days),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests_name("movements", tests, NULL, NULL);
}
