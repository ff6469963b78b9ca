/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/bg_nbd.h"

#include <math.h>

#include "stats/hyp2f1.h"
#include "stats/quadrature.h"
#include "stats/special.h"

/* How often a survivor of x repeat purchases decided to stay: once per repeat purchase, and once
 * more in the modified model. */
static double stays(const bg_nbd *m, double x)
{
    return m->kind == MBG_NBD ? x + 1.0 : x;
}

bg_nbd bg_nbd_of(bg_kind kind, const fit_result *fit)
{
    return (bg_nbd){kind, fit->x[0], fit->x[1], fit->x[2], fit->x[3]};
}

double bg_nbd_alive(const bg_nbd *m, buyer b)
{
    double k = stays(m, b.x);
    if (!(k > 0.0)) {
        return 1.0;
    }
    double log_odds =
        log(m->a / (m->b + k - 1.0)) + (m->r + b.x) * (log(m->alpha + b.T) - log(m->alpha + b.t_x));
    return log_odds > 0.0 ? exp(-log_odds) / (1.0 + exp(-log_odds)) : 1.0 / (1.0 + exp(log_odds));
}

/* A customer alive at T, whose rate is gamma(shape, rate) and whose chance of leaving is
 * beta(a, b). */
typedef struct survivor {
    double shape, rate, a, b;
} survivor;

/* E = shape integral of e^(-shape w) 2F1(shape + 1, b; a + b; 1 - e^-w) over w from 0 to
 * ln(1 + t / rate): the expected rate of purchases, all of it positive, so that nothing cancels. */
static double integrate_rate(survivor s, double t)
{
    double end = log1p(t / s.rate);
    double mean = s.a / (s.a + s.b);
    double sd = sqrt(mean * (1.0 - mean) / (s.a + s.b + 1.0));
    double width = fmin(1.0, 8.0 / (1.0 + (s.shape + 1.0) * fmin(1.0, mean + 6.0 * sd)));
    double total = 0.0;
    double from = 0.0;
    while (from < end) {
        double to = fmin(end, from + width);
        double half = (to - from) * 0.5;
        for (int i = 0; i < GAUSS_POINTS; i++) {
            double w = from + half * (1.0 + gauss_node[i]);
            double scale;
            double f = hyp2f1_scaled(s.shape + 1.0, s.b, s.a + s.b, -expm1(-w), &scale);
            total += half * gauss_weight[i] * f * exp(scale - s.shape * w);
        }
        from = to;
        width *= 1.5;
    }
    return s.shape * total;
}

/* Purchases expected in the next t. Fader, Hardie & Lee 2005, eq. 10, without the chance of being
 * alive. Their closed form is 0/0 at a = 1, has no value for a + b <= 1 and cancels for short t. */
static double expected_of_survivor(survivor s, double t)
{
    double c = s.a + s.b - 1.0;
    if (!(t > 0.0)) {
        return 0.0;
    }
    if (fabs(s.a - 1.0) > 1e-3 && c > 0.05) {
        double scale;
        double f = hyp2f1_scaled(s.shape, s.b, c, t / (s.rate + t), &scale);
        double bracket = -expm1(log(f) + scale - s.shape * log1p(t / s.rate));
        if (fabs(bracket) > 1e-4) {
            return c / (s.a - 1.0) * bracket;
        }
    }
    return integrate_rate(s, t);
}

double bg_nbd_expected(const bg_nbd *m, buyer b, double t)
{
    survivor s = {m->r + b.x, m->alpha + b.T, m->a, m->b + stays(m, b.x)};
    return bg_nbd_alive(m, b) * expected_of_survivor(s, t);
}

double bg_nbd_mean(const bg_nbd *m, double t)
{
    return bg_nbd_expected(m, (buyer){0.0, 0.0, 0.0}, t);
}

/* Fader, Hardie & Lee 2005, eq. 8: alive all the time and k purchases, or gone right after the
 * k-th, when someone who goes on buying would have made k or more. */
double bg_nbd_chance(const bg_nbd *m, size_t k, double t)
{
    double x = (double)k;
    if (!(t > 0.0)) {
        return k == 0 ? 1.0 : 0.0;
    }
    double stay = stays(m, x);
    double p = t / (m->alpha + t);
    double log_nbd = log_gamma(m->r + x) - log_gamma(m->r) - log_gamma(x + 1.0) -
                     m->r * log1p(t / m->alpha) + x * log(p);
    double log_base = log_beta(m->a, m->b);
    double chance = exp(log_beta(m->a, m->b + stay) - log_base + log_nbd);
    if (stay > 0.0) {
        double at_least = k > 0 ? beta_i(x, m->r, p) : 1.0;
        chance += exp(log_beta(m->a + 1.0, m->b + stay - 1.0) - log_base) * at_least;
    }
    return chance;
}
