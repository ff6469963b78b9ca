/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "../support/failing_alloc.h"

#include "cohort/survival/survival.h"
#include "panel/ledger_memory.h"

/* Six accounts, followed to day 1000 of their common calendar: stays of 100 (left), 200 (left),
 * 300 (still there), 400 (left, came back), 50 (still there), and one that never had ARR. */
static const arr_fact facts[] = {
    {.account = 0, .day = 500, .arr_after = 100, .kind = ARR_NEW},
    {.account = 0, .day = 600, .arr_after = 0, .kind = ARR_CHURN},
    {.account = 1, .day = 500, .arr_after = 100, .kind = ARR_NEW},
    {.account = 1, .day = 550, .arr_after = 300, .kind = ARR_EXPANSION},
    {.account = 1, .day = 700, .arr_after = 0, .kind = ARR_CHURN},
    {.account = 2, .day = 700, .arr_after = 100, .kind = ARR_NEW},
    {.account = 3, .day = 400, .arr_after = 100, .kind = ARR_NEW},
    {.account = 3, .day = 800, .arr_after = 0, .kind = ARR_CHURN},
    {.account = 3, .day = 900, .arr_after = 100, .kind = ARR_REACTIVATION},
    {.account = 4, .day = 950, .arr_after = 100, .kind = ARR_NEW},
};
enum { ACCOUNTS = 6, AS_OF = 1000 };

static const context one_thread = {.threads = 1};
static const segment_code together[ACCOUNTS] = {0};

typedef struct fixture {
    ledger_memory *ledger;
    arr_book *book;
} fixture;

static void fixture_done(fixture *f)
{
    arr_book_free(f->book);
    ledger_memory_free(f->ledger);
}
#define FIXTURE_AUTO STRATA_CLEANUP(fixture_done)

static fixture make_fixture(day until)
{
    fixture f = {0};
    strata_error err = {0};
    ledger_facts all = {.n_accounts = ACCOUNTS, .arr = facts, .n_arr = COUNT(facts)};
    assert_ok(ledger_memory_new(&all, &f.ledger, &err), &err);
    assert_ok(arr_book_load(&one_thread, ledger_memory_source(f.ledger), until, &f.book, &err),
              &err);
    return f;
}

static survival_request request_of(const fixture *f, const segment_code *codes, size_t n_groups)
{
    return (survival_request){.book = f->book,
                              .codes = codes,
                              .n_groups = n_groups,
                              .as_of = AS_OF,
                              .since = DAY_MISSING};
}

static void check_step(const km_curve *c, size_t i, double time, uint32_t at_risk, double share)
{
    assert_true(i < c->n_steps);
    assert_close(c->steps[i].time, time, 1e-15);
    assert_int_equal(c->steps[i].at_risk, at_risk);
    assert_close(c->steps[i].share.survival, share, 1e-14);
}

static void stays_end_with_the_first_day_without_arr(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f = make_fixture(AS_OF);
    survival_request r = request_of(&f, together, 1);
    strata_error err = {0};
    STRATA_AUTO(survival_free) survival *s = NULL;
    assert_ok(survival_make(&r, &s, &err), &err);
    assert_true(s->n == 5 && s->n_churned == 3);
    assert_true(s->without_arr == 1 && s->ungrouped == 0 && s->ended == 0);
    const km_curve *c = s->groups[0].curve;
    assert_int_equal(c->n_steps, 5);
    check_step(c, 1, 100.0, 4, 0.75);
    check_step(c, 2, 200.0, 3, 0.5);
    check_step(c, 3, 300.0, 2, 0.5);
    assert_true(c->steps[4].at_risk == 1 && !(c->steps[4].share.survival > 0.0));
    assert_true(s->groups[0].median.reached);
    assert_close(s->groups[0].median.age, 300.0, 1e-15); /* half from 200 to 400 */
    assert_true(s->groups[0].at[0].known);               /* 3 months: 91 days */
    assert_close(s->groups[0].at[0].share.survival, 1.0, 1e-15);
    assert_false(s->test.defined);
    assert_int_equal(s->n_pairs, 0);
}

static void whoever_is_followed_from_a_day_on_enters_at_the_age_it_had(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f = make_fixture(AS_OF);
    survival_request r = request_of(&f, together, 1);
    r.since = 650;
    strata_error err = {0};
    STRATA_AUTO(survival_free) survival *s = NULL;
    assert_ok(survival_make(&r, &s, &err), &err);
    /* Account 0 had left; 1 was 150 days old, 3 was 250. */
    assert_true(s->n == 4 && s->ended == 1);
    const km_curve *c = s->groups[0].curve;
    check_step(c, 0, 50.0, 2, 1.0);
    check_step(c, 1, 200.0, 2, 0.5);
    check_step(c, 2, 300.0, 2, 0.5);
}

static void accounts_in_no_group_or_not_there_yet_are_left_out(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f = make_fixture(AS_OF);
    static const segment_code codes[ACCOUNTS] = {0, 1, SEGMENT_ABSENT, 1, 0, 0};
    static const day exists[ACCOUNTS] = {0, 0, 0, 0, 0, AS_OF + 1};
    survival_request r = request_of(&f, codes, 2);
    r.exists_from = exists;
    strata_error err = {0};
    STRATA_AUTO(survival_free) survival *s = NULL;
    assert_ok(survival_make(&r, &s, &err), &err);
    assert_true(s->n == 4 && s->ungrouped == 1 && s->without_arr == 0);
    assert_int_equal(s->groups[0].curve->n, 2);
    assert_int_equal(s->groups[1].curve->n, 2);
    assert_true(s->test.defined);
}

static void pairs_are_of_groups_with_accounts_and_corrected(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f = make_fixture(AS_OF);
    static const segment_code codes[ACCOUNTS] = {0, 1, 1, 3, 0, 0};
    survival_request r = request_of(&f, codes, 4);
    strata_error err = {0};
    STRATA_AUTO(survival_free) survival *s = NULL;
    assert_ok(survival_make(&r, &s, &err), &err);
    assert_int_equal(s->n_pairs, 3); /* 0-1, 0-3, 1-3: nobody is in group 2 */
    assert_true(s->pairs[0].a == 0 && s->pairs[0].b == 1);
    assert_true(s->pairs[2].a == 1 && s->pairs[2].b == 3);
    for (size_t i = 0; i < s->n_pairs; i++) {
        assert_true(s->pairs[i].p_holm >= s->pairs[i].test.p);
    }
    assert_int_equal(s->groups[2].curve->n_steps, 0);
    assert_false(s->groups[2].median.reached || s->groups[2].at[0].known);
}

static void the_past_knows_nothing_of_what_came_later(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture then = make_fixture(650);
    FIXTURE_AUTO fixture now = make_fixture(AS_OF);
    strata_error err = {0};
    survival_request r = request_of(&then, together, 1);
    r.as_of = 650;
    STRATA_AUTO(survival_free) survival *a = NULL;
    assert_ok(survival_make(&r, &a, &err), &err);
    r.book = now.book;
    STRATA_AUTO(survival_free) survival *b = NULL;
    assert_ok(survival_make(&r, &b, &err), &err);
    assert_true(a->n == 3 && a->n_churned == 1 && b->n == 3 && b->n_churned == 1);
    assert_int_equal(a->groups[0].curve->n_steps, b->groups[0].curve->n_steps);
    assert_memory_equal(a->groups[0].curve->steps, b->groups[0].curve->steps,
                        a->groups[0].curve->n_steps * sizeof(km_step));
}

static void nobody_to_follow_is_an_empty_curve(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f = make_fixture(300);
    survival_request r = request_of(&f, together, 1);
    r.as_of = 300;
    strata_error err = {0};
    STRATA_AUTO(survival_free) survival *s = NULL;
    assert_ok(survival_make(&r, &s, &err), &err);
    assert_true(s->n == 0 && s->without_arr == ACCOUNTS);
    assert_int_equal(s->groups[0].curve->n_steps, 0);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f = make_fixture(AS_OF);
    static const segment_code codes[ACCOUNTS] = {0, 1, 1, 2, 0, 0};
    survival_request r = request_of(&f, codes, 3);
    r.since = 450;
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        survival *s = NULL;
        strata_status st = survival_make(&r, &s, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, s == NULL);
        survival_free(s);
    });
    assert_true(failures > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stays_end_with_the_first_day_without_arr),
        cmocka_unit_test(whoever_is_followed_from_a_day_on_enters_at_the_age_it_had),
        cmocka_unit_test(accounts_in_no_group_or_not_there_yet_are_left_out),
        cmocka_unit_test(pairs_are_of_groups_with_accounts_and_corrected),
        cmocka_unit_test(the_past_knows_nothing_of_what_came_later),
        cmocka_unit_test(nobody_to_follow_is_an_empty_curve),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("cohort_survival", tests, NULL, NULL);
}
