/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/territory/parts.h"
#include "stats/numeric/linear_program.h"

/* Accounts stay in part and go in parts. Of all moves that there could be, few are in the best
 * solution, so the programme has those that looked cheap at the last prices, and gets more until
 * none is left that would pay. */
enum { ROUNDS = 25, OFFS = 5, BOOK_ROWS = 3, OF_AN_ITEM = 2 };
/* What a minute above a limit costs in the programme. It bounds prices; any give a bound. */
static const double OVER_COST = 100.0;
/* As near is as good as solved, as a share. */
static const double NEAR = 1e-4;
static const double PAYS = 1e-6;

typedef struct relaxed {
    const territory_problem *p;
    candidate *moves; /* by item and book */
    size_t n, room;
    int64_t *load, *value; /* by book, everybody at home */
} relaxed;

static int by_place(const void *x, const void *y)
{
    const candidate *a = x;
    const candidate *b = y;
    if (a->item != b->item) {
        return a->item < b->item ? -1 : 1;
    }
    return (a->to > b->to) - (a->to < b->to);
}

/* Its cheapest moves at these prices that would pay, beyond those already there. */
static void add_of_item(relaxed *x, const multipliers *m, size_t i, double pays)
{
    const territory_problem *p = x->p;
    candidate best[OF_AN_ITEM];
    size_t n = 0;
    for (int32_t j = 0; (size_t)j < p->n_books; j++) {
        if (j == p->home[i] || !item_may(p, i, j)) {
            continue;
        }
        const candidate c = {move_cost(m, p, i, j), i, j};
        if (c.cost >= pays || (n == OF_AN_ITEM && c.cost >= best[n - 1].cost)) {
            continue;
        }
        size_t at = n < OF_AN_ITEM ? n++ : n - 1;
        for (; at > 0 && c.cost < best[at - 1].cost; at--) {
            best[at] = best[at - 1];
        }
        best[at] = c;
    }
    for (size_t k = 0; k < n && x->n < x->room; k++) {
        x->moves[x->n++] = best[k];
    }
}

/* Whether there are any that there were not. */
static bool add_moves(relaxed *x, const multipliers *m, double pays)
{
    size_t before = x->n;
    for (size_t i = 0; i < x->p->n; i++) {
        if (!x->p->locked[i]) {
            add_of_item(x, m, i, x->p->home[i] >= 0 ? pays : HUGE_VAL);
        }
    }
    qsort(x->moves, x->n, sizeof *x->moves, by_place);
    size_t n = 0;
    for (size_t k = 0; k < x->n; k++) {
        if (n == 0 || by_place(&x->moves[n - 1], &x->moves[k]) != 0) {
            x->moves[n++] = x->moves[k];
        }
    }
    x->n = n;
    return n > before;
}

/* --- the programme --- */

typedef struct rows {
    lp_row *row;
    size_t n;
    size_t *variable;
    double *weight;
    size_t n_entries;
} rows;

static void begin_row(rows *r, double low, double high)
{
    r->row[r->n++] = (lp_row){.low = low,
                              .high = high,
                              .variables = &r->variable[r->n_entries],
                              .weights = &r->weight[r->n_entries]};
}

static void put(rows *r, size_t variable, double weight)
{
    r->variable[r->n_entries] = variable;
    r->weight[r->n_entries++] = weight;
    r->row[r->n - 1].n++;
}

static void put_flow(rows *r, const relaxed *x, size_t j, const int64_t *amounts, double scale)
{
    for (size_t k = 0; k < x->n; k++) {
        const candidate *c = &x->moves[k];
        if ((size_t)c->to == j) {
            put(r, k, scale * (double)amounts[c->item]);
        } else if (x->p->home[c->item] >= 0 && (size_t)x->p->home[c->item] == j) {
            put(r, k, -scale * (double)amounts[c->item]);
        }
    }
}

/* Within the slack but for what is off above and below; and below the limit. */
static void put_book(rows *r, const relaxed *x, size_t j)
{
    const territory_problem *p = x->p;
    size_t off = x->n + j * OFFS;
    double home = (double)x->load[j];
    double w = p->value_weight;
    begin_row(r, (double)(p->load_target[j] - p->load_slack[j]) - home,
              (double)(p->load_target[j] + p->load_slack[j]) - home);
    put_flow(r, x, j, p->load, 1.0);
    put(r, off, -1.0);
    put(r, off + 1, 1.0);
    begin_row(r, w * (double)(p->value_target[j] - p->value_slack[j] - x->value[j]),
              w * (double)(p->value_target[j] + p->value_slack[j] - x->value[j]));
    put_flow(r, x, j, p->value, w);
    put(r, off + 2, -1.0);
    put(r, off + 3, 1.0);
    begin_row(r, -HUGE_VAL, (double)p->load_most[j] - home);
    put_flow(r, x, j, p->load, 1.0);
    put(r, off + 4, -1.0);
}

static void put_items(rows *r, const relaxed *x)
{
    for (size_t k = 0; k < x->n;) {
        size_t i = x->moves[k].item;
        begin_row(r, x->p->home[i] >= 0 ? -HUGE_VAL : 1.0, 1.0);
        for (; k < x->n && x->moves[k].item == i; k++) {
            put(r, k, 1.0);
        }
    }
}

static void put_most_moves(rows *r, const relaxed *x)
{
    size_t most = x->p->most_moves < x->p->n ? x->p->most_moves : x->p->n;
    begin_row(r, -HUGE_VAL, (double)most);
    for (size_t k = 0; k < x->n; k++) {
        if (x->p->home[x->moves[k].item] >= 0) {
            put(r, k, 1.0);
        }
    }
}

static strata_status new_rows(const relaxed *x, arena *a, rows *out, strata_error *err)
{
    size_t m = x->p->n_books;
    size_t entries = x->n * (2 * BOOK_ROWS + 2) + m * OFFS;
    rows r = {.row = ARENA_NEW(a, BOOK_ROWS * m + x->n + 2, lp_row),
              .variable = ARENA_NEW(a, entries + 1, size_t),
              .weight = ARENA_NEW(a, entries + 1, double)};
    if (r.row == NULL || r.variable == NULL || r.weight == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a programme of %zu moves", x->n);
    }
    *out = r;
    return STRATA_OK;
}

static strata_status put_variables(const relaxed *x, arena *a, lp_variable **out, strata_error *err)
{
    const territory_problem *p = x->p;
    const double costs[OFFS] = {1.0, 1.0, 1.0, 1.0, OVER_COST};
    lp_variable *v = ARENA_NEW(a, x->n + p->n_books * OFFS, lp_variable);
    if (v == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a programme of %zu moves", x->n);
    }
    for (size_t k = 0; k < x->n; k++) {
        size_t i = x->moves[k].item;
        v[k] = (lp_variable){.cost = p->home[i] >= 0 ? (double)p->price[i] : 0.0, .high = 1.0};
    }
    for (size_t k = 0; k < p->n_books * OFFS; k++) {
        v[x->n + k] = (lp_variable){.cost = costs[k % OFFS], .high = HUGE_VAL};
    }
    *out = v;
    return STRATA_OK;
}

/* The prices of rows as multipliers: what an item costs in a book for its load and value. */
static void read_prices(const territory_problem *p, const lp_result *r, multipliers *m)
{
    for (size_t j = 0; j < p->n_books; j++) {
        m->load[j] = -r->price[j * BOOK_ROWS] - r->price[j * BOOK_ROWS + 2];
        m->value[j] = -r->price[j * BOOK_ROWS + 1];
    }
    m->moves = fmax(0.0, -r->price[p->n_books * BOOK_ROWS]);
}

static strata_status solve_round(const context *cx, const relaxed *x, arena *a, multipliers *m,
                                 lp_result *out, strata_error *err)
{
    rows r;
    lp_variable *v = NULL;
    STRATA_TRY(new_rows(x, a, &r, err));
    STRATA_TRY(put_variables(x, a, &v, err));
    for (size_t j = 0; j < x->p->n_books; j++) {
        put_book(&r, x, j);
    }
    put_most_moves(&r, x);
    put_items(&r, x);
    const linear_program lp = {
        .n_variables = x->n + x->p->n_books * OFFS, .n_rows = r.n, .variables = v, .rows = r.row};
    STRATA_TRY(linear_program_solve(cx, &lp, a, out, err));
    if (out->outcome == LP_OPTIMAL) {
        read_prices(x->p, out, m);
        STRATA_TRY(multipliers_bound(x->p, a, m, err));
    }
    return STRATA_OK;
}

static strata_status new_relaxed(const territory_problem *p, arena *a, relaxed *out,
                                 strata_error *err)
{
    relaxed x = {.p = p, .room = (size_t)OF_AN_ITEM * (ROUNDS + 1) * p->n};
    x.moves = ARENA_NEW(a, x.room + 1, candidate);
    x.load = ARENA_NEW(a, p->n_books + 1, int64_t);
    x.value = ARENA_NEW(a, p->n_books + 1, int64_t);
    if (x.moves == NULL || x.load == NULL || x.value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a relaxation");
    }
    for (size_t i = 0; i < p->n; i++) {
        if (p->home[i] >= 0) {
            x.load[p->home[i]] += p->load[i];
            x.value[p->home[i]] += p->value[i];
        }
    }
    *out = x;
    return STRATA_OK;
}

/* Moves that cost so little at the first prices are in from the start. */
static double first_worth(const territory_problem *p)
{
    double price = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        price += (double)p->price[i] / (double)p->n;
    }
    return PAYS + price / 4.0;
}

strata_status territory_relax(const context *cx, const territory_problem *p, multipliers *m,
                              strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    relaxed x;
    multipliers at;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(new_relaxed(p, a, &x, err));
    STRATA_TRY(multipliers_new(p, a, &at, err));
    multipliers_copy(&at, m, p->n_books);
    bool more = add_moves(&x, m, first_worth(p));
    for (int round = 0; round < ROUNDS && (more || round == 0); round++) {
        STRATA_AUTO(arena_free) arena *scratch = NULL;
        lp_result r = {0};
        STRATA_TRY(arena_new(&scratch, err));
        STRATA_TRY(solve_round(cx, &x, scratch, &at, &r, err));
        if (r.outcome != LP_OPTIMAL) {
            break;
        }
        if (at.bound > m->bound) {
            multipliers_copy(m, &at, p->n_books);
        }
        if (m->bound >= r.objective * (1.0 - NEAR)) {
            break;
        }
        more = add_moves(&x, &at, -PAYS);
    }
    return STRATA_OK;
}
