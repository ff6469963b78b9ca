/* SPDX-License-Identifier: Apache-2.0 */
/* Whom managers have hours for, month by month, reckoned by hand. */
#include "strata_test.h"

#include "support/failing_alloc.h"

#include "plan/growth/sequence.h"

enum { HOUR = 60, READY = 8 };

/* Manager 0 has 12 hours a month left, 1 none, 2 one hour a month, 3 says nothing. */
static const work_sum books[] = {
    {.total = 100 * HOUR}, {.total = 500 * HOUR}, {.total = 0}, {.total = 5}};
static const int64_t available[] = {244 * HOUR, 400 * HOUR, 12 * HOUR, -1};
static const int32_t csm[READY] = {0, 0, 0, 1, 2, 2, CSM_NOBODY, 3};

static growth make_growth(growth_account *ready)
{
    for (uint32_t i = 0; i < READY; i++) {
        ready[i] = (growth_account){.account = i, .score = 90.0 - i, .gap_minor = -1};
    }
    return (growth){.ready = ready, .n_ready = READY};
}

static const engagement e = {
    .hours = {[WORK_TOUCHPOINT] = 1.0, [WORK_REVIEW] = 6.0}}; /* a talk takes 8 hours */
static const capacity c = {.by_csm = books, .n_csms = 4, .available = available};

static void accounts_wait_for_the_hours_of_their_manager(void **state)
{
    (void)state;
    growth_account ready[READY];
    growth g = make_growth(ready);
    const growth_hands hands = {.growth = &g, .engagement = &e, .capacity = &c, .csm = csm};
    growth_sequence s = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(growth_sequence_make(&hands, a, &s, &err), &err);
    assert_int_equal(s.talk_minutes, 8 * HOUR);
    assert_int_equal(s.door_minutes, HOUR);
    assert_int_equal(s.free_minutes, (144 + 12) * HOUR);
    assert_int_equal(s.n_managers_free, 2);
    /* 12 hours a month: 8 fit into the first, 16 and 24 into the second. */
    static const int months[] = {1, 2, 2};
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(s.slots[k].why, SEQUENCE_MONTH);
        assert_int_equal(s.slots[k].month, months[k]);
    }
    assert_int_equal(s.slots[3].why, SEQUENCE_NONE);
    assert_int_equal(s.slots[4].why, SEQUENCE_MONTH); /* 8 hours at one a month */
    assert_int_equal(s.slots[4].month, 8);
    assert_int_equal(s.slots[5].why, SEQUENCE_LATER);
    assert_int_equal(s.slots[6].why, SEQUENCE_NOBODY);
    assert_int_equal(s.slots[7].why, SEQUENCE_NOBODY);
}

static void failed_allocations_leave_nothing_behind(void **state)
{
    (void)state;
    growth_account ready[READY];
    growth g = make_growth(ready);
    const growth_hands hands = {.growth = &g, .engagement = &e, .capacity = &c, .csm = csm};
    int failures = 0;
    strata_error err = {0};
    FAILURE_LOOP(failures, {
        STRATA_AUTO(arena_free) arena *a = NULL;
        growth_sequence s = {0};
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? growth_sequence_make(&hands, a, &s, &err) : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, s.slots == NULL);
    });
    assert_true(failures > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_wait_for_the_hours_of_their_manager),
        cmocka_unit_test(failed_allocations_leave_nothing_behind),
    };
    return cmocka_run_group_tests_name("growth_sequence", tests, NULL, NULL);
}
