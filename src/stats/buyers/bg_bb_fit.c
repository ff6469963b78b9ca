/* SPDX-License-Identifier: Apache-2.0 */

/* The likelihood of the BG/BB model (Fader, Hardie & Shang 2010, eq. 7): the sum over the
 * opportunity after which a customer left, t_x .. n - 1, and of those still there. With
 * ln [z]_k = sum_{j<k} ln(z + j), the chance of x purchases among m + x opportunities is
 * [alpha]_x [beta]_m / [alpha + beta]_(x + m), that of staying k opportunities
 * [delta]_k / [gamma + delta]_k: sums that are tabulated once per look. */

#include <math.h>
#include <stdbool.h>

#include "base/auto.h"
#include "stats/buyers/bg_bb.h"

enum { ALPHA, BETA, GAMMA, DELTA, PARAMETERS };
enum { BUY = 0, NOT, TRY, STAY, BE, TABLES }; /* [alpha], [beta], [alpha + beta], [delta], ... */
enum { CLIMB_ALL = 20000 };                   /* up to so many cells a second climb is affordable */

typedef struct likelihood {
    const buyer_cells *cells;
    size_t size;           /* of each table: most opportunities + 1 */
    double *value[TABLES]; /* ln [z]_k */
    double *slope[TABLES]; /* its derivative by z */
} likelihood;

static strata_status check_cells(const buyer_cells *cells, double *most, strata_error *err)
{
    for (size_t i = 0; i < cells->n; i++) {
        buyer b = cells->cell[i];
        if (floor(b.T) < b.T || floor(b.t_x) < b.t_x || b.x > b.t_x ||
            b.T > BG_BB_OPPORTUNITIES_MAX) {
            return strata_fail(err, STRATA_E_DATA,
                               "a history of %g purchases, the last at opportunity %g of %g, is "
                               "none of whole periods, one purchase each and at most %d",
                               b.x, b.t_x, b.T, BG_BB_OPPORTUNITIES_MAX);
        }
        *most = fmax(*most, b.T);
    }
    return STRATA_OK;
}

static strata_status likelihood_init(likelihood *l, const buyer_cells *cells, double **memory,
                                     strata_error *err)
{
    double most = 0.0;
    STRATA_TRY(check_cells(cells, &most, err));
    *l = (likelihood){.cells = cells, .size = (size_t)most + 1};
    *memory = STRATA_NEW_ARRAY(l->size * 2 * TABLES, double);
    if (*memory == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory fitting %zu histories", cells->n);
    }
    for (size_t i = 0; i < TABLES; i++) {
        l->value[i] = *memory + 2 * l->size * i;
        l->slope[i] = l->value[i] + l->size;
    }
    return STRATA_OK;
}

static void tabulate(const likelihood *l, const double *p)
{
    double z[TABLES] = {[BUY] = p[ALPHA],
                        [NOT] = p[BETA],
                        [TRY] = p[ALPHA] + p[BETA],
                        [STAY] = p[DELTA],
                        [BE] = p[GAMMA] + p[DELTA]};
    for (size_t t = 0; t < TABLES; t++) {
        l->value[t][0] = 0.0;
        l->slope[t][0] = 0.0;
        for (size_t k = 1; k < l->size; k++) {
            double at = z[t] + (double)(k - 1);
            l->value[t][k] = l->value[t][k - 1] + log(at);
            l->slope[t][k] = l->slope[t][k - 1] + 1.0 / at;
        }
    }
}

/* ln of the chance of x purchases at `at` opportunities and of being there at all of them. */
static double log_active(const likelihood *l, size_t x, size_t at)
{
    return l->value[BUY][x] + l->value[NOT][at - x] - l->value[TRY][at] + l->value[STAY][at] -
           l->value[BE][at];
}

/* Adds the derivatives of share * log_active() by beta, gamma and delta, and by alpha but for what
 * x alone tells. */
static void add_slopes(const likelihood *l, size_t x, size_t at, double share, double *g)
{
    g[ALPHA] -= share * l->slope[TRY][at];
    g[BETA] += share * (l->slope[NOT][at - x] - l->slope[TRY][at]);
    g[GAMMA] -= share * l->slope[BE][at];
    g[DELTA] += share * (l->slope[STAY][at] - l->slope[BE][at]);
}

/* The terms of those who left at `at` have the factor gamma / (gamma + delta + at) and shrink from
 * one to the next; the first sets the scale, and that of those who stayed is at most
 * (gamma + delta + t_x) / gamma times as large. */
static double cell_value(const likelihood *l, buyer b, const double *p, double *g)
{
    size_t x = (size_t)b.x;
    size_t last = (size_t)b.t_x;
    size_t n = (size_t)b.T;
    double be = p[GAMMA] + p[DELTA];
    double first = log_active(l, x, last) + log(p[GAMMA] / (be + b.t_x));
    double stayed = exp(log_active(l, x, n) - first);
    double term = 1.0;
    double total = stayed;
    double sums[PARAMETERS] = {0};
    add_slopes(l, x, n, stayed, sums);
    for (size_t at = last; at < n; at++) {
        double a = (double)at;
        total += term;
        add_slopes(l, x, at, term, sums);
        sums[GAMMA] += term * (1.0 / p[GAMMA] - 1.0 / (be + a));
        sums[DELTA] -= term / (be + a);
        term *= (p[BETA] + a - b.x) / (p[ALPHA] + p[BETA] + a) * (p[DELTA] + a) / (be + a + 1.0);
    }
    for (int i = 0; i < PARAMETERS; i++) {
        g[i] = sums[i] / total;
    }
    g[ALPHA] += l->slope[BUY][x];
    return first + log(total);
}

static double log_likelihood(const void *data, const double *p, double *gradient)
{
    const likelihood *l = data;
    tabulate(l, p);
    double value = 0.0;
    double g[PARAMETERS];
    for (int k = 0; k < PARAMETERS; k++) {
        gradient[k] = 0.0;
    }
    for (size_t i = 0; i < l->cells->n; i++) {
        value += l->cells->weight[i] * cell_value(l, l->cells->cell[i], p, g);
        for (int k = 0; k < PARAMETERS; k++) {
            gradient[k] += l->cells->weight[i] * g[k];
        }
    }
    return value;
}

strata_status bg_bb_log_likelihood(const bg_bb *m, const buyer_cells *cells, double *out,
                                   double *gradient, strata_error *err)
{
    STRATA_AUTO_FREE double *memory = NULL;
    likelihood l;
    STRATA_TRY(likelihood_init(&l, cells, &memory, err));
    double p[PARAMETERS] = {
        [ALPHA] = m->alpha, [BETA] = m->beta, [GAMMA] = m->gamma, [DELTA] = m->delta};
    double g[PARAMETERS];
    *out = log_likelihood(&l, p, gradient != NULL ? gradient : g);
    return STRATA_OK;
}

static bool all_used_all(const buyer_cells *cells)
{
    for (size_t i = 0; i < cells->n; i++) {
        if (cells->cell[i].x < cells->cell[i].T) {
            return false;
        }
    }
    return true;
}

strata_status bg_bb_fit(const buyer_cells *cells, const context *cx, fit_result *out,
                        strata_error *err)
{
    STRATA_AUTO_FREE double *memory = NULL;
    likelihood l;
    STRATA_TRY(likelihood_init(&l, cells, &memory, err));
    if (!buyer_cells_tell(cells, PARAMETERS, out)) {
        return STRATA_OK;
    }
    if (all_used_all(cells)) {
        *out = fit_no_data(PARAMETERS, "everybody bought in every period, so that nothing tells "
                                       "when customers pause or leave");
        return STRATA_OK;
    }
    fit_problem problem = {
        .n_parameters = PARAMETERS,
        .parameters = {[ALPHA] = {.name = "alpha",
                                  .at_high = "customers do not differ in how often they buy"},
                       [BETA] = {.name = "beta",
                                 .at_low = "customers who are there always buy",
                                 .at_high = "customers do not differ in how often they buy"},
                       [GAMMA] = {.name = "gamma", .at_low = "nobody seems to leave"},
                       [DELTA] = {.name = "delta",
                                  .at_low = "everybody seems to leave at once",
                                  .at_high = "customers do not differ in when they leave, or "
                                             "nobody seems to leave"}},
        .log_likelihood = log_likelihood,
        .data = &l,
        .n_starts = 3,
        .starts = {{1.0, 1.0, 0.5, 2.0}, {1.0, 3.0, 1.0, 5.0}, {3.0, 1.0, 0.3, 5.0}},
        .n_climbs = cells->n > CLIMB_ALL ? 1 : 0,
        .cx = cx,
    };
    return fit_maximise(&problem, out, err);
}
