/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "segment/hold.h"
#include "segment/overrides.h"

static const model_hold hold = {.enter_after_days = 30, .leave_after_days = 60};

/* Replays weekly reviews of `raw` and returns the segment after the last one. */
static segment_code replay(const segment_code *raw, size_t n)
{
    hold_state s = HOLD_START;
    for (size_t week = 0; week < n; week++) {
        bool at_once = raw[week] >= SEGMENTS_MAX || s.current >= SEGMENTS_MAX;
        hold_step(&s, &hold, (day)(7 * week), raw[week], at_once);
    }
    return s.current;
}

static void first_review_settles_at_once(void **state)
{
    (void)state;
    static const segment_code raw[] = {2};
    assert_int_equal(replay(raw, 1), 2);
}

static void a_move_up_waits_thirty_days(void **state)
{
    (void)state;
    static const segment_code raw[] = {2, 1, 1, 1, 1, 1, 1};
    assert_int_equal(replay(raw, 5), 2); /* 21 days since it was wanted */
    assert_int_equal(replay(raw, 6), 2); /* 28 */
    assert_int_equal(replay(raw, 7), 1); /* 35 */
}

static void a_move_down_waits_sixty_days(void **state)
{
    (void)state;
    segment_code raw[12] = {0};
    for (size_t i = 1; i < COUNT(raw); i++) {
        raw[i] = 1;
    }
    assert_int_equal(replay(raw, 9), 0);  /* 49 days */
    assert_int_equal(replay(raw, 10), 0); /* 56 */
    assert_int_equal(replay(raw, 11), 1); /* 63 */
}

static void flapping_never_moves(void **state)
{
    (void)state;
    segment_code raw[100];
    for (size_t i = 0; i < COUNT(raw); i++) {
        raw[i] = (segment_code)(i / 3 % 2);
    }
    assert_int_equal(replay(raw, COUNT(raw)), 0);
}

static void falling_further_does_not_restart_the_wait(void **state)
{
    (void)state;
    segment_code raw[12] = {0};
    for (size_t i = 1; i < COUNT(raw); i++) {
        raw[i] = i < 6 ? 1 : 2;
    }
    assert_int_equal(replay(raw, 11), 2);
}

static void leaving_the_population_is_immediate_both_ways(void **state)
{
    (void)state;
    static const segment_code raw[] = {1, SEGMENT_OUTSIDE, 2};
    assert_int_equal(replay(raw, 2), SEGMENT_OUTSIDE);
    assert_int_equal(replay(raw, 3), 2);
}

static const override_pin pins[] = {
    {.account = 3, .dimension = 0, .segment = 1, .from = 10, .until = 20},
    {.account = 3, .dimension = 0, .segment = 2, .from = 15, .until = DAY_MAX},
    {.account = 9, .dimension = 0, .segment = 4, .from = DAY_MIN, .until = DAY_MAX},
    {.account = 3, .dimension = 1, .segment = 7, .from = DAY_MIN, .until = DAY_MAX},
};
static const override_set set = {.pins = pins, .n = COUNT(pins)};

static void pins_hold_between_their_days_and_the_later_one_wins(void **state)
{
    (void)state;
    assert_null(override_find(&set, 0, 3, 9));
    assert_ptr_equal(override_find(&set, 0, 3, 12), &pins[0]);
    assert_ptr_equal(override_find(&set, 0, 3, 15), &pins[1]);
    assert_ptr_equal(override_find(&set, 1, 3, 0), &pins[3]);
    assert_null(override_find(&set, 0, 4, 12));
}

static void pins_leave_accounts_alone_that_are_not_there(void **state)
{
    (void)state;
    segment_code codes[] = {0, SEGMENT_OUTSIDE, 5};
    override_apply(&set, 0, 30, 8, 3, codes); /* accounts 8, 9, 10 */
    assert_int_equal(codes[0], 0);
    assert_int_equal(codes[1], SEGMENT_OUTSIDE);
    assert_int_equal(codes[2], 5);
    codes[1] = 0;
    override_apply(&set, 0, 30, 8, 3, codes);
    assert_int_equal(codes[1], 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_review_settles_at_once),
        cmocka_unit_test(a_move_up_waits_thirty_days),
        cmocka_unit_test(a_move_down_waits_sixty_days),
        cmocka_unit_test(flapping_never_moves),
        cmocka_unit_test(falling_further_does_not_restart_the_wait),
        cmocka_unit_test(leaving_the_population_is_immediate_both_ways),
        cmocka_unit_test(pins_hold_between_their_days_and_the_later_one_wins),
        cmocka_unit_test(pins_leave_accounts_alone_that_are_not_there),
    };
    return cmocka_run_group_tests_name("hold", tests, NULL, NULL);
}
