/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "plan/territory/parts.h"
#include "stats/numeric/linear_program.h"

/* Beyond, branch and bound takes longer than anybody waits. */
enum { CHOICES_MOST = 400, NODES = 4000, SIDES = 2, BOOK_ROWS = 2 * SIDES + 1 };

/* Variables: one for each item that may go to a book, then what each book's load and value are off
 * by. */
typedef struct program {
    const territory_problem *p;
    size_t n_choices, n_variables, n_rows, n_entries;
    size_t *item;  /* by choice */
    int32_t *book; /* by choice */
    lp_variable *variables;
    lp_row *rows;
    size_t *entry_variables;
    double *entry_weights;
} program;

static size_t count_choices(const territory_problem *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        for (int32_t j = 0; (size_t)j < p->n_books; j++) {
            n += item_may(p, i, j);
        }
    }
    return n;
}

static strata_status new_program(const territory_problem *p, size_t n_choices, arena *a,
                                 program *out, strata_error *err)
{
    size_t rows = p->n + 1 + p->n_books * BOOK_ROWS;
    size_t entries = n_choices * (2 + BOOK_ROWS) + p->n_books * 2 * SIDES;
    program g = {.p = p,
                 .n_variables = n_choices + 2 * p->n_books,
                 .item = ARENA_NEW(a, n_choices + 1, size_t),
                 .book = ARENA_NEW(a, n_choices + 1, int32_t),
                 .variables = ARENA_NEW(a, n_choices + 2 * p->n_books, lp_variable),
                 .rows = ARENA_NEW(a, rows, lp_row),
                 .entry_variables = ARENA_NEW(a, entries + 1, size_t),
                 .entry_weights = ARENA_NEW(a, entries + 1, double)};
    if (g.item == NULL || g.book == NULL || g.variables == NULL || g.rows == NULL ||
        g.entry_variables == NULL || g.entry_weights == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a programme");
    }
    *out = g;
    return STRATA_OK;
}

static void begin_row(program *g, double low, double high)
{
    g->rows[g->n_rows++] = (lp_row){.low = low,
                                    .high = high,
                                    .variables = &g->entry_variables[g->n_entries],
                                    .weights = &g->entry_weights[g->n_entries]};
}

static void put_entry(program *g, size_t variable, double weight)
{
    g->entry_variables[g->n_entries] = variable;
    g->entry_weights[g->n_entries++] = weight;
    g->rows[g->n_rows - 1].n++;
}

static bool is_move(const program *g, size_t c)
{
    int32_t home = g->p->home[g->item[c]];
    return home >= 0 && g->book[c] != home;
}

static void put_choices(program *g)
{
    const territory_problem *p = g->p;
    for (size_t i = 0; i < p->n; i++) {
        begin_row(g, 1.0, 1.0);
        for (int32_t j = 0; (size_t)j < p->n_books; j++) {
            if (item_may(p, i, j)) {
                size_t c = g->n_choices++;
                g->item[c] = i;
                g->book[c] = j;
                g->variables[c] = (lp_variable){
                    .cost = is_move(g, c) ? (double)p->price[i] : 0.0, .high = 1.0, .whole = true};
                put_entry(g, c, 1.0);
            }
        }
    }
    begin_row(g, -HUGE_VAL, p->most_moves < p->n ? (double)p->most_moves : (double)p->n);
    for (size_t c = 0; c < g->n_choices; c++) {
        if (is_move(g, c)) {
            put_entry(g, c, 1.0);
        }
    }
}

static void put_sum(program *g, size_t j, const int64_t *amounts, double low, double high)
{
    begin_row(g, low, high);
    for (size_t c = 0; c < g->n_choices; c++) {
        if ((size_t)g->book[c] == j) {
            put_entry(g, c, (double)amounts[g->item[c]]);
        }
    }
}

/* off >= sum - high and off >= low - sum, so sum - off <= high and sum + off >= low. */
static void put_off(program *g, size_t j, const int64_t *amounts, size_t off, int64_t target,
                    int64_t slack)
{
    put_sum(g, j, amounts, -HUGE_VAL, (double)(target + slack));
    put_entry(g, off, -1.0);
    put_sum(g, j, amounts, (double)(target - slack), HUGE_VAL);
    put_entry(g, off, 1.0);
}

static void put_books(program *g)
{
    const territory_problem *p = g->p;
    for (size_t j = 0; j < p->n_books; j++) {
        size_t off = g->n_choices + 2 * j;
        g->variables[off] = (lp_variable){.cost = 1.0, .high = HUGE_VAL};
        g->variables[off + 1] = (lp_variable){.cost = p->value_weight, .high = HUGE_VAL};
        put_off(g, j, p->load, off, p->load_target[j], p->load_slack[j]);
        put_off(g, j, p->value, off + 1, p->value_target[j], p->value_slack[j]);
        put_sum(g, j, p->load, -HUGE_VAL, (double)p->load_most[j]);
    }
}

static void take(const program *g, const lp_result *r, books *b)
{
    for (size_t c = 0; c < g->n_choices; c++) {
        if (r->x[c] > 0.5) {
            books_put(b, g->item[c], g->book[c]);
        }
    }
}

static strata_status build(const territory_problem *p, arena *a, program *g, linear_program *out,
                           strata_error *err)
{
    STRATA_TRY(new_program(p, count_choices(p), a, g, err));
    put_choices(g);
    put_books(g);
    *out = (linear_program){.n_variables = g->n_variables,
                            .n_rows = g->n_rows,
                            .variables = g->variables,
                            .rows = g->rows,
                            .max_nodes = NODES};
    return STRATA_OK;
}

strata_status exact_program(const territory_problem *p, arena *a, linear_program *out,
                            strata_error *err)
{
    program g;
    return build(p, a, &g, out, err);
}

strata_status exact_improve(const context *cx, arena *a, books *b, territory_solution *out,
                            strata_error *err)
{
    const territory_problem *p = b->p;
    size_t n_choices = count_choices(p);
    if (n_choices > CHOICES_MOST || n_choices == 0) {
        return STRATA_OK;
    }
    program g;
    books found;
    lp_result r = {0};
    linear_program lp;
    STRATA_TRY(build(p, a, &g, &lp, err));
    STRATA_TRY(linear_program_solve(cx, &lp, a, &r, err));
    out->infeasible = r.outcome == LP_INFEASIBLE;
    if (r.x == NULL) {
        return STRATA_OK;
    }
    territory_solution s = {.bound = fmax(out->bound, r.bound)};
    STRATA_TRY(books_new(p, a, &found, err));
    take(&g, &r, &found);
    books_measure(&found, &s);
    out->bound = s.bound;
    if (s.over < out->over || (s.over == out->over && s.objective < out->objective)) {
        books_copy(b, &found);
        *out = s;
    }
    return STRATA_OK;
}
