/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "plan/territory/parts.h"

/* What one unit of load above a limit costs, so that it goes first. */
static const double OVER_WEIGHT = 1e6;
/* Gains below are noise of summing. */
static const double LEAST_GAIN = 1e-3;
enum { PASSES = 60, EXCHANGE_PASSES = 6, POLL = 256 };

strata_status books_new(const territory_problem *p, arena *a, books *out, strata_error *err)
{
    books b = {.p = p,
               .at = ARENA_NEW(a, p->n + 1, int32_t),
               .load = ARENA_NEW(a, p->n_books + 1, int64_t),
               .value = ARENA_NEW(a, p->n_books + 1, int64_t)};
    if (b.at == NULL || b.load == NULL || b.value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu books", p->n_books);
    }
    books_go_home(&b);
    *out = b;
    return STRATA_OK;
}

void books_go_home(books *b)
{
    const territory_problem *p = b->p;
    for (size_t j = 0; j < p->n_books; j++) {
        b->load[j] = b->value[j] = 0;
    }
    for (size_t i = 0; i < p->n; i++) {
        b->at[i] = p->home[i];
        if (b->at[i] >= 0) {
            b->load[b->at[i]] += p->load[i];
            b->value[b->at[i]] += p->value[i];
        }
    }
    b->moved = 0;
}

void books_copy(books *to, const books *from)
{
    const territory_problem *p = from->p;
    memcpy(to->at, from->at, p->n * sizeof *to->at);
    memcpy(to->load, from->load, p->n_books * sizeof *to->load);
    memcpy(to->value, from->value, p->n_books * sizeof *to->value);
    to->moved = from->moved;
}

static size_t counts_as_moved(const territory_problem *p, size_t i, int32_t at)
{
    return p->home[i] >= 0 && at != p->home[i];
}

void books_put(books *b, size_t i, int32_t to)
{
    const territory_problem *p = b->p;
    int32_t from = b->at[i];
    if (from >= 0) {
        b->load[from] -= p->load[i];
        b->value[from] -= p->value[i];
    }
    if (to >= 0) {
        b->load[to] += p->load[i];
        b->value[to] += p->value[i];
    }
    b->moved = b->moved + counts_as_moved(p, i, to) - counts_as_moved(p, i, from);
    b->at[i] = to;
}

static double beyond(int64_t x, int64_t target, int64_t slack)
{
    int64_t off = x > target ? x - target : target - x;
    return off > slack ? (double)(off - slack) : 0.0;
}

double book_cost(const territory_problem *p, size_t j, int64_t load, int64_t value)
{
    double over = load > p->load_most[j] ? (double)(load - p->load_most[j]) : 0.0;
    return beyond(load, p->load_target[j], p->load_slack[j]) +
           p->value_weight * beyond(value, p->value_target[j], p->value_slack[j]) +
           OVER_WEIGHT * over;
}

bool item_may(const territory_problem *p, size_t i, int32_t to)
{
    return to == p->home[i] ||
           (!p->locked[i] && p->fits[(size_t)p->kind[i] * p->n_books + (size_t)to]);
}

static double price_at(const territory_problem *p, size_t i, int32_t at)
{
    return counts_as_moved(p, i, at) ? (double)p->price[i] : 0.0;
}

/* Of a book, if so much load and value were added to it. */
static double change_of_book(const books *b, int32_t j, int64_t load, int64_t value)
{
    size_t k = (size_t)j;
    return book_cost(b->p, k, b->load[k] + load, b->value[k] + value) -
           book_cost(b->p, k, b->load[k], b->value[k]);
}

double books_move_cost(const books *b, size_t i, int32_t to)
{
    const territory_problem *p = b->p;
    int32_t from = b->at[i];
    size_t moved = b->moved + counts_as_moved(p, i, to) - counts_as_moved(p, i, from);
    if (to == from || !item_may(p, i, to) || (moved > p->most_moves && moved > b->moved)) {
        return HUGE_VAL;
    }
    double left = from >= 0 ? change_of_book(b, from, -p->load[i], -p->value[i]) : 0.0;
    return left + change_of_book(b, to, p->load[i], p->value[i]) + price_at(p, i, to) -
           price_at(p, i, from);
}

void books_measure(const books *b, territory_solution *out)
{
    const territory_problem *p = b->p;
    territory_solution s = {.book = b->at, .n_moved = b->moved, .bound = out->bound};
    for (size_t j = 0; j < p->n_books; j++) {
        s.over += b->load[j] > p->load_most[j] ? b->load[j] - p->load_most[j] : 0;
        s.load_off += beyond(b->load[j], p->load_target[j], p->load_slack[j]);
        s.value_off += beyond(b->value[j], p->value_target[j], p->value_slack[j]);
    }
    for (size_t i = 0; i < p->n; i++) {
        s.price += counts_as_moved(p, i, b->at[i]) ? p->price[i] : 0;
        s.n_placed += p->home[i] < 0;
    }
    s.objective = s.load_off + p->value_weight * s.value_off + (double)s.price;
    *out = s;
}

/* --- search --- */

static int32_t best_book(const books *b, size_t i, double *cost)
{
    int32_t best = -1;
    *cost = HUGE_VAL;
    for (int32_t j = 0; (size_t)j < b->p->n_books; j++) {
        double change = books_move_cost(b, i, j);
        if (change < *cost) {
            *cost = change;
            best = j;
        }
    }
    return best;
}

void search_place(books *b)
{
    for (size_t i = 0; i < b->p->n; i++) {
        double cost = 0.0;
        int32_t to = b->at[i] < 0 ? best_book(b, i, &cost) : -1;
        if (to >= 0) {
            books_put(b, i, to);
        }
    }
}

/* The move that lowers what is above limits most for its cost; false: none does. */
static bool relieve_once(books *b)
{
    size_t item = SIZE_MAX;
    int32_t book = -1;
    double least = -OVER_WEIGHT / 2.0; /* a whole minute less above a limit gains more */
    for (size_t i = 0; i < b->p->n; i++) {
        int32_t at = b->at[i];
        double cost = 0.0;
        if (at < 0 || b->p->locked[i] || b->load[at] <= b->p->load_most[at]) {
            continue;
        }
        int32_t to = best_book(b, i, &cost);
        if (to >= 0 && cost < least) {
            least = cost;
            item = i;
            book = to;
        }
    }
    if (item != SIZE_MAX) {
        books_put(b, item, book);
    }
    return item != SIZE_MAX;
}

void search_relieve(books *b)
{
    for (size_t k = 0; k < b->p->n && relieve_once(b); k++) {
    }
}

static bool pass_of_moves(books *b)
{
    bool any = false;
    for (size_t i = 0; i < b->p->n; i++) {
        double cost = 0.0;
        int32_t to = b->p->locked[i] ? -1 : best_book(b, i, &cost);
        if (to >= 0 && cost < -LEAST_GAIN) {
            books_put(b, i, to);
            any = true;
        }
    }
    return any;
}

static double exchange_cost(const books *b, size_t i, size_t k)
{
    const territory_problem *p = b->p;
    int32_t x = b->at[i];
    int32_t y = b->at[k];
    if (!item_may(p, i, y) || !item_may(p, k, x)) {
        return HUGE_VAL;
    }
    size_t moved = b->moved + counts_as_moved(p, i, y) + counts_as_moved(p, k, x) -
                   counts_as_moved(p, i, x) - counts_as_moved(p, k, y);
    if (moved > p->most_moves && moved > b->moved) {
        return HUGE_VAL;
    }
    double prices = price_at(p, i, y) + price_at(p, k, x) - price_at(p, i, x) - price_at(p, k, y);
    int64_t load = p->load[k] - p->load[i];
    int64_t value = p->value[k] - p->value[i];
    return prices + change_of_book(b, x, load, value) + change_of_book(b, y, -load, -value);
}

/* Of an item that has left: with one that goes instead, or with another that has left. */
static bool exchange_one(books *b, size_t i)
{
    bool any = false;
    for (size_t k = 0; k < b->p->n && counts_as_moved(b->p, i, b->at[i]); k++) {
        if (b->at[k] == b->at[i] || b->p->locked[k] || exchange_cost(b, i, k) >= -LEAST_GAIN) {
            continue;
        }
        int32_t x = b->at[i];
        books_put(b, i, b->at[k]);
        books_put(b, k, x);
        any = true;
    }
    return any;
}

static strata_status pass_of_exchanges(const context *cx, books *b, bool *any, strata_error *err)
{
    *any = false;
    for (size_t i = 0; i < b->p->n; i++) {
        STRATA_TRY(i % POLL == 0 ? context_check(cx, err) : STRATA_OK);
        *any = (!b->p->locked[i] && exchange_one(b, i)) || *any;
    }
    return STRATA_OK;
}

strata_status search_improve(const context *cx, books *b, strata_error *err)
{
    bool any = true;
    search_relieve(b);
    for (int round = 0; round < EXCHANGE_PASSES && any; round++) {
        for (int pass = 0; pass < PASSES && pass_of_moves(b); pass++) {
            STRATA_TRY(context_check(cx, err));
        }
        STRATA_TRY(pass_of_exchanges(cx, b, &any, err));
    }
    return STRATA_OK;
}
