/* SPDX-License-Identifier: Apache-2.0 */
/* What a book is best filled with, against every way to fill it. */
#include "strata_test.h"

#include <math.h>

#include "base/auto.h"
#include "base/rng.h"
#include "plan/territory/content.h"

enum { OFFERS = 9 };

/* All ways to choose among the offers. */
static double cheapest(const content_book *b, const content_offer *offers)
{
    double least = HUGE_VAL;
    for (size_t way = 0; way < (size_t)1 << OFFERS; way++) {
        double load = b->load;
        double value = b->value;
        double cost = 0.0;
        for (size_t k = 0; k < OFFERS; k++) {
            if ((way >> k & 1) != 0) {
                cost += offers[k].cost;
                load += offers[k].load;
                value += offers[k].value;
            }
        }
        least = fmin(least, cost + content_off(b, load, value));
    }
    return least;
}

/* Whatever the prices of the sums that it begins with, the bound is one, and near. */
static void the_best_content_of_a_book_is_found_with_a_bound_below_it(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        rng r;
        strata_error err = {0};
        rng_init(&r, seed, 3);
        content_offer offers[OFFERS];
        content_book b = {.load = 100.0 * rng_uniform(&r)};
        content c = {.load_price = rng_uniform(&r) - 0.5};
        b.value = 100.0 * rng_uniform(&r);
        c.value_price = rng_uniform(&r) - 0.5;
        b.load_low = b.value_low = 180.0;
        b.load_high = b.value_high = 220.0;
        b.load_most = rng_below(&r, 3) == 0 ? 210.0 : 1000.0;
        b.all_load = b.all_value = 5000.0;
        for (size_t k = 0; k < OFFERS; k++) {
            bool comes = rng_below(&r, 2) == 0;
            double sign = comes ? 1.0 : -1.0;
            offers[k] = (content_offer){.cost = 60.0 * rng_uniform(&r) - 5.0,
                                        .load = sign * 120.0 * rng_uniform(&r),
                                        .value = sign * 120.0 * rng_uniform(&r),
                                        .item = k,
                                        .comes = comes};
            b.load -= comes ? 0.0 : offers[k].load; /* who may leave is there */
            b.value -= comes ? 0.0 : offers[k].value;
        }
        c.cost = content_off(&b, b.load, b.value);
        assert_ok(content_find(&b, offers, OFFERS, &c, &err), &err);
        double best = cheapest(&b, offers);
        assert_true(c.bound <= best + 1e-9);
        assert_true(c.bound >= best - 0.5 - 1e-9);
        assert_true(c.cost >= best - 1e-9 && c.cost <= best + 0.5 + 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_content_of_a_book_is_found_with_a_bound_below_it),
    };
    return cmocka_run_group_tests_name("territory_content", tests, NULL, NULL);
}
