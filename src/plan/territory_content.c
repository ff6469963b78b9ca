/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/territory_content.h"

#include <math.h>

#include "base/auto.h"

enum {
    NODES_MOST = 2000,
    ROOT_STEPS = 30,
    NODE_STEPS = 24,
    POOL_LEAST = 1 << 13,
    STACK_MOST = 512
};
/* A unit of load above the most that a book may have; a price for the limit, which any gives a
 * bound. */
static const double OVER_COST = 100.0;
/* Nearer to the best is as good as it, in units of load. */
static const double NEAR = 0.5;
/* Of the prices: how far from the last ones the best are looked for. */
static const double RADIUS = 0.15;

/* Some offers taken, some refused, the rest open. */
typedef struct node {
    double load, value, cost; /* of what is taken */
    double load_price, value_price;
    size_t first, n; /* open offers, in the pool */
    size_t n_taken;
} node;

typedef struct finder {
    const content_book *b;
    content_offer *pool;
    size_t room;
    node *stack;
    size_t n_stack;
    content_offer taken[CONTENT_MOST];
    content *best;
    double bound; /* least of the closed nodes */
} finder;

static double beyond(double x, double low, double high)
{
    return fmax(0.0, fmax(x - high, low - x));
}

static double load_off(const content_book *b, double load)
{
    return beyond(load, b->load_low, b->load_high) + OVER_COST * fmax(0.0, load - b->load_most);
}

double content_off(const content_book *b, double load, double value)
{
    return load_off(b, load) + beyond(value, b->value_low, b->value_high);
}

/* --- the dual of the sums --- */

/* Prices of a unit of load and of value, what they prove, and which way that rises. */
typedef struct dual_point {
    double load, value;
    double bound, to_load, to_value;
} dual_point;

/* Least of what a load is off by, less its price: convex and in straight pieces. */
static double least_load(const content_book *b, double price, double *at)
{
    const double ends[] = {0.0, b->load_low, b->load_high, b->load_most, b->all_load};
    double least = HUGE_VAL;
    for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
        double x = fmin(fmax(ends[k], 0.0), b->all_load);
        double term = load_off(b, x) - price * x;
        if (term < least) {
            least = term;
            *at = x;
        }
    }
    return least;
}

static double least_value(const content_book *b, double price, double *at)
{
    const double ends[] = {0.0, b->value_low, b->value_high, b->all_value};
    double least = HUGE_VAL;
    for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
        double x = fmin(fmax(ends[k], 0.0), b->all_value);
        double term = beyond(x, b->value_low, b->value_high) - price * x;
        if (term < least) {
            least = term;
            *at = x;
        }
    }
    return least;
}

static double reduced(const content_offer *o, const dual_point *d)
{
    return o->cost + d->load * o->load + d->value * o->value;
}

static void evaluate(const finder *f, const node *x, dual_point *d)
{
    double load = 0.0;
    double value = 0.0;
    double sum = x->cost + least_load(f->b, d->load, &load) + least_value(f->b, d->value, &value) +
                 d->load * x->load + d->value * x->value;
    d->to_load = x->load - load;
    d->to_value = x->value - value;
    for (size_t k = x->first; k < x->first + x->n; k++) {
        const content_offer *o = &f->pool[k];
        double cost = reduced(o, d);
        if (cost < 0.0) {
            sum += cost;
            d->to_load += o->load;
            d->to_value += o->value;
        }
    }
    d->bound = sum;
}

/* Climbs from the node's prices and leaves the best there; stops once they prove `enough`. */
static double climb(const finder *f, node *x, double radius, int steps, double enough)
{
    dual_point at = {.load = x->load_price, .value = x->value_price};
    double best = -HUGE_VAL;
    double a = radius * radius; /* the ellipse that holds the best prices: [a d; d c] */
    double c = a;
    double d = 0.0;
    for (int s = 0; s < steps; s++) {
        evaluate(f, x, &at);
        if (at.bound > best) {
            best = at.bound;
            x->load_price = at.load;
            x->value_price = at.value;
        }
        double size = a * at.to_load * at.to_load + 2.0 * d * at.to_load * at.to_value +
                      c * at.to_value * at.to_value;
        if (best >= enough || size < 1e-6) {
            break;
        }
        double load = (a * at.to_load + d * at.to_value) / sqrt(size);
        double value = (d * at.to_load + c * at.to_value) / sqrt(size);
        at.load += load / 3.0;
        at.value += value / 3.0;
        a = 4.0 / 3.0 * (a - 2.0 / 3.0 * load * load);
        c = 4.0 / 3.0 * (c - 2.0 / 3.0 * value * value);
        d = 4.0 / 3.0 * (d - 2.0 / 3.0 * load * value);
    }
    return best;
}

/* --- branch and bound --- */

static void take_if_better(finder *f, const node *x)
{
    double cost = x->cost + content_off(f->b, x->load, x->value);
    if (cost < f->best->cost) {
        f->best->cost = cost;
        f->best->n = x->n_taken;
        for (size_t k = 0; k < x->n_taken; k++) {
            f->best->item[k] = f->taken[k].item;
            f->best->comes[k] = f->taken[k].comes;
        }
    }
}

static void take(finder *f, node *x, const content_offer *o)
{
    f->taken[x->n_taken++] = *o;
    x->cost += o->cost;
    x->load += o->load;
    x->value += o->value;
}

/* Offers that reduced costs decide are decided; the others are copied behind the node's own.
 * Returns the place of the one that is least decided, or SIZE_MAX. */
static size_t reduce(finder *f, node *x, double room)
{
    const dual_point prices = {.load = x->load_price, .value = x->value_price};
    size_t first = x->first + x->n;
    size_t n = 0;
    size_t at = SIZE_MAX;
    double least = HUGE_VAL;
    for (size_t k = x->first; k < x->first + x->n; k++) {
        const content_offer *o = &f->pool[k];
        double cost = reduced(o, &prices);
        if (cost >= room) {
            continue;
        }
        if (cost <= -room && x->n_taken < CONTENT_MOST) {
            take(f, x, o);
            continue;
        }
        double decided = fabs(cost) / (fabs(o->load) + fabs(o->value) + 1.0);
        if (decided < least) {
            least = decided;
            at = first + n;
        }
        f->pool[first + n++] = *o;
    }
    x->first = first;
    x->n = n;
    return at;
}

/* With the offer and without. */
static void branch(finder *f, node *x, size_t at)
{
    content_offer o = f->pool[at];
    f->pool[at] = f->pool[x->first + --x->n];
    f->stack[f->n_stack++] = *x;
    f->taken[x->n_taken] = o;
    f->stack[f->n_stack] = *x;
    node *with = &f->stack[f->n_stack++];
    with->cost += o.cost;
    with->load += o.load;
    with->value += o.value;
    with->n_taken++;
}

static void look_at(finder *f, node x)
{
    take_if_better(f, &x);
    double enough = f->best->cost - NEAR;
    double bound = x.n == 0 ? x.cost + content_off(f->b, x.load, x.value)
                            : climb(f, &x, RADIUS, NODE_STEPS, enough);
    bool full =
        x.n_taken + 1 >= CONTENT_MOST || x.first + 2 * x.n > f->room || f->n_stack + 2 > STACK_MOST;
    if (bound >= enough || x.n == 0 || full) {
        f->bound = fmin(f->bound, bound);
        return;
    }
    size_t at = reduce(f, &x, enough - bound);
    f->bound = fmin(f->bound, enough); /* what was decided could have been so much */
    if (at == SIZE_MAX || x.n_taken + 1 >= CONTENT_MOST) {
        take_if_better(f, &x);
        f->bound = fmin(f->bound, at == SIZE_MAX ? enough : bound);
        return;
    }
    branch(f, &x, at);
}

/* What is not looked at any more: its bound is that of its prices. */
static void give_up(finder *f)
{
    while (f->n_stack > 0) {
        const node *x = &f->stack[--f->n_stack];
        dual_point at = {.load = x->load_price, .value = x->value_price};
        evaluate(f, x, &at);
        f->bound = fmin(f->bound, at.bound);
    }
}

size_t content_room(size_t n)
{
    return 2 * n + POOL_LEAST;
}

strata_status content_find(const content_book *b, content_offer *pool, size_t n, content *c,
                           strata_error *err)
{
    STRATA_AUTO_FREE node *stack = STRATA_NEW_ARRAY(STACK_MOST, node);
    finder f = {.b = b, .pool = pool, .room = content_room(n), .stack = stack, .best = c};
    if (stack == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a book of %zu offers", n);
    }
    f.bound = HUGE_VAL;
    node root = {.load = b->load,
                 .value = b->value,
                 .load_price = c->load_price,
                 .value_price = c->value_price,
                 .n = n};
    (void)climb(&f, &root, RADIUS, ROOT_STEPS, HUGE_VAL);
    c->load_price = root.load_price;
    c->value_price = root.value_price;
    f.stack[f.n_stack++] = root;
    for (size_t k = 0; k < NODES_MOST && f.n_stack > 0; k++) {
        const node next = f.stack[--f.n_stack];
        look_at(&f, next);
    }
    give_up(&f);
    c->bound = fmin(f.bound, c->cost);
    return STRATA_OK;
}
