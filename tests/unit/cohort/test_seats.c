/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "cohort/movements/seat_types.h"
#include "cohort/seats.h"
#include "panel/ledger_memory.h"
#include "store/stmt.h"
#include "support/failing_alloc.h"

/* Four accounts with ARR and one that never had any; what the store says of their seats. */
enum { ACCOUNTS = 5 };
static const context cx = {.threads = 1};
static const arr_fact facts[] = {{0, 100, 1000, ARR_NEW},
                                 {1, 100, 1000, ARR_NEW},
                                 {2, 100, 1000, ARR_NEW},
                                 {2, 300, 0, ARR_CHURN},
                                 {3, 150, 1000, ARR_NEW}};

typedef struct world {
    store *store;
    arr_book *arr;
} world;

static void run(const world *w, const char *sql)
{
    strata_error err = {0};
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(w->store), "test", sql, &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
}

static void world_make(world *w, day until)
{
    *w = (world){0};
    const ledger_facts ledger = {.n_accounts = ACCOUNTS, .arr = facts, .n_arr = COUNT(facts)};
    const store_options options = {.mode = STORE_MEMORY};
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    strata_error err = {0};
    assert_ok(store_open(NULL, &options, &cx, &w->store, &err), &err);
    assert_ok(ledger_memory_new(&ledger, &m, &err), &err);
    assert_ok(arr_book_load(&cx, ledger_memory_source(m), until, &w->arr, &err), &err);
}

static void world_done(world *w)
{
    arr_book_free(w->arr);
    store_close(w->store);
}

/* Out of order on purpose: 0 grows and shrinks; 1 tried with five, then paid for twenty; 2 stops
 * saying on day 200; 4 never paid. */
static void fill(const world *w)
{
    run(w, "insert into seats_ledger values (1, 100, 20000), (0, 250, 3000), (0, 100, 2000), "
           "(1, 50, 5000), (2, 200, 0), (2, 90, 4000), (4, 10, 9000), (0, 400, 8000)");
}

static void seats_count_from_the_first_day_with_arr_on(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    STRATA_AUTO(arr_book_free) arr_book *b = NULL;
    strata_error err = {0};
    world_make(&w, 399);
    fill(&w);
    assert_ok(seats_book_load(store_main(w.store), w.arr, &b, &err), &err);
    assert_int_equal(b->n_rows, 5);
    assert_int_equal(arr_book_at(b, 0, 249), 2000);
    assert_int_equal(arr_book_at(b, 0, 399), 3000);
    assert_int_equal(b->kind[1], ARR_EXPANSION);
    assert_int_equal(b->first[1], 100);
    assert_int_equal(arr_book_at(b, 1, 99), 0); /* the trial */
    assert_int_equal(arr_book_at(b, 1, 100), 20000);
    assert_int_equal(b->first[2], 100); /* what it had before counts as of that day */
    assert_int_equal(arr_book_at(b, 2, 150), 4000);
    assert_int_equal(b->kind[4], ARR_CHURN);
    assert_int_equal(b->first[3], DAY_MISSING);
    assert_int_equal(b->first[4], DAY_MISSING);
    assert_int_equal(b->start[ACCOUNTS], 5);
}

static void a_trial_that_is_over_is_none(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    STRATA_AUTO(arr_book_free) arr_book *b = NULL;
    strata_error err = {0};
    world_make(&w, 399);
    run(&w, "insert into seats_ledger values (0, 10, 5000), (0, 90, 0), (3, 10, 5000), "
            "(3, 150, 0), (3, 160, 7000), (1, 100, 1000)");
    assert_ok(seats_book_load(store_main(w.store), w.arr, &b, &err), &err);
    assert_int_equal(b->first[0], DAY_MISSING);
    assert_int_equal(b->first[3], 160);
    assert_int_equal(b->kind[1], ARR_NEW);
    assert_int_equal(b->n_rows, 2);
}

static void who_has_arr_and_no_seats_any_more_is_counted(void **state)
{
    (void)state;
    const struct {
        day until;
        size_t want;
    } cases[] = {{150, 0}, {250, 1}, {350, 0}}; /* account 2; it leaves on day 300 */
    for (size_t i = 0; i < COUNT(cases); i++) {
        STRATA_CLEANUP(world_done) world w;
        STRATA_AUTO(arr_book_free) arr_book *b = NULL;
        strata_error err = {0};
        world_make(&w, cases[i].until);
        fill(&w);
        assert_ok(seats_book_load(store_main(w.store), w.arr, &b, &err), &err);
        assert_int_equal(seats_unsaid(b, w.arr), cases[i].want);
    }
}

static void no_seats_and_rows_of_nobody_are_told(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    arr_book *b = NULL;
    strata_error err = {0};
    world_make(&w, 399);
    assert_int_equal(seats_book_load(store_main(w.store), w.arr, &b, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "1971-02-04"));
    assert_non_null(strstr(err.message, "column seats"));
    run(&w, "insert into seats_ledger values (7, 10, 5000)");
    assert_int_equal(seats_book_load(store_main(w.store), w.arr, &b, &err), STRATA_E_STORE);
    assert_non_null(strstr(err.message, "seats_ledger names account 7 of 5"));
    assert_null(b);
}

static void running_out_of_memory_is_told(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    world_make(&w, 399);
    fill(&w);
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        arr_book *b = NULL;
        strata_status st = seats_book_load(store_main(w.store), w.arr, &b, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, b == NULL);
        arr_book_free(b);
    });
    assert_true(failures > 0);
}

/* 0 expands with more seats, on as many and on fewer; 1 never says. */
static const arr_fact grown[] = {{0, 100, 1000, ARR_NEW},         {0, 200, 2000, ARR_EXPANSION},
                                 {0, 250, 1500, ARR_CONTRACTION}, {0, 300, 3000, ARR_EXPANSION},
                                 {0, 350, 4000, ARR_EXPANSION},   {1, 100, 1000, ARR_NEW},
                                 {1, 200, 2000, ARR_EXPANSION}};

static void grow(world *w)
{
    strata_error err = {0};
    const ledger_facts ledger = {.n_accounts = ACCOUNTS, .arr = grown, .n_arr = COUNT(grown)};
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    world_make(w, 399);
    arr_book_free(w->arr);
    w->arr = NULL;
    assert_ok(ledger_memory_new(&ledger, &m, &err), &err);
    assert_ok(arr_book_load(&cx, ledger_memory_source(m), 399, &w->arr, &err), &err);
}

static const char *type_of(const arr_words *w, size_t row)
{
    return w->type[row] == ARR_WORD_NONE ? NULL : w->types[w->type[row]];
}

static void expansions_without_a_type_are_told_by_seats(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    arr_words words = {0};
    grow(&w);
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(arr_words_from_seats(store_main(w.store), a, w.arr, &words, &err), &err);
    assert_false(words.types_by_seats); /* nobody says seats */
    run(&w, "insert into seats_ledger values (0, 100, 2000), (0, 200, 3000), (0, 350, 1000)");
    assert_ok(arr_words_from_seats(store_main(w.store), a, w.arr, &words, &err), &err);
    assert_true(words.types_by_seats);
    assert_null(type_of(&words, 0));
    assert_string_equal(type_of(&words, 1), "More seats");
    assert_null(type_of(&words, 2)); /* a contraction */
    assert_string_equal(type_of(&words, 3), "No more seats: plan, product or price");
    assert_string_equal(type_of(&words, 4), "No more seats: plan, product or price");
    assert_null(type_of(&words, 6));
}

static void types_that_sources_say_stay(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    static const char *const said[] = {"tier"};
    uint16_t type[COUNT(grown)] = {0};
    arr_words words = {.types = said, .n_types = 1, .type = type};
    grow(&w);
    run(&w, "insert into seats_ledger values (0, 100, 2000), (0, 200, 3000)");
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(arr_words_from_seats(store_main(w.store), a, w.arr, &words, &err), &err);
    assert_string_equal(type_of(&words, 1), "tier");
    assert_false(words.types_by_seats);
}

static void types_run_out_of_memory(void **state)
{
    (void)state;
    STRATA_CLEANUP(world_done) world w;
    grow(&w);
    run(&w, "insert into seats_ledger values (0, 100, 2000), (0, 200, 3000)");
    int failures = 0;
    FAILURE_LOOP(failures, {
        STRATA_AUTO(arena_free) arena *a = NULL;
        strata_error err = {0};
        arr_words words = {0};
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? arr_words_from_seats(store_main(w.store), a, w.arr, &words, &err)
                             : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, !words.types_by_seats);
    });
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seats_count_from_the_first_day_with_arr_on),
        cmocka_unit_test(a_trial_that_is_over_is_none),
        cmocka_unit_test(who_has_arr_and_no_seats_any_more_is_counted),
        cmocka_unit_test(no_seats_and_rows_of_nobody_are_told),
        cmocka_unit_test(expansions_without_a_type_are_told_by_seats),
        cmocka_unit_test(types_that_sources_say_stay),
        cmocka_unit_test(types_run_out_of_memory),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
