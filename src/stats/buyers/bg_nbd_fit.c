/* SPDX-License-Identifier: Apache-2.0 */

/* The likelihood of the BG/NBD and the modified model, in the arrangement of Hardie's note 004:
 *
 *   ln L = sum_{j<x} ln(r + j) + r ln alpha + sum_{j<k} ln (b + j)/(a + b + j)
 *          - (r + x) ln(alpha + T) + ln(1 + e^u),
 *   u = ln a/(b + k - 1) + (r + x) ln (alpha + T)/(alpha + t_x),
 *
 * with k = x (no u for k = 0), or x + 1 in the modified model. The first three parts depend on x
 * alone and the logarithms on T or t_x alone, so that a cell costs one exp and one log. */

#include <math.h>

#include "base/auto.h"
#include "stats/buyers/bg_nbd.h"

enum { R, ALPHA, A, B, PARAMETERS };
enum { CLIMB_ALL = 20000 }; /* up to so many cells a second climb costs nothing worth saving */

typedef struct likelihood {
    const buyer_cells *cells;
    double first_stay; /* 1 in the modified model */
    double *log_T, *log_t_x;
    double *inv_T, *inv_t_x; /* 1 / (alpha + T) */
} likelihood;

static strata_status likelihood_init(likelihood *l, bg_kind kind, const buyer_cells *cells,
                                     double **memory, strata_error *err)
{
    *memory = STRATA_NEW_ARRAY(2 * (cells->n_T + cells->n_t_x), double);
    if (*memory == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory fitting %zu histories", cells->n);
    }
    *l = (likelihood){.cells = cells,
                      .first_stay = kind == MBG_NBD ? 1.0 : 0.0,
                      .log_T = *memory,
                      .inv_T = *memory + cells->n_T,
                      .log_t_x = *memory + 2 * cells->n_T,
                      .inv_t_x = *memory + 2 * cells->n_T + cells->n_t_x};
    return STRATA_OK;
}

static void tabulate(const double *age, size_t n, double alpha, double *logs, double *inverses)
{
    for (size_t i = 0; i < n; i++) {
        logs[i] = log(alpha + age[i]);
        inverses[i] = 1.0 / (alpha + age[i]);
    }
}

/* What depends on x alone, grown from one x to the next. */
typedef struct by_count {
    double x, k;       /* purchases and decisions to stay that are counted in */
    double value;      /* sums of logarithms */
    double dr, da, db; /* their derivatives */
} by_count;

static void count_up(by_count *s, const double *p, double x, double k)
{
    while (s->x < x) {
        s->value += log(p[R] + s->x);
        s->dr += 1.0 / (p[R] + s->x);
        s->x += 1.0;
    }
    while (s->k < k) {
        double stay = p[B] + s->k;
        double all = p[A] + stay;
        s->value += log(stay / all);
        s->da -= 1.0 / all;
        s->db += 1.0 / stay - 1.0 / all;
        s->k += 1.0;
    }
}

/* Adds the cells from..to-1, which share x. */
static double add_run(const likelihood *l, const double *p, const by_count *s, size_t from,
                      size_t to, double *g)
{
    const buyer_cells *c = l->cells;
    double shape = p[R] + s->x;
    double log_odds = s->k > 0.0 ? log(p[A] / (p[B] + s->k - 1.0)) : -INFINITY;
    double weight = 0.0;
    double value = 0.0;
    double gone = 0.0; /* expected number who left at t_x */
    double g_r = 0.0;
    double g_alpha = 0.0;
    for (size_t i = from; i < to; i++) {
        uint32_t at_T = c->T_at[i];
        uint32_t at_t = c->t_x_at[i];
        double w = c->weight[i];
        double gap = l->log_T[at_T] - l->log_t_x[at_t];
        double u = log_odds + shape * gap;
        double e = exp(-fabs(u));
        double share = u > 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
        weight += w;
        value += w * (fmax(u, 0.0) + log(1.0 + e) - shape * l->log_T[at_T]);
        gone += w * share;
        g_r += w * (share * gap - l->log_T[at_T]);
        g_alpha += w * ((1.0 - share) * l->inv_T[at_T] + share * l->inv_t_x[at_t]);
    }
    g[R] += g_r + weight * (s->dr + log(p[ALPHA]));
    g[ALPHA] += weight * p[R] / p[ALPHA] - shape * g_alpha;
    g[A] += weight * s->da + gone / p[A];
    g[B] += weight * s->db - (s->k > 0.0 ? gone / (p[B] + s->k - 1.0) : 0.0);
    return value + weight * (s->value + p[R] * log(p[ALPHA]));
}

static double log_likelihood(const void *data, const double *p, double *gradient)
{
    const likelihood *l = data;
    const buyer_cells *c = l->cells;
    tabulate(c->T, c->n_T, p[ALPHA], l->log_T, l->inv_T);
    tabulate(c->t_x, c->n_t_x, p[ALPHA], l->log_t_x, l->inv_t_x);
    by_count s = {0};
    double value = 0.0;
    for (int i = 0; i < PARAMETERS; i++) {
        gradient[i] = 0.0;
    }
    for (size_t from = 0; from < c->n;) {
        double x = c->cell[from].x;
        size_t to = from + 1;
        while (to < c->n && !(c->cell[to].x > x)) {
            to++;
        }
        count_up(&s, p, x, x + l->first_stay);
        value += add_run(l, p, &s, from, to, gradient);
        from = to;
    }
    return value;
}

strata_status bg_nbd_log_likelihood(const bg_nbd *m, const buyer_cells *cells, double *out,
                                    double *gradient, strata_error *err)
{
    STRATA_AUTO_FREE double *memory = NULL;
    likelihood l;
    STRATA_TRY(likelihood_init(&l, m->kind, cells, &memory, err));
    double p[PARAMETERS] = {[R] = m->r, [ALPHA] = m->alpha, [A] = m->a, [B] = m->b};
    double g[PARAMETERS];
    *out = log_likelihood(&l, p, g);
    for (int i = 0; gradient != NULL && i < PARAMETERS; i++) {
        gradient[i] = g[i];
    }
    return STRATA_OK;
}

strata_status bg_nbd_fit(bg_kind kind, const buyer_cells *cells, const context *cx, fit_result *out,
                         strata_error *err)
{
    if (!buyer_cells_tell(cells, PARAMETERS, out)) {
        return STRATA_OK;
    }
    STRATA_AUTO_FREE double *memory = NULL;
    likelihood l;
    STRATA_TRY(likelihood_init(&l, kind, cells, &memory, err));
    /* If nobody left: the right order of magnitude. */
    double rate = cells->purchases / cells->customers / buyer_cells_mean_age(cells);
    fit_problem problem = {
        .n_parameters = PARAMETERS,
        .parameters = {[R] = {.name = "r",
                              .at_high = "customers do not differ in how often they buy"},
                       [ALPHA] = {.name = "alpha"},
                       [A] = {.name = "a", .at_low = "nobody seems to leave"},
                       [B] = {.name = "b",
                              .at_low = "everybody seems to leave at once",
                              .at_high = "customers do not differ in when they leave"}},
        .log_likelihood = log_likelihood,
        .data = &l,
        .n_starts = 3,
        .starts = {{0.5, 0.5 / rate, 0.7, 2.0},
                   {1.0, 1.0 / rate, 1.0, 1.0},
                   {3.0, 3.0 / rate, 0.3, 5.0}},
        .n_climbs = cells->n > CLIMB_ALL ? 1 : 0,
        .cx = cx,
    };
    return fit_maximise(&problem, out, err);
}
