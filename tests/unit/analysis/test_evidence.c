/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence for segments on ledgers drawn at random, against what a plain reading of them says. */
#include <math.h>

#include "strata_test.h"

#include "support/failing_alloc.h"

#include "analysis/evidence.h"
#include "analysis/world.h"
#include "base/rng.h"

enum { N = 300, MONTHS = 36, FACTS = N * (MONTHS + 2) };

/* `signal` is supplied health: whoever has a low one is likelier to leave the month after; size
 * (ARR) decides who grows. `noise` is seats, which say nothing. */
static const char yaml[] = "strata: 1\n"
                           "review: month\n"
                           "quality: {minimum_accounts: 10}\n"
                           "dimensions:\n"
                           "  signal:\n"
                           "    tiers:\n"
                           "      - {name: Low, when: health_supplied < 50}\n"
                           "      - {name: High, otherwise: true}\n"
                           "  size:\n"
                           "    tiers:\n"
                           "      - {name: Large, when: arr >= 10k}\n"
                           "      - {name: Small, otherwise: true}\n"
                           "  noise: {by: kind}\n"
                           "primary: signal\n";

typedef struct drawn {
    day starts[N];
    arr_fact arr[FACTS];
    size_t n_arr;
    health_fact health[FACTS];
    size_t n_health;
    int32_t kind[N];
    world world;
} drawn;

static day month_end(int k) /* 0: the as-of date, 1: the month end before */
{
    return day_month_end(day_add_months(day_month_start(AS_OF), -k));
}

static void draw_account(drawn *d, size_t i, rng *r)
{
    bool large = i % 3 == 0;
    int64_t arr = large ? 2000000 : 500000;
    bool low = rng_uniform(r) < 0.3;
    int start = MONTHS + 3 - (int)rng_below(r, 6);
    d->starts[i] = month_end(start) - 3;
    d->kind[i] = (int32_t)(i % 5);
    d->arr[d->n_arr++] = (arr_fact){(int32_t)i, d->starts[i], arr, ARR_NEW};
    for (int k = start; k > 0; k--) {
        low = rng_uniform(r) < 0.2 ? rng_uniform(r) < 0.3 : low;
        d->health[d->n_health++] = (health_fact){(int32_t)i, month_end(k) - 1, low ? 20.0 : 80.0};
        double chance = low ? 0.08 : 0.01;
        if (rng_uniform(r) < chance) {
            d->arr[d->n_arr++] = (arr_fact){(int32_t)i, month_end(k) + 10, 0, ARR_CHURN};
            return;
        }
        if (rng_uniform(r) < (large ? 0.08 : 0.01)) {
            arr += arr / 10;
            d->arr[d->n_arr++] = (arr_fact){(int32_t)i, month_end(k) + 12, arr, ARR_EXPANSION};
        }
    }
}

static drawn *drawn_new(uint64_t seed, int threads, bool backwards, bool later)
{
    static const char *const kinds[] = {"a", "b", "c", "d", "e"};
    drawn *d = calloc(1, sizeof *d);
    assert_non_null(d);
    rng r;
    rng_init(&r, seed, 3);
    for (size_t i = 0; i < N; i++) {
        draw_account(d, i, &r);
    }
    if (later) { /* facts after the as-of date */
        for (size_t i = 0; i < 20; i++) {
            d->arr[d->n_arr++] = (arr_fact){(int32_t)i, AS_OF + 5, 99999999, ARR_EXPANSION};
            d->health[d->n_health++] = (health_fact){(int32_t)i, AS_OF + 5, 1.0};
        }
    }
    for (size_t k = 0; backwards && k < d->n_arr / 2; k++) {
        arr_fact keep = d->arr[k];
        d->arr[k] = d->arr[d->n_arr - 1 - k];
        d->arr[d->n_arr - 1 - k] = keep;
    }
    const world_inputs in = {.facts = {.n_accounts = N,
                                       .started_on = d->starts,
                                       .arr = d->arr,
                                       .n_arr = d->n_arr,
                                       .health = d->health,
                                       .n_health = d->n_health},
                             .attributes = {{.name = "kind",
                                             .type = VALUE_TEXT,
                                             .levels = kinds,
                                             .n_levels = 5,
                                             .values = {.code = d->kind}}},
                             .n_attributes = 1,
                             .yaml = yaml,
                             .threads = threads};
    world_open(&d->world, &in);
    return d;
}

static void drawn_free(drawn *d)
{
    world_done(&d->world);
    free(d);
}

static evidence judge(drawn *d, const char *dimension, int months)
{
    evidence e = {0};
    strata_error err = {0};
    const evidence_request request = {.as_of = AS_OF,
                                      .def = world_dimension(&d->world, dimension),
                                      .months = months,
                                      .minimum_accounts = 10.0};
    assert_ok(evidence_make(&d->world.cx, &d->world.portfolio, d->world.bound, &request,
                            d->world.arena, &e, &err),
              &err);
    return e;
}

/* --- what a plain reading says --- */

static int64_t arr_at(const drawn *d, size_t i, day at)
{
    int64_t arr = 0;
    day last = DAY_MIN;
    for (size_t k = 0; k < d->n_arr; k++) {
        if (d->arr[k].account == (int32_t)i && d->arr[k].day <= at && d->arr[k].day >= last) {
            arr = d->arr[k].arr_after;
            last = d->arr[k].day;
        }
    }
    return arr;
}

static bool is_low(const drawn *d, size_t i, day at)
{
    double score = NAN;
    day last = DAY_MIN;
    for (size_t k = 0; k < d->n_health; k++) {
        const health_fact *f = &d->health[k];
        if (f->account == (int32_t)i && f->day <= at && f->day >= last) {
            score = f->score;
            last = f->day;
        }
    }
    return score < 50.0;
}

static void members_are_followed_as_a_plain_reading_does(void **state)
{
    (void)state;
    drawn *d = drawn_new(1, 2, false, false);
    evidence e = judge(d, "signal", 0);
    assert_null(e.why);
    assert_int_equal(e.n_reviews, 36);
    assert_int_equal(e.last, month_end(1));
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        int months = evidence_months[h];
        size_t of[2] = {0};
        size_t churned[2] = {0};
        size_t expanded[2] = {0};
        size_t accounts[2] = {0};
        int64_t before[2] = {0};
        int64_t after[2] = {0};
        int64_t kept[2] = {0};
        for (size_t i = 0; i < N; i++) {
            bool met[2] = {false};
            for (int k = months; k <= 36; k++) {
                int64_t then = arr_at(d, i, month_end(k));
                int64_t now = arr_at(d, i, month_end(k - months));
                if (then <= 0) {
                    continue;
                }
                size_t g = is_low(d, i, month_end(k)) ? 0 : 1;
                of[g]++;
                churned[g] += now == 0;
                expanded[g] += now > then;
                before[g] += then;
                after[g] += now;
                kept[g] += now < then ? now : then;
                accounts[g] += !met[g];
                met[g] = true;
            }
        }
        assert_int_equal(e.horizons[h].n_reviews, 37 - months);
        assert_int_equal(e.horizons[h].n_open, months - 1);
        for (size_t g = 0; g < 2; g++) {
            const evidence_after *x = &e.horizons[h].segments[g];
            assert_int_equal(x->accounts, accounts[g]);
            assert_int_equal(x->churned.of, of[g]);
            assert_int_equal(x->churned.hits, churned[g]);
            assert_int_equal(x->expanded.hits, expanded[g]);
            assert_int_equal(x->nrr.base_minor, before[g]);
            assert_int_equal(x->nrr.part_minor, after[g]);
            assert_int_equal(x->grr.part_minor, kept[g]);
            assert_true(x->churned.low <= x->churned.share && x->churned.share <= x->churned.high);
            assert_true(x->nrr.low <= x->nrr.ratio && x->nrr.ratio <= x->nrr.high);
            assert_true(x->grr.high <= 1.0);
        }
        assert_int_equal(e.horizons[h].all.churned.of, of[0] + of[1]);
    }
    drawn_free(d);
}

static const evidence_dimension *find(const evidence *e, const char *name)
{
    for (size_t k = 0; k < e->n_dimensions; k++) {
        if (strcmp(e->dimensions[k].name, name) == 0) {
            return &e->dimensions[k];
        }
    }
    fail_msg("no dimension %s", name);
    return &e->dimensions[0];
}

/* Health was planted to tell who leaves, size who grows, the kind of account nothing. */
static void planted_effects_are_found_and_noise_is_not(void **state)
{
    (void)state;
    drawn *d = drawn_new(2, 2, false, false);
    evidence e = judge(d, "signal", 0);
    assert_int_equal(e.ranked, 2);
    const evidence_dimension *churn = evidence_best(&e, EVIDENCE_CHURN);
    const evidence_dimension *growth = evidence_best(&e, EVIDENCE_EXPANSION);
    assert_non_null(churn);
    assert_non_null(growth);
    assert_string_equal(churn->name, "signal");
    assert_string_equal(growth->name, "size");
    assert_true(growth->by[EVIDENCE_EXPANSION].explained > 0.0);
    assert_true(e.lead[EVIDENCE_EXPANSION].known && e.lead[EVIDENCE_EXPANSION].low > 0.0);
    const evidence_dimension *noise = find(&e, "noise");
    assert_true(noise->by[EVIDENCE_CHURN].low < 0.5);
    assert_true(noise->by[EVIDENCE_CHURN].explained < churn->by[EVIDENCE_CHURN].explained);
    assert_true(noise->reads_attributes && !churn->reads_attributes);
    assert_int_equal(noise->n_segments, 5);
    drawn_free(d);
}

/* What is learnt from is over before what is judged begins. */
static void no_review_is_judged_before_what_was_learnt_was_known(void **state)
{
    (void)state;
    drawn *d = drawn_new(3, 2, false, false);
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        evidence e = judge(d, "signal", evidence_months[h]);
        assert_int_equal(e.ranked, h);
        assert_true(day_add_months(e.learnt_to, evidence_months[h]) <= e.judged_from);
        assert_true(e.n_learnt > 0 && e.n_judged > 0);
    }
    drawn_free(d);
}

static void same_evidence(const evidence *a, const evidence *b)
{
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        assert_memory_equal(&a->horizons[h].all, &b->horizons[h].all, sizeof(evidence_after));
        for (size_t g = 0; g < a->n_segments; g++) {
            assert_memory_equal(&a->horizons[h].segments[g], &b->horizons[h].segments[g],
                                sizeof(evidence_after));
        }
    }
    assert_int_equal(a->n_dimensions, b->n_dimensions);
    for (size_t k = 0; k < a->n_dimensions; k++) {
        for (size_t o = 0; o < EVIDENCE_OUTCOMES; o++) {
            const evidence_separation *x = &a->dimensions[k].by[o];
            const evidence_separation *y = &b->dimensions[k].by[o];
            assert_memory_equal(&x->auc, &y->auc, sizeof x->auc);
            assert_memory_equal(&x->low, &y->low, sizeof x->low);
            assert_memory_equal(&x->explained, &y->explained, sizeof x->explained);
        }
    }
}

static void threads_row_order_and_later_facts_change_nothing(void **state)
{
    (void)state;
    drawn *one = drawn_new(4, 1, false, false);
    drawn *other = drawn_new(4, 4, true, true);
    evidence a = judge(one, "signal", 0);
    evidence b = judge(other, "signal", 0);
    same_evidence(&a, &b);
    drawn_free(one);
    drawn_free(other);
}

static void too_little_time_and_no_arr_are_said(void **state)
{
    (void)state;
    static const day starts[] = {DAY_MISSING, DAY_MISSING};
    const arr_fact young[] = {{0, AS_OF - 40, 100000, ARR_NEW}, {1, AS_OF - 30, 100000, ARR_NEW}};
    const arr_fact older[] = {{0, AS_OF - 150, 100000, ARR_NEW}, {1, AS_OF - 150, 100000, ARR_NEW}};
    const health_fact health[] = {{0, AS_OF - 400, 30.0}, {1, AS_OF - 300, 60.0}};
    const char plain[] = "strata: 1\ndimensions:\n  size:\n    tiers:\n"
                         "      - {name: Low, when: health_supplied < 50}\n"
                         "      - {name: High, otherwise: true}\nprimary: size\nreview: month\n";
    const ledger_facts facts[] = {
        {.n_accounts = 2, .started_on = starts, .arr = young, .n_arr = 2},
        {.n_accounts = 2, .started_on = starts, .arr = older, .n_arr = 2},
        {.n_accounts = 2, .started_on = starts, .health = health, .n_health = 2}};
    static const char *const why[] = {"no review lies 3 months back", NULL, "needs arr"};
    for (size_t k = 0; k < 3; k++) {
        drawn d = {0};
        const world_inputs in = {.facts = facts[k], .yaml = plain};
        world_open(&d.world, &in);
        evidence e = judge(&d, "size", 0);
        if (why[k] != NULL) {
            assert_non_null(e.why);
            assert_non_null(strstr(e.why, why[k]));
        } else {
            assert_null(e.why);
            assert_int_equal(e.horizons[0].all.accounts, 2);
            assert_false(e.horizons[0].all.churned.stated);
            assert_int_equal(e.horizons[2].n_reviews, 0);
            assert_null(evidence_best(&e, EVIDENCE_CHURN));
        }
        world_done(&d.world);
    }
}

/* A shop: accounts 0 to 19 order in each month of two years, 20 to 39 in the first month alone; 5
 * order only after the as-of date. */
static void shops_are_judged_by_what_was_bought_afterwards(void **state)
{
    (void)state;
    enum { SHOPPERS = 45, ORDERS = 20 * 24 + 20 + 5 };
    static const char shop[] = "strata: 1\nreview: month\nprimary: size\ndimensions:\n  size:\n"
                               "    tiers:\n      - {name: Regular, when: orders_total >= 2}\n"
                               "      - {name: Once, otherwise: true}\n";
    day starts[SHOPPERS];
    order_fact orders[ORDERS];
    size_t n = 0;
    for (int32_t i = 0; i < SHOPPERS; i++) {
        starts[i] = DAY_MISSING;
        for (int k = i < 40 ? 24 : 0; k > (i < 20 ? 0 : i < 40 ? 23 : -1); k--) {
            day at = i < 40 ? month_end(k) - 9 : AS_OF + 3;
            orders[n++] = (order_fact){i, at, i < 10 ? 2000 : 1000, 1};
        }
    }
    assert_int_equal(n, ORDERS);
    for (size_t later = 0; later < 2; later++) {
        drawn d = {0};
        const world_inputs in = {.facts = {.n_accounts = SHOPPERS,
                                           .started_on = starts,
                                           .orders = orders,
                                           .n_orders = later ? ORDERS : ORDERS - 5},
                                 .yaml = shop};
        world_open(&d.world, &in);
        evidence e = judge(&d, "size", 3);
        assert_null(e.why);
        assert_true(e.shop);
        /* Reviews 24 to 3 months back, all 40 at each: half of them order three times after. */
        const evidence_after *all = &e.horizons[0].all;
        assert_int_equal(e.horizons[0].n_reviews, 22);
        assert_int_equal(all->accounts, 40);
        assert_int_equal(all->churned.of, 40 * 22);
        assert_int_equal(all->churned.hits, 20 * 22);
        assert_int_equal(all->spent.base_minor, 40 * 22);
        /* In the last month up to the as-of date nobody orders: two thirds at the last review. */
        assert_int_equal(all->spent.part_minor, 10 * (2000 + 1000) * (3 * 21 + 2));
        assert_int_equal(all->expanded.hits, 10 * 22);
        assert_false(all->nrr.stated);
        const evidence_separation *again = &find(&e, "size")->by[EVIDENCE_CHURN];
        /* Of 20 pairs of accounts all are in order. */
        assert_true(again->known && again->auc >= 1.0 && evidence_best(&e, EVIDENCE_CHURN) != NULL);
        assert_close(again->low, pow(0.025, 1.0 / 20.0), 1e-12);
        assert_true(again->high >= 1.0);
        world_done(&d.world);
    }
}

/* One shopper orders each month, all others in the first alone: many observations with the outcome,
 * of one account. */
static void one_account_alone_is_no_evidence(void **state)
{
    (void)state;
    enum { SHOPPERS = 45, ORDERS = 24 + SHOPPERS - 1 };
    static const char shop[] = "strata: 1\nreview: month\nprimary: size\ndimensions:\n  size:\n"
                               "    tiers:\n      - {name: Regular, when: orders_total >= 2}\n"
                               "      - {name: Once, otherwise: true}\n";
    day starts[SHOPPERS];
    order_fact orders[ORDERS];
    size_t n = 0;
    for (int32_t i = 0; i < SHOPPERS; i++) {
        starts[i] = DAY_MISSING;
        for (int k = 24; k > (i == 0 ? 0 : 23); k--) {
            orders[n++] = (order_fact){i, month_end(k) - 9, 1000, 1};
        }
    }
    assert_int_equal(n, ORDERS);
    drawn d = {0};
    const world_inputs in = {.facts = {.n_accounts = SHOPPERS,
                                       .started_on = starts,
                                       .orders = orders,
                                       .n_orders = ORDERS},
                             .yaml = shop};
    world_open(&d.world, &in);
    evidence e = judge(&d, "size", 3);
    assert_null(e.why);
    const evidence_separation *again = &find(&e, "size")->by[EVIDENCE_CHURN];
    assert_true(again->hits >= 5);
    assert_false(again->known);
    assert_string_equal(again->why, "the outcome is too rare to judge by");
    assert_null(evidence_best(&e, EVIDENCE_CHURN));
    world_done(&d.world);
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    drawn *d = drawn_new(5, 1, false, false);
    const evidence_request request = {
        .as_of = AS_OF, .def = world_dimension(&d->world, "signal"), .minimum_accounts = 10.0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        evidence e = {.n_reviews = 77};
        strata_error err = {0};
        strata_status st = evidence_make(&d->world.cx, &d->world.portfolio, d->world.bound,
                                         &request, d->world.arena, &e, &err);
        /* A segmentation does without the memory that only spares it work. */
        bool hit = fail_alloc_pause();
        assert_true(st == STRATA_OK ? e.n_reviews == 36
                                    : hit && st == STRATA_E_NOMEM && e.n_reviews == 77);
    });
    assert_true(failures > 0);
    drawn_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_followed_as_a_plain_reading_does),
        cmocka_unit_test(planted_effects_are_found_and_noise_is_not),
        cmocka_unit_test(no_review_is_judged_before_what_was_learnt_was_known),
        cmocka_unit_test(threads_row_order_and_later_facts_change_nothing),
        cmocka_unit_test(too_little_time_and_no_arr_are_said),
        cmocka_unit_test(shops_are_judged_by_what_was_bought_afterwards),
        cmocka_unit_test(one_account_alone_is_no_evidence),
        cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
