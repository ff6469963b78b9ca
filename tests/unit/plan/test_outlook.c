/* SPDX-License-Identifier: Apache-2.0 */
/* What was said of a past year against what came of it. */
#include "strata_test.h"

#include "analysis/world.h"
#include "plan/effect/outlook.h"

enum { N = 60, PARTNERS = 20 };

static const char yaml[] = "strata: 1\nquality: {minimum_accounts: 5}\n"
                           "population: {when: plan = \"Direct\"}\n"
                           "dimensions:\n  value:\n    tiers:\n"
                           "      - {name: All, otherwise: true}\n";
static const char *const plans[] = {"Direct", "Partner"};

typedef struct drawn {
    arr_fact arr[2 * N];
    size_t n_arr;
    int32_t plan[N];
} drawn;

/* All pay 10k for three years; the partners, which are in no segment, leave in the last. */
static void draw(drawn *d)
{
    d->n_arr = 0;
    for (int32_t i = 0; i < N; i++) {
        d->plan[i] = i < PARTNERS;
        d->arr[d->n_arr++] = (arr_fact){i, AS_OF - 1100, 1000000, ARR_NEW};
        if (i < PARTNERS) {
            d->arr[d->n_arr++] = (arr_fact){i, AS_OF - 30, 0, ARR_CHURN};
        }
    }
}

static void what_came_is_counted_over_the_accounts_it_was_said_of(void **state)
{
    (void)state;
    strata_error err = {0};
    drawn d;
    draw(&d);
    const world_inputs in = {.facts = {.n_accounts = N, .arr = d.arr, .n_arr = d.n_arr},
                             .attributes = {{"plan", VALUE_TEXT, plans, 2, {.code = d.plan}}},
                             .n_attributes = 1,
                             .yaml = yaml};
    world w;
    world_open(&w, &in);
    STRATA_AUTO(arr_book_free) arr_book *book = NULL;
    assert_ok(arr_book_load(&w.cx, w.portfolio.ledgers, AS_OF, &book, &err), &err);
    const outlook_request q = {.v = w.view, .book = book, .def = world_dimension(&w, "value")};
    outlook_trial trials[OUTLOOK_TRIALS];
    size_t n = 0;
    assert_ok(outlook_try(&w.cx, &q, w.arena, trials, &n, &err), &err);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(trials[i].n, N - PARTNERS);
        assert_close(trials[i].churn, 0.0, 1e-12);
        assert_close(trials[i].nrr, 1.0, 1e-12);
        assert_true(trials[i].churn_in && trials[i].nrr_in && trials[i].grr_in);
    }
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_is_counted_over_the_accounts_it_was_said_of),
    };
    return cmocka_run_group_tests_name("outlook", tests, NULL, NULL);
}
