/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/cover_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rule/print.h"

/* Values are cut just below `at` (above = false) or just above it. */
typedef struct cut {
    double at;
    bool above;
} cut;

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* Writes the clauses of the tree to `out` unless that is NULL; how many there are. */
static size_t collect_clauses(const node *n, const node **out, size_t count)
{
    const node *name = node_clause_name(n);
    if (name != NULL) {
        if (out != NULL) {
            out[count] = n;
        }
        return count + 1;
    }
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        count = collect_clauses(kid, out, count);
    }
    return count;
}

static int by_slot(const void *a, const void *b)
{
    const node *x = node_clause_name(*(const node *const *)a);
    const node *y = node_clause_name(*(const node *const *)b);
    return (x->slot > y->slot) - (x->slot < y->slot);
}

static int by_place(const void *a, const void *b)
{
    const cut *x = a;
    const cut *y = b;
    int places = (x->at > y->at) - (x->at < y->at);
    return places != 0 ? places : (int)x->above - (int)y->above;
}

static size_t add_cut(cut *cuts, size_t n, double at, bool above)
{
    cuts[n] = (cut){at, above};
    return n + 1;
}

/* Where the clause changes its verdict: at most two cuts a constant. */
static size_t cuts_of(const node *clause, cut *cuts, size_t n)
{
    const node *name = node_clause_name(clause);
    compare_op op = name == clause->kids ? clause->op : compare_mirrored(clause->op);
    size_t at = 0;
    for (const node *kid = clause->kids; kid != NULL; kid = kid->next) {
        if (kid == name || isnan(kid->number)) {
            continue;
        }
        at++;
        bool point = clause->kind == NODE_IN ||
                     (clause->kind == NODE_COMPARE && (op == COMPARE_EQ || op == COMPARE_NE));
        bool below = clause->kind == NODE_BETWEEN ? at == 1 : op == COMPARE_LT || op == COMPARE_GE;
        if (point || below) {
            n = add_cut(cuts, n, kid->number, false);
        }
        if (point || !below) {
            n = add_cut(cuts, n, kid->number, true);
        }
    }
    return n;
}

/* To what the type can express: cents, days. */
static double rounded(value_type type, double x)
{
    return type == VALUE_MONEY && fabs(x) < 1e13 ? round(x * 100.0) / 100.0
           : type == VALUE_DATE                  ? floor(x)
                                                 : x;
}

static bool is_inside(double x, const cut *low, const cut *high)
{
    bool over = low == NULL || (low->above ? x > low->at : x >= low->at);
    bool under = high == NULL || (high->above ? x <= high->at : x < high->at);
    return over && under;
}

/* A value beyond the outermost cut, not far from it. */
static double beyond(double at, int direction, bool never_negative)
{
    double away = fabs(at) * 0.1;
    if (away < 1e-9) {
        away = 1;
    }
    double x = at + direction * away;
    return never_negative && x < 0 ? at / 2 : x;
}

/* A value of the cell between two cuts (NULL: no end); NaN when the type has none. */
static double value_between(const symbol *sym, const cut *low, const cut *high)
{
    double tries[4] = {NAN, NAN, NAN, 0};
    if (low != NULL && high != NULL) {
        tries[0] = low->at;
        tries[1] = high->at;
        tries[2] = rounded(sym->type, low->at + (high->at - low->at) / 2);
    } else if (low != NULL) {
        tries[0] = low->at;
        tries[1] = rounded(sym->type, beyond(low->at, 1, false));
        tries[2] = low->at + fmax(1, fabs(low->at) * 0.1);
    } else if (high != NULL) {
        tries[0] = high->at;
        tries[1] = rounded(sym->type, beyond(high->at, -1, sym->never_negative));
        tries[2] = high->at - fmax(1, fabs(high->at) * 0.1);
    }
    for (size_t k = 0; k < 4; k++) {
        if (!isnan(tries[k]) && is_inside(tries[k], low, high) &&
            !(sym->never_negative && tries[k] < 0)) {
            return tries[k];
        }
    }
    return NAN;
}

static strata_status number_cells(arena *a, const node *const *clauses, size_t n, axis *ax,
                                  strata_error *err)
{
    size_t most = 1;
    for (size_t k = 0; k < n; k++) {
        most += 2 * clauses[k]->n_kids;
    }
    cut *cuts = ARENA_NEW(a, most, cut);
    ax->num = ARENA_NEW(a, most + 2, double);
    if (cuts == NULL || ax->num == NULL) {
        return fail_nomem(err);
    }
    size_t found = 0;
    for (size_t k = 0; k < n; k++) {
        found = clauses[k]->kids != NULL ? cuts_of(clauses[k], cuts, found) : found;
    }
    qsort(cuts, found, sizeof *cuts, by_place);
    size_t kept = 0;
    for (size_t k = 0; k < found; k++) {
        if (kept == 0 || by_place(&cuts[kept - 1], &cuts[k]) != 0) {
            cuts[kept++] = cuts[k];
        }
    }
    for (size_t k = 0; k <= kept; k++) {
        double x = value_between(ax->sym, k > 0 ? &cuts[k - 1] : NULL, k < kept ? &cuts[k] : NULL);
        if (!isnan(x)) {
            ax->num[ax->n++] = x;
        }
    }
    ax->num[ax->n++] = NAN;
    return STRATA_OK;
}

static strata_status flag_cells(arena *a, axis *ax, strata_error *err)
{
    ax->num = ARENA_NEW(a, 3, double);
    if (ax->num == NULL) {
        return fail_nomem(err);
    }
    ax->num[1] = 1;
    ax->num[2] = NAN;
    ax->n = 3;
    return STRATA_OK;
}

static bool mentions(const node *clause, int32_t code)
{
    return clause->n_codes == 1 ? clause->code == code
                                : clause->table != NULL && clause->table[code] != 0;
}

/* The levels that a clause names one by one, one cell for all the others. */
static strata_status text_cells(arena *a, const node *const *clauses, size_t n, axis *ax,
                                strata_error *err)
{
    size_t n_levels = ax->sym->n_levels;
    ax->code = ARENA_NEW(a, n_levels + 2, int32_t);
    if (ax->code == NULL) {
        return fail_nomem(err);
    }
    int32_t other = ax->sym->open_levels ? (int32_t)n_levels : CODE_MISSING;
    for (size_t level = 0; level < n_levels; level++) {
        bool named = false;
        for (size_t k = 0; k < n && !named; k++) {
            named = mentions(clauses[k], (int32_t)level);
        }
        if (named) {
            ax->code[ax->n++] = (int32_t)level;
        } else {
            other = (int32_t)level;
        }
    }
    if (other != CODE_MISSING) {
        ax->code[ax->n++] = other;
        ax->has_other = true;
    }
    ax->code[ax->n++] = CODE_MISSING;
    return STRATA_OK;
}

static strata_status add_axis(arena *a, const node *const *clauses, size_t n, cell_space *space,
                              strata_error *err)
{
    const node *name = node_clause_name(clauses[0]);
    axis *ax = &space->axes[space->n_axes++];
    ax->sym = name->sym;
    ax->slot = name->slot;
    space->n_columns = name->slot + 1;
    if (ax->sym->type == VALUE_TEXT) {
        return text_cells(a, clauses, n, ax, err);
    }
    if (ax->sym->type == VALUE_BOOL) {
        return flag_cells(a, ax, err);
    }
    return number_cells(a, clauses, n, ax, err);
}

static void multiply_cells(cell_space *space)
{
    size_t cells = 1;
    for (size_t k = 0; k < space->n_axes; k++) {
        space->axes[k].stride = cells;
        if (space->axes[k].n > CELLS_MAX / cells) {
            space->n_cells = 0;
            return;
        }
        cells *= space->axes[k].n;
    }
    space->n_cells = cells;
}

strata_status cells_new(arena *a, const node *const *trees, size_t n_trees, cell_space *out,
                        strata_error *err)
{
    size_t count = 0;
    for (size_t k = 0; k < n_trees; k++) {
        count = collect_clauses(trees[k], NULL, count);
    }
    const node **clauses = ARENA_NEW(a, count, const node *);
    cell_space space = {.axes = ARENA_NEW(a, count, axis), .n_columns = 1};
    if (clauses == NULL || space.axes == NULL) {
        return fail_nomem(err);
    }
    size_t n = 0;
    for (size_t k = 0; k < n_trees; k++) {
        n = collect_clauses(trees[k], clauses, n);
    }
    // NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what is sorted
    qsort(clauses, n, sizeof *clauses, by_slot);
    for (size_t start = 0, end = 0; start < n; start = end) {
        while (end < n && by_slot(&clauses[start], &clauses[end]) == 0) {
            end++;
        }
        STRATA_TRY(add_axis(a, clauses + start, end - start, &space, err));
    }
    multiply_cells(&space);
    *out = space;
    return STRATA_OK;
}

size_t cells_coordinate(const axis *ax, size_t cell)
{
    return cell / ax->stride % ax->n;
}

size_t cells_missing(const cell_space *space, size_t cell)
{
    size_t missing = 0;
    for (size_t k = 0; k < space->n_axes; k++) {
        missing += cells_coordinate(&space->axes[k], cell) + 1 == space->axes[k].n;
    }
    return missing;
}

static void say_coordinate(const axis *ax, size_t at, const char *currency, strbuf *b)
{
    strbuf_add(b, b->len > 0 ? ", " : "");
    strbuf_add(b, ax->sym->name);
    if (at + 1 == ax->n) {
        strbuf_add(b, " is missing");
    } else if (ax->sym->type != VALUE_TEXT) {
        strbuf_add(b, " = ");
        print_value(ax->sym->type, ax->num[at], currency, b);
    } else if ((size_t)ax->code[at] < ax->sym->n_levels) {
        strbuf_printf(b, " = %s", ax->sym->levels[ax->code[at]]);
    } else {
        strbuf_add(b, " is another one");
    }
}

strata_status cells_say(const cell_space *space, size_t cell, const char *currency, arena *a,
                        const char **out, strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    for (int missing = 1; missing >= 0; missing--) {
        for (size_t k = 0; k < space->n_axes; k++) {
            const axis *ax = &space->axes[k];
            size_t at = cells_coordinate(ax, cell);
            bool is_missing = at + 1 == ax->n;
            bool telling = is_missing || ax->n > 2; /* else any known value will do */
            if (telling && is_missing == (missing == 1)) {
                say_coordinate(ax, at, currency, &b);
            }
        }
    }
    return print_done(&b, a, out, err);
}
