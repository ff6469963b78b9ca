/* SPDX-License-Identifier: Apache-2.0 */
#include "buyers_test.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/buyers/lifetime_value.h"

static double below(rng *g, uint64_t n)
{
    uint64_t value = rng_below(g, n);
    return (double)value;
}

static buyer some_buyer(rng *g)
{
    buyer b = {.x = below(g, 4), .T = (10.0 + below(g, 5)) / 7.0};
    b.t_x = b.x > 0.0 ? (1.0 + below(g, 9)) / 7.0 : 0.0;
    return b;
}

static bool same(buyer a, buyer b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void equal_histories_become_one_cell(void **state)
{
    (void)state;
    enum { N = 5000 };
    static buyer rows[N];
    rng g;
    rng_init(&g, 1, 0);
    for (size_t i = 0; i < N; i++) {
        rows[i] = some_buyer(&g);
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *c = cells_of(rows, NULL, N);
    double seen[1000] = {0};
    assert_int_equal(c->n, 5 + 3 * 5 * 9);
    for (size_t i = 0; i < N; i++) {
        assert_true(same(c->cell[c->cell_of[i]], rows[i]));
        seen[c->cell_of[i]] += 1.0;
    }
    double repeaters = 0.0;
    for (size_t i = 0; i < c->n; i++) {
        buyer b = c->cell[i];
        assert_true(seen[i] > 0.0 && !(seen[i] < c->weight[i]) && !(seen[i] > c->weight[i]));
        assert_true(memcmp(&c->T[c->T_at[i]], &b.T, sizeof b.T) == 0);
        assert_true(memcmp(&c->t_x[c->t_x_at[i]], &b.t_x, sizeof b.t_x) == 0);
        buyer before = i > 0 ? c->cell[i - 1] : (buyer){-1.0, 0.0, 0.0};
        assert_true(before.x < b.x || before.T < b.T || before.t_x < b.t_x);
        repeaters += b.x > 0.0 ? c->weight[i] : 0.0;
    }
    assert_close(c->customers, N, 0.0);
    assert_close(c->repeaters, repeaters, 0.0);
}

static void order_of_rows_does_not_matter(void **state)
{
    (void)state;
    enum { N = 500 };
    buyer rows[N];
    buyer turned[N];
    rng g;
    rng_init(&g, 2, 0);
    for (size_t i = 0; i < N; i++) {
        rows[i] = some_buyer(&g);
        turned[N - 1 - i] = rows[i];
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *a = cells_of(rows, NULL, N);
    STRATA_AUTO(buyer_cells_free) buyer_cells *b = cells_of(turned, NULL, N);
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->cell, b->cell, a->n * sizeof *a->cell);
    assert_memory_equal(a->weight, b->weight, a->n * sizeof *a->weight);
    assert_memory_equal(a->T_at, b->T_at, a->n * sizeof *a->T_at);
}

static void many_distinct_times_stay_apart(void **state)
{
    (void)state;
    enum { N = 40000 };
    static buyer rows[N];
    for (size_t i = 0; i < N; i++) {
        rows[i] = (buyer){1.0, 1.0 + (double)i / 7.0, 1e4 + (double)(N - i) / 3.0};
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *c = cells_of(rows, NULL, N);
    assert_int_equal(c->n, N);
    assert_int_equal(c->n_T, N);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(c->cell_of[i], N - 1 - i);
    }
}

static void weights_count_customers(void **state)
{
    (void)state;
    const buyer rows[] = {{1, 2, 6}, {-0.0, 0, 6}, {0, 0, 6}, {1, 2, 6}};
    const double weight[] = {3, 10, 20, 4};
    STRATA_AUTO(buyer_cells_free) buyer_cells *c = cells_of(rows, weight, 4);
    STRATA_AUTO(buyer_cells_free) buyer_cells *none = cells_of(rows, NULL, 0);
    assert_int_equal(c->n, 2);
    assert_close(c->weight[0], 30.0, 0.0);
    assert_close(c->weight[1], 7.0, 0.0);
    assert_close(c->customers, 37.0, 0.0);
    assert_close(c->purchases, 7.0, 0.0);
    assert_close(buyer_cells_mean_age(c), 6.0, 0.0);
    assert_int_equal(none->n, 0);
    assert_true(buyer_cells_mean_age(none) < 1e-300);
    fit_result fit;
    assert_false(buyer_cells_tell(none, 4, &fit));
    assert_string_equal(fit.reason, "there are no customers");
}

static void impossible_histories_are_refused(void **state)
{
    (void)state;
    static const struct {
        buyer row;
        double weight;
        const char *message;
    } rows[] = {
        {{1.5, 2, 6}, 1, "has 1.5 repeat purchases"},
        {{-1, 2, 6}, 1, "has -1 repeat purchases"},
        {{NAN, 2, 6}, 1, "repeat purchases"},
        {{2e6, 2, 6}, 1, "has 2e+06 repeat purchases"},
        {{1, 7, 6}, 1, "bought last at age 7 and is 6 old"},
        {{1, -1, 6}, 1, "bought last at age -1"},
        {{1, 2, INFINITY}, 1, "is inf old"},
        {{1, NAN, 6}, 1, "bought last at age"},
        {{0, 2, 6}, 1, "has 0 repeat purchases, the last at age 2"},
        {{1, 0, 0}, 1, "has 1 repeat purchases, the last at age 0, but is 0 old"},
        {{1, 2, 6}, 0, "history 2 counts for 0 customers"},
        {{1, 2, 6}, 1.5, "history 2 counts for 1.5 customers"},
        {{1, 2, 6}, NAN, "history 2 counts for"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const buyer both[] = {{0, 0, 1}, rows[i].row};
        const double weight[] = {1, rows[i].weight};
        strata_error err = {0};
        buyer_cells *c = NULL;
        assert_int_equal(buyer_cells_new(both, weight, 2, &c, &err), STRATA_E_DATA);
        assert_null(c);
        assert_non_null(strstr(err.message, "2 "));
        assert_non_null(strstr(err.message, rows[i].message));
    }
}

static void grouping_survives_a_lack_of_memory(void **state)
{
    (void)state;
    enum { N = 3000 };
    static buyer rows[N];
    for (size_t i = 0; i < N; i++) {
        rows[i] = (buyer){1.0, 1.0 + (double)i, 1e5};
    }
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        buyer_cells *c = NULL;
        strata_status st = buyer_cells_new(rows, NULL, N, &c, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, c == NULL);
        buyer_cells_free(c);
    });
    assert_true(failures > 10);
}

/* 2 purchases after one period and 1 after two at 25 %: 2 / 1.25 + 1 / 1.5625. */
static void value_discounts_purchases_by_period(void **state)
{
    (void)state;
    const double cumulative[] = {2.0, 3.0};
    assert_close(discounted_purchases(cumulative, 2, 0.25), 2.24, 1e-15);
    assert_close(discounted_purchases(cumulative, 2, 0.0), 3.0, 1e-15);
    assert_true(fabs(discounted_purchases(cumulative, 0, 0.25)) < 1e-300);
    assert_close(lifetime_value(0.3, 2.24, 50.0), 33.6, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_histories_become_one_cell),
        cmocka_unit_test(order_of_rows_does_not_matter),
        cmocka_unit_test(many_distinct_times_stay_apart),
        cmocka_unit_test(weights_count_customers),
        cmocka_unit_test(impossible_histories_are_refused),
        cmocka_unit_test(grouping_survives_a_lack_of_memory),
        cmocka_unit_test(value_discounts_purchases_by_period),
    };
    return cmocka_run_group_tests_name("buyers", tests, NULL, NULL);
}
