/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

#include "analysis/hypotheses.h"
#include "analysis/milestones.h"
#include "analysis/town.h"

static const hypothesis_result *results_of(const world *w)
{
    const hypothesis_result *r = NULL;
    size_t n = 0;
    strata_error err = {0};
    assert_ok(hypotheses_test(w->study, w->arena, &r, &n, &err), &err);
    assert_int_equal(n, 5);
    return r;
}

static void a_difference_of_medians_holds(void **state)
{
    const hypothesis_result *r = &results_of(town_world(*state))[0];
    assert_int_equal(r->verdict, HYPOTHESIS_HOLDS);
    assert_false(r->is_share);
    assert_int_equal(r->n_where, 100);
    assert_int_equal(r->n_against, 300);
    assert_close(r->x_where, 120.0, 1e-12);
    assert_close(r->difference, r->x_where - r->x_against, 1e-12);
    assert_true(r->low <= r->difference && r->difference <= r->high);
    assert_string_equal(r->against, "everyone else");
    assert_non_null(strstr(r->sentence, "Holds: the median of 100 accounts is 120"));
}

static void a_difference_of_shares_holds(void **state)
{
    const hypothesis_result *r = &results_of(town_world(*state))[1];
    assert_int_equal(r->verdict, HYPOTHESIS_HOLDS);
    assert_true(r->is_share && r->hits_where == 100 && r->hits_against == 150);
    assert_close(r->difference, 0.5, 1e-12);
    assert_true(r->low > 0.4 && r->high < 0.6 && r->test.p_holm >= r->test.p);
}

static void equal_values_do_not_hold(void **state)
{
    const hypothesis_result *r = &results_of(town_world(*state))[2];
    assert_int_equal(r->verdict, HYPOTHESIS_DOES_NOT);
    assert_false(r->test.done);
    assert_string_equal(r->test.why, "nothing to tell apart");
}

static void too_few_accounts_or_data_is_not_enough(void **state)
{
    const hypothesis_result *r = results_of(town_world(*state));
    assert_int_equal(r[3].verdict, HYPOTHESIS_NOT_ENOUGH);
    assert_string_equal(r[3].sentence,
                        "Not enough data: 0 accounts against 400; at least 10 are needed "
                        "on each side.");
    assert_int_equal(r[4].verdict, HYPOTHESIS_NOT_ENOUGH);
    assert_string_equal(r[4].sentence, "Not enough data: needs data.");
    assert_string_equal(hypothesis_verdict_name(r[4].verdict), "not enough data");
}

/* The other way round, the same data speaks against. */
static void the_wrong_direction_does_not_hold(void **state)
{
    (void)state;
    char yaml[4096];
    (void)snprintf(
        yaml, sizeof yaml,
        "strata: 1\n"
        "dimensions: {value: {tiers: [{name: Large, when: arr >= 50k}, {name: Rest, otherwise: "
        "true}]}}\n"
        "hypotheses:\n"
        "  - {claim: Less, where: arr >= 50k, compare: events_30d, expect: lower}\n"
        "  - {claim: Other, where: arr >= 50k, against: arr >= 10k and arr < 50k, compare: "
        "events_30d, expect: different}\n"
        "  - {claim: Turned, where: arr >= 50k, compare: (arr > 0 for 30 days), expect: higher}\n"
        "  - {claim: Same, where: arr >= 50k, compare: adoption, expect: different}\n"
        "  - {claim: More, where: arr >= 50k, compare: events_30d, expect: higher}\n");
    town *t = town_new(yaml, 1);
    const hypothesis_result *r = results_of(town_world(t));
    assert_int_equal(r[0].verdict, HYPOTHESIS_DOES_NOT);
    assert_true(r[0].test.p_holm < 0.001);
    assert_int_equal(r[1].verdict, HYPOTHESIS_HOLDS);
    assert_int_equal(r[1].n_against, 90);
    assert_int_equal(r[2].verdict, HYPOTHESIS_NOT_ENOUGH);
    assert_string_equal(r[2].test.why, "'turned' and 'for' look back, which hypotheses cannot");
    assert_int_equal(r[4].verdict, HYPOTHESIS_HOLDS);
    town_free(t);
}

/* Forty accounts start on 2024-10-01 (day 90 is 2024-12-29). The first 20 are used from the first
 * day on, the next 10 only from day 91 on, the rest never. Three more start too late to tell. */
enum { STARTED = 40, YOUNG = 3, ALL = STARTED + YOUNG };

static const milestones *measure(world *w)
{
    static day starts[ALL];
    static usage_fact usage[ALL];
    static arr_fact arr[ALL];
    size_t n_usage = 0;
    for (int32_t i = 0; i < ALL; i++) {
        starts[i] = i < STARTED ? DAY(2024, 10, 1) : DAY(2025, 6, 1);
        arr[i] = (arr_fact){i, starts[i], 100000, ARR_NEW};
        if (i < 30) {
            usage[n_usage++] = (usage_fact){i, starts[i] + (i < 20 ? 0 : 90), 0, 0, 5};
        }
    }
    world_inputs in = {
        .facts = {.n_accounts = ALL,
                  .started_on = starts,
                  .arr = arr,
                  .n_arr = ALL,
                  .usage = usage,
                  .n_usage = n_usage},
        .yaml = "strata: 1\n"
                "features: {used: {value: first_90d_events}}\n"
                "dimensions: {d: {tiers: [{name: A, when: arr > 1}, {name: B, otherwise: true}]}}\n"
                "milestones:\n"
                "  - {name: First use, when: used >= 1}\n"
                "  - {name: Soon, when: days_to_first_use <= 14 days}\n"
                "  - {name: Champion, when: has_champion}\n"
                "  - {name: In A, when: d = A}\n"};
    const milestones *m = NULL;
    strata_error err = {0};
    world_make(w, &in);
    assert_ok(milestones_measure(w->study, w->arena, &m, &err), &err);
    return m;
}

static void milestones_are_judged_on_the_90th_day(void **state)
{
    (void)state;
    world w;
    const milestones *m = measure(&w);
    assert_int_equal(m->n, 4);
    assert_int_equal(m->eligible, STARTED);
    assert_int_equal(m->too_young, YOUNG);
    assert_true(m->items[0].measured);
    assert_int_equal(m->items[0].share.hits, 20); /* not those first used on day 91 */
    assert_int_equal(m->items[0].share.of, STARTED);
    assert_int_equal(m->items[1].share.hits, 20);
    assert_int_equal(m->items[1].share.of, 20); /* unknown while nothing was used */
    assert_int_equal(m->items[1].unknown, 20);
    assert_false(m->items[2].measured);
    assert_string_equal(m->items[2].why, "needs data");
    assert_false(m->items[3].measured);
    assert_string_equal(m->items[3].why, "reads segments, which are not kept for every date");
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_difference_of_medians_holds),
        cmocka_unit_test(a_difference_of_shares_holds),
        cmocka_unit_test(equal_values_do_not_hold),
        cmocka_unit_test(too_few_accounts_or_data_is_not_enough),
        cmocka_unit_test(the_wrong_direction_does_not_hold),
        cmocka_unit_test(milestones_are_judged_on_the_90th_day),
    };
    return cmocka_run_group_tests_name("hypotheses", tests, town_set_up, town_tear_down);
}
