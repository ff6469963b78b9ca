/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "base/rng.h"
#include "plan/territory/columns.h"
#include "plan/territory/parts.h"

/* A walk over all books at once finds what is wrong with a few of them rarely. So books are drawn
 * in small groups, anew in every round, and each group is searched by itself while all that is in
 * other books stays there (large neighbourhoods: Shaw 1998, CP98, LNCS 1520:417). Groups of a round
 * have no book in common: their gains add up, whichever thread finds them. */
enum {
    GROUP = 8,
    STREAM = 1000,
    STEPS_MOST = 20000,
    STEPS_A_CHOICE = 200,
    ROUNDS_A_BOOK = 4,
    ROUNDS_MOST = 2000,
    PATIENCE = 60,
    DIVE_GROUP = 40,
    DIVE_ROUNDS = 6,
    DIVE_PATIENCE = 2,
    DIVE_STEPS_MOST = 300000
};
/* The more there is to choose from, the longer something is found. */
static const double ROUNDS_A_CHOICE = 1.0 / 2000.0;
/* Of the heat of a first walk, in turn: the plan is good and is to be kept but for a little. */
static const double HEAT[] = {0.1, 0.03};
enum { HEATS = sizeof HEAT / sizeof HEAT[0] };

/* A group as a problem of its own. What came from a book outside is in none: wherever it goes in
 * the group, its price has been paid. */
typedef struct group {
    territory_problem p;
    const int32_t *of; /* the whole problem's book, by book */
    const size_t *item;
    multipliers m;
    books b;
    territory_solution before, after;
} group;

typedef struct drawing {
    const context *cx;
    const books *all;
    const multipliers *m; /* the items' limit on moves has its price there */
    const double *prices; /* by item; NULL: groups are annealed */
    size_t group_most, number, n_groups;
    group *groups;
} drawing;

/* --- who is with whom --- */

/* Whether something could go from one to the other. A kind that nothing is of links no books: that
 * of accounts whose region is not known is there also where all are. */
static bool are_linked(const territory_problem *p, const bool *in_use, int32_t x, int32_t y)
{
    for (size_t k = 0; k < p->n_kinds; k++) {
        const bool *fits = &p->fits[k * p->n_books];
        if (in_use[k] && fits[x] && fits[y]) {
            return true;
        }
    }
    return false;
}

static void shuffle(rng *r, int32_t *x, size_t n)
{
    for (size_t k = n; k > 1; k--) {
        size_t other = rng_below(r, k);
        int32_t last = x[k - 1];
        x[k - 1] = x[other];
        x[other] = last;
    }
}

static strata_status find_kinds(const territory_problem *p, arena *a, bool **out, strata_error *err)
{
    bool *in_use = ARENA_NEW(a, p->n_kinds + 1, bool);
    if (in_use == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu kinds", p->n_kinds);
    }
    for (size_t i = 0; i < p->n; i++) {
        in_use[p->kind[i]] = in_use[p->kind[i]] || !p->locked[i];
    }
    *out = in_use;
    return STRATA_OK;
}

/* Books in an order in which the first of each group is followed by those of its group;
 * `start[k]`: where group k begins. Returns how many there are. */
static size_t draw_groups(const drawing *d, const bool *in_use, rng *r, int32_t *order,
                          size_t *start)
{
    const territory_problem *p = d->all->p;
    size_t n_groups = 0;
    for (size_t j = 0; j < p->n_books; j++) {
        order[j] = (int32_t)j;
    }
    shuffle(r, order, p->n_books);
    for (size_t at = 0; at < p->n_books;) {
        size_t end = at + 1;
        start[n_groups++] = at;
        for (size_t k = end; k < p->n_books && end < at + d->group_most; k++) {
            if (are_linked(p, in_use, order[at], order[k])) {
                int32_t with = order[k];
                order[k] = order[end];
                order[end++] = with;
            }
        }
        at = end;
    }
    start[n_groups] = p->n_books;
    return n_groups;
}

/* --- a group's problem --- */

static strata_status put_books(const drawing *r, group *g, size_t m, arena *a, strata_error *err)
{
    const territory_problem *p = r->all->p;
    int64_t *sums = ARENA_NEW(a, 5 * m, int64_t);
    bool *fits = ARENA_NEW(a, p->n_kinds * m + 1, bool);
    STRATA_TRY(multipliers_new(&g->p, a, &g->m, err));
    if (sums == NULL || fits == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a group of %zu books", m);
    }
    for (size_t k = 0; k < m; k++) {
        const int32_t j = g->of[k];
        sums[k] = p->load_target[j];
        sums[m + k] = p->load_slack[j];
        sums[2 * m + k] = p->load_most[j];
        sums[3 * m + k] = p->value_target[j];
        sums[4 * m + k] = p->value_slack[j];
        g->m.load[k] = r->m->load[j];
        g->m.value[k] = r->m->value[j];
        for (size_t kind = 0; kind < p->n_kinds; kind++) {
            fits[kind * m + k] = p->fits[kind * p->n_books + (size_t)j];
        }
    }
    g->m.moves = r->m->moves;
    g->p.load_target = sums;
    g->p.load_slack = sums + m;
    g->p.load_most = sums + 2 * m;
    g->p.value_target = sums + 3 * m;
    g->p.value_slack = sums + 4 * m;
    g->p.fits = fits;
    return STRATA_OK;
}

static strata_status put_group_items(const drawing *r, group *g, const int32_t *place, size_t n,
                                     arena *a, strata_error *err)
{
    const territory_problem *p = r->all->p;
    territory_columns x;
    STRATA_TRY(territory_columns_new(n, a, &x, err));
    size_t k = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (place[r->all->at[i]] < 0) {
            continue;
        }
        x.of[k] = i;
        x.load[k] = p->load[i];
        x.value[k] = p->value[i];
        x.price[k] = p->price[i];
        x.home[k] = p->home[i] >= 0 ? place[p->home[i]] : -1;
        x.kind[k] = p->kind[i];
        x.locked[k++] = p->locked[i];
    }
    g->item = x.of;
    territory_columns_give(&x, k, &g->p);
    return STRATA_OK;
}

/* As it is in the whole plan. */
static void put_plan(const drawing *r, const int32_t *place, group *g)
{
    for (size_t k = 0; k < g->p.n; k++) {
        books_put(&g->b, k, place[r->all->at[g->item[k]]]);
    }
}

static strata_status new_group(const drawing *r, const int32_t *of, size_t m, arena *a, group *g,
                               strata_error *err)
{
    const territory_problem *p = r->all->p;
    int32_t *place = ARENA_NEW(a, p->n_books, int32_t);
    size_t n = 0;
    if (place == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a group of %zu books", m);
    }
    memset(place, -1, p->n_books * sizeof *place);
    for (size_t k = 0; k < m; k++) {
        place[of[k]] = (int32_t)k;
    }
    for (size_t i = 0; i < p->n; i++) {
        n += place[r->all->at[i]] >= 0;
    }
    g->of = of;
    g->p = (territory_problem){
        .n_books = m, .n_kinds = p->n_kinds, .value_weight = p->value_weight, .most_moves = n};
    STRATA_TRY(put_books(r, g, m, a, err));
    STRATA_TRY(put_group_items(r, g, place, n, a, err));
    STRATA_TRY(books_new(&g->p, a, &g->b, err));
    put_plan(r, place, g);
    if (p->most_moves < p->n) {
        g->p.most_moves = g->b.moved + (p->most_moves - r->all->moved) / r->n_groups;
    }
    books_measure(&g->b, &g->before);
    return STRATA_OK;
}

/* --- rounds --- */

static strata_status anneal_group(const drawing *r, size_t task, size_t steps_most, books *b,
                                  strata_error *err)
{
    const group *g = &r->groups[task];
    STRATA_AUTO(arena_free) arena *a = NULL;
    promising c;
    const size_t usual = STEPS_A_CHOICE * g->p.n * g->p.n_books;
    const annealing plan = {.seed = r->cx->seed,
                            .stream = STREAM + r->number * r->all->p->n_books + task,
                            .steps = usual < steps_most ? usual : steps_most,
                            .heat = HEAT[r->number % HEATS]};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(territory_promising(&g->m, &g->p, a, &c, err));
    STRATA_TRY(search_anneal(r->cx, &c, &plan, b, err));
    return search_improve(r->cx, b, err);
}

/* What came from outside has paid its price: it is in none of the group's books. */
static strata_status put_group_prices(const drawing *r, const group *g, arena *a,
                                      const double **out, strata_error *err)
{
    const territory_problem *p = r->all->p;
    double *prices = ARENA_NEW(a, g->p.n + 1, double);
    if (prices == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu prices", g->p.n);
    }
    for (size_t k = 0; k < g->p.n; k++) {
        const size_t i = g->item[k];
        bool paid = g->p.home[k] < 0 && p->home[i] >= 0;
        prices[k] = r->prices[i] - (paid ? (double)p->price[i] + r->m->moves : 0.0);
    }
    *out = prices;
    return STRATA_OK;
}

static strata_status dive_group(const drawing *r, size_t task, strata_error *err)
{
    group *g = &r->groups[task];
    STRATA_AUTO(arena_free) arena *a = NULL;
    books colder;
    territory_solution s = {0};
    const context alone = {.threads = 1, .seed = r->cx->seed, .cancelled = r->cx->cancelled};
    dive d = {.p = &g->p,
              .m = &g->m,
              .best = g->before.objective,
              .stream = r->number > 0 ? STREAM + r->number * r->all->p->n_books + task : 0};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(put_group_prices(r, g, a, &d.price, err));
    STRATA_TRY(books_new(&g->p, a, &colder, err));
    STRATA_TRY(territory_dive(&alone, &d, &g->b, err));
    STRATA_TRY(search_improve(&alone, &g->b, err));
    books_measure(&g->b, &g->after);
    books_copy(&colder, &g->b);
    STRATA_TRY(anneal_group(r, task, DIVE_STEPS_MOST, &colder, err));
    books_measure(&colder, &s);
    if (solution_is_better(&s, &g->after)) {
        books_copy(&g->b, &colder);
        books_measure(&g->b, &g->after);
    }
    return STRATA_OK;
}

static strata_status search_group(void *of_drawing, size_t task, strata_error *err)
{
    const drawing *r = of_drawing;
    group *g = &r->groups[task];
    if (r->prices != NULL) {
        return dive_group(r, task, err);
    }
    STRATA_TRY(anneal_group(r, task, STEPS_MOST, &g->b, err));
    books_measure(&g->b, &g->after);
    return STRATA_OK;
}

/* Also what is as good: from there other ways lead on. Returns whether anything is better. */
static bool take_gains(const drawing *r, books *b)
{
    bool any = false;
    for (size_t k = 0; k < r->n_groups; k++) {
        const group *g = &r->groups[k];
        for (size_t i = 0; i < g->p.n && !solution_is_better(&g->before, &g->after); i++) {
            books_put(b, g->item[i], g->of[g->b.at[i]]);
        }
        any = any || solution_is_better(&g->after, &g->before);
    }
    return any;
}

static strata_status search_drawing(drawing *r, books *b, bool *any, strata_error *err)
{
    const territory_problem *p = b->p;
    STRATA_AUTO(arena_free) arena *a = NULL;
    rng random;
    bool *in_use = NULL;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(find_kinds(p, a, &in_use, err));
    int32_t *order = ARENA_NEW(a, p->n_books, int32_t);
    size_t *start = ARENA_NEW(a, p->n_books + 1, size_t);
    r->groups = ARENA_NEW(a, p->n_books, group);
    if (order == NULL || start == NULL || r->groups == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for groups of %zu books",
                           p->n_books);
    }
    rng_init(&random, r->cx->seed, STREAM + r->number);
    r->n_groups = draw_groups(r, in_use, &random, order, start);
    for (size_t k = 0; k < r->n_groups; k++) {
        STRATA_TRY(new_group(r, &order[start[k]], start[k + 1] - start[k], a, &r->groups[k], err));
    }
    STRATA_TRY(parallel_run(r->cx, r->n_groups, search_group, r, err));
    *any = take_gains(r, b);
    return STRATA_OK;
}

static strata_status search_rounds(drawing *r, double rounds, size_t patience, books *b,
                                   strata_error *err)
{
    size_t waited = 0;
    r->all = b;
    for (size_t k = 0; (double)k < rounds && waited < patience; k++) {
        bool any = false;
        r->number = k;
        STRATA_TRY(context_check(r->cx, err));
        STRATA_TRY(search_drawing(r, b, &any, err));
        waited = any ? 0 : waited + 1;
    }
    return STRATA_OK;
}

strata_status search_groups(const context *cx, const multipliers *m, books *b, strata_error *err)
{
    const territory_problem *p = b->p;
    drawing r = {.cx = cx, .m = m, .group_most = GROUP};
    double effort = p->effort > 0.0 ? p->effort : 1.0;
    const double n_books = (double)p->n_books;
    double usual =
        fmin(ROUNDS_A_BOOK * n_books + ROUNDS_A_CHOICE * n_books * (double)p->n, ROUNDS_MOST);
    return search_rounds(&r, ceil(effort * usual), PATIENCE, b, err);
}

strata_status search_dives(const context *cx, const multipliers *m, const double *prices, books *b,
                           strata_error *err)
{
    const size_t n_groups = (b->p->n_books + DIVE_GROUP - 1) / DIVE_GROUP;
    /* Alike in size: a large one would keep one thread busy when the others are done. */
    const size_t most = (b->p->n_books + n_groups - 1) / n_groups;
    drawing r = {.cx = cx, .m = m, .prices = prices, .group_most = most};
    double effort = b->p->effort > 0.0 ? b->p->effort : 1.0;
    return search_rounds(&r, floor(effort * DIVE_ROUNDS), DIVE_PATIENCE, b, err);
}
