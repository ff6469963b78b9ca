/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "plan/territory/parts.h"

/* Near the optimum hardly any move is free of harm by itself: books sit at the edge of what counts
 * as even, so that an account that goes must be replaced by another, and the way from one good set
 * of moves to a better one leads over worse ones. What books are off by therefore weighs little at
 * first and in full at the end (compressed annealing: Ohlmann, Bean & Henderson 2004), and only
 * moves that the multipliers find promising are tried, but for a few. */
enum { STEPS_A_ROUND = 1 << 13, WAYS = 16, TOGGLE_UP_TO = 5, INSTEAD_UP_TO = 13, CROSS_UP_TO = 15 };
/* Beyond so many times the temperature nothing is accepted. */
static const double HOPELESS = 20.0;
/* A minute above a limit, beside one off the target. */
static const double LIMIT_WEIGHT = 10.0;
static const double LIGHTEST = 0.1;

/* A book's limits, and what it costs as it is. */
typedef struct edges {
    double load_low, load_high, load_most;
    double value_low, value_high;
    double cost;
} edges;

typedef struct walk {
    const territory_problem *p;
    const promising *c;
    books *b;
    rng r;
    edges *edge;     /* by book */
    size_t *away;    /* items that have left */
    size_t *away_at; /* by item: place in `away`; SIZE_MAX: at home */
    size_t n_away;
    double temperature, weight;
} walk;

enum { AT_ONCE = 2 };

/* One or two items, each into another book. */
typedef struct proposal {
    size_t n;
    size_t item[AT_ONCE];
    int32_t to[AT_ONCE];
} proposal;

/* What a proposal does to the books: load and value that come, what they would cost. */
typedef struct touched {
    size_t n;
    size_t book[2 * AT_ONCE];
    int64_t load[2 * AT_ONCE], value[2 * AT_ONCE];
    double cost[2 * AT_ONCE];
} touched;

static strata_status new_walk(books *b, const promising *c, arena *a, walk *out, strata_error *err)
{
    const territory_problem *p = b->p;
    walk w = {.p = p,
              .c = c,
              .b = b,
              .edge = ARENA_NEW(a, p->n_books + 1, edges),
              .away = ARENA_NEW(a, p->n + 1, size_t),
              .away_at = ARENA_NEW(a, p->n + 1, size_t)};
    if (w.edge == NULL || w.away == NULL || w.away_at == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu items", p->n);
    }
    for (size_t j = 0; j < p->n_books; j++) {
        w.edge[j] = (edges){.load_low = (double)(p->load_target[j] - p->load_slack[j]),
                            .load_high = (double)(p->load_target[j] + p->load_slack[j]),
                            .load_most = (double)p->load_most[j],
                            .value_low = (double)(p->value_target[j] - p->value_slack[j]),
                            .value_high = (double)(p->value_target[j] + p->value_slack[j])};
    }
    *out = w;
    return STRATA_OK;
}

static bool is_away_at(const territory_problem *p, size_t i, int32_t at)
{
    return p->home[i] >= 0 && at != p->home[i];
}

static void keep_away(walk *w, size_t i)
{
    bool away = is_away_at(w->p, i, w->b->at[i]);
    if (away && w->away_at[i] == SIZE_MAX) {
        w->away_at[i] = w->n_away;
        w->away[w->n_away++] = i;
    } else if (!away && w->away_at[i] != SIZE_MAX) {
        size_t last = w->away[--w->n_away];
        w->away[w->away_at[i]] = last;
        w->away_at[last] = w->away_at[i];
        w->away_at[i] = SIZE_MAX;
    }
}

static double beyond(double x, double low, double high)
{
    return x > high ? x - high : x < low ? low - x : 0.0;
}

/* As book_cost() if so much came in, the limit as a cost among others. */
static double soft_cost(const walk *w, size_t j, int64_t load, int64_t value)
{
    const edges *e = &w->edge[j];
    const double x = (double)(w->b->load[j] + load);
    const double y = (double)(w->b->value[j] + value);
    const double over = x > e->load_most ? x - e->load_most : 0.0;
    return w->weight *
           (beyond(x, e->load_low, e->load_high) +
            w->p->value_weight * beyond(y, e->value_low, e->value_high) + LIMIT_WEIGHT * over);
}

/* --- proposals --- */

static void propose_one(size_t i, int32_t to, proposal *out)
{
    out->item[out->n] = i;
    out->to[out->n++] = to;
}

/* A promising move, or back from where it went. */
static void propose_toggle(walk *w, size_t k, proposal *out)
{
    const candidate *c = &w->c->all[k];
    bool there = w->b->at[c->item] == c->to;
    if (!there || w->p->home[c->item] >= 0) {
        propose_one(c->item, there ? w->p->home[c->item] : c->to, out);
    }
}

/* An item that left goes home, and another leaves the same book, or for the same book, instead. */
static void propose_instead(walk *w, proposal *out)
{
    if (w->n_away == 0) {
        return;
    }
    size_t i = w->away[rng_below(&w->r, w->n_away)];
    bool same_home = rng_below(&w->r, 2) == 0;
    size_t j = (size_t)(same_home ? w->p->home[i] : w->b->at[i]);
    const size_t *start = same_home ? w->c->from_start : w->c->to_start;
    const size_t *list = same_home ? w->c->from_list : w->c->to_list;
    size_t n = start[j + 1] - start[j];
    if (n == 0) {
        return;
    }
    const candidate *c = &w->c->all[list[start[j] + rng_below(&w->r, n)]];
    if (c->item != i && w->b->at[c->item] != c->to) {
        propose_one(i, w->p->home[i], out);
        propose_one(c->item, c->to, out);
    } else if (c->item == i && c->to != w->b->at[i]) {
        propose_one(i, c->to, out);
    }
}

/* Two that left change their new books. */
static void propose_cross(walk *w, proposal *out)
{
    if (w->n_away < 2) {
        return;
    }
    size_t i = w->away[rng_below(&w->r, w->n_away)];
    size_t k = w->away[rng_below(&w->r, w->n_away)];
    int32_t x = w->b->at[i];
    int32_t y = w->b->at[k];
    if (x != y && item_may(w->p, i, y) && item_may(w->p, k, x)) {
        propose_one(i, y, out);
        propose_one(k, x, out);
    }
}

static void propose_any(walk *w, proposal *out)
{
    size_t i = rng_below(&w->r, w->p->n);
    int32_t to = (int32_t)rng_below(&w->r, w->p->n_books);
    if (to != w->b->at[i] && item_may(w->p, i, to)) {
        propose_one(i, to, out);
    }
}

static void propose(walk *w, proposal *out)
{
    uint64_t way = rng_below(&w->r, WAYS);
    out->n = 0;
    if (way < TOGGLE_UP_TO && w->c->n > 0) {
        propose_toggle(w, rng_below(&w->r, w->c->n), out);
    } else if (way < INSTEAD_UP_TO) {
        propose_instead(w, out);
    } else if (way < CROSS_UP_TO) {
        propose_cross(w, out);
    } else {
        propose_any(w, out);
    }
}

/* --- steps --- */

static void touch(touched *t, int32_t book, int64_t load, int64_t value)
{
    size_t k = 0;
    while (k < t->n && t->book[k] != (size_t)book) {
        k++;
    }
    if (k == t->n) {
        t->n++;
        t->book[k] = (size_t)book;
        t->load[k] = t->value[k] = 0;
    }
    t->load[k] += load;
    t->value[k] += value;
}

/* Change of the cost, and of how many have left; nothing is touched yet. */
static double weigh(const walk *w, const proposal *c, touched *t, int *leave)
{
    const territory_problem *p = w->p;
    double change = 0.0;
    *leave = 0;
    t->n = 0;
    for (size_t k = 0; k < c->n; k++) {
        const size_t i = c->item[k];
        const int away = is_away_at(p, i, c->to[k]) - is_away_at(p, i, w->b->at[i]);
        touch(t, w->b->at[i], -p->load[i], -p->value[i]);
        touch(t, c->to[k], p->load[i], p->value[i]);
        change += away * (double)p->price[i];
        *leave += away;
    }
    for (size_t k = 0; k < t->n; k++) {
        t->cost[k] = soft_cost(w, t->book[k], t->load[k], t->value[k]);
        change += t->cost[k] - w->edge[t->book[k]].cost;
    }
    return change;
}

static bool is_accepted(walk *w, double change, int leave)
{
    if (leave > 0 && w->b->moved + (size_t)leave > w->p->most_moves) {
        return false;
    }
    return change <= 0.0 || (change <= HOPELESS * w->temperature &&
                             rng_uniform(&w->r) < exp(-change / w->temperature));
}

static void try_step(walk *w)
{
    proposal c;
    touched t;
    int leave = 0;
    propose(w, &c);
    const double change = weigh(w, &c, &t, &leave);
    if (!is_accepted(w, change, leave)) {
        return;
    }
    for (size_t k = 0; k < c.n; k++) {
        books_put(w->b, c.item[k], c.to[k]);
        keep_away(w, c.item[k]);
    }
    for (size_t k = 0; k < t.n; k++) {
        w->edge[t.book[k]].cost = t.cost[k];
    }
}

/* Heat enough that an account may go astray, and cold enough that a cheaper move is kept. */
static void set_heat(const territory_problem *p, double *hottest, double *coldest)
{
    double price = 0.0;
    double load = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        price += (double)p->price[i] / (double)p->n;
        load += (double)p->load[i] / (double)p->n;
    }
    *hottest = fmax(1.0, fmax(5.0 * price, 0.5 * load));
    *coldest = fmax(0.1, 0.1 * (price > 0.0 ? price : load));
}

strata_status search_anneal(const context *cx, const promising *c, const annealing *plan, books *b,
                            strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    walk w;
    double coldest = 0.0;
    if (b->p->n == 0) {
        return STRATA_OK;
    }
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(new_walk(b, c, a, &w, err));
    for (size_t i = 0; i < b->p->n; i++) {
        w.away_at[i] = SIZE_MAX;
        keep_away(&w, i);
    }
    rng_init(&w.r, plan->seed, plan->stream);
    size_t rounds = plan->steps / STEPS_A_ROUND + 2;
    set_heat(b->p, &w.temperature, &coldest);
    w.temperature *= plan->heat > 0.0 ? plan->heat : 1.0;
    double cool = pow(coldest / w.temperature, 1.0 / (double)(rounds - 1));
    double press = pow(1.0 / LIGHTEST, 1.0 / (double)(rounds - 1));
    w.weight = LIGHTEST;
    for (size_t r = 0; r < rounds; r++) {
        STRATA_TRY(context_check(cx, err));
        for (size_t j = 0; j < b->p->n_books; j++) {
            w.edge[j].cost = soft_cost(&w, j, 0, 0);
        }
        for (size_t s = 0; s < STEPS_A_ROUND; s++) {
            try_step(&w);
        }
        w.temperature *= cool;
        w.weight *= press;
    }
    return STRATA_OK;
}
