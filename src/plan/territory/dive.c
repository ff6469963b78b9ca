/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "plan/territory/pricing.h"

/* At good prices the books' best contents nearly fit together. A move that the book left and the
 * book entered have both wanted in most of the last steps is made for good, the prices follow what
 * is left, and so on until nothing is wanted (diving: Sadykov, Vanderbeck, Pessoa, Tahiri & Uchoa
 * 2019, INFORMS Journal on Computing 31:251). Where two books wait for each other in vain the steps
 * grow until one gives way. */
enum { FIRST_STEPS = 8, STEPS = 4, STEPS_A_BOOK = 12, STEPS_LEAST = 200, NODES = 100, STUCK = 6 };
static const double MEMORY = 0.85;
static const double WANTED = 0.55; /* of the last steps: enough for a second move at once */
static const double HEARD = 0.05;
static const double SHARE = 0.2;
static const double LONGER = 1.6;
/* Of the cost of the known plan: steps are never shorter than if so much were to be gained. */
static const double LEAST_ROOM = 0.003;
/* Of the mean price of a move. */
static const double NOISE = 0.04;

typedef struct wanted {
    double share;
    size_t item;
    int32_t to;
} wanted;

/* The problem with what was decided: it is at home where it went, and locked. */
typedef struct diver {
    const dive *d;
    territory_problem q;
    pricing x;
    int32_t *home;
    bool *locked, *busy; /* by item; by book: has decided in this round */
    double *vote;        /* book * n + item: share of the last steps that wanted it gone or there */
    wanted *pairs;
    double paid;
    size_t steps;
} diver;

static int by_share(const void *x, const void *y)
{
    const wanted *a = x;
    const wanted *b = y;
    if (a->share < b->share || a->share > b->share) {
        return a->share > b->share ? -1 : 1;
    }
    if (a->item != b->item) {
        return a->item < b->item ? -1 : 1;
    }
    return (a->to > b->to) - (a->to < b->to);
}

static strata_status new_diver(const context *cx, const dive *d, arena *a, diver *v,
                               strata_error *err)
{
    const territory_problem *p = d->p;
    *v = (diver){.d = d,
                 .q = *p,
                 .home = ARENA_NEW(a, p->n + 1, int32_t),
                 .locked = ARENA_NEW(a, p->n + 1, bool),
                 .busy = ARENA_NEW(a, p->n_books + 1, bool),
                 .vote = ARENA_NEW(a, p->n * p->n_books + 1, double),
                 .pairs = ARENA_NEW(a, p->n * p->n_books + 1, wanted)};
    if (!v->home || !v->locked || !v->busy || !v->vote || !v->pairs) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a dive among %zu items", p->n);
    }
    memcpy(v->home, p->home, p->n * sizeof *v->home);
    memcpy(v->locked, p->locked, p->n * sizeof *v->locked);
    v->q.home = v->home;
    v->q.locked = v->locked;
    STRATA_TRY(pricing_new(cx, &v->q, d->m, a, &v->x, err));
    v->x.nodes_most = NODES;
    return STRATA_OK;
}

static void set_prices(const context *cx, diver *v)
{
    const territory_problem *p = v->d->p;
    rng r;
    double mean = 0.0;
    rng_init(&r, cx->seed, v->d->stream);
    for (size_t i = 0; i < p->n; i++) {
        mean += (double)p->price[i] / (double)p->n;
    }
    for (size_t i = 0; i < p->n; i++) {
        double noise = v->d->stream > 0 ? NOISE * mean * rng_normal(&r) : 0.0;
        v->x.price[i] = v->d->price[i] + noise;
    }
}

static void count_votes(diver *v)
{
    const size_t n = v->q.n;
    for (size_t k = 0; k < n * v->q.n_books; k++) {
        v->vote[k] *= MEMORY;
    }
    for (size_t j = 0; j < v->q.n_books; j++) {
        const content *c = &v->x.content[j];
        for (size_t k = 0; k < c->n; k++) {
            v->vote[j * n + c->item[k]] += 1.0 - MEMORY;
        }
    }
}

static strata_status step(diver *v, double share, strata_error *err)
{
    double at = 0.0;
    STRATA_TRY(pricing_fill(&v->x, &at, err));
    v->steps++;
    count_votes(v);
    const double norm = pricing_turn(&v->x);
    const double room = fmax(v->d->best - at - v->paid, LEAST_ROOM * v->d->best);
    for (size_t i = 0; i < v->q.n && norm > 0.0; i++) {
        v->x.price[i] += share * room / norm * v->x.way[i];
    }
    return STRATA_OK;
}

/* Moves that both books want, or of an item without a home the one that it goes to. */
static size_t list_wanted(diver *v)
{
    const territory_problem *q = &v->q;
    size_t n = 0;
    for (size_t i = 0; i < q->n; i++) {
        for (int32_t j = 0; (size_t)j < q->n_books && !q->locked[i]; j++) {
            if (j == q->home[i] || !item_may(q, i, j)) {
                continue;
            }
            double share = v->vote[(size_t)j * q->n + i];
            if (q->home[i] >= 0) {
                share = fmin(share, v->vote[(size_t)q->home[i] * q->n + i]);
            }
            if (share > HEARD) {
                v->pairs[n++] = (wanted){share, i, j};
            }
        }
    }
    qsort(v->pairs, n, sizeof *v->pairs, by_share);
    return n;
}

/* No book's content has the item any more: it is in the book's sums now, or in another's. */
static void forget(diver *v, size_t i)
{
    for (size_t j = 0; j < v->q.n_books; j++) {
        content *c = &v->x.content[j];
        for (size_t k = 0; k < c->n; k++) {
            if (c->item[k] == i) {
                c->n--;
                c->item[k] = c->item[c->n];
                c->comes[k] = c->comes[c->n];
                break;
            }
        }
    }
    v->x.way[i] = 0.0;
}

static void decide(diver *v, const wanted *w)
{
    const int32_t from = v->home[w->item];
    v->busy[w->to] = true;
    if (from >= 0) {
        v->busy[from] = true;
        v->paid += (double)v->q.price[w->item];
        v->q.most_moves--;
    }
    v->home[w->item] = w->to;
    v->locked[w->item] = true;
    forget(v, w->item);
}

/* The moves that are wanted most, one of a book at most: prices must follow. */
static size_t decide_some(diver *v, size_t n)
{
    size_t done = 0;
    memset(v->busy, 0, v->q.n_books * sizeof *v->busy);
    for (size_t k = 0; k < n && (done == 0 || v->pairs[k].share >= WANTED); k++) {
        const wanted *w = &v->pairs[k];
        const int32_t from = v->home[w->item];
        bool free = !v->locked[w->item] && !v->busy[w->to] && (from < 0 || !v->busy[from]);
        if (free && (from < 0 || v->q.most_moves > 0)) {
            decide(v, w);
            done++;
        }
    }
    return done;
}

/* Whether any book still wants anything. */
static bool is_open(const diver *v)
{
    bool any = false;
    for (size_t j = 0; j < v->q.n_books; j++) {
        any = any || v->x.content[j].n > 0;
    }
    return any;
}

strata_status territory_dive(const context *cx, const dive *d, books *out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    diver v;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(new_diver(cx, d, a, &v, err));
    set_prices(cx, &v);
    const size_t most = STEPS_LEAST + STEPS_A_BOOK * d->p->n_books;
    int stuck = 0;
    while (v.steps < most && stuck <= STUCK && (v.steps == 0 || is_open(&v))) {
        const size_t until = v.steps + (v.steps == 0 ? FIRST_STEPS : STEPS);
        pricing_sum_books(&v.x);
        while (v.steps < until) {
            STRATA_TRY(step(&v, SHARE * pow(LONGER, stuck), err));
        }
        stuck = decide_some(&v, list_wanted(&v)) > 0 ? 0 : stuck + 1;
    }
    books_go_home(out);
    for (size_t i = 0; i < d->p->n; i++) {
        if (v.home[i] != d->p->home[i]) {
            books_put(out, i, v.home[i]);
        }
    }
    search_place(out);
    return STRATA_OK;
}
