/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/territory/solve.h"

#include <math.h>

#include "base/parallel.h"
#include "plan/territory/parts.h"

/* Of the objective: below, the bound is as good as equal. */
static const double EQUAL = 1e-9;
/* Of what things cost as they are: rounding of prices in the bound. */
static const double EQUAL_SHARE = 1e-6;

static strata_status check_problem(const territory_problem *p, strata_error *err)
{
    if (p->n_books == 0) {
        return strata_fail(err, STRATA_E_USAGE, "there is no book to put anything into");
    }
    for (size_t i = 0; i < p->n; i++) {
        bool may = p->home[i] >= 0;
        for (int32_t j = 0; (size_t)j < p->n_books && !may; j++) {
            may = item_may(p, i, j);
        }
        if (!may) {
            return strata_fail(err, STRATA_E_USAGE, "item %zu fits no book", i);
        }
    }
    return STRATA_OK;
}

static bool is_proven(const territory_solution *s)
{
    return s->over == 0 && s->bound >= s->objective * (1.0 - EQUAL);
}

static void take_if_better(const books *other, books *best, territory_solution *out)
{
    territory_solution s = {.bound = out->bound};
    books_measure(other, &s);
    if (solution_is_better(&s, out)) {
        books_copy(best, other);
        *out = s;
        out->book = best->at;
    }
}

/* --- walks --- */

enum {
    PRICE_STEPS = 80,
    PRICE_STEPS_AFTER = 80,
    WALKS = 4,
    STEPS_LEAST = 20000,
    STEPS_MOST = 10000000,
    STEPS_A_CHOICE = 200
};

/* Annealing from the same start, each walk with numbers of its own. */
typedef struct walks_job {
    const context *cx;
    const promising *c;
    size_t steps;
    books walk[WALKS];
} walks_job;

static strata_status walk_once(void *of_walks, size_t task, strata_error *err)
{
    walks_job *job = of_walks;
    const annealing plan = {.seed = job->cx->seed, .stream = task, .steps = job->steps};
    STRATA_TRY(search_anneal(job->cx, job->c, &plan, &job->walk[task], err));
    return search_improve(job->cx, &job->walk[task], err);
}

/* The best becomes `best` if it is better; the first of equals. */
static strata_status search_walks(const context *cx, const promising *c, const books *start,
                                  arena *a, books *best, territory_solution *out, strata_error *err)
{
    const territory_problem *p = start->p;
    walks_job job = {.cx = cx, .c = c};
    double effort = p->effort > 0.0 ? p->effort : 1.0;
    double usual = (double)STEPS_A_CHOICE * (double)p->n * (double)p->n_books;
    double steps = effort * fmin(usual, (double)STEPS_MOST);
    job.steps = steps > (double)STEPS_LEAST ? (size_t)steps : STEPS_LEAST;
    for (size_t k = 0; k < WALKS; k++) {
        STRATA_TRY(books_new(p, a, &job.walk[k], err));
        books_copy(&job.walk[k], start);
    }
    STRATA_TRY(parallel_run(cx, WALKS, walk_once, &job, err));
    for (size_t k = 0; k < WALKS; k++) {
        take_if_better(&job.walk[k], best, out);
    }
    return STRATA_OK;
}

/* Prices of items, plans from them, and prices again beside the better plan. */
static strata_status search_by_prices(const context *cx, const multipliers *m, arena *a,
                                      books *best, territory_solution *out, strata_error *err)
{
    const territory_problem *p = best->p;
    double *prices = ARENA_NEW(a, p->n + 1, double);
    books other;
    if (prices == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the prices of %zu items", p->n);
    }
    price_climb c = {.p = p, .best = out->objective, .steps = PRICE_STEPS};
    STRATA_TRY(territory_prices(cx, m, &c, prices, &out->bound, err));
    STRATA_TRY(books_new(p, a, &other, err));
    books_copy(&other, best);
    STRATA_TRY(is_proven(out) ? STRATA_OK : search_dives(cx, m, prices, &other, err));
    take_if_better(&other, best, out);
    c.best = out->objective;
    c.again = true;
    c.steps = PRICE_STEPS_AFTER;
    bool longer = p->effort <= 0.0 || p->effort >= 1.0;
    return is_proven(out) || !longer ? STRATA_OK
                                     : territory_prices(cx, m, &c, prices, &out->bound, err);
}

/* From home, in the order that the multipliers give, and by annealing. */
static strata_status search_all(const context *cx, const territory_problem *p, arena *a,
                                books *best, territory_solution *out, strata_error *err)
{
    books other;
    multipliers m;
    promising c;
    STRATA_TRY(books_new(p, a, &other, err));
    search_place(best);
    STRATA_TRY(search_improve(cx, best, err));
    books_measure(best, out);
    STRATA_TRY(territory_bound(cx, p, out->objective, a, &m, err));
    STRATA_TRY(territory_relax(cx, p, &m, err));
    out->bound = m.bound;
    STRATA_TRY(territory_construct(&m, a, &other, err));
    STRATA_TRY(search_improve(cx, &other, err));
    take_if_better(&other, best, out);
    STRATA_TRY(territory_promising(&m, p, a, &c, err));
    STRATA_TRY(search_walks(cx, &c, best, a, best, out, err));
    if (p->n > 0 && !is_proven(out)) {
        books_copy(&other, best);
        STRATA_TRY(search_groups(cx, &m, &other, err));
        take_if_better(&other, best, out);
    }
    return out->over > 0 || is_proven(out) ? STRATA_OK
                                           : search_by_prices(cx, &m, a, best, out, err);
}

strata_status territory_solve(const context *cx, const territory_problem *p, arena *a,
                              territory_solution *out, strata_error *err)
{
    books best;
    territory_solution as_is = {0};
    territory_solution s = {0};
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    STRATA_TRY(check_problem(p, err));
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(books_new(p, a, &best, err));
    books_measure(&best, &as_is);
    STRATA_TRY(search_all(cx, p, scratch, &best, &s, err));
    STRATA_TRY(is_proven(&s) ? STRATA_OK : exact_improve(cx, scratch, &best, &s, err));
    s.book = best.at;
    s.bound = fmin(fmax(0.0, s.bound), s.objective);
    s.as_is = as_is.objective;
    *out = s;
    return STRATA_OK;
}

double territory_gap(const territory_solution *s)
{
    return s->objective > 0.0 ? (s->objective - s->bound) / s->objective : 0.0;
}

double territory_missed(const territory_solution *s)
{
    double most = s->as_is - s->bound;
    double missed = s->objective - s->bound;
    return missed <= EQUAL_SHARE * s->as_is ? 0.0 : most > 0.0 ? fmin(1.0, missed / most) : 1.0;
}
