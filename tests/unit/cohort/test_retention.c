/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "cohort/drawn_ledger.h"
#include "cohort/triangle/retention.h"
#include "support/failing_alloc.h"

static const context cx = {.threads = 2, .seed = 1};

/* Forty accounts of January 2024 with 1,000 of ARR each, twelve of February. In month 2 of theirs
 * a quarter of January's leave, a quarter halve and a quarter double. */
enum { JANUARY = 40, FEBRUARY = 12, ACCOUNTS = JANUARY + FEBRUARY };

typedef struct world {
    ledger_memory *memory;
    arr_book *arr;
    order_book *orders;
    arena *a;
    triangle_input in;
} world;

static void world_done(world *w)
{
    arr_book_free(w->arr);
    order_book_free(w->orders);
    ledger_memory_free(w->memory);
    arena_free(w->a);
}

static void world_make(world *w, day as_of)
{
    static const int64_t then[] = {0, 50000, 100000, 200000};
    arr_fact facts[ACCOUNTS + JANUARY];
    size_t n = 0;
    strata_error err = {0};
    *w = (world){0};
    for (int32_t i = 0; i < ACCOUNTS; i++) {
        day start = day_from_civil(2024, i < JANUARY ? 1 : 2, 10);
        facts[n++] = (arr_fact){i, start, 100000, ARR_NEW};
    }
    for (int32_t i = 0; i < JANUARY; i++) {
        uint8_t kind = i % 4 == 0 ? ARR_CHURN : i % 4 == 1 ? ARR_CONTRACTION : ARR_EXPANSION;
        if (i % 4 != 2) {
            facts[n++] = (arr_fact){i, day_from_civil(2024, 3, 20), then[i % 4], kind};
        }
    }
    const ledger_facts f = {.n_accounts = ACCOUNTS, .arr = facts, .n_arr = n};
    assert_ok(ledger_memory_new(&f, &w->memory, &err), &err);
    const ledger_source *source = ledger_memory_source(w->memory);
    assert_ok(arr_book_load(&cx, source, as_of, &w->arr, &err), &err);
    assert_ok(order_book_load(&cx, source, as_of, &w->orders, &err), &err);
    assert_ok(arena_new(&w->a, &err), &err);
    calendar cal = {PERIOD_MONTH, 1};
    groups *g = NULL;
    assert_ok(groups_by_start(w->a, w->arr->first, ACCOUNTS, cal, as_of, &g, &err), &err);
    w->in = (triangle_input){.groups = g,
                             .origin = w->arr->first,
                             .arr = w->arr,
                             .orders = w->orders,
                             .clock = {false, cal, as_of}};
}

static const retention *make(world *w, measure m, bool previous)
{
    strata_error err = {0};
    const retention *r = NULL;
    const retention_request request = {
        .measure = m, .previous = previous, .minimum_accounts = 30, .all_ranges = true};
    assert_ok(retention_make(&cx, w->a, &w->in, &request, &r, &err), &err);
    return r;
}

static void cells_say_what_they_are(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w, day_from_civil(2024, 4, 15));
    const retention *r = make(&w, MEASURE_LOGO, false);
    assert_int_equal(r->n_ages, 4);
    assert_int_equal(retention_cell(r, 0, 2)->kind, COHORT_OBSERVED);
    assert_int_equal(retention_cell(r, 0, 3)->kind, COHORT_PARTIAL);
    assert_int_equal(retention_cell(r, 1, 1)->kind, COHORT_TOO_FEW);
    assert_true(retention_cell(r, 1, 1)->over && !retention_cell(r, 1, 2)->over);
    assert_int_equal(retention_cell(r, 1, 3)->kind, COHORT_CENSORED);
    assert_int_equal(retention_cell(r, 1, 3)->accounts, 0);
    assert_false(retention_cell(r, 1, 3)->stated || retention_cell(r, 1, 1)->stated);
    assert_string_equal(r->ages[3], "3");
}

static void rates_are_those_of_the_definitions(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w, day_from_civil(2024, 4, 15));
    const cohort_cell *logo = retention_cell(make(&w, MEASURE_LOGO, false), 0, 2);
    const cohort_cell *nrr = retention_cell(make(&w, MEASURE_NRR, false), 0, 2);
    const cohort_cell *grr = retention_cell(make(&w, MEASURE_GRR, false), 0, 2);
    const cohort_cell *before = retention_cell(make(&w, MEASURE_NRR, true), 0, 3);
    assert_close(logo->rate, 0.75, 1e-12);
    assert_close(nrr->rate, (0.0 + 0.5 + 1.0 + 2.0) / 4.0, 1e-12);
    assert_close(grr->rate, (0.0 + 0.5 + 1.0 + 1.0) / 4.0, 1e-12);
    assert_close(before->rate, 1.0, 1e-12); /* nothing moved from month 2 to 3 */
    assert_int_equal(before->accounts, 30);
    assert_true(nrr->ranged && nrr->low < nrr->rate && nrr->high > nrr->rate);
    /* Wilson for 30 of 40, by the formula: 0.5981 to 0.8581 */
    assert_close(logo->low, 0.598057, 1e-4);
    assert_close(logo->high, 0.858093, 1e-4);
}

static void the_average_is_of_those_that_reached_the_age(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w, day_from_civil(2024, 4, 15));
    const retention *r = make(&w, MEASURE_LOGO, false);
    assert_int_equal(r->all[1].accounts, ACCOUNTS); /* too few alone, but they count together */
    assert_int_equal(r->cohorts[1], 2);
    assert_int_equal(r->all[2].accounts, JANUARY);
    assert_int_equal(r->all[3].kind, COHORT_CENSORED);
    assert_int_equal(r->entered, ACCOUNTS);
    assert_int_equal(r->early, 0);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w, day_from_civil(2024, 4, 15));
    const retention *r = NULL;
    strata_error err = {0};
    retention_request request = {.measure = MEASURE_REVENUE, .previous = true};
    assert_int_equal(retention_make(&cx, w.a, &w.in, &request, &r, &err), STRATA_E_USAGE);
    w.in.kind = RETENTION_OR_LATER;
    request.previous = false;
    assert_int_equal(retention_make(&cx, w.a, &w.in, &request, &r, &err), STRATA_E_USAGE);
    request = (retention_request){.measure = MEASURE_LOGO, .previous = true};
    assert_int_equal(retention_make(&cx, w.a, &w.in, &request, &r, &err), STRATA_E_USAGE);
    assert_null(r);
}

/* Cohorts of one, nobody leaves, everyone leaves, one period only. */
static void extreme_portfolios_give_figures_or_none(void **state)
{
    (void)state;
    for (int64_t leaves = 0; leaves < 2; leaves++) {
        arr_fact facts[80];
        size_t n = 0;
        for (int32_t i = 0; i < 40; i++) {
            facts[n++] = (arr_fact){i, 19000, 100, ARR_NEW};
            if (leaves != 0) {
                facts[n++] = (arr_fact){i, 19001, 0, ARR_CHURN};
            }
        }
        STRATA_CLEANUP(world_done) world w = {0};
        strata_error err = {0};
        const ledger_facts f = {.n_accounts = 40, .arr = facts, .n_arr = n};
        assert_ok(ledger_memory_new(&f, &w.memory, &err), &err);
        assert_ok(arr_book_load(&cx, ledger_memory_source(w.memory), 19400, &w.arr, &err), &err);
        assert_ok(arena_new(&w.a, &err), &err);
        groups *g = NULL;
        calendar cal = {PERIOD_YEAR, 1};
        assert_ok(groups_by_start(w.a, w.arr->first, 40, cal, 19400, &g, &err), &err);
        w.in = (triangle_input){
            .groups = g, .origin = w.arr->first, .arr = w.arr, .clock = {false, cal, 19400}};
        const measure all[] = {MEASURE_LOGO, MEASURE_NRR, MEASURE_GRR};
        for (size_t m = 0; m < COUNT(all); m++) {
            const retention *r = make(&w, all[m], false);
            const cohort_cell *first = retention_cell(r, 0, 0);
            assert_close_at(first->rate, leaves != 0 ? 0.0 : 1.0, 0, 1e-12, __FILE__, __LINE__);
            assert_true(isfinite(first->low) && isfinite(first->high));
            /* Against the year before: of nobody, so no rate. */
            const cohort_cell *next = retention_cell(make(&w, all[m], true), 0, 1);
            assert_true(next->stated == (leaves == 0));
        }
    }
}

static void threads_change_no_interval(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    strata_error err = {0};
    world_make(&w, day_from_civil(2024, 4, 15));
    const retention_request request = {
        .measure = MEASURE_NRR, .minimum_accounts = 10, .all_ranges = true};
    const context one = {.threads = 1, .seed = 1};
    const context seven = {.threads = 7, .seed = 1};
    const retention *a = NULL;
    const retention *b = NULL;
    assert_ok(retention_make(&one, w.a, &w.in, &request, &a, &err), &err);
    assert_ok(retention_make(&seven, w.a, &w.in, &request, &b, &err), &err);
    for (size_t i = 0; i < a->n_groups * a->n_ages; i++) {
        assert_true(a->cells[i].low <= b->cells[i].low && a->cells[i].low >= b->cells[i].low);
        assert_true(a->cells[i].high <= b->cells[i].high && a->cells[i].high >= b->cells[i].high);
    }
}

static void running_out_of_memory_is_told(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w, day_from_civil(2024, 4, 15));
    const measure all[] = {MEASURE_NRR, MEASURE_LOGO};
    const context alone = {.threads = 1, .seed = 1};
    for (size_t m = 0; m < COUNT(all); m++) {
        w.in.kind = m == 0 ? RETENTION_EXACTLY : RETENTION_OR_LATER;
        const retention_request request = {
            .measure = all[m], .minimum_accounts = 10, .all_ranges = true};
        int failures = 0;
        FAILURE_LOOP(failures, {
            strata_error err = {0};
            const retention *r = NULL;
            strata_status st = retention_make(&alone, w.a, &w.in, &request, &r, &err);
            FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, r == NULL);
        });
        assert_true(failures > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_say_what_they_are),
        cmocka_unit_test(rates_are_those_of_the_definitions),
        cmocka_unit_test(the_average_is_of_those_that_reached_the_age),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(extreme_portfolios_give_figures_or_none),
        cmocka_unit_test(threads_change_no_interval),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
