/* SPDX-License-Identifier: Apache-2.0 */
/* Interventions with a planted effect, given to accounts that were shaky anyway. */
#include "strata_test.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/world.h"
#include "base/rng.h"
#include "plan/effect/intervention_effect.h"

enum {
    N = 2500,
    MONTHS = 14,
    SEEDS = 6,
    HORIZON = 3 /* months that an intervention helps */
};
static const double HELPS = 0.4; /* times the chance of leaving while it helps */
static const char yaml[] = "strata: 1\ndimensions:\n  value:\n    tiers:\n"
                           "      - {name: Large, when: arr >= 50k}\n"
                           "      - {name: Small, otherwise: true}\n";

typedef struct history {
    arr_fact arr[2 * N];
    health_fact health[MONTHS * N];
    logged_intervention log[MONTHS * N];
    size_t n_arr, n_health, n_log;
    /* By horizon, over those treated: kept with it, and what came after, less kept without any. */
    size_t n_truth[EFFECT_HORIZONS];
    double truth[EFFECT_HORIZONS];
} history;

static day month_start(int m)
{
    return day_add_months(DAY(2024, 4, 1), m);
}

static double chance_of_leaving(double health, bool helped)
{
    double p = 1.0 / (1.0 + exp(0.5 + 0.06 * (health - 20.0)));
    return helped ? HELPS * p : p;
}

static bool may_act(double health, int m, int helped_from)
{
    return m - helped_from > HORIZON && health < 50.0;
}

/* Chance of still being there at month `end`, when people go on acting as they do. */
static double kept_with(const double *health, int m, int end, int helped_from)
{
    double kept = 1.0;
    for (; m < end; m++) {
        if (may_act(health[m], m, helped_from)) {
            double again =
                (1.0 - chance_of_leaving(health[m], true)) * kept_with(health, m + 1, end, m);
            double not_now = (1.0 - chance_of_leaving(health[m], false)) *
                             kept_with(health, m + 1, end, helped_from);
            return kept * (again / 3.0 + not_now * 2.0 / 3.0);
        }
        kept *= 1.0 - chance_of_leaving(health[m], m - helped_from < HORIZON);
    }
    return kept;
}

/* What the months with help and without any would have kept, whatever came of it. */
static double kept_by(const double *health, int m, int months)
{
    double without = 1.0;
    for (int k = m; k < m + months; k++) {
        without *= 1.0 - chance_of_leaving(health[k], false);
    }
    return kept_with(health, m, m + months, m) - without;
}

/* Health is 55 on average and moves slowly; under 50 people act every third time. */
static void live(history *h, rng *r, int32_t account)
{
    double health[MONTHS + HORIZON];
    double level = 55.0 + 12.0 * rng_normal(r);
    int64_t cents = 100 * (int64_t)(rng_below(r, 4) == 0 ? 80000 : 20000);
    int helped_from = -100;
    h->arr[h->n_arr++] = (arr_fact){account, month_start(0) - 40, cents, ARR_NEW};
    for (int m = 0; m < MONTHS + HORIZON; m++) {
        health[m] = fmin(fmax(level + 6.0 * rng_normal(r), 0.0), 100.0);
    }
    for (int m = 0; m < MONTHS; m++) {
        h->health[h->n_health++] = (health_fact){account, month_start(m), health[m]};
        if (may_act(health[m], m, helped_from) && rng_below(r, 3) == 0) {
            helped_from = m;
            h->log[h->n_log++] = (logged_intervention){(uint32_t)account, month_start(m), 0, 60.0};
            for (size_t k = 0; k < EFFECT_HORIZONS; k++) {
                if (day_add_months(month_start(m), effect_months[k]) <= AS_OF) {
                    h->truth[k] += kept_by(health, m, effect_months[k]);
                    h->n_truth[k]++;
                }
            }
        }
        if (rng_uniform(r) < chance_of_leaving(health[m], m - helped_from < HORIZON)) {
            h->arr[h->n_arr++] = (arr_fact){account, month_start(m + 1), 0, ARR_CHURN};
            return;
        }
    }
}

typedef struct stage {
    history h;
    world w;
    arr_book *book;
} stage;

static stage *set(uint64_t seed, int threads)
{
    stage *s = calloc(1, sizeof *s);
    strata_error err = {0};
    assert_non_null(s);
    rng r;
    rng_init(&r, seed, 1);
    for (int32_t i = 0; i < N; i++) {
        live(&s->h, &r, i);
    }
    const world_inputs in = {.facts = {.n_accounts = N,
                                       .arr = s->h.arr,
                                       .n_arr = s->h.n_arr,
                                       .health = s->h.health,
                                       .n_health = s->h.n_health},
                             .yaml = yaml,
                             .threads = threads};
    world_open(&s->w, &in);
    assert_ok(arr_book_load(&s->w.cx, s->w.portfolio.ledgers, AS_OF, &s->book, &err), &err);
    return s;
}

static void done(stage *s)
{
    arr_book_free(s->book);
    world_done(&s->w);
    free(s);
}

static intervention_effects find(stage *s, size_t n_log, day as_of)
{
    static const char *const names[] = {"call"};
    strata_error err = {0};
    const intervention_log log = {s->h.log, n_log, names, 1};
    const effect_panel_request q = {.p = &s->w.portfolio,
                                    .b = s->w.bound,
                                    .log = &log,
                                    .dimension = world_dimension(&s->w, "value"),
                                    .as_of = as_of};
    effect_ground ground = {0};
    intervention_effects out = {0};
    assert_ok(effect_ground_make(&s->w.cx, &q, s->w.arena, &ground, &err), &err);
    assert_ok(
        intervention_effects_of(&s->w.cx, &ground, s->book, SEGMENT_ABSENT, s->w.arena, &out, &err),
        &err);
    return out;
}

static const effect_balance *balance_of(const intervention_effect *x, const char *name)
{
    for (size_t k = 0; k < x->n_balance; k++) {
        if (strcmp(x->balance[k].name, name) == 0) {
            return &x->balance[k];
        }
    }
    fail_msg("no covariate %s", name);
    return NULL;
}

static void the_planted_effect_lies_in_the_interval(void **state)
{
    (void)state;
    int hits[EFFECT_HORIZONS] = {0};
    double off[EFFECT_HORIZONS] = {0.0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        stage *s = set(seed, 2);
        const intervention_effects x = find(s, s->h.n_log, AS_OF);
        assert_true(balance_of(&x.items[0], "health")->before < -1.0);
        assert_true(fabs(balance_of(&x.items[0], "health")->after) < 0.1);
        assert_true(x.items[0].balanced);
        for (size_t k = 0; k < EFFECT_HORIZONS; k++) {
            const effect_after *after = &x.items[0].after[k];
            const ratio_difference *kept = &after->of[OUTCOME_KEPT];
            double truth = s->h.truth[k] / (double)s->h.n_truth[k];
            assert_true(after->stated && kept->defined);
            assert_true(kept->difference > 0.0);
            hits[k] += kept->low <= truth && truth <= kept->high;
            off[k] += (kept->difference - truth) / SEEDS;
        }
        done(s);
    }
    for (size_t k = 0; k < EFFECT_HORIZONS; k++) {
        assert_true(hits[k] >= SEEDS - 1); /* of 95 %: one miss in six has a chance of 23 % */
        assert_true(fabs(off[k]) < 0.04);
    }
}

static void one_name_is_all_of_them(void **state)
{
    (void)state;
    stage *s = set(3, 1);
    const intervention_effects x = find(s, s->h.n_log, AS_OF);
    assert_int_equal(x.n, 2);
    assert_null(x.items[0].name);
    assert_string_equal(x.items[1].name, "call");
    for (size_t h = 0; h < EFFECT_HORIZONS; h++) {
        assert_int_equal(x.items[0].after[h].n_matched, x.items[1].after[h].n_matched);
        assert_true(x.items[0].after[h].n_had >= x.items[0].after[h].n_matched);
    }
    assert_int_equal(x.items[0].n_recorded, s->h.n_log);
    const effect_after *a = &x.items[1].after[0];
    assert_close(a->hours, (double)a->n_matched, 1e-12);
    assert_close(a->arr_per_hour, a->arr / a->hours, 1e-12);
    done(s);
}

static void assert_same(const intervention_effects *a, const intervention_effects *b)
{
    for (size_t h = 0; h < EFFECT_HORIZONS; h++) {
        assert_memory_equal(&a->items[1].after[h].of[OUTCOME_ARR],
                            &b->items[1].after[h].of[OUTCOME_ARR], sizeof(ratio_difference));
        assert_int_equal(a->items[1].after[h].n_others, b->items[1].after[h].n_others);
    }
}

static void more_threads_change_nothing(void **state)
{
    (void)state;
    stage *one = set(2, 1);
    stage *three = set(2, 3);
    const intervention_effects a = find(one, one->h.n_log, AS_OF);
    const intervention_effects b = find(three, three->h.n_log, AS_OF);
    assert_same(&a, &b);
    done(one);
    done(three);
}

/* The book and the ledger hold all of it; only the log ends earlier, as it is loaded. */
static void later_facts_change_nothing(void **state)
{
    (void)state;
    stage *s = set(4, 2);
    day earlier = DAY(2025, 1, 15);
    size_t n = 0;
    static logged_intervention log[MONTHS * N];
    for (size_t k = 0; k < s->h.n_log; k++) {
        if (s->h.log[k].day <= earlier) {
            log[n++] = s->h.log[k];
        }
    }
    memcpy(s->h.log, log, n * sizeof *log);
    const intervention_effects all = find(s, n, earlier);
    arr_book *short_book = NULL;
    strata_error err = {0};
    assert_ok(arr_book_load(&s->w.cx, s->w.portfolio.ledgers, earlier, &short_book, &err), &err);
    arr_book_free(s->book);
    s->book = short_book;
    const intervention_effects known = find(s, n, earlier);
    assert_true(all.items[0].after[0].stated);
    assert_same(&all, &known);
    done(s);
}

static void few_are_said_to_be_few(void **state)
{
    (void)state;
    stage *s = set(5, 1);
    const intervention_effects some = find(s, 12, AS_OF);
    assert_int_equal(some.items[0].n_recorded, 12);
    assert_false(some.items[0].after[0].stated);
    assert_false(some.items[0].after[0].of[OUTCOME_KEPT].defined);
    const intervention_effects none = find(s, 0, AS_OF);
    assert_int_equal(none.items[0].n_recorded, 0);
    assert_false(none.items[0].after[0].stated);
    done(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_planted_effect_lies_in_the_interval),
        cmocka_unit_test(one_name_is_all_of_them),
        cmocka_unit_test(more_threads_change_nothing),
        cmocka_unit_test(later_facts_change_nothing),
        cmocka_unit_test(few_are_said_to_be_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
