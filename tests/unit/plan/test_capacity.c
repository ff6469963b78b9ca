/* SPDX-License-Identifier: Apache-2.0 */
/* Hours added up by segment and by manager, of portfolios drawn at random. */
#include "strata_test.h"

#include <math.h>

#include "analysis/world.h"
#include "base/rng.h"
#include "plan/work/capacity.h"

enum { N = 250 };

static const char *const csm_levels[] = {"C1", "C2", "C3", "C9"}; /* C9 is in no list */
static const manager managers[] = {
    {.id = "C1", .name = "Ada", .capacity_hours = 100, .cost_per_hour = -1},
    {.id = "C2", .name = "Bo", .capacity_hours = NAN, .cost_per_hour = -1},
    {.id = "C3", .name = "Cy", .capacity_hours = 0, .cost_per_hour = -1}};

static const char yaml[] =
    "strata: 1\ndimensions:\n  value:\n    tiers:\n"
    "      - {name: Large, when: arr >= 50k}\n"
    "      - {name: Middle, when: arr >= 10k}\n"
    "      - {name: Small, otherwise: true}\n"
    "engagement:\n"
    "  levels:\n"
    "    high: {cadence: weekly, reviews: quarterly, onboarding: 100 days}\n"
    "    low: {cadence: quarterly, reviews: none, onboarding: 40 days}\n"
    "    digital: {cadence: none, reviews: none, onboarding: 10 days}\n"
    "  hours: {touchpoint: 0.5, review: 6, onboarding: 20, renewal: 3, ticket: 0.25}\n"
    "  month: 50\n"
    "  segments:\n"
    "    Large: {touch: high}\n    Middle: {touch: low}\n    Small: {touch: digital}\n";

typedef struct drawn {
    arr_fact arr[N];
    ticket_fact tickets[N];
    int32_t csm[N];
    double complexity[N];
} drawn;

static void draw(drawn *d, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 0);
    for (int32_t i = 0; i < N; i++) {
        int64_t arr = 100000 + (int64_t)(rng_uniform(&r) * 9000000.0);
        day since = AS_OF - 1 - (day)(rng_uniform(&r) * 500.0);
        d->arr[i] = (arr_fact){i, since, arr, ARR_NEW};
        d->tickets[i] =
            (ticket_fact){i, AS_OF - (day)(rng_uniform(&r) * 600.0), DAY_MISSING, NAN, 0};
        int32_t csm = (int32_t)(rng_uniform(&r) * 5.0);
        d->csm[i] = csm < 4 ? csm : CODE_MISSING;
        d->complexity[i] = rng_uniform(&r) < 0.1 ? (double)NAN : 1.0 + floor(rng_uniform(&r) * 5.0);
    }
}

static void open_drawn(world *w, const drawn *d, int threads)
{
    world_inputs in = {.facts = {.n_accounts = N,
                                 .arr = d->arr,
                                 .n_arr = N,
                                 .tickets = d->tickets,
                                 .n_tickets = N},
                       .attributes = {{.name = "csm_id",
                                       .type = VALUE_TEXT,
                                       .levels = csm_levels,
                                       .n_levels = 4,
                                       .values = {.code = d->csm}},
                                      {.name = "complexity",
                                       .type = VALUE_NUMBER,
                                       .values = {.num = d->complexity}}},
                       .n_attributes = 2,
                       .yaml = yaml,
                       .threads = threads};
    world_open(w, &in);
    strata_error err = {0};
    view_options options = {.as_of = AS_OF, .since = DAY_MISSING, .watch = SIZE_MAX};
    assert_ok(workload_slots(&w->portfolio, w->arena, &options.keep, &options.n_keep, &err), &err);
    view_free(w->view);
    w->view = NULL;
    assert_ok(view_new(&w->cx, &w->portfolio, w->bound, NULL, &options, &w->view, &err), &err);
}

static capacity add_up(world *w, const csm_list *list, workload *load)
{
    strata_error err = {0};
    engagement e = {0};
    capacity c = {0};
    assert_ok(engagement_resolve(w->view, list, w->arena, &e, &err), &err);
    assert_ok(workload_compute(w->view, &e, list, w->arena, load, &err), &err);
    assert_ok(capacity_add_up(w->view, &e, list, load, w->arena, &c, &err), &err);
    return c;
}

static void merge(work_sum *to, const work_sum *one)
{
    to->n_accounts += one->n_accounts;
    to->n_nobody += one->n_nobody;
    to->n_unknown += one->n_unknown;
    to->value_minor += one->value_minor;
    to->total += one->total;
    for (size_t k = 0; k < WORK_KINDS; k++) {
        to->minutes[k] += one->minutes[k];
    }
}

static void assert_same(const work_sum *a, const work_sum *b)
{
    assert_int_equal(a->n_accounts, b->n_accounts);
    assert_int_equal(a->n_nobody, b->n_nobody);
    assert_int_equal(a->n_unknown, b->n_unknown);
    assert_int_equal(a->value_minor, b->value_minor);
    assert_int_equal(a->total, b->total);
    for (size_t k = 0; k < WORK_KINDS; k++) {
        assert_int_equal(a->minutes[k], b->minutes[k]);
    }
}

static void sums_by_segment_and_by_manager_agree_to_the_minute_and_the_cent(void **state)
{
    (void)state;
    static drawn d;
    const csm_list list = {managers, 3};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        world w;
        workload load = {0};
        draw(&d, seed);
        open_drawn(&w, &d, seed % 2 == 0 ? 1 : 2);
        capacity c = add_up(&w, &list, &load);
        work_sum segments = {0};
        work_sum books = {0};
        for (size_t i = 0; i < c.n_segments; i++) {
            merge(&segments, &c.by_segment[i]);
        }
        for (size_t i = 0; i < c.n_csms; i++) {
            merge(&books, &c.by_csm[i]);
        }
        merge(&books, &c.nobody);
        merge(&books, &c.unknown);
        assert_same(&segments, &c.all);
        assert_same(&books, &c.all);
        assert_int_equal(c.all.total, load.total_minutes);
        assert_int_equal(c.all.n_accounts, load.n_accounts);
        int64_t kinds = 0;
        for (size_t k = 0; k < WORK_KINDS; k++) {
            kinds += c.all.minutes[k];
        }
        assert_int_equal(kinds, c.all.total);
        assert_true(c.nobody.n_accounts > 0 && c.unknown.n_accounts > 0);
        world_done(&w);
    }
}

/* 100 and 50 assumed hours a month, and one without hours: a mean person who has any has 75. */
static void hours_there_are_say_where_they_come_from(void **state)
{
    (void)state;
    static drawn d;
    world w;
    workload load = {0};
    const csm_list list = {managers, 3};
    draw(&d, 1);
    open_drawn(&w, &d, 2);
    capacity c = add_up(&w, &list, &load);
    assert_int_equal(c.available[0], 72000);
    assert_int_equal(c.available[1], 36000);
    assert_int_equal(c.available[2], 0);
    assert_int_equal(c.available_total, 108000);
    assert_int_equal(c.n_assumed, 1);
    assert_int_equal(c.n_unsaid, 0);
    assert_int_equal(c.person, 54000);
    assert_close(capacity_people(&c, 108000), 2.0, 1e-15);
    world_done(&w);
}

/* Each manager counts with the segment's share of the book: shares of all segments make one. */
static void ratios_count_whole_people(void **state)
{
    (void)state;
    static drawn d;
    world w;
    workload load = {0};
    const csm_list list = {managers, 3};
    draw(&d, 3);
    open_drawn(&w, &d, 2);
    capacity c = add_up(&w, &list, &load);
    double people = 0.0;
    for (size_t i = 0; i < c.n_segments; i++) {
        const work_sum *s = &c.by_segment[i];
        if (!isnan(c.ratios[i].actual)) {
            people += (double)(s->n_accounts - s->n_nobody - s->n_unknown) / c.ratios[i].actual;
        }
    }
    assert_close(people, 3.0, 1e-9);
    assert_true(isnan(c.ratios[2].by_hours)); /* digital */
    world_done(&w);
}

static void nobody_and_one_who_has_no_hours(void **state)
{
    (void)state;
    static drawn d;
    world w;
    workload load = {0};
    const csm_list nobody = {managers, 0};
    const csm_list idle = {managers + 2, 1};
    draw(&d, 4);
    open_drawn(&w, &d, 2);
    capacity c = add_up(&w, &nobody, &load);
    assert_int_equal(c.available_total, 0);
    assert_int_equal(c.person, 36000); /* engagement.month */
    assert_int_equal(c.unknown.n_accounts + c.nobody.n_accounts, N);
    c = add_up(&w, &idle, &load);
    assert_int_equal(c.available[0], 0);
    assert_int_equal(c.person, 36000);
    assert_true(c.by_csm[0].n_accounts > 0);
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_by_segment_and_by_manager_agree_to_the_minute_and_the_cent),
        cmocka_unit_test(hours_there_are_say_where_they_come_from),
        cmocka_unit_test(ratios_count_whole_people),
        cmocka_unit_test(nobody_and_one_who_has_no_hours),
    };
    return cmocka_run_group_tests_name("capacity", tests, NULL, NULL);
}
