/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "base/rng.h"
#include "base/vec.h"
#include "cohort/adoption.h"
#include "panel/ledger_memory.h"

/* 400 accounts start on the days 1000 .. 1399, one each; feature 0 is used after
 * k = account % 60 by three of four accounts, feature 1 by nobody but account 7. */
enum { ACCOUNTS = 400, START = 1000, AS_OF = 2000 };

static const context cx = {.threads = 2};
static const char *const names[] = {"board", "export"};

typedef struct world {
    arena *a;
    ledger_memory *ledger;
    first_use *use;
    groups *all;
    day origin[ACCOUNTS];
} world;

static void world_done(world *w)
{
    ledger_memory_free(w->ledger);
    arena_free(w->a);
}
#define WORLD_AUTO STRATA_CLEANUP(world_done)

static bool uses(int32_t account)
{
    return account % 4 != 3;
}

static world make_world(day until)
{
    world w = {0};
    strata_error err = {0};
    VEC(usage_fact) facts = {0};
    for (int32_t i = 0; i < ACCOUNTS; i++) {
        w.origin[i] = START + i;
        if (uses(i)) {
            usage_fact f = {
                .account = i, .day = START + i + i % 60, .feature = 0, .user = -1, .events = 3};
            assert_true(vec_push(&facts, f));
            f.day += 5; /* later use changes nothing */
            assert_true(vec_push(&facts, f));
        }
    }
    usage_fact rare = {.account = 7, .day = START + 7, .feature = 1, .user = -1, .events = 1};
    assert_true(vec_push(&facts, rare));
    ledger_facts all = {
        .n_accounts = ACCOUNTS, .started_on = w.origin, .usage = facts.data, .n_usage = facts.n};
    assert_ok(arena_new(&w.a, &err), &err);
    assert_ok(ledger_memory_new(&all, &w.ledger, &err), &err);
    vec_free(&facts);
    assert_ok(first_use_read(&cx, ledger_memory_source(w.ledger), names, until, w.a, &w.use, &err),
              &err);
    assert_ok(groups_of_all(w.a, w.origin, ACCOUNTS, until, "All", &w.all, &err), &err);
    return w;
}

static adoption compute(const world *w, day as_of)
{
    adoption out = {0};
    strata_error err = {0};
    adoption_request q = {.use = w->use,
                          .origin = w->origin,
                          .groups = w->all,
                          .as_of = as_of,
                          .minimum_accounts = 30};
    assert_ok(adoption_compute(&cx, &q, w->a, &out, &err), &err);
    return out;
}

static void first_use_is_the_first_and_nothing_later(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(START + 100);
    assert_int_equal(w.use->n_features, 2);
    for (int32_t i = 0; i < ACCOUNTS; i++) {
        day used = START + i + i % 60;
        day want = uses(i) && used <= START + 100 ? used : DAY_MISSING;
        assert_int_equal(w.use->day[(size_t)i * 2], want);
    }
    assert_int_equal(w.use->day[7 * 2 + 1], START + 7);
    assert_int_equal(w.use->recorded_from, START);
}

static void shares_by_age_are_counts_where_everyone_was_seen(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(AS_OF);
    adoption a = compute(&w, AS_OF);
    const adoption_curve *c = adoption_of(&a, 0, 1);
    size_t month = 0;
    size_t ever = 0;
    for (int32_t i = 0; i < ACCOUNTS; i++) {
        month += uses(i) && i % 60 <= 30;
        ever += uses(i);
    }
    assert_int_equal(c->accounts, ACCOUNTS);
    assert_int_equal(c->adopted, ever);
    assert_close(c->by[1].share, (double)month / ACCOUNTS, 1e-12);
    assert_close(c->by[2].share, (double)ever / ACCOUNTS, 1e-12); /* all within 59 days */
    assert_true(c->by[1].within.low < c->by[1].share && c->by[1].share < c->by[1].within.high);
    assert_true(c->median_known);
    assert_int_equal(a.order[0], 0);
    assert_int_equal(a.order[1], 1);
}

static void a_feature_hardly_used_has_no_median(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(AS_OF);
    adoption a = compute(&w, AS_OF);
    const adoption_curve *c = adoption_of(&a, 1, 1);
    /* It appeared on account 7's first day. */
    assert_int_equal(c->adopted, 1);
    assert_false(c->median_known);
    assert_true(c->by[3].known && c->by[3].share < 0.01);
}

static void accounts_from_before_usage_are_left_out(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(AS_OF);
    for (int32_t i = 0; i < 50; i++) {
        w.origin[i] = START - 100; /* long before the first usage of anyone */
    }
    adoption a = compute(&w, AS_OF);
    assert_int_equal(a.left_out, 50);
    assert_int_equal(adoption_of(&a, 0, 1)->accounts, ACCOUNTS - 50);
}

static void the_young_count_as_long_as_they_were_seen(void **state)
{
    (void)state;
    /* On day 1399 the last account has just started; a naive share would call it "not adopted". */
    WORLD_AUTO world w = make_world(START + ACCOUNTS - 1);
    adoption a = compute(&w, START + ACCOUNTS - 1);
    const adoption_curve *c = adoption_of(&a, 0, 1);
    double naive = (double)c->adopted / (double)c->accounts;
    assert_true(c->by[2].known);
    assert_true(c->by[2].share > naive + 0.02);
    assert_true(fabs(c->by[2].share - 0.75) < 0.05);
    /* Nobody was followed for longer than there is time. */
    assert_false(c->by[12].known && c->by[12].share > 1.0);
}

static void few_accounts_are_not_stated(void **state)
{
    (void)state;
    WORLD_AUTO world w = make_world(START + 10);
    adoption a = compute(&w, START + 10);
    const adoption_curve *c = adoption_of(&a, 0, 1);
    assert_int_equal(c->accounts, 11);
    assert_false(c->stated);
    assert_false(c->by[0].known);
}

static void a_ledger_without_usage_says_what_is_missing(void **state)
{
    (void)state;
    const day started[] = {START};
    ledger_facts none = {.n_accounts = 1, .started_on = started};
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    STRATA_AUTO(arena_free) arena *a = NULL;
    first_use *use = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(ledger_memory_new(&none, &m, &err), &err);
    assert_int_equal(first_use_read(&cx, ledger_memory_source(m), names, AS_OF, a, &use, &err),
                     STRATA_E_DATA);
    assert_non_null(strstr(err.message, "add a source 'usage'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_use_is_the_first_and_nothing_later),
        cmocka_unit_test(shares_by_age_are_counts_where_everyone_was_seen),
        cmocka_unit_test(a_feature_hardly_used_has_no_median),
        cmocka_unit_test(accounts_from_before_usage_are_left_out),
        cmocka_unit_test(the_young_count_as_long_as_they_were_seen),
        cmocka_unit_test(few_accounts_are_not_stated),
        cmocka_unit_test(a_ledger_without_usage_says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
