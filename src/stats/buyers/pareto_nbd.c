/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/buyers/pareto_nbd.h"

#include <math.h>

#include "stats/buyers/pareto_gone.h"
#include "stats/numeric/quadrature.h"
#include "stats/numeric/special.h"

static const double negligible = -50.0; /* exponent under which an integrand adds nothing */

pareto_nbd pareto_nbd_of(const fit_result *fit)
{
    return (pareto_nbd){fit->x[0], fit->x[1], fit->x[2], fit->x[3]};
}

double pareto_nbd_alive(const pareto_nbd *m, buyer b)
{
    double log_odds = pareto_gone_before(m, b).log_value - pareto_alive_log(m, b);
    return log_odds > 0.0 ? exp(-log_odds) / (1.0 + exp(-log_odds)) : 1.0 / (1.0 + exp(log_odds));
}

/* (1 - e^-(s - 1) l) / (s - 1), which is l at s = 1. */
static double lasting(double s, double l)
{
    double y = (s - 1.0) * l;
    return fabs(y) < 1e-12 ? l : -expm1(-y) / y * l;
}

double pareto_nbd_expected(const pareto_nbd *m, buyer b, double t)
{
    double rate = (m->r + b.x) / (m->alpha + b.T);
    double age = m->beta + b.T;
    return pareto_nbd_alive(m, b) * rate * age * lasting(m->s, log1p(t / age));
}

double pareto_nbd_mean(const pareto_nbd *m, double t)
{
    return m->r * m->beta / m->alpha * lasting(m->s, log1p(t / m->beta));
}

/* Alive at t with k purchases, or gone at u with k purchases by then: the sum and integral that
 * Fader & Hardie, note 010, write with hypergeometric functions. */
double pareto_nbd_chance(const pareto_nbd *m, size_t k, double t)
{
    double x = (double)k;
    if (!(t > 0.0)) {
        return k == 0 ? 1.0 : 0.0;
    }
    double log_start = log_gamma(m->r + x) - log_gamma(m->r) - log_gamma(x + 1.0);
    double total = exp(log_start - m->r * log1p(t / m->alpha) - x * log1p(m->alpha / t) -
                       m->s * log1p(t / m->beta));
    double near = fmin(m->alpha, m->beta);
    double end = log1p(t / near);
    double panels = ceil(end * fmax(1.0, (x + m->r + m->s + 1.0) / 12.0));
    double half = end / panels * 0.5;
    for (size_t p = 0; p < (size_t)panels; p++) {
        for (int i = 0; i < GAUSS_POINTS; i++) {
            double w = half * (2.0 * (double)p + 1.0 + gauss_node[i]);
            double u = near * expm1(w);
            double exponent = log_start - m->r * log1p(u / m->alpha) - x * log1p(m->alpha / u) -
                              (m->s + 1.0) * log1p(u / m->beta) + w;
            total += half * gauss_weight[i] * near * m->s / m->beta * exp(exponent);
        }
    }
    return total;
}

/* The integral of e^(-z v) (1 + v)^-s over v > 0, which is e^z E_s(z), for z > 0, in ln(1 + v). */
static double discounted_life(double s, double z)
{
    double total = 0.0;
    double from = 0.0;
    while ((1.0 - s) * from - z * expm1(from) > negligible) {
        double width = fmin(1.0, 8.0 / (z * exp(from) + s + 1.0));
        for (int i = 0; i < GAUSS_POINTS; i++) {
            double w = from + width * 0.5 * (1.0 + gauss_node[i]);
            total += width * 0.5 * gauss_weight[i] * exp((1.0 - s) * w - z * expm1(w));
        }
        from += width;
    }
    return total;
}

double pareto_nbd_dert(const pareto_nbd *m, buyer b, double rate)
{
    double age = m->beta + b.T;
    return pareto_nbd_alive(m, b) * (m->r + b.x) / (m->alpha + b.T) * age *
           discounted_life(m->s, rate * age);
}
