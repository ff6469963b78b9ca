/* SPDX-License-Identifier: Apache-2.0 */
/* Three accounts followed by hand. */
#include "strata_test.h"

#include <math.h>
#include <stdlib.h>

#include "plan/review_rhythm.h"

enum { ACCOUNTS = 3, DATES = 8, A = 0, B = 1, OUT = SEGMENT_OUTSIDE };

static review_rhythm of(const segment_code *codes, size_t n_accounts, size_t n_dates)
{
    const migration_paths p = {
        .n_accounts = n_accounts, .n_segments = 2, .n_dates = n_dates, .codes = codes};
    return review_rhythm_of(&p);
}

static void moves_undone_and_leaving_are_counted_by_month(void **state)
{
    (void)state;
    /* By account: A B A A A A B B; B throughout; A A A and out. */
    static const segment_code codes[DATES * ACCOUNTS] = {
        A, B, A, B, B, A, A, B, A, A, B, OUT, A, B, OUT, A, B, OUT, B, B, OUT, B, B, OUT};
    review_rhythm r = of(codes, ACCOUNTS, DATES);
    assert_int_equal(r.months, 7 + 7 + 3);
    assert_int_equal(r.moves, 3);
    assert_int_equal(r.leavers, 1);
    assert_int_equal(r.judged, 2); /* the third came two months ago */
    assert_int_equal(r.undone, 1); /* A to B and back; B to A lasted */
    assert_close(r.moved, 3.0 / 17.0, 1e-12);
    assert_close(r.left, 1.0 / 17.0, 1e-12);
    assert_close(r.flapped, 0.5, 1e-12);
    assert_int_equal(r.every, 1); /* (3 / 17 / 2 + 1 / 17) x 1 is 15 % already */
}

static void calm_segments_are_looked_at_once_a_year(void **state)
{
    (void)state;
    static const segment_code codes[DATES] = {A, A, A, A, A, A, A, A};
    review_rhythm r = of(codes, 1, DATES);
    assert_int_equal(r.every, 12);
    assert_true(isnan(r.flapped));
    assert_int_equal(of(codes, 1, 1).months, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_undone_and_leaving_are_counted_by_month),
        cmocka_unit_test(calm_segments_are_looked_at_once_a_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
