/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/town.h"

#include <stdlib.h>

#include "strata_test.h"

const char town_yaml[] =
    "strata: 1\n"
    "dimensions:\n"
    "  value:\n"
    "    tiers:\n"
    "      - {name: Large, when: arr >= 50k, strategy: Keep, motion: High touch}\n"
    "      - {name: Middle, when: arr >= 10k, strategy: Grow, motion: Mid touch}\n"
    "      - {name: Small, otherwise: true, strategy: Scale, motion: Tech touch}\n"
    "  branch: {by: industry}\n"
    "hypotheses:\n"
    "  - {claim: Large accounts are used more, where: arr >= 50k, compare: events_30d, expect: "
    "higher}\n"
    "  - {claim: Large accounts are Retail, where: arr >= 50k, compare: industry = Retail, expect: "
    "higher}\n"
    "  - {claim: Large accounts have fewer seats, where: arr >= 50k, compare: seats, expect: "
    "lower}\n"
    "  - {claim: Nobody is huge, where: arr >= 500k, compare: seats, expect: lower}\n"
    "  - {claim: Needs surveys, where: arr >= 50k, compare: nps_last, expect: higher}\n"
    "milestones:\n"
    "  - {name: First use, when: first_90d_active_days >= 1}\n"
    "  - {name: Champion, when: has_champion}\n"
    "primary: value\n";

struct town {
    world world;
    day starts[TOWN];
    arr_fact arr[3 * TOWN];
    usage_fact usage[TOWN * 60];
    touch_fact touches[TOWN];
    deal_fact deals[TOWN];
    int32_t industry[TOWN];
    double seats[TOWN];
    size_t n_arr, n_usage, n_touches, n_deals;
};

static int64_t start_arr(size_t i)
{
    return i < 100 ? 8000000 : i < 200 ? 2000000 : 500000;
}

bool town_churns(size_t i)
{
    return i < TOWN_NEW && ((i >= 200 && i % 10 < 4) || (i >= 100 && i < 200 && i % 10 == 0));
}

static void add_arr(town *t, size_t i)
{
    bool late = i >= TOWN_NEW;
    t->starts[i] = late ? DAY(2025, 5, 15) : DAY(2024, 1, 1);
    t->arr[t->n_arr++] = (arr_fact){(int32_t)i, t->starts[i], start_arr(i), ARR_NEW};
    if (town_churns(i)) {
        t->arr[t->n_arr++] = (arr_fact){(int32_t)i, DAY(2025, 1, 15), 0, ARR_CHURN};
    } else if (i % 2 == 0 && !late) {
        t->arr[t->n_arr++] =
            (arr_fact){(int32_t)i, DAY(2025, 2, 1), start_arr(i) / 10 * 12, ARR_EXPANSION};
    }
}

static void add_usage(town *t, size_t i, day first, int days)
{
    for (int d = 0; d < days; d++) {
        t->usage[t->n_usage++] =
            (usage_fact){(int32_t)i, first + 2 * d, (int32_t)(i % 3), (int32_t)(i % 7),
                         i < 100 || i >= TOWN_HEAVY ? 10 : 5};
    }
}

town *town_new(const char *yaml, int threads)
{
    static const char *const industries[] = {"Health", "Retail"};
    town *t = calloc(1, sizeof *t);
    assert_non_null(t);
    for (size_t i = 0; i < TOWN; i++) {
        add_arr(t, i);
        if (i < TOWN_NEW) {
            add_usage(t, i, DAY(2024, 6, 1), town_churns(i) ? 2 : 12);
        }
        if (!town_churns(i)) {
            add_usage(t, i, DAY(2025, 6, 1), 12);
        }
        t->industry[i] = i < 100 ? 1 : (int32_t)(i % 2);
        t->seats[i] = 10.0;
        if (i % 4 == 0) {
            t->touches[t->n_touches++] = (touch_fact){(int32_t)i, DAY(2025, 6, 10), 30.0, 1};
        }
        if (i < 40) {
            t->deals[t->n_deals++] = (deal_fact){(int32_t)i, DAY(2025, 6, 1), DAY(2025, 9, 1),
                                                 1000000,    DEAL_EXPANSION,  DEAL_OPEN};
        }
    }
    world_inputs in = {
        .facts = {.n_accounts = TOWN,
                  .started_on = t->starts,
                  .arr = t->arr,
                  .n_arr = t->n_arr,
                  .usage = t->usage,
                  .n_usage = t->n_usage,
                  .touchpoints = t->touches,
                  .n_touchpoints = t->n_touches,
                  .opportunities = t->deals,
                  .n_opportunities = t->n_deals},
        .attributes = {{.name = "industry",
                        .type = VALUE_TEXT,
                        .levels = industries,
                        .n_levels = 2,
                        .values = {.code = t->industry}},
                       {.name = "seats", .type = VALUE_NUMBER, .values = {.num = t->seats}}},
        .n_attributes = 2,
        .yaml = yaml,
        .threads = threads};
    world_make(&t->world, &in);
    return t;
}

void town_free(town *t)
{
    if (t != NULL) {
        world_done(&t->world);
        free(t);
    }
}

const world *town_world(const town *t)
{
    return &t->world;
}

int town_set_up(void **state)
{
    *state = town_new(town_yaml, 2);
    return 0;
}

int town_tear_down(void **state)
{
    town_free(*state);
    return 0;
}
