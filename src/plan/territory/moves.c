/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "plan/territory/parts.h"

enum { CANDIDATES = 3 };

double multipliers_cost(const multipliers *m, const territory_problem *p, size_t i, size_t j)
{
    return m->load[j] * (double)p->load[i] + m->value[j] * p->value_weight * (double)p->value[i];
}

double move_cost(const multipliers *m, const territory_problem *p, size_t i, int32_t to)
{
    double there = multipliers_cost(m, p, i, (size_t)to);
    return p->home[i] < 0 ? there
                          : there + (double)p->price[i] + m->moves -
                                multipliers_cost(m, p, i, (size_t)p->home[i]);
}

/* --- construction --- */

static int by_cost(const void *x, const void *y)
{
    const candidate *a = x;
    const candidate *b = y;
    if (a->cost < b->cost || a->cost > b->cost) {
        return a->cost < b->cost ? -1 : 1;
    }
    if (a->item != b->item) {
        return a->item < b->item ? -1 : 1;
    }
    return (a->to > b->to) - (a->to < b->to);
}

/* The books with the least reduced cost for an item, best first. */
static size_t nearest_books(const multipliers *m, const territory_problem *p, size_t i,
                            candidate out[CANDIDATES])
{
    size_t n = 0;
    for (int32_t j = 0; (size_t)j < p->n_books; j++) {
        const candidate c = {move_cost(m, p, i, j), i, j};
        if (j == p->home[i] || !item_may(p, i, j) ||
            (n == CANDIDATES && by_cost(&c, &out[n - 1]) >= 0)) {
            continue;
        }
        size_t at = n < CANDIDATES ? n++ : n - 1;
        for (; at > 0 && by_cost(&c, &out[at - 1]) < 0; at--) {
            out[at] = out[at - 1];
        }
        out[at] = c;
    }
    return n;
}

strata_status territory_construct(const multipliers *m, arena *a, books *b, strata_error *err)
{
    const territory_problem *p = b->p;
    candidate *all = ARENA_NEW(a, p->n * CANDIDATES + 1, candidate);
    size_t n = 0;
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu items", p->n);
    }
    books_go_home(b);
    search_place(b);
    search_relieve(b);
    for (size_t i = 0; i < p->n; i++) {
        n += p->home[i] >= 0 && !p->locked[i] ? nearest_books(m, p, i, &all[n]) : 0;
    }
    qsort(all, n, sizeof *all, by_cost);
    for (size_t k = 0; k < n; k++) {
        const candidate *c = &all[k];
        if (b->at[c->item] == p->home[c->item] && books_move_cost(b, c->item, c->to) < 0.0) {
            books_put(b, c->item, c->to);
        }
    }
    return STRATA_OK;
}

/* --- promising moves --- */

/* What an item without a book costs in its best one. */
static double least_cost(const multipliers *m, const territory_problem *p, size_t i)
{
    double least = HUGE_VAL;
    for (int32_t j = 0; (size_t)j < p->n_books && p->home[i] < 0; j++) {
        least = item_may(p, i, j) ? fmin(least, move_cost(m, p, i, j)) : least;
    }
    return p->home[i] < 0 ? least : 0.0;
}

/* Every `stride`th move that there could be and costs no more than `most`, as far as there is room;
 * NULL: counts them. */
typedef struct listing {
    size_t stride, room;
    double most;
    candidate *out;
} listing;

static size_t list_moves(const multipliers *m, const territory_problem *p, const listing *l)
{
    size_t n = 0;
    size_t seen = 0;
    for (size_t i = 0; i < p->n; i++) {
        double least = p->locked[i] ? 0.0 : least_cost(m, p, i);
        for (int32_t j = 0; (size_t)j < p->n_books && !p->locked[i]; j++) {
            if (j == p->home[i] || !item_may(p, i, j) || seen++ % l->stride != 0) {
                continue;
            }
            const candidate c = {move_cost(m, p, i, j) - least, i, j};
            if (l->out == NULL) {
                n++;
            } else if (c.cost <= l->most && n < l->room) {
                l->out[n++] = c;
            }
        }
    }
    return n;
}

/* The cost that about so many moves are below, from a sample where there are very many. */
static strata_status find_cutoff(const multipliers *m, const territory_problem *p, size_t wanted,
                                 arena *a, double *out, strata_error *err)
{
    enum { SAMPLE = 500000 };
    listing l = {.stride = 1, .most = HUGE_VAL};
    l.stride = 1 + list_moves(m, p, &l) / SAMPLE;
    l.room = list_moves(m, p, &l);
    l.out = ARENA_NEW(a, l.room + 1, candidate);
    if (l.out == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu moves", l.room);
    }
    size_t n = list_moves(m, p, &l);
    qsort(l.out, n, sizeof *l.out, by_cost);
    *out = wanted / l.stride < n ? l.out[wanted / l.stride].cost : HUGE_VAL;
    return STRATA_OK;
}

/* Places in `all` by the book that key() names. */
static strata_status index_moves(const promising *c, const territory_problem *p, bool by_from,
                                 arena *a, const size_t **list, const size_t **starts,
                                 strata_error *err)
{
    size_t *start = ARENA_NEW(a, p->n_books + 2, size_t);
    size_t *places = ARENA_NEW(a, c->n + 1, size_t);
    if (start == NULL || places == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu moves", c->n);
    }
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < c->n; k++) {
            int32_t j = by_from ? p->home[c->all[k].item] : c->all[k].to;
            if (j >= 0 && pass == 0) {
                start[j + 2]++;
            } else if (j >= 0) {
                places[start[j + 1]++] = k;
            }
        }
        for (size_t j = 2; j < p->n_books + 2 && pass == 0; j++) {
            start[j] += start[j - 1];
        }
    }
    *list = places;
    *starts = start;
    return STRATA_OK;
}

strata_status territory_promising(const multipliers *m, const territory_problem *p, arena *a,
                                  promising *out, strata_error *err)
{
    enum { LEAST = 3000, OF_ITEM = 1, OF_BOOK = 40 };
    promising c = {0};
    size_t most = OF_ITEM * p->n + OF_BOOK * p->n_books;
    listing l = {.stride = 1};
    most = most < LEAST ? LEAST : most;
    STRATA_TRY(find_cutoff(m, p, most, a, &l.most, err));
    l.room = 2 * most;
    l.out = ARENA_NEW(a, l.room + 1, candidate);
    if (l.out == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu moves", l.room);
    }
    c.all = l.out;
    c.n = list_moves(m, p, &l);
    STRATA_TRY(index_moves(&c, p, true, a, &c.from_list, &c.from_start, err));
    STRATA_TRY(index_moves(&c, p, false, a, &c.to_list, &c.to_start, err));
    *out = c;
    return STRATA_OK;
}
