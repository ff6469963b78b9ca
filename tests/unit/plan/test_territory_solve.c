/* SPDX-License-Identifier: Apache-2.0 */
/* Books against every possible assignment of small random cases. */
#include "strata_test.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "plan/territory/parts.h"

enum { ITEMS = 7, BOOKS = 3, CASES = 60, KINDS = 2 };

typedef struct random_case {
    int64_t load[ITEMS], value[ITEMS], price[ITEMS];
    int32_t home[ITEMS], kind[ITEMS];
    bool locked[ITEMS], fits[KINDS * BOOKS];
    int64_t load_target[BOOKS], load_slack[BOOKS], load_most[BOOKS], value_target[BOOKS],
        value_slack[BOOKS];
    territory_problem p;
} random_case;

static void draw(random_case *c, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 1);
    *c = (random_case){0};
    int64_t load = 0;
    int64_t value = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        c->load[i] = (int64_t)rng_below(&r, 200);
        c->value[i] = (int64_t)rng_below(&r, 100000);
        c->price[i] = (int64_t)rng_below(&r, 40);
        c->kind[i] = (int32_t)rng_below(&r, KINDS);
        c->home[i] = rng_below(&r, 6) == 0 ? -1 : (int32_t)rng_below(&r, BOOKS);
        c->locked[i] = c->home[i] >= 0 && rng_below(&r, 5) == 0;
        load += c->load[i];
        value += c->value[i];
    }
    for (size_t k = 0; k < (size_t)KINDS * BOOKS; k++) {
        c->fits[k] = k % BOOKS == k / BOOKS || rng_below(&r, 3) > 0;
    }
    for (size_t j = 0; j < BOOKS; j++) {
        c->load_target[j] = load / BOOKS;
        c->load_slack[j] = (int64_t)rng_below(&r, 20);
        c->load_most[j] = load / BOOKS + (int64_t)rng_below(&r, 200);
        c->value_target[j] = value / BOOKS;
        c->value_slack[j] = (int64_t)rng_below(&r, 5000);
    }
    c->p = (territory_problem){.n = ITEMS,
                               .n_books = BOOKS,
                               .n_kinds = KINDS,
                               .load = c->load,
                               .value = c->value,
                               .price = c->price,
                               .home = c->home,
                               .locked = c->locked,
                               .kind = c->kind,
                               .fits = c->fits,
                               .load_target = c->load_target,
                               .load_slack = c->load_slack,
                               .load_most = c->load_most,
                               .value_target = c->value_target,
                               .value_slack = c->value_slack,
                               .value_weight = 0.001,
                               .most_moves = rng_below(&r, 3) == 0 ? 2 : ITEMS};
}

static double off_by(int64_t x, int64_t target, int64_t slack)
{
    return fmax(0.0, (double)(llabs(x - target) - slack));
}

/* The objective as the header states it, written again; HUGE_VAL when a limit is broken. */
static double judge(const territory_problem *p, const int32_t *book)
{
    int64_t load[BOOKS] = {0};
    int64_t value[BOOKS] = {0};
    double sum = 0.0;
    size_t moved = 0;
    for (size_t i = 0; i < p->n; i++) {
        bool leaves = book[i] != p->home[i];
        if (leaves && (p->locked[i] || !p->fits[p->kind[i] * BOOKS + book[i]])) {
            return HUGE_VAL;
        }
        if (leaves && p->home[i] >= 0) {
            moved++;
            sum += (double)p->price[i];
        }
        load[book[i]] += p->load[i];
        value[book[i]] += p->value[i];
    }
    for (size_t j = 0; j < BOOKS; j++) {
        if (load[j] > p->load_most[j]) {
            return HUGE_VAL;
        }
        sum += off_by(load[j], p->load_target[j], p->load_slack[j]) +
               p->value_weight * off_by(value[j], p->value_target[j], p->value_slack[j]);
    }
    return moved > p->most_moves ? HUGE_VAL : sum;
}

static double best_of_all(const territory_problem *p)
{
    double best = HUGE_VAL;
    size_t ways = 1;
    for (size_t i = 0; i < ITEMS; i++) {
        ways *= BOOKS;
    }
    for (size_t w = 0; w < ways; w++) {
        int32_t book[ITEMS];
        size_t rest = w;
        for (size_t i = 0; i < ITEMS; i++) {
            book[i] = (int32_t)(rest % BOOKS);
            rest /= BOOKS;
        }
        best = fmin(best, judge(p, book));
    }
    return best;
}

static void small_cases_are_solved_to_the_optimum(void **state)
{
    (void)state;
    size_t solved = 0;
    size_t infeasible = 0;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        const context cx = {.threads = 1, .seed = 1};
        strata_error err = {0};
        random_case c;
        territory_solution s;
        draw(&c, seed);
        assert_ok(arena_new(&a, &err), &err);
        assert_ok(territory_solve(&cx, &c.p, a, &s, &err), &err);
        double best = best_of_all(&c.p);
        if (isinf(best)) {
            assert_true(s.over > 0 && s.infeasible);
            infeasible++;
            continue;
        }
        assert_int_equal(s.over, 0);
        assert_close(judge(&c.p, s.book), s.objective, 1e-9);
        assert_close(s.objective, best, 1e-6);
        assert_true(s.bound <= best + 1e-6);
        assert_true(territory_gap(&s) < 1e-6);
        solved++;
    }
    assert_true(solved > CASES / 2 && infeasible > 0);
}

/* --- many items --- */

typedef struct large_case {
    int64_t *load, *value, *price;
    int32_t *home, *kind;
    bool *locked, *fits;
    int64_t *load_target, *load_slack, *load_most, *value_target, *value_slack;
    territory_problem p;
} large_case;

static void allocate(large_case *c, arena *a, size_t n, size_t n_books, size_t n_kinds)
{
    *c = (large_case){.load = ARENA_NEW(a, n, int64_t),
                      .value = ARENA_NEW(a, n, int64_t),
                      .price = ARENA_NEW(a, n, int64_t),
                      .home = ARENA_NEW(a, n, int32_t),
                      .kind = ARENA_NEW(a, n, int32_t),
                      .locked = ARENA_NEW(a, n, bool),
                      .fits = ARENA_NEW(a, n_kinds * n_books, bool),
                      .load_target = ARENA_NEW(a, n_books, int64_t),
                      .load_slack = ARENA_NEW(a, n_books, int64_t),
                      .load_most = ARENA_NEW(a, n_books, int64_t),
                      .value_target = ARENA_NEW(a, n_books, int64_t),
                      .value_slack = ARENA_NEW(a, n_books, int64_t)};
    c->p = (territory_problem){.n = n,
                               .n_books = n_books,
                               .n_kinds = n_kinds,
                               .load = c->load,
                               .value = c->value,
                               .price = c->price,
                               .home = c->home,
                               .locked = c->locked,
                               .kind = c->kind,
                               .fits = c->fits,
                               .load_target = c->load_target,
                               .load_slack = c->load_slack,
                               .load_most = c->load_most,
                               .value_target = c->value_target,
                               .value_slack = c->value_slack,
                               .most_moves = n};
}

/* Loads and values with long tails, books of uneven size, three regions, a tenth locked. */
static void draw_large(large_case *c, arena *a, size_t n, size_t n_books, uint64_t seed)
{
    enum { REGIONS = 3 };
    rng r;
    int64_t load = 0;
    int64_t value = 0;
    rng_init(&r, seed, 1);
    allocate(c, a, n, n_books, REGIONS);
    for (size_t i = 0; i < n; i++) {
        double size = exp(rng_normal(&r));
        double skew = rng_uniform(&r);
        c->load[i] = (int64_t)(600.0 * size);
        c->value[i] = (int64_t)(1500000.0 * size * exp(0.7 * rng_normal(&r)));
        c->home[i] = (int32_t)((double)n_books * (0.5 * skew + 0.5 * skew * skew));
        c->kind[i] = (int32_t)(rng_below(&r, 10) == 0 ? rng_below(&r, REGIONS)
                                                      : (uint64_t)c->home[i] % REGIONS);
        c->locked[i] = rng_below(&r, 10) == 0;
        c->price[i] = (int64_t)(60.0 + 60.0 * size + 120.0 * rng_uniform(&r));
        load += c->load[i];
        value += c->value[i];
    }
    for (size_t j = 0; j < n_books; j++) {
        for (size_t k = 0; k < REGIONS; k++) {
            c->fits[k * n_books + j] = j % REGIONS == k;
        }
        c->load_target[j] = load / (int64_t)n_books;
        c->load_slack[j] = c->load_target[j] / 20;
        c->load_most[j] = load;
        c->value_target[j] = value / (int64_t)n_books;
        c->value_slack[j] = c->value_target[j] / 20;
    }
    c->p.value_weight = (double)load / (double)value;
}

static void many_items_break_no_limit_and_come_with_a_bound(void **state)
{
    (void)state;
    enum { N = 600, M = 12, MOVES = 120 };
    STRATA_AUTO(arena_free) arena *a = NULL;
    const context cx = {.threads = 1, .seed = 1};
    strata_error err = {0};
    large_case c;
    assert_ok(arena_new(&a, &err), &err);
    draw_large(&c, a, N, M, 7);
    double last = HUGE_VAL;
    for (size_t most = 0; most <= N; most += most < MOVES ? MOVES : N - MOVES) {
        territory_solution s;
        size_t moved = 0;
        int64_t price = 0;
        c.p.most_moves = most;
        assert_ok(territory_solve(&cx, &c.p, a, &s, &err), &err);
        for (size_t i = 0; i < N; i++) {
            bool leaves = s.book[i] != c.home[i];
            assert_true(!leaves || (!c.locked[i] && c.fits[c.kind[i] * M + s.book[i]]));
            moved += leaves;
            price += leaves ? c.price[i] : 0;
        }
        assert_true(moved <= most);
        assert_int_equal(moved, s.n_moved);
        assert_int_equal(price, s.price);
        assert_int_equal(s.over, 0);
        assert_true(s.bound <= s.objective && s.bound > 0.0);
        assert_true(s.objective < last * 1.005);
        assert_true(territory_gap(&s) < 0.01);
        last = s.objective;
    }
}

static void threads_and_repetition_change_nothing(void **state)
{
    (void)state;
    enum { N = 300, M = 6 };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    large_case c;
    assert_ok(arena_new(&a, &err), &err);
    draw_large(&c, a, N, M, 11);
    territory_solution first;
    for (int threads = 1; threads <= 4; threads++) {
        const context cx = {.threads = threads, .seed = 3};
        territory_solution s;
        assert_ok(territory_solve(&cx, &c.p, a, &s, &err), &err);
        first = threads == 1 ? s : first;
        assert_memory_equal(s.book, first.book, N * sizeof *s.book);
        assert_true(s.bound <= first.bound && s.bound >= first.bound);
    }
}

/* Limits, skills, locks, moves and items without a home, in random sizes; some cannot be met. */
static void no_limit_is_ever_broken(void **state)
{
    (void)state;
    enum { RUNS = 8 };
    size_t met = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        const context cx = {.threads = 2, .seed = seed};
        strata_error err = {0};
        large_case c;
        territory_solution s;
        rng r;
        assert_ok(arena_new(&a, &err), &err);
        rng_init(&r, seed, 2);
        size_t n = 20 + rng_below(&r, 120);
        size_t m = 3 + rng_below(&r, 9);
        draw_large(&c, a, n, m, seed);
        c.p.most_moves = rng_below(&r, 2) == 0 ? n : rng_below(&r, n);
        c.p.effort = 0.1;
        for (size_t j = 0; j < m; j++) {
            c.load_most[j] = c.load_target[j] + (int64_t)rng_below(&r, (uint64_t)c.load_target[j]);
        }
        for (size_t i = 0; i < n; i += 7) {
            c.home[i] = c.locked[i] ? c.home[i] : -1;
        }
        assert_ok(territory_solve(&cx, &c.p, a, &s, &err), &err);
        size_t moved = 0;
        int64_t over = 0;
        int64_t *load = ARENA_NEW(a, m, int64_t);
        for (size_t i = 0; i < n; i++) {
            bool leaves = s.book[i] != c.home[i];
            assert_true(s.book[i] >= 0 && (size_t)s.book[i] < m);
            assert_true(!leaves ||
                        (!c.locked[i] && c.fits[(size_t)c.kind[i] * m + (size_t)s.book[i]]));
            moved += leaves && c.home[i] >= 0;
            load[s.book[i]] += c.load[i];
        }
        for (size_t j = 0; j < m; j++) {
            over += load[j] > c.load_most[j] ? load[j] - c.load_most[j] : 0;
        }
        assert_true(moved <= c.p.most_moves);
        assert_int_equal(over, s.over);
        assert_true(s.over > 0 || s.bound <= s.objective);
        met += s.over == 0;
    }
    assert_true(met > RUNS / 3 && met < RUNS);
}

/* Prices of its rows make the bound that of the linear relaxation; CBC may prove more. */
static void the_bound_is_below_what_branch_and_bound_finds_and_near_it(void **state)
{
    (void)state;
    enum { N = 60, M = 4 };
    STRATA_AUTO(arena_free) arena *a = NULL;
    const context cx = {.threads = 1, .seed = 1};
    strata_error err = {0};
    large_case c;
    territory_solution s;
    multipliers m;
    books b;
    territory_solution exact = {0};
    assert_ok(arena_new(&a, &err), &err);
    draw_large(&c, a, N, M, 5);
    assert_ok(territory_solve(&cx, &c.p, a, &s, &err), &err);
    assert_ok(territory_bound(&cx, &c.p, s.objective, a, &m, &err), &err);
    double subgradient = m.bound;
    assert_ok(territory_relax(&cx, &c.p, &m, &err), &err);
    assert_true(m.bound >= subgradient);
    assert_ok(books_new(&c.p, a, &b, &err), &err);
    books_measure(&b, &exact);
    exact.bound = 0.0;
    assert_ok(exact_improve(&cx, a, &b, &exact, &err), &err);
    assert_true(exact.bound > 0.0 && exact.bound <= s.objective * (1.0 + 1e-9));
    assert_true(m.bound <= exact.objective * (1.0 + 1e-9));
    assert_true(s.objective <= exact.objective * (1.0 + 1e-9));
}

/* Whole accounts prove more than parts of them, and still less than a plan costs. */
static void prices_of_items_prove_more_than_prices_of_sums(void **state)
{
    (void)state;
    enum { N = 400, M = 12 };
    STRATA_AUTO(arena_free) arena *a = NULL;
    const context cx = {.threads = 2, .seed = 1};
    strata_error err = {0};
    large_case c;
    territory_solution s;
    multipliers m;
    assert_ok(arena_new(&a, &err), &err);
    draw_large(&c, a, N, M, 7);
    c.p.effort = 0.1;
    assert_ok(territory_solve(&cx, &c.p, a, &s, &err), &err);
    assert_ok(territory_bound(&cx, &c.p, s.objective, a, &m, &err), &err);
    assert_ok(territory_relax(&cx, &c.p, &m, &err), &err);
    double bound = m.bound;
    double prices[N];
    price_climb climb = {.p = &c.p, .best = s.objective, .steps = 120};
    assert_ok(territory_prices(&cx, &m, &climb, prices, &bound, &err), &err);
    assert_true(bound > m.bound && bound <= s.objective * (1.0 + 1e-9));
    double first = bound;
    climb.again = true;
    assert_ok(territory_prices(&cx, &m, &climb, prices, &bound, &err), &err);
    assert_true(bound >= first && bound <= s.objective * (1.0 + 1e-9));
    /* The plan's own prices began from another plan's cost: not the same bound, but as much more.
     */
    assert_true(s.bound > m.bound);
}

/* Also with few moves allowed; never worse than before, and the same on any number of threads. */
static void a_few_books_at_a_time_make_a_plan_better_within_its_limits(void **state)
{
    (void)state;
    enum { N = 300, M = 24, MOVES = 12, RUNS = 4 };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    large_case c;
    multipliers m;
    books b[RUNS];
    assert_ok(arena_new(&a, &err), &err);
    draw_large(&c, a, N, M, 13);
    c.p.effort = 0.2;
    for (size_t run = 0; run < RUNS; run++) {
        const context cx = {.threads = run % 2 == 0 ? 1 : 3, .seed = 1};
        territory_solution before = {0};
        territory_solution after = {0};
        c.p.most_moves = run < 2 ? N : MOVES;
        assert_ok(books_new(&c.p, a, &b[run], &err), &err);
        if (run < 2) {
            assert_ok(search_improve(&cx, &b[run], &err), &err);
        }
        books_measure(&b[run], &before);
        assert_ok(territory_bound(&cx, &c.p, before.objective, a, &m, &err), &err);
        assert_ok(search_groups(&cx, &m, &b[run], &err), &err);
        books_measure(&b[run], &after);
        assert_true(after.objective < before.objective && after.objective >= m.bound);
        assert_true(after.n_moved <= c.p.most_moves && after.over == 0);
        for (size_t i = 0; i < N; i++) {
            assert_true(item_may(&c.p, i, b[run].at[i]));
            assert_true(!c.locked[i] || b[run].at[i] == c.home[i]);
        }
    }
    assert_memory_equal(b[0].at, b[1].at, N * sizeof *b[0].at);
    assert_memory_equal(b[2].at, b[3].at, N * sizeof *b[2].at);
}

/* With prices that say nothing, few moves and items without a home too. */
static void plans_from_prices_keep_limits_and_are_never_worse(void **state)
{
    (void)state;
    enum { N = 240, M = 12, MOVES = 9, RUNS = 4 };
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    large_case c;
    multipliers m;
    books b[RUNS];
    assert_ok(arena_new(&a, &err), &err);
    draw_large(&c, a, N, M, 17);
    c.p.effort = 0.3;
    for (size_t i = 0; i < N; i += 40) {
        c.home[i] = c.locked[i] ? c.home[i] : -1;
    }
    for (size_t run = 0; run < RUNS; run++) {
        const context cx = {.threads = run % 2 == 0 ? 1 : 3, .seed = 1};
        territory_solution before = {0};
        territory_solution after = {0};
        double prices[N] = {0};
        double bound = 0.0;
        c.p.most_moves = run < 2 ? N : MOVES;
        assert_ok(books_new(&c.p, a, &b[run], &err), &err);
        search_place(&b[run]);
        books_measure(&b[run], &before);
        assert_ok(territory_bound(&cx, &c.p, before.objective, a, &m, &err), &err);
        price_climb climb = {.p = &c.p, .best = before.objective, .steps = 60};
        if (run < 2) {
            assert_ok(territory_prices(&cx, &m, &climb, prices, &bound, &err), &err);
        }
        assert_ok(search_dives(&cx, &m, prices, &b[run], &err), &err);
        books_measure(&b[run], &after);
        assert_true(after.objective < before.objective && after.objective >= bound);
        assert_true(after.n_moved <= c.p.most_moves && after.over == 0);
        for (size_t i = 0; i < N; i++) {
            assert_true(item_may(&c.p, i, b[run].at[i]));
        }
    }
    assert_memory_equal(b[0].at, b[1].at, N * sizeof *b[0].at);
    assert_memory_equal(b[2].at, b[3].at, N * sizeof *b[2].at);
}

/* Walks over all books at once left 6 % above the bound here, with a fifth more moves. */
static void many_books_come_near_the_bound(void **state)
{
    (void)state;
    enum { N = 1200, M = 24 };
    STRATA_AUTO(arena_free) arena *a = NULL;
    const context cx = {.threads = 2, .seed = 1};
    strata_error err = {0};
    large_case c;
    territory_solution s;
    assert_ok(arena_new(&a, &err), &err);
    draw_large(&c, a, N, M, 13);
    c.p.effort = 0.3;
    assert_ok(territory_solve(&cx, &c.p, a, &s, &err), &err);
    assert_true(territory_gap(&s) < 0.045);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_books_at_a_time_make_a_plan_better_within_its_limits),
        cmocka_unit_test(many_books_come_near_the_bound),
        cmocka_unit_test(plans_from_prices_keep_limits_and_are_never_worse),
        cmocka_unit_test(prices_of_items_prove_more_than_prices_of_sums),
        cmocka_unit_test(small_cases_are_solved_to_the_optimum),
        cmocka_unit_test(many_items_break_no_limit_and_come_with_a_bound),
        cmocka_unit_test(no_limit_is_ever_broken),
        cmocka_unit_test(the_bound_is_below_what_branch_and_bound_finds_and_near_it),
        cmocka_unit_test(threads_and_repetition_change_nothing),
    };
    return cmocka_run_group_tests_name("territory_solve", tests, NULL, NULL);
}
