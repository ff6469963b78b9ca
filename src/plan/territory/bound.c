/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/territory/parts.h"

enum { STEPS = 400, PATIENCE = 15 };
static const double DEFLECTION = 0.6;
static const double LEAST_STEP = 1e-4;

/* The dual at some multipliers: its value, and which way it rises. */
typedef struct dual {
    const territory_problem *p;
    multipliers at;
    double *to_load, *to_value; /* subgradient: what goes into the book less what it wants */
    double to_moves;
    int64_t total_load, total_value;
} dual;

/* Least of weight * max(0, |x - target| - slack) - multiplier * x over 0 <= x <= most; *at is where
 * it lies. It is convex and in straight pieces, so at one of their ends. */
static double book_term(double weight, double multiplier, const double ends[4], double *at)
{
    double target_low = ends[1];
    double target_high = ends[2];
    double least = HUGE_VAL;
    for (size_t e = 0; e < 4; e++) {
        double x = fmin(fmax(ends[e], 0.0), ends[3]);
        double off = fmax(0.0, fmax(x - target_high, target_low - x));
        double term = weight * off - multiplier * x;
        if (term < least) {
            least = term;
            *at = x;
        }
    }
    return least;
}

static double books_terms(dual *d)
{
    const territory_problem *p = d->p;
    double sum = 0.0;
    for (size_t j = 0; j < p->n_books; j++) {
        double at = 0.0;
        double most = (double)(p->load_most[j] < d->total_load ? p->load_most[j] : d->total_load);
        const double load_ends[4] = {0.0, (double)(p->load_target[j] - p->load_slack[j]),
                                     (double)(p->load_target[j] + p->load_slack[j]), most};
        sum += book_term(1.0, d->at.load[j], load_ends, &at);
        d->to_load[j] = -at;
        const double w = p->value_weight;
        const double value_ends[4] = {0.0, w * (double)(p->value_target[j] - p->value_slack[j]),
                                      w * (double)(p->value_target[j] + p->value_slack[j]),
                                      w * (double)d->total_value};
        sum += book_term(1.0, d->at.value[j], value_ends, &at);
        d->to_value[j] = -at;
    }
    return sum;
}

static double item_term(dual *d, size_t i)
{
    const territory_problem *p = d->p;
    size_t home = p->home[i] >= 0 ? (size_t)p->home[i] : SIZE_MAX;
    size_t best = home;
    double least = home != SIZE_MAX ? multipliers_cost(&d->at, p, i, home) : HUGE_VAL;
    const bool *fits = &p->fits[(size_t)p->kind[i] * p->n_books];
    double leave = home != SIZE_MAX ? (double)p->price[i] + d->at.moves : 0.0;
    for (size_t j = 0; j < p->n_books && !p->locked[i]; j++) {
        double cost = multipliers_cost(&d->at, p, i, j) + leave;
        if (fits[j] && cost < least) {
            least = cost;
            best = j;
        }
    }
    d->to_load[best] += (double)p->load[i];
    d->to_value[best] += p->value_weight * (double)p->value[i];
    d->to_moves += home != SIZE_MAX && best != home;
    return least;
}

static double evaluate(dual *d)
{
    const territory_problem *p = d->p;
    double moves = (double)(p->most_moves < p->n ? p->most_moves : p->n);
    double sum = books_terms(d) - d->at.moves * moves;
    d->to_moves = -moves;
    for (size_t i = 0; i < p->n; i++) {
        sum += item_term(d, i);
    }
    return sum;
}

strata_status multipliers_new(const territory_problem *p, arena *a, multipliers *out,
                              strata_error *err)
{
    multipliers m = {.load = ARENA_NEW(a, p->n_books + 1, double),
                     .value = ARENA_NEW(a, p->n_books + 1, double)};
    if (m.load == NULL || m.value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a bound");
    }
    *out = m;
    return STRATA_OK;
}

void multipliers_copy(multipliers *to, const multipliers *from, size_t n)
{
    memcpy(to->load, from->load, n * sizeof *to->load);
    memcpy(to->value, from->value, n * sizeof *to->value);
    to->moves = from->moves;
    to->bound = from->bound;
}

/* Direction: the subgradient, bent towards the last one. */
static double bend(dual *d, multipliers *way)
{
    double norm = 0.0;
    for (size_t j = 0; j < d->p->n_books; j++) {
        way->load[j] = d->to_load[j] + DEFLECTION * way->load[j];
        way->value[j] = d->to_value[j] + DEFLECTION * way->value[j];
        norm += way->load[j] * way->load[j] + way->value[j] * way->value[j];
    }
    way->moves = d->to_moves + DEFLECTION * way->moves;
    return norm + way->moves * way->moves;
}

static void step(dual *d, const multipliers *way, double length)
{
    for (size_t j = 0; j < d->p->n_books; j++) {
        d->at.load[j] += length * way->load[j];
        d->at.value[j] += length * way->value[j];
    }
    d->at.moves = fmax(0.0, d->at.moves + length * way->moves);
}

static strata_status climb(const context *cx, dual *d, double best, multipliers *way,
                           multipliers *top, strata_error *err)
{
    double share = 1.0;
    int waited = 0;
    top->bound = -HUGE_VAL;
    for (int s = 0; s < STEPS && share > LEAST_STEP; s++) {
        STRATA_TRY(context_check(cx, err));
        d->at.bound = evaluate(d);
        if (d->at.bound > top->bound) {
            multipliers_copy(top, &d->at, d->p->n_books);
            waited = 0;
        } else if (++waited >= PATIENCE) { /* back to the best, with shorter steps */
            multipliers_copy(&d->at, top, d->p->n_books);
            memset(way->load, 0, d->p->n_books * sizeof *way->load);
            memset(way->value, 0, d->p->n_books * sizeof *way->value);
            way->moves = 0.0;
            share /= 2.0;
            waited = 0;
            (void)evaluate(d);
        }
        double norm = bend(d, way);
        if (norm <= 0.0 || top->bound >= best) {
            break;
        }
        step(d, way, share * fmax(best - d->at.bound, best * LEAST_STEP) / norm);
    }
    return STRATA_OK;
}

static strata_status new_dual(const territory_problem *p, arena *a, dual *out, strata_error *err)
{
    dual d = {.p = p,
              .to_load = ARENA_NEW(a, p->n_books + 1, double),
              .to_value = ARENA_NEW(a, p->n_books + 1, double)};
    if (d.to_load == NULL || d.to_value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a bound");
    }
    STRATA_TRY(multipliers_new(p, a, &d.at, err));
    for (size_t i = 0; i < p->n; i++) {
        d.total_load += p->load[i];
        d.total_value += p->value[i];
    }
    *out = d;
    return STRATA_OK;
}

strata_status multipliers_bound(const territory_problem *p, arena *a, multipliers *m,
                                strata_error *err)
{
    dual d;
    STRATA_TRY(new_dual(p, a, &d, err));
    multipliers_copy(&d.at, m, p->n_books);
    m->bound = evaluate(&d);
    return STRATA_OK;
}

strata_status territory_bound(const context *cx, const territory_problem *p, double best, arena *a,
                              multipliers *out, strata_error *err)
{
    dual d;
    multipliers way;
    multipliers top;
    STRATA_TRY(new_dual(p, a, &d, err));
    STRATA_TRY(multipliers_new(p, a, &way, err));
    STRATA_TRY(multipliers_new(p, a, &top, err));
    STRATA_TRY(climb(cx, &d, best, &way, &top, err));
    *out = top;
    return STRATA_OK;
}
