/* SPDX-License-Identifier: Apache-2.0 */
/* Work of four accounts, counted by hand from the engagement of their tiers. */
#include "strata_test.h"

#include <math.h>

#include "analysis/world.h"
#include "plan/work/workload.h"

enum { N = 4 };
/* Days, as constants. */
enum {
    D2024_01_01 = 19723,
    D2025_01_01 = 20089,
    D2025_01_02 = 20090,
    D2025_01_03 = 20091,
    D2025_01_04 = 20092,
    D2025_06_01 = 20240,
    D2025_06_05 = 20244,
    D2025_09_30 = 20361,
};

static const char *const levels_of_csm[] = {"C1", "C2", "C9"};
static const int32_t csm_codes[N] = {0, 1, CODE_MISSING, 2};
static const double complexity[N] = {3, 1, NAN, 2}; /* mean of what is known: 2 */
static const manager csm_items[] = {
    {.id = "C1", .name = "Ada", .capacity_hours = 100, .cost_per_hour = -1},
    {.id = "C2", .name = "Bo", .capacity_hours = NAN, .cost_per_hour = -1}};
static const csm_list csms = {csm_items, 2};
static const csm_list nobody = {csm_items, 0};

#define TIERS                                                                                      \
    "strata: 1\ndimensions:\n  value:\n    tiers:\n"                                               \
    "      - {name: Large, when: arr >= 50k}\n"                                                    \
    "      - {name: Middle, when: arr >= 10k}\n"                                                   \
    "      - {name: Small, otherwise: true}\n"
#define HOURS                                                                                      \
    "  hours: {touchpoint: 0.5, review: 6, onboarding: 20, renewal: 3, ticket: 0.25}\n"            \
    "  month: 50\n"
#define LEVELS                                                                                     \
    "  levels:\n"                                                                                  \
    "    high: {cadence: weekly, reviews: quarterly, onboarding: 100 days}\n"                      \
    "    low: {cadence: quarterly, reviews: none, onboarding: 40 days}\n"                          \
    "    digital: {cadence: none, reviews: none, onboarding: 10 days}\n"

static const char stated[] =
    TIERS "engagement:\n" LEVELS HOURS "  segments:\n"
          "    Large: {touch: high}\n    Middle: {touch: low, reviews: yearly}\n"
          "    Small: {touch: digital}\n";
static const char open_to_proposals[] = TIERS "engagement:\n" LEVELS HOURS;

/* 0 large with a renewal in 3 months and 8 tickets; 1 middle, 25 days old; 2 middle without a known
 * complexity; 3 small with tickets. */
static void open_world(world *w, const char *yaml, bool with_deals)
{
    static const arr_fact arr[] = {{0, D2024_01_01, 8000000, ARR_NEW},
                                   {1, D2025_06_05, 2000000, ARR_NEW},
                                   {2, D2024_01_01, 1000000, ARR_NEW},
                                   {3, D2024_01_01, 100000, ARR_NEW}};
    static const deal_fact deals[] = {
        {0, D2025_06_01, D2025_09_30, 8000000, DEAL_RENEWAL, DEAL_OPEN}};
    static const ticket_fact tickets[] = {{0, D2025_01_01, DAY_MISSING, NAN, 0},
                                          {0, D2025_01_02, DAY_MISSING, NAN, 0},
                                          {0, D2025_01_03, DAY_MISSING, NAN, 0},
                                          {0, D2025_01_04, DAY_MISSING, NAN, 0},
                                          {3, D2025_01_04, DAY_MISSING, NAN, 0}};
    world_inputs in = {
        .facts = {.n_accounts = N, .arr = arr, .n_arr = N, .tickets = tickets, .n_tickets = 5},
        .attributes = {{.name = "csm_id",
                        .type = VALUE_TEXT,
                        .levels = levels_of_csm,
                        .n_levels = 3,
                        .values = {.code = csm_codes}},
                       {.name = "complexity", .type = VALUE_NUMBER, .values = {.num = complexity}}},
        .n_attributes = 2,
        .yaml = yaml};
    if (with_deals) {
        in.facts.opportunities = deals;
        in.facts.n_opportunities = 1;
    }
    world_open(w, &in);
    strata_error err = {0};
    view_options options = {.as_of = AS_OF, .since = DAY_MISSING, .watch = SIZE_MAX};
    assert_ok(workload_slots(&w->portfolio, w->arena, &options.keep, &options.n_keep, &err), &err);
    view_free(w->view);
    w->view = NULL;
    assert_ok(view_new(&w->cx, &w->portfolio, w->bound, NULL, &options, &w->view, &err), &err);
}

static workload work_of(world *w, const csm_list *list, engagement *e)
{
    strata_error err = {0};
    workload out = {0};
    assert_ok(engagement_resolve(w->view, list, w->arena, e, &err), &err);
    assert_ok(workload_compute(w->view, e, list, w->arena, &out, &err), &err);
    return out;
}

static void each_activity_takes_its_hours(void **state)
{
    (void)state;
    world w;
    engagement e = {0};
    open_world(&w, stated, true);
    workload load = work_of(&w, &csms, &e);
    /* Large: 365.25 / 7 touchpoints of 0.5 h and 365.25 / 91 reviews of 6 h, weight 3 / 2. */
    assert_int_equal(load.minutes[WORK_TOUCHPOINT][0], lround(1.5 * 365.25 / 7 * 30));
    assert_int_equal(load.minutes[WORK_REVIEW][0], lround(1.5 * 365.25 / 91 * 360));
    assert_int_equal(load.minutes[WORK_ONBOARDING][0], 0);
    assert_int_equal(load.minutes[WORK_RENEWAL][0], 270); /* 1.5 times 3 h */
    assert_int_equal(load.minutes[WORK_TICKET][0], 60);   /* four of a quarter of an hour */
    /* Middle, 25 of 40 days old: 3/8 of 20 h, weight 1/2; a review a year. */
    assert_int_equal(load.minutes[WORK_ONBOARDING][1], 225);
    assert_int_equal(load.minutes[WORK_REVIEW][1], lround(0.5 * 365.25 / 365 * 360));
    assert_int_equal(load.minutes[WORK_RENEWAL][1], 0);
    assert_close(load.weight[2], 1.0, 1e-15);
    assert_int_equal(load.total[3], 0); /* digital */
    int64_t sum = 0;
    for (size_t i = 0; i < N; i++) {
        int64_t own = 0;
        for (size_t k = 0; k < WORK_KINDS; k++) {
            own += load.minutes[k][i];
        }
        assert_int_equal(own, load.total[i]);
        sum += own;
    }
    assert_int_equal(sum, load.total_minutes);
    assert_int_equal(load.n_accounts, N);
    assert_false(load.renewals_assumed || load.tickets_missing || load.complexity_missing);
    world_done(&w);
}

static void without_opportunities_a_renewal_a_year_is_assumed(void **state)
{
    (void)state;
    world w;
    engagement e = {0};
    open_world(&w, stated, false);
    workload load = work_of(&w, &csms, &e);
    assert_true(load.renewals_assumed);
    assert_int_equal(load.minutes[WORK_RENEWAL][0], 270);
    assert_int_equal(load.minutes[WORK_RENEWAL][2], 180);
    assert_int_equal(load.minutes[WORK_RENEWAL][3], 0);
    world_done(&w);
}

static void books_know_their_managers(void **state)
{
    (void)state;
    world w;
    engagement e = {0};
    open_world(&w, stated, true);
    workload load = work_of(&w, &csms, &e);
    assert_int_equal(load.csm[0], 0);
    assert_int_equal(load.csm[1], 1);
    assert_int_equal(load.csm[2], CSM_NOBODY);
    assert_int_equal(load.csm[3], CSM_UNKNOWN);
    assert_int_equal(csm_minutes_a_year(&csm_items[0], e.month_hours), 72000);
    assert_int_equal(csm_minutes_a_year(&csm_items[1], e.month_hours), 36000);
    assert_int_equal(csm_minutes_a_year(&csm_items[1], NAN), -1);
    world_done(&w);
}

/* Hours of a year: 100 x 12 + 50 x 12 = 1800, for $111,000. Large has 8/11.1 of it for one account:
 * 1297 h, more than high takes. Middle 3/11.1 for two: 243 h each, high too. Small 1/111: 16 h,
 * low takes 365.25 / 91 x 0.5 + 3 = 5. */
static void a_proposal_spends_hours_in_proportion_to_arr(void **state)
{
    (void)state;
    world w;
    engagement e = {0};
    strata_error err = {0};
    open_world(&w, open_to_proposals, true);
    assert_ok(engagement_resolve(w.view, &csms, w.arena, &e, &err), &err);
    assert_int_equal(e.n_proposed, 3);
    assert_int_equal(e.segments[0].touch, TOUCH_HIGH);
    assert_int_equal(e.segments[1].touch, TOUCH_HIGH);
    assert_int_equal(e.segments[2].touch, TOUCH_LOW);
    assert_close(e.segments[0].hours_affordable, 1800.0 * 80 / 111, 1e-12);
    assert_close(e.segments[2].hours_affordable, 1800.0 / 111, 1e-12);
    assert_close(engagement_programme_hours(&e, &e.levels[TOUCH_LOW]), 365.25 / 91 * 0.5 + 3,
                 1e-12);
    assert_int_equal(engagement_resolve(w.view, &nobody, w.arena, &e, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "managers' hours"));
    world_done(&w);
}

static void hours_that_nobody_states_are_asked_for(void **state)
{
    (void)state;
    world w;
    engagement e = {0};
    strata_error err = {0};
    open_world(&w, TIERS "engagement:\n" LEVELS "  hours: {touchpoint: 1}\n", true);
    assert_int_equal(engagement_resolve(w.view, &csms, w.arena, &e, &err), STRATA_E_MODEL);
    assert_non_null(strstr(err.message, "how long a review takes"));
    world_done(&w);
    open_world(&w, TIERS "engagement:\n" HOURS, true);
    assert_int_equal(engagement_resolve(w.view, &csms, w.arena, &e, &err), STRATA_E_MODEL);
    assert_non_null(strstr(err.message, "touch levels"));
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_activity_takes_its_hours),
        cmocka_unit_test(without_opportunities_a_renewal_a_year_is_assumed),
        cmocka_unit_test(books_know_their_managers),
        cmocka_unit_test(a_proposal_spends_hours_in_proportion_to_arr),
        cmocka_unit_test(hours_that_nobody_states_are_asked_for),
    };
    return cmocka_run_group_tests_name("workload", tests, NULL, NULL);
}
