/* SPDX-License-Identifier: Apache-2.0 */
/* Books of managers evened, beside CBC on the same mixed-integer programme for as long.
 *   territories ACCOUNTS BOOKS SECONDS
 * Prints cost, bound and time of both. CBC is given at least SECONDS; 0: CBC is left out. Fails
 * when either finds a plan below the other's bound. */

#include <coin/Cbc_C_Interface.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/rng.h"
#include "bench/watch.h"
#include "plan/territory/parts.h"

enum { REGIONS = 3, ARRAYS = 5 };

typedef struct portfolio_drawn {
    int64_t *load, *value, *price;
    int32_t *home, *kind;
    bool *locked, *fits;
    int64_t *book[ARRAYS];
} portfolio_drawn;

static strata_status allocate(size_t n, size_t m, arena *a, portfolio_drawn *out, strata_error *err)
{
    portfolio_drawn x = {.load = ARENA_NEW(a, n, int64_t),
                         .value = ARENA_NEW(a, n, int64_t),
                         .price = ARENA_NEW(a, n, int64_t),
                         .home = ARENA_NEW(a, n, int32_t),
                         .kind = ARENA_NEW(a, n, int32_t),
                         .locked = ARENA_NEW(a, n, bool),
                         .fits = ARENA_NEW(a, m * (REGIONS + 1), bool)};
    bool all = x.load && x.value && x.price && x.home && x.kind && x.locked && x.fits;
    for (size_t k = 0; k < ARRAYS; k++) {
        x.book[k] = ARENA_NEW(a, m, int64_t);
        all = all && x.book[k] != NULL;
    }
    *out = x;
    return all ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* As the generated portfolio has them: a mean of 35 hours with a long tail, a price of 3, books
 * filled at random within three regions, a sixth locked; even within 5 %. */
static void draw(portfolio_drawn *x, size_t n, size_t m, int64_t *load, int64_t *value)
{
    rng r;
    rng_init(&r, 1, 0);
    *load = *value = 0;
    for (size_t i = 0; i < n; i++) {
        double size = exp(0.9 * rng_normal(&r));
        x->load[i] = llround(1400.0 * size);
        x->value[i] = llround(3.3e6 * size * exp(0.7 * rng_normal(&r)));
        x->price[i] = llround(60.0 * (1.0 + fmin(size, 4.0)) * (1.0 + 0.6 * rng_uniform(&r)));
        x->home[i] = (int32_t)rng_below(&r, m);
        x->kind[i] = x->home[i] % REGIONS;
        x->locked[i] = rng_below(&r, 6) == 0;
        *load += x->load[i];
        *value += x->value[i];
    }
}

static void set_books(portfolio_drawn *x, size_t m, int64_t load, int64_t value)
{
    for (size_t j = 0; j < m; j++) {
        int64_t share = load / (int64_t)m;
        int64_t worth = value / (int64_t)m;
        const int64_t of[ARRAYS] = {share, share / 20, 2 * share, worth, worth / 20};
        for (size_t k = 0; k < ARRAYS; k++) {
            x->book[k][j] = of[k];
        }
        for (size_t k = 0; k <= REGIONS; k++) {
            x->fits[k * m + j] = k == REGIONS || j % REGIONS == k;
        }
    }
}

static strata_status make(size_t n, size_t m, arena *a, territory_problem *out, strata_error *err)
{
    portfolio_drawn x;
    int64_t load = 0;
    int64_t value = 0;
    STRATA_TRY(allocate(n, m, a, &x, err));
    draw(&x, n, m, &load, &value);
    set_books(&x, m, load, value);
    *out = (territory_problem){.n = n,
                               .n_books = m,
                               .n_kinds = REGIONS + 1,
                               .load = x.load,
                               .value = x.value,
                               .price = x.price,
                               .home = x.home,
                               .locked = x.locked,
                               .kind = x.kind,
                               .fits = x.fits,
                               .load_target = x.book[0],
                               .load_slack = x.book[1],
                               .load_most = x.book[2],
                               .value_target = x.book[3],
                               .value_slack = x.book[4],
                               .value_weight = (double)load / (double)value,
                               .most_moves = n};
    return STRATA_OK;
}

/* --- the peer --- */

static void cbc_free(void **model)
{
    Cbc_deleteModel(*model);
}

typedef struct by_column {
    int *start, *row;
    double *weight, *low, *high, *cost, *row_low, *row_high;
} by_column;

static strata_status turn(const linear_program *lp, arena *a, by_column *out, strata_error *err)
{
    size_t n = lp->n_variables;
    size_t entries = 0;
    for (size_t r = 0; r < lp->n_rows; r++) {
        entries += lp->rows[r].n;
    }
    by_column c = {.start = ARENA_NEW(a, n + 2, int),
                   .row = ARENA_NEW(a, entries + 1, int),
                   .weight = ARENA_NEW(a, entries + 1, double),
                   .low = ARENA_NEW(a, n, double),
                   .high = ARENA_NEW(a, n, double),
                   .cost = ARENA_NEW(a, n, double),
                   .row_low = ARENA_NEW(a, lp->n_rows, double),
                   .row_high = ARENA_NEW(a, lp->n_rows, double)};
    if (!c.start || !c.row || !c.weight || !c.low || !c.high || !c.cost || !c.row_low ||
        !c.row_high) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t v = 0; v < n; v++) {
        c.low[v] = lp->variables[v].low;
        c.high[v] = lp->variables[v].high;
        c.cost[v] = lp->variables[v].cost;
    }
    for (size_t r = 0; r < lp->n_rows; r++) {
        c.row_low[r] = lp->rows[r].low;
        c.row_high[r] = lp->rows[r].high;
        for (size_t k = 0; k < lp->rows[r].n; k++) {
            c.start[lp->rows[r].variables[k] + 2]++;
        }
    }
    for (size_t v = 2; v < n + 2; v++) {
        c.start[v] += c.start[v - 1];
    }
    for (size_t r = 0; r < lp->n_rows; r++) {
        for (size_t k = 0; k < lp->rows[r].n; k++) {
            int at = c.start[lp->rows[r].variables[k] + 1]++;
            c.row[at] = (int)r;
            c.weight[at] = lp->rows[r].weights[k];
        }
    }
    *out = c;
    return STRATA_OK;
}

typedef struct found {
    double cost, bound; /* cost: infinite when none was found */
    timing took;
} found;

static strata_status run_peer(const territory_problem *p, double most, found *out,
                              strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    linear_program lp;
    by_column c;
    char text[32];
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(exact_program(p, a, &lp, err));
    STRATA_TRY(turn(&lp, a, &c, err));
    STRATA_CLEANUP(cbc_free) void *model = Cbc_newModel();
    Cbc_loadProblem(model, (int)lp.n_variables, (int)lp.n_rows, c.start, c.row, c.weight, c.low,
                    c.high, c.cost, c.row_low, c.row_high);
    for (size_t v = 0; v < lp.n_variables; v++) {
        if (lp.variables[v].whole) {
            Cbc_setInteger(model, (int)v);
        }
    }
    (void)snprintf(text, sizeof text, "%.1f", most);
    Cbc_setLogLevel(model, 0);
    Cbc_setParameter(model, "logLevel", "0");
    Cbc_setParameter(model, "timeMode", "elapsed");
    Cbc_setParameter(model, "seconds", text);
    timing begin = now();
    (void)Cbc_solve(model);
    out->took = since(begin);
    out->bound = Cbc_getBestPossibleObjValue(model);
    out->cost = Cbc_numberSavedSolutions(model) > 0 ? Cbc_getObjValue(model) : HUGE_VAL;
    return STRATA_OK;
}

/* --- both --- */

static void print_found(const char *what, const found *f, double as_is, double bound)
{
    (void)printf("%-8s cost %9.0f  bound %9.0f  gap %5.1f %%  misses at most %5.2f %% of the gain  "
                 "wall %6.1f s  "
                 "cpu %6.1f s\n",
                 what, f->cost, f->bound, 100.0 * fmax(0.0, f->cost - bound) / f->cost,
                 100.0 * fmax(0.0, f->cost - bound) / (as_is - bound), f->took.wall, f->took.cpu);
}

static strata_status bench(size_t n, size_t m, double most, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    const context cx = {.threads = 2, .seed = 1};
    territory_problem p;
    territory_solution s;
    found ours = {0};
    found theirs = {0};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(make(n, m, a, &p, err));
    timing begin = now();
    STRATA_TRY(territory_solve(&cx, &p, a, &s, err));
    ours = (found){s.objective, s.bound, since(begin)};
    (void)printf("%zu accounts, %zu books: %.0f as it is, %zu moves, peak %.0f MB\n", n, m, s.as_is,
                 s.n_moved, peak_mb());
    print_found("strata", &ours, s.as_is, s.bound);
    if (most <= 0.0) {
        return STRATA_OK;
    }
    STRATA_TRY(run_peer(&p, fmax(most, ours.took.wall), &theirs, err));
    double bound = fmax(ours.bound, theirs.bound);
    print_found("cbc", &theirs, s.as_is, bound);
    (void)printf(
        "cost of cbc's plan over strata's: %.2f; strata misses at most %.2f %% by the better "
        "bound\n",
        theirs.cost / ours.cost, 100.0 * (ours.cost - bound) / (s.as_is - bound));
    if (ours.cost < theirs.bound * (1.0 - 1e-6) || theirs.cost < ours.bound * (1.0 - 1e-6)) {
        return strata_fail(err, STRATA_E_INTERNAL, "a plan lies below a bound");
    }
    return STRATA_OK;
}

int main(int argc, char **argv)
{
    strata_error err = {0};
    if (argc != 4) {
        (void)fprintf(stderr, "usage: territories ACCOUNTS BOOKS SECONDS\n");
        return EXIT_FAILURE;
    }
    size_t n = strtoul(argv[1], NULL, 10);
    size_t m = strtoul(argv[2], NULL, 10);
    if (n == 0 || m == 0 || bench(n, m, strtod(argv[3], NULL), &err) != STRATA_OK) {
        (void)fprintf(stderr, "territories: %s\n", err.message);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
