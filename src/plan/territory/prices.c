/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/territory/pricing.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"

/* The linear relaxation moves parts of accounts. Here a price is put on each account instead: the
 * book that it leaves pays it, the book that takes it gets it, and every book then chooses whole
 * accounts for itself. Whatever the prices, all books' best contents together are a bound
 * (Geoffrion 1974, Mathematical Programming Study 2:82), and the best prices prove at least what
 * the linear relaxation does. They are climbed by subgradients from those that the multipliers
 * give. */
enum { STEPS_LEAST = 6, PATIENCE = 8 };
static const double DEFLECTION = 0.6;
static const double FIRST_SHARE = 0.5;
static const double NEXT_SHARE = 0.2;
static const double LEAST_SHARE = 0.02;

static bool is_homeless(const territory_problem *p, size_t i)
{
    return p->home[i] < 0;
}

/* --- the books --- */

static content_book book_of(const territory_problem *p, size_t j)
{
    const double w = p->value_weight;
    return (content_book){.load_low = (double)(p->load_target[j] - p->load_slack[j]),
                          .load_high = (double)(p->load_target[j] + p->load_slack[j]),
                          .load_most = (double)p->load_most[j],
                          .value_low = w * (double)(p->value_target[j] - p->value_slack[j]),
                          .value_high = w * (double)(p->value_target[j] + p->value_slack[j])};
}

void pricing_sum_books(pricing *x)
{
    const territory_problem *p = x->p;
    double load = 0.0;
    double value = 0.0;
    for (size_t j = 0; j < p->n_books; j++) {
        x->book[j] = book_of(p, j);
    }
    for (size_t i = 0; i < p->n; i++) {
        load += (double)p->load[i];
        value += p->value_weight * (double)p->value[i];
        if (!is_homeless(p, i)) {
            x->book[p->home[i]].load += (double)p->load[i];
            x->book[p->home[i]].value += p->value_weight * (double)p->value[i];
        }
    }
    for (size_t j = 0; j < p->n_books; j++) {
        x->book[j].nodes_most = x->nodes_most;
        x->book[j].all_load = load;
        x->book[j].all_value = value;
    }
}

static content_offer offer_of(const pricing *x, size_t i, bool comes)
{
    const territory_problem *p = x->p;
    const double sign = comes ? 1.0 : -1.0;
    const double moving = comes && !is_homeless(p, i) ? (double)p->price[i] + x->move : 0.0;
    return (content_offer){.cost = moving - sign * x->price[i],
                           .load = sign * (double)p->load[i],
                           .value = sign * p->value_weight * (double)p->value[i],
                           .item = i,
                           .comes = comes};
}

/* What was best last time, at today's prices. */
static double cost_today(const pricing *x, size_t j)
{
    const content *c = &x->content[j];
    double load = x->book[j].load;
    double value = x->book[j].value;
    double cost = 0.0;
    for (size_t k = 0; k < c->n; k++) {
        const content_offer o = offer_of(x, c->item[k], c->comes[k]);
        cost += o.cost;
        load += o.load;
        value += o.value;
    }
    return cost + content_off(&x->book[j], load, value);
}

/* Whom the book may take, and who may leave it; all for NULL are counted. */
static size_t list_offers(const pricing *x, size_t j, content_offer *out)
{
    const territory_problem *p = x->p;
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        bool here = p->home[i] == (int32_t)j;
        if (!p->locked[i] && (here || item_may(p, i, (int32_t)j))) {
            if (out != NULL) {
                out[n] = offer_of(x, i, !here);
            }
            n++;
        }
    }
    return n;
}

static strata_status fill_one(void *of_prices, size_t j, strata_error *err)
{
    pricing *x = of_prices;
    size_t n = list_offers(x, j, NULL);
    STRATA_AUTO_FREE content_offer *all = STRATA_NEW_ARRAY(n + 1, content_offer);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a book of %zu offers", n);
    }
    (void)list_offers(x, j, all);
    x->content[j].cost = cost_today(x, j);
    return content_find(&x->book[j], all, n, &x->content[j], err);
}

strata_status pricing_fill(pricing *x, double *bound, strata_error *err)
{
    const territory_problem *p = x->p;
    double most = (double)(p->most_moves < p->n ? p->most_moves : p->n);
    double sum = -x->move * most;
    STRATA_TRY(parallel_run(x->cx, p->n_books, fill_one, x, err));
    for (size_t j = 0; j < p->n_books; j++) {
        sum += x->content[j].bound;
    }
    for (size_t i = 0; i < p->n; i++) {
        sum += is_homeless(p, i) ? x->price[i] : 0.0;
    }
    *bound = sum;
    return STRATA_OK;
}

/* --- the prices --- */

/* Between what its leaving is worth to its book and the least that it costs elsewhere. */
static double first_price(const multipliers *m, const territory_problem *p, size_t i)
{
    double least = HUGE_VAL;
    for (int32_t j = 0; (size_t)j < p->n_books; j++) {
        if (j != p->home[i] && item_may(p, i, j)) {
            double moving = is_homeless(p, i) ? 0.0 : (double)p->price[i] + m->moves;
            least = fmin(least, multipliers_cost(m, p, i, (size_t)j) + moving);
        }
    }
    if (is_homeless(p, i)) {
        return least;
    }
    double here = multipliers_cost(m, p, i, (size_t)p->home[i]);
    return isinf(least) ? here : least < here ? least : (here + least) / 2.0;
}

double pricing_turn(pricing *x)
{
    const territory_problem *p = x->p;
    double norm = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        x->way[i] = DEFLECTION * x->way[i] + (is_homeless(p, i) ? 1.0 : 0.0);
    }
    for (size_t j = 0; j < p->n_books; j++) {
        const content *c = &x->content[j];
        for (size_t k = 0; k < c->n; k++) {
            x->way[c->item[k]] += c->comes[k] ? -1.0 : 1.0;
        }
    }
    for (size_t i = 0; i < p->n; i++) {
        norm += x->way[i] * x->way[i];
    }
    return norm;
}

strata_status pricing_new(const context *cx, const territory_problem *p, const multipliers *m,
                          arena *a, pricing *out, strata_error *err)
{
    pricing x = {.cx = cx,
                 .p = p,
                 .move = m->moves,
                 .price = ARENA_NEW(a, p->n + 1, double),
                 .way = ARENA_NEW(a, p->n + 1, double),
                 .book = ARENA_NEW(a, p->n_books, content_book),
                 .content = ARENA_NEW(a, p->n_books, content)};
    if (!x.price || !x.way || !x.book || !x.content) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the prices of %zu items", p->n);
    }
    for (size_t j = 0; j < p->n_books; j++) {
        x.content[j].load_price = m->load[j];
        x.content[j].value_price = m->value[j];
    }
    *out = x;
    return STRATA_OK;
}

static strata_status climb(pricing *x, const price_climb *c, double *best_price, double *bound,
                           strata_error *err)
{
    const size_t n = x->p->n;
    double top = -HUGE_VAL;
    double share = c->again ? NEXT_SHARE : FIRST_SHARE;
    int waited = 0;
    for (size_t s = 0; s < c->steps && share > LEAST_SHARE; s++) {
        double at = 0.0;
        STRATA_TRY(pricing_fill(x, &at, err));
        if (at > top) {
            top = at;
            memcpy(best_price, x->price, n * sizeof *x->price);
            waited = 0;
        } else if (++waited >= PATIENCE) { /* back to the best, with shorter steps */
            memcpy(x->price, best_price, n * sizeof *x->price);
            memset(x->way, 0, n * sizeof *x->way);
            share /= 2.0;
            waited = 0;
            continue;
        }
        double norm = pricing_turn(x);
        if (norm <= 0.0 || top >= c->best) {
            break;
        }
        for (size_t i = 0; i < n; i++) {
            x->price[i] += share * fmax(0.0, c->best - at) / norm * x->way[i];
        }
    }
    *bound = fmax(*bound, top);
    return STRATA_OK;
}

strata_status territory_prices(const context *cx, const multipliers *m, const price_climb *c,
                               double *prices, double *bound, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    const territory_problem *p = c->p;
    pricing x;
    price_climb usual = *c;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(pricing_new(cx, p, m, a, &x, err));
    pricing_sum_books(&x);
    for (size_t i = 0; i < p->n; i++) {
        x.price[i] = c->again ? prices[i] : first_price(m, p, i);
    }
    double effort = p->effort > 0.0 ? p->effort : 1.0;
    double steps = fmax((double)STEPS_LEAST, effort * (double)c->steps);
    usual.steps = (size_t)steps;
    return climb(&x, &usual, prices, bound, err);
}
