/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/territory_solve.h"

#include <math.h>

#include "plan/territory_parts.h"

/* Of the objective: below, the bound is as good as equal. */
static const double EQUAL = 1e-9;

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

static bool is_better(const territory_solution *x, const territory_solution *y)
{
    return x->over < y->over || (x->over == y->over && x->objective < y->objective);
}

/* Two starts: from home, and in the order that the multipliers give. */
static strata_status search_twice(const context *cx, const territory_problem *p, arena *a,
                                  books *best, territory_solution *out, strata_error *err)
{
    books other;
    multipliers m;
    territory_solution s = {0};
    STRATA_TRY(books_new(p, a, &other, err));
    search_place(best);
    STRATA_TRY(search_improve(cx, best, err));
    books_measure(best, out);
    STRATA_TRY(territory_bound(cx, p, out->objective, a, &m, err));
    out->bound = m.bound;
    STRATA_TRY(territory_construct(&m, a, &other, err));
    STRATA_TRY(search_improve(cx, &other, err));
    s.bound = out->bound;
    books_measure(&other, &s);
    if (is_better(&s, out)) {
        books_copy(best, &other);
        *out = s;
        out->book = best->at;
    }
    return STRATA_OK;
}

strata_status territory_solve(const context *cx, const territory_problem *p, arena *a,
                              territory_solution *out, strata_error *err)
{
    books best;
    territory_solution s = {0};
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    STRATA_TRY(check_problem(p, err));
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(books_new(p, a, &best, err));
    STRATA_TRY(search_twice(cx, p, scratch, &best, &s, err));
    bool proven = s.over == 0 && s.bound >= s.objective * (1.0 - EQUAL);
    STRATA_TRY(proven ? STRATA_OK : exact_improve(cx, scratch, &best, &s, err));
    s.book = best.at;
    s.bound = fmin(fmax(0.0, s.bound), s.objective);
    *out = s;
    return STRATA_OK;
}

double territory_gap(const territory_solution *s)
{
    return s->objective > 0.0 ? (s->objective - s->bound) / s->objective : 0.0;
}
