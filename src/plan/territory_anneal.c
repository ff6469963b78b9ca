/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "plan/territory_parts.h"

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

typedef struct walk {
    const territory_problem *p;
    const promising *c;
    books *b;
    rng r;
    double *cost;    /* of each book as it is */
    size_t *away;    /* items that have left */
    size_t *away_at; /* by item: place in `away`; SIZE_MAX: at home */
    size_t n_away;
    double temperature, weight;
} walk;

/* One or two items, each into another book. */
typedef struct proposal {
    size_t n;
    size_t item[2];
    int32_t to[2];
} proposal;

static strata_status new_walk(books *b, const promising *c, arena *a, walk *out, strata_error *err)
{
    const territory_problem *p = b->p;
    walk w = {.p = p,
              .c = c,
              .b = b,
              .cost = ARENA_NEW(a, p->n_books + 1, double),
              .away = ARENA_NEW(a, p->n + 1, size_t),
              .away_at = ARENA_NEW(a, p->n + 1, size_t)};
    if (w.cost == NULL || w.away == NULL || w.away_at == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu items", p->n);
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

static double beyond(int64_t x, int64_t target, int64_t slack)
{
    int64_t off = x > target ? x - target : target - x;
    return off > slack ? (double)(off - slack) : 0.0;
}

/* As book_cost(), the limit as a cost among others. */
static double soft_cost(const walk *w, size_t j)
{
    const territory_problem *p = w->p;
    int64_t load = w->b->load[j];
    int64_t over = load > p->load_most[j] ? load - p->load_most[j] : 0;
    return w->weight *
           (beyond(load, p->load_target[j], p->load_slack[j]) +
            p->value_weight * beyond(w->b->value[j], p->value_target[j], p->value_slack[j]) +
            LIMIT_WEIGHT * (double)over);
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

static double price_at(const territory_problem *p, size_t i, int32_t at)
{
    return is_away_at(p, i, at) ? (double)p->price[i] : 0.0;
}

/* Puts an item elsewhere and says what that changes. */
static double put(walk *w, size_t i, int32_t to)
{
    int32_t from = w->b->at[i];
    double change = price_at(w->p, i, to) - price_at(w->p, i, from);
    books_put(w->b, i, to);
    const int32_t touched[2] = {from, to};
    for (size_t k = 0; k < 2; k++) {
        double cost = soft_cost(w, (size_t)touched[k]);
        change += cost - w->cost[touched[k]];
        w->cost[touched[k]] = cost;
    }
    return change;
}

static bool is_accepted(walk *w, double change, size_t moved_before)
{
    size_t moved = w->b->moved;
    if (moved > w->p->most_moves && moved > moved_before) {
        return false;
    }
    return change <= 0.0 || (change <= HOPELESS * w->temperature &&
                             rng_uniform(&w->r) < exp(-change / w->temperature));
}

static void try_step(walk *w)
{
    proposal c;
    int32_t was[2];
    double change = 0.0;
    size_t moved = w->b->moved;
    propose(w, &c);
    for (size_t k = 0; k < c.n; k++) {
        was[k] = w->b->at[c.item[k]];
        change += put(w, c.item[k], c.to[k]);
    }
    bool taken = is_accepted(w, change, moved);
    for (size_t k = c.n; k > 0 && !taken; k--) {
        (void)put(w, c.item[k - 1], was[k - 1]);
    }
    for (size_t k = 0; k < c.n && taken; k++) {
        keep_away(w, c.item[k]);
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
    double cool = pow(coldest / w.temperature, 1.0 / (double)(rounds - 1));
    double press = pow(1.0 / LIGHTEST, 1.0 / (double)(rounds - 1));
    w.weight = LIGHTEST;
    for (size_t r = 0; r < rounds; r++) {
        STRATA_TRY(context_check(cx, err));
        for (size_t j = 0; j < b->p->n_books; j++) {
            w.cost[j] = soft_cost(&w, j);
        }
        for (size_t s = 0; s < STEPS_A_ROUND; s++) {
            try_step(&w);
        }
        w.temperature *= cool;
        w.weight *= press;
    }
    return STRATA_OK;
}
