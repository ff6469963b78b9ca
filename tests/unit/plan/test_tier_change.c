/* SPDX-License-Identifier: Apache-2.0 */
/* Days of a change of tier, and whom it is for. */
#include "strata_test.h"

#include "analysis/world.h"
#include "plan/migration/tier_change.h"

static void days_are_working_days_two_weeks_apart(void **state)
{
    (void)state;
    /* 30 June 2026 is a Tuesday; 30 days on is Thursday 30 July */
    tier_dates t = tier_dates_of(DAY(2026, 6, 30), 30);
    assert_int_equal(t.decide, DAY(2026, 7, 6));
    assert_int_equal(t.announce, DAY(2026, 7, 17)); /* the Friday before */
    assert_int_equal(t.tell, DAY(2026, 7, 20));
    assert_int_equal(t.effective, DAY(2026, 8, 3));
    assert_int_equal(t.first_month, DAY(2026, 9, 2));
    assert_int_equal(t.first_quarter, DAY(2026, 11, 2)); /* 1 November is a Sunday */
}

static void without_notice_all_is_done_on_the_next_monday(void **state)
{
    (void)state;
    tier_dates t = tier_dates_of(DAY(2026, 6, 29), 0); /* itself a Monday */
    assert_int_equal(t.decide, DAY(2026, 7, 6));
    assert_int_equal(t.announce, t.decide);
    assert_int_equal(t.tell, t.decide);
    assert_int_equal(t.effective, t.decide);
}

/* Property: for every day and notice the days are working days, in order. */
static void days_are_in_order_for_every_notice(void **state)
{
    (void)state;
    for (int notice = 0; notice <= 365; notice += 5) {
        for (day d = DAY(2026, 1, 1); d < DAY(2026, 1, 15); d++) {
            tier_dates t = tier_dates_of(d, notice);
            const day days[] = {d + 1,       t.decide,      t.announce,     t.tell,
                                t.effective, t.first_month, t.first_quarter};
            for (size_t k = 1; k < sizeof days / sizeof days[0]; k++) {
                assert_true(days[k] >= days[k - 1]);
                assert_true(day_weekday(days[k]) < 5);
            }
            assert_true(t.effective >= d + notice);
        }
    }
}

static void candidates_come_before_moves(void **state)
{
    (void)state;
    enum { N = 3 };
    static const int32_t nobody[N] = {CSM_NOBODY, CSM_NOBODY, CSM_NOBODY};
    static const uint32_t held[N] = {0, 2, 0};
    static const migration_candidate items[] = {
        {.account = 1, .up = true, .from = 1, .to = 0, .clause = "arr > 1", .said = "ARR is 2"}};
    static const membership_change moves[] = {
        {.account = 0, .from = 0, .to = 1, .clause = "arr < 1", .said = "ARR is 0"},
        {.account = 1, .from = 0, .to = 1},
        {.account = 2, .from = SEGMENT_ABSENT, .to = 1}};
    const world_inputs in = {.facts = {.n_accounts = N},
                             .yaml =
                                 "strata: 1\ndimensions: {value: "
                                 "{ordered: true, tiers: [{name: A, when: tenure > 9}, {name: B, "
                                 "otherwise: true}]}}\n"};
    world w;
    world_open(&w, &in);
    const migration_paths paths = {
        .def = world_dimension(&w, "value"), .ordered = true, .n_ordered = 2, .n_segments = 2};
    const migration_candidates candidates = {.items = items, .n = 1, .n_up = 1};
    const csm_list csms = {NULL, 0};
    const tier_change_request r = {.v = w.view,
                                   .paths = &paths,
                                   .candidates = &candidates,
                                   .changes = {moves, 3},
                                   .held = held,
                                   .csms = &csms,
                                   .csm_of = nobody};
    tier_change t = {0};
    assert_true(tier_change_find(&r, 0, &t));
    assert_true(t.happened);
    assert_false(t.up);
    assert_string_equal(t.said, "ARR is 0");
    assert_null(t.csm);
    assert_true(tier_change_find(&r, 1, &t));
    assert_false(t.happened);
    assert_true(t.up);
    assert_int_equal(t.held, 2);
    assert_false(tier_change_find(&r, 2, &t)); /* came new */
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_working_days_two_weeks_apart),
        cmocka_unit_test(without_notice_all_is_done_on_the_next_monday),
        cmocka_unit_test(days_are_in_order_for_every_notice),
        cmocka_unit_test(candidates_come_before_moves),
    };
    return cmocka_run_group_tests_name("tier change", tests, NULL, NULL);
}
