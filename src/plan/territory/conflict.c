/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/strbuf.h"
#include "plan/territory/items.h"
#include "stats/numeric/linear_program.h"

/* The same limits over amounts of work: of each kind, so much stays in a book and so much comes
 * into one. Rows: all work of a kind has a place; a book's limit; what the moves can carry. */
typedef struct amounts {
    const territory_items *t;
    size_t m, kinds;
    int64_t *fixed;         /* by book: locked */
    int64_t *here;          /* kind * m + book: free work that is there now */
    int64_t *work;          /* by kind: free work */
    int64_t carried;        /* by the moves allowed, at most */
    lp_variable *variables; /* stays: kind * m + book; comes: kinds * m + the same */
    lp_row *rows;           /* kinds, books, moves */
    size_t *entry;
    double *weight;
    size_t n_entries;
} amounts;

static int larger_first(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x;
    int64_t b = *(const int64_t *)y;
    return (a < b) - (a > b);
}

static strata_status sum_amounts(amounts *s, arena *a, strata_error *err)
{
    const territory_problem *p = &s->t->p;
    int64_t *loads = ARENA_NEW(a, p->n + 1, int64_t);
    size_t n = 0;
    if (loads == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < p->n; i++) {
        size_t k = (size_t)p->kind[i];
        if (p->locked[i]) {
            s->fixed[p->home[i]] += p->load[i];
            continue;
        }
        s->work[k] += p->load[i];
        if (p->home[i] >= 0) {
            s->here[k * s->m + (size_t)p->home[i]] += p->load[i];
            loads[n++] = p->load[i];
        } else {
            s->carried += p->load[i]; /* is placed without counting as a move */
        }
    }
    qsort(loads, n, sizeof *loads, larger_first);
    for (size_t i = 0; i < n && i < p->most_moves; i++) {
        s->carried += loads[i];
    }
    return STRATA_OK;
}

static void begin(amounts *s, size_t row, double low, double high)
{
    s->rows[row] = (lp_row){.low = low,
                            .high = high,
                            .variables = &s->entry[s->n_entries],
                            .weights = &s->weight[s->n_entries]};
}

static void add(amounts *s, size_t row, size_t variable)
{
    s->entry[s->n_entries] = variable;
    s->weight[s->n_entries++] = 1.0;
    s->rows[row].n++;
}

static void put_rows(amounts *s)
{
    size_t cells = s->kinds * s->m;
    for (size_t k = 0; k < s->kinds; k++) {
        begin(s, k, (double)s->work[k], (double)s->work[k]);
        for (size_t j = 0; j < s->m; j++) {
            add(s, k, k * s->m + j);
            add(s, k, cells + k * s->m + j);
        }
    }
    for (size_t j = 0; j < s->m; j++) {
        begin(s, s->kinds + j, -HUGE_VAL, (double)(s->t->p.load_most[j] - s->fixed[j]));
        for (size_t k = 0; k < s->kinds; k++) {
            add(s, s->kinds + j, k * s->m + j);
            add(s, s->kinds + j, cells + k * s->m + j);
        }
    }
    begin(s, s->kinds + s->m, -HUGE_VAL, (double)s->carried);
    for (size_t c = 0; c < cells; c++) {
        add(s, s->kinds + s->m, cells + c);
    }
}

static strata_status new_amounts(const territory_items *t, arena *a, amounts *out,
                                 strata_error *err)
{
    size_t m = t->p.n_books;
    size_t kinds = t->p.n_kinds;
    amounts s = {.t = t,
                 .m = m,
                 .kinds = kinds,
                 .fixed = ARENA_NEW(a, m, int64_t),
                 .here = ARENA_NEW(a, kinds * m, int64_t),
                 .work = ARENA_NEW(a, kinds, int64_t),
                 .variables = ARENA_NEW(a, 2 * kinds * m, lp_variable),
                 .rows = ARENA_NEW(a, kinds + m + 1, lp_row),
                 .entry = ARENA_NEW(a, 5 * kinds * m, size_t),
                 .weight = ARENA_NEW(a, 5 * kinds * m, double)};
    if (!s.fixed || !s.here || !s.work || !s.variables || !s.rows || !s.entry || !s.weight) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the limits");
    }
    *out = s;
    return STRATA_OK;
}

/* --- words --- */

static const char *hours(arena *a, int64_t minutes)
{
    char text[NUMBER_TEXT];
    number_format(round((double)minutes / MINUTES_PER_HOUR), 0, text);
    return arena_printf(a, "%s h", text);
}

static void say_book(strbuf *out, const amounts *s, const territory *plan, size_t j, arena *a)
{
    strbuf_printf(out, "%s may have %s", plan->csms->items[j].name, hours(a, s->t->p.load_most[j]));
    if (s->fixed[j] > 0) {
        strbuf_printf(out, ", of which locked accounts take %s", hours(a, s->fixed[j]));
    }
}

static void say_rows(strbuf *out, const amounts *s, const territory *plan, const size_t *rows,
                     size_t n, arena *a)
{
    enum { NAMED = 8 };
    size_t books = 0;
    int64_t room = 0;
    for (size_t r = 0; r < n; r++) {
        strbuf_printf(out, "%s", r > 0 && (rows[r] < s->kinds || books < NAMED) ? "; " : "");
        if (rows[r] < s->kinds) {
            strbuf_printf(out, "accounts %s take %s besides locked ones", s->t->kind[rows[r]],
                          hours(a, s->work[rows[r]]));
        } else if (rows[r] < s->kinds + s->m) {
            size_t j = rows[r] - s->kinds;
            room += s->t->p.load_most[j];
            if (books++ < NAMED) {
                say_book(out, s, plan, j, a);
            }
        } else {
            strbuf_printf(out, "%s%zu moves carry %s at most", books >= NAMED ? "; " : "",
                          s->t->p.most_moves, hours(a, s->carried));
        }
    }
    if (books > NAMED) {
        strbuf_printf(out, "; with %zu more managers, %s in all", books - NAMED, hours(a, room));
    }
}

/* --- whole accounts --- */

/* A book above its limit, and how many whole accounts must leave it at least. */
typedef struct full_book {
    size_t book, least;
    int64_t has;
} full_book;

static int most_first(const void *x, const void *y)
{
    const full_book *a = x;
    const full_book *b = y;
    if (a->least != b->least) {
        return a->least > b->least ? -1 : 1;
    }
    return (a->book > b->book) - (a->book < b->book);
}

/* The largest go first, so fewer than these never do. `loads` has room for all items. 0: the book
 * is within its limit, or cannot be brought there at all. */
static full_book count_leaving(const territory_problem *p, size_t j, int64_t *loads)
{
    full_book f = {.book = j};
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (p->home[i] == (int32_t)j) {
            f.has += p->load[i];
            loads[n] = p->load[i];
            n += !p->locked[i];
        }
    }
    int64_t over = f.has - p->load_most[j];
    qsort(loads, n, sizeof *loads, larger_first);
    while (over > 0 && f.least < n) {
        over -= loads[f.least++];
    }
    f.least = over > 0 ? 0 : f.least;
    return f;
}

/* More whole accounts must leave full books than may move: the fewest books that show it. None: the
 * text stays empty. */
static strata_status say_moves_needed(strbuf *out, const territory_items *t, const territory *plan,
                                      arena *a, strata_error *err)
{
    const territory_problem *p = &t->p;
    full_book *full = ARENA_NEW(a, p->n_books + 1, full_book);
    int64_t *loads = ARENA_NEW(a, p->n + 1, int64_t);
    size_t needed = 0;
    size_t n = 0;
    if (full == NULL || loads == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the limits");
    }
    for (size_t j = 0; j < p->n_books; j++) {
        full[j] = count_leaving(p, j, loads);
    }
    qsort(full, p->n_books, sizeof *full, most_first);
    while (n < p->n_books && full[n].least > 0 && needed <= p->most_moves) {
        needed += full[n++].least;
    }
    for (size_t k = 0; k < n && needed > p->most_moves; k++) {
        strbuf_printf(out, "%s may have %s and has %s, so %zu %s must leave; ",
                      plan->csms->items[full[k].book].name, hours(a, p->load_most[full[k].book]),
                      hours(a, full[k].has), full[k].least,
                      full[k].least == 1 ? "account" : "accounts");
    }
    if (needed > p->most_moves) {
        strbuf_printf(out, "%zu %s allowed", p->most_moves,
                      p->most_moves == 1 ? "move is" : "moves are");
    }
    return STRATA_OK;
}

strata_status territory_conflict(const context *cx, const territory_items *t, const territory *plan,
                                 arena *a, const char **out, strata_error *err)
{
    amounts s;
    const size_t *rows = NULL;
    size_t n = 0;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    STRATA_TRY(new_amounts(t, a, &s, err));
    STRATA_TRY(sum_amounts(&s, a, err));
    size_t cells = s.kinds * s.m;
    for (size_t c = 0; c < cells; c++) {
        s.variables[c].high = (double)s.here[c];
        s.variables[cells + c].high = t->p.fits[c] ? HUGE_VAL : 0.0;
    }
    put_rows(&s);
    const linear_program lp = {.n_variables = 2 * cells,
                               .n_rows = s.kinds + s.m + 1,
                               .variables = s.variables,
                               .rows = s.rows};
    STRATA_TRY(linear_program_conflict(cx, &lp, a, &rows, &n, err));
    bool of_moves = n == 0;
    for (size_t r = 0; r < n; r++) {
        of_moves = of_moves || rows[r] == s.kinds + s.m;
    }
    if (of_moves) {
        STRATA_TRY(say_moves_needed(&text, t, plan, a, err));
    }
    if (strbuf_text(&text)[0] == '\0' && n > 0) {
        say_rows(&text, &s, plan, rows, n, a);
    } else if (strbuf_text(&text)[0] == '\0') {
        strbuf_printf(&text, "the hours would fit, but no division of whole accounts was found");
    }
    STRATA_TRY(strbuf_status(&text, err));
    *out = arena_strdup(a, strbuf_text(&text));
    return *out != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}
