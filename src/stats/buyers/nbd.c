/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/buyers/nbd.h"

#include <math.h>

enum { R, ALPHA, PARAMETERS };
enum { SHAPE_MAX = 10000 }; /* where customers differ by one in a hundred */

/* Gamma(r + x)/Gamma(r) alpha^r / (alpha + T)^(r + x), over all histories. Cells ascend by x, so
 * the rising factorial grows from one to the next. */
static double log_likelihood(const void *data, const double *p, double *gradient)
{
    const buyer_cells *c = data;
    double log_alpha = log(p[ALPHA]);
    double rising = 0.0;
    double rising_slope = 0.0;
    double counted = 0.0;
    double value = 0.0;
    double by_r = 0.0;
    double by_alpha = 0.0;
    for (size_t i = 0; i < c->n; i++) {
        buyer b = c->cell[i];
        while (counted < b.x) {
            rising += log(p[R] + counted);
            rising_slope += 1.0 / (p[R] + counted);
            counted += 1.0;
        }
        double at_risk = p[ALPHA] + b.T;
        value += c->weight[i] * (rising + p[R] * log_alpha - (p[R] + b.x) * log(at_risk));
        by_r += c->weight[i] * (rising_slope + log_alpha - log(at_risk));
        by_alpha += c->weight[i] * (p[R] / p[ALPHA] - (p[R] + b.x) / at_risk);
    }
    gradient[R] = by_r;
    gradient[ALPHA] = by_alpha;
    return value;
}

double nbd_log_likelihood(const nbd *m, const buyer_cells *cells, double *gradient)
{
    double p[PARAMETERS] = {[R] = m->r, [ALPHA] = m->alpha};
    double g[PARAMETERS];
    return log_likelihood(cells, p, gradient != NULL ? gradient : g);
}

strata_status nbd_fit(const buyer_cells *cells, const context *cx, fit_result *out,
                      strata_error *err)
{
    if (!buyer_cells_tell(cells, PARAMETERS, out)) {
        return STRATA_OK;
    }
    double rate = cells->purchases / cells->customers / buyer_cells_mean_age(cells);
    fit_problem problem = {
        .n_parameters = PARAMETERS,
        .parameters = {[R] = {.name = "r",
                              .low = 1e-8,
                              .high = SHAPE_MAX,
                              .at_high = "customers do not differ in how often they buy"},
                       [ALPHA] = {.name = "alpha"}},
        .log_likelihood = log_likelihood,
        .data = cells,
        .n_starts = 2,
        .starts = {{0.5, 0.5 / rate}, {2.0, 2.0 / rate}},
        .cx = cx,
    };
    return fit_maximise(&problem, out, err);
}

double nbd_expected(const nbd *m, buyer b, double t)
{
    return t * (m->r + b.x) / (m->alpha + b.T);
}
