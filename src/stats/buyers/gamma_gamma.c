/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/buyers/gamma_gamma.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "stats/numeric/special.h"

enum { P, Q, GAMMA, PARAMETERS };

/* Customers with repeat purchases in the order of x, mean. */
typedef struct spenders {
    spender *rows;
    size_t n;
} spenders;

static void spenders_free(spenders *s)
{
    free(s->rows);
}

static int compare(const void *a, const void *b)
{
    const spender *s = a;
    const spender *t = b;
    int by_x = (s->x > t->x) - (s->x < t->x);
    return by_x != 0 ? by_x : (s->mean > t->mean) - (s->mean < t->mean);
}

static strata_status spenders_init(const spender *rows, size_t n, spenders *out, strata_error *err)
{
    out->rows = STRATA_NEW_ARRAY(n, spender);
    if (out->rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory with the spend of %zu customers", n);
    }
    for (size_t i = 0; i < n; i++) {
        if (!(rows[i].x >= 0.0) || !isfinite(rows[i].x)) {
            return strata_fail(err, STRATA_E_DATA, "customer %zu has %g repeat purchases", i + 1,
                               rows[i].x);
        }
        if (rows[i].x > 0.0 && !(rows[i].mean > 0.0 && isfinite(rows[i].mean))) {
            return strata_fail(err, STRATA_E_DATA,
                               "customer %zu spends %g per purchase: leave out purchases that "
                               "cost nothing",
                               i + 1, rows[i].mean);
        }
        if (rows[i].x > 0.0) {
            out->rows[out->n++] = rows[i];
        }
    }
    qsort(out->rows, out->n, sizeof *out->rows, compare);
    return STRATA_OK;
}

/* Customers from..to-1, all with the same x: with k = p x,
 * ln f = ln Gamma(k + q) - ln Gamma(k) - ln Gamma(q) + q ln gamma + (k - 1) ln mean + k ln x
 *        - (k + q) ln(gamma + x mean). */
static double add_run(const spenders *s, size_t from, size_t to, const double *p, double *g)
{
    double x = s->rows[from].x;
    double k = p[P] * x;
    double n = (double)(to - from);
    double logs = 0.0;     /* of the means */
    double log_rest = 0.0; /* of gamma + x mean */
    double inverse = 0.0;
    for (size_t i = from; i < to; i++) {
        double rest = p[GAMMA] + x * s->rows[i].mean;
        logs += log(s->rows[i].mean);
        log_rest += log(rest);
        inverse += 1.0 / rest;
    }
    double both = digamma(k + p[Q]);
    g[P] += x * (n * (both - digamma(k) + log(x)) + logs - log_rest);
    g[Q] += n * (both - digamma(p[Q]) + log(p[GAMMA])) - log_rest;
    g[GAMMA] += n * p[Q] / p[GAMMA] - (k + p[Q]) * inverse;
    return n * (p[Q] * log(p[GAMMA]) + k * log(x) - log_beta(k, p[Q])) + (k - 1.0) * logs -
           (k + p[Q]) * log_rest;
}

static double log_likelihood(const void *data, const double *p, double *gradient)
{
    const spenders *s = data;
    double value = 0.0;
    for (int i = 0; i < PARAMETERS; i++) {
        gradient[i] = 0.0;
    }
    for (size_t from = 0; from < s->n;) {
        size_t to = from + 1;
        while (to < s->n && !(s->rows[to].x > s->rows[from].x)) {
            to++;
        }
        value += add_run(s, from, to, p, gradient);
        from = to;
    }
    return value;
}

strata_status gamma_gamma_log_likelihood(const gamma_gamma *m, const spender *rows, size_t n,
                                         double *out, double *gradient, strata_error *err)
{
    STRATA_CLEANUP(spenders_free) spenders s = {0};
    STRATA_TRY(spenders_init(rows, n, &s, err));
    double p[PARAMETERS] = {[P] = m->p, [Q] = m->q, [GAMMA] = m->gamma};
    double g[PARAMETERS];
    *out = log_likelihood(&s, p, gradient != NULL ? gradient : g);
    return STRATA_OK;
}

strata_status gamma_gamma_fit(const spender *rows, size_t n, const context *cx, fit_result *out,
                              strata_error *err)
{
    STRATA_CLEANUP(spenders_free) spenders s = {0};
    STRATA_TRY(spenders_init(rows, n, &s, err));
    if (s.n < 2) {
        *out = fit_no_data(PARAMETERS, "fewer than two customers bought again, so that nothing "
                                       "tells how their spend differs");
        return STRATA_OK;
    }
    double mean = 0.0;
    for (size_t i = 0; i < s.n; i++) {
        mean += s.rows[i].mean / (double)s.n;
    }
    fit_problem problem = {
        .n_parameters = PARAMETERS,
        .parameters = {[P] = {.name = "p", .at_high = "each customer spends the same every time"},
                       [Q] = {.name = "q", .at_high = "customers do not differ in what they spend"},
                       [GAMMA] = {.name = "gamma"}},
        .log_likelihood = log_likelihood,
        .data = &s,
        .n_starts = 3,
        .starts = {{5.0, 4.0, mean * 0.6}, {1.0, 2.0, mean}, {20.0, 10.0, mean * 0.45}},
        .cx = cx,
    };
    return fit_maximise(&problem, out, err);
}

gamma_gamma gamma_gamma_of(const fit_result *fit)
{
    return (gamma_gamma){fit->x[P], fit->x[Q], fit->x[GAMMA]};
}

bool gamma_gamma_expected(const gamma_gamma *m, spender s, double *out)
{
    double below = m->p * s.x + m->q - 1.0;
    if (!(below > 0.0)) {
        return false;
    }
    double spent = s.x > 0.0 ? s.x * s.mean : 0.0;
    *out = m->p * (m->gamma + spent) / below;
    return true;
}
