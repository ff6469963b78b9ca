/* SPDX-License-Identifier: Apache-2.0 */

/* The likelihood of the Pareto/NBD model: Gamma(r + x)/Gamma(r) alpha^r beta^s times the sum of
 * the part of those alive at T and of those who left before (pareto_gone.h). */

#include <math.h>

#include "stats/buyers/pareto_gone.h"
#include "stats/buyers/pareto_nbd.h"

enum { R, ALPHA, S, BETA, PARAMETERS };
enum { SHAPE_MAX = 10000 }; /* where customers differ by one in a hundred */
enum { CLIMB_ALL = 20000 }; /* up to so many cells a second climb is affordable */

/* Sum of ln(r + j) for j < x, and its derivative, grown from one x to the next. */
typedef struct rising {
    double x, value, slope;
} rising;

static void rise_to(rising *s, double r, double x)
{
    while (s->x < x) {
        s->value += log(r + s->x);
        s->slope += 1.0 / (r + s->x);
        s->x += 1.0;
    }
}

static double log_likelihood(const void *data, const double *p, double *gradient)
{
    const buyer_cells *c = data;
    pareto_nbd m = {p[R], p[ALPHA], p[S], p[BETA]};
    double log_alpha = log(m.alpha);
    double log_beta = log(m.beta);
    double constant = m.r * log_alpha + m.s * log_beta;
    rising s = {0};
    double value = 0.0;
    double g[PARAMETERS] = {0};
    for (size_t i = 0; i < c->n; i++) {
        buyer b = c->cell[i];
        double w = c->weight[i];
        rise_to(&s, m.r, b.x);
        pareto_gone gone = pareto_gone_before(&m, b);
        double log_alive = pareto_alive_log(&m, b);
        double high = fmax(log_alive, gone.log_value);
        double low = fmin(log_alive, gone.log_value);
        value += w * (s.value + constant + high + log1p(exp(low - high)));
        double share = 1.0 / (1.0 + exp(log_alive - gone.log_value)); /* of those gone */
        double alive = 1.0 - share;
        double a = m.alpha + b.T;
        double z = m.beta + b.T;
        g[R] += w * (s.slope + log_alpha - alive * log(a) - share * gone.log_alpha);
        g[ALPHA] += w * (m.r / m.alpha - (m.r + b.x) * (alive / a + share * gone.inv_alpha));
        g[S] += w * (log_beta - alive * log(z) + share * (1.0 / m.s - gone.log_beta));
        g[BETA] += w * (m.s / m.beta - alive * m.s / z - share * (m.s + 1.0) * gone.inv_beta);
    }
    for (int i = 0; i < PARAMETERS; i++) {
        gradient[i] = g[i];
    }
    return value;
}

double pareto_nbd_log_likelihood(const pareto_nbd *m, const buyer_cells *cells, double *gradient)
{
    double p[PARAMETERS] = {[R] = m->r, [ALPHA] = m->alpha, [S] = m->s, [BETA] = m->beta};
    double g[PARAMETERS];
    return log_likelihood(cells, p, gradient != NULL ? gradient : g);
}

strata_status pareto_nbd_fit(const buyer_cells *cells, const context *cx, fit_result *out,
                             strata_error *err)
{
    if (!buyer_cells_tell(cells, PARAMETERS, out)) {
        return STRATA_OK;
    }
    double age = buyer_cells_mean_age(cells);
    double rate = cells->purchases / cells->customers / age;
    fit_problem problem = {
        .n_parameters = PARAMETERS,
        .parameters = {[R] = {.name = "r",
                              .low = 1e-8,
                              .high = SHAPE_MAX,
                              .at_high = "customers do not differ in how often they buy"},
                       [ALPHA] = {.name = "alpha"},
                       [S] = {.name = "s",
                              .low = 1e-8,
                              .high = SHAPE_MAX,
                              .at_low = "nobody seems to leave",
                              .at_high = "customers do not differ in how soon they leave"},
                       [BETA] = {.name = "beta",
                                 .at_high = "customers do not differ in how soon they leave, or "
                                            "nobody seems to leave"}},
        .log_likelihood = log_likelihood,
        .data = cells,
        .n_starts = 3,
        .starts = {{0.5, 0.5 / rate, 0.5, 0.3 * age},
                   {1.0, 1.0 / rate, 1.0, age},
                   {2.0, 1.0 / rate, 2.0, 5.0 * age}},
        .n_climbs = cells->n > CLIMB_ALL ? 1 : 0,
        .cx = cx,
    };
    return fit_maximise(&problem, out, err);
}
