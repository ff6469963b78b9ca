/* SPDX-License-Identifier: Apache-2.0 */
/* Splits of small portfolios against exhaustive search; the effect of touch where it is known. */
#include "strata_test.h"

#include <math.h>

#include "analysis/world.h"
#include "base/rng.h"
#include "plan/coverage/coverage.h"
#include "plan/work/split.h"

enum { SEGMENTS = 3, MOST = 9, TODAY = 20269 /* AS_OF, as a constant */ };

/* At most ten accounts of a segment, so that each is a piece of its own. */
typedef struct small {
    size_t n;
    int32_t touch[MOST], renewal[MOST], none[MOST], total[MOST];
    segment_code codes[MOST];
    int64_t stake[MOST], room[MOST];
    workload work;
    stakes stakes;
    engagement engagement;
    touch_effect effect, growth;
} small;

static void draw(small *x, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 0);
    *x = (small){.n = 4 + rng_below(&r, MOST - 3)};
    for (size_t i = 0; i < x->n; i++) {
        x->touch[i] = 60 * (1 + (int32_t)rng_below(&r, 40));
        x->renewal[i] = 30 * (int32_t)rng_below(&r, 5);
        x->total[i] = x->touch[i] + x->renewal[i];
        x->codes[i] = (segment_code)rng_below(&r, SEGMENTS);
        x->stake[i] = (int64_t)rng_below(&r, 1000000);
        x->room[i] = (int64_t)rng_below(&r, 2000000);
    }
    x->work = (workload){.n = x->n, .total = x->total, .codes = x->codes};
    for (size_t k = 0; k < WORK_KINDS; k++) {
        x->work.minutes[k] = x->none;
    }
    x->work.minutes[WORK_TOUCHPOINT] = x->touch;
    x->work.minutes[WORK_RENEWAL] = x->renewal;
    x->stakes = (stakes){.known = true, .minor = x->stake, .grows = x->room};
    x->engagement = (engagement){.n_segments = SEGMENTS};
    x->effect = (touch_effect){.source = EFFECT_ASSUMED, .low = 0.1, .likely = 0.2, .high = 0.3};
    x->growth = (touch_effect){.source = EFFECT_ASSUMED, .low = 0.0, .likely = 0.1, .high = 0.4};
}

static double brings(const small *x, size_t i)
{
    return x->effect.likely * (double)x->stake[i] + x->growth.likely * (double)x->room[i];
}

/* At the best, every account but one gets all or nothing: tries all of these. */
static double search(const small *x, double hours)
{
    double best = 0.0;
    double left = hours;
    for (size_t i = 0; i < x->n; i++) {
        left -= x->renewal[i] / 60.0;
    }
    for (size_t set = 0; set < (size_t)1 << x->n; set++) {
        double used = 0.0;
        double worth = 0.0;
        for (size_t i = 0; i < x->n; i++) {
            used += (set >> i & 1) != 0 ? x->touch[i] / 60.0 : 0.0;
            worth += (set >> i & 1) != 0 ? brings(x, i) : 0.0;
        }
        if (used > left + 1e-9) {
            continue;
        }
        double more = 0.0;
        for (size_t i = 0; i < x->n; i++) {
            double part = fmin(1.0, (left - used) / (x->touch[i] / 60.0));
            more = (set >> i & 1) == 0 ? fmax(more, part * brings(x, i)) : more;
        }
        best = fmax(best, worth + more);
    }
    return best;
}

static split solve(const small *x, int64_t minutes, arena *a)
{
    context cx = {.threads = 1};
    strata_error err = {0};
    split out = {0};
    const split_input in = {&x->engagement, &x->work, &x->stakes, &x->effect, &x->growth, minutes};
    assert_ok(split_best(&cx, &in, a, &out, &err), &err);
    return out;
}

/* Whole minutes and cents: segments are the total, and the total is the accounts. */
static void assert_adds_up(const small *x, const split *s)
{
    int64_t sums[6] = {0};
    int64_t work = 0;
    for (size_t k = 0; k < SEGMENTS; k++) {
        const split_segment *g = &s->segments[k];
        assert_true(g->given <= g->planned);
        assert_true(g->worth.low <= g->worth.protects + g->worth.grows + 1);
        assert_true(g->worth.protects + g->worth.grows <= g->worth.high + 1);
        sums[0] += g->committed;
        sums[1] += g->planned;
        sums[2] += g->given;
        sums[3] += g->worth.protects;
        sums[4] += g->worth.grows;
        sums[5] += g->worth.high;
    }
    for (size_t i = 0; i < x->n; i++) {
        work += x->total[i];
    }
    assert_int_equal(sums[0] + sums[1], work);
    assert_int_equal(sums[0], s->all.committed);
    assert_int_equal(sums[1], s->all.planned);
    assert_int_equal(sums[2], s->all.given);
    assert_int_equal(sums[3], s->all.worth.protects);
    assert_int_equal(sums[4], s->all.worth.grows);
    assert_int_equal(sums[5], s->all.worth.high);
    assert_true(s->all.committed + s->all.given <= s->minutes);
    assert_true(fabs((double)(sums[3] + sums[4]) - s->best) <= (double)SEGMENTS);
    assert_true((double)s->evenly <= s->best + 1.0);
}

static void the_split_is_as_good_as_any(void **state)
{
    (void)state;
    strata_error err = {0};
    for (uint64_t seed = 1; seed <= 60; seed++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        small x;
        assert_ok(arena_new(&a, &err), &err);
        draw(&x, seed);
        int64_t all = 0;
        int64_t first = 0;
        for (size_t i = 0; i < x.n; i++) {
            all += x.total[i];
            first += x.renewal[i];
        }
        int64_t minutes = first + (all - first) * (int64_t)(seed % 7) / 6;
        split s = solve(&x, minutes, a);
        assert_true(s.possible);
        double hours = (double)minutes / 60.0;
        assert_close(s.best, search(&x, hours), 1e-7);
        assert_adds_up(&x, &s);
        double next = 0.0;
        for (size_t k = 0; k < SEGMENTS; k++) {
            next = fmax(next, s.segments[k].next.likely);
        }
        /* One more minute is worth what the price says, unless a piece ends just there. */
        double gain = (search(&x, hours + 0.001) - search(&x, hours)) / 0.001;
        assert_close(gain, next, 1e-4 * (1.0 + gain));
    }
}

/* What hours of touch in one segment bring at best: an account after the other, the best first. */
static double worth_in(const small *x, size_t segment, double hours)
{
    bool done[MOST] = {false};
    double sum = 0.0;
    for (;;) {
        size_t best = x->n;
        for (size_t i = 0; i < x->n; i++) {
            bool asked = !done[i] && x->codes[i] == segment;
            bool more =
                best == x->n || brings(x, i) / x->touch[i] > brings(x, best) / x->touch[best];
            best = asked && more ? i : best;
        }
        if (best == x->n || hours <= 0.0) {
            return sum;
        }
        double take = fmin(hours, x->touch[best] / 60.0);
        sum += take / (x->touch[best] / 60.0) * brings(x, best);
        hours -= take;
        done[best] = true;
    }
}

/* 120 hours are more than any account takes, so that they go over several, or beyond the plan. */
static void ten_hours_a_month_more_are_worth_what_so_many_bring(void **state)
{
    (void)state;
    strata_error err = {0};
    size_t beyond = 0;
    size_t within = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        small x;
        assert_ok(arena_new(&a, &err), &err);
        draw(&x, seed);
        for (size_t i = 0; i < x.n; i++) {
            x.touch[i] *= 4;
            x.total[i] = x.touch[i] + x.renewal[i];
        }
        int64_t all = 0;
        int64_t first = 0;
        for (size_t i = 0; i < x.n; i++) {
            all += x.total[i];
            first += x.renewal[i];
        }
        const int64_t minutes = first + (all - first) * (int64_t)(seed % 7) / 6;
        const double hours = (double)minutes / 60.0;
        split s = solve(&x, minutes, a);
        assert_close(s.all.ten_more.likely, search(&x, hours + SPLIT_TEN_HOURS) - search(&x, hours),
                     1e-6 * (1.0 + s.best));
        for (size_t k = 0; k < SEGMENTS; k++) {
            const split_segment *g = &s.segments[k];
            const double given = (double)g->given / 60.0;
            const double lacks = (double)(g->planned - g->given) / 60.0;
            const double now = worth_in(&x, k, given);
            assert_close(g->ten_hours, fmin(lacks, SPLIT_TEN_HOURS), 0.02);
            assert_close(g->ten_more.likely, worth_in(&x, k, given + SPLIT_TEN_HOURS) - now,
                         1e-3 * (1.0 + s.best));
            assert_true(g->ten_more.low <= g->ten_more.likely &&
                        g->ten_more.likely <= g->ten_more.high);
            if (given > SPLIT_TEN_HOURS + 0.02) {
                assert_close(g->ten_less, now - worth_in(&x, k, given - SPLIT_TEN_HOURS),
                             1e-3 * (1.0 + s.best));
            } else {
                assert_true(given >= SPLIT_TEN_HOURS - 0.02 || isnan(g->ten_less));
            }
            beyond += lacks > 0.0 && lacks < SPLIT_TEN_HOURS;
            within += lacks > SPLIT_TEN_HOURS;
        }
    }
    assert_true(beyond > 5 && within > 5);
}

/* The account whose hours bring most, of those not done; n: none is left. */
static size_t best_left(const small *x, const bool *done)
{
    size_t best = x->n;
    for (size_t i = 0; i < x->n; i++) {
        bool more = best == x->n || brings(x, i) / x->touch[i] > brings(x, best) / x->touch[best];
        best = !done[i] && more ? i : best;
    }
    return best;
}

/* Where the hours end just with a piece, a price of the programme may be that of the piece before.
 */
static void one_more_hour_in_all_is_that_of_the_segment_where_it_brings_most(void **state)
{
    (void)state;
    strata_error err = {0};
    for (uint64_t seed = 1; seed <= 60; seed++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        small x;
        assert_ok(arena_new(&a, &err), &err);
        draw(&x, seed);
        int64_t first = 0;
        for (size_t i = 0; i < x.n; i++) {
            first += x.renewal[i];
        }
        bool done[MOST] = {false};
        for (size_t i = 0; i <= x.n; i++) {
            split s = solve(&x, first, a);
            const split_price *most = &(split_price){0};
            for (size_t k = 0; k < SEGMENTS; k++) {
                const split_price *next = &s.segments[k].next;
                most = next->likely > most->likely ? next : most;
            }
            assert_close(s.all.next.likely, most->likely, 1e-9);
            assert_close(s.all.next.low, most->low, 1e-9);
            assert_close(s.all.next.high, most->high, 1e-9);
            size_t best = best_left(&x, done);
            first += best < x.n ? x.touch[best] : 0;
            done[best < x.n ? best : 0] = true;
        }
    }
}

static void hours_that_do_not_hold_what_comes_first_are_named(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    small x;
    assert_ok(arena_new(&a, &err), &err);
    draw(&x, 1);
    for (size_t i = 0; i < x.n; i++) {
        x.codes[i] = (segment_code)(i % SEGMENTS);
        x.renewal[i] = x.codes[i] == 1 ? 6000 : 60;
        x.total[i] = x.touch[i] + x.renewal[i];
    }
    split s = solve(&x, 600, a);
    assert_false(s.possible);
    assert_int_equal(s.n_conflict, 1);
    assert_int_equal(s.conflict[0], 1);
    s = solve(&x, 0, a);
    assert_false(s.possible);
    assert_int_equal(s.n_conflict, 1); /* any one of them suffices */
}

/* Growth alone moves the hours too, and what has no effect counts nothing. */
static void without_an_effect_on_staying_hours_go_to_growth(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    small x;
    assert_ok(arena_new(&a, &err), &err);
    draw(&x, 3);
    x.effect = (touch_effect){.source = EFFECT_NONE, .low = NAN, .likely = NAN, .high = NAN};
    int64_t all = 0;
    for (size_t i = 0; i < x.n; i++) {
        all += x.total[i];
    }
    split s = solve(&x, all, a);
    int64_t room = 0;
    for (size_t i = 0; i < x.n; i++) {
        room += x.room[i];
    }
    assert_int_equal(s.all.worth.protects, 0);
    assert_true(fabs((double)s.all.worth.grows - 0.1 * (double)room) <= (double)SEGMENTS);
    assert_int_equal(s.all.worth.low, 0);
}

/* --- the effect --- */

#define LEVELS                                                                                     \
    "strata: 1\ndimensions:\n  value:\n    tiers:\n"                                               \
    "      - {name: Middle, when: arr >= 10k}\n"                                                   \
    "      - {name: Small, otherwise: true}\n"                                                     \
    "engagement:\n"                                                                                \
    "  levels:\n"                                                                                  \
    "    low: {cadence: quarterly}\n"                                                              \
    "    digital: {cadence: none}\n"                                                               \
    "  hours: {touchpoint: 1, review: 1, onboarding: 1, renewal: 1, ticket: 1}\n"                  \
    "  segments:\n    Middle: {touch: low}\n    Small: {touch: digital}\n"

enum { GROUP = 100, ACCOUNTS = 2 * GROUP };

/* Of the first hundred, touched, `left_touched` leave; of the others `left_others`. */
static touch_effect effect_of(const char *yaml, int left_touched, int left_others)
{
    static arr_fact arr[2 * ACCOUNTS];
    static touch_fact touches[ACCOUNTS];
    static const csm_list nobody = {NULL, 0};
    size_t n = 0;
    for (int32_t i = 0; i < ACCOUNTS; i++) {
        bool leaves = i < GROUP ? i < left_touched : i - GROUP < left_others;
        arr[n++] = (arr_fact){i, TODAY - 800, 2000000, ARR_NEW};
        if (leaves) {
            arr[n++] = (arr_fact){i, TODAY - 100, 0, ARR_CHURN};
        }
        /* the others had one long before the window */
        touches[i] = (touch_fact){i, i < GROUP ? TODAY - 400 : TODAY - 700, NAN, -1};
    }
    const world_inputs in = {.facts = {.n_accounts = ACCOUNTS,
                                       .arr = arr,
                                       .n_arr = n,
                                       .touchpoints = touches,
                                       .n_touchpoints = ACCOUNTS},
                             .yaml = yaml};
    world w;
    world_open(&w, &in);
    strata_error err = {0};
    view_options options = {.as_of = AS_OF, .since = DAY_MISSING, .watch = SIZE_MAX};
    assert_ok(coverage_slots(&w.portfolio, w.bound, w.arena, &options.keep, &options.n_keep, &err),
              &err);
    view_free(w.view);
    w.view = NULL;
    assert_ok(view_new(&w.cx, &w.portfolio, w.bound, NULL, &options, &w.view, &err), &err);
    engagement e = {0};
    stakes s = {0};
    assert_ok(engagement_resolve(w.view, &nobody, w.arena, &e, &err), &err);
    assert_ok(stakes_compute(&w.cx, w.view, &e, w.arena, &s, &err), &err);
    touch_effect x = touch_effect_find(w.view, &e, &s);
    world_done(&w);
    return x;
}

/* One stratum: the ratio is 10/100 over 40/100, the variance of its logarithm
 * 1/10 - 1/100 + 1/40 - 1/100 = 0.105. */
static void an_effect_that_shows_is_measured(void **state)
{
    (void)state;
    touch_effect x = effect_of(LEVELS, 10, 40);
    assert_int_equal(x.source, EFFECT_MEASURED);
    assert_int_equal(x.n_touched, GROUP);
    assert_int_equal(x.left_others, 40);
    assert_close(x.likely, 0.75, 1e-12);
    assert_close(x.low, 1.0 - 0.25 * exp(1.959963984540054 * sqrt(0.105)), 1e-12);
    assert_close(x.high, 1.0 - 0.25 * exp(-1.959963984540054 * sqrt(0.105)), 1e-12);
}

static void an_effect_that_does_not_show_is_assumed_or_missing(void **state)
{
    (void)state;
    touch_effect x = effect_of(LEVELS, 20, 22);
    assert_int_equal(x.source, EFFECT_NONE);
    assert_true(isnan(x.likely) && x.measured_low < 0.0);
    x = effect_of(LEVELS "  effect: {low: 5%, likely: 10%, high: 30%}\n", 20, 22);
    assert_int_equal(x.source, EFFECT_ASSUMED);
    assert_close(x.low, 0.05, 1e-12);
    assert_close(x.likely, 0.10, 1e-12);
    assert_close(x.high, 0.30, 1e-12);
    x = effect_of(LEVELS "  effect: 20%\n", 2, 3);
    assert_int_equal(x.source, EFFECT_ASSUMED);
    assert_true(isnan(x.measured)); /* fewer than five left */
    assert_close(x.high, 0.20, 1e-12);
}

static void effects_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } bad[] = {{"  effect: 120%\n", "must be 0% to 100%"},
               {"  growth: 2000%\n", "'growth' of engagement must be 0% to 1000%"},
               {"  growth: {low: 5%}\n", "growth of engagement needs low, likely and high"},
               {"  effect: {low: 5%, likely: 3%, high: 9%}\n", "must rise from low"},
               {"  effect: {low: 5%}\n", "needs low, likely and high"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char yaml[2048];
        strata_error err = {0};
        model *m = NULL;
        int len = snprintf(yaml, sizeof yaml, "%s%s", LEVELS, bad[i].line);
        assert_int_equal(model_parse("m.yaml", yaml, (size_t)len, &m, &err), STRATA_E_MODEL);
        assert_non_null(strstr(err.message, bad[i].says));
        assert_non_null(strstr(err.message, "m.yaml:"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_split_is_as_good_as_any),
        cmocka_unit_test(ten_hours_a_month_more_are_worth_what_so_many_bring),
        cmocka_unit_test(one_more_hour_in_all_is_that_of_the_segment_where_it_brings_most),
        cmocka_unit_test(hours_that_do_not_hold_what_comes_first_are_named),
        cmocka_unit_test(without_an_effect_on_staying_hours_go_to_growth),
        cmocka_unit_test(an_effect_that_shows_is_measured),
        cmocka_unit_test(an_effect_that_does_not_show_is_assumed_or_missing),
        cmocka_unit_test(effects_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
