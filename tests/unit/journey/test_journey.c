/* SPDX-License-Identifier: Apache-2.0 */
/* Journeys on ledgers drawn at random, against what a plain reading of them says. */
#include <math.h>

#include "strata_test.h"

#include "support/failing_alloc.h"

#include "analysis/world.h"
#include "base/rng.h"
#include "journey/activation.h"
#include "journey/journey.h"

enum { N = 800, ARR_MOST = 4 * N, USAGE_MOST = 80 * N, STAGES = 4, MONDAY = 0 };

/* Grown can come before Active, and Active before nothing: stages get skipped. */
static const char yaml[] =
    "strata: 1\n"
    "quality: {minimum_accounts: 10}\n"
    "dimensions:\n"
    "  size:\n"
    "    tiers:\n"
    "      - {name: Large, when: arr >= 10k}\n"
    "      - {name: Small, otherwise: true}\n"
    "milestones:\n"
    "  - {name: Five days of use, when: first_90d_active_days >= 5}\n"
    "journey:\n"
    "  stages:\n"
    "    - {name: Used, when: days_to_first_use >= 0}\n"
    "    - {name: Active, when: active_days_30d >= 3, expected_within: 40 days}\n"
    "    - {name: Grown, when: arr >= 10k}\n"
    "    - {name: Surveyed, when: nps_last >= 9}\n"
    "primary: size\n";

typedef struct drawn {
    day starts[N];
    arr_fact arr[ARR_MOST];
    size_t n_arr;
    usage_fact usage[USAGE_MOST];
    size_t n_usage;
    world world;
    arr_book *arr_book;
    order_book *order_book;
} drawn;

static void draw_account(drawn *d, size_t i, rng *r)
{
    day start = DAY(2024, 1, 1) + (day)rng_below(r, 500);
    bool keen = rng_uniform(r) < 0.5;
    d->starts[i] = start;
    d->arr[d->n_arr++] =
        (arr_fact){(int32_t)i, start, rng_uniform(r) < 0.1 ? 1200000 : 500000, ARR_NEW};
    size_t days = keen ? 20 + rng_below(r, 20) : rng_below(r, 4);
    for (size_t k = 0; k < days; k++) {
        day at = start + (day)rng_below(r, keen ? 120 : 400);
        if (at <= AS_OF) {
            d->usage[d->n_usage++] = (usage_fact){(int32_t)i, at, 0, 0, 1};
        }
    }
    day grows = start + 60 + (day)rng_below(r, 300);
    day leaves = start + 100 + (day)rng_below(r, 250);
    if (rng_uniform(r) < 0.3 && grows < AS_OF && grows < leaves) {
        d->arr[d->n_arr++] = (arr_fact){(int32_t)i, grows, 1500000, ARR_EXPANSION};
    }
    if (rng_uniform(r) < (keen ? 0.1 : 0.6) && leaves < AS_OF) {
        d->arr[d->n_arr++] = (arr_fact){(int32_t)i, leaves, 0, ARR_CHURN};
    }
}

typedef struct variant {
    const char *yaml;
    int threads;
    bool backwards, later;
    size_t n; /* accounts; 0: all */
} variant;

static drawn *drawn_new(uint64_t seed, variant how)
{
    drawn *d = calloc(1, sizeof *d);
    assert_non_null(d);
    strata_error err = {0};
    rng r;
    size_t n = how.n > 0 ? how.n : N;
    rng_init(&r, seed, 11);
    for (size_t i = 0; i < n; i++) {
        draw_account(d, i, &r);
    }
    for (size_t i = 0; how.later && i < 30; i++) { /* facts after the as-of date */
        d->arr[d->n_arr++] = (arr_fact){(int32_t)i, AS_OF + 3, 9900000, ARR_EXPANSION};
        for (int k = 1; k < 6; k++) {
            d->usage[d->n_usage++] = (usage_fact){(int32_t)i, AS_OF + k, 0, 0, 1};
        }
    }
    for (size_t k = 0; how.backwards && k < d->n_usage / 2; k++) {
        usage_fact keep = d->usage[k];
        d->usage[k] = d->usage[d->n_usage - 1 - k];
        d->usage[d->n_usage - 1 - k] = keep;
    }
    const world_inputs in = {.facts = {.n_accounts = n,
                                       .started_on = d->starts,
                                       .arr = d->arr,
                                       .n_arr = d->n_arr,
                                       .usage = d->usage,
                                       .n_usage = d->n_usage},
                             .yaml = how.yaml != NULL ? how.yaml : yaml,
                             .threads = how.threads};
    world_open(&d->world, &in);
    const ledger_source *source = d->world.portfolio.ledgers;
    assert_ok(arr_book_load(&d->world.cx, source, AS_OF, &d->arr_book, &err), &err);
    assert_ok(order_book_load(&d->world.cx, source, AS_OF, &d->order_book, &err), &err);
    return d;
}

static void drawn_free(drawn *d)
{
    arr_book_free(d->arr_book);
    order_book_free(d->order_book);
    world_done(&d->world);
    free(d);
}

static journey_request request_of(const drawn *d, day as_of)
{
    return (journey_request){.p = &d->world.portfolio,
                             .b = d->world.bound,
                             .arr = d->arr_book,
                             .orders = d->order_book,
                             .has_arr = true,
                             .as_of = as_of,
                             .since = DAY(2024, 1, 1),
                             .landmark_days = 90};
}

static journey follow(const drawn *d)
{
    journey j = {0};
    strata_error err = {0};
    journey_request r = request_of(d, AS_OF);
    assert_ok(journey_make(&d->world.cx, &r, NULL, d->world.arena, &j, &err), &err);
    return j;
}

/* --- what a plain reading says --- */

static int64_t arr_on(const drawn *d, size_t i, day at)
{
    int64_t arr = 0;
    for (size_t k = 0; k < d->n_arr; k++) {
        arr = d->arr[k].account == (int32_t)i && d->arr[k].day <= at ? d->arr[k].arr_after : arr;
    }
    return arr;
}

static size_t days_used(const drawn *d, size_t i, day from, day to)
{
    size_t n = 0;
    for (day at = from; at <= to; at++) {
        bool used = false;
        for (size_t k = 0; k < d->n_usage && !used; k++) {
            used = d->usage[k].account == (int32_t)i && d->usage[k].day == at;
        }
        n += used;
    }
    return n;
}

/* Sundays and the last day, from the start on. */
static day next_look(day d)
{
    day sunday = d + 6 - day_weekday(d);
    return sunday < AS_OF ? sunday : AS_OF;
}

static day first_reached(const drawn *d, size_t i, size_t stage)
{
    for (day at = next_look(d->starts[i]);; at = next_look(at + 1)) {
        bool yes = stage == 1   ? days_used(d, i, d->starts[i], at) > 0
                   : stage == 2 ? days_used(d, i, at - 29, at) >= 3
                                : arr_on(d, i, at) >= 1000000;
        if (yes) {
            return at;
        }
        if (at == AS_OF) {
            return DAY_MISSING;
        }
    }
}

static void paths_are_what_a_plain_reading_finds(void **state)
{
    (void)state;
    drawn *d = drawn_new(1, (variant){.n = 120});
    journey j = follow(d);
    const journey_paths *p = &j.paths;
    assert_int_equal(p->n_stages, STAGES);
    assert_int_equal(p->n_left_out, 1);
    assert_string_equal(p->left_out[0].name, "Surveyed");
    assert_non_null(p->left_out[0].why);
    assert_int_equal(p->step, JOURNEY_WEEK);
    size_t got[STAGES] = {0};
    size_t skipped[STAGES] = {0};
    size_t stuck = 0;
    for (size_t i = 0; i < 120; i++) {
        day own[STAGES] = {d->starts[i]};
        size_t now = 0;
        for (size_t s = 1; s < STAGES; s++) {
            own[s] = first_reached(d, i, s);
            assert_int_equal(p->reached[s][i], own[s]);
            now = own[s] != DAY_MISSING ? s : now;
        }
        assert_int_equal(p->now[i], now);
        day at_least = DAY_MISSING;
        for (size_t s = STAGES; s-- > 0;) {
            at_least = own[s] != DAY_MISSING && (at_least == DAY_MISSING || own[s] < at_least)
                           ? own[s]
                           : at_least;
            assert_int_equal(p->entered[s][i], at_least);
            got[s] += at_least != DAY_MISSING;
            skipped[s] += at_least != DAY_MISSING && own[s] == DAY_MISSING;
        }
        bool gone = arr_on(d, i, AS_OF) == 0;
        assert_int_equal(p->left[i] != DAY_MISSING, gone);
        stuck += !gone && now + 1 < STAGES && j.limit[now] > 0 &&
                 AS_OF - p->entered[now][i] > j.limit[now];
    }
    for (size_t s = 0; s < STAGES; s++) {
        assert_int_equal(j.all.steps[s].got, got[s]);
        assert_int_equal(j.all.steps[s].skipped, skipped[s]);
    }
    assert_true(skipped[2] > 0);
    assert_int_equal(j.n_stuck, stuck);
    assert_int_equal(j.limit[1], 40);
    assert_true(j.limit_by_model[1] && !j.limit_by_model[0]);
    drawn_free(d);
}

static void stages_never_widen_and_counts_add_up(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        drawn *d = drawn_new(seed, (variant){0});
        journey j = follow(d);
        size_t now = 0;
        for (size_t s = 0; s < STAGES; s++) {
            const journey_step *x = &j.all.steps[s];
            assert_true(s == 0 || x->got <= j.all.steps[s - 1].got);
            assert_int_equal(x->onto_next.done + x->onto_next.waiting + x->onto_next.left,
                             x->onto_next.n);
            assert_int_equal(x->from_start.n, j.all.followed);
            assert_int_equal(x->from_start.done, x->got);
            for (size_t m = 1; m < JOURNEY_AGES && x->by_month_known[m]; m++) {
                assert_true(x->by_month[m] >= x->by_month[m - 1]);
            }
            now += x->here + x->gone;
        }
        assert_int_equal(now, j.all.followed);
        for (size_t k = 0; k < j.n_stuck; k++) {
            assert_true(j.stuck[k].days > j.stuck[k].limit);
            assert_true(k == 0 || j.stuck[k - 1].worth_minor >= j.stuck[k].worth_minor);
        }
        drawn_free(d);
    }
}

/* As of an earlier date everything is as it was: reached dates up to there are the same. */
static void an_earlier_date_sees_the_same_paths_so_far(void **state)
{
    (void)state;
    drawn *d = drawn_new(3, (variant){0});
    journey now = follow(d);
    day earlier = AS_OF - 1 - day_weekday(AS_OF) - 7 * 20; /* a Sunday, so that both look then */
    journey_request r = request_of(d, earlier);
    journey_paths then = {0};
    strata_error err = {0};
    assert_ok(journey_paths_make(&d->world.cx, &r, d->world.arena, &then, &err), &err);
    for (size_t s = 1; s < STAGES; s++) {
        for (size_t i = 0; i < N; i++) {
            day at = now.paths.reached[s][i];
            bool followed = then.start[i] != DAY_MISSING;
            day want = followed && at != DAY_MISSING && at <= earlier ? at : DAY_MISSING;
            assert_int_equal(then.reached[s][i], want);
        }
    }
    drawn_free(d);
}

static activation search(const drawn *d, const journey *j)
{
    activation a = {0};
    strata_error err = {0};
    journey_request r = request_of(d, AS_OF);
    assert_ok(activation_make(&d->world.cx, &r, &j->paths, d->world.arena, &a, &err), &err);
    return a;
}

static void threads_row_order_and_later_facts_change_nothing(void **state)
{
    (void)state;
    drawn *one = drawn_new(4, (variant){.threads = 1});
    drawn *other = drawn_new(4, (variant){.threads = 4, .backwards = true, .later = true});
    journey a = follow(one);
    journey b = follow(other);
    for (size_t s = 0; s < STAGES; s++) {
        assert_memory_equal(a.paths.reached[s], b.paths.reached[s], N * sizeof(day));
        assert_memory_equal(&a.all.steps[s].onto_next.median, &b.all.steps[s].onto_next.median,
                            sizeof(km_median));
        assert_int_equal(a.all.steps[s].here, b.all.steps[s].here);
    }
    assert_int_equal(a.n_stuck, b.n_stuck);
    activation x = search(one, &a);
    activation y = search(other, &b);
    assert_int_equal(x.n, y.n);
    for (size_t k = 0; k < x.n; k++) {
        assert_string_equal(x.signs[k].name, y.signs[k].name);
        assert_memory_equal(&x.signs[k].p_search, &y.signs[k].p_search, sizeof(double));
    }
    drawn_free(one);
    drawn_free(other);
}

static const activation_sign *find_sign(const activation *a, const char *name)
{
    for (size_t k = 0; k < a->n; k++) {
        if (strcmp(a->signs[k].name, name) == 0) {
            return &a->signs[k];
        }
    }
    fail_msg("no sign %s", name);
    return &a->signs[0];
}

/* Being used decides who leaves; what was planted is confirmed, and only accounts that were there
 * at the landmark and followed to month 12 count. */
static void a_planted_effect_is_confirmed(void **state)
{
    (void)state;
    drawn *d = drawn_new(5, (variant){0});
    journey j = follow(d);
    activation a = search(d, &j);
    assert_null(a.why);
    assert_true(a.months == 12 || a.months == 9);
    const activation_sign *active = find_sign(&a, "Active");
    assert_int_equal(active->state, PATTERN_CONFIRMED);
    assert_true(active->confirmed.test.effect > 0.2);
    assert_true(find_sign(&a, "Five days of use")->confirmed.test.effect > 0.2);
    size_t n = 0;
    size_t kept = 0;
    size_t have = 0;
    for (size_t i = 0; i < N; i++) {
        day end = day_add_months(d->starts[i], a.months);
        day look = next_look(d->starts[i] + 90);
        if (end > AS_OF || arr_on(d, i, look) <= 0) {
            continue;
        }
        n++;
        kept += arr_on(d, i, end) > 0;
        have += j.paths.reached[2][i] != DAY_MISSING && j.paths.reached[2][i] <= look;
    }
    assert_int_equal(a.accounts, n);
    assert_int_equal(a.kept, kept);
    assert_int_equal(active->have, have);
    drawn_free(d);
}

static void groups_split_the_whole(void **state)
{
    (void)state;
    drawn *d = drawn_new(6, (variant){0});
    journey j = {0};
    groups *g = NULL;
    strata_error err = {0};
    journey_request r = request_of(d, AS_OF);
    assert_ok(groups_by_value(&d->world.cx, d->world.arena, &d->world.portfolio, d->world.bound,
                              NULL, "size", AS_OF, &g, &err),
              &err);
    assert_ok(journey_make(&d->world.cx, &r, g, d->world.arena, &j, &err), &err);
    for (size_t s = 0; s < STAGES; s++) {
        size_t got = 0;
        for (size_t k = 0; k < j.n_groups; k++) {
            got += j.groups[k].steps[s].got;
        }
        assert_int_equal(got, j.all.steps[s].got);
    }
    assert_int_equal(j.ungrouped, 0);
    drawn_free(d);
}

/* --- what cannot be --- */

static void journeys_that_cannot_be_judged_are_said(void **state)
{
    (void)state;
    static const struct {
        const char *stages, *message;
    } cases[] = {
        {"", "the model has no journey"},
        {"journey:\n  stages:\n    - {name: Asked, when: nps_last >= 9}\n",
         "none of the 1 stages of the journey can be judged: 'Asked' needs data"},
        {"journey:\n  stages:\n    - {name: Big, when: size = Large}\n", "reads segments"},
        {"journey:\n  stages:\n    - {name: Long, when: arr >= 10k for 30 days}\n", "look back"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char text[1024];
        (void)snprintf(text, sizeof text,
                       "strata: 1\ndimensions:\n  size:\n    tiers:\n"
                       "      - {name: Large, when: arr >= 10k}\n"
                       "      - {name: Small, otherwise: true}\nprimary: size\n%s",
                       cases[k].stages);
        drawn *d = drawn_new(7, (variant){.yaml = text, .n = 5});
        journey_request r = request_of(d, AS_OF);
        journey_paths p = {.n = 77};
        strata_error err = {0};
        assert_int_equal(journey_paths_make(&d->world.cx, &r, d->world.arena, &p, &err),
                         STRATA_E_DATA);
        if (strstr(err.message, cases[k].message) == NULL) {
            fail_msg("case %zu: %s", k, err.message);
        }
        assert_int_equal(p.n, 77);
        drawn_free(d);
    }
}

static void two_accounts_and_a_stage_that_nobody_reaches(void **state)
{
    (void)state;
    static const char few[] = "strata: 1\ndimensions:\n  size:\n    tiers:\n"
                              "      - {name: Large, when: arr >= 10k}\n"
                              "      - {name: Small, otherwise: true}\nprimary: size\n"
                              "journey:\n  stages:\n    - {name: Huge, when: arr >= 10M}\n";
    drawn *d = drawn_new(8, (variant){.yaml = few, .n = 2});
    journey j = follow(d);
    assert_int_equal(j.all.followed, 2);
    assert_int_equal(j.all.steps[1].got, 0);
    assert_false(j.all.steps[1].share.stated);
    assert_false(j.all.steps[0].onto_next.stated);
    assert_int_equal(j.limit[0], 0); /* nothing says what is too long */
    assert_int_equal(j.n_stuck, 0);
    activation a = search(d, &j);
    assert_non_null(a.why);
    drawn_free(d);
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    drawn *d = drawn_new(9, (variant){.threads = 1, .n = 60});
    journey_request r = request_of(d, AS_OF);
    context one = d->world.cx;
    one.threads = 1;
    int failures = 0;
    FAILURE_LOOP(failures, {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        journey j = {.n_groups = 77};
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? journey_make(&one, &r, NULL, a, &j, &err) : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, j.n_groups == 77);
    });
    assert_true(failures > 10);
    drawn_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_what_a_plain_reading_finds),
        cmocka_unit_test(stages_never_widen_and_counts_add_up),
        cmocka_unit_test(an_earlier_date_sees_the_same_paths_so_far),
        cmocka_unit_test(threads_row_order_and_later_facts_change_nothing),
        cmocka_unit_test(a_planted_effect_is_confirmed),
        cmocka_unit_test(groups_split_the_whole),
        cmocka_unit_test(journeys_that_cannot_be_judged_are_said),
        cmocka_unit_test(two_accounts_and_a_stage_that_nobody_reaches),
        cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
