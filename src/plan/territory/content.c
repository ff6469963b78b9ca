/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/territory/content.h"

#include <math.h>

#include "base/auto.h"
#include "stats/numeric/lanes.h"

enum {
    NODES_MOST = 8000,
    ROOT_STEPS = 30,
    NODE_STEPS = 24,
    POOL_LEAST = 1 << 16,
    STACK_MOST = 4096
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

/* Offers by column: every node looks at the costs of all that it has open. */
typedef struct offers {
    double *cost, *load, *value;
    size_t *item;
    bool *comes;
} offers;

typedef struct finder {
    const content_book *b;
    offers pool;
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

static double reduced(const offers *o, size_t k, const dual_point *d)
{
    return o->cost[k] + d->load * o->load[k] + d->value * o->value[k];
}

/* Sums over the offers that pay at these prices. */
typedef struct paying {
    double cost, load, value;
} paying;

typedef double lanes_anywhere
    __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double))));

LANES_INLINE void pay_body(const offers *o, size_t begin, size_t end, const dual_point *d,
                           paying *out)
{
    lanes cost = {0};
    lanes load = {0};
    lanes value = {0};
    const lanes none = {0};
    size_t k = begin;
    for (; k + LANES <= end; k += LANES) {
        const lanes l = *(const lanes_anywhere *)(const void *)&o->load[k];
        const lanes v = *(const lanes_anywhere *)(const void *)&o->value[k];
        const lanes c =
            *(const lanes_anywhere *)(const void *)&o->cost[k] + d->load * l + d->value * v;
        const lanes_int pays = c < none;
        cost += LANES_PICK(pays, c, none);
        load += LANES_PICK(pays, l, none);
        value += LANES_PICK(pays, v, none);
    }
    paying sum = {0};
    for (size_t lane = 0; lane < LANES; lane++) {
        sum.cost += cost[lane];
        sum.load += load[lane];
        sum.value += value[lane];
    }
    for (; k < end; k++) {
        const double c = reduced(o, k, d);
        sum.cost += c < 0.0 ? c : 0.0;
        sum.load += c < 0.0 ? o->load[k] : 0.0;
        sum.value += c < 0.0 ? o->value[k] : 0.0;
    }
    *out = sum;
}

LANES_DEFINE(pay, (const offers *o, size_t begin, size_t end, const dual_point *d, paying *out),
             pay_body(o, begin, end, d, out))

static void evaluate(const finder *f, const node *x, dual_point *d)
{
    double load = 0.0;
    double value = 0.0;
    double sum = x->cost + least_load(f->b, d->load, &load) + least_value(f->b, d->value, &value) +
                 d->load * x->load + d->value * x->value;
    paying p;
    LANES_RUN(pay, (&f->pool, x->first, x->first + x->n, d, &p));
    d->to_load = x->load - load + p.load;
    d->to_value = x->value - value + p.value;
    d->bound = sum + p.cost;
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

static content_offer offer_at(const offers *o, size_t k)
{
    return (content_offer){o->cost[k], o->load[k], o->value[k], o->item[k], o->comes[k]};
}

static void put_offer(const offers *o, size_t k, const content_offer *x)
{
    o->cost[k] = x->cost;
    o->load[k] = x->load;
    o->value[k] = x->value;
    o->item[k] = x->item;
    o->comes[k] = x->comes;
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
        double cost = reduced(&f->pool, k, &prices);
        if (cost >= room) {
            continue;
        }
        const content_offer o = offer_at(&f->pool, k);
        if (cost <= -room && x->n_taken < CONTENT_MOST) {
            take(f, x, &o);
            continue;
        }
        double decided = fabs(cost) / (fabs(o.load) + fabs(o.value) + 1.0);
        if (decided < least) {
            least = decided;
            at = first + n;
        }
        put_offer(&f->pool, first + n++, &o);
    }
    x->first = first;
    x->n = n;
    return at;
}

/* With the offer and without. */
static void branch(finder *f, node *x, size_t at)
{
    const content_offer o = offer_at(&f->pool, at);
    const content_offer last = offer_at(&f->pool, x->first + --x->n);
    put_offer(&f->pool, at, &last);
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

static void offers_done(offers *o)
{
    free(o->cost);
    free(o->item);
    free(o->comes);
}

/* Room for `room` offers, the first of which are these. */
static bool offers_new(const content_offer *from, size_t n, size_t room, offers *out)
{
    *out = (offers){.cost = STRATA_NEW_ARRAY(3 * room, double),
                    .item = STRATA_NEW_ARRAY(room, size_t),
                    .comes = STRATA_NEW_ARRAY(room, bool)};
    if (out->cost == NULL || out->item == NULL || out->comes == NULL) {
        return false;
    }
    out->load = out->cost + room;
    out->value = out->load + room;
    for (size_t k = 0; k < n; k++) {
        put_offer(out, k, &from[k]);
    }
    return true;
}

strata_status content_find(const content_book *b, const content_offer *all, size_t n, content *c,
                           strata_error *err)
{
    STRATA_AUTO_FREE node *stack = STRATA_NEW_ARRAY(STACK_MOST, node);
    STRATA_CLEANUP(offers_done) offers pool = {0};
    finder f = {.b = b, .room = 2 * n + POOL_LEAST, .stack = stack, .best = c};
    if (stack == NULL || !offers_new(all, n, f.room, &pool)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a book of %zu offers", n);
    }
    f.pool = pool;
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
    const size_t most = b->nodes_most > 0 ? b->nodes_most : NODES_MOST;
    for (size_t k = 0; k < most && f.n_stack > 0; k++) {
        const node next = f.stack[--f.n_stack];
        look_at(&f, next);
    }
    give_up(&f);
    c->bound = fmin(f.bound, c->cost);
    return STRATA_OK;
}
